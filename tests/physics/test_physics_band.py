"""The committed reference band: whole, in order, and a fresh healthy run lies in it."""

from __future__ import annotations

import pytest

from simulator.physics import Gas, Medium
from simulator.physics.band import reference_band
from simulator.physics.make_reference_band import sample_times, shown
from simulator.physics.presets import probe_kinds


def test_every_probe_gas_and_medium_has_an_ordered_band() -> None:
    for probe in probe_kinds():
        for gas in Gas:
            for medium in Medium:
                band = reference_band(probe, gas, medium)
                assert band.seconds == pytest.approx(sample_times())
                for low, middle, high in zip(
                    band.low_celsius, band.middle_celsius, band.high_celsius, strict=True
                ):
                    assert low <= middle <= high


@pytest.mark.parametrize("medium", list(Medium))
@pytest.mark.parametrize("gas", list(Gas))
def test_a_run_of_a_seed_that_made_no_band_lies_nearly_always_inside(
    gas: Gas, medium: Medium
) -> None:
    band = reference_band("long", gas, medium)
    outside = 0
    readings = shown(4711, "long", gas, medium)
    for time, tip in zip(sample_times(), readings, strict=True):
        low, high = band.at(time)
        width = max(high - low, 1.0)
        outside += not low - width <= tip <= high + width
    assert outside == 0


def test_between_the_table_s_times_and_beyond_its_ends() -> None:
    band = reference_band("long", Gas.N2O, Medium.TISSUE)
    low, high = band.at(0.1)
    assert band.low_celsius[1] < low < band.low_celsius[0]
    assert low < high
    assert band.at(-5.0) == band.at(0.0)
    assert band.at(1e6) == band.at(180.0)
    with pytest.raises(KeyError):
        reference_band("spoon", Gas.N2O, Medium.TISSUE)
