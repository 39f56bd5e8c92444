"""The hands of a headless run: follows the plan, one observation at a time."""

from collections.abc import Iterator
from typing import Final

from console.control.state import State
from console.headless import examiner
from console.model.alarm import Alarm
from console.model.override import LONGEST_REASON
from console.model.plan import Plan
from console.model.request import (
    AfterStop,
    AnyRequest,
    ChoosePlan,
    Decide,
    EndStimulation,
    ProbeOut,
    Quit,
    StartFreeze,
)
from console.model.snapshot import Phase
from console.procedure import requests
from console.procedure.freeze_rows import start_blocked
from console.procedure.state import Procedure
from console.simulated_patient import SimulatedPatient, UnheardError, nerve_of

READY_WITHIN_MS: Final = 15_000
HELD_WITHIN_MS: Final = 60_000
FREE_WITHIN_MS: Final = 600_000
TIP_WITHIN_MS: Final = 15_000
HOW: Final = "headless run"


class Operator:
    """Follows the plan; asked after each evaluated observation. `reason` says why it was not
    completed. `patient` answers the tests of a plan with stimulation, and the probe is placed at
    its next nerve for the next site; None: the probe stays where it is."""

    def __init__(
        self,
        plan: Plan,
        initials: str,
        patient: SimulatedPatient | None = None,
        case: str = "",
    ) -> None:
        self.plan, self.initials, self.case = plan, initials, case
        self._patient = patient
        self.reason: str | None = None
        self.refused = False
        self.interrupted = False
        self._alarms: dict[tuple[str, int], tuple[Alarm, float]] = {}
        self._last_ms: int | None = None
        self._elapsed_ms = 0
        self._tip_unknown_ms: int | None = None
        self._chosen = False
        self._quit = False
        self._nerve = 1  # where the probe stands
        self._since_ms: dict[Phase, int] = {}
        self._gave_up = False
        self._unconfirmed: tuple[int, str] | None = None  # the site, and why
        self._blocked_ms: int | None = None

    def __call__(self, state: State, now_ms: float) -> Iterator[AnyRequest]:
        """What it wants at this moment."""
        seen, proc = state.observation, state.procedure
        if seen is None or self._quit:
            return
        # A console that restarts counts from 0 again.
        if self._last_ms is not None and seen.at_ms > self._last_ms:
            self._elapsed_ms += seen.at_ms - self._last_ms
        self._last_ms = seen.at_ms
        self._note_alarms(state)
        if seen.tip_celsius is not None:
            self._tip_unknown_ms = None
        elif self._tip_unknown_ms is None:
            self._tip_unknown_ms = seen.at_ms
        self._since_ms = {proc.phase: self._since_ms.get(proc.phase, seen.at_ms)}
        waited_ms = seen.at_ms - self._since_ms[proc.phase]
        if self.interrupted and not seen.valve_open and proc.phase is not Phase.OUT:
            self.reason = self.reason or "interrupted"
            yield from self._leave(proc.phase, "headless run interrupted")
            return
        nerve = nerve_of(proc.phase, proc.site)
        if self._patient is not None and nerve is not None and nerve != self._nerve:
            yield from self._place(self._patient, nerve, proc.phase, seen.at_ms)
            return
        match proc.phase:
            case Phase.PREPARE:
                yield from self._prepare(state, now_ms, waited_ms)
            case Phase.STIMULATE:
                yield from self._stimulate(state, now_ms, seen.at_ms)
            case Phase.READY:
                yield from self._start(state, now_ms, waited_ms, READY_WITHIN_MS)
            case Phase.THAWING if proc.hold:
                yield from self._start(state, now_ms, waited_ms, HELD_WITHIN_MS)
            case Phase.STOPPED:
                self.reason = self.reason or proc.stop_reason or "stopped"
                yield Decide(AfterStop.FINISH)
            case Phase.RELEASING if self._tip_lost(seen.at_ms):
                self.reason = self.reason or "the tip temperature is unknown: free is never said"
                yield ProbeOut("headless run: tip temperature unknown")
            case Phase.RELEASING if waited_ms > FREE_WITHIN_MS:
                self.reason = self.reason or "the probe was not free 10:00 after the last freeze"
                yield ProbeOut("headless run: not free after 10:00")
            case Phase.FREE:
                yield ProbeOut()
            case Phase.OUT:
                self._quit = True
                self.refused = self._gave_up and not proc.records
                yield Quit()
            case _:
                pass

    def alarms(self, state: State) -> list[tuple[Alarm, float]]:
        """Each alarm of the run, `state` being its last, with the seconds of the console's time
        from the first reading on."""
        self._note_alarms(state)
        return list(self._alarms.values())

    def _note_alarms(self, state: State) -> None:
        for alarm in state.alarms:
            at_s = self._elapsed_ms / 1_000
            self._alarms.setdefault((alarm.id, alarm.count), (alarm, at_s))

    def _tip_lost(self, seen_ms: int) -> bool:
        """Whether no tip temperature has come for so long that none is waited for."""
        since_ms = self._tip_unknown_ms
        return since_ms is not None and seen_ms - since_ms > TIP_WITHIN_MS

    def _prepare(self, state: State, now_ms: float, waited_ms: int) -> Iterator[AnyRequest]:
        if self._chosen or (state.device is not None and not state.device.simulated):
            return
        # The plan counts from a console that is known whole: its probe is read first.
        if state.device is None or (state.device.probe is None and waited_ms < READY_WITHIN_MS):
            return
        self._chosen = True
        yield ChoosePlan(self.plan, self.case, self.initials, HOW)
        if state.procedure.phase is Phase.PREPARE:
            self.refused, self._quit = True, True
            yield Quit()

    def _place(
        self, patient: SimulatedPatient, nerve: int, phase: Phase, seen_ms: int
    ) -> Iterator[AnyRequest]:
        try:
            if patient.voice(seen_ms) is not None:  # the device stands: placed at that moment
                patient.place(nerve)
                self._nerve = nerve
        except UnheardError as error:
            yield from self._give_up(phase, str(error))

    def _start(
        self, state: State, now_ms: float, waited_ms: int, within_ms: int
    ) -> Iterator[AnyRequest]:
        blocked = start_blocked(state.procedure, state.conditions(now_ms))
        if blocked is None:
            yield StartFreeze()
        elif waited_ms > within_ms:
            yield from self._give_up(state.procedure.phase, blocked)

    def _stimulate(self, state: State, now_ms: float, seen_ms: int) -> Iterator[AnyRequest]:
        proc = state.procedure
        if self._unconfirmed is not None and self._unconfirmed[0] == proc.site:
            # Once the stimulator is off.
            leaving = (EndStimulation(), ProbeOut(self._unconfirmed[1][:LONGEST_REASON]))
            yield from [each for each in leaving if self._refused(each, state, now_ms) is None][:1]
            return
        asked = self._examined(proc, seen_ms)
        if asked is None:
            return
        if not isinstance(asked, str):
            why_not = self._refused(asked, state, now_ms)
            if why_not is None:
                self._blocked_ms = None
                yield asked
                return
            self._blocked_ms = seen_ms if self._blocked_ms is None else self._blocked_ms
            if seen_ms - self._blocked_ms <= READY_WITHIN_MS:
                return
            asked = why_not
        self.reason = self.reason or asked
        self._gave_up, self._unconfirmed, self._blocked_ms = True, (proc.site, asked), None

    def _examined(self, proc: Procedure, seen_ms: int) -> AnyRequest | str | None:
        patient = self._patient
        if patient is None:
            return "There is no simulated patient to ask"
        try:
            return examiner.wanted(proc, lambda: patient.voice(seen_ms))
        except UnheardError as error:
            return str(error)

    def _refused(self, asked: AnyRequest, state: State, now_ms: float) -> str | None:
        found = requests.request(state.procedure, asked, state.conditions(now_ms))
        return found if isinstance(found, str) else None

    def _give_up(self, phase: Phase, why: str) -> Iterator[AnyRequest]:
        self.reason = self.reason or why
        self._gave_up = True
        yield from self._leave(phase, why)

    def _leave(self, phase: Phase, why: str) -> Iterator[AnyRequest]:
        if phase is Phase.PREPARE:
            self._quit = True
            yield Quit()
        else:
            yield ProbeOut(why[:LONGEST_REASON])
