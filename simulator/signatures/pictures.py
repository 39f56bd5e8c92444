"""A picture of each fault's signature, for docs/simulator.md.

Importing this module imports matplotlib: do so only when a picture is wanted.
"""

from io import BytesIO
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from simulator.physics.faults import Knob
from simulator.signatures.recording import Trace
from simulator.signatures.row import Panel, Signature

_HEALTHY: Final = "#9aa5ab"
_COLOURS: Final = ("#c2185b", "#0277bd", "#ef6c00")
_INK: Final = "#263238"
_NARROWEST: Final[dict[Panel, float]] = {
    Panel.TIP: 10.0,
    Panel.TRUE_TIP: 10.0,
    Panel.SUPPLY: 4.0,
    Panel.EXHAUST: 1.0,
    Panel.FLOW: 5.0,
    Panel.HOSE: 10.0,
    Panel.DELIVERED: 0.2,
    Panel.IMPEDANCE: 100.0,
    Panel.AGE: 100.0,
    Panel.GOOD: 10.0,
    Panel.BAD: 5.0,
}
"""Axes span at least so much, so that noise does not look like a change."""
_COUNTS: Final = (Panel.AGE, Panel.GOOD, Panel.BAD, Panel.FLOW, Panel.ICE, Panel.DELIVERED)
_SHADES: Final = 48


def draw(
    path: Path, signature: Signature, knob: Knob, healthy: Trace, traces: list[tuple[float, Trace]]
) -> None:
    """Writes a PNG with a panel a curve: grey the healthy run, in colour the fault at its sizes."""
    count = len(signature.panels)
    figure = Figure(figsize=(2.6 * count, 2.1), dpi=95, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.subplots(1, count, squeeze=False)[0]
    for axes, panel in zip(grid, signature.panels, strict=True):
        axes.plot(healthy.seconds, _gaps(healthy, panel), color=_HEALTHY, linewidth=2.4)
        for colour, (size, trace) in zip(_COLOURS, traces, strict=False):
            label = f"{size:g} {knob.unit}" if knob.unit != "on" else "fault"
            values = _gaps(trace, panel)
            axes.plot(trace.seconds, values, color=colour, linewidth=1.1, label=label)
            if trace.tripped is not None:
                axes.axvline(trace.tripped[1], color=colour, linewidth=0.7, linestyle=(0, (2, 2)))
        _dress(axes, panel)
    handles, labels = grid[0].get_legend_handles_labels()
    grid[0].legend(handles, labels, fontsize=6.5, frameon=False, loc="best")
    drawn = BytesIO()
    figure.savefig(drawn, format="png")
    # A few flat colours: a palette makes a third of the bytes.
    picture = Image.open(drawn).convert("RGB")
    picture.quantize(_SHADES, dither=Image.Dither.NONE).save(path, "png", optimize=True)


def _gaps(trace: Trace, panel: Panel) -> list[float]:
    return [float("nan") if value is None else value for value in trace.panels[panel]]


def _dress(axes: Axes, panel: Panel) -> None:
    axes.set_title(panel.value, fontsize=8, color=_INK, loc="left")
    axes.set_xlabel("s", fontsize=7, color=_INK, labelpad=1)
    axes.tick_params(labelsize=7, colors=_INK, length=2)
    axes.grid(color="#eceff1", linewidth=0.6)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    low, high = axes.get_ylim()
    least = _NARROWEST.get(panel, 0.0)
    if high - low < least:
        middle = 0.5 * (low + high)
        low, high = middle - 0.5 * least, middle + 0.5 * least
    if panel in _COUNTS and low < 0.0:
        low, high = -0.04 * max(high, least), max(high, least)
    axes.set_ylim(low, high)
