"""Host, screen and console, each stopped and killed at each step of a treatment, without processes
and by one clock: gas and current off in time, in device time, and none after it.

One of each step is in the default run, in turn another; `make matrix` takes them all, and then the
same with real processes (tests/endtoend/test_e2e_matrix.py).
"""

import copy
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from typing import Final

import msgspec
import pytest
from e2e_screen import plan
from row_bed import STEP_MS, Row

from console.control.loop import chunk_input
from console.model.console_check import CheckItem
from console.model.plan import StimulationPlan
from console.model.request import (
    AnswerCheck,
    ChoosePlan,
    EndFreeze,
    OpenCheck,
    OpenTimeOut,
    ProbeOut,
    StartCheck,
    StartFreeze,
    StartStimulation,
    StepAmplitude,
    Stop,
)
from console.model.snapshot import Phase
from console.model.stimulation import AmplitudeStep, StimulationKind
from console.procedure.state import Stage
from console.records.entries import GapIn, ScreenGoneIn

GAS_MS: Final = 1_000 + 20
CURRENT_MS: Final = 500 + 20
"""The leases, and the step in which the console looks at them."""
SCREEN_HANGS_MS: Final = 1_100
SCREEN_GONE_MS: Final = 100
AFTERWARDS_MS: Final = 4_000
"""Longer than the thaw after which the next freeze would start by itself."""
LONG: Final = plan((60, 3), (60, 3))
STIMULATED: Final = msgspec.structs.replace(LONG, stimulation=StimulationPlan())


def chosen(which: object = LONG) -> Row:
    row = Row().connected()
    assert row.ask(ChoosePlan(which, how="demonstration")) is None  # type: ignore[arg-type]
    row.run(100)
    return row


def opened(request: OpenCheck | OpenTimeOut) -> Row:
    row = chosen()
    assert row.ask(request) is None
    return row


def checking() -> Row:
    """The gas pulse of the console check is on."""
    row = Row(medium="water").connected()
    assert row.ask(ChoosePlan(LONG)) is None
    for item in (CheckItem.PROBE, CheckItem.SCAVENGING, CheckItem.CYLINDER):
        assert row.ask(AnswerCheck(item, passed=True)) is None
    assert row.ask(StartCheck(CheckItem.SUPPLY_LEAK)) is None
    row.until(lambda: row.state.procedure.checking is None, 100_000)
    assert row.ask(StartCheck(CheckItem.PROBE_LEAK)) is None
    row.until(lambda: row.state.observation and row.state.observation.valve_open, 1_000)
    return row


def stimulating() -> Row:
    row = chosen(STIMULATED)
    assert row.ask(StartStimulation(StimulationKind.SENSORY)) is None
    row.run(1_000)
    assert row.ask(StepAmplitude(AmplitudeStep.UP)) is None
    row.until(lambda: row.state.observation and row.state.observation.stimulator_on, 1_000)
    return row


def at(stage: Stage) -> Row:
    """A start has come so far; what the host has just sent is not heard yet."""
    row = chosen()
    assert row.ask(StartFreeze()) is None
    starting = lambda: row.state.procedure.starting  # noqa: E731
    row.until(lambda: starting() is not None and starting().stage is stage, 1_000)
    return row


def frozen(which: object = LONG) -> Row:
    row = chosen(which)
    assert row.ask(StartFreeze()) is None
    row.until(lambda: row.phase is Phase.FREEZING, 1_000)
    row.run(3_000)
    return row


def thawing() -> Row:
    row = frozen()
    assert row.ask(EndFreeze()) is None
    row.until(lambda: row.phase is Phase.THAWING, 1_000)
    return row


def stopped() -> Row:
    row = frozen()
    assert row.ask(Stop()) is None
    row.run(300)
    return row


def releasing() -> Row:
    row = frozen(plan((60, 3)))
    assert row.ask(EndFreeze()) is None
    row.until(lambda: row.phase is Phase.RELEASING, 1_000)
    return row


@cache
def free() -> Row:
    row = releasing()
    row.until(lambda: row.phase is Phase.FREE, 60_000)
    return row


def out() -> Row:
    row = copy.deepcopy(free())
    assert row.ask(ProbeOut()) is None
    return row


STEPS: Final[dict[str, tuple[Callable[[], Row], Phase]]] = {
    "prepare": (lambda: Row().connected(), Phase.PREPARE),
    "check": (lambda: opened(OpenCheck()), Phase.CHECK),
    "checking": (cache(checking), Phase.CHECK),
    "time-out": (lambda: opened(OpenTimeOut()), Phase.TIME_OUT),
    "stimulate": (lambda: chosen(STIMULATED), Phase.STIMULATE),
    "stimulating": (cache(stimulating), Phase.STIMULATE),
    "ready": (chosen, Phase.READY),
    "arming": (lambda: at(Stage.ARM), Phase.STARTING),
    "starting": (lambda: at(Stage.START), Phase.STARTING),
    "opening": (lambda: at(Stage.OPENING), Phase.STARTING),
    "freezing": (cache(frozen), Phase.FREEZING),
    "thawing": (cache(thawing), Phase.THAWING),
    "stopped": (cache(stopped), Phase.STOPPED),
    "releasing": (cache(releasing), Phase.RELEASING),
    "free": (free, Phase.FREE),
    "out": (cache(out), Phase.OUT),
}
ON: Final = {
    "checking": "gas",
    "opening": "gas",
    "freezing": "gas",
    "stimulating": "stimulator",
}
"""What is on in a step."""
MAY_OPEN: Final = ("arming", "starting")
"""The start that is on its way arrives, and opens the valve once, for as long as a lease."""
DEAR: Final = ("checking", "free", "out")


# --- what happens to them ----------------------------------------------------------------------


def alone(row: Row, ms: int) -> list[bytes]:
    """The console by itself, what was already on the line to it heard; what it says."""
    said: list[bytes] = []
    down, row._down = b"".join(row._down), []
    for found in row._deframer.feed(down):
        row.station.hear(found)
    for _ in range(ms // STEP_MS):
        row.world_ms += STEP_MS
        row.station.run(row.world_ms)
        for each in row.station.outgoing():
            said += each
    return said


def host_killed(row: Row) -> None:
    alone(row, 2_000 + AFTERWARDS_MS)


def host_stopped(row: Row) -> None:
    """Then it goes on, with all that was said to it meanwhile."""
    said = alone(row, 3_000)
    row.give(GapIn(row.now_ms, 3_000.0))
    for raw in b"".join(said).split(b"\0")[:-1]:
        row.give(chunk_input(row.now_ms, raw))
    row.run(AFTERWARDS_MS)


def screen_killed(row: Row) -> None:
    row.screen_ticks = False
    row.give(ScreenGoneIn(row.now_ms, "its pipe closed"))
    row.run(2_000 + AFTERWARDS_MS)


def screen_stopped(row: Row) -> None:
    row.screen_ticks = False
    row.run(2_000)
    row.screen_ticks = True
    row.run(AFTERWARDS_MS)


def console_killed(row: Row) -> None:
    """Off and on again: it boots shut."""
    row.turn("reboot")
    row.run(2_000 + AFTERWARDS_MS)


def console_stopped(row: Row) -> None:
    """Its time stands, the host's goes on; then it catches up."""
    run, row.station.run = row.station.run, lambda world_ms: None  # type: ignore[method-assign]
    row.run(2_000)
    row.station.run = run  # type: ignore[method-assign]
    row.run(AFTERWARDS_MS)


STRIKES: Final = {
    "control-SIGKILL": (host_killed, GAS_MS, CURRENT_MS),
    "control-SIGSTOP": (host_stopped, GAS_MS, CURRENT_MS),
    "screen-SIGKILL": (screen_killed, SCREEN_GONE_MS, SCREEN_GONE_MS),
    "screen-SIGSTOP": (screen_stopped, SCREEN_HANGS_MS, SCREEN_HANGS_MS),
    "device-SIGKILL": (console_killed, 0, 0),
    "device-SIGSTOP": (console_stopped, GAS_MS, CURRENT_MS),
}
"""Who and how; within how many ms of device time the gas has to be off, and the current."""


def rows() -> Iterator[object]:
    for number, (step, strike) in enumerate(product(STEPS, STRIKES)):
        nth_step, nth_strike = divmod(number, len(STRIKES))
        default = nth_step % len(STRIKES) == nth_strike and step not in DEAR
        marks = () if default else (pytest.mark.seeds,)
        yield pytest.param(step, strike, marks=marks, id=f"{step}-{strike}")


@pytest.mark.parametrize(("step", "strike"), [*rows()])
def test_gas_and_current_are_off_in_time_and_stay_off(step: str, strike: str) -> None:
    begin, phase = STEPS[step]
    row = copy.deepcopy(begin())
    assert row.phase is phase and row.state.alarms == ()
    firmware = row.station.firmware
    drive, what = firmware.device.drive, ON.get(step)
    assert (drive.valve_duty > 0, drive.stimulator_on) == (what == "gas", what == "stimulator")
    before, hit_ms = len(firmware.transitions), row.device_ms
    act, gas_ms, current_ms = STRIKES[strike]
    act(row)
    after = [*firmware.transitions][before:]
    opened = [at for at, name, on in after if name == "gas" and on]
    assert len(opened) <= (step in MAY_OPEN)
    assert not [at for at, name, on in after if name == "stimulator" and on]
    if what and strike != "device-SIGKILL":
        off = next(at for at, name, on in after if name == what and not on)
        assert off - hit_ms <= (gas_ms if what == "gas" else current_ms)
    for opened_ms in opened:
        off = next(at for at, name, on in after if name == "gas" and not on and at >= opened_ms)
        assert off - opened_ms <= max(gas_ms, GAS_MS)
    assert row.safe
