"""Choosing a plan, and leaving a finished session for the next."""

from console.model import preparation
from console.model.event import Event, EventKind
from console.model.plan import Confirmation, Plan, Site, problems
from console.model.preparation import Preparation
from console.model.quantities import celsius
from console.model.request import ChoosePlan, NewSession
from console.model.snapshot import Phase
from console.procedure import console_check, pain, time_out
from console.procedure.row import Outcome, Row, always, never, said
from console.procedure.state import Conditions, Note, Persist, Procedure
from console.procedure.words import site_name


def _plan_blocked(proc: Procedure, now: Conditions, asked: ChoosePlan | None) -> str | None:
    device = now.device
    if device is None:
        return "No console is connected"
    if asked is None:
        return None
    if not device.simulated and asked.how in time_out.BEFOREHAND:
        return f"With a real console nothing is answered beforehand: no {asked.how}"
    found = problems(asked.plan) + preparation.problems(asked.preparation)
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
        preparation=asked.preparation,
        cylinder_changing=proc.cylinder_changing,
    )
    proc = console_check.opened(proc)
    skipped = _skipped(asked) + _confirmed(asked.plan)
    site = asked.plan.sites[0]
    text = (
        f"Plan: {len(asked.plan.sites)} site(s), first {site_name(site)}, "
        f"{len(site.cycles)} freezes to {celsius(asked.plan.target_celsius)}. {skipped}"
        f"{_day(asked.preparation)}"
    )
    note = Note(Event(EventKind.PLAN_CHOSEN, proc.last_ms, text))
    score = asked.preparation.baseline_pain
    if score is None:
        return proc, (note, Persist())
    proc, told = pain.scored(proc, score)
    return proc, (note, told, Persist())


def _skipped(asked: ChoosePlan) -> str:
    # What the plan asks for is done, however the session is run.
    untested = asked.plan.stimulation is None
    match asked.how:
        case "demonstration" if untested:
            return "Check, time-out and stimulation: pre-answered, demonstration."
        case "demonstration":
            return "Check and time-out: pre-answered, demonstration."
        case "headless run" if untested:
            return "Check, time-out, pain and stimulation: headless run."
        case "headless run":
            return "Check, time-out and pain: headless run."
        case _:
            return "Console check and time-out come first."


def _confirmed(plan: Plan) -> str:
    if plan.stimulation is None:
        return ""
    if all(site.confirmed_by is Confirmation.STIMULATION for site in plan.sites):
        words = " Each site is confirmed by stimulation."
    else:
        told = [f"{_name(site)} by {site.confirmed_by}" for site in plan.sites]
        words = f" Confirmed: {', '.join(told)}."
    lost = [_name(site) for site in plan.sites if site.motor_loss_consented]
    return words + (f" Motor loss is consented to: {', '.join(lost)}." if lost else "")


def _name(site: Site) -> str:
    return f"{site.side.upper()} {site.nerve.upper()}"


def _day(told: Preparation) -> str:
    words = ""
    if told.anaesthetic is not None:
        words += f" Local anaesthetic: {told.anaesthetic}."
    if told.target_numb:
        words += " The sensory test and the pain say nothing today."
    if told.mapping is not None:
        words += f" Mapping visit: session {told.mapping.session}."
    if told.sedation is not None:
        words += " Sedated." if told.sedation else " No sedation."
    return words


def _anew(proc: Procedure, asked: NewSession, now: Conditions) -> Outcome:
    anew = Procedure(last_ms=proc.last_ms, cylinder_changing=proc.cylinder_changing)
    return anew, (Persist(),)


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
