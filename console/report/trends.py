"""The key numbers of every freeze of a store, to be compared over time per console and probe.

They are gathered from the journals once and kept beside the index until a journal changes.
"""

from bisect import bisect_left, bisect_right
from datetime import datetime
from typing import Final

import msgspec

from console.model.event import EventKind
from console.model.trend import FreezeNumbers
from console.records.entries import FlawIn
from console.records.index import Telling
from console.records.kept import kept
from console.records.session import Session
from console.records.store import Store
from console.report.account import Account, Freeze, Reading
from console.report.gathering import account
from console.report.words import site

NAME: Final = "freezes 2"
"""What is kept, and in which form: another form needs another number."""
THAWED_CELSIUS: Final = 10.0
HOLE_S: Final = 2.0
"""A reading that is older says nothing of the moment that is asked for."""


def trends(store: Store, told: Telling | None = None) -> tuple[FreezeNumbers, ...]:
    """The freezes of all sessions that have a place in time and a console, oldest first. OSError
    when the folder cannot be read."""
    sessions = kept(store, NAME, _made, tuple[FreezeNumbers, ...], told)
    found = [each for made in sessions.values() for each in made]
    return tuple(sorted(found, key=lambda each: (each.at, each.session, each.key)))


def _made(session: Session) -> tuple[FreezeNumbers, ...]:
    return freezes(account(session), sum(1 for _ in session.of(FlawIn)))


def freezes(told: Account, bad_frames: int) -> tuple[FreezeNumbers, ...]:
    """The key numbers of each freeze of a session in which `bad_frames` were heard. Those of a
    freeze whose end is not in the record are not known."""
    try:
        began = datetime.fromisoformat(told.started or "").timestamp()
    except ValueError:
        return ()
    found = []
    for at, each in enumerate(told.freezes):
        device = each.device
        if device is None:
            continue
        probe = device.probe
        made = FreezeNumbers(
            told.session, began + each.began_s, each.key, site(told.site(each.key.site),
            each.key.site), device.simulated, device.gas,
            device.serial, probe.serial if probe else None, probe.model if probe else None,
            each.record.state,
            supply_at_start_kpa=_supply(told.readings, each.began_s),
            bad_frames=bad_frames,
        )  # fmt: skip
        found.append(_ended(made, told, at))
    return tuple(found)


def _ended(made: FreezeNumbers, told: Account, index: int) -> FreezeNumbers:
    """With the numbers that a freeze has when it has ended."""
    each = told.freezes[index]
    if each.ended_s is None:
        return made
    record, seen = each.record, _between(told.readings, each.began_s, each.ended_s)
    tip_known = any(one.seen.tip_celsius is not None for one in seen)
    flow_known = any(one.seen.flow_mg_s is not None for one in seen)
    following = told.freezes[index + 1 :]
    return msgspec.structs.replace(
        made,
        time_to_target_s=record.time_to_target_s,
        lowest_tip_celsius=record.lowest_tip_celsius,
        time_at_target_s=record.time_at_target_s if tip_known else None,
        gas_g=record.gas_g if flow_known else None,
        thaw_to_plus10_s=_thaw(told, each.ended_s, following[0] if following else None),
    )


def _supply(readings: tuple[Reading, ...], began_s: float) -> float | None:
    """The newest supply pressure before gas-on, kPa absolute."""
    before = _between(readings, began_s - HOLE_S, began_s)
    known = (one.seen.supply_kpa for one in reversed(before))
    return next((kpa for kpa in known if kpa is not None), None)


def _thaw(told: Account, ended_s: float, following: Freeze | None) -> float | None:
    """From gas-off to the first reading of +10 °C or more, s: of this thaw, in the patient, and
    seen while it came about."""
    out = [
        one.at_s
        for one in told.of(EventKind.PROBE_OUT)
        if one.at_s is not None and one.at_s >= ended_s
    ]
    until_s = min([*out, following.began_s if following else float("inf")])
    last_s = ended_s
    for one in _between(told.readings, ended_s, until_s):
        celsius = one.seen.tip_celsius
        if celsius is None:
            continue
        if one.at_s - last_s > HOLE_S:
            return None
        if celsius >= THAWED_CELSIUS:
            return one.at_s - ended_s
        last_s = one.at_s
    return None


def _between(readings: tuple[Reading, ...], from_s: float, to_s: float) -> tuple[Reading, ...]:
    first = bisect_left(readings, from_s, key=_at)
    return readings[first : bisect_right(readings, to_s, key=_at)]


def _at(reading: Reading) -> float:
    return reading.at_s
