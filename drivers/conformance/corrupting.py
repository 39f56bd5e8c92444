"""The count of corrupted frames, spread over all cores."""

import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Final

from drivers.link.corruption import count_undetected

SHARE_FRAMES: Final = 50_000


def counted(
    frames: int, seed: int, progress: Callable[[int], None] = lambda done: None
) -> dict[str, int]:
    """The counts of `count_undetected`, over shares with a seed each, so that the same seed gives
    the same frames on any computer; besides `workers` and `frames_per_s`. `progress` is told how
    many are done."""
    began_s = time.monotonic()
    starts = range(0, frames, SHARE_FRAMES)
    workers = min(len(starts), _cores())
    counts: dict[str, int] = {"frames": 0}
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        shares = [
            pool.submit(count_undetected, min(SHARE_FRAMES, frames - at), _seed(seed, at))
            for at in starts
        ]
        for done in as_completed(shares):
            for name, number in done.result().items():
                counts[name] = counts.get(name, 0) + number
            progress(counts["frames"])
    rate = frames / (time.monotonic() - began_s)
    return {**counts, "workers": workers, "frames_per_s": round(rate)}


def _seed(seed: int, at: int) -> int:
    """One for each share, and no two alike."""
    return int.from_bytes(f"{seed}/{at}".encode(), "big")


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
