"""Safety tier: STOP, and what else shuts the gas: a new host, a restart."""

import random
from typing import Final

from drivers.conformance.bench import Bench
from drivers.conformance.check import Check, Needs, Tier
from drivers.conformance.doing import (
    armed,
    begun,
    freezing,
    in_maintenance,
    prepare,
    shows,
    shut,
    start_of,
    start_refused,
    stimulating,
    stimulator_fitted,
    warming,
    welcome_of,
)
from drivers.conformance.verdicts import FailedError, expect
from drivers.link.codes import (
    Action,
    Actuator,
    DeviceState,
    EventCode,
    Exercise,
    FreezeEnd,
    Result,
    StopSource,
)
from drivers.link.frame import Frame
from drivers.link.messages import (
    Arm,
    ExerciseActuator,
    Heartbeat,
    ReadProbe,
    Reboot,
    SetAmplitude,
    Stop,
    Welcome,
)

ACTS_MS: Final = 10
BOOT_MS: Final = 5_000
_FLOOD_FRAMES: Final = 300


def _stopped(bench: Bench, mark: int, sent: Frame) -> str:
    """STOP was answered DONE, and what ran has ended with it at once."""
    found = bench.wall(lambda: next(iter(bench.answers(mark, sent)), None), 1.5)
    if found is None:
        raise FailedError("STOP was not answered")
    result = getattr(found.message, "result", None)
    expect(result == Result.DONE, f"STOP was answered {result}")
    told = bench.event(mark, EventCode.STOPPED)
    expect(told.detail == StopSource.HOST, f"STOPPED names source {told.detail}")
    apart = abs(told.at_ms - found.frame.device_ms)
    expect(apart <= ACTS_MS, f"STOP was done and answered {apart} ms apart")
    shut(bench)
    return f"done and answered within {apart} ms of each other"


def _in_freeze(bench: Bench) -> str:
    freezing(bench)
    mark, sent = bench.mark(), bench.frame(Stop())
    bench.write(sent)
    words = _stopped(bench, mark, sent)
    ended = bench.event(mark, EventCode.FREEZE_ENDED)
    expect(ended.detail == FreezeEnd.STOP, f"the freeze ended for reason {ended.detail}")
    expect(bench.next_telemetry().state == DeviceState.THAWING, "STOP did not lead to THAWING")
    return words


def _in_stimulation(bench: Bench) -> str:
    stimulator_fitted(bench)
    stimulating(bench)
    bench.done(SetAmplitude(300))
    mark, sent = bench.mark(), bench.frame(Stop())
    bench.write(sent)
    words = _stopped(bench, mark, sent)
    expect(bench.next_telemetry().delivered_ua == 0, "current flows after STOP")
    return words


def _without_session(bench: Bench) -> str:
    for session in (0, bench.session ^ 1, bench.session ^ 0xFFFF):
        freezing(bench)
        mark, sent = bench.mark(), bench.frame(Stop(), session=session)
        bench.write(sent)
        _stopped(bench, mark, sent)
    return "session 0 and two others"


def _read_only(bench: Bench) -> str:
    bench.greet(flags=1)
    answer = bench.stop().message
    expect(getattr(answer, "result", None) == Result.DONE, "STOP of a read-only session")
    bench.greet()
    return "DONE"


def _any_sequence(bench: Bench) -> str:
    for back in (0, 1, 5_000):
        freezing(bench)
        mark = bench.mark()
        sent = bench.frame(Stop(), sequence=(bench.sequence - back - 1) % 0xFFFF + 1)
        bench.write(sent)
        _stopped(bench, mark, sent)
    return "the last, and older ones"


def _flood(bench: Bench) -> str:
    freezing(bench)
    chance = random.Random(7)
    mark, sent = bench.mark(), bench.frame(Stop())
    for number in range(_FLOOD_FRAMES):
        noise = chance.randbytes(24) + b"\0"
        foreign = bench.frame(ReadProbe(), session=bench.session ^ 1)
        bench.write(bench.frame(Heartbeat(bench.stamp_ms)), noise, foreign)
        if number == _FLOOD_FRAMES // 2:
            bench.write(sent)
        if number % 10 == 9:
            bench.pump()
    return f"{_stopped(bench, mark, sent)}, in {3 * _FLOOD_FRAMES} frames"


def _burns(bench: Bench) -> str:
    for session in (bench.session, 0):
        token = armed(bench)
        bench.stop(session)
        bench.next_telemetry()
        bench.next_telemetry()
        expect(not shows(bench, Actuator.ARMED), "a token is out after STOP")
        start_refused(bench, start_of(bench, token), Result.NO_TOKEN)
    return "NO_TOKEN"


def _overtaken_start(bench: Bench) -> str:
    token, mark = armed(bench), bench.mark()
    late = bench.frame(start_of(bench, token))
    bench.write(bench.frame(Stop()), late, late)
    bench.settle()
    bench.next_telemetry()
    expect(not bench.answers(mark, late), "a START from before STOP was answered after it")
    expect(not begun(bench, mark), "a START from before STOP was done")
    shut(bench)
    return "ignored"


def _hello_in_freeze(bench: Bench) -> str:
    run = freezing(bench)
    welcome = bench.greet()
    ended = bench.event(run.mark, EventCode.FREEZE_ENDED)
    expect(ended.detail == FreezeEnd.NEW_SESSION, f"the freeze ended for reason {ended.detail}")
    expect(welcome.state == DeviceState.THAWING, f"Welcome tells state {welcome.state}")
    shut(bench)
    return "gas off, THAWING"


def _hello_in_stimulation(bench: Bench) -> str:
    stimulator_fitted(bench)
    mark = stimulating(bench)
    bench.greet()
    ended = bench.event(mark, EventCode.STIMULATION_ENDED)
    expect(ended.detail == FreezeEnd.NEW_SESSION, f"it ended for reason {ended.detail}")
    shut(bench)
    return "off"


def _hello_in_warming(bench: Bench) -> str:
    warming(bench)
    bench.greet()
    shut(bench)
    return "warming off"


def _hello_burns(bench: Bench) -> str:
    token = armed(bench)
    bench.greet()
    bench.until(lambda: bench.last_echo_ms is not None or None, 1_000, "a heartbeat is sent")
    bench.settle()
    start_refused(bench, start_of(bench, token), Result.NO_TOKEN)
    return "NO_TOKEN"


def _restarted(bench: Bench, before: Welcome) -> Welcome:
    """Waits for the restart after Reboot; the Welcome of a new session."""
    down_ms = bench.stamp_ms
    with bench.quiet():
        bench.done(Reboot())
        mark = bench.mark()

        def back() -> bool:
            fresh = [s.frame for s in bench.seen[mark:] if s.message and s.frame.kind == 0x82]
            return any(f.session == 0 or f.device_ms < down_ms for f in fresh)

        bench.until(back, BOOT_MS, "the device restarts and sends telemetry")
        shut(bench)
        first = next(s for s in reversed(bench.seen[mark:]) if s.frame.kind == 0x82)
        expect(first.frame.session == 0, "after a restart telemetry names a session")
        result = bench.ask(ReadProbe())[0]
        expect(result == Result.WRONG_SESSION, "the restart did not end the session")
        welcome = bench.greet()
    expect(welcome.boot_id != before.boot_id, "the boot id is the same after a restart")
    return welcome


def _reboot(bench: Bench) -> str:
    in_maintenance(bench)
    before = welcome_of(bench)
    bench.done(ExerciseActuator(Exercise.VALVE, 100, 10_000))
    bench.until(lambda: shows(bench, Actuator.VALVE_OPEN), 500, "the valve reads open")
    welcome = _restarted(bench, before)
    shut(bench)
    expect(bench.stamp_ms < 120_000, f"device time is {bench.stamp_ms} after a restart")
    prepare(bench, Needs.SESSION)
    return f"valve shut, boot id 0x{before.boot_id:08X}, then 0x{welcome.boot_id:08X}"


def _token_of_another_boot(bench: Bench) -> str:
    in_maintenance(bench)
    token = bench.done(Arm(Action.FREEZE))
    _restarted(bench, welcome_of(bench))
    bench.beating = True
    bench.until(lambda: bench.last_echo_ms is not None or None, 1_000, "a heartbeat is sent")
    bench.settle()
    start_refused(bench, start_of(bench, token), Result.NO_TOKEN)
    return "NO_TOKEN"


ROWS: Final = (
    Check("safety.stop-in-stimulation", Tier.SAFETY, "STOP",
          "STOP switches the stimulator off at once.", _in_stimulation, Needs.REST),
    Check("safety.hello-in-stimulation", Tier.SAFETY, "Sessions",
          "Another host's Hello ends a stimulation.", _hello_in_stimulation, Needs.REST),
    Check("safety.reboot", Tier.SAFETY, "States",
          "A restart with the valve open boots with the valve shut, no session, and another boot "
          "id.", _reboot, Needs.REST),
    Check("safety.token-of-another-boot", Tier.SAFETY, "ARM and START",
          "A token from before a restart is refused.", _token_of_another_boot, Needs.REST),
    Check("safety.stop-in-freeze", Tier.SAFETY, "STOP",
          "STOP shuts the gas within 10 ms and is answered DONE.", _in_freeze, Needs.READY),
    Check("safety.stop-without-session", Tier.SAFETY, "STOP",
          "STOP shuts the gas whatever session it names, 0 too.", _without_session, Needs.READY),
    Check("safety.stop-read-only", Tier.SAFETY, "STOP",
          "STOP is done in a read-only session.", _read_only, Needs.READY),
    Check("safety.stop-any-sequence", Tier.SAFETY, "STOP",
          "STOP is done with any sequence.", _any_sequence, Needs.READY),
    Check("safety.stop-under-flood", Tier.SAFETY, "STOP",
          "STOP shuts the gas in a flood of heartbeats, noise and foreign commands.", _flood,
          Needs.READY),
    Check("safety.stop-burns-token", Tier.SAFETY, "ARM and START",
          "STOP burns the token: START after it is refused NO_TOKEN.", _burns, Needs.READY),
    Check("safety.start-overtaken", Tier.SAFETY, "STOP",
          "A START that STOP has overtaken is ignored.", _overtaken_start, Needs.READY),
    Check("safety.hello-in-freeze", Tier.SAFETY, "Sessions",
          "Another host's Hello shuts the gas.", _hello_in_freeze, Needs.READY),
    Check("safety.hello-in-warming", Tier.SAFETY, "Sessions",
          "Another host's Hello switches the warming off.", _hello_in_warming, Needs.READY),
    Check("safety.hello-burns-token", Tier.SAFETY, "ARM and START",
          "A new session burns the token.", _hello_burns, Needs.READY),
)  # fmt: skip
