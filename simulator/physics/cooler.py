"""From the regulator to the tip's chamber: flow, pressure, and the cold that arrives.

Vapour at room temperature expands through the orifice. Without the counter-flow recuperator the
expansion alone makes no liquid; the returning gas pre-cools the supply over some seconds, and then
a share of the flow arrives as liquid and boils in the chamber at the pressure that the exhaust
leaves there.
"""

from __future__ import annotations

import math
from functools import lru_cache

import msgspec

from simulator.physics.gas import AMBIENT_KPA, GasTable
from simulator.physics.tip import Drive

_SET_KPA = 4500.0
_DROOP_KPA_S_KG = 100.0 / 0.30e-3  # 1 bar at full flow
_VALVE_S = 0.030
_ORIFICE_M2 = math.pi / 4.0 * 0.16e-3**2
_DISCHARGE = 0.98
_CHOKED = 0.667  # sqrt(g) (2 / (g + 1))^((g + 1) / (2 (g - 1))) with g = 1.3
_EXHAUST_KG_S_KPA = 0.30e-3 / math.sqrt(150.0**2 - AMBIENT_KPA**2)  # 1.5 bar at full flow
_CHAMBER_S = 0.015  # the chamber and the exhaust channel fill and empty
_RECUPERATOR_S = 1.4  # builds up while gas flows
_RECUPERATOR_WARM_S = 45.0  # and is lost when it does not
_RECUPERATOR = 0.67
_POOR_LOSS = 0.357  # a share of its exchange that a fully "poor" recuperator loses
_DRY_WALL_W_K = 0.020  # cold vapour on a dry wall, steady
_JET = 50.0  # and while the chamber still fills: the jet strikes a wall at low pressure
_SIPHON_FLOW = 1.3  # flashing liquid through the same orifice
_SHAFT_GAIN_W = 0.8  # what shaft and hose warm the pre-cooled gas by on its way
_PLUG_S = 15.0  # dry ice in the orifice is gone that soon after the gas
_LEAST_FLOW = 1e-8
_LEAST_OPENING = 1e-5
_HALVINGS = 30


class GasFaults(msgspec.Struct, frozen=True):
    """What is wrong on the gas side; shares run from 0 to 1.

    plugging_per_s is how fast dry ice shuts the orifice while the chamber is under the triple
    point; a shaft leak loses that share of the cold before the tip.
    """

    exhaust_open: float = 1.0
    orifice_open: float = 1.0
    recuperator_poor: float = 0.0
    plugging_per_s: float = 0.0
    shaft_leak: float = 0.0


class Cooler:
    """Valve, regulator, orifice, recuperator and chamber; what the tip feels is in `drive`.

    `flow_kg_s` leaves the cylinder through the orifice, `chamber_kpa` is the pressure round the
    boiling liquid, `opening` the valve's own position, `plug` the share of the orifice
    that dry ice has shut.
    """

    def __init__(self, table: GasTable) -> None:
        self._table = table
        self.opening = 0.0
        self.flow_kg_s = 0.0
        self.chamber_kpa = AMBIENT_KPA
        self.effectiveness = 0.0
        self.plug = 0.0
        self.drive = Drive(boiling_celsius=table.saturation_celsius(AMBIENT_KPA))

    def advance(
        self,
        dt_s: float,
        duty: float,
        cylinder_kpa: float,
        room_celsius: float,
        faults: GasFaults,
        siphon_j_kg: float | None = None,
    ) -> None:
        """One step of dt_s at a duty of the valve; siphon_j_kg: enthalpy of liquid feed or None."""
        keep_valve, keep_chamber, keep_cold, keep_warm = _kept(dt_s)
        off = self.opening - duty
        mean = duty + off * (1.0 - keep_valve) * _VALVE_S / dt_s
        self.opening = duty + off * keep_valve
        if mean < _LEAST_OPENING and self.chamber_kpa < AMBIENT_KPA + 0.01:
            self._rest(keep_warm, room_celsius)
            self.plug *= math.exp(-dt_s / _PLUG_S)
            return
        table = self._table
        if faults.plugging_per_s and self.chamber_kpa < table.triple_kpa:
            self.plug = min(1.0, self.plug + faults.plugging_per_s * mean * dt_s)
        line_kpa = min(_SET_KPA, cylinder_kpa) - _DROOP_KPA_S_KG * self.flow_kg_s
        line_kpa = max(line_kpa, AMBIENT_KPA)
        density, line_j_kg = table.line(line_kpa)
        area = mean * faults.orifice_open * (1.0 - self.plug) * _ORIFICE_M2 * _DISCHARGE
        flow = _CHOKED * area * math.sqrt(1000.0 * line_kpa * density)
        if siphon_j_kg is not None:
            flow *= _SIPHON_FLOW
        flow, settled = _through(flow, line_kpa, _EXHAUST_KG_S_KPA * max(faults.exhaust_open, 0.01))
        self.flow_kg_s = flow
        self.chamber_kpa = settled + (self.chamber_kpa - settled) * keep_chamber
        drive = self.drive
        filling = max(0.0, settled - self.chamber_kpa) / settled
        drive.vapour_film_w_k = _DRY_WALL_W_K * (1.0 + _JET * filling)
        drive.boiling_celsius = table.saturation_celsius(self.chamber_kpa)
        if flow < _LEAST_FLOW:
            drive.liquid_w = drive.vapour_w_k = 0.0
            self.effectiveness *= keep_warm
            return
        best = _RECUPERATOR * (1.0 - _POOR_LOSS * faults.recuperator_poor)
        self.effectiveness = best + (self.effectiveness - best) * keep_cold
        self._cold(line_j_kg if siphon_j_kg is None else siphon_j_kg, room_celsius)
        if faults.shaft_leak:
            drive.liquid_w *= 1.0 - faults.shaft_leak

    def _cold(self, feed_j_kg: float, room_celsius: float) -> None:
        """Share the cold of the flow between liquid and vapour."""
        table, flow, drive = self._table, self.flow_kg_s, self.drive
        boiling = drive.boiling_celsius
        vapour = table.vapour_j_kg(boiling)
        returned = table.line_j_kg(self.chamber_kpa) - vapour  # to warm the exhaust to the room
        specific = max(returned, 1.0) / (20.0 - boiling)
        gained = self.effectiveness * specific * (room_celsius - boiling)
        cold = vapour - feed_j_kg + gained - _SHAFT_GAIN_W / flow
        drive.liquid_w = flow * max(cold, 0.0)
        drive.vapour_w_k = flow * specific
        drive.vapour_celsius = min(boiling + max(-cold, 0.0) / specific, room_celsius)

    def _rest(self, keep_warm: float, room_celsius: float) -> None:
        """Nothing flows: the recuperator warms up."""
        self.effectiveness *= keep_warm
        self.flow_kg_s = 0.0
        self.chamber_kpa = AMBIENT_KPA
        drive = self.drive
        drive.liquid_w = drive.vapour_w_k = 0.0
        drive.vapour_celsius = room_celsius


@lru_cache(maxsize=64)
def _kept(dt_s: float) -> tuple[float, float, float, float]:
    """What a step leaves of the valve's, the chamber's and the recuperator's (cold, warm) way."""
    return (
        math.exp(-dt_s / _VALVE_S),
        math.exp(-dt_s / _CHAMBER_S),
        math.exp(-dt_s / _RECUPERATOR_S),
        math.exp(-dt_s / _RECUPERATOR_WARM_S),
    )


def _through(choked_kg_s: float, line_kpa: float, exhaust_kg_s_kpa: float) -> tuple[float, float]:
    """Flow in kg/s, and the chamber's kPa at which as much leaves by the exhaust as comes in.

    The orifice passes choked_kg_s while the line is at twice the chamber's pressure or more, and
    less with the square root of line / chamber - 1 beyond: the chamber never exceeds its line.
    """
    settled = math.hypot(AMBIENT_KPA, choked_kg_s / exhaust_kg_s_kpa)
    if line_kpa >= 2.0 * settled:
        return choked_kg_s, settled
    low, high = AMBIENT_KPA, min(settled, line_kpa)
    flow = 0.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        flow = choked_kg_s * math.sqrt(min(1.0, max(0.0, line_kpa / middle - 1.0)))
        if math.hypot(AMBIENT_KPA, flow / exhaust_kg_s_kpa) > middle:
            low = middle
        else:
            high = middle
    return flow, 0.5 * (low + high)
