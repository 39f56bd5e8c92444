"""Which threads and file handles this process has, by name: so that one that comes and goes in the
hours of a soak says whose it is."""

import re
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Final

import psutil

_TASKS: Final = Path("/proc/self/task")
_HANDLES: Final = Path("/proc/self/fd")


def threads() -> Counter[str]:
    """Names of the threads: ours by their own, those of libraries by what the system calls them
    (Linux; elsewhere "native")."""
    ours = {thread.native_id: thread.name for thread in threading.enumerate()}
    return Counter(ours.get(each.id) or _native(each.id) for each in psutil.Process().threads())


def _native(thread: int) -> str:
    try:
        return f"native {(_TASKS / str(thread) / 'comm').read_text().strip()}"
    except OSError:  # it has ended just now, or this system has no such files
        return "native"


def handles() -> Counter[str]:
    """What the handles are open on (Linux; elsewhere how many there are)."""
    if not sys.platform.startswith("linux"):
        return Counter({"handle": psutil.Process().num_fds()})
    found: Counter[str] = Counter()
    for each in _HANDLES.iterdir():
        try:
            target = each.readlink()
        except OSError:  # that of this very look
            continue
        # A session's file has another name each time; a pipe or a socket has a number.
        found[target.suffix or re.sub(r":\[\d+\]$", "", target.name)] += 1
    return found


def changed(before: Counter[str], now: Counter[str]) -> str:
    """ "+ name, - name" of what came and went, empty where nothing did."""
    came = [f"+ {name}" for name in sorted((now - before).elements())]
    went = [f"- {name}" for name in sorted((before - now).elements())]
    return ", ".join(came + went)
