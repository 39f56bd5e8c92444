"""Builds the reference core of examples/firmware for tests: a library to hold it by, and the
device as a process."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
FIRMWARE = ROOT / "examples" / "firmware"
CORE = tuple(sorted((FIRMWARE / "core").glob("*.c")))
PLANT = FIRMWARE / "plant" / "plant.c"
POSIX = FIRMWARE / "posix" / "main.c"
SHIM = Path(__file__).with_name("shim.c")
FLAGS = (
    "-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Wundef",
    "-Wstrict-prototypes", "-Wcast-qual", "-Werror", "-O1", "-g",
)  # fmt: skip
HELD = ("-fPIC", "-DCRYO_RECEIVE_BYTES=127u", "-D_GNU_SOURCE", "-Wno-cast-qual")
SANITIZED = ("-fsanitize=address,undefined", "-fno-sanitize-recover")


def built(name: str, sources: Sequence[Path], *flags: str) -> Path:
    """What gcc makes of `sources`, made once for the same bytes. Raises CalledProcessError."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    assert compiler, "a C compiler is needed: apt-get install gcc"
    headers = sorted(FIRMWARE.glob("*/*.h"))
    said = hashlib.sha256(repr((FLAGS, flags)).encode())
    for path in (*sources, *headers):
        said.update(path.read_bytes())
    folder = Path(tempfile.gettempdir()) / f"cryo-firmware-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    target = folder / f"{name}-{said.hexdigest()[:16]}"
    if not target.exists():
        fresh = target.with_suffix(f".{os.getpid()}")
        subprocess.run(
            [compiler, *FLAGS, *flags, *map(str, sources), "-o", str(fresh)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        fresh.replace(target)
    return target


def library() -> Path:
    """The core with the shim, for ctypes; another build of it where CRYO_CORE_LIBRARY says so."""
    given = os.environ.get("CRYO_CORE_LIBRARY")
    if given:
        return Path(given)
    return built("core", (*CORE, PLANT, SHIM), "-shared", *HELD)


def device(*flags: str) -> Path:
    """The device as a process, with sanitizers unless other `flags` are given."""
    return built("device", (*CORE, PLANT, POSIX), *(flags or SANITIZED))
