"""States, commands and lease: what the device is, whoever talks to it.

A command returns the value of its Answer, or raises Refused. Device time moves in step() alone.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.minimal_device import codes
from tests.minimal_device.codes import Code, End, Fault, Result, State
from tests.minimal_device.protection import Protection
from tests.minimal_device.thermal import REST_K, Plant

BOOT_MS = 20
TEST_MS = 1_000
RELEASE_MS, RELEASE_K = 5_000, codes.ZERO_CELSIUS + 10
TICK_MS = 10
PROBE_MS = 100
EXERCISE_CAP_MS = 10_000
LOG_KEPT = 512


class Refused(Exception):  # noqa: N818
    """A command that is not done: the result, and the value that goes with it."""

    def __init__(self, result: Result, value: int = 0):
        super().__init__(result.name)
        self.result, self.value = result, int(value) & 0xFFFFFFFF


def require(good: bool, result: Result, value: int = 0) -> None:
    if not good:
        raise Refused(result, value)


class Token(NamedTuple):
    value: int
    until: int


@dataclass
class Memory:
    """What no restart clears."""

    faults: set[Fault] = field(default_factory=set)  # those that need an engineer
    counted_probe: str = ""  # whose use is counted, until it is unplugged at rest
    calibration: list[list[int]] = field(default_factory=lambda: [[0, 0] for _ in range(3)])
    log: list[dict] = field(default_factory=list)


class Machine:
    """One boot: tell() is called for every event, with code, detail and value."""

    def __init__(
        self,
        plant: Plant,
        memory: Memory,
        chance: random.Random,
        tell: Callable[[Code, int, int], None],
    ):
        self.plant, self.memory, self._chance, self._tell = plant, memory, chance, tell
        self.now = 0
        self.state = State.BOOTING
        self.faults: set[Fault] = set(memory.faults)
        self.echo_ms: int | None = None
        self.rate = 20
        self.token: Token | None = None
        self.maintenance = False  # entered, and not left
        self.gas_flowed = False
        self.gas_on_ms = self.gas_off_ms = self.freeze_ms = self.cap_ms = 0
        self.timing = codes.FROM_START
        self.at_target_ms: int | None = None
        self.target_k = self.tip_at_start_k = REST_K
        self._near_since: int | None = None
        self._warm_since: int | None = None
        self._test_ends: int | None = None
        self._exercise: tuple[int, int] | None = None  # which, and its end
        self._tokens: set[int] = set()
        self.probe_serial = plant.probe.serial if plant.probe else ""  # as identified
        self._odd_since: int | None = None
        self._protection = Protection()
        plant.shut()
        plant.exhaust_shut = False

    # what is so now

    @property
    def tip_k(self) -> float:
        return self.plant.tip_k + self.memory.calibration[0][0] / 100

    @property
    def supply_kpa(self) -> float:
        return self.plant.supply_kpa + self.memory.calibration[1][0]

    @property
    def flow(self) -> float:
        return max(0.0, self.plant.flow + self.memory.calibration[2][0])

    @property
    def ends_ms(self) -> int:
        """The end of the freeze as far as it is known."""
        latest = self.gas_on_ms + self.cap_ms
        if self.timing == codes.FROM_START:
            return min(latest, self.gas_on_ms + self.freeze_ms)
        if self.at_target_ms is None:
            return latest
        return min(latest, self.at_target_ms + self.freeze_ms)

    def has(self, fault: Fault) -> bool:
        return fault in self.faults

    def fault_bits(self) -> int:
        return sum(1 << fault for fault in self.faults)

    def lease_left(self) -> int:
        if self.echo_ms is None:
            return 0
        return max(0, self.echo_ms + codes.LEASE_FREEZE_MS - self.now)

    def measured(self) -> dict:
        """The fields of Telemetry: DELIVERED, IMPEDANCE and HOSE are not fitted."""
        quality = self.plant.tip_quality
        lacks = codes.NOT_FITTED << 4 | codes.NOT_FITTED << 24 | codes.NOT_FITTED << 28
        armed = self.token is not None and self.now <= self.token.until
        freezing, remaining = self.state is State.FREEZING, 0
        if freezing and self.timing == codes.FROM_TARGET and self.at_target_ms is None:
            remaining = self.freeze_ms
        elif freezing:
            remaining = max(0, self.ends_ms - self.now)
        return {
            "state": self.state,
            "actuators": (codes.VALVE_OPEN if self.plant.percent else 0)
            | (0 if self.plant.exhaust_shut else codes.EXHAUST_OPEN)
            | (codes.ARMED if armed else 0),
            "qualities": quality | lacks,
            "tip_centikelvin": round(self.tip_k * 100) if quality == codes.OK else 0,
            "hose_centikelvin": 0,
            "room_centikelvin": 29_465,
            "supply_kpa": round(self.supply_kpa),
            "exhaust_kpa": round(self.plant.exhaust_kpa),
            "flow_mg_s": round(self.flow),
            "valve_percent": self.plant.percent,
            "delivered_ua": 0,
            "impedance_ohm": 0,
            "remaining_freeze_ms": remaining,
            "remaining_lease_ms": self.lease_left(),
            "faults": self.fault_bits(),
        }

    # time

    def run(self, until: int) -> None:
        """On to a moment of device time; every end in between is met to the millisecond."""
        while self.now < until:
            ends = [until, self.now + TICK_MS - self.now % TICK_MS, BOOT_MS, self.ends_ms]
            ends += [self._test_ends or 0, self._exercise[1] if self._exercise else 0]
            ends += [self.now + self.lease_left(), (self._near_since or 0) + 1_000]
            upto = min(end for end in ends if end > self.now)
            self.plant.step(upto - self.now)
            self.now = upto
            self._look()

    def _look(self) -> None:
        if self.state is State.BOOTING:
            if self.now >= BOOT_MS:
                self.state = State.IDLE  # the start is no event
            return
        if self.state is State.FREEZING:
            self._hold()
        if self._exercise and (self.now >= self._exercise[1] or not self.lease_left()):
            self._end_exercise()
        for row in self._protection.tripped(self):
            self._trip(row.fault, round(row.measured * 100))
        if self.state is State.IDLE:
            for fault in (Fault.SUPPLY_LOW, Fault.SUPPLY_HIGH):
                if fault in self.faults and not self._protection.cause_stands(fault):
                    self._clear(fault)
        self._plugged()
        if self.state is State.THAWING:
            self._release()
        if self._test_ends is not None and self.now >= self._test_ends:
            failed = int(self.plant.tip_quality != codes.OK) + int(self.plant.percent != 0)
            self._end_test(failed)

    def _hold(self) -> None:
        near = self.plant.tip_quality == codes.OK and abs(self.tip_k - self.target_k) <= 3
        self._near_since = (self._near_since or self.now) if near else None
        if (
            self._near_since is not None
            and self.at_target_ms is None
            and self.now - self._near_since >= 1_000
        ):
            self.at_target_ms = self.now
            self._tell(Code.AT_TARGET, 0, self.now - self.gas_on_ms)
        if self.now >= self.ends_ms:
            self._end_freeze(End.TIMER)

    def _release(self) -> None:
        warm = self.plant.tip_quality == codes.OK and self.tip_k > RELEASE_K
        if not warm or self.plant.percent:
            self._warm_since = None
            return
        if self._warm_since is None:
            self._warm_since = self.now
        if self.now - self._warm_since >= RELEASE_MS:
            self._go(State.MAINTENANCE if self.maintenance else State.IDLE)

    def _plugged(self) -> None:
        """Another chip, or none, counts once it has answered for 100 ms."""
        serial = self.plant.probe.serial if self.plant.probe else ""
        if serial == self.probe_serial:
            self._odd_since = None
            return
        if self._odd_since is None:
            self._odd_since = self.now
        if self.now - self._odd_since < PROBE_MS:
            return
        if self.state is State.IDLE:  # in a procedure its use stays counted
            self.memory.counted_probe = ""
        gone, self.probe_serial, self._odd_since = self.probe_serial, serial, None
        if gone:
            self._tell(Code.PROBE_DISCONNECTED, 0, 0)
        if serial:
            self._tell(Code.PROBE_CONNECTED, 0, 0)

    # changes

    def _go(self, state: State) -> None:
        if state is not self.state:
            old, self.state = self.state, state
            self._tell(Code.STATE_CHANGED, state, old)

    def _count_use(self) -> None:
        probe = self.plant.probe
        if self.memory.counted_probe != probe.serial:
            self.memory.counted_probe = probe.serial
            probe.uses_left -= probe.uses_left != 255

    def _end_freeze(self, end: End) -> None:
        self.plant.shut()
        self.gas_off_ms, self._warm_since = self.now, None
        self._protection.valve_moved(self)
        self._tell(Code.FREEZE_ENDED, end, self.now - self.gas_on_ms)
        self._go(State.THAWING)

    def _end_test(self, failed: int | None) -> None:
        """Over, or broken off (None)."""
        self._test_ends = None
        self._tell(Code.TEST_ENDED, int(failed == 0), failed or 0)
        self._go(State.IDLE)

    def _end_exercise(self) -> None:
        self._exercise = None
        if self.plant.percent:
            self.plant.shut()
            self.gas_off_ms = self.now
            self._protection.valve_moved(self)
        self.plant.exhaust_shut = False

    def _end_all(self, end: End) -> bool:
        """Everything off; whether something was on."""
        was_on = True
        if self.state is State.FREEZING:
            self._end_freeze(end)
        elif self._test_ends is not None:
            self._end_test(None)
        elif self._exercise:
            self._end_exercise()
        else:
            was_on = False
        return was_on

    def _trip(self, fault: Fault, value: int) -> None:
        self.faults.add(fault)
        if fault in codes.ENGINEER:
            self.memory.faults.add(fault)
        self._tell(Code.FAULT_RAISED, fault, value)
        self._end_all(End.LEASE if fault is Fault.LEASE_LOST else End.FAULT)

    def _clear(self, fault: Fault) -> None:
        self.faults.discard(fault)
        self.memory.faults.discard(fault)
        self._tell(Code.FAULT_CLEARED, fault, 0)

    # from the host

    def new_session(self) -> None:
        self._end_all(End.NEW_SESSION)
        self.token = self.echo_ms = None

    def heartbeat(self, echo_ms: int) -> None:
        if echo_ms <= self.now and (self.echo_ms is None or echo_ms > self.echo_ms):
            self.echo_ms = echo_ms

    def stop(self) -> None:
        self.token = None
        if self._end_all(End.STOP):
            self._tell(Code.STOPPED, codes.HOST, 0)

    def _in(self, *states: State) -> None:
        require(self.state in states, Result.WRONG_STATE, self.state)

    def _checks_of_freeze(self) -> None:
        self._in(State.IDLE, State.THAWING, State.MAINTENANCE)
        require(self._exercise is None, Result.WRONG_STATE, self.state)
        require(not self.faults, Result.FAULT_STANDS, self.fault_bits())
        probe = self.plant.probe
        if probe is None:
            raise Refused(Result.PROBE_MISSING)
        unexpired = probe.expires_day >= time.time() // 86_400
        counted = self.memory.counted_probe == probe.serial
        usable = counted or (probe.uses_left > 0 and unexpired)
        require(usable, Result.PROBE_UNUSABLE, probe.uses_left)
        quality = self.plant.tip_quality
        require(quality == codes.OK, Result.SENSOR_INVALID, quality)
        kpa = round(self.supply_kpa)
        require(4_100 <= kpa <= 6_600, Result.SUPPLY_OUT_OF_RANGE, kpa)
        require(self.rate >= 10, Result.TELEMETRY_TOO_SLOW, self.rate)
        require(self.lease_left() > 0, Result.NO_LEASE)

    def arm(self, action: int) -> int:
        require(action in {codes.FREEZE, codes.STIMULATE}, Result.BAD_VALUE, action)
        require(action == codes.FREEZE, Result.NOT_FITTED)
        require(self.now < codes.RESTART_AFTER_MS, Result.BUSY)
        self._checks_of_freeze()
        value = 0
        while value == 0 or value in self._tokens:
            value = self._chance.getrandbits(32)
        self._tokens.add(value)
        self.token = Token(value, self.now + codes.TOKEN_LIFE_MS)
        return value

    def _spend(self, value: int, expires_ms: int, fits: bool) -> None:
        token, self.token = self.token, None
        if token is None or token.value != value or not fits:
            raise Refused(Result.NO_TOKEN)
        require(self.now <= min(token.until, expires_ms), Result.EXPIRED)
        require(expires_ms - self.now <= codes.START_AHEAD_MS, Result.BAD_VALUE)

    def start_freeze(
        self,
        token: int,
        expires_ms: int,
        target_centikelvin: int,
        timing: int,
        reserved: int,
        freeze_ms: int,
        cap_ms: int,
    ) -> int:
        self._spend(token, expires_ms, fits=True)
        self._checks_of_freeze()
        target = target_centikelvin
        require(0 < target <= codes.WARMEST_TARGET, Result.BAD_VALUE)
        known = timing in {codes.FROM_START, codes.FROM_TARGET}
        require(known, Result.BAD_VALUE)
        require(1 <= freeze_ms <= cap_ms, Result.BAD_VALUE)
        require(target >= codes.COLDEST_TARGET, Result.BEYOND_LIMIT)
        require(cap_ms <= codes.FREEZE_CAP_MS, Result.BEYOND_LIMIT)
        if timing == codes.FROM_TARGET:
            require(freeze_ms <= codes.FROM_TARGET_CAP_MS, Result.BEYOND_LIMIT)
        self.target_k, self.timing = target / 100, timing
        self.gas_on_ms, self.freeze_ms, self.cap_ms = self.now, freeze_ms, cap_ms
        self.at_target_ms = self._near_since = None
        self.tip_at_start_k, self.gas_flowed = self.tip_k, True
        self._count_use()
        self.plant.open(self.target_k)
        self._protection.valve_moved(self)
        self._go(State.FREEZING)
        return self.ends_ms

    def start_stimulation(self, token: int, expires_ms: int, **_: int) -> int:
        self._spend(token, expires_ms, fits=False)
        raise AssertionError("no token fits")

    def extend(self, by_ms: int) -> int:
        self._in(State.FREEZING)
        require(by_ms > 0, Result.BAD_VALUE, by_ms)
        start = self.gas_on_ms
        if self.timing == codes.FROM_TARGET and self.at_target_ms is not None:
            start = self.at_target_ms
        latest = self.gas_on_ms + self.cap_ms
        require(self.freeze_ms + by_ms <= latest - start, Result.BEYOND_LIMIT, latest)
        if self.timing == codes.FROM_TARGET:
            longest = codes.FROM_TARGET_CAP_MS
            require(self.freeze_ms + by_ms <= longest, Result.BEYOND_LIMIT, longest)
        self.freeze_ms += by_ms
        return self.ends_ms

    def end(self) -> int:
        self._in(State.FREEZING)
        self._end_freeze(End.END_COMMAND)
        return 0

    def thaw(self, warming: int) -> int:
        raise Refused(Result.NOT_FITTED)

    def set_amplitude(self, amplitude_ua: int) -> int:
        raise Refused(Result.WRONG_STATE, self.state)

    def stimulation_off(self) -> int:
        return 0

    def reset(self) -> int:
        self._in(State.IDLE, State.THAWING, State.MAINTENANCE)
        require(self.plant.percent == 0, Result.WRONG_STATE, self.state)  # by hand
        self._protection.look(self)
        left = {fault for fault in self.faults if self._protection.cause_stands(fault)}
        waiting = set() if self.maintenance else self.faults & codes.ENGINEER
        for fault in sorted(self.faults - left - waiting):
            self._clear(fault)
        only_engineer = left <= waiting
        result = Result.MAINTENANCE_ONLY if only_engineer else Result.FAULT_STANDS
        require(not self.faults, result, self.fault_bits())
        return 0

    def set_pedal_role(self, role: int) -> int:
        raise Refused(Result.NOT_FITTED)

    def test(self, test: int) -> int:
        require(test in {codes.SELF, codes.SUPPLY_LEAK}, Result.BAD_VALUE, test)
        require(test == codes.SELF, Result.NOT_FITTED)
        self._in(State.IDLE)
        self._test_ends = self.now + TEST_MS
        self._go(State.TESTING)
        return self._test_ends

    def set_telemetry_rate(self, per_second: int) -> int:
        require(1 <= per_second <= 50, Result.BAD_VALUE, per_second)
        slow = self.state is State.FREEZING and per_second < 10
        require(not slow, Result.TELEMETRY_TOO_SLOW, 10)
        self.rate = per_second
        return per_second

    def enter_maintenance(self, enter: int) -> int:
        require(enter in {0, 1}, Result.BAD_VALUE, enter)
        if enter:
            self._in(State.IDLE)
            require(self.plant.maintenance_switch, Result.SWITCH_NEEDED)
            self.maintenance = True
            self._go(State.MAINTENANCE)
            return 0
        self._in(State.MAINTENANCE)
        if self._exercise:
            self._end_exercise()
        self.maintenance = False
        self._warm_since = None
        self._go(State.THAWING if self.gas_flowed else State.IDLE)
        return 0

    def _in_maintenance(self) -> None:
        require(self.state is State.MAINTENANCE, Result.MAINTENANCE_ONLY, self.state)

    def exercise_actuator(self, exercise: int, level: int, for_ms: int) -> int:
        self._in_maintenance()
        require(1 <= exercise <= 4 and level <= 100 and for_ms > 0, Result.BAD_VALUE)
        require(for_ms <= EXERCISE_CAP_MS, Result.BEYOND_LIMIT, EXERCISE_CAP_MS)
        require(exercise in {codes.VALVE, codes.EXHAUST}, Result.NOT_FITTED)
        if exercise == codes.VALVE:
            if level == 0:
                self._end_exercise()
                return 0
            require(not self.faults, Result.FAULT_STANDS, self.fault_bits())
            require(self.plant.probe is not None, Result.PROBE_MISSING)
        require(self.lease_left() > 0, Result.NO_LEASE)
        self._end_exercise()
        self._exercise = exercise, self.now + for_ms
        if exercise == codes.EXHAUST:
            self.plant.exhaust_shut = level < 50
        else:
            self.gas_flowed = True
            self.plant.open(codes.COLDEST_TARGET / 100, level)
        return self._exercise[1]

    def calibrate(self, index: int, reserved: int, value: int) -> int:
        self._in_maintenance()
        require(index < len(codes.CALIBRATION), Result.BAD_VALUE, len(codes.CALIBRATION))
        most = codes.CALIBRATION[index]
        require(abs(value) <= most, Result.BEYOND_LIMIT, most)
        self.memory.calibration[index] = [value, int(time.time() // 86_400)]
        return 0

    def reboot(self) -> int:
        self._in_maintenance()
        return 0

    # readings: the fields of the message that answers

    def read_probe(self) -> dict:
        probe = self.plant.probe
        return {
            "present": int(probe is not None),
            "uses_left": probe.uses_left if probe else 0,
            "model": "MINIMAL" if probe else "",
            "serial": probe.serial if probe else "",
            "diameter_um": 1_400 if probe else 0,
            "tip_length_um": 6_000 if probe else 0,
            "expires_day": probe.expires_day if probe else 0,
        }

    def read_calibration(self, index: int) -> dict:
        records = self.memory.calibration
        require(index < len(records), Result.BAD_VALUE, len(records))
        value, day = records[index]
        return {"index": index, "count": len(records), "value": value, "set_on_day": day}

    def read_log(self, index: int) -> dict:
        log = self.memory.log
        require(index < len(log), Result.BAD_VALUE, len(log))
        return {"index": index, "count": len(log)} | log[index]
