"""The console check on the screen: one line, one touch; a test is held; what is on is seen."""

import msgspec
import pytest
from ui_kit import settle

from console.model.console_check import CheckItem, CheckStanding
from console.model.request import (
    AnswerCheck,
    AnyRequest,
    BackToPrepare,
    CheckLineBack,
    ConfirmInPlace,
    EndCheck,
    OpenCheck,
    StartCheck,
)
from console.model.snapshot import Control
from console.ui.kit import gas
from console.ui.main_window import MainWindow
from console.ui.scripted import Script
from console.ui.scripted.scenes import SCENES


def shown(window: MainWindow, name: str) -> None:
    SCENES[name](window)
    settle()
    assert window.pages.currentWidget() is window.pages.check


def seen(window: MainWindow) -> list[str]:
    """The actions that can be pressed now."""
    buttons = window.pages.check.action_row.buttons.items()
    return [name for name, button in buttons if button.isVisible() and button.isEnabled()]


def test_an_answer_is_one_touch(window: MainWindow, asked_for: list[AnyRequest]) -> None:
    shown(window, "check")
    assert seen(window) == ["check_yes", "check_no"]
    for name in seen(window):
        window.pages.check.action_row.buttons[name].click()
    assert asked_for == [AnswerCheck(CheckItem.PROBE, True), AnswerCheck(CheckItem.PROBE, False)]


def test_gas_is_held_for(window: MainWindow, asked_for: list[AnyRequest]) -> None:
    shown(window, "check-pulse")
    start = window.pages.check.action_row.buttons["check_start"]
    assert "hold for 1\u00a0s" in start.detail.text()
    start.click()
    assert asked_for == []
    start.held.emit()  # type: ignore[attr-defined]
    assert asked_for == [StartCheck(CheckItem.PROBE_LEAK)]


def test_while_gas_is_on_only_what_is_wrong_can_be_said(window: MainWindow) -> None:
    shown(window, "check-gas")
    assert seen(window) == ["check_no"]
    assert window.pages.check.action_row.buttons["check_yes"].detail.text() == "Wait for the end"
    assert gas.gas_may_be_on(window.snapshot), "Space is STOP, and closing asks"
    assert window.pages.check.phase_line.property("tone") == "freeze"
    assert "0:02 left" in window.pages.check.lines[CheckItem.PROBE_LEAK].words.text()


def test_what_failed_says_what_to_do_and_is_tried_again(window: MainWindow) -> None:
    shown(window, "check-bubbles")
    line = window.pages.check.lines[CheckItem.PROBE_LEAK]
    assert line.words.text().endswith("The probe leaks: take another")
    assert line.mark.text() == "✕"
    assert seen(window) == ["check_start", "back_to_prepare"]


def test_what_was_measured_stands_beside_its_line(window: MainWindow) -> None:
    shown(window, "check-judge")
    lines = window.pages.check.lines
    assert lines[CheckItem.SUPPLY_LEAK].words.text() == "0.04 bar lost"
    assert lines[CheckItem.SUPPLY_LEAK].accessibleName() == "Supply leak test: 0.04 bar lost"
    assert "0:15 of gas, tip 19 °C to −58 °C" in lines[CheckItem.TEST_FREEZE].words.text()
    assert lines[CheckItem.GAS_OFF].words.text() == ""
    assert [line.mark.text() for line in lines.values()] == [*"✓✓✓✓✓6789"]


def test_what_judges_itself_shows_what_it_waits_for(window: MainWindow) -> None:
    shown(window, "check-thaw")
    assert "wait for more than +10 °C" in window.pages.check.lines[CheckItem.THAW].words.text()
    assert seen(window) == ["back_to_prepare"]


def test_a_touch_that_was_wrong_is_taken_back_and_the_plan_left(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    shown(window, "check")
    window.pages.check.action_row.more.click()
    settle()
    row = window.pages.check.action_row.buttons
    row["check_line_back"].click()
    window.pages.check.action_row.more.click()
    row["back_to_prepare"].held.emit()
    assert asked_for == [CheckLineBack(), BackToPrepare()]


def test_done_it_is_ended_by_one_touch(window: MainWindow, asked_for: list[AnyRequest]) -> None:
    shown(window, "check-done")
    window.pages.check.action_row.buttons["end_check"].click()
    assert asked_for == [EndCheck()]


def test_a_refusal_is_said_where_it_was_asked(window: MainWindow) -> None:
    shown(window, "check")
    window.refuse(AnswerCheck(CheckItem.PROBE, passed=True), "The probe is expired: take another")
    assert window.pages.check.notice.words.text() == "✕ Refused: The probe is expired: take another"


@pytest.mark.parametrize("missing", ["Console check, still open: sterile probe", None])
def test_a_check_to_be_done_again_stands_among_the_main_actions(
    window: MainWindow, asked_for: list[AnyRequest], missing: str | None
) -> None:
    script = Script(how="bedside")
    window.apply(script.advance(0.05))
    script.choose()
    shows = script.snapshot()
    check = script.check
    view = msgspec.structs.replace(
        shows.procedure,
        check=msgspec.structs.replace(check, missing=missing),
        in_place_asked=missing is None,
    )
    controls = {
        **shows.controls,
        "open_check": Control("Console check"),
        "tip_in_place": Control("Tip is in place"),
    }
    window.apply(msgspec.structs.replace(shows, procedure=view, controls=controls))
    settle()
    row = window.pages.session.action_row.buttons
    assert row["open_check"].isVisible() is (missing is not None)
    assert row["tip_in_place"].isVisible() is (missing is None)
    (row["open_check"] if missing is not None else row["tip_in_place"]).click()
    assert asked_for == [OpenCheck() if missing is not None else ConfirmInPlace()]
    line = window.steps.rows[1].line.text()
    assert line == ("To be done again" if missing is not None else "Done")


def test_beforehand_is_said_so(window: MainWindow) -> None:
    script = Script()
    window.apply(script.advance(0.05))
    script.choose()
    window.apply(script.advance(0.05))
    assert window.steps.rows[1].line.text() == "Pre-answered"
    assert {r.standing for r in script.check.results} == {CheckStanding.PASSED}
