"""What the operator may ask for is a row: here is what a row is."""

from collections.abc import Callable
from typing import Any

import msgspec

from console.model.snapshot import Phase
from console.procedure.state import Conditions, Effects, Procedure

Outcome = tuple[Procedure, Effects]


class Row(msgspec.Struct, frozen=True):
    """One thing that the operator may ask for."""

    name: str
    request: type
    matches: Callable[[Any], bool]
    phases: frozenset[Phase]
    label: Callable[[Procedure], str]
    detail: Callable[[Procedure], str]
    blocked: Callable[[Procedure, Conditions, Any], str | None]
    apply: Callable[[Procedure, Any, Conditions], Outcome]


def always(asked: object) -> bool:
    """Matches every request of the row's type."""
    return True


def never(proc: Procedure, now: Conditions, asked: object) -> str | None:
    """Nothing blocks it."""
    return None


def said(text: str) -> Callable[[Procedure], str]:
    """The same words in every state."""
    return lambda proc: text
