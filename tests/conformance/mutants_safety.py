"""Mutants that get tokens, START, the freeze's timer, the thaw or the stimulator wrong."""

from drivers.link import device as link
from drivers.link.codes import DeviceState, Result, Timing
from drivers.link.messages import End, Extend, SetAmplitude, StartFreeze
from simulator.firmware import actions, core, permits, running
from simulator.firmware.commands import HANDLERS, console, freeze, stimulate
from tests.conformance.mutation import around, breaks, replace


def _spending(change) -> None:
    """`change` gives the state and the arguments of `spend` as they are looked at."""

    @around(link, "spend")
    def spend(before, state, value, action, expires_ms, now_ms):
        return before(*change(state, value, action, expires_ms, now_ms))


def _token(state, **fields):
    return state if state.token is None else replace(state, token=replace(state.token, **fields))


@breaks("safety.other-action")
def a_token_is_good_for_anything() -> None:
    _spending(lambda s, value, action, *rest: (_token(s, action=action), value, action, *rest))


@breaks("safety.start-other-token")
def any_token_will_do() -> None:
    _spending(lambda s, value, *rest: (_token(s, value=value), value, *rest))


@breaks("safety.start-without-token")
def a_start_needs_no_token() -> None:
    _spending(
        lambda s, value, action, expires, now_ms: (
            s if s.token else replace(s, token=link.Token(value, action, now_ms + 1)),
            value,
            action,
            expires,
            now_ms,
        )
    )


@breaks("safety.start-other-token")
def a_wrong_start_burns_nothing() -> None:
    @around(link, "spend")
    def spend(before, state, value, *rest):
        after, result = before(state, value, *rest)
        return (state if result is Result.NO_TOKEN else after), result


@breaks("safety.start-twice")
def a_token_is_good_for_ever() -> None:
    @around(link, "spend")
    def spend(before, state, *given):
        return state, before(state, *given)[1]


@breaks("safety.start-older-token")
def older_tokens_stay_good() -> None:
    granted: dict[int, link.Token] = {}

    @around(link, "grant")
    def grant(before, *given):
        state, token = before(*given)
        granted[token.value] = token
        return state, token

    _spending(lambda s, value, *rest: (replace(s, token=granted.get(value)), value, *rest))


@breaks("safety.start-expired")
def a_start_never_expires() -> None:
    _spending(lambda s, v, a, expires, now_ms: (s, v, a, max(expires, now_ms), now_ms))


@breaks("safety.start-ahead")
def a_start_may_be_far_ahead() -> None:
    link.START_AHEAD_MS = 60_000


@breaks("safety.token-life")
def tokens_live_long() -> None:
    link.TOKEN_LIFE_MS = 60_000


@breaks("safety.start-duplicate")
def a_repeated_start_begins_the_time_anew() -> None:
    @around(core, "heard")
    def heard(before, device, frame, now_ms):
        again = frame.kind == StartFreeze.KIND and frame.sequence == device.link.sequence
        device = before(device, frame, now_ms)
        run = device.freeze
        if again and run is not None:
            run = replace(run, on_ms=now_ms, end_ms=now_ms + run.plan.freeze_ms)
            device = replace(device, freeze=run)
        return device


@breaks("safety.start-limits")
def no_freeze_is_too_long() -> None:
    freeze.PLAN_CAP_MS = freeze.FROM_TARGET_CAP_MS = 1_000_000_000


@breaks("safety.start-limits")
def a_freeze_may_outlast_its_cap() -> None:
    @around(HANDLERS, StartFreeze)
    def start(before, device, message, now_ms):
        message = replace(message, freeze_ms=min(message.freeze_ms, message.cap_ms))
        return before(device, message, now_ms)


@breaks("safety.coldest-target")
def no_target_is_too_cold() -> None:
    @around(HANDLERS, StartFreeze)
    def start(before, device, message, now_ms):
        own = device.settings
        cold = replace(device, settings=replace(own, coldest_target_celsius=-273.0))
        device, result, value = before(cold, message, now_ms)
        return replace(device, settings=own), result, value


@breaks("safety.warmest-target")
def no_target_is_too_warm() -> None:
    freeze.WARMEST_TARGET_CELSIUS = 100.0


@breaks("safety.slow-telemetry")
def it_arms_at_any_rate() -> None:
    permits.LOWEST_TELEMETRY_TO_START = 1


@breaks("safety.slow-telemetry")
def it_slows_down_in_a_freeze() -> None:
    console.LOWEST_TELEMETRY_TO_START = 1


@breaks("safety.timer")
def the_timer_is_late() -> None:
    @around(running, "_freezing")
    def freezing(before, device, now_ms):
        run = device.freeze
        waits = run is not None and now_ms < run.end_ms + 100
        return device if waits else before(device, now_ms)


def _ending(end_ms) -> None:
    @around(actions, "gas_on")
    def gas_on(before, device, now_ms, plan, **named):
        device = before(device, now_ms, plan, **named)
        if plan.timing is not Timing.FROM_TARGET:
            return device
        return replace(device, freeze=replace(device.freeze, end_ms=end_ms(plan, now_ms)))


@breaks("safety.timer-from-target")
def the_time_counts_from_gas_on() -> None:
    _ending(lambda plan, now_ms: now_ms + plan.freeze_ms)


@breaks("safety.timer-cap")
def a_target_never_reached_freezes_on() -> None:
    @around(running, "_freezing")
    def freezing(before, device, now_ms):
        run = device.freeze
        waits = run is not None and run.plan.timing is Timing.FROM_TARGET
        return device if waits and run.at_target_ms is None else before(device, now_ms)


@breaks("safety.extend")
def it_extends_for_ever() -> None:
    @around(HANDLERS, Extend)
    def extend(before, device, message, now_ms):
        run = device.freeze
        if run is None or message.by_ms == 0:
            return before(device, message, now_ms)
        run = replace(run, end_ms=run.end_ms + message.by_ms)
        return replace(device, freeze=run), Result.DONE, run.end_ms & 0xFFFFFFFF


@breaks("safety.end")
def end_ends_nothing() -> None:
    @around(HANDLERS, End)
    def end(before, device, message, now_ms):
        return device, Result.DONE, 0


@breaks("safety.states-in-freeze")
def it_arms_in_a_freeze() -> None:
    permits._FREEZE_FROM += (DeviceState.FREEZING,)


@breaks("safety.warming")
def warming_needs_no_lease() -> None:
    running.lease_left_ms = lambda *_: 1


@breaks("safety.release")
def it_releases_a_cold_tip() -> None:
    running.RELEASE_CELSIUS = -100.0


@breaks("safety.release")
def it_releases_at_once() -> None:
    running.RELEASE_MS = 0


@breaks("safety.stimulator-from-zero")
def a_stimulation_begins_at_100() -> None:
    @around(actions, "stimulator_on")
    def on(before, device, now_ms, run):
        device = before(device, now_ms, replace(run, wanted_ua=100))
        return replace(device, drive=replace(device.drive, amplitude_ua=100))


@breaks("safety.stimulator-ramp")
def the_ramp_is_steep() -> None:
    running.RAMP_UA = 100


@breaks("safety.stimulator-limit")
def any_amplitude_is_taken() -> None:
    @around(HANDLERS, SetAmplitude)
    def amplitude(before, device, message, now_ms):
        if device.stimulation is not None:
            device = replace(device, stimulation=replace(device.stimulation, limit_ua=10_000))
        return before(device, message, now_ms)


@breaks("safety.stimulator-ranges")
def any_pulse_is_taken() -> None:
    stimulate.PULSE_US = (1, 65_535)


@breaks("safety.stimulator-minute")
def a_stimulation_lasts() -> None:
    running.STIMULATION_CAP_MS = 70_000


@breaks("safety.no-gas-in-stimulation")
def gas_may_join_a_stimulation() -> None:
    permits._FREEZE_FROM += (DeviceState.STIMULATING,)


@breaks("safety.no-current-in-freeze")
def a_stimulation_may_join_the_gas() -> None:
    permits._STIMULATE_FROM += (DeviceState.FREEZING, DeviceState.THAWING)
