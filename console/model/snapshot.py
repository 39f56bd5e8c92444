"""What is so now, for the screen. Snapshots overwrite each other; the latest wins."""

from enum import StrEnum
from typing import Final

import msgspec

from console.model.alarm import Alarm, AlarmEntry
from console.model.console_check import CheckView
from console.model.cycle import CycleRecord
from console.model.cylinder import Cylinder, Enough, GasLeft
from console.model.device import DeviceInfo
from console.model.estimate import Estimate
from console.model.event import Event
from console.model.instruction import Instruction
from console.model.observation import Observation
from console.model.pain import PainScore
from console.model.plan import Plan
from console.model.preparation import Preparation
from console.model.stimulation import StimulationRecord, StimulationView
from console.model.time_out import TimeOutView


class LinkState(StrEnum):
    """How the control process stands with the device."""

    OPENING = "opening"
    OPEN = "open"
    READ_ONLY = "read only"
    LOST = "lost"
    FAILED = "failed"  # never was open: wrong port, silent, garbage


class LinkView(msgspec.Struct, frozen=True):
    """The link: `words` says what is wrong, empty when nothing is."""

    state: LinkState
    port: str
    words: str = ""
    device: DeviceInfo | None = None
    good_frames: int = 0
    bad_frames: int = 0
    gaps: int = 0
    repeats: int = 0


class Phase(StrEnum):
    """Where the session stands."""

    PREPARE = "prepare"
    CHECK = "check"
    TIME_OUT = "time-out"
    STIMULATE = "stimulate"
    READY = "ready"  # plan chosen; the first freeze of a site waits to be started
    STARTING = "starting"
    FREEZING = "freezing"
    THAWING = "thawing"  # between freezes
    STOPPED = "stopped"
    RELEASING = "releasing"
    FREE = "free"
    OUT = "out"


IN_PATIENT: Final = frozenset(
    {Phase.STARTING, Phase.FREEZING, Phase.THAWING, Phase.STOPPED, Phase.RELEASING, Phase.FREE}
)
"""From the first gas-on at a site until the probe is out: ice may hold it."""


class Control(msgspec.Struct, frozen=True):
    """Something that the operator may want to do now. `blocked`: why not, None when it may."""

    label: str
    detail: str = ""
    blocked: str | None = None


class ProcedureView(msgspec.Struct, frozen=True):
    """The session on screen. `headline` and `detail` are the phase line, which alone carries the
    `instruction`; `remaining_s` counts down a freeze or a thaw, None where nothing counts down."""

    phase: Phase
    headline: str
    detail: str = ""
    instruction: Instruction = Instruction.NONE
    remaining_s: float | None = None
    elapsed_s: float | None = None
    plan: Plan | None = None
    case: str = ""
    operator: str = ""
    how: str = ""
    site: int = 0
    cycle: int = 0  # index in the site of the running or next freeze
    records: tuple[CycleRecord, ...] = ()
    at_target: bool = False
    time_at_target_s: float | None = None
    auto_start_in_s: float | None = None
    extended_in_s: float | None = None  # until an extension is sent: so long it may be undone
    stop_reason: str = ""
    stopped_by_operator: bool = False
    gas_confirmed_off: bool | None = None  # None: not known, no link
    gas_off_s: float | None = None  # since the gas went off, by the host's clock
    release_reason: str = ""  # why the probe is not free yet
    free_rule: str = ""  # what the tip must have been before it is: "above +10 °C for 5 s"
    placement: int = 1  # of the probe at this site, one more at each move
    stimulation: StimulationView = StimulationView()
    tests: tuple[StimulationRecord, ...] = ()
    check: CheckView = CheckView()
    in_place_asked: bool = False  # whether the tip is in place, before the first freeze of a site
    time_out: TimeOutView = TimeOutView()
    pain: tuple[PainScore, ...] = ()
    preparation: Preparation = Preparation()
    cylinder_changing: bool = False  # by the operator's word: a low supply is no alarm


class GasView(msgspec.Struct, frozen=True):
    """Gas released since the session began, reckoned from the measured flow; the cylinder whose
    contents were entered, what is `left` to freeze with, and whether that is `enough` for what the
    plan still holds. None: not entered."""

    released_g: float = 0.0
    released_l: float = 0.0  # at 20 °C and 1 atm
    cylinder: Cylinder | None = None
    left: GasLeft | None = None
    enough: Enough = Enough.UNKNOWN


class Interlock(msgspec.Struct, frozen=True):
    """One light. `words` says what is not ready."""

    id: str
    name: str
    ready: bool
    words: str = ""


class Sample(msgspec.Struct, frozen=True, array_like=True):
    """A point of the plots: device time and the measured values, None where unknown. `probe` is the
    model that its chip says, `site` the index of the one being treated, None where none is, and
    `placement` where the probe stands there: another site is other tissue, another place another
    piece of the nerve."""

    at_ms: int
    tip_celsius: float | None
    supply_kpa: float | None
    exhaust_kpa: float | None
    flow_mg_s: float | None
    valve_open: bool
    probe: str | None = None
    site: int | None = None
    placement: int | None = None


class Snapshot(msgspec.Struct, frozen=True, tag=True):
    """Everything the screen shows. `samples` are those since the snapshot sent before; `age_s` is
    how old the observation is in device time, `stale` whether it may still be shown as now."""

    number: int
    link: LinkView
    procedure: ProcedureView
    observation: Observation | None
    age_s: float | None
    stale: bool
    device_now_ms: float | None
    controls: dict[str, Control]
    alarms: tuple[Alarm, ...]
    interlocks: tuple[Interlock, ...]
    gas: GasView
    estimate: Estimate | None
    lowest_allowed_celsius: float | None  # the trip line of the plot
    journal: str | None
    samples: tuple[Sample, ...] = ()
    events: tuple[Event, ...] = ()  # those since the snapshot sent before
    alarm_log: tuple[AlarmEntry, ...] = ()  # those since then; in the first, of earlier runs too


class Reply(msgspec.Struct, frozen=True, tag=True):
    """The answer to a request. `refused`: the reason in words, None when it was accepted."""

    id: int
    refused: str | None
