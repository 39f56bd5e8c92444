"""The metal of the tip: a small heat capacity between boiling gas and tissue."""

from __future__ import annotations

import math

import msgspec

from simulator.physics.material import Curve

_STEP_S = 0.005


class Drive(msgspec.Struct):
    """What works on the tip during one step, from outside the tissue.

    The liquid boils at boiling_celsius and can take liquid_w; vapour of heat capacity flow
    vapour_w_k (W/K) reaches dry wall at vapour_celsius through vapour_film_w_k; the heater gives
    heater_w; the shaft behind stands at shaft_celsius.
    """

    boiling_celsius: float = -88.0
    liquid_w: float = 0.0
    vapour_w_k: float = 0.0
    vapour_film_w_k: float = 0.0
    vapour_celsius: float = 20.0
    heater_w: float = 0.0
    shaft_celsius: float = 37.0


class Tip:
    """Lumped tip; `celsius` is its temperature, capacity J/K, boiling film W/K, shaft leak W/K.

    Each step is linearised at its start and solved implicitly, and the heat that the tissue gets
    is computed from the same linearisation, so nothing is lost between the two.
    """

    __slots__ = ("capacity_j_k", "celsius", "film_w_k", "shaft_w_k")

    def __init__(
        self, celsius: float, *, capacity_j_k: float, film_w_k: float, shaft_w_k: float
    ) -> None:
        self.celsius = celsius
        self.capacity_j_k = capacity_j_k
        self.film_w_k = film_w_k
        self.shaft_w_k = shaft_w_k

    def numbers(self, drive: Drive) -> tuple[float, ...]:
        """The arguments of `tip_steps` from `capacity` to `heater_w`."""
        flow = drive.vapour_w_k
        gas_w_k = flow * -math.expm1(-drive.vapour_film_w_k / flow) if flow else 0.0
        return (
            self.capacity_j_k,
            self.film_w_k,
            self.shaft_w_k,
            drive.shaft_celsius,
            drive.boiling_celsius,
            drive.liquid_w,
            gas_w_k,
            drive.vapour_celsius,
            drive.heater_w,
        )

    def advance(
        self, dt_s: float, drive: Drive, curve: Curve, wall_conductance: float, wall_sum: float
    ) -> float:
        """Move on by dt_s; returns the mean theta of the wall (W/m) that the tissue felt.

        The tissue takes wall_conductance * theta - wall_sum watts.
        """
        self.celsius, theta = tip_steps(
            self.celsius,
            dt_s,
            wall_conductance,
            wall_sum,
            *self.numbers(drive),
            *curve_numbers(curve),
        )
        return theta


def curve_numbers(curve: Curve) -> tuple[float, ...]:
    """The arguments of `tip_steps` from `liquidus` on."""
    return (
        curve.liquidus,
        curve.solidus,
        curve.theta_solidus,
        curve.k_unfrozen,
        curve.k_mushy,
        curve.k_frozen,
    )


def tip_steps(
    celsius: float,
    dt_s: float,
    wall_conductance: float,
    wall_sum: float,
    capacity: float,
    film: float,
    shaft: float,
    shaft_celsius: float,
    boiling: float,
    liquid_w: float,
    gas_w_k: float,
    gas_celsius: float,
    heater_w: float,
    liquidus: float,
    solidus: float,
    theta_solidus: float,
    k_unfrozen: float,
    k_mushy: float,
    k_frozen: float,
) -> tuple[float, float]:
    """The tip over dt_s in steps of at most 5 ms: temperature at the end, mean theta of its wall.

    Plain numbers only, because numba compiles this very function where it is to be had.
    """
    count = max(1, int(math.ceil(dt_s / _STEP_S - 1e-9)))  # noqa: RUF046  numba wants the int
    step = dt_s / count
    total = 0.0
    for _ in range(count):
        if celsius >= liquidus:
            slope = k_unfrozen
            theta = slope * (celsius - liquidus)
        elif celsius >= solidus:
            slope = k_mushy
            theta = slope * (celsius - liquidus)
        else:
            slope = k_frozen
            theta = theta_solidus + slope * (celsius - solidus)
        out = 0.0
        stiff = shaft + wall_conductance * slope
        dry = 1.0
        over = celsius - boiling
        if liquid_w > 0.0 and over > 0.0:
            # Of a film that could take `ask`, only the wetted share works: the liquid runs out.
            ask = film * over
            left = math.exp(-ask / liquid_w)
            out = liquid_w * (1.0 - left)
            stiff += film * left
            dry = 1.0 - out / ask
        out += dry * gas_w_k * (celsius - gas_celsius)
        stiff += dry * gas_w_k
        net = heater_w + shaft * (shaft_celsius - celsius) + wall_sum
        net -= wall_conductance * theta + out
        change = step * net / (capacity + step * stiff)
        total += theta + slope * change
        celsius += change
    return celsius, total / count
