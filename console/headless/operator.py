"""The hands of a headless run: follows the plan, one observation at a time."""

from collections.abc import Iterator
from typing import Final

from console.control.state import State
from console.model.alarm import Alarm
from console.model.plan import Plan
from console.model.request import (
    AfterStop,
    AnyRequest,
    ChoosePlan,
    Decide,
    ProbeOut,
    Quit,
    StartFreeze,
)
from console.model.snapshot import Phase
from console.procedure.freeze_rows import start_blocked

READY_WITHIN_MS: Final = 15_000
HELD_WITHIN_MS: Final = 60_000
FREE_WITHIN_MS: Final = 600_000
HOW: Final = "headless run"


class Operator:
    """Follows the plan; asked after each evaluated observation. `reason` says why it was not
    completed."""

    def __init__(self, plan: Plan, initials: str) -> None:
        self.plan, self.initials = plan, initials
        self.reason: str | None = None
        self.refused = False
        self.interrupted = False
        self.alarms: dict[tuple[str, int], Alarm] = {}
        self.began_ms: int | None = None
        self._chosen = False
        self._quit = False
        self._since_ms: dict[Phase, int] = {}

    def __call__(self, state: State, now_ms: float) -> Iterator[AnyRequest]:
        """What it wants at this moment."""
        seen, proc = state.observation, state.procedure
        if seen is None or self._quit:
            return
        if self.began_ms is None:
            self.began_ms = seen.at_ms
        for alarm in state.alarms:
            self.alarms.setdefault((alarm.id, alarm.count), alarm)
        self._since_ms = {proc.phase: self._since_ms.get(proc.phase, seen.at_ms)}
        waited_ms = seen.at_ms - self._since_ms[proc.phase]
        if self.interrupted and not seen.valve_open and proc.phase is not Phase.OUT:
            self.reason = self.reason or "interrupted"
            yield from self._leave(proc.phase, "headless run interrupted")
            return
        match proc.phase:
            case Phase.PREPARE:
                yield from self._prepare(state, now_ms, waited_ms)
            case Phase.READY:
                yield from self._start(state, now_ms, waited_ms, READY_WITHIN_MS)
            case Phase.THAWING if proc.hold:
                yield from self._start(state, now_ms, waited_ms, HELD_WITHIN_MS)
            case Phase.STOPPED:
                self.reason = self.reason or proc.stop_reason or "stopped"
                yield Decide(AfterStop.FINISH)
            case Phase.RELEASING if waited_ms > FREE_WITHIN_MS:
                self.reason = self.reason or "the probe was not free 10:00 after the last freeze"
                yield ProbeOut("headless run: not free after 10:00")
            case Phase.FREE:
                yield ProbeOut()
            case Phase.OUT:
                self._quit = True
                yield Quit()
            case _:
                pass

    def _prepare(self, state: State, now_ms: float, waited_ms: int) -> Iterator[AnyRequest]:
        if self._chosen or (state.device is not None and not state.device.simulated):
            return
        # The plan counts from a console that is known whole: its probe is read first.
        if state.device is None or (state.device.probe is None and waited_ms < READY_WITHIN_MS):
            return
        self._chosen = True
        yield ChoosePlan(self.plan, operator=self.initials, how=HOW)
        if state.procedure.phase is Phase.PREPARE:
            self.refused, self._quit = True, True
            yield Quit()

    def _start(
        self, state: State, now_ms: float, waited_ms: int, within_ms: int
    ) -> Iterator[AnyRequest]:
        blocked = start_blocked(state.procedure, state.conditions(now_ms))
        if blocked is None:
            yield StartFreeze()
        elif waited_ms > within_ms:
            self.reason = self.reason or blocked
            self.refused = not state.procedure.records
            yield from self._leave(state.procedure.phase, blocked)

    def _leave(self, phase: Phase, why: str) -> Iterator[AnyRequest]:
        if phase is Phase.PREPARE:
            self._quit = True
            yield Quit()
        else:
            yield ProbeOut(why)
