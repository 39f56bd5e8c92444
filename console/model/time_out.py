"""The time-out card, read aloud before the probe goes in. No name is stored: only that the team has
confirmed it."""

from enum import StrEnum

import msgspec


class TimeOutItem(StrEnum):
    """One line of the card, in the order in which it is read."""

    IDENTITY = "identity"
    CONSENT = "consent"
    SIDE = "side"
    ALLERGIES = "allergies"
    ANTICOAGULANTS = "anticoagulants"
    PACEMAKER = "pacemaker or neurostimulator"
    COLD_DISEASE = "cold disease"
    INFECTION = "infection at the site"


NEVER_LIFTED = (TimeOutItem.IDENTITY, TimeOutItem.CONSENT, TimeOutItem.SIDE)
"""Of these nothing is "not applicable": a wrong patient or side is put right, not explained."""


class TimeOutAnswer(msgspec.Struct, frozen=True):
    """`clear`: as it has to be. `how`: empty for an answer of the team, else who answered before
    ("demonstration", "headless run"), or the reason for going on though it is not clear."""

    item: TimeOutItem
    clear: bool
    how: str = ""
    at_ms: int | None = None


class TimeOutView(msgspec.Struct, frozen=True):
    """The newest answer to each line; `missing`: what still keeps the card from being done."""

    answers: tuple[TimeOutAnswer, ...] = ()
    missing: str | None = None
