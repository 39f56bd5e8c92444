"""The console check: every line answered, tried or measured, before the time-out and again when
another probe may be on the hose. What has failed is mended or tried again; no reason lifts it."""

from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from console.model.console_check import (
    OF_THE_PROBE,
    WITH_GAS,
    CheckItem,
    CheckResult,
    CheckStanding,
    CheckView,
)
from console.model.event import Event, EventKind
from console.model.request import AnswerCheck, CheckLineBack, EndCheck, OpenCheck, StartCheck
from console.model.snapshot import Phase
from console.procedure import time_out
from console.procedure.check_lines import BY_ITEM, LINES, CheckLine, newest, settling
from console.procedure.check_run import noted
from console.procedure.row import Outcome, Row, always, said
from console.procedure.state import (
    Checking,
    Conditions,
    Effects,
    Note,
    Persist,
    Procedure,
    SendEnd,
    SendLeakTest,
    Stage,
)

AFTER_GAS: Final = (CheckItem.GAS_OFF, CheckItem.THAW, CheckItem.THERMOCOUPLE)
"""What gas makes open again."""
_NOBODY: Final = "Nothing is asked here now"


def standing(proc: Procedure, item: CheckItem) -> CheckStanding:
    """How a line stands. A record of an earlier version of this program holds no check: there its
    way of running stands for it."""
    result = newest(proc, item)
    if result is not None:
        return result.standing
    return CheckStanding.PASSED if _beforehand(proc) and not proc.check else CheckStanding.OPEN


def _beforehand(proc: Procedure) -> bool:
    return proc.how in time_out.BEFOREHAND


def current(proc: Procedure) -> CheckLine | None:
    """The line that is next, None when all are done."""
    return next((line for line in LINES if not standing(proc, line.item).done), None)


def missing(proc: Procedure) -> str | None:
    """What keeps the check from being done, None when nothing does."""
    line = current(proc)
    if line is None:
        return None
    if standing(proc, line.item) is CheckStanding.FAILED:
        return line.mend
    result = newest(proc, line.item)
    why = f" ({result.how})" if result is not None and result.how else ""
    return f"Console check, still open: {line.item}{why}"


def thermocouple_off(proc: Procedure) -> str:
    """What the check measured where the tip did not agree with the room; empty when it did, and
    before it is measured."""
    result = newest(proc, CheckItem.THERMOCOUPLE)
    failed = result is not None and result.standing is CheckStanding.FAILED
    return result.measure if result is not None and failed else ""


def opened(proc: Procedure) -> Procedure:
    """A session that has just been chosen: at its check, or, where the way it is run answers check
    and time-out, with those answers marked so."""
    if not _beforehand(proc):
        return msgspec.structs.replace(proc, phase=Phase.CHECK)
    given = tuple(
        CheckResult(item, CheckStanding.PASSED, "", proc.how, proc.last_ms) for item in CheckItem
    )
    return time_out.beforehand(msgspec.structs.replace(proc, check=given))


def void(
    proc: Procedure, items: Iterable[CheckItem], why: str, *, beforehand: bool = False
) -> Procedure:
    """These lines are open again; `beforehand`: those alone that were answered by the way the
    session is run, else those alone that were not."""
    made = tuple(
        CheckResult(item, CheckStanding.OPEN, "", why, proc.last_ms)
        for item in items
        for result in [newest(proc, item)]
        if result is not None
        and result.standing is not CheckStanding.OPEN
        and (_beforehand(proc) and result.how == proc.how) is beforehand
    )
    return msgspec.structs.replace(proc, check=(*proc.check, *made)) if made else proc


def probe_gone(proc: Procedure) -> tuple[Procedure, Effects]:
    """The probe was unplugged: whatever is plugged in next is checked."""
    changed = void(proc, OF_THE_PROBE, "the probe was unplugged")
    if changed is proc:
        return proc, ()
    text = "The probe was unplugged: its part of the console check is to be done again."
    return changed, (Note(Event(EventKind.CHECKED, proc.last_ms, text)), Persist())


def probe_read(proc: Procedure, serial: str | None) -> tuple[Procedure, Effects]:
    """The console says which probe it has; nobody may have seen another being plugged in."""
    if not proc.probe or serial in (None, proc.probe):
        return proc, ()
    return probe_gone(msgspec.structs.replace(proc, probe=""))


def other_console(proc: Procedure) -> Procedure:
    """Another console has taken the place of the one that was checked."""
    return void(proc, CheckItem, "another console")


def judged(proc: Procedure, now: Conditions) -> tuple[Procedure, Effects]:
    """A fresh observation while no test runs: a line that measures judges itself."""
    line = current(proc)
    if line is None or standing(proc, line.item) is not CheckStanding.OPEN:
        return proc, ()
    if line.item is CheckItem.THERMOCOUPLE and now.observation is not None:
        proc = settling(proc, now.observation)
    verdict = line.judge(proc, now)
    if verdict is None:
        return proc, ()
    stands, measure = verdict
    return noted(proc, CheckResult(line.item, stands, measure, "", proc.last_ms))


# --- answers ----------------------------------------------------------------------------------


def _not_now(proc: Procedure, asked: AnswerCheck | StartCheck | None) -> str | None:
    """Why not this line: a touch may come just as the next has begun."""
    line = current(proc)
    if line is None:
        return "Every line is done"
    if asked is not None and asked.item is not line.item:
        return f"Now: {line.item}"
    return None


def _pass_blocked(proc: Procedure, now: Conditions, asked: AnswerCheck | None) -> str | None:
    line, not_now = current(proc), _not_now(proc, asked)
    if line is None or not_now is not None:
        return not_now
    if not line.yes:
        return _NOBODY
    if line.test and standing(proc, line.item) is not CheckStanding.RUN:
        return "Wait for the end" if proc.checking is not None else f"First: {line.test.lower()}"
    return line.unfit(proc, now)


def _fail_blocked(proc: Procedure, now: Conditions, asked: AnswerCheck | None) -> str | None:
    line, not_now = current(proc), _not_now(proc, asked)
    if line is None or not_now is not None:
        return not_now
    if not line.no:
        return _NOBODY
    run = proc.checking
    on = run is not None and run.stage is None and not run.answered
    if line.test and standing(proc, line.item) is not CheckStanding.RUN and not on:
        return f"First: {line.test.lower()}"
    return None


def _answer(proc: Procedure, asked: AnswerCheck, now: Conditions) -> Outcome:
    line, run = BY_ITEM[asked.item], proc.checking
    stands = CheckStanding.PASSED if asked.passed else CheckStanding.FAILED
    before = newest(proc, asked.item)
    measure = before.measure if line.test and before is not None else line.live(proc, now)
    off: Effects = ()
    if run is not None:
        # What is seen to be wrong ends the gas at once.
        run, off = msgspec.structs.replace(run, answered=True), (SendEnd(),)
        proc = msgspec.structs.replace(proc, checking=run)
    probe = now.device.probe if now.device is not None else None
    if asked.item is CheckItem.PROBE and probe is not None:
        proc = msgspec.structs.replace(proc, probe=probe.serial)
    proc, effects = noted(proc, CheckResult(asked.item, stands, measure, "", proc.last_ms))
    return proc, (*off, *effects)


# --- tests ------------------------------------------------------------------------------------


def _startable(proc: Procedure, line: CheckLine) -> bool:
    """A test, or a measurement that has failed and may be made anew."""
    return bool(line.test) or (not line.yes and standing(proc, line.item) is CheckStanding.FAILED)


def _start_blocked(proc: Procedure, now: Conditions, asked: StartCheck | None) -> str | None:
    line, not_now = current(proc), _not_now(proc, asked)
    if line is None or not_now is not None:
        return not_now
    if not _startable(proc, line):
        return "Nothing is started here"
    if proc.checking is not None:
        return "A test is running"
    if not line.test:
        return None  # to measure anew needs nothing
    if now.not_ready:
        return now.not_ready[0]
    seen = now.observation
    if seen is not None and seen.valve_open:
        return "The gas is on"
    if line.item is CheckItem.SUPPLY_LEAK and seen is not None and seen.state.value != "idle":
        return f"The console is {seen.state.value}"
    return line.unready(proc, now)


def _start(proc: Procedure, asked: StartCheck, now: Conditions) -> Outcome:
    line = BY_ITEM[asked.item]
    if not line.test:  # it measures anew
        return noted(proc, CheckResult(asked.item, CheckStanding.OPEN, "", "anew", proc.last_ms))
    gas = asked.item in WITH_GAS
    proc = void(proc, (asked.item, *(AFTER_GAS if gas else ())), f"{asked.item} again")
    run = Checking(
        item=asked.item,
        stage=Stage.INTENT if gas else Stage.START,
        since_ms=proc.last_ms or 0,
        length_s=line.length_s,
    )
    note = Note(Event(EventKind.START_ASKED, proc.last_ms, f"{line.test} asked for."))
    proc = msgspec.structs.replace(proc, checking=run, settling=None)
    return proc, (*(() if gas else (SendLeakTest(),)), note, Persist())


# --- going on and back ------------------------------------------------------------------------


def _busy(proc: Procedure, now: Conditions, asked: object) -> str | None:
    return "A test is running" if proc.checking is not None else None


def _last_done(proc: Procedure) -> CheckItem | None:
    """The line before the present one that a hand has done."""
    here = current(proc)
    before = LINES if here is None else LINES[: LINES.index(here)]
    mine = [line.item for line in before if line.yes or line.test]
    return mine[-1] if mine else None


def _back_blocked(proc: Procedure, now: Conditions, asked: object) -> str | None:
    return _busy(proc, now, asked) or (None if _last_done(proc) else "This is the first line")


def _back(proc: Procedure, asked: CheckLineBack, now: Conditions) -> Outcome:
    item = _last_done(proc)
    assert item is not None  # else it is blocked
    return noted(proc, CheckResult(item, CheckStanding.OPEN, "", "taken back", proc.last_ms))


def _end_blocked(proc: Procedure, now: Conditions, asked: object) -> str | None:
    return _busy(proc, now, asked) or missing(proc)


def _end(proc: Procedure, asked: EndCheck, now: Conditions) -> Outcome:
    text = "Console check done."
    back = proc.check_back
    # A probe that was in the water stands in another place than before.
    moved = back is not None and (bool(proc.tests) or bool(proc.records))
    proc = msgspec.structs.replace(
        proc,
        phase=back if back is not None else Phase.TIME_OUT,
        check_back=None,
        placement=proc.placement + 1 if moved else proc.placement,
    )
    return proc, (Note(Event(EventKind.CHECK_DONE, proc.last_ms, text)), Persist())


def _open_blocked(proc: Procedure, now: Conditions, asked: object) -> str | None:
    if proc.stimulating is not None:
        return "A test is running"
    if proc.phase is Phase.THAWING and not now.free:
        return now.not_free or "The probe is not free yet"
    return None


def _open(proc: Procedure, asked: OpenCheck, now: Conditions) -> Outcome:
    proc = void(proc, CheckItem, "by hand", beforehand=True)
    back = None if proc.phase is Phase.TIME_OUT else proc.phase
    proc = msgspec.structs.replace(proc, check_back=back, phase=Phase.CHECK, hold=True)
    note = Note(Event(EventKind.CHECKED, proc.last_ms, "Console check opened by hand."))
    return proc, (note, Persist())


# --- for the screen ---------------------------------------------------------------------------


def view(proc: Procedure, now: Conditions) -> CheckView:
    """The check as the screen shows it."""
    found = (newest(proc, item) for item in CheckItem)
    line, run = current(proc), proc.checking
    left_s = None
    if run is not None and run.started_ms is not None and proc.last_ms is not None:
        left_s = max(0.0, run.length_s - (proc.last_ms - run.started_ms) / 1_000)
    failed = line is not None and standing(proc, line.item) is CheckStanding.FAILED
    ran = line is not None and standing(proc, line.item) is CheckStanding.RUN
    on = run is not None and run.stage is None
    return CheckView(
        results=tuple(result for result in found if result is not None),
        now=line.item if line is not None else None,
        now_words=line.live(proc, now) if line is not None else "",
        mend=line.mend if line is not None and failed else "",
        asks=line is not None and bool(line.yes) and (not line.test or ran or on),
        starts=line is not None and run is None and _startable(proc, line),
        running=run.item if run is not None else None,
        left_s=left_s if on else None,
        missing=missing(proc),
    )


# --- the rows ---------------------------------------------------------------------------------


def _of_line(words: Callable[[CheckLine], str], otherwise: str) -> Callable[[Procedure], str]:
    def said_now(proc: Procedure) -> str:
        line = current(proc)
        return (words(line) if line is not None else "") or otherwise

    return said_now


def _passed(passed: bool) -> Callable[[AnswerCheck], bool]:
    return lambda asked: asked.passed is passed


_HERE: Final = frozenset({Phase.CHECK})
_FROM: Final = frozenset({Phase.TIME_OUT, Phase.STIMULATE, Phase.READY, Phase.THAWING})

ROWS: tuple[Row, ...] = (
    Row(
        "check_yes", AnswerCheck, _passed(True), _HERE,
        _of_line(lambda line: line.yes, "Yes"), said(""), _pass_blocked, _answer,
    ),
    Row(
        "check_no", AnswerCheck, _passed(False), _HERE,
        _of_line(lambda line: line.no, "No"), said(""), _fail_blocked, _answer,
    ),
    Row(
        "check_start", StartCheck, always, _HERE,
        _of_line(lambda line: line.test, "Measure again"),
        _of_line(lambda line: line.detail, ""), _start_blocked, _start,
    ),
    Row(
        "check_line_back", CheckLineBack, always, _HERE,
        said("One line back"), said("a touch was wrong"), _back_blocked, _back,
    ),
    Row(
        "end_check", EndCheck, always, _HERE,
        said("Check done"), said("the console is fit"), _end_blocked, _end,
    ),
    Row(
        "open_check", OpenCheck, always, _FROM,
        said("Console check"), said("do it by hand"), _open_blocked, _open,
    ),
)  # fmt: skip
