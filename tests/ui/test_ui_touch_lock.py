"""The lock against stray touches."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from ui_kit import freezing, settle

from console.model.request import AnyRequest, EndFreeze, Stop
from console.ui.frame.keys import StopKeys
from console.ui.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton


class Hand:
    """A clock that is turned by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def touch(window: MainWindow, widget: QWidget) -> None:
    """As a finger does: where it is on the window, through the window."""
    handle = window.windowHandle()
    QTest.mouseClick(
        handle, LEFT, Qt.KeyboardModifier.NoModifier, widget.mapTo(window, widget.rect().center())
    )


@pytest.fixture
def hand(window: MainWindow) -> Hand:
    clock = Hand()
    window.keys.unlock._clock = clock
    return clock


def hold(window: MainWindow, hand: Hand, seconds: float) -> None:
    handle, key = window.windowHandle(), window.keys.unlock
    at = key.mapTo(window, key.rect().center())
    QTest.mousePress(handle, LEFT, Qt.KeyboardModifier.NoModifier, at)
    hand.now += seconds
    key.advance()
    QTest.mouseRelease(handle, LEFT, Qt.KeyboardModifier.NoModifier, at)
    settle()


def locked(window: MainWindow) -> None:
    touch(window, window.keys.lock)
    settle()
    assert window.touch.locked


def test_no_touch_and_no_key_does_anything_while_it_is_locked(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    freezing(window)
    locked(window)
    offered = [b for b in window.findChildren(QAbstractButton) if b.isVisible() and b.isEnabled()]
    pressed: list[str] = []
    for button in offered:
        button.clicked.connect(lambda _=False, b=button: pressed.append(b.accessibleName()))
        if button not in (window.top.stop, window.keys.unlock):
            touch(window, button)
            QTest.keyClick(button, Qt.Key.Key_Return)
    assert len(offered) > 4 and pressed == [] and asked_for == []


def test_stop_works_while_it_is_locked(
    window: MainWindow, asked_for: list[AnyRequest], qapp: QApplication
) -> None:
    freezing(window)
    locked(window)
    touch(window, window.top.stop)
    assert asked_for == [Stop("screen")]
    keys = StopKeys(window.stop, window.may_type)
    qapp.installEventFilter(keys)
    try:
        for key in (Qt.Key.Key_Escape, Qt.Key.Key_Space):
            asked_for.clear()
            QTest.keyClick(window.windowHandle(), key)
            assert asked_for == [Stop("key")]
    finally:
        qapp.removeEventFilter(keys)


def test_a_second_of_holding_unlocks_and_less_does_not(
    window: MainWindow, asked_for: list[AnyRequest], hand: Hand
) -> None:
    freezing(window)
    locked(window)
    assert window.keys.unlock.isVisible() and not window.keys.lock.isVisible()
    hold(window, hand, 0.9)
    assert window.touch.locked
    hold(window, hand, 1.01)
    assert not window.touch.locked
    assert window.keys.lock.isVisible() and not window.keys.unlock.isVisible()
    touch(window, window.pages.session.action_row.buttons["end_freeze"])
    assert asked_for == [EndFreeze()]


def test_enter_held_unlocks(window: MainWindow, hand: Hand) -> None:
    freezing(window)
    locked(window)
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Return)
    hand.now += 1.01
    window.keys.unlock.advance()
    assert not window.touch.locked


def test_the_question_before_closing_can_be_answered(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    freezing(window)
    locked(window)
    window.close()
    settle()
    assert asked_for == [Stop("window closed")] and not window.touch.locked
    touch(window, window.question.no)
    assert not window.question.isVisible()
