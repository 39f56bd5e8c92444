"""The committed reference band: whole, in order, wide enough, and healthy runs lie in it."""

from __future__ import annotations

from importlib.resources import files

import pytest

from console.reference_band import parse_bands, reference_band
from simulator.physics import Gas, Medium
from simulator.physics.make_reference_band import FREEZE_S, healthy_plant, sample_times, shown
from simulator.physics.presets import probe_kinds

_HEAD = "model,gas,medium,seconds_from_gas_on,p5_celsius,p50_celsius,p95_celsius\n"
_ROW = "LT-14-6,n2o,tissue,0,36,37,38\n"


def test_every_probe_gas_and_medium_has_a_band_with_a_spread() -> None:
    for kind in probe_kinds().values():
        for gas in Gas:
            for medium in Medium:
                band = reference_band(kind.model, gas, medium)
                assert band is not None
                assert band.seconds == pytest.approx(sample_times())
                assert all(
                    0.1 < high - low < 40.0
                    for low, high in zip(band.low_celsius, band.high_celsius, strict=True)
                )


def test_the_table_says_how_many_runs_made_it() -> None:
    table = files("console").joinpath("data", "reference_band.csv").read_text(encoding="utf-8")
    assert table.startswith("# measured tip of ")
    bands = parse_bands(table)
    assert len(bands) == len(probe_kinds()) * len(Gas) * len(Medium)


@pytest.mark.parametrize(
    ("gas", "medium"), [(Gas.N2O, Medium.TISSUE), (Gas.CO2, Medium.TISSUE), (Gas.N2O, Medium.AIR)]
)
def test_a_run_of_a_seed_that_made_no_band_lies_in_it(gas: Gas, medium: Medium) -> None:
    """Mostly within half a kelvin, and never further out than the band is wide, or 1.5 K."""
    lies_in_the_band("long", gas, medium, seed=4711)


@pytest.mark.seeds
@pytest.mark.parametrize("medium", list(Medium))
@pytest.mark.parametrize("gas", list(Gas))
@pytest.mark.parametrize("probe", list(probe_kinds()))
def test_runs_of_every_probe_lie_in_their_bands(probe: str, gas: Gas, medium: Medium) -> None:
    for seed in (4712, 4713, 4714):
        lies_in_the_band(probe, gas, medium, seed)


def lies_in_the_band(probe: str, gas: Gas, medium: Medium, seed: int) -> None:
    kind = probe_kinds()[probe]
    band = reference_band(kind.model, gas, medium)
    assert band is not None
    inside, far = 0, []
    readings = shown(healthy_plant(seed, kind, gas, medium))
    for time, tip in zip(sample_times(), readings, strict=True):
        at = band.at(time)
        assert at is not None
        low, _, high = at
        room = max(high - low, 1.5)
        inside += low - 0.5 <= tip <= high + 0.5
        if not low - room <= tip <= high + room:
            far.append((time, tip, at))
    assert far == []
    assert inside >= 0.7 * len(readings)


def test_a_run_without_gas_lies_outside() -> None:
    """The band can tell: a tip that never cools, and one that stays cold in the thaw."""
    band = reference_band("LT-14-6", "n2o", "tissue")
    assert band is not None
    for seconds in (2.0, 10.0, FREEZE_S):
        at = band.at(seconds)
        assert at is not None
        assert at[2] < 30.0
    thawed = band.at(FREEZE_S + 10.0)
    assert thawed is not None
    assert thawed[0] > -40.0


def test_between_the_table_s_times_and_beyond_its_ends() -> None:
    band = reference_band("LT-14-6", "n2o", "tissue")
    assert band is not None
    first, between, second = band.at(0.0), band.at(0.1), band.at(0.2)
    assert first is not None
    assert between is not None
    assert second is not None
    assert between == pytest.approx([(a + b) / 2 for a, b in zip(first, second, strict=True)])
    assert band.at(180.0) is not None
    assert band.at(-0.1) is None
    assert band.at(180.1) is None
    assert band.at(float("nan")) is None


def test_what_the_table_does_not_hold_has_no_band() -> None:
    assert reference_band("SPOON-1", "n2o", "tissue") is None
    assert reference_band("LT-14-6", "argon", "tissue") is None


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("LT-14-6,n2o,tissue,1,2\n", "line 3: .* is no row"),
        ("LT-14-6,n2o,tissue,1,cold,3,4\n", "line 3: .* is no row"),
        ("LT-14-6,n2o,tissue,1,30,20,40\n", "line 3: percentiles out of order"),
        ("LT-14-6,n2o,tissue,1,30,nan,40\n", "line 3: percentiles out of order"),
        ("LT-14-6,n2o,tissue,0,30,35,40\n", "line 3: 0 s does not rise"),
        ("\n", "line 3: '' is no row"),
    ],
)
def test_a_broken_table_is_refused_by_its_line(rows: str, said: str) -> None:
    assert parse_bands(_HEAD + _ROW).keys() == {("LT-14-6", "n2o", "tissue")}
    with pytest.raises(ValueError, match=said):
        parse_bands(_HEAD + _ROW + rows)
