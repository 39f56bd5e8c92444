"""A host in the same process as its simulated device, for measurements: only device time passes."""

from typing import Final

import msgspec

from drivers.link.codes import Action, Result, Timing
from drivers.link.frame import Deframer, Flaw, Frame, encode
from drivers.link.messages import (
    SCHEMA_HASH,
    Answer,
    Arm,
    Event,
    EventAck,
    Heartbeat,
    Hello,
    Message,
    SetAmplitude,
    StartFreeze,
    StartStimulation,
    Telemetry,
    Thaw,
    pack,
    read,
    to_centikelvin,
)
from simulator.station import Station

BEAT_MS: Final = 50
_SESSION: Final = 0x5151
_START_WITHIN_MS: Final = 250
_CAP_MS: Final = 240_000


class Received(msgspec.Struct, frozen=True):
    """A message and the world's time at which it came; the frame's own stamp is device time."""

    at_ms: int
    stamp_ms: int
    message: Message


class BenchHost:
    """Opens a session, keeps the lease with a heartbeat every 50 ms, and keeps what it hears."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._to_device = Deframer()
        self._from_device = Deframer()
        self._sequence = 0
        self._echo_ms = 0
        self.heard: list[Received] = []
        self.flaws: list[int] = []
        """World times at which something came that no host can read."""

    @property
    def now_ms(self) -> int:
        """World time."""
        return self._station.firmware.world_ms

    def hello(self) -> None:
        """Opens a session."""
        self.send(Hello(1, 0, 0, 0, SCHEMA_HASH))

    def run(self, ms: int) -> None:
        """Lets `ms` pass."""
        end = self.now_ms + ms
        while self.now_ms < end:
            self._put(Heartbeat(self._echo_ms), 0)
            self._station.run(min(end, self.now_ms + BEAT_MS))
            self._listen()

    def freeze(self, target_celsius: float, seconds: float) -> bool:
        """Arms and starts a freeze; whether the device did."""
        token = self._armed(Action.FREEZE)
        if token is None:
            return False
        expires = self._station.firmware.now_ms + _START_WITHIN_MS
        plan = (to_centikelvin(target_celsius), Timing.FROM_START, 0, round(1_000 * seconds))
        return self._done(StartFreeze(token, expires, *plan, _CAP_MS))

    def stimulate(self, amplitude_ua: int) -> bool:
        """Arms and starts a sensory stimulation at 50 Hz; whether the device did."""
        token = self._armed(Action.STIMULATE)
        if token is None:
            return False
        expires = self._station.firmware.now_ms + _START_WITHIN_MS
        if not self._done(StartStimulation(token, expires, 1, 0, 500, 500, 3_000)):
            return False
        return self._done(SetAmplitude(amplitude_ua))

    def warm(self) -> bool:
        """Active thaw on; whether the device did."""
        return self._done(Thaw(1))

    def send(self, message: Message) -> Message | None:
        """Sends a command; its answer, if one came at once."""
        self._sequence += 1
        before = len(self.heard)
        self._put(message, self._sequence)
        self._listen()
        said = [each.message for each in self.heard[before:]]
        return next((one for one in said if not isinstance(one, Telemetry | Event)), None)

    def _armed(self, action: Action) -> int | None:
        self._put(Heartbeat(self._echo_ms), 0)
        answer = self.send(Arm(action))
        good = isinstance(answer, Answer) and answer.result == Result.DONE
        return answer.value if isinstance(answer, Answer) and good else None

    def _done(self, message: Message) -> bool:
        answer = self.send(message)
        return isinstance(answer, Answer) and answer.result == Result.DONE

    def _put(self, message: Message, sequence: int) -> None:
        raw = encode(Frame(message.KIND, sequence, _SESSION, 0, pack(message)))
        for found in self._to_device.feed(raw):
            self._station.hear(found)

    def _listen(self) -> None:
        urgent, others = self._station.outgoing()
        for found in self._from_device.feed(b"".join(urgent + others)):
            if isinstance(found, Flaw):
                self.flaws.append(self.now_ms)
                continue
            message = read(found)
            if message is None:
                continue
            self.heard.append(Received(self.now_ms, found.device_ms, message))
            if isinstance(message, Telemetry):
                self._echo_ms = found.device_ms
            elif isinstance(message, Event):
                self._put(EventAck(message.number), 0)
