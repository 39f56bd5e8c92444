"""The validation table of the design page: exact solutions, converged references, the ledger.

The numbers are written out here as well as in the case files, so that neither can drift alone.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from simulator.physics.case import CaseResult, parse_case, run
from simulator.physics.cases import case_names, case_text
from simulator.physics.checks import bessel_cosine_factors, ledger_run
from simulator.physics.field import HeatField
from simulator.physics.gas import Gas, gas_table
from simulator.physics.grid import probe_grid
from simulator.physics.kernels import available_backends
from simulator.physics.material import Material
from simulator.physics.validate import DOCUMENT, beyond_cases, compare, line


@cache
def answer(name: str) -> CaseResult:
    return run(parse_case(case_text(name)), backend="numpy")


@pytest.mark.parametrize(
    ("name", "radii_mm", "share"),
    [
        ("v1-plane", [4.25630, 6.01932, 8.51260], 0.01),
        ("v2-line-sink", [2.88545, 4.08064, 5.77090], 0.01),
        ("v3-point-sink", [2.10517, 2.97716, 4.21034], 0.01),
        ("v4-perfused-sphere", [6.19064], 0.015),
        ("v5-perfused-cylinder", [7.10791], 0.015),
        ("v10-long-tip", [2.538, 4.636, 5.967], 0.02),
        ("v11-probe", [1.933, 2.392, 4.112, 4.937], 0.02),
    ],
)
def test_front(name: str, radii_mm: list[float], share: float) -> None:
    assert answer(name).frozen_radius_mm == pytest.approx(radii_mm, rel=share)


@pytest.mark.parametrize(
    ("name", "row", "celsius", "within"),
    [
        ("v1-plane", 1, [-33.932, 33.229], 0.3),
        ("v2-line-sink", 1, [-54.804, -27.448, 33.391], 0.5),
        ("v6-sphere-wall", 0, [26.8526], 0.1),
        ("v6-sphere-film", 0, [16.1280, 31.6600], 0.1),
        ("v9-perfused-wall", 0, [24.40609, 24.40609], 0.01),
    ],
)
def test_temperatures(name: str, row: int, celsius: list[float], within: float) -> None:
    assert answer(name).temperature_celsius[row] == pytest.approx(celsius, abs=within)


def test_isotherms_round_a_long_tip() -> None:
    found = answer("v10-long-tip").isotherm_radius_mm
    assert found["-20.0"] == pytest.approx([1.801, 2.822, 3.407], rel=0.02)
    assert found["-40.0"] == pytest.approx([1.232, 1.613, 1.807], rel=0.02)


def test_tip_of_a_probe() -> None:
    assert answer("v11-probe").tip_celsius == pytest.approx(
        [-61.35, -63.06, -65.68, -66.25], abs=0.5
    )


@pytest.mark.parametrize("name", case_names())
def test_shipped_case_balances_and_gets_what_its_file_expects(name: str) -> None:
    """V12, and what docs/physics.md prints: it comes from the files and must hold too."""
    got, expected = answer(name), parse_case(case_text(name)).expected
    assert got.energy_residual < 1e-9
    assert expected is not None
    compared = [row.error <= row.within for row in compare(expected, got)]
    assert compared
    assert all(compared)


def same_numbers(printed: list[str], today: list[str]) -> None:
    """Errors may differ by their last printed digit: another processor rounds otherwise."""
    assert len(printed) == len(today)
    for then, now in zip(printed, today, strict=True):
        *told, ours, error, within = then.split(" | ")
        *said, found, off, limit = now.split(" | ")
        assert (told, within) == (said, limit)
        wanted = pytest.approx(numbers(found), rel=1e-3, abs=1e-12)
        assert numbers(ours) == wanted
        assert numbers(error) == pytest.approx(numbers(off), rel=0.1, abs=1e-12)


def numbers(cell: str) -> list[float]:
    return [float(word.split()[0]) for word in cell.split(", ")]


@pytest.mark.parametrize("name", case_names())
def test_the_table_in_the_document_has_the_numbers_of_today(name: str) -> None:
    page = DOCUMENT.read_text(encoding="utf-8").splitlines()
    case = parse_case(case_text(name))
    assert case.expected is not None
    today = [line(f"{case.title} (`{name}`)", row) for row in compare(case.expected, answer(name))]
    same_numbers([text for text in page if f"(`{name}`)" in text], today)


def test_what_is_not_a_case_file_holds_and_is_in_the_document() -> None:
    """V8, V12, V13."""
    page = DOCUMENT.read_text(encoding="utf-8").splitlines()
    found = beyond_cases()
    assert [title.split()[0] for title in found] == ["V8", "V12", "V13"]
    for title, rows in found.items():
        assert all(row.error <= row.within for row in rows)
        printed = [text for text in page if text.startswith(f"| {title} |")]
        same_numbers(printed, [line(title, row) for row in rows])


def test_bessel_cosine_mode_decays_as_it_must() -> None:
    """V8."""
    factors = bessel_cosine_factors()
    assert factors == pytest.approx(np.full(40, 0.502807), rel=0.005)


@pytest.mark.parametrize("backend", available_backends())
def test_ledger_of_a_freeze_and_a_thaw(backend: str) -> None:
    """V12: a run with freezing, thawing, sources, a vessel and injected heat."""
    field = ledger_run(backend)
    assert abs(field.wall_heat_j) > 10.0
    assert field.energy_residual < 1e-9
    field.energy_j[12, 12] += 1e-6  # a microjoule from nowhere
    assert field.energy_residual > 1e-9


def test_backend_by_another_name_is_refused() -> None:
    with pytest.raises(ValueError, match="backend"):
        HeatField(probe_grid(cell_mm=0.5), Material(), backend="fortran")


def test_gas_tables() -> None:
    """V13, and the saturation temperatures of the design page."""
    n2o, co2 = gas_table(Gas.N2O), gas_table(Gas.CO2)
    assert n2o.saturation_celsius(101.325) == pytest.approx(-88.466, abs=0.3)
    assert n2o.saturation_kpa(20.0) == pytest.approx(5052.5, rel=0.005)
    assert co2.saturation_kpa(20.0) == pytest.approx(5730.0, rel=0.005)
    assert co2.saturation_celsius(101.325) == pytest.approx(-78.465, abs=0.3)
    for bar, celsius in [(1.5, -81.6), (2, -76.2), (3, -68.0), (4, -61.7), (6, -51.9), (10, -38.2)]:
        assert n2o.saturation_celsius(100.0 * bar) == pytest.approx(celsius, abs=0.3)
    for bar, celsius in [(2, -69.8), (3, -64.4), (4, -60.3)]:
        assert co2.saturation_celsius(100.0 * bar) == pytest.approx(celsius, abs=0.3)
    for celsius, kilojoules in [(-88.5, 374.0), (-70.0, 353.0), (0.0, 233.0), (20.0, 170.0)]:
        assert n2o.latent_j_kg(celsius) / 1e3 == pytest.approx(kilojoules, rel=0.005)


def test_gas_table_inverse_and_order() -> None:
    for gas in Gas:
        table = gas_table(gas)
        pressures = [101.325 * 1.02**i for i in range(190)]
        boiling = [table.saturation_celsius(kpa) for kpa in pressures]
        assert boiling == sorted(boiling)
        back = [table.saturation_kpa(celsius) for celsius in boiling]
        assert back == pytest.approx(pressures, rel=2e-3)
        assert table.latent_j_kg(-57.0 if gas is Gas.CO2 else -60.0) > 0.0


def test_dry_ice_takes_more_heat_than_liquid() -> None:
    """Under the triple point CO2 is solid: the heat of fusion, 200 kJ/kg, comes on top."""
    table = gas_table(Gas.CO2)
    assert table.latent_j_kg(-57.0) - table.latent_j_kg(-56.0) == pytest.approx(2.0e5, rel=0.05)
