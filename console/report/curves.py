"""The curves of the report: each freeze with its thaw, and the whole session on one page."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from console.model.estimate import Band, Estimate
from console.model.event import EventKind
from console.model.observation import BODY_CELSIUS, Observation
from console.model.quantities import bar_of, litres_per_minute, milli_of, minutes, number
from console.report.account import Account, Freeze
from console.report.chart import Panel, Point, new_drawing, rounded, time_axis
from console.report.words import MODEL, short_key

MEASURED: Final = "#0b4f94"
SECOND: Final = "#0f766e"
COLD: Final = "#e6eff8"
TARGET: Final = "#64748b"
ALARM: Final = "#b42318"
MODEL_LINE: Final = "#9aa7b4"
MODEL_BAND: Final = "#eef1f4"
LEFT: Final = 34.0
RIGHT: Final = 8.0
BEFORE_S: Final = 5.0
"""How much before gas-on a freeze's plot begins."""

Value = Callable[[Observation], float | None]


def freeze_plot(account: Account, freeze: Freeze, width: float, height: float) -> Any:
    """A drawing of one freeze from just before gas-on to the next one or to the end of its thaw;
    times count from gas-on."""
    drawing = new_drawing(width, height)
    began = freeze.began_s
    last = account.readings[-1].at_s if account.readings else began
    until = min(last, freeze.until_s if freeze.until_s is not None else last)
    following = [each.began_s for each in account.freezes if each.began_s > began]
    until = min([until, *following])
    time = time_axis(-BEFORE_S, max(until - began, 10.0))
    model = freeze.model is not None
    low_part = 42.0 if model else 0.0
    base = 22.0 + (low_part + 18.0 if model else 0.0)
    points = _points(account, lambda seen: seen.tip_celsius, began, began + time.low, until)
    panel = Panel(
        drawing, LEFT, base, width - LEFT - RIGHT, height - base - 14.0, time,
        _tip_axis(account, points),
    )  # fmt: skip
    ended = None if freeze.ended_s is None else freeze.ended_s - began
    panel.shade(0.0, time.high if ended is None else ended, COLD)
    panel.frame("Tip, °C (measured)", time_marks=not model)
    _target(account, panel)
    reached = freeze.record.time_to_target_s
    if reached is not None:
        panel.moment(reached, SECOND)
        panel.text(
            panel.at_x(reached) + 2, panel.y + panel.height * 0.3, f"at target {minutes(reached)}"
        )
    panel.curve(points, MEASURED)
    _marks(account, panel, began)
    if model:
        _estimated(account, drawing, width, time, began, low_part)
    return drawing


def strip_chart(account: Account, width: float, height: float) -> Any:
    """A drawing of the whole session, from its first reading to its last."""
    drawing = new_drawing(width, height)
    first = account.readings[0].at_s if account.readings else 0.0
    time = time_axis(first, account.readings[-1].at_s if account.readings else 1.0)
    shares = _strip_rows(account)
    room = height - 12.0 - 24.0 * len(shares)
    top = height
    for number_of, (title, share, curves, digits) in enumerate(shares):
        tall = room * share / sum(each[1] for each in shares)
        top -= tall + 24.0
        columns = [_points(account, value, 0.0) for value, _ in curves]
        axis = _tip_axis(account, columns[0]) if number_of == 0 else _around(columns, digits)
        panel = Panel(drawing, LEFT, top + 10.0, width - LEFT - RIGHT, tall, time, axis)
        for freeze in account.freezes:
            ended = freeze.ended_s if freeze.ended_s is not None else time.high
            panel.shade(freeze.began_s, ended, COLD)
            if number_of == 0:
                middle = (panel.at_x(freeze.began_s) + panel.at_x(ended)) / 2
                panel.text(
                    middle, panel.y + panel.height - 9, short_key(freeze.key), anchor="middle"
                )
        panel.frame(title, time_marks=number_of == len(shares) - 1, digits=digits)
        if number_of == 0:
            _target(account, panel)
        for (_, colour), points in zip(curves, columns, strict=True):
            panel.curve(points, colour, 0.8)
        _marks(account, panel, 0.0)
    return drawing


def _strip_rows(
    account: Account,
) -> list[tuple[str, float, tuple[tuple[Value, str], ...], int]]:
    rows: list[tuple[str, float, tuple[tuple[Value, str], ...], int]] = [
        ("Tip, °C (measured)", 3.0, (((lambda seen: seen.tip_celsius), MEASURED),), 0),
        ("Supply, bar absolute", 1.2, ((supply_bar, MEASURED),), 0),
        ("Exhaust, bar absolute", 1.2, ((exhaust_bar, SECOND),), 1),
        ("Flow of gas, L/min at 20 °C and 1 atm", 1.2, ((flow_l_min, MEASURED),), 0),
    ]
    if any(each.seen.delivered_ua for each in account.readings):
        unit = account.device.stimulator_unit if account.device else None
        rows.append((f"Stimulation delivered, {unit or 'mA'}", 1.0, ((delivered_ma, SECOND),), 1))
    return rows


def supply_bar(seen: Observation) -> float | None:
    """Supply pressure, absolute."""
    return bar_of(seen.supply_kpa)


def exhaust_bar(seen: Observation) -> float | None:
    """Exhaust pressure, absolute."""
    return bar_of(seen.exhaust_kpa)


def flow_l_min(seen: Observation) -> float | None:
    """Flow at 20 °C and 1 atm."""
    return litres_per_minute(seen.flow_mg_s)


def delivered_ma(seen: Observation) -> float | None:
    """What the stimulator delivers, in mA or V as the console has it."""
    return milli_of(seen.delivered_ua)


def _points(
    account: Account,
    value: Value,
    zero_s: float,
    from_s: float = float("-inf"),
    to_s: float = float("inf"),
) -> list[Point]:
    return [
        (each.at_s - zero_s, value(each.seen))
        for each in account.readings
        if from_s <= each.at_s <= to_s
    ]


def _tip_axis(account: Account, points: Sequence[Point]) -> Any:
    known = [value for _, value in points if value is not None]
    target = account.plan.target_celsius if account.plan is not None else 0.0
    return rounded(min([*known, target, 0.0]) - 2.0, max([*known, BODY_CELSIUS]) + 2.0, 6)


def _around(columns: Sequence[Sequence[Point]], digits: int) -> Any:
    known = [value for points in columns for _, value in points if value is not None]
    least = 1.0 if digits else 10.0  # what little is left of a steady value is its noise
    low, high = min(known, default=0.0), max(known, default=0.0)
    return rounded(max(0.0, min(low, high - least)), max(high, least) * 1.02, 4)


def _target(account: Account, panel: Panel) -> None:
    if account.plan is not None:
        target = account.plan.target_celsius
        panel.level(target, TARGET, f"target {number(target, 0)} °C")


def _marks(account: Account, panel: Panel, zero_s: float) -> None:
    for each in account.of(EventKind.ALARM):
        at = None if each.at_s is None else each.at_s - zero_s
        if at is not None and panel.time.low <= at <= panel.time.high:
            panel.moment(at, ALARM)
            panel.text(panel.at_x(at) + 1.5, panel.y + panel.height - 8, "alarm", colour=ALARM)


def _estimated(
    account: Account, drawing: Any, width: float, time: Any, zero_s: float, height: float
) -> None:
    own = [
        (each.at_s - zero_s, each.estimate)
        for each in account.estimates
        if each.place is not None and time.low <= each.at_s - zero_s <= time.high
    ]
    if not own:
        return
    bands: Sequence[Callable[[Estimate], Band]] = (
        lambda one: one.ice_edge_mm,
        lambda one: one.minus20_mm,
    )
    highest = max(one.ice_edge_mm.high for _, one in own)
    panel = Panel(drawing, LEFT, 22.0, width - LEFT - RIGHT, height, time, rounded(0.0, highest, 2))
    for band in bands:
        panel.between(
            [(at, band(one).low) for at, one in own],
            [(at, band(one).high) for at, one in own],
            MODEL_BAND,
        )
    panel.frame(f"Ice edge and −20 °C, mm across ({MODEL})", time_marks=True)
    for band in bands:
        panel.curve([(at, band(one).value) for at, one in own], MODEL_LINE, 0.7, [2, 2], 5.0)
