"""The device's side of the link: sessions, sequences, events with repeats, telemetry, time.

Bytes and wall time come in, frames go out; nothing here waits or opens anything.
"""

import random
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from tests.minimal_device import codes
from tests.minimal_device.codes import Code, Result, State
from tests.minimal_device.framing import Receiver
from tests.minimal_device.machine import LOG_KEPT, Machine, Memory, Refused, require
from tests.minimal_device.messages import (
    KINDS,
    LAYOUTS,
    SCHEMA_HASH,
    Frame,
    fields_of,
    parse,
    wire,
)
from tests.minimal_device.thermal import Plant

MAJOR, MINOR = 1, 0
SESSIONS_KEPT, EVENTS_KEPT, EVENT_REPEAT_MS = 8, 64, 200
PERIOD_MS = 50  # of telemetry where time stands, and the longest run in lockstep
FROM_HOST = 0x80  # kinds under this
READINGS = {"ReadProbe": "Probe", "ReadCalibration": "Calibration", "ReadLog": "LogEntry"}
NO_COMMANDS = {KINDS["Heartbeat"], KINDS["EventAck"]}


@dataclass
class Waiting:
    """An event that is not acknowledged yet."""

    fields: dict
    sent_ms: int | None = None  # device time
    sent_wall: float = 0.0

    def due(self, now_ms: int, wall_ms: float, stands: bool) -> bool:
        if self.sent_ms is None:
            return False
        passed = wall_ms - self.sent_wall if stands else now_ms - self.sent_ms
        return passed >= EVENT_REPEAT_MS


class Outbox:
    """What waits for the line: the answer to STOP first, then answers, events, telemetry."""

    def __init__(self) -> None:
        self._stops: deque[bytes] = deque()
        self._answers: deque[bytes] = deque()
        self._events: dict[int, bytes] = {}
        self._telemetry: bytes | None = None

    def stop(self, frame: bytes) -> None:
        self._stops.append(frame)

    def answer(self, frame: bytes) -> None:
        self._answers.append(frame)

    def event(self, number: int, frame: bytes) -> None:
        self._events[number] = frame

    def telemetry(self, frame: bytes) -> None:
        self._telemetry = frame

    def restart(self) -> None:
        """What was said stays said; what only waited is of the boot before."""
        self._events.clear()
        self._telemetry = None

    def take(self) -> bytes | None:
        """The next frame to go out."""
        if self._stops:
            return self._stops.popleft()
        if self._answers:
            return self._answers.popleft()
        if self._events:
            return self._events.pop(next(iter(self._events)))
        frame, self._telemetry = self._telemetry, None
        return frame


class Device:
    """A device on its line. Its wall time is any clock of milliseconds that does not go back."""

    def __init__(
        self,
        wall_ms: float = 0.0,
        *,
        scale: int = 100,
        lockstep: bool = False,
        seed: int | None = None,
        plant: Plant | None = None,
    ):
        self.plant = plant or Plant()
        self.outbox = Outbox()
        self.scale, self.lockstep = scale, lockstep
        self._chance = random.Random(seed)
        self._memory = Memory()
        self._wall = wall_ms
        self._boot()

    def _boot(self) -> None:
        """Power-on, and every restart."""
        self.boot_id = self._chance.randrange(1, 1 << 32)
        self.machine = Machine(self.plant, self._memory, self._chance, self._tell)
        self.session = 0
        self.read_only = False
        self._left: deque[int] = deque(maxlen=SESSIONS_KEPT)
        self._last = 0
        self._remembered: bytes | None = None
        self._events: dict[int, Waiting] = {}
        self._event_number = 0
        self._telemetry_number = 0
        self._next_telemetry = PERIOD_MS
        self._standing = False  # in lockstep, for an echo of now
        self._sent_wall = self._wall  # the newest telemetry
        self._set_pace()
        self._receiver = Receiver()
        self._held: deque[Frame] = deque()
        self._restart_due = False
        self.outbox.restart()

    def _set_pace(self) -> None:
        self._pace_from = self._wall, self.machine.now

    def restart(self) -> None:
        """As by Reboot: at the next advance(), when the answers are out."""
        self._restart_due = True

    # in

    def receive(self, data: bytes, wall_ms: float, done: Callable[[], None] = lambda: None) -> None:
        """Bytes of the line; done() is called behind each frame, to send what it led to."""
        self.advance(wall_ms)
        for byte in data:
            found = self._receiver.take(byte)
            if isinstance(found, bytes):
                self._held.append(parse(found))
                self.advance(wall_ms, done)

    def _frame(self, frame: Frame) -> None:
        if frame.kind >= FROM_HOST or self.machine.state is State.BOOTING:
            return
        layout, fields = LAYOUTS.get(frame.kind), fields_of(frame)
        if layout and layout.name == "Stop":
            self._stop(frame)
        elif layout and layout.name == "Hello" and fields is not None:
            self._hello(frame, fields)
        elif frame.kind in NO_COMMANDS:
            own = self.session and frame.session == self.session
            if fields is not None and own and not self.read_only:
                self._note(layout.name, fields)
        else:
            self._command(frame, layout.name if layout else "", fields)

    def _stop(self, frame: Frame) -> None:
        self.machine.stop()
        if self.session and frame.session == self.session and self._newer(frame.sequence):
            self._last, self._remembered = frame.sequence, None
        self.outbox.stop(self._answer(frame, Result.DONE, 0))

    def _hello(self, frame: Frame, fields: dict) -> None:
        if frame.session == 0 or frame.session in self._left:
            return
        fresh = frame.session != self.session
        if fresh:
            if self.session:
                self._left.append(self.session)
            self.session = frame.session
            self._last, self._remembered = frame.sequence, None
            same = (fields["major"], fields["minor"]) == (MAJOR, MINOR)
            hash_differs = same and fields["schema_hash"] != SCHEMA_HASH
            other = fields["major"] != MAJOR or hash_differs
            self.read_only = bool(fields["flags"] & 1) or other
            self.machine.new_session()
        self.outbox.answer(self._welcome(frame))
        if fresh:
            for number in self._events:
                self._send_event(number)
            if self.lockstep:  # the new host has no stamp yet that it could echo
                self._send_telemetry()

    def _note(self, name: str, fields: dict) -> None:
        if name == "EventAck":
            self._events.pop(fields["number"], None)
        else:
            self.machine.heartbeat(fields["echo_ms"])
            if fields["echo_ms"] == self.machine.now:
                self._standing = False

    def _newer(self, sequence: int) -> bool:
        return 0 < (sequence - self._last) % 65_536 < 32_768

    def _command(self, frame: Frame, name: str, fields: dict | None) -> None:
        if not self.session or frame.session != self.session:
            self.outbox.answer(self._answer(frame, Result.WRONG_SESSION, 0))
            return
        if frame.sequence == self._last:
            if self._remembered is not None:
                self.outbox.answer(self._remembered)
            return
        if not self._newer(frame.sequence):
            return
        self._last = frame.sequence
        self._remembered = self._done(frame, name, fields)
        self.outbox.answer(self._remembered)
        if name == "Reboot" and self.machine.state is State.MAINTENANCE:
            self.restart()

    def _done(self, frame: Frame, name: str, fields: dict | None) -> bytes:
        """The command done or refused; what answers it."""
        try:
            require(fields is not None, Result.UNKNOWN_COMMAND)
            require(not self.read_only, Result.READ_ONLY)
            if name == "SetTelemetryRate" and self.lockstep:
                slow = 0 < fields["per_second"] < 1_000 // PERIOD_MS
                require(not slow, Result.TELEMETRY_TOO_SLOW, 1_000 // PERIOD_MS)
            if name == "SetTimeScale":
                value = self._set_time_scale(**fields)
            else:
                method = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
                value = getattr(self.machine, method)(**fields)
        except Refused as refused:
            return self._answer(frame, refused.result, refused.value)
        if name in READINGS:
            return wire(READINGS[name], frame.sequence, frame.session, self.machine.now, value)
        return self._answer(frame, Result.DONE, value)

    def _set_time_scale(self, hundredths: int) -> int:
        most = 60_000 if self.lockstep else 1_000
        require(hundredths <= most, Result.BEYOND_LIMIT, most)
        if hundredths != self.scale:
            self._set_pace()
            self.scale = hundredths
            self._tell(Code.TIME_SCALE, 0, hundredths)
        return hundredths

    # out

    def _answer(self, frame: Frame, result: Result, value: int) -> bytes:
        fields = {"command": frame.kind, "result": result, "value": value}
        return wire("Answer", frame.sequence, frame.session, self.machine.now, fields)

    def _welcome(self, frame: Frame) -> bytes:
        flags = codes.SIMULATED | (codes.LOCKSTEP if self.lockstep else 0)
        flags |= codes.MAINTENANCE_SWITCH if self.plant.maintenance_switch else 0
        fields = {
            "major": MAJOR,
            "minor": MINOR,
            "flags": flags,
            "gas": codes.N2O,
            "schema_hash": SCHEMA_HASH,
            "boot_id": self.boot_id,
            "serial": "MINIMAL-1",
            "firmware_major": 0,
            "firmware_minor": 1,
            "firmware_patch": 0,
            "pedal_role": codes.STOP_ONLY,
            "capabilities": 0,
            "coldest_target_centikelvin": codes.COLDEST_TARGET,
            "lowest_tip_centikelvin": codes.LOWEST_TIP,
            "freeze_cap_ms": codes.FREEZE_CAP_MS,
            "tip_pressure_cap_kpa": codes.TIP_PRESSURE_CAP_KPA,
            "stimulation_cap_ua": codes.STIMULATION_CAP_UA,
            "lease_freeze_ms": codes.LEASE_FREEZE_MS,
            "lease_stimulation_ms": codes.LEASE_STIMULATION_MS,
            "time_scale_hundredths": self.scale,
            "telemetry_per_second": self.machine.rate,
            "state": self.machine.state,
        }
        return wire("Welcome", frame.sequence, frame.session, self.machine.now, fields)

    def _tell(self, code: Code, detail: int, value: int) -> None:
        """An event: sent at once, and again until it is acknowledged."""
        self._event_number = self._event_number % 65_535 + 1
        happened = {"code": code, "detail": detail, "at_ms": self.machine.now, "value": value}
        self._events[self._event_number] = Waiting({"number": self._event_number} | happened)
        while len(self._events) > EVENTS_KEPT:
            self._events.pop(next(iter(self._events)))
        self._memory.log.append(happened | {"boot_id": self.boot_id})
        del self._memory.log[:-LOG_KEPT]
        self._send_event(self._event_number)

    def _send_event(self, number: int) -> None:
        if self.session:
            event = self._events[number]
            event.sent_ms, event.sent_wall = self.machine.now, self._wall
            frame = wire("Event", number, self.session, self.machine.now, event.fields)
            self.outbox.event(number, frame)

    def _send_telemetry(self) -> None:
        self._telemetry_number = (self._telemetry_number + 1) % 65_536
        self.outbox.telemetry(
            wire(
                "Telemetry",
                self._telemetry_number,
                self.session,
                self.machine.now,
                self.machine.measured(),
            )
        )
        self._sent_wall = self._wall
        self._standing = self.lockstep

    # time

    def due(self) -> float:
        """The wall time at which advance() has something to do, frames that come apart."""
        if self._repeats_telemetry():
            return self._sent_wall + PERIOD_MS
        if self._standing:
            return self._wall + EVENT_REPEAT_MS
        ahead = self._next_telemetry - self._pace_from[1]
        if not self.lockstep:  # ends in between are met to two milliseconds
            ahead = min(ahead, self.machine.now + 2 - self._pace_from[1])
        return self._pace_from[0] + ahead * 100 / self.scale

    def _repeats_telemetry(self) -> bool:
        """Whether time stands, and no echo can end that."""
        unleased = not self.session or self.read_only
        return self.scale == 0 or (self._standing and unleased)

    def advance(self, wall_ms: float, done: Callable[[], None] = lambda: None) -> None:
        """On to this moment, and through the frames that wait; in lockstep while time stands."""
        self._on(wall_ms)
        while self._held and (self._standing or not self.lockstep or self.scale == 0):
            self._frame(self._held.popleft())
            self._on(wall_ms)
            done()

    def _on(self, wall_ms: float) -> None:
        self._wall = wall_ms
        if self._restart_due:
            self._boot()
        self._go_on(wall_ms)
        for number, event in list(self._events.items()):
            if event.due(self.machine.now, wall_ms, self.scale == 0):
                self._send_event(number)

    def _go_on(self, wall_ms: float) -> None:
        if self._repeats_telemetry():
            if wall_ms - self._sent_wall >= PERIOD_MS:
                self._send_telemetry()
            return
        if self.scale == 0 or self._standing:
            return
        paced = self._pace_from[1] + int((wall_ms - self._pace_from[0]) * self.scale / 100)
        if self.lockstep:
            if paced >= self._next_telemetry:  # all of it at once, or nothing
                self._run(self._next_telemetry)
                self._set_pace()
        else:
            self._run(paced)

    def _run(self, until: int) -> None:
        while self.machine.now < until:
            self.machine.run(min(until, self._next_telemetry))
            if self.machine.now == self._next_telemetry:
                period = 1_000 // self.machine.rate
                if self.lockstep:
                    period = min(period, PERIOD_MS)
                self._next_telemetry += period
                self._send_telemetry()
        idle = self.machine.state is State.IDLE
        if idle and self.machine.now >= codes.RESTART_AFTER_MS:
            self.restart()
