"""Every hazard has a row: who detects it, what follows, and the words for the operator.

A device row is raised by the device's own fault bit of the same name, or is its refusal; a host row
by a watch. The thresholds of host rows stand in limits.toml.
"""

from typing import Final

from console.safety.rows.cold import COLD_ROWS
from console.safety.rows.gas import GAS_ROWS
from console.safety.rows.link import LINK_ROWS
from console.safety.rows.probe import PROBE_ROWS
from console.safety.rows.row import Latch, Row, SafeState
from console.safety.rows.tip import TIP_ROWS

__all__ = [
    "BY_ID",
    "EXPLAINED_BY",
    "ROWS",
    "TOLD_AFTER",
    "TOLD_AFTERWARDS",
    "Latch",
    "Row",
    "SafeState",
]

ROWS: Final[tuple[Row, ...]] = LINK_ROWS + COLD_ROWS + TIP_ROWS + GAS_ROWS + PROBE_ROWS

BY_ID: Final[dict[str, Row]] = {row.id: row for row in ROWS}

EXPLAINED_BY: Final[dict[str, tuple[str, ...]]] = {
    "lease_lost": ("link_lost", "screen_lost", "host_slept", "stale", "host_error"),
    "watchdog": ("restarted",),
    "tip_unknown": ("thermocouple_open", "thermocouple_short", "probe_missing"),
    "supply_warn": ("supply_low",),
    "stale": ("link_lost",),
    "over_cool": ("cooled_past_limit", "temperature_impossible", "siphon", "unexpected_freeze"),
    "orifice_blocked": ("fails_to_cool",),
    "target_missed": ("fails_to_cool",),
    "model_residual": ("fails_to_cool", "target_missed"),
    "flow_when_shut": ("unexpected_freeze", "both_on"),
    "leak": ("unexpected_freeze", "both_on"),
}
"""One fault is one alarm: the first is not raised while one of the others stands, which then stands
for as long as the first does. Where the first was there before, one of the others that is no less
urgent takes its place."""

TOLD_AFTERWARDS: Final = frozenset({"lease_lost", "watchdog"})
"""Of the first ones those that the device can only tell when their cause has gone: it is heard
again."""

TOLD_AFTER: Final[dict[str, str]] = {"lease_lost": "stop_unconfirmed"}
"""The first is what the console does about the second, which says it already: it is told when that
is over, for it is still to be reset there. What was told before is told on."""
