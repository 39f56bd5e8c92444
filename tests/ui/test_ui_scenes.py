"""Every screen in every state, in English at the smallest size and at those that people have, and
in the made-up language, which is longer than English and others are, at 1440 × 900: nothing cut,
nothing over another thing, every control with a name, a role and its place in the tab order; every
word in the language of the screen."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from ui_kit import (
    clipped,
    crowded,
    cut_in_paint,
    foreign,
    nameless,
    out_of_order,
    outside,
    overlapping,
    painted,
    scrolled,
    settle,
    unlit,
)

from console.model.snapshot import Phase
from console.ui.kit import language, theme
from console.ui.main_window import MainWindow
from console.ui.replay_window import ReplayWindow
from console.ui.scripted.gallery import GALLERY
from console.ui.scripted.scenes import SCENES

CLINICAL = frozenset(Phase) - {Phase.PREPARE}
"""What is done with gloves on."""
APART = 16
"""Pixels between what gloved fingers touch."""

SIZES = ((1_280, 650), (1_366, 705), (1_440, 870), (1_920, 1_050))
"""Logical pixels inside the window's frame: the smallest, and maximised on usual screens. At 150 %
and 200 % a screen has as many as one of these."""
LONGER = (1_440, 900)
"""For languages with longer words."""
DESK = ("records", "trends", "prepare-mapping", "closing", "replay")
"""Beside the clinical path: looked at afterwards, or rare."""
FULLEST = ("replay-slow", "time-out-unclear", "contraction", "connect-failed", "stopped-trip")
ENGLISH = [
    pytest.param(name, marks=pytest.mark.seeds if place % 6 and name not in FULLEST else ())
    for place, name in enumerate(GALLERY)
    if not name.startswith(DESK)
]
"""A sixth of them by default, and those with the most words."""
MADE_UP = [
    pytest.param(name, marks=pytest.mark.seeds if place % 5 and name not in FULLEST else ())
    for place, name in enumerate(GALLERY)
]
"""A fifth of them by default, and those with the most words."""

KEYED = [
    pytest.param(name, marks=() if name == "connect" else pytest.mark.seeds)
    for name in ("connect", "prepare-filled", "prepare-patient", "prepare-digits",
                 "records-report", "trends", "time-out-unclear", "stimulating", "plot-inspected",
                 "thawing-more", "replay")
]  # fmt: skip
"""Where each kind of control stands."""


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication) -> Iterator[Callable[..., MainWindow]]:
    """Makes the window of a scene in a language, of a size."""
    theme.dress(qapp)

    def make(name: str, spoken: str = "en", size: tuple[int, int] = SIZES[0]) -> MainWindow:
        language.speak(qapp, spoken)
        made = GALLERY[name].make(None)
        made.resize(*size)
        qtbot.addWidget(made, before_close_func=lambda one: setattr(one, "_may_close", True))
        with qtbot.waitExposed(made):
            made.show()
        GALLERY[name].scene(made)
        settle()
        return made

    yield make
    language.speak(qapp, "en")


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("name", ENGLISH)
def test_a_scene_at_the_sizes_that_people_have(
    shown: Callable[..., MainWindow], name: str, size: tuple[int, int]
) -> None:
    window = shown(name, size=size)
    assert (window.width(), window.height()) == size
    assert _faults(window, name) == []


@pytest.mark.parametrize("name", MADE_UP)
def test_a_scene_in_another_language(shown: Callable[..., MainWindow], name: str) -> None:
    window = shown(name, "pseudo", LONGER)
    assert QCoreApplication.translate("any", "freeze {n}") == "[ƒŕéééžéé {n}]"
    assert _faults(window, name) == []


def _faults(window: MainWindow, name: str) -> list[str]:
    written = painted(window)
    found = nameless(window)
    made_up = bool(QApplication.instance().property("language"))  # type: ignore[union-attr]
    if made_up:
        found += foreign(window, written)
    found += [
        *clipped(window), *cut_in_paint(written), *outside(window), *out_of_order(window),
        *overlapping(window),
    ]  # fmt: skip
    now = window.snapshot
    if now is not None and now.procedure.phase in CLINICAL:
        found += scrolled(window)
        if not isinstance(window, ReplayWindow):  # a replay is for a desk
            found += crowded(window, APART)
    _stop_is_free(window)
    for control in [*window.findChildren(QAbstractButton), *window.findChildren(QLineEdit)]:
        if control.isVisible():
            assert control.accessibleName(), control
            assert control.height() >= 48, control.accessibleName()
            # Connect and a replay say it for all of them, in a line.
            said = control.isEnabled() or name == "connecting" or isinstance(window, ReplayWindow)
            assert said or control.accessibleDescription(), control.accessibleName()
    _main_actions(window)
    return found


def _stop_is_free(window: MainWindow) -> None:
    stop = window.top.stop
    assert stop.isVisible() and stop.isEnabled()
    on_top = window.childAt(stop.mapTo(window, stop.rect().center()))
    assert on_top is stop or stop.isAncestorOf(on_top)
    assert stop.width() >= 200 and stop.height() >= 64


def _main_actions(window: MainWindow) -> None:
    """At most three, large."""
    if window.snapshot is None or window.snapshot.procedure.phase is Phase.PREPARE:
        return
    page = {
        Phase.CHECK: window.pages.check,
        Phase.TIME_OUT: window.pages.time_out,
        Phase.STIMULATE: window.pages.stimulate,
    }.get(window.snapshot.procedure.phase, window.pages.session)
    row = page.action_row
    large = [*row.buttons.values(), row.more, row.back, *sum(row.reasons.values(), ())]
    assert all(button.height() >= 64 for button in large if button.isVisible())
    if row.back.isVisible():  # the rest, under More
        return
    assert len([button for button in row.buttons.values() if button.isVisible()]) <= 3


@pytest.mark.parametrize("name", KEYED)
def test_what_has_the_keys_is_seen(shown: Callable[..., MainWindow], name: str) -> None:
    window = shown(name)
    window.activateWindow()
    settle()
    assert unlit(window) == []


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
