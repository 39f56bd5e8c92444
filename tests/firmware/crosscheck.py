"""The same seeded exchanges with several devices; what they say must be the same.

`python -m tests.firmware.crosscheck [--exchanges N] [--seed S]` compares the reference core in C
with the simulator's firmware, exit 1 at the first difference.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from drivers.link.codes import Gas, Quality, Sensor
from drivers.link.frame import Deframer, Flaw, Frame, encode
from drivers.link.messages import (
    FROM_HOST,
    SCHEMA_HASH,
    VERSION_MINOR,
    Answer,
    Arm,
    Calibrate,
    EnterMaintenance,
    EventAck,
    ExerciseActuator,
    Extend,
    Heartbeat,
    Hello,
    LogEntry,
    Message,
    ReadCalibration,
    ReadLog,
    Reboot,
    Reset,
    SetAmplitude,
    SetPedalRole,
    SetTelemetryRate,
    SetTimeScale,
    SimulateInput,
    StartFreeze,
    StartStimulation,
    Stop,
    Telemetry,
    Thaw,
    Welcome,
    fields,
    pack,
    read,
    to_celsius,
)
from drivers.link.messages import Test as SelfTest
from simulator.firmware import Drive, Firmware, ProbeChip, Readings, settings_for
from tests.firmware.core_device import Core

STEPS = 60
"""Of one seed: each a command, a moment, or a change of the inputs."""
FLOW_MG_S = 150


@dataclass
class World:
    """What both devices read; a change is one of both."""

    tip_centikelvin: int = 31_015
    tip_quality: int = Quality.OK
    hose_centikelvin: int = 29_315
    supply_kpa: int = 5_050
    exhaust_kpa: int = 150
    flow_mg_s: int = FLOW_MG_S
    pedal: bool = False
    stop_line: bool = False
    switch: bool = True
    brown_out: bool = False
    pulses: int = 0
    serial: str = "PROBE-1"
    plugged: bool = True
    uses_left: int = 3
    expires_day: int = 40_000


class PythonHardware:
    """The world as the simulator's firmware reads it."""

    def __init__(self, world: World) -> None:
        self.world, self.drive, self.uses_left = world, Drive(), world.uses_left

    def advance(self, dt_ms: int, drive: Drive) -> None:
        self.drive = drive

    def count_use(self) -> None:
        self.uses_left = max(0, self.uses_left - 1)

    def read(self) -> Readings:
        world, drive = self.world, self.drive
        chip = ProbeChip(
            serial=world.serial, uses_left=self.uses_left, expires_day=world.expires_day
        )
        good = world.tip_quality == Quality.OK
        return Readings(
            tip_celsius=to_celsius(world.tip_centikelvin) if good else None,
            tip_quality=Quality(world.tip_quality),
            hose_celsius=to_celsius(world.hose_centikelvin),
            room_celsius=to_celsius(29_415),
            supply_kpa=world.supply_kpa,
            exhaust_kpa=world.exhaust_kpa,
            flow_mg_s=world.flow_mg_s if drive.valve_duty > 0 else 0,
            valve_open=drive.valve_duty > 0,
            exhaust_open=drive.exhaust_open,
            warming=drive.warming,
            supply_isolated=drive.supply_isolated,
            stimulator_on=drive.stimulator_on,
            delivered_ua=drive.amplitude_ua if drive.stimulator_on else 0,
            impedance_ohm=480,
            compliance_pulses=world.pulses,
            probe=chip if world.plugged else None,
            pedal_down=world.pedal,
            stop_line=world.stop_line,
            maintenance_switch=world.switch,
            brown_out=world.brown_out,
        )


def tell_core(core: Core, world: World) -> None:
    """The world as the reference core reads it."""
    good = world.tip_quality == Quality.OK
    core.sensor(Sensor.TIP, world.tip_centikelvin if good else 0, world.tip_quality)
    for sensor, value in (
        (Sensor.ROOM, 29_415),
        (Sensor.SUPPLY, world.supply_kpa),
        (Sensor.EXHAUST, world.exhaust_kpa),
        (Sensor.IMPEDANCE, 480),
    ):
        core.sensor(sensor, value, Quality.OK)
    fitted = Quality.OK if world.hose_centikelvin else Quality.NOT_FITTED
    core.sensor(Sensor.HOSE, world.hose_centikelvin, fitted)
    core.flow(world.flow_mg_s)
    core.inputs(world.pedal, world.stop_line, world.switch, world.brown_out, world.pulses)
    serial = world.serial.encode()
    # The chip keeps its own count.
    core.uses = core.uses_left() if core.plugged else core.uses
    core.plugged = world.plugged
    core.chip(world.plugged, serial, core.uses, world.expires_day)


class Both:
    """The two devices side by side, stepped at the same moments of the same clock."""

    def __init__(self, seed: int) -> None:
        self.world = World()
        self.hardware = PythonHardware(self.world)
        settings = msgspec.structs.replace(settings_for(Gas.N2O), today_day=20_000)
        self.core = Core(seed + 1, capabilities=settings.capabilities)
        self.core.uses, self.core.plugged = self.world.uses_left, False
        tell_core(self.core, self.world)
        self.core.boot()
        self.firmware = Firmware(settings, self.hardware, seed=seed)
        self.now_ms = 0
        self.session, self.sequence = 0, 0
        self.tokens = [0, 0]
        self.last: list[bytes] = [b"", b""]
        self.deframers = [Deframer(), Deframer()]
        self.wrong: list[str] = []
        self.exchanges = 0

    def change(self, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(self.world, name, value)
        tell_core(self.core, self.world)

    def pass_ms(self, ms: int) -> None:
        end = self.now_ms + ms
        while self.firmware.next_ms <= end:
            moment = self.firmware.next_ms
            before = self.firmware.device.boot_id
            self.firmware.run(moment)
            self.core.step(self.firmware.world_ms)
            assert self.firmware.device.boot_id == before
            self.now_ms = moment
            self.compare(f"at {moment}")
        self.firmware.run(end)
        self.now_ms = self.core.now_ms = end

    def send(self, message: Message, *, sequence: int | None = None, session: int | None = None,
             payload: bytes | None = None) -> None:  # fmt: skip
        """One frame to both, each with its own token."""
        if sequence is None:
            sequence = 0
            if not isinstance(message, Heartbeat | EventAck):
                self.sequence = sequence = self.sequence % 0xFFFF + 1
        session = self.session if session is None else session
        for side, device in enumerate((self.firmware, self.core)):
            mine = message
            if isinstance(message, StartFreeze | StartStimulation) and message.token == 1:
                mine = msgspec.structs.replace(message, token=self.tokens[side])
            body = pack(mine) if payload is None else payload
            self.last[side] = encode(Frame(message.KIND, sequence, session, 0, body))
            device.hear(self.last[side])
        self.exchanges += not isinstance(message, Heartbeat | EventAck)
        self.compare(f"{message} at {self.now_ms}")

    def again(self) -> None:
        self.firmware.hear(self.last[0])
        self.core.hear(self.last[1])
        self.compare(f"again at {self.now_ms}")

    def compare(self, why: str) -> None:
        said = [
            self._said(0, b"".join(self.firmware.take())),
            self._said(1, self.core.take()),
        ]
        if said[0] != said[1]:
            only = [[one for one in a if one not in b] for a, b in (said, said[::-1])]
            self.wrong.append(f"{why}: firmware {only[0]}, core {only[1]}")

    def _said(self, side: int, data: bytes) -> list[Any]:
        """All frames, in the order of their importance, without what each draws for itself."""
        told = []
        for frame in self.deframers[side].feed(data):
            assert not isinstance(frame, Flaw)
            message = read(frame)
            told.append((frame.session, frame.device_ms, *self._plain(side, frame, message)))
        return sorted(told, key=repr)

    def _plain(self, side: int, frame: Frame, message: Message | None) -> tuple[Any, ...]:
        if isinstance(message, Answer):
            if message.command == Arm.KIND and message.result == 0:
                self.tokens[side] = message.value
                message = msgspec.structs.replace(message, value=1)
        elif isinstance(message, Welcome):
            own = {"boot_id": 0, "serial": b"", "firmware_minor": 0}
            message = msgspec.structs.replace(message, **own)
        elif isinstance(message, LogEntry):
            message = msgspec.structs.replace(message, boot_id=0)
        elif isinstance(message, Telemetry):
            return ("Telemetry", msgspec.structs.replace(message, valve_percent=0))
        return (frame.sequence, message)


# --- what is played ---------------------------------------------------------------------------

KELVIN = (19_715, 19_815, 20_315, 22_315, 26_315, 26_316, 0)


def commands(chance: random.Random, now_ms: int) -> Iterator[Message]:
    """Commands without end: mostly sensible, at their limits, and now and then nonsense."""
    pick = chance.choice
    while True:
        for message in chance.sample(FROM_HOST, 8):
            if message in (Hello, Stop, Heartbeat, Reboot, SetTimeScale):
                continue
            if chance.random() < 0.1:
                wires = {"B": 255, "H": 65_535, "I": 2**32 - 1, "i": 2**31 - 1}
                yield message(*(chance.randint(0, wires[code]) for _, code in fields(message)))
        yield Arm(1)
        yield pick([
            Arm(1), Arm(2), Arm(3), Extend(chance.choice([0, 1, 5_000, 60_000, 200_000])),
            Thaw(pick([0, 1, 1, 2])), SetAmplitude(pick([0, 100, 500, 501, 10_001])),
            SetPedalRole(pick([1, 2, 3])), SelfTest(pick([1, 2, 3])),
            SetTelemetryRate(pick([0, 1, 9, 10, 20, 50, 51])), ReadCalibration(pick([0, 4, 5])),
            ReadLog(pick([0, 3, 9_999])), EnterMaintenance(pick([0, 1, 2])),
            ExerciseActuator(pick([1, 2, 3, 4, 5]), pick([0, 10, 49, 50, 100, 101]),
                             pick([0, 1, 300, 10_000, 10_001])),
            Calibrate(pick([0, 1, 2, 3, 4, 5]), 0, pick([-501, -20, 0, 20, 2_001])),
            SimulateInput(chance.randrange(15), pick([0, 0, 0, 1, 2, 6]),
                          pick([0, 1, 401, 402, 3_700, 7_601, 20_315, 31_015]),
                          pick([0, 100, 3_000, 60_001])),
        ])  # fmt: skip
        yield pick([message() for message in FROM_HOST if not fields(message)
                    and message not in (Stop, Reboot)])  # fmt: skip


def start(chance: random.Random, now_ms: int) -> Message:
    """A START with the token of its side (1), or a wrong one."""
    token = chance.choice([1, 1, 1, 1, 7])
    expires = now_ms + chance.choice([250, 250, 250, 300, 301, 0])
    if chance.random() < 0.3:
        return StartStimulation(
            token, expires, chance.choice([1, 1, 2, 3]), 0, chance.choice([500, 20, 1_001]),
            chance.choice([500, 99]), chance.choice([500, 10_001]),
        )  # fmt: skip
    cap = chance.choice([60_000, 240_000, 240_001])
    freeze = chance.choice([500, 2_000, 30_000, 180_001])
    target = chance.choice(KELVIN)
    return StartFreeze(token, expires, target, chance.choice([1, 1, 2, 3]), 0, freeze, cap)


def played(seed: int, steps: int = STEPS) -> Both:
    """One seed's exchanges, played to both."""
    chance = random.Random(seed)
    both = Both(seed)
    both.pass_ms(100)
    both.session = 0x5000 + seed
    both.send(Hello(1, VERSION_MINOR, 0, 0, SCHEMA_HASH))
    asked = commands(chance, both.now_ms)
    for _ in range(steps):
        if chance.random() < 0.9:
            both.send(Heartbeat(both.now_ms))
        turn = chance.random()
        if turn < 0.25:
            both.send(Arm(chance.choice([1, 1, 2])))
            both.send(start(chance, both.now_ms))
        elif turn < 0.65:
            both.send(next(asked))
        elif turn < 0.70:
            both.send(Stop(), session=chance.choice([both.session, both.session, 0, 9]))
        elif turn < 0.74:
            both.again()
        elif turn < 0.78:
            odd = chance.choice([{"session": 3}, {"sequence": both.sequence - 2 & 0xFFFF},
                                 {"payload": b"123"}])  # fmt: skip
            both.send(next(asked), **odd)
        elif turn < 0.80:
            both.session += 1
            both.send(Hello(1, chance.choice([1, 1, 0]), chance.choice([0, 0, 0, 1]), 0,
                            SCHEMA_HASH))  # fmt: skip
        elif turn < 0.90:
            _mended(chance, both)
        elif turn < 0.92:
            both.send(EventAck(chance.randint(1, 60)))
        else:
            _happens(chance, both)
        for _ in range(chance.choice([0, 1, 1, 2, 6])):
            both.pass_ms(chance.choice([3, 20, 50, 137, 400]))
            if chance.random() < 0.8:
                both.send(Heartbeat(both.now_ms))
        if both.wrong:
            break
    return both


def _mended(chance: random.Random, both: Both) -> None:
    """All is well again, and the faults are cleared: by an engineer where it needs one."""
    for name, value in vars(World()).items():
        if name not in ("serial", "uses_left", "expires_day"):
            both.change(**{name: value})
    both.pass_ms(chance.choice([40, 200, 6_000]))
    for message in (Stop(), Reset(), EnterMaintenance(1), Reset()):
        both.send(Heartbeat(both.now_ms))
        both.send(message)
    if chance.random() < 0.6:
        both.send(EnterMaintenance(0))
    both.send(Heartbeat(both.now_ms))
    action = chance.choice([1, 2, 2])
    both.send(Arm(action))
    if action == 2:
        both.send(StartStimulation(1, both.now_ms + 250, 1, 0, 500, 500, 2_000))
        both.send(SetAmplitude(chance.choice([100, 700, 2_000])))
    else:
        timing, target = chance.choice([1, 2]), chance.choice([20_315, 26_315])
        both.send(StartFreeze(1, both.now_ms + 250, target, timing, 0, 3_000, 60_000))


def _happens(chance: random.Random, both: Both) -> None:
    happened: dict[str, list[Any]] = {
        "tip_centikelvin": [31_015, 28_500, 26_400, 22_400, 20_400, 18_700, 17_000, 31_900],
        "tip_quality": [0, 0, 0, 1, 2],
        "supply_kpa": [5_050, 5_050, 4_099, 3_799, 7_201, 7_601],
        "exhaust_kpa": [150, 150, 401, 402],
        "hose_centikelvin": [29_315, 29_315, 25_200],
        "pedal": [False, True], "stop_line": [False, False, True],
        "switch": [True, True, False], "brown_out": [False, False, True],
        "pulses": [0, 0, 1, 2], "plugged": [True, True, False], "serial": ["PROBE-1", "PROBE-2"],
    }  # fmt: skip
    name = chance.choice(list(happened))
    both.change(**{name: chance.choice(happened[name])})


def main() -> int:
    """Plays as many exchanges as asked for."""
    options = argparse.ArgumentParser(prog="python -m tests.firmware.crosscheck")
    options.add_argument("--exchanges", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    done, seed = 0, asked.seed
    while done < asked.exchanges:
        both = played(seed)
        done += both.exchanges
        for line in both.wrong:
            print(f"seed {seed}: {line}", file=sys.stderr)
        if both.wrong:
            return 1
        seed += 1
    print(f"{done} exchanges in {seed - asked.seed} seeds answered alike")
    return 0


if __name__ == "__main__":
    sys.exit(main())
