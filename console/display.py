"""Whether a window can be opened here, found out before Qt would abort over it."""

import os
import re
import socket
import sys
from pathlib import Path


def missing_display() -> str | None:
    """Why no window can be opened, in words; None when one can, or when Qt was told where to draw.

    On Linux the display is asked for by its socket: Qt ends the whole process when it is not there.
    """
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return None
    wayland, x11 = os.environ.get("WAYLAND_DISPLAY"), os.environ.get("DISPLAY")
    if wayland and _answers(Path(os.environ.get("XDG_RUNTIME_DIR", "/run")) / wayland):
        return None
    if not x11:
        return "no display here (DISPLAY and WAYLAND_DISPLAY are not set)"
    return None if _x11_answers(x11) else f"the display {x11} does not answer"


def _x11_answers(display: str) -> bool:
    match = re.fullmatch(r"(.*):(\d+)(\.\d+)?", display)
    if match is None:
        return False
    host, number = match[1], int(match[2])
    if host in ("", "unix") or host.startswith("/"):
        path = f"/tmp/.X11-unix/X{number}"
        return _answers(Path(path)) or _answers(Path("\0" + path))
    try:
        with socket.create_connection((host, 6000 + number), timeout=2.0):
            return True
    except OSError:
        return False


def _answers(path: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(2.0)
            link.connect(str(path))
            return True
    except (OSError, ValueError):
        return False
