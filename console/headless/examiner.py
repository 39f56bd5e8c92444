"""The two tests of a headless run: the amplitude goes up a step at a time, and at each the
simulated patient is asked. The steps and the answers are the screen's own requests."""

from collections.abc import Callable
from typing import Final

from console.model.request import (
    AnswerStimulation,
    AnyRequest,
    StartStimulation,
    StepAmplitude,
    ToFreeze,
)
from console.model.stimulation import (
    FELT_BY_UA,
    AmplitudeStep,
    AnsweredBy,
    StimulationAnswer,
    StimulationKind,
    Voice,
    least_ms,
)
from console.procedure.confirmed import felt, result, unconfirmed
from console.procedure.state import Procedure, Stimulating
from console.procedure.stimulation import end_words

SETTLES_MS: Final = 200
"""After a step: the console goes to it in 0.1 s, and what it delivers is read 20 times a second."""
Ask = Callable[[], Voice | None]
_SENSORY, _MOTOR = StimulationKind.SENSORY, StimulationKind.MOTOR
_FELT: Final = {
    "usual pain area": StimulationAnswer.USUAL_AREA,
    "elsewhere": StimulationAnswer.ELSEWHERE,
    "painful": StimulationAnswer.PAINFUL,
}


def wanted(proc: Procedure, ask: Ask) -> AnyRequest | str | None:
    """What comes next at Stimulate: a request, None to wait, or why the site is not confirmed.
    `ask` is called when the running test has something to ask for."""
    run = proc.stimulating
    if run is not None:
        return _in_test(proc, run, ask)
    why = unconfirmed(proc)
    if why is None:
        return ToFreeze()
    if result(proc, _SENSORY) is None:
        kind = _SENSORY
    elif felt(proc) is not None and result(proc, _MOTOR) is None:
        kind = _MOTOR
    else:
        return why
    last = proc.tests[-1] if proc.tests else None
    here = last is not None and (last.site, last.placement) == (proc.site, proc.placement)
    if last is not None and here and last.kind is kind and last.end is not None:
        return f"{kind.capitalize()} test {end_words(last.end)}, without an answer"
    return StartStimulation(kind)


def _in_test(proc: Procedure, run: Stimulating, ask: Ask) -> AnyRequest | None:
    if run.stage is not None or run.off_asked or run.ending_ms is not None:
        return None
    if run.wanted_ua != run.set_ua:
        return None
    if run.set_ua == 0:
        return StepAmplitude(AmplitudeStep.UP)
    steps = proc.tests[-1].steps
    if not steps or steps[-1].delivered_ua is None:
        return None
    if (proc.last_ms or 0) - steps[-1].at_ms < SETTLES_MS:
        return None
    voice = ask()
    if voice is None:
        return None
    answer = _answer(run, voice)
    at_ms = (proc.last_ms or 0) - steps[-1].at_ms
    if answer is StimulationAnswer.NO_CONTRACTION and at_ms < least_ms(run.rate_hz):
        return None
    if answer is None:
        return StepAmplitude(AmplitudeStep.UP)
    return AnswerStimulation(answer, by=AnsweredBy.SIMULATED_PATIENT)


def _answer(run: Stimulating, voice: Voice) -> StimulationAnswer | None:
    """What is marked, None while more current is to tell."""
    if run.kind is _SENSORY:
        by_now = StimulationAnswer.NOT_FELT if run.set_ua >= FELT_BY_UA else None
        return _FELT.get(voice.felt, by_now)
    if voice.twitch:
        return StimulationAnswer.CONTRACTION
    return StimulationAnswer.NO_CONTRACTION if run.set_ua >= run.limit_ua else None
