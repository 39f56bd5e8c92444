"""The cylinder on the console: what is drawn from it, what leaks, and its faults."""

from __future__ import annotations

from simulator.physics.cylinder import Cylinder
from simulator.physics.faults import CYLINDER_KNOBS, Faults
from simulator.physics.gas import GasTable

FULL_G = 3000.0
_MOST_G = 4000.0
_GOOD_G = 1500.0  # at least that is in the cylinder that replaces a faulty one


class Supply:
    """Keeps the cylinder and counts what left it; the cylinder is slow and settles on `settle`."""

    def __init__(self, table: GasTable, contents_g: float, room_celsius: float) -> None:
        self._table = table
        self._room_celsius = room_celsius
        self._applied: dict[str, float] = {}
        self._waiting_kg = 0.0
        self._released_kg = 0.0
        self._leak_kg_s = 0.0
        self.cylinder = self._cylinder(contents_g)

    @property
    def kpa(self) -> float:
        """At the cylinder's side of the regulator, absolute."""
        return self.cylinder.kpa

    @property
    def contents_g(self) -> float:
        """What is left."""
        return max(0.0, 1e3 * (self.cylinder.contents_kg - self._waiting_kg))

    @property
    def released_g(self) -> float:
        """All that left cylinders here so far."""
        return 1e3 * (self._released_kg + self._waiting_kg)

    def draw(self, dt_s: float, flow_kg_s: float) -> None:
        """Take flow_kg_s, and what leaks, for dt_s."""
        self._waiting_kg += (flow_kg_s + self._leak_kg_s) * dt_s

    def settle(self, span_s: float) -> None:
        """Bring the cylinder up to date over the span_s since the last call."""
        drawn_kg = min(self._waiting_kg, self.cylinder.contents_kg)
        self.cylinder.advance(span_s, drawn_kg / span_s, self._room_celsius)
        self._released_kg += drawn_kg
        self._waiting_kg = 0.0

    def change(self, contents_g: float, faults: Faults) -> None:
        """Put a good cylinder on, which takes the old one's faults away. Raises ValueError."""
        self.cylinder = self._cylinder(contents_g)
        for name in CYLINDER_KNOBS:
            faults.pop(name, None)
        self._applied = {}

    def apply(self, faults: Faults) -> None:
        """A cylinder fault is another cylinder; taken away, a good one is put on again."""
        self._leak_kg_s = faults.get("supply_leak", 0.0) / 1000.0
        wanted = {name: faults[name] for name in CYLINDER_KNOBS if name in faults}
        if wanted == self._applied:
            return
        self._applied = wanted
        contents_g = 1e3 * self.cylinder.contents_kg
        if "supply_empty" not in wanted:
            contents_g = max(contents_g, _GOOD_G)
        self.cylinder = cylinder = self._cylinder(contents_g)
        if "cylinder_cold" in wanted:
            cylinder.set_celsius(wanted["cylinder_cold"])
        if "cylinder_hot" in wanted:
            cylinder.set_celsius(wanted["cylinder_hot"])
        if "cylinder_overfilled" in wanted:
            cylinder.overfill(wanted["cylinder_overfilled"])
        if "vapour_only" in wanted:
            cylinder.leave_vapour(wanted["vapour_only"])
        if wanted.get("supply_empty", 0.0) > 0.0:
            cylinder.run_out(wanted["supply_empty"])

    def _cylinder(self, contents_g: float) -> Cylinder:
        if not 0.0 <= contents_g <= _MOST_G:
            raise ValueError(f"contents_g: {contents_g} is outside 0 to {_MOST_G:g} g")
        return Cylinder(self._table, contents_g=contents_g, celsius=self._room_celsius)
