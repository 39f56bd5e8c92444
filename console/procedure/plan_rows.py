"""Choosing a plan, and leaving a finished session for the next."""

from console.model.event import Event, EventKind
from console.model.plan import problems
from console.model.request import ChoosePlan, NewSession
from console.model.snapshot import Phase
from console.procedure import console_check, time_out
from console.procedure.confirmed import asked_for
from console.procedure.row import Outcome, Row, always, never, said
from console.procedure.state import Conditions, Note, Persist, Procedure
from console.procedure.words import celsius


def _plan_blocked(proc: Procedure, now: Conditions, asked: ChoosePlan | None) -> str | None:
    device = now.device
    if device is None:
        return "No console is connected"
    if asked is None:
        return None
    if not device.simulated and asked.how in time_out.BEFOREHAND:
        return f"With a real console nothing is answered beforehand: no {asked.how}"
    found = problems(asked.plan)
    if found:
        return found[0]
    if asked.plan.target_celsius < device.coldest_target_celsius - 0.01:
        return (
            f"Target {celsius(asked.plan.target_celsius)} is colder than this "
            f"{device.gas.label} console can hold ({celsius(device.coldest_target_celsius)})"
        )
    return None


def _choose(proc: Procedure, asked: ChoosePlan, now: Conditions) -> Outcome:
    proc = Procedure(
        plan=asked.plan,
        case=asked.case,
        operator=asked.operator,
        how=asked.how,
        last_ms=proc.last_ms,
    )
    proc = console_check.opened(proc)
    skipped = {
        "demonstration": "Check, time-out and stimulation: pre-answered, demonstration.",
        "headless run": "Check, time-out, pain and stimulation: headless run.",
    }.get(asked.how, "Console check and time-out come first.")
    if asked_for(proc):
        skipped += " Each site is confirmed by stimulation."
    site = asked.plan.sites[0]
    text = (
        f"Plan: {len(asked.plan.sites)} site(s), first {site.side.upper()} {site.nerve.upper()}, "
        f"{len(site.cycles)} freezes to {celsius(asked.plan.target_celsius)}. {skipped}"
    )
    return proc, (Note(Event(EventKind.PLAN_CHOSEN, proc.last_ms, text)), Persist())


def _anew(proc: Procedure, asked: NewSession, now: Conditions) -> Outcome:
    return Procedure(last_ms=proc.last_ms), (Persist(),)


ROWS: tuple[Row, ...] = (
    Row(
        "choose_plan", ChoosePlan, always, frozenset({Phase.PREPARE}),
        said("Use this plan"), said(""), _plan_blocked, _choose,
    ),
    Row(
        "new_session", NewSession, always, frozenset({Phase.OUT}),
        said("New session"), said(""), never, _anew,
    ),
)  # fmt: skip
