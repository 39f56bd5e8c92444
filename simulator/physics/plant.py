"""The whole plant behind the firmware: cylinder, valve, gas, probe, tissue and sensors.

The firmware calls `advance` with what it drives and then reads `sense`. The target is held by the
firmware's own loop. This PI with a lead against the thermocouple's lag, at 50 Hz, holds N2O at
-70 °C and CO2 at -60 °C in tissue, water and air (tests/physics/physics_hold.py is its code):

    slope   += (change of tip per s - slope) * dt / (0.05 s + dt)
    error    = tip - target                    (K, positive when too warm)
    duty     = clip(0.04 * (error + 0.2 s * slope) + integral, 0, 1)
    integral += 0.03 * error * dt              (only while the duty is not clipped outwards;
                                                kept within -0.2 to 1)

Tissue and water are as steady with the lead left out; in air, where a tip has almost no load, it is
what keeps the first overshoot above -76 °C.

Determinism: the same seed, steps, actuators and faults give the same bits on one machine and
backend. Nothing here reads a clock, a file (but the gas table, once) or global random state.
"""

from __future__ import annotations

import math

import numpy as np

from simulator.physics.cooler import Cooler
from simulator.physics.cylinder import Cylinder
from simulator.physics.faults import Faults
from simulator.physics.field import HeatField
from simulator.physics.gas import Gas, gas_table
from simulator.physics.grid import probe_grid
from simulator.physics.isotherms import isotherm_radius
from simulator.physics.material import Curve, Material
from simulator.physics.medium import Medium, surroundings
from simulator.physics.probes import ProbeKind
from simulator.physics.readings import Actuators, Quality, Sensed, Truth
from simulator.physics.thermocouple import Noise, Thermocouple
from simulator.physics.tip import Tip

_LONGEST_CALL_S = 1.0
_LONGEST_STEP_S = 0.02
_CYLINDER_S = 0.1
_HEATER_CELSIUS = 40.0
_HEATER_W_K = 1.0
_HOSE_S = 20.0
_HOSE_FALL_K = 9.0  # the console's end of a healthy hose at full flow
_HOSE_SIPHON_K = 75.0
_FULL_FLOW_KG_S = 0.30e-3
_PRESSURE_NOISE_KPA = 2.0
_EXHAUST_NOISE_KPA = 0.3
_FLOW_NOISE_MG_S = 0.3
_FLOW_LAG_S = 0.10
_HOSE_NOISE_K = 0.1
_OPEN_READ_BACK = 0.02  # the read-back switch says open beyond this


class Plant:
    """A console's gas side with a probe in a medium."""

    def __init__(
        self,
        gas: Gas = Gas.N2O,
        *,
        seed: int = 1,
        cell_mm: float = 0.5,
        probe: ProbeKind | None = None,
        medium: Medium = Medium.TISSUE,
        patient: Material | None = None,
        room_celsius: float = 20.0,
        contents_g: float = 3000.0,
        backend: str = "auto",
    ) -> None:
        """A plant at rest; cell_mm is the tissue grid near the probe, patient None the book's."""
        self.gas = gas
        self.probe = ProbeKind() if probe is None else probe
        self.room_celsius = room_celsius
        self.faults = Faults()
        self.elapsed_s = 0.0
        self._cell_mm = cell_mm
        self._backend = backend
        self._tissue = Material() if patient is None else patient
        self._noise = Noise(np.random.default_rng(seed))
        table = gas_table(gas)
        self._cylinder = Cylinder(table, contents_g=contents_g, celsius=room_celsius)
        self._cooler = Cooler(table)
        self._released_kg = self._drawn_kg = self._drawn_s = 0.0
        self._flow_kg_s = 0.0
        self._hose_celsius = room_celsius
        self._dt_s = self._flow_gain = self._hose_gain = 0.0
        self._applied: dict[str, float | None] = {}
        self._place(medium)
        self._apply_faults()

    def advance(self, dt_s: float, actuators: Actuators) -> None:
        """Move the plant on by dt_s (above 0, at most 1 s) with the actuators held."""
        if not 0.0 < dt_s <= _LONGEST_CALL_S:
            raise ValueError(f"dt_s: {dt_s} is outside 0 to {_LONGEST_CALL_S:g} s")
        faults = self.faults
        faults.advance(dt_s)
        if faults.version != self._fault_version:
            self._apply_faults()
        duty = min(max(actuators.valve_duty, 0.0), 1.0)
        duty = 0.0 if self._stuck_shut else max(duty, self._stuck_open)
        if actuators.supply_isolated:
            duty = 0.0
        gas = self._gas_faults
        if not actuators.exhaust_open:
            gas = gas | {"exhaust_open": 0.0}
        count = math.ceil(dt_s / _LONGEST_STEP_S - 1e-9)
        for _ in range(count):
            self._step(dt_s / count, duty, actuators.warming, gas)
        self.elapsed_s += dt_s

    def _step(self, dt_s: float, duty: float, warming: bool, gas: dict[str, float]) -> None:
        cooler, tip, room = self._cooler, self._tip, self.room_celsius
        if self._siphon:
            gas = gas | {"siphon_j_kg": self._cylinder.feed_j_kg}
        cooler.advance(dt_s, duty, self._cylinder.kpa, room, **gas)
        self._draw(dt_s)
        drive = cooler.drive
        drive.heater_w = 0.0
        if warming:
            wanted = _HEATER_W_K * (_HEATER_CELSIUS - tip.celsius)
            drive.heater_w = min(max(wanted, 0.0), self.probe.heater_w) * self._heater_share
        if self._field is not None:
            self._field.follow(tip, drive, dt_s)
        else:
            tip.advance(dt_s, drive, self._curve, 0.0, self._air_w_k * (room - tip.celsius))
        if dt_s != self._dt_s:
            self._dt_s = dt_s
            self._flow_gain = -math.expm1(-dt_s / _FLOW_LAG_S)
            self._hose_gain = -math.expm1(-dt_s / _HOSE_S)
        self._thermocouple.advance(dt_s, tip.celsius, room, self._noise.next(), self.faults)
        flow = cooler.flow_kg_s
        self._flow_kg_s += (flow - self._flow_kg_s) * self._flow_gain
        share = min(1.0, flow / _FULL_FLOW_KG_S)
        hose = room - _HOSE_FALL_K * share
        if self._siphon:
            hose -= _HOSE_SIPHON_K * min(1.0, 6.0 * share)
        self._hose_celsius += (hose - self._hose_celsius) * self._hose_gain

    def _draw(self, dt_s: float) -> None:
        """Take gas from the cylinder, which is slow and settles up every 0.1 s."""
        self._drawn_kg += (self._cooler.flow_kg_s + self._leak_kg_s) * dt_s
        self._drawn_s += dt_s
        if self._drawn_s > _CYLINDER_S - 1e-9:
            self._cylinder.advance(self._drawn_s, self._drawn_kg / self._drawn_s, self.room_celsius)
            self._released_kg += self._drawn_kg
            self._drawn_kg = self._drawn_s = 0.0

    def sense(self) -> Sensed:
        """What the sensors say after the last step."""
        noise = self._noise.next
        thermocouple = self._thermocouple
        return Sensed(
            tip_celsius=thermocouple.celsius,
            tip_quality=thermocouple.quality,
            hose_celsius=self._hose_celsius + _HOSE_NOISE_K * noise(),
            hose_quality=Quality.OK,
            room_celsius=self.room_celsius,
            supply_kpa=self._cylinder.kpa + _PRESSURE_NOISE_KPA * noise(),
            exhaust_kpa=self._cooler.chamber_kpa + _EXHAUST_NOISE_KPA * noise(),
            flow_mg_s=max(0.0, 1e6 * self._flow_kg_s + _FLOW_NOISE_MG_S * noise()),
            valve_open=self._cooler.opening > _OPEN_READ_BACK,
        )

    @property
    def truth(self) -> Truth:
        """What really is; computed when asked for."""
        edge = reach = 0.0
        if self._field is not None:
            theta = self._curve.theta(self._tip.celsius)
            liquidus = self._curve.liquidus
            edge = isotherm_radius(self._field, liquidus, wall_theta=theta)
            reach = isotherm_radius(self._field, -20.0, wall_theta=theta)
        return Truth(
            tip_celsius=self._tip.celsius,
            ice_edge_mm=2e3 * edge,
            minus20_mm=2e3 * reach,
            minus20_reach_mm=max(0.0, 1e3 * reach - self.probe.radius_mm),
            contents_g=1e3 * (self._cylinder.contents_kg - self._drawn_kg),
            cylinder_celsius=self._cylinder.celsius,
            released_g=1e3 * (self._released_kg + self._drawn_kg),
        )

    @property
    def medium(self) -> Medium:
        """Where the tip stands."""
        return self._medium

    def set_medium(self, medium: Medium) -> None:
        """Move the probe into a fresh medium. Raises ValueError while the tip is under 0 °C."""
        if self._tip.celsius < 0.0:
            raise ValueError(f"the tip is at {self._tip.celsius:.0f} °C: frozen fast, do not move")
        self._place(medium)

    def _place(self, medium: Medium) -> None:
        around = surroundings(medium, self.room_celsius, self._tissue)
        self._medium = medium
        self._field: HeatField | None = None
        self._air_w_k = around.film_w_m2k * self.probe.surface_m2
        self._curve = Curve(around.material or self._tissue)
        if around.material is not None:
            grid = probe_grid(
                radius_mm=self.probe.radius_mm,
                length_mm=self.probe.length_mm,
                cell_mm=self._cell_mm,
            )
            self._field = HeatField(
                grid, around.material, around.initial_celsius, backend=self._backend
            )
        film = self.probe.film_w_k if self.gas is Gas.N2O else self.probe.film_co2_w_k
        self._tip = Tip(
            around.initial_celsius,
            capacity_j_k=self.probe.capacity_j_k,
            film_w_k=film,
            shaft_w_k=self.probe.shaft_w_k,
        )
        self._cooler.drive.shaft_celsius = around.initial_celsius
        self._thermocouple = Thermocouple(around.initial_celsius)

    def _apply_faults(self) -> None:
        """Read the knobs: laws that change, and states that are set once."""
        faults, cylinder = self.faults, self._cylinder
        self._fault_version = faults.version
        self._stuck_open = faults.get("valve_stuck_open", 0.0)
        self._stuck_shut = faults.get("valve_stuck_closed", 0.0) > 0.0
        self._siphon = faults.get("siphon", 0.0) > 0.0
        self._leak_kg_s = faults.get("supply_leak", 0.0) / 1000.0
        self._heater_share = 1.0 - faults.get("warming_fails", 0.0)
        self._gas_faults = {
            "exhaust_open": 1.0 - faults.get("exhaust_blocked", 0.0),
            "orifice_open": 1.0 - faults.get("orifice_blocked", 0.0),
            "recuperator_poor": faults.get("recuperator_poor", 0.0),
        }
        cylinder.overfill_kpa = faults.get("cylinder_overfilled", 0.0)
        for name in ("supply_empty", "cylinder_cold", "cylinder_hot"):
            size = faults.get(name)
            if size is not None and self._applied.get(name) != size:
                if name != "supply_empty":
                    cylinder.set_celsius(size)
                elif size > 0.0:
                    cylinder.empty_of_liquid()
            self._applied[name] = size
