"""Watches a line: every frame decoded, with its bytes.

On a port it listens, and opens a session of its own with READ_ONLY once a Hello cannot end
anything; it sends nothing else and acknowledges nothing. Of a raw recording it decodes all.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from drivers.conformance.wire import Seen, Wire
from drivers.inputs.files import opened
from drivers.link.codes import (
    Actuator,
    DeviceState,
    EventCode,
    Fault,
    FreezeEnd,
    HelloFlag,
    Result,
    Sensor,
)
from drivers.link.frame import Deframer, Flaw, Frame, decode, encode
from drivers.link.messages import (
    FROM_DEVICE,
    FROM_HOST,
    SCHEMA_HASH,
    VERSION_MAJOR,
    VERSION_MINOR,
    Answer,
    Event,
    Hello,
    Message,
    Telemetry,
    Welcome,
    pack,
    read,
    text,
)

HELLO_EVERY_S: Final = 0.2
_CHUNK: Final = 65_536
_NAMES: Final = {message.KIND: message.__name__ for message in FROM_HOST + FROM_DEVICE}
_RUNNING: Final = (DeviceState.FREEZING, DeviceState.STIMULATING, DeviceState.TESTING)
_ON: Final = Actuator.VALVE_OPEN | Actuator.WARMING | Actuator.STIMULATOR_ON


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """One frame or flaw as it passed. `hex` is all of it with its zero; a flaw has nothing else
    but `flaw`. A kind that version 1 does not know has no `fields`."""

    hex: str
    direction: str = ""
    kind: str = ""
    sequence: int | None = None
    session: int | None = None
    device_ms: int | None = None
    fields: dict[str, Any] | None = None
    words: str = ""
    flaw: str = ""


def described(raw: bytes, found: Frame | Flaw) -> Line:
    """`found`, which the bytes `raw` (without their zero) are, for people and programs."""
    if isinstance(found, Flaw):
        return Line(hex=raw.hex(), flaw=found.name)
    message = read(found)
    return Line(
        hex=(raw + b"\0").hex(),
        direction="device" if found.kind >= FROM_DEVICE[0].KIND else "host",
        kind=_NAMES.get(found.kind, f"0x{found.kind:02X}"),
        sequence=found.sequence,
        session=found.session,
        device_ms=found.device_ms,
        fields=None if message is None else _fields(message),
        words="unknown to version 1" if message is None else _words(message),
    )


def as_text(line: Line) -> str:
    """One line for a person, the bytes on a second."""
    if line.flaw:
        head = f"{'':>12}  FLAW {line.flaw}"
    else:
        head = (
            f"{line.device_ms:>9} ms  {line.kind:<16} #{line.sequence:<5} "
            f"{line.session:08X}  {line.words}"
        )
    return f"{head.rstrip()}\n{'':>14}{line.hex}"


def watched_file(path: Path) -> Iterator[Line]:
    """Every frame in a raw recording. Raises drivers.inputs.files.FileError, and OSError when it
    cannot be read on."""
    deframer = Deframer()
    with os.fdopen(opened(path), "rb") as file:
        while data := file.read(_CHUNK):
            for raw in deframer.cut(data):
                yield described(raw, decode(raw) if raw else Flaw.TOO_LONG)


def watched_port(
    url: str, *, for_s: float | None = None, recorded: Callable[[bytes], None] | None = None
) -> Iterator[Line]:
    """Every frame that comes on a port, for `for_s` seconds (None: for ever), and its own Hellos.

    Raises drivers.transport.PortError at once, drivers.conformance.check.PortGoneError later.
    """
    return _watched(Wire(url, recorded), for_s)


def _watched(wire: Wire, for_s: float | None) -> Iterator[Line]:
    greeting = _Greeting()
    end_s = None if for_s is None else time.monotonic() + for_s
    try:
        while end_s is None or time.monotonic() < end_s:
            for seen in wire.read():
                greeting.hear(seen)
                yield described(seen.raw, seen.found)
            hello = greeting.due(time.monotonic())
            if hello is not None:
                wire.write(hello)
                yield described(hello[:-1], decode(hello[:-1]))
    finally:
        wire.close()


class _Greeting:
    """Says Hello as soon as that ends nothing, and until it is answered."""

    def __init__(self) -> None:
        session = random.SystemRandom().randrange(1, 1 << 32)
        hello = Hello(VERSION_MAJOR, VERSION_MINOR, HelloFlag.READ_ONLY, 0, SCHEMA_HASH)
        self._hello = encode(Frame(Hello.KIND, 1, session, 0, pack(hello)))
        self._may = False
        self._done = False
        self._sent_s = float("-inf")

    def hear(self, seen: Seen) -> None:
        if isinstance(seen.message, Welcome):
            self._done = True
        elif isinstance(seen.message, Telemetry):
            told = seen.message
            self._may = told.state not in _RUNNING and not told.actuators & _ON

    def due(self, now_s: float) -> bytes | None:
        if self._done or not self._may or now_s - self._sent_s < HELLO_EVERY_S:
            return None
        self._sent_s = now_s
        return self._hello


# --- words ------------------------------------------------------------------------------------


def _fields(message: Message) -> dict[str, Any]:
    return {
        name: text(value) if isinstance(value, bytes) else value
        for name, value in msgspec.structs.asdict(message).items()
    }


def _named(codes: Any, value: int) -> str:
    try:
        return str(codes(value).name)
    except ValueError:
        return f"unknown code {value}"


def _flags(codes: Any, value: int) -> str:
    return " ".join(str(flag.name) for flag in codes if flag & value) or "none"


def _bar(message: Telemetry, sensor: Sensor) -> str:
    kpa = message.measured(sensor)
    return "--- bar" if kpa is None else f"{kpa / 100:.1f} bar"


def _words(message: Message) -> str:
    if isinstance(message, Telemetry):
        tip = message.tip_centikelvin
        celsius = f"{tip / 100 - 273.15:.2f} °C" if tip else "--- °C"
        flow = message.measured(Sensor.FLOW)
        return (
            f"{_named(DeviceState, message.state)}, tip {celsius}, "
            f"supply {_bar(message, Sensor.SUPPLY)}, exhaust {_bar(message, Sensor.EXHAUST)}, "
            f"flow {'---' if flow is None else flow} mg/s, "
            f"lease {message.remaining_lease_ms} ms, on: {_flags(Actuator, message.actuators)}, "
            f"faults: {_flags(Fault, message.faults)}"
        )
    if isinstance(message, Answer):
        to = _NAMES.get(message.command, f"0x{message.command:02X}")
        return f"{to}: {_named(Result, message.result)}, value {message.value}"
    if isinstance(message, Event):
        detail: str | int = message.detail
        if message.code == EventCode.STATE_CHANGED:
            detail = (
                f"{_named(DeviceState, message.value)} -> {_named(DeviceState, message.detail)}"
            )
        elif message.code in (EventCode.FREEZE_ENDED, EventCode.STIMULATION_ENDED):
            detail = _named(FreezeEnd, message.detail)
        elif message.code in (EventCode.FAULT_RAISED, EventCode.FAULT_CLEARED):
            detail = _named(Fault, 1 << message.detail)
        return (
            f"{_named(EventCode, message.code)} {detail}, number {message.number}, "
            f"at {message.at_ms} ms, value {message.value}"
        )
    return ", ".join(f"{name} {value}" for name, value in _fields(message).items())
