"""The console check: each line by hand, by a test or by its own measure; what fails blocks, and no
reason lifts it; another probe is checked again."""

from typing import Any

import msgspec
import pytest
from procedure_kit import DEVICE, FREEZING, IDLE, ROOM, TESTING, THAWING, Case, plan

from console.model.console_check import (
    OF_THE_PROBE,
    WITH_GAS,
    CheckItem,
    CheckStanding,
    CheckView,
)
from console.model.event import EventKind
from console.model.observation import DeviceEvent, FreezeEnd
from console.model.plan import StimulationPlan
from console.model.request import (
    AnswerCheck,
    BackToPrepare,
    CheckLineBack,
    ChoosePlan,
    EndCheck,
    OpenCheck,
    ProbeMoved,
    ProbeOut,
    StartCheck,
    StartFreeze,
    StartStimulation,
)
from console.model.snapshot import Phase
from console.model.stimulation import StimulationKind
from console.procedure import console_check, step, view
from console.procedure.check_lines import (
    AGREES_WITHIN_CELSIUS,
    FLOW_OFF_MG_S,
    LINES,
    SETTLED_CELSIUS,
    SETTLED_MS,
    SETTLES_WITHIN_MS,
)
from console.procedure.state import SendArm, SendEnd, SendLeakTest, SendStart, SendStop

PROBE, LEAK, PULSE, TRIED = (
    CheckItem.PROBE, CheckItem.SUPPLY_LEAK, CheckItem.PROBE_LEAK, CheckItem.TEST_FREEZE,
)  # fmt: skip
ASKED = [line.item for line in LINES if line.yes and not line.test]
MEASURED = [CheckItem.GAS_OFF, CheckItem.THAW, CheckItem.THERMOCOUPLE]


def at(item: CheckItem) -> Case:
    """A check that has come to a line."""
    case = Case(plan(), "bedside").checked(up_to=item)
    assert shown(case).now is item
    return case


def shown(case: Case) -> CheckView:
    return view.view(case.proc, case.now).check


def stands(case: Case, item: CheckItem) -> CheckStanding:
    return console_check.standing(case.proc, item)


def with_device(case: Case, **fields: Any) -> None:
    device = msgspec.structs.replace(DEVICE, **fields)
    case.now = msgspec.structs.replace(case.now, device=device)


def unplugged(case: Case) -> None:
    case.take(step.device_said(case.proc, DeviceEvent(case.at_ms, "probe_disconnected")))


# --- the order --------------------------------------------------------------------------------


def test_at_the_bedside_it_comes_first_and_opens_the_time_out() -> None:
    case = Case(plan(), "bedside")
    assert case.phase is Phase.CHECK
    for asked in (StartFreeze(), StartStimulation(StimulationKind.SENSORY)):
        assert case.ask(asked) == "First the console check"
    case.checked()
    assert case.phase is Phase.TIME_OUT
    assert case.texts(EventKind.CHECK_DONE) == ["Console check done."]


def test_every_line_has_a_row_in_the_order_of_the_check() -> None:
    assert [line.item for line in LINES] == list(CheckItem)
    for line in LINES:
        assert bool(line.yes) == bool(line.no)
        assert line.mend or not (line.yes or line.test or line.item is CheckItem.THERMOCOUPLE)


@pytest.mark.parametrize("item", CheckItem)
def test_each_line_alone_keeps_it_open(item: CheckItem) -> None:
    case = at(item)
    assert case.ask(EndCheck()) == f"Console check, still open: {item}"
    case.does(item)
    assert stands(case, item).done


@pytest.mark.parametrize("item", [i for i in CheckItem if i is not PROBE])
def test_no_line_is_done_before_its_turn(item: CheckItem) -> None:
    case = Case(plan(), "bedside")
    assert case.ask(AnswerCheck(item, passed=True)) == "Now: sterile probe"
    assert case.ask(StartCheck(item)) == "Now: sterile probe"
    case.see(IDLE, ROOM, free=True)
    assert stands(case, item) is CheckStanding.OPEN


def test_a_line_done_too_early_by_a_touch_is_taken_back() -> None:
    case = at(CheckItem.CYLINDER)
    assert case.ask(CheckLineBack()) is None
    assert shown(case).now is CheckItem.SCAVENGING
    assert case.ask(EndCheck()) == "Console check, still open: scavenging hose (taken back)"
    first = Case(plan(), "bedside")
    assert first.ask(CheckLineBack()) == "This is the first line"


def test_the_whole_of_it_stands_in_the_record() -> None:
    case = Case(plan(), "bedside").checked()
    results = {r.item: r for r in case.proc.check if r.standing.done}
    assert set(results) == set(CheckItem)
    assert not any(r.how for r in results.values()), "nobody has answered it beforehand"
    assert results[PROBE].measure == "LT-14-6, P-0001, 5 uses left, expires 2038-06-13"
    assert results[LEAK].measure == "0.04 bar lost"
    assert results[TRIED].measure == "0:15 of gas, tip 10 °C to 10 °C"
    assert results[CheckItem.GAS_OFF].measure == "valve shut, 0.0 L/min"
    assert results[CheckItem.THERMOCOUPLE].measure == "tip 20 °C, room 20 °C, body 37 °C"
    told = " ".join(case.texts(EventKind.CHECKED))
    assert all(f"Console check, {item}: passed" in told for item in CheckItem)


# --- what is answered -------------------------------------------------------------------------


@pytest.mark.parametrize("item", ASKED)
def test_what_is_not_so_blocks_and_is_mended(item: CheckItem) -> None:
    case = at(item)
    assert case.ask(AnswerCheck(item, passed=False)) is None
    mend = next(line.mend for line in LINES if line.item is item)
    assert case.ask(EndCheck()) == mend and shown(case).mend == mend
    assert case.ask(AnswerCheck(item, passed=True)) is None, "the newest answer holds"
    assert stands(case, item).done


@pytest.mark.parametrize(
    ("fields", "problem", "why"),
    [
        ({"probe": None}, "", "No probe is connected"),
        ({}, "expired", "The probe is expired: take another"),
        ({}, "used up", "The probe is used up: take another"),
        (
            {"probe": msgspec.structs.replace(DEVICE.probe, model="")},
            "",
            "The console does not know this probe",
        ),
        (
            {"probe": msgspec.structs.replace(DEVICE.probe, serial="")},
            "",
            "The console does not know this probe",
        ),
    ],
)
def test_a_probe_that_will_not_do_is_refused(
    fields: dict[str, Any], problem: str, why: str
) -> None:
    case = at(PROBE)
    with_device(case, **fields)
    case.now = msgspec.structs.replace(case.now, probe_problem=problem)
    assert case.ask(AnswerCheck(PROBE, passed=True)) == why
    assert case.ask(AnswerCheck(PROBE, passed=False)) is None


# --- the supply leak test ---------------------------------------------------------------------


def test_the_console_tests_its_supply_itself() -> None:
    case = at(LEAK)
    case.tests(LEAK)
    assert any(isinstance(e, SendLeakTest) for e in case.said)
    assert not any(isinstance(e, SendArm) for e in case.said), "it opens no valve to the probe"
    assert case.ask(StartCheck(LEAK)) == case.ask(CheckLineBack()) == "A test is running"
    assert case.ask(BackToPrepare()) == case.ask(ProbeOut("x")) == "A test is running"
    case.leak_told(passed=True)
    assert stands(case, LEAK) is CheckStanding.PASSED


def test_a_supply_that_leaks_blocks_until_it_is_tested_again() -> None:
    case = at(LEAK)
    case.tests(LEAK)
    case.leak_told(passed=False, lost_kpa=61.0)
    assert case.ask(EndCheck()) == ("The supply leaks: an engineer must release this console")
    (said,) = (t for t in case.texts(EventKind.CHECKED) if "FAILED" in t)
    assert said == "Console check, supply leak test: FAILED (0.61 bar lost)."
    case.now = msgspec.structs.replace(case.now, not_ready=("An engineer must release it",))
    assert case.ask(StartCheck(LEAK)) == "An engineer must release it"
    case.now = msgspec.structs.replace(case.now, not_ready=())
    case.does(LEAK)
    assert stands(case, LEAK) is CheckStanding.PASSED


@pytest.mark.parametrize("how", ["told", "seen"])
def test_a_leak_test_that_is_broken_off_measured_nothing(how: str) -> None:
    case = at(LEAK)
    case.tests(LEAK)
    if how == "told":
        case.leak_told(passed=False, lost_kpa=0.0)
    else:
        case.see(IDLE, ROOM, ms=50)
        case.see(IDLE, ROOM, ms=600)
    assert case.proc.checking is None and stands(case, LEAK) is CheckStanding.OPEN


def test_without_a_second_valve_it_is_not_measurable_here() -> None:
    case = at(LEAK)
    case.now = msgspec.structs.replace(case.now, leak_test=False)
    case.see(IDLE, ROOM)
    assert stands(case, LEAK) is CheckStanding.NOT_MEASURABLE
    assert shown(case).now is PULSE


def test_the_supply_is_tested_by_an_idle_console_alone() -> None:
    case = at(LEAK)
    case.see(THAWING, ROOM)
    assert case.ask(StartCheck(LEAK)) == "The console is thawing"


# --- gas --------------------------------------------------------------------------------------


@pytest.mark.parametrize("item", WITH_GAS)
def test_gas_goes_the_way_of_a_freeze(item: CheckItem) -> None:
    case = at(item)
    assert case.ask(StartCheck(item)) is None
    assert case.proc.gas_wanted and case.proc.awaits_disk
    said = len(case.said)
    case.take(step.armed(case.proc))
    case.take(step.granted(case.proc))
    assert case.said[said:] == [], "nothing before the intent is on disk"
    case.take(step.durable(case.proc))
    assert case.said[said:] == [SendArm()]
    case.take(step.armed(case.proc))
    length_s = {PULSE: 3.0, TRIED: 15.0}[item]
    assert case.said[-1] == SendStart(-70.0, False, length_s, length_s)
    case.take(step.granted(case.proc))
    case.see(FREEZING, 5.0)
    assert shown(case).running is item and shown(case).gas
    case.gas_ends()
    assert stands(case, item) is CheckStanding.RUN and not case.proc.gas_wanted


@pytest.mark.parametrize("item", WITH_GAS)
def test_it_is_judged_when_it_has_run_to_its_end(item: CheckItem) -> None:
    case = at(item)
    first = next(line.test for line in LINES if line.item is item).lower()
    for passed in (True, False):
        assert case.ask(AnswerCheck(item, passed=passed)) == f"First: {first}"
    case.tests(item)
    assert case.ask(AnswerCheck(item, passed=True)) == "Wait for the end"
    case.gas_ends()
    assert case.ask(AnswerCheck(item, passed=True)) is None


@pytest.mark.parametrize("item", WITH_GAS)
def test_what_is_seen_to_be_wrong_ends_the_gas_at_once(item: CheckItem) -> None:
    case = at(item)
    case.tests(item)
    said = len(case.said)
    assert case.ask(AnswerCheck(item, passed=False)) is None
    assert isinstance(case.said[said], SendEnd)
    case.gas_ends(FreezeEnd.END)
    assert stands(case, item) is CheckStanding.FAILED and case.proc.checking is None
    mend = next(line.mend for line in LINES if line.item is item)
    assert case.ask(EndCheck()) == mend


@pytest.mark.parametrize("item", WITH_GAS)
def test_a_failed_test_is_lifted_by_another_alone(item: CheckItem) -> None:
    case = at(item)
    case.tests(item)
    case.gas_ends()
    assert case.ask(AnswerCheck(item, passed=False)) is None
    assert case.ask(AnswerCheck(item, passed=True)) is not None, "no second thought without gas"
    case.does(item)
    assert stands(case, item) is CheckStanding.PASSED


@pytest.mark.parametrize("item", WITH_GAS)
@pytest.mark.parametrize("why", [w for w in FreezeEnd if w is not FreezeEnd.TIMER])
def test_one_that_is_broken_off_is_done_again(item: CheckItem, why: FreezeEnd) -> None:
    case = at(item)
    case.tests(item)
    case.gas_ends(why)
    assert stands(case, item) is CheckStanding.OPEN and case.proc.checking is None
    case.does(item)


@pytest.mark.parametrize("item", [LEAK, *WITH_GAS])
def test_stop_ends_it(item: CheckItem) -> None:
    case = at(item)
    case.tests(item)
    case.stop()
    assert case.phase is Phase.CHECK and case.proc.checking is None
    assert not case.proc.gas_wanted and stands(case, item) is CheckStanding.OPEN


@pytest.mark.parametrize("item", [LEAK, *WITH_GAS])
@pytest.mark.parametrize("same_boot", [True, False])
def test_taken_up_again_nothing_runs(item: CheckItem, same_boot: bool) -> None:
    case = at(item)
    case.tests(item)
    case.take(step.resumed(case.proc, "x", same_boot=same_boot))
    assert case.phase is Phase.CHECK and case.proc.checking is None
    assert stands(case, item) is CheckStanding.OPEN and stands(case, PROBE).done


@pytest.mark.parametrize("item", [LEAK, *WITH_GAS])
def test_a_start_that_comes_to_nothing_says_why_and_stops(item: CheckItem) -> None:
    case = at(item)
    assert case.ask(StartCheck(item)) is None
    effects = case.take(step.start_failed(case.proc, "no lease"))
    assert SendStop() in effects and case.proc.checking is None
    assert case.texts(EventKind.START_FAILED) == [f"No {item}: no lease."]


@pytest.mark.parametrize("item", WITH_GAS)
def test_a_valve_that_does_not_open_after_the_grant_is_not_waited_for(item: CheckItem) -> None:
    case = at(item)
    assert case.ask(StartCheck(item)) is None
    case.handshake()
    case.see(IDLE, ROOM, ms=1_000)
    assert case.proc.checking is not None
    case.see(IDLE, ROOM, ms=1)
    assert case.proc.checking is None


@pytest.mark.parametrize("item", WITH_GAS)
def test_no_gas_while_a_light_is_out_or_the_valve_is_open(item: CheckItem) -> None:
    case = at(item)
    ready = case.now
    case.now = msgspec.structs.replace(ready, not_ready=("Supply low",))
    assert case.ask(StartCheck(item)) == "Supply low"
    case.now = ready
    case.see(IDLE, ROOM, valve_open=True)
    assert case.ask(StartCheck(item)) == "The gas is on"


@pytest.mark.parametrize("item", WITH_GAS)
def test_gas_again_makes_what_comes_after_it_open_again(item: CheckItem) -> None:
    case = Case(plan(), "bedside").checked(up_to=CheckItem.THERMOCOUPLE)
    while shown(case).now is not item:
        assert case.ask(CheckLineBack()) is None
    case.does(item)
    assert not any(stands(case, after).done for after in MEASURED)


# --- what judges itself -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("valve_open", "flow", "passed"),
    [
        (False, 0.0, True),
        (False, FLOW_OFF_MG_S, True),
        (False, FLOW_OFF_MG_S + 0.1, False),
        (True, 0.0, False),
        (False, None, True),
    ],
)
def test_gas_off_is_valve_shut_and_no_flow(
    valve_open: bool, flow: float | None, passed: bool
) -> None:
    case = at(CheckItem.TEST_FREEZE)
    case.tests(TRIED)
    case.gas_ends()
    assert case.ask(AnswerCheck(TRIED, passed=True)) is None
    case.see(THAWING, 5.0, valve_open=valve_open, flow_mg_s=flow)
    assert stands(case, CheckItem.GAS_OFF).done is passed
    if flow is None:
        assert "flow not measured" in case.proc.check[-1].measure


def test_thawed_is_what_the_release_says() -> None:
    case = at(CheckItem.THAW)
    case.see(THAWING, 30.0)
    assert stands(case, CheckItem.THAW) is CheckStanding.OPEN
    assert shown(case).now_words == "not yet"
    case.see(THAWING, 11.0, free=True)
    assert stands(case, CheckItem.THAW) is CheckStanding.PASSED


def rests(case: Case, tip: float) -> None:
    """The tip stands at that for as long as it takes to be believed."""
    case.see(IDLE, tip)
    case.see(IDLE, tip, ms=SETTLED_MS)


def at_thermocouple() -> Case:
    case = at(CheckItem.THERMOCOUPLE)
    with_device(case, simulated=False)
    return case


@pytest.mark.parametrize("off", [AGREES_WITHIN_CELSIUS, -AGREES_WITHIN_CELSIUS])
@pytest.mark.hazard("thermocouple_drift", "truth")
def test_the_thermocouple_agrees_within_5(off: float) -> None:
    case = at_thermocouple()
    rests(case, ROOM + off * 1.01)
    assert stands(case, CheckItem.THERMOCOUPLE) is CheckStanding.OPEN, "it may still be warming"
    rests(case, ROOM + off)
    assert stands(case, CheckItem.THERMOCOUPLE) is CheckStanding.PASSED


@pytest.mark.parametrize(
    ("moved", "after_ms", "passed"),
    [
        (SETTLED_CELSIUS, SETTLED_MS, True),
        (SETTLED_CELSIUS, SETTLED_MS - 1, False),
        (SETTLED_CELSIUS * 1.01, SETTLED_MS, False),
    ],
)
def test_a_tip_that_only_passes_the_rooms_temperature_is_not_believed(
    moved: float, after_ms: int, passed: bool
) -> None:
    case = at_thermocouple()
    case.see(IDLE, ROOM)
    case.see(IDLE, ROOM + moved, ms=after_ms)
    assert stands(case, CheckItem.THERMOCOUPLE).done is passed
    case.see(IDLE, None)
    case.see(IDLE, ROOM, ms=1)
    assert stands(case, CheckItem.THERMOCOUPLE).done is passed, "an unknown tip rests nowhere"


@pytest.mark.parametrize("simulated", [True, False])
def test_a_simulated_probe_may_stand_in_its_patient(simulated: bool) -> None:
    case = at_thermocouple()
    with_device(case, simulated=simulated)
    rests(case, 35.0)
    assert stands(case, CheckItem.THERMOCOUPLE).done is simulated


@pytest.mark.parametrize(("off", "refused"), [(5.0, False), (5.1, True), (-5.1, True)])
def test_before_the_first_gas_the_tip_is_where_the_room_is(off: float, refused: bool) -> None:
    case = at(PULSE)
    with_device(case, simulated=False)
    case.see(IDLE, ROOM + off)
    why = case.ask(StartCheck(PULSE))
    assert (why is not None) is refused
    if refused:
        tip = f"{ROOM + off:.0f}"
        assert why == (
            f"The tip {tip} °C, room 20 °C: put the tip into water of the room's temperature, or "
            "take another probe"
        )
        case.see(IDLE, ROOM)
        assert case.ask(StartCheck(PULSE)) is None
    case.handshake()
    case.see(FREEZING, 5.0)
    case.gas_ends()
    case.see(IDLE, -8.0)
    assert case.ask(StartCheck(PULSE)) is None, "cold from the gas before, it may be repeated"


def test_one_that_does_not_agree_in_time_has_failed_and_may_be_measured_again() -> None:
    case = at_thermocouple()
    case.see(IDLE, 14.0, ms=SETTLES_WITHIN_MS - 50 - SETTLED_MS)
    rests(case, 14.0)
    assert stands(case, CheckItem.THERMOCOUPLE) is CheckStanding.OPEN
    assert case.ask(StartCheck(CheckItem.THERMOCOUPLE)) == "Nothing is started here"
    case.see(IDLE, 14.0)
    assert stands(case, CheckItem.THERMOCOUPLE) is CheckStanding.FAILED
    assert case.ask(EndCheck()) == (
        "The thermocouple does not agree with the room: an engineer must release this console"
    )
    rests(case, ROOM)
    assert stands(case, CheckItem.THERMOCOUPLE) is CheckStanding.FAILED, "not by itself"
    assert case.ask(StartCheck(CheckItem.THERMOCOUPLE)) is None
    case.see(IDLE, 14.0)
    assert stands(case, CheckItem.THERMOCOUPLE) is CheckStanding.OPEN, "time anew"
    rests(case, ROOM)
    assert stands(case, CheckItem.THERMOCOUPLE) is CheckStanding.PASSED


def test_a_tip_that_is_still_on_its_way_locks_nothing() -> None:
    case = at_thermocouple()
    case.see(IDLE, None, ms=SETTLES_WITHIN_MS + 50)
    for tip in (10.0, 12.0, 14.0):
        case.see(IDLE, tip, ms=SETTLED_MS - 1)
        assert stands(case, CheckItem.THERMOCOUPLE) is CheckStanding.OPEN
    case.see(IDLE, 14.0, ms=SETTLED_MS)
    assert stands(case, CheckItem.THERMOCOUPLE) is CheckStanding.FAILED


def test_without_a_sensor_for_the_room_it_is_not_measurable_here() -> None:
    case = at(CheckItem.THERMOCOUPLE)
    case.see(IDLE, 36.0, room_celsius=None)
    assert stands(case, CheckItem.THERMOCOUPLE) is CheckStanding.NOT_MEASURABLE


# --- another probe, another console -----------------------------------------------------------


def test_an_unplugged_probe_is_checked_again_and_the_cylinder_is_not() -> None:
    case = Case(plan(), "bedside").checked()
    unplugged(case)
    assert {i for i in CheckItem if not stands(case, i).done} == set(OF_THE_PROBE)
    unplugged(case)
    told = [t for t in case.texts(EventKind.CHECKED) if "unplugged" in t]
    assert len(told) == 1, "said once"


@pytest.mark.parametrize("stimulated", [False, True])
def test_after_the_time_out_it_keeps_gas_and_stimulation_off(stimulated: bool) -> None:
    wanted = StimulationPlan() if stimulated else None
    case = Case(plan(stimulation=wanted), "bedside").checked().reads_the_card().scored()
    unplugged(case)
    still = "Console check, still open: sterile probe (the probe was unplugged)"
    asked = StartStimulation(StimulationKind.SENSORY) if stimulated else StartFreeze()
    assert case.ask(asked) == still
    before, back_to = case.proc.placement, case.phase
    assert case.ask(OpenCheck()) is None and case.phase is Phase.CHECK
    for item in OF_THE_PROBE:
        case.does(item)
    assert case.ask(EndCheck()) is None
    assert case.phase is back_to and case.proc.placement == before
    case.see(IDLE, 36.0)
    assert case.ask(asked) is None


def test_between_freezes_only_a_free_probe_goes_into_the_water_and_stands_elsewhere_after() -> None:
    case = Case(plan(), "bedside").checked().reads_the_card().scored().freeze().ends().thaws(45.0)
    unplugged(case)
    assert case.ask(OpenCheck()) == "not yet"
    case.thaws(1.0, tip=20.0, free=True)
    assert case.ask(OpenCheck()) is None
    for item in OF_THE_PROBE:
        case.does(item)
    assert case.ask(EndCheck()) is None
    assert case.phase is Phase.THAWING and case.proc.placement == 2


def test_another_serial_number_is_another_probe_though_nobody_saw_it_plugged() -> None:
    case = Case(plan(), "bedside").checked()
    case.take(console_check.probe_read(case.proc, "P-0001"))
    assert console_check.missing(case.proc) is None
    case.take(console_check.probe_read(case.proc, None))
    assert console_check.missing(case.proc) is None
    case.take(console_check.probe_read(case.proc, "P-0002"))
    assert console_check.missing(case.proc) is not None


def test_another_console_is_checked_whole() -> None:
    case = Case(plan(), "bedside").checked()
    case.take(step.resumed(case.proc, "x", same_boot=False, same_console=False))
    assert not any(stands(case, item).done for item in CheckItem)


def test_the_use_of_a_probe_counts_from_the_first_gas() -> None:
    case = at(PULSE)
    assert case.proc.probe == "P-0001" and case.proc.probe_used == ""
    case.tests(PULSE)
    assert case.proc.probe_used == "P-0001"
    case.gas_ends(FreezeEnd.STOP)
    assert case.proc.probe_used == "P-0001", "broken off, and yet used"


# --- answered beforehand ----------------------------------------------------------------------


@pytest.mark.parametrize("how", ["demonstration", "headless run"])
def test_answered_beforehand_it_says_by_whom_and_a_lost_probe_changes_nothing(how: str) -> None:
    case = Case(plan(), how)
    assert case.phase is Phase.READY
    unplugged(case)
    assert console_check.missing(case.proc) is None
    assert {(r.item, r.how) for r in shown(case).results} == {(item, how) for item in CheckItem}
    assert case.proc.probe_used == ""


def test_in_a_demonstration_it_can_be_done_by_hand() -> None:
    case = Case(plan())
    assert case.ask(OpenCheck()) is None and case.phase is Phase.CHECK
    assert case.ask(EndCheck()) == "Console check, still open: sterile probe (by hand)"
    case.checked()
    assert case.phase is Phase.READY and not any(r.how for r in shown(case).results)
    unplugged(case)
    assert case.ask(StartFreeze()) is not None, "what was done by hand is void as at the bedside"


def test_with_a_real_console_nothing_is_answered_beforehand() -> None:
    for how in ("demonstration", "headless run"):
        case = Case()
        with_device(case, simulated=False)
        assert case.ask(ChoosePlan(plan(), how=how)) == (
            f"With a real console nothing is answered beforehand: no {how}"
        )
    assert case.ask(ChoosePlan(plan())) is None and case.phase is Phase.CHECK


def test_a_case_of_an_earlier_version_has_no_check_and_goes_on() -> None:
    case = Case(plan())
    case.proc = msgspec.structs.replace(case.proc, check=())
    assert console_check.missing(case.proc) is None
    case.proc = msgspec.structs.replace(case.proc, how="bedside")
    assert case.ask(StartFreeze()) == "Console check, still open: sterile probe"


# --- leaving ----------------------------------------------------------------------------------


def test_it_is_left_for_prepare_while_nothing_has_begun() -> None:
    case = at(PULSE)
    assert case.ask(BackToPrepare()) is None and case.phase is Phase.PREPARE
    case = Case(plan(), "bedside").checked().reads_the_card().scored().freeze().ends()
    case.thaws(1.0, tip=20.0, free=True)
    assert case.ask(OpenCheck()) is None
    assert case.ask(BackToPrepare()) == "The work has begun"
    assert case.ask(ProbeOut("it is out")) is None and case.phase is Phase.OUT


def test_a_late_event_of_before_is_not_of_this_test() -> None:
    case = at(TRIED)
    case.tests(TRIED)
    late = DeviceEvent(case.at_ms - 9_000, "freeze_ended", "timer", 3_000, FreezeEnd.TIMER)
    case.take(step.device_said(case.proc, late))
    case.see(FREEZING, 0.0)
    assert case.proc.checking is not None and case.proc.checking.end is None
    case.see(TESTING, 0.0)
    case.see(TESTING, 0.0, ms=600)
    assert stands(case, TRIED) is CheckStanding.OPEN, "nobody has said why it went off"


def test_probe_moved_is_no_question_here() -> None:
    assert at(PULSE).ask(ProbeMoved()) == "First the console check"
