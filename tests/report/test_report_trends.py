"""The key numbers of freezes over time: what the journals hold, and nothing where they do not."""

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from report_kit import (
    DEVICE,
    FREEZES,
    GOLDEN,
    bare_case,
    checkpoint,
    hard_case,
    header,
    telemetry,
    told,
    written,
)

from console.model.device import ProbeInfo
from console.model.event import EventKind
from console.model.trend import FreezeNumbers
from console.records import Connected, FlawIn, Session, Store, read_session
from console.report import trends
from console.report.account import Account, Reading, Told
from console.report.gathering import account
from console.report.trends import freezes

Change = Callable[[Reading], Reading | None]


def changed(base: Account, change: Change) -> Account:
    """The account with each reading changed, or without it."""
    readings = tuple(new for each in base.readings if (new := change(each)) is not None)
    return msgspec.structs.replace(base, readings=readings)


def seen(**changes: object) -> Change:
    return lambda each: msgspec.structs.replace(
        each, seen=msgspec.structs.replace(each.seen, **changes)
    )


def second(base: Account) -> FreezeNumbers:
    return freezes(base, 0)[1]


def test_a_freeze_has_the_numbers_of_its_record_and_of_its_readings() -> None:
    one, two = freezes(told(), 3)
    record = told().freezes[1].record
    assert (two.console, two.probe, two.simulated) == ("SIM-N2O-0001", "SIMPROBE0001", True)
    assert two.time_to_target_s == record.time_to_target_s == 2.9
    assert two.lowest_tip_celsius == record.lowest_tip_celsius == -71.0
    assert two.time_at_target_s == record.time_at_target_s
    assert two.gas_g == record.gas_g
    assert two.bad_frames == one.bad_frames == 3
    assert one.supply_at_start_kpa == 5_056.0
    assert two.at - one.at == pytest.approx(15.1)


def test_the_thaw_ends_at_the_first_reading_of_ten_degrees() -> None:
    ended_s = told().freezes[1].ended_s
    assert ended_s is not None
    took_s = second(told()).thaw_to_plus10_s
    assert took_s is not None
    tips = {round(each.at_s - ended_s, 2): each.seen.tip_celsius for each in told().readings}
    after, before = tips[round(took_s, 2)], tips[round(took_s - 0.05, 2)]
    assert before is not None and after is not None
    assert before < 10.0 <= after


def test_a_thaw_that_the_next_freeze_cut_short_has_no_time() -> None:
    assert freezes(told(), 0)[0].thaw_to_plus10_s is None


def test_a_probe_that_warmed_outside_has_no_time() -> None:
    out = Told(told().freezes[1].ended_s, "", EventKind.PROBE_OUT, "")
    base = msgspec.structs.replace(told(), events=(*told().events, out))
    assert second(base).thaw_to_plus10_s is None


def test_a_thaw_that_was_not_seen_has_no_time() -> None:
    ended_s = told().freezes[1].ended_s
    assert ended_s is not None
    base = changed(told(), lambda each: None if 35.0 < each.at_s - ended_s < 39.0 else each)
    assert second(base).thaw_to_plus10_s is None


def test_what_was_not_measured_is_not_zero() -> None:
    assert second(changed(told(), seen(flow_mg_s=None))).gas_g is None
    assert second(changed(told(), seen(tip_celsius=None))).time_at_target_s is None
    assert second(changed(told(), seen(supply_kpa=None))).supply_at_start_kpa is None
    assert second(changed(told(), lambda each: None)).supply_at_start_kpa is None


def test_a_freeze_that_never_came_to_its_target_has_no_time_to_it(tmp_path: Path) -> None:
    record = msgspec.structs.replace(FREEZES[0], time_to_target_s=None, time_at_target_s=0.0)
    (one,) = freezes(account(recorded(tmp_path, Connected(0.0, DEVICE), record=record)), 0)
    assert one.time_to_target_s is None
    assert one.time_at_target_s == 0.0


def test_a_freeze_whose_end_is_not_in_the_record_has_only_its_beginning(tmp_path: Path) -> None:
    record = msgspec.structs.replace(FREEZES[0], ended_ms=None)
    (one,) = freezes(account(recorded(tmp_path, Connected(0.0, DEVICE), record=record)), 0)
    assert one.supply_at_start_kpa == 5_050.0
    assert (one.lowest_tip_celsius, one.gas_g, one.time_at_target_s) == (None, None, None)


def recorded(folder: Path, *first: Connected, record: object) -> Session:
    entries = [
        *first,
        *(telemetry(at * 1_000, at * 1_000.0, 33.0) for at in range(90, 100)),
        *(telemetry(at * 1_000, at * 1_000.0, -66.0, valve=True) for at in range(100, 190)),
        checkpoint(record),  # type: ignore[arg-type]
    ]
    return read_session(written(folder / "001.journal", entries, "ended", header(1, "10:00:00")))


def test_each_freeze_belongs_to_the_probe_of_its_time(tmp_path: Path) -> None:
    other = msgspec.structs.replace(
        DEVICE, probe=ProbeInfo("LT-14-6", "PR-0999", 5, 1.4, 6.0, 21_000)
    )
    entries = [
        Connected(0.0, DEVICE),
        telemetry(90_000, 90_000.0, 33.0),
        checkpoint(FREEZES[0]),
        Connected(1.0, other),
        checkpoint(*FREEZES[:2]),
    ]
    path = written(tmp_path / "001.journal", entries, "ended", header(1, "10:00:00"))
    assert [one.probe for one in freezes(account(read_session(path)), 0)] == ["PR-0815", "PR-0999"]


def test_a_freeze_of_a_console_that_is_not_known_is_left_out(tmp_path: Path) -> None:
    assert freezes(account(recorded(tmp_path, record=FREEZES[0])), 0) == ()


def test_freezes_after_a_restart_of_the_console_come_later(tmp_path: Path) -> None:
    one, two, three = freezes(account(hard_case(tmp_path)), 0)
    assert one.at < two.at < three.at
    assert three.supply_at_start_kpa == 5_050.0


def test_the_freezes_of_a_store_come_oldest_first_and_from_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "records")
    early = store.root / "20261121-090000-00aa"
    late = store.root / "20261121-144753-1d71"
    early.mkdir(parents=True)
    hard_case(early)
    late.mkdir()
    shutil.copy(GOLDEN, late / "001.journal")
    bare_case(store.root / "20261121-080000-00bb")
    asked = trends.trends(store)
    assert [one.console for one in asked] == ["CP-0007"] * 3 + ["SIM-N2O-0001"] * 2
    monkeypatch.setattr(trends, "account", lambda _: pytest.fail("reckoned anew"))
    assert trends.trends(store) == asked


def test_bad_frames_are_counted(tmp_path: Path) -> None:
    store = Store(tmp_path / "records")
    entries = [
        Connected(0.0, DEVICE),
        telemetry(90_000, 90_000.0, 33.0),
        FlawIn(90_010.0, 3),
        FlawIn(90_020.0, 1),
        checkpoint(FREEZES[0]),
    ]
    written(
        store.root / "20261121-090000-00aa" / "001.journal", entries, "ended",
        header(1, "10:00:00"),
    )  # fmt: skip
    assert [one.bad_frames for one in trends.trends(store)] == [2]
