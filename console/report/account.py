"""What a session's journals tell, ready for the report and the exports: plain values.

Nothing is reckoned anew: cycles are those of the last checkpoint, events those that were recorded,
estimates those that the model gave at the time.
"""

import msgspec

from console.control.state import SavedCase
from console.model.console_check import CheckResult
from console.model.cycle import CycleRecord, FreezeKey
from console.model.device import DeviceInfo
from console.model.estimate import Band, Estimate
from console.model.event import EventKind
from console.model.mapping import MappingNamed
from console.model.observation import Observation
from console.model.override import Overridden
from console.model.pain import PainScore
from console.model.plan import Plan, Site
from console.model.request import ChoosePlan
from console.model.stimulation import StimulationRecord
from console.model.time_out import TimeOutAnswer
from console.records.entries import Amended, Mapped
from console.records.reading import Journal
from console.records.verify import Verdict


class Reading(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What was measured `at_s` of the session; None where it is unknown. `boot` counts restarts of
    the device. Pressures absolute."""

    at_s: float
    boot: int
    seen: Observation


class Place(msgspec.Struct, frozen=True):
    """Where the probe stood: the index of the site in the plan, and the placement there."""

    site: int
    placement: int


class Told(msgspec.Struct, frozen=True):
    """An event. `at_s` of the session, None where the device's time was not known; `wall` ISO 8601,
    local; `place` where the probe stood, `freeze` the one in which it came, or in whose thaw."""

    at_s: float | None
    wall: str
    kind: EventKind
    text: str
    place: Place | None = None
    freeze: FreezeKey | None = None


class Estimated(msgspec.Struct, frozen=True):
    """What the tissue model said `at_s` of the session, of the tissue at `place`; None where the
    probe was in none."""

    at_s: float
    estimate: Estimate
    place: Place | None = None


class Reached(msgspec.Struct, frozen=True):
    """How far the ice came in a freeze and its thaw, by the model, never measured: the largest
    diameters and the largest distance from the probe's surface; the nerve's time below -20 °C in
    this freeze and its thaw, and in all at this site up to their end."""

    ice_edge_mm: Band
    minus20_mm: Band
    minus20_reach_mm: Band
    nerve_distance_mm: float
    nerve_below_s: Band
    nerve_in_all_s: Band


class Freeze(msgspec.Struct, frozen=True):
    """A freeze as it ran, from `began_s` to `ended_s` of the session, and its thaw until `until_s`:
    the next freeze of the site, or free. None where it is not known; `model`: where the record
    holds no estimate. `device`: the gas console and its probe, as last described before it."""

    key: FreezeKey
    record: CycleRecord
    began_s: float
    ended_s: float | None
    until_s: float | None
    model: Reached | None
    device: DeviceInfo | None

    @property
    def ran_s(self) -> float | None:
        """From gas-on to gas-off; None while that is not known."""
        return None if self.ended_s is None else self.ended_s - self.began_s


class Test(msgspec.Struct, frozen=True):
    """A stimulation as it ran, from `began_s` of the session."""

    record: StimulationRecord
    began_s: float


class Override(msgspec.Struct, frozen=True):
    """What the clinician went on without, `at_s` of the session; None where that is not known."""

    given: Overridden
    at_s: float | None


class CheckLine(msgspec.Struct, frozen=True):
    """The newest result of a line of the console check, `at_s` of the session; None where that is
    not known."""

    given: CheckResult
    at_s: float | None


class Pain(msgspec.Struct, frozen=True):
    """What the patient said, `at_s` of the session; None where that is not known."""

    given: PainScore
    at_s: float | None


class TimeOutLine(msgspec.Struct, frozen=True):
    """The newest answer to a line of the time-out card, `at_s` of the session; None where that is
    not known."""

    given: TimeOutAnswer
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
    check: tuple[CheckLine, ...]
    time_out: tuple[TimeOutLine, ...]
    tests: tuple[Test, ...]
    overrides: tuple[Override, ...]
    pain: tuple[Pain, ...]
    estimates: tuple[Estimated, ...]
    events: tuple[Told, ...]
    amendments: tuple[Amended, ...]
    journals: tuple[Journal, ...]
    record: Verdict
    lost: int
    mapped: Mapped | None = None

    @property
    def case_number(self) -> str:
        """As it was entered; empty where none was."""
        told = self.mapped or self.chosen
        return "" if told is None else told.case

    @property
    def operator(self) -> str:
        """Initials, as they were entered; empty where none were."""
        told = self.mapped or self.chosen
        return "" if told is None else told.operator

    @property
    def mapping(self) -> MappingNamed | None:
        """The mapping visit that the treatment names."""
        return None if self.chosen is None else self.chosen.preparation.mapping

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
    def pain_gone(self) -> tuple[int, ...]:
        """The sites that were finished because the pain was gone."""
        return () if self.case is None else self.case.procedure.pain_gone

    @property
    def released_g(self) -> float | None:
        """Gas used, reckoned from the measured flow; None when no checkpoint can be read."""
        return None if self.case is None else self.case.procedure.released_mg / 1_000

    @property
    def length_s(self) -> float:
        """From the first reading to the last."""
        return self.readings[-1].at_s - self.readings[0].at_s if self.readings else 0.0
