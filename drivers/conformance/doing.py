"""What checks do again and again: come to rest, arm, freeze, stimulate."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import msgspec

from drivers.conformance.bench import Bench
from drivers.conformance.check import Needs
from drivers.conformance.verdicts import (
    BlockedError,
    FailedError,
    NotApplicableError,
    expect,
    named,
)
from drivers.link.codes import (
    Action,
    Actuator,
    Capability,
    DeviceState,
    EventCode,
    Quality,
    Result,
    StimulationKind,
    Timing,
    WelcomeFlag,
)
from drivers.link.messages import (
    Arm,
    End,
    EnterMaintenance,
    Event,
    Message,
    Reset,
    SetTelemetryRate,
    SetTimeScale,
    SimulateInput,
    StartFreeze,
    StartStimulation,
    Thaw,
    Welcome,
)

TARGET_CENTIKELVIN: Final = 22_315
"""-50 °C: both gases go there; a freeze of a few seconds does not."""
CAP_MS: Final = 60_000
START_TRIES: Final = 4
AHEAD_MS: Final = 200
"""Of the 300: the rest is for a device whose clock and this computer's do not quite agree."""
FASTEST_HUNDREDTHS: Final = 1_000
REST_WITHIN_MS: Final = 240_000
SHUT_MS: Final = 250
"""Between the command to shut and its read-back: the valve's armature and two telemetry frames."""

_RUNNING: Final = (DeviceState.FREEZING, DeviceState.STIMULATING)


class Freeze(msgspec.Struct, frozen=True):
    """A freeze that was started. `mark` is a place before its start; times are device ms."""

    mark: int
    token: int
    on_ms: int
    end_ms: int


def prepare(bench: Bench, needs: Needs) -> None:
    """Opens a new session with everything off and all as after a boot; as far as `needs` says."""
    bench.beating = bench.acking = True
    bench.stop()
    welcome = bench.greet()
    if needs is Needs.SESSION:
        return
    if welcome.telemetry_per_second != 20:
        bench.done(SetTelemetryRate(20))
        bench.rate = 20
    seen = bench.next_telemetry()
    if bench.maintained and welcome.state == DeviceState.IDLE:
        bench.done(EnterMaintenance(1))
        seen = bench.next_telemetry()
    if needs is Needs.REST and not at_rest(bench):
        with hurried(bench):
            bench.until(lambda: at_rest(bench), REST_WITHIN_MS, "the device comes to rest")
        seen = bench.next_telemetry()
    if seen.faults:
        result, left = bench.ask(Reset())
        if result != Result.DONE:
            raise BlockedError(f"faults stand: 0x{left:X}, Reset was answered {named(result)}")
    bench.until(lambda: lease_left(bench) > 0, 1_000, "a heartbeat gives a lease")


def at_rest(bench: Bench) -> bool:
    """Whether nothing runs and no thaw is left."""
    resting = (DeviceState.IDLE, DeviceState.MAINTENANCE)
    return bench.telemetry is not None and bench.telemetry.state in resting


def lease_left(bench: Bench) -> int:
    """The lease that telemetry tells."""
    return bench.telemetry.remaining_lease_ms if bench.telemetry is not None else 0


def welcome_of(bench: Bench) -> Welcome:
    """The newest Welcome."""
    if bench.welcome is None:
        raise FailedError("no Welcome has come")
    return bench.welcome


def fitted(bench: Bench, wanted: Capability, what: str) -> None:
    """NotApplicableError unless the device has one of `wanted`."""
    if not welcome_of(bench).capabilities & wanted:
        raise NotApplicableError(f"not fitted: {what}")


def stimulator_fitted(bench: Bench) -> None:
    """NotApplicableError for a device without a stimulator."""
    either = Capability.STIMULATOR_CURRENT | Capability.STIMULATOR_VOLTAGE
    fitted(bench, either, "a stimulator")


def simulated(bench: Bench) -> bool:
    """Whether no gas flows and no patient lies there."""
    return bool(welcome_of(bench).flags & WelcomeFlag.SIMULATED)


@contextmanager
def hurried(bench: Bench) -> Iterator[None]:
    """Lets a simulated device run fast meanwhile; a real one takes its time."""
    before = round(bench.scale * 100)
    faster = simulated(bench) and 0 < before < FASTEST_HUNDREDTHS
    faster = faster and bench.ask(SetTimeScale(FASTEST_HUNDREDTHS))[0] == Result.DONE
    try:
        yield
    finally:
        if faster:
            bench.ask(SetTimeScale(before))


def armed(bench: Bench, action: Action = Action.FREEZE) -> int:
    """A token. FailedError when Arm is refused."""
    result, token = bench.ask(Arm(action))
    if result != Result.DONE:
        raise BlockedError(f"Arm {action.name} was answered {named(result)}, value {token}")
    expect(token != 0, "Arm was answered DONE with token 0")
    return token


def start_of(
    bench: Bench,
    token: int,
    *,
    freeze_ms: int = 30_000,
    cap_ms: int = CAP_MS,
    target: int = TARGET_CENTIKELVIN,
    timing: int = Timing.FROM_START,
    expires_ms: int | None = None,
) -> StartFreeze:
    """A START that is good now unless it is told otherwise."""
    expires = bench.now_ms() + AHEAD_MS if expires_ms is None else expires_ms
    return StartFreeze(token, expires, target, timing, 0, freeze_ms, cap_ms)


def stimulation_of(
    bench: Bench,
    token: int,
    *,
    kind: int = StimulationKind.SENSORY,
    rate: int = 500,
    pulse_us: int = 500,
    limit_ua: int = 2_000,
) -> StartStimulation:
    """The same for a stimulation."""
    expires = bench.now_ms() + AHEAD_MS
    return StartStimulation(token, expires, kind, 0, rate, pulse_us, limit_ua)


def freezing(
    bench: Bench,
    *,
    freeze_ms: int = 30_000,
    cap_ms: int = CAP_MS,
    target: int = TARGET_CENTIKELVIN,
    timing: int = Timing.FROM_START,
) -> Freeze:
    """Starts a freeze and waits until the valve reads open."""
    for _ in range(START_TRIES):
        token, mark = armed(bench), bench.mark()
        start = start_of(
            bench, token, freeze_ms=freeze_ms, cap_ms=cap_ms, target=target, timing=timing
        )
        result, value = bench.ask(start)
        if result != Result.EXPIRED:  # a busy computer may be late; a fresh Arm and START it is
            break
    expect(result == Result.DONE, f"StartFreeze was answered {named(result)}")
    changed = bench.until(
        lambda: next(iter(begun(bench, mark)), None), 1_000, "an event that says that it freezes"
    )
    expect(changed.detail == DeviceState.FREEZING, f"START led to state {changed.detail}")
    bench.until(lambda: shows(bench, Actuator.VALVE_OPEN), 500, "the valve reads open")
    return Freeze(mark, token, changed.at_ms, value)


def stimulating(bench: Bench, *, limit_ua: int = 2_000) -> int:
    """Starts a sensory stimulation and waits until the stimulator reads on; a mark before it."""
    for _ in range(START_TRIES):
        token, mark = armed(bench, Action.STIMULATE), bench.mark()
        result, _ = bench.ask(stimulation_of(bench, token, limit_ua=limit_ua))
        if result != Result.EXPIRED:
            break
    expect(result == Result.DONE, f"StartStimulation was answered {named(result)}")
    bench.until(lambda: shows(bench, Actuator.STIMULATOR_ON), 500, "the stimulator reads on")
    return mark


def begun(bench: Bench, mark: int) -> list[Event]:
    """Changes since `mark` into a state with gas or current. Others may come at any moment: the
    thaw of an earlier freeze ends by itself."""
    return [
        event for event in bench.events(mark, EventCode.STATE_CHANGED) if event.detail in _RUNNING
    ]


def shows(bench: Bench, actuator: Actuator) -> bool:
    """Whether the newest telemetry reads `actuator` on."""
    return bench.telemetry is not None and bool(bench.telemetry.actuators & actuator)


def shut(bench: Bench) -> None:
    """The valve, the stimulator and the warming read off within SHUT_MS, and stay so."""
    on = Actuator.VALVE_OPEN | Actuator.STIMULATOR_ON | Actuator.WARMING
    bench.until(lambda: not shows(bench, on), SHUT_MS, "valve, stimulator and warming read off")
    left = Actuator(bench.next_telemetry().actuators & on)
    expect(not left, f"these read on again: {left!r}")


def start_refused(bench: Bench, start: Message, *by: Result) -> None:
    """A START that must be refused, and must open nothing."""
    mark = bench.mark()
    bench.refused(start, *by)
    state = bench.next_telemetry().state
    expect(
        state not in _RUNNING and not begun(bench, mark),
        "it was refused, and the device began all the same",
    )


def in_maintenance(bench: Bench) -> None:
    """Into maintenance. NotApplicableError where nobody has put the switch on."""
    if bench.telemetry is not None and bench.telemetry.state == DeviceState.MAINTENANCE:
        return
    if not welcome_of(bench).flags & WelcomeFlag.MAINTENANCE_SWITCH:
        raise NotApplicableError(
            "needs the maintenance switch at the device "
            "(simulator: --fault maintenance_switch, sim://n2o?fault=maintenance_switch)"
        )
    bench.done(EnterMaintenance(1))
    bench.next_telemetry()


def leave_maintenance(bench: Bench) -> None:
    """Out of it again, on a device that need not stay there."""
    if not bench.maintained:
        with hurried(bench):
            bench.until(lambda: at_rest(bench), REST_WITHIN_MS, "the device comes to rest")
        bench.done(EnterMaintenance(0))
        bench.next_telemetry()


def warming(bench: Bench) -> None:
    """A thaw with the warming on. NotApplicableError where there is none."""
    fitted(bench, Capability.ACTIVE_THAW, "active thaw")
    freezing(bench)
    bench.done(End())
    bench.done(Thaw(1))
    bench.until(lambda: shows(bench, Actuator.WARMING), 300, "the warming reads on")


def inputs_simulated(bench: Bench) -> None:
    """NotApplicableError for a device whose inputs cannot be simulated over the port."""
    welcome = welcome_of(bench)
    has = welcome.capabilities & Capability.SIMULATED_INPUTS
    if not welcome.minor or not has:
        raise NotApplicableError("this device does not take SimulateInput")
    if not welcome.flags & (WelcomeFlag.SIMULATED | WelcomeFlag.MAINTENANCE_SWITCH):
        raise NotApplicableError("needs the maintenance switch at the device")


def simulate(
    bench: Bench, which: int, value: int = 0, for_ms: int = 10_000, quality: int = Quality.OK
) -> int:
    """Lets one input read `value`; device time of its end."""
    return bench.done(SimulateInput(which, quality, value, for_ms))


def real_again(bench: Bench, which: int) -> None:
    """Lets it read what is there."""
    bench.done(SimulateInput(which, 0, 0, 0))
