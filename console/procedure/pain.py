"""Asking for the pain: before, after each thaw, at the end."""

from typing import Final

import msgspec

from console.model.cycle import CycleRecord, CycleState
from console.model.event import Event, EventKind
from console.model.pain import WORST, PainScore
from console.model.request import ScorePain
from console.model.snapshot import Phase
from console.procedure.row import Outcome, Row, always, said
from console.procedure.state import Conditions, Note, Persist, Procedure
from console.procedure.time_out import BEFOREHAND

PHASES: Final = frozenset(
    {Phase.STIMULATE, Phase.READY, Phase.THAWING, Phase.RELEASING, Phase.FREE}
)
"""Whenever the patient can be asked: not in a freeze, nor while it is being decided."""


def missing(proc: Procedure) -> str | None:
    """Why the next freeze should wait for a score, None when it need not. It is asked for before
    the first freeze and after each that counts; one of another site says it too, as long as no
    such freeze came since."""
    newest = _counted(proc)
    numb = proc.preparation.target_numb  # then a score would say nothing
    if numb or proc.how in BEFOREHAND or any(_since(proc, score) for score in proc.pain):
        return None
    if newest is None:
        return "Pain before the first freeze is not scored"
    return f"Pain after freeze {newest.number} is not scored"


def _since(proc: Procedure, score: PainScore) -> bool:
    """Whether it was asked after the newest freeze that counts."""
    newest = _counted(proc)
    if newest is None or score.site > newest.site:
        return True
    here = [record for record in proc.records if record.site == newest.site]
    return score.site == newest.site and score.after > here.index(newest)


def _counted(proc: Procedure) -> CycleRecord | None:
    """The newest freeze that was not stopped, or was counted all the same."""
    counted = (each for each in reversed(proc.records) if each.state is not CycleState.STOPPED)
    return next(counted, None)


def _frozen(proc: Procedure, site: int) -> int:
    return sum(record.site == site for record in proc.records)


def _blocked(proc: Procedure, now: Conditions, asked: ScorePain | None) -> str | None:
    if asked is not None and not 0 <= asked.score <= WORST:
        return f"{asked.score} is no pain score: from 0 to {WORST}"
    return None


NUMB: Final = "The target is anaesthetised: that the pain is gone says nothing today"


def scored(proc: Procedure, score: int) -> tuple[Procedure, Note]:
    """The patient's pain now, with the freezes that this site has had."""
    after = _frozen(proc, proc.site)
    given = PainScore(score, proc.site, after, proc.last_ms)
    when = f"after freeze {after}" if after else "before the first freeze"
    note = Note(Event(EventKind.PAIN, proc.last_ms, f"Pain {score} of {WORST} {when}."))
    return msgspec.structs.replace(proc, pain=(*proc.pain, given)), note


def _score(proc: Procedure, asked: ScorePain, now: Conditions) -> Outcome:
    proc, note = scored(proc, asked.score)
    return proc, (note, Persist())


def gone_blocked(proc: Procedure, now: Conditions, asked: object) -> str | None:
    """Why "pain gone" is no outcome today, None when it is one."""
    return NUMB if proc.preparation.target_numb else None


def _detail(proc: Procedure) -> str:
    here = [each.score for each in proc.pain if each.site == proc.site]
    return "so far " + ", ".join(str(score) for score in here) if here else f"0 to {WORST}"


ROW: Final = Row(
    "score_pain", ScorePain, always, PHASES, said("Pain score"), _detail, _blocked, _score
)
