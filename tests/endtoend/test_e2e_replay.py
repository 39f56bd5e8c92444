"""`cryoprobe replay`: recorded sessions, faults and all, decided again by the same program."""

from pathlib import Path

import pytest
from e2e_command import Done, cryoprobe, cryoprobe_here, plan_file

from console import config
from console.control.replay import check
from console.records import Store, read_session

HELD_MS = 8_000
"""How long the probe must stay warm before it is free; another time than the shipped one."""


def recorded(folder: Path, *faults: str) -> tuple[Done, Path]:
    """A headless run in lockstep and its session."""
    port = "&".join(["sim://n2o?speed=600&seed=3", *(f"fault={each}" for each in faults)])
    plan = plan_file(folder, [(10, 5), (5, 5)])
    done = cryoprobe("run", plan, "--port", port, "--records", folder, "--json")
    (session,) = Store(folder).folders()
    return done, session


def test_a_run_with_a_fault_is_decided_again_the_same(tmp_path: Path) -> None:
    done, session = recorded(tmp_path, "exhaust_blocked=0.95@6")
    assert done.code == 1
    assert done.json["alarms"], "the fault was seen"
    found = check(read_session(session).journals, config.limits(), as_recorded=True)
    assert (found.first_difference, found.notes) == (None, ())
    assert found.decisions > 100


def test_the_command_finds_a_changed_threshold_and_agrees_as_recorded(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, session = recorded(tmp_path)
    arguments = ("replay", session.name, "--records", tmp_path)
    same = cryoprobe_here(capfd, *arguments, "--check", "--json")
    assert same.code == 0
    assert same.json["same"] is True
    assert same.json["first_difference"] is None

    changed = config.limits().changed({"release.for_ms": HELD_MS})
    monkeypatch.setattr(config, "limits", lambda: changed)
    other = cryoprobe_here(capfd, *arguments, "--check", "--json")
    assert other.code == 1
    assert other.json["same"] is False
    assert other.json["decisions"] < same.json["decisions"]
    first = other.json["first_difference"]
    assert "free" in first["recorded"], first
    as_recorded = cryoprobe_here(capfd, *arguments, "--check", "--as-recorded", "--json")
    assert as_recorded.code == 0
    assert as_recorded.json == same.json
    assert "NOT the same" in cryoprobe_here(capfd, *arguments, "--check").out


def test_what_cannot_be_replayed_is_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    old = Path(__file__).parents[1] / "records" / "golden" / "schema-1.journal"
    done = cryoprobe_here(capfd, "replay", old, "--check")
    assert done.code == 2
    assert "not every input" in done.one_line()
    done = cryoprobe_here(capfd, "replay", "nothing", "--records", tmp_path)
    assert done.code == 2
    assert "no session" in done.one_line()
