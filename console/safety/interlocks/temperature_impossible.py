"""The tip's reading cannot be true: colder than the gas can boil, or away and back at once."""

from typing import Final

from console.model.alarm import Priority
from console.model.instruction import Instruction
from console.safety.interlock import (
    FaultBit,
    Found,
    Interlock,
    Latch,
    Moment,
    SafeState,
    Watch,
)
from console.safety.limits import Limit, PerGas, Tighter

COLDEST_CELSIUS: Final = PerGas(
    n2o=Limit("n2o.impossible_celsius", -94.0, Tighter.HIGHER, -90.0),
    co2=Limit("co2.impossible_celsius", -84.0, Tighter.HIGHER, -82.0),
)
"""5 °C under the gas's saturation temperature at 1.0 bar."""
JUMP_CELSIUS: Final = Limit("sensor.jump_celsius", 30.0, Tighter.LOWER, 20.0)
READINGS: Final = 2


def colder_than_possible(now: Moment) -> bool:
    """Whether the tip reads colder than the gas can make it."""
    tip, gas = now.tip, now.facts.gas
    return tip is not None and gas is not None and tip < now.limits[COLDEST_CELSIUS.of(gas)]


def _remember(readings: int, now: Moment) -> int:
    return min(readings + 1, READINGS) if colder_than_possible(now) else 0


def _judge(readings: int, now: Moment) -> Found | None:
    return Found() if readings >= READINGS or _jumped(now) else None


def _jumped(now: Moment) -> bool:
    by = now.limits[JUMP_CELSIUS]
    if len(now.signals.tips) < 3:
        return False
    first, spike, last = now.signals.tips
    if first is None or spike is None or last is None:
        return False
    return spike - max(first, last) >= by or min(first, last) - spike >= by


INTERLOCK: Final = Interlock(
    id="temperature_impossible",
    hazard="the tip's reading is wrong",
    cause="thermocouple or front end fails",
    hears=(Watch(0, _remember, _judge, keeps=lambda readings, now: readings > 0), FaultBit()),
    threshold="under {n2o.impossible_celsius} °C (N2O), {co2.impossible_celsius} °C (CO2) "
    "for 2 samples, or {sensor.jump_celsius} °C away and back between samples",
    reaction_ms=160,
    state=SafeState.SS1,
    priority=Priority.MEDIUM,
    latch=Latch.OPERATOR,
    light="tip",
    happened="The tip temperature jumps or is impossible",
    to_do="Gas is shut. Do not trust the reading: wait at least 5:00 and check on ultrasound. "
    "Then change the probe.",
    done="Gas is shut. Do not trust the reading. Then change the probe.",
    asks=Instruction.WAIT,
    residual="A wrong reading that stays believable is not found.",
    limits=(COLDEST_CELSIUS.n2o, COLDEST_CELSIUS.co2, JUMP_CELSIUS),
)
