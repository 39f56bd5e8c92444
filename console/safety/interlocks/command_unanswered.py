"""Three tries of a command that matters, and no answer."""

from typing import Final

from console.model.alarm import Priority
from console.safety.interlock import SENT, Found, Interlock, Latch, Moment, SafeState
from console.safety.watches import at_once


def _judge(now: Moment) -> Found | None:
    command = now.facts.unanswered
    return Found(values={"command": command}) if command else None


INTERLOCK: Final = Interlock(
    id="command_unanswered",
    hazard="host and console disagree about what runs",
    cause="a START or END is lost three times, or its answer is",
    hears=(at_once(_judge),),
    threshold="no answer to three sendings, 100 ms apart",
    reaction_ms=500,
    state=SafeState.SS1,
    priority=Priority.HIGH,
    latch=Latch.OPERATOR,
    happened="The console did not answer: {command}",
    to_do=SENT,
    done="STOP was sent.",
    residual="A START that was carried out and not answered freezes for less than half a second.",
)
