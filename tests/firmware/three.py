"""The core in C, the simulator's firmware and the minimal device, which speaks 1.0, side by side.

`python -m tests.firmware.three [--exchanges N]`: seeded exchanges of a host of 1.0 with three bare
consoles (a valve and five sensors). Answers and states must be the same; events and their stamps
are compared by `crosscheck`, for the minimal device looks at its inputs at other moments.
"""

import argparse
import random
import sys
from typing import Any

import msgspec

from drivers.link.codes import Capability, Gas
from drivers.link.frame import Deframer, Frame, encode
from drivers.link.messages import (
    Answer,
    Arm,
    Calibrate,
    Calibration,
    End,
    EnterMaintenance,
    ExerciseActuator,
    Extend,
    Heartbeat,
    Hello,
    Message,
    Probe,
    ReadCalibration,
    ReadProbe,
    Reset,
    SetAmplitude,
    SetPedalRole,
    SetTelemetryRate,
    StartFreeze,
    StartStimulation,
    StimulationOff,
    Stop,
    Thaw,
    pack,
    read,
)
from drivers.link.messages import Test as SelfTest
from simulator.firmware import Firmware, settings_for
from tests.firmware.core_device import Core
from tests.firmware.crosscheck import PythonHardware, World, tell_core
from tests.minimal_device.device import Device
from tests.minimal_device.thermal import Plant
from tests.minimal_device.thermal import Probe as Plug

SCHEMA_1_0 = 0x81D167AC
STEP_MS = 130
"""Everything happens on this grid, and none of the document's times falls onto it: then it does not
matter that one looks at its inputs every 10 ms and another every 20."""


class Still(Plant):
    """A plant that stands where the test puts it."""

    def step(self, ms: int) -> None:
        pass

    @property
    def flow(self) -> float:
        return 150.0 if self.percent else 0.0

    @property
    def exhaust_kpa(self) -> float:
        return 150.0


class Three:
    """The three, stepped together."""

    def __init__(self, seed: int) -> None:
        self.world = World(hose_centikelvin=0)
        self.hardware = PythonHardware(self.world)
        settings = msgspec.structs.replace(
            settings_for(Gas.N2O), today_day=20_000, capabilities=Capability(0)
        )
        self.core = Core(seed + 1, capabilities=0)
        self.core.uses, self.core.plugged = self.world.uses_left, False
        tell_core(self.core, self.world)
        self.core.boot()
        self.firmware = Firmware(settings, self.hardware, seed=seed)
        self.plant = Still(probe=Plug(serial=self.world.serial), supply_kpa=self.world.supply_kpa)
        self.plant.maintenance_switch = True
        self.minimal = Device(0.0, seed=seed, plant=self.plant)
        self.deframers = [Deframer() for _ in range(3)]
        self.tokens = [0, 0, 0]
        self.now_ms, self.session, self.sequence, self.exchanges = 0, 0, 0, 0
        self.wrong = ""

    def _put(self, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(self.world, name, value)
        self.plant.tip_k = self.world.tip_centikelvin / 100
        self.plant.supply_kpa = self.world.supply_kpa
        self.plant.maintenance_switch = self.world.switch
        tell_core(self.core, self.world)

    def pass_ms(self, ms: int) -> None:
        end = self.now_ms + ms
        while self.now_ms < end:
            # A reading is never quite still.
            tip = self.world.tip_centikelvin
            self._put(tip_centikelvin=tip + (30 if self.now_ms // STEP_MS % 2 else -30))
            until = self.now_ms + STEP_MS
            while (moment := self.firmware.next_ms) <= until:
                self.firmware.run(moment)
                self.core.step(moment)
            self.firmware.run(until)
            self.core.now_ms = self.now_ms = until
            self.minimal.advance(until)
            self._collect()

    def send(self, message: Message, *, session: int | None = None) -> None:
        sequence = 0
        if not isinstance(message, Heartbeat):
            self.sequence = sequence = self.sequence % 0xFFFF + 1
            self.exchanges += 1
        session = self.session if session is None else session
        for side in range(3):
            mine = message
            if isinstance(message, StartFreeze | StartStimulation) and message.token == 1:
                mine = msgspec.structs.replace(message, token=self.tokens[side])
            wire = encode(Frame(message.KIND, sequence, session, 0, pack(mine)))
            if side == 2:
                self.minimal.receive(wire, self.now_ms)
            else:
                (self.firmware, self.core)[side].hear(wire)
        answers = self._collect()
        if not answers[0] == answers[1] == answers[2]:
            names = ("firmware", "core", "minimal")
            told = ", ".join(f"{n} {a}" for n, a in zip(names, answers, strict=True))
            self.wrong = self.wrong or f"{message} at {self.now_ms}: {told}"

    def _collect(self) -> list[list[Any]]:
        minimal = b""
        while frame := self.minimal.outbox.take():
            minimal += frame
        said = (b"".join(self.firmware.take()), self.core.take(), minimal)
        answers = [self._answers(side, data) for side, data in enumerate(said)]
        states = [self.firmware.device.state, self.core.state(), self.minimal.machine.state]
        if len(set(map(int, states))) > 1 and not self.wrong:
            self.wrong = f"at {self.now_ms} the states are {states}"
        return answers

    def _answers(self, side: int, data: bytes) -> list[Any]:
        told: list[Any] = []
        for frame in self.deframers[side].feed(data):
            assert isinstance(frame, Frame)
            message = read(frame)
            if isinstance(message, Answer):
                if message.command == Arm.KIND and message.result == 0:
                    self.tokens[side] = message.value
                    message = msgspec.structs.replace(message, value=1)
                told.append((frame.sequence, frame.session, message))
            elif isinstance(message, Probe):
                told.append((frame.sequence, message.present, message.uses_left))
            elif isinstance(message, Calibration):  # 1.0 has three records
                told.append((frame.sequence, message.index, message.value))
        return told


def _command(chance: random.Random, three: Three) -> Message:
    pick = chance.choice
    now = three.now_ms
    return pick([
        Arm(pick([1, 1, 2, 3])), End(), Reset(), StimulationOff(), ReadProbe(),
        Extend(pick([0, 1_000, 60_000, 200_000])), Thaw(pick([0, 1, 2])), SetAmplitude(100),
        SetPedalRole(1), SelfTest(pick([1, 2, 3])), SetTelemetryRate(pick([0, 9, 10, 20, 50, 51])),
        ReadCalibration(pick([0, 1, 2])), EnterMaintenance(pick([0, 1, 2])),
        ExerciseActuator(pick([1, 2, 3, 4, 5]), pick([0, 49, 50, 101]), pick([0, 300, 10_001])),
        Calibrate(pick([0, 1, 2]), 0, pick([-501, 0, 20])),
        StartStimulation(1, now + 250, 1, 0, 500, 500, 100),
    ])  # fmt: skip


def played(seed: int, steps: int = 80) -> Three:
    """One seed's exchanges, played to all three."""
    chance = random.Random(seed)
    three = Three(seed)
    three.pass_ms(2 * STEP_MS)
    three.session = 0x7000 + seed
    three.send(Hello(1, 0, 0, 0, SCHEMA_1_0))
    for _ in range(steps):
        three.send(Heartbeat(three.now_ms))
        turn = chance.random()
        if turn < 0.35:
            three.send(Arm(1))
            target = chance.choice([19_814, 19_815, 20_315, 26_315, 26_316, 0])
            three.send(StartFreeze(
                chance.choice([1, 1, 1, 7]), three.now_ms + chance.choice([250, 300, 301]), target,
                chance.choice([1, 1, 2, 3]), 0, chance.choice([520, 1_950, 0]),
                chance.choice([60_000, 240_000, 240_001, 1_000]),
            ))  # fmt: skip
        elif turn < 0.42:
            three.send(Stop(), session=chance.choice([three.session, 0, 5]))
        elif turn < 0.46:
            three.session += 1
            three.send(Hello(1, 0, chance.choice([0, 0, 1]), 0, SCHEMA_1_0))
        elif turn < 0.5:
            three._put(supply_kpa=chance.choice([5_050, 4_099, 6_601]))
        elif turn < 0.53:
            three._put(switch=chance.random() < 0.7)
        else:
            three.send(_command(chance, three), session=chance.choice([three.session] * 12 + [3]))
        three.pass_ms(STEP_MS * chance.choice([1, 1, 1, 2, 4]))
        if three.wrong:
            break
    return three


def main() -> int:
    """Plays as many exchanges as asked for."""
    options = argparse.ArgumentParser(prog="python -m tests.firmware.three")
    options.add_argument("--exchanges", type=int, default=10_000)
    asked = options.parse_args()
    done = seed = 0
    while done < asked.exchanges:
        seed += 1
        three = played(seed)
        done += three.exchanges
        if three.wrong:
            print(f"seed {seed}: {three.wrong}", file=sys.stderr)
            return 1
    print(f"{done} exchanges in {seed} seeds answered alike by all three")
    return 0


if __name__ == "__main__":
    sys.exit(main())
