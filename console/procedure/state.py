"""The state of a session, what the procedure must know of the rest, and what it asks for."""

from enum import StrEnum

import msgspec

from console.model.console_check import WITH_GAS, CheckItem, CheckResult
from console.model.cycle import CycleRecord
from console.model.cylinder import Cylinder
from console.model.device import DeviceInfo
from console.model.event import Event
from console.model.observation import FreezeEnd, Observation
from console.model.override import Overridden
from console.model.pain import PainScore
from console.model.plan import Cycle, Plan, Site
from console.model.preparation import Preparation
from console.model.snapshot import Phase
from console.model.stimulation import StimulationKind, StimulationRecord
from console.model.time_out import TimeOutAnswer


class Stage(StrEnum):
    """How far a start has come. Each stage waits for the one before to be confirmed."""

    INTENT = "intent"  # the record must be on disk first
    ARM = "arm"
    START = "start"
    OPENING = "opening"  # granted; the device has not yet said that it freezes or stimulates


class Starting(msgspec.Struct, frozen=True):
    """A start on its way, and the phase to go back to when it fails."""

    stage: Stage
    since_ms: int
    back_to: Phase


class Stimulating(msgspec.Struct, frozen=True):
    """A stimulation on its way or running. Amplitudes as in model.stimulation."""

    kind: StimulationKind
    unit: str
    stage: Stage | None  # None: the device says that it is on
    since_ms: int
    rate_hz: float
    limit_ua: int
    wanted_ua: int = 0
    set_ua: int = 0
    off_asked: bool = False
    ending_ms: int | None = None  # seen off, and the device has not yet said why


class Checking(msgspec.Struct, frozen=True):
    """A test of the console check on its way or running: gas for `length_s`, or the console's own
    test, whose end it says itself. `answered`: what was seen is marked already."""

    item: CheckItem
    stage: Stage | None  # None: the device says that it runs
    since_ms: int
    length_s: float
    started_ms: int | None = None
    start_tip_celsius: float | None = None
    lowest_tip_celsius: float | None = None
    answered: bool = False
    end: FreezeEnd | None = None
    ending_ms: int | None = None  # seen ended, and the device has not yet said why

    @property
    def gas(self) -> bool:
        """It opens the valve."""
        return self.item in WITH_GAS


class InPlace(msgspec.Struct, frozen=True):
    """Where the operator has said that the tip is in place."""

    site: int
    placement: int


class Settling(msgspec.Struct, frozen=True):
    """Where the tip's temperature has stood, and since when: a new one at each change that
    counts."""

    since_ms: int
    tip_celsius: float


class Extending(msgspec.Struct, frozen=True):
    """An extension that was asked for and may still be undone: it is not sent yet."""

    by_s: float
    undo_s: float
    since_ms: int


class TargetWatch(msgspec.Struct, frozen=True):
    """Time near the target without a break, in device ms."""

    near_since_ms: int | None = None
    reached: bool = False


class Procedure(msgspec.Struct, frozen=True):
    """A session. `cycle` is the index, in its site, of the running or next freeze."""

    phase: Phase = Phase.PREPARE
    plan: Plan | None = None
    case: str = ""
    operator: str = ""
    how: str = ""
    site: int = 0
    cycle: int = 0
    records: tuple[CycleRecord, ...] = ()
    starting: Starting | None = None
    end_asked: bool = False
    extending: Extending | None = None
    began_ms: int | None = None  # gas-on of the running start, by the device's own event
    device_end: FreezeEnd | None = None
    device_end_ms: int | None = None
    ending_ms: int | None = None  # the device has left FREEZING and has not yet said why
    target: TargetWatch = TargetWatch()
    gas_off_ms: int | None = None
    last_ms: int | None = None  # device time of the newest observation taken in
    hold: bool = False  # the automatic start of the next freeze is held
    stop_reason: str = ""
    stopped_by_operator: bool = False
    released_mg: float = 0.0
    released_early: str = ""
    moved_cold: int | None = None  # moved before it was thawed, after so many freezes
    placement: int = 1  # of the probe at this site, one more at each move
    check: tuple[CheckResult, ...] = ()  # as given: the newest of a line holds
    checking: Checking | None = None
    settling: Settling | None = None
    in_place: InPlace | None = None
    check_back: Phase | None = None  # where the check was opened from, None: before the time-out
    probe: str = ""  # serial of the one that the check was done with
    time_out: tuple[TimeOutAnswer, ...] = ()  # as given: the newest of a line holds
    stimulating: Stimulating | None = None
    tests: tuple[StimulationRecord, ...] = ()
    overrides: tuple[Overridden, ...] = ()
    pain: tuple[PainScore, ...] = ()
    pain_gone: tuple[int, ...] = ()  # sites that were finished because of it
    preparation: Preparation = Preparation()
    cylinder_changing: bool = False  # by the operator's word, with the gas off

    @property
    def current_site(self) -> Site | None:
        """The site being treated, None before a plan is chosen."""
        return self.plan.sites[self.site] if self.plan is not None else None

    @property
    def current_cycle(self) -> Cycle | None:
        """The running or next freeze, None when the site has no more."""
        site = self.current_site
        return site.cycles[self.cycle] if site and self.cycle < len(site.cycles) else None

    @property
    def awaits_disk(self) -> bool:
        """Whether a start waits for its intent to be on disk."""
        starts = (self.starting, self.stimulating, self.checking)
        return any(start is not None and start.stage is Stage.INTENT for start in starts)

    @property
    def gas_wanted(self) -> bool:
        """Gas is asked for: a freeze, or a test of the check, is on its way or running."""
        tested = self.checking is not None and self.checking.gas
        return tested or self.phase in (Phase.STARTING, Phase.FREEZING)

    @property
    def probe_used(self) -> str:
        """Serial of the probe whose use the gas of the check has counted, empty before."""
        tried = any(result.item in WITH_GAS and not result.beforehand for result in self.check)
        return self.probe if tried or self.gas_wanted else ""

    @property
    def last_record(self) -> CycleRecord | None:
        """The newest freeze of the session."""
        return self.records[-1] if self.records else None


class Conditions(msgspec.Struct, frozen=True):
    """What the procedure must know of the rest: `not_ready` are the reasons, in words, why no
    freeze may start now, `not_stimulable` why no stimulation may; `free` is the release rule's
    verdict, `not_free` its reason and `free_rule` what the tip must have been; `cylinder`: None
    where no contents were entered for this console."""

    device: DeviceInfo | None = None
    observation: Observation | None = None
    fresh: bool = False
    leak_test: bool = False  # the console can test its own supply for leaks
    not_ready: tuple[str, ...] = ()
    not_stimulable: tuple[str, ...] = ()
    probe_problem: str = ""  # "expired" or "used up"
    free: bool = False
    not_free: str = ""
    free_rule: str = ""
    alarms_to_acknowledge: bool = False
    cylinder: Cylinder | None = None


# --- what it asks for -------------------------------------------------------------------------


class Persist(msgspec.Struct, frozen=True):
    """Put the state and what has happened on disk, then call `step.durable`."""


class NewCylinder(msgspec.Struct, frozen=True):
    """Another cylinder is connected to the console, with so much gas in it."""

    contents_g: float


class SendArm(msgspec.Struct, frozen=True):
    """Ask the device for a token for a freeze, or for a stimulation."""

    stimulation: bool = False


class SendStart(msgspec.Struct, frozen=True):
    """Start the freeze with the token just granted."""

    target_celsius: float
    from_target: bool
    freeze_s: float
    cap_s: float


class SendStimulation(msgspec.Struct, frozen=True):
    """Start the stimulation with the token just granted."""

    kind: StimulationKind
    rate_hz: float
    pulse_ms: float
    limit_ua: int


class SendLeakTest(msgspec.Struct, frozen=True):
    """Let the console test its own supply for leaks."""


class SendAmplitude(msgspec.Struct, frozen=True):
    """The amplitude to ramp to."""

    amplitude_ua: int


class SendStimulationOff(msgspec.Struct, frozen=True):
    """Switch the stimulator off."""


class SendEnd(msgspec.Struct, frozen=True):
    """End the running freeze."""


class SendExtend(msgspec.Struct, frozen=True):
    """Lengthen the running freeze."""

    by_s: float


class SendStop(msgspec.Struct, frozen=True):
    """STOP, ahead of everything."""


class Note(msgspec.Struct, frozen=True):
    """Write this into the history."""

    event: Event


Effect = (
    Persist
    | NewCylinder
    | SendArm
    | SendStart
    | SendStimulation
    | SendLeakTest
    | SendAmplitude
    | SendStimulationOff
    | SendEnd
    | SendExtend
    | SendStop
    | Note
)
Effects = tuple[Effect, ...]
