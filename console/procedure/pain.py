"""Asking for the pain: before, after each thaw, at the end."""

from typing import Final

import msgspec

from console.model.event import Event, EventKind
from console.model.pain import WORST, PainScore
from console.model.request import ScorePain
from console.model.snapshot import Phase
from console.procedure.row import Outcome, Row, always, said
from console.procedure.state import Conditions, Note, Persist, Procedure

PHASES: Final = frozenset(
    {Phase.STIMULATE, Phase.READY, Phase.THAWING, Phase.RELEASING, Phase.FREE}
)
"""Whenever the patient can be asked: not in a freeze, nor while it is being decided."""


def _blocked(proc: Procedure, now: Conditions, asked: ScorePain | None) -> str | None:
    if asked is not None and not 0 <= asked.score <= WORST:
        return f"{asked.score} is no pain score: from 0 to {WORST}"
    return None


def _score(proc: Procedure, asked: ScorePain, now: Conditions) -> Outcome:
    after = sum(record.site == proc.site for record in proc.records)
    given = PainScore(asked.score, proc.site, after, proc.last_ms)
    when = f"after freeze {after}" if after else "before the first freeze"
    note = Note(Event(EventKind.PAIN, proc.last_ms, f"Pain {asked.score} of {WORST} {when}."))
    return msgspec.structs.replace(proc, pain=(*proc.pain, given)), (note, Persist())


def _detail(proc: Procedure) -> str:
    here = [each.score for each in proc.pain if each.site == proc.site]
    return "so far " + ", ".join(str(score) for score in here) if here else f"0 to {WORST}"


ROW: Final = Row(
    "score_pain", ScorePain, always, PHASES, said("Pain score"), _detail, _blocked, _score
)
