"""Each row of the host by its truth tables: every input alone flips it; limits at, under, over."""

import pytest
from truth import TABLES

from console.safety.hazards import ELSEWHERE
from console.safety.rows import ROWS

BY_HOST = [row.id for row in ROWS if "host" in row.detectors and row.id not in ELSEWHERE]


def test_every_row_of_the_host_has_its_table() -> None:
    assert {table.row for table in TABLES} == set(BY_HOST)
    assert len({(table.row, table.way) for table in TABLES}) == len(TABLES)
    for table in TABLES:
        assert any(flips for _, flips in table.inputs.values()), f"nothing flips {table.row}"
        assert all(stands for stands, _ in table.inputs.values())


@pytest.mark.parametrize("row", BY_HOST)
def test_every_input_alone_flips_its_row(row: str) -> None:
    for table in (each for each in TABLES if each.row == row):
        assert table.stands(), table.way
        for name, (stands, flips) in table.inputs.items():
            for value in stands:
                assert table.stands(**{name: value}), f"{table.way}: {name}={value!r}"
            for value in flips:
                assert not table.stands(**{name: value}), f"{table.way}: not {name}={value!r}"
