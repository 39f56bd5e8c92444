"""Looks at this computer, and says in words what is missing and how to mend it."""

import ctypes.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import msgspec
from serial.tools import list_ports

from console.display import missing_display
from console.model.quantities import plain
from console.records.store import Store

LEAST_FREE_MB: Final = 500
SOUND_WITHIN_S: Final = 15.0
_COUNT_OUTPUTS: Final = (
    "from PySide6.QtCore import QCoreApplication; from PySide6.QtMultimedia import QMediaDevices; "
    "app = QCoreApplication([]); print(len(QMediaDevices.audioOutputs()))"
)
_LIBRARIES: Final = ("GL", "EGL", "xkbcommon", "dbus-1", "fontconfig", "xcb-cursor")
_PACKAGES: Final = ("PySide6", "pyqtgraph", "pyserial", "numpy", "msgspec", "fastcrc", "cobs")


class Check(msgspec.Struct, frozen=True):
    """One thing looked at. `fix` is empty when there is nothing to mend; `needed` is False for what
    only some uses need."""

    id: str
    ok: bool
    words: str
    fix: str = ""
    needed: bool = True


def examine(records: Path | None) -> list[Check]:
    """All checks, in order."""
    checks: tuple[Callable[[Path | None], Check], ...] = (
        _python, _packages, _graphics, _display, _audio, _ports, _folder, _disk,
    )  # fmt: skip
    return [check(records) for check in checks]


def _python(records: Path | None) -> Check:
    found = sys.version.split()[0]
    ok = sys.version_info >= (3, 11)
    return Check("python", ok, f"Python {found}", "" if ok else "Install Python 3.11 or newer.")


def _packages(records: Path | None) -> Check:
    found, missing = [], []
    for name in _PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check("packages", False, f"Missing: {', '.join(missing)}", "Run: make install")
    return Check("packages", True, ", ".join(found))


def _graphics(records: Path | None) -> Check:
    if not sys.platform.startswith("linux"):
        return Check("graphics", True, "Qt brings all it needs on this system")
    missing = [name for name in _LIBRARIES if ctypes.util.find_library(name) is None]
    if missing:
        return Check(
            "graphics",
            False,
            f"System libraries that a window needs are missing: {', '.join(missing)}",
            "Run: .ci/system-packages qt (as root it installs them, else it prints the command)",
        )
    return Check("graphics", True, "System libraries for a window are there")


def _display(records: Path | None) -> Check:
    reason = missing_display()
    if reason is None:
        return Check("display", True, "A window can be opened")
    return Check(
        "display",
        False,
        f"A window cannot be opened, headless commands work: {reason}",
        "Start it from a desktop, or use: cryoprobe run",
        needed=False,
    )


def _audio(records: Path | None) -> Check:
    # In a process of its own: a sound server that hangs holds up whoever asks it.
    try:
        asked = subprocess.run(
            [sys.executable, "-c", _COUNT_OUTPUTS],
            capture_output=True,
            text=True,
            timeout=SOUND_WITHIN_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return audible(None, f"the sound server did not answer within {plain(SOUND_WITHIN_S)} s")
    if asked.returncode != 0:
        last = asked.stderr.strip().splitlines()[-1:] or [f"exit {asked.returncode}"]
        return audible(None, last[0])
    return audible(int(asked.stdout.split()[-1]))


def audible(outputs: int | None, why: str = "") -> Check:
    """The check of so many sound devices; None: they cannot be counted, and why."""
    if outputs is None:
        words = f"Alarms cannot be heard: {why}"
        return Check("audio", False, words, "Run: .ci/system-packages qt, then try again", False)
    if outputs == 0:
        words = "Alarms cannot be heard, they are seen alone: no sound device"
        return Check("audio", False, words, "Connect loudspeakers and switch them on", False)
    return Check("audio", True, f"Sound devices that alarms can be heard on: {outputs}")


def _ports(records: Path | None) -> Check:
    ports = [port.device for port in list_ports.comports()]
    if not ports:
        return Check("ports", True, "No serial port is there; the simulator needs none")
    barred = [port for port in ports if not os.access(port, os.R_OK | os.W_OK)]
    if barred and os.name == "posix":
        return Check(
            "ports",
            False,
            f"Not allowed to open {', '.join(barred)}",
            "Join the group that owns it, usually: sudo usermod -aG dialout $USER; log in anew",
        )
    return Check("ports", True, f"Serial ports: {', '.join(ports)}")


def _folder(records: Path | None) -> Check:
    root = Store(records).root
    where = next(folder for folder in (root, *root.parents) if folder.is_dir())
    try:
        with tempfile.TemporaryFile(dir=where):
            pass
    except OSError as error:
        return Check(
            "records",
            False,
            f"Records cannot be written to {root}: {error.strerror}",
            "Choose another folder with --records",
        )
    return Check("records", True, f"Records go to {root}")


def _disk(records: Path | None) -> Check:
    root = Store(records).root
    where = next(folder for folder in (root, *root.parents) if folder.is_dir())
    free_mb = shutil.disk_usage(where).free // 1_000_000
    ok = free_mb >= LEAST_FREE_MB
    fix = "" if ok else f"Free at least {LEAST_FREE_MB} MB: below that no freeze starts"
    return Check("disk", ok, f"{free_mb} MB free for records", fix)


def healthy(checks: list[Check]) -> bool:
    """Whether everything that is needed is there."""
    return all(check.ok for check in checks if check.needed)


def as_text(checks: list[Check]) -> str:
    """The checks for reading on a terminal."""
    lines = []
    for check in checks:
        mark = "ok  " if check.ok else "FIX " if check.needed else "note"
        lines.append(f"{mark}  {check.words}")
        if check.fix:
            lines.append(f"      {check.fix}")
    return "\n".join(lines)
