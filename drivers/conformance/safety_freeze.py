"""Safety tier: the freeze's own timer, its caps, its end, and the thaw behind it."""

from typing import Final

from drivers.conformance.bench import Bench
from drivers.conformance.check import Check, Needs, Tier
from drivers.conformance.doing import (
    fitted,
    freezing,
    hurried,
    shows,
    shut,
    start_of,
)
from drivers.conformance.verdicts import expect
from drivers.link.codes import (
    Action,
    Actuator,
    Capability,
    DeviceState,
    EventCode,
    FreezeEnd,
    Result,
    Sensor,
    Timing,
)
from drivers.link.messages import (
    Arm,
    End,
    EnterMaintenance,
    Event,
    Extend,
    Telemetry,
    Thaw,
)

LATE_MS: Final = 20
RELEASE_CELSIUS: Final = 10.0
RELEASE_MS: Final = 5_000
WARM_CENTIKELVIN: Final = 26_315
"""-10 °C: the warmest target, reached within seconds."""
_THAW_WITHIN_MS: Final = 240_000


def _ends(bench: Bench, mark: int, at_ms: int, within_ms: int) -> Event:
    """The freeze ends by its timer at `at_ms`, at most LATE_MS late, and the valve reads shut."""
    ended = bench.event(mark, EventCode.FREEZE_ENDED, within_ms)
    expect(ended.detail == FreezeEnd.TIMER, f"the freeze ended for reason {ended.detail}")
    late_ms = ended.at_ms - at_ms
    expect(0 <= late_ms <= LATE_MS, f"the timer ended the freeze {late_ms} ms after its end")
    shut(bench)
    return ended


def _timer(bench: Bench) -> str:
    run = freezing(bench, freeze_ms=1_500)
    expect(run.end_ms == run.on_ms + 1_500, f"START was answered end {run.end_ms - run.on_ms} ms")
    ended = _ends(bench, run.mark, run.end_ms, 3_000)
    expect(ended.value == ended.at_ms - run.on_ms, f"FREEZE_ENDED tells {ended.value} ms")
    return f"after {ended.at_ms - run.on_ms} ms of 1,500"


def _from_target(bench: Bench) -> str:
    run = freezing(
        bench,
        freeze_ms=1_000,
        cap_ms=45_000,
        target=WARM_CENTIKELVIN,
        timing=Timing.FROM_TARGET,
    )
    expect(run.end_ms == run.on_ms + 45_000, "START was not answered with the cap's end")
    reached = bench.event(run.mark, EventCode.AT_TARGET, 45_000)
    expect(reached.value == reached.at_ms - run.on_ms, f"AT_TARGET tells {reached.value} ms")
    _ends(bench, run.mark, reached.at_ms + 1_000, 3_000)
    return f"1,000 ms after AT_TARGET, which came {reached.value} ms after gas-on"


def _cap(bench: Bench) -> str:
    run = freezing(bench, freeze_ms=1_000, cap_ms=1_200, timing=Timing.FROM_TARGET)
    _ends(bench, run.mark, run.on_ms + 1_200, 4_000)
    return "at cap_ms, the target not reached"


def _extend(bench: Bench) -> str:
    run = freezing(bench, freeze_ms=10_000, cap_ms=20_000)
    end_ms = bench.done(Extend(1_000))
    expect(end_ms == run.end_ms + 1_000, f"the new end is {end_ms - run.end_ms} ms later")
    bench.refused(Extend(9_001), Result.BEYOND_LIMIT)
    bench.refused(Extend(0xFFFFFFFF), Result.BEYOND_LIMIT)
    bench.refused(Extend(0), Result.BAD_VALUE)
    bench.next_telemetry()
    left_ms = bench.next_telemetry().remaining_freeze_ms
    expect(abs(bench.measured_ms + left_ms - end_ms) <= 1, "a refused Extend has moved the end")
    end_ms = bench.done(Extend(9_000))
    expect(end_ms == run.on_ms + 20_000, "Extend up to the cap did not lead to the cap")
    bench.done(End())
    bench.refused(Extend(1_000), Result.WRONG_STATE)
    return "up to cap_ms of the START, not past it"


def _end(bench: Bench) -> str:
    run = freezing(bench)
    mark = bench.mark()
    bench.done(End())
    ended = bench.event(mark, EventCode.FREEZE_ENDED)
    expect(ended.detail == FreezeEnd.END_COMMAND, f"the freeze ended for reason {ended.detail}")
    shut(bench)
    bench.refused(End(), Result.WRONG_STATE)
    return f"after {ended.at_ms - run.on_ms} ms; THAWING"


def _states(bench: Bench) -> str:
    freezing(bench)
    bench.refused(Arm(Action.FREEZE), Result.WRONG_STATE)
    start_during = start_of(bench, 12_345)
    bench.refused(start_during, Result.NO_TOKEN)
    bench.refused(EnterMaintenance(1), Result.WRONG_STATE)
    state = bench.next_telemetry().state
    expect(state == DeviceState.FREEZING, f"the freeze has become state {state}")
    return "Arm and EnterMaintenance WRONG_STATE, START NO_TOKEN"


def _release(bench: Bench) -> str:
    freezing(bench, freeze_ms=3_000, target=WARM_CENTIKELVIN)
    bench.wait(2_500)
    mark = bench.mark()
    with hurried(bench):
        while True:
            changed = bench.event(mark, EventCode.STATE_CHANGED, _THAW_WITHIN_MS)
            if changed.detail != DeviceState.THAWING:
                break
            mark = 1 + next(i for i, s in enumerate(bench.seen) if s.message == changed)
    before = [
        seen.message
        for seen in bench.seen
        if isinstance(seen.message, Telemetry)
        and changed.at_ms - RELEASE_MS <= seen.frame.device_ms < changed.at_ms
    ]
    coldest = min((t.celsius(Sensor.TIP) or -273.0 for t in before), default=-273.0)
    expect(
        coldest > RELEASE_CELSIUS - 0.5,
        f"the tip was at {coldest} °C within the 5 s before the release",
    )
    expect(
        not any(t.actuators & (Actuator.VALVE_OPEN | Actuator.WARMING) for t in before),
        "valve or warming read on within the 5 s before the release",
    )
    return f"released; coldest in the 5 s before {coldest} °C"


def _warming(bench: Bench) -> str:
    fitted(bench, Capability.ACTIVE_THAW, "active thaw")
    freezing(bench)
    bench.refused(Thaw(1), Result.WRONG_STATE)
    bench.done(End())
    with bench.quiet():
        bench.next_telemetry()
        bench.beat(bench.stamp_ms)
        echo_ms = bench.stamp_ms
        bench.done(Thaw(1))
        bench.until(lambda: shows(bench, Actuator.WARMING), 300, "the warming reads on")
        bench.until(lambda: not shows(bench, Actuator.WARMING), 1_500, "it ends with the lease")
        after_ms = bench.measured_ms - echo_ms
        expect(900 <= after_ms <= 1_200, f"warming ended {after_ms} ms after the echo")
        bench.refused(Thaw(1), Result.NO_LEASE)
    bench.done(Thaw(0))
    return f"off {after_ms} ms after the last echo"


ROWS: Final = (
    Check("safety.timer", Tier.SAFETY, "ARM and START",
          "The device ends a freeze by its own timer, freeze_ms after gas-on, at most 20 ms late.",
          _timer, Needs.READY),
    Check("safety.timer-from-target", Tier.SAFETY, "ARM and START",
          "FROM_TARGET the freeze ends freeze_ms after AT_TARGET.", _from_target, Needs.READY),
    Check("safety.timer-cap", Tier.SAFETY, "ARM and START",
          "FROM_TARGET the freeze never lasts longer than cap_ms after gas-on.", _cap,
          Needs.READY),
    Check("safety.extend", Tier.SAFETY, "0x07 Extend",
          "Extend never goes past cap_ms of the START; a refused one changes nothing.", _extend,
          Needs.READY),
    Check("safety.end", Tier.SAFETY, "0x08 End", "End shuts the gas and thaws.", _end,
          Needs.READY),
    Check("safety.states-in-freeze", Tier.SAFETY, "States",
          "In a freeze nothing else can be started.", _states, Needs.READY),
    Check("safety.warming", Tier.SAFETY, "0x09 Thaw",
          "Active warming is for THAWING alone and goes off when the lease ends.", _warming,
          Needs.READY),
    Check("safety.release", Tier.SAFETY, "States",
          "THAWING ends once the tip has been above +10 °C for 5 s, valve and warming off.",
          _release, Needs.READY),
)  # fmt: skip
