"""The whole plant behind the firmware: cylinder, valve, gas, probe, tissue and sensors.

The firmware calls `advance` with what it drives and then reads `sense`. The target is held by the
firmware's own loop; `reference_hold` tells one, with its gains, that holds in every medium.

Determinism: the same seed, steps, actuators and faults give the same bits on one machine and
backend. Nothing here reads a clock, a file (but the gas table, once) or global random state.
"""

from __future__ import annotations

import math
from functools import lru_cache

import msgspec
import numpy as np

from simulator.physics.cooler import Cooler, GasFaults
from simulator.physics.faults import Faults
from simulator.physics.field import HeatField, add_vessel
from simulator.physics.gas import AMBIENT_KPA, Gas, gas_table
from simulator.physics.grid import probe_grid
from simulator.physics.isotherms import Place, isotherm_radius, temperature_at
from simulator.physics.material import Curve, Material
from simulator.physics.medium import Medium, surroundings
from simulator.physics.patient import Nerve, Patient
from simulator.physics.presets import tissues
from simulator.physics.probes import ProbeKind
from simulator.physics.readings import Actuators, Quality, Sensed, Truth
from simulator.physics.supply import FULL_G, Supply
from simulator.physics.thermocouple import Noise, Thermocouple
from simulator.physics.tip import Tip

_OK = Quality.OK
_LONGEST_CALL_S = 1.0
_LONGEST_STEP_S = 0.02
_SLOW_S = 0.1
_HEATER_CELSIUS = 40.0
_HEATER_W_K = 1.0
_HOSE_S = 20.0
_HOSE_FALL_K = 9.0  # the console's end of a healthy hose at full flow
_HOSE_SIPHON_K = 75.0
_HOSE_SIPHON_S = 3.0  # liquid that boils at the wall takes its heat several times as fast
_FULL_FLOW_KG_S = 0.30e-3
_PRESSURE_NOISE_KPA = 2.0
_EXHAUST_NOISE_KPA = 0.3
_FLOW_NOISE_MG_S = 0.3
_FLOW_LAG_S = 0.10
_HOSE_NOISE_K = 0.1
_OPEN_READ_BACK = 0.02  # the read-back switch says open beyond this


class Plant:
    """A console's gas side with a probe in a medium, in the hands of one thread.

    `faults` are the knobs, `nerve` is what the patient feels; copy.deepcopy makes a checkpoint.
    """

    def __init__(
        self,
        gas: Gas = Gas.N2O,
        *,
        seed: int = 1,
        cell_mm: float = 0.5,
        probe: ProbeKind | None = None,
        medium: Medium = Medium.TISSUE,
        patient: Patient | None = None,
        tissue: Material | None = None,
        room_celsius: float = 20.0,
        contents_g: float = FULL_G,
        backend: str = "numpy",
    ) -> None:
        """A plant at rest. Raises ValueError for numbers that cannot be.

        seed feeds the sensors' noise alone; cell_mm is the tissue grid near the probe; patient and
        tissue None are the book's; backend as `HeatField` has it, plain unless asked, so that a
        seed gives the same last digit on a machine with the accelerator and on one without.
        """
        if not 0.05 <= cell_mm <= 2.0:
            raise ValueError(f"cell_mm: {cell_mm} is outside 0.05 to 2 mm")
        if not 0.0 <= room_celsius <= 40.0:
            raise ValueError(f"room_celsius: {room_celsius} is outside 0 to 40 °C")
        self.gas = gas
        self.probe = ProbeKind() if probe is None else probe
        self.room_celsius = room_celsius
        self.faults = Faults()
        self.elapsed_s = 0.0
        self._cell_mm = cell_mm
        self._backend = backend
        self._book = tissues()["generic"] if tissue is None else tissue
        self._stand_in(Patient() if patient is None else patient)
        self._noise = Noise(np.random.default_rng(seed))
        self._sensor_noise = (0.0, 0.0, 0.0, 0.0)
        table = gas_table(gas)
        self._supply = Supply(table, contents_g, room_celsius)
        self._cooler = Cooler(table)
        self._slow_s = 0.0
        self._flow_kg_s = 0.0
        self._hose_celsius = room_celsius
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
            gas = msgspec.structs.replace(gas, exhaust_open=0.0)
        count = math.ceil(dt_s / _LONGEST_STEP_S - 1e-9)
        for _ in range(count):
            self._step(dt_s / count, duty, actuators.warming, gas)
        self._sensor_noise = self._noise.next_four()
        self.elapsed_s += dt_s

    def _step(self, dt_s: float, duty: float, warming: bool, gas: GasFaults) -> None:
        cooler, tip, room = self._cooler, self._tip, self.room_celsius
        liquid = self._supply.cylinder.feed_j_kg if self._siphon else None
        cooler.advance(dt_s, duty, self._supply.kpa, room, gas, liquid)
        self._slowly(dt_s)
        drive = cooler.drive
        drive.heater_w = self._heater_w(tip.celsius) if warming else 0.0
        if self._field is not None:
            self._field.follow(tip, drive, dt_s)
        else:
            tip.advance(dt_s, drive, self._curve, 0.0, self._air_w_k * (room - tip.celsius))
        flow_gain, hose_gain = _gains(dt_s)
        self._thermocouple.advance(dt_s, tip.celsius, room, self._noise.next(), self.faults)
        flow = cooler.flow_kg_s
        self._flow_kg_s += (flow - self._flow_kg_s) * flow_gain
        share = min(1.0, flow / _FULL_FLOW_KG_S)
        hose = room - _HOSE_FALL_K * share
        if self._siphon:
            wet = min(1.0, 30.0 * share)
            hose -= _HOSE_SIPHON_K * wet
            hose_gain += wet * (-math.expm1(-dt_s / _HOSE_SIPHON_S) - hose_gain)
        self._hose_celsius += (hose - self._hose_celsius) * hose_gain

    def _heater_w(self, tip_celsius: float) -> float:
        wanted = _HEATER_W_K * (_HEATER_CELSIUS - tip_celsius)
        return min(max(wanted, 0.0), self.probe.heater_w) * self._heater_share

    def _slowly(self, dt_s: float) -> None:
        """The cylinder and the nerve are slow: they settle up every 0.1 s."""
        self._supply.draw(dt_s, self._cooler.flow_kg_s)
        self._slow_s += dt_s
        if self._slow_s < _SLOW_S - 1e-9:
            return
        self._supply.settle(self._slow_s)
        if self._nerve_place is not None:
            theta = self._curve.theta(self._tip.celsius)
            self.nerve.advance(self._slow_s, self._nerve_place.celsius(theta))
        self._slow_s = 0.0

    def sense(self) -> Sensed:
        """What the sensors say after the last step; asking twice gives the same answer."""
        hose_noise, supply_noise, exhaust_noise, flow_noise = self._sensor_noise
        thermocouple = self._thermocouple
        return Sensed(
            tip_celsius=thermocouple.celsius,
            tip_quality=thermocouple.quality,
            hose_celsius=self._hose_celsius + _HOSE_NOISE_K * hose_noise,
            hose_quality=_OK,
            room_celsius=self.room_celsius,
            supply_kpa=self._supply.kpa + _PRESSURE_NOISE_KPA * supply_noise,
            exhaust_kpa=self._cooler.chamber_kpa + _EXHAUST_NOISE_KPA * exhaust_noise,
            flow_mg_s=max(0.0, 1e6 * self._flow_kg_s + _FLOW_NOISE_MG_S * flow_noise),
            valve_open=self._cooler.opening > _OPEN_READ_BACK,
        )

    @property
    def tip_celsius(self) -> float:
        """The true temperature of the tip, without the rest of `truth`."""
        return self._tip.celsius

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
            contents_g=self._supply.contents_g,
            cylinder_celsius=self._supply.cylinder.celsius,
            released_g=self._supply.released_g,
            nerve_celsius=self.nerve.celsius,
            nerve_below_s=self.nerve.below_s,
        )

    @property
    def medium(self) -> Medium:
        """Where the tip stands."""
        return self._medium

    @property
    def bubbles(self) -> bool:
        """Whether somebody looking at the probe in water sees gas come out of the shaft."""
        leak = self.faults.get("shaft_leak", 0.0) > 0.0
        return (
            leak and self._medium is Medium.WATER and self._cooler.chamber_kpa > AMBIENT_KPA + 1.0
        )

    def temperature_at(self, distance_from_surface_mm: float) -> float:
        """True °C at a distance from the probe's side, at mid-length of the active tip."""
        if self._field is None:
            return self.room_celsius
        return temperature_at(
            self._field,
            1e-3 * (self.probe.radius_mm + distance_from_surface_mm),
            wall_theta=self._curve.theta(self._tip.celsius),
            column=self._field.grid.middle,
        )

    def set_medium(self, medium: Medium) -> None:
        """Move the probe into a fresh medium. Raises ValueError while the tip is under 0 °C."""
        self._movable()
        self._place(medium)

    def move_probe(self, nearer_mm: float = 0.0) -> None:
        """Put the probe elsewhere in the same medium, nearer to the nerve by nearer_mm.

        The tissue there is fresh. Raises ValueError while the tip is under 0 °C.
        """
        self._movable()
        self.nerve.moved(nearer_mm)
        self._place(self._medium)

    def place_probe(self, patient: Patient) -> None:
        """Take the probe out and put it into the tissue of `patient`, at a nerve that nothing has
        happened to. Raises ValueError while the tip is under 0 °C."""
        self._movable()
        self._stand_in(patient)
        self._place(Medium.TISSUE)

    def change_cylinder(self, contents_g: float = FULL_G) -> None:
        """Put a good cylinder of contents_g (0 to 4000) at room temperature on the console."""
        self._supply.change(contents_g, self.faults)

    def _movable(self) -> None:
        if self._tip.celsius < 0.0:
            raise ValueError(f"the tip is at {self._tip.celsius:.0f} °C: frozen fast, do not move")

    def _stand_in(self, patient: Patient) -> None:
        self.patient, self.nerve = patient, Nerve(patient)
        self._tissue = patient.tissue(self._book)

    def _place(self, medium: Medium) -> None:
        around = surroundings(medium, self.room_celsius, self._tissue)
        self._medium = medium
        self._field: HeatField | None = None
        self._nerve_place: Place | None = None
        self._air_w_k = around.film_w_m2k * self.probe.surface_m2
        self._curve = Curve(around.material or self._tissue)
        if around.material is not None:
            grid = probe_grid(
                radius_mm=self.probe.radius_mm,
                length_mm=self.probe.length_mm,
                cell_mm=self._cell_mm,
                contact=self.patient.contact if medium is Medium.TISSUE else 1.0,
            )
            self._field = HeatField(
                grid, around.material, around.initial_celsius, backend=self._backend
            )
            if medium is Medium.TISSUE:
                depth_m = 1e-3 * (self.probe.radius_mm + self.nerve.distance_mm)
                self._nerve_place = Place(self._field, depth_m, column=grid.middle, wall=True)
        film = self.probe.film_w_k if self.gas is Gas.N2O else self.probe.film_co2_w_k
        self._tip = Tip(
            around.initial_celsius,
            capacity_j_k=self.probe.capacity_j_k,
            film_w_k=film,
            shaft_w_k=self.probe.shaft_w_k,
        )
        self._cooler.drive.shaft_celsius = around.initial_celsius
        self._thermocouple = Thermocouple(around.initial_celsius)
        self._vessel = 0.0
        self._fault_version = -1

    def _apply_faults(self) -> None:
        """Read the knobs: laws that change, and states that are set once."""
        faults = self.faults
        self._fault_version = faults.version
        self._stuck_open = faults.get("valve_stuck_open", 0.0)
        self._stuck_shut = faults.get("valve_stuck_closed", 0.0) > 0.0
        self._siphon = faults.get("siphon", 0.0) > 0.0
        self._heater_share = 1.0 - faults.get("warming_fails", 0.0)
        self._gas_faults = GasFaults(
            exhaust_open=1.0 - faults.get("exhaust_blocked", 0.0),
            orifice_open=1.0 - faults.get("orifice_blocked", 0.0),
            recuperator_poor=faults.get("recuperator_poor", 0.0),
            plugging_per_s=faults.get("dry_ice_plug", 0.0) / 60.0,
            shaft_leak=faults.get("shaft_leak", 0.0),
        )
        vessel = faults.get("warm_vessel", 0.0)
        if vessel != self._vessel and self._field is not None:
            self._vessel = vessel
            add_vessel(self._field, vessel)
        self._supply.apply(faults)


@lru_cache(maxsize=64)
def _gains(dt_s: float) -> tuple[float, float]:
    """How much of their way the flow meter and the hose go in a step."""
    return -math.expm1(-dt_s / _FLOW_LAG_S), -math.expm1(-dt_s / _HOSE_S)
