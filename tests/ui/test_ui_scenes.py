"""Every screen in every state, at the smallest size: nothing cut, nothing over another thing, and
every word in the language of the screen. In the made-up language, which is longer than English and
others are; in English the fullest screens, and all of them with the seeds."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from ui_kit import (
    clipped,
    cut_in_paint,
    foreign,
    nameless,
    out_of_order,
    outside,
    overlapping,
    settle,
)

from console.model.snapshot import Phase
from console.ui.kit import language, theme
from console.ui.main_window import MainWindow
from console.ui.scripted.scenes import SCENES
from console.ui.scripted.scenes import window as make_window

FULLEST = ("connect-failed", "prepare-filled", "time-out-unclear", "contraction", "stopped-trip")
ROOMY = (
    "connect", "connecting", "connect-failed", "records", "records-report", "trends",
    "trends-probe", "trends-left-out", "trends-none", "time-out", "time-out-unclear",
    "time-out-done", "stimulate", "stimulate-more", "stimulating", "stimulating-motor",
    "stimulate-refused", "contraction", "inside-the-nerve", "cooling", "freezing", "thawing",
    "countdown", "ready-for-second",
)  # fmt: skip
"""Scenes that have room for the made-up language, too: the others are to follow."""
ENGLISH = [
    pytest.param(name, marks=() if name in FULLEST else pytest.mark.seeds) for name in SCENES
]


@pytest.fixture
def foreign_window(qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    """The window at its smallest, in the made-up language."""
    theme.dress(qapp)
    language.speak(qapp, "pseudo")
    try:
        made = make_window()
        made.resize(1280, 800)
        qtbot.addWidget(made, before_close_func=lambda one: setattr(one, "_may_close", True))
        with qtbot.waitExposed(made):
            made.show()
        yield made
    finally:
        language.speak(qapp, "en")


@pytest.mark.parametrize("name", ENGLISH)
def test_a_scene_at_the_smallest_size(window: MainWindow, name: str) -> None:
    SCENES[name](window)
    settle()
    _examine(window, name)


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_in_another_language(foreign_window: MainWindow, name: str) -> None:
    assert QCoreApplication.translate("any", "freeze {n}") == "[ƒŕéééžéé {n}]"
    SCENES[name](foreign_window)
    settle()
    assert foreign(foreign_window) == []
    if name in ROOMY:
        _examine(foreign_window, name)


def _examine(window: MainWindow, name: str) -> None:
    assert (window.width(), window.height()) == (1280, 800)
    assert clipped(window) == []
    assert cut_in_paint(window) == []
    assert outside(window) == []
    assert overlapping(window) == []
    _stop_is_free(window)
    for control in [*window.findChildren(QAbstractButton), *window.findChildren(QLineEdit)]:
        if control.isVisible():
            assert control.accessibleName(), control
            assert control.height() >= 48, control.accessibleName()
            # The line under the tiles of Connect says it for all of them.
            said = control.isEnabled() or name == "connecting"
            assert said or control.accessibleDescription(), control.accessibleName()
    assert nameless(window) == []
    assert out_of_order(window) == []
    _three_actions(window)


def _stop_is_free(window: MainWindow) -> None:
    stop = window.top.stop
    assert stop.isVisible() and stop.isEnabled()
    on_top = window.childAt(stop.mapTo(window, stop.rect().center()))
    assert on_top is stop or stop.isAncestorOf(on_top)
    assert stop.width() >= 200 and stop.height() >= 64


def _three_actions(window: MainWindow) -> None:
    if window.snapshot is None or window.snapshot.procedure.phase is Phase.PREPARE:
        return
    page = {
        Phase.CHECK: window.check,
        Phase.TIME_OUT: window.time_out,
        Phase.STIMULATE: window.stimulate,
    }.get(window.snapshot.procedure.phase, window.session)
    row = page.action_row
    if row.back.isVisible():  # the rest, under More
        return
    assert len([button for button in row.buttons.values() if button.isVisible()]) <= 3


def test_every_phase_has_a_scene(window: MainWindow) -> None:
    seen = set()
    for name in (
        "prepare",
        "check",
        "time-out",
        "stimulate",
        "ready",
        "cooling",
        "thawing",
        "stopped",
        "releasing",
        "free",
        "out",
    ):
        SCENES[name](window)
        assert window.snapshot is not None
        seen.add(window.snapshot.procedure.phase)
    assert seen == set(Phase) - {Phase.STARTING}  # which looks as READY does, without buttons
