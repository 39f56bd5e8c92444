"""N2O and CO2: saturation, enthalpies and densities from the committed tables in `data/`.

The tables come from `make_gas_table.py`; nothing here needs CoolProp. Enthalpies share the
reference of the tables and only their differences mean anything.
"""

from __future__ import annotations

import math
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise

AMBIENT_KPA = 101.325
_LINE_KPA = 250.0
NORMAL_G_PER_L = {"n2o": 1.830, "co2": 1.830}  # 20 °C, 1 atm: molar mass 44.01 over 24.055 L


class Gas(StrEnum):
    """The gas in the cylinder."""

    N2O = "n2o"
    CO2 = "co2"


class GasTable:
    """One gas, by linear interpolation; temperatures in °C, pressures in kPa absolute, SI else.

    Values beyond the ends of the table are those of its ends, except the saturation pressure,
    which goes on along its last slope in ln p.
    """

    def __init__(self, text: str) -> None:
        """Parse a table as `make_gas_table.py` writes it."""
        facts: dict[str, float] = {}
        saturated: list[list[float]] = []
        line: list[list[float]] = []
        for raw in text.splitlines():
            if raw.startswith("#"):
                name, _, value = raw[1:].strip().partition(",")
                if value and name.endswith(("_kpa", "_celsius")):
                    facts[name] = float(value)
                continue
            row = [float(cell) for cell in raw.split(",")]
            (saturated if len(row) > 3 else line).append(row)
        self.critical_celsius = facts["critical_celsius"]
        self.critical_kpa = facts["critical_kpa"]
        self.triple_kpa = facts["triple_kpa"]
        columns: list[tuple[float, ...]] = list(zip(*saturated, strict=True))
        self._first, self._rows = int(columns[0][0]), len(saturated)
        self._log_kpa = [math.log(p) for p in columns[1]]
        self._liquid, self._vapour = columns[2], columns[3]
        self._liquid_density, self._vapour_density = columns[4], columns[5]
        self._inverse = self._invert()
        by_pressure: list[tuple[float, ...]] = list(zip(*line, strict=True))
        self._line_kpa = by_pressure[0]
        self._line_h, self._line_density = by_pressure[1], by_pressure[2]

    def saturation_kpa(self, celsius: float) -> float:
        """Vapour pressure over liquid, or for CO2 under -56.56 °C over the solid."""
        logs, place = self._log_kpa, celsius - self._first
        index = min(max(int(place), 0), self._rows - 2)
        low = logs[index]
        return math.exp(low + (place - index) * (logs[index + 1] - low))

    def saturation_celsius(self, kpa: float) -> float:
        """The temperature at which the gas boils (or sublimes) at a pressure."""
        start, step, values = self._inverse
        place = (math.log(kpa) - start) / step
        index = int(place)
        if not 0 <= index < len(values) - 1:
            index = 0 if index < 0 else len(values) - 2
        low = values[index]
        return low + (place - index) * (values[index + 1] - low)

    def vapour_j_kg(self, celsius: float) -> float:
        """Enthalpy of saturated vapour, J/kg."""
        return self._at(self._vapour, celsius)

    def liquid_j_kg(self, celsius: float) -> float:
        """Enthalpy of saturated liquid (solid CO2 under the triple point), J/kg."""
        return self._at(self._liquid, celsius)

    def latent_j_kg(self, celsius: float) -> float:
        """Heat of evaporation or sublimation, J/kg."""
        return self._at(self._vapour, celsius) - self._at(self._liquid, celsius)

    def liquid_kg_m3(self, celsius: float) -> float:
        """Density of saturated liquid."""
        return self._at(self._liquid_density, celsius)

    def vapour_kg_m3(self, celsius: float) -> float:
        """Density of saturated vapour."""
        return self._at(self._vapour_density, celsius)

    def line_j_kg(self, kpa: float) -> float:
        """Enthalpy of the gas at 20 °C and a pressure, J/kg."""
        index, share = self._line_place(kpa)
        low = self._line_h[index]
        return low + share * (self._line_h[index + 1] - low)

    def line(self, kpa: float) -> tuple[float, float]:
        """Density in kg/m3 and enthalpy in J/kg of the gas at 20 °C and a pressure; the density in
        proportion below the table's 100 kPa."""
        index, share = self._line_place(kpa)
        dense, heat = self._line_density, self._line_h
        low, start = dense[index], heat[index]
        density = low + share * (dense[index + 1] - low)
        if kpa < self._line_kpa[0]:
            density = low * kpa / self._line_kpa[0]
        return density, start + share * (heat[index + 1] - start)

    def _at(self, column: tuple[float, ...] | list[float], celsius: float) -> float:
        place = celsius - self._first
        index = int(place)
        if place < 0.0:
            return column[0]
        if index >= self._rows - 1:
            return column[-1]
        low = column[index]
        return low + (place - index) * (column[index + 1] - low)

    def _line_place(self, kpa: float) -> tuple[int, float]:
        """The row below a pressure, and how far from there to the next: rows stand at 100 kPa and
        then at every 250."""
        grid = self._line_kpa
        index = int(kpa / _LINE_KPA)
        if index >= len(grid) - 1:
            return len(grid) - 2, 1.0
        start = grid[index]
        return index, (kpa - start) / (grid[index + 1] - start) if kpa > start else 0.0

    def _invert(self, count: int = 400) -> tuple[float, float, list[float]]:
        """Temperature over evenly spaced ln p, so that a look-up needs no search."""
        start, end = self._log_kpa[0], self._log_kpa[-1]
        step = (end - start) / (count - 1)
        spans = list(pairwise(self._log_kpa))
        values, span = [], 0
        for i in range(count):
            level = start + i * step
            while span < len(spans) - 1 and spans[span][1] < level:
                span += 1
            low, high = spans[span]
            values.append(self._first + span + (level - low) / (high - low))
        return start, step, values


@cache
def gas_table(gas: Gas) -> GasTable:
    """The table of a gas, read once from the package's data."""
    source = files("simulator.physics").joinpath("data", f"{gas.value}.csv")
    return GasTable(source.read_text(encoding="utf-8"))
