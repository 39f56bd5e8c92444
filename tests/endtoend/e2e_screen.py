"""Plays the screen: a client of a real control process that ticks for each snapshot."""

import threading
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import msgspec
from e2e_wait import until

from console.control.client import ControlClient
from console.model.event import Event
from console.model.plan import Cycle, NextFreeze, Plan, Side, Site, StimulationPlan
from console.model.request import (
    Acknowledge,
    AnyRequest,
    ChoosePlan,
    OpenCheck,
    OpenTimeOut,
    ProbeOut,
    StartFreeze,
    StartStimulation,
    StepAmplitude,
    Stop,
)
from console.model.snapshot import LinkState, Phase, Reply, Snapshot
from console.model.stimulation import AmplitudeStep, StimulationKind

T = TypeVar("T")


def plan(*freezes: tuple[float, float], auto: bool = True, celsius: float = -70.0) -> Plan:
    """LEFT SAPHENOUS, with (freeze, thaw) times in s."""
    cycles = tuple(Cycle(freeze_s, thaw_s) for freeze_s, thaw_s in freezes)
    site = Site("saphenous", Side.LEFT, cycles)
    asked = NextFreeze.AUTO if auto else NextFreeze.ASK
    return Plan(sites=(site,), target_celsius=celsius, next_freeze=asked)


PLAN = plan((60, 2), (60, 2))


class Step(StrEnum):
    """The steps of a treatment in which something can happen to a process, in their order."""

    PREPARE = "prepare"
    CHECK = "check"
    TIME_OUT = "time-out"
    STIMULATE = "stimulate"
    STIMULATING = "stimulating"  # the current flows
    READY = "ready"
    ARMING = "arming"  # a start is asked for: the token is on its way
    STARTING = "starting"  # the start itself is on its way
    FREEZING = "freezing"
    THAWING = "thawing"
    STOPPED = "stopped"
    RELEASING = "releasing"
    FREE = "free"
    OUT = "out"


class Screen:
    """One control process and what it has shown. `ticks` False: a screen that never applies."""

    def __init__(self, port: str, records: Path, *, ticks: bool = True) -> None:
        self.ticks = ticks
        self.shown: list[tuple[float, Snapshot]] = []  # with its monotonic time of arrival
        self.gone: list[str] = []
        self._replies: dict[int, Reply] = {}
        self._lock = threading.Lock()
        self.client = ControlClient(
            port, records=records, on_message=self._message, on_gone=self.gone.append
        )
        self.client.start()

    @property
    def pid(self) -> int:
        assert self.client.pid is not None
        return self.client.pid

    @property
    def now(self) -> Snapshot:
        """The newest snapshot."""
        return until(lambda: self.shown and self.shown[-1], "a snapshot")[1]

    @property
    def events(self) -> list[Event]:
        """All that have happened, in order."""
        return [event for _, snapshot in self.shown for event in snapshot.events]

    def until(self, look: Callable[[Snapshot], bool], why: str, within_s: float = 20.0) -> Snapshot:
        """The first snapshot from now on of which `look` is true."""
        began = len(self.shown)

        def found() -> Snapshot | None:
            return next((shown for _, shown in self.shown[began:] if look(shown)), None)

        try:
            snapshot = until(found, why, within_s)
        except AssertionError as error:
            error.add_note(f"the newest snapshot: {self.shown[-1:]}")
            raise
        assert snapshot is not None
        return snapshot

    def ask(self, request: AnyRequest) -> str | None:
        """The answer to a request: None, or why it was refused."""
        number = self.client.ask(request)
        return until(lambda: self._replies.get(number), f"a reply to {request}").refused

    def connect(self) -> Snapshot:
        """Waits until the link is open and everything is ready."""
        return self.until(
            lambda s: s.link.state is LinkState.OPEN and all(light.ready for light in s.interlocks),
            "connected and ready",
        )

    def freeze(self, chosen: Plan = PLAN, for_s: float = 1.0) -> Snapshot:
        """Connects, chooses the plan, starts the first freeze, and waits until it is well on."""
        self.connect()
        assert self.ask(ChoosePlan(chosen, operator="E2E", how="demonstration")) is None
        self.until(lambda s: s.controls["start_freeze"].blocked is None, "a start is open")
        assert self.ask(StartFreeze()) is None
        return self.until(
            lambda s: s.procedure.phase is Phase.FREEZING and (s.procedure.elapsed_s or 0) >= for_s,
            f"{for_s:g} s of freezing",
        )

    def reach(self, step: Step) -> None:
        """Goes on to a step of a short treatment, from the start, and waits until it is there;
        to READY for those in which a start is on its way, which `begin` then asks for."""
        self.connect()
        if step is Step.PREPARE:
            return
        last = step in (Step.RELEASING, Step.FREE, Step.OUT)
        freeze_s = 5 if last or step is Step.THAWING else 60
        chosen = plan((freeze_s, 2)) if last else plan((freeze_s, 3), (60, 2))
        if step in (Step.STIMULATE, Step.STIMULATING):
            chosen = msgspec.structs.replace(chosen, stimulation=StimulationPlan())
        assert self.ask(ChoosePlan(chosen, operator="E2E", how="demonstration")) is None
        if step is Step.CHECK:
            assert self.ask(OpenCheck()) is None
        if step is Step.TIME_OUT:
            assert self.ask(OpenTimeOut()) is None
        if step in (Step.CHECK, Step.TIME_OUT, Step.STIMULATE):
            self.until(lambda s: s.procedure.phase == step.value, f"the phase {step}")
            return
        if step is Step.STIMULATING:
            self._stimulate()
            return
        self.until(lambda s: s.controls["start_freeze"].blocked is None, "a start is open")
        if step in (Step.READY, Step.ARMING, Step.STARTING):
            return
        self.begin()
        self.until(
            lambda s: s.procedure.phase is Phase.FREEZING and (s.procedure.elapsed_s or 0) >= 1,
            "1 s of freezing",
        )
        if step is Step.STOPPED:
            assert self.ask(Stop("screen")) is None
        there = Phase.FREE if step is Step.OUT else Phase(step.value)
        self.until(lambda s: s.procedure.phase is there, f"the phase {there}", 60)
        if step is Step.OUT:
            assert self.ask(ProbeOut()) is None
            self.until(lambda s: s.procedure.phase is Phase.OUT, "the probe is out")

    def begin(self) -> None:
        """Asks for the freeze."""
        assert self.ask(StartFreeze()) is None

    def _stimulate(self) -> None:
        assert self.ask(StartStimulation(StimulationKind.SENSORY)) is None
        self.until(lambda s: s.procedure.stimulation.set_ua == 0, "the stimulator is on at 0")
        assert self.ask(StepAmplitude(AmplitudeStep.UP)) is None
        self.until(
            lambda s: s.observation is not None and (s.observation.delivered_ua or 0) > 40,
            "a current flows",
        )

    def connect_again(self) -> None:
        """Acknowledges what a resumed case finds, and waits until everything is ready."""
        if "acknowledge" in self.now.controls:
            assert self.ask(Acknowledge()) is None
        self.connect()

    def kill(self) -> None:
        """As the window does with a dead control process."""
        self.client.kill()

    def close(self) -> None:
        self.client.close()

    def _message(self, message: Snapshot | Reply) -> None:
        if isinstance(message, Reply):
            self._replies[message.id] = message
            return
        self.shown.append((time.monotonic(), message))
        if self.ticks:
            self.client.tick(message.number)
