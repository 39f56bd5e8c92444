"""Codes and limits: the numbers of the document, as far as this device has a use for them."""

from enum import IntEnum


class State(IntEnum):
    BOOTING = 0
    IDLE = 1
    FREEZING = 2
    THAWING = 3
    STIMULATING = 4  # never: there is no stimulator
    TESTING = 5
    MAINTENANCE = 6


class Result(IntEnum):
    DONE = 0
    WRONG_SESSION = 1
    READ_ONLY = 2
    UNKNOWN_COMMAND = 3
    BAD_VALUE = 4
    WRONG_STATE = 5
    NO_TOKEN = 6
    EXPIRED = 7
    NO_LEASE = 8
    FAULT_STANDS = 9
    BEYOND_LIMIT = 10
    NOT_FITTED = 11
    PROBE_MISSING = 12
    PROBE_UNUSABLE = 13
    SENSOR_INVALID = 14
    SUPPLY_OUT_OF_RANGE = 15
    TELEMETRY_TOO_SLOW = 16
    MAINTENANCE_ONLY = 17
    SWITCH_NEEDED = 18
    BUSY = 19


class Code(IntEnum):
    """EventCode."""

    STATE_CHANGED = 1
    FAULT_RAISED = 2
    FAULT_CLEARED = 3
    FREEZE_ENDED = 4
    AT_TARGET = 5
    PROBE_CONNECTED = 7
    PROBE_DISCONNECTED = 8
    TIME_SCALE = 9
    STOPPED = 11
    TEST_ENDED = 13


class End(IntEnum):
    """FreezeEnd."""

    TIMER = 1
    END_COMMAND = 2
    STOP = 3
    FAULT = 4
    LEASE = 5
    NEW_SESSION = 6


class Fault(IntEnum):
    """By bit; those of a stimulator and of a supply voltage are not here."""

    LEASE_LOST = 0
    OVER_COOL = 1
    COOLED_PAST_LIMIT = 2
    FAILS_TO_COOL = 3
    FREEZE_TOO_LONG = 4
    EXHAUST_BLOCKED = 5
    ORIFICE_BLOCKED = 6
    SUPPLY_LOW = 7
    SUPPLY_HIGH = 8
    SUPPLY_EXTREME = 9
    FLOW_WHEN_SHUT = 10
    LEAK = 11
    SIPHON = 12
    THERMOCOUPLE_OPEN = 13
    THERMOCOUPLE_SHORT = 14
    THERMOCOUPLE_STUCK = 15
    TEMPERATURE_IMPOSSIBLE = 16
    PROBE_MISSING = 17
    PROBE_CHANGED = 18


ENGINEER = {Fault.SUPPLY_EXTREME, Fault.FLOW_WHEN_SHUT, Fault.LEAK, Fault.SIPHON}

OK, OPEN, SHORT, NOT_FITTED = 0, 1, 2, 5  # Quality
VALVE_OPEN, EXHAUST_OPEN, ARMED = 0x1, 0x2, 0x40  # Actuator
SIMULATED, LOCKSTEP, MAINTENANCE_SWITCH = 0x1, 0x2, 0x4  # WelcomeFlag
FREEZE, STIMULATE = 1, 2  # Action
FROM_START, FROM_TARGET = 1, 2  # Timing
HOST = 1  # StopSource
STOP_ONLY = 1  # PedalRole
N2O = 1  # Gas
VALVE, EXHAUST, WARMING, STIMULATOR = 1, 2, 3, 4  # Exercise
SELF, SUPPLY_LEAK = 1, 2  # TestKind

ZERO_CELSIUS = 273.15
COLDEST_TARGET, WARMEST_TARGET, LOWEST_TIP = 19_815, 26_315, 18_815  # centikelvin
FREEZE_CAP_MS, FROM_TARGET_CAP_MS = 240_000, 180_000
TIP_PRESSURE_CAP_KPA, STIMULATION_CAP_UA = 401, 10_000
LEASE_FREEZE_MS, LEASE_STIMULATION_MS = 1_000, 500
TOKEN_LIFE_MS, START_AHEAD_MS = 10_000, 300
RESTART_AFTER_MS = 4_200_000_000
CALIBRATION = (500, 200, 20)  # largest either way: tip 0.01 K, supply kPa, flow mg/s
