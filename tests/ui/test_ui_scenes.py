"""Every screen in every state, at the smallest size: nothing cut, nothing over another thing."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from ui_kit import clipped, outside, overlapping, settle

from console.model.snapshot import Phase
from console.ui.main_window import MainWindow
from console.ui.scripted.scenes import SCENES


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_at_the_smallest_size(window: MainWindow, name: str) -> None:
    SCENES[name](window)
    settle()
    assert (window.width(), window.height()) == (1280, 800)
    assert clipped(window) == []
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
