"""The alarm bar: how it flashes, what fits into it, its pause and its history; on the widgets."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from ui_kit import freezing, settle

from console import config
from console.model.alarm import Alarm, AlarmEntry, AlarmTurn, Priority
from console.model.request import AnyRequest, Stop
from console.model.snapshot import Control
from console.safety import alarms as manager
from console.safety.interlock import Finding, Found, Interlock
from console.safety.registry import BY_ID, REGISTRY
from console.safety.texts import pattern
from console.ui.alarms.bar import AlarmBar
from console.ui.alarms.melodies import ALARMS, PHASE, STOPPED, Melody
from console.ui.alarms.speaker import Speaker
from console.ui.main_window import MainWindow

ALARMED = [each for each in REGISTRY if each.priority is not None]
LONGEST = {
    "link_lost": Found("unreadable"),
    "command_unanswered": Found(values={"command": "end of the freeze"}),
    "stale": Found("still"),
    "screen_lost": Found(values={"silent": 1.0}),
    "host_slept": Found(values={"gap": 1234.5}),
    "record_failed": Found(values={"problem": "less than 500 MB are free on the disk"}),
    "over_cool": Found("tip", {"tip": -81.2}),
    "cooled_past_limit": Found("tip", {"tip": -86.3}),
    "fails_to_cool": Found("tip", {"tip": -12.4, "on": 15.0}),
    "target_missed": Found("tip", {"tip": -61.5}),
    "freeze_too_long": Found("on", {"on": 243.0}),
    "flow_when_shut": Found("flow", {"flow": 100.0}),
    "tip_unknown": Found("sensor", {"quality": "out of range"}),
    "thermocouple_drift": Found(values={"measured": "tip −12.5 °C, room 21.5 °C"}),
    "model_residual": Found(values={"colder": 27.0}),
    "clock_off": Found("fast", {"percent": 12.5}),
    "supply_warn": Found(values={"supply": 4_090.0}),
    "probe_unusable": Found(values={"problem": "used up"}),
}
"""The longest words that each watch gives."""


def raised(interlock: Interlock, **changed: Any) -> Alarm:
    found = Finding(interlock.id, LONGEST.get(interlock.id, Found()))
    after, _ = manager.step(
        manager.Alarms(), (found,), config.limits(), wall="10:42:07", device_ms=1
    )
    return msgspec.structs.replace(after.standing[0], **changed)


BY_PRIORITY = {
    priority: next(raised(each) for each in ALARMED if each.priority is priority)
    for priority in Priority
}


def lines(label: QLabel) -> int:
    metrics = label.fontMetrics()
    room = QRect(0, 0, label.contentsRect().width(), 10_000)
    drawn = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), label.text())
    return round(drawn.height() / metrics.lineSpacing())


@pytest.fixture
def shows(window: MainWindow) -> Callable[..., AlarmBar]:
    script = freezing(window)

    def show(*alarms: Alarm) -> AlarmBar:
        script.alarms = alarms
        window.apply(script.advance(0.05))
        settle()
        return window.top.alarms

    return show


@pytest.fixture
def bar(qtbot: QtBot) -> AlarmBar:
    """Alone."""
    made = AlarmBar()
    qtbot.addWidget(made)
    return made


# --- words -------------------------------------------------------------------------------------


def test_the_longest_words_are_of_alarms_that_have_arguments() -> None:
    shown = {each.id: pattern(each, config.limits()) for each in ALARMED}
    assert set(LONGEST) == {id for id, words in shown.items() if "…" in words}


def test_every_alarm_fits_in_two_lines_each_with_all_buttons_at_1280(window: MainWindow) -> None:
    assert window.width() == 1280
    bar = window.top.alarms
    for row in ALARMED:
        alarm = raised(row, count=3, latched=True)
        lowest = msgspec.structs.replace(BY_PRIORITY[Priority.LOW], present=False)
        bar.apply((alarm, *[lowest] * 12), Control("Acknowledge"))
        bar.apply_sound(True, 103.0, None)
        settle()
        assert bar.happened.text() == f"{alarm.happened}  ×3" and "+12" in bar.history.text()
        assert bar.sound.isVisible() and bar.acknowledge.isVisible() and bar.history.isVisible()
        for label in (bar.happened, bar.to_do):
            assert lines(label) <= 2, f"{row.id}: {label.text()}"
            assert label.height() >= label.heightForWidth(label.width()), row.id
        assert bar.height() <= 104, row.id


# --- flashing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("priority", "least_hz", "most_hz"), [(Priority.HIGH, 1.4, 2.8), (Priority.MEDIUM, 0.4, 0.8)]
)
def test_it_flashes_at_the_stated_rate_and_duty(
    priority: Priority, least_hz: float, most_hz: float, bar: AlarmBar
) -> None:
    bar.apply((BY_PRIORITY[priority],), None)
    pause_ms = bar._flash.interval()
    assert bar._flash.isActive() and not bar._flash.isSingleShot()
    drawn = []
    for _ in range(20):
        drawn.append(bar._sign.styleSheet())
        bar._flash.timeout.emit()
    lit, dark = drawn[0], drawn[1]
    assert lit != dark and drawn == [lit, dark] * 10, "one change each time"
    assert least_hz <= 1_000 / (2 * pause_ms) <= most_hz
    assert 0.2 <= drawn.count(lit) / len(drawn) <= 0.6


def test_a_low_alarm_and_none_are_steady(bar: AlarmBar) -> None:
    for alarms in ((BY_PRIORITY[Priority.LOW],), ()):
        bar.apply((BY_PRIORITY[Priority.HIGH],), None)
        bar.apply(alarms, None)
        assert not bar._flash.isActive()


def test_it_begins_lit_and_a_second_alarm_does_not_disturb_its_pace(bar: AlarmBar) -> None:
    high = BY_PRIORITY[Priority.HIGH]
    bar.apply((high,), None)
    lit = bar._sign.styleSheet()
    bar._flash.timeout.emit()
    bar.apply((high, BY_PRIORITY[Priority.LOW]), None)
    assert bar._sign.styleSheet() != lit


# --- sound -------------------------------------------------------------------------------------


class Loudspeaker:
    """What would be played."""

    def __init__(self) -> None:
        self.played: list[Melody | None] = []

    def play(self, melody: Melody) -> None:
        self.played.append(melody)

    def hush(self) -> None:
        self.played.append(None)


def test_the_sound_is_paused_from_the_bar_with_its_time_shown(
    window: MainWindow, shows: Callable[..., AlarmBar]
) -> None:
    now_s = [1_000.0]
    speaker = window.sound.speaker = Loudspeaker()
    window.sound._clock = lambda: now_s[0]
    bar = shows(BY_PRIORITY[Priority.HIGH])
    assert speaker.played == [ALARMS[Priority.HIGH]]
    assert bar.sound.text() == "Pause\nsound"
    bar.sound.click()
    assert speaker.played[-1] is None and bar.sound.text() == "Sound off\n2:00"
    now_s[0] += 17.0
    window.sound._timer.timeout.emit()
    assert bar.sound.text() == "Sound off\n1:43" and "1:43" in bar.sound.accessibleName()
    assert bar.happened.isVisible() and bar._flash.isActive(), "the sign stays"
    shows(BY_PRIORITY[Priority.HIGH], raised(BY_ID["leak"]))
    assert speaker.played[-1] is ALARMS[Priority.HIGH] and bar.sound.text() == "Pause\nsound"
    bar.sound.click()
    bar.sound.click()
    assert speaker.played[-1] is ALARMS[Priority.HIGH]
    shows()
    assert speaker.played[-1] is None and not bar.sound.isVisible()
    assert not window.sound._timer.isActive()


def test_a_new_phase_chimes_and_an_own_stop_has_one_tone(window: MainWindow) -> None:
    speaker = window.sound.speaker = Loudspeaker()
    script = freezing(window)
    assert speaker.played == [PHASE] * (len(speaker.played)) and speaker.played
    del speaker.played[:]
    window.stop("screen")
    assert speaker.played == [STOPPED]
    script.stop("Stopped by you 10:42:07")
    snapshot = script.advance(0.05)
    view = msgspec.structs.replace(snapshot.procedure, stopped_by_operator=True)
    window.apply(msgspec.structs.replace(snapshot, procedure=view))
    assert speaker.played == [STOPPED]


def test_nothing_sounds_into_an_alarm(window: MainWindow, shows: Callable[..., AlarmBar]) -> None:
    speaker = window.sound.speaker = Loudspeaker()
    shows(BY_PRIORITY[Priority.MEDIUM])
    window.stop("key")
    assert speaker.played == [ALARMS[Priority.MEDIUM]]


def test_without_a_sound_device_nothing_fails_and_the_bar_says_so(
    window: MainWindow, shows: Callable[..., AlarmBar], qtbot: QtBot
) -> None:
    speaker = Speaker()
    with qtbot.waitSignal(speaker.device_known, timeout=20_000):
        pass
    try:
        speaker.play(PHASE)
        speaker.hush()
        window.sound.speaker = speaker
        speaker.has_device = False  # whatever this computer has
        bar = shows(BY_PRIORITY[Priority.HIGH])
        assert bar.sound.text() == "No sound\non this PC" and not bar.sound.isEnabled()
    finally:
        speaker.close()
    assert speaker._thread.isFinished()


# --- history -----------------------------------------------------------------------------------


def entry(number: int, turn: AlarmTurn = AlarmTurn.RAISED, words: str = "") -> AlarmEntry:
    alarm = BY_PRIORITY[Priority.HIGH]
    return AlarmEntry(number, "2026-11-21T10:42:07.000+00:00", "CC-0001", turn, alarm, words)


def test_one_touch_shows_the_history_and_covers_no_reading_and_no_stop(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    script = freezing(window)
    snapshot = script.advance(0.05)
    log = (entry(1), entry(2, AlarmTurn.RELEASED, "BE: hose changed"))
    window.apply(msgspec.structs.replace(snapshot, alarm_log=log))
    others: list[QWidget] = [window.top, window.pages.session.readings, window.pages.session.plot]
    places = [widget.geometry() for widget in others]
    window.top.alarms.history.click()
    settle()
    assert window.history.isVisible() and not window.steps.isVisible()
    assert [widget.geometry() for widget in others] == places
    assert all(widget.isVisible() for widget in others)
    model = window.history.list.model()
    shown = [model.index(row, 0).data() for row in range(model.rowCount())]
    assert shown[0].startswith("10:42:07 !!! released by an engineer\n")
    assert shown[0].endswith("\nBE: hose changed\n2026-11-21")
    assert shown[1].splitlines()[1] == BY_PRIORITY[Priority.HIGH].happened
    window.top.stop.pressed.emit()
    assert isinstance(asked_for[-1], Stop)
    window.top.alarms.history.click()
    settle()
    assert window.steps.isVisible() and not window.history.isVisible()


def test_it_holds_two_thousand_and_takes_each_once(window: MainWindow) -> None:
    window.history.add([entry(n) for n in range(1, 1_501)])
    window.history.add([entry(n) for n in range(1_000, 2_501)])
    window.history.add([])
    numbers = [each.number for each in window.history.entries()]
    assert numbers == list(range(2_500, 500, -1))


def test_an_empty_history_says_so(window: MainWindow) -> None:
    window.top.alarms.history.click()
    settle()
    assert window.history.none.isVisible() and window.history.none.text() == "No alarms yet"
