"""Prepare by touch: sites in their order, the cycle editor, the number pad, the patient's day."""

import msgspec
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from ui_kit import clipped, outside, overlapping, settle

from console.model.plan import MOST_SITES, Confirmation, NextFreeze, Side, ThawEnd, Timing
from console.model.preparation import Anaesthetic, Preparation
from console.model.request import AnyRequest, ChoosePlan
from console.ui.kit.number_pad import NumberPad, PadKind, decimal_of, seconds_of
from console.ui.main_window import SMALLEST, MainWindow
from console.ui.prepare.screen import DIGITS, FREEZES, PAIN, PATIENT, PrepareScreen
from console.ui.scripted import DEVICE, Script


@pytest.fixture
def prepare(window: MainWindow) -> PrepareScreen:
    window.apply(Script().advance(0.05))
    return window.pages.prepare


def _site(prepare: PrepareScreen, nerve: str, side: Side) -> None:
    prepare.nerve.setText(nerve)
    prepare.sides[side].click()


def _sent(asked_for: list[AnyRequest]) -> ChoosePlan:
    (asked,) = asked_for
    assert isinstance(asked, ChoosePlan)
    return asked


def test_four_touches_make_a_plan_of_one_site(
    prepare: PrepareScreen, asked_for: list[AnyRequest]
) -> None:
    for button in (
        prepare.tiles[0],
        prepare.site_page.nerves[0],
        prepare.sides[Side.LEFT],
        prepare.use,
    ):
        assert button.isVisible() and button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    (site,) = _sent(asked_for).plan.sites
    assert (site.nerve, site.side, len(site.cycles)) == ("saphenous", Side.LEFT, 3)


def test_a_second_site_has_neither_nerve_nor_side_of_the_first(prepare: PrepareScreen) -> None:
    prepare.tiles[1].click()
    _site(prepare, "sural", Side.RIGHT)
    prepare.site_row.add.click()
    assert prepare.nerve.text() == "" and prepare.side is None
    assert prepare.tiles[1].isChecked()
    assert prepare.use.detail.text() == "Site 2: Enter the nerve"


def test_sites_are_moved_chosen_and_left_out(
    prepare: PrepareScreen, asked_for: list[AnyRequest]
) -> None:
    prepare.tiles[0].click()
    for nerve in ("sural", "saphenous", "genicular"):
        if nerve != "sural":
            prepare.site_row.add.click()
        _site(prepare, nerve, Side.LEFT)
    prepare.site_row.earlier.click()
    assert not prepare.site_row.remove.isHidden()
    prepare.site_row.sites[0].click()
    assert prepare.nerve.text() == "sural"
    prepare.site_row.remove.click()
    prepare.use.click()
    assert [site.nerve for site in _sent(asked_for).plan.sites] == ["genicular", "saphenous"]


def test_the_same_nerve_on_the_same_side_is_asked_about(prepare: PrepareScreen) -> None:
    prepare.tiles[0].click()
    _site(prepare, "sural", Side.LEFT)
    prepare.site_row.add.click()
    _site(prepare, "Sural ", Side.LEFT)
    assert "there twice" in prepare.use.detail.text()
    prepare.sides[Side.RIGHT].click()
    assert prepare.use.isEnabled()


def test_there_is_no_fifth_site(prepare: PrepareScreen) -> None:
    prepare.tiles[0].click()
    for _ in range(MOST_SITES - 1):
        prepare.site_row.add.click()
    assert prepare.site_row.add.isHidden()
    assert not any(button.isHidden() for button in prepare.site_row.sites)


def test_how_a_site_is_confirmed_and_the_consent_go_with_it(
    prepare: PrepareScreen, asked_for: list[AnyRequest]
) -> None:
    prepare.tiles[0].click()
    _site(prepare, "sural", Side.LEFT)
    prepare.site_page.confirmed_by.buttons[Confirmation.ULTRASOUND].click()
    prepare.site_page.consented.click()
    prepare.site_row.add.click()
    _site(prepare, "genicular", Side.LEFT)
    assert not prepare.site_page.consented.isChecked()
    prepare.site_page.confirmed_by.buttons[Confirmation.STIMULATION].click()
    prepare.use.click()
    first, second = _sent(asked_for).plan.sites
    assert (first.confirmed_by, first.motor_loss_consented) == (Confirmation.ULTRASOUND, True)
    assert (second.confirmed_by, second.motor_loss_consented) == (Confirmation.STIMULATION, False)


# --- the cycle editor -------------------------------------------------------------------------


@pytest.fixture
def editing(prepare: PrepareScreen) -> PrepareScreen:
    prepare.tiles[0].click()
    _site(prepare, "sural", Side.LEFT)
    prepare.tabs[FREEZES].click()
    settle()
    return prepare


def _touch(prepare: PrepareScreen, block: int) -> None:
    timeline = prepare.editor.timeline
    rect = timeline.placed()[block][0]
    QTest.mouseClick(timeline, Qt.MouseButton.LeftButton, pos=QPointF(rect.center()).toPoint())


def test_a_block_is_touched_and_made_longer(
    editing: PrepareScreen, asked_for: list[AnyRequest]
) -> None:
    _touch(editing, 2)
    editing.editor.longer.click()
    _touch(editing, 1)
    editing.editor.shorter.click()
    editing.use.click()
    (site,) = _sent(asked_for).plan.sites
    assert [(c.freeze_s, c.thaw_s) for c in site.cycles] == [(120, 30), (135, 45), (120, 45)]


def test_the_arrow_keys_choose_the_block_beside(editing: PrepareScreen) -> None:
    timeline = editing.editor.timeline
    timeline.setFocus()
    for _ in range(9):
        QTest.keyClick(timeline, Qt.Key.Key_Right)
    assert (editing.editor.cycle, editing.editor.is_freeze) == (2, True)  # not the last thaw
    QTest.keyClick(timeline, Qt.Key.Key_Left)
    assert editing.editor.block_name == "Thaw after freeze 2"


def test_four_minutes_are_the_most_and_it_says_so(editing: PrepareScreen) -> None:
    for _ in range(9):
        editing.editor.longer.click()
    assert editing.editor.length_s == 240.0
    assert editing.notice.words.text() == "✕ Refused: A freeze lasts at most 4:00 from gas-on"
    editing.editor.timing.click()
    assert "at most 3:00" in editing.notice.words.text()


def test_the_coldest_target_of_the_console_is_named(editing: PrepareScreen) -> None:
    for _ in range(6):
        editing.editor.colder.click()
    assert editing.editor.target.text() == "Tip at −75 °C"
    assert "−75 °C at the coldest (its coldest_target)" in editing.notice.words.text()


def test_freezes_are_added_and_left_out_down_to_one(editing: PrepareScreen) -> None:
    editing.editor.add.click()
    assert len(editing.editor.timeline.placed()) == 8
    for _ in range(4):
        editing.editor.remove.click()
    assert "only freeze" in editing.notice.words.text()
    assert len(editing.editor.timeline.placed()) == 2


def test_timing_thaw_end_and_next_freeze_are_turned(
    editing: PrepareScreen, asked_for: list[AnyRequest]
) -> None:
    for button in (editing.editor.timing, editing.editor.thaw_end, editing.editor.next_freeze):
        button.click()
    editing.use.click()
    plan = _sent(asked_for).plan
    assert (plan.timing, plan.thaw_end) == (Timing.FROM_TARGET, ThawEnd.TIP_ABOVE)
    assert plan.next_freeze is NextFreeze.AUTO


def test_a_length_is_entered_by_digits(editing: PrepareScreen) -> None:
    editing.editor.length.click()
    assert editing.stack.currentIndex() == DIGITS and editing.use.isHidden()
    pad = editing.pad
    for key in "900":
        pad.keys[key].click()
        if key == "9":
            pad.sign.click()
    pad.enter.click()
    assert pad.why.text() == "A freeze lasts at most 4:00 from gas-on"
    for _ in range(4):
        pad.erase.click()
    QTest.keyClicks(pad, "1:30")
    QTest.keyClick(pad, Qt.Key.Key_Return)
    assert editing.stack.currentIndex() == FREEZES
    assert editing.editor.length_s == 90.0


# --- the pad ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1:30", 90.0), ("90", 90.0), (":45", 45.0), ("1:5", None), ("1:75", None), ("", None)],
)
def test_a_time_is_read_as_people_write_it(text: str, seconds: float | None) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(("text", "value"), [("3.4", 3.4), ("12", 12.0), (".5", 0.5), (".", None)])
def test_a_number_is_read_with_its_point(text: str, value: float | None) -> None:
    assert decimal_of(text) == value


def test_the_pad_takes_one_point_and_begins_anew(qtbot: QtBot) -> None:
    pad = NumberPad()
    qtbot.addWidget(pad)
    taken: list[str] = []
    pad.lend("Contents", "7", taken.append, PadKind.DECIMAL, "kg")
    QTest.keyClicks(pad, "3..4")
    QTest.keyClick(pad, Qt.Key.Key_Backspace)
    QTest.keyClicks(pad, "5")
    with qtbot.waitSignal(pad.left):
        pad.enter.click()
    assert taken == ["3.5"]


def test_back_leaves_the_number_as_it_was(qtbot: QtBot) -> None:
    pad = NumberPad()
    qtbot.addWidget(pad)
    taken: list[str] = []
    pad.lend("Contents", "7", taken.append)
    pad.keys["1"].click()
    pad.give_up.click()
    assert taken == []
    assert not pad.sign.isEnabled()


# --- the patient's day ------------------------------------------------------------------------


def test_the_patients_day_goes_out_with_the_plan(
    prepare: PrepareScreen, asked_for: list[AnyRequest]
) -> None:
    prepare.tiles[0].click()
    _site(prepare, "sural", Side.LEFT)
    prepare.tabs[PATIENT].click()
    prepare.patient.digits.click()
    QTest.keyClicks(prepare.pad, "2026-0118")
    prepare.pad.enter.click()
    prepare.patient.anaesthetic.buttons[Anaesthetic.SKIN_AND_TRACK].click()
    prepare.patient.sedation.buttons[False].click()
    prepare.patient.pain.click()
    assert prepare.stack.currentIndex() == PAIN
    prepare.pain_page.pad.keys[7].click()
    assert prepare.patient.pain.detail.text() == "7 / 10"
    prepare.use.click()
    asked = _sent(asked_for)
    assert asked.case == "2026-0118"
    assert asked.preparation == Preparation(Anaesthetic.SKIN_AND_TRACK, False, 7)


def test_what_was_not_told_stays_unknown(
    prepare: PrepareScreen, asked_for: list[AnyRequest]
) -> None:
    prepare.tiles[0].click()
    _site(prepare, "sural", Side.LEFT)
    prepare.use.click()
    assert _sent(asked_for).preparation == Preparation(None, None, None)


def test_a_numb_target_says_what_it_makes_invalid(prepare: PrepareScreen) -> None:
    prepare.tabs[PATIENT].click()
    prepare.patient.anaesthetic.buttons[Anaesthetic.AT_TARGET].click()
    assert "prove nothing today" in prepare.patient.numb.text()
    prepare.patient.anaesthetic.buttons[Anaesthetic.NONE].click()
    assert prepare.patient.numb.text() == ""


def test_nothing_of_a_patient_is_left_for_the_next(window: MainWindow) -> None:
    script = Script()
    window.apply(script.advance(0.05))
    prepare = window.pages.prepare
    prepare.patient.anaesthetic.buttons[Anaesthetic.AT_TARGET].click()
    prepare.patient.put_pain(8)
    script.choose()
    window.apply(script.advance(0.05))
    window.apply(Script().advance(0.05))
    assert prepare.patient.told == Preparation()


# --- how it looks -----------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["sites", "freezes", "limit", "digits", "numb", "pain", "notice"])
def test_every_page_has_room_at_the_smallest_size(window: MainWindow, page: str) -> None:
    window.resize(SMALLEST)
    script = Script()
    script.device = msgspec.structs.replace(DEVICE)
    window.apply(script.advance(0.05))
    prepare = window.pages.prepare
    prepare.tiles[2].click()
    _site(prepare, "infrapatellar branch", Side.LEFT)
    match page:
        case "sites":
            for _ in range(MOST_SITES - 1):
                prepare.site_row.add.click()
                _site(prepare, "saphenous", Side.MIDLINE)
        case "freezes":
            prepare.tabs[FREEZES].click()
        case "limit":
            prepare.tabs[FREEZES].click()
            for _ in range(20):
                prepare.editor.longer.click()
        case "digits":
            prepare.tabs[FREEZES].click()
            prepare.editor.length.click()
        case "numb":
            prepare.tabs[PATIENT].click()
            prepare.patient.anaesthetic.buttons[Anaesthetic.AT_TARGET].click()
        case "pain":
            prepare.patient.pain.click()
        case "notice":
            prepare.notice.tell("No console is connected")
    settle()
    assert clipped(window) == []
    assert outside(window) == []
    assert overlapping(window) == []
