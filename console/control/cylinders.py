"""The cylinders of the consoles: entered by the operator, used up by the metered flow."""

from typing import Final

import msgspec

from console.control.outputs import CylinderTold, Output
from console.control.state import State
from console.model.cylinder import Cylinder

TOLD_EVERY_G: Final = 5.0
"""Use that a crash in mid-freeze may lose: about 15 s of it."""


def known(state: State, console: str, cylinder: Cylinder) -> None:
    """What earlier runs have left."""
    state.cylinders = {**state.cylinders, console: cylinder}


def entered(state: State, now_ms: float, contents_g: float, out: list[Output]) -> None:
    """Another cylinder at the console that is connected."""
    if state.device is not None:
        known(state, state.device.serial, Cylinder(contents_g, state.wall(now_ms)))
        _tell(state, out)


def used(state: State, grams: float, out: list[Output]) -> None:
    """So much gas has flowed. It is kept when the valve has shut, and in between."""
    cylinder, device, seen = state.cylinder, state.device, state.observation
    if cylinder is None or device is None or seen is None:
        return
    if grams > 0:
        cylinder = msgspec.structs.replace(cylinder, used_g=cylinder.used_g + grams)
        known(state, device.serial, cylinder)
    untold_g = cylinder.used_g - state.cylinder_told_g
    if untold_g >= TOLD_EVERY_G or (untold_g > 0 and not seen.valve_open and grams == 0):
        _tell(state, out)


def _tell(state: State, out: list[Output]) -> None:
    if state.cylinder is not None and state.device is not None:
        state.cylinder_told_g = state.cylinder.used_g
        out.append(CylinderTold(state.device.serial, state.cylinder))
