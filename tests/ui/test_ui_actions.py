"""Each control becomes its request; what is locked says why."""

import msgspec
import pytest
from ui_kit import freezing, settle

from console.model.override import OverrideKind
from console.model.plan import NextFreeze
from console.model.request import (
    Acknowledge,
    AddFreeze,
    AfterStop,
    AnyRequest,
    ChoosePlan,
    Decide,
    EndFreeze,
    ExtendFreeze,
    FinishHere,
    NewSession,
    Override,
    ProbeMoved,
    ProbeOut,
    StartFreeze,
    UndoExtend,
    Wait,
)
from console.model.snapshot import Phase
from console.ui.main_window import MainWindow
from console.ui.scripted import DEMONSTRATION, Script
from console.ui.scripted.scenes import OVER_COOL, SCENES
from console.ui.treatment.actions import early_reasons, untreated_reasons


def test_three_clicks_run_the_demonstration(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    script = Script()
    window.apply(script.advance(0.05))
    settle()
    assert window.pages.prepare.demonstration is not None
    window.pages.prepare.demonstration.click()
    script.choose()
    window.apply(script.advance(1.0))
    window.pages.session.action_row.buttons["start_freeze"].held.emit()  # type: ignore[attr-defined]
    script.start()
    window.apply(script.until(Phase.FREE, 900.0))
    window.pages.session.action_row.buttons["probe_out"].click()
    assert asked_for == [
        ChoosePlan(DEMONSTRATION, how="demonstration"),
        StartFreeze(),
        ProbeOut(),
    ]


def test_freezing_offers_end_and_extend(window: MainWindow, asked_for: list[AnyRequest]) -> None:
    freezing(window)
    row = window.pages.session.action_row
    row.buttons["end_freeze"].click()
    row.buttons["extend"].click()
    row.buttons["probe_moved"].click()
    assert asked_for == [EndFreeze(), ExtendFreeze(30.0, undo_s=5.0), ProbeMoved()]
    assert row.buttons["probe_moved"].isVisible()


def test_what_was_extended_is_undone_in_its_place(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    SCENES["extending"](window)
    settle()
    row = window.pages.session.action_row
    assert not row.buttons["extend"].isVisible()
    row.buttons["undo_extend"].click()
    assert asked_for == [UndoExtend()]


def test_thawing_offers_wait_and_finish(window: MainWindow, asked_for: list[AnyRequest]) -> None:
    script = freezing(window)
    window.apply(script.until(Phase.THAWING))
    row = window.pages.session.action_row
    assert not row.buttons["start_freeze"].isEnabled()
    assert "Thaw for" in row.buttons["start_freeze"].detail.text()
    row.buttons["wait"].click()
    for name in ("pain_gone", "finish"):
        row.buttons[name].click()
        assert asked_for == [Wait()], "a tap ends no case"
    for name in ("pain_gone", "finish"):
        row.buttons[name].held.emit()  # type: ignore[attr-defined]
    assert asked_for == [Wait(), FinishHere("pain gone"), FinishHere()]


def test_a_refreeze_before_the_thaws_end_is_chosen_and_held(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    SCENES["refreeze"](window)
    settle()
    row = window.pages.session.action_row
    reasons = row.reasons["override_refreeze"]
    assert all(button.isVisible() and "hold for 1 s" in button.detail.text() for button in reasons)
    reasons[1].click()
    assert asked_for == [], "a tap overrides nothing"
    reasons[1].held.emit()  # type: ignore[attr-defined]
    assert asked_for == [Override(OverrideKind.REFREEZE, "Ice too small on ultrasound")]


def test_in_the_last_ten_seconds_wait_is_the_large_one(window: MainWindow) -> None:
    script = freezing(window)
    script.pass_until(Phase.THAWING, 200.0)
    window.apply(script.advance(38.0))
    settle()
    row = window.pages.session.action_row
    shown = [name for name, button in row.buttons.items() if button.isVisible()]
    assert shown == ["wait"]
    assert row.buttons["wait"].property("role") == "primary"


def test_wait_is_no_button_where_nothing_starts_by_itself(window: MainWindow) -> None:
    plan = msgspec.structs.replace(DEMONSTRATION, next_freeze=NextFreeze.ASK)
    script = freezing(window, Script(plan, "bedside"))
    window.apply(script.until(Phase.THAWING))
    settle()
    assert not window.pages.session.action_row.buttons["wait"].isVisible()


def test_after_a_stop_the_choice_is_the_operators(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    script = freezing(window)
    script.stop()
    window.apply(script.advance(2.0))
    row = window.pages.session.action_row
    for name in ("repeat", "count"):
        row.buttons[name].click()
    row.buttons["finish"].held.emit()  # type: ignore[attr-defined]
    assert asked_for == [
        Decide(AfterStop.REPEAT),
        Decide(AfterStop.COUNT),
        Decide(AfterStop.FINISH),
    ]


def test_a_control_that_is_blocked_cannot_be_pressed_and_says_why(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    script = freezing(window)
    script.stop()
    script.blocked["repeat"] = "The gas is not confirmed off"
    window.apply(script.advance(2.0))
    repeat = window.pages.session.action_row.buttons["repeat"]
    repeat.click()
    assert asked_for == []
    assert repeat.detail.text() == "The gas is not confirmed off"


@pytest.mark.parametrize("index", [0, 1, 2])
def test_an_early_end_asks_for_a_reason_in_its_place(
    window: MainWindow, asked_for: list[AnyRequest], index: int
) -> None:
    script = freezing(window)
    script.pass_until(Phase.RELEASING, 900.0)
    window.apply(script.advance(5.0))
    row = window.pages.session.action_row
    row.buttons["probe_out"].click()
    settle()
    assert asked_for == []
    offered = [b.title.text() for b in row.reasons["probe_out"] if b.isVisible()]
    assert offered == list(early_reasons()), "and none for a site that was not treated"
    row.reasons["probe_out"][index].click()
    assert asked_for == [ProbeOut(early_reasons()[index])]


def test_a_site_that_was_not_frozen_is_left_for_reasons_of_its_own(window: MainWindow) -> None:
    SCENES["ready"](window)
    row = window.pages.session.action_row
    row.buttons["probe_out"].click()
    settle()
    offered = [b.title.text() for b in row.reasons["probe_out"] if b.isVisible()]
    assert offered == list(untreated_reasons())


def test_the_page_of_reasons_goes_when_the_phase_changes(window: MainWindow) -> None:
    script = freezing(window)
    script.pass_until(Phase.RELEASING, 900.0)
    window.apply(script.advance(5.0))
    row = window.pages.session.action_row
    row.buttons["probe_out"].click()
    window.apply(script.until(Phase.FREE, 900.0))
    settle()
    assert row.buttons["probe_out"].isVisible() and not row.reasons["probe_out"][0].isVisible()


def test_probe_out_is_under_more_while_a_freeze_may_follow(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    script = freezing(window)
    window.apply(script.until(Phase.THAWING))
    settle()
    row = window.pages.session.action_row
    assert not row.buttons["probe_out"].isVisible()
    row.more.click()
    settle()
    assert row.buttons["probe_out"].isVisible()
    row.back.click()
    settle()
    assert row.buttons["pain_gone"].isVisible()


def test_release_offers_one_more_freeze(window: MainWindow, asked_for: list[AnyRequest]) -> None:
    script = freezing(window)
    script.pass_until(Phase.RELEASING, 900.0)
    window.apply(script.advance(5.0))
    settle()
    add = window.pages.session.action_row.buttons["add_freeze"]
    assert add.isVisible()
    add.click()
    assert asked_for == [AddFreeze()]


def test_the_end_offers_a_new_session(window: MainWindow, asked_for: list[AnyRequest]) -> None:
    script = freezing(window)
    script.pass_until(Phase.FREE, 900.0)
    script.out()
    window.apply(script.snapshot())
    window.pages.session.action_row.buttons["new_session"].click()
    assert asked_for == [NewSession()]


def test_a_latched_alarm_is_acknowledged_in_the_bar(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    script = freezing(window)
    script.stop("Stopped by the console: tip colder than allowed")
    script.alarms = (OVER_COOL,)
    window.apply(script.advance(1.0))
    settle()
    bar = window.top.alarms
    assert bar.happened.text().startswith("Tip colder than allowed")
    assert bar.acknowledge.isVisible()
    bar.acknowledge.click()
    assert asked_for == [Acknowledge()]


def test_a_refusal_is_said_where_it_was_asked(window: MainWindow) -> None:
    freezing(window)
    window.refuse(ExtendFreeze(30.0), "At most 4:00 from gas-on")
    settle()
    notice = window.pages.session.notice
    assert notice.isVisible() and "At most 4:00 from gas-on" in notice.words.text()
