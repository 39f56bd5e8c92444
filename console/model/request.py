"""What the operator wants. Each is answered: accepted, or refused with its reason in words."""

from enum import StrEnum
from typing import Annotated

import msgspec

from console.model.console_check import CheckItem
from console.model.override import OverrideKind
from console.model.plan import LONGEST_CASE, LONGEST_INITIALS, Plan
from console.model.preparation import Preparation
from console.model.stimulation import (
    AmplitudeStep,
    AnsweredBy,
    StimulationAnswer,
    StimulationKind,
)
from console.model.time_out import TimeOutItem
from drivers.inputs.text import Line


class Request(msgspec.Struct, frozen=True, tag=True):
    """The base of all requests."""


class Stop(Request, frozen=True):
    """Gas and stimulation off. Never refused."""

    source: str = "screen"  # screen, key, window closed, signal


class ChoosePlan(Request, frozen=True):
    """Opens a session with this plan."""

    plan: Plan
    case: Annotated[str, Line(LONGEST_CASE)] = ""
    operator: Annotated[str, Line(LONGEST_INITIALS)] = ""
    how: str = "bedside"  # bedside, demonstration, headless run
    preparation: Preparation = Preparation()


class StartFreeze(Request, frozen=True):
    """Starts the next freeze of the plan."""


class AnswerCheck(Request, frozen=True):
    """What was seen at a line of the console check. `passed`: as it has to be."""

    item: CheckItem
    passed: bool


class StartCheck(Request, frozen=True):
    """Starts the test of a line of the console check, or measures it anew."""

    item: CheckItem


class CheckLineBack(Request, frozen=True):
    """Opens the last line of the check again: a touch was wrong."""


class EndCheck(Request, frozen=True):
    """Every line of the console check is done."""


class ConfirmInPlace(Request, frozen=True):
    """The tip is in place, though its temperature is not that of a body."""


class OpenCheck(Request, frozen=True):
    """Does the console check by hand where it was answered beforehand, or again."""


class AnswerTimeOut(Request, frozen=True):
    """The team's answer to a line of the time-out card."""

    item: TimeOutItem
    clear: bool


class LiftTimeOut(Request, frozen=True):
    """Goes on though a line is not clear, with a reason (at most override.LONGEST_REASON
    letters)."""

    item: TimeOutItem
    reason: str


class EndTimeOut(Request, frozen=True):
    """The card was read to its end."""


class BackToPrepare(Request, frozen=True):
    """Leaves the plan: something of it was wrong."""


class OpenTimeOut(Request, frozen=True):
    """Reads the card by hand where it was answered beforehand, or again."""


class Stimulate(Request, frozen=True):
    """Opens the stimulation of this site."""


class StartStimulation(Request, frozen=True):
    """Switches the stimulator on, at amplitude 0."""

    kind: StimulationKind


class StepAmplitude(Request, frozen=True):
    """One step of 0.05 up or down, or to 0."""

    step: AmplitudeStep


class AnswerStimulation(Request, frozen=True):
    """Marks what the patient said or what was seen at the present amplitude, and ends the test.
    `by`: a simulated patient there is on a simulated console alone."""

    answer: StimulationAnswer
    by: AnsweredBy = AnsweredBy.OPERATOR


class EndStimulation(Request, frozen=True):
    """Switches the stimulator off without an answer."""


class ToFreeze(Request, frozen=True):
    """Leaves the stimulation for the freeze."""


class Override(Request, frozen=True):
    """Goes on without what is missing, for this site and placement. `reason`: at most
    override.LONGEST_REASON letters."""

    kind: OverrideKind
    reason: str


class EndFreeze(Request, frozen=True):
    """Ends the running freeze and thaws; the plan is kept."""


class ExtendFreeze(Request, frozen=True):
    """Lets the running freeze last longer. For `undo_s` seconds it may be undone: it is sent to the
    console after them."""

    by_s: float = 30.0
    undo_s: float = 0.0


class UndoExtend(Request, frozen=True):
    """Takes back an extension that was not sent yet."""


class AfterStop(StrEnum):
    """What becomes of a freeze that was stopped."""

    REPEAT = "repeat"
    COUNT = "count"
    FINISH = "finish"


class Wait(Request, frozen=True):
    """Holds the automatic start of the next freeze; it then waits to be asked for."""


class Decide(Request, frozen=True):
    """The operator's answer on the Freeze stopped screen."""

    choice: AfterStop


class FinishHere(Request, frozen=True):
    """No more freezes at this site: go to release."""

    reason: str = ""


PAIN_GONE = "pain gone"
"""The reason of a FinishHere that is a success."""


class ScorePain(Request, frozen=True):
    """The patient's pain now, 0 to 10."""

    score: int


class AddFreeze(Request, frozen=True):
    """One more freeze at this site, as long as its last planned one."""


class ProbeMoved(Request, frozen=True):
    """The probe stands in another place now. With the gas on, the freeze ends."""


class ProbeOut(Request, frozen=True):
    """Records that the probe is out: any time that the gas is shut, early with a reason (at
    most override.LONGEST_REASON letters)."""

    reason: str = ""


class EnterContents(Request, frozen=True):
    """A new cylinder is connected, with so much gas in it."""

    contents_g: float


class ChangeCylinder(Request, frozen=True):
    """The cylinder is being changed: a low supply is no alarm until the new one's contents are
    entered, the old one is on again, or gas is asked for."""


class CylinderBack(Request, frozen=True):
    """The old cylinder is on again."""


class Acknowledge(Request, frozen=True):
    """The operator has read the alarms; latched ones clear where their cause is gone."""


class NewSession(Request, frozen=True):
    """Leaves the finished session and goes back to Prepare."""


class Quit(Request, frozen=True):
    """Ends the control process; refused with gas on."""


AnyRequest = (
    Stop
    | ChoosePlan
    | AnswerCheck
    | StartCheck
    | CheckLineBack
    | EndCheck
    | OpenCheck
    | ConfirmInPlace
    | AnswerTimeOut
    | LiftTimeOut
    | EndTimeOut
    | BackToPrepare
    | OpenTimeOut
    | Stimulate
    | StartStimulation
    | StepAmplitude
    | AnswerStimulation
    | EndStimulation
    | ToFreeze
    | Override
    | StartFreeze
    | EndFreeze
    | ExtendFreeze
    | UndoExtend
    | Wait
    | Decide
    | FinishHere
    | ScorePain
    | AddFreeze
    | ProbeMoved
    | ProbeOut
    | EnterContents
    | ChangeCylinder
    | CylinderBack
    | Acknowledge
    | NewSession
    | Quit
)
