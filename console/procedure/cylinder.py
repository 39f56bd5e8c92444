"""A change of cylinder, the new one's contents, and whether the gas lasts for what is still to be
frozen."""

from typing import Final

import msgspec

from console.model.cylinder import Cylinder, Enough, GasLeft, enough, freezing_s, gas_left, problem
from console.model.event import Event, EventKind
from console.model.quantities import kilograms, minutes
from console.model.request import ChangeCylinder, CylinderBack, EnterContents
from console.model.snapshot import Phase
from console.procedure.row import Outcome, Row, always, said
from console.procedure.state import (
    Conditions,
    Effects,
    NewCylinder,
    Note,
    Persist,
    Procedure,
)

PHASES: Final = frozenset(
    {
        Phase.PREPARE,
        Phase.CHECK,
        Phase.TIME_OUT,
        Phase.STIMULATE,
        Phase.READY,
        Phase.THAWING,
        Phase.RELEASING,
        Phase.FREE,
    }
)
"""Whenever a cylinder can be changed: not with the gas on, nor while a stop is being decided."""


def left(proc: Procedure, cylinder: Cylinder | None) -> GasLeft | None:
    """What is left to freeze with, None where no contents were entered."""
    return None if cylinder is None else gas_left(cylinder, proc.records)


def planned_s(proc: Procedure) -> float | None:
    """Seconds of freezing that the plan still holds, None without one."""
    plan = proc.plan
    if plan is None:
        return None
    cycles = [*plan.sites[proc.site].cycles[proc.cycle :]]
    for site in plan.sites[proc.site + 1 :]:
        cycles += site.cycles
    return freezing_s(cycles, plan.timing)


def missing(proc: Procedure, now: Conditions) -> str | None:
    """Why the gas may not last, None when it does or nothing is known of it."""
    gas, needed_s = left(proc, now.cylinder), planned_s(proc)
    if gas is None or needed_s is None or enough(gas, needed_s) is not Enough.MAY_NOT:
        return None
    return (
        f"The gas may not finish the plan: {minutes(gas.low_s)} to {minutes(gas.high_s)} of "
        f"freezing left, {minutes(needed_s)} planned"
    )


def _blocked(proc: Procedure, now: Conditions, asked: EnterContents | None) -> str | None:
    if now.device is None:
        return "No console is connected"
    seen = now.observation
    if seen is not None and now.fresh and seen.valve_open:
        return "The gas is on"
    return None if asked is None else problem(asked.contents_g)


def _enter(proc: Procedure, asked: EnterContents, now: Conditions) -> Outcome:
    text = f"New cylinder: {kilograms(asked.contents_g)} of gas in it, as entered."
    note = Note(Event(EventKind.NEW_CYLINDER, proc.last_ms, text))
    proc = msgspec.structs.replace(proc, cylinder_changing=False)
    return proc, (NewCylinder(asked.contents_g), note, Persist())


def _change_blocked(proc: Procedure, now: Conditions, asked: object) -> str | None:
    if proc.cylinder_changing:
        return "The cylinder is being changed already"
    if proc.checking is not None:
        return "A test is running"
    return _blocked(proc, now, None)


def _change(proc: Procedure, asked: ChangeCylinder, now: Conditions) -> Outcome:
    # The next freeze must not start by itself into a hose that is open.
    waits = proc.phase is Phase.THAWING and proc.current_cycle is not None
    text = "The cylinder is being changed: a low supply is no alarm meanwhile."
    text += " The next freeze waits to be started." if waits and not proc.hold else ""
    proc = msgspec.structs.replace(proc, cylinder_changing=True, hold=proc.hold or waits)
    note = Note(Event(EventKind.CHANGING_CYLINDER, proc.last_ms, text))
    return proc, (note, Persist())


def _back_blocked(proc: Procedure, now: Conditions, asked: object) -> str | None:
    return None if proc.cylinder_changing else "No cylinder is being changed"


def _back(proc: Procedure, asked: CylinderBack, now: Conditions) -> Outcome:
    return _judged(proc, "The old cylinder is on again")


def gas_asked_for(proc: Procedure) -> tuple[Procedure, Effects]:
    """Somebody wants gas: whatever was said of the cylinder, its pressure counts from here on."""
    return _judged(proc, "Gas is asked for") if proc.cylinder_changing else (proc, ())


def _judged(proc: Procedure, why: str) -> tuple[Procedure, Effects]:
    text = f"{why}: the supply is judged again."
    note = Note(Event(EventKind.CHANGING_CYLINDER, proc.last_ms, text))
    return msgspec.structs.replace(proc, cylinder_changing=False), (note, Persist())


ROWS: Final[tuple[Row, ...]] = (
    Row(
        "enter_contents", EnterContents, always, PHASES,
        said("New cylinder"), said("enter its contents"), _blocked, _enter,
    ),
    Row(
        "change_cylinder", ChangeCylinder, always, PHASES,
        said("Change cylinder"), said("a low supply is no alarm"), _change_blocked, _change,
    ),
    Row(
        "cylinder_back", CylinderBack, always, PHASES,
        said("Old cylinder on again"), said("its contents as before"), _back_blocked, _back,
    ),
)  # fmt: skip
