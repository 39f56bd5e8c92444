"""The alarm manager: one alarm a fault, counted, latched, acknowledged; most urgent first."""

from typing import Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safety_kit import LIMITS

from console.model.alarm import Alarm, Priority
from console.safety import alarms
from console.safety.alarms import Alarms, Change
from console.safety.interlock import Finding, Found, Latch, Mode, SafeState
from console.safety.registry import BY_ID, REGISTRY

NO: Final = "record_failed"
OPERATOR: Final = "host_error"
ENGINEER: Final = "unexpected_freeze"


HIGH: Final = Found(high=True)


def step(
    before: Alarms, *found: Finding | str, wall: str = "10:00:00", device_ms: int = 60_000
) -> tuple[Alarms, tuple[Change, ...]]:
    findings = tuple(finding(each) for each in found)
    return alarms.step(before, findings, LIMITS, wall=wall, device_ms=device_ms)


def finding(of: Finding | str) -> Finding:
    """What is found of an interlock, with an argument for each that its words may have."""
    if isinstance(of, Finding):
        return msgspec.structs.replace(of, found=Found(values=VALUES, high=of.found.high))
    return Finding(of, Found(values=VALUES))


VALUES: Final = dict.fromkeys(
    ("command", "gap", "silent", "problem", "measured", "colder", "supply"), None
)


def after(*moments: tuple[Finding | str, ...]) -> Alarms:
    state = Alarms()
    for found in moments:
        state, _ = step(state, *found)
    return state


def standing_after(*moments: tuple[Finding | str, ...]) -> tuple[Alarm, ...]:
    return after(*moments).standing


# --- raised, kept, cleared ---------------------------------------------------------------------


def test_a_finding_is_an_alarm_with_its_rows_words() -> None:
    slept = Finding("host_slept", Found(values={"gap": 0.84}))
    state, (change,) = alarms.step(Alarms(), (slept,), LIMITS, wall="10:00:00", device_ms=60_000)
    (alarm,) = state.standing
    assert alarm.happened == "This computer paused for 0.8 s"
    assert alarm.to_do == BY_ID["host_slept"].to_do
    assert (alarm.raised_at, alarm.raised_ms, alarm.count) == ("10:00:00", 60_000, 1)
    assert alarm.present and alarm.latched and alarm.blocks_start and not alarm.acknowledged
    assert change == Change(alarm, raised=True)


def test_while_it_stands_nothing_more_is_told() -> None:
    first = after((OPERATOR,))
    again, changes = step(first, OPERATOR)
    assert (again, changes) == (first, ())


@pytest.mark.parametrize(("row", "stays"), [(NO, False), (OPERATOR, True), (ENGINEER, True)])
def test_when_its_cause_is_gone_it_stays_only_if_it_latches(row: str, stays: bool) -> None:
    state, changes = step(after((row,)))
    if stays:
        (alarm,) = state.standing
        assert not alarm.present and changes == ()
    else:
        assert state.standing == ()
        (change,) = changes
        assert change.raised is False and change.alarm.present is False


def test_one_fault_is_one_alarm_and_counted() -> None:
    moments: list[tuple[Finding | str, ...]] = [(OPERATOR,), (), (OPERATOR,), (OPERATOR,), ()]
    twice = after(*moments)
    assert twice.standing[0].count == 2
    state, changes = step(twice, OPERATOR, wall="11:00:00", device_ms=90_000)
    (third,) = state.standing
    assert (third.count, third.raised_at, third.raised_ms) == (3, "11:00:00", 90_000)
    assert third.present and changes == (Change(third, raised=True),)


def test_one_that_had_cleared_is_a_new_one() -> None:
    (alarm,) = standing_after((NO,), (), (NO,))
    assert alarm.count == 1


def test_the_most_urgent_is_first_and_the_older_first_among_equals() -> None:
    found = ("supply_warn", "host_slept", "host_error", "fails_to_cool", "restarted")
    state = after(("supply_warn",), found).standing
    assert [a.id for a in state] == [
        "host_error", "restarted", "host_slept", "fails_to_cool", "supply_warn",
    ]  # fmt: skip
    assert [a.priority.rank for a in state] == [0, 0, 1, 1, 2]


def test_a_finding_may_raise_the_priority_and_never_lowers_it() -> None:
    (alarm,) = standing_after((Finding("link_lost", HIGH),))
    assert alarm.priority is Priority.HIGH
    (alarm,) = standing_after((Finding("link_lost"),))
    assert alarm.priority is Priority.MEDIUM
    (alarm,) = standing_after((Finding("link_lost"),), (Finding("link_lost", HIGH),))
    assert alarm.priority is Priority.HIGH and alarm.count == 1
    (alarm,) = standing_after((Finding("link_lost", HIGH),), (Finding("link_lost"),))
    assert alarm.priority is Priority.HIGH


@pytest.mark.parametrize("row", [row.id for row in REGISTRY])
def test_what_trips_or_inhibits_blocks_a_start(row: str) -> None:
    (alarm,) = standing_after((row,))
    assert alarm.blocks_start is (BY_ID[row].state in (SafeState.SS1, SafeState.SS2))
    assert alarm.latched is (BY_ID[row].latch is not Latch.NO)
    assert alarm.engineer is (BY_ID[row].latch is Latch.ENGINEER)


# --- acknowledged ------------------------------------------------------------------------------


def test_an_acknowledgement_clears_what_the_operator_may_clear() -> None:
    state = after((OPERATOR, ENGINEER, "host_slept"), ("host_slept",))
    assert alarms.to_acknowledge(state.standing)
    kept, cleared = alarms.acknowledge(state)
    assert [a.id for a in kept.standing] == [ENGINEER, "host_slept"]
    assert [(c.alarm.id, c.raised) for c in cleared] == [(OPERATOR, False)]


@pytest.mark.parametrize(
    "moments",
    [
        [(OPERATOR,)],  # its cause stands
        [(NO,)],
        [(ENGINEER,)],
        [(ENGINEER,), ()],
        [(Finding("leak", by_device=True),)],
        [(Finding("leak", by_device=True),), ()],
        [],
    ],
)
def test_nothing_here_can_be_acknowledged(moments: list[tuple[Finding | str, ...]]) -> None:
    state = after(*moments)
    assert not alarms.to_acknowledge(state.standing)
    assert alarms.acknowledge(state) == (state, ())


def test_an_engineers_alarm_stays_whatever_the_operator_does() -> None:
    state = after((ENGINEER,), ())
    for _ in range(3):
        state, _ = alarms.acknowledge(state)
        state, _ = step(state)
    (alarm,) = state.standing
    assert alarm.id == ENGINEER and alarm.latched and alarm.blocks_start


@pytest.mark.parametrize("row", ["exhaust_blocked", "stimulator_open_lead", "supply_low"])
def test_what_stands_by_the_devices_word_clears_with_its_reset(row: str) -> None:
    said = Finding(row, by_device=True)
    state = after((said,))
    assert alarms.to_acknowledge(state.standing)
    state, cleared = alarms.acknowledge(state)
    (alarm,) = state.standing
    assert alarm.present and alarm.acknowledged and cleared == ()
    state, changes = step(state, said)
    assert state.standing == (alarm,) and changes == ()
    assert alarms.to_acknowledge(state.standing), "it may be asked for again"
    state, changes = step(state)
    assert state.standing == () and [c.raised for c in changes] == [False]


def test_an_acknowledged_one_that_comes_again_after_clearing_is_new() -> None:
    said = Finding("exhaust_blocked", by_device=True)
    state, _ = alarms.acknowledge(after((said,)))
    state, _ = step(state)
    state, changes = step(state, said)
    assert not state.standing[0].acknowledged and changes[0].raised


def test_what_the_host_saw_first_and_the_device_keeps_can_be_reset() -> None:
    state = after(("over_cool",), (Finding("over_cool", by_device=True),))
    (alarm,) = state.standing
    assert alarm.present and alarm.from_device and alarm.count == 1
    assert alarms.to_acknowledge(state.standing)
    state, _ = alarms.acknowledge(state)
    assert step(state)[0].standing == ()


# --- explained ---------------------------------------------------------------------------------

PAIRS = [
    (each.id, rule.by)
    for each in REGISTRY
    for rule in each.suppressed_by
    if rule.mode is not Mode.UNTIL
]
AFTERWARDS = {
    each.id for each in REGISTRY if any(rule.mode is Mode.AFTERWARDS for rule in each.suppressed_by)
}


@pytest.mark.parametrize(("row", "other"), PAIRS)
def test_what_another_alarm_explains_is_not_raised_beside_it(row: str, other: str) -> None:
    state, changes = step(after((other,)), other, row)
    assert [a.id for a in state.standing] == [other] and changes == ()
    state, changes = step(state, row)
    if BY_ID[other].latch is Latch.NO:
        assert [a.id for a in state.standing] == [row], "the one is over, the other is not"
        return
    assert [a.id for a in state.standing] == [other] and state.standing[0].present, (
        "held, and not told again"
    )
    assert changes == () and state.standing[0].count == 1


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("second", [False, True])
def test_a_cause_stands_by_the_devices_word_once_either_thing_that_it_did_is_its_word(
    first: bool, second: bool
) -> None:
    said = Finding("orifice_blocked", by_device=first)
    state, changes = step(
        after(("fails_to_cool",)), said, Finding("target_missed", by_device=second)
    )
    (alarm,) = state.standing
    assert changes == () and alarm.id == "fails_to_cool" and alarm.present
    assert alarm.from_device is (first or second)
    (alarm,) = step(state, "orifice_blocked")[0].standing
    assert alarm.from_device is (first or second), "until it is reset there"


def test_what_the_device_tells_holds_its_cause_even_if_that_does_not_latch() -> None:
    state, changes = step(after(("supply_low",)), Finding("supply_warn", by_device=True))
    (alarm,) = state.standing
    assert changes == () and alarm.id == "supply_low" and alarm.present and alarm.from_device


@pytest.mark.parametrize(("row", "other"), PAIRS)
def test_the_cause_that_comes_later_takes_the_place_of_what_it_did(row: str, other: str) -> None:
    state, changes = step(after((row,)), Finding(other, HIGH))
    assert [a.id for a in state.standing] == [other]
    assert [(c.alarm.id, c.raised) for c in changes] == [(row, False), (other, True)]
    less = BY_ID[other].priority
    if less is not None and less.rank > Priority.HIGH.rank:
        state, _ = step(after((Finding(row, HIGH),)), other)
        stays = {row} if BY_ID[row].latch is not Latch.NO else set()
        assert {a.id for a in state.standing} == {other} | stays, "not one that is less urgent"


@pytest.mark.parametrize(("row", "other"), PAIRS)
def test_an_alarm_whose_cause_had_gone_before_stays_beside_a_new_one(row: str, other: str) -> None:
    state, _ = step(after((row,), ()), Finding(other, HIGH))
    stays = {row} if BY_ID[row].latch is not Latch.NO else set()
    assert {a.id for a in state.standing} == {other} | stays


@pytest.mark.parametrize(
    "cause", [rule.by for rule in BY_ID["lease_lost"].suppressed_by if rule.mode is not Mode.UNTIL]
)
def test_the_cause_stands_until_what_it_did_to_the_device_is_reset(cause: str) -> None:
    said = Finding("lease_lost", by_device=True)
    state = after((cause,), ())
    assert not state.standing[0].present
    state, changes = step(state, said)
    (alarm,) = state.standing
    assert alarm.id == cause and alarm.present and alarm.from_device and alarm.count == 1
    assert changes == ()
    state, cleared = alarms.acknowledge(state)
    assert cleared == () and state.standing[0].acknowledged
    state, changes = step(state, said)
    assert [a.id for a in state.standing] == [cause] and changes == (), (
        "one acknowledgement is enough"
    )
    state, changes = step(state)
    assert state.standing == () and [c.alarm.id for c in changes] == [cause]


def test_a_cause_that_comes_again_while_it_is_held_counts_again() -> None:
    said = Finding("lease_lost", by_device=True)
    state, _ = step(after(("link_lost",), ()), said)
    state, _ = alarms.acknowledge(state)
    state, changes = step(state, "link_lost")
    (alarm,) = state.standing
    assert alarm.count == 2 and [c.raised for c in changes] == [True]
    assert not alarm.acknowledged, "the acknowledgement was of the first"


@pytest.mark.parametrize(("row", "other"), [p for p in PAIRS if p[0] not in AFTERWARDS])
def test_a_latched_alarm_whose_cause_has_gone_hides_nothing_later(row: str, other: str) -> None:
    """It explains what is so now only while it is so itself."""
    state = after((other,), ())
    state, changes = step(state, row)
    assert row in {a.id for a in state.standing}
    assert [(c.alarm.id, c.raised) for c in changes] == [(row, True)]


@pytest.mark.parametrize(("row", "other"), [p for p in PAIRS if p[0] in AFTERWARDS])
def test_what_the_device_tells_afterwards_is_explained_once(row: str, other: str) -> None:
    said = Finding(row, by_device=True)
    state, _ = step(after((other,), ()), said)
    state, changes = step(state)
    assert (
        [a.id for a in state.standing] == [other]
        and not state.standing[0].present
        and changes == ()
    )
    state, changes = step(state, said)
    assert {a.id for a in state.standing} == {row, other} and [c.alarm.id for c in changes] == [row]


# --- held back, and clearing -------------------------------------------------------------------


def test_what_the_console_does_about_a_lost_stop_is_raised_when_that_is_over() -> None:
    shut = Finding("lease_lost", by_device=True)
    state = Alarms()
    for _ in range(2):
        state, _ = step(state, "stop_unconfirmed", shut)
        assert [a.id for a in state.standing] == ["stop_unconfirmed"]
    state, _ = step(state, shut)
    assert [a.id for a in state.standing] == ["lease_lost"]
    for _ in range(2):
        state, _ = step(state, "stop_unconfirmed", shut)
        both = {"stop_unconfirmed", "lease_lost"}
        assert {a.id for a in state.standing} == both, "reported before, it goes on"


@pytest.mark.parametrize("row", [NO, OPERATOR, ENGINEER])
def test_one_that_is_held_is_clearing_and_comes_back_as_the_same(row: str) -> None:
    held = Finding(row, held=True)
    state, changes = step(after((row,)), held)
    (alarm,) = state.standing
    assert alarm.clearing and not alarm.present and changes == ()
    again, changes = step(state, row)
    (alarm,) = again.standing
    assert alarm.present and not alarm.clearing and alarm.count == 1 and changes == ()
    over, changes = step(state)
    assert [c.raised for c in changes] == ([False] if row == NO else [])
    assert [a.clearing for a in over.standing] == ([] if row == NO else [False])
    assert step(Alarms(), held) == (Alarms(), ()), "nothing that was not raised is held"


def test_an_acknowledgement_clears_one_that_is_clearing_and_it_does_not_come_back_by_that() -> None:
    held = Finding(OPERATOR, held=True)
    state, _ = step(after((OPERATOR,)), held)
    state, cleared = alarms.acknowledge(state)
    assert state.standing == () and [c.raised for c in cleared] == [False]
    assert step(state, held) == (state, ())
    state, changes = step(state, OPERATOR)
    assert [c.raised for c in changes] == [True]


def test_a_condition_that_is_only_held_suppresses_nothing() -> None:
    state, _ = step(after(("supply_low",)), Finding("supply_low", held=True), "supply_warn")
    assert "supply_warn" in {a.id for a in state.standing}


# --- any order ---------------------------------------------------------------------------------

FOUND = st.sets(
    st.sampled_from(["host_error", "leak", "record_failed", "supply_warn", "supply_low", "stale"])
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.lists(st.tuples(FOUND, st.booleans()), max_size=12))
def test_whatever_comes_the_alarms_are_sorted_single_and_honest(
    moments: list[tuple[set[str], bool]],
) -> None:
    state = Alarms()
    raised: dict[str, int] = {}
    for found, acknowledged in moments:
        if acknowledged:
            state, _ = alarms.acknowledge(state)
        stood = {a.id for a in state.standing}
        before = {a.id for a in state.standing if a.present}
        state, changes = step(state, *sorted(found))
        ids = [a.id for a in state.standing]
        assert len(set(ids)) == len(ids)
        assert [a.priority.rank for a in state.standing] == sorted(
            a.priority.rank for a in state.standing
        )
        for alarm in state.standing:
            assert alarm.present is (alarm.id in found) or alarm.latched
            if alarm.present:
                assert alarm.id in found
        for row in found:
            assert row in ids or (stood | found) & {rule.by for rule in BY_ID[row].suppressed_by}
        for change in changes:
            if change.raised:
                assert change.alarm.id not in before
                raised[change.alarm.id] = raised.get(change.alarm.id, 0) + 1
        if "leak" in raised:
            assert "leak" in ids, "an engineer's alarm never goes"
            assert next(a.count for a in state.standing if a.id == "leak") == raised["leak"]
