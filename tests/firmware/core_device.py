"""The reference core held from Python: bytes and time in, frames out, inputs as a test says."""

import ctypes
from functools import cache
from typing import Any

from tests.firmware.core_build import library

FRAME_BYTES = 128


@cache
def core() -> Any:
    """The library, its functions typed."""
    loaded = ctypes.CDLL(str(library()))
    loaded.held_new.restype = ctypes.c_void_p
    loaded.held_new.argtypes = [ctypes.c_uint32, ctypes.c_int, ctypes.c_int]
    loaded.held_flaws.restype = ctypes.c_uint32
    loaded.held_receive.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_uint32]
    loaded.held_chip.argtypes = [
        ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_int,
    ]  # fmt: skip
    for name, count in (
        ("boot", 0), ("free", 0), ("state", 0), ("uses_left", 0), ("restart_due", 0),
        ("step", 1), ("flow", 1),
        ("flaws", 1), ("sensor", 3), ("inputs", 5),
    ):  # fmt: skip
        kinds = [ctypes.c_void_p, *[ctypes.c_uint32 if name == "step" else ctypes.c_int] * count]
        getattr(loaded, f"held_{name}").argtypes = kinds
    loaded.held_transmit.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_uint32]
    loaded.cryo_encode.restype = ctypes.c_size_t
    return loaded


def encoded(raw: bytes) -> bytes:
    """The frame of raw bytes, by the core."""
    out = ctypes.create_string_buffer(FRAME_BYTES)
    size = core().cryo_encode(raw, ctypes.c_size_t(len(raw)), out)
    return out.raw[:size]


def decoded(chunk: bytes) -> bytes | int:
    """The raw bytes of what stands before a zero, or the number of its flaw."""
    out = ctypes.create_string_buffer(FRAME_BYTES)
    size = core().cryo_decode(chunk, ctypes.c_size_t(len(chunk)), out)
    return out.raw[:size] if size >= 0 else -size


class Core:
    """One device. Sensors are numbered as the link's Sensor, in the units of Telemetry."""

    def __init__(self, seed: int, *, simulated: bool = True, capabilities: int = 0xFD) -> None:
        self._held = core().held_new(seed, simulated, capabilities)
        self.now_ms = 0

    def __del__(self) -> None:
        core().held_free(self._held)

    def boot(self) -> None:
        core().held_boot(self._held)
        self.now_ms = 0

    def __getattr__(self, name: str) -> Any:
        function = getattr(core(), f"held_{name}")
        return lambda *given: function(self._held, *given)

    def hear(self, data: bytes) -> None:
        self.receive(data, len(data), self.now_ms)

    def step(self, now_ms: int) -> None:
        self.now_ms = now_ms
        core().held_step(self._held, now_ms)

    def take(self) -> bytes:
        """All that waits to be sent."""
        out, said = ctypes.create_string_buffer(FRAME_BYTES), b""
        while size := self.transmit(out, self.now_ms):
            said += out.raw[:size]
        return said
