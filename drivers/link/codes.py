"""Every code that stands for something on the wire. A receiver shows a code it does not know as
unknown; it never fails on one."""

from enum import IntEnum, IntFlag


class DeviceState(IntEnum):
    """What the device is doing, as it sees it itself."""

    BOOTING = 0
    IDLE = 1
    FREEZING = 2
    THAWING = 3  # gas shut after a freeze; ends at release (tip above +10 °C for 5 s passive)
    STIMULATING = 4
    TESTING = 5
    MAINTENANCE = 6


class Gas(IntEnum):
    """What the console is built for; never changes while it runs."""

    N2O = 1
    CO2 = 2


class Quality(IntEnum):
    """What a sensor's front end says of its reading. Only an OK reading is a number."""

    OK = 0
    OPEN = 1
    SHORT = 2
    OUT_OF_RANGE = 3
    STALE = 4
    NOT_FITTED = 5


class Sensor(IntEnum):
    """Position of a sensor's quality in `Telemetry.qualities`, four bits each from the lowest."""

    TIP = 0
    HOSE = 1  # console end of the hose: cold there means liquid
    ROOM = 2
    SUPPLY = 3
    EXHAUST = 4  # pressure in the tip chamber, absolute
    FLOW = 5
    DELIVERED = 6
    IMPEDANCE = 7


class Actuator(IntFlag):
    """Positions read back, never commanded ones."""

    VALVE_OPEN = 1
    EXHAUST_OPEN = 2
    WARMING = 4
    STIMULATOR_ON = 8
    SUPPLY_ISOLATED = 16
    PEDAL_DOWN = 32
    ARMED = 64  # a token is out and unspent
    LOCAL_START = 128  # the running freeze was started at the console


class Capability(IntFlag):
    """What this console has beyond the least."""

    STIMULATOR_CURRENT = 1
    STIMULATOR_VOLTAGE = 2
    ACTIVE_THAW = 4
    FOOTSWITCH = 8
    SECOND_VALVE = 16
    HOSE_SENSOR = 32
    LEAK_TEST = 64
    SIMULATED_INPUTS = 128  # takes SimulateInput


class WelcomeFlag(IntFlag):
    """What a host must know before anything else."""

    SIMULATED = 1
    LOCKSTEP = 2  # device time waits for the host's echo
    MAINTENANCE_SWITCH = 4


class HelloFlag(IntFlag):
    """How the host means to use the session."""

    READ_ONLY = 1


class Action(IntEnum):
    """What ARM is asked for; a token is good for that alone."""

    FREEZE = 1
    STIMULATE = 2


class Timing(IntEnum):
    """When the freeze timer starts."""

    FROM_START = 1
    FROM_TARGET = 2


class StimulationKind(IntEnum):
    """Which answer is looked for."""

    SENSORY = 1
    MOTOR = 2


class PedalRole(IntEnum):
    """What the footswitch does. It always stops."""

    STOP_ONLY = 1
    START_AND_STOP = 2


class TestKind(IntEnum):
    """Checks that the device runs by itself while idle."""

    SELF = 1
    SUPPLY_LEAK = 2


class Exercise(IntEnum):
    """One actuator moved by hand in maintenance."""

    VALVE = 1
    EXHAUST = 2
    WARMING = 3
    STIMULATOR = 4


class SimulatedInput(IntEnum):
    """What SimulateInput lets a device read: its sensors, numbered as Sensor, and other inputs."""

    TIP = 0
    HOSE = 1
    ROOM = 2
    SUPPLY = 3
    EXHAUST = 4
    FLOW = 5
    DELIVERED = 6
    IMPEDANCE = 7
    PROBE = 8  # 0: the chip does not answer, 1: another chip answers
    BROWN_OUT = 9
    COMPLIANCE_PULSES = 10
    VALVE_OPEN = 11  # read back
    PEDAL = 12
    STOP_LINE = 13


class Result(IntEnum):
    """The code of an ANSWER: done, or why not."""

    DONE = 0
    WRONG_SESSION = 1
    READ_ONLY = 2
    UNKNOWN_COMMAND = 3
    BAD_VALUE = 4
    WRONG_STATE = 5
    NO_TOKEN = 6  # no token is out, or it is not this one, or it is for another action
    EXPIRED = 7  # the token or the START came too late
    NO_LEASE = 8
    FAULT_STANDS = 9  # value: the fault bits
    BEYOND_LIMIT = 10  # asks for more than the device's own caps
    NOT_FITTED = 11
    PROBE_MISSING = 12
    PROBE_UNUSABLE = 13  # expired or used up
    SENSOR_INVALID = 14
    SUPPLY_OUT_OF_RANGE = 15
    TELEMETRY_TOO_SLOW = 16
    MAINTENANCE_ONLY = 17
    SWITCH_NEEDED = 18  # an action at the device itself
    BUSY = 19


class Fault(IntFlag):
    """A device interlock that has tripped and is not yet reset."""

    LEASE_LOST = 1 << 0
    OVER_COOL = 1 << 1
    COOLED_PAST_LIMIT = 1 << 2
    FAILS_TO_COOL = 1 << 3
    FREEZE_TOO_LONG = 1 << 4
    EXHAUST_BLOCKED = 1 << 5
    ORIFICE_BLOCKED = 1 << 6
    SUPPLY_LOW = 1 << 7
    SUPPLY_HIGH = 1 << 8
    SUPPLY_EXTREME = 1 << 9  # close the cylinder
    FLOW_WHEN_SHUT = 1 << 10
    LEAK = 1 << 11
    SIPHON = 1 << 12
    THERMOCOUPLE_OPEN = 1 << 13
    THERMOCOUPLE_SHORT = 1 << 14
    THERMOCOUPLE_STUCK = 1 << 15
    TEMPERATURE_IMPOSSIBLE = 1 << 16
    PROBE_MISSING = 1 << 17
    PROBE_CHANGED = 1 << 18
    BOTH_ON = 1 << 19
    STIMULATOR_OPEN_LEAD = 1 << 20
    STIMULATOR_OVER_CURRENT = 1 << 21
    STIMULATOR_STEP = 1 << 22
    BROWN_OUT = 1 << 23
    WATCHDOG = 1 << 24
    OVER_WARM = 1 << 25


class EventCode(IntEnum):
    """What happened at the device."""

    STATE_CHANGED = 1  # detail: new DeviceState, value: old one
    FAULT_RAISED = 2  # detail: bit number of the Fault, value: what was measured, in its unit x 100
    FAULT_CLEARED = 3  # detail: bit number
    FREEZE_ENDED = 4  # detail: FreezeEnd, value: ms from gas-on
    AT_TARGET = 5  # value: ms from gas-on
    PEDAL = 6  # detail: 1 down, 0 up
    PROBE_CONNECTED = 7
    PROBE_DISCONNECTED = 8
    TIME_SCALE = 9  # value: hundredths
    LOCAL_START = 10
    STOPPED = 11  # detail: StopSource
    STIMULATION_ENDED = 12  # detail: FreezeEnd
    TEST_ENDED = 13  # detail: 1 passed, 0 failed; value: measured
    INPUT_SIMULATED = 14  # detail: SimulatedInput, value: what it reads, -1: real again


class FreezeEnd(IntEnum):
    """Why gas or stimulation went off."""

    TIMER = 1
    END_COMMAND = 2
    STOP = 3
    FAULT = 4
    LEASE = 5
    NEW_SESSION = 6


class StopSource(IntEnum):
    """Who stopped it."""

    HOST = 1
    FOOTSWITCH = 2
    HARDWARE_LINE = 3
