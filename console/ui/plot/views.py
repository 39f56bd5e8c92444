"""The pictures of the session's plot, a row each: tip, gas, and how far -20 °C reaches. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication

from console.model.quantities import KPA_PER_BAR, LITRES_PER_GRAM, bar, litres_per_minute, number
from console.model.snapshot import Snapshot
from console.ui.plot.history import History, Track
from console.ui.plot.marks import previous
from console.ui.plot.picture import Curve, Ink, Level, Ribbon, Strip
from console.ui.plot.reference import Reference

WARMEST: Final = 47.0
COLDEST: Final = -92.0
AT_TARGET: Final = 3.0
"""Within this of the target counts as at target, in °C."""
_BAR: Final = 1.0 / KPA_PER_BAR
_LITRES: Final = 60 / 1_000 * LITRES_PER_GRAM
_SUPPLY_BAR: Final = (80.0, 100.0)
_EXHAUST_BAR: Final = (4.0, 12.0, 40.0, 100.0)
_FLOW_LITRES: Final = (15.0, 30.0, 90.0)
_REACH_MM: Final = (4.0, 8.0, 16.0)
_NEAR_S: Final = 1.5
"""An estimate, told once a second, is of a moment this near."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("plot", text)


class Reach(Track):
    """The model's reach of -20 °C from the probe's surface, in mm, with its band."""

    def __init__(self) -> None:
        super().__init__(("value", "low", "high"), gap_ms=3_000)
        self.nerve_mm: float | None = None

    def append(self, snapshot: Snapshot) -> None:
        """Adds a snapshot's estimate."""
        estimate = snapshot.estimate
        if estimate is not None:
            reach = estimate.minus20_reach_mm
            self.nerve_mm = estimate.nerve_distance_mm
            self.add([(estimate.at_ms, (reach.value, reach.low, reach.high))])


@dataclass(frozen=True)
class Data:
    """All that a picture may be made of."""

    snapshot: Snapshot
    history: History
    reach: Reach
    references: tuple[Reference, ...]


@dataclass(frozen=True)
class KeyEntry:
    """A line of the key under the tabs: how it is drawn, and what it is."""

    ink: Ink
    words: str


@dataclass(frozen=True)
class PlotView:
    """A tab: its short name and what it shows in words, its strips, its key."""

    id: str
    tab: Callable[[], str]
    name: Callable[[], str]
    strips: Callable[[Data], tuple[Strip, ...]]
    key: Callable[[Data], tuple[KeyEntry, ...]]


def _before(data: Data) -> tuple[Curve, ...]:
    found = previous(data.snapshot)
    if found is None:
        return ()
    start, end, by = found
    return (Curve(data.history, "tip", Ink.BEFORE, start, end, by),)


def _tip(data: Data) -> tuple[Strip, ...]:
    plan = data.snapshot.procedure.plan
    limit = data.snapshot.lowest_allowed_celsius
    levels = []
    if plan is not None:
        words = _tr("target {celsius}").format(celsius=number(plan.target_celsius, 0))
        levels.append(Level(plan.target_celsius, words, within=AT_TARGET))
        if limit is not None:
            words = _tr("stops at {celsius}").format(celsius=number(limit, 0))
            levels.append(Level(limit, words, dotted=True))
    ribbons = tuple(
        Ribbon(each.low_celsius, each.high_celsius, Ink.REFERENCE, each.at_s)
        for each in data.references
    )
    curves = (*_before(data), Curve(data.history, "tip", Ink.MEASURED))
    return (Strip(COLDEST, WARMEST, 20.0, curves, ribbons, tuple(levels), emphasis=0.0),)


def _tip_key(data: Data) -> tuple[KeyEntry, ...]:
    found = []
    if data.references:
        found.append(KeyEntry(Ink.REFERENCE, _tr("reference: simulated runs")))
    if previous(data.snapshot) is not None:
        found.append(KeyEntry(Ink.BEFORE, _tr("freeze before")))
    return tuple(found)


def _scale(choices: tuple[float, ...], highest: float | None) -> float:
    return next((top for top in choices if highest is None or highest <= top), choices[-1])


def _gas(data: Data) -> tuple[Strip, ...]:
    def strip(column: str, title: str, scale: float, tops: tuple[float, ...]) -> Strip:
        highest = data.history.highest(column)
        top = _scale(tops, None if highest is None else highest * scale)
        curve = Curve(data.history, column, Ink.MEASURED, scale=scale)
        return Strip(0.0, top, _STEP[top], (curve,), title=title)

    return (
        strip("supply", _tr("supply, bar"), _BAR, _SUPPLY_BAR),
        strip("exhaust", _tr("exhaust, bar"), _BAR, _EXHAUST_BAR),
        strip("flow", _tr("flow, L/min"), _LITRES, _FLOW_LITRES),
    )


_STEP: Final = {4.0: 1.0, 8.0: 2.0, 12.0: 4.0, 15.0: 5.0, 16.0: 4.0, 30.0: 10.0, 40.0: 10.0,
                80.0: 20.0, 90.0: 30.0, 100.0: 25.0}  # fmt: skip
"""The distance of the grid lines on a scale that ends there."""


def _gas_key(data: Data) -> tuple[KeyEntry, ...]:
    return (KeyEntry(Ink.MEASURED, _tr("measured; pressures are absolute")),)


def _reach(data: Data) -> tuple[Strip, ...]:
    reach = data.reach
    top = _scale(_REACH_MM, reach.highest("high"))
    low, high = Curve(reach, "low", Ink.MODEL), Curve(reach, "high", Ink.MODEL)
    levels: tuple[Level, ...] = ()
    if reach.nerve_mm is not None:
        words = _tr("nerve, assumed {mm} mm").format(mm=number(reach.nerve_mm))
        levels = (Level(reach.nerve_mm, words, dotted=True),)
    return (
        Strip(
            0.0,
            top,
            _STEP[top],
            (Curve(reach, "value", Ink.MODEL),),
            (Ribbon(low, high, Ink.MODEL),),
            levels,
            title=_tr("mm from the probe"),
        ),
    )


def _reach_key(data: Data) -> tuple[KeyEntry, ...]:
    return (KeyEntry(Ink.MODEL, _tr("reach of −20 °C: model, not measured")),)


VIEWS: Final = (
    PlotView("tip", lambda: _tr("Tip"), lambda: _tr("Plot of the tip temperature"), _tip, _tip_key),
    PlotView("gas", lambda: _tr("Gas"), lambda: _tr("Plot of pressures and flow"), _gas, _gas_key),
    PlotView(
        "reach",
        lambda: _tr("Reach"),
        lambda: _tr("Plot of the reach of −20 °C, model"),
        _reach,
        _reach_key,
    ),
)
"""In the order of their tabs."""


def spoken(data: Data, at_s: float, begun_s: float, phase: str) -> tuple[str, ...]:
    """What was so at a moment, a line a quantity; "---" where it was unknown."""
    found = data.history.at(at_s)
    row = found[1] if found is not None else dict.fromkeys(data.history.columns)
    estimated = data.reach.at(at_s)
    reach = estimated[1]["value"] if estimated and abs(estimated[0] - at_s) <= _NEAR_S else None
    clock = max(0, round(at_s - begun_s))
    lines = [
        " · ".join(filter(None, (f"{clock // 60}:{clock % 60:02d}", phase))),
        _tr("tip {celsius} °C").format(celsius=number(row["tip"])),
        _tr("supply {bar} bar").format(bar=bar(row["supply"])),
        _tr("exhaust {bar} bar").format(bar=bar(row["exhaust"])),
        _tr("flow {litres} L/min").format(litres=number(litres_per_minute(row["flow"]))),
    ]
    if reach is not None:
        lines.append(_tr("−20 °C reaches {mm} mm (model)").format(mm=number(reach)))
    return tuple(lines)
