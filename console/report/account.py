"""What a session's journals tell, gathered in one pass for the report and the exports.

Pure. Nothing is reckoned anew here: cycles are those of the last checkpoint, events those that were
recorded, estimates those that the model gave at the time.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec

from console.control import translate
from console.control.picture import LITRES_PER_GRAM
from console.control.procedure_door import loaded
from console.control.state import SavedCase
from console.model.cycle import CycleRecord
from console.model.device import DeviceInfo, Gas
from console.model.estimate import Band, Estimate
from console.model.event import EventKind
from console.model.observation import Observation
from console.model.plan import Plan, Site
from console.model.request import ChoosePlan
from console.model.stimulation import Overridden, StimulationRecord
from console.records.entries import (
    Amended,
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
from console.records.verify import Verdict, verdict
from console.report.timeline import Timeline
from drivers.link.frame import Frame, decode
from drivers.link.messages import Telemetry, read


class Reading(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What was measured `at_s` of the session; None where it is unknown. `boot` counts restarts of
    the device. Pressures absolute."""

    at_s: float
    boot: int
    seen: Observation


class Told(msgspec.Struct, frozen=True):
    """An event. `at_s` of the session, None where the device's time was not known; `wall` ISO 8601,
    local."""

    at_s: float | None
    wall: str
    kind: EventKind
    text: str


class Estimated(msgspec.Struct, frozen=True):
    """What the tissue model said `at_s` of the session."""

    at_s: float
    estimate: Estimate


class Reached(msgspec.Struct, frozen=True):
    """How far the ice came in a freeze and its thaw, by the model, never measured: the largest of
    each, and the nerve's time below -20 °C from the session's beginning to the end of this span."""

    ice_edge_mm: Band
    minus20_mm: Band
    minus20_reach_mm: Band
    nerve_distance_mm: float
    nerve_below_s: Band


class Freeze(msgspec.Struct, frozen=True):
    """A freeze as it ran, from `began_s` to `ended_s` of the session, and its thaw until `until_s`:
    the next freeze of the site, or free. None where it is not known; `model`: where the record
    holds no estimate."""

    record: CycleRecord
    began_s: float
    ended_s: float | None
    until_s: float | None
    model: Reached | None


class Test(msgspec.Struct, frozen=True):
    """A stimulation as it ran, from `began_s` of the session."""

    record: StimulationRecord
    began_s: float


class Override(msgspec.Struct, frozen=True):
    """What the clinician went on without, `at_s` of the session; None where that is not known."""

    given: Overridden
    at_s: float | None


class Account(msgspec.Struct, frozen=True):
    """A session, ready to be told. `case` is None when no checkpoint can be read."""

    session: str
    started: str | None
    outcome: str
    simulated: bool
    programs: tuple[str, ...]
    ports: tuple[str, ...]
    device: DeviceInfo | None
    chosen: ChoosePlan | None
    case: SavedCase | None
    readings: tuple[Reading, ...]
    freezes: tuple[Freeze, ...]
    tests: tuple[Test, ...]
    overrides: tuple[Override, ...]
    estimates: tuple[Estimated, ...]
    events: tuple[Told, ...]
    amendments: tuple[Amended, ...]
    journals: tuple[Journal, ...]
    record: Verdict
    lost: int

    @property
    def plan(self) -> Plan | None:
        """The plan as it stood at the end: with freezes that were added."""
        if self.case is not None and self.case.procedure.plan is not None:
            return self.case.procedure.plan
        return None if self.chosen is None else self.chosen.plan

    def site(self, number: int) -> Site | None:
        """A site of the plan by its index."""
        plan = self.plan
        return plan.sites[number] if plan is not None and 0 <= number < len(plan.sites) else None

    def of(self, *kinds: EventKind) -> tuple[Told, ...]:
        """The events of these kinds."""
        return tuple(each for each in self.events if each.kind in kinds)

    @property
    def litres_per_gram(self) -> float:
        """Of this session's gas, at 20 °C and 1 atm."""
        gas = Gas.N2O if self.device is None else self.device.gas
        return LITRES_PER_GRAM[gas.value]

    @property
    def released_g(self) -> float | None:
        """Gas used, reckoned from the measured flow; None when no checkpoint can be read."""
        return None if self.case is None else self.case.procedure.released_mg / 1_000

    @property
    def length_s(self) -> float:
        """From the first reading to the last."""
        return self.readings[-1].at_s - self.readings[0].at_s if self.readings else 0.0


def account(session: Session) -> Account:
    """Gathers what `session` holds. Whatever cannot be read is left out."""
    gathered = _Gathered()
    for journal in session.journals:
        gathered.take(journal)
    headers = [each.header for each in session.journals if each.header]
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
        freezes=gathered.freezes(),
        tests=gathered.tests(),
        overrides=gathered.overrides(),
        estimates=tuple(gathered.estimates),
        events=tuple(gathered.events),
        amendments=session.amendments,
        journals=session.journals,
        record=verdict(session.journals, alone=not session.path.is_dir()),
        lost=sum(each.count for each in session.of(Lost)),
    )


class _Gathered:
    """The pass over the entries."""

    def __init__(self) -> None:
        self.timeline = Timeline()
        self.readings: list[Reading] = []
        self.estimates: list[Estimated] = []
        self.events: list[Told] = []
        self.case: SavedCase | None = None
        # By the boot in which each began: later checkpoints hold them again.
        self.freezes_s: list[float] = []
        self.tests_s: list[float] = []
        self.overrides_s: list[float | None] = []

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
                case EstimateIn():
                    at_s = self.timeline.at_s(entry.estimate.at_ms)
                    self.estimates.append(Estimated(at_s, entry.estimate))
                case Progress():
                    self._checkpoint(entry)
                case Connected():
                    self.timeline.connected(entry.device.boot_id)

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
        proc, at_s = self.case.procedure, self.timeline.at_s
        self.freezes_s += [at_s(each.started_ms) for each in proc.records[len(self.freezes_s) :]]
        self.tests_s += [at_s(each.started_ms) for each in proc.tests[len(self.tests_s) :]]
        self.overrides_s += [
            None if each.at_ms is None else at_s(each.at_ms)
            for each in proc.overrides[len(self.overrides_s) :]
        ]

    def tests(self) -> tuple[Test, ...]:
        found = () if self.case is None else self.case.procedure.tests
        return tuple(map(Test, found, self.tests_s))

    def overrides(self) -> tuple[Override, ...]:
        found = () if self.case is None else self.case.procedure.overrides
        return tuple(map(Override, found, self.overrides_s))

    def freezes(self) -> tuple[Freeze, ...]:
        return tuple(self._freezes())

    def _freezes(self) -> Iterator[Freeze]:
        records = () if self.case is None else self.case.procedure.records
        for number, record in enumerate(records):
            began_s = self.freezes_s[number]
            ended_s = until_s = None
            if record.ended_ms is not None:
                ended_s = began_s + (record.ended_ms - record.started_ms) / 1_000
                until_s = None if record.thaw_s is None else ended_s + record.thaw_s
            following = number + 1 < len(records)
            before_s = self.freezes_s[number + 1] if following else float("inf")
            own = [each.estimate for each in self.estimates if began_s <= each.at_s < before_s]
            yield Freeze(record, began_s, ended_s, until_s, _reached(own) if own else None)


def _reached(own: list[Estimate]) -> Reached:
    def largest(of: Callable[[Estimate], Band]) -> Band:
        return max((of(each) for each in own), key=lambda band: band.value)

    return Reached(
        largest(lambda each: each.ice_edge_mm),
        largest(lambda each: each.minus20_mm),
        largest(lambda each: each.minus20_reach_mm),
        own[-1].nerve_distance_mm,
        own[-1].nerve_below_s,
    )


def _wall_s(header: Header | None, now_ms: float) -> float:
    """Seconds since 1970 at host time `now_ms` of a journal; 0 when it cannot be told."""
    try:
        began = datetime.fromisoformat(header.started if header else "")
    except ValueError:
        return 0.0
    assert header is not None
    return began.timestamp() + (now_ms - header.now_ms) / 1_000
