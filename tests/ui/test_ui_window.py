"""The frame: alarms of the screen itself, closing, errors, which page is shown."""

from datetime import datetime

import msgspec
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_kit import FakeClient, failed, freezing, settle

from console.model.alarm import AlarmTurn
from console.model.pipe import ScreenAlarm
from console.model.request import AnyRequest, Stop
from console.model.snapshot import LinkState, Phase
from console.ui.app import join
from console.ui.bridge import Bridge
from console.ui.errors import UncaughtErrors
from console.ui.frame.steps import StepColumn
from console.ui.kit import gas, language
from console.ui.main_window import MainWindow
from console.ui.scripted import Script
from console.ui.scripted.scenes import LINK_LOST, OVER_COOL, SUPPLY_LOW


def test_control_lost_says_close_the_cylinder_until_snapshots_flow_again(
    window: MainWindow,
) -> None:
    script = freezing(window)
    window.lose_control("silent for 0.5 s")
    settle()
    bar = window.top.alarms
    assert bar.happened.text() == "The control program stopped during a freeze or a test"
    session = window.pages.session
    assert "CONTROL LOST" in session.phase_line.accessibleName()
    assert "close the cylinder · do not move the probe" in session.phase_line.accessibleName()
    assert window.pages.session.readings.tip.number.stale
    assert "NOT confirmed off" in window.pages.session.stopped.lines[0].text()
    assert not window.steps.all_ready.isVisible()  # nobody judges the interlocks now
    assert window.top.connection.text() == "✕ Link lost"
    assert not window.pages.session.action_row.buttons["end_freeze"].isEnabled()
    script.stop("The control process was started again")
    window.apply(script.advance(1.0))
    settle()
    assert bar.happened.isVisible(), "what ended a freeze stands until it is acknowledged"
    bar.acknowledge.click()
    settle()
    assert not bar.happened.isVisible()
    assert window.pages.session.stopped.isVisible()


def test_a_control_process_that_does_not_start_says_so_and_can_be_tried_again(
    window: MainWindow,
) -> None:
    wanted: list[bool] = []
    window.restart_wanted.connect(lambda: wanted.append(True))
    window.connecting("sim://n2o")
    window.lose_control("it ended")
    window.give_up_control("it ended")
    settle()
    bar = window.top.alarms
    assert "does not start" in bar.happened.text()
    bar.help.click()
    assert wanted == [True]


def test_the_highest_alarm_stands_in_the_bar_with_a_count_of_the_others(
    window: MainWindow,
) -> None:
    script = freezing(window)
    script.alarms = (SUPPLY_LOW, LINK_LOST, OVER_COOL)
    window.apply(script.advance(0.05))
    settle()
    bar = window.top.alarms
    assert bar.happened.text() == LINK_LOST.happened and bar.to_do.text() == LINK_LOST.to_do
    assert bar.history.text() == "+2\n☰" and "+2 more" in bar.history.accessibleName()
    script.alarms = ()
    window.apply(script.advance(0.05))
    settle()
    assert not bar.happened.isVisible() and bar._quiet.isVisible()


def test_closing_with_gas_on_stops_first_and_then_asks(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    freezing(window)
    closed: list[bool] = []
    window.closed.connect(lambda: closed.append(True))
    assert window.close() is False
    settle()
    assert asked_for == [Stop("window closed")]
    assert window.isVisible() and window.question.isVisible() and closed == []
    window.question.no.click()
    assert not window.question.isVisible()
    window.close()
    window.question.yes.click()
    assert closed == [True]


def test_closing_before_the_probe_is_out_asks(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    script = freezing(window)
    window.apply(script.until(Phase.THAWING))
    assert window.close() is False
    assert window.question.isVisible() and asked_for == []


def test_closing_without_a_session_closes(window: MainWindow) -> None:
    window.apply(Script().advance(0.05))
    assert window.close() is True


def test_closing_while_control_is_lost_in_a_freeze_counts_as_gas_on(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    freezing(window)
    window.lose_control("silent for 0.5 s")
    event = QCloseEvent()
    window.closeEvent(event)
    assert not event.isAccepted() and asked_for == [Stop("window closed")]


def test_an_error_in_a_slot_while_gas_is_on_is_a_stop_and_a_high_alarm(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    freezing(window)
    errors = UncaughtErrors(window.tell_error)
    errors._before = lambda *_: None
    try:
        raise KeyError("boom")
    except KeyError as error:
        errors.caught(type(error), error, error.__traceback__)
    settle()
    assert asked_for == [Stop("screen error")]
    bar = window.top.alarms
    assert bar.happened.text() == "A fault in this program", "and not its exception"
    assert "STOP was sent" in bar.to_do.text()


def test_an_error_with_the_gas_off_is_told_without_a_stop(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    window.apply(Script().advance(0.05))
    window.tell_error("ValueError: no")
    assert asked_for == []
    assert window.top.alarms.happened.text() == "A fault in this program"


def told_by(window: MainWindow) -> list[ScreenAlarm]:
    """What the window tells the alarm book of its own alarms."""
    told: list[ScreenAlarm] = []
    window.own.told.connect(told.append)
    return told


def test_a_lost_control_process_is_told_to_the_book_once_and_when_it_is_over(
    window: MainWindow,
) -> None:
    told = told_by(window)
    script = freezing(window)
    window.lose_control("silent for 0.5 s")
    window.lose_control("no answer within 5 s of its start")
    window.apply(script.advance(0.05))
    window.apply(script.advance(0.05))
    window.top.alarms.acknowledge.click()
    assert [(each.turn, each.alarm.id, each.alarm.present) for each in told] == [
        (AlarmTurn.RAISED, "control_lost", True),
        (AlarmTurn.ACKNOWLEDGED, "control_lost", False),
    ]
    raised = told[0]
    assert raised.alarm.happened == "The control program stopped during a freeze or a test"
    assert raised.wall[11:19] == raised.alarm.raised_at
    assert datetime.fromisoformat(raised.wall).utcoffset() is not None


def test_one_that_does_not_start_takes_the_place_of_the_lost_one_in_the_book(
    window: MainWindow,
) -> None:
    told = told_by(window)
    window.connecting("sim://n2o")
    window.lose_control("it ended")
    window.give_up_control("it ended")
    assert [(each.turn, each.alarm.id) for each in told] == [
        (AlarmTurn.RAISED, "control_lost"),
        (AlarmTurn.CLEARED, "control_lost"),
        (AlarmTurn.RAISED, "control_given_up"),
    ]


def test_an_error_of_the_screen_is_in_the_book_until_the_console_is_left(
    window: MainWindow,
) -> None:
    told = told_by(window)
    window.apply(Script().advance(0.05))
    window.tell_error("ValueError: no")
    window.tell_error("ValueError: no again")
    window._leave()
    assert [(each.turn, each.alarm.id) for each in told] == [
        (AlarmTurn.RAISED, "screen_error"),
        (AlarmTurn.CLEARED, "screen_error"),
    ]
    assert told[0].alarm.happened == "A fault in this program"


def test_the_book_is_kept_in_english_whatever_the_screen_speaks(window: MainWindow) -> None:
    app = QApplication.instance()
    assert app is not None
    told = told_by(window)
    language.speak(app, "pseudo")
    try:
        window.lose_control("it ended")
        assert window.top.alarms.happened.text().startswith("[")
    finally:
        language.speak(app, "en")
    assert told[0].alarm.happened == "The control program stopped"


def test_an_error_while_an_error_is_told_does_not_go_in_circles(window: MainWindow) -> None:
    def breaks(line: str) -> None:
        told.append(line)
        errors._say("another")

    told: list[str] = []
    errors = UncaughtErrors(breaks)
    errors._say("first")
    assert told == ["first"]


def test_a_console_that_fails_says_why_and_is_not_replaced_by_the_simulator(
    window: MainWindow,
) -> None:
    left: list[bool] = []
    window.console_left.connect(lambda: left.append(True))
    window.connecting("COM3")
    assert window.pages.currentWidget() is window.pages.connect_screen
    window.apply(failed("No console answers on COM3."))
    settle()
    assert left == [True]
    assert window.pages.currentWidget() is window.pages.connect_screen
    assert window.pages.connect_screen.problem.isVisible()
    assert window.pages.connect_screen._why.text() == "✕ No console answers on COM3."
    assert window.snapshot is None and not window.top.badge.isVisible()


def test_a_case_that_is_resumed_is_shown_even_before_the_link_is_open(window: MainWindow) -> None:
    script = Script()
    script.choose()
    script.start()
    script.pass_time(5.0)
    script.stop("The application ended while freezing")
    script.link = LinkState.OPENING
    window.connecting("sim://n2o")
    window.apply(script.advance(0.05))
    settle()
    assert window.pages.currentWidget() is window.pages.session
    assert window.pages.session.stopped.isVisible()


def test_simulated_is_marked_by_badge_and_border(window: MainWindow) -> None:
    window.apply(Script().advance(0.05))
    settle()
    assert window.top.badge.isVisible() and window.property("simulated") == "true"
    script = Script()
    assert script.device is not None
    import msgspec

    script.device = msgspec.structs.replace(script.device, simulated=False)
    window.apply(script.advance(0.05))
    settle()
    assert not window.top.badge.isVisible() and window.property("simulated") == "false"


def test_side_and_nerve_stand_in_the_strip_and_where_the_session_is_in_the_steps(
    window: MainWindow,
) -> None:
    freezing(window)
    assert window.strip.site.text() == "LEFT · SAPHENOUS"
    assert window.strip.number.text() == "site 1 of 1"
    assert [row.mark.text() for row in window.steps.rows] == ["✓", "✓", "✓", "✓", "5", "6"]
    assert window.steps.rows[2].line.text() == "Pre-answered"
    assert window.steps.rows[3].line.text() == "Pre-answered"
    assert window.steps.rows[4].line.text() == "1 of 3 now"


def test_a_step_that_was_left_before_it_was_done_is_not_ticked(qtbot: QtBot) -> None:
    steps = StepColumn()
    qtbot.addWidget(steps)
    script = Script()
    script.choose()
    script.start()
    script.pass_time(20.0)
    script.stop()
    script.finish()
    steps.apply(script.snapshot())
    assert [row.mark.text() for row in steps.rows] == ["✓", "✓", "✓", "✓", "–", "6"]
    assert steps.rows[4].line.text() == "0 of 3 done"
    script.out()
    steps.apply(script.snapshot())
    assert [row.mark.text() for row in steps.rows[4:]] == ["–", "✓"]


@pytest.mark.parametrize("phase", list(Phase))
def test_gas_that_is_not_known_to_be_off_counts_as_on(phase: Phase) -> None:
    script = Script()
    script.choose()
    script.start()
    script.pass_time(1.0)
    script.phase = phase
    script.gas_off = None
    expected = phase in (Phase.STARTING, Phase.FREEZING, Phase.STOPPED)
    assert gas.gas_may_be_on(script.snapshot()) is expected


@pytest.mark.parametrize(
    ("phase", "stale", "expected"),
    [
        (Phase.PREPARE, True, True),
        (Phase.STIMULATE, False, True),
        (Phase.STIMULATE, True, False),
        (Phase.FREEZING, False, False),
    ],
)
def test_in_a_session_space_is_a_letter_only_by_a_reading_of_now(
    phase: Phase, stale: bool, expected: bool
) -> None:
    script = Script()
    script.choose()
    now = script.advance(0.05)
    procedure = msgspec.structs.replace(now.procedure, phase=phase)
    now = msgspec.structs.replace(now, procedure=procedure, stale=stale)
    assert gas.may_type(now) is expected


def test_window_and_bridge_are_joined_so_that_stop_waits_in_no_queue(window: MainWindow) -> None:
    clients: list[FakeClient] = []

    def make(port, on_message, on_gone) -> FakeClient:  # type: ignore[no-untyped-def]
        clients.append(FakeClient(port, on_message, on_gone))
        return clients[-1]

    bridge = Bridge(make, window.apply)
    bridge._watch.stop()
    join(window, bridge)
    window.pages.connect_screen.tiles["sim://n2o"].click()
    assert clients[0].port == "sim://n2o"
    window.top.stop.pressed.emit()
    assert clients[0].requests == [Stop("screen")]
    bridge.close()


@pytest.mark.parametrize("room", [QSize(1_280, 800), QSize(1_920, 1_080)])
def test_it_starts_on_all_of_its_screen(window: MainWindow, room: QSize) -> None:
    """STOP stands in its corner."""
    window.open_on(room)
    assert window.isMaximized()


def test_digits_and_plot_grow_with_the_window(window: MainWindow) -> None:
    freezing(window)
    session = window.pages.session
    number, sheet = session.readings.tip.number, session.plot.sheet
    before = number._size(), sheet.height(), sheet.width()
    window.resize(1_920, 1_050)
    settle()
    after = number._size(), sheet.height(), sheet.width()
    assert all(now >= 1.5 * then for then, now in zip(before, after, strict=True)), (before, after)
