"""What stimulation has shown of this site and placement, and what still keeps the freeze from
starting here. Limits: product.md, "Clinical facts"."""

from typing import Final

from console.model.override import OverrideKind
from console.model.plan import Confirmation
from console.model.quantities import amplitude
from console.model.stimulation import (
    FELT_BY_UA,
    INSIDE_UNDER_UA,
    StimulationAnswer,
    StimulationKind,
    StimulationRecord,
)
from console.procedure.state import Procedure

MOTOR_LEAST_UA: Final = 1_000
MOTOR_MOST_UA: Final = 2_000
MOTOR_TIMES: Final = 2


def result(proc: Procedure, kind: StimulationKind) -> StimulationRecord | None:
    """The newest answered test of this kind where the probe stands now. One of another placement
    is void: it tells nothing of this one."""
    here = (
        test
        for test in reversed(proc.tests)
        if test.kind is kind and (test.site, test.placement) == (proc.site, proc.placement)
    )
    return next((test for test in here if test.answer is not None), None)


def felt(proc: Procedure) -> StimulationRecord | None:
    """The sensory test that found the usual pain area here, None when the newest did not."""
    test = result(proc, StimulationKind.SENSORY)
    return test if test and test.answer is StimulationAnswer.USUAL_AREA else None


def motor_limit_ua(proc: Procedure) -> int:
    """How far the motor test goes: the larger of twice the sensory threshold and 1.0, at most
    2.0."""
    test = felt(proc)
    threshold = test.answered_ua or 0 if test is not None else 0
    return min(MOTOR_MOST_UA, max(MOTOR_LEAST_UA, MOTOR_TIMES * threshold))


def overridden(proc: Procedure, kind: OverrideKind) -> bool:
    """Whether the operator goes on without it, for this site and placement."""
    here = (proc.site, proc.placement)
    return any(o.kind is kind and (o.site, o.placement) == here for o in proc.overrides)


def contracted(proc: Procedure) -> bool:
    """A muscle moved in the newest motor test here: a motor nerve is near."""
    test = result(proc, StimulationKind.MOTOR)
    return test is not None and test.answer is StimulationAnswer.CONTRACTION


def unconfirmed(proc: Procedure) -> str | None:
    """Why the freeze may not start here for the stimulation's sake, None when it may. A contraction
    that was seen counts, whether the plan asked for a test or not."""
    if contracted(proc) and not motor_loss_taken(proc):
        return "A muscle contracts here: move the probe and test again, or give a reason"
    if not asked_for(proc) or overridden(proc, OverrideKind.NO_STIMULATION):
        return None
    if proc.placement > 1 and result(proc, StimulationKind.SENSORY) is None:
        return "The probe was moved: stimulate again"
    return _sensory(proc) or _motor(proc)


def asked_for(proc: Procedure) -> bool:
    """Whether the plan wants this site confirmed by stimulation."""
    site = proc.current_site
    wanted = proc.plan is not None and proc.plan.stimulation is not None
    return wanted and site is not None and site.confirmed_by is Confirmation.STIMULATION


def motor_loss_taken(proc: Procedure) -> bool:
    """The plan says that motor loss is consented to here, or a reason was given."""
    site = proc.current_site
    consented = site is not None and site.motor_loss_consented
    return consented or overridden(proc, OverrideKind.CONTRACTION)


NUMB: Final = "The target is anaesthetised: a sensory test says nothing today"


def _sensory(proc: Procedure) -> str | None:
    if proc.preparation.target_numb:
        return NUMB
    test = result(proc, StimulationKind.SENSORY)
    if test is None:
        return "The sensory test is not done"
    if test.answer is not StimulationAnswer.USUAL_AREA:
        return f"Sensory test: {_answer(test)}: reposition the probe"
    if (test.answered_ua or 0) > FELT_BY_UA:
        by = amplitude(FELT_BY_UA, test.unit)
        return f"Felt only above {by}: the nerve is too far, reposition the probe"
    return None


def _motor(proc: Procedure) -> str | None:
    return None if result(proc, StimulationKind.MOTOR) else "The motor test is not done"


def result_words(proc: Procedure, kind: StimulationKind) -> str:
    """A result in a few words: "0.40 mA", "contraction at 0.80 mA", "not tested"."""
    test = result(proc, kind)
    if test is None:
        return "not tested"
    if test.answer is StimulationAnswer.USUAL_AREA:
        return amplitude(test.answered_ua, test.unit)
    return _answer(test)


def _answer(test: StimulationRecord) -> str:
    by = test.answer in (StimulationAnswer.NOT_FELT, StimulationAnswer.NO_CONTRACTION)
    where = "by" if by else "at"
    return f"{test.answer} {where} {amplitude(test.answered_ua, test.unit)}"


def remark(proc: Procedure) -> str:
    """What the sensory threshold says of the distance, empty when it is as expected."""
    test = felt(proc)
    if test is None:
        return ""
    at = test.answered_ua or 0
    if at < INSIDE_UNDER_UA:
        return f"Under {amplitude(INSIDE_UNDER_UA, test.unit)}: very close, may be inside the nerve"
    return ""
