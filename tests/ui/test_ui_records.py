"""The Records screen: list, search, the report as pages, and what it says when it cannot."""

import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from ui_kit import freezing

from console.model.trend import FreezeNumbers
from console.records import read_session
from console.ui.kit import theme
from console.ui.kit.apart import Telling
from console.ui.main_window import MainWindow
from console.ui.records.record_source import RecordsUnreadableError, SessionLine
from console.ui.records.screen import RecordsScreen
from console.window import Records

GOLDEN = Path(__file__).parents[1] / "records" / "golden" / "schema-2.journal"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
LINES = (
    SessionLine(
        "b",
        datetime(2026, 11, 21, 10).astimezone().isoformat(),
        "A-2",
        [("left", "saphenous")],
        "completed",
        True,
        1,
    ),
    SessionLine("a", None, "", [], "unfinished", False),
)


class Source:
    """A store that answers what it is told to, when it is told to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.lists: dict[str, Sequence[SessionLine]] = {"": LINES}
        self.pdf: bytes | str = PDF
        self.may_answer = threading.Event()
        self.may_answer.set()

    def listed(self, search: str) -> Sequence[SessionLine]:
        self.asked.append(search)
        if search == "slow":
            self.may_answer.wait(10)
        if search == "broken":
            raise RecordsUnreadableError("/records: Permission denied")
        return self.lists.get(search, ())

    def report(self, session: str) -> bytes:
        self.asked.append(session)
        if isinstance(self.pdf, str):
            raise RecordsUnreadableError(self.pdf)
        return self.pdf

    def save_report(self, session: str, path: Path) -> None:
        path.write_bytes(self.report(session))

    def trends(self, told: Telling) -> Sequence[FreezeNumbers]:
        return ()


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, source: Source) -> Iterator[MainWindow]:
    theme.dress(qapp)
    made = MainWindow(presets=[], demonstration=None, list_ports=lambda: [], records=source)
    made.resize(1280, 800)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made


@pytest.fixture
def screen(qtbot: QtBot, window: MainWindow) -> RecordsScreen:
    """Reached as its user does, with its list."""
    window.pages.connect_screen.records.click()
    found = window.pages.currentWidget()
    assert isinstance(found, RecordsScreen)
    qtbot.waitUntil(lambda: found.found.text() == "2 sessions")
    return found


def lines(screen: RecordsScreen) -> list[str]:
    model = screen.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def choose(screen: RecordsScreen, row: int) -> None:
    screen.list.setCurrentIndex(screen.list.model().index(row, 0))


def test_the_list_says_when_whose_what_and_how_it_ended(screen: RecordsScreen) -> None:
    first, second = lines(screen)
    assert (
        first == "2026-11-21  10:00  ·  case A-2\nLEFT saphenous\ncompleted · SIMULATED · amended"
    )
    assert second == "a  ·  case ---\nno plan\nunfinished"


def test_the_report_of_the_chosen_session_opens_as_pages(
    qtbot: QtBot, screen: RecordsScreen, source: Source
) -> None:
    choose(screen, 0)
    qtbot.waitUntil(lambda: screen.report.document.status() is QPdfDocument.Status.Ready)
    assert source.asked[-1] == "b"
    assert screen.report.document.pageCount() == 1
    assert screen.report.pages.isVisible()
    assert not screen.report.state.isVisible()


def test_a_report_that_cannot_be_made_says_why(
    qtbot: QtBot, screen: RecordsScreen, source: Source
) -> None:
    source.pdf = "b: No such file or directory"
    choose(screen, 0)
    qtbot.waitUntil(lambda: screen.report.state.text() == source.pdf)
    assert not screen.report.pages.isVisible()


def test_a_search_shows_what_it_finds_and_says_when_that_is_nothing(
    qtbot: QtBot, screen: RecordsScreen, source: Source
) -> None:
    source.lists["saphenous"] = LINES[:1]
    screen.search.setText("saphenous")
    qtbot.waitUntil(lambda: screen.found.text() == "1 session")
    assert len(lines(screen)) == 1
    screen.search.setText("femoral")
    qtbot.waitUntil(lambda: screen.found.text() == "No session has all of these words.")
    assert lines(screen) == []


def test_an_answer_that_comes_late_does_not_replace_a_newer_one(
    qtbot: QtBot, screen: RecordsScreen, source: Source
) -> None:
    source.lists |= {"slow": LINES, "quick": LINES[:1]}
    source.may_answer.clear()
    screen.search.setText("slow")
    qtbot.waitUntil(lambda: "slow" in source.asked)
    screen.search.setText("quick")
    qtbot.waitUntil(lambda: len(lines(screen)) == 1)
    with qtbot.waitSignal(screen._reading.answered):
        source.may_answer.set()
    qtbot.waitUntil(lambda: screen.found.text() == "1 session")
    assert len(lines(screen)) == 1


def test_a_store_that_cannot_be_read_says_why(
    qtbot: QtBot, screen: RecordsScreen, source: Source
) -> None:
    screen.search.setText("broken")
    qtbot.waitUntil(lambda: screen.report.state.text() == "/records: Permission denied")


def test_back_leads_to_connect_and_the_list_is_read_anew(
    qtbot: QtBot, window: MainWindow, screen: RecordsScreen, source: Source
) -> None:
    screen.back.click()
    assert window.pages.currentWidget() is window.pages.connect_screen
    source.lists[""] = LINES[:1]
    window.pages.connect_screen.records.click()
    qtbot.waitUntil(lambda: screen.found.text() == "1 session")


def test_a_copy_of_the_report_is_saved_in_the_folder_that_is_named(
    qtbot: QtBot, screen: RecordsScreen, source: Source, tmp_path: Path
) -> None:
    screen.report.folder = tmp_path
    assert not screen.report.save.isVisible()
    choose(screen, 0)
    qtbot.waitUntil(screen.report.save.isVisible)
    assert screen.report.saved.text() == f"A copy goes to {tmp_path}."
    screen.report.save.click()
    qtbot.waitUntil(lambda: screen.report.saved.text() == f"Saved: {tmp_path / 'b.pdf'}")
    assert (tmp_path / "b.pdf").read_bytes() == PDF
    source.pdf = "b: No space left on device"
    screen.report.save.click()
    qtbot.waitUntil(lambda: screen.report.saved.text() == f"Not saved. {source.pdf}")


def test_an_empty_store_says_so(qtbot: QtBot, screen: RecordsScreen, source: Source) -> None:
    source.lists[""] = ()
    screen.search.returnPressed.emit()
    words = "No session is recorded on this computer yet."
    qtbot.waitUntil(lambda: screen.found.text() == words)


def test_it_is_offered_at_connect_alone_and_only_with_a_store(
    qtbot: QtBot, window: MainWindow
) -> None:
    assert window.pages.connect_screen.records.isVisible()
    window.connecting("COM3")
    assert not window.pages.connect_screen.records.isVisible()
    other = MainWindow(presets=[], demonstration=None, list_ports=lambda: [])
    qtbot.addWidget(other)
    assert other.pages.connect_screen.records.isHidden()


def test_everything_has_a_name_and_a_size_for_fingers(screen: RecordsScreen) -> None:
    for kind in (QAbstractButton, QLineEdit):
        for each in screen.findChildren(kind):
            if each.isVisible():
                assert each.accessibleName(), each
                assert each.height() >= 48, each
    for area in (screen.list, screen.report.pages):
        assert isinstance(area, QAbstractScrollArea)
        assert area.accessibleName()
    assert screen.list.sizeHintForRow(0) >= 48


def test_a_recorded_session_is_found_and_read(tmp_path: Path) -> None:
    folder = tmp_path / "records" / read_session(GOLDEN).id
    folder.mkdir(parents=True)
    shutil.copy(GOLDEN, folder / "001.journal")
    store = Records(tmp_path / "records")
    (line,) = store.listed("saphenous")
    assert (line.outcome, line.simulated) == ("completed", True)
    assert store.report(folder.name).startswith(b"%PDF")
    store.save_report(folder.name, tmp_path / "copy.pdf")
    assert (tmp_path / "copy.pdf").read_bytes().startswith(b"%PDF")
    with pytest.raises(RecordsUnreadableError, match="is a folder"):
        store.save_report(folder.name, tmp_path)
    shares: list[float] = []
    assert [one.key.number for one in store.trends(shares.append)] == [1, 2]
    assert shares == [1.0]
    with pytest.raises(RecordsUnreadableError, match="no session"):
        store.report("20261121-094210-0000")


def test_the_report_of_the_session_that_ended_is_one_touch_away(
    qtbot: QtBot, window: MainWindow, source: Source
) -> None:
    left: list[bool] = []
    window.console_left.connect(lambda: left.append(True))
    script = freezing(window)
    assert not window.leave.isVisible()
    script.stop()
    script.out()
    window.apply(script.advance(1.0))
    assert window.leave.isVisible()
    window.pages.session.release.report.click()
    qtbot.waitUntil(lambda: "20261121-103207-0117" in source.asked)
    assert left == [True] and window.snapshot is None
    assert isinstance(window.pages.currentWidget(), RecordsScreen)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone cannot be set")
@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Pacific/Auckland", "2026-11-22  08:00"), ("Europe/Berlin", "2026-11-22  08:00 +1300")],
)
def test_a_day_is_that_where_the_session_was_begun(
    zone: str, shown: str, screen: RecordsScreen, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        line = SessionLine("b", "2026-11-22T08:00:00+13:00", "A-2", [], "completed", False, 0)
        assert screen._words(line).startswith(f"{shown}  ·  case A-2")
        screen.follow_up.begin("b", line.started, datetime(2026, 11, 20))
        assert "after" not in screen.follow_up.title.text()
    finally:
        monkeypatch.undo()
        time.tzset()
