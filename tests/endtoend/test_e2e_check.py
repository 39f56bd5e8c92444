"""The console check over real bytes, with a console that is not simulated as far as it says: in
water, in order, by its own measures; what fails blocks; and a whole case after it."""

import copy
from functools import cache

import pytest
from row_bed import Row

from console.model.console_check import CheckItem, CheckStanding
from console.model.cycle import CycleState
from console.model.event import EventKind
from console.model.plan import Cycle, Plan, Side, Site, StimulationPlan
from console.model.request import (
    AnswerCheck,
    AnswerStimulation,
    AnswerTimeOut,
    ChoosePlan,
    EndCheck,
    EndTimeOut,
    ScorePain,
    StartCheck,
    StartFreeze,
    StartStimulation,
    StepAmplitude,
    Stop,
    ToFreeze,
)
from console.model.snapshot import Phase
from console.model.stimulation import AmplitudeStep, StimulationAnswer, StimulationKind
from console.model.time_out import TimeOutItem
from console.procedure import console_check
from console.procedure.check_lines import newest

PLAN = Plan(
    (Site("saphenous", Side.LEFT, (Cycle(10.0, 45.0),)),),
    -70.0,
    stimulation=StimulationPlan(),
)


def begun(**settings: object) -> Row:
    """At the first line, the tip in sterile water."""
    row = Row(medium="water", simulated=False, **settings)  # type: ignore[arg-type]
    row.connected()
    assert row.state.device is not None and not row.state.device.simulated
    row.until(lambda: row.state.device is not None and row.state.device.probe, 1_000)
    assert row.ask(ChoosePlan(PLAN)) is None
    assert row.phase is Phase.CHECK
    return row


def stands(row: Row, item: CheckItem) -> CheckStanding:
    return console_check.standing(row.state.procedure, item)


def yes(row: Row, *items: CheckItem) -> None:
    for item in items:
        assert row.ask(AnswerCheck(item, passed=True)) is None


def starts(row: Row, item: CheckItem) -> None:
    assert row.ask(StartCheck(item)) is None
    row.until(lambda: row.state.procedure.checking is None, 100_000)


@cache
def _at_gas() -> Row:
    row = begun()
    yes(row, CheckItem.PROBE, CheckItem.SCAVENGING, CheckItem.CYLINDER)
    starts(row, CheckItem.SUPPLY_LEAK)
    assert stands(row, CheckItem.SUPPLY_LEAK) is CheckStanding.PASSED
    return row


def at_gas() -> Row:
    """At the gas pulse, everything before it done once."""
    return copy.deepcopy(_at_gas())


def test_a_bedside_case_of_a_real_console_runs_from_its_check_to_its_freeze() -> None:
    row = at_gas()
    starts(row, CheckItem.PROBE_LEAK)
    assert stands(row, CheckItem.PROBE_LEAK) is CheckStanding.RUN
    assert not row.station.bench.truth()["bubbles"]
    yes(row, CheckItem.PROBE_LEAK)
    row.run(300)  # the valve is read back late
    starts(row, CheckItem.TEST_FREEZE)
    yes(row, CheckItem.TEST_FREEZE)
    row.until(lambda: console_check.missing(row.state.procedure) is None, 180_000)
    assert row.ask(EndCheck()) is None and row.phase is Phase.TIME_OUT
    assert row.state.alarms == (), "nothing of a healthy check raises an alarm"
    assert row.state.procedure.records == () and row.state.estimate is None
    for item in TimeOutItem:
        assert row.ask(AnswerTimeOut(item, clear=True)) is None
    assert row.ask(EndTimeOut()) is None and row.phase is Phase.STIMULATE
    assert row.ask(ScorePain(6)) is None
    assert row.state.procedure.probe_used == row.state.device.probe.serial
    row.station.bench.set_medium("tissue")  # the probe goes in
    row.run(1_000)
    stimulated(row, StimulationKind.SENSORY, StimulationAnswer.USUAL_AREA, 8)
    stimulated(row, StimulationKind.MOTOR, StimulationAnswer.NO_CONTRACTION, 20)
    assert row.ask(ToFreeze()) is None
    assert row.ask(StartFreeze()) is None
    row.until(lambda: row.phase is Phase.FREEZING, 1_000)
    row.until(lambda: row.phase is Phase.RELEASING, 12_000)
    (record,) = row.state.procedure.records
    assert record.state is CycleState.DONE
    assert record.lowest_tip_celsius is not None and record.lowest_tip_celsius < -20.0
    assert row.state.alarms == ()


def stimulated(row: Row, kind: StimulationKind, answer: StimulationAnswer, steps: int) -> None:
    assert row.ask(StartStimulation(kind)) is None
    run = lambda: row.state.procedure.stimulating  # noqa: E731
    row.until(lambda: run() is not None and run().stage is None, 1_000)
    for _ in range(steps):
        row.until(lambda: row.ask(StepAmplitude(AmplitudeStep.UP)) is None, 1_000)
        row.run(100)
    row.until(lambda: row.ask(AnswerStimulation(answer)) is None, 2_000)  # after three pulses
    row.until(lambda: run() is None, 2_000)
    row.run(300)


def test_bubbles_end_the_gas_and_block() -> None:
    row = at_gas()
    row.turn("shaft_leak")
    assert row.ask(StartCheck(CheckItem.PROBE_LEAK)) is None
    row.until(lambda: row.station.bench.truth()["bubbles"], 2_500)
    row.run(100)
    assert row.ask(AnswerCheck(CheckItem.PROBE_LEAK, passed=False)) is None
    row.until(lambda: row.state.observation and not row.state.observation.valve_open, 1_000)
    row.run(1_000)
    assert row.ask(EndCheck()) == "The probe leaks: take another"
    assert row.ask(StartFreeze()) == "First the console check"


def test_a_supply_that_leaks_is_found_by_the_console_and_blocks() -> None:
    row = begun()
    yes(row, CheckItem.PROBE, CheckItem.SCAVENGING, CheckItem.CYLINDER)
    row.turn("supply_leak")
    starts(row, CheckItem.SUPPLY_LEAK)
    assert stands(row, CheckItem.SUPPLY_LEAK) is CheckStanding.FAILED
    result = newest(row.state.procedure, CheckItem.SUPPLY_LEAK)
    assert result is not None and float(result.measure.split()[0]) > 0.5
    assert "leak" in row.alarms
    assert row.ask(StartCheck(CheckItem.SUPPLY_LEAK)) is not None, "an engineer comes first"


def test_stop_in_the_test_freeze_shuts_the_gas_and_the_line_is_open_again() -> None:
    row = at_gas()
    assert row.ask(StartCheck(CheckItem.PROBE_LEAK)) is None
    row.until(lambda: row.state.observation and row.state.observation.valve_open, 1_000)
    assert row.ask(Stop()) is None
    row.until(lambda: row.state.observation and not row.state.observation.valve_open, 500)
    row.run(1_000)
    assert row.phase is Phase.CHECK and stands(row, CheckItem.PROBE_LEAK) is CheckStanding.OPEN
    assert row.state.alarms == ()
    starts(row, CheckItem.PROBE_LEAK)


def test_a_probe_that_is_unplugged_is_checked_again() -> None:
    row = at_gas()
    row.turn("probe_unplugged")
    row.run(1_000)
    assert not stands(row, CheckItem.PROBE).done and stands(row, CheckItem.SUPPLY_LEAK).done
    assert row.ask(AnswerCheck(CheckItem.PROBE, passed=True)) == "No probe is connected"


@pytest.mark.parametrize(
    ("knob", "why"), [("probe_expired", "expired"), ("probe_used_up", "used up")]
)
def test_an_expired_or_used_up_probe_is_refused(knob: str, why: str) -> None:
    row = Row((knob, None), medium="water", simulated=False).connected()
    row.until(lambda: row.state.device is not None and row.state.device.probe, 1_000)
    assert row.ask(ChoosePlan(PLAN)) is None
    assert row.ask(AnswerCheck(CheckItem.PROBE, passed=True)) == (
        f"The probe is {why}: take another"
    )


def test_what_is_measured_and_answered_stands_in_the_history() -> None:
    row = at_gas()
    told = [e.text for e in row.events if e.kind is EventKind.CHECKED]
    assert len(told) == 4 and all("passed" in text for text in told)
    assert told[0].startswith("Console check, sterile probe: passed (LT-")
