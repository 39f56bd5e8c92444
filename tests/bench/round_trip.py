"""How long a command takes: through the driver, a wire of 115,200 baud and the simulator, back."""

import queue
import statistics
import tempfile
import time
from pathlib import Path

from drivers.link.frame import Flaw, Frame, decode, encode
from drivers.link.messages import (
    SCHEMA_HASH,
    VERSION_MAJOR,
    VERSION_MINOR,
    Answer,
    Hello,
    Message,
    SetTelemetryRate,
    Welcome,
    pack,
    read,
)
from drivers.serial_console import Chunk, News, SerialConsole
from tests.bench.figure import Figure, p99, spread
from tests.bench.paced_line import BYTE_S, paced_simulator

COMMANDS = 200
RUNS = 5
_SESSION = 0x5EED
_HANGS_S = 20.0


class _Host:
    """The driver with the least of a session on it."""

    def __init__(self, port: str) -> None:
        self._heard: queue.Queue[tuple[float, Frame]] = queue.Queue()
        self._console = SerialConsole(port, self._hear, reopen=False)
        self._console.start()
        self._sequence = 0

    def _hear(self, news: News) -> None:
        now = time.perf_counter()
        if isinstance(news, Chunk) and not isinstance(frame := decode(news.raw), Flaw):
            self._heard.put((now, frame))

    def send(self, message: Message) -> tuple[Frame, float]:
        """Sends once; the frame and when it was handed over."""
        self._sequence += 1
        frame = Frame(message.KIND, self._sequence, _SESSION, 0, pack(message))
        began = time.perf_counter()
        self._console.send(frame)
        return frame, began

    def answered(self, kind: type[Message], sequence: int | None = None) -> tuple[Frame, float]:
        while True:
            at, frame = self._heard.get(timeout=_HANGS_S)
            if frame.kind == kind.KIND and sequence in (None, frame.sequence):
                return frame, at

    def greet(self) -> None:
        self._heard.get(timeout=_HANGS_S)  # the line is open: telemetry comes
        self.send(Hello(VERSION_MAJOR, VERSION_MINOR, 0, 0, SCHEMA_HASH))
        self.answered(Welcome)

    def round_trip_ms(self) -> float:
        sent, began = self.send(SetTelemetryRate(20))
        answer, at = self.answered(Answer, sent.sequence)
        assert read(answer) is not None
        return (at - began) * 1e3

    def close(self) -> None:
        self._console.close()


def figures() -> dict[str, Figure]:
    """Milliseconds from handing a command to the driver until its answer is decoded, at 20 Hz of
    telemetry; the peer is the wire itself."""
    command = len(encode(Frame(SetTelemetryRate.KIND, 1, _SESSION, 0, pack(SetTelemetryRate(20)))))
    answer = len(encode(Frame(Answer.KIND, 1, _SESSION, 0, pack(Answer(0, 0, 0)))))
    wire_ms = (command + answer) * BYTE_S * 1e3
    samples, medians = [], []
    with tempfile.TemporaryDirectory() as folder, paced_simulator(Path(folder)) as port:
        host = _Host(port)
        host.greet()
        for _ in range(RUNS):
            run = [host.round_trip_ms() for _ in range(COMMANDS)]
            medians.append(statistics.median(run))
            samples += run
        host.close()
    median, worst = statistics.median(samples), p99(samples)
    return {
        "command_round_trip": Figure(
            median,
            worst,
            "ms",
            "median at most 4, 99th percentile at most 8",
            median <= 4 and worst <= 8,
            wire_ms,
            wire_ms / median,
            spread(medians),
        )
    }
