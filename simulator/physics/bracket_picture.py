"""Our ice ball's diameters over time against what has been published, for docs/physics.md.

Importing this module imports matplotlib: do so only when a picture is wanted.
"""

from __future__ import annotations

import math
from typing import BinaryIO

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from simulator.physics.gas import Gas
from simulator.physics.plant import Plant
from simulator.physics.readings import Actuators

_SECONDS, _DT_S = 240, 0.02
_TEXTBOOK_MM = 3.5
_MAKERS_S, _MAKERS_MM = (60.0, 90.0), (10.0, 11.0)  # longer tips
_DOG_MM3 = {60: 493.0, 120: 666.0, 180: 787.0, 240: 923.0}  # lesion, N2O at -76 °C
_INK, _PUBLISHED = "#263238", "#c2185b"


def draw(out: BinaryIO) -> None:
    """Write a PNG of 1280 x 720 dots: 1.4 x 6 mm tip, N2O at full flow, book tissue, 0.25 mm."""
    times, edge, cold = _ours()
    figure = Figure(figsize=(8.0, 4.5), dpi=160, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.plot(times, edge, color="#0277bd", linewidth=2.0, label="ours: ice edge (-1 °C)")
    axes.plot(times, cold, color="#6a1b9a", linewidth=2.0, label="ours: -20 °C")
    axes.axhline(
        _TEXTBOOK_MM,
        color=_PUBLISHED,
        linewidth=1.2,
        linestyle=(0, (4, 3)),
        label="published: textbook, 1.4 mm probe",
    )
    (start, end), (low, high) = _MAKERS_S, _MAKERS_MM
    axes.add_patch(
        Rectangle(
            (start, low),
            end - start,
            high - low,
            color=_PUBLISHED,
            alpha=0.25,
            linewidth=0.0,
            label="published: makers of longer tips",
        )
    )
    spheres = [math.cbrt(6.0 * volume / math.pi) for volume in _DOG_MM3.values()]
    axes.plot(
        list(_DOG_MM3),
        spheres,
        "o",
        color=_PUBLISHED,
        label="published: dog lesion, as a sphere of its volume",
    )
    axes.set_xlabel("time at full flow, s", color=_INK)
    axes.set_ylabel("diameter, mm", color=_INK)
    axes.set_xlim(0.0, _SECONDS + 5.0)
    axes.set_ylim(0.0, 17.0)
    axes.grid(color="#dfe5e8", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize=8.5, loc="upper left", ncols=2)
    axes.set_title(
        "Model against published sizes: brackets, not targets",
        loc="left",
        color=_INK,
        fontsize=11,
        fontweight="bold",
    )
    figure.savefig(out, format="png")


def _ours() -> tuple[list[float], list[float], list[float]]:
    """Times in s, diameters in mm of the ice edge and of -20 °C."""
    plant, full = Plant(Gas.N2O, cell_mm=0.25, backend="numpy"), Actuators(valve_duty=1.0)
    times, edge, cold = [0.0], [0.0], [0.0]
    for second in range(1, _SECONDS + 1):
        for _ in range(round(1.0 / _DT_S)):
            plant.advance(_DT_S, full)
        truth = plant.truth
        times.append(float(second))
        edge.append(truth.ice_edge_mm)
        cold.append(truth.minus20_mm)
    return times, edge, cold
