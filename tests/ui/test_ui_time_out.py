"""The time-out card on the screen: one touch an answer, a reason held, and a wrong side caught."""

import msgspec
import pytest
from ui_kit import settle

from console.model.plan import Side
from console.model.request import (
    AnswerTimeOut,
    AnyRequest,
    BackToPrepare,
    EndTimeOut,
    LiftTimeOut,
    OpenTimeOut,
)
from console.model.snapshot import Control
from console.model.time_out import TimeOutAnswer, TimeOutItem, TimeOutView
from console.ui.main_window import MainWindow
from console.ui.scripted import Script
from console.ui.scripted.scenes import SCENES
from console.ui.treatment.time_out import reasons


def shown(window: MainWindow, name: str) -> None:
    SCENES[name](window)
    settle()
    assert window.pages.currentWidget() is window.pages.time_out


@pytest.mark.parametrize("item", TimeOutItem)
@pytest.mark.parametrize("clear", [True, False])
def test_every_answer_is_one_touch(
    window: MainWindow, asked_for: list[AnyRequest], item: TimeOutItem, clear: bool
) -> None:
    shown(window, "time-out")
    page = window.pages.time_out
    (page.clear if clear else page.unclear)[item].click()
    assert asked_for == [AnswerTimeOut(item, clear)]


def test_an_answer_is_marked_when_it_is_taken_in_and_not_before(window: MainWindow) -> None:
    shown(window, "time-out")
    page = window.pages.time_out
    page.clear[TimeOutItem.INFECTION].click()
    assert not page.clear[TimeOutItem.INFECTION].isChecked()
    assert page.clear[TimeOutItem.CONSENT].isChecked()
    assert not page.unclear[TimeOutItem.CONSENT].isChecked()


def test_the_side_stands_on_the_card_as_on_the_strip(window: MainWindow) -> None:
    shown(window, "time-out")
    text = window.pages.time_out.texts[TimeOutItem.SIDE].text()
    assert window.strip.site.text() == "LEFT · SAPHENOUS" and "LEFT · SAPHENOUS" in text


def test_each_answer_says_to_what_for_those_who_do_not_see_it(window: MainWindow) -> None:
    shown(window, "time-out")
    names = {b.accessibleName() for b in window.pages.time_out.clear.values()}
    assert len(names) == 8 and "Consent is given: Yes" in names


def test_it_is_done_when_all_is_answered(window: MainWindow, asked_for: list[AnyRequest]) -> None:
    shown(window, "time-out")
    done = window.pages.time_out.action_row.buttons["end_time_out"]
    assert not done.isEnabled() and done.detail.text() == "Still to be answered: allergies"
    shown(window, "time-out-done")
    done.click()
    assert asked_for == [EndTimeOut()]


def test_a_reason_is_held(window: MainWindow, asked_for: list[AnyRequest]) -> None:
    shown(window, "time-out")
    assert not window.pages.time_out.why.isVisible()
    shown(window, "time-out-unclear")
    held = window.pages.time_out.lifts[0]
    assert window.pages.time_out.why.isVisible()
    assert "pacemaker" in window.pages.time_out.what_lifted.text()
    held.click()
    assert asked_for == []
    held.held.emit()
    window.pages.time_out.other.click()
    own = window.pages.time_out.own
    assert own.field.isVisible() and not held.isVisible() and not own.give.isEnabled()
    own.field.setText("Switched off by the cardiologist")
    own.give.held.emit()  # type: ignore[attr-defined]
    assert asked_for == [
        LiftTimeOut(TimeOutItem.PACEMAKER, reasons()[0]),
        LiftTimeOut(TimeOutItem.PACEMAKER, "Switched off by the cardiologist"),
    ]
    assert held.isVisible() and not own.isVisible()
    now = window.snapshot
    assert now is not None
    lifted = TimeOutView((TimeOutAnswer(TimeOutItem.PACEMAKER, False, "x" * 200),))
    procedure = msgspec.structs.replace(now.procedure, time_out=lifted)
    window.apply(msgspec.structs.replace(now, procedure=procedure))
    shown_words = window.pages.time_out.texts[TimeOutItem.PACEMAKER].text()
    assert shown_words.endswith("x…") and len(shown_words) < 100, "the report has all of it"


def test_for_a_wrong_side_no_reason_is_offered(window: MainWindow) -> None:
    script = Script(how="bedside")
    window.apply(script.advance(0.05))
    script.choose()
    script.read_card(unclear=TimeOutItem.SIDE)
    window.apply(script.advance(0.05))
    settle()
    assert not window.pages.time_out.why.isVisible()
    assert window.pages.time_out.action_row.buttons["back_to_prepare"].isEnabled()


def test_back_at_prepare_the_side_is_chosen_afresh(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    script = Script(how="bedside")
    window.apply(script.advance(0.05))
    window.pages.prepare.sides[Side.RIGHT].click()
    script.choose()
    script.read_card(unclear=TimeOutItem.SIDE)
    window.apply(script.advance(0.05))
    window.pages.time_out.action_row.buttons["back_to_prepare"].held.emit()
    assert asked_for == [BackToPrepare()]
    window.apply(Script().advance(0.05))
    assert window.pages.prepare.side is None


def test_a_demonstration_can_open_it(window: MainWindow, asked_for: list[AnyRequest]) -> None:
    script = Script()
    window.apply(script.advance(0.05))
    script.choose()
    snapshot = script.snapshot()
    snapshot.controls["open_time_out"] = Control("Time-out", "read the card by hand")
    window.apply(snapshot)
    settle()
    row = window.pages.session.action_row
    row.more.click()
    row.buttons["open_time_out"].click()
    assert asked_for == [OpenTimeOut()]


def test_a_refusal_is_told_on_this_page(window: MainWindow) -> None:
    shown(window, "time-out")
    window.refuse(EndTimeOut(), "Still to be answered: side")
    assert "Still to be answered: side" in window.pages.time_out.notice.words.text()
