"""A bench that drives a plant by the reference hold loop."""

from __future__ import annotations

from collections.abc import Callable

from simulator.physics import Actuators, Plant
from simulator.physics.reference_hold import ReferenceHold

DT_S = 0.02


class Freeze:
    """What one freeze looked like."""

    def __init__(self) -> None:
        self.lowest_celsius = 99.0
        self.lowest_reading = 99.0
        self.to_target_s: float | None = None
        self.flow_mg_s = 0.0
        self.tips: list[float] = []


def freeze(
    plant: Plant, seconds: float, target_celsius: float = -70.0, *, lead_s: float = 0.2
) -> Freeze:
    loop, seen = ReferenceHold(target_celsius, lead_s=lead_s), Freeze()
    for step in range(round(seconds / DT_S)):
        reading = plant.sense()
        assert reading.tip_celsius is not None
        plant.advance(DT_S, Actuators(valve_duty=loop.duty(reading.tip_celsius)))
        tip = plant.tip_celsius
        seen.tips.append(tip)
        seen.lowest_celsius = min(seen.lowest_celsius, tip)
        seen.lowest_reading = min(seen.lowest_reading, reading.tip_celsius)
        if seen.to_target_s is None and reading.tip_celsius < target_celsius + 3.0:
            seen.to_target_s = step * DT_S
    seen.flow_mg_s = plant.sense().flow_mg_s
    return seen


def run(
    plant: Plant,
    seconds: float,
    actuators: Actuators,
    until: Callable[[Plant], bool] = lambda _: False,
) -> float:
    """Hold the actuators; returns the seconds that passed until `until`, or all of them."""
    for step in range(round(seconds / DT_S)):
        if until(plant):
            return step * DT_S
        plant.advance(DT_S, actuators)
    return seconds


SHUT = Actuators(valve_duty=0.0)
FULL = Actuators(valve_duty=1.0)
