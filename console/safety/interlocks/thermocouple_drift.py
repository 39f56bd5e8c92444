"""At the console check the tip did not agree with the room."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import ENGINEER, Found, Interlock, Latch, Moment, SafeState
from console.safety.watches import at_once


def _judge(now: Moment) -> Found | None:
    measured = now.facts.thermocouple_off
    return Found(values={"measured": measured}) if measured else None


INTERLOCK: Final = Interlock(
    id="thermocouple_drift",
    hazard="the tip's reading is wrong by some degrees",
    cause="a drifted or reversed thermocouple, or a fault of its cold junction",
    hears=(at_once(_judge),),
    threshold="at the console check, 180 s after the thaw: tip and room differ by more than 5 °C",
    reaction_ms=100,
    state=SafeState.SS2,
    priority=Priority.MEDIUM,
    latch=Latch.ENGINEER,
    happened="Tip sensor does not agree with the room: {measured}",
    to_do="No freeze can start. " + ENGINEER,
    done="No freeze can start. An engineer must release the console.",
    residual="The same water agreed with the room before the first gas of the check, so warm "
    "water alone does not lock a console. What drifts later is the next row's.",
)
