"""The session's plot: the reference under the tip, a moment looked at, gas and reach."""

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QRegion, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPinchGesture, QWidget
from pytestqt.qtbot import QtBot
from ui_kit import freezing, settle

from console.model.snapshot import Phase, Snapshot
from console.reference_band import reference_band
from console.ui.main_window import MainWindow
from console.ui.plot.picture import Ink
from console.ui.plot.reference import references
from console.ui.plot.session_plot import SessionPlot
from console.ui.plot.views import VIEWS, Data
from console.ui.scripted import Script

PROBE = "LT-14-6"


def two_freezes() -> Snapshot:
    script = Script()
    script.choose()
    script.advance(2.0)
    script.start()
    script.pass_until(Phase.THAWING, 200.0)
    script.pass_until(Phase.FREEZING, 200.0)
    snapshot = script.advance(10.0)
    records = snapshot.procedure.records
    cold = (records[0], msgspec.structs.replace(records[1], start_tip_celsius=-6.0))
    return with_records(snapshot, *cold)


def with_records(snapshot: Snapshot, *records: object) -> Snapshot:
    view = msgspec.structs.replace(snapshot.procedure, records=records)
    return msgspec.structs.replace(snapshot, procedure=view)


def test_the_reference_is_that_of_the_probe_and_gas_from_gas_on() -> None:
    snapshot = two_freezes()
    first = references(snapshot, PROBE)[0]
    band = reference_band(PROBE, "n2o", "tissue")
    assert band is not None
    began_s = snapshot.procedure.records[0].started_ms / 1_000
    assert first.at_s.tolist() == [began_s + second for second in band.seconds]
    assert first.low_celsius.tolist() == list(band.low_celsius)
    assert first.high_celsius.tolist() == list(band.high_celsius)


def test_in_cold_tissue_the_reference_begins_where_a_healthy_run_is_as_cold() -> None:
    second = references(two_freezes(), PROBE)[1]
    assert second.high_celsius[0] <= -6.0 < second.high_celsius[0] + 7.0
    assert second.at_s[-1] - second.at_s[0] < 120.0  # and its thaw is not the table's


def test_after_a_freeze_of_another_length_the_table_says_nothing_of_the_thaw() -> None:
    snapshot = two_freezes()
    record = snapshot.procedure.records[0]
    short = msgspec.structs.replace(record, ended_ms=record.started_ms + 60_000)
    (only,) = references(with_records(snapshot, short), PROBE)
    assert only.at_s[-1] - only.at_s[0] == 60.0


@pytest.mark.parametrize("probe", ["LT-14", None])
def test_an_unknown_probe_has_no_reference(probe: str | None) -> None:
    assert references(two_freezes(), probe) == ()


def test_another_target_has_no_reference() -> None:
    snapshot = two_freezes()
    plan = snapshot.procedure.plan
    assert plan is not None
    other = msgspec.structs.replace(plan, target_celsius=-60.0)
    view = msgspec.structs.replace(snapshot.procedure, plan=other)
    assert references(msgspec.structs.replace(snapshot, procedure=view), PROBE) == ()


def plot_of(window: MainWindow) -> SessionPlot:
    window.resize(1_440, 900)
    freezing(window)
    window.pages.session.plot.redraw(force=True)
    settle()
    return window.pages.session.plot


def said(widget: QWidget) -> str:
    return " | ".join(one.text() for one in widget.findChildren(QLabel) if one.isVisible())


def test_the_key_names_the_reference_and_the_model_as_such(window: MainWindow) -> None:
    plot = plot_of(window)
    assert "reference: simulated runs" in said(plot.key)
    plot._tabs.button(2).click()
    settle()
    assert "model, not measured" in said(plot.key)
    assert "reference" not in said(plot.key)


def test_what_is_painted_bit_by_bit_is_what_is_painted_at_once(window: MainWindow) -> None:
    script = freezing(window)
    plot = window.pages.session.plot
    plot._resting.timeout.disconnect()
    sheet, parts = plot.sheet, []
    plot.redraw(force=True)

    def painted(onto: QImage, part: QRegion) -> None:
        painter = QPainter(onto)
        painter.setClipRegion(part)
        assert sheet._paint is not None
        sheet._paint.paint(painter, part.boundingRect())
        painter.end()

    bits = QImage(sheet.size(), QImage.Format.Format_RGB32)
    painted(bits, QRegion(sheet.rect()))
    paint = sheet._paint
    for _ in range(20):
        before = sheet.painted_s
        window.apply(script.advance(0.5))
        plot.redraw(force=True)
        assert sheet._paint is paint and before is not None and sheet.painted_s is not None
        part = sheet.fresh(before, sheet.painted_s)
        parts.append(part.width())
        painted(bits, QRegion(part))
    whole = QImage(sheet.size(), QImage.Format.Format_RGB32)
    painted(whole, QRegion(sheet.rect()))
    assert max(parts) < 30
    assert bits == whole


def test_a_freeze_that_starts_is_followed_though_something_older_was_looked_at(
    qtbot: QtBot,
) -> None:
    script, plot = Script(), SessionPlot()
    qtbot.addWidget(plot)
    script.choose()
    plot.apply(script.advance(2.0))
    plot.inspect(1.0)
    plot.apply(script.advance(1.0))
    assert not plot.follow.isChecked()
    script.start()
    plot.apply(script.advance(1.0))
    assert plot.follow.isChecked() and plot.sheet.readout is None
    plot.inspect(1.0)  # and in the freeze it may be looked at again
    plot.apply(script.advance(1.0))
    assert not plot.follow.isChecked()


def test_a_touch_looks_at_a_moment_and_follow_goes_back(window: MainWindow) -> None:
    plot = plot_of(window)
    at = plot.sheet.areas(plot.sheet._paint.picture)[0].x(plot.sheet.origin_s + 20.0)  # type: ignore[union-attr]
    QTest.mouseClick(plot.sheet, Qt.MouseButton.LeftButton, pos=QPoint(round(at), 80))
    readout = plot.sheet.readout
    assert readout is not None and not plot.follow.isChecked()
    assert readout.at_s == pytest.approx(plot.sheet.origin_s + 20.0, abs=0.5)
    assert readout.words[0].startswith("0:20 · Freeze 1 0:1")
    assert readout.words[1].startswith("tip −") and readout.words[1].endswith(" °C")
    assert readout.words[2:5] == ("supply 50.6 bar", "exhaust 1.5 bar", "flow 6.1 L/min")
    assert plot.sheet.accessibleDescription() == ", ".join(readout.words)
    settle()
    plot.follow.click()
    assert plot.sheet.readout is None
    assert plot.sheet.accessibleDescription().startswith("Arrows left and right")


def test_a_moment_without_a_reading_says_so(window: MainWindow) -> None:
    script = freezing(window)
    script.device = None
    snapshot = script.advance(3.0)
    gone = tuple(
        msgspec.structs.replace(each, tip_celsius=None, flow_mg_s=None) for each in snapshot.samples
    )
    window.apply(msgspec.structs.replace(snapshot, samples=gone))
    plot = window.pages.session.plot
    plot.inspect(gone[-5].at_ms / 1_000)
    assert plot.sheet.readout is not None
    assert "tip --- °C" in plot.sheet.readout.words and "flow --- L/min" in plot.sheet.readout.words


def test_the_picture_stands_still_while_it_is_looked_at_and_the_record_goes_on(
    window: MainWindow,
) -> None:
    script = freezing(window)
    plot = window.pages.session.plot
    plot.inspect(20.0)
    seen = plot.sheet.left_s, plot.sheet.right_s
    count = plot.history.count
    window.apply(script.advance(60.0))
    plot.redraw(force=True)
    assert (plot.sheet.left_s, plot.sheet.right_s) == seen
    assert plot.history.count > count + 1_000


@pytest.mark.parametrize("view", [each.id for each in VIEWS])
def test_with_the_keys_it_shows_the_same_within_a_ring(window: MainWindow, view: str) -> None:
    plot = plot_of(window)
    plot.turn_to(view)
    plot._resting.timeout.disconnect()  # nothing new comes in between
    inside = plot.sheet.rect().adjusted(9, 9, -9, -9)
    plot.sheet.clearFocus()
    before = plot.sheet.grab(inside).toImage()
    plot.sheet.setFocus()
    assert plot.sheet.grab(inside).toImage() == before


def test_keys_look_along_zoom_and_go_back(window: MainWindow) -> None:
    plot = plot_of(window)
    plot.sheet.setFocus()
    QTest.keyClick(plot.sheet, Qt.Key.Key_Left)
    first = plot.sheet.readout
    QTest.keyClick(plot.sheet, Qt.Key.Key_Left)
    second = plot.sheet.readout
    assert first is not None and second is not None and second.at_s < first.at_s
    QTest.keyClick(plot.sheet, Qt.Key.Key_Right)
    assert plot.sheet.readout == first
    span = plot.sheet.right_s - plot.sheet.left_s
    QTest.keyClick(plot.sheet, Qt.Key.Key_Plus)
    assert plot.sheet.right_s - plot.sheet.left_s == pytest.approx(span / 1.25)
    QTest.keyClick(plot.sheet, Qt.Key.Key_Minus)
    QTest.keyClick(plot.sheet, Qt.Key.Key_PageUp)
    QTest.keyClick(plot.sheet, Qt.Key.Key_Return)
    assert plot.follow.isChecked() and plot.sheet.readout is None
    assert plot.sheet.right_s - plot.sheet.left_s == pytest.approx(330.0)


def test_the_wheel_zooms_about_the_pointer_and_moves_along_with_shift(window: MainWindow) -> None:
    plot = plot_of(window)
    sheet = plot.sheet

    def turn(notches: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        event = QWheelEvent(
            QPointF(200, 60), QPointF(200, 60), QPoint(), QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        sheet.wheelEvent(event)

    about = sheet._seconds(200)
    turn(3)
    assert sheet._seconds(200) == pytest.approx(about) and not plot.follow.isChecked()
    assert sheet.right_s - sheet.left_s == pytest.approx(330 / 1.25**3)
    turn(1, Qt.KeyboardModifier.ShiftModifier)
    assert sheet._seconds(200) < about
    turn(60)
    assert sheet.right_s - sheet.left_s == pytest.approx(5.0)
    turn(-90)
    assert sheet.right_s - sheet.left_s == pytest.approx(12 * 3_600)


def test_two_fingers_zoom_and_move_along(window: MainWindow) -> None:
    plot = plot_of(window)
    sheet = plot.sheet
    pinch = QPinchGesture()
    middle = QPointF(sheet.mapToGlobal(QPoint(250, 50)))
    pinch.setLastCenterPoint(middle)
    pinch.setCenterPoint(middle)
    pinch.setScaleFactor(2.0)
    about = sheet._seconds(250)
    sheet._pinched(pinch)
    assert sheet.right_s - sheet.left_s == pytest.approx(165.0)
    assert sheet._seconds(250) == pytest.approx(about)
    pinch.setCenterPoint(middle + QPointF(50, 0))
    pinch.setScaleFactor(1.0)
    sheet._pinched(pinch)
    assert sheet._seconds(300) == pytest.approx(about)
    assert not plot.follow.isChecked()


def test_the_gas_has_a_strip_each_on_scales_that_hold_all_of_it(window: MainWindow) -> None:
    script = freezing(window)
    plot = window.pages.session.plot
    gas = next(view for view in VIEWS if view.id == "gas")

    def tops(snapshot: Snapshot) -> list[float]:
        return [strip.high for strip in gas.strips(Data(snapshot, plot.history, plot.reach, ()))]

    snapshot = script.advance(0.05)
    assert tops(snapshot) == [80.0, 4.0, 15.0]
    high = msgspec.structs.replace(snapshot.samples[-1], exhaust_kpa=1_100.0, supply_kpa=8_100.0)
    window.apply(msgspec.structs.replace(snapshot, samples=(high,)))
    assert tops(snapshot) == [100.0, 12.0, 15.0]


def test_the_reach_is_kept_over_time_with_its_band_and_drawn_as_a_model(
    window: MainWindow,
) -> None:
    script = freezing(window)
    plot = window.pages.session.plot
    for _ in range(30):
        window.apply(script.advance(1.0))
    plot._tabs.button(2).click()
    assert plot.reach.count >= 30
    assert plot.sheet.accessibleName() == "Plot of the reach of −20 °C, model"
    assert plot.sheet._paint is not None
    (strip,) = plot.sheet._paint.picture.strips
    assert {curve.ink for curve in strip.curves} == {Ink.MODEL}
    assert [ribbon.ink for ribbon in strip.ribbons] == [Ink.MODEL]
    low, value, high = (plot.reach.last(name) for name in ("low", "value", "high"))
    assert low is not None and value is not None and high is not None and low < value < high
    assert [level.value for level in strip.levels] == [1.5]
    assert np.all(np.diff(plot.reach.times()) > 0)
