"""A reason in the operator's words: one line, not empty, not a story."""

from console.model.override import LONGEST_REASON
from drivers.inputs.text import Line, TextError


def one_line(reason: str) -> str:
    """As it is recorded: each run of blanks and line breaks is one blank, none at the ends."""
    return " ".join(reason.split())


def unusable(reason: str) -> str | None:
    """Why this is no reason, None where it is one."""
    try:
        kept = Line(LONGEST_REASON).accepted(one_line(reason))
    except TextError as error:
        return f"The reason {error}"
    return None if kept else "Give a reason"
