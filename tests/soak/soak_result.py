"""What a soak has come to: as numbers, as the page docs/soak.md and as its pictures."""

import platform
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

POOL: Final = (
    "Those called Thread (pooled), a thread and a handle for each core, are Qt's own: it paints a",
    "large translucent area on all cores, and lets the threads go after 30 s without one.",
)


class Measured(msgspec.Struct, frozen=True):
    """This process at `at_ms` of simulated time, and the times since the measure before, wall ms:
    of a step (20 ms of device, line, host and record), of a frame of the window, and by how much a
    step came late where it was to come in real time. Medians and the worst of a hundred; None where
    nothing of the kind was done."""

    at_ms: int
    rss_mb: float
    threads: int
    handles: int
    step_ms: tuple[float, float] | None = None
    frame_ms: tuple[float, float] | None = None
    late_ms: tuple[float, float] | None = None


class Soaked(msgspec.Struct):
    """The whole run."""

    hours: float = 0.0
    elapsed_s: float = 0.0
    load: float = 0.0  # processes that wanted a core at the end, a mean of 15 minutes
    real_time: bool = False
    faults: int = 0
    sessions: int = 0
    stimulated: int = 0
    freezes: int = 0
    freed: int = 0
    alarms: Counter[str] = msgspec.field(default_factory=Counter)
    unsafe: list[str] = msgspec.field(default_factory=list)
    measured: list[Measured] = msgspec.field(default_factory=list)
    came_and_went: list[str] = msgspec.field(default_factory=list)


def spread(times_ms: Sequence[float]) -> tuple[float, float] | None:
    """Median and 99th percentile; None of nothing."""
    if not times_ms:
        return None
    ordered = sorted(times_ms)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)]


def growth_mb_per_h(measured: Sequence[Measured]) -> float | None:
    """Slope of the memory by least squares, without the first tenth of the run, in which caches
    fill; None of less than ten measures."""
    kept = measured[len(measured) // 10 :]
    if len(kept) < 10:
        return None
    hours = [m.at_ms / 3_600_000 for m in kept]
    mean_h, mean_mb = sum(hours) / len(hours), sum(m.rss_mb for m in kept) / len(kept)
    over = sum((h - mean_h) * (m.rss_mb - mean_mb) for h, m in zip(hours, kept, strict=True))
    return over / sum((h - mean_h) ** 2 for h in hours)


def as_markdown(result: Soaked, command: str, pictures: Sequence[str] = ()) -> str:
    """The page."""
    pace = "in real time" if result.real_time else f"in {result.elapsed_s / 60:.0f} min"
    grown = growth_mb_per_h(result.measured)
    lines = [
        "# Soak",
        "",
        f"Written by `{command}` on 2 shared cores, Python {platform.python_version()}, "
        f"{date.today():%Y-%m-%d}.",
        "The shipped control loop and record against the shipped firmware and physics, byte for",
        "byte, in one process and in device time; a random fault every 10 s, for 0.3 to 8 s; the",
        "window looks on. After every 20 ms: no gas or current without a lease, no gas together",
        "with current, no gas outside FREEZING, nothing called free while the true tip is frozen.",
        "",
        f"{result.hours:g} simulated hours {pace}: {result.sessions} sessions, "
        f"{result.stimulated} with stimulation, {result.freezes} freezes, {result.faults} faults, "
        f"{result.freed} times free to move.",
        "",
        f"Unsafe states: {'; '.join(result.unsafe) or 'none'}.",
        "",
        "Memory grows by "
        + ("---" if grown is None else f"{grown:.2f} MB an hour after the first tenth")
        + "; threads "
        + _range([m.threads for m in result.measured])
        + ", file handles "
        + _range([m.handles for m in result.measured])
        + ".",
        "Threads and handles that came or went between two measures, a minute apart: "
        + ("; ".join(result.came_and_went) or "none")
        + ".",
        *POOL,
        "",
        "| simulated | memory, MB | threads | handles | step, ms | frame, ms | late, ms |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    every = max(1, len(result.measured) // 16)
    lines += [_line(m) for m in result.measured[::every]]
    told = ", ".join(f"{name} {count}" for name, count in result.alarms.most_common())
    lines += [
        "",
        f"The machine's load at the end was {result.load:.1f}: times of a machine with other work",
        "are no figures of this program.",
        "Times are wall time since the line before, median and 99th percentile: step, 20 ms of",
        "device, line, host and record; frame, the window from snapshot to painted; late, by how",
        "much a step missed its moment (in real time alone).",
        "",
        f"Alarms raised: {told}.",
    ]
    for name in pictures:
        lines += ["", f"![{Path(name).stem.replace('-', ' ')}]({name})"]
    return "\n".join([*lines, ""])


def _range(values: Sequence[int]) -> str:
    return f"{min(values)} to {max(values)}" if values else "---"


def _line(m: Measured) -> str:
    times = " | ".join(_two(pair) for pair in (m.step_ms, m.frame_ms, m.late_ms))
    return f"| {m.at_ms / 3_600_000:.2f} h | {m.rss_mb:.1f} | {m.threads} | {m.handles} | {times} |"


def _two(pair: tuple[float, float] | None) -> str:
    return "---" if pair is None else f"{pair[0]:.2f}, {pair[1]:.2f}"


def draw(result: Soaked, folder: Path) -> list[str]:
    """Draws what was measured over simulated time into `folder`; the names of the files."""
    from matplotlib.figure import Figure  # slow to load

    hours = [m.at_ms / 3_600_000 for m in result.measured]
    figure = Figure(figsize=(9, 6), layout="constrained")
    memory, counts = figure.subplots(2, sharex=True)
    memory.plot(hours, [m.rss_mb for m in result.measured], color="#1f6f8b")
    memory.set(ylabel="memory, MB", ylim=(0, None), title="Memory, threads and file handles")
    counts.step(hours, [m.threads for m in result.measured], where="post", label="threads")
    counts.step(hours, [m.handles for m in result.measured], where="post", label="file handles")
    counts.set(xlabel="simulated hours", ylim=(0, None))
    counts.legend()
    figure.savefig(folder / "soak-resources.png", dpi=110)
    figure = Figure(figsize=(9, 7), layout="constrained")
    kinds = [
        ("step, ms", [m.step_ms for m in result.measured]),
        ("frame, ms", [m.frame_ms for m in result.measured]),
        ("late, ms", [m.late_ms for m in result.measured]),
    ]
    drawn = [(name, pairs) for name, pairs in kinds if any(pairs)]
    panels = figure.subplots(len(drawn), sharex=True, squeeze=False)[:, 0]
    for axes, (name, pairs) in zip(panels, drawn, strict=True):
        for of, words in enumerate(("median", "99th percentile")):
            axes.plot(hours, [pair[of] if pair else None for pair in pairs], label=words, lw=1)
        axes.set(ylabel=name, ylim=(0, None))
        axes.legend(loc="upper right")
    panels[0].set_title("Wall time of a step, of a frame, and its jitter")
    panels[-1].set_xlabel("simulated hours")
    figure.savefig(folder / "soak-times.png", dpi=110)
    return ["soak-resources.png", "soak-times.png"]
