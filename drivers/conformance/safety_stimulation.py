"""Safety tier: the stimulator, and that it never runs together with gas."""

from typing import Final

from drivers.conformance.bench import Bench
from drivers.conformance.check import Check, Needs, Tier
from drivers.conformance.doing import (
    armed,
    freezing,
    prepare,
    shows,
    shut,
    simulated,
    stimulating,
    stimulation_of,
    stimulator_fitted,
    welcome_of,
)
from drivers.conformance.verdicts import expect, named
from drivers.link.codes import Action, Actuator, EventCode, FreezeEnd, Result, StimulationKind
from drivers.link.messages import (
    Arm,
    Event,
    SetAmplitude,
    SetTelemetryRate,
    SetTimeScale,
    StimulationOff,
    Telemetry,
)

CAP_MS: Final = 60_000
LATE_MS: Final = 20
STEP_UA: Final = 200
RESOLUTION_UA: Final = 20
_TRIES: Final = 4


def _delivered(bench: Bench, mark: int) -> list[tuple[int, int]]:
    """(device ms, delivered) of the telemetry since `mark`."""
    return [
        (seen.frame.device_ms, seen.message.delivered_ua)
        for seen in bench.seen[mark:]
        if isinstance(seen.message, Telemetry)
    ]


def _from_zero(bench: Bench) -> str:
    stimulator_fitted(bench)
    mark = stimulating(bench)
    bench.wait(500)
    most = max(ua for _, ua in _delivered(bench, mark))
    expect(most <= RESOLUTION_UA, f"{most} were delivered before any amplitude was set")
    return f"at most {most} before SetAmplitude"


def _ramp(bench: Bench) -> str:
    stimulator_fitted(bench)
    bench.done(SetTelemetryRate(50))
    bench.rate = 50
    stimulating(bench)
    mark = bench.mark()
    taken = bench.done(SetAmplitude(1_000))
    expect(taken == 1_000, f"SetAmplitude 1,000 was answered {taken}")
    bench.wait(1_200)
    told = _delivered(bench, mark)
    rises = [
        later - earlier for at, earlier in told for then, later in told if 0 < then - at <= 100
    ]
    expect(
        max(rises) <= STEP_UA + RESOLUTION_UA, f"the amplitude rose by {max(rises)} within 100 ms"
    )
    last = told[-1][1]
    expect(abs(last - 1_000) <= 200, f"{last} are delivered of 1,000")
    bench.done(SetAmplitude(0))
    bench.wait(100)
    expect(bench.next_telemetry().delivered_ua <= RESOLUTION_UA, "down did not go at once")
    return f"at most {max(rises)} in 100 ms, down at once"


def _limit(bench: Bench) -> str:
    stimulator_fitted(bench)
    stimulating(bench, limit_ua=400)
    limit = bench.refused(SetAmplitude(401), Result.BEYOND_LIMIT)
    expect(limit == 400, f"the refusal names the limit {limit}")
    bench.done(SetAmplitude(400))
    bench.done(StimulationOff())
    bench.refused(SetAmplitude(100), Result.WRONG_STATE)
    return "limit_ua of the START holds"


def _ranges(bench: Bench) -> str:
    stimulator_fitted(bench)
    cap = welcome_of(bench).stimulation_cap_ua
    motor = StimulationKind.MOTOR
    for fields, wanted in (
        ({"rate": 499}, Result.BAD_VALUE),
        ({"rate": 1_001}, Result.BAD_VALUE),
        ({"kind": motor, "rate": 9}, Result.BAD_VALUE),
        ({"kind": motor, "rate": 51}, Result.BAD_VALUE),
        ({"kind": 3}, Result.BAD_VALUE),
        ({"pulse_us": 99}, Result.BAD_VALUE),
        ({"pulse_us": 1_001}, Result.BAD_VALUE),
        ({"limit_ua": cap + 1}, Result.BEYOND_LIMIT),
    ):
        for _ in range(_TRIES):
            token = armed(bench, Action.STIMULATE)
            result, _ = bench.ask(stimulation_of(bench, token, **fields))
            if result != Result.EXPIRED:
                break
        expect(result == wanted, f"{fields} was answered {named(result)}, not {wanted.name}")
    return "8 plans refused"


def _minute(bench: Bench) -> str:
    stimulator_fitted(bench)
    before = round(bench.scale * 100)
    # Fast first; where this computer cannot keep the short lease then, slower.
    for hundredths in (1_000, 400, 200, 100) if simulated(bench) else (before,):
        began_ms, ended = _to_the_end(bench, hundredths)
        if ended.detail != FreezeEnd.LEASE:
            break
        prepare(bench, Needs.REST)
    expect(ended.detail == FreezeEnd.TIMER, f"it ended for reason {ended.detail}")
    after_ms = ended.at_ms - began_ms
    expect(CAP_MS <= after_ms <= CAP_MS + LATE_MS, f"it ended after {after_ms} ms")
    shut(bench)
    return f"off after {after_ms} ms"


def _to_the_end(bench: Bench, hundredths: int) -> tuple[int, Event]:
    """A stimulation at this scale: when it began, and its end."""
    mark, before = stimulating(bench), round(bench.scale * 100)
    began_ms = bench.events(mark, EventCode.STATE_CHANGED)[0].at_ms
    other = hundredths != before and bench.ask(SetTimeScale(hundredths))[0] == Result.DONE
    try:
        return began_ms, bench.event(mark, EventCode.STIMULATION_ENDED, CAP_MS + 3_000)
    finally:
        if other:
            bench.ask(SetTimeScale(before))


def _no_gas_meanwhile(bench: Bench) -> str:
    stimulator_fitted(bench)
    stimulating(bench)
    bench.refused(Arm(Action.FREEZE), Result.WRONG_STATE)
    bench.next_telemetry()
    expect(not shows(bench, Actuator.VALVE_OPEN), "the valve reads open in a stimulation")
    return "Arm of gas WRONG_STATE"


def _no_current_meanwhile(bench: Bench) -> str:
    stimulator_fitted(bench)
    freezing(bench)
    bench.refused(Arm(Action.STIMULATE), Result.WRONG_STATE)
    bench.stop()
    bench.refused(Arm(Action.STIMULATE), Result.WRONG_STATE)
    bench.next_telemetry()
    expect(not shows(bench, Actuator.STIMULATOR_ON), "the stimulator reads on")
    return "Arm of the stimulator WRONG_STATE in freeze and thaw"


ROWS: Final = (
    Check("safety.stimulator-from-zero", Tier.SAFETY, "ARM and START",
          "A stimulation begins at amplitude 0.", _from_zero, Needs.REST),
    Check("safety.stimulator-ramp", Tier.SAFETY, "0x0A SetAmplitude",
          "The amplitude rises by at most 200 in 100 ms and falls at once.", _ramp, Needs.REST),
    Check("safety.stimulator-limit", Tier.SAFETY, "0x0A SetAmplitude",
          "No amplitude over limit_ua of the START is taken.", _limit, Needs.REST),
    Check("safety.stimulator-ranges", Tier.SAFETY, "0x06 StartStimulation",
          "Rates, pulses and limits out of their ranges are refused.", _ranges, Needs.REST),
    Check("safety.stimulator-minute", Tier.SAFETY, "States",
          "A stimulation ends by itself after 60 s.", _minute, Needs.REST),
    Check("safety.no-gas-in-stimulation", Tier.SAFETY, "States",
          "While the stimulator is on, gas cannot be armed.", _no_gas_meanwhile, Needs.REST),
    Check("safety.no-current-in-freeze", Tier.SAFETY, "States",
          "In a freeze and its thaw the stimulator cannot be armed.", _no_current_meanwhile,
          Needs.READY),
)  # fmt: skip
