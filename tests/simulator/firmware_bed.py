"""A bed for the firmware: hardware that reads what a test says, and a host that speaks bytes."""

import msgspec

from drivers.link.codes import Action, DeviceState, EventCode, Fault, Gas, Result, Timing
from drivers.link.frame import Deframer, Flaw, Frame, encode
from drivers.link.messages import (
    SCHEMA_HASH,
    VERSION_MAJOR,
    VERSION_MINOR,
    Answer,
    Arm,
    End,
    EnterMaintenance,
    Event,
    EventAck,
    Heartbeat,
    Hello,
    Message,
    SetAmplitude,
    StartFreeze,
    StartStimulation,
    Stop,
    Telemetry,
    pack,
    read,
    to_centikelvin,
)
from drivers.link.messages import (
    Test as Check,
)
from simulator.firmware import Drive, Firmware, Readings, settings_for
from simulator.station import Station

SESSION = 0x1234


class FakeHardware:
    """Reads back what is driven; the tip follows the valve slowly unless `held` says otherwise."""

    def __init__(self) -> None:
        self.drive = Drive()
        self.tip = 37.0
        self.held: dict[str, object] = {}
        self.uses_counted = 0
        self._flip = 1

    def advance(self, dt_ms: int, drive: Drive) -> None:
        self.drive = drive
        self._flip = -self._flip
        towards = -78.0 if drive.valve_duty > 0 else 30.0
        pace = max(0.2, drive.valve_duty) if drive.valve_duty > 0 else 1.0
        self.tip += (towards - self.tip) * min(1.0, pace * dt_ms / 3_000)

    def count_use(self) -> None:
        self.uses_counted += 1

    def read(self) -> Readings:
        drive = self.drive
        readings = Readings(
            tip_celsius=self.tip + 0.1 * self._flip,
            flow_mg_s=300.0 * drive.valve_duty,
            valve_open=drive.valve_duty > 0,
            exhaust_open=drive.exhaust_open,
            warming=drive.warming,
            supply_isolated=drive.supply_isolated,
            stimulator_on=drive.stimulator_on,
            delivered_ua=drive.amplitude_ua if drive.stimulator_on else 0,
            impedance_ohm=480 if drive.amplitude_ua else None,
        )
        return msgspec.structs.replace(readings, **self.held)


class StationLine:
    """A whole station in the place of its firmware: with its line's faults and those due later."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._deframer = Deframer()

    def hear(self, data: bytes) -> None:
        for found in self._deframer.feed(data):
            self._station.hear(found)

    def run(self, to_ms: int) -> None:
        self._station.run(to_ms)

    def take(self) -> list[bytes]:
        urgent, others = self._station.outgoing()
        return urgent + others


class Bed:
    """A firmware, its hardware and a host's end of the line, all stepped by hand."""

    def __init__(
        self,
        gas: Gas = Gas.N2O,
        *,
        lockstep: bool = False,
        firmware: Firmware | None = None,
        station: Station | None = None,
        **settings: object,
    ) -> None:
        self.hardware = FakeHardware()
        firmware = station.firmware if station else firmware
        self.firmware = firmware or Firmware(
            msgspec.structs.replace(settings_for(gas, lockstep=lockstep), **settings),
            self.hardware,
        )
        self.line = StationLine(station) if station else self.firmware
        self.session = SESSION
        self.sequence = 0
        self.beats = True
        self.deframer = Deframer()
        self.frames: list[tuple[Frame, Message]] = []

    # --- what the host does ---

    def send(self, message: Message, **header: int) -> Message | None:
        """Sends `message`; its answer, if one came at once."""
        if isinstance(message, Heartbeat | EventAck):
            sequence = 0
        else:
            self.sequence += 1
            sequence = self.sequence
        frame = Frame(
            message.KIND,
            header.get("sequence", sequence),
            header.get("session", self.session),
            0,
            pack(message),
        )
        before = len(self.frames)
        self.line.hear(encode(frame))
        self.collect()
        answers = [m for _, m in self.frames[before:] if not isinstance(m, Telemetry | Event)]
        return answers[0] if answers else None

    def hello(self, session: int = SESSION, flags: int = 0) -> Message | None:
        self.session = session
        return self.send(Hello(VERSION_MAJOR, VERSION_MINOR, flags, 0, SCHEMA_HASH))

    def beat(self) -> None:
        self.send(Heartbeat(self.firmware.now_ms))

    def ask(self, message: Message) -> Result:
        answer = self.send(message)
        assert isinstance(answer, Answer), answer
        assert answer.command == message.KIND
        return Result(answer.result)

    def collect(self) -> None:
        for found in self.deframer.feed(b"".join(self.line.take())):
            if isinstance(found, Flaw) and self.line is not self.firmware:
                continue  # a line with faults on it
            assert not isinstance(found, Flaw)
            message = read(found)
            assert message is not None
            self.frames.append((found, message))

    def run(self, ms: int) -> None:
        """Lets time pass, with a heartbeat every 50 ms if the host still beats."""
        end = self.firmware.world_ms + ms
        while self.firmware.world_ms < end:
            if self.beats:
                self.beat()
            self.line.run(min(end, self.firmware.world_ms + 50))
            self.collect()

    # --- shortcuts ---

    def arm(self, action: Action = Action.FREEZE) -> Answer:
        self.beat()
        answer = self.send(Arm(action))
        assert isinstance(answer, Answer)
        return answer

    def start(
        self,
        target: float = -70.0,
        freeze_ms: int = 30_000,
        timing: int = Timing.FROM_START,
        cap_ms: int = 240_000,
        ahead_ms: int = 250,
        token: int | None = None,
    ) -> Answer:
        value = self.arm().value if token is None else token
        expires = self.firmware.now_ms + ahead_ms
        answer = self.send(
            StartFreeze(value, expires, to_centikelvin(target), timing, 0, freeze_ms, cap_ms)
        )
        assert isinstance(answer, Answer)
        return answer

    def stimulate(self, rate: int = 500, kind: int = 1, limit: int = 3_000) -> Answer:
        value = self.arm(Action.STIMULATE).value
        expires = self.firmware.now_ms + 250
        answer = self.send(StartStimulation(value, expires, kind, 0, rate, 500, limit))
        assert isinstance(answer, Answer)
        return answer

    def stop(self) -> Message | None:
        return self.send(Stop())

    @property
    def state(self) -> DeviceState:
        return self.firmware.device.state

    @property
    def faults(self) -> Fault:
        return Fault(self.firmware.device.faults)

    @property
    def telemetry(self) -> list[tuple[int, Telemetry]]:
        return [(f.device_ms, m) for f, m in self.frames if isinstance(m, Telemetry)]

    def events(self, *codes: EventCode) -> list[tuple[int, int, int]]:
        """(at, detail, value) of the events with these codes, each once."""
        seen = {m.number: m for _, m in self.frames if isinstance(m, Event)}
        return [(m.at_ms, m.detail, m.value) for m in seen.values() if m.code in codes]


def ready(gas: Gas = Gas.N2O, **settings: object) -> Bed:
    """A bed with an open session, 200 ms old."""
    bed = Bed(gas, **settings)
    bed.hello()
    bed.run(200)
    return bed


def freezing(**start: object) -> Bed:
    """A bed whose freeze has just begun."""
    bed = ready()
    assert bed.start(**start).result == Result.DONE  # type: ignore[arg-type]
    bed.run(60)
    assert bed.state is DeviceState.FREEZING
    return bed


def thawing() -> Bed:
    """A bed 100 ms after a cold freeze was ended."""
    bed = freezing()
    bed.run(5_000)
    assert bed.ask(End()) is Result.DONE
    bed.run(100)
    return bed


def stimulating() -> Bed:
    """A bed whose stimulator is on."""
    bed = ready()
    assert bed.stimulate().result == Result.DONE
    bed.run(60)
    return bed


def cold() -> Bed:
    bed = freezing(freeze_ms=120_000)
    bed.run(8_000)
    return bed


def long_thawed() -> Bed:
    bed = thawing()
    bed.run(8_000)
    return bed


def stimulating_half_a_milliampere() -> Bed:
    bed = stimulating()
    assert bed.ask(SetAmplitude(500)) is Result.DONE
    bed.run(1_000)
    return bed


def in_maintenance() -> Bed:
    """A bed in maintenance."""
    bed = ready()
    bed.hardware.held["maintenance_switch"] = True
    bed.run(60)
    assert bed.ask(EnterMaintenance(1)) is Result.DONE
    return bed


def testing() -> Bed:
    """A bed that checks itself for a second."""
    bed = ready()
    assert bed.ask(Check(1)) is Result.DONE
    return bed


IN_STATE = {
    DeviceState.IDLE: ready,
    DeviceState.FREEZING: freezing,
    DeviceState.THAWING: thawing,
    DeviceState.STIMULATING: stimulating,
    DeviceState.TESTING: testing,
    DeviceState.MAINTENANCE: in_maintenance,
}
