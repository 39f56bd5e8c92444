"""Unknown is "---" and never 0; stale is grey and says since when."""

import msgspec
import pytest
from ui_kit import freezing, settle

from console.model.estimate import Band, Estimate
from console.model.observation import Quality
from console.model.snapshot import LinkState, Phase
from console.ui.main_window import MainWindow


def test_an_unknown_tip_is_dashes_with_the_reason(window: MainWindow) -> None:
    script = freezing(window)
    script.quality = Quality.OPEN
    window.apply(script.advance(0.5))
    tip = window.pages.session.readings.tip
    assert tip.number.text == "---"
    assert tip.remark.text() == "thermocouple open"


@pytest.mark.parametrize("quality", [one for one in Quality if one is not Quality.OK])
def test_no_quality_but_ok_shows_a_number(window: MainWindow, quality: Quality) -> None:
    script = freezing(window)
    script.quality = quality
    window.apply(script.advance(0.5))
    tip = window.pages.session.readings.tip
    assert tip.number.text == "---" and tip.remark.text()


def test_missing_gas_readings_are_dashes(window: MainWindow) -> None:
    script = freezing(window)
    snapshot = script.advance(0.05)
    assert snapshot.observation is not None
    blind = msgspec.structs.replace(
        snapshot.observation, supply_kpa=None, exhaust_kpa=None, flow_mg_s=None
    )
    window.apply(msgspec.structs.replace(snapshot, observation=blind))
    gas = window.pages.session.readings.gas
    assert gas.supply.text() == "--- bar" and gas.exhaust.text() == "--- bar"
    assert gas.flow.text().startswith("--- L/min")


def test_without_any_observation_nothing_is_invented(window: MainWindow) -> None:
    script = freezing(window)
    script.link = LinkState.LOST
    lost = msgspec.structs.replace(script.advance(0.05), observation=None, stale=True, age_s=None)
    window.apply(lost)
    readings = window.pages.session.readings
    assert readings.tip.number.text == "---"
    assert "no link" in readings.tip.remark.text()
    assert readings.gas.supply.text() == "--- bar"


def test_a_stale_reading_is_grey_and_says_since_when(window: MainWindow) -> None:
    script = freezing(window)
    readings = window.pages.session.readings
    assert readings.tip.number.stale is False
    script.stale_s = 2.96
    window.apply(script.snapshot())
    assert readings.tip.number.stale is True
    assert readings.tip.remark.text() == "last known 10:42:04"
    assert readings.gas.supply.property("stale") == "true"
    script.stale_s = 9.0
    window.apply(script.snapshot())
    assert readings.tip.remark.text() == "last known 10:42:04"
    script.stale_s = 0.0
    window.apply(script.snapshot())
    assert readings.tip.number.stale is False and "old" not in readings.tip.remark.text()


def test_without_an_estimate_the_model_says_nothing(window: MainWindow) -> None:
    script = freezing(window)
    script.estimated = False
    window.apply(script.advance(0.05))
    card = window.pages.session.readings.estimate
    assert [card.edge.text(), card.reach.text(), card.nerve.text()] == ["---"] * 3


def test_the_estimate_is_called_a_model_and_shows_its_band(window: MainWindow) -> None:
    script = freezing(window)
    estimate = Estimate(
        at_ms=1,
        ice_edge_mm=Band(11.0, 9.0, 12.0),
        minus20_mm=Band(6.2, 5.0, 7.0),
        minus20_reach_mm=Band(2.4, 1.9, 2.8),
        nerve_distance_mm=1.5,
        nerve_below_s=Band(48.0, 20.0, 65.0),
    )
    window.apply(msgspec.structs.replace(script.advance(0.05), estimate=estimate))
    card = window.pages.session.readings.estimate
    assert "model, not measured" in card.title.text()
    assert card.edge.text() == "≈ 11 mm (9–12)"
    assert card.reach.text() == "≈ 2.4 mm (1.9–2.8)"
    assert card.nerve.text() == "0:48 (0:20–1:05)"


def test_freeze_stopped_says_facts_under_the_one_instruction(window: MainWindow) -> None:
    script = freezing(window)
    script.stop("Stopped by you 10:42:07")
    snapshot = script.advance(34.0)
    window.apply(snapshot)
    settle()
    session = window.pages.session
    assert "do not move the probe" in session.phase_line.accessibleName()
    lines = [line.text() for line in session.stopped.lines]
    assert lines[0] == "Gas: confirmed off (flow 0)."
    assert lines[1] == "Tip −7 °C, thawing 0:34."
    assert lines[2].startswith("Freeze 1 ran 0:40 of 2:00, nerve below −20 °C about 0:00")
    assert lines[2].endswith("(estimate).")
    assert session.stopped.cause.text() == "Stopped by you 10:42:07"


@pytest.mark.parametrize("off", [False, None])
def test_gas_that_is_not_confirmed_off_says_close_the_cylinder(
    window: MainWindow, off: bool | None
) -> None:
    script = freezing(window)
    script.stop()
    script.gas_off = off
    window.apply(script.advance(1.0))
    session = window.pages.session
    assert "NOT confirmed off" in session.stopped.lines[0].text()
    assert "close the cylinder" in session.phase_line.accessibleName()


def test_a_stop_with_an_unknown_tip_says_how_long_to_wait(window: MainWindow) -> None:
    script = freezing(window)
    script.stop()
    script.quality = Quality.OPEN
    window.apply(script.advance(37.0))
    session = window.pages.session
    assert "unknown (thermocouple open)" in session.stopped.lines[1].text()
    assert "waited 0:37 of 5:00" in session.phase_line.accessibleName()
    window.apply(script.advance(263.0))
    assert "check on ultrasound" in session.phase_line.accessibleName()


def test_release_says_why_not_and_then_free(window: MainWindow) -> None:
    script = freezing(window)
    script.pass_until(Phase.RELEASING, 900.0)
    script.release_reason = "Tip −6 °C: wait for more than +10 °C"
    window.apply(script.advance(1.0))
    card = window.pages.session.release
    assert card.verdict.text() == "Not free yet"
    assert card.reason.text() == "Tip −6 °C: wait for more than +10 °C"
    window.apply(script.until(Phase.FREE, 900.0))
    assert card.verdict.text() == "✓ Free to move"


def test_the_end_shows_what_was_done(window: MainWindow) -> None:
    script = freezing(window)
    script.pass_until(Phase.FREE, 900.0)
    script.out()
    window.apply(script.snapshot())
    summary = window.pages.session.release.summary
    assert window.pages.session.release.verdict.text() == "3 of 3 freezes done"
    assert "SIMULATED" in summary.total.text()
