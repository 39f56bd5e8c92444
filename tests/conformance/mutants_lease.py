"""Mutants that get the lease, STOP, a new session or a restart wrong."""

from collections import deque

from drivers.link import device as link
from drivers.link.codes import DeviceState, Fault, FreezeEnd, Result
from drivers.link.messages import Arm, Heartbeat, StartFreeze, Stop
from simulator.firmware import actions, core, machine, permits, running, telemetry
from simulator.firmware.commands import HANDLERS
from simulator.firmware.interlocks import link as lease_rows
from simulator.firmware.model import Drive
from tests.conformance.mutation import around, breaks, replace


@breaks("safety.lease-freeze")
def the_lease_is_too_long() -> None:
    lease_rows.LEASE_FREEZE_MS = 1_200


@breaks("safety.lease-freeze", "safety.lease-older")
def the_lease_is_too_short() -> None:
    lease_rows.LEASE_FREEZE_MS = 900


@breaks("safety.lease-stimulation")
def a_stimulation_has_a_freezes_lease() -> None:
    lease_rows.LEASE_STIMULATION_MS = 1_000


def _echo(taken) -> None:
    """`taken` gives the echo to keep of (kept, heard, now)."""

    @around(link, "_unanswered")
    def unanswered(before, state, message, now_ms):
        if not isinstance(message, Heartbeat):
            return before(state, message, now_ms)
        return replace(state, echo_ms=taken(state.echo_ms, message.echo_ms, now_ms))


@breaks("safety.lease-by-echo")
def the_lease_counts_from_the_arrival() -> None:
    _echo(lambda kept, heard, now_ms: now_ms if heard <= now_ms else kept)


@breaks("safety.lease-older")
def the_echo_goes_back() -> None:
    _echo(lambda kept, heard, now_ms: heard if heard <= now_ms else kept)


@breaks("safety.lease-future")
def echoes_of_the_future_are_taken() -> None:
    _echo(lambda kept, heard, now_ms: max(kept or 0, min(heard, now_ms + 100_000)))


@breaks("safety.lease-told")
def the_whole_lease_is_told() -> None:
    telemetry.lease_left_ms = lambda state, lease_ms, now_ms: lease_ms if state.echo_ms else 0


@breaks("safety.lease-no-resume")
def a_heartbeat_brings_the_gas_back() -> None:
    @around(core, "heard")
    def heard(before, device, frame, now_ms):
        lost = device.faults & Fault.LEASE_LOST and device.state is DeviceState.THAWING
        device = before(device, frame, now_ms)
        if lost and frame.kind == Heartbeat.KIND and device.last_plan is not None:
            device = actions.gas_on(device, now_ms, device.last_plan)
        return device


@breaks("safety.lease-latched")
def a_lost_lease_blocks_nothing() -> None:
    permits.BLOCKS_GAS &= ~Fault.LEASE_LOST


def _no_lease_needed(message) -> None:
    @around(HANDLERS, message)
    def handler(before, device, asked, now_ms):
        kept = permits.lease_left_ms
        permits.lease_left_ms = lambda *_: 1
        try:
            return before(device, asked, now_ms)
        finally:
            permits.lease_left_ms = kept


@breaks("safety.arm-needs-lease")
def arm_needs_no_lease() -> None:
    _no_lease_needed(Arm)


@breaks("safety.start-needs-lease")
def start_needs_no_lease() -> None:
    _no_lease_needed(StartFreeze)


@breaks("safety.stop-in-freeze")
def stop_leaves_the_gas_on() -> None:
    @around(actions, "stopped")
    def stopped(before, device, now_ms, source):
        return device if device.freeze is not None else before(device, now_ms, source)


@breaks("safety.stop-in-freeze")
def stop_acts_late() -> None:
    asked: list[int] = []

    @around(actions, "stopped")
    def stopped(before, device, now_ms, source):
        if device.freeze is None:
            return before(device, now_ms, source)
        asked.append(now_ms)
        return device

    @around(running, "went_on")
    def went_on(before, device, now_ms):
        if asked and now_ms >= asked[0] + 100:
            asked.clear()
            return actions.stopped.__wrapped__(device, now_ms, 1)
        return before(device, now_ms)


@breaks("safety.stop-in-stimulation")
def stop_leaves_the_current_on() -> None:
    @around(actions, "stopped")
    def stopped(before, device, now_ms, source):
        return device if device.stimulation is not None else before(device, now_ms, source)


def _stop_only(when) -> None:
    """STOP is done only `when` (state, frame) says so; its answer goes out all the same."""

    @around(link, "hear")
    def hear(before, state, frame, now_ms):
        if frame.kind == Stop.KIND and not when(state, frame):
            return state, link.Reply(link._answer(frame, Result.DONE, now_ms))
        return before(state, frame, now_ms)


@breaks("safety.stop-without-session")
def stop_needs_its_session() -> None:
    _stop_only(lambda state, frame: frame.session == state.session)


@breaks("safety.stop-any-sequence")
def stop_needs_a_newer_sequence() -> None:
    _stop_only(
        lambda state, frame: (
            frame.session != state.session or link._newer(frame.sequence, state.sequence)
        )
    )


@breaks("safety.stop-read-only")
def watchers_cannot_stop() -> None:
    @around(link, "hear")
    def hear(before, state, frame, now_ms):
        if frame.kind == Stop.KIND and state.read_only and frame.session == state.session:
            return state, link.Reply(link._answer(frame, Result.READ_ONLY, now_ms))
        return before(state, frame, now_ms)


@breaks("safety.stop-under-flood")
def stop_is_lost_in_a_flood() -> None:
    heard: deque[int] = deque(maxlen=20)

    @around(link, "hear")
    def hear(before, state, frame, now_ms):
        heard.append(now_ms)
        flood = len(heard) == heard.maxlen and now_ms - heard[0] < 100
        if flood and frame.kind == Stop.KIND:
            return state, link.Ignored()
        return before(state, frame, now_ms)


@breaks("safety.stop-burns-token")
def stop_keeps_the_token() -> None:
    @around(link, "hear")
    def hear(before, state, frame, now_ms):
        after, verdict = before(state, frame, now_ms)
        return replace(after, token=state.token) if frame.kind == Stop.KIND else after, verdict


def _a_new_host_leaves(what) -> None:
    @around(actions, "made_safe")
    def made_safe(before, device, now_ms, why):
        if why is FreezeEnd.NEW_SESSION and getattr(device, what) is not None:
            return device
        return before(device, now_ms, why)


@breaks("safety.hello-in-freeze")
def a_new_host_inherits_the_gas() -> None:
    _a_new_host_leaves("freeze")


@breaks("safety.hello-in-stimulation")
def a_new_host_inherits_the_current() -> None:
    _a_new_host_leaves("stimulation")


@breaks("safety.hello-burns-token")
def a_new_host_inherits_the_token() -> None:
    @around(link, "_hello")
    def hello(before, state, frame, message):
        after, verdict = before(state, frame, message)
        return replace(after, token=state.token), verdict


@breaks("safety.arm-needs-lease")
def a_new_host_inherits_the_lease() -> None:
    @around(link, "_hello")
    def hello(before, state, frame, message):
        after, verdict = before(state, frame, message)
        return replace(after, echo_ms=state.echo_ms), verdict


@breaks("safety.reboot")
def it_boots_with_the_valve_open() -> None:
    @around(core, "booted")
    def booted(before, *given, **named):
        device = before(*given, **named)
        first = device.memory.boots == 1
        return device if first else replace(device, drive=Drive(valve_duty=1.0))


@breaks("safety.reboot")
def every_boot_has_the_same_id() -> None:
    @around(core, "booted")
    def booted(before, *given, **named):
        return replace(before(*given, **named), boot_id=7)


@breaks("safety.token-of-another-boot")
def tokens_outlive_a_restart() -> None:
    kept: list[link.Token] = []

    @around(machine.Firmware, "reboot")
    def reboot(before, self, **named):
        if self.device.link.token is not None:
            kept.append(self.device.link.token)
        before(self, **named)

    @around(link, "spend")
    def spend(before, state, value, action, expires_ms, now_ms):
        old = [token for token in kept if token.value == value]
        return before(
            replace(state, token=old[0]) if old else state, value, action, expires_ms, now_ms
        )
