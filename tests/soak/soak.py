"""Hours of sessions with a fault every 10 s: the shipped control loop and record against the
shipped firmware and physics, byte for byte, in one process and in device time.

    make soak

After every 20 ms it looks for what must never be. A session that ends is followed by another, at a
console with a new cylinder and probe, looked after by an engineer.
"""

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
import psutil
import soak_process
from soak_operator import Operator
from soak_result import Measured, Soaked, as_markdown, draw, spread

from console.config import InForce, limits
from console.control.core import PORT_OPENED
from console.control.inbox import Inbox
from console.control.loop import Loop, chunk_input
from console.control.opening import configured, opened_record
from console.control.state import Config
from console.model.snapshot import Phase
from console.records.entries import GuiTickIn, PortIn, RecordFailedIn, TickIn
from console.records.recorder import Recorder
from console.records.store import Store
from drivers.link.codes import DeviceState, Gas
from drivers.link.device import lease_left_ms
from drivers.link.frame import Deframer, Frame, encode
from simulator.firmware.settings import LEASE_FREEZE_MS, LEASE_STIMULATION_MS, WATCHDOG_MS
from simulator.knobs import KNOBS
from simulator.station import DueFault, Station

if TYPE_CHECKING:
    from soak_window import Window

STEP_MS: Final = 20
FAULT_EVERY_MS: Final = 10_000
FAULT_LASTS_MS: Final = (300, 8_000)
TICK_EVERY_MS: Final = 500
"""As often as a screen must at least say that it is alive, and then some."""
MEASURED_EVERY_MS: Final = 60_000
LIES: Final = ("thermocouple_drift", "thermocouple_reversed", "thermocouple_stuck")
"""Left out: while the one sensor of the tip tells a warmth that is not there, its release is wrong,
and the table of hazards says so."""
FAULTS: Final = tuple(sorted(set(KNOBS) - set(LIES) - {"maintenance_switch", "impedance"}))


class Soak:
    """One run; the same seed gives the same faults and the same requests."""

    def __init__(self, folder: Path, seed: int, window: "Window | None" = None) -> None:
        self.result = Soaked()
        self._chance = random.Random(seed)
        self._operator = Operator(self._chance, self.result)
        self._window = window
        self._steps_ms: list[float] = []
        self._late_ms: list[float] = []
        self._store = Store(folder)
        self._now_ms = 0
        self._recorder: Recorder | None = None
        self._failures: list[str] = []  # of the disk, which the loop hears of after its step
        self._process = psutil.Process()
        self._had: tuple[Counter[str], Counter[str]] | None = None
        as_shipped = InForce(limits())
        config = configured("sim://n2o", screen=window is not None, limits=as_shipped, seed=seed)
        config = msgspec.structs.replace(config, started_ms=0.0)
        self._connect()
        self.loop = Loop(
            config,
            Inbox(),
            wire=self,
            operator=self._operator,
            on_renew=self._renewed,
            clock=lambda: float(self._now_ms),
        )
        self.loop.record_to(*self._record(config))
        self.loop.take(PortIn(0.0, PORT_OPENED, ""))

    def run(self, hours: float, *, real_time: bool = False) -> Soaked:
        """Runs on for `hours` of simulated time."""
        began, first_ms = time.monotonic(), self._now_ms
        due_ms, until_ms = self._now_ms, self._now_ms + round(hours * 3_600_000)
        while self._now_ms < until_ms and not self.result.unsafe:
            self._now_ms += STEP_MS
            if real_time:
                self._wait(began + (self._now_ms - first_ms) / 1_000)
            if self._now_ms % FAULT_EVERY_MS == 0:
                self._fault()
            self._turn_back()
            stepping = time.perf_counter()
            self._step()
            self._steps_ms.append((time.perf_counter() - stepping) * 1_000)
            self._look()
            self._show()
            if self._now_ms >= due_ms:
                due_ms = self._now_ms + MEASURED_EVERY_MS
                self._measure()
        self.result.hours = (self._now_ms - first_ms) / 3_600_000
        self.result.elapsed_s = time.monotonic() - began
        self.result.real_time = real_time
        self.result.load = psutil.getloadavg()[2]
        return self.result

    def _wait(self, moment_s: float) -> None:
        time.sleep(max(0.0, moment_s - time.monotonic()))
        self._late_ms.append((time.monotonic() - moment_s) * 1_000)

    def _show(self) -> None:
        if self._window is None:
            return
        self._window.look(self.loop.state, self._now_ms)
        if self._now_ms % TICK_EVERY_MS == 0:
            self.loop.take(GuiTickIn(float(self._now_ms), self.loop.state.snapshots))

    def close(self) -> None:
        """Ends the last record."""
        if self._recorder is not None:
            self._recorder.close("soak over")

    def send(self, frame: Frame) -> None:
        """The host's bytes, to the device."""
        for found in self._to_device.feed(encode(frame)):
            self.station.hear(found)

    # --- the world ----------------------------------------------------------------------------

    def _connect(self) -> None:
        self._booted_ms = self._now_ms
        self._turned: list[tuple[int, str]] = []
        self._to_device, self._to_host = Deframer(), Deframer()
        seed = self._chance.getrandbits(30)
        self.station = Station(Gas.N2O, seed=seed, cell_mm=0.5, boots=self.result.sessions)

    def _step(self) -> None:
        self.station.run(self._now_ms - self._booted_ms)
        urgent, others = self.station.outgoing()
        for raw in self._to_host.cut(b"".join(urgent + others)):
            self.loop.take(chunk_input(float(self._now_ms), raw))
        while self._failures:
            self.loop.take(RecordFailedIn(float(self._now_ms), self._failures.pop(0)))
        self.loop.take(TickIn(float(self._now_ms)))

    def _fault(self) -> None:
        name = self._chance.choice(FAULTS)
        lasts_ms = self._chance.randint(*FAULT_LASTS_MS)
        size = None
        if name == "hang":
            size = float(self._chance.randint(50, 2_000))
        self.station.turn(DueFault(name, size, 0))
        self._turned.append((self._now_ms + lasts_ms, name))
        self.result.faults += 1

    def _turn_back(self) -> None:
        over = [name for at_ms, name in self._turned if at_ms <= self._now_ms]
        self._turned = [each for each in self._turned if each[0] > self._now_ms]
        for name in over:
            self.station.clear(name)

    def _record(self, config: Config) -> tuple[Recorder, str]:
        self.result.sessions += 1
        self._recorder = opened_record(
            self._store.new_session(datetime.now().astimezone()),
            config,
            "new",
            on_durable=self._durable,
            on_failed=self._failures.append,
            inline=True,
        )
        return self._recorder, str(self._recorder.path)

    def _durable(self, token: int) -> None:
        self.loop.durable(token)

    def _renewed(self, outcome: str, old: Config) -> tuple[Recorder, str, Config]:
        self.close()
        self._connect()
        self._operator.begin()
        self.loop.state.kept = ()  # the engineer has been there
        config = msgspec.structs.replace(old, started_ms=float(self._now_ms))
        return *self._record(config), config

    # --- what must never be -------------------------------------------------------------------

    def _look(self) -> None:
        device, now_ms = self.station.firmware.device, self.station.firmware.now_ms
        gas, nerve = device.drive.valve_duty > 0, device.drive.stimulator_on
        lease_ms = LEASE_STIMULATION_MS if nerve else LEASE_FREEZE_MS
        # A program that hangs is the watchdog's, which has this much time.
        over_ms = lease_ms + WATCHDOG_MS + STEP_MS
        if (gas or nerve) and lease_left_ms(device.link, over_ms, now_ms) == 0:
            self._unsafe("on without a lease")
        if gas and nerve:
            self._unsafe("gas and stimulation together")
        if gas and device.state is not DeviceState.FREEZING:
            self._unsafe(f"gas in state {device.state.name}")
        if self.loop.state.procedure.phase is Phase.FREE:
            tip_celsius = self.station.bench.plant.truth.tip_celsius
            if tip_celsius < 0.0:
                self._unsafe(f"free to move with a tip of {tip_celsius:.1f} °C")

    def _unsafe(self, words: str) -> None:
        turned = ", ".join(name for _, name in self._turned) or "none"
        self.result.unsafe.append(f"{self._now_ms / 1_000:.2f} s: {words}; faults: {turned}")

    def _measure(self) -> None:
        with self._process.oneshot():
            rss = self._process.memory_info().rss / 2**20
        frames = self._window.frames_ms if self._window is not None else []
        times = (spread(each) for each in (self._steps_ms, frames, self._late_ms))
        threads, handles = soak_process.threads(), soak_process.handles()
        self.result.measured.append(
            Measured(self._now_ms, rss, threads.total(), handles.total(), *times)
        )
        self._compare(threads, handles)
        for each in (self._steps_ms, frames, self._late_ms):
            each.clear()

    def _compare(self, threads: Counter[str], handles: Counter[str]) -> None:
        """Says at once what came or went, and keeps it for the page."""
        had, self._had = self._had, (threads, handles)
        if had is None:
            return
        for kind, before, now in zip(("threads", "handles"), had, self._had, strict=True):
            words = soak_process.changed(before, now)
            if words:
                told = f"{self._now_ms / 3_600_000:.2f} h, {kind}: {words}"
                self.result.came_and_went.append(told)
                print(told, file=sys.stderr, flush=True)


def main() -> int:
    """The command. 0: nothing unsafe; 1: something was."""
    options = argparse.ArgumentParser(description="Hours of sessions with a fault every 10 s.")
    options.add_argument("--hours", type=float, default=8.0)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--real-time", action="store_true", help="no faster than life")
    options.add_argument("--no-window", action="store_true", help="nobody looks on")
    options.add_argument("--write", type=Path, help="write the page and its pictures into a folder")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        window = None if chosen.no_window else _window(real_time=chosen.real_time)
        soak = Soak(Path(folder), chosen.seed, window)
        try:
            result = soak.run(chosen.hours, real_time=chosen.real_time)
        finally:
            soak.close()
            if window is not None:
                window.close()
    pictures = draw(result, chosen.write) if chosen.write is not None else []
    page = as_markdown(result, "make soak", pictures)
    print(page)
    if chosen.write is not None:
        (chosen.write / "soak.md").write_text(page, encoding="utf-8")
    return 1 if result.unsafe else 0


def _window(*, real_time: bool) -> "Window":
    from soak_window import Window  # slow to load

    return Window(real_time=real_time)


if __name__ == "__main__":
    sys.exit(main())
