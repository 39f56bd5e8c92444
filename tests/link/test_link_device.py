"""The device's end: what counts, what is answered from memory, tokens, lease, events."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.link import device
from drivers.link.codes import Action, Result
from drivers.link.frame import Frame
from drivers.link.messages import (
    FROM_DEVICE,
    SCHEMA_HASH,
    VERSION_MINOR,
    Answer,
    Arm,
    EventAck,
    Extend,
    Heartbeat,
    Hello,
    Message,
    SimulateInput,
    Stop,
    read,
)
from tests.link.ends import SESSION, framed, listening, made

NOW = 60_000


def hears(
    link: device.DeviceLink, message: Message, sequence: int = 0, session: int = SESSION
) -> tuple[device.DeviceLink, device.Verdict]:
    return device.hear(link, framed(message, sequence, session, 0), NOW)


def refusal(verdict: device.Verdict) -> Result:
    assert isinstance(verdict, device.Reply)
    message = read(verdict.frame)
    assert isinstance(message, Answer)
    return Result(message.result)


def armed(**link: object) -> tuple[device.DeviceLink, device.Token]:
    return device.grant(listening(**link), Action.FREEZE, NOW, salt=0xA5A5A5A5)  # type: ignore[arg-type]


# --- sessions ---------------------------------------------------------------------------------


def test_before_a_session_only_hello_and_stop_count() -> None:
    link = device.DeviceLink()
    assert refusal(hears(link, Arm(1), 1)[1]) is Result.WRONG_SESSION
    assert refusal(hears(link, Arm(1), 1, session=0)[1]) is Result.WRONG_SESSION
    assert hears(link, Heartbeat(1), session=0) == (link, device.Ignored())
    assert hears(link, made("Hello"), 1, session=0) == (link, device.Ignored())
    stop, verdict = hears(link, Stop(), 1, session=77)
    assert isinstance(verdict, device.Command) and stop == link


def test_the_first_session_has_none_before_it() -> None:
    assert listening().past == ()


def test_the_same_hello_again_resets_nothing() -> None:
    link, token = armed(echo_ms=NOW)
    link, event = device.happened(link, 1, 0, 0, NOW)
    again, verdict = hears(link, made("Hello"), 1)
    assert again == link and again.token == token
    assert verdict == device.Opened(framed(made("Hello"), 1, SESSION, 0), renewed=True)
    assert [w.event for w in again.waiting] == [event]


def test_a_new_session_forgets_all_but_the_events() -> None:
    link, _ = armed(echo_ms=NOW)
    link, event = device.happened(link, 1, 0, 0, NOW)
    link, verdict = hears(link, made("Hello"), 9, session=SESSION + 1)
    assert isinstance(verdict, device.Opened) and not verdict.renewed
    assert (link.session, link.sequence) == (SESSION + 1, 9)
    assert link.token is None and link.echo_ms is None and link.answered is None
    assert [w.event for w in link.waiting] == [event] and link.next_event == 2
    assert link.tokens_made == 1, "no token comes twice"


def test_a_late_hello_of_a_session_that_was_left_opens_nothing() -> None:
    link = listening()
    for session in range(SESSION + 1, SESSION + 1 + device.SESSIONS_KEPT):
        link, _ = hears(link, made("Hello"), 1, session=session)
        for past in range(SESSION, session):
            assert hears(link, made("Hello"), 1, session=past) == (link, device.Ignored())
    link, _ = hears(link, made("Hello"), 1, session=1)
    assert len(link.past) == device.SESSIONS_KEPT, "and no more are kept"


@pytest.mark.parametrize(
    ("changed", "read_only"),
    [
        ({}, False),
        ({"flags": 1}, True),
        ({"flags": 0xFE}, False),
        ({"major": 2}, True),
        ({"schema_hash": SCHEMA_HASH ^ 1}, True),
        ({"minor": 3, "schema_hash": 5}, False),
    ],
)
def test_a_read_only_session_takes_stop_alone(changed: dict[str, int], read_only: bool) -> None:
    link, _ = hears(device.DeviceLink(), made("Hello", **changed), 1)
    assert link.read_only == read_only
    after, verdict = hears(link, Arm(1), 2)
    assert (isinstance(verdict, device.Command)) != read_only
    if read_only:
        assert refusal(verdict) is Result.READ_ONLY
        assert hears(after, Arm(1), 2)[1] == verdict, "and again the same"
    assert isinstance(hears(link, Stop(), 3)[1], device.Command)


def test_a_watcher_renews_no_lease_and_takes_no_event_away() -> None:
    link, _ = device.happened(device.DeviceLink(), 1, 0, 0, NOW)
    link, _ = hears(link, made("Hello", flags=1), 1)
    for message in (Heartbeat(NOW), EventAck(1)):
        assert hears(link, message) == (link, device.Ignored())


@pytest.mark.parametrize(("minor", "known"), [(0, False), (1, True), (9, True)])
def test_a_message_newer_than_the_host_is_unknown(minor: int, known: bool) -> None:
    link, _ = hears(device.DeviceLink(), made("Hello", minor=minor), 1)
    assert link.minor == min(minor, VERSION_MINOR)
    after, verdict = hears(link, SimulateInput(3, 0, 0, 0), 2)
    assert isinstance(verdict, device.Command) == known
    if not known:
        assert refusal(verdict) is Result.UNKNOWN_COMMAND
        assert hears(after, SimulateInput(3, 0, 0, 0), 2)[1] == verdict, "and again the same"


# --- commands ---------------------------------------------------------------------------------


def test_a_repeat_gets_the_remembered_answer_and_nothing_is_done_twice() -> None:
    link, verdict = hears(listening(), Arm(1), 2)
    assert isinstance(verdict, device.Command)
    assert hears(link, Arm(1), 2) == (link, device.Ignored()), "not answered yet"
    link, frame = device.answer(link, verdict.frame, Answer(Arm.KIND, 0, 5), NOW + 4)
    assert frame == Frame(Answer.KIND, 2, SESSION, NOW + 4, frame.payload)
    assert hears(link, Arm(1), 2) == (link, device.Reply(frame))


def test_a_repeat_before_its_answer_never_gets_that_of_the_command_before() -> None:
    link, verdict = hears(listening(), Arm(1), 2)
    assert isinstance(verdict, device.Command)
    link, _ = device.answer(link, verdict.frame, Answer(Arm.KIND, 0, 5), NOW)
    later, _ = hears(link, Extend(1), 3)
    assert hears(later, Extend(1), 3) == (later, device.Ignored())
    stopped, _ = hears(link, Stop(), 3)
    assert hears(stopped, Extend(1), 3) == (stopped, device.Ignored()), "nor behind a STOP"


def test_a_stop_that_is_not_newer_leaves_the_remembered_answer() -> None:
    link, verdict = hears(listening(), Arm(1), 2)
    assert isinstance(verdict, device.Command)
    link, frame = device.answer(link, verdict.frame, Answer(Arm.KIND, 0, 5), NOW)
    link, _ = hears(link, Stop(), 2)
    assert hears(link, Arm(1), 2) == (link, device.Reply(frame))


def test_an_older_command_is_ignored() -> None:
    link, _ = hears(listening(), Arm(1), 5)
    for old in (4, 1, 0, 0xFFFF, 5 + 0x8000):
        assert hears(link, Arm(1), old) == (link, device.Ignored())
    assert isinstance(hears(link, Arm(1), 5 + 0x7FFF)[1], device.Command), "gaps are nothing"


def test_sequences_wrap() -> None:
    link = listening(sequence=0xFFFF)
    link, verdict = hears(link, Arm(1), 1)
    assert isinstance(verdict, device.Command)
    assert hears(link, Arm(1), 0xFFFF) == (link, device.Ignored())


def test_commands_of_other_sessions_are_refused_and_leave_no_trace() -> None:
    link, verdict = hears(listening(), Arm(1), 9, session=SESSION + 1)
    assert refusal(verdict) is Result.WRONG_SESSION
    assert isinstance(verdict, device.Reply)
    assert (verdict.frame.session, verdict.frame.sequence) == (SESSION + 1, 9)
    assert verdict.frame.device_ms == NOW
    assert link == listening()


def test_an_unknown_kind_or_size_is_answered_as_such() -> None:
    for sequence, frame in enumerate(
        (Frame(0x7F, 2, SESSION, 0, b""), Frame(Arm.KIND, 3, SESSION, 0, b"\1\0")), start=2
    ):
        link, verdict = device.hear(listening(), frame, NOW)
        assert refusal(verdict) is Result.UNKNOWN_COMMAND
        assert link.sequence == sequence
        assert device.hear(link, frame, NOW)[1] == verdict


@pytest.mark.parametrize("kind", FROM_DEVICE, ids=lambda kind: kind.__name__)
def test_a_line_that_loops_back_is_not_answered(kind: type[Message]) -> None:
    link = listening()
    for sequence in (0, 1, 2, 77):
        frame = framed(made(kind.__name__), sequence)
        assert device.hear(link, frame, NOW) == (link, device.Ignored())


def test_an_answer_that_comes_after_a_newer_command_is_not_remembered_for_it() -> None:
    link, first = hears(listening(), Arm(1), 2)
    assert isinstance(first, device.Command)
    link, second = hears(link, Extend(1), 3)
    assert isinstance(second, device.Command)
    link, _ = device.answer(link, first.frame, Answer(Arm.KIND, 0, 5), NOW)
    assert hears(link, Extend(1), 3) == (link, device.Ignored())


@given(
    st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["arm", "stop", "hello"])), max_size=25)
)
@settings(derandomize=True, deadline=None, max_examples=200)
def test_no_command_is_ever_done_twice(frames: list[tuple[int, str]]) -> None:
    """Whatever is repeated, delayed or reordered within half the range of sequences."""
    link = listening(sequence=0)
    done: list[int] = []
    for sequence, what in frames:
        message = {"arm": Arm(1), "stop": Stop(), "hello": made("Hello")}[what]
        link, verdict = hears(link, message, sequence)
        if isinstance(verdict, device.Command) and what == "arm":
            done.append(sequence)
            link, _ = device.answer(link, verdict.frame, Answer(Arm.KIND, 0, 0), NOW)
    assert done == sorted(set(done))


# --- STOP -------------------------------------------------------------------------------------


def test_stop_counts_in_every_session_and_makes_earlier_commands_stale() -> None:
    link, _ = armed()
    link, _ = hears(link, Arm(1), 2)
    link, verdict = hears(link, Stop(), 4)
    assert verdict == device.Command(Stop(), framed(Stop(), 4, SESSION, 0))
    assert link.token is None and link.answered is None
    for late in (1, 2, 3, 4):
        assert hears(link, Arm(1), late)[1] == device.Ignored()
    assert isinstance(hears(link, Arm(1), 5)[1], device.Command)
    assert isinstance(hears(link, Stop(), 4)[1], device.Command), "each STOP is answered anew"
    foreign, verdict = hears(armed()[0], Stop(), 900, session=SESSION + 5)
    assert isinstance(verdict, device.Command) and foreign.token is None
    assert isinstance(hears(foreign, Arm(1), 2)[1], device.Command), "its sequence is another's"


def test_an_old_stop_stops_too_but_revives_no_old_command() -> None:
    link, _ = hears(armed()[0], Arm(1), 9)
    link, verdict = hears(link, Stop(), 3)
    assert isinstance(verdict, device.Command) and link.token is None and link.sequence == 9
    assert hears(link, Arm(1), 4)[1] == device.Ignored()


def test_a_stop_with_a_payload_is_a_stop() -> None:
    link, verdict = device.hear(armed()[0], Frame(Stop.KIND, 4, SESSION, 0, b"\0\1"), NOW)
    assert isinstance(verdict, device.Command) and verdict.message == Stop()
    assert link.token is None


def test_the_answer_to_a_stop_does_not_replace_a_remembered_one() -> None:
    link, arm = hears(listening(), Arm(1), 2)
    assert isinstance(arm, device.Command)
    link, reply = device.answer(link, arm.frame, Answer(Arm.KIND, 0, 5), NOW)
    link, stop = hears(link, Stop(), 9, session=0)
    assert isinstance(stop, device.Command)
    link, _ = device.answer(link, stop.frame, Answer(Stop.KIND, 0, 0), NOW)
    assert hears(link, Arm(1), 2)[1] == device.Reply(reply)


def test_no_command_hides_behind_the_sequence_of_a_stop_or_a_hello() -> None:
    link, hello = hears(device.DeviceLink(), made("Hello"), 3)
    assert isinstance(hello, device.Opened)
    link, _ = device.answer(link, hello.frame, made("Welcome"), NOW)
    assert hears(link, Arm(1), 3) == (link, device.Ignored())
    link, stop = hears(link, Stop(), 4)
    assert isinstance(stop, device.Command)
    link, _ = device.answer(link, stop.frame, Answer(Stop.KIND, 0, 0), NOW)
    assert hears(link, Arm(1), 4) == (link, device.Ignored())


# --- tokens -----------------------------------------------------------------------------------


def spend(
    link: device.DeviceLink, token: device.Token, now: int = NOW, **changed: int
) -> tuple[device.DeviceLink, Result]:
    given_ = {"value": token.value, "action": token.action, "expires_ms": now + 300, **changed}
    return device.spend(link, now_ms=now, **given_)


def test_a_token_starts_once() -> None:
    link, token = armed()
    link, result = spend(link, token, action=Action.FREEZE)
    assert result is Result.DONE
    assert spend(link, token)[1] is Result.NO_TOKEN


def test_a_token_is_for_its_value_and_its_action() -> None:
    link, token = armed()
    for changed in ({"value": token.value ^ 1}, {"action": Action.STIMULATE}):
        spent, result = spend(link, token, **changed)
        assert result is Result.NO_TOKEN
        assert spend(spent, token)[1] is Result.NO_TOKEN, "a wrong try burns it"


@pytest.mark.parametrize(
    ("late", "result"),
    [
        (0, Result.DONE),
        (device.TOKEN_LIFE_MS, Result.DONE),
        (device.TOKEN_LIFE_MS + 1, Result.EXPIRED),
    ],
)
def test_a_token_lives_ten_seconds(late: int, result: Result) -> None:
    link, token = armed()
    assert spend(link, token, now=NOW + late)[1] is result


@pytest.mark.parametrize(
    ("expires", "result"),
    [
        (NOW - 1, Result.EXPIRED),
        (NOW, Result.DONE),
        (NOW + 300, Result.DONE),
        (NOW + 301, Result.BAD_VALUE),
        (0, Result.EXPIRED),
        (0xFFFFFFFF, Result.BAD_VALUE),
    ],
)
def test_a_start_is_good_for_300_ms_at_most(expires: int, result: Result) -> None:
    link, token = armed()
    link, got = spend(link, token, expires_ms=expires)
    assert got is result
    assert link.token is None, "gone whether it was granted or not"


def test_stop_burn_a_new_session_and_another_arm_end_a_token() -> None:
    link, token = armed()
    assert spend(hears(link, Stop(), 2)[0], token)[1] is Result.NO_TOKEN
    assert spend(device.burn(link), token)[1] is Result.NO_TOKEN
    assert spend(hears(link, made("Hello"), 1, SESSION + 1)[0], token)[1] is Result.NO_TOKEN
    again, other = device.grant(link, Action.FREEZE, NOW, salt=0xA5A5A5A5)
    assert other.value != token.value
    assert spend(again, token)[1] is Result.NO_TOKEN


def test_a_token_is_never_0() -> None:
    link = device.DeviceLink()
    _, token = device.grant(link, Action.FREEZE, NOW, salt=0x9E3779B1)
    assert token.value == 1
    values = set()
    for _ in range(1_000):
        link, token = device.grant(link, Action.FREEZE, NOW, salt=7)
        values.add(token.value)
    assert len(values) == 1_000 and 0 not in values


# --- lease ------------------------------------------------------------------------------------


def test_the_lease_counts_from_the_echo_not_from_its_arrival() -> None:
    link, verdict = device.hear(listening(), framed(Heartbeat(59_500)), NOW)
    assert verdict is None
    assert device.lease_left_ms(link, 1_000, NOW) == 500
    assert device.lease_left_ms(link, 1_000, 60_499) == 1
    assert device.lease_left_ms(link, 1_000, 60_500) == 0
    assert device.lease_left_ms(link, 500, NOW) == 0
    assert device.lease_left_ms(listening(), 1_000, NOW) == 0, "no echo, no lease"


def test_an_echo_of_the_future_is_none_and_an_older_one_changes_nothing() -> None:
    link, _ = hears(listening(), Heartbeat(NOW + 1))
    assert link.echo_ms is None
    link, _ = hears(link, Heartbeat(NOW))
    assert link.echo_ms == NOW
    for echo in (NOW + 1, 0xFFFFFFFF, NOW - 1, 0):
        link, _ = hears(link, Heartbeat(echo))
        assert link.echo_ms == NOW


def test_buffered_heartbeats_give_no_lease() -> None:
    link = listening()
    for echo in range(10_000, 20_000, 100):
        link, _ = device.hear(link, framed(Heartbeat(echo)), 300_000)
    assert device.lease_left_ms(link, 1_000, 300_000) == 0


def test_heartbeats_of_other_sessions_or_sizes_are_ignored() -> None:
    link = listening()
    assert hears(link, Heartbeat(NOW), session=SESSION + 1) == (link, device.Ignored())
    odd = Frame(Heartbeat.KIND, 0, SESSION, 0, b"\0")
    assert device.hear(link, odd, NOW) == (link, device.Ignored())
    assert hears(link, Heartbeat(NOW), 0)[0].sequence == link.sequence


# --- events -----------------------------------------------------------------------------------


def test_events_are_repeated_every_200_ms_until_acknowledged() -> None:
    link, first = device.happened(listening(), 6, 1, 0, NOW)
    link, second = device.happened(link, 6, 0, 0, NOW + 50)
    assert (first.number, second.number, second.at_ms) == (1, 2, NOW + 50)
    assert device.due_events(link, NOW + 199) == (link, ())
    link, due = device.due_events(link, NOW + 200)
    assert due == (first,)
    link, due = device.due_events(link, NOW + 250)
    assert due == (second,)
    link, verdict = hears(link, EventAck(1))
    assert verdict is None
    link, due = device.due_events(link, NOW + 1_000)
    assert due == (second,)
    link, _ = hears(link, EventAck(9))
    link, _ = hears(link, EventAck(2), session=SESSION + 1)
    assert len(link.waiting) == 1
    link, _ = hears(link, EventAck(2))
    assert link.waiting == ()
    assert device.due_events(link, NOW + 9_000) == (link, ())


def test_waiting_events_are_bounded_and_the_oldest_go() -> None:
    link = listening()
    for _ in range(device.EVENTS_KEPT + 6):
        link, _ = device.happened(link, 6, 1, 0, NOW)
    numbers = [w.event.number for w in link.waiting]
    assert numbers == list(range(7, device.EVENTS_KEPT + 7))


def test_event_numbers_leave_0_out_at_the_wrap() -> None:
    link = msgspec.structs.replace(listening(), next_event=0xFFFF)
    link, last = device.happened(link, 6, 1, 0, NOW)
    _, first = device.happened(link, 6, 1, 0, NOW)
    assert (last.number, first.number) == (0xFFFF, 1)


def test_a_device_whose_time_stands_still_still_repeats_its_events() -> None:
    link, event = device.happened(listening(), 9, 0, 0, NOW, line_ms=5_000)
    assert event.at_ms == NOW
    assert device.due_events(link, 5_199)[1] == ()
    assert device.due_events(link, 5_200)[1] == (event,)


def test_the_hello_of_the_independent_side_is_taken() -> None:
    assert isinstance(read(framed(made("Hello"))), Hello)
