"""All messages of version 1.1, a class each: its fields in wire order, with their wire types.

Numbers are little-endian integers in the units that their names say. `centikelvin` 0 means "no
reading"; a reading also needs its sensor's quality to be OK.
"""

from collections.abc import Iterable
from struct import Struct
from typing import Annotated, ClassVar, get_args, get_type_hints

import msgspec

from drivers.link.codes import Quality, Sensor
from drivers.link.frame import Frame

VERSION_MAJOR = 1
VERSION_MINOR = 1
SCHEMA_HASH = 0xC5FF5C5F
"""First four bytes of the SHA-256 of `schema()`; a test holds it to that."""
SCHEMA_HASHES = {0: 0x81D167AC, VERSION_MINOR: SCHEMA_HASH}
"""Of each minor version."""
HOST_MINOR = 0
"""The lowest minor version that has all messages the host sends. It announces that one, so that its
records from before are still what it would send."""

U8 = Annotated[int, "B"]
U16 = Annotated[int, "H"]
U32 = Annotated[int, "I"]
I32 = Annotated[int, "i"]
Ascii8 = Annotated[bytes, "8s"]
Ascii12 = Annotated[bytes, "12s"]

HOST_TO_DEVICE = "host to device"
DEVICE_TO_HOST = "device to host"


class Message(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A payload with names. Subclasses say their wire type `KIND`."""

    KIND: ClassVar[int] = -1
    SINCE: ClassVar[int] = 0
    """The minor version that added it."""


# --- host to device ---------------------------------------------------------------------------


class Hello(Message, frozen=True):
    """Opens a session: the header's session is the one proposed. The same in every version."""

    KIND = 0x01
    major: U8
    minor: U8
    flags: U8  # HelloFlag
    reserved: U8
    schema_hash: U32


class Heartbeat(Message, frozen=True):
    """Renews the lease: the newest device time that the host's interlocks have evaluated."""

    KIND = 0x02
    echo_ms: U32


class Stop(Message, frozen=True):
    """Gas and stimulation off, now. Needs no session and no token."""

    KIND = 0x03


class Arm(Message, frozen=True):
    """Asks for a token for one start."""

    KIND = 0x04
    action: U8  # Action


class StartFreeze(Message, frozen=True):
    """Opens the valve, if the token is good and the time has not passed."""

    KIND = 0x05
    token: U32
    expires_ms: U32  # device time, at most 300 ms ahead
    target_centikelvin: U16
    timing: U8  # Timing
    reserved: U8
    freeze_ms: U32
    cap_ms: U32  # from gas-on, in both timings


class StartStimulation(Message, frozen=True):
    """Switches the stimulator on at amplitude 0."""

    KIND = 0x06
    token: U32
    expires_ms: U32
    kind: U8  # StimulationKind
    reserved: U8
    rate_decihertz: U16
    pulse_us: U16
    limit_ua: U16  # microampere, or millivolt on a voltage console


class Extend(Message, frozen=True):
    """Lets the running freeze last longer; counts only once it is answered."""

    KIND = 0x07
    by_ms: U32


class End(Message, frozen=True):
    """Ends the freeze now and thaws."""

    KIND = 0x08


class Thaw(Message, frozen=True):
    """Active warming on or off, where the console has it."""

    KIND = 0x09
    warming: U8  # 1 on, 0 off


class SetAmplitude(Message, frozen=True):
    """The stimulator's new amplitude; the device ramps to it."""

    KIND = 0x0A
    amplitude_ua: U16  # microampere, or millivolt on a voltage console


class StimulationOff(Message, frozen=True):
    """Ends the stimulation."""

    KIND = 0x0B


class Reset(Message, frozen=True):
    """Clears the faults whose causes are gone."""

    KIND = 0x0C


class SetPedalRole(Message, frozen=True):
    """What the footswitch may do."""

    KIND = 0x0D
    role: U8  # PedalRole


class Test(Message, frozen=True):
    """Starts a check that the device runs by itself. Idle only."""

    KIND = 0x0E
    test: U8  # TestKind


class ReadProbe(Message, frozen=True):
    """Asks which probe is connected."""

    KIND = 0x0F


class ReadCalibration(Message, frozen=True):
    """Asks for one calibration record."""

    KIND = 0x10
    index: U8


class SetTimeScale(Message, frozen=True):
    """Simulated devices only: how fast device time runs."""

    KIND = 0x11
    hundredths: U16


class EventAck(Message, frozen=True):
    """The host has the event with this number."""

    KIND = 0x12
    number: U16


class ReadLog(Message, frozen=True):
    """Asks for one entry of the device's own log."""

    KIND = 0x13
    index: U16


class SetTelemetryRate(Message, frozen=True):
    """How often telemetry comes, 1-50 a second."""

    KIND = 0x14
    per_second: U8


class EnterMaintenance(Message, frozen=True):
    """Opens maintenance; needs the switch at the device, and idle."""

    KIND = 0x20
    enter: U8  # 1 enter, 0 leave


class ExerciseActuator(Message, frozen=True):
    """Moves one actuator for a while, in maintenance."""

    KIND = 0x21
    exercise: U8  # Exercise
    level: U8  # percent
    for_ms: U16


class Calibrate(Message, frozen=True):
    """Stores one calibration value, in maintenance."""

    KIND = 0x22
    index: U8
    reserved: U8
    value: I32


class Reboot(Message, frozen=True):
    """Restarts the device, in maintenance."""

    KIND = 0x23


class SimulateInput(Message, frozen=True):
    """Lets the device read one of its inputs as said, for a while: for tries of its protection."""

    KIND = 0x24
    SINCE = 1
    input: U8  # SimulatedInput
    quality: U8  # Quality
    value: U16  # as in Telemetry
    for_ms: U16  # 0 ends it


# --- device to host ---------------------------------------------------------------------------


class Answer(Message, frozen=True):
    """The answer to the command with the header's sequence."""

    KIND = 0x80
    command: U8  # its wire type
    result: U8  # Result
    value: U32  # ARM: token; START, EXTEND: device time of the end; refusals: as Result says


class Welcome(Message, frozen=True):
    """The answer to HELLO. The same in every version."""

    KIND = 0x81
    major: U8
    minor: U8
    flags: U8  # WelcomeFlag
    gas: U8  # Gas
    schema_hash: U32
    boot_id: U32
    serial: Ascii12
    firmware_major: U8
    firmware_minor: U8
    firmware_patch: U8
    pedal_role: U8  # PedalRole
    capabilities: U16  # Capability
    coldest_target_centikelvin: U16
    lowest_tip_centikelvin: U16  # trips at once below
    freeze_cap_ms: U32
    tip_pressure_cap_kpa: U16
    stimulation_cap_ua: U16
    lease_freeze_ms: U16
    lease_stimulation_ms: U16
    time_scale_hundredths: U16
    telemetry_per_second: U8
    state: U8  # DeviceState


class Telemetry(Message, frozen=True):
    """What is so now. The header's time is when it was measured."""

    KIND = 0x82
    state: U8  # DeviceState
    actuators: U8  # Actuator
    qualities: U32  # four bits a Sensor
    tip_centikelvin: U16
    hose_centikelvin: U16
    room_centikelvin: U16
    supply_kpa: U16
    exhaust_kpa: U16
    flow_mg_s: U16
    valve_percent: U8
    delivered_ua: U16
    impedance_ohm: U16
    remaining_freeze_ms: U32
    remaining_lease_ms: U16
    faults: U32  # Fault

    def quality(self, sensor: Sensor) -> int:
        """The Quality code of `sensor`; a code that this version does not know stays a number."""
        return self.qualities >> 4 * sensor & 0xF

    def celsius(self, sensor: Sensor) -> float | None:
        """Temperature of TIP, HOSE or ROOM in °C, None unless its quality is OK."""
        raw = (self.tip_centikelvin, self.hose_centikelvin, self.room_centikelvin)[sensor]
        return to_celsius(raw) if self.quality(sensor) == Quality.OK else None

    def measured(self, sensor: Sensor) -> int | None:
        """Any other sensor's integer in its unit, None unless its quality is OK. Raises ValueError
        for a temperature."""
        if sensor < Sensor.SUPPLY:
            raise ValueError(f"{sensor.name} is a temperature: ask celsius()")
        raw = (
            self.supply_kpa,
            self.exhaust_kpa,
            self.flow_mg_s,
            self.delivered_ua,
            self.impedance_ohm,
        )[sensor - Sensor.SUPPLY]
        return raw if self.quality(sensor) == Quality.OK else None


class Event(Message, frozen=True):
    """Something happened; repeated every 200 ms until it is acknowledged."""

    KIND = 0x83
    number: U16
    code: U8  # EventCode
    detail: U8
    at_ms: U32
    value: I32


class Probe(Message, frozen=True):
    """The connected probe, as its chip says."""

    KIND = 0x84
    present: U8
    uses_left: U8
    model: Ascii8
    serial: Ascii12
    diameter_um: U16
    tip_length_um: U16
    expires_day: U16  # days since 1970-01-01


class Calibration(Message, frozen=True):
    """One calibration record."""

    KIND = 0x85
    index: U8
    count: U8
    value: I32
    set_on_day: U16  # days since 1970-01-01


class LogEntry(Message, frozen=True):
    """One entry of the device's log."""

    KIND = 0x86
    index: U16
    count: U16
    code: U8  # EventCode
    detail: U8
    at_ms: U32
    boot_id: U32
    value: I32


FROM_HOST: tuple[type[Message], ...] = (
    Hello, Heartbeat, Stop, Arm, StartFreeze, StartStimulation, Extend, End, Thaw, SetAmplitude,
    StimulationOff, Reset, SetPedalRole, Test, ReadProbe, ReadCalibration, SetTimeScale, EventAck,
    ReadLog, SetTelemetryRate, EnterMaintenance, ExerciseActuator, Calibrate, Reboot, SimulateInput,
)  # fmt: skip
FROM_DEVICE: tuple[type[Message], ...] = (
    Answer, Welcome, Telemetry, Event, Probe, Calibration, LogEntry,
)  # fmt: skip
FIRST_FROM_DEVICE = 0x80
"""Kinds from here on only a device sends."""
UNANSWERED = (Heartbeat.KIND, EventAck.KIND)
"""Host messages that are no commands: nothing answers them."""


def fields(message: type[Message]) -> list[tuple[str, str]]:
    """(name, wire type as the struct module writes it) of each field, in wire order."""
    hints = get_type_hints(message, include_extras=True)
    return [(name, get_args(hints[name])[1]) for name in message.__struct_fields__]


def _layouts(messages: Iterable[type[Message]]) -> dict[int, tuple[type[Message], Struct]]:
    return {
        message.KIND: (message, Struct("<" + "".join(code for _, code in fields(message))))
        for message in messages
    }


_LAYOUTS = _layouts(FROM_HOST + FROM_DEVICE)
_TEXTS = {
    message.KIND: tuple(
        (place, int(code.removesuffix("s")))
        for place, (_, code) in enumerate(fields(message))
        if code.endswith("s")
    )
    for message in FROM_HOST + FROM_DEVICE
}
"""(place, most bytes) of each text of a kind of message."""


def payload_bytes(kind: int) -> int | None:
    """Length of the payload of messages of `kind`, None for an unknown kind."""
    return _LAYOUTS[kind][1].size if kind in _LAYOUTS else None


def pack(message: Message) -> bytes:
    """The payload of `message`. Raises ValueError when a field does not fit its wire type."""
    layout = _LAYOUTS[message.KIND][1]
    values = msgspec.structs.astuple(message)
    try:
        packed = layout.pack(*values)
    except Exception as error:
        raise ValueError(f"{type(message).__name__}: {error}") from error
    # The struct module would cut a long text off without a word: another serial number.
    for place, most in _TEXTS[message.KIND]:
        if len(values[place]) > most:
            raise ValueError(f"{type(message).__name__}: {values[place]!r} is over {most} bytes")
    return packed


def read(frame: Frame) -> Message | None:
    """The message in `frame`; None when its kind is unknown or its length is not that kind's."""
    entry = _LAYOUTS.get(frame.kind)
    if entry is None or len(frame.payload) != entry[1].size:
        return None
    return entry[0](*entry[1].unpack(frame.payload))


def schema() -> str:
    """The wire layout as text, a line a message, from which the schema hash is made."""
    lines = (
        f"{message.KIND:02x} {message.__name__} "
        + " ".join(f"{name}:{code}" for name, code in fields(message))
        for message in FROM_HOST + FROM_DEVICE
    )
    return "\n".join(line.rstrip() for line in lines) + "\n"


def to_celsius(centikelvin: int) -> float | None:
    """°C of a wire temperature, None for 0, which means no reading."""
    return round(centikelvin / 100 - 273.15, 2) if centikelvin else None


def to_centikelvin(celsius: float | None) -> int:
    """Wire temperature of `celsius`, 0 for None; held inside what the wire can say."""
    return 0 if celsius is None else min(0xFFFF, max(1, round((celsius + 273.15) * 100)))


def text(field: bytes) -> str:
    """A fixed ASCII field as text, its padding off; bytes that cannot be printed show as
    replacement marks."""
    read = field.rstrip(b"\0 ").decode("ascii", "replace")
    return "".join(each if each.isprintable() else "\ufffd" for each in read)
