"""How the report says what is not a number: sites, plans, answers and times of day."""

from datetime import datetime
from typing import Final

from console.model.cycle import FreezeKey
from console.model.plan import Plan, Site
from console.model.preparation import Preparation
from console.model.quantities import UNKNOWN, minutes
from console.model.stimulation import AnsweredBy, StimulationRecord

NO_DEVICE: Final = (
    "For development, hardware testing, teaching and research. Not a cleared medical device."
)
MODEL: Final = "model, not measured"


def site(found: Site | None, index: int) -> str:
    """A site with its side, always as a word."""
    return f"Site {index + 1}" if found is None else f"{found.side.upper()} · {found.nerve.upper()}"


def freeze(key: FreezeKey) -> str:
    """A freeze among those of its site: "2"; "1 repeat", "1 repeat 2" where it ran again."""
    again = {1: "", 2: " repeat"}.get(key.run, f" repeat {key.run - 1}")
    return f"{key.number}{again}"


def short_key(key: FreezeKey) -> str:
    """Site and freeze in a narrow place: "2·1", "2·1 repeat"."""
    return f"{key.site + 1}·{freeze(key)}"


def cycles(plan: Plan, index: int) -> str:
    """The freezes of a site as planned, each with the thaw after it."""
    planned = plan.sites[index].cycles
    told = [f"{minutes(one.freeze_s)}, thaw {minutes(one.thaw_s)}" for one in planned[:-1]]
    return " · ".join([*told, minutes(planned[-1].freeze_s)])


def confirmed(plan: Plan, at: Site) -> str:
    """How the plan says that a site is confirmed."""
    how = "not asked for" if plan.stimulation is None else at.confirmed_by.value
    return how + (", motor loss is consented to" if at.motor_loss_consented else "")


def answer(test: StimulationRecord) -> str:
    """What a test of the stimulation was answered, and by whom where nobody real did."""
    if test.answer is None:
        return "no answer"
    return test.answer.value + ("" if test.by is AnsweredBy.OPERATOR else f", {test.by}")


def day(told: Preparation) -> list[tuple[str, str]]:
    """What was told of the patient's day, each with its label."""
    sedated = {None: UNKNOWN, True: "yes", False: "no"}[told.sedation]
    where = UNKNOWN if told.anaesthetic is None else told.anaesthetic.value
    if told.target_numb:
        where += ": the sensory test and the pain said nothing"
    return [("Local anaesthetic", where), ("Sedation", sedated)]


def day_and_time(wall: str | None) -> str:
    """A local wall time for people, with its offset from UTC."""
    try:
        moment = datetime.fromisoformat(wall or "")
    except ValueError:
        return UNKNOWN
    zone = moment.strftime("%z")
    return f"{moment:%Y-%m-%d %H:%M:%S}" + (f" UTC{zone[:3]}:{zone[3:5]}" if zone else "")


def clock(wall: str) -> str:
    """The time of day of a wall time."""
    return wall[11:19] or UNKNOWN
