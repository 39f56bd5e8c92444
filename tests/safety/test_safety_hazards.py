"""The hazard table that people read: every row has tests, they exist, the document is not stale."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from safety_kit import LIMITS

from console import cli
from console.safety.hazards import as_markdown, as_text, hazards
from console.safety.rows import ROWS

ROOT = Path(__file__).parents[2]
TABLE = hazards(LIMITS)


def test_every_row_is_in_the_table_with_evidence_and_without_a_gap() -> None:
    assert [one.id for one in TABLE] == [row.id for row in ROWS]
    for one in TABLE:
        assert one.tests, f"{one.id} has no test"
        assert len(set(one.tests)) == len(one.tests)
        for words in (one.hazard, one.cause, one.threshold, one.residual):
            assert words and "{" not in words and "  " not in words, one.id
        assert one.residual.endswith(".")
        injected = any(test.startswith("tests/endtoend/test_e2e_rows.py") for test in one.tests)
        assert injected is not bool(one.not_injected), one.id


def test_a_threshold_carries_the_number_that_is_used() -> None:
    said = {one.id: one.threshold for one in TABLE}
    assert "500 ms" in said["link_lost"] and "4000 ms" in said["orifice_blocked"]


def test_every_named_test_exists() -> None:
    """Asks pytest itself, once for all files that are named."""
    named = sorted({test for one in TABLE for test in one.tests})
    files = sorted({test.split("::")[0] for test in named})
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--collect-only",
            "-q",
            "-o",
            "addopts=",
            "-p",
            "no:cacheprovider",
            *files,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    found = set(done.stdout.split("\n"))
    whole = {one.split("[")[0] for one in found}
    missing = [one for one in named if one not in (found if "[" in one else whole)]
    assert missing == []


def test_the_document_is_not_stale() -> None:
    said = (ROOT / "docs" / "hazards.md").read_text("utf-8")
    assert said == as_markdown(TABLE), "make docs"


def test_the_command_prints_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, check in (
        ([], lambda out: out == as_text(TABLE) + "\n"),
        (["--markdown"], lambda out: out == as_markdown(TABLE)),
        (["--json"], lambda out: [one["id"] for one in json.loads(out)] == [r.id for r in ROWS]),
    ):
        with pytest.raises(SystemExit) as ended:
            cli.main(["hazards", *arguments])
        assert ended.value.code == 0
        assert check(capsys.readouterr().out)
