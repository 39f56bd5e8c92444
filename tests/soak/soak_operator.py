"""The hands of a soak: asks for what an operator would, in the order of a session, and for more."""

import random
from collections.abc import Iterator
from typing import Final

import msgspec
from soak_result import Soaked

from console.control.state import State
from console.model.plan import Cycle, NextFreeze, Plan, Side, Site, StimulationPlan
from console.model.request import (
    Acknowledge,
    AfterStop,
    AnswerStimulation,
    AnyRequest,
    ChoosePlan,
    Decide,
    EndFreeze,
    EndStimulation,
    ExtendFreeze,
    NewSession,
    ProbeOut,
    StartFreeze,
    StartStimulation,
    StepAmplitude,
    Stop,
    ToFreeze,
)
from console.model.snapshot import Phase
from console.model.stimulation import AmplitudeStep, StimulationAnswer, StimulationKind
from console.procedure.freeze_rows import start_blocked
from console.safety.alarms import to_acknowledge

PLAN: Final = Plan(
    (Site("saphenous", Side.LEFT, (Cycle(60, 20), Cycle(60, 20), Cycle(60, 20))),),
    next_freeze=NextFreeze.AUTO,
)

STIMULATED: Final = msgspec.structs.replace(PLAN, stimulation=StimulationPlan())
AT_THE_NERVE: Final[tuple[AnyRequest, ...]] = (
    StartStimulation(StimulationKind.SENSORY),
    StartStimulation(StimulationKind.MOTOR),
    *(StepAmplitude(AmplitudeStep.UP),) * 6,
    StepAmplitude(AmplitudeStep.ZERO),
    AnswerStimulation(StimulationAnswer.USUAL_AREA),
    AnswerStimulation(StimulationAnswer.NO_CONTRACTION),
    EndStimulation(),
    StartFreeze(),
)
"""Asked at random; what is out of place is refused."""


class Operator:
    """Asked after each evaluated observation; counts into `result` what it sees."""

    def __init__(self, chance: random.Random, result: Soaked) -> None:
        self._chance, self._result = chance, result
        self._phase: tuple[Phase, float] = (Phase.PREPARE, 0.0)
        self._alarmed: set[tuple[str, int]] = set()

    def begin(self) -> None:
        """Another session, at another console."""
        self._alarmed.clear()

    def __call__(self, state: State, now_ms: float) -> Iterator[AnyRequest]:
        proc, chance = state.procedure, self._chance.random()
        self._count(state)
        if self._phase[0] is not proc.phase:
            self._result.stimulated += proc.phase is Phase.STIMULATE
            self._result.freezes += proc.phase is Phase.FREEZING
            self._result.freed += proc.phase is Phase.FREE
            self._phase = (proc.phase, now_ms)
        waited_s = (now_ms - self._phase[1]) / 1_000
        if to_acknowledge(state.alarms) and chance < 0.03:
            yield Acknowledge()
            return
        match proc.phase:
            case Phase.PREPARE:
                if state.device is not None and state.device.probe is not None:
                    chosen = self._chance.choice((PLAN, STIMULATED))
                    yield ChoosePlan(chosen, how="headless run")
            case Phase.STIMULATE if waited_s > 60:
                yield EndStimulation()
                yield ToFreeze()
                yield ProbeOut("soak: enough stimulated")
            case Phase.STIMULATE if chance < 0.3:
                yield self._chance.choice(AT_THE_NERVE)
            case Phase.READY | Phase.THAWING if proc.phase is Phase.READY or proc.hold:
                blocked = start_blocked(proc, state.conditions(now_ms))
                if blocked is None and chance < 0.1:
                    yield StartFreeze()
                elif waited_s > 120:
                    yield ProbeOut("soak: blocked")
            case Phase.FREEZING if chance < 0.003:
                yield self._chance.choice((Stop("screen"), EndFreeze(), ExtendFreeze(10.0)))
            case Phase.STOPPED if waited_s > 5 and chance < 0.1:
                yield Decide(self._chance.choice(tuple(AfterStop)))
            case Phase.RELEASING if waited_s > 900:
                yield ProbeOut("soak: not free")
            case Phase.FREE if waited_s > 2:
                yield ProbeOut()
            case Phase.OUT:
                yield NewSession()
            case _:
                pass

    def _count(self, state: State) -> None:
        for alarm in state.alarms:
            if (alarm.id, alarm.count) not in self._alarmed:
                self._alarmed.add((alarm.id, alarm.count))
                self._result.alarms[alarm.id] += 1
