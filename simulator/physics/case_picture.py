"""A case as a picture: how far the cold got over time, and the temperatures outwards.

Importing this module imports matplotlib: do so only when a picture is wanted.
"""

from __future__ import annotations

from typing import Any, BinaryIO

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from simulator.physics.case import CaseResult
from simulator.physics.case_file import Case
from simulator.physics.case_history import History

_INK, _GRID = "#263238", "#dfe5e8"
_ICE, _LEVELS = "#0277bd", ("#6a1b9a", "#c2185b", "#ef6c00", "#558b2f")
_OUTWARDS = {"plane": "depth", "cylinder": "radius", "sphere": "radius", "probe": "radius"}


def draw(case: Case, result: CaseResult, history: History, out: BinaryIO) -> None:
    """Write a PNG of 1600 x 720 dots. Model, not measured: the picture says so."""
    figure = Figure(figsize=(10.0, 4.5), dpi=160, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    title = case.title or f"{case.geometry}, {case.boundary.kind} boundary"
    figure.suptitle(title, color=_INK, fontsize=12, fontweight="bold", x=0.012, ha="left")
    left, right = figure.subplots(1, 2)
    _over_time(left, case, result, history)
    _outwards(right, case, result, history)
    figure.supxlabel(
        f"Model, not measured.  Energy residual {result.energy_residual:.0e}.",
        color="#607d8b",
        fontsize=8,
    )
    figure.savefig(out, format="png")


def _over_time(axes: Axes, case: Case, result: CaseResult, history: History) -> None:
    outwards = _OUTWARDS[case.geometry]
    _dress(axes, "time, s", f"{outwards}, mm")
    answers = {"ice": result.frozen_radius_mm, **result.isotherm_radius_mm}
    for index, (name, radii) in enumerate(answers.items()):
        style: dict[str, Any] = {"color": _ICE if name == "ice" else _LEVELS[(index - 1) % 4]}
        words = "frozen" if name == "ice" else f"{float(name):g} °C"
        if case.steady:
            axes.axhline(radii[0], label=f"{words}, steady", **style)
            axes.set_xticks([])
            continue
        curve = history.radii_mm.get(name, [])
        axes.plot(history.times_s, curve, linewidth=1.8, label=words, **style)
        times = [time for time in result.times_s if time is not None]
        axes.plot(times, radii, "o", markersize=4.5, **style)
    axes.set_ylim(bottom=0.0)
    axes.set_title("How far the cold got", loc="left", fontsize=10, color=_INK)
    axes.legend(frameon=False, fontsize=9)


def _outwards(axes: Axes, case: Case, result: CaseResult, history: History) -> None:
    _dress(axes, f"{_OUTWARDS[case.geometry]}, mm", "temperature, °C")
    shades = np.linspace(1.0, 0.35, len(history.profiles))[::-1]
    for shade, (time, distances, celsius) in zip(shades, history.profiles, strict=True):
        words = "steady" if time is None else f"{time:g} s"
        axes.plot(distances, celsius, color=_ICE, alpha=float(shade), linewidth=1.8, label=words)
    farthest = max([*result.frozen_radius_mm, *case.points_mm, case.wall_mm + 1.0])
    axes.set_xlim(case.wall_mm, case.wall_mm + 1.6 * (farthest - case.wall_mm))
    freezing = case.tissue.liquidus_celsius
    axes.axhline(freezing, color=_INK, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.annotate(
        f"ice below {freezing:g} °C",
        (1.0, freezing),
        xycoords=("axes fraction", "data"),
        xytext=(-4, 3),
        textcoords="offset points",
        ha="right",
        fontsize=8,
        color=_INK,
    )
    for row in result.temperature_celsius:
        axes.plot(case.points_mm, row, "o", color=_ICE, markersize=4.5)
    place = ", mid-length of the tip" if case.geometry == "probe" else ""
    axes.set_title(f"Temperature outwards{place}", loc="left", fontsize=10, color=_INK)
    axes.legend(frameon=False, fontsize=9, loc="lower right")


def _dress(axes: Axes, across: str, up: str) -> None:
    axes.set_xlabel(across, color=_INK)
    axes.set_ylabel(up, color=_INK)
    axes.grid(color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=_INK, labelsize=9)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color("#90a4ae")
