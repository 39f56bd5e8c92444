"""The test bench: a host that does what a check says and no more, in device time.

It keeps a session, acknowledges events and sends heartbeats by itself until a check switches that
off. Device time is the newest stamp of telemetry or events (`measured_ms`: of telemetry alone);
every wait for it has an end by the wall, so that a device whose clock stands cannot hold the suite.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from drivers.conformance.verdicts import FailedError, expect, named
from drivers.conformance.wire import Seen, Wire
from drivers.link.codes import DeviceState, EventCode, Result
from drivers.link.frame import Flaw, Frame, encode
from drivers.link.messages import (
    SCHEMA_HASH,
    VERSION_MAJOR,
    VERSION_MINOR,
    Answer,
    Calibration,
    Event,
    EventAck,
    Heartbeat,
    Hello,
    LogEntry,
    Message,
    Probe,
    ReadProbe,
    Stop,
    Telemetry,
    Welcome,
    pack,
)

T = TypeVar("T")

ANSWER_WALL_S: Final = 1.5
HELLO_TRIES: Final = 5
HELLO_WALL_S: Final = 0.4
BEAT_EVERY_MS: Final = 100
ANSWERING: Final = (Answer, Welcome, Probe, Calibration, LogEntry)
_random = random.SystemRandom()


class Bench:
    """One device on one port. `seen` is all that it ever said, in order."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.seen: list[Seen] = []
        self.welcome: Welcome | None = None
        self.telemetry: Telemetry | None = None
        self.stamp_ms = 0
        self.measured_ms = 0
        self.scale = 1.0
        self.rate = 20
        self.maintained = False  # a real device, to be kept in maintenance
        self.session = 0
        self.sequence = _random.randrange(1, 30_000)
        self.beating = True
        self.acking = True
        self.last_echo_ms: int | None = None
        self.longest_gap_ms = 0.0
        self._events: set[tuple[int, int, int]] = set()  # (boot id, number, time)
        self._firsts: set[int] = set()  # places in `seen` of events that came for the first time
        self._boot_id = 0
        self._came_s = time.monotonic()
        self._stamped_s = self._came_s

    # --- bytes and frames -----------------------------------------------------------------------

    def frame(
        self, message: Message, *, sequence: int | None = None, session: int | None = None
    ) -> Frame:
        """`message` as a frame of this session with the next sequence, not sent."""
        if sequence is None:
            sequence = 0 if isinstance(message, Heartbeat | EventAck) else self.next_sequence()
        session = self.session if session is None else session
        return Frame(message.KIND, sequence, session, 0, pack(message))

    def hello(self, *, sequence: int | None = None, session: int | None = None) -> Frame:
        """A Hello of this version, not sent."""
        hello = Hello(VERSION_MAJOR, VERSION_MINOR, 0, 0, SCHEMA_HASH)
        return self.frame(hello, sequence=sequence, session=session)

    def next_sequence(self) -> int:
        """The sequence of a new command."""
        self.sequence = self.sequence % 0xFFFF + 1
        return self.sequence

    def write(self, *parts: Frame | bytes) -> None:
        """Sends frames and bytes as they are, in one piece."""
        self.wire.write(b"".join(encode(p) if isinstance(p, Frame) else p for p in parts))

    def pump(self) -> None:
        """Takes in what has come, waiting a moment for it."""
        for seen in self.wire.read():
            self._take(seen)
        if self.beating and self.telemetry is not None and self.session:
            last = self.last_echo_ms
            if last is None or not 0 <= self.stamp_ms - last < BEAT_EVERY_MS:
                self.beat(self.stamp_ms)

    def beat(self, echo_ms: int) -> None:
        """Sends a heartbeat of this session."""
        self.last_echo_ms = echo_ms
        self.write(self.frame(Heartbeat(echo_ms)))

    def _take(self, seen: Seen) -> None:
        # How long nothing came, beyond what the telemetry rate allows: this computer was late.
        if self.scale > 0:
            quiet_ms = (seen.wall_s - self._came_s) * 1_000 * self.scale - 1_000 / self.rate
            self.longest_gap_ms = max(self.longest_gap_ms, quiet_ms)
        self._came_s = seen.wall_s
        self.seen.append(seen)
        message = seen.message
        if isinstance(message, Telemetry | Event):
            self.stamp_ms = seen.frame.device_ms
            self._stamped_s = seen.wall_s
        if isinstance(message, Telemetry):
            self.telemetry = message
            self.measured_ms = seen.frame.device_ms
        elif isinstance(message, Welcome):
            self._boot_id = message.boot_id
        elif isinstance(message, Event):
            # Numbers and times begin anew with each boot, and two boots may go the same way.
            key = (self._boot_id, message.number, message.at_ms)
            if key not in self._events:
                self._events.add(key)
                self._firsts.add(len(self.seen) - 1)
            if message.code == EventCode.TIME_SCALE:
                self.scale = message.value / 100
            if self.acking and seen.frame.session == self.session:
                self.write(self.frame(EventAck(message.number)))

    # --- waiting ----------------------------------------------------------------------------------

    def now_ms(self) -> int:
        """Device time, reckoned: never later than it is."""
        return self.stamp_ms + int((time.monotonic() - self._stamped_s) * 1_000 * self.scale)

    def until(self, look: Callable[[], T | None], within_ms: int, why: str) -> T:
        """What `look` answers once it is neither None nor False. FailedError with `why` after
        `within_ms` of device time, or when that much time does not pass by the wall."""
        began_ms, began_s = self.stamp_ms, time.monotonic()
        wall_s = 2.0 + 3.0 * within_ms / 1_000 / (self.scale or 1.0)
        while True:
            found = look()
            if found is not None and found is not False:
                return found
            began_ms = min(began_ms, self.stamp_ms)  # it has restarted
            if self.stamp_ms - began_ms > within_ms:
                raise FailedError(f"{why}: not within {within_ms} ms")
            if time.monotonic() - began_s > wall_s:
                raise FailedError(f"{why}: not within {wall_s:.0f} s by the wall")
            self.pump()

    def wait(self, ms: int) -> None:
        """Lets device time pass."""
        end_ms = self.stamp_ms + ms
        self.until(lambda: self.stamp_ms >= end_ms, ms + 1_000, "device time goes on")

    def wall(self, look: Callable[[], T | None], within_s: float) -> T | None:
        """What `look` answers once it is neither None nor False; None after `within_s`."""
        end_s = time.monotonic() + within_s
        while True:
            found = look()
            if found is not None and found is not False:
                return found
            if time.monotonic() > end_s:
                return None
            self.pump()

    def next_telemetry(self) -> Telemetry:
        """The newest frame of telemetry, that of `measured_ms`, measured after this call."""
        mark = self.mark()

        def fresh() -> Telemetry | None:
            told = [m for m in self.messages(mark) if isinstance(m, Telemetry)]
            return told[-1] if told else None

        return self.until(fresh, 3_000, "telemetry comes")

    # --- what was seen --------------------------------------------------------------------------

    def mark(self) -> int:
        """A place in `seen`, for the functions below."""
        return len(self.seen)

    def messages(self, mark: int) -> Iterator[Message]:
        """Messages since `mark`."""
        return (seen.message for seen in self.seen[mark:] if seen.message is not None)

    def flaws(self, mark: int) -> list[Flaw]:
        """Flaws since `mark`."""
        return [seen.found for seen in self.seen[mark:] if isinstance(seen.found, Flaw)]

    def events(self, mark: int, *codes: EventCode) -> list[Event]:
        """Events with these codes (all, without) that came first since `mark`, each once."""
        return [
            event
            for place, seen in enumerate(self.seen[mark:], mark)
            if isinstance(event := seen.message, Event)
            and (not codes or event.code in codes)
            and place in self._firsts
        ]

    def event(self, mark: int, code: EventCode, within_ms: int = 1_000) -> Event:
        """The first event with `code` since `mark`, waiting for it."""
        return self.until(
            lambda: next(iter(self.events(mark, code)), None), within_ms, f"event {code.name}"
        )

    def answers(self, mark: int, to: Frame) -> list[Seen]:
        """Whatever has answered the frame `to` since `mark`."""
        return [
            seen
            for seen in self.seen[mark:]
            if isinstance(seen.message, ANSWERING)
            and (seen.frame.sequence, seen.frame.session) == (to.sequence, to.session)
            and not (isinstance(seen.message, Answer) and seen.message.command != to.kind)
        ]

    def context(self) -> str:
        """How the device and this computer are, for the message of a failure."""
        told = self.telemetry
        if told is None:
            return "no telemetry yet"
        known = told.state in tuple(DeviceState)
        state = DeviceState(told.state).name if known else f"state {told.state}"
        return (
            f"{state}, {self.rate} telemetry/s, lease {told.remaining_lease_ms} ms, "
            f"faults 0x{told.faults:X}; this computer was up to "
            f"{max(0, round(self.longest_gap_ms))} ms late"
        )

    # --- commands -------------------------------------------------------------------------------

    def greet(
        self,
        *,
        flags: int = 0,
        major: int = VERSION_MAJOR,
        minor: int = VERSION_MINOR,
        schema_hash: int = SCHEMA_HASH,
        reserved: int = 0,
    ) -> Welcome:
        """Opens a new session. FailedError when no Welcome comes."""
        self.session = _random.randrange(1, 1 << 32)
        self.last_echo_ms = None
        mark = self.mark()
        hello = self.frame(Hello(major, minor, flags, reserved, schema_hash))
        for _ in range(HELLO_TRIES):
            self.write(hello)
            found = self.wall(lambda: next(iter(self.answers(mark, hello)), None), HELLO_WALL_S)
            if found is not None and isinstance(found.message, Welcome):
                self.welcome = found.message
                self.scale = found.message.time_scale_hundredths / 100
                self.rate = found.message.telemetry_per_second or 1
                return found.message
        raise FailedError(f"Hello was sent {HELLO_TRIES} times, and no Welcome came")

    def send(self, message: Message, **header: int) -> tuple[Frame, Seen]:
        """Sends one command and waits for its answer: (what was sent, the answer)."""
        sent = self.frame(message, **header)
        return sent, self.exchange(sent)

    def exchange(self, sent: Frame) -> Seen:
        """Sends the frame `sent` and waits for its answer."""
        mark = self.mark()
        self.write(sent)
        found = self.wall(lambda: next(iter(self.answers(mark, sent)), None), ANSWER_WALL_S)
        if found is None:
            raise FailedError(f"no answer to kind 0x{sent.kind:02X}")
        return found

    def ask(self, message: Message, **header: int) -> tuple[Result | int, int]:
        """Sends a command: (result, value) of its Answer; a reading counts as DONE."""
        answer = self.send(message, **header)[1].message
        if not isinstance(answer, Answer):
            return Result.DONE, 0
        known = answer.result in tuple(Result)
        return Result(answer.result) if known else answer.result, answer.value

    def done(self, message: Message, **header: int) -> int:
        """Sends a command that must be done; its value."""
        result, value = self.ask(message, **header)
        said = f"{type(message).__name__} was answered {named(result)}, value {value}"
        expect(result == Result.DONE, said)
        return value

    def refused(self, message: Message, *by: Result, **header: int) -> int:
        """Sends a command that must be refused with one of `by`; its value."""
        result, value = self.ask(message, **header)
        wanted = " or ".join(one.name for one in by)
        expect(
            result in by,
            f"{type(message).__name__} was answered {named(result)}, value {value}, not {wanted}",
        )
        return value

    def settle(self) -> None:
        """Returns once the device has done all that was sent before: it answers in order."""
        self.exchange(self.frame(ReadProbe()))

    def stop(self, session: int | None = None) -> Seen:
        """Sends STOP and waits for its answer."""
        return self.send(Stop(), session=self.session if session is None else session)[1]

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """No heartbeats meanwhile."""
        before, self.beating = self.beating, False
        try:
            yield
        finally:
            self.beating = before
