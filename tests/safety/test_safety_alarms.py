"""The alarm manager: one alarm a fault, counted, latched, acknowledged; most urgent first."""

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.model.alarm import Alarm, Priority
from console.safety import alarms
from console.safety.alarms import Change
from console.safety.facts import Finding
from console.safety.rows import BY_ID, EXPLAINED_BY, ROWS, TOLD_AFTERWARDS, Latch, SafeState

Alarms = tuple[Alarm, ...]
NO: Final = "record_failed"
OPERATOR: Final = "host_error"
ENGINEER: Final = "unexpected_freeze"


def step(standing: Alarms, *found: Finding | str) -> tuple[Alarms, tuple[Change, ...]]:
    findings = tuple(Finding(f) if isinstance(f, str) else f for f in found)
    return alarms.step(standing, findings, wall="10:00:00", device_ms=60_000)


def after(*moments: tuple[Finding | str, ...]) -> Alarms:
    standing: Alarms = ()
    for found in moments:
        standing, _ = step(standing, *found)
    return standing


# --- raised, kept, cleared ---------------------------------------------------------------------


def test_a_finding_is_an_alarm_with_its_rows_words() -> None:
    (alarm,), (change,) = step((), Finding("host_slept", "0.8 s"))
    assert alarm.happened == "This computer paused for 0.8 s"
    assert alarm.to_do == BY_ID["host_slept"].to_do
    assert (alarm.raised_at, alarm.raised_ms, alarm.count) == ("10:00:00", 60_000, 1)
    assert alarm.present and alarm.latched and alarm.blocks_start and not alarm.acknowledged
    assert change == Change(alarm, raised=True)


def test_while_it_stands_nothing_more_is_told() -> None:
    first = after((OPERATOR,))
    again, changes = step(first, Finding(OPERATOR, "other words"))
    assert (again, changes) == (first, ())


@pytest.mark.parametrize(("row", "stays"), [(NO, False), (OPERATOR, True), (ENGINEER, True)])
def test_when_its_cause_is_gone_it_stays_only_if_it_latches(row: str, stays: bool) -> None:
    standing, changes = step(after((row,)))
    if stays:
        (alarm,) = standing
        assert not alarm.present and changes == ()
    else:
        assert standing == ()
        (change,) = changes
        assert change.raised is False and change.alarm.present is False


def test_one_fault_is_one_alarm_and_counted() -> None:
    moments: list[tuple[Finding | str, ...]] = [(OPERATOR,), (), (OPERATOR,), (OPERATOR,), ()]
    (alarm,) = after(*moments)
    assert alarm.count == 2
    standing, changes = alarms.step(
        (alarm,), (Finding(OPERATOR, "x"),), wall="11:00:00", device_ms=90_000
    )
    (third,) = standing
    assert (third.count, third.raised_at, third.raised_ms) == (3, "11:00:00", 90_000)
    assert third.present and changes == (Change(third, raised=True),)


def test_one_that_had_cleared_is_a_new_one() -> None:
    (alarm,) = after((NO,), (), (NO,))
    assert alarm.count == 1


def test_the_most_urgent_is_first_and_the_older_first_among_equals() -> None:
    found = ("supply_warn", "host_slept", "host_error", "fails_to_cool", "restarted")
    standing = after(("supply_warn",), found)
    assert [a.id for a in standing] == [
        "host_error", "restarted", "host_slept", "fails_to_cool", "supply_warn",
    ]  # fmt: skip
    assert [a.priority.rank for a in standing] == [0, 0, 1, 1, 2]


def test_a_finding_may_raise_the_priority_and_never_lowers_it() -> None:
    (alarm,) = after((Finding("link_lost", high=True),))
    assert alarm.priority is Priority.HIGH
    (alarm,) = after((Finding("link_lost"),))
    assert alarm.priority is Priority.MEDIUM
    (alarm,) = after((Finding("link_lost"),), (Finding("link_lost", high=True),))
    assert alarm.priority is Priority.HIGH and alarm.count == 1
    (alarm,) = after((Finding("link_lost", high=True),), (Finding("link_lost"),))
    assert alarm.priority is Priority.HIGH


@pytest.mark.parametrize("row", [row.id for row in ROWS])
def test_what_trips_or_inhibits_blocks_a_start(row: str) -> None:
    (alarm,) = after((row,))
    assert alarm.blocks_start is (BY_ID[row].state in (SafeState.SS1, SafeState.SS2))
    assert alarm.latched is (BY_ID[row].latch is not Latch.NO)
    assert alarm.engineer is (BY_ID[row].latch is Latch.ENGINEER)


# --- acknowledged ------------------------------------------------------------------------------


def test_an_acknowledgement_clears_what_the_operator_may_clear() -> None:
    standing = after((OPERATOR, ENGINEER, "host_slept"), ("host_slept",))
    assert alarms.to_acknowledge(standing)
    kept, cleared = alarms.acknowledge(standing)
    assert [a.id for a in kept] == [ENGINEER, "host_slept"]
    assert [(c.alarm.id, c.raised) for c in cleared] == [(OPERATOR, False)]


@pytest.mark.parametrize(
    "moments",
    [
        [(OPERATOR,)],  # its cause stands
        [(NO,)],
        [(ENGINEER,)],
        [(ENGINEER,), ()],
        [(Finding("leak", from_device=True),)],
        [(Finding("leak", from_device=True),), ()],
        [],
    ],
)
def test_nothing_here_can_be_acknowledged(moments: list[tuple[Finding | str, ...]]) -> None:
    standing = after(*moments)
    assert not alarms.to_acknowledge(standing)
    assert alarms.acknowledge(standing) == (standing, ())


def test_an_engineers_alarm_stays_whatever_the_operator_does() -> None:
    standing = after((ENGINEER,), ())
    for _ in range(3):
        standing, _ = alarms.acknowledge(standing)
        standing, _ = step(standing)
    (alarm,) = standing
    assert alarm.id == ENGINEER and alarm.latched and alarm.blocks_start


@pytest.mark.parametrize("row", ["exhaust_blocked", "stimulator_open_lead", "supply_low"])
def test_what_stands_by_the_devices_word_clears_with_its_reset(row: str) -> None:
    said = Finding(row, from_device=True)
    standing = after((said,))
    assert alarms.to_acknowledge(standing)
    standing, cleared = alarms.acknowledge(standing)
    (alarm,) = standing
    assert alarm.present and alarm.acknowledged and cleared == ()
    standing, changes = step(standing, said)
    assert standing == (alarm,) and changes == ()
    assert alarms.to_acknowledge(standing), "it may be asked for again"
    standing, changes = step(standing)
    assert standing == () and [c.raised for c in changes] == [False]


def test_an_acknowledged_one_that_comes_again_after_clearing_is_new() -> None:
    said = Finding("exhaust_blocked", from_device=True)
    standing, _ = alarms.acknowledge(after((said,)))
    standing, _ = step(standing)
    standing, changes = step(standing, said)
    assert not standing[0].acknowledged and changes[0].raised


def test_what_the_host_saw_first_and_the_device_keeps_can_be_reset() -> None:
    standing = after((Finding("over_cool", ": x"),), (Finding("over_cool", from_device=True),))
    (alarm,) = standing
    assert alarm.present and alarm.from_device and alarm.count == 1
    assert alarms.to_acknowledge(standing)
    standing, _ = alarms.acknowledge(standing)
    assert step(standing)[0] == ()


# --- explained ---------------------------------------------------------------------------------

PAIRS = [(row, other) for row, others in EXPLAINED_BY.items() for other in others]


@pytest.mark.parametrize(("row", "other"), PAIRS)
def test_what_another_alarm_explains_is_not_raised_beside_it(row: str, other: str) -> None:
    standing, changes = step(after((other,)), other, row)
    assert [a.id for a in standing] == [other] and changes == ()
    standing, changes = step(standing, row)
    if BY_ID[other].latch is Latch.NO:
        assert [a.id for a in standing] == [row], "the one is over, the other is not"
        return
    assert [a.id for a in standing] == [other] and standing[0].present, "held, and not told again"
    assert changes == () and standing[0].count == 1


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("second", [False, True])
def test_a_cause_stands_by_the_devices_word_once_either_thing_that_it_did_is_its_word(
    first: bool, second: bool
) -> None:
    said = Finding("orifice_blocked", from_device=first)
    standing, changes = step(
        after(("fails_to_cool",)), said, Finding("target_missed", from_device=second)
    )
    (alarm,) = standing
    assert changes == () and alarm.id == "fails_to_cool" and alarm.present
    assert alarm.from_device is (first or second)
    (alarm,), _ = step(standing, "orifice_blocked")
    assert alarm.from_device is (first or second), "until it is reset there"


def test_what_the_device_tells_holds_its_cause_even_if_that_does_not_latch() -> None:
    standing, changes = step(after(("supply_low",)), Finding("supply_warn", from_device=True))
    (alarm,) = standing
    assert changes == () and alarm.id == "supply_low" and alarm.present and alarm.from_device


@pytest.mark.parametrize(("row", "other"), PAIRS)
def test_the_cause_that_comes_later_takes_the_place_of_what_it_did(row: str, other: str) -> None:
    standing, changes = step(after((row,)), Finding(other, high=True))
    assert [a.id for a in standing] == [other]
    assert [(c.alarm.id, c.raised) for c in changes] == [(row, False), (other, True)]
    less = BY_ID[other].priority
    if less is not None and less.rank > Priority.HIGH.rank:
        standing, _ = step(after((Finding(row, high=True),)), other)
        stays = {row} if BY_ID[row].latch is not Latch.NO else set()
        assert {a.id for a in standing} == {other} | stays, "not one that is less urgent"


@pytest.mark.parametrize(("row", "other"), PAIRS)
def test_an_alarm_whose_cause_had_gone_before_stays_beside_a_new_one(row: str, other: str) -> None:
    standing, _ = step(after((row,), ()), Finding(other, high=True))
    stays = {row} if BY_ID[row].latch is not Latch.NO else set()
    assert {a.id for a in standing} == {other} | stays


@pytest.mark.parametrize("cause", EXPLAINED_BY["lease_lost"])
def test_the_cause_stands_until_what_it_did_to_the_device_is_reset(cause: str) -> None:
    said = Finding("lease_lost", from_device=True)
    standing = after((cause,), ())
    assert not standing[0].present
    standing, changes = step(standing, said)
    (alarm,) = standing
    assert alarm.id == cause and alarm.present and alarm.from_device and alarm.count == 1
    assert changes == ()
    standing, cleared = alarms.acknowledge(standing)
    assert cleared == () and standing[0].acknowledged
    standing, changes = step(standing, said)
    assert [a.id for a in standing] == [cause] and changes == (), "one acknowledgement is enough"
    standing, changes = step(standing)
    assert standing == () and [c.alarm.id for c in changes] == [cause]


def test_a_cause_that_comes_again_while_it_is_held_counts_again() -> None:
    said = Finding("lease_lost", from_device=True)
    standing, _ = step(after(("link_lost",), ()), said)
    standing, _ = alarms.acknowledge(standing)
    standing, changes = step(standing, "link_lost")
    (alarm,) = standing
    assert alarm.count == 2 and [c.raised for c in changes] == [True]
    assert not alarm.acknowledged, "the acknowledgement was of the first"


@pytest.mark.parametrize(("row", "other"), [p for p in PAIRS if p[0] not in TOLD_AFTERWARDS])
def test_a_latched_alarm_whose_cause_has_gone_hides_nothing_later(row: str, other: str) -> None:
    """It explains what is so now only while it is so itself."""
    standing = after((other,), ())
    standing, changes = step(standing, row)
    assert row in {a.id for a in standing}
    assert [(c.alarm.id, c.raised) for c in changes] == [(row, True)]


@pytest.mark.parametrize(("row", "other"), [p for p in PAIRS if p[0] in TOLD_AFTERWARDS])
def test_what_the_device_tells_afterwards_is_explained_once(row: str, other: str) -> None:
    said = Finding(row, from_device=True)
    standing, _ = step(after((other,), ()), said)
    standing, changes = step(standing)
    assert [a.id for a in standing] == [other] and not standing[0].present and changes == ()
    standing, changes = step(standing, said)
    assert {a.id for a in standing} == {row, other} and [c.alarm.id for c in changes] == [row]


# --- any order ---------------------------------------------------------------------------------

FOUND = st.sets(
    st.sampled_from(["host_error", "leak", "record_failed", "supply_warn", "supply_low", "stale"])
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.lists(st.tuples(FOUND, st.booleans()), max_size=12))
def test_whatever_comes_the_alarms_are_sorted_single_and_honest(
    moments: list[tuple[set[str], bool]],
) -> None:
    standing: Alarms = ()
    raised: dict[str, int] = {}
    for found, acknowledged in moments:
        if acknowledged:
            standing, _ = alarms.acknowledge(standing)
        stood = {a.id for a in standing}
        before = {a.id for a in standing if a.present}
        standing, changes = step(standing, *sorted(found))
        ids = [a.id for a in standing]
        assert len(set(ids)) == len(ids)
        assert [a.priority.rank for a in standing] == sorted(a.priority.rank for a in standing)
        for alarm in standing:
            assert alarm.present is (alarm.id in found) or alarm.latched
            if alarm.present:
                assert alarm.id in found
        for row in found:
            assert row in ids or stood & set(EXPLAINED_BY.get(row, ()))
        for change in changes:
            if change.raised:
                assert change.alarm.id not in before
                raised[change.alarm.id] = raised.get(change.alarm.id, 0) + 1
        if "leak" in raised:
            assert "leak" in ids, "an engineer's alarm never goes"
            assert next(a.count for a in standing if a.id == "leak") == raised["leak"]
