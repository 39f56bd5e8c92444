"""Screen, control process and device, each stopped and killed at each step of a treatment: gas and
current off in time by the device's own clock, and none after it.

Two of the rows are in the default run, where tests/endtoend/test_e2e_matrix_steps.py has every one
without processes; `make matrix` takes them all.
"""

import os
import signal
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Final

import pytest
from e2e_line import Tap
from e2e_screen import Step
from e2e_screen_process import ScreenProcess
from e2e_simulator import LEASE_MS, Simulator
from e2e_wait import pass_wall_time, until

from drivers.link.messages import Arm, StartFreeze

STEP_MS: Final = 20
"""The device looks at its lease in steps of its control period."""
STIMULATION_LEASE_MS: Final = 500
SCREEN_GONE_MS: Final = 200
"""A pipe that closes means STOP at once: two turns of the loop, the line, the valve's command."""
SCREEN_HANGS_MS: Final = 1_100
BUSY_MS: Final = 1_200
"""What a busy machine may add where the computer, not the device, measures the time."""
AFTERWARDS_MS: Final = 4_000
"""Longer than the thaw after which the next freeze would start by itself."""
OPENS_MS: Final = 1_500
"""A start that is on its way has opened the valve by then, or never does."""

ON_ITS_WAY: Final = {Step.ARMING: Arm.KIND, Step.STARTING: StartFreeze.KIND}
OFF_IN_TIME: Final = {
    Step.FREEZING: ("gas", LEASE_MS),
    Step.STIMULATING: ("stimulator", STIMULATION_LEASE_MS),
}
"""What is on in a step, and the lease on which it is."""
IN_THE_DEFAULT_RUN: Final = {
    (Step.READY, "control", signal.SIGSTOP),
    (Step.THAWING, "control", signal.SIGKILL),
}
"""Freezing has its own tests beside this one."""


def rows() -> Iterator[object]:
    for step, who, sign in product(
        Step, ("screen", "control", "device"), (signal.SIGSTOP, signal.SIGKILL)
    ):
        marks = () if (step, who, sign) in IN_THE_DEFAULT_RUN else (pytest.mark.seeds,)
        yield pytest.param(step, who, sign, marks=marks, id=f"{step}-{who}-{sign.name}")


Reach = Callable[[Step], ScreenProcess]


@pytest.fixture
def reach(
    simulator: Simulator, tmp_path: Path, records: Path, no_traceback: None
) -> Iterator[Reach]:
    made: list[ScreenProcess] = []

    def process(step: Step, port: str = "") -> ScreenProcess:
        made.append(ScreenProcess(port or simulator.port, records, step))
        made[-1].arrives()
        return made[-1]

    yield process
    for each in made:
        each.end()


@pytest.mark.parametrize(("step", "who", "sign"), [*rows()])
def test_gas_and_current_are_off_in_time_and_stay_off(
    step: Step,
    who: str,
    sign: signal.Signals,
    simulator: Simulator,
    reach: Callable[..., ScreenProcess],
    request: pytest.FixtureRequest,
) -> None:
    if step in ON_ITS_WAY:
        tap: Tap = request.getfixturevalue("tap")
        struck_on_its_way(step, who, sign, simulator, reach(step, tap.port), tap)
        return
    screen = reach(step)
    what, lease_ms = OFF_IN_TIME.get(step, ("", 0))
    starts = simulator.log("gas", 1)
    if who == "device":
        device_stopped(sign, simulator, starts, what, lease_ms)
        return
    os.kill(screen.control if who == "control" else screen.process.pid, sign)
    # No echo is newer than this.
    hit_ms = simulator.device()["device_ms"]
    all_off(simulator)
    if what:
        within_ms = lease_ms + STEP_MS
        if who == "screen":
            within_ms = SCREEN_HANGS_MS if sign == signal.SIGSTOP else SCREEN_GONE_MS
            within_ms += BUSY_MS
        assert simulator.log(what, 0)[-1] - hit_ms <= within_ms
    simulator.runs_on(AFTERWARDS_MS)
    assert simulator.log("gas", 1) == starts
    all_off(simulator)


def all_off(simulator: Simulator) -> None:
    simulator.shut()
    until(lambda: not simulator.device()["stimulator_on"], "the stimulator is off", 10)


def device_stopped(
    sign: signal.Signals, simulator: Simulator, starts: list[int], what: str, lease_ms: int
) -> None:
    """A device that stood still finds its lease over; one that was killed boots shut."""
    if sign == signal.SIGKILL:
        simulator.kill()
        simulator.boot()
        simulator.runs_on(AFTERWARDS_MS)
        assert simulator.log("gas", 1) == simulator.log("stimulator", 1) == []
        return
    simulator.pause()
    pass_wall_time(LEASE_MS / 1_000)
    simulator.go_on()
    device = simulator.shut()
    all_off(simulator)
    if what:
        assert simulator.log(what, 0)[-1] - device["echo_ms"] <= lease_ms + STEP_MS
    simulator.runs_on(AFTERWARDS_MS)
    assert simulator.log("gas", 1) == starts


def struck_on_its_way(
    step: Step,
    who: str,
    sign: signal.Signals,
    simulator: Simulator,
    screen: ScreenProcess,
    tap: Tap,
) -> None:
    """The start that is on the line arrives; it may open the valve once, for as long as a lease."""
    pids = {"screen": screen.process.pid, "control": screen.control, "device": simulator.pid}
    tap.strike_at(ON_ITS_WAY[step], lambda: os.kill(pids[who], sign))
    screen.begin()
    until(tap.struck.is_set, f"{step} on the line")
    if who == "device" and sign == signal.SIGKILL:
        simulator.kill()
        simulator.boot()
    elif who == "device":
        pass_wall_time(LEASE_MS / 1_000)
        simulator.go_on()
    simulator.runs_on(OPENS_MS)
    all_off(simulator)
    opened, closed = simulator.log("gas", 1), simulator.log("gas", 0)
    assert len(opened) <= 1
    for on_ms in opened:
        longest_ms = LEASE_MS + STEP_MS + (SCREEN_HANGS_MS + BUSY_MS) * (who == "screen")
        assert closed[-1] - on_ms <= longest_ms
    simulator.runs_on(AFTERWARDS_MS)
    assert simulator.log("gas", 1) == opened
    all_off(simulator)
