"""Writes data/n2o.csv and data/co2.csv. Needs CoolProp, which nothing else here does:

    python3 -m venv /tmp/coolprop && /tmp/coolprop/bin/pip install CoolProp==8.0.0
    /tmp/coolprop/bin/python simulator/physics/make_gas_table.py

Saturated N2O is the equation of state of Lemmon and Span (J. Chem. Eng. Data 51, 2006, 785), CO2
that of Span and Wagner (J. Phys. Chem. Ref. Data 25, 1996, 1509). Under its triple point CO2 is
solid: the pressure is Span and Wagner's sublimation line, the vapour is ideal with a second virial
correction from the triple point, and the heat of sublimation follows from Clausius and Clapeyron.
"""

from __future__ import annotations

import math
import sys
from importlib.metadata import version
from pathlib import Path

KELVIN = 273.15
_TRIPLE_K, _TRIPLE_PA = 216.592, 517950.0
_DRY_ICE_KG_M3 = 1562.0
_FLUIDS = {"n2o": ("NitrousOxide", -90, 36), "co2": ("CO2", -100, 30)}
_LINE_STEP_KPA = 250


def sublimation_pa(kelvin: float) -> float:
    """Span and Wagner's sublimation pressure of CO2 in Pa."""
    x = 1.0 - kelvin / _TRIPLE_K
    series = -14.740846 * x + 2.4327015 * x**1.9 - 5.3061778 * x**2.9
    return _TRIPLE_PA * math.exp(_TRIPLE_K / kelvin * series)


def main() -> None:
    """Write both tables beside this file."""
    import CoolProp.CoolProp as CP  # type: ignore[import-not-found]  # noqa: N817, PLC0415

    def saturated(fluid: str, celsius: float) -> list[float]:
        """P kPa, h liquid and vapour J/kg, density liquid and vapour kg/m3."""
        kelvin = celsius + KELVIN
        if fluid == "CO2" and kelvin < _TRIPLE_K:
            return _solid(kelvin)
        pick = [("P", 0), ("H", 0), ("H", 1), ("D", 0), ("D", 1)]
        row = [CP.PropsSI(what, "T", kelvin, "Q", q, fluid) for what, q in pick]
        row[0] /= 1000.0
        return row

    def _solid(kelvin: float) -> list[float]:
        pressure = sublimation_pa(kelvin)
        slope = (sublimation_pa(kelvin + 0.05) - sublimation_pa(kelvin - 0.05)) / 0.1
        gas = 8.314462 / 0.0440098
        z_triple = _TRIPLE_PA / (CP.PropsSI("D", "T", _TRIPLE_K, "Q", 1, "CO2") * gas * _TRIPLE_K)
        compress = 1.0 - (1.0 - z_triple) * pressure / _TRIPLE_PA
        density = pressure / (compress * gas * kelvin)
        at_triple = CP.PropsSI("H", "T", _TRIPLE_K, "Q", 1, "CO2")
        above = _TRIPLE_K + 1.0  # the equation of state refuses the very edge
        heat = CP.PropsSI("CP0MASS", "T", above, "P", 1000.0, "CO2")
        ideal = CP.PropsSI("H", "T", above, "P", 1000.0, "CO2") - heat
        vapour = ideal + heat * (kelvin - _TRIPLE_K)
        vapour += (at_triple - ideal) * pressure / _TRIPLE_PA
        latent = kelvin * (1.0 / density - 1.0 / _DRY_ICE_KG_M3) * slope
        return [pressure / 1000.0, vapour - latent, vapour, _DRY_ICE_KG_M3, density]

    release = version("CoolProp")
    for name, (fluid, low, high) in _FLUIDS.items():
        lines = [
            f"# {fluid}: written by simulator/physics/make_gas_table.py, CoolProp {release}",
            f"# critical_celsius,{CP.PropsSI('Tcrit', fluid) - KELVIN:.4f}",
            f"# critical_kpa,{CP.PropsSI('pcrit', fluid) / 1000.0:.3f}",
            f"# triple_kpa,{CP.PropsSI('ptriple', fluid) / 1000.0:.3f}",
            "# saturated: celsius,kpa,h_liquid_j_kg,h_vapour_j_kg,liquid_kg_m3,vapour_kg_m3",
        ]
        for celsius in range(low, high + 1):
            row = saturated(fluid, float(celsius))
            lines.append(f"{celsius}," + ",".join(f"{value:.7g}" for value in row))
        lines.append("# gas at 20 celsius: kpa,h_j_kg,kg_m3")
        limit = CP.PropsSI("P", "T", 20.0 + KELVIN, "Q", 1, fluid) / 1000.0
        pressures = [100.0, *range(_LINE_STEP_KPA, int(limit), _LINE_STEP_KPA)]
        for kpa in pressures:
            state = ("T", 20.0 + KELVIN, "P", kpa * 1000.0, fluid)
            lines.append(f"{kpa:g},{CP.PropsSI('H', *state):.7g},{CP.PropsSI('D', *state):.7g}")
        target = Path(__file__).with_name("data") / f"{name}.csv"
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
        sys.stderr.write(f"{target}\n")


if __name__ == "__main__":
    main()
