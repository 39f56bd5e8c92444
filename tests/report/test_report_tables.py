"""The tables, as an analyst loads them: pandas with no options."""

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest
from report_kit import FREEZES, hard_case, told

from console.report.gathering import account
from console.report.tables import tables


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return tables(account(hard_case(tmp_path_factory.mktemp("case") / "s")))


def loaded(files: dict[str, bytes], name: str, folder: Path) -> pd.DataFrame:
    path = folder / name
    path.write_bytes(files[name])
    return pd.read_csv(path)


def test_samples_load_as_numbers_with_the_unknown_left_out(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    found = loaded(files, "samples.csv", tmp_path)
    assert found["tip_celsius"].dtype == float
    assert found["supply_kpa"].dtype.kind in "if"
    assert found["valve_open"].dtype == bool
    assert int(found["tip_celsius"].isna().sum()) == 6, "the thermocouple was open for six frames"
    assert set(found["tip_quality"]) == {"ok", "open"}
    assert found["time_s"].is_monotonic_increasing
    assert found["tip_celsius"].min() == pytest.approx(-66.0)


def test_freezes_hold_what_the_record_holds(files: dict[str, bytes], tmp_path: Path) -> None:
    found = loaded(files, "freezes.csv", tmp_path)
    for name in ("lowest_tip_celsius", "time_at_target_s", "gas_g", "planned_freeze_s"):
        assert list(found[name]) == [getattr(each, name) for each in FREEZES]
    assert list(found["nerve"]) == ["saphenous", "saphenous", "genicular <lateral> & more"]
    assert list(found["side"]) == ["left", "left", "right"]
    assert found["model_ice_edge_mm"].isna().tolist() == [False, True, False]


def test_stimulation_is_a_row_a_step(files: dict[str, bytes], tmp_path: Path) -> None:
    found = loaded(files, "stimulation.csv", tmp_path)
    assert list(found["amplitude_set"]) == [0.05, 0.35, 0.15]
    assert list(found["placement"]) == [1, 1, 2]
    assert found["amplitude_delivered"].tolist()[:2] == [0.047, 0.342]
    assert found["answer"].isna().tolist() == [False, False, True]
    assert list(found["time_s"]) == [3.0, 5.0, 7.5]
    check = loaded(files, "check.csv", tmp_path)
    assert list(check["standing"]) == ["passed", "not measurable here", "passed"]
    card = loaded(files, "time_out.csv", tmp_path)
    assert list(card["clear"]) == [True, False]
    assert card["how"].isna().tolist() == [True, False]
    overrides = loaded(files, "overrides.csv", tmp_path)
    assert list(overrides["reason"]) == ["seen by ultrasound"]
    assert list(overrides["missing"]) == ["The sensory test is not done"]
    pain = loaded(files, "pain.csv", tmp_path)
    assert list(pain["score"]) == [8, 2] and list(pain["after"]) == [0, 1]


def test_the_manifest_tells_every_column_and_every_file(files: dict[str, bytes]) -> None:
    manifest = json.loads(files["manifest.json"])
    assert {each["file"] for each in manifest["tables"]} == set(files) - {"manifest.json"}
    for each in manifest["tables"]:
        lines = files[each["file"]].decode("utf-8-sig").splitlines()
        assert lines[0].split(",") == [column["name"] for column in each["columns"]]
        assert each["rows"] == len(lines) - 1
        assert each["sha256"] == hashlib.sha256(files[each["file"]]).hexdigest()
        assert all(column["meaning"] for column in each["columns"])
    assert manifest["record"]["ok"] is True
    assert manifest["simulated"] is False


def test_a_name_that_ends_in_a_unit_has_it(files: dict[str, bytes]) -> None:
    units = {"celsius": "Cel", "kpa": "kPa", "mg_s": "mg/s", "mm": "mm", "s": "s", "ms": "ms"}
    for table in json.loads(files["manifest.json"])["tables"]:
        for column in table["columns"]:
            name = column["name"].removesuffix("_low").removesuffix("_high")
            if name.endswith("mg_s"):
                assert column["unit"] == "mg/s"
            elif name.rpartition("_")[2] in units and "_" in name:
                assert column["unit"] == units[name.rpartition("_")[2]], column


def test_every_reading_and_event_of_the_golden_session_is_there() -> None:
    files = tables(told())
    assert len(files["samples.csv"].splitlines()) == len(told().readings) + 1
    assert len(files["events.csv"].splitlines()) == len(told().events) + 1
