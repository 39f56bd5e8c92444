"""Prepare and Connect: nothing is chosen for the operator, and nothing blocks."""

import threading

import msgspec
import pytest
from pytestqt.qtbot import QtBot
from ui_kit import settle

from console.model.device import Gas
from console.model.plan import Side
from console.model.request import AnyRequest, ChoosePlan
from console.ui.connect import SIMULATOR, ConnectScreen, PortTile
from console.ui.main_window import MainWindow
from console.ui.scripted import DEVICE, Script


def _fill(window: MainWindow) -> None:
    prepare = window.pages.prepare
    prepare.tiles[1].click()
    prepare.nerve.setText("sural")
    prepare.sides[Side.RIGHT].click()
    prepare.case.setText("2026-0118")
    prepare.operator.setText("CD")


def test_what_is_missing_stands_on_the_button(window: MainWindow) -> None:
    window.apply(Script().advance(0.05))
    prepare = window.pages.prepare
    seen = [prepare.use.detail.text()]
    prepare.tiles[0].click()
    seen.append(prepare.use.detail.text())
    prepare.nerve.setText("sural")
    seen.append(prepare.use.detail.text())
    assert not prepare.use.isEnabled()
    prepare.sides[Side.LEFT].click()
    assert seen == ["Choose a plan", "Enter the nerve", "Choose the side"]
    assert prepare.use.isEnabled()
    assert prepare.use.detail.text() == "LEFT SURAL, 3 × 2:00 at −70 °C"


def test_the_plan_goes_out_with_the_chosen_site(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    window.apply(Script().advance(0.05))
    _fill(window)
    window.pages.prepare.use.click()
    (asked,) = asked_for
    assert isinstance(asked, ChoosePlan)
    assert (asked.case, asked.operator, asked.how) == ("2026-0118", "CD", "bedside")
    (site,) = asked.plan.sites
    assert (site.nerve, site.side, len(site.cycles)) == ("sural", Side.RIGHT, 2)


def test_no_side_is_chosen_beforehand_and_none_is_left_from_the_last_session(
    window: MainWindow,
) -> None:
    script = Script()
    window.apply(script.advance(0.05))
    assert window.pages.prepare.side is None
    _fill(window)
    script.choose()
    window.apply(script.advance(0.05))
    window.apply(Script().advance(0.05))
    prepare = window.pages.prepare
    assert prepare.side is None and prepare.nerve.text() == "" and prepare.case.text() == ""
    assert all(not tile.isChecked() for tile in prepare.tiles)


def test_the_demonstration_is_for_a_simulated_console_alone(window: MainWindow) -> None:
    script = Script()
    script.device = msgspec.structs.replace(DEVICE, simulated=False)
    window.apply(script.advance(0.05))
    settle()
    assert window.pages.prepare.demonstration is not None
    assert not window.pages.prepare.demonstration.isVisible()


def test_a_plan_that_is_too_cold_for_the_console_says_so(window: MainWindow) -> None:
    script = Script()
    script.device = msgspec.structs.replace(DEVICE, coldest_target_celsius=-60.0)
    window.apply(script.advance(0.05))
    tile = window.pages.prepare.tiles[0]
    assert not tile.isEnabled() and "−60 °C" in tile.words.text()


def test_what_the_control_process_blocks_is_blocked_here(window: MainWindow) -> None:
    script = Script()
    script.blocked["choose_plan"] = "This version freezes with a simulated console only"
    window.apply(script.advance(0.05))
    assert window.pages.prepare.use.detail.text() == script.blocked["choose_plan"]


def test_the_draft_stands_in_the_strip_and_what_it_lacks_in_the_step(window: MainWindow) -> None:
    step = window.steps.rows[0].line
    window.apply(Script().advance(0.05))
    assert step.text() == "Choose a plan"
    window.pages.prepare.tiles[0].click()
    assert step.text() == "Enter the nerve"
    assert window.strip.site.text() == "No site chosen"
    window.pages.prepare.nerve.setText("sural")
    assert window.strip.site.text() == "side not chosen · SURAL"
    window.pages.prepare.sides[Side.MIDLINE].click()
    assert window.strip.site.text() == "MIDLINE · SURAL"
    assert step.text() == "3 × 2:00 at −70 °C"


def test_a_slow_list_of_ports_does_not_hold_the_screen(qtbot: QtBot) -> None:
    may_go = threading.Event()

    def slow() -> list[PortTile]:
        assert may_go.wait(10.0)
        return [PortTile("COM3", "Console SN 0042", "on COM3")]

    screen = ConnectScreen(slow)
    qtbot.addWidget(screen)
    screen.show()
    settle()
    assert list(screen.tiles) == [SIMULATOR]
    may_go.set()
    qtbot.waitUntil(lambda: list(screen.tiles) == ["COM3", SIMULATOR])


def test_ports_that_cannot_be_listed_are_said(qtbot: QtBot) -> None:
    def broken() -> list[PortTile]:
        raise OSError("permission denied")

    screen = ConnectScreen(broken)
    qtbot.addWidget(screen)
    screen.show()
    qtbot.waitUntil(lambda: "permission denied" in screen._why.text())


@pytest.mark.parametrize("port", ["COM3", SIMULATOR])
def test_a_tile_chooses_its_own_port_and_locks_the_others(qtbot: QtBot, port: str) -> None:
    screen = ConnectScreen(lambda: [PortTile("COM3", "Console SN 0042")])
    qtbot.addWidget(screen)
    screen.show()
    qtbot.waitUntil(lambda: "COM3" in screen.tiles)
    with qtbot.waitSignal(screen.chosen) as chosen:
        screen.tiles[port].click()
    assert chosen.args == [port]
    screen.connecting(port)
    assert all(not tile.isEnabled() for tile in screen.tiles.values())
    assert screen.cancel.isVisible()


def test_a_preset_is_at_the_usual_target_of_the_gas(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    script = Script()
    script.device = msgspec.structs.replace(DEVICE, gas=Gas.CO2, coldest_target_celsius=-62.0)
    window.apply(script.advance(0.05))
    assert all(tile.isEnabled() for tile in window.pages.prepare.tiles)
    assert window.pages.prepare.demonstration is not None
    window.pages.prepare.demonstration.click()
    (asked,) = asked_for
    assert isinstance(asked, ChoosePlan) and asked.plan.target_celsius == -60.0
    _fill(window)
    assert "at −60 °C" in window.pages.prepare.use.detail.text()
