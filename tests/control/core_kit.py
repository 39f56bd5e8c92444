"""The core on a bench: real frames to and from a small console in memory, by one clock.

The console is built on drivers.link.device; it freezes and thaws in straight lines, fast, so that a
whole session takes a minute. Whatever a test wants broken is a field of `Console` or of `Bench`.
"""

from collections.abc import Callable
from typing import Any

import msgspec

from console import config
from console.control import core, picture
from console.control.outputs import (
    Checkpoint,
    Device,
    Feed,
    Finish,
    History,
    Output,
    Renew,
    Tell,
    Transmit,
)
from console.control.procedure_door import loaded
from console.control.state import Config, SavedCase, State
from console.model.alarm import Alarm
from console.model.event import Event as HostEvent
from console.model.event import EventKind
from console.model.plan import Cycle, Plan, Side, Site
from console.model.request import AnyRequest, ChoosePlan, StartFreeze
from console.model.snapshot import Phase, Snapshot
from console.records.entries import (
    DurableIn,
    FailedIn,
    FlawIn,
    FrameIn,
    GapIn,
    GuiTickIn,
    PortIn,
    RecordFailedIn,
    RequestIn,
    ScreenGoneIn,
    TickIn,
)
from drivers.link import codes, device
from drivers.link.frame import Frame, encode
from drivers.link.messages import (
    SCHEMA_HASH,
    VERSION_MINOR,
    Answer,
    Arm,
    End,
    Event,
    EventAck,
    Extend,
    Heartbeat,
    Hello,
    Message,
    Probe,
    ReadProbe,
    Reset,
    SetAmplitude,
    StartStimulation,
    StimulationOff,
    Stop,
    Telemetry,
    Welcome,
    pack,
    read,
    to_celsius,
    to_centikelvin,
)
from drivers.link.messages import (
    StartFreeze as StartMessage,
)

LIMITS = config.limits()
STEP_MS = 10
LINE_MS = 2
LEASE_MS = 1_000
FALL_PER_MS = 0.02  # °C
RISE_PER_MS = 0.015


def plan(*cycles: float, thaw_s: float = 2.0, sites: int = 1, **fields: Any) -> Plan:
    """A plan of short freezes."""
    site = Site("saphenous", Side.LEFT, tuple(Cycle(s, thaw_s) for s in cycles or (6.0, 6.0)))
    return Plan((site,) * sites, **fields)


class Console:
    """A gas console: valve, tip, freeze timer, lease, faults, events. Times are its own ms."""

    def __init__(
        self, *, boot_id: int = 0xB007, now_ms: int = 60_000, **welcome: int | bytes
    ) -> None:
        self.now_ms = now_ms
        self.boot_id = boot_id
        self.welcome = welcome
        self.link = device.DeviceLink()
        self.state = codes.DeviceState.IDLE
        self.tip: float | None = 36.0
        self.quality = codes.Quality.OK
        self.supply_kpa: int | None = 4900
        self.flow_mg_s: int | None = None  # None: as the valve stands
        self.valve_stuck = False
        self.stimulator_on = False
        self.amplitude_ua = 0
        self.delivered_ua: int | None = None  # None: what is set
        self.warming = False
        self.local = False
        self.on_ms: int | None = None
        self.end_ms = 0
        self.target = -70.0
        self.faults = 0
        self.standing = 0  # faults whose cause stands
        self.probe: Probe | None = Probe(1, 5, b"LT-14", b"P-0001", 1400, 6000, 25_000)
        self.refuses: dict[type[Message], codes.Result] = {}
        self.silent_about: set[type[Message]] = set()  # commands that it does and does not answer
        self.refuses_to_open = False
        self.telemetry_every_ms = 50
        self.still = False  # its clock stands
        self.out: list[Frame] = []
        self.resets = 0
        self.heard: list[Message] = []
        self._sequence = 0

    @property
    def valve_open(self) -> bool:
        return self.on_ms is not None or self.valve_stuck

    def take(self) -> list[Frame]:
        """What it sends, once."""
        out, self.out = self.out, []
        return out

    # --- what it hears ------------------------------------------------------------------------

    def hear(self, frame: Frame) -> None:
        self.link, verdict = device.hear(self.link, frame, self.now_ms)
        message = read(frame)
        if message is not None:
            self.heard.append(message)
        match verdict:
            case device.Opened(frame, renewed):
                if not renewed:
                    self.gas_off(codes.FreezeEnd.NEW_SESSION)
                self._answer(frame, self.welcomed(), first=True)
            case device.Reply(reply):
                self.out.append(msgspec.structs.replace(reply, device_ms=self.now_ms))
            case device.Command(command, frame):
                place = len(self.out)
                answer = self._do(command)
                if type(command) not in self.silent_about:
                    self._answer(frame, answer, place=place)

    def _answer(self, to: Frame, answer: Message, *, first: bool = False, place: int = -1) -> None:
        self.link, frame = device.answer(self.link, to, answer, self.now_ms)
        self.out.insert(0 if first else place, frame)

    def welcomed(self) -> Welcome:
        fields: dict[str, Any] = {
            "major": 1, "minor": VERSION_MINOR, "flags": codes.WelcomeFlag.SIMULATED,
            "gas": codes.Gas.N2O,
            "schema_hash": SCHEMA_HASH, "boot_id": self.boot_id, "serial": b"CC-0001",
            "firmware_major": 1, "firmware_minor": 0, "firmware_patch": 0, "pedal_role": 1,
            "capabilities": 0, "coldest_target_centikelvin": to_centikelvin(-75.0),
            "lowest_tip_centikelvin": to_centikelvin(-85.0), "freeze_cap_ms": 240_000,
            "tip_pressure_cap_kpa": 401, "stimulation_cap_ua": 10_000, "lease_freeze_ms": LEASE_MS,
            "lease_stimulation_ms": 500, "time_scale_hundredths": 100,
            "telemetry_per_second": 1_000 // self.telemetry_every_ms, "state": self.state,
        }  # fmt: skip
        return Welcome(**{**fields, **self.welcome})

    def _do(self, command: Message) -> Message:
        kind = type(command).KIND
        refused = self.refuses.get(type(command))
        if refused is not None:
            return Answer(kind, refused, 0)
        value = 0
        result = codes.Result.DONE
        match command:
            case Stop():
                self.gas_off(codes.FreezeEnd.STOP)
                self.stimulation_off(codes.FreezeEnd.STOP)
            case ReadProbe():
                return self.probe or Probe(0, 0, b"", b"", 0, 0, 0)
            case Arm():
                result = self._may()
                if result is codes.Result.DONE:
                    self.link, token = device.grant(self.link, command.action, self.now_ms, 7)
                    value = token.value
            case StartMessage():
                self.link, result = device.spend(
                    self.link, command.token, codes.Action.FREEZE, command.expires_ms, self.now_ms
                )
                if result is codes.Result.DONE:
                    result = self._may()
                if result is codes.Result.DONE and not self.refuses_to_open:
                    self.gas_on(command.freeze_ms, to_celsius(command.target_centikelvin) or 0.0)
                    value = self.end_ms
            case StartStimulation():
                self.link, result = device.spend(
                    self.link, command.token, codes.Action.STIMULATE, command.expires_ms,
                    self.now_ms,
                )  # fmt: skip
                if result is codes.Result.DONE:
                    self.stimulator_on, self.amplitude_ua = True, 0
                    self._enter(codes.DeviceState.STIMULATING)
            case SetAmplitude():
                self.amplitude_ua = value = command.amplitude_ua
                on = self.stimulator_on
                result = codes.Result.DONE if on else codes.Result.WRONG_STATE
            case StimulationOff():
                self.stimulation_off(codes.FreezeEnd.END_COMMAND)
            case End():
                result = codes.Result.DONE if self.on_ms is not None else codes.Result.WRONG_STATE
                self.gas_off(codes.FreezeEnd.END_COMMAND)
            case Extend():
                self.end_ms += command.by_ms
                value = self.end_ms
            case Reset():
                self.resets += 1
                self.faults &= self.standing
                result = codes.Result.FAULT_STANDS if self.faults else codes.Result.DONE
        return Answer(kind, result, value)

    def _may(self) -> codes.Result:
        if self.on_ms is not None:
            return codes.Result.WRONG_STATE
        if self.faults:
            return codes.Result.FAULT_STANDS
        if device.lease_left_ms(self.link, LEASE_MS, self.now_ms) == 0:
            return codes.Result.NO_LEASE
        return codes.Result.DONE

    # --- what it does -------------------------------------------------------------------------

    def gas_on(self, freeze_ms: int, target: float, *, local: bool = False) -> None:
        self.on_ms, self.end_ms, self.target = self.now_ms, self.now_ms + freeze_ms, target
        self.local = local
        self._enter(codes.DeviceState.FREEZING)

    def gas_off(self, why: codes.FreezeEnd) -> None:
        if self.on_ms is None:
            return
        ran_ms, self.on_ms, self.local = self.now_ms - self.on_ms, None, False
        self.happened(codes.EventCode.FREEZE_ENDED, why, ran_ms)
        self._enter(codes.DeviceState.THAWING)

    def stimulation_off(self, why: codes.FreezeEnd) -> None:
        if not self.stimulator_on:
            return
        self.stimulator_on, self.amplitude_ua = False, 0
        self.happened(codes.EventCode.STIMULATION_ENDED, why)
        self._enter(codes.DeviceState.IDLE)

    def fault(self, fault: codes.Fault, *, stands: bool = False) -> None:
        self.faults |= fault
        self.standing |= fault if stands else 0
        self.gas_off(
            codes.FreezeEnd.LEASE if fault is codes.Fault.LEASE_LOST else codes.FreezeEnd.FAULT
        )
        self.stimulation_off(codes.FreezeEnd.FAULT)

    def reboot(self, boot_id: int) -> None:
        """Another boot: its clock at 0, nothing remembered."""
        self.boot_id, self.now_ms, self.on_ms = boot_id, 0, None
        self.link = device.DeviceLink()
        self.state, self.out, self._sequence = codes.DeviceState.IDLE, [], 0

    def happened(self, code: codes.EventCode, detail: int = 0, value: int = 0) -> None:
        self.link, event = device.happened(self.link, code, detail, value, self.now_ms)
        self._say(event, event.number)

    def advance(self, ms: int) -> None:
        """Time passes, in one piece: `ms` is no more than the control period."""
        if self.still:
            self._tell()
            return
        self.now_ms += ms
        if self.on_ms is not None:
            lease = device.lease_left_ms(self.link, LEASE_MS, self.now_ms)
            if self.now_ms >= self.end_ms:
                self.gas_off(codes.FreezeEnd.TIMER)
            elif lease == 0:
                self.fault(codes.Fault.LEASE_LOST)
        if self.tip is not None:
            if self.valve_open:
                self.tip = max(self.target, self.tip - FALL_PER_MS * ms)
            else:
                self.tip = min(36.0, self.tip + RISE_PER_MS * ms)
        self.link, due = device.due_events(self.link, self.now_ms)
        for event in due:
            self._say(event, event.number)
        if self.now_ms % self.telemetry_every_ms < ms:
            self._tell()

    def _tell(self) -> None:
        self._sequence = self._sequence + 1 & 0xFFFF
        self._say(self.telemetry(), self._sequence)

    def telemetry(self) -> Telemetry:
        stuck = self.valve_stuck and self.on_ms is None
        flow = (280 if self.valve_open else 0) if self.flow_mg_s is None else self.flow_mg_s
        actuators = (
            codes.Actuator.VALVE_OPEN * self.valve_open
            | codes.Actuator.EXHAUST_OPEN
            | codes.Actuator.WARMING * self.warming
            | codes.Actuator.STIMULATOR_ON * self.stimulator_on
            | codes.Actuator.LOCAL_START * self.local
        )
        qualities = self.quality << 4 * codes.Sensor.TIP
        if self.supply_kpa is None:
            qualities |= codes.Quality.OUT_OF_RANGE << 4 * codes.Sensor.SUPPLY
        delivered = self.amplitude_ua if self.delivered_ua is None else self.delivered_ua
        return Telemetry(
            self.state, int(actuators), qualities, to_centikelvin(self.tip), 28_715, 29_465,
            self.supply_kpa or 0, 160, flow, 100 if stuck or self.on_ms is not None else 0,
            delivered, 480 if delivered else 0,
            max(0, self.end_ms - self.now_ms) if self.on_ms is not None else 0,
            min(0xFFFF, device.lease_left_ms(self.link, LEASE_MS, self.now_ms)), self.faults,
        )  # fmt: skip

    def _enter(self, state: codes.DeviceState) -> None:
        old, self.state = self.state, state
        self.happened(codes.EventCode.STATE_CHANGED, state, old)

    def _say(self, message: Message, sequence: int) -> None:
        frame = Frame(message.KIND, sequence, self.link.session, self.now_ms, pack(message))
        self.out.append(frame)


class Bench:
    """A core, its console and what lies between, by one clock. `to_console` and `to_host` say
    which frames pass."""

    def __init__(
        self,
        console: Console | None = None,
        *,
        screen: bool = True,
        seed: int = 1,
        resume_from: SavedCase | None = None,
        now_ms: float = 5_000.0,
    ) -> None:
        self.console = console or Console()
        self.now_ms = now_ms
        self.state: State = core.begin(
            Config("test", LIMITS, seed, "2026-01-05T10:00:00.000+00:00", now_ms, screen),
            resume_from,
        )
        self.screen_ticks = screen
        self.cable = False
        self.console_runs = True
        self.line_cut = False  # nothing passes, and nobody is told
        self.disk = True
        self.to_console: Callable[[Message], bool] = lambda message: True
        self.to_host: Callable[[Message], bool] = lambda message: True
        self.sent: list[tuple[float, Frame]] = []
        self.history: list[HostEvent] = []
        self.replies: list[tuple[int, str | None]] = []
        self.checkpoints: list[SavedCase] = []
        self.inputs: list[core.Input] = []
        self.outputs: list[Output] = []
        self.finished: str | None = None
        self.renewed = 0
        self._durable: list[int] = []
        self._down: list[tuple[float, Frame]] = []
        self._up: list[tuple[float, Frame]] = []
        self._asked = 0

    # --- inputs -------------------------------------------------------------------------------

    def give(self, given: core.Input) -> list[Output]:
        """One input, as the loop gives it; what came of it."""
        self.inputs.append(given)
        return self._done(core.step(self.state, given))

    def failed(self, words: str) -> list[Output]:
        """What the loop does when a step has raised."""
        return self._done(core.step(self.state, FailedIn(self.now_ms, words)))

    def _done(self, out: list[Output]) -> list[Output]:
        self.outputs.extend(out)
        for output in out:
            match output:
                case Transmit():
                    self.sent.append((self.now_ms, output.frame))
                    message = read(output.frame)
                    if self._line and message is not None and self.to_console(message):
                        self._down.append((self.now_ms + LINE_MS, output.frame))
                case Tell():
                    self.replies.append((output.reply.id, output.reply.refused))
                case History():
                    self.history.append(output.event)
                case Checkpoint():
                    self.checkpoints.append(loaded(output.state))
                    self._durable.append(output.token)
                case Renew():
                    self.renewed += 1
                case Finish():
                    assert self.finished is None, "finished twice"
                    self.finished = output.reason
                case Device() | Feed():
                    pass
        return out

    def open_port(self) -> list[Output]:
        self.cable = True
        self._up, self._down = [], []
        return self.give(PortIn(self.now_ms, core.PORT_OPENED, ""))

    def close_port(self, words: str = "the port is gone") -> list[Output]:
        self.cable = False
        self._up, self._down = [], []
        return self.give(PortIn(self.now_ms, core.PORT_LOST, words))

    def ask(self, request: AnyRequest) -> str | None:
        """Asks, and answers why it was refused."""
        self._asked += 1
        self.give(RequestIn(self.now_ms, self._asked, request))
        number, refused = self.replies[-1]
        assert number == self._asked
        return refused

    def wants(self, request: AnyRequest) -> list[Output]:
        """Asks, and answers what followed."""
        self._asked += 1
        out = self.give(RequestIn(self.now_ms, self._asked, request))
        assert self.replies[-1] == (self._asked, None), self.replies[-1]
        return out

    def hears(self, frame: Frame) -> list[Output]:
        """One frame reaches the host now."""
        return self.give(FrameIn(self.now_ms, encode(frame)[:-1]))

    def garbage(self, count: int) -> list[Output]:
        """Bytes that are no frames."""
        return [o for _ in range(count) for o in self.give(FlawIn(self.now_ms, 3))]

    def gap(self, ms: float) -> list[Output]:
        """The loop did not run; the console did."""
        self.now_ms += ms
        for _ in range(int(ms) // STEP_MS):
            self._console_goes_on()
        return self.give(GapIn(self.now_ms, ms))

    def screen_gone(self) -> list[Output]:
        self.screen_ticks = False
        return self.give(ScreenGoneIn(self.now_ms, "its pipe closed"))

    def disk_fails(self, words: str = "disk full") -> list[Output]:
        return self.give(RecordFailedIn(self.now_ms, words))

    # --- time ---------------------------------------------------------------------------------

    def run(self, ms: int, until: Callable[[], bool] | None = None) -> None:
        """Lets time pass; with `until`, no longer than it is False, and it must come."""
        for _ in range(ms // STEP_MS):
            if until is not None and until():
                return
            self._step()
        assert until is None or until(), "it did not come in time"

    def _step(self) -> None:
        self.now_ms += STEP_MS
        self._console_goes_on()
        up, self._up = self._up, []
        for _, frame in up:
            if self.cable:
                self.give(FrameIn(self.now_ms, encode(frame)[:-1]))
        if self.disk:
            while self._durable:
                self.give(DurableIn(self.now_ms, self._durable.pop(0)))
        if self.screen_ticks and self.now_ms % 50 < STEP_MS:
            self.give(GuiTickIn(self.now_ms, self.state.snapshots))
        if self.now_ms % 20 < STEP_MS:
            self.give(TickIn(self.now_ms))

    def _console_goes_on(self) -> None:
        down = [frame for due, frame in self._down if due <= self.now_ms]
        self._down = [(due, frame) for due, frame in self._down if due > self.now_ms]
        if not self.console_runs:
            return
        for frame in down:
            self.console.hear(frame)
        self.console.advance(STEP_MS)
        for frame in self.console.take():
            message = read(frame)
            if self._line and message is not None and self.to_host(message):
                self._up.append((self.now_ms, frame))

    @property
    def _line(self) -> bool:
        return self.cable and not self.line_cut

    # --- usual ways ---------------------------------------------------------------------------

    def connected(self) -> "Bench":
        """The port is open, the link is open, the screen ticks, the probe is read."""
        self.open_port()
        self.run(300)
        assert self.state.link.open and self.state.device is not None
        return self

    def ready(self, chosen: Plan | None = None) -> "Bench":
        """A plan is chosen."""
        self.connected()
        assert self.ask(ChoosePlan(chosen or plan(), how="demonstration")) is None
        return self

    def freezing(self, chosen: Plan | None = None, *, for_ms: int = 1_500) -> "Bench":
        """A freeze runs since about `for_ms`."""
        self.ready(chosen)
        assert self.ask(StartFreeze()) is None
        self.run(1_000, lambda: self.phase is Phase.FREEZING)
        self.run(for_ms)
        assert self.phase is Phase.FREEZING
        return self

    # --- what is so ---------------------------------------------------------------------------

    @property
    def phase(self) -> Phase:
        return self.state.procedure.phase

    @property
    def alarms(self) -> dict[str, Alarm]:
        return {alarm.id: alarm for alarm in self.state.alarms}

    def snapshot(self) -> Snapshot:
        return picture.snapshot(self.state, self.now_ms, None)

    def told(self, kind: EventKind) -> list[str]:
        """The texts of the events of this kind so far."""
        return [event.text for event in self.history if event.kind is kind]

    def messages(self, *kinds: type[Message], since: int = 0) -> list[Message]:
        """What was sent, of these kinds."""
        found = [read(frame) for _, frame in self.sent[since:]]
        return [m for m in found if m is not None and (not kinds or isinstance(m, kinds))]


def transmitted(out: list[Output]) -> list[str]:
    """The names of the frames among outputs, in order; heartbeats and acknowledgements left out."""
    found = [read(output.frame) for output in out if isinstance(output, Transmit)]
    quiet = (Heartbeat, EventAck)
    return [type(m).__name__ for m in found if not isinstance(m, quiet)]


__all__ = [
    "LIMITS",
    "Bench",
    "Console",
    "Event",
    "Hello",
    "plan",
    "transmitted",
]
