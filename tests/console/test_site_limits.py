"""A site's own limits: what is taken, what is refused and how it is said."""

import hashlib
import json
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from console import cli, config, headless
from console.commands import limits as command
from console.control.opening import configured, opened_record
from console.records import TickIn, read_journal
from console.records.store import Store
from console.safety.interlocks import over_cool, supply_warn
from console.safety.limits import LimitsError, Tighter, broken, of_site, shipped
from console.safety.registry import LIMITS, RELATIONS

SITE = "[freeze]\nover_cool_ms = 800\n[n2o]\nsupply_start_kpa.low = 4300\n"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main(["limits", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.fixture
def site(tmp_path: Path) -> Path:
    path = tmp_path / "limits.toml"
    path.write_text(SITE, "utf-8")
    return path


# --- as declared -------------------------------------------------------------------------------


def test_every_limit_is_declared_once_and_every_relation_holds_as_shipped() -> None:
    keys = [limit.key for limit in LIMITS]
    assert len(keys) == len(set(keys))
    assert list(broken(RELATIONS, shipped(LIMITS))) == []
    for relation in RELATIONS:
        assert {relation.low.key, relation.high.key} <= set(keys)


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.key)
def test_a_site_may_move_a_limit_in_its_direction_alone_and_as_far_as_its_floor(limit: Any) -> None:
    if limit.tighter is None:
        assert limit.floor is None and limit.problem(limit.value) == "this limit is not for sites"
        return
    assert limit.floor is not None
    lower = limit.tighter is Tighter.LOWER
    assert (limit.floor < limit.value) is lower
    step = abs(limit.value - limit.floor) / 10
    assert limit.problem(limit.value) == "" and limit.problem(limit.floor) == ""
    assert limit.problem((limit.value + limit.floor) / 2) == ""
    assert "tighter" in limit.problem(limit.value + (step if lower else -step)), "looser"
    assert "tighter" in limit.problem(limit.floor - (step if lower else -step)), "past the floor"


# --- the file ----------------------------------------------------------------------------------


def test_a_sites_file_is_in_force_with_its_hash(site: Path) -> None:
    found = config.limits_in_force(site)
    assert found.limits[over_cool.FOR_MS] == 800
    assert found.limits[supply_warn.START_KPA.n2o] == 4_300
    others = {**found.limits.by_key, "freeze.over_cool_ms": 1_000.0}
    assert {**others, "n2o.supply_start_kpa.low": 4_100.0} == config.limits().by_key
    assert found.sha256 == hashlib.sha256(SITE.encode()).hexdigest()


def test_without_a_file_they_are_as_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Path
) -> None:
    monkeypatch.setattr(config, "limits_path", lambda: tmp_path / "none.toml")
    found = config.limits_in_force()
    assert (found.limits, found.sha256, found.path) == (config.limits(), "", None)
    monkeypatch.setattr(config, "limits_path", lambda: site)
    assert config.limits_in_force().limits[over_cool.FOR_MS] == 800, "the usual place"


BAD = {
    "[freeze]\nover_cool_ms = 2000": "freeze.over_cool_ms: 2000 is outside 600 to 1000",
    "[freeze]\nover_cool_ms = 10": "freeze.over_cool_ms: 10 is outside 600 to 1000",
    "[freeze]\nnonsense = 1": "freeze.nonsense: there is no such limit",
    "over_cool_ms = 800": "over_cool_ms: there is no such limit",
    '[freeze]\nover_cool_ms = "800"': "freeze.over_cool_ms: '800' is not a number",
    "[freeze]\nover_cool_ms = true": "freeze.over_cool_ms: True is not a number",
    "[freeze]\nover_cool_ms = nan": "freeze.over_cool_ms: nan is outside",
    "[freeze]\nover_cool_ms = []": "freeze.over_cool_ms: [] is not a number",
    "[link]\ngrey_ms = 250": "link.grey_ms: this limit is not for sites",
    "[freeze\n": "not TOML",
}


@pytest.mark.parametrize("text", BAD)
def test_what_cannot_be_used_is_refused_by_key_in_one_line(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(text, "utf-8")
    assert run("check", str(path)) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"cryoprobe: {path}: ") and BAD[text] in line


@pytest.mark.parametrize("command", ["run", "window"])
def test_nothing_starts_on_limits_that_cannot_be_used(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("[freeze]\nover_cool_ms = 2000", "utf-8")
    given = ["--limits", str(path)]
    if command == "run":
        given = ["run", "examples/three-by-two.toml", *given]
    with pytest.raises(SystemExit) as ended:
        cli.main(given)
    assert ended.value.code == 2
    assert "freeze.over_cool_ms" in capsys.readouterr().err


def test_a_relation_that_a_site_breaks_is_named() -> None:
    loose = tuple(
        type(each)(each.key, each.value, Tighter.LOWER, 0.0)
        if each.key == "freeze.cool_late_ms"
        else each
        for each in LIMITS
    )
    with pytest.raises(LimitsError, match=r"cool_fall_ms: 15000 must be under freeze.cool_late_ms"):
        of_site(loose, RELATIONS, {"freeze": {"cool_late_ms": 9_000}})


# --- the commands ------------------------------------------------------------------------------


def test_the_list_is_a_file_that_a_site_may_edit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("list") == 0
    text = capsys.readouterr().out
    listed = tmp_path / "listed.toml"
    listed.write_text(text, "utf-8")
    assert config.limits_in_force(listed).limits == config.limits()
    for limit in LIMITS:
        assert limit.key.partition(".")[2] in text
    assert len(tomllib.loads(text)) > 5


def test_the_list_as_json_says_what_each_may_be(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("list", str(site), "--json") == 0
    found = {each["key"]: each for each in json.loads(capsys.readouterr().out)}
    assert set(found) == {limit.key for limit in LIMITS}
    assert found["freeze.over_cool_ms"] == {
        "key": "freeze.over_cool_ms",
        "value": 800.0,
        "shipped": 1_000.0,
        "tighter": "lower",
        "tightest": 600.0,
    }


@pytest.mark.parametrize(("alarms", "code"), [([], 0), ([{"happened": "Too tight"}], 1)])
def test_a_check_wants_ten_healthy_runs_silent(
    alarms: list[dict[str, str]],
    code: int,
    site: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = []

    def healthy(plan: Any, url: str, **given: Any) -> dict[str, Any]:
        asked.append((url, given["limits"].limits[over_cool.FOR_MS]))
        return {"outcome": "completed", "reason": None, "alarms": alarms if len(asked) == 7 else []}

    monkeypatch.setattr(headless, "run", healthy)
    assert run("check", str(site)) == code
    assert len({url for url, _ in asked}) == command.RUNS == 10
    assert {limit for _, limit in asked} == {800}
    out = capsys.readouterr().out
    assert ("can be used" in out) is (code == 0) and ("Too tight" in out) is (code == 1)


def test_a_run_leaves_the_hash_of_a_sites_limits_in_its_record(site: Path, tmp_path: Path) -> None:
    in_force = config.limits_in_force(site)
    recorder = opened_record(
        Store(tmp_path / "records").new_session(datetime.now().astimezone()),
        configured("sim://n2o", screen=False, limits=in_force),
        "new",
        on_durable=lambda token: None,
        on_failed=pytest.fail,
        inline=True,
    )
    recorder.put(TickIn(1.0), durable=1)  # it begins with what must be on disk
    assert recorder.close("completed")
    header = read_journal(recorder.path).header
    assert header is not None and header.limits_sha256 == in_force.sha256
    assert header.thresholds["freeze.over_cool_ms"] == 800
