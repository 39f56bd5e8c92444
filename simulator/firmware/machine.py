"""The device with its hardware under it, steppable without a port: bytes in, time in, bytes out."""

from collections import deque
from collections.abc import Mapping
from typing import Final

from drivers.link.codes import Fault
from drivers.link.device import lease_left_ms
from drivers.link.frame import Deframer, Flaw, Frame, encode
from simulator.firmware import core, telemetry
from simulator.firmware.emit import replace
from simulator.firmware.model import Hardware, Memory, Readings
from simulator.firmware.settings import (
    LEASE_FREEZE_MS,
    LEASE_STIMULATION_MS,
    WATCHDOG_MS,
    Settings,
)

TRANSITIONS_KEPT: Final = 2_000
"""(device ms, actuator, 1 on or 0 off); `gas` is the command, `valve` the position read back."""


class Firmware:
    """One console, running.

    Time comes in as milliseconds since it was switched on; `now_ms` is the device's own clock,
    which starts anew at every restart. Frames to send gather until `take` is called. Not thread
    safe.
    """

    def __init__(
        self,
        settings: Settings,
        hardware: Hardware,
        *,
        seed: int = 0,
        memory: Memory | None = None,
        time_scale_hundredths: int = 100,
    ) -> None:
        self._hardware = hardware
        self._seed = seed
        self._deframer = Deframer()
        self._world_ms = 0
        self._booted_at_ms = 0
        self._stepped_at_ms = 0
        self._hung_until_ms: int | None = None
        self._hung_since_ms = 0
        self._urgent: list[bytes] = []
        self._ready: list[bytes] = []
        self.transitions: deque[tuple[int, str, int]] = deque(maxlen=TRANSITIONS_KEPT)
        self._seen: dict[str, int] = {}
        self._noted: tuple[bool, ...] | None = None
        self.gas_off_since_ms: int | None = 0
        self.bad_frames = 0
        self._stood = 0
        self.device = core.booted(
            settings,
            memory or Memory(),
            hardware.read(),
            seed=seed,
            time_scale_hundredths=time_scale_hundredths,
        )
        self._note(self.device.readings)
        self._collect()

    @property
    def now_ms(self) -> int:
        """Device time."""
        return self._world_ms - self._booted_at_ms

    @property
    def world_ms(self) -> int:
        """Time since the process's device was first switched on; restarts do not touch it."""
        return self._world_ms

    @property
    def next_ms(self) -> int:
        """World time of the next step."""
        return self._booted_at_ms + core.next_moment_ms(self.device, self.now_ms)

    @property
    def telemetry_at_ms(self) -> int:
        """World time of the next telemetry."""
        return self._booted_at_ms + self.device.telemetry_due_ms

    def hear(self, data: bytes) -> None:
        """Takes in bytes from the host at the present device time."""
        for found in self._deframer.feed(data):
            self.take_in(found)

    def take_in(self, found: Frame | Flaw) -> None:
        """Takes in one frame; a flaw is counted and does nothing."""
        if isinstance(found, Flaw):
            self.bad_frames += 1
            return
        if self._hung_until_ms is None:
            self.device = core.heard(self.device, found, self.now_ms)
            self._settle()

    def run(self, to_ms: int) -> None:
        """Lets time pass up to `to_ms` (world time; nothing when that is past)."""
        hardware = self._hardware
        while True:
            moment = self.next_ms
            if moment > to_ms:
                self._world_ms = max(self._world_ms, to_ms)
                return
            hardware.advance(moment - self._stepped_at_ms, self.device.drive)
            self._world_ms = self._stepped_at_ms = moment
            readings = hardware.read()
            if self._hung_until_ms is None:
                self.device = device = core.stepped(self.device, readings, self.now_ms)
                self._note(device.readings)
                self._settle()
            else:
                self._note(readings)
                self._hang_on(readings)

    def advance(self, to_ms: int) -> bytes:
        """`run`, and what is to be sent after it."""
        self.run(to_ms)
        return b"".join(self.take())

    def take(self) -> list[bytes]:
        """The frames to be sent, in order, each whole; they are handed out once."""
        frames = self.take_urgent() + self._ready
        self._ready = []
        return frames

    def take_urgent(self) -> list[bytes]:
        """Those of them that go before all others, even before frames handed out earlier."""
        urgent, self._urgent = self._urgent, []
        return urgent

    def repeat_telemetry(self) -> None:
        """One more telemetry frame with the present stamp, for a clock that stands still; called 20
        times a second of wall time. Every fourth repeats the events that wait, too."""
        self._stood += 1
        if self._stood % 4 == 0:
            self.device = core.events_again(self.device, self.now_ms)
        self.device = telemetry.told(self.device, self.now_ms)
        self._collect()

    def reboot(self, *, by_watchdog: bool = False) -> None:
        """Restarts: the clock at 0, a new boot id, all outputs safe; what is not in non-volatile
        memory is lost."""
        old = self.device
        self._booted_at_ms = self._stepped_at_ms = self._world_ms
        self._hung_until_ms = None
        self._deframer = Deframer()
        self.transitions.append((self.now_ms, "reboot", 1))
        self.device = core.booted(
            old.settings,
            old.memory,
            old.readings,
            seed=self._seed,
            time_scale_hundredths=old.time_scale_hundredths,
            by_watchdog=by_watchdog,
        )
        self._note(self.device.readings)
        self._collect()

    def hang(self, for_ms: int) -> None:
        """The program stops: outputs stay as they are, nothing is heard or said, until it goes on
        after `for_ms` or the watchdog restarts it."""
        self._hung_since_ms = self._world_ms
        self._hung_until_ms = self._world_ms + for_ms

    def replaced(self, **fields: object) -> None:
        """Changes fields of the device from outside, for benches and checkpoints."""
        self.device = replace(self.device, **fields)

    def faults(self) -> list[str]:
        """Names of the latched faults."""
        return [fault.name or "" for fault in Fault if fault & self.device.faults]

    def _hang_on(self, readings: Readings) -> None:
        if self._world_ms - self._hung_since_ms >= WATCHDOG_MS:
            self.device = replace(self.device, readings=readings)
            self.reboot(by_watchdog=True)
        elif self._hung_until_ms is not None and self._world_ms >= self._hung_until_ms:
            self._hung_until_ms = None

    def _settle(self) -> None:
        if self.device.use_spent:
            self._hardware.count_use()
            self.device = replace(self.device, use_spent=False)
        on = int(self.device.drive.valve_duty > 0)
        if self._seen["gas"] != on:
            self._mark("gas", on)
        self._collect()
        if self.device.reboot:
            self.reboot()

    def _collect(self) -> None:
        out = self.device.out
        if not out:
            return
        for one in out:
            (self._urgent if one.urgent else self._ready).append(encode(one.frame))
        self.device = replace(self.device, out=())

    def _note(self, readings: Readings) -> None:
        seen = (
            self.device.drive.valve_duty > 0,
            readings.valve_open,
            readings.exhaust_open,
            readings.warming,
            readings.supply_isolated,
            readings.stimulator_on,
        )
        if seen == self._noted:
            return
        self._mark("gas", int(self.device.drive.valve_duty > 0))
        if self._mark("valve", int(readings.valve_open)):
            self.gas_off_since_ms = None if readings.valve_open else self.now_ms
        self._mark("exhaust", int(readings.exhaust_open))
        self._mark("warming", int(readings.warming))
        self._mark("isolated", int(readings.supply_isolated))
        self._mark("stimulator", int(readings.stimulator_on))
        self._noted = seen

    def _mark(self, actuator: str, on: int) -> bool:
        if self._seen.get(actuator) == on:
            return False
        self._seen[actuator], self._noted = on, None
        self.transitions.append((self.now_ms, actuator, on))
        return True


def summary(firmware: Firmware) -> Mapping[str, object]:
    """The device as the control channel tells it; all times device ms."""
    device, now_ms = firmware.device, firmware.now_ms
    lease_ms = LEASE_STIMULATION_MS if device.stimulation else LEASE_FREEZE_MS
    return {
        "device_ms": now_ms,
        "world_ms": firmware.world_ms,
        "boot_id": device.boot_id,
        "state": device.state.name,
        "session": device.link.session,
        "echo_ms": device.link.echo_ms,
        "lease_left_ms": lease_left_ms(device.link, lease_ms, now_ms),
        "valve_open": device.readings.valve_open,
        "stimulator_on": device.readings.stimulator_on,
        "gas_off_since_ms": firmware.gas_off_since_ms,
        "faults": firmware.faults(),
        "time_scale": device.time_scale_hundredths / 100,
        "bad_frames": firmware.bad_frames,
        "transitions": [list(one) for one in firmware.transitions],
    }
