"""The plot keeps everything, draws little, and shows the extremes."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize
from PySide6.QtWidgets import QApplication
from ui_kit import freezing, settle

from console.model.event import Event, EventKind
from console.model.snapshot import Phase, Sample
from console.ui.kit.theme import DARK
from console.ui.main_window import MainWindow
from console.ui.plot.area import Area
from console.ui.plot.history import DRAWN, History
from console.ui.plot.marks import Span, SpanKind, marks_of, spans_of
from console.ui.plot.paint import PlotPaint
from console.ui.plot.picture import Level, Picture, Strip
from console.ui.scripted import Script

EIGHT_HOURS = 8 * 3_600 * 20


def _samples(count: int, start_ms: int = 0) -> list[Sample]:
    tips = -70.0 + np.random.default_rng(7).normal(0.0, 0.3, count)
    return [
        Sample(start_ms + 50 * i, float(tip), 5_000.0, 150.0, 180.0, True)
        for i, tip in enumerate(tips, 1)
    ]


@pytest.fixture(scope="module")
def long_history() -> History:
    history = History()
    samples = _samples(EIGHT_HOURS)
    for begin in range(0, EIGHT_HOURS, 977):  # as they come, in uneven parts
        history.append(samples[begin : begin + 977])
    return history


@pytest.mark.parametrize("span_s", [5.0, 60.0, 330.0, 3_600.0, 8 * 3_600.0])
def test_eight_hours_are_drawn_with_at_most_2400_points(
    long_history: History, span_s: float
) -> None:
    last = long_history.last_s
    assert last is not None
    xs, ys = long_history.drawn(last - span_s, last)
    assert len(xs) == len(ys) <= DRAWN
    assert np.all(np.diff(xs) > 0)
    assert xs[-1] == last


@pytest.mark.parametrize("span_s", [330.0, 3_600.0, 8 * 3_600.0])
def test_the_extremes_survive(long_history: History, span_s: float) -> None:
    last = long_history.last_s
    assert last is not None
    _, ys = long_history.drawn(last - span_s, last)
    times, tips = long_history.times(), long_history.values("tip")
    seen = tips[(times >= last - span_s) & (times <= last)]
    assert ys.min() <= seen.min() and ys.max() >= seen.max()
    assert ys.min() >= tips.min() and ys.max() <= tips.max()


def test_one_odd_sample_in_eight_hours_is_seen() -> None:
    history = History()
    samples = _samples(EIGHT_HOURS // 4)
    odd = len(samples) // 3
    samples[odd] = Sample(samples[odd].at_ms, 12.0, None, None, None, False)
    history.append(samples)
    xs, ys = history.drawn(0.0, 1e9)
    assert len(xs) <= DRAWN and ys.max() == 12.0


def test_blocks_do_not_move_with_the_view(long_history: History) -> None:
    first, _ = long_history.drawn(1_000.0, 1_000.0 + 3_600.0)
    second, _ = long_history.drawn(1_010.0, 1_010.0 + 3_600.0)
    inner = first[(first > 1_050.0) & (first < 4_500.0)]
    assert np.isin(inner, second).all()


def test_an_unknown_reading_and_a_pause_draw_gaps() -> None:
    history = History()
    history.append([Sample(50, -5.0, None, None, None, False)])
    history.append([Sample(100, None, None, None, None, False)])
    history.append([Sample(5_000, -6.0, None, None, None, False)])
    _, ys = history.drawn(0.0, 10.0)
    assert [None if np.isnan(y) else y for y in ys] == [-5.0, None, None, -6.0]


def test_a_clock_that_went_back_begins_a_new_history() -> None:
    history = History()
    history.append(_samples(10, start_ms=100_000))
    history.append(_samples(3))
    assert history.count == 3 and history.first_s == 0.05


def test_a_repeated_stamp_is_one_sample() -> None:
    history = History()
    history.append(_samples(1) * 4)
    assert history.count == 1


def test_the_plot_itself_draws_no_more_than_2400_points(
    window: MainWindow, long_history: History
) -> None:
    freezing(window)
    settle()
    plot = window.pages.session.plot
    plot.history = long_history
    plot.follow.setChecked(False)
    plot.sheet.look_at(0.0, 8 * 3_600.0)
    plot.redraw(force=True)
    plot.sheet.grab()
    assert 400 < plot.sheet.points <= DRAWN


def test_following_ends_by_hand_and_comes_back_by_its_button(window: MainWindow) -> None:
    script = freezing(window)
    plot = window.pages.session.plot
    plot.redraw(force=True)
    settle()
    assert plot.follow.isChecked() and not plot.follow.isVisible()
    plot.sheet.zoom(0.1, 20.0)
    settle()
    assert plot.follow.isVisible()
    seen = plot.sheet.left_s, plot.sheet.right_s
    assert seen[1] - seen[0] == pytest.approx(33.0)
    window.apply(script.advance(1.0))
    plot.redraw(force=True)
    assert (plot.sheet.left_s, plot.sheet.right_s) == seen
    plot.follow.click()
    plot.redraw(force=True)
    left, right = plot.sheet.left_s, plot.sheet.right_s
    assert right - left == pytest.approx(330.0)
    last = plot.history.last_s
    assert last is not None and left <= last <= right


def test_samples_are_kept_while_another_page_is_shown(window: MainWindow) -> None:
    script = Script()
    window.apply(script.advance(0.05))
    _ = window.pages.session
    window.apply(script.advance(3.0))
    assert window.pages.session.plot.history.count == 60


def test_phases_are_shaded_as_they_were(window: MainWindow) -> None:
    script = freezing(window)
    script.pass_until(Phase.THAWING, 200.0)
    script.pass_until(Phase.FREEZING, 200.0)
    snapshot = script.advance(10.0)
    spans = spans_of(snapshot, script.at_ms / 1_000)
    kinds = [(span.kind, span.label, round(span.to_s - span.from_s)) for span in spans]
    assert kinds == [
        (SpanKind.FREEZE, "Freeze 1", 120),
        (SpanKind.THAW, "Thaw", 45),
        (SpanKind.FREEZE, "Freeze 2", 10),
    ]


def test_freezes_of_a_clock_that_began_anew_are_not_drawn_in_the_future(
    window: MainWindow,
) -> None:
    script = freezing(window)
    assert spans_of(script.snapshot(), newest_s=1.0) == []


def test_events_become_marks() -> None:
    marks = marks_of(
        (
            Event(EventKind.AT_TARGET, 20_000, ""),
            Event(EventKind.CONNECTED, 1_000, ""),
            Event(EventKind.ALARM, 30_000, ""),
            Event(EventKind.STOPPED, None, ""),
        )
    )
    assert [(mark.at_s, mark.label, mark.alarm) for mark in marks] == [
        (20.0, "at target", False),
        (30.0, "alarm", True),
    ]


def test_what_is_new_is_drawn_at_once_and_no_more_often_than_the_eye_needs(
    window: MainWindow,
) -> None:
    script = freezing(window)
    plot = window.pages.session.plot
    plot._resting.stop()
    window.apply(script.advance(0.05))
    first = plot.sheet.painted_s
    assert first is not None and first == plot.history.last_s
    window.apply(script.advance(0.05))
    assert plot.sheet.painted_s == first  # it rests
    plot._resting.timeout.emit()
    newest = plot.sheet.painted_s
    assert newest is not None and newest == plot.history.last_s and newest > first


@pytest.mark.parametrize(
    ("turns_s", "words"),
    [
        ((0.0, 40.0), "target −70 · stops at −80"),
        ((20.0, 290.0), "target −70 · stops at −80"),
        ((100.0, 190.0, 270.0), "target −70"),
    ],
)
def test_the_words_of_a_limit_stand_where_no_tip_falls_or_rises(
    qapp: QApplication, turns_s: tuple[float, ...], words: str
) -> None:
    levels = Level(-70.0, "target −70", within=3.0), Level(-80.0, "stops at −80", dotted=True)
    strip = Strip(-90.0, 40.0, 40.0, (), levels=levels)
    spans = tuple(Span(SpanKind.FREEZE, turn_s, turn_s + 20.0, "") for turn_s in turns_s)
    picture = Picture((strip,), spans, (), 300.0, None, None)
    area = Area(QRectF(0.0, 0.0, 560.0, 90.0), 0.0, 330.0, -90.0, 40.0)
    paint = PlotPaint(DARK, picture, (area,), 0.0, QSize(560, 110))
    (said,) = (each for each in paint._words if each.text.startswith("target"))
    assert said.text == words
    right = said.at.x() + paint._metrics.horizontalAdvance(said.text)
    assert not [s for s in turns_s if area.x(s) < right and said.at.x() < area.x(s + 5.0)]


@pytest.mark.parametrize("minutes", [1, 20, 120])
def test_a_gap_is_a_gap_however_far_away_one_looks(minutes: int) -> None:
    """Nothing was heard for 40 s in the middle: no line goes from before to after."""
    history, at_ms = History(), 0
    half = minutes * 60 * 10
    history.append(Sample(at_ms + 50 * n, -72.0, 5_000.0, 120.0, 280.0, True) for n in range(half))
    before_s = (half - 1) * 0.05
    after_ms = round(before_s * 1_000) + 40_000
    history.append(Sample(after_ms + 50 * n, 20.0, 5_000.0, 101.0, 0.0, False) for n in range(half))
    times, tips = history.drawn(0.0, after_ms / 1_000 + half * 0.05)
    last = max(n for n, tip in enumerate(tips) if tip < 0.0)
    first = min(n for n, tip in enumerate(tips) if tip > 0.0)
    assert last < first and any(np.isnan(tips[last:first]))
    assert list(times) == sorted(times)
