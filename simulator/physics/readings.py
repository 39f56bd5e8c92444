"""What goes into the plant and what comes out of it: actuators, sensors, and the hidden truth."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Quality(StrEnum):
    """How far a reading can be believed. Anything but OK has no value."""

    OK = "ok"
    OPEN = "open"
    SHORT = "short"
    OUT_OF_RANGE = "out_of_range"
    STALE = "stale"
    NOT_FITTED = "not_fitted"


class Actuators(msgspec.Struct, frozen=True):
    """As the firmware drives them during one step.

    valve_duty runs from 0 (shut) to 1 (fully open); the valve's 30 ms lag is the plant's.
    warming is the active thaw heater, supply_isolated the second valve where one is fitted.
    """

    valve_duty: float
    exhaust_open: bool = True
    warming: bool = False
    supply_isolated: bool = False


class Sensed(msgspec.Struct, frozen=True):
    """What the sensors say now: noise, lag and front-end state included. Pressures absolute.

    supply_kpa is on the cylinder side of the regulator, exhaust_kpa in the tip's chamber,
    hose_celsius at the console's end of the hose, valve_open the position read back.
    """

    tip_celsius: float | None
    tip_quality: Quality
    hose_celsius: float | None
    hose_quality: Quality
    room_celsius: float | None
    supply_kpa: float
    exhaust_kpa: float
    flow_mg_s: float
    valve_open: bool


class Truth(msgspec.Struct, frozen=True):
    """What really is; never shown to the host.

    ice_edge_mm is the largest diameter of the liquidus (-1 °C in tissue) isotherm, 0 where there
    is no ice; minus20_mm the diameter of the -20 °C isotherm; minus20_reach_mm how far that
    stands out from the probe's surface; contents_g what is left in the cylinder; released_g what
    went into the room or the scavenging hose since the start. nerve_celsius is the sensory nerve's
    temperature, nerve_below_s the time that it has spent below -20 °C.
    """

    tip_celsius: float
    ice_edge_mm: float
    minus20_mm: float
    minus20_reach_mm: float
    contents_g: float
    cylinder_celsius: float
    released_g: float
    nerve_celsius: float = 37.0
    nerve_below_s: float = 0.0
