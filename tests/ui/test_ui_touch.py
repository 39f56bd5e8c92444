"""STOP by touch, whatever else is touched; presses that count, and those that do not; the lock
against stray touches."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLineEdit, QWidget
from ui_kit import Fingers, freezing, settle

from console.model.request import AnyRequest, EndFreeze, Stop
from console.ui.frame.keys import StopKeys
from console.ui.kit.buttons import EnterButton, HoldButton
from console.ui.main_window import MainWindow
from console.ui.scripted.scenes import SCENES

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
    assert window.hands.locked


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
            button.setFocus()
            QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
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
    assert window.hands.locked
    hold(window, hand, 1.01)
    assert not window.hands.locked
    assert window.keys.lock.isVisible() and not window.keys.unlock.isVisible()
    touch(window, window.pages.session.action_row.buttons["end_freeze"])
    assert asked_for == [EndFreeze()]


def test_enter_held_unlocks(window: MainWindow, hand: Hand) -> None:
    freezing(window)
    locked(window)
    QTest.keyPress(window.windowHandle(), Qt.Key.Key_Return)
    hand.now += 1.01
    window.keys.unlock.advance()
    assert not window.hands.locked


def test_the_question_before_closing_can_be_answered(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    freezing(window)
    locked(window)
    window.close()
    settle()
    assert asked_for == [Stop("window closed")] and not window.hands.locked
    touch(window, window.question.no)
    assert not window.question.isVisible()


# --- STOP, whatever else is touched -----------------------------------------------------------

ONE_A_PAGE = (
    "connect", "prepare-filled", "prepare-patient", "prepare-digits", "check-judge",
    "time-out-unclear", "stimulating", "stimulate", "freezing", "more", "thawing-more", "stopped",
    "probe-out-early", "free", "out", "locked", "closing", "refused", "records-report",
)  # fmt: skip
SCENES_TOUCHED = [
    pytest.param(name, marks=() if name in ONE_A_PAGE else pytest.mark.seeds) for name in SCENES
]
NOTHING = QPoint(0, 0)


def controls(window: MainWindow) -> list[QWidget]:
    """All that takes a touch."""
    kinds = (QAbstractButton, QLineEdit, QAbstractItemView)
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and (isinstance(widget, kinds) or widget.focusPolicy() is not Qt.FocusPolicy.NoFocus)
    ]


def heard(window: MainWindow) -> list[str]:
    """Fills with the names of the controls that did something."""
    done: list[str] = []
    for button in window.findChildren(QAbstractButton):
        if button is window.top.stop:
            continue
        button.clicked.connect(lambda _=False, b=button: done.append(b.accessibleName()))
        if isinstance(button, HoldButton):
            button.held.connect(lambda b=button: done.append(f"held {b.accessibleName()}"))
    return done


@pytest.mark.parametrize("name", SCENES_TOUCHED)
def test_two_taps_on_stop_are_two_stops_while_a_finger_rests_on_any_control(
    window: MainWindow, asked_for: list[AnyRequest], name: str
) -> None:
    SCENES[name](window)
    settle()
    fingers, stop, done = Fingers(window), window.top.stop, heard(window)
    resting = controls(window)
    assert len(resting) > 3 and stop in resting
    for control in (*resting, window.pages):
        if not control.isVisible():
            continue  # gone since: a list of ports may be read again
        asked_for.clear()
        fingers.press(0, control)
        before = list(asked_for)
        for tap in (1, 2):
            fingers.tap(tap, stop)
        assert asked_for == [*before, Stop("screen"), Stop("screen")], control
        assert before == ([Stop("screen")] if control is stop else []), control
        fingers.slide(0, QPoint(1, 1))
        fingers.lift(0)
        settle()
        assert done == [], control
        assert not stop.isDown()


def test_a_finger_that_rests_elsewhere_lets_nothing_else_be_pressed(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    freezing(window)
    session = window.pages.session
    end, fingers = session.action_row.buttons["end_freeze"], Fingers(window)
    fingers.press(0, session.plot.sheet)
    fingers.tap(1, end)
    fingers.lift(0)
    assert asked_for == []
    fingers.tap(0, end)
    assert asked_for == [EndFreeze()]


def by_key(window: MainWindow) -> None:
    window.stop("key")


def by_pedal(window: MainWindow) -> None:
    SCENES["stopped"](window)


@pytest.mark.parametrize("stop", [by_key, by_pedal])
def test_any_stop_ends_a_press(
    window: MainWindow, asked_for: list[AnyRequest], stop: Callable[[MainWindow], None]
) -> None:
    freezing(window)
    fingers, done = Fingers(window), heard(window)
    fingers.press(0, window.top.alarms.history)
    stop(window)
    fingers.lift(0)
    assert done == []


def test_a_stop_ends_a_hold(window: MainWindow, hand: Hand) -> None:
    freezing(window)
    locked(window)
    fingers = Fingers(window)
    fingers.press(0, window.keys.unlock)
    fingers.tap(1, window.top.stop)
    hand.now += 2.0
    window.keys.unlock.advance()
    assert window.hands.locked


# --- what has only just come -------------------------------------------------------------------


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Hand:
    clock = Hand()
    monkeypatch.setattr(EnterButton, "clock", staticmethod(clock))
    return clock


def test_a_press_on_what_has_just_come_is_dropped_and_seen_to_be(
    window: MainWindow, asked_for: list[AnyRequest], seen: Hand
) -> None:
    script = freezing(window)
    seen.now += 10.0
    script.stop("STOP on the screen")
    window.apply(script.advance(0.2))
    settle()
    button = window.pages.session.action_row.buttons["finish"]
    done = heard(window)
    seen.now += 0.39
    touch(window, button)
    assert done == [] and button.shows_dropped
    seen.now += 0.02
    touch(window, button)
    assert done == [button.accessibleName()]


def test_stop_and_end_freeze_count_at_once(
    window: MainWindow, asked_for: list[AnyRequest], seen: Hand
) -> None:
    freezing(window)
    touch(window, window.pages.session.action_row.buttons["end_freeze"])
    touch(window, window.top.stop)
    assert asked_for == [EndFreeze(), Stop("screen")]


FOLLOWING = ("time-out", "time-out-unclear", "stimulate", "stimulating", "ready", "cooling",
             "thawing", "stopped", "free", "out", "locked", "closing",
             "prepare-filled")  # fmt: skip
"""What may come after the check."""


@pytest.mark.parametrize("name", FOLLOWING)
def test_no_button_gets_the_keys_by_itself_and_no_tap_gives_them(
    window: MainWindow, name: str
) -> None:
    window.activateWindow()
    SCENES["check-hose"](window)  # and on, as after an answer
    settle()
    window.pages.check.action_row.buttons["check_yes"].setFocus()
    SCENES[name](window)
    settle()
    held = QApplication.focusWidget()
    if name in ("locked", "closing"):  # their harmless answer has them
        assert held in (window.keys.unlock, window.question.no)
    else:
        assert held is not None and not isinstance(held, QAbstractButton), held
        for button in window.findChildren(EnterButton):
            assert not button.focusPolicy() & Qt.FocusPolicy.ClickFocus


@pytest.mark.parametrize("how", ["touch", "mouse", "key"])
def test_two_presses_answer_one_line_of_the_check(
    window: MainWindow, asked_for: list[AnyRequest], seen: Hand, how: str
) -> None:
    SCENES["check"](window)
    settle()
    seen.now += 10.0
    yes = window.pages.check.action_row.buttons["check_yes"]

    def press() -> None:
        if how == "touch":
            Fingers(window).tap(0, yes)
        elif how == "mouse":
            touch(window, yes)
        else:
            yes.setFocus()
            QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)

    press()
    (first,) = asked_for
    SCENES["check-hose"](window)
    settle()
    seen.now += 0.49
    press()
    assert asked_for == [first]
    seen.now += 0.02
    press()
    assert len(asked_for) == 2
