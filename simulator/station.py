"""One simulated console as the servers and the control channel see it: firmware, bench, line and
the faults that are due later."""

from collections.abc import Mapping
from typing import Final

import msgspec

from drivers.link.codes import Gas
from drivers.link.frame import Flaw, Frame, decode
from drivers.link.messages import Telemetry
from simulator.bench import Bench, PatientAt
from simulator.firmware import Firmware, settings_for, summary
from simulator.firmware.model import Memory
from simulator.knobs import LINE_KNOBS, checked
from simulator.line_faults import LineFaults
from simulator.physics import Medium
from simulator.physics.patient import Patient

_PULSE_KNOBS: Final = ("hang", "reboot")


class DueFault(msgspec.Struct, frozen=True):
    """A knob to turn at a time of the process's device clock, or, where `freeze` is 1 or more,
    that long after the gas-on of so manieth a freeze in tissue."""

    name: str
    size: float | None
    at_ms: int
    ramp_s: float = 0.0
    freeze: int = 0


class Station:
    """Steppable without a port. Not thread safe: one loop owns it."""

    def __init__(
        self,
        gas: Gas,
        *,
        seed: int = 1,
        cell_mm: float = 0.5,
        lockstep: bool = False,
        speed: float = 1.0,
        today_day: int = 20_000,
        medium: str = "tissue",
        probe: str = "long",
        tissue: str = "generic",
        patient: Patient | PatientAt | None = None,
        faults: tuple[DueFault, ...] = (),
        boots: int = 0,
    ) -> None:
        """`boots`: how often this console was switched on before; `patient` as `Bench` has it.
        Raises ValueError for a medium, probe, tissue, knob or grid that cannot be."""
        for fault in faults:
            checked(fault.name, fault.size, fault.ramp_s)
        self.bench = Bench(
            gas, seed=seed, cell_mm=cell_mm, probe=probe, tissue=tissue, patient=patient
        )
        if medium != "tissue":
            self.bench.set_medium(medium)
        self.line = LineFaults(seed)
        self._due = sorted(
            (fault for fault in faults if not fault.freeze), key=lambda fault: fault.at_ms
        )
        self._waiting = [fault for fault in faults if fault.freeze]
        self._freezes = 0
        self._gas_on_ms: int | None = None
        # What is so from the start is so before the console starts; a restart needs one that has.
        first = [
            fault for fault in self._due if fault.at_ms <= 0 and fault.name not in _PULSE_KNOBS
        ]
        self._due = [fault for fault in self._due if fault not in first]
        for fault in first:
            self.turn(fault)
        self.firmware = Firmware(
            settings_for(gas, lockstep=lockstep, today_day=today_day),
            self.bench,
            seed=seed,
            memory=Memory(boots=boots),
            time_scale_hundredths=round(speed * 100),
        )

    @property
    def next_ms(self) -> int:
        """World time at which something is to be done next."""
        return self.firmware.next_ms

    @property
    def time_scale(self) -> float:
        """How fast device time runs, 0 for paused."""
        return self.firmware.device.time_scale_hundredths / 100

    @property
    def drift(self) -> float:
        """By what factor the device's clock is off."""
        return 1 + self.line.knobs.get("clock_drift", 0.0) / 1e6

    def hear(self, found: Frame | Flaw) -> None:
        """Takes in one frame from the host, through the line's faults."""
        for passed in self.line.incoming(found):
            self.firmware.take_in(passed)

    def run(self, to_ms: int) -> None:
        """Lets time pass up to `to_ms` of `world_ms`, turning knobs as they fall due."""
        while self._due and self._due[0].at_ms <= to_ms:
            fault = self._due.pop(0)
            self._run(fault.at_ms)
            self.turn(fault)
        self._run(to_ms)

    def _run(self, to_ms: int) -> None:
        before_ms = self.firmware.world_ms
        self.firmware.run(to_ms)
        self.line.knobs.advance((self.firmware.world_ms - before_ms) / 1_000)
        if self._waiting:
            self._follow_freezes()

    def _follow_freezes(self) -> None:
        """Gives what waits for a freeze its time once that freeze has begun."""
        firmware, freeze = self.firmware, self.firmware.device.freeze
        if freeze is None or self.bench.plant.medium is not Medium.TISSUE:
            return
        on_ms = firmware.world_ms - firmware.now_ms + freeze.on_ms
        if on_ms == self._gas_on_ms:
            return
        self._gas_on_ms = on_ms
        self._freezes += 1
        begun = [fault for fault in self._waiting if fault.freeze == self._freezes]
        self._waiting = [fault for fault in self._waiting if fault.freeze > self._freezes]
        self._due += [
            msgspec.structs.replace(fault, at_ms=on_ms + fault.at_ms, freeze=0) for fault in begun
        ]
        self._due.sort(key=lambda fault: fault.at_ms)

    def outgoing(self) -> tuple[list[bytes], list[bytes]]:
        """(urgent frames, others) that go on the wire now."""
        firmware = self.firmware
        urgent = firmware.take_urgent()
        others = firmware.take()
        if not urgent and not others and not self.line.holds:
            return urgent, others
        now_ms = firmware.world_ms
        return self.line.outgoing(urgent, now_ms), self.line.outgoing(others, now_ms)

    def turn(self, fault: DueFault) -> None:
        """Turns a knob now. Raises ValueError."""
        name, size = fault.name, checked(fault.name, fault.size, fault.ramp_s)
        if name in LINE_KNOBS:
            self.line.knobs.turn(name, size, ramp_s=fault.ramp_s)
        elif name == "hang":
            self.firmware.hang(round(size))
        elif name == "reboot":
            if size:
                self.firmware.reboot()
        else:
            self.bench.set_knob(name, size, ramp_s=fault.ramp_s)

    def clear(self, name: str) -> None:
        """Takes a knob back. Raises ValueError for one that does not exist."""
        checked(name, None)
        if name in LINE_KNOBS:
            self.line.knobs.pop(name, None)
        elif name not in _PULSE_KNOBS:
            self.bench.clear_knob(name)

    def knobs(self) -> dict[str, float]:
        """The knobs that are turned."""
        return self.bench.knobs() | dict(self.line.knobs)

    def summary(self) -> Mapping[str, object]:
        """The device for the control channel."""
        return summary(self.firmware)


def newest_stamp(frames: list[bytes]) -> int | None:
    """Device time of the newest telemetry frame in `frames` that a host can read, None without."""
    stamps = [
        frame.device_ms
        for frame in map(decode, (raw[:-1] for raw in frames))
        if isinstance(frame, Frame) and frame.kind == Telemetry.KIND
    ]
    return max(stamps, default=None)


def newest_telemetry(frames: list[bytes]) -> list[bytes]:
    """`frames` without telemetry that a newer one follows."""
    kept: list[bytes] = []
    newest_seen = False
    for raw in reversed(frames):
        frame = decode(raw[:-1])
        if isinstance(frame, Frame) and frame.kind == Telemetry.KIND:
            if newest_seen:
                continue
            newest_seen = True
        kept.append(raw)
    return kept[::-1]
