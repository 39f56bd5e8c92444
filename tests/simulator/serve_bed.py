"""The simulator as a process, a host on its line, and waiting without sleeping blindly."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from drivers.link.codes import Result
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
    StartFreeze,
    Stop,
    Telemetry,
    Welcome,
    pack,
    read,
    to_centikelvin,
)
from drivers.transport import open_port
from simulator.control_client import Control

PATIENCE_S = 20.0


def until(true: Callable[[], object], patience_s: float = PATIENCE_S) -> Any:
    """Waits until `true()` is, and answers it; fails the test when patience is over."""
    end = time.monotonic() + patience_s
    while True:
        found = true()
        if found:
            return found
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


@contextmanager
def simulator(*arguments: str, **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m simulator` with these arguments, ended at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator", *arguments],
        stdin=pipes.get("stdin", subprocess.DEVNULL),
        stdout=pipes.get("stdout", subprocess.DEVNULL),
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.kill(process.pid, signal.SIGCONT)
            process.terminate()
        process.wait(10)
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def listening(process: subprocess.Popen[bytes]) -> str:
    """Waits until it says where it listens, and answers that."""
    assert process.stderr is not None
    line = process.stderr.readline().decode()
    assert " on " in line, line
    return line.rsplit(" on ", 1)[1].strip()


class Host:
    """A host that a test drives frame by frame over any port."""

    def __init__(self, url: str, session: int = 0x55) -> None:
        self.port = open_port(url, timeout_s=0.05)
        self.session = session
        self.sequence = 0
        self.stamp = 0
        self.raw = b""
        self.telemetry: list[tuple[int, Telemetry]] = []
        self.events: list[Event] = []
        self.answers: list[Message] = []
        self._deframer = Deframer()
        self.beats = True

    def close(self) -> None:
        self.port.close()

    def send(self, message: Message) -> None:
        sequence = 0
        if not isinstance(message, Heartbeat | EventAck):
            self.sequence += 1
            sequence = self.sequence
        self.port.write(encode(Frame(message.KIND, sequence, self.session, 0, pack(message))))

    def listen(self) -> None:
        """Takes in what is there, answering telemetry with heartbeats."""
        data = self.port.read(max(1, self.port.in_waiting))
        self.raw += data
        for found in self._deframer.feed(data):
            if isinstance(found, Flaw):
                continue
            message = read(found)
            if isinstance(message, Event):
                self.events.append(message)
                self.send(EventAck(message.number))
            elif isinstance(message, Telemetry):
                if found.session == self.session:
                    self.telemetry.append((found.device_ms, message))
                    self.stamp = found.device_ms
                    if self.beats:
                        self.send(Heartbeat(self.stamp))
            elif message is not None:
                self.answers.append(message)

    def listen_until(self, true: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not true():
            self.listen()
            assert time.monotonic() < end, "waited in vain"

    def hello(self) -> Welcome:
        self.send(Hello(1, 0, 0, 0, SCHEMA_HASH))
        self.listen_until(lambda: any(isinstance(m, Welcome) for m in self.answers))
        return next(m for m in self.answers if isinstance(m, Welcome))

    def ask(self, message: Message) -> Answer:
        before = len(self.answers)
        self.send(message)
        self.listen_until(
            lambda: any(
                isinstance(m, Answer) and m.command == message.KIND for m in self.answers[before:]
            )
        )
        return next(
            m for m in self.answers[before:] if isinstance(m, Answer) and m.command == message.KIND
        )

    def run_to(self, stamp_ms: int) -> None:
        self.listen_until(lambda: self.stamp >= stamp_ms)

    def freeze(self, target: float = -70.0, freeze_ms: int = 60_000) -> None:
        self.listen_until(lambda: self.telemetry)
        token = self.ask(Arm(1))
        assert token.result == Result.DONE
        started = self.ask(
            StartFreeze(
                token.value, self.stamp + 250, to_centikelvin(target), 1, 0, freeze_ms, 240_000
            )
        )
        assert started.result == Result.DONE

    def stop(self) -> None:
        assert self.ask(Stop()).result == Result.DONE


def controlled(link: Path) -> Control:
    """A client of the control channel, once it is there."""
    until(link.exists)
    return Control(link)


def device(control: Control) -> dict[str, Any]:
    """The device's own view."""
    found = control.ask(get="device")
    assert isinstance(found, dict)
    return found


def went_off(control: Control, actuator: str = "gas") -> int | None:
    """Device ms at which `actuator` went off last, None while it is on."""
    moves = [(at, on) for at, name, on in device(control)["transitions"] if name == actuator]
    return moves[-1][0] if not moves[-1][1] and len(moves) > 1 else None
