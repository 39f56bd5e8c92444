"""Looks at one moment with every interlock of the host. It can only ask for the safe state.

The stages, in their order: remember, raw, trip, hold until clear, merge the device's bits. Which
alarm stands for which is for the alarm manager: a trip does not ask it.
"""

from typing import Any, Final

import msgspec

from console.safety import signals
from console.safety.facts import Facts
from console.safety.interlock import Finding, Found, Interlock, Moment, SafeState, Watch
from console.safety.limits import Limits
from console.safety.registry import BY_ID, REGISTRY
from console.safety.signals import Signals

WATCHES: Final[tuple[tuple[Interlock, Watch[Any]], ...]] = tuple(
    (each, each.watch) for each in REGISTRY if each.watch is not None
)
"""What the supervisor asks, in this order."""
_INITIAL: Final[tuple[Any, ...]] = tuple(watch.initial for _, watch in WATCHES)


class Hold(msgspec.Struct, frozen=True):
    """A watch whose alarm was raised. `clear_since_ms`: since when its condition has not held, by
    the clock of `_now_ms`; None while it holds."""

    id: str
    clear_since_ms: float | None = None


class Supervisor(msgspec.Struct, frozen=True):
    """What it remembers. `memories`: of the watches, in the registry's order; `raw`: the interlocks
    whose condition held at the last look, by a watch or by the device's bit."""

    signals: Signals = Signals()
    memories: tuple[Any, ...] = _INITIAL
    raw: tuple[str, ...] = ()
    holds: tuple[Hold, ...] = ()


class Verdict(msgspec.Struct, frozen=True):
    """`findings`: all that holds now, and what is held until it is clear; `trips`: those that ask
    for a STOP now."""

    findings: tuple[Finding, ...] = ()
    trips: tuple[Finding, ...] = ()


def restarted(state: Supervisor) -> Supervisor:
    """After another boot of the device: its new clock says nothing of the times before."""
    holds = tuple(Hold(each.id) for each in state.holds)
    return Supervisor(signals.restarted(state.signals), raw=state.raw, holds=holds)


def step(state: Supervisor, facts: Facts, limits: Limits) -> tuple[Supervisor, Verdict]:
    """Evaluates all interlocks; the new state, and what was found."""
    now, memories = _remember(state, facts, limits)
    raw = _raw(memories, now)
    bits = _bits(facts)
    findings = _merged(raw, bits)
    trips = _trips(findings, state.raw, facts)
    holds = _hold(state.holds, raw, memories, now)
    held = tuple(Finding(each.id, held=True) for each in holds if each.id not in findings)
    after = Supervisor(now.signals, memories, tuple(findings), holds)
    return after, Verdict((*findings.values(), *held), trips)


def _remember(state: Supervisor, facts: Facts, limits: Limits) -> tuple[Moment, tuple[Any, ...]]:
    """Memories take in an observation once, when it is new."""
    if not facts.new or facts.observation is None:
        return Moment(facts, state.signals, limits), state.memories
    now = Moment(facts, signals.update(state.signals, facts), limits)
    memories = tuple(
        watch.remember(memory, now)
        for (_, watch), memory in zip(WATCHES, state.memories, strict=True)
    )
    return now, memories


def _raw(memories: tuple[Any, ...], now: Moment) -> dict[str, Found]:
    """The conditions that hold now, as the watches judge them."""
    found = {}
    for (interlock, watch), memory in zip(WATCHES, memories, strict=True):
        judged = watch.judge(memory, now)
        if judged is not None:
            found[interlock.id] = judged
    return found


def _bits(facts: Facts) -> tuple[str, ...]:
    """The device's fault bits that are interlocks."""
    seen = facts.observation
    if seen is None or not facts.link_open:
        return ()
    return tuple(fault for fault in seen.faults if fault in BY_ID)


def _merged(raw: dict[str, Found], bits: tuple[str, ...]) -> dict[str, Finding]:
    """What the device reports too stands until it is reset there."""
    host = {id: Finding(id, found, by_device=id in bits) for id, found in raw.items()}
    return host | {id: Finding(id, by_device=True) for id in bits if id not in raw}


def _trips(
    findings: dict[str, Finding], before: tuple[str, ...], facts: Facts
) -> tuple[Finding, ...]:
    """What asks for a STOP, unless one is under way: each condition when it is found, and each that
    goes on while gas is on."""
    if facts.stopping:
        return ()
    unsafe = [each for each in findings.values() if BY_ID[each.id].state is SafeState.SS1]
    return tuple(each for each in unsafe if facts.gas_on or each.id not in before)


def _hold(
    holds: tuple[Hold, ...], raw: dict[str, Found], memories: tuple[Any, ...], now: Moment
) -> tuple[Hold, ...]:
    """A raised alarm goes on until its condition has been clear for long enough, or the row is not
    judged any more."""
    since = {each.id: each.clear_since_ms for each in holds}
    at_ms = _now_ms(now.facts)
    kept = []
    for (interlock, watch), memory in zip(WATCHES, memories, strict=True):
        id = interlock.id
        if id in raw:
            kept.append(Hold(id))
        elif id in since and (watch.judged is None or watch.judged(now)):
            if watch.keeps is not None and watch.keeps(memory, now):
                kept.append(Hold(id))
                continue
            clear_since = since[id]
            if at_ms is None:  # no clock by which it could have been clear for long enough
                kept.append(Hold(id, clear_since))
                continue
            clear_since = at_ms if clear_since is None else clear_since
            if at_ms - clear_since < watch.clear_ms:
                kept.append(Hold(id, clear_since))
    return tuple(kept)


def _now_ms(facts: Facts) -> float | None:
    # In lockstep a run takes as long as the computer lets it: there the device's time counts.
    return facts.device_now_ms if facts.lockstep else facts.now_ms
