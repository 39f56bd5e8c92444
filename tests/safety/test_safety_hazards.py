"""The hazard table that people read: its evidence is whole, the document is not stale."""

import json
from pathlib import Path

import pytest
from safety_kit import LIMITS

from console import cli
from console.safety.hazards import (
    KINDS,
    Hazard,
    as_markdown,
    as_text,
    evidence,
    hazards,
    needed,
)
from console.safety.interlock import FaultBit, Refusal
from console.safety.registry import BY_ID, REGISTRY
from tests.evidence import gathered, problems

ROOT = Path(__file__).parents[2]
TABLE = hazards(LIMITS)


@pytest.mark.parametrize("one", TABLE, ids=lambda one: one.id)
def test_every_interlock_is_in_the_table_with_the_evidence_that_it_needs(one: Hazard) -> None:
    assert needed(BY_ID[one.id]) <= set(one.evidence) <= set(KINDS)
    assert all(one.evidence.values())
    for words in (one.hazard, one.cause, one.threshold, one.residual):
        assert words and "{" not in words and "  " not in words
    assert one.residual.endswith(".")
    assert ("end_to_end" in one.evidence) is not bool(one.not_injected)


def test_the_table_has_each_once() -> None:
    assert [one.id for one in TABLE] == [each.id for each in REGISTRY]
    assert set(evidence()) == set(BY_ID)


def test_what_an_interlock_needs_follows_from_how_it_is_heard() -> None:
    assert needed(BY_ID["over_cool"]) == {"truth", "limit", "trip", "device", "end_to_end"}
    assert needed(BY_ID["restarted"]) == {"truth", "trip", "end_to_end"}
    assert needed(BY_ID["siphon"]) == {"device", "trip", "end_to_end"}
    assert needed(BY_ID["wrong_site"]) == {"truth"}
    assert any(isinstance(each, FaultBit) for each in BY_ID["siphon"].hears)
    assert any(isinstance(each, Refusal) for each in BY_ID["wrong_site"].hears)


def test_named_tests_are_in_files_that_are_there() -> None:
    named = {
        test.partition("::")[::2]
        for one in TABLE
        for tests in one.evidence.values()
        for test in tests
    }
    for file, test in named:
        assert test.partition("[")[0] in (ROOT / file).read_text("utf-8"), f"{file}::{test}"


MARKS = {
    "t.py::a[1]": frozenset({("leak", "device")}),
    "t.py::a[2]": frozenset({("leak", "device")}),
    "t.py::b[1]": frozenset({("leak", "trip")}),
    "t.py::b[2]": frozenset({("siphon", "trip")}),
    "t.py::c": frozenset[tuple[str, str]](),
}


def test_a_test_about_one_interlock_alone_stands_without_its_parameters() -> None:
    assert gathered(MARKS) == {
        "leak": {"device": ["t.py::a"], "trip": ["t.py::b[1]"]},
        "siphon": {"trip": ["t.py::b[2]"]},
    }


def test_what_lacks_and_what_is_not_there_is_said_a_line_each() -> None:
    leak = (BY_ID["leak"],)
    marks = gathered(MARKS) | {"leek": {"trip": ["t.py::d"]}}
    marks["leak"]["prose"] = ["t.py::e"]
    assert problems(marks, leak) == [
        "t.py::e: marked with 'prose', which is none of truth, limit, trip, device, end_to_end",
        "t.py::b[2]: marked for 'siphon', which is no interlock",
        "t.py::d: marked for 'leek', which is no interlock",
        "leak: no test is marked hazard('leak', 'end_to_end')",
    ]


def test_a_threshold_carries_the_number_that_is_used() -> None:
    said = {one.id: one.threshold for one in TABLE}
    assert "500 ms" in said["link_lost"] and "4000 ms" in said["orifice_blocked"]
    other = {one.id: one for one in hazards(LIMITS.changed({"link.lost_ms": 350.0}))}
    assert "350 ms" in other["link_lost"].threshold
    assert other["link_lost"].limits["link.lost_ms"] == 350.0


def test_the_document_is_not_stale() -> None:
    said = (ROOT / "docs" / "hazards.md").read_text("utf-8")
    assert said == as_markdown(TABLE), "make docs"


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, check in (
        ([], lambda out: [line.split()[0] for line in out.splitlines()[1:-1]] == [*BY_ID]),
        (["--full"], lambda out: out == as_text(TABLE) + "\n"),
        (["--markdown"], lambda out: out == as_markdown(TABLE)),
        (["--json"], lambda out: [one["id"] for one in json.loads(out)] == [*BY_ID]),
    ):
        with pytest.raises(SystemExit) as ended:
            cli.main(["hazards", *arguments])
        assert ended.value.code == 0
        assert check(capsys.readouterr().out)
