"""The supply's pressure sensor gives no value."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import Interlock, Moment, SafeState
from console.safety.limits import Limit, Tighter
from console.safety.watches import lasting

FOR_MS: Final = Limit("supply.unknown_ms", 1_000, Tighter.LOWER, 500)


def _unknown(now: Moment) -> bool:
    return now.seen is not None and now.seen.supply_kpa is None


INTERLOCK: Final = Interlock(
    id="supply_unknown",
    hazard="nobody sees the supply run low or too high",
    cause="the supply's pressure sensor or its cable fails",
    hears=(lasting(_unknown, FOR_MS),),
    threshold="no supply pressure for {supply.unknown_ms} ms. A running freeze goes on: tip, "
    "exhaust and flow are watched, and to end it would harm more",
    reaction_ms=1_100,
    state=SafeState.SS2,
    priority=Priority.LOW,
    light="supply",
    happened="Supply pressure unknown: its sensor gives no value",
    to_do="A running freeze goes on; no other can start. Read the gauge at the cylinder; have "
    "the console checked.",
    done="A running freeze goes on; no other can start. Read the gauge at the cylinder; have the "
    "console checked.",
    residual="Until the end of this freeze too high a supply is left to the relief valve.",
    limits=(FOR_MS,),
)
