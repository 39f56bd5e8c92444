"""Safety tier: what a token is good for, and what START refuses."""

import itertools
from typing import Final

from drivers.conformance.bench import Bench
from drivers.conformance.check import Check, Needs, Tier
from drivers.conformance.doing import (
    CAP_MS,
    armed,
    begun,
    freezing,
    hurried,
    start_of,
    start_refused,
    stimulation_of,
    stimulator_fitted,
    welcome_of,
)
from drivers.conformance.verdicts import FailedError, expect, named
from drivers.link.codes import Action, Result, Timing
from drivers.link.messages import Arm, End, SetTelemetryRate

TOKEN_LIFE_MS: Final = 10_000
AHEAD_MS: Final = 300
FROM_TARGET_MS: Final = 180_000
_TRIES: Final = 5
_AHEAD_TRIES: Final = 20
_NEAR_MS: Final = 50
_TOKENS: Final = 8
_LEAST_BITS: Final = 8


def _without_token(bench: Bench) -> str:
    for token in (0, 1, 0xFFFFFFFF):
        start_refused(bench, start_of(bench, token), Result.NO_TOKEN)
    return "NO_TOKEN"


def _other_token(bench: Bench) -> str:
    token = armed(bench)
    start_refused(bench, start_of(bench, token ^ 1), Result.NO_TOKEN)
    start_refused(bench, start_of(bench, token), Result.NO_TOKEN)
    return "NO_TOKEN, and the right one is burnt"


def _other_action(bench: Bench) -> str:
    stimulator_fitted(bench)
    start_refused(bench, start_of(bench, armed(bench, Action.STIMULATE)), Result.NO_TOKEN)
    start_refused(bench, stimulation_of(bench, armed(bench)), Result.NO_TOKEN)
    return "NO_TOKEN both ways"


def _twice(bench: Bench) -> str:
    run = freezing(bench)
    bench.done(End())
    start_refused(bench, start_of(bench, run.token), Result.NO_TOKEN)
    return "NO_TOKEN"


def _older_token(bench: Bench) -> str:
    first, second = armed(bench), armed(bench)
    expect(first != second, "two Arms were given the same token")
    start_refused(bench, start_of(bench, first), Result.NO_TOKEN)
    return "NO_TOKEN"


def _random(bench: Bench) -> str:
    tokens = [armed(bench) for _ in range(_TOKENS)]
    apart = {(b - a) & 0xFFFFFFFF for a, b in itertools.pairwise(tokens)}
    expect(len(set(tokens)) == _TOKENS, f"tokens come again: {tokens}")
    expect(len(apart) > 1, f"each token is the last plus {apart.pop()}: the next can be told")
    spread = sum((a ^ b).bit_count() for a, b in itertools.pairwise(tokens)) / (_TOKENS - 1)
    expect(spread > _LEAST_BITS, f"tokens differ in {spread:.1f} of 32 bits: {tokens}")
    return f"{_TOKENS} tokens, {spread:.0f} of 32 bits apart"


def _expired(bench: Bench) -> str:
    token = armed(bench)
    start_refused(bench, start_of(bench, token, expires_ms=bench.stamp_ms - 1), Result.EXPIRED)
    return "EXPIRED"


def _ahead(bench: Bench) -> str:
    margin_ms = 20
    for _ in range(_AHEAD_TRIES):
        token = armed(bench)
        expires_ms = bench.now_ms() + AHEAD_MS + margin_ms
        _, answer = bench.send(start_of(bench, token, expires_ms=expires_ms))
        ahead_ms = expires_ms - answer.frame.device_ms
        result = getattr(answer.message, "result", None)
        # What is judged stands in the answer: as near behind the limit as the line allows.
        if ahead_ms > AHEAD_MS:
            expect(result == Result.BAD_VALUE, f"{ahead_ms} ms ahead was answered {result}")
            if ahead_ms <= AHEAD_MS + _NEAR_MS:
                return f"{ahead_ms} ms ahead: BAD_VALUE"
            margin_ms -= ahead_ms - AHEAD_MS - _NEAR_MS // 2
        else:
            margin_ms += AHEAD_MS - ahead_ms + _NEAR_MS // 2
        bench.stop()
    raise FailedError(f"START was never judged 300 to {AHEAD_MS + _NEAR_MS} ms ahead")


def _old_token(bench: Bench) -> str:
    for _ in range(_TRIES):
        token = armed(bench)
        began_ms = bench.stamp_ms
        with hurried(bench):
            bench.wait(TOKEN_LIFE_MS - 1_500)
        bench.wait(TOKEN_LIFE_MS + 200 - (bench.stamp_ms - began_ms))
        start = start_of(bench, token)
        _, answer = bench.send(start)
        result = getattr(answer.message, "result", None)
        expect(result == Result.EXPIRED, f"a token of 10,200 ms was answered {result}")
        if answer.frame.device_ms <= start.expires_ms:  # it was the token's age, not START's
            return f"EXPIRED after {answer.frame.device_ms - began_ms} ms"
    raise FailedError("START was late each time: this computer is too busy to judge")


def _duplicate(bench: Bench) -> str:
    for _ in range(_TRIES):
        token, mark = armed(bench), bench.mark()
        sent = bench.frame(start_of(bench, token, freeze_ms=10_000))
        first = bench.exchange(sent)
        if getattr(first.message, "result", None) != Result.EXPIRED:
            break
    bench.wait(300)
    for _ in range(2):
        again = bench.exchange(sent)
        expect(again.raw == first.raw, "a repeated START was answered with other bytes")
    bench.wait(100)
    times = len(begun(bench, mark))
    expect(times == 1, f"one START sent 3 times: {times} freezes began")
    left_ms = bench.telemetry.remaining_freeze_ms if bench.telemetry else 0
    end_ms = bench.measured_ms + left_ms
    value = getattr(first.message, "value", 0)
    expect(abs(end_ms - value) <= 1, f"the end moved from {value} to {end_ms}")
    bench.done(End())
    mark = bench.mark()
    bench.write(sent)
    bench.settle()
    expect(not bench.answers(mark, sent), "a START was heard again after its freeze")
    return "one freeze, one end"


def _limits(bench: Bench) -> str:
    cap_ms = welcome_of(bench).freeze_cap_ms
    for why, fields, result in (
        ("cap_ms over the device's", {"cap_ms": cap_ms + 1}, Result.BEYOND_LIMIT),
        ("freeze_ms over cap_ms", {"freeze_ms": CAP_MS + 1}, Result.BAD_VALUE),
        ("freeze_ms 0", {"freeze_ms": 0}, Result.BAD_VALUE),
        ("timing 3", {"timing": 3}, Result.BAD_VALUE),
        (
            "FROM_TARGET over 180,000",
            {"timing": Timing.FROM_TARGET, "freeze_ms": FROM_TARGET_MS + 1, "cap_ms": cap_ms},
            Result.BEYOND_LIMIT,
        ),
    ):
        _refuses(bench, why, fields, result)
    return "5 plans refused"


def _refuses(bench: Bench, why: str, fields: dict[str, int], result: Result) -> None:
    for _ in range(_TRIES):
        token = armed(bench)
        found, _ = bench.ask(start_of(bench, token, **fields))
        if found != Result.EXPIRED:
            break
    expect(found == result, f"{why} was answered {named(found)}, not {result.name}")


def _coldest(bench: Bench) -> str:
    coldest = welcome_of(bench).coldest_target_centikelvin
    _refuses(bench, "a target 0.01 K too cold", {"target": coldest - 1}, Result.BEYOND_LIMIT)
    _refuses(bench, "a target 30 K too cold", {"target": coldest - 3_000}, Result.BEYOND_LIMIT)
    freezing(bench, target=coldest, freeze_ms=500)
    bench.done(End())
    return f"{coldest / 100:.2f} K is taken, colder is refused"


def _warm(bench: Bench) -> str:
    for target in (0, 26_316, 31_015):
        _refuses(bench, f"target {target}", {"target": target}, Result.BAD_VALUE)
    return "0 and all above -10 °C refused"


def _slow_telemetry(bench: Bench) -> str:
    bench.done(SetTelemetryRate(9))
    bench.rate = 9
    bench.next_telemetry()
    rate = bench.refused(Arm(Action.FREEZE), Result.TELEMETRY_TOO_SLOW)
    expect(rate == 9, f"the refusal names {rate} a second, not 9")
    bench.done(SetTelemetryRate(10))
    bench.rate = 10
    bench.next_telemetry()
    armed(bench)
    bench.done(SetTelemetryRate(20))
    bench.rate = 20
    freezing(bench)
    bench.refused(SetTelemetryRate(9), Result.TELEMETRY_TOO_SLOW)
    return "9 refused, 10 good; never under 10 in a freeze"


ROWS: Final = (
    Check("safety.other-action", Tier.SAFETY, "ARM and START",
          "A token is good for the action that it was asked for alone.", _other_action, Needs.REST),
    Check("safety.start-without-token", Tier.SAFETY, "ARM and START",
          "START without a token is refused NO_TOKEN.", _without_token, Needs.READY),
    Check("safety.start-other-token", Tier.SAFETY, "ARM and START",
          "START with another token is refused and burns the one that is out.", _other_token,
          Needs.READY),
    Check("safety.start-twice", Tier.SAFETY, "ARM and START",
          "A token is good for one START.", _twice, Needs.READY),
    Check("safety.start-older-token", Tier.SAFETY, "ARM and START",
          "A new token makes the older one worthless.", _older_token, Needs.READY),
    Check("safety.tokens-random", Tier.SAFETY, "ARM and START",
          "Tokens are random numbers: none tells the next.", _random, Needs.READY),
    Check("safety.start-expired", Tier.SAFETY, "ARM and START",
          "START after its expires_ms is refused EXPIRED.", _expired, Needs.READY),
    Check("safety.start-ahead", Tier.SAFETY, "ARM and START",
          "START with expires_ms more than 300 ms ahead is refused BAD_VALUE.", _ahead,
          Needs.READY),
    Check("safety.token-life", Tier.SAFETY, "ARM and START",
          "A token is good for 10,000 ms of device time.", _old_token, Needs.READY),
    Check("safety.start-duplicate", Tier.SAFETY, "Commands",
          "A START that is repeated starts once; its end does not move; after the freeze it is "
          "out of date.", _duplicate, Needs.READY),
    Check("safety.start-limits", Tier.SAFETY, "ARM and START",
          "Times beyond the device's caps, and times that make no sense, are refused.", _limits,
          Needs.READY),
    Check("safety.coldest-target", Tier.SAFETY, "ARM and START",
          "A target colder than coldest_target is refused BEYOND_LIMIT.", _coldest, Needs.READY),
    Check("safety.warmest-target", Tier.SAFETY, "0x05 StartFreeze",
          "A target of 0 or above -10 °C is refused BAD_VALUE.", _warm, Needs.READY),
    Check("safety.slow-telemetry", Tier.SAFETY, "ARM and START",
          "Arm is refused under 10 telemetry frames a second, and the rate may not go under it in "
          "a freeze.", _slow_telemetry, Needs.READY),
)  # fmt: skip
