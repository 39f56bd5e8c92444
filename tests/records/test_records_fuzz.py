"""A share of the fuzz of the record side in every run of the tests; `python tests/records/fuzz.py`
goes on for as long as one likes."""

from pathlib import Path

import fuzz
import pytest

SEEDS = 24
MORE = 400


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fuzz.typer.main, "get_command", fuzz.typer.main.get_command)
        return fuzz.prepared(tmp_path_factory.mktemp("fuzz"))


@pytest.mark.parametrize(
    "seed", [*range(SEEDS), *(pytest.param(n, marks=pytest.mark.seeds) for n in range(SEEDS, MORE))]
)
def test_damage_by_chance_ends_in_an_exit_code_and_one_line(seed: int, store: Path) -> None:
    _, codes, wrong = fuzz.one(store, seed)
    assert wrong == []
    assert codes.total() == 16
