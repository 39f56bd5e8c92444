"""Drawing curves: axes with round numbers, and curves thinned to what the paper can show.

Everything is vectors, in points (1/72 inch). A curve breaks where a value is unknown; it never
bridges what was not measured.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec
from reportlab.graphics.shapes import Drawing, Line, Polygon, PolyLine, Rect, String
from reportlab.lib.colors import HexColor

from console.report import letters
from console.report.fonts import PLAIN

Point = tuple[float, float | None]
"""(seconds, value); None is a gap."""

INK: Final = "#1c2733"
MUTED: Final = "#5b6b7a"
GRID: Final = "#dfe5ea"
SMALL: Final = 6.5
GAP_S: Final = 2.0
"""Points further apart than this are not joined."""
_COLUMNS_PER_POINT: Final = 2.0


class Axis(msgspec.Struct, frozen=True):
    """From `low` to `high`, with a mark every `step`."""

    low: float
    high: float
    step: float

    def marks(self) -> list[float]:
        """The marked values."""
        first = math.ceil(self.low / self.step - 1e-9)
        last = math.floor(self.high / self.step + 1e-9)
        return [each * self.step for each in range(first, last + 1)]


def rounded(low: float, high: float, marks: int = 5) -> Axis:
    """An axis over low..high that begins and ends on a mark; 1, 2 or 5 times a power of ten."""
    span = max(high - low, 1e-6)
    power = 10.0 ** math.floor(math.log10(span / marks))
    step = next(power * each for each in (1, 2, 5, 10) if power * each * marks >= span * 0.999)
    return Axis(math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step)


def time_axis(low_s: float, high_s: float, marks: int = 10) -> Axis:
    """An axis of time, marked at whole minutes or parts of them."""
    span = max(high_s - low_s, 1.0)
    steps = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600)
    step = next((each for each in steps if each * marks >= span), 7_200)
    return Axis(low_s, low_s + span, float(step))


class Panel(msgspec.Struct, frozen=True):
    """A plot in a drawing: its box, its two axes."""

    drawing: Any
    x: float
    y: float
    width: float
    height: float
    time: Axis
    values: Axis

    def at_x(self, seconds: float) -> float:
        """Where a time stands, inside the box."""
        share = (seconds - self.time.low) / (self.time.high - self.time.low)
        return self.x + self.width * min(max(share, 0.0), 1.0)

    def at_y(self, value: float) -> float:
        """Where a value stands, inside the box."""
        share = (value - self.values.low) / (self.values.high - self.values.low)
        return self.y + self.height * min(max(share, 0.0), 1.0)

    def frame(self, title: str, *, time_marks: bool, digits: int = 0) -> None:
        """Grid, marks and title; the times only where `time_marks`."""
        for value in self.values.marks():
            y = self.at_y(value)
            self._line(self.x, y, self.x + self.width, y, GRID, 0.4)
            told = f"{value:.{digits}f}".replace("-", "−")
            self.text(self.x - 3, y - 2.2, told, anchor="end")
        for seconds in self.time.marks():
            x = self.at_x(seconds)
            self._line(x, self.y, x, self.y + self.height, GRID, 0.4)
            if time_marks:
                told = f"{round(seconds) // 60}:{round(seconds) % 60:02d}"
                self.text(x, self.y - 8.5, told, anchor="middle")
        self.drawing.add(
            Rect(
                self.x,
                self.y,
                self.width,
                self.height,
                fillColor=None,
                strokeColor=_ink(MUTED),
                strokeWidth=0.5,
            )
        )
        self.text(self.x, self.y + self.height + 3, title, colour=INK)

    def shade(self, from_s: float, to_s: float, colour: str) -> None:
        """A span of time, behind the curves."""
        left, right = self.at_x(from_s), self.at_x(to_s)
        self.drawing.add(
            Rect(left, self.y, right - left, self.height, fillColor=_ink(colour), strokeColor=None)
        )

    def level(self, value: float, colour: str, words: str = "") -> None:
        """A dashed line at a value."""
        y = self.at_y(value)
        self._line(self.x, y, self.x + self.width, y, colour, 0.6, dash=[3, 2])
        if words:
            self.text(self.x + self.width - 2, y + 2, words, colour=colour, anchor="end")

    def moment(self, seconds: float, colour: str) -> None:
        """A thin line at a time."""
        x = self.at_x(seconds)
        self._line(x, self.y, x, self.y + self.height, colour, 0.6, dash=[1, 1.5])

    def curve(
        self,
        points: Sequence[Point],
        colour: str,
        width: float = 0.9,
        dash: list[float] | None = None,
        gap_s: float = GAP_S,
    ) -> None:
        """A measured or reckoned curve."""
        columns = max(1, round(self.width * _COLUMNS_PER_POINT))
        for piece in pieces(points, gap_s):
            drawn = [
                part
                for seconds, value in thinned(piece, self.time, columns)
                for part in (self.at_x(seconds), self.at_y(value))
            ]
            if len(drawn) == 2:
                drawn += [drawn[0] + 0.3, drawn[1]]
            self.drawing.add(
                PolyLine(
                    drawn,
                    strokeColor=_ink(colour),
                    strokeWidth=width,
                    strokeDashArray=dash,
                    strokeLineJoin=1,
                )
            )

    def between(
        self, low: Sequence[tuple[float, float]], high: Sequence[tuple[float, float]], colour: str
    ) -> None:
        """The band between two curves over the same times."""
        if len(low) < 2:
            return
        around = [*low, *reversed(high)]
        drawn = [part for s, value in around for part in (self.at_x(s), self.at_y(value))]
        self.drawing.add(Polygon(drawn, fillColor=_ink(colour), strokeColor=None))

    def text(
        self, x: float, y: float, words: str, colour: str = MUTED, anchor: str = "start"
    ) -> None:
        """Small words at a place of the drawing."""
        self.drawing.add(
            String(
                x,
                y,
                letters.printable(words, PLAIN),
                fontName=PLAIN,
                fontSize=SMALL,
                fillColor=_ink(colour),
                textAnchor=anchor,
            )
        )

    def _line(
        self, x1: float, y1: float, x2: float, y2: float, colour: str, width: float,
        dash: list[float] | None = None,
    ) -> None:  # fmt: skip
        self.drawing.add(
            Line(x1, y1, x2, y2, strokeColor=_ink(colour), strokeWidth=width, strokeDashArray=dash)
        )


def pieces(points: Sequence[Point], gap_s: float) -> Iterator[list[tuple[float, float]]]:
    """The unbroken pieces of a curve."""
    piece: list[tuple[float, float]] = []
    for seconds, value in points:
        if piece and (value is None or seconds - piece[-1][0] > gap_s):
            yield piece
            piece = []
        if value is not None:
            piece.append((seconds, value))
    if piece:
        yield piece


def thinned(
    piece: Sequence[tuple[float, float]], time: Axis, columns: int
) -> Iterator[tuple[float, float]]:
    """At most four points a column of the paper: its first, lowest, highest and last. No extreme is
    lost."""
    if len(piece) <= columns:
        yield from piece
        return
    scale = columns / (time.high - time.low)
    column: list[tuple[float, float]] = []
    at = None
    for point in piece:
        now = int((point[0] - time.low) * scale)
        if column and now != at:
            yield from _kept(column)
            column = []
        at = now
        column.append(point)
    yield from _kept(column)


def _kept(column: list[tuple[float, float]]) -> list[tuple[float, float]]:
    by_value = sorted(column, key=lambda each: each[1])
    return sorted({column[0], by_value[0], by_value[-1], column[-1]})


def new_drawing(width: float, height: float) -> Any:
    """An empty drawing, a part of the page's flow."""
    return Drawing(width, height)


def _ink(colour: str) -> Any:
    return HexColor(colour)
