"""Axes and curves."""

import pytest

from console.report.chart import Axis, pieces, rounded, thinned, time_axis


@pytest.mark.parametrize(
    ("low", "high", "axis"),
    [
        (-74.0, 39.0, Axis(-80.0, 40.0, 20.0)),
        (0.0, 10.5, Axis(0.0, 15.0, 5.0)),
        (0.98, 1.53, Axis(0.8, 1.6, 0.2)),
    ],
)
def test_axes_begin_and_end_on_round_marks(low: float, high: float, axis: Axis) -> None:
    found = rounded(low, high, 6 if high > 11 else 4)
    assert (found.low, found.high) == pytest.approx((axis.low, axis.high))
    assert found.step == pytest.approx(axis.step)
    assert found.marks()[0] == pytest.approx(found.low)
    assert found.marks()[-1] == pytest.approx(found.high)


def test_a_curve_breaks_where_nothing_was_measured_and_where_time_was_lost() -> None:
    points = [(0.0, 1.0), (1.0, 2.0), (2.0, None), (3.0, 3.0), (4.0, 4.0), (9.0, 5.0)]
    found = list(pieces(points, 2.0))
    assert found == [[(0.0, 1.0), (1.0, 2.0)], [(3.0, 3.0), (4.0, 4.0)], [(9.0, 5.0)]]


def test_no_extreme_is_lost_when_a_curve_is_thinned() -> None:
    piece = [(at / 20, float(at % 13)) for at in range(20_000)]
    piece[7_777], piece[9_003] = (7_777 / 20, -99.0), (9_003 / 20, 99.0)
    found = list(thinned(piece, time_axis(0.0, 1_000.0), 200))
    assert len(found) <= 4 * 201
    values = [value for _, value in found]
    assert (min(values), max(values)) == (-99.0, 99.0)
    assert (found[0], found[-1]) == (piece[0], piece[-1])
    assert [at for at, _ in found] == sorted(at for at, _ in found)
