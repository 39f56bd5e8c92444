"""How much faster than real time the whole device runs, on one core: firmware, plant and bytes."""

import statistics
import time

from drivers.link.codes import Action, DeviceState, Gas, Timing
from drivers.link.frame import Frame, decode
from drivers.link.messages import (
    SCHEMA_HASH,
    VERSION_MAJOR,
    VERSION_MINOR,
    Answer,
    Arm,
    EventAck,
    Heartbeat,
    Hello,
    Message,
    StartFreeze,
    pack,
    read,
    to_centikelvin,
)
from simulator.physics import Gas as PlantGas
from simulator.physics import Plant
from simulator.station import Station
from tests.bench.figure import Figure, p99, spread

RUNS = 5
RUN_S = 20
_SESSION = 0x5EED
_BEAT_MS = 50
_SETTLE_MS = 2_000
_ROWS = (("numpy", 0.5, 80), ("numpy", 0.25, 30), ("numba", 0.25, 200))


class _Freeze:
    """A device in the middle of a freeze, with a host that beats and reads all it says."""

    def __init__(self, backend: str, cell_mm: float) -> None:
        self._station = Station(Gas.N2O, cell_mm=cell_mm)
        self._station.bench.plant = Plant(PlantGas.N2O, seed=1, cell_mm=cell_mm, backend=backend)
        self._sequence = 0
        self._send(Hello(VERSION_MAJOR, VERSION_MINOR, 0, 0, SCHEMA_HASH))
        self.run(_SETTLE_MS)
        token = self._ask(Arm(Action.FREEZE)).value
        freeze_ms = (RUNS * RUN_S + 60) * 1_000
        expires = self._station.firmware.now_ms + 250
        self._ask(
            StartFreeze(
                token, expires, to_centikelvin(-70.0), Timing.FROM_START, 0, freeze_ms, 240_000
            )
        )
        self.run(_SETTLE_MS)
        for waiting in self._station.firmware.device.link.waiting:
            self._hear(EventAck(waiting.event.number), 0)  # or they are said again for ever
        assert self.freezing

    @property
    def freezing(self) -> bool:
        return self._station.firmware.device.state is DeviceState.FREEZING

    def run(self, ms: int) -> None:
        station = self._station
        for _ in range(ms // _BEAT_MS):
            self._hear(Heartbeat(station.firmware.now_ms), 0)
            station.run(station.firmware.world_ms + _BEAT_MS)
            station.outgoing()

    def _send(self, message: Message) -> int:
        self._sequence += 1
        self._hear(message, self._sequence)
        return self._sequence

    def _hear(self, message: Message, sequence: int) -> None:
        self._station.hear(Frame(message.KIND, sequence, _SESSION, 0, pack(message)))

    def _ask(self, message: Message) -> Answer:
        self._hear(Heartbeat(self._station.firmware.now_ms), 0)
        sent = self._send(message)
        urgent, others = self._station.outgoing()
        for raw in urgent + others:
            frame = decode(raw[:-1])
            if isinstance(frame, Frame) and frame.sequence == sent:
                answer = read(frame)
                if isinstance(answer, Answer):
                    assert answer.result == 0, answer
                    return answer
        raise AssertionError(f"{type(message).__name__} was not answered")


def _figure(backend: str, cell_mm: float, least: int) -> Figure:
    """Seconds of the device's life for one of ours, over a freeze, every second of it a sample."""
    device = _Freeze(backend, cell_mm)
    samples, medians = [], []
    for _ in range(RUNS):
        run = []
        for _ in range(RUN_S):
            began = time.perf_counter()
            device.run(1_000)
            run.append(1.0 / (time.perf_counter() - began))
        samples += run
        medians.append(statistics.median(run))
    assert device.freezing
    median = statistics.median(samples)
    return Figure(
        median,
        p99(samples, worst="low"),
        "times real time",
        f"at least {least}",
        median >= least,
        spread=spread(medians),
    )


def figures() -> dict[str, Figure]:
    """Each grid with and without the accelerator that has a budget."""
    return {
        f"simulator_{backend}_{cell_mm:g}_mm": _figure(backend, cell_mm, least)
        for backend, cell_mm, least in _ROWS
    }
