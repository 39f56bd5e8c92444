"""The supply's pressure is under what a freeze may start with."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import Found, Interlock, Moment, SafeState, Suppression
from console.safety.limits import Below, Limit, PerGas, Tighter
from console.safety.watches import at_once

START_KPA: Final = PerGas(
    n2o=Limit("n2o.supply_start_kpa.low", 4_100.0, Tighter.HIGHER, 4_600.0),
    co2=Limit("co2.supply_start_kpa.low", 4_500.0, Tighter.HIGHER, 5_000.0),
)
HIGHEST_START_KPA: Final = PerGas(
    n2o=Limit("n2o.supply_start_kpa.high", 6_600.0, Tighter.LOWER, 6_200.0),
    co2=Limit("co2.supply_start_kpa.high", 7_000.0, Tighter.LOWER, 6_600.0),
)
CLEARS_ABOVE_KPA: Final = Limit("supply.clears_above_kpa", 50.0)
"""A raised warning goes on until the pressure is so far above what a freeze may start with."""
_WHY: Final = "no pressure is left to start with"


def _low(now: Moment, by: float = 0.0) -> bool:
    seen, gas = now.seen, now.facts.gas
    if seen is None or gas is None or seen.supply_kpa is None:
        return False
    return seen.supply_kpa < now.limits[START_KPA.of(gas)] + by


def _judge(now: Moment) -> Found | None:
    if not _judged(now) or not _low(now) or now.seen is None:
        return None
    return Found(values={"supply": now.seen.supply_kpa})


def _judged(now: Moment) -> bool:
    # An open hose has no pressure: it rests, with the gas off, while the cylinder is changed.
    return now.facts.gas_on or not now.facts.cylinder_changing


INTERLOCK: Final = Interlock(
    id="supply_warn",
    hazard="the gas runs out in mid-freeze",
    cause="the cylinder is cold or nearly empty",
    hears=(
        at_once(
            _judge,
            keeps=lambda _, now: _low(now, by=now.limits[CLEARS_ABOVE_KPA]),
            judged=_judged,
        ),
    ),
    threshold="supply under {n2o.supply_start_kpa.low} kPa (N2O), {co2.supply_start_kpa.low} kPa "
    "(CO2). With the gas off it rests while the operator says that the cylinder is being changed, "
    "until its contents are entered, the old one is on again or gas is asked for",
    reaction_ms=100,
    state=SafeState.NONE,
    priority=Priority.LOW,
    light="supply",
    happened="Supply pressure is low: {supply:kPa>bar.1}",
    to_do="Freezing goes on. Cylinder cold or nearly empty: warm or change it at the thaw.",
    done="It stops no freeze. Cylinder cold or nearly empty: warm or change it at the thaw.",
    residual="Pressure tells temperature, not contents: a warm cylinder may be empty soon.",
    suppressed_by=(Suppression("supply_low"),),
    limits=(
        START_KPA.n2o,
        START_KPA.co2,
        HIGHEST_START_KPA.n2o,
        HIGHEST_START_KPA.co2,
        CLEARS_ABOVE_KPA,
    ),
    relations=(
        Below(START_KPA.n2o, HIGHEST_START_KPA.n2o, _WHY),
        Below(START_KPA.co2, HIGHEST_START_KPA.co2, _WHY),
    ),
)
