"""All that the control core knows. One mutable value, changed by the core's step alone."""

import random
from datetime import date, datetime, timedelta

import msgspec

from console.control.outputs import History, Output
from console.model.alarm import Alarm, Kept
from console.model.cylinder import Cylinder
from console.model.device import DeviceInfo, DeviceState
from console.model.estimate import Estimate
from console.model.event import Event, EventKind
from console.model.observation import Observation
from console.model.snapshot import LinkState, Sample
from console.procedure.state import Conditions, Procedure
from console.safety import readiness, release
from console.safety.alarms import Alarms, to_acknowledge
from console.safety.interlocks.link_lost import silence_ms
from console.safety.interlocks.stale import GREY_MS
from console.safety.limits import Limits
from console.safety.readiness import Scene
from console.safety.release import Release
from console.safety.supervisor import Supervisor
from drivers.link.clock import DeviceClock, device_now_ms
from drivers.link.host import HostLink, Unanswered


class Config(msgspec.Struct, frozen=True):
    """What a run is told at its start. `screen`: a screen must keep ticking; `seed`: of the session
    numbers on the link; `started`: wall clock at host time `started_ms`, ISO 8601, at the start of
    the run or when the clock was last set; `limits_sha256`: of the site's own limits, empty where
    they are as shipped."""

    port: str
    limits: Limits
    seed: int
    started: str
    started_ms: float
    screen: bool = True
    limits_sha256: str = ""


class SavedCase(msgspec.Struct, frozen=True):
    """A checkpoint: enough to take the case up again."""

    procedure: Procedure
    port: str
    boot_id: int | None
    device_serial: str | None


class State(msgspec.Struct):
    """Host times are monotonic ms, device times say so."""

    config: Config
    random: random.Random
    link: HostLink = HostLink()
    clock: DeviceClock = DeviceClock()
    link_state: LinkState = LinkState.OPENING
    link_words: str = ""
    port_open: bool = False
    opened_ms: float | None = None
    heard_ms: float | None = None
    moved_ms: float | None = None
    was_open: bool = False
    bad_line: bool = False
    session_lost: bool = False  # the device no longer knew the session; why shows at its Welcome
    probe_asked: bool = False  # and not answered yet
    device: DeviceInfo | None = None
    leak_test: bool = False  # the device can test its own supply for leaks
    observation: Observation | None = None
    beat_ms: int | None = None  # device time of the newest echo
    quiet_until_device_ms: float = 0.0
    stop_unconfirmed: bool = False
    stop_asked: bool = False  # the STOP not yet confirmed is the operator's
    shutting: bool = False  # gas was on when STOP was sent, and is not yet read back shut
    gas_off_host_ms: float | None = None  # when the thaw began that still goes on
    token: int = 0  # of the ARM just answered
    procedure: Procedure = Procedure()
    supervisor: Supervisor = Supervisor()
    alarming: Alarms = Alarms()
    kept: tuple[Kept, ...] = ()  # until an engineer releases the console
    release: Release = Release()
    cylinders: dict[str, Cylinder] = msgspec.field(default_factory=dict)  # by the console's serial
    cylinder_told_g: float = 0.0  # use of this console's that is on disk
    estimate: Estimate | None = None
    tick_ms: float | None = None  # the screen's newest tick
    screen_gone: str = ""
    screen_gone_ms: float = 0.0
    shut_since_device_ms: int | None = None  # valve read back shut, for leaving after the screen
    record_problem: str = ""
    checkpoints: int = 0
    intent: int | None = None  # checkpoint that a start waits for
    resume_from: SavedCase | None = None
    undelivered: list[Unanswered] = msgspec.field(default_factory=list)
    samples: list[Sample] = msgspec.field(default_factory=list)
    events: list[Event] = msgspec.field(default_factory=list)
    snapshots: int = 0
    finished: bool = False

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """The alarms that stand, most urgent first."""
        return self.alarming.standing

    def device_now_ms(self, now_ms: float) -> float | None:
        """Estimated device time."""
        return device_now_ms(self.clock, now_ms)

    def age_ms(self, now_ms: float) -> float | None:
        """Age of the newest observation in device time, None without one."""
        device_now = self.device_now_ms(now_ms)
        if self.observation is None or device_now is None:
            return None
        return max(0.0, device_now - self.observation.at_ms)

    def gas_off_s(self, now_ms: float) -> float | None:
        """Since the gas went off, in the device's pace, by this computer's clock: a wait goes on
        whether or not the console is heard. None while no thaw goes on."""
        if self.gas_off_host_ms is None:
            return None
        return max(0.0, now_ms - self.gas_off_host_ms) * (self.clock.scale or 1.0) / 1_000

    def time_thaw(self, now_ms: float) -> None:
        """Keeps the beginning of the thaw in this computer's time, by the newest reading."""
        off_ms, device_now = self.procedure.gas_off_ms, self.device_now_ms(now_ms)
        if off_ms is None:
            self.gas_off_host_ms = None
        elif device_now is not None and self.observation is not None:
            began_ms = now_ms - max(0.0, device_now - off_ms) / (self.clock.scale or 1.0)
            # After a restart the console counts from its own start: what was waited stays so.
            self.gas_off_host_ms = min(began_ms, self.gas_off_host_ms or began_ms)
        elif self.gas_off_host_ms is None:
            self.gas_off_host_ms = now_ms  # of a case taken up: from here on it is known

    def fresh(self, now_ms: float) -> bool:
        """Whether the newest observation may be shown and used as now."""
        age = self.age_ms(now_ms)
        if age is None or not self.link.open or self.heard_ms is None:
            return False
        device = self.device
        periods = 5_000 / device.telemetry_hz if device is not None and device.telemetry_hz else 0.0
        # Of a simulator that runs faster than life the line is no faster: as long in wall time.
        grey_ms = self.config.limits[GREY_MS] * max(1.0, self.clock.scale)
        return age <= max(grey_ms, periods) and not self.silent(now_ms)

    def silent(self, now_ms: float) -> bool:
        """Whether no frame has come for so long that the link counts as lost."""
        within_ms = silence_ms(
            self.config.limits,
            lockstep=self.clock.lockstep,
            time_scale=self.clock.scale,
        )
        return self.heard_ms is None or now_ms - self.heard_ms > within_ms

    def gas_wanted(self) -> bool:
        """Whether the host has asked for gas."""
        return self.procedure.gas_wanted

    def gas_seen(self) -> bool:
        """Whether gas was on when the device was last heard."""
        seen = self.observation
        return seen is not None and (seen.valve_open or seen.state is DeviceState.FREEZING)

    def gas_may_flow(self) -> bool:
        """Whether anything says that gas may be on; an unknown valve counts as open."""
        seen = self.observation
        return self.gas_wanted() or seen is None or seen.valve_open or seen.stimulator_on

    def probe_problem(self, now_ms: float) -> str:
        """Why the probe may not be started with, empty when it may. Once the session has had a
        freeze, its use is counted and stays good."""
        probe = self.device.probe if self.device is not None else None
        if probe is None or self.procedure.records or probe.serial == self.procedure.probe_used:
            return ""
        today = (datetime.fromisoformat(self.wall(now_ms)).date() - date(1970, 1, 1)).days
        return readiness.probe_problem(probe, today)

    @property
    def cylinder(self) -> Cylinder | None:
        """At the console that is connected; None where no contents were entered."""
        return self.cylinders.get(self.device.serial) if self.device is not None else None

    def scene(self, now_ms: float) -> Scene:
        """What the interlock lights look at."""
        words = ""
        if self.link_state not in (LinkState.OPEN, LinkState.READ_ONLY):
            words = self.link_words or "No connection to the console"
        seen = self.observation if self.fresh(now_ms) else None
        probe = self.probe_problem(now_ms)
        return Scene(words, self.device, seen, self.alarms, self.record_problem, probe)

    def conditions(self, now_ms: float) -> Conditions:
        """What the procedure must know of the rest."""
        lights = readiness.lights(self.scene(now_ms), self.config.limits)
        return Conditions(
            device=self.device,
            observation=self.observation,
            fresh=self.fresh(now_ms),
            leak_test=self.leak_test,
            not_ready=tuple(light.words for light in lights if not light.ready),
            not_stimulable=readiness.not_stimulable(self.scene(now_ms), self.config.limits),
            probe_problem=self.probe_problem(now_ms),
            free=self.release.free,
            not_free=self.release.reason,
            free_rule=release.rule(self.config.limits),
            alarms_to_acknowledge=to_acknowledge(self.alarms),
            cylinder=self.cylinder,
        )

    def wall(self, now_ms: float) -> str:
        """Wall clock at `now_ms`, ISO 8601, reckoned from its last reading: at the start, and
        whenever it was set since."""
        began = datetime.fromisoformat(self.config.started)
        return (began + timedelta(milliseconds=now_ms - self.config.started_ms)).isoformat(
            timespec="milliseconds"
        )

    def clock_face(self, now_ms: float) -> str:
        """Wall clock as HH:MM:SS, for people."""
        return self.wall(now_ms)[11:19]

    def note(self, out: list[Output], kind: EventKind, text: str) -> None:
        """An event now, for the record and the screen."""
        at_ms = self.observation.at_ms if self.observation is not None else None
        self.tell(out, Event(kind, at_ms, text))

    def tell(self, out: list[Output], event: Event) -> None:
        """An event, for the record and the screen."""
        if self.config.screen:
            self.events.append(event)
        out.append(History(event))


def for_people(wall: str) -> str:
    """Wall clock as YYYY-MM-DD HH:MM:SS and its zone."""
    return f"{wall[:10]} {wall[11:19]} {wall[-6:]}"
