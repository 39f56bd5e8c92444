"""The tip gets colder than any target of this gas."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import STAY, FaultBit, Found, Interlock, Latch, Moment, SafeState
from console.safety.interlocks.temperature_impossible import COLDEST_CELSIUS, colder_than_possible
from console.safety.limits import Below, Limit, PerGas, Tighter
from console.safety.watches import in_readings

LOWEST_CELSIUS: Final = PerGas(
    n2o=Limit("n2o.lowest_tip_celsius", -85.0, Tighter.HIGHER, -82.0),
    co2=Limit("co2.lowest_tip_celsius", -80.0, Tighter.HIGHER, -79.0),
)
_WHY: Final = "below it the reading counts as impossible, and not as cold"


def _too_cold(now: Moment) -> bool:
    tip, gas = now.tip, now.facts.gas
    # Colder than it can be is the sensor's interlock.
    if not now.freezing or tip is None or gas is None or colder_than_possible(now):
        return False
    return tip < now.limits[LOWEST_CELSIUS.of(gas)]


INTERLOCK: Final = Interlock(
    id="cooled_past_limit",
    hazard="tissue is frozen far deeper than planned",
    cause="the same, and fast",
    hears=(
        in_readings(
            2,
            _too_cold,
            lambda now: Found("tip", {"tip": now.tip}),
            per_freeze=True,
        ),
        FaultBit(),
    ),
    threshold="tip under {n2o.lowest_tip_celsius} °C (N2O), {co2.lowest_tip_celsius} °C (CO2); "
    "device at once, host 2 frames",
    reaction_ms=60,
    state=SafeState.SS1,
    priority=Priority.HIGH,
    latch=Latch.OPERATOR,
    happened="Tip is colder than the console's limit{detail}",
    details={"tip": ": {tip:°C.1}"},
    to_do=STAY + " Have the console checked before the next freeze.",
    done="Gas is shut. Have the console checked before the next freeze.",
    residual="The ice goes on growing a little while the tip warms.",
    limits=(LOWEST_CELSIUS.n2o, LOWEST_CELSIUS.co2),
    relations=(
        Below(COLDEST_CELSIUS.n2o, LOWEST_CELSIUS.n2o, _WHY),
        Below(COLDEST_CELSIUS.co2, LOWEST_CELSIUS.co2, _WHY),
    ),
)
