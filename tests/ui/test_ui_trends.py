"""Trends: which consoles and probes there are, what is plotted, and the way to a report."""

import math
from collections.abc import Iterator
from datetime import datetime

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui_kit import settle

from console.model.cycle import CycleState, FreezeKey
from console.model.device import Gas
from console.model.trend import FreezeNumbers
from console.ui.kit import theme
from console.ui.main_window import MainWindow
from console.ui.records.record_source import RecordsUnreadableError, SessionLine
from console.ui.records.screen import RecordsScreen
from console.ui.records.trend_axes import DayAxis, NumberAxis
from console.ui.records.trend_numbers import MEASURES, medians, things
from console.ui.scripted.shelf import Shelf

DAY_S = 86_400.0
FIRST = FreezeNumbers(
    "a", 1_790_000_000.0, FreezeKey(0, 1, 1), "LEFT · SAPHENOUS",
    False, Gas.N2O, "CP-7", "PR-1", "LT-14-6", CycleState.DONE,
    time_to_target_s=7.0, lowest_tip_celsius=-70.0, gas_g=30.0, supply_at_start_kpa=5_050.0,
    bad_frames=0,
)  # fmt: skip


def freeze(session: str, number: int = 1, **changes: object) -> FreezeNumbers:
    at = FIRST.at + (ord(session) - ord("a")) * DAY_S + number * 165.0
    key = FreezeKey(0, 1, number)
    return msgspec.structs.replace(FIRST, session=session, key=key, at=at, **changes)


FREEZES = (
    freeze("a"),
    freeze("a", 2, time_to_target_s=9.0),
    freeze("b", time_to_target_s=None),
    freeze("c", console="CP-9", probe="PR-2"),
    freeze("d", simulated=True, console="SIM-1", probe=None, probe_model=None),
)


class Source(Shelf):
    """A store of these freezes."""

    def __init__(self) -> None:
        self.freezes: tuple[FreezeNumbers, ...] = FREEZES
        self.problem = ""

    def listed(self, search: str) -> tuple[SessionLine, ...]:
        sessions = sorted({one.session for one in self.freezes}, reverse=True)
        return tuple(SessionLine(one, None, "", [], "completed", False) for one in sessions)

    def trends(self, told: object) -> tuple[FreezeNumbers, ...]:
        if self.problem:
            raise RecordsUnreadableError(self.problem)
        return self.freezes


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def shown(qtbot: QtBot, qapp: QApplication, source: Source) -> Iterator[RecordsScreen]:
    """Records, reached as its user does."""
    theme.dress(qapp)
    made = MainWindow(presets=[], demonstration=None, list_ports=lambda: [], records=source)
    made.resize(1280, 800)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.pages.connect_screen.records.click()
    found = made.pages.currentWidget()
    assert isinstance(found, RecordsScreen)
    yield found


@pytest.fixture
def screen(qtbot: QtBot, shown: RecordsScreen) -> RecordsScreen:
    """With the trends of its first console."""
    shown.to_trends.click()
    qtbot.waitUntil(shown.trends.area.isVisible)
    settle()
    return shown


def choices(screen: RecordsScreen) -> list[str]:
    rows = range(screen.choice.list.count())
    return [screen.choice.list.item(row).text() for row in rows]


def test_freezes_are_told_apart_by_console_and_by_probe() -> None:
    found = things(FREEZES, simulated=True)
    assert [(one.probe, one.serial, len(one.freezes)) for one in found] == [
        (False, "CP-7", 3), (False, "CP-9", 1), (False, "SIM-1", 1),
        (True, "PR-1", 3), (True, "PR-2", 1),
    ]  # fmt: skip
    assert "SIM-1" not in [one.serial for one in things(FREEZES, simulated=False)]


def test_the_line_goes_through_the_medians_of_the_sessions_and_breaks_where_none_is_known() -> None:
    at, values = medians(FREEZES[:3], MEASURES[0].of)
    assert values[0] == 8.0
    assert math.isnan(values[1])
    assert at == [FREEZES[0].at + 82.5, FREEZES[2].at]


def test_pressure_is_plotted_in_bar() -> None:
    (measure,) = [one for one in MEASURES if one.unit == "bar"]
    assert measure.of(FREEZES[0]) == 50.5
    assert measure.of(freeze("a", supply_at_start_kpa=None)) is None


@pytest.mark.parametrize("days", [0.2, 2, 20, 90, 400, 4_000])
def test_the_days_of_the_axis_are_midnights_or_hours_that_leave_room(
    qapp: QApplication, days: float
) -> None:
    axis = DayAxis("bottom")
    low, high = FIRST.at, FIRST.at + days * DAY_S
    ((step, ticks),) = axis.tickValues(low, high, 600.0)
    assert all(low <= each <= high for each in ticks)
    assert len(ticks) <= 6
    assert days < 1 or len(ticks) >= 1
    for each in ticks:
        moment = datetime.fromtimestamp(each)
        assert (moment.minute, moment.second) == (0, 0)
        assert step < DAY_S or moment.hour == 0
    assert len(set(axis.tickStrings(ticks, 1.0, step))) == len(ticks)


def test_the_numbers_of_the_axis_leave_room_and_have_their_decimals(qapp: QApplication) -> None:
    axis = NumberAxis("left")
    ((step, _),) = axis.tickSpacing(-72.0, -70.9, 100.0)
    assert step == pytest.approx(0.5)
    assert axis.tickStrings([-71.5, -71.0], 1.0, step) == ["−71.5", "−71.0"]
    ((step, _),) = axis.tickSpacing(0.0, 120.0, 100.0)
    assert axis.tickStrings([0.0, 50.0], 1.0, step) == ["0", "50"]


def test_the_choice_names_consoles_and_probes_and_marks_the_simulated(
    screen: RecordsScreen,
) -> None:
    assert choices(screen) == [
        "Console CP-7 · N₂O\n2 sessions · 3 freezes",
        "Console CP-9 · N₂O\n1 session · 1 freeze",
        "Console SIM-1 · N₂O\n1 session · 1 freeze · SIMULATED",
        "Probe PR-1 · LT-14-6\n2 sessions · 3 freezes",
        "Probe PR-2 · LT-14-6\n1 session · 1 freeze",
    ]


def test_each_number_has_its_plot_and_one_that_no_record_holds_says_so(
    screen: RecordsScreen,
) -> None:
    plots = {plot.measure.title: plot for plot in screen.trends.plots}
    assert [value for _, value in plots["Time to target, s"].known] == [7.0, 9.0]
    assert plots["Time to target, s"].picture.isVisible()
    unknown = plots["Thaw to +10 °C, s"]
    assert not unknown.picture.isVisible()
    assert unknown.none.text().startswith("---")
    assert plots["Bad frames of the session"].known[0][1] == 0


def test_simulated_sessions_are_drawn_as_rings_and_can_be_left_out(
    qtbot: QtBot, screen: RecordsScreen
) -> None:
    screen.choice.list.setCurrentRow(2)
    plot = screen.trends.plots[0]
    assert len(plot._points[True].getData()[0]) == 1
    assert len(plot._points[False].getData()[0]) == 0
    screen.choice.simulated.click()
    assert screen.choice.simulated.accessibleName() == "SIMULATED: left out"
    assert not any("SIM-1" in each for each in choices(screen))
    assert "CP-7" in screen.trends.title.text()


def test_what_was_chosen_stays_chosen_when_simulated_sessions_go(screen: RecordsScreen) -> None:
    screen.choice.list.setCurrentRow(3)
    screen.choice.simulated.click()
    assert screen.trends.title.text() == "Probe PR-1 · LT-14-6"


def test_a_touch_on_a_point_opens_the_report_of_its_session(
    qtbot: QtBot, screen: RecordsScreen
) -> None:
    plot = screen.trends.plots[0]
    place = plot.place_of(FREEZES[0])
    assert place is not None
    click(qtbot, plot.picture, place.toPoint() + QPoint(0, 60))
    assert screen.to_trends.isChecked()  # nothing is there
    click(qtbot, plot.picture, place.toPoint() + QPoint(6, 6))
    assert screen.to_reports.isChecked()
    qtbot.waitUntil(screen.report.pages.isVisible)
    assert screen.list.currentIndex().data().startswith("a")


def click(qtbot: QtBot, picture: object, at: QPoint) -> None:
    qtbot.mouseClick(picture.viewport(), Qt.MouseButton.LeftButton, pos=at)  # type: ignore[attr-defined]


def test_the_keys_go_from_freeze_to_freeze_say_it_and_open_it(
    qtbot: QtBot, screen: RecordsScreen
) -> None:
    body = screen.trends.body
    body.setFocus()
    qtbot.keyClick(body, Qt.Key.Key_Return)
    assert screen.to_trends.isChecked()  # none is chosen yet
    qtbot.keyClick(body, Qt.Key.Key_Left)
    assert screen.trends.freeze == FREEZES[2]
    assert "Time to target --- s" in screen.trends.now.text()
    assert body.accessibleDescription() == screen.trends.now.text()
    for _ in range(5):
        qtbot.keyClick(body, Qt.Key.Key_Left)
    assert screen.trends.freeze == FREEZES[0]
    assert "freeze 1, done" in screen.trends.now.text()
    qtbot.keyClick(body, Qt.Key.Key_Return)
    qtbot.waitUntil(screen.report.pages.isVisible)
    assert screen.list.currentIndex().data().startswith("a")


def test_no_freeze_yet_says_so(qtbot: QtBot, shown: RecordsScreen, source: Source) -> None:
    source.freezes = ()
    shown.to_trends.click()
    qtbot.waitUntil(lambda: "No freeze is recorded" in shown.trends.state.text())
    assert not shown.trends.area.isVisible()
    assert not shown.choice.list.isVisible() and not shown.choice.simulated.isVisible()
    assert not shown.new_mapping.isVisible()


def test_only_simulated_freezes_that_are_left_out_say_so(
    qtbot: QtBot, shown: RecordsScreen, source: Source
) -> None:
    source.freezes = FREEZES[-1:]
    shown.to_trends.click()
    qtbot.waitUntil(shown.trends.area.isVisible)
    shown.choice.simulated.click()
    assert "SIMULATED: left out" in shown.trends.state.text()
    assert not shown.choice.list.isVisible() and shown.choice.simulated.isVisible()


def test_a_store_that_cannot_be_read_says_why(
    qtbot: QtBot, shown: RecordsScreen, source: Source
) -> None:
    source.problem = "/records: Permission denied"
    shown.to_trends.click()
    qtbot.waitUntil(lambda: shown.trends.state.text() == source.problem)
    assert choices(shown) == []
