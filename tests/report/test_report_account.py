"""What a session's journals tell, on one axis of time."""

from pathlib import Path

import pytest
from report_kit import FREEZES, GOLDEN, hard_case, told

from console.model.event import EventKind
from console.records import read_session
from console.report.gathering import account
from console.report.timeline import Timeline


def test_the_golden_session_is_told_whole() -> None:
    found = told()
    assert [each.record.planned_freeze_s for each in found.freezes] == [10.0, 5.0]
    assert found.freezes[0].began_s < found.freezes[1].began_s
    assert found.readings[0].at_s == 0.0
    assert len(found.readings) > 1000
    assert found.record.ok
    assert found.released_g == pytest.approx(sum(each.record.gas_g for each in found.freezes), 0.1)


def test_a_session_of_the_first_schema_is_told_too() -> None:
    found = account(read_session(GOLDEN.with_name("schema-1.journal")))
    assert [each.record.planned_freeze_s for each in found.freezes] == [10.0, 5.0]
    assert len(found.readings) > 1000


def test_a_restart_of_the_console_goes_on_after_the_wall_time_between(tmp_path: Path) -> None:
    found = account(hard_case(tmp_path / "s"))
    times = [each.at_s for each in found.readings]
    assert times == sorted(times)
    assert [each.boot for each in found.readings].count(1) == 161
    # The last frame came 228 s after the first journal's beginning, the next one 329 s after it.
    assert times[-161] - times[-162] == pytest.approx(101.0)
    assert [each.began_s for each in found.freezes] == pytest.approx([10.0, 121.5, 244.0])
    assert [each.until_s for each in found.freezes] == pytest.approx([121.5, None, 400.0])
    assert found.of(EventKind.SESSION_ENDED)[0].at_s == pytest.approx(400.0)


def test_estimates_are_the_largest_of_each_freeze_and_its_thaw(tmp_path: Path) -> None:
    first, second, third = account(hard_case(tmp_path / "s")).freezes
    assert first.model is not None
    assert first.model.ice_edge_mm.value == 9.03
    assert first.model.minus20_mm.value == 5.13
    assert first.model.nerve_below_s.value == 77.0
    assert second.model is None, "the record holds no estimate of it"
    assert third.model is not None
    assert third.model.ice_edge_mm.value == 6.61


def test_the_cycles_are_those_of_the_last_checkpoint(tmp_path: Path) -> None:
    assert tuple(each.record for each in account(hard_case(tmp_path / "s")).freezes) == FREEZES


def test_a_clock_that_falls_back_without_a_word_is_a_restart_too() -> None:
    timeline = Timeline()
    assert timeline.frame(5_000, 50.0) == 0.0
    assert timeline.frame(6_000, 51.0) == 1.0
    assert timeline.frame(100, 54.0) == pytest.approx(4.0)
    assert timeline.boots == 1
    assert timeline.at_s(1_100) == pytest.approx(5.0)


def test_a_wall_clock_that_was_set_back_makes_no_frames_overlap() -> None:
    timeline = Timeline()
    timeline.frame(5_000, 50.0)
    assert timeline.frame(100, 20.0) == 0.0
    assert timeline.frame(1_100, 21.0) == pytest.approx(1.0)
