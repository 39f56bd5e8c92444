"""The visits before and after: a mapping visit entered, named by a treatment; the follow-up."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_kit import clipped, settle

from console.model.mapping import Guidance, MappingNamed, MappingVisit
from console.model.plan import Side
from console.model.request import AnyRequest, ChoosePlan
from console.records import Store, read_session
from console.records.mapping import mappings, save_mapping
from console.ui.kit import language
from console.ui.main_window import MainWindow
from console.ui.prepare.mapping_page import MappingPage
from console.ui.records.follow_up_form import FollowUpForm
from console.ui.records.mapping_form import MappingForm
from console.ui.records.record_source import RecordsUnreadableError
from console.ui.records.screen import RecordsScreen
from console.ui.scripted import Script
from console.ui.scripted.shelf import VISITS, Shelf
from console.window import Records

VISIT = MappingVisit("saphenous", Side.LEFT, 95.0)
NOW = datetime(2026, 11, 7, 9, 30, tzinfo=UTC)


def _digits(form: MappingForm, number: int, text: str) -> None:
    form.numbers[number].click()
    QTest.keyClicks(form.pad, text)
    form.pad.enter.click()


@pytest.fixture
def form(qtbot: QtBot) -> MappingForm:
    made = MappingForm()
    qtbot.addWidget(made)
    made.resize(560, 560)
    made.show()
    return made


def test_all_fields_of_a_visit_are_entered(form: MappingForm, qtbot: QtBot) -> None:
    assert form.save.detail.text() == "Enter the nerve"
    form.nerve.setText(" saphenous ")
    assert form.save.detail.text() == "Choose the side"
    form.side.buttons[Side.LEFT].click()
    assert form.save.detail.text() == "Enter the relief"
    for number, text in enumerate(("95", "3", "1.5", "12")):
        _digits(form, number, text)
    assert form.save.detail.text() == "successful"
    form.drug.setText("lidocaine 1 %")
    form.landmark.setText("adductor canal")
    form.guidance.buttons[Guidance.ULTRASOUND].click()
    form.case.setText("A-17")
    form.operator.setText("KJ")
    with qtbot.waitSignal(form.saved) as saved:
        form.save.click()
    visit, case, operator = saved.args
    assert visit == MappingVisit(
        "saphenous", Side.LEFT, 95.0, "lidocaine 1 %", 1.5, 12.0, Guidance.ULTRASOUND,
        "adductor canal", 3.0,
    )  # fmt: skip
    assert (case, operator) == ("A-17", "KJ")


def test_what_cannot_be_stays_on_the_pad_with_its_limits(form: MappingForm) -> None:
    form.relief.click()
    QTest.keyClicks(form.pad, "101")
    form.pad.enter.click()
    assert form.pad.why.text() == "101, from 0 to 100"
    assert form.pad.isVisible() and form.relief.value is None


def test_a_number_is_taken_back(form: MappingForm) -> None:
    _digits(form, 3, "12")
    form.depth_field.click()
    for _ in range(2):
        form.pad.erase.click()
    form.pad.enter.click()
    assert form.depth_field.value is None
    assert form.depth_field.detail.text() == "--- mm"


def test_a_weak_one_says_so(form: MappingForm) -> None:
    form.nerve.setText("sural")
    form.side.buttons[Side.RIGHT].click()
    _digits(form, 0, "89")
    assert form.save.detail.text() == "weak: relief under 90 %"


# --- named at Prepare -------------------------------------------------------------------------


def _page(window: MainWindow, found: Sequence[MappingNamed] = VISITS) -> MappingPage:
    window.apply(Script().advance(0.05))
    window.pages.prepare.case.setText("2026-0109")
    window.pages.prepare.patient.mapping.click()
    page = window.pages.prepare.mapping
    assert page is not None
    page._reading.drop()
    page._take(found)
    settle()
    return page


def test_visits_of_this_case_come_first(window: MainWindow) -> None:
    page = _page(window)
    assert [each.case for each in page.found] == ["2026-0109", "2026-0117"]
    assert page.visits[0].title.text() == "RIGHT SAPHENOUS, relief 60 %: weak"
    assert [button.isVisible() for button in page.visits] == [True, True, False, False, False]


def test_a_visit_that_is_named_goes_out_with_the_plan(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    page = _page(window)
    page.visits[1].click()
    prepare = window.pages.prepare
    assert prepare.cards.isVisible() and not page.isVisible()
    assert prepare.patient.mapping.detail.text() == "LEFT SAPHENOUS, relief 95 %"
    prepare.tiles[0].click()
    prepare.nerve.setText("saphenous")
    prepare.sides[Side.LEFT].click()
    prepare.use.click()
    (asked,) = asked_for
    assert isinstance(asked, ChoosePlan) and asked.preparation.mapping == VISITS[0]


def test_none_is_named_again(window: MainWindow) -> None:
    _page(window).visits[0].click()
    window.pages.prepare.patient.mapping.click()
    assert window.pages.prepare.mapping is not None
    window.pages.prepare.mapping.none.click()
    assert window.pages.prepare.patient.told.mapping is None


def test_one_that_is_entered_here_is_kept_and_named(window: MainWindow, qtbot: QtBot) -> None:
    page = _page(window, ())
    assert page.state.text() == "None is kept on this computer."
    page.form.nerve.setText("saphenous")
    page.form.side.buttons[Side.LEFT].click()
    page.form.relief.put(95.0)
    page.form._check()
    page.form.save.click()
    qtbot.waitUntil(lambda: window.pages.prepare.patient.told.mapping == VISITS[0])
    assert window.pages.prepare.cards.isVisible()


class Full(Shelf):
    """A store that cannot be written."""

    def save_mapping(self, visit: MappingVisit, case: str, operator: str) -> str:
        raise RecordsUnreadableError("/records: No space left on device")


def test_one_that_cannot_be_kept_says_why_and_is_not_lost(qtbot: QtBot) -> None:
    page = MappingPage(Full())
    qtbot.addWidget(page)
    page.form.nerve.setText("saphenous")
    page.form.saved.emit(VISIT, "", "")
    qtbot.waitUntil(lambda: "No space left" in page.form.said.text())
    assert page.form.nerve.text() == "saphenous"


# --- in the store -----------------------------------------------------------------------------


class Quick(Records):
    """The store itself, with a report that takes no time to print."""

    def report(self, session: str) -> bytes:
        return Shelf().report(session)


def test_records_keeps_a_visit_and_shows_its_report(qtbot: QtBot, tmp_path: Path) -> None:
    screen = RecordsScreen(Quick(tmp_path))
    qtbot.addWidget(screen)
    screen.resize(1002, 646)
    screen.show()
    screen.new_mapping.click()
    assert screen.mapping.isVisible()
    screen.mapping.nerve.setText("saphenous")
    screen.mapping.side.buttons[Side.LEFT].click()
    screen.mapping.relief.put(95.0)
    screen.mapping._check()
    settle()
    assert clipped(screen) == []
    screen.mapping.save.click()
    qtbot.waitUntil(lambda: screen.report.document.pageCount() > 0, timeout=60_000)
    (found,) = mappings(Store(tmp_path))
    assert found.visit == VISIT
    assert "mapping visit" in screen._lines.data(screen._lines.index(0, 0)).lower()


def test_the_follow_up_is_added_to_its_session(qtbot: QtBot, tmp_path: Path) -> None:
    store = Store(tmp_path)
    folder = save_mapping(store, VISIT, "A-17", "KJ", now=NOW, program="test")
    screen = RecordsScreen(Quick(tmp_path), clock=lambda: datetime(2026, 11, 21, 8, 0))
    qtbot.addWidget(screen)
    screen.show()
    qtbot.waitUntil(lambda: len(screen._lines.lines) == 1, timeout=60_000)
    assert screen._select(folder.name)
    qtbot.waitUntil(screen.report.follow_up.isVisible, timeout=60_000)
    screen.report.follow_up.click()
    form = screen.follow_up
    assert form.title.text() == f"Follow-up after 14 days · {folder.name}"
    assert form.save.detail.text() == "Nothing is told yet"
    form.pad.keys[2].click()
    assert form.save.detail.text() == "Enter who asks"
    form.relief.put(80.0)
    form.found.setText("Sore for a week")
    form.who.setText("KJ")
    form.save.click()
    qtbot.waitUntil(lambda: bool(read_session(folder).amendments), timeout=60_000)
    (added,) = read_session(folder).amendments
    assert (added.who, added.why) == ("KJ", "follow-up")
    assert added.text == "Follow-up after 14 days: pain 2 of 10; relief 80 %; Sore for a week."
    qtbot.waitUntil(lambda: screen._right.currentWidget() is screen.report, timeout=60_000)


def test_a_follow_up_that_cannot_be_added_says_why(qtbot: QtBot, tmp_path: Path) -> None:
    store = Store(tmp_path)
    folder = save_mapping(store, VISIT, "", "", now=NOW, program="test")
    with store.lock(), pytest.raises(RecordsUnreadableError):
        Records(tmp_path).follow_up(folder.name, "KJ", "text")


@pytest.mark.parametrize(
    ("who", "text", "said"),
    [
        ("K" * 21, "fine", "has 21 letters: at most 20"),
        ("KJ", "x" * 2_001, "has 2001 letters: at most 2000"),
        ("KJ", "a\x1b[31m", "has U+001B"),
    ],
)
def test_a_visit_with_words_that_may_not_enter_is_not_kept(
    who: str, text: str, said: str, tmp_path: Path
) -> None:
    folder = save_mapping(Store(tmp_path), VISIT, "", "", now=NOW, program="test")
    with pytest.raises(RecordsUnreadableError, match=re.escape(said)):
        Records(tmp_path).follow_up(folder.name, who, text)
    assert not read_session(folder).amendments
    visit = msgspec.structs.replace(VISIT, nerve="a\u202eb")
    with pytest.raises(RecordsUnreadableError, match="nerve has U\\+202E"):
        Records(tmp_path).save_mapping(visit, "A-1", "KJ")
    assert len(mappings(Store(tmp_path))) == 1


def test_a_follow_up_is_told_in_one_language(
    qtbot: QtBot, qapp: QApplication, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: language.speak(qapp, "en"))
    language.speak(qapp, "pseudo")
    form = FollowUpForm()
    qtbot.addWidget(form)
    form.begin("20261121-104207-7f3a", "2026-11-07T10:42:07+01:00", datetime(2026, 11, 21))
    form.pad.keys[2].click()
    form.relief.put(80.0)
    assert re.findall(r"\d+", form.words) == ["14", "2", "10", "80"]
    assert not re.search("[A-Za-z]{2}", form.words)


def test_relief_is_a_percentage(qtbot: QtBot) -> None:
    form = FollowUpForm()
    qtbot.addWidget(form)
    form.show()
    form.relief.click()
    QTest.keyClicks(form.digits, "120")
    form.digits.enter.click()
    assert form.digits.why.text() == "from 0 to 100 %" and form.relief.value is None
