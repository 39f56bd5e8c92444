"""Every hazard has a row: who detects it, what follows, and the words for the operator.

A device row is raised by the device's own fault bit of the same name; a host row by a watch. The
thresholds of host rows stand in limits.toml.
"""

from enum import StrEnum
from typing import Final

import msgspec

from console.model.alarm import Priority


class SafeState(StrEnum):
    """What an interlock does."""

    SS1 = "SS1"  # gas shut, exhaust open, stimulation off, passive thaw
    SS2 = "SS2"  # no start
    SS3 = "SS3"  # stimulation off
    NONE = "-"


class Latch(StrEnum):
    """What clears the alarm once its cause is gone."""

    NO = "no"
    OPERATOR = "operator"
    ENGINEER = "engineer"


class Row(msgspec.Struct, frozen=True):
    """One hazard. `happened` and `to_do` are the alarm's two lines; a finding's detail is put where
    {detail} stands."""

    id: str
    hazard: str
    detectors: tuple[str, ...]
    state: SafeState
    priority: Priority
    latch: Latch
    happened: str
    to_do: str


_D, _H, _DH = ("device",), ("host",), ("device", "host")
_SS1, _SS2, _SS3, _ON = SafeState.SS1, SafeState.SS2, SafeState.SS3, SafeState.NONE
_HIGH, _MEDIUM, _LOW = Priority.HIGH, Priority.MEDIUM, Priority.LOW
_NO, _YES, _PLUS = Latch.NO, Latch.OPERATOR, Latch.ENGINEER
_STAY = "Gas is shut. Do not move the probe until it has thawed."
_CLOSE = "Close the cylinder valve now. Do not move the probe."

ROWS: Final[tuple[Row, ...]] = (
    # --- the link and this computer -----------------------------------------------------------
    Row(
        "stop_unconfirmed", "STOP does not reach the device", _H, _SS1, _HIGH, _NO,
        "STOP is not confirmed by the console", _CLOSE,
    ),
    Row(
        "command_unanswered", "a command is lost", _H, _SS1, _HIGH, _YES,
        "The console did not answer: {detail}",
        "Stop was sent. If gas still flows, close the cylinder valve.",
    ),
    Row(
        "link_lost", "nobody watches or steers the device", _H, _SS1, _MEDIUM, _YES,
        "Connection to the console lost{detail}",
        "The console shuts the gas by itself within 1 s. If gas still flows, close the cylinder "
        "valve. Check the cable and the console.",
    ),
    Row(
        "stale", "decisions on old readings", _H, _SS1, _MEDIUM, _YES,
        "Readings from the console are old{detail}", "Stop was sent. " + _STAY,
    ),
    Row(
        "lease_lost", "the host is gone while gas flows", _D, _SS1, _HIGH, _YES,
        "The console heard nothing from this computer and shut the gas", _STAY,
    ),
    Row(
        "screen_lost", "the operator sees a dead picture", _H, _SS1, _HIGH, _YES,
        "The screen did not respond for {detail}", "Stop was sent. " + _STAY,
    ),
    Row(
        "host_slept", "the host was not watching", _H, _SS1, _MEDIUM, _YES,
        "This computer paused for {detail}", "Stop was sent. " + _STAY,
    ),
    Row(
        "host_error", "the host's program fails", _H, _SS1, _HIGH, _YES,
        "A fault in this program: {detail}", "Stop was sent. " + _STAY,
    ),
    Row(
        "restarted", "the device restarts in mid-freeze", _H, _SS1, _HIGH, _YES,
        "The console restarted", "Its gas valve is shut after a restart. " + _STAY,
    ),
    Row(
        "unexpected_freeze", "gas flows that nobody asked for", _H, _SS1, _HIGH, _PLUS,
        "The console freezes, and nobody here asked it to", _CLOSE,
    ),
    Row(
        "record_failed", "the session is not recorded", _H, _SS2, _MEDIUM, _NO,
        "The record cannot be written: {detail}",
        "The running freeze goes on; no other can start.",
    ),
    # --- cold ---------------------------------------------------------------------------------
    Row(
        "over_cool", "tissue is frozen deeper than planned", _DH, _SS1, _MEDIUM, _YES,
        "Tip is more than 10 °C colder than the target{detail}", _STAY,
    ),
    Row(
        "cooled_past_limit", "tissue is frozen far deeper than planned", _DH, _SS1, _HIGH, _YES,
        "Tip is colder than the console's limit{detail}", _STAY,
    ),
    Row(
        "fails_to_cool", "the nerve is not frozen, gas is wasted", _DH, _SS1, _MEDIUM, _YES,
        "Tip does not get cold{detail}",
        "Gas is shut. Check cylinder, hose and probe before you repeat.",
    ),
    Row(
        "freeze_too_long", "the freeze does not end", _DH, _SS1, _MEDIUM, _YES,
        "The freeze ran past its end{detail}", _STAY,
    ),
    Row(
        "flow_when_shut", "gas flows with the valve shut", _DH, _SS1, _HIGH, _PLUS,
        "Gas still flows with the valve shut{detail}", _CLOSE,
    ),
    Row(
        "tip_unknown", "the probe is moved while frozen", _H, _ON, _MEDIUM, _NO,
        "Tip temperature unknown{detail}",
        "Wait at least 5:00. Check on ultrasound. Withdraw only if the probe turns and slides "
        "without force.",
    ),
    Row(
        "temperature_impossible", "the tip's reading is wrong", _D, _SS1, _MEDIUM, _YES,
        "The tip temperature jumps or is impossible", _STAY,
    ),
    Row(
        "thermocouple_open", "the tip's reading is lost", _D, _SS1, _MEDIUM, _YES,
        "Tip sensor is broken or unplugged", _STAY,
    ),
    Row(
        "thermocouple_short", "the tip's reading is lost", _D, _SS1, _MEDIUM, _YES,
        "Tip sensor has a short circuit", _STAY,
    ),
    Row(
        "thermocouple_stuck", "the tip's reading stands still", _D, _SS1, _MEDIUM, _YES,
        "Tip temperature did not follow the gas", _STAY,
    ),
    # --- gas ----------------------------------------------------------------------------------
    Row(
        "supply_warn", "the gas runs out in mid-freeze", _H, _ON, _LOW, _NO,
        "Supply pressure is low: {detail}",
        "Freezing goes on. Cylinder cold or nearly empty: warm it or change it at the thaw.",
    ),
    Row(
        "supply_low", "the gas runs out in mid-freeze", _D, _SS1, _LOW, _NO,
        "Supply pressure too low to freeze",
        "Gas is shut. Cylinder cold or nearly empty: warm it or change it. Do not move the probe.",
    ),
    Row(
        "supply_high", "the gas side is over its pressure", _D, _SS1, _MEDIUM, _NO,
        "Supply pressure too high", "Gas is shut. Let the cylinder cool down. "
        "Do not move the probe until it has thawed.",
    ),
    Row(
        "supply_extreme", "the gas side may burst", _D, _SS1, _HIGH, _PLUS,
        "Supply pressure above 76 bar", _CLOSE,
    ),
    Row(
        "exhaust_blocked", "pressure in the probe", _D, _SS1, _HIGH, _YES,
        "The probe's exhaust is blocked: pressure in the tip",
        "Gas is shut. Free the exhaust hose. Do not move the probe until it has thawed.",
    ),
    Row(
        "orifice_blocked", "the nerve is not frozen", _D, _SS1, _MEDIUM, _YES,
        "No flow, supply good: the probe's orifice is blocked",
        "Gas is shut. Change the probe once it has thawed.",
    ),
    Row(
        "leak", "gas leaks into the room", _D, _SS1, _HIGH, _PLUS,
        "Gas leaks from the supply", _CLOSE,
    ),
    Row(
        "siphon", "liquid reaches the probe", _D, _SS1, _HIGH, _PLUS,
        "Liquid in the supply hose: the cylinder has a siphon", _CLOSE,
    ),
    # --- probe, stimulator, power -------------------------------------------------------------
    Row(
        "probe_missing", "what is in the patient is not known", _D, _SS1, _MEDIUM, _YES,
        "The probe was unplugged", _STAY,
    ),
    Row(
        "probe_changed", "what is in the patient is not known", _D, _SS1, _MEDIUM, _YES,
        "Another probe was plugged in", _STAY,
    ),
    Row(
        "both_on", "freezing and stimulating together", _DH, _SS1, _HIGH, _PLUS,
        "Gas and stimulation were on together", "Both are off. " + _STAY,
    ),
    Row(
        "stimulator_open_lead", "the answer means nothing", _D, _SS3, _LOW, _NO,
        "Stimulation lead is open", "Stimulation is off. Check electrode and lead.",
    ),
    Row(
        "stimulator_over_current", "the nerve is overstimulated", _D, _SS3, _HIGH, _PLUS,
        "Stimulator delivered more than it was set to", "Stimulation is off.",
    ),
    Row(
        "stimulator_step", "the patient is startled", _D, _SS3, _MEDIUM, _NO,
        "Stimulation rose too fast", "Stimulation is off.",
    ),
    Row(
        "brown_out", "the device loses power", _D, _SS1, _MEDIUM, _YES,
        "The console's power supply dropped", _STAY,
    ),
    Row(
        "watchdog", "the device's program hangs", _D, _SS1, _HIGH, _YES,
        "The console restarted itself after a fault", _STAY,
    ),
)  # fmt: skip

BY_ID: Final[dict[str, Row]] = {row.id: row for row in ROWS}

EXPLAINED_BY: Final[dict[str, tuple[str, ...]]] = {
    "lease_lost": ("link_lost", "screen_lost", "host_slept", "stale", "host_error"),
    "tip_unknown": ("thermocouple_open", "thermocouple_short"),
    "supply_warn": ("supply_low",),
    "over_cool": ("cooled_past_limit",),
}
"""One fault is one alarm: the first is not raised while one of the others stands, which then stands
for as long as the first does."""
