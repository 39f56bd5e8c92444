"""All checks in the order in which they are made, and the run over them."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import msgspec

from drivers.conformance import (
    codec_frames,
    codec_messages,
    codec_sessions,
    safety_freeze,
    safety_lease,
    safety_maintenance,
    safety_protection,
    safety_start,
    safety_stimulation,
    safety_stop,
    transport_commands,
    transport_events,
    transport_sessions,
)
from drivers.conformance.bench import Bench
from drivers.conformance.check import Check, Needs, Tier
from drivers.conformance.doing import prepare, welcome_of
from drivers.conformance.verdicts import (
    BlockedError,
    FailedError,
    NotApplicableError,
    PortGoneError,
)
from drivers.conformance.wire import Wire
from drivers.link.codes import DeviceState, Result, WelcomeFlag
from drivers.link.messages import EnterMaintenance, Welcome

_ROWS: Final = (
    *codec_frames.ROWS,
    *codec_sessions.ROWS,
    *codec_messages.ROWS,
    *transport_commands.ROWS,
    *transport_sessions.ROWS,
    *transport_events.ROWS,
    *safety_stimulation.ROWS,
    *safety_lease.ROWS,
    *safety_stop.ROWS,
    *safety_start.ROWS,
    *safety_freeze.ROWS,
    *safety_maintenance.ROWS,
    *safety_protection.ROWS,
)
_TIERS: Final = tuple(Tier)
# What needs a device at rest comes first in its tier: a thaw takes its time.
CHECKS: Final = tuple(
    sorted(_ROWS, key=lambda check: (_TIERS.index(check.tier), check.needs is not Needs.REST))
)
LATE_MS: Final = 150.0
"""Device time for which nothing may come. After a longer pause a failure says nothing about the
device: this computer was busy, and the check is made again."""
TRIES: Final = 3
BOOT_S: Final = 8.0
"""A device may boot for 5 s."""


class CannotRunError(Exception):
    """The suite cannot run on this device; the message is one line that says what to do."""


class Outcome(msgspec.Struct, frozen=True):
    """What came of one check. `passed` is None for one that was not made."""

    check: Check
    passed: bool | None
    detail: str


def chosen(tiers: Iterable[str] | None, ids: Iterable[str] | None) -> list[Check]:
    """The checks of `tiers` (None: all) whose ids are in `ids` (None: all), in order.

    Raises CannotRunError, naming what there is, for a tier or an id that does not exist.
    """
    wanted_tiers, wanted = list(tiers or _TIERS), list(ids or ())
    for tier in wanted_tiers:
        if tier not in _TIERS:
            raise CannotRunError(f"{tier}: no such tier; there are {', '.join(_TIERS)}")
    known = {check.id for check in CHECKS}
    for one in wanted:
        if one not in known:
            near = sorted(id for id in known if one in id) or sorted(known)
            raise CannotRunError(f"{one}: no such check; there are {', '.join(near)}")
    if wanted:
        found = [check for check in CHECKS if check.id in wanted]
        if tiers is not None:
            found = [check for check in found if check.tier in wanted_tiers]
            if not found:
                raise CannotRunError(f"{', '.join(wanted)}: not in tier {', '.join(wanted_tiers)}")
        return found
    return [check for check in CHECKS if check.tier in wanted_tiers]


def run(
    wire: Wire,
    checks: Sequence[Check],
    *,
    probe_in_water: bool = False,
    tries: int = TRIES,
    told: Callable[[Outcome], None] = lambda outcome: None,
) -> tuple[Welcome | None, list[Outcome]]:
    """Makes `checks` one after the other: the device's first Welcome, and what came of each.

    `told` hears of each outcome at once; `tries` is how often a check is made at most when this
    computer was late meanwhile. Raises CannotRunError for tiers that open a valve when
    the device is real and `probe_in_water` or maintenance is missing, and for a device whose time
    waits for its host.
    """
    bench = Bench(wire)
    outcomes: list[Outcome] = []

    def add(check: Check, passed: bool | None, detail: str) -> None:
        outcomes.append(Outcome(check, passed, detail))
        told(outcomes[-1])

    gone: str | None = None
    welcome: Welcome | None = None
    try:
        welcome = _first_contact(bench)
        _may_run(bench, welcome, checks, probe_in_water)
    except (FailedError, PortGoneError) as error:
        gone = str(error)
    blocked: dict[str, str] = {}  # a cause, and the check that met it first
    for check in checks:
        if gone is not None:
            add(check, False, f"not made: {gone}")
            continue
        try:
            add(check, *_made(bench, check, tries, blocked))
        except PortGoneError as error:
            gone = str(error)
            add(check, False, gone)
    if gone is None:
        _leave(bench)
    return welcome, outcomes


def _first_contact(bench: Bench) -> Welcome:
    """The first Welcome. A device may be booting: opening the port may have restarted it."""
    end_s = time.monotonic() + BOOT_S
    while True:
        try:
            prepare(bench, Needs.SESSION)
            return welcome_of(bench)
        except FailedError:
            if time.monotonic() > end_s:
                raise


def _made(
    bench: Bench, check: Check, tries: int, blocked: dict[str, str]
) -> tuple[bool | None, str]:
    failed = ""
    for _ in range(tries):
        cause = ""
        try:
            prepare(bench, check.needs)
            bench.longest_gap_ms = 0.0
            return True, check.run(bench)
        except NotApplicableError as error:
            return None, str(error)
        except BlockedError as error:
            failed = cause = str(error)
        except FailedError as error:
            failed = str(error)
        except (LookupError, ValueError, ArithmeticError, StopIteration) as error:
            failed = f"what the device said could not be judged: {error!r}"
        if bench.longest_gap_ms <= LATE_MS:
            break
    # One cause is one failure: a probe that is used up would otherwise be told dozens of times.
    if cause and blocked.setdefault(cause, check.id) != check.id:
        return None, f"not made: {cause}, as in {blocked[cause]}"
    return False, f"{failed} ({bench.context()})"


def _may_run(bench: Bench, welcome: Welcome, checks: Sequence[Check], in_water: bool) -> None:
    if welcome.flags & WelcomeFlag.LOCKSTEP and any(c.tier is not Tier.CODEC for c in checks):
        raise CannotRunError(
            "this simulator keeps step with its host, and a suite that falls silent would stop its "
            "clock: start it with pace=wall"
        )
    if welcome.flags & WelcomeFlag.SIMULATED or all(c.tier is Tier.CODEC for c in checks):
        return
    if not in_water:
        raise CannotRunError(
            "this console is real, and these tiers open its gas valve: put the probe into water "
            "and add --probe-in-water, or ask for --tier codec"
        )
    bench.maintained = True
    if welcome.state == DeviceState.MAINTENANCE:
        return
    if bench.ask(EnterMaintenance(1))[0] != Result.DONE:
        raise CannotRunError(
            "this console is real and not in maintenance: put its maintenance switch on, let it "
            "come to rest, and try again, or ask for --tier codec"
        )


def _leave(bench: Bench) -> None:
    """Leaves the device with everything off."""
    try:
        prepare(bench, Needs.SESSION)
    except (FailedError, PortGoneError):
        return
