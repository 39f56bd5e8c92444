"""Valve open, supply good, and much less flow than the valve's duty should give."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import FaultBit, Interlock, Latch, Moment, SafeState, Suppression
from console.safety.interlocks.flow_when_shut import FULL_FLOW_MG_S
from console.safety.interlocks.supply_warn import START_KPA
from console.safety.limits import Limit, Tighter
from console.safety.watches import lasting

SHARE: Final = Limit("flow.blocked_share", 0.3, Tighter.HIGHER, 0.4)
FOR_MS: Final = Limit("flow.blocked_ms", 4_000, Tighter.LOWER, 3_500)
"""The device acts at 3,000."""
LEAST_PERCENT: Final = Limit("flow.least_valve_percent", 10)
"""At less duty the flow sensor cannot say."""


def _blocked(now: Moment) -> bool:
    seen, gas, limits = now.seen, now.facts.gas, now.limits
    if seen is None or gas is None or seen.flow_mg_s is None or seen.supply_kpa is None:
        return False
    if not seen.valve_open or seen.valve_percent < limits[LEAST_PERCENT]:
        return False
    if seen.supply_kpa < limits[START_KPA.of(gas)]:
        return False
    usual = limits[FULL_FLOW_MG_S] * seen.valve_percent / 100
    return seen.flow_mg_s < limits[SHARE] * usual


INTERLOCK: Final = Interlock(
    id="orifice_blocked",
    hazard="the nerve is not frozen",
    cause="moisture, oil or dry ice plugs the orifice",
    hears=(lasting(_blocked, FOR_MS), FaultBit()),
    threshold="supply good, flow under {flow.blocked_share:.0%} of what the valve's duty should "
    "give for 3 s (host {flow.blocked_ms} ms)",
    reaction_ms=3_500,
    state=SafeState.SS1,
    priority=Priority.MEDIUM,
    latch=Latch.OPERATOR,
    happened="No flow, supply good: the probe's orifice is blocked",
    to_do="Gas is shut. Do not move the probe until it has thawed, then change it.",
    done="Gas is shut. Change the probe before the next freeze.",
    residual="A slow block shows first as a warmer tip.",
    suppressed_by=(Suppression("fails_to_cool"),),
    limits=(SHARE, FOR_MS, LEAST_PERCENT),
)
