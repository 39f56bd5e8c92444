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
from drivers.conformance.verdicts import NotApplicableError, expect
from drivers.link.codes import (
    Action,
    Actuator,
    Capability,
    DeviceState,
    EventCode,
    FreezeEnd,
    Result,
    Sensor,
    TestKind,
    Timing,
)
from drivers.link.messages import (
    Arm,
    End,
    EnterMaintenance,
    Event,
    Extend,
    Reset,
    SetTelemetryRate,
    Telemetry,
    Thaw,
)
from drivers.link.messages import Test as SelfTest

LATE_MS: Final = 20
RELEASE_CELSIUS: Final = 10.0
RELEASE_MS: Final = 5_000
WARM_CENTIKELVIN: Final = 26_315
"""-10 °C: the warmest target, reached within seconds. From rest alone: for a tip that is still much
colder it would be OVER_COOL."""
AT_TARGET_MS: Final = 1_000
AT_TARGET_CENTIKELVIN: Final = 300
SELF_TEST_MS: Final = 1_000
_READING_CENTIKELVIN: Final = 80
"""What the noise of a reading and a telemetry period may add."""
_TELEMETRY_MS: Final = 100
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


def _at_target(bench: Bench) -> str:
    bench.done(SetTelemetryRate(50))
    bench.rate = 50
    run = freezing(bench, freeze_ms=20_000, target=WARM_CENTIKELVIN)
    reached = bench.event(run.mark, EventCode.AT_TARGET, 20_000)
    bench.next_telemetry()
    tips = [
        seen.message.tip_centikelvin
        for seen in bench.seen[run.mark :]
        if isinstance(seen.message, Telemetry)
        and reached.at_ms - AT_TARGET_MS <= seen.frame.device_ms <= reached.at_ms
    ]
    bench.done(End())
    far = max(abs(tip - WARM_CENTIKELVIN) for tip in tips)
    expect(
        far <= AT_TARGET_CENTIKELVIN + _READING_CENTIKELVIN,
        f"AT_TARGET came {AT_TARGET_MS} ms after the tip was {far / 100:.2f} K away, not 3",
    )
    return f"at most {far / 100:.2f} K away for 1,000 ms"


def _exhaust(bench: Bench) -> str:
    run = freezing(bench)
    bench.wait(500)
    bench.done(End())
    bench.wait(300)
    told = [m for m in bench.messages(run.mark) if isinstance(m, Telemetry)]
    shut_in = sum(not m.actuators & Actuator.EXHAUST_OPEN for m in told)
    expect(not shut_in, f"the exhaust read shut in {shut_in} of {len(told)} telemetry frames")
    return f"open in {len(told)} telemetry frames of freeze and thaw"


def _reset_in_freeze(bench: Bench) -> str:
    freezing(bench)
    bench.refused(Reset(), Result.WRONG_STATE)
    return "WRONG_STATE"


def _test_states(bench: Bench) -> str:
    freezing(bench)
    bench.refused(SelfTest(TestKind.SELF), Result.WRONG_STATE)
    bench.done(End())
    bench.refused(SelfTest(TestKind.SELF), Result.WRONG_STATE)
    return "WRONG_STATE in FREEZING and THAWING"


def _self_test(bench: Bench) -> str:
    if bench.telemetry is not None and bench.telemetry.state == DeviceState.MAINTENANCE:
        raise NotApplicableError("SELF is for IDLE, and this device stays in MAINTENANCE")
    mark = bench.mark()
    end_ms = bench.done(SelfTest(TestKind.SELF))
    began = bench.event(mark, EventCode.STATE_CHANGED)
    ended = bench.event(mark, EventCode.TEST_ENDED, 3_000)
    took_ms = ended.at_ms - began.at_ms
    expect(began.detail == DeviceState.TESTING, f"Test led to state {began.detail}")
    expect(
        SELF_TEST_MS <= took_ms <= SELF_TEST_MS + LATE_MS,
        f"SELF took {took_ms} ms, not {SELF_TEST_MS}; the Answer said {end_ms - began.at_ms}",
    )
    expect(ended.detail == 1, f"SELF failed with {ended.value} parts")
    return f"passed after {took_ms} ms"


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


def _release_not_warming(bench: Bench) -> str:
    fitted(bench, Capability.ACTIVE_THAW, "active thaw")
    freezing(bench, freeze_ms=2_000, target=WARM_CENTIKELVIN)
    bench.wait(1_500)
    bench.done(End())
    bench.done(Thaw(1))
    mark = bench.mark()
    with hurried(bench):
        # While the warming is on and the tip already warm, nothing may release it.
        warm_ms: int | None = None
        while warm_ms is None or bench.stamp_ms - warm_ms < RELEASE_MS + 1_000:
            told = bench.next_telemetry()
            if not told.actuators & Actuator.WARMING:
                break
            if warm_ms is None and (told.celsius(Sensor.TIP) or -273.0) > RELEASE_CELSIUS:
                warm_ms = bench.stamp_ms
        expect(warm_ms is not None, "warming went off before the tip was above +10 °C")
        released = [
            e
            for e in bench.events(mark, EventCode.STATE_CHANGED)
            if e.detail != DeviceState.THAWING
        ]
        off = [
            seen.frame.device_ms
            for seen in bench.seen[mark:]
            if isinstance(seen.message, Telemetry) and not seen.message.actuators & Actuator.WARMING
        ]
        for event in released:
            expect(
                bool(off) and event.at_ms >= off[0] + RELEASE_MS - _TELEMETRY_MS,
                "it was released while the warming was on",
            )
    bench.done(Thaw(0))
    return f"not in {bench.stamp_ms - (warm_ms or 0)} ms above +10 °C with the warming on"


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
          "FROM_TARGET the freeze ends freeze_ms after AT_TARGET.", _from_target, Needs.REST),
    Check("safety.timer-cap", Tier.SAFETY, "ARM and START",
          "FROM_TARGET the freeze never lasts longer than cap_ms after gas-on.", _cap,
          Needs.READY),
    Check("safety.at-target", Tier.SAFETY, "ARM and START",
          "AT_TARGET comes when the tip has been within 3 °C of the target for 1,000 ms.",
          _at_target, Needs.REST),
    Check("safety.exhaust-open", Tier.SAFETY, "The device's own protection",
          "The exhaust stays open in a freeze and its thaw.", _exhaust, Needs.READY),
    Check("safety.reset-in-freeze", Tier.SAFETY, "States",
          "Reset is refused while gas is on.", _reset_in_freeze, Needs.READY),
    Check("safety.test-states", Tier.SAFETY, "States",
          "Test is for IDLE alone.", _test_states, Needs.READY),
    Check("safety.self-test", Tier.SAFETY, "TestKind",
          "SELF takes 1 s and ends with TEST_ENDED.", _self_test, Needs.REST),
    Check("safety.release-not-warming", Tier.SAFETY, "States",
          "While the warming is on nothing is released, however warm the tip.",
          _release_not_warming, Needs.REST),
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
          _release, Needs.REST),
)  # fmt: skip
