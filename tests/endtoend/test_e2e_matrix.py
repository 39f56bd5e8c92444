"""Screen, control process and device, each stopped and killed in each phase of a treatment: gas off
in time by the device's own clock, and none after it.

One row of each phase is in the default run; `make matrix` takes every one.
"""

import os
import signal
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from e2e_screen_process import ScreenProcess
from e2e_simulator import LEASE_MS, Simulator
from e2e_wait import pass_wall_time

from console.model.snapshot import Phase

STEP_MS = 20
"""The device looks at its lease in steps of its control period."""
SCREEN_GONE_MS = 200
"""A pipe that closes means STOP at once: two turns of the loop, the line, the valve's command."""
SCREEN_HANGS_MS = 1_100
BUSY_MS = 400
"""What a busy machine may add where the computer, not the device, measures the time."""
AFTERWARDS_MS = 4_000
"""Longer than the thaw after which the next freeze would start by itself."""

PHASES = (
    Phase.PREPARE,
    Phase.READY,
    Phase.FREEZING,
    Phase.THAWING,
    Phase.STOPPED,
    Phase.RELEASING,
    Phase.FREE,
    Phase.OUT,
)
IN_THE_DEFAULT_RUN = {
    (Phase.READY, "control", signal.SIGSTOP),
    (Phase.THAWING, "control", signal.SIGKILL),
}
"""Freezing has its own tests beside this one."""


def rows() -> Iterator[object]:
    for phase, who, sign in product(
        PHASES, ("screen", "control", "device"), (signal.SIGSTOP, signal.SIGKILL)
    ):
        marks = () if (phase, who, sign) in IN_THE_DEFAULT_RUN else (pytest.mark.seeds,)
        yield pytest.param(phase, who, sign, marks=marks, id=f"{phase}-{who}-{sign.name}")


Reach = Callable[[Phase], ScreenProcess]


@pytest.fixture
def reach(simulator: Simulator, records: Path, no_traceback: None) -> Iterator[Reach]:
    made: list[ScreenProcess] = []

    def process(phase: Phase) -> ScreenProcess:
        made.append(ScreenProcess(simulator.port, records, phase))
        made[-1].arrives()
        return made[-1]

    yield process
    for each in made:
        each.end()


@pytest.mark.parametrize(("phase", "who", "sign"), [*rows()])
def test_gas_is_off_in_time_and_stays_off(
    phase: Phase, who: str, sign: signal.Signals, simulator: Simulator, reach: Reach
) -> None:
    screen = reach(phase)
    starts = simulator.log("gas", 1)
    if who == "device":
        device_stopped(sign, simulator, starts, freezing=phase is Phase.FREEZING)
        return
    os.kill(screen.control if who == "control" else screen.process.pid, sign)
    # No echo is newer than this.
    hit_ms = simulator.device()["device_ms"]
    simulator.shut()
    if phase is Phase.FREEZING:
        within_ms = LEASE_MS + STEP_MS
        if who == "screen":
            within_ms = SCREEN_HANGS_MS if sign == signal.SIGSTOP else SCREEN_GONE_MS
            within_ms += BUSY_MS
        assert simulator.log("gas", 0)[-1] - hit_ms <= within_ms
    simulator.runs_on(AFTERWARDS_MS)
    assert simulator.log("gas", 1) == starts


def device_stopped(
    sign: signal.Signals, simulator: Simulator, starts: list[int], *, freezing: bool
) -> None:
    """A device that stood still finds its lease over; one that was killed boots shut."""
    if sign == signal.SIGKILL:
        simulator.kill()
        simulator.boot()
        simulator.runs_on(AFTERWARDS_MS)
        assert simulator.log("gas", 1) == []
        return
    simulator.pause()
    pass_wall_time(LEASE_MS / 1_000)
    simulator.go_on()
    device = simulator.shut()
    if freezing:
        assert simulator.log("gas", 0)[-1] - device["echo_ms"] <= LEASE_MS + STEP_MS
    simulator.runs_on(AFTERWARDS_MS)
    assert simulator.log("gas", 1) == starts
