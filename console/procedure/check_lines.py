"""The lines of the console check, a row each: what is asked, what is tried, what judges itself.
Their order and thresholds: product.md, "Console check", and safety.md, "thermocouple drift"."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import msgspec

from console.model.console_check import CheckItem, CheckResult, CheckStanding
from console.model.observation import BODY_CELSIUS, Observation
from console.model.quantities import bar, celsius, litres_per_minute, minutes, with_unit
from console.procedure.state import Conditions, Procedure, Settling

PULSE_S: Final = 3.0
TEST_FREEZE_S: Final = 15.0
LEAK_TEST_S: Final = 30.0
"""The console measures for so long, once its cylinder has settled."""
FLOW_OFF_MG_S: Final = 10.0
"""Under 0.35 L/min: a thirtieth of a freeze, a third of what trips as "gas still flows"."""
AGREES_WITHIN_CELSIUS: Final = 5.0
SETTLED_MS: Final = 10_000
SETTLED_CELSIUS: Final = 1.0
"""A tip that warms passes through the room's temperature whatever its thermocouple is worth: it is
believed once it has moved by no more than this for so long."""
SETTLES_WITHIN_MS: Final = 180_000
"""How long after the thaw the tip may still be on its way to the water's temperature."""

Verdict = tuple[CheckStanding, str]


class CheckLine(msgspec.Struct, frozen=True):
    """`yes`, `no`: the two answers, empty where nobody is asked. `test`: the name of what is
    started first, empty where nothing is, and `length_s` how long it lasts. `unfit`: why "yes" may
    not be said, `unready`: why the test may not start. `judge`: the verdict of what is measured,
    None while there is none yet. `live`: what is measured now, or awaited. `mend`: what to do when
    it has failed."""

    item: CheckItem
    yes: str = ""
    no: str = ""
    test: str = ""
    detail: str = ""
    length_s: float = 0.0
    mend: str = ""
    unfit: Callable[[Procedure, Conditions], str | None] = lambda proc, now: None
    unready: Callable[[Procedure, Conditions], str | None] = lambda proc, now: None
    judge: Callable[[Procedure, Conditions], Verdict | None] = lambda proc, now: None
    live: Callable[[Procedure, Conditions], str] = lambda proc, now: ""


def newest(proc: Procedure, item: CheckItem) -> CheckResult | None:
    """The newest result of a line."""
    return next((r for r in reversed(proc.check) if r.item is item), None)


# --- probe and cylinder -----------------------------------------------------------------------


def _probe_unfit(proc: Procedure, now: Conditions) -> str | None:
    probe = now.device.probe if now.device is not None else None
    if probe is None:
        return "No probe is connected"
    if now.probe_problem:
        return f"The probe is {now.probe_problem}: take another"
    return None if probe.model and probe.serial else "The console does not know this probe"


def _probe(proc: Procedure, now: Conditions) -> str:
    probe = now.device.probe if now.device is not None else None
    if probe is None:
        return "no probe"
    expires = date(1970, 1, 1) + timedelta(days=probe.expires_day)
    uses = "uses not counted" if probe.uses_left == 255 else f"{probe.uses_left} uses left"
    return f"{probe.model}, {probe.serial}, {uses}, expires {expires:%Y-%m-%d}"


def _cylinder(proc: Procedure, now: Conditions) -> str:
    gas = now.device.gas.label if now.device is not None else "---"
    seen = now.observation if now.fresh else None
    return f"{gas}, {bar(seen.supply_kpa if seen is not None else None)} bar"


# --- what judges itself -----------------------------------------------------------------------


def _leak_test(proc: Procedure, now: Conditions) -> Verdict | None:
    return None if now.leak_test else (CheckStanding.NOT_MEASURABLE, "no second valve")


def _gas(proc: Procedure, now: Conditions) -> str:
    seen = now.observation if now.fresh else None
    if seen is None:
        return "No fresh reading from the console"
    valve = "valve open" if seen.valve_open else "valve shut"
    litres = litres_per_minute(seen.flow_mg_s)
    flow = "flow not measured" if litres is None else with_unit(litres, "L/min")
    return f"{valve}, {flow}"


def _gas_off(proc: Procedure, now: Conditions) -> Verdict | None:
    seen = now.observation
    if seen is None or seen.valve_open or (seen.flow_mg_s or 0.0) > FLOW_OFF_MG_S:
        return None
    return CheckStanding.PASSED, _gas(proc, now)


def _tip(proc: Procedure, now: Conditions) -> str:
    seen = now.observation if now.fresh else None
    return f"tip {celsius(seen.tip_celsius)}" if seen is not None else "tip ---"


def _thaw(proc: Procedure, now: Conditions) -> str:
    return now.not_free or _tip(proc, now)


def _thawed(proc: Procedure, now: Conditions) -> Verdict | None:
    return (CheckStanding.PASSED, _tip(proc, now)) if now.free else None


def _room(proc: Procedure, now: Conditions) -> str:
    seen = now.observation if now.fresh else None
    room = f"{_tip(proc, now)}, room {celsius(seen.room_celsius if seen is not None else None)}"
    return f"{room}, body {celsius(BODY_CELSIUS)}" if _in_a_body(now) else room


def _in_a_body(now: Conditions) -> bool:
    """A simulated probe stands in its patient from the start: nobody can put it into water."""
    return now.device is not None and now.device.simulated


def _off(now: Conditions) -> float:
    """How far the tip is from what it stands in, 0 where either is not known."""
    seen = now.observation
    if seen is None or seen.tip_celsius is None or seen.room_celsius is None:
        return 0.0
    off = abs(seen.tip_celsius - seen.room_celsius)
    return min(off, abs(seen.tip_celsius - BODY_CELSIUS)) if _in_a_body(now) else off


def settling(proc: Procedure, seen: Observation) -> Procedure:
    """One observation of a tip that comes to rest."""
    tip, before = seen.tip_celsius, proc.settling
    if tip is None:
        return msgspec.structs.replace(proc, settling=None)
    if before is not None and abs(tip - before.tip_celsius) <= SETTLED_CELSIUS:
        return proc
    return msgspec.structs.replace(proc, settling=Settling(seen.at_ms, tip))


def _not_in_water(proc: Procedure, now: Conditions) -> str | None:
    """Before the first gas the tip has to be where the room is: ice round it would hide a
    thermocouple that is off."""
    if proc.probe_used or _off(now) <= AGREES_WITHIN_CELSIUS:
        return None
    return (
        f"The {_room(proc, now)}: put the tip into water of the room's temperature, or take "
        "another probe"
    )


def _agrees(proc: Procedure, now: Conditions) -> Verdict | None:
    seen = now.observation
    if seen is None or seen.tip_celsius is None:
        return None
    if seen.room_celsius is None:
        return CheckStanding.NOT_MEASURABLE, "no room sensor"
    if proc.settling is None or seen.at_ms - proc.settling.since_ms < SETTLED_MS:
        return None  # an engineer is called for a tip that rests at a wrong value alone
    if _off(now) <= AGREES_WITHIN_CELSIUS:
        return CheckStanding.PASSED, _room(proc, now)
    begun = [newest(proc, item) for item in (CheckItem.THAW, CheckItem.THERMOCOUPLE)]
    since = max((r.at_ms for r in begun if r is not None and r.at_ms is not None), default=None)
    if since is None or seen.at_ms - since <= SETTLES_WITHIN_MS:
        return None
    return CheckStanding.FAILED, _room(proc, now)


# --- the rows ---------------------------------------------------------------------------------

LINES: Final = (
    CheckLine(
        CheckItem.PROBE,
        yes="Sterile, on the hose",
        no="Not so",
        mend="Connect a sterile probe",
        unfit=_probe_unfit,
        live=_probe,
    ),
    CheckLine(
        CheckItem.SCAVENGING,
        yes="Connected",
        no="Not connected",
        mend="Connect the scavenging hose",
    ),
    CheckLine(
        CheckItem.CYLINDER,
        yes="This gas, no siphon",
        no="Not so",
        mend="Change the cylinder: a siphon tube or another gas is never gone on with",
        live=_cylinder,
    ),
    CheckLine(
        CheckItem.SUPPLY_LEAK,
        test="Test the supply for leaks",
        detail="by the console, 0:30 or longer",
        length_s=LEAK_TEST_S,
        mend="The supply leaks: an engineer must release this console",
        judge=_leak_test,
    ),
    CheckLine(
        CheckItem.PROBE_LEAK,
        yes="No bubbles",
        no="Bubbles",
        test="Gas pulse",
        detail=f"{minutes(PULSE_S)}, tip in sterile water",
        length_s=PULSE_S,
        mend="The probe leaks: take another",
        unready=_not_in_water,
        live=_tip,
    ),
    CheckLine(
        CheckItem.TEST_FREEZE,
        yes="Ice at the tip alone",
        no="Not so",
        test="Test freeze",
        detail=f"{minutes(TEST_FREEZE_S)}, tip in sterile water",
        length_s=TEST_FREEZE_S,
        mend="Ice or frost where there should be none: take another probe",
        live=_tip,
    ),
    CheckLine(CheckItem.GAS_OFF, judge=_gas_off, live=_gas),
    CheckLine(CheckItem.THAW, judge=_thawed, live=_thaw),
    CheckLine(
        CheckItem.THERMOCOUPLE,
        mend="The thermocouple does not agree with the room: an engineer must release this console",
        judge=_agrees,
        live=_room,
    ),
)
BY_ITEM: Final = {line.item: line for line in LINES}
