"""Gathers what a session's journals tell, in one pass over their entries. Pure."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from console.control import translate
from console.control.procedure_door import loaded
from console.control.state import SavedCase
from console.model.console_check import CheckItem
from console.model.cycle import CycleRecord, FreezeKey, keys
from console.model.device import DeviceInfo
from console.model.snapshot import Phase
from console.model.time_out import TimeOutItem
from console.records.entries import (
    Connected,
    EstimateIn,
    FrameIn,
    Happened,
    Header,
    Lost,
    Progress,
)
from console.records.reading import Journal
from console.records.session import Session
from console.records.verify import verdict_of
from console.report.account import (
    Account,
    CheckLine,
    Estimated,
    Freeze,
    Override,
    Pain,
    Place,
    Reached,
    Reading,
    Test,
    TimeOutLine,
    Told,
)
from console.report.reach import reach_of
from console.report.timeline import Timeline
from drivers.link.frame import Frame, decode
from drivers.link.messages import Telemetry, read


def account(session: Session) -> Account:
    """Gathers what `session` holds. Whatever cannot be read is left out."""
    gathered = _Gathered()
    for journal in session.journals:
        gathered.take(journal)
    headers = [each.header for each in session.journals if each.header]
    estimates = gathered.estimated()
    freezes = gathered.freezes(estimates)
    return Account(
        session=session.id,
        started=session.started,
        outcome=session.outcome,
        simulated=session.simulated,
        programs=tuple(dict.fromkeys(each.program for each in headers)),
        ports=tuple(dict.fromkeys(each.port for each in headers)),
        device=session.device,
        chosen=session.chosen,
        case=gathered.case,
        readings=tuple(gathered.readings),
        freezes=freezes,
        check=gathered.check(),
        time_out=gathered.time_out(),
        tests=gathered.tests(),
        overrides=gathered.overrides(),
        pain=gathered.pain(),
        estimates=estimates,
        events=gathered.told(freezes),
        amendments=session.amendments,
        journals=session.journals,
        record=verdict_of(session),
        lost=sum(each.count for each in session.of(Lost)),
        mapped=session.mapped,
    )


class _Gathered:
    """The pass over the entries."""

    def __init__(self) -> None:
        self.timeline = Timeline()
        self.readings: list[Reading] = []
        self.estimates: list[Estimated] = []
        self.events: list[Told] = []
        self.places = _Places()
        self.case: SavedCase | None = None
        self.device: DeviceInfo | None = None
        self.freezes_at = _Moments()
        self.freezes_with: list[DeviceInfo | None] = []
        self.tests_at = _Moments()
        self.check_at = _Moments()
        self.time_out_at = _Moments()
        self.overrides_at = _Moments()
        self.pain_at = _Moments()

    def take(self, journal: Journal) -> None:
        kinds = (Connected, EstimateIn, FrameIn, Happened, Progress)
        for entry in journal.of(*kinds):
            match entry:
                case FrameIn():
                    self._frame(entry, journal.header)
                case Happened():
                    at_ms = entry.event.at_ms
                    at_s = None if at_ms is None else self.timeline.at_s(at_ms)
                    self.events.append(Told(at_s, entry.wall, entry.event.kind, entry.event.text))
                case EstimateIn() if self.timeline.heard(entry.estimate.at_ms):
                    at_s = self.timeline.at_s(entry.estimate.at_ms)
                    self.estimates.append(Estimated(at_s, entry.estimate))
                case Progress():
                    self._checkpoint(entry)
                case Connected():
                    self.timeline.connected(entry.device.boot_id)
                    self.device = entry.device

    def _frame(self, entry: FrameIn, header: Header | None) -> None:
        frame = decode(entry.raw)
        if not isinstance(frame, Frame) or frame.kind != Telemetry.KIND:
            return
        message = read(frame)
        if isinstance(message, Telemetry):
            at_s = self.timeline.frame(frame.device_ms, _wall_s(header, entry.now_ms))
            seen = translate.observation(message, frame.device_ms)
            self.readings.append(Reading(at_s, self.timeline.boots, seen))

    def _checkpoint(self, entry: Progress) -> None:
        try:
            self.case = loaded(entry.state)
        except ValueError:
            return  # written by another version
        proc, place = self.case.procedure, self.timeline.at_s
        gone = proc.plan is None or proc.phase is Phase.OUT
        self.places.take(
            self.readings[-1].at_s if proc.last_ms is None and self.readings
            else place(proc.last_ms or 0),
            None if gone else Place(proc.site, proc.placement),
        )  # fmt: skip
        self.freezes_at.take([each.started_ms for each in proc.records], place)
        new = len(proc.records) - len(self.freezes_with)
        if new < 0:
            self.freezes_with.clear()  # they were begun anew
            new = len(proc.records)
        self.freezes_with += [self.device] * new
        self.tests_at.take([each.started_ms for each in proc.tests], place)
        self.check_at.take([each.at_ms for each in proc.check], place)
        self.time_out_at.take([each.at_ms for each in proc.time_out], place)
        self.overrides_at.take([each.at_ms for each in proc.overrides], place)
        self.pain_at.take([each.at_ms for each in proc.pain], place)

    def tests(self) -> tuple[Test, ...]:
        found = () if self.case is None else self.case.procedure.tests
        return tuple(map(Test, found, self.tests_at.known()))

    def check(self) -> tuple[CheckLine, ...]:
        found = () if self.case is None else self.case.procedure.check
        newest = {each.given.item: each for each in map(CheckLine, found, self.check_at.at_s)}
        return tuple(newest[item] for item in CheckItem if item in newest)

    def time_out(self) -> tuple[TimeOutLine, ...]:
        found = () if self.case is None else self.case.procedure.time_out
        lines = map(TimeOutLine, found, self.time_out_at.at_s)
        newest = {each.given.item: each for each in lines}
        return tuple(newest[item] for item in TimeOutItem if item in newest)

    def overrides(self) -> tuple[Override, ...]:
        found = () if self.case is None else self.case.procedure.overrides
        return tuple(map(Override, found, self.overrides_at.at_s))

    def pain(self) -> tuple[Pain, ...]:
        found = () if self.case is None else self.case.procedure.pain
        return tuple(map(Pain, found, self.pain_at.at_s))

    def estimated(self) -> tuple[Estimated, ...]:
        """The estimates with their places. After a restart the model is given the last half hour
        again, to catch up: what it says of that a second time is left out."""
        found: list[Estimated] = []
        for each in self.estimates:
            if not found or each.at_s > found[-1].at_s:
                place = self.places.at(each.at_s)
                found.append(msgspec.structs.replace(each, place=place))
        return tuple(found)

    def told(self, freezes: tuple[Freeze, ...]) -> tuple[Told, ...]:
        """The events, each with its place and its freeze."""
        return tuple(self._placed(each, freezes) for each in self.events)

    def _placed(self, event: Told, freezes: tuple[Freeze, ...]) -> Told:
        at_s = event.at_s
        if at_s is None:
            return event
        place = self.places.at(at_s)
        began = [each for each in freezes if each.began_s <= at_s]
        own = began[-1].key if began else None
        if own is not None and place != Place(own.site, own.placement):
            own = None
        return msgspec.structs.replace(event, place=place, freeze=own)

    def freezes(self, estimates: tuple[Estimated, ...]) -> tuple[Freeze, ...]:
        records = () if self.case is None else self.case.procedure.records
        began = self.freezes_at.known()
        ends = [*began[1:], float("inf")][: len(began)]
        spans = [
            (Place(record.site, record.placement), began_s, end_s)
            for record, began_s, end_s in zip(records, began, ends, strict=True)
        ]
        return tuple(
            _freeze(*each)
            for each in zip(
                keys(records), records, began, reach_of(estimates, spans), self.freezes_with,
                strict=True,
            )
        )  # fmt: skip


def _freeze(
    key: FreezeKey,
    record: CycleRecord,
    began_s: float,
    model: Reached | None,
    device: DeviceInfo | None,
) -> Freeze:
    ended_s = until_s = None
    if record.ended_ms is not None:
        ended_s = began_s + (record.ended_ms - record.started_ms) / 1_000
        until_s = None if record.thaw_s is None else ended_s + record.thaw_s
    return Freeze(key, record, began_s, ended_s, until_s, model, device)


class _Places:
    """Where the probe stood, as the checkpoints say it."""

    def __init__(self) -> None:
        self._since: list[tuple[float, Place | None]] = []

    def take(self, at_s: float, place: Place | None) -> None:
        """Where it stands after `at_s`; None: in no tissue."""
        if not self._since or self._since[-1][1] != place:
            self._since.append((at_s, place))

    def at(self, at_s: float) -> Place | None:
        """Where it stood then. What came with the change still belongs to the place before."""
        at = bisect_left(self._since, at_s, key=lambda each: each[0])
        return self._since[max(0, at - 1)][1] if self._since else None


class _Moments:
    """When each entry of a growing list was, by the boot in which it was first seen: every later
    checkpoint holds it again."""

    def __init__(self) -> None:
        self.at_s: list[float | None] = []

    def take(self, given_ms: Sequence[int | None], place: Callable[[int], float]) -> None:
        """The whole list as it is now, in device time."""
        if len(given_ms) < len(self.at_s):
            self.at_s.clear()  # it was begun anew
        new = given_ms[len(self.at_s) :]
        self.at_s += [None if ms is None else place(ms) for ms in new]

    def known(self) -> list[float]:
        """Those of a list in which each has its time."""
        return [each for each in self.at_s if each is not None]


def _wall_s(header: Header | None, now_ms: float) -> float:
    """Seconds since 1970 at host time `now_ms` of a journal; 0 when it cannot be told."""
    try:
        began = datetime.fromisoformat(header.started if header else "")
    except ValueError:
        return 0.0
    assert header is not None
    return began.timestamp() + (now_ms - header.now_ms) / 1_000
