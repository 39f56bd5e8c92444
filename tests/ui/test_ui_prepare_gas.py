"""Gas at Prepare and while freezing: what is left, whether it lasts, a new cylinder by digits."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from ui_kit import freezing, settle

from console.model.cylinder import Cylinder
from console.model.plan import NextFreeze, Side
from console.model.request import AnyRequest, ChangeCylinder, CylinderBack, EnterContents
from console.model.snapshot import Control, Phase
from console.ui.main_window import MainWindow
from console.ui.prepare.screen import DIGITS, GAS
from console.ui.scripted import DEMONSTRATION, Script

WALL = "2026-11-21T08:12:00+01:00"


def _shown(window: MainWindow, cylinder: Cylinder | None) -> MainWindow:
    script = Script()
    script.cylinder = cylinder
    window.apply(script.advance(0.05))
    window.pages.prepare.tabs[GAS].click()
    return window


def test_without_contents_nothing_is_claimed(window: MainWindow) -> None:
    gas = _shown(window, None).pages.prepare.gas
    assert gas.left.text() == "---  contents not entered"
    assert gas.answer.text().startswith("---")
    assert gas.contents.text() == "---  contents not entered"


def test_minutes_left_with_their_uncertainty(window: MainWindow) -> None:
    gas = _shown(window, Cylinder(3_400.0, WALL, 1_270.0)).pages.prepare.gas
    assert gas.left.text() == "about 210 min (129–313)"
    assert gas.contents.text() == "3.4 kg entered 2026-11-21  08:12, 1.27 kg used since"


def test_whether_the_plan_will_finish_follows_the_plan_that_is_being_made(
    window: MainWindow,
) -> None:
    prepare = _shown(window, Cylinder(130.0, WALL)).pages.prepare
    prepare.tiles[0].click()
    assert prepare.gas.answer.text() == "Yes: it freezes for 6:00"
    prepare.site_row.add.click()
    prepare.nerve.setText("sural")
    prepare.sides[Side.LEFT].click()
    assert prepare.gas.answer.text() == "It may not: it freezes for 12:00"


def test_contents_are_entered_by_digits(window: MainWindow, asked_for: list[AnyRequest]) -> None:
    prepare = _shown(window, None).pages.prepare
    prepare.gas.enter.click()
    assert prepare.stack.currentIndex() == DIGITS
    QTest.keyClicks(prepare.pad, "99")
    prepare.pad.enter.click()
    assert prepare.pad.why.text() == "99 kg: from 0.05 to 50 kg"
    assert asked_for == []
    for _ in range(2):
        prepare.pad.erase.click()
    QTest.keyClicks(prepare.pad, "3.4")
    prepare.pad.enter.click()
    assert prepare.stack.currentIndex() == GAS
    assert asked_for == [EnterContents(3_400.0)]
    prepare.gas.change.click()
    assert asked_for[1:] == [ChangeCylinder()]


@pytest.mark.parametrize(
    ("contents_g", "words"),
    [(3_400.0, "enough for the plan: yes"), (60.0, "enough for the plan: it may not be")],
)
def test_while_freezing_the_gas_row_says_what_is_left_and_if_it_is_enough(
    window: MainWindow, contents_g: float, words: str
) -> None:
    script = Script()
    script.cylinder = Cylinder(contents_g, WALL)
    freezing(window, script)
    settle()
    card = window.pages.session.readings.gas
    assert card.enough.isVisible() and card.enough.text() == words
    assert "min (" in card.left.text()


def test_while_freezing_contents_that_are_not_known_say_so(window: MainWindow) -> None:
    freezing(window)
    card = window.pages.session.readings.gas
    assert card.left.text() == "---  contents not entered"
    assert not card.enough.isVisible()


def _thawing(window: MainWindow) -> Script:
    made = msgspec.structs.replace(DEMONSTRATION, next_freeze=NextFreeze.ASK)
    script = freezing(window, Script(made, "bedside"))
    window.apply(script.until(Phase.THAWING))
    window.pages.session.action_row.more.click()
    window.pages.session.action_row.buttons["enter_contents"].click()
    settle()
    return script


def test_a_new_cylinder_is_entered_while_the_probe_thaws(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    script = _thawing(window)
    card = window.pages.session.contents
    assert card.isVisible() and not window.pages.session.plot.isVisible()
    window.apply(script.advance(0.05))
    assert card.isVisible()
    QTest.keyClicks(card.pad, "3.4")
    QTest.keyClick(card.pad, Qt.Key.Key_Return)
    assert asked_for == [EnterContents(3_400.0)]
    assert not card.isVisible() and window.pages.session.plot.isVisible()

    row, before = window.pages.session.action_row, window.strip.right.text()
    row.more.click()
    row.buttons["change_cylinder"].click()
    now = script.advance(0.05)
    controls = now.controls | {
        "change_cylinder": Control("", "", "already"), "cylinder_back": Control("Old one")
    }  # fmt: skip
    view = msgspec.structs.replace(now.procedure, cylinder_changing=True)
    window.apply(msgspec.structs.replace(now, procedure=view, controls=controls))
    assert window.strip.right.text() == "Cylinder is being changed" != before
    row.back.click()
    assert row.buttons["enter_contents"].isVisible(), "among the main ones now"
    row.buttons["cylinder_back"].click()
    assert asked_for[1:] == [ChangeCylinder(), CylinderBack()]


def test_the_pad_goes_when_the_next_freeze_starts(window: MainWindow) -> None:
    script = _thawing(window)
    script.advance(60.0)
    script.start()
    window.apply(script.advance(0.05))
    assert not window.pages.session.contents.isVisible() and window.pages.session.plot.isVisible()
