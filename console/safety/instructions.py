"""What each alarm asks of the operator, as a value, and what the bar says was done about it: a row
an interlock. The phase line alone gives instructions about gas and probe; here stand facts, and
what else helps."""

from collections.abc import Iterable
from typing import Final

import msgspec

from console.model.alarm import Alarm
from console.model.instruction import Instruction

_SENT: Final = "STOP was sent."
_SHUT: Final = "Gas is shut."
_ENGINEER: Final = "An engineer must release the console."

DONE: Final[dict[str, str]] = {
    "stop_unconfirmed": "STOP is being repeated; the console gets no more leave to run gas.",
    "command_unanswered": _SENT,
    "link_lost": "STOP was sent, and nothing more is heard. Check the cable.",
    "stale": _SENT,
    "lease_lost": "The console shut the gas by itself.",
    "screen_lost": _SENT,
    "control_lost": "It is being started again.",
    "host_slept": _SENT,
    "host_error": _SENT,
    "restarted": "Its gas valve falls shut at a restart.",
    "unexpected_freeze": f"{_SENT} {_ENGINEER}",
    "record_failed": "A running freeze goes on; no other can start. Make room on the disk, or have "
    "this computer looked after.",
    "over_cool": f"{_SHUT} Then repeat the freeze, or finish here.",
    "cooled_past_limit": f"{_SHUT} Have the console checked before the next freeze.",
    "fails_to_cool": f"{_SHUT} Then check cylinder, hose and probe.",
    "target_missed": "Freezing goes on. Watch the tip; end the freeze early if it does not help.",
    "freeze_too_long": f"{_SHUT} Have the console checked before the next freeze.",
    "flow_when_shut": f"{_SENT} {_ENGINEER}",
    "tip_unknown": "Check the plug of the probe.",
    "temperature_impossible": f"{_SHUT} Do not trust the reading. Then change the probe.",
    "thermocouple_open": f"{_SHUT} Check the plug of the probe.",
    "thermocouple_short": f"{_SHUT} Change the probe before the next freeze.",
    "thermocouple_stuck": f"{_SHUT} Do not trust the reading.",
    "thermocouple_drift": f"No freeze can start. {_ENGINEER}",
    "model_residual": "It needs more gas than before. Freezing goes on: watch the ice, end early "
    "if it grows too far.",
    "supply_warn": "Freezing goes on. Cylinder cold or nearly empty: warm or change it at the "
    "thaw.",
    "supply_unknown": "A running freeze goes on; no other can start. Read the gauge at the "
    "cylinder; have the console checked.",
    "supply_low": f"{_SHUT} Cylinder cold or nearly empty: warm it to room temperature or change "
    "it.",
    "supply_high": f"{_SHUT} Let the cylinder cool down.",
    "supply_extreme": f"{_SHUT} {_ENGINEER}",
    "exhaust_blocked": f"{_SHUT} Free the exhaust hose.",
    "orifice_blocked": f"{_SHUT} Change the probe before the next freeze.",
    "leak": f"{_SHUT} Air the room. {_ENGINEER}",
    "siphon": f"{_SHUT} {_ENGINEER}",
    "probe_missing": f"{_SHUT} Plug it in again.",
    "probe_changed": f"{_SHUT} Plug in the probe that is in the patient.",
    "probe_unusable": "It cannot be started with. Connect another sterile probe.",
    "probe_moved": "It is recorded. Look for bleeding. Then test the new place.",
    "both_on": f"Both were shut. {_ENGINEER}",
    "stimulator_open_lead": "Stimulation is off. Check electrode and lead, then test again.",
    "stimulator_over_current": "Stimulation is off. Freezing is possible. No more tests until an "
    "engineer has released the console.",
    "stimulator_step": "Stimulation is off. Begin again from 0; if it comes again, have it "
    "checked.",
    "brown_out": f"{_SHUT} Check the console's power cable.",
    "watchdog": f"{_SHUT} Have the console checked before the next patient.",
}
"""By the id of the interlock."""

CLOSE: Final = frozenset(
    {"unexpected_freeze", "flow_when_shut", "supply_extreme", "leak", "siphon", "both_on"}
)
"""Where the cylinder is to be closed whatever the console says: it cannot end the flow."""
TIP_UNTRUE: Final = frozenset({"temperature_impossible", "thermocouple_stuck"})
"""Where the tip's temperature is read, and not to be believed."""


def for_screen(alarms: Iterable[Alarm]) -> tuple[Alarm, ...]:
    """The alarms with what the bar says was done."""
    return tuple(msgspec.structs.replace(each, done=DONE.get(each.id, "")) for each in alarms)


def asked_by(alarms: Iterable[Alarm]) -> set[Instruction]:
    """What the alarms ask for. A cylinder that was to be closed stays so until an engineer has
    released the console."""
    ids = {each.id for each in alarms}
    found = set()
    if ids & CLOSE:
        found.add(Instruction.CLOSE_CYLINDER)
    if ids & TIP_UNTRUE:
        found.add(Instruction.WAIT)
    return found
