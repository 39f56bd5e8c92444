"""Nothing moves under a finger: while a page is open, no enabled control changes its place by what
is answered, alarmed or refused."""

from collections.abc import Callable, Iterator

import msgspec
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from pytestqt.qtbot import QtBot
from ui_kit import settle

from console.config import limits
from console.model.alarm import Alarm, Priority
from console.model.snapshot import Control
from console.model.time_out import TimeOutItem
from console.safety.registry import BY_ID
from console.safety.texts import pattern
from console.ui.kit.buttons import EnterButton
from console.ui.main_window import MainWindow
from console.ui.scripted import scenes
from console.ui.scripted.scenes import SCENES

Turn = Callable[[MainWindow], None]


def _named(*names: str) -> tuple[Turn, ...]:
    return tuple(SCENES[name] for name in names)


def _read(*clear: TimeOutItem, unclear: TimeOutItem | None = None) -> Turn:
    return lambda show: scenes._time_out(show, *clear, unclear=unclear)


ITEMS = tuple(TimeOutItem)
PAGES: dict[str, tuple[Turn, ...]] = {
    "connect": _named("connect", "connecting", "connect-failed"),
    "prepare": _named("prepare", "prepare-filled"),
    "check": _named(*(name for name in SCENES if name.startswith("check"))),
    "time-out": (
        *(_read(*ITEMS[:count]) for count in range(len(ITEMS) + 1)),
        *(_read(*ITEMS[:at], unclear=item) for at, item in enumerate(ITEMS)),
    ),
    "stimulate": _named("stimulate", "stimulating", "stimulating-motor", "contraction",
                        "inside-the-nerve", "stimulate-refused"),
    "session": _named("ready", "not-ready", "cooling", "freezing", "extending", "unknown", "stale",
                      "thawing", "countdown", "ready-for-second", "stopped", "stopped-trip",
                      "link-lost", "control-lost", "releasing", "free", "refused"),
}  # fmt: skip
"""Each page, and what may be so on it."""


def alarms() -> list[Alarm]:
    """Of each hazard one, in its own words."""
    return [
        Alarm(each.id, each.priority or Priority.HIGH, pattern(each, limits()), each.done,
              "10:42:07", 0, 3, latched=True)
        for each in BY_ID.values()
    ]  # fmt: skip


def places(window: MainWindow) -> dict[int, tuple[str, QRect]]:
    """Where each control stands that can be pressed, with what it is."""
    return {
        id(one): (_what(one), QRect(one.mapTo(window, QPoint()), one.size()))
        for one in window.findChildren(QAbstractButton) + window.findChildren(QLineEdit)
        if one.isVisible() and one.isEnabled()
    }


def _what(control: QAbstractButton | QLineEdit) -> str:
    return control._name() if isinstance(control, EnterButton) else control.accessibleName()


class Watch:
    """Remembers where each control stood, and what has moved since."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._first: dict[int, QRect] = {}
        self.moved: list[str] = []

    def look(self, why: str) -> None:
        settle()
        for key, (name, rect) in places(self._window).items():
            before = self._first.setdefault(key, rect)
            if before != rect:
                self.moved.append(f"{why}: {name!r} {before.getRect()} → {rect.getRect()}")
                self._first[key] = rect


@pytest.fixture(params=[(1_280, 650), (1_440, 870)])
def sized(request: pytest.FixtureRequest, window: MainWindow, qtbot: QtBot) -> Iterator[MainWindow]:
    window.resize(*request.param)
    settle()
    yield window


@pytest.mark.parametrize("page", PAGES)
def test_no_control_moves(sized: MainWindow, page: str) -> None:
    window, watch = sized, Watch(sized)
    for number, turn in enumerate(PAGES[page]):
        turn(window)
        watch.look(f"turn {number}")
        shown = window.snapshot
        if number or shown is None:
            continue
        for alarm in alarms():
            told = msgspec.structs.replace(
                shown, alarms=(alarm,), controls={**shown.controls, "acknowledge": Control("x")}
            )
            window.apply(told)
            watch.look(alarm.id)
        window.pages.refuse(_page(window), "The supply is at 40.6 bar: cold or nearly empty")
        watch.look("refused")
    assert watch.moved == []


def _page(window: MainWindow):  # type: ignore[no-untyped-def]
    from console.ui.frame import judge

    return judge.page_of(window.snapshot, True)


def test_what_moves_is_seen_by_the_test_above(window: MainWindow) -> None:
    SCENES["ready"](window)
    watch = Watch(window)
    watch.look("before")
    window.top.setFixedHeight(120)
    watch.look("after")
    assert len(watch.moved) > 3


@pytest.mark.parametrize("alarm", alarms(), ids=lambda alarm: alarm.id)
def test_every_alarm_has_room_in_the_bar_at_the_smallest_window(
    window: MainWindow, alarm: Alarm
) -> None:
    window.resize(1_280, 650)
    SCENES["ready"](window)
    assert window.snapshot is not None
    window.apply(msgspec.structs.replace(window.snapshot, alarms=(alarm,)))
    settle()
    for text in (window.top.alarms.happened, window.top.alarms.to_do):
        assert text.heightForWidth(text.width()) <= text.height(), text.text()
