"""Stimulation over real bytes: the simulated patient is asked over the control channel, and answers
to the current that really arrives."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from e2e_screen import Screen, plan
from e2e_simulator import Simulator
from e2e_wait import until

from console.model.observation import FreezeEnd
from console.model.plan import StimulationPlan
from console.model.request import (
    Acknowledge,
    AnswerStimulation,
    ChoosePlan,
    StartFreeze,
    StartStimulation,
    StepAmplitude,
    Stop,
    ToFreeze,
)
from console.model.snapshot import Phase, Snapshot
from console.model.stimulation import (
    INSIDE_UNDER_UA,
    AmplitudeStep,
    StimulationAnswer,
    StimulationKind,
)

PLAN = msgspec.structs.replace(plan((60, 2), auto=False), stimulation=StimulationPlan())


def at_stimulate(screen: Callable[..., Screen]) -> Screen:
    shown = screen()
    shown.connect()
    assert shown.ask(ChoosePlan(PLAN, operator="E2E", how="demonstration")) is None
    shown.until(lambda s: s.procedure.phase is Phase.STIMULATE, "stimulation is open")
    return shown


def runs(shown: Screen, kind: StimulationKind) -> None:
    assert shown.ask(StartStimulation(kind)) is None
    shown.until(lambda s: s.procedure.stimulation.set_ua == 0, "the stimulator is on at 0")


def up(shown: Screen) -> Snapshot:
    """One step, until it is delivered."""
    assert shown.ask(StepAmplitude(AmplitudeStep.UP)) is None

    def delivered(s: Snapshot) -> bool:
        view, seen = s.procedure.stimulation, s.observation
        if seen is None or seen.delivered_ua is None or view.set_ua is None:
            return False
        return view.set_ua == view.wanted_ua and abs(seen.delivered_ua - view.set_ua) < 5

    return shown.until(delivered, "the step is delivered")


def answered(shown: Screen, answer: StimulationAnswer) -> None:
    shown.until(lambda s: shown.ask(AnswerStimulation(answer)) is None, "three pulses were felt")

    def off(s: Snapshot) -> bool:
        seen = s.observation
        return s.procedure.stimulation.running is None and not (seen and seen.stimulator_on)

    shown.until(off, "the stimulator is off")


def patient(simulator: Simulator) -> dict[str, Any]:
    told: dict[str, Any] = simulator.ask(get="patient")
    return told


@pytest.mark.hazard("wrong_site", "truth")
def test_the_patient_feels_it_and_then_the_freeze_may_start(
    simulator: Simulator, screen: Callable[..., Screen]
) -> None:
    shown = at_stimulate(screen)
    assert shown.ask(ToFreeze()) == "The sensory test is not done"
    runs(shown, StimulationKind.SENSORY)
    while patient(simulator)["felt"] == "nothing":
        up(shown)
    assert patient(simulator)["felt"] == "usual pain area"
    answered(shown, StimulationAnswer.USUAL_AREA)
    test = shown.now.procedure.tests[-1]
    assert test.answered_ua is not None and INSIDE_UNDER_UA <= test.answered_ua <= 500
    assert test.impedance_ohm is not None and 440 < test.impedance_ohm < 520
    runs(shown, StimulationKind.MOTOR)
    while up(shown).procedure.stimulation.set_ua != 1_000:
        assert not patient(simulator)["twitch"]
    answered(shown, StimulationAnswer.NO_CONTRACTION)
    assert shown.ask(ToFreeze()) is None
    assert shown.ask(StartFreeze()) is None
    shown.until(lambda s: s.procedure.phase is Phase.FREEZING, "it freezes")
    on, off = simulator.log("stimulator", 1), simulator.log("stimulator", 0)
    assert len(on) == 2 and off[-1] > on[-1]
    assert simulator.log("valve", 1)[0] > off[-1], "never together"
    assert shown.ask(Stop()) is None
    simulator.shut()


def test_an_open_lead_ends_the_test_and_blocks_the_next_until_it_is_mended(
    simulator: Simulator, screen: Callable[..., Screen]
) -> None:
    shown = at_stimulate(screen)
    runs(shown, StimulationKind.SENSORY)
    up(shown)
    simulator.ask(set={"stimulator_open_lead": 1.0})
    shown.until(lambda s: s.procedure.stimulation.running is None, "the console ends it")
    assert shown.now.procedure.tests[-1].end is FreezeEnd.FAULT
    shown.until(lambda s: "start_sensory" in s.controls and bool(s.alarms), "the alarm is raised")
    start = StartStimulation(StimulationKind.SENSORY)
    assert shown.ask(start) == "Stimulation lead is open"
    simulator.ask(clear="stimulator_open_lead")
    assert shown.ask(Acknowledge()) is None
    until(lambda: not shown.now.alarms, "the alarm is cleared")
    runs(shown, StimulationKind.SENSORY)
    assert shown.ask(Stop()) is None
    shown.until(lambda s: s.procedure.stimulation.running is None, "STOP ends it")
    assert not simulator.device()["stimulator_on"]
