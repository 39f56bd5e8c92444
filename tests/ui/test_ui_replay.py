"""The window of a replay: it says what it is, and nothing can be asked of it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot
from ui_kit import clipped, settle

from console.control.player import Deck, Player
from console.model.playback import NOTHING_ASKED, SPEEDS, Position
from console.model.request import AnyRequest, Stop
from console.model.snapshot import Reply
from console.ui.bridge import Message
from console.ui.frame.keys import StopKeys
from console.ui.kit import theme
from console.ui.replay_window import ReplayWindow
from console.ui.scripted.scenes import SCENES, presets

SESSION, BEGAN = "20261121-094210-ab12", "2026-11-21T09:42:10+01:00"
AT = Position("2026-11-21T09:44:02.500+01:00", 112.5, 0.43)


def never() -> object:
    raise AssertionError("nothing is loaded here")


@pytest.fixture
def deck() -> Deck:
    made = Deck(1.0, never)  # type: ignore[arg-type]
    made.position = AT
    return made


@pytest.fixture
def replay(qtbot: QtBot, qapp: QApplication, deck: Deck) -> Iterator[ReplayWindow]:
    theme.dress(qapp)
    made = ReplayWindow(deck, SESSION, BEGAN, presets=presets())
    made.resize(1280, 800)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made


@pytest.fixture
def asked(replay: ReplayWindow) -> list[AnyRequest]:
    found: list[AnyRequest] = []
    replay.requested.connect(found.append)
    return found


def enabled(replay: ReplayWindow) -> list[str]:
    """The names of what can be pressed, without what only looks on or turns the replay."""
    pages = [replay.pages.time_out, replay.pages.stimulate, replay.pages.session]
    looking_on = {replay.top.alarms.history, replay.bar.slower, replay.bar.faster, replay.bar.pause}
    looking_on |= set(replay.pages.session.plot.findChildren(QAbstractButton))
    for page in pages:
        looking_on |= {page.action_row.more, page.action_row.back}
    return [
        button.accessibleName() or button.text()
        for button in replay.findChildren(QAbstractButton)
        if button.isVisible() and button.isEnabled() and button not in looking_on
    ]


@pytest.mark.parametrize(
    "scene",
    [
        "connecting",
        "connect-failed",
        "prepare-filled",
        "time-out-unclear",
        "stimulating",
        "stimulate-more",
        "ready",
        "freezing",
        "more",
        "stopped-trip",
        "probe-out-early",
        "free",
        "out",
    ],
)
def test_nothing_can_be_pressed_that_asks_for_anything(
    replay: ReplayWindow, asked: list[AnyRequest], scene: str
) -> None:
    SCENES[scene](replay)
    settle()
    assert enabled(replay) == ["STOP"]
    assert asked == []
    assert clipped(replay) == []


def test_an_action_says_what_it_said_then_and_the_bar_that_nothing_is_live(
    replay: ReplayWindow,
) -> None:
    SCENES["freezing"](replay)
    button = replay.pages.session.action_row.buttons["end_freeze"]
    assert button.isVisible() and not button.isEnabled()
    assert button.detail.text() == "thaw, keep the plan"
    assert replay.bar.title.text().endswith("nothing here is live")
    SCENES["not-ready"](replay)
    start = replay.pages.session.action_row.buttons["start_freeze"]
    assert start.detail.text().startswith("Supply 40.6 bar")


def test_it_says_of_which_session_and_where_it_is(replay: ReplayWindow) -> None:
    SCENES["freezing"](replay)
    assert replay.bar.sign.text() == "REPLAY"
    assert "21 Nov 2026, 09:42" in replay.bar.title.text()
    assert replay.bar.where.text() == "09:44:02 · 1:52 played · 43%"
    assert SESSION in replay.windowTitle()
    assert replay.top.connection.text().startswith("recorded: ")


def test_stop_is_there_and_stops_nothing(
    replay: ReplayWindow, asked: list[AnyRequest], qtbot: QtBot, qapp: QApplication
) -> None:
    SCENES["freezing"](replay)
    assert replay.top.stop.does.text() == "stops nothing"
    qtbot.mousePress(replay.top.stop, Qt.MouseButton.LeftButton)
    assert "STOP stops nothing here" in replay.bar.title.text()
    replay.bar.tell("")
    keys = StopKeys(replay.stop, replay.may_type)
    qapp.installEventFilter(keys)
    try:
        qtbot.keyPress(replay, Qt.Key.Key_Escape)
    finally:
        qapp.removeEventFilter(keys)
    assert "STOP stops nothing here" in replay.bar.title.text()
    assert asked == []


def test_an_alarm_of_then_makes_no_sound_and_cannot_be_acknowledged(replay: ReplayWindow) -> None:
    SCENES["stopped-trip"](replay)
    assert replay.top.alarms.happened.isVisible()
    assert replay.sound.speaker is None
    assert not replay.top.alarms.sound.isVisible()
    assert not replay.top.alarms.acknowledge.isVisible()


def test_it_closes_in_mid_freeze_without_a_question(
    replay: ReplayWindow, asked: list[AnyRequest], qtbot: QtBot
) -> None:
    SCENES["freezing"](replay)
    with qtbot.waitSignal(replay.closed):
        assert replay.close()
    assert asked == []


def test_pause_and_speed_turn_what_plays(replay: ReplayWindow, deck: Deck, qtbot: QtBot) -> None:
    bar, left = replay.bar, Qt.MouseButton.LeftButton
    qtbot.mouseClick(bar.pause, left)
    assert not deck.playing
    assert bar.pause.text() == "Continue"
    assert bar.where.text().endswith("PAUSED")
    qtbot.mouseClick(bar.pause, left)
    assert deck.playing
    for _ in SPEEDS:
        qtbot.mouseClick(bar.faster, left)
    assert deck.speed == 100.0
    assert bar.speed.text() == "100 ×"
    assert not bar.faster.isEnabled()
    qtbot.mouseClick(bar.slower, left)
    assert deck.speed == 50.0
    deck.speed = 3.0  # as --speed may say
    qtbot.mouseClick(bar.slower, left)
    assert deck.speed == 2.0


def test_its_end_is_said_and_nothing_is_left_to_turn(replay: ReplayWindow, deck: Deck) -> None:
    deck.position = Position(AT.wall, 240.0, 1.0, "completed")
    replay.bar.apply()
    assert replay.bar.where.text().endswith("100% · THE RECORD ENDS HERE: completed")
    assert not any(
        one.isEnabled() for one in (replay.bar.pause, replay.bar.slower, replay.bar.faster)
    )


def test_a_computer_that_cannot_keep_up_is_told_of(replay: ReplayWindow, deck: Deck) -> None:
    deck.position = Position(AT.wall, 1.0, 0.1, None, behind=True)
    replay.bar.apply()
    assert replay.bar.where.text().endswith("as fast as it can")


def test_the_player_refuses_whatever_reaches_it(deck: Deck) -> None:
    heard: list[Message] = []
    player: Player = deck.client(heard.append, lambda why: None)
    number = player.ask(Stop("screen"))
    assert heard == [Reply(number, NOTHING_ASKED)]
