"""Mutants that lose count on a bad line: of sequences, sessions, events, telemetry."""

from itertools import count

from drivers.link import device as link
from drivers.link import frame as framing
from drivers.link.codes import Result
from drivers.link.frame import Flaw, Frame
from drivers.link.messages import (
    Answer,
    EventAck,
    Heartbeat,
    SetTelemetryRate,
    SetTimeScale,
    Stop,
    Telemetry,
    Welcome,
)
from simulator.firmware import core, machine, telemetry
from simulator.firmware.commands import HANDLERS
from tests.conformance.mutants_codec import unchecked
from tests.conformance.mutation import around, breaks, replace


@breaks("transport.corrupt")
def nothing_is_checked() -> None:
    framing.decode = lambda chunk: unchecked(chunk) if len(chunk) >= 18 else Flaw.TOO_SHORT


@breaks("transport.lost")
def only_the_next_sequence_counts() -> None:
    link._newer = lambda sequence, than: sequence == than % 0xFFFF + 1


@breaks("transport.wrap")
def sequences_never_wrap() -> None:
    link._newer = lambda sequence, than: sequence > than


@breaks("transport.duplicate")
def repeats_are_not_answered() -> None:
    @around(link, "_command")
    def command(before, state, frame, message, now_ms):
        if state.session and (frame.session, frame.sequence) == (state.session, state.sequence):
            return state, link.Ignored()
        return before(state, frame, message, now_ms)


@breaks("transport.refusal-remembered")
def refusals_are_judged_anew() -> None:
    @around(link, "_command")
    def command(before, state, frame, message, now_ms):
        last = link.read(state.answered) if state.answered is not None else None
        if isinstance(last, Answer) and last.result and frame.sequence == state.sequence:
            state = replace(state, sequence=state.sequence - 1)
        return before(state, frame, message, now_ms)


@breaks("transport.done-once")
def repeats_are_done_again() -> None:
    @around(link, "_command")
    def command(before, state, frame, message, now_ms):
        if frame.sequence == state.sequence:
            state = replace(state, sequence=state.sequence - 1)
        return before(state, frame, message, now_ms)


@breaks("transport.late")
def late_commands_are_done() -> None:
    link._newer = lambda sequence, than: sequence != than


@breaks("transport.stop-outdates", "safety.start-overtaken")
def stop_outdates_nothing() -> None:
    @around(link, "hear")
    def hear(before, state, frame, now_ms):
        after, verdict = before(state, frame, now_ms)
        if frame.kind == Stop.KIND:
            after = replace(after, sequence=state.sequence, answered=state.answered)
        return after, verdict


@breaks("transport.foreign")
def any_session_will_do() -> None:
    @around(link, "_command")
    def command(before, state, frame, message, now_ms):
        return before(state, replace(frame, session=state.session), message, now_ms)


@breaks("transport.foreign")
def refused_sessions_are_remembered() -> None:
    @around(link, "_command")
    def command(before, state, frame, message, now_ms):
        after, verdict = before(state, frame, message, now_ms)
        if frame.session != state.session:
            after = replace(after, sequence=frame.sequence, answered=verdict.frame)
        return after, verdict


@breaks("transport.foreign-heartbeat")
def any_heartbeat_will_do() -> None:
    @around(link, "hear")
    def hear(before, state, frame, now_ms):
        if frame.kind == Heartbeat.KIND:
            frame = replace(frame, session=state.session)
        return before(state, frame, now_ms)


@breaks("transport.garbage")
def noise_holds_telemetry_up() -> None:
    @around(machine.Firmware, "take_in")
    def take_in(before, self, found):
        before(self, found)
        if isinstance(found, Flaw):
            self.replaced(telemetry_due_ms=self.now_ms + 400)


@breaks("transport.heartbeat-flood", "codec.wrong-size-unanswered")
def heartbeats_are_answered() -> None:
    @around(link, "hear")
    def hear(before, state, frame, now_ms):
        after, verdict = before(state, frame, now_ms)
        if frame.kind == Heartbeat.KIND:
            verdict = link.Reply(link._answer(frame, Result.DONE, now_ms))
        return after, verdict


@breaks("transport.heartbeat-flood")
def heartbeats_add_up() -> None:
    @around(link, "_unanswered")
    def unanswered(before, state, message, now_ms):
        if not isinstance(message, Heartbeat):
            return before(state, message, now_ms)
        return replace(state, echo_ms=max(state.echo_ms or 0, now_ms) + 50)


@breaks("transport.hello-again")
def every_hello_is_new() -> None:
    @around(link, "_hello")
    def hello(before, state, frame, message):
        if frame.session == state.session:
            state = replace(state, session=0)
        return before(state, frame, message)


@breaks("transport.hello-late")
def left_sessions_open_again() -> None:
    @around(link, "_hello")
    def hello(before, state, frame, message):
        return before(replace(state, past=()), frame, message)


@breaks("transport.hello-late")
def only_two_sessions_are_remembered() -> None:
    link.SESSIONS_KEPT = 2


@breaks("transport.sequence-from-hello")
def sequences_begin_at_zero() -> None:
    @around(link, "_hello")
    def hello(before, state, frame, message):
        after, verdict = before(state, frame, message)
        fresh = isinstance(verdict, link.Opened) and not verdict.renewed
        return (replace(after, sequence=0) if fresh else after), verdict


@breaks("transport.stop-each")
def a_stop_is_answered_once() -> None:
    answered: list[Frame] = []

    @around(link, "hear")
    def hear(before, state, frame, now_ms):
        after, verdict = before(state, frame, now_ms)
        if frame.kind == Stop.KIND:
            if frame in answered:
                return after, link.Ignored()
            answered.append(frame)
        return after, verdict


def _answers_last(kind) -> None:
    @around(core, "_answered")
    def answered(before, device, to, message, now_ms, *, at, urgent=False):
        if isinstance(message, kind) and not urgent:
            at = len(device.out)
        return before(device, to, message, now_ms, at=at, urgent=urgent)


@breaks("transport.answer-first")
def answers_come_behind_their_events() -> None:
    _answers_last(Answer)


@breaks("transport.welcome-first")
def welcome_comes_last() -> None:
    _answers_last(Welcome)


@breaks("transport.telemetry-twenty")
def telemetry_has_holes() -> None:
    numbers = count()

    @around(telemetry, "sent")
    def sent(before, device, frame):
        lost = frame.kind == Telemetry.KIND and next(numbers) % 7 == 0
        return device if lost else before(device, frame)


@breaks("transport.telemetry-rate")
def the_rate_cannot_be_set() -> None:
    @around(HANDLERS, SetTelemetryRate)
    def rate(before, device, message, now_ms):
        _, result, value = before(device, message, now_ms)
        return device, result, value


@breaks("transport.telemetry-rate")
def any_rate_is_taken() -> None:
    @around(HANDLERS, SetTelemetryRate)
    def rate(before, device, message, now_ms):
        return before(
            device, replace(message, per_second=max(1, min(50, message.per_second))), now_ms
        )


@breaks("transport.time-scale")
def the_scale_changes_without_a_word() -> None:
    @around(HANDLERS, SetTimeScale)
    def scale(before, device, message, now_ms):
        changed = replace(device, time_scale_hundredths=message.hundredths)
        return changed, Result.DONE, message.hundredths


@breaks("transport.time-stands")
def silence_at_scale_0() -> None:
    machine.Firmware.repeat_telemetry = lambda self: None


@breaks("transport.time-stands")
def no_repeats_at_scale_0() -> None:
    core.events_again = lambda device, now_ms: device


@breaks("transport.events-repeated")
def events_come_once() -> None:
    link.EVENT_REPEAT_MS = 10_000_000


@breaks("transport.events-acknowledged")
def acknowledgements_are_not_heard() -> None:
    @around(link, "_unanswered")
    def unanswered(before, state, message, now_ms):
        return state if isinstance(message, EventAck) else before(state, message, now_ms)


@breaks("transport.events-acknowledged")
def an_acknowledgement_is_for_all() -> None:
    @around(link, "_unanswered")
    def unanswered(before, state, message, now_ms):
        if isinstance(message, EventAck):
            return replace(state, waiting=())
        return before(state, message, now_ms)


@breaks("transport.events-numbered")
def event_numbers_skip() -> None:
    @around(link, "happened")
    def happened(before, state, *given, **named):
        state, event = before(state, *given, **named)
        return replace(state, next_event=state.next_event + 1), event


@breaks("transport.events-outlive")
def events_die_with_their_session() -> None:
    @around(link, "_hello")
    def hello(before, state, frame, message):
        if frame.session != state.session:
            state = replace(state, waiting=())
        return before(state, frame, message)
