"""A reason in the operator's words: one line, not empty, not a story."""

from console.model.override import LONGEST_REASON


def one_line(reason: str) -> str:
    """As it is recorded: each run of blanks and line breaks is one blank, none at the ends."""
    return " ".join(reason.split())


def unusable(reason: str) -> str | None:
    """Why this is no reason, None where it is one."""
    length = len(one_line(reason))
    if not length:
        return "Give a reason"
    if length > LONGEST_REASON:
        return f"The reason has {length} letters: at most {LONGEST_REASON}"
    return None
