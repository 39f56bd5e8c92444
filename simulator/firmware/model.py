"""The device as plain frozen values: what it reads, what it drives, what it remembers."""

from typing import Final, Protocol

import msgspec

from drivers.link.codes import DeviceState, PedalRole, Quality, SimulatedInput, Timing
from drivers.link.device import DeviceLink
from drivers.link.frame import Frame
from drivers.link.messages import LogEntry
from simulator.firmware.settings import BOOT_TELEMETRY_PER_SECOND, Settings

UNLIMITED_USES: Final = 255
"""In a chip's `uses_left`: nothing is counted down."""


class ProbeChip(msgspec.Struct, frozen=True):
    """What the chip in the probe's plug says; `expires_day` in days since 1970-01-01."""

    model: str = "LT-14-6"
    serial: str = "SIMPROBE0001"
    diameter_um: int = 1_400
    tip_length_um: int = 6_000
    uses_left: int = 20
    expires_day: int = 40_000


class Readings(msgspec.Struct, frozen=True):
    """All inputs of one moment. A number is None when its sensor has none to give.

    Pressures absolute. The actuators are positions read back. `compliance_pulses`: how many
    pulses in a row have ended at the stimulator's compliance voltage. `simulated_qualities`: those
    of sensors that SimulateInput has replaced.
    """

    tip_celsius: float | None = 37.0
    tip_quality: Quality = Quality.OK
    hose_celsius: float | None = 20.0
    hose_quality: Quality = Quality.OK
    room_celsius: float | None = 20.0
    supply_kpa: float | None = 5_050.0
    exhaust_kpa: float | None = 101.3
    flow_mg_s: float | None = 0.0
    valve_open: bool = False
    exhaust_open: bool = True
    warming: bool = False
    supply_isolated: bool = False
    stimulator_on: bool = False
    delivered_ua: int | None = 0
    impedance_ohm: int | None = None
    compliance_pulses: int = 0
    probe: ProbeChip | None = ProbeChip()
    pedal_down: bool = False
    stop_line: bool = False
    maintenance_switch: bool = False
    brown_out: bool = False
    simulated_qualities: tuple[tuple[SimulatedInput, Quality], ...] = ()


class Drive(msgspec.Struct, frozen=True):
    """All outputs. The default is the safe state: gas shut, exhaust open, stimulator off."""

    valve_duty: float = 0.0
    exhaust_open: bool = True
    warming: bool = False
    supply_isolated: bool = False
    stimulator_on: bool = False
    amplitude_ua: int = 0
    rate_decihertz: int = 0
    pulse_us: int = 0


class Hardware(Protocol):
    """What the firmware runs on: the gas path, the probe in its patient, the stimulator."""

    def advance(self, dt_ms: int, drive: Drive) -> None:
        """Lets `dt_ms` pass with the outputs as driven."""

    def count_use(self) -> None:
        """Writes one use less into the chip of the connected probe."""

    def read(self) -> Readings:
        """What the inputs say now. Called once after each `advance`: noise is drawn here."""


class Plan(msgspec.Struct, frozen=True):
    """What one START asked for. `cap_ms` counts from gas-on."""

    target_celsius: float
    timing: Timing
    freeze_ms: int
    cap_ms: int


class FreezeRun(msgspec.Struct, frozen=True):
    """The freeze that is running. `near_ms`: since when the tip is near its target; `at_target_ms`
    and `end_ms` are device times, `end_ms` the latest end that is known now. `integral`,
    `slope_k_s` and `held_celsius` (the last tip) are the hold controller's."""

    plan: Plan
    on_ms: int
    end_ms: int
    near_ms: int | None = None
    at_target_ms: int | None = None
    integral: float = 0.0
    slope_k_s: float = 0.0
    held_celsius: float | None = None


class StimulationRun(msgspec.Struct, frozen=True):
    """The stimulation that is running; `wanted_ua` is what the drive ramps to."""

    on_ms: int
    limit_ua: int
    rate_decihertz: int
    pulse_us: int
    wanted_ua: int = 0


class TestRun(msgspec.Struct, frozen=True):
    """A self-check that is running: measuring begins at `from_ms` and ends at `end_ms`."""

    __test__ = False  # no test of ours, whatever pytest reads into the name

    test: int
    from_ms: int
    end_ms: int
    supply_kpa: float | None = None


class ExerciseRun(msgspec.Struct, frozen=True):
    """One actuator moved by hand, until `end_ms`."""

    exercise: int
    end_ms: int


class SimulatedReading(msgspec.Struct, frozen=True):
    """What one input reads instead of its sensor, until `until_ms` of device time."""

    input: SimulatedInput
    quality: Quality
    value: int  # as in Telemetry
    until_ms: int


class Facts(msgspec.Struct, frozen=True):
    """History that the interlocks judge by. All times device ms.

    `anchor_*`: where the tip stood when it last moved by 0.1 °C; `tips`: of the last three control
    periods, oldest first; `delivered`: of the last six; `duty_mean`: the valve's duty as the flow
    sensor feels it; `absent_ms`: since when the probe's chip does not answer.
    """

    gas_on_ms: int | None = None
    gas_off_ms: int | None = None
    tip_at_on_celsius: float | None = None
    tip_at_off_celsius: float | None = None
    anchor_celsius: float | None = None
    anchor_ms: int = 0
    tips: tuple[float | None, ...] = ()
    delivered: tuple[int, ...] = ()
    duty_mean: float = 0.0


class Memory(msgspec.Struct, frozen=True):
    """What survives a restart: boots counted, faults that only an engineer clears, the log (newest
    last), calibration values, and the probe whose use is already counted."""

    boots: int = 0
    faults: int = 0
    log: tuple[LogEntry, ...] = ()
    calibration: tuple[int, ...] = (0,) * 5
    calibrated_day: tuple[int, ...] = (20_000,) * 5
    counted_probe: str | None = None


class Out(msgspec.Struct, frozen=True):
    """A frame to be sent; urgent ones (answers to STOP) go before all others."""

    frame: Frame
    urgent: bool = False


class Device(msgspec.Struct, frozen=True):
    """The whole device at one moment.

    `faults` are latched, `standing` those whose cause is there now; `since` runs beside the
    interlock table. `probe` is the one identified. `out`, `use_spent` (write one use less into
    the probe's chip) and `reboot` are what a step asks of its surroundings; whoever called it takes
    them.
    """

    settings: Settings
    memory: Memory
    boot_id: int
    salt: int
    link: DeviceLink = DeviceLink()
    state: DeviceState = DeviceState.IDLE
    maintenance: bool = False
    drive: Drive = Drive()
    freeze: FreezeRun | None = None
    stimulation: StimulationRun | None = None
    test: TestRun | None = None
    exercise: ExerciseRun | None = None
    faults: int = 0
    standing: int = 0
    since: tuple[int, ...] = ()
    facts: Facts = Facts()
    readings: Readings = Readings()
    probe: ProbeChip | None = None
    probe_odd_ms: int | None = None
    pedal_role: PedalRole = PedalRole.STOP_ONLY
    pedal_down: bool = False
    stop_line: bool = False
    local_start: bool = False
    last_plan: Plan | None = None
    warm_since_ms: int | None = None
    warming_from_ms: int = 0
    simulated: tuple[SimulatedReading, ...] = ()
    telemetry_per_second: int = BOOT_TELEMETRY_PER_SECOND
    telemetry_due_ms: int = 0
    telemetry_sequence: int = 0
    time_scale_hundredths: int = 100
    use_spent: bool = False
    reboot: bool = False
    out: tuple[Out, ...] = ()
