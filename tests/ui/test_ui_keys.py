"""Esc and Space are STOP at key-down, from everywhere."""

from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from ui_kit import freezing, settle

from console.model.override import OverrideKind
from console.model.request import AnyRequest, Override, Stop
from console.model.snapshot import Phase
from console.ui.frame.keys import StopKeys
from console.ui.kit.buttons import EnterButton
from console.ui.kit.parts import show
from console.ui.main_window import MainWindow
from console.ui.scripted import Script
from console.ui.scripted.scenes import SCENES


@pytest.fixture(autouse=True)
def keys(window: MainWindow, qapp: QApplication) -> Iterator[StopKeys]:
    made = StopKeys(window.stop, window.may_type)
    qapp.installEventFilter(made)
    yield made
    qapp.removeEventFilter(made)


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Space])
def test_stop_comes_at_key_down_with_a_button_in_focus(
    window: MainWindow, asked_for: list[AnyRequest], key: Qt.Key
) -> None:
    freezing(window)
    end = window.pages.session.action_row.buttons["end_freeze"]
    end.setFocus()
    QTest.keyPress(end, key)
    assert asked_for == [Stop("key")]
    QTest.keyRelease(end, key)
    assert asked_for == [Stop("key")]


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Space])
def test_stop_comes_even_when_a_text_field_has_the_focus_while_gas_is_on(
    window: MainWindow, asked_for: list[AnyRequest], key: Qt.Key
) -> None:
    freezing(window)
    field = QLineEdit(window)
    field.show()
    field.setFocus()
    QTest.keyPress(field, key)
    assert asked_for == [Stop("key")]
    assert field.text() == ""


def test_space_types_in_prepare_and_escape_stops_there_too(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    window.apply(Script().advance(0.05))
    nerve = window.pages.prepare.nerve
    nerve.setFocus()
    QTest.keyClicks(nerve, "deep peroneal")
    assert nerve.text() == "deep peroneal"
    assert asked_for == []
    QTest.keyPress(nerve, Qt.Key.Key_Escape)
    assert asked_for == [Stop("key")]


def test_a_reason_is_written_while_gas_and_stimulation_are_off_and_no_longer(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    SCENES["override"](window)
    row = window.pages.stimulate.action_row
    own = row.own[True]
    row.other.click()
    assert window.focusWidget() is own.field and not own.give.isEnabled()
    QTest.keyClicks(own.field, "Numb since the block")
    own.give.click()
    assert asked_for == [], "a tap overrides nothing"
    own.give.held.emit()  # type: ignore[attr-defined]
    assert asked_for == [Override(OverrideKind.NO_STIMULATION, "Numb since the block")]
    row.buttons["override_no_stimulation"].click()
    row.other.click()
    assert own.isVisible() and own.field.text() == ""
    now = window.snapshot
    assert now is not None and now.observation is not None
    on = msgspec.structs.replace(now.observation, stimulator_on=True)
    window.apply(msgspec.structs.replace(now, observation=on))
    assert not own.isVisible() and not row.other.isEnabled()
    assert window.focusWidget() is not own.field
    QTest.keyPress(window, Qt.Key.Key_Space)
    assert asked_for[-1] == Stop("key")


def test_space_never_presses_a_button_even_before_a_session(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    window.apply(Script().advance(0.05))
    tile = window.pages.prepare.demonstration
    assert tile is not None
    tile.setFocus()
    QTest.keyClick(tile, Qt.Key.Key_Space)
    assert asked_for == [Stop("key")]


def test_a_key_kept_down_stops_once(window: MainWindow, asked_for: list[AnyRequest]) -> None:
    freezing(window)
    for repeated in (False, True, True):
        down = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", repeated
        )
        QApplication.sendEvent(window, down)
    assert asked_for == [Stop("key")]


def test_stop_on_the_screen_acts_on_press_not_on_release(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    freezing(window)
    stop = window.top.stop
    QTest.mousePress(stop, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert asked_for == [Stop("screen")]
    QTest.mouseRelease(stop, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert asked_for == [Stop("screen")]


def test_enter_activates_what_has_the_focus(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    freezing(window)
    end = window.pages.session.action_row.buttons["end_freeze"]
    QTest.keyClick(end, Qt.Key.Key_Return)
    assert [type(one).__name__ for one in asked_for] == ["EndFreeze"]


def test_no_text_field_can_have_the_focus_from_the_plan_on(window: MainWindow) -> None:
    script = Script()
    for phase in (Phase.READY, Phase.FREEZING, Phase.THAWING, Phase.RELEASING, Phase.FREE):
        script.phase = phase
        if phase is Phase.FREEZING:
            script.start()
        window.apply(script.advance(0.05))
        settle()
        assert [field for field in window.findChildren(QLineEdit) if field.isVisible()] == []


def test_a_button_that_goes_hands_the_keys_to_no_other(qtbot: QtBot) -> None:
    both = QWidget()
    row = QHBoxLayout(both)
    going, staying = EnterButton("Start"), EnterButton("End")
    for button in (going, staying):
        row.addWidget(button)
    qtbot.addWidget(both)
    with qtbot.waitActive(both):
        both.show()
    going.setFocus()
    assert going.hasFocus()
    show(going, False)
    assert not staying.hasFocus() and QApplication.focusWidget() is None
