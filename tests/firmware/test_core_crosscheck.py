"""The reference core in C, the simulator's firmware and the minimal device answer alike."""

import pytest

from tests.firmware import three
from tests.firmware.crosscheck import played

_SHARES = [
    pytest.param(range(20 * part, 20 * part + 20), marks=pytest.mark.seeds if part > 1 else ())
    for part in range(8)
]
"""Two shares by default; `make firmware` plays 10,000 exchanges."""


@pytest.mark.parametrize("seeds", _SHARES, ids=lambda seeds: str(seeds[0]))
def test_both_answer_alike(seeds: range) -> None:
    exchanges = 0
    for seed in seeds:
        both = played(seed)
        assert not both.wrong, (seed, both.wrong)
        exchanges += both.exchanges
    assert exchanges > 500


def test_all_three_answer_a_host_of_1_0_alike() -> None:
    for seed in range(1, 6):
        assert not three.played(seed).wrong
