"""docs/physics.md and examples/tissue say what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.physics.case import parse_case, run
from simulator.physics.cases import case_names
from simulator.physics.validate import DOCUMENT, PICTURE, fault_table

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples" / "tissue").glob("*.toml"))


def test_page_lists_every_knob_and_every_case() -> None:
    page = DOCUMENT.read_text(encoding="utf-8")
    assert fault_table() in page
    for name in case_names():
        assert f"(`{name}`)" in page


def test_page_says_first_what_is_not_validated() -> None:
    page = DOCUMENT.read_text(encoding="utf-8")
    assert page.index("## What is not validated") < page.index("## Tissue")


def test_page_shows_the_picture_beside_it() -> None:
    page = DOCUMENT.read_text(encoding="utf-8")
    assert f"]({PICTURE.name})" in page
    assert PICTURE.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_freeze_something(path: Path) -> None:
    answer = run(parse_case(path.read_text(encoding="utf-8")), backend="numpy")
    assert answer.frozen_radius_mm[-1] > 1.0
    assert answer.energy_residual < 1e-9


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 4
