"""Starts are held for a whole second; a locked button says why."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.ui.kit.buttons import HoldButton, PressButton


class Hand:
    """A clock that only the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Hand:
    return Hand()


@pytest.fixture
def start(qtbot: QtBot, clock: Hand) -> HoldButton:
    button = HoldButton("Start freeze 1", "LEFT SAPHENOUS", clock=clock)
    qtbot.addWidget(button)
    button.resize(300, 80)
    button.show()
    button.fired = []  # type: ignore[attr-defined]
    button.held.connect(lambda: button.fired.append(clock.now))  # type: ignore[attr-defined]
    return button


def _fired(button: HoldButton) -> list[float]:
    return button.fired  # type: ignore[attr-defined,no-any-return]


MIDDLE = QPoint(150, 40)
LEFT = Qt.MouseButton.LeftButton


def test_a_hold_needs_the_whole_second(start: HoldButton, clock: Hand) -> None:
    QTest.mousePress(start, LEFT, pos=MIDDLE)
    clock.now += 0.999
    start.advance()
    assert _fired(start) == []
    assert start.progress == pytest.approx(0.999)
    clock.now += 0.001
    start.advance()
    assert len(_fired(start)) == 1


def test_it_fires_once_and_wants_to_be_let_go_first(start: HoldButton, clock: Hand) -> None:
    QTest.mousePress(start, LEFT, pos=MIDDLE)
    for _ in range(4):
        clock.now += 1.0
        start.advance()
    assert len(_fired(start)) == 1


def test_a_tap_starts_nothing(start: HoldButton, clock: Hand) -> None:
    QTest.mouseClick(start, LEFT, pos=MIDDLE)
    clock.now += 5.0
    start.advance()
    assert _fired(start) == [] and start.progress == 0.0


def test_two_halves_are_no_second(start: HoldButton, clock: Hand) -> None:
    for _ in range(2):
        QTest.mousePress(start, LEFT, pos=MIDDLE)
        clock.now += 0.6
        start.advance()
        QTest.mouseRelease(start, LEFT, pos=MIDDLE)
    assert _fired(start) == []


def test_enter_held_works_as_the_pointer_does(start: HoldButton, clock: Hand) -> None:
    QTest.keyPress(start, Qt.Key.Key_Return)
    clock.now += 0.5
    start.advance()
    assert _fired(start) == []
    clock.now += 0.5
    start.advance()
    assert len(_fired(start)) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("Start freeze 2", "LEFT SAPHENOUS", None),
        ("Start freeze 1", "LEFT SAPHENOUS", "The supply is low"),
    ],
)
def test_a_hold_of_something_else_than_was_pressed_is_let_go(
    start: HoldButton, clock: Hand, words: tuple[str, str, str | None]
) -> None:
    QTest.mousePress(start, LEFT, pos=MIDDLE)
    clock.now += 0.9
    start.set_words(*words)
    clock.now += 0.2
    start.advance()
    assert _fired(start) == []


def test_a_changing_second_line_does_not_disturb_a_hold(start: HoldButton, clock: Hand) -> None:
    QTest.mousePress(start, LEFT, pos=MIDDLE)
    clock.now += 0.5
    start.set_words("Start freeze 1", "LEFT SAPHENOUS, in 0:03")
    clock.now += 0.5
    start.advance()
    assert len(_fired(start)) == 1


def test_sliding_off_lets_go(start: HoldButton, clock: Hand) -> None:
    QTest.mousePress(start, LEFT, pos=MIDDLE)
    QTest.mouseMove(start, QPoint(900, 40))
    clock.now += 2.0
    start.advance()
    assert _fired(start) == []


def test_hiding_lets_go(start: HoldButton, clock: Hand) -> None:
    QTest.mousePress(start, LEFT, pos=MIDDLE)
    start.hide()
    clock.now += 2.0
    start.advance()
    assert _fired(start) == []


def test_a_locked_button_shows_its_reason_in_place_of_its_detail(qtbot: QtBot) -> None:
    button = PressButton("Repeat the whole freeze", "2:00")
    qtbot.addWidget(button)
    button.set_words("Repeat the whole freeze", "2:00", "The gas is not confirmed off")
    assert not button.isEnabled()
    assert button.detail.text() == "The gas is not confirmed off"
    assert button.accessibleDescription() == "The gas is not confirmed off"
    button.set_words("Repeat the whole freeze", "2:00")
    assert button.isEnabled() and button.detail.text() == "2:00"
