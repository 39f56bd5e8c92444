"""A session driven by hand: what is seen, answered and asked, one thing at a time."""

from typing import Any

import msgspec

from console.model.console_check import WITH_GAS, CheckItem
from console.model.cycle import CycleRecord
from console.model.device import DeviceState
from console.model.event import EventKind
from console.model.observation import DeviceEvent, FreezeEnd, Observation
from console.model.plan import Cycle, Plan, Side, Site, StimulationPlan
from console.model.request import (
    AnswerCheck,
    AnswerTimeOut,
    AnyRequest,
    ChoosePlan,
    EndCheck,
    EndTimeOut,
    FinishHere,
    ProbeOut,
    ScorePain,
    StartCheck,
    StartFreeze,
)
from console.model.snapshot import Phase
from console.model.time_out import TimeOutItem
from console.procedure import requests, step
from console.procedure.check_lines import SETTLED_MS
from console.procedure.state import Conditions, Effect, Effects, Note, Procedure
from tests.consoles import BENCH

DEVICE = BENCH
PERIOD_MS = 50
FREEZING, THAWING, IDLE = DeviceState.FREEZING, DeviceState.THAWING, DeviceState.IDLE
TESTING = DeviceState.TESTING
ROOM = 20.0


def plan(*freezes: float, thaw_s: float = 45.0, sites: int = 1, **fields: Any) -> Plan:
    """A plan of these freezes at each site."""
    cycles = tuple(Cycle(s, thaw_s) for s in freezes or (120.0, 120.0, 120.0))
    sides = (Side.LEFT, Side.RIGHT)
    return Plan(tuple(Site("saphenous", sides[n % 2], cycles) for n in range(sites)), **fields)


class Case:
    """A session. `said` are all effects so far; `now` is what the procedure knows of the rest."""

    def __init__(self, chosen: Plan | None = None, how: str = "demonstration") -> None:
        self.proc = Procedure()
        self.at_ms = 60_000
        self.said: list[Effect] = []
        self.now = Conditions(device=DEVICE, leak_test=True, not_free="not yet")
        self.see(IDLE, 36.0)
        if chosen is not None:
            assert self.ask(ChoosePlan(chosen, how=how)) is None

    def take(self, result: tuple[Procedure, Effects]) -> Effects:
        """Takes what follows."""
        self.proc, effects = result
        self.said.extend(effects)
        return effects

    def see(
        self,
        state: DeviceState,
        tip: float | None = -20.0,
        *,
        ms: int = PERIOD_MS,
        free: bool = False,
        **fields: Any,
    ) -> Effects:
        """The next observation, `ms` later."""
        self.at_ms += ms
        usual: dict[str, Any] = {"valve_open": state is FREEZING, "flow_mg_s": 0.0}
        usual["room_celsius"] = ROOM
        seen = Observation(self.at_ms, state, tip_celsius=tip, **{**usual, **fields})
        self.now = msgspec.structs.replace(self.now, observation=seen, fresh=True, free=free)
        return self.take(step.observed(self.proc, self.now))

    def ask(self, asked: AnyRequest) -> str | None:
        """Asks; why it was refused."""
        result = requests.request(self.proc, asked, self.now)
        if isinstance(result, str):
            return result
        self.take(result)
        return None

    def end_said(
        self, why: FreezeEnd, *, ran_ms: int | None = None, at_ms: int | None = None
    ) -> Effects:
        """The device's event of the end of a freeze."""
        at_ms = self.at_ms if at_ms is None else at_ms
        record = self.proc.last_record
        if ran_ms is None:
            ran_ms = at_ms - record.started_ms if record is not None else 1
        event = DeviceEvent(at_ms, "freeze_ended", why.value, ran_ms, why)
        return self.take(step.device_said(self.proc, event))

    def state_said(self, state: DeviceState, *, at_ms: int | None = None) -> Effects:
        """The device's event of a change of state."""
        at_ms = self.at_ms if at_ms is None else at_ms
        return self.take(
            step.device_said(self.proc, DeviceEvent(at_ms, "state_changed", state.value))
        )

    def stop(self, reason: str = "Stopped by you 10:00:00", *, by_operator: bool = True) -> Effects:
        return self.take(step.stopped(self.proc, reason, by_operator=by_operator, at_ms=None))

    # --- the console check ----------------------------------------------------------------------

    def tests(self, item: CheckItem) -> None:
        """The test of a line is asked for, and runs."""
        refused = self.ask(StartCheck(item))
        assert refused is None, refused
        if item in WITH_GAS:
            self.handshake()
            self.see(FREEZING, 10.0, flow_mg_s=280.0)
        else:
            self.take(step.granted(self.proc))
            self.see(TESTING, ROOM)

    def gas_ends(self, why: FreezeEnd = FreezeEnd.TIMER) -> None:
        """The gas of a test goes off: the event, then the telemetry."""
        event = DeviceEvent(self.at_ms, "freeze_ended", why.value, 3_000, why)
        self.take(step.device_said(self.proc, event))
        self.see(THAWING, 5.0)

    def leak_told(self, *, passed: bool, lost_kpa: float = 4.0) -> None:
        """The console tells what its own test came to."""
        event = DeviceEvent(self.at_ms, "test_ended", str(int(passed)), round(lost_kpa * 100))
        self.take(step.device_said(self.proc, event))
        self.see(IDLE, ROOM)

    def does(self, item: CheckItem) -> None:
        """One line of the check, as it has to be."""
        if item in WITH_GAS:
            self.tests(item)
            self.gas_ends()
        if item is CheckItem.SUPPLY_LEAK:
            self.tests(item)
            self.leak_told(passed=True)
        elif item is CheckItem.THAW:
            self.see(THAWING, 12.0, free=True)
        elif item in (CheckItem.GAS_OFF, CheckItem.THERMOCOUPLE):
            self.see(IDLE, ROOM, free=True)
            if item is CheckItem.THERMOCOUPLE:
                self.see(IDLE, ROOM, ms=SETTLED_MS, free=True)
        else:
            refused = self.ask(AnswerCheck(item, passed=True))
            assert refused is None, refused

    def checked(self, *, up_to: CheckItem | None = None) -> "Case":
        """The whole check, or the lines before one."""
        for item in CheckItem:
            if item is up_to:
                return self
            self.does(item)
        assert self.ask(EndCheck()) is None
        return self

    def reads_the_card(self) -> "Case":
        """The time-out, all clear."""
        for item in TimeOutItem:
            assert self.ask(AnswerTimeOut(item, clear=True)) is None
        assert self.ask(EndTimeOut()) is None
        self.see(IDLE, 36.0)  # the probe goes in
        return self

    def scored(self, score: int = 7) -> "Case":
        """The pain now, asked of the patient."""
        assert self.ask(ScorePain(score)) is None
        return self

    # --- usual ways -----------------------------------------------------------------------------

    def handshake(self) -> None:
        """From the accepted start to the device's grant."""
        self.take(step.durable(self.proc))
        self.take(step.armed(self.proc))
        self.take(step.granted(self.proc))

    def freeze(self, *, for_ms: int = 1_000, tip: float = -20.0) -> "Case":
        """A freeze starts and has run for so long."""
        refused = self.ask(StartFreeze())
        assert refused is None, refused
        self.handshake()
        for _ in range(0, for_ms, PERIOD_MS):
            self.see(FREEZING, tip, flow_mg_s=280.0)
        assert self.phase is Phase.FREEZING
        return self

    def ends(self, why: FreezeEnd = FreezeEnd.TIMER) -> "Case":
        """The freeze ends: the event, then the telemetry."""
        self.end_said(why)
        self.see(THAWING, -30.0)
        return self

    def thaws(self, s: float, *, tip: float = -8.0, free: bool = False) -> "Case":
        """So much thaw passes."""
        for _ in range(round(s * 1_000 / PERIOD_MS)):
            self.see(THAWING, tip, free=free)
        return self

    @property
    def phase(self) -> Phase:
        return self.proc.phase

    @property
    def record(self) -> CycleRecord:
        assert self.proc.last_record is not None
        return self.proc.last_record

    def texts(self, kind: EventKind) -> list[str]:
        return [e.event.text for e in self.said if isinstance(e, Note) and e.event.kind is kind]


def in_phase(phase: Phase) -> Case:
    """A case that stands in this phase, and has come there the usual way."""
    wanted = StimulationPlan() if phase is Phase.STIMULATE else None
    how = "bedside" if phase in (Phase.CHECK, Phase.TIME_OUT) else "demonstration"
    case = Case() if phase is Phase.PREPARE else Case(plan(stimulation=wanted), how)
    match phase:
        case Phase.PREPARE | Phase.CHECK | Phase.STIMULATE | Phase.READY:
            pass
        case Phase.TIME_OUT:
            case.checked()
        case Phase.STARTING:
            case.ask(StartFreeze())
        case Phase.FREEZING:
            case.freeze()
        case Phase.THAWING:
            case.freeze().ends().thaws(45.0)
        case Phase.STOPPED:
            case.freeze().stop()
            case.end_said(FreezeEnd.STOP)
            case.see(THAWING)
        case Phase.RELEASING | Phase.FREE | Phase.OUT:
            case.freeze().ends(FreezeEnd.END).thaws(45.0)
            assert case.ask(FinishHere()) is None
            if phase is not Phase.RELEASING:
                case.see(THAWING, 20.0, free=True)
            if phase is Phase.OUT:
                assert case.ask(ProbeOut()) is None
    assert case.phase is phase, (case.phase, phase)
    return case
