"""The interlocks together: each once, whole words, suppression without a circle, sound limits."""

import re
import string

import pytest
from safety_kit import LIMITS

from console.safety import texts
from console.safety.interlock import Interlock, Latch, SafeState
from console.safety.limits import Limit, LimitsError, Tighter, broken, recorded
from console.safety.registry import BY_ID, REGISTRY, RELATIONS
from console.safety.registry import LIMITS as DECLARED
from drivers.link.codes import Fault

KEYS = [limit.key for limit in DECLARED]


def test_every_interlock_is_there_once_and_heard() -> None:
    assert len(BY_ID) == len(REGISTRY) and tuple(BY_ID.values()) == REGISTRY
    for interlock in REGISTRY:
        assert interlock.hears and interlock.detectors
        assert set(interlock.detectors) <= {"device", "host"}


def test_every_fault_bit_of_the_device_is_an_interlock_and_the_other_way_round() -> None:
    bits = {(fault.name or "").lower() for fault in Fault}
    assert {interlock.id for interlock in REGISTRY if interlock.has_bit} == bits


# --- words --------------------------------------------------------------------------------------


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("interlock", REGISTRY, ids=lambda each: each.id)
def test_the_words_are_whole_whatever_the_arguments(interlock: Interlock) -> None:
    for text in (interlock.to_do, interlock.threshold, interlock.residual):
        assert fields(text) <= set(KEYS), "numbers in it are limits"
    assert ("detail" in fields(interlock.happened)) is bool(interlock.details)
    shown = texts.pattern(interlock, LIMITS)
    to_do = texts.to_do(interlock, LIMITS)
    for text in (interlock.hazard, interlock.cause, shown, to_do):
        assert text == text.strip() or interlock.id == "control_lost"
        assert text and "  " not in text and "{" not in text
    assert shown[0].isupper() and not shown.endswith(".")
    assert to_do[0].isupper() and to_do.endswith(".")


@pytest.mark.parametrize("detail", ["", ": 12 s", "{detail}", "{0} {x!r}", "50 % {"])
def test_words_that_are_arguments_are_taken_as_they_are(detail: str) -> None:
    found = BY_ID["record_failed"].happened
    assert texts.filled(found, {"problem": detail}, LIMITS).endswith(f": {detail}")


TRIPPING = [each for each in REGISTRY if each.state is SafeState.SS1]


@pytest.mark.parametrize("interlock", TRIPPING, ids=lambda each: each.id)
def test_what_trips_says_what_became_of_the_gas(interlock: Interlock) -> None:
    said = interlock.happened + " " + interlock.to_do
    assert re.search(r"[Gg]as|cylinder|Both are off|(?i:stop was sent)|were switched off", said)


@pytest.mark.parametrize(
    "id", [each.id for each in TRIPPING if each.latch is Latch.ENGINEER and each.id != "both_on"]
)
def test_gas_that_may_go_on_has_the_cylinder_closed(id: str) -> None:
    assert "Close the cylinder valve now" in BY_ID[id].to_do


@pytest.mark.parametrize("id", ["stop_unconfirmed", "command_unanswered", "link_lost"])
def test_gas_that_may_still_flow_is_named(id: str) -> None:
    assert "lose the cylinder valve" in BY_ID[id].to_do


# --- suppression --------------------------------------------------------------------------------


def suppressing(id: str) -> set[str]:
    return {rule.by for rule in BY_ID[id].suppressed_by}


def test_suppression_is_by_interlocks_once_each_and_one_step_is_enough() -> None:
    for interlock in REGISTRY:
        by = suppressing(interlock.id)
        assert by <= set(BY_ID) and interlock.id not in by
        assert len(by) == len(interlock.suppressed_by)
        for other in by:
            assert suppressing(other) <= by


def test_suppression_is_acyclic() -> None:
    left = {each.id for each in REGISTRY}
    while left:
        free = {id for id in left if not suppressing(id) & left}
        assert free, f"{sorted(left)} stand for each other"
        left -= free


def test_whoever_sees_only_the_other_loses_nothing_of_the_reaction() -> None:
    for interlock in REGISTRY:
        for other in (BY_ID[rule.by] for rule in interlock.suppressed_by):
            assert interlock.state in (other.state, SafeState.NONE, SafeState.HELD)
            if other.id != "stop_unconfirmed":  # that one is raised first, and this one after it
                assert [*Latch].index(interlock.latch) <= [*Latch].index(other.latch)


# --- limits -------------------------------------------------------------------------------------


def test_every_limit_is_declared_once_and_is_what_ships() -> None:
    assert len(set(KEYS)) == len(KEYS)
    assert LIMITS.by_key == {limit.key: limit.value for limit in DECLARED}
    assert [*broken(RELATIONS, LIMITS)] == []


@pytest.mark.parametrize("limit", DECLARED, ids=KEYS)
def test_a_limit_for_sites_has_a_floor_on_its_tighter_side(limit: Limit) -> None:
    assert (limit.tighter is None) is (limit.floor is None)
    if limit.floor is not None:
        assert (limit.floor > limit.value) is (limit.tighter is Tighter.HIGHER)
        assert limit.floor != limit.value


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda each: each.low.key)
def test_a_relation_that_does_not_hold_is_named_with_its_reason(relation: object) -> None:
    each = next(one for one in RELATIONS if one is relation)
    wrong = LIMITS.changed({each.low.key: LIMITS[each.high]})
    assert any(one is each and each.why in words for one, words in broken(RELATIONS, wrong))


def test_limits_come_back_from_a_journals_header() -> None:
    other = LIMITS.changed({"link.stale_ms": 400.0})
    assert recorded(DECLARED, other.by_key) == other
    assert recorded(DECLARED, {}) == LIMITS, "what a record does not have is as shipped"


@pytest.mark.parametrize("name", ["link.other_ms", "other.lost_ms", "n2o.lowest_tip_celsius.mid"])
def test_an_unknown_limit_of_a_journal_is_refused(name: str) -> None:
    with pytest.raises(LimitsError, match="unknown"):
        recorded(DECLARED, {**LIMITS.by_key, name: 1.0})
