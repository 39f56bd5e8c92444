"""Stimulation through the core, as frames: a token of its own, the amplitude that the console has
taken, off by every way, and never together with gas."""

import msgspec
import pytest
from core_kit import Bench, Console, plan, transmitted

from console.model.event import EventKind
from console.model.observation import FreezeEnd
from console.model.plan import StimulationPlan
from console.model.request import (
    AnswerStimulation,
    EndStimulation,
    ProbeMoved,
    Quit,
    StartStimulation,
    StepAmplitude,
    Stop,
)
from console.model.snapshot import Phase
from console.model.stimulation import AmplitudeStep, StimulationAnswer, StimulationKind
from drivers.link import codes
from drivers.link.messages import Arm, SetAmplitude, StimulationOff
from drivers.link.messages import StartStimulation as StartMessage


def at_stimulate(**welcome: int) -> Bench:
    fitted = {"capabilities": codes.Capability.STIMULATOR_CURRENT, **welcome}
    return Bench(Console(**fitted)).ready(plan(stimulation=StimulationPlan(60.0, 2.0)))


def stimulating(**welcome: int) -> Bench:
    bench = at_stimulate(**welcome)
    assert bench.ask(StartStimulation(StimulationKind.SENSORY)) is None
    bench.run(1_000, lambda: bool(bench.state.procedure.tests))
    return bench


def steps(bench: Bench, count: int) -> None:
    for _ in range(count):
        assert bench.ask(StepAmplitude(AmplitudeStep.UP)) is None
        bench.run(200)


def test_the_start_goes_step_by_step_on_the_wire() -> None:
    bench = at_stimulate()
    bench.disk = False
    assert transmitted(bench.wants(StartStimulation(StimulationKind.SENSORY))) == []
    bench.run(500)
    assert bench.messages(Arm) == [], "not before it is on disk"
    bench.disk = True
    bench.run(500)
    (arm,), (start,) = bench.messages(Arm), bench.messages(StartMessage)
    assert isinstance(arm, Arm) and arm.action == codes.Action.STIMULATE
    assert isinstance(start, StartMessage)
    assert (start.kind, start.rate_decihertz, start.pulse_us, start.limit_ua) == (
        codes.StimulationKind.SENSORY, 600, 500, 3_000,
    )  # fmt: skip
    assert bench.phase is Phase.STIMULATE and bench.alarms == {}
    assert bench.console.state is codes.DeviceState.STIMULATING


def test_an_answer_switches_off_and_is_kept_with_what_was_delivered() -> None:
    bench = stimulating()
    steps(bench, 8)
    shown = bench.snapshot().procedure.stimulation
    assert (shown.set_ua, shown.unit) == (400, "mA")
    assert bench.ask(AnswerStimulation(StimulationAnswer.USUAL_AREA)) is None
    bench.run(200)
    assert not bench.console.stimulator_on
    (test,) = bench.snapshot().procedure.tests
    assert (test.answered_ua, test.delivered_ua, test.impedance_ohm) == (400, 400.0, 480.0)
    assert test.end is FreezeEnd.END
    amplitudes = [m.amplitude_ua for m in bench.messages(SetAmplitude)]  # type: ignore[attr-defined]
    assert amplitudes == list(range(50, 401, 50))


def test_a_voltage_console_is_never_converted() -> None:
    bench = stimulating(capabilities=codes.Capability.STIMULATOR_VOLTAGE)
    steps(bench, 2)
    assert bench.state.procedure.tests[-1].unit == "V"
    control = bench.snapshot().controls["felt_usual"]
    assert control.detail == "marks 0.10 V"


def test_a_refused_start_says_why_and_leaves_nothing_on() -> None:
    bench = at_stimulate()
    bench.console.refuses[Arm] = codes.Result.PROBE_MISSING
    bench.ask(StartStimulation(StimulationKind.SENSORY))
    bench.run(500)
    assert bench.told(EventKind.START_FAILED) == [
        "The sensory test did not start: no probe is connected."
    ]
    assert bench.state.procedure.stimulating is None and not bench.console.stimulator_on


@pytest.mark.parametrize(
    ("silent", "asked", "words"),
    [
        (StartMessage, StartStimulation(StimulationKind.SENSORY), "start of the stimulation"),
        (SetAmplitude, StepAmplitude(AmplitudeStep.UP), "amplitude"),
        (StimulationOff, EndStimulation(), "end of the stimulation"),
    ],
)
def test_what_is_not_answered_stops_everything(
    silent: type, asked: msgspec.Struct, words: str
) -> None:
    starting = isinstance(asked, StartStimulation)
    bench = at_stimulate() if starting else stimulating()
    bench.to_host = lambda message: True
    bench.console.silent_about.add(silent)
    bench.ask(asked)  # type: ignore[arg-type]
    bench.run(1_500)
    assert words in bench.alarms["command_unanswered"].happened
    assert not bench.console.stimulator_on and bench.state.procedure.stimulating is None


def test_an_amplitude_that_is_refused_is_not_shown_as_set() -> None:
    bench = stimulating()
    bench.console.refuses[SetAmplitude] = codes.Result.BEYOND_LIMIT
    bench.ask(StepAmplitude(AmplitudeStep.UP))
    bench.run(300)
    shown = bench.snapshot().procedure.stimulation
    assert (shown.wanted_ua, shown.set_ua) == (0, 0)
    assert bench.told(EventKind.DEVICE)[-1].startswith("The amplitude was not taken: it asks")


def test_stop_is_first_on_the_wire_and_switches_off() -> None:
    bench = stimulating()
    out = bench.wants(Stop("key"))
    assert transmitted(out)[0] == "Stop"
    bench.run(200)
    assert not bench.console.stimulator_on and bench.phase is Phase.STIMULATE
    assert bench.state.procedure.tests[-1].end is FreezeEnd.STOP


def test_a_lost_link_ends_the_test_here_too() -> None:
    bench = stimulating()
    bench.close_port()
    bench.run(200)
    assert bench.state.procedure.stimulating is None and "link_lost" in bench.alarms
    refused = bench.ask(StartStimulation(StimulationKind.SENSORY))
    assert refused is not None


def test_the_consoles_own_fault_ends_it_and_blocks_the_next_until_it_is_cleared() -> None:
    bench = stimulating()
    bench.console.fault(codes.Fault.STIMULATOR_OPEN_LEAD, stands=True)
    bench.run(300)
    assert bench.state.procedure.tests[-1].end is FreezeEnd.FAULT
    refused = bench.ask(StartStimulation(StimulationKind.SENSORY))
    assert refused == "Stimulation lead is open"


def test_the_probe_moved_switches_off() -> None:
    bench = stimulating()
    steps(bench, 2)
    assert bench.ask(ProbeMoved()) is None
    bench.run(300)
    assert not bench.console.stimulator_on
    assert bench.snapshot().procedure.placement == 2


def test_the_program_is_not_left_with_the_stimulator_on() -> None:
    assert stimulating().ask(Quit()) == "The stimulator is on"


def test_the_lease_goes_on_while_it_stimulates() -> None:
    bench = stimulating()
    bench.run(5_000)
    assert bench.console.stimulator_on and bench.alarms == {}
