"""The probe is expired or used up when the session starts."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import Found, Interlock, Moment, Refusal, SafeState
from console.safety.watches import at_once


def _judge(now: Moment) -> Found | None:
    problem = now.facts.probe_problem
    return Found(values={"problem": problem}) if problem else None


INTERLOCK: Final = Interlock(
    id="probe_unusable",
    hazard="a probe past its life breaks or is not sterile",
    cause="the probe is expired or used up when the session starts",
    hears=(
        at_once(_judge),
        Refusal(by=("device",)),
    ),
    threshold="no uses left, or expiry before today; not judged again after the first gas-on",
    reaction_ms=None,
    state=SafeState.SS2,
    priority=Priority.LOW,
    light="probe",
    happened="The probe is {problem}",
    to_do="It cannot be started with. Connect another sterile probe.",
    done="It cannot be started with. Connect another sterile probe.",
    residual="A wrong date in this computer or in the console lets it pass on one side only.",
)
