"""The host's end: opening, one command at a time, what is heard and what is not."""

import msgspec
import pytest

from drivers.link import host
from drivers.link.codes import HelloFlag, Result
from drivers.link.frame import Flaw, Frame
from drivers.link.messages import (
    HOST_MINOR,
    SCHEMA_HASH,
    SCHEMA_HASHES,
    Answer,
    Arm,
    Calibration,
    EventAck,
    Extend,
    Heartbeat,
    Hello,
    LogEntry,
    ReadCalibration,
    ReadLog,
    ReadProbe,
    SetTelemetryRate,
    read,
)
from tests.link.ends import (
    BOOT,
    SESSION,
    answered,
    event,
    framed,
    frames,
    made,
    news,
    opened,
    telemetry,
    welcomed,
)

ARM = Arm(1)


def kinds(effects: host.Effects) -> list[str]:
    return [type(effect).__name__ for effect in effects]


# --- opening ----------------------------------------------------------------------------------


def test_hello_is_repeated_every_200_ms_until_the_welcome() -> None:
    link, effects = host.greet(host.HostLink(), SESSION, 0)
    hello = frames(effects)[0]
    assert read(hello) == Hello(1, HOST_MINOR, 0, 0, SCHEMA_HASHES[HOST_MINOR])
    for now in range(1, 1_000):
        link, effects = host.tick(link, now)
        assert frames(effects) == ([hello] if now % 200 == 0 else [])
    link, effects = host.hear(link, framed(made("Welcome"), hello.sequence), 1_000)
    assert news(effects) == [host.Connected(made("Welcome"), False, None)]  # type: ignore[arg-type]
    assert host.tick(link, 5_000)[1] == ()


def test_a_welcome_of_another_session_opens_nothing() -> None:
    link, _ = host.greet(host.HostLink(), SESSION, 0)
    link, effects = host.hear(link, framed(made("Welcome"), 1, SESSION + 1), 4)
    assert effects == () and not link.open and link.counters.strangers == 1
    link, effects = host.hear(host.HostLink(), framed(made("Welcome"), 1, 0), 4)
    assert effects == () and not link.open


def test_a_second_welcome_is_nothing_new() -> None:
    link = opened()
    again, effects = host.hear(link, framed(made("Welcome"), 1), 300)
    assert effects == ()
    assert again.open


def test_a_session_number_is_not_0_and_not_the_one_that_is_left() -> None:
    for link in (host.HostLink(), opened()):
        with pytest.raises(ValueError, match="new session"):
            host.greet(link, 0, 0)
    with pytest.raises(ValueError, match="new session"):
        host.greet(opened(), SESSION, 0)


def test_a_new_session_keeps_events_boot_and_counters_and_nothing_else() -> None:
    link, _ = host.hear(opened(), telemetry(1, 60_100), 100)
    link, _ = host.hear(link, event(7), 101)
    link, _ = host.hear(link, Flaw.CHECK, 102)
    for command in (ARM, Extend(1)):
        link, _ = host.submit(link, command, 110)
    anew, effects = host.greet(link, SESSION + 1, 120)
    (hello,) = frames(effects)
    assert news(effects) == [
        host.Unanswered(command, "the link was opened anew") for command in (ARM, Extend(1))
    ]
    assert anew == host.HostLink(
        session=SESSION + 1,
        sequence=hello.sequence,
        hello_sent_ms=120,
        hello=hello,
        boot_id=BOOT,
        events=(7,),
        counters=link.counters,
    )
    assert anew.open is False


def test_an_answer_stamped_before_the_welcome_is_none() -> None:
    link, effects = host.submit(opened(), ARM, 10)
    (frame,) = frames(effects)
    assert host.hear(link, answered(frame, device_ms=59_999), 14)[1] == ()
    assert kinds(host.hear(link, answered(frame, device_ms=60_000), 14)[1]) == ["Answered"]


def test_a_new_boot_is_told_and_the_same_boot_is_not() -> None:
    first, effects = welcomed(host.HostLink())
    assert not news(effects)[0].restarted  # type: ignore[union-attr]
    same, effects = welcomed(first, session=SESSION + 1)
    assert not news(effects)[0].restarted  # type: ignore[union-attr]
    _, effects = welcomed(same, session=SESSION + 2, boot_id=BOOT + 1)
    assert news(effects)[0].restarted  # type: ignore[union-attr]


def test_a_late_hello_that_opened_this_session_in_a_new_boot_is_noticed() -> None:
    link, _ = host.submit(opened(), ARM, 10)
    link, effects = host.hear(link, framed(made("Welcome", boot_id=BOOT + 1), 1), 300)
    assert effects == (host.SessionLost(), host.Unanswered(ARM, "the session was lost"))
    assert link.open is False
    _, effects = welcomed(link, session=SESSION + 1, boot_id=BOOT + 1)
    assert news(effects)[0].restarted  # type: ignore[union-attr]


def test_another_schema_is_read_only_and_nothing_of_it_is_heard() -> None:
    other = "the console's messages differ from those of this version"
    major = "the console speaks version {} of the link, this is version 1"
    for welcome, reason in (
        ({"schema_hash": SCHEMA_HASH ^ 1}, other),
        ({"major": 2}, major.format(2)),
        ({"major": 0}, major.format(0)),
    ):
        link, effects = welcomed(host.HostLink(), **welcome)
        (told,) = news(effects)
        assert isinstance(told, host.Connected) and told.read_only_reason == reason
        assert host.beat(link, 60_000) == ()
        assert kinds(host.submit(link, ARM, 10)[1]) == ["Unanswered"]
        assert host.hear(link, telemetry(1, 60_050), 50)[1] == ()
        assert host.hear(link, event(1), 50)[1] == ()
        assert kinds(host.stop(link, 60)[1]) == ["Send"], "STOP always"


@pytest.mark.parametrize("minor", [2, 7])
def test_another_minor_works_whatever_its_hash(minor: int) -> None:
    link, effects = welcomed(host.HostLink(), minor=minor, schema_hash=1)
    assert news(effects)[0].read_only_reason is None  # type: ignore[union-attr]
    assert host.beat(link, 60_000) != ()


def test_a_host_that_only_watches_hears_but_sends_nothing_but_stop() -> None:
    link, effects = welcomed(host.HostLink(), flags=HelloFlag.READ_ONLY)
    assert news(effects)[0].read_only_reason is None  # type: ignore[union-attr]
    assert host.beat(link, 60_000) == ()
    refused = host.Unanswered(ARM, "the session is read-only")
    assert host.submit(link, ARM, 10) == (link, (refused,))
    assert kinds(host.hear(link, telemetry(1, 60_050), 50)[1]) == ["Heard"]
    assert kinds(host.stop(link, 60)[1]) == ["Send"]


# --- commands ---------------------------------------------------------------------------------


def test_a_command_goes_at_0_100_200_and_fails_at_300() -> None:
    link, effects = host.submit(opened(), ARM, 1_000)
    (frame,) = frames(effects)
    seen = []
    for now in range(1_001, 1_400):
        link, effects = host.tick(link, now)
        seen += [(now, effect) for effect in effects]
    assert seen == [
        (1_100, host.Send(frame)),
        (1_200, host.Send(frame)),
        (1_300, host.Unanswered(ARM, "the console does not answer")),
    ]
    assert link.counters.repeats == 2
    assert link.outstanding is None


def test_late_ticks_do_not_move_the_end() -> None:
    link, _ = host.submit(opened(), ARM, 0)
    link, effects = host.tick(link, 250)
    assert len(frames(effects)) == 1
    link, effects = host.tick(link, 299)
    assert len(frames(effects)) == 1
    assert kinds(host.tick(link, 300)[1]) == ["Unanswered"]


def test_one_command_at_a_time_in_order() -> None:
    link = opened()
    link, first = host.submit(link, ARM, 0)
    link, second = host.submit(link, Extend(1_000), 0)
    link, third = host.submit(link, Extend(2_000), 0)
    assert second == third == ()
    link, effects = host.hear(link, answered(frames(first)[0]), 4)
    assert news(effects) == [host.Answered(ARM, Answer(Arm.KIND, 0, 0))]
    (sent,) = frames(effects)
    assert read(sent) == Extend(1_000)
    link, effects = host.hear(link, answered(sent), 8)
    assert read(frames(effects)[0]) == Extend(2_000)


def test_a_failed_command_lets_the_next_one_go() -> None:
    link, _ = host.submit(opened(), ARM, 0)
    link, _ = host.submit(link, Extend(1_000), 0)
    for now in (100, 200, 300):
        link, effects = host.tick(link, now)
    assert kinds(effects) == ["Unanswered", "Send"]
    assert read(frames(effects)[0]) == Extend(1_000)


def test_the_queue_is_bounded() -> None:
    link, _ = host.submit(opened(), ARM, 0)
    for _ in range(host.QUEUE_LIMIT):
        link, effects = host.submit(link, ARM, 0)
        assert effects == ()
    link, effects = host.submit(link, ARM, 0)
    assert effects == (host.Unanswered(ARM, "too many commands are waiting"),)


def test_nothing_is_sent_without_a_session_or_while_a_stop_is_out() -> None:
    refused = host.Unanswered(ARM, "no session is open")
    assert host.submit(host.HostLink(), ARM, 0) == (host.HostLink(), (refused,))
    link, _ = host.stop(opened(), 0)
    refused = host.Unanswered(ARM, "a stop is being sent")
    assert host.submit(link, ARM, 0) == (link, (refused,))


def test_the_next_command_has_its_own_300_ms() -> None:
    """From when it was sent, whether the one before it was answered or failed."""
    link, effects = host.submit(opened(), ARM, 0)
    link, _ = host.submit(link, Extend(1), 0)
    link, _ = host.submit(link, Extend(2), 0)
    link, effects = host.hear(link, answered(frames(effects)[0]), 50)
    (second,) = frames(effects)
    told = []
    for now in range(51, 800):
        link, effects = host.tick(link, now)
        told += [(now, effect) for effect in effects]
    third = told[3][1]
    assert isinstance(third, host.Send) and read(third.frame) == Extend(2)
    assert told == [
        (150, host.Send(second)),
        (250, host.Send(second)),
        (350, host.Unanswered(Extend(1), "the console does not answer")),
        (350, third),
        (450, third),
        (550, third),
        (650, host.Unanswered(Extend(2), "the console does not answer")),
    ]


def test_a_command_that_does_not_fit_never_reaches_the_queue() -> None:
    link, _ = host.submit(opened(), ARM, 0)
    with pytest.raises(ValueError, match="SetTelemetryRate"):
        host.submit(link, SetTelemetryRate(1_000), 0)


def test_sequences_leave_0_out_at_the_wrap() -> None:
    link = msgspec.structs.replace(opened(), sequence=0xFFFE)
    seen = []
    for _ in range(3):
        link, effects = host.submit(link, ARM, 0)
        (frame,) = frames(effects)
        seen.append(frame.sequence)
        link, _ = host.hear(link, answered(frame), 1)
    assert seen == [0xFFFF, 1, 2]


def test_an_answer_counts_only_for_its_own_command() -> None:
    link, _ = host.hear(opened(), telemetry(1, 60_100), 100)
    link, effects = host.submit(link, ARM, 110)
    (frame,) = frames(effects)
    good = answered(frame, device_ms=60_100)
    wrong = [
        msgspec.structs.replace(good, sequence=frame.sequence - 1),
        msgspec.structs.replace(good, sequence=frame.sequence + 1),
        msgspec.structs.replace(good, session=SESSION + 1),
        msgspec.structs.replace(good, device_ms=60_099),  # an equal sequence from before a wrap
        framed(Answer(Extend.KIND, 0, 0), frame.sequence, device_ms=60_110),
        framed(made("Probe"), frame.sequence, device_ms=60_110),
    ]
    for stale in wrong:
        after, effects = host.hear(link, stale, 115)
        assert effects == (), stale
        assert after.outstanding == link.outstanding
    link, effects = host.hear(link, good, 120)
    assert kinds(effects) == ["Answered"]
    assert host.hear(link, good, 121)[1] == (), "and once"


@pytest.mark.parametrize(
    ("command", "reading"),
    [
        (ReadProbe(), made("Probe")),
        (ReadCalibration(0), made("Calibration")),
        (ReadLog(3), made("LogEntry")),
    ],
)
def test_a_reading_is_answered_by_what_it_asks_for(command, reading) -> None:  # type: ignore[no-untyped-def]
    link, effects = host.submit(opened(), command, 0)
    (frame,) = frames(effects)
    for other in (made("Probe"), made("Calibration"), made("LogEntry")):
        after, effects = host.hear(link, framed(other, frame.sequence), 4)
        assert news(effects) == ([host.Answered(command, reading)] if other == reading else [])
        assert (after.outstanding is None) == (other == reading)
    refused = answered(frame, Result.BAD_VALUE)
    assert kinds(host.hear(link, refused, 4)[1]) == ["Answered"]
    assert isinstance(made("Calibration"), Calibration) and isinstance(made("LogEntry"), LogEntry)


# --- what comes in ----------------------------------------------------------------------------


def test_telemetry_of_another_session_loses_this_one_and_what_waited() -> None:
    link, _ = host.submit(opened(), ARM, 0)
    link, _ = host.submit(link, Extend(1), 0)
    for other in (0, SESSION + 1):
        lost, effects = host.hear(link, telemetry(1, 10, session=other), 50)
        assert kinds(effects) == ["SessionLost", "Unanswered", "Unanswered"]
        assert not lost.open and lost.outstanding is None and lost.queue == ()
        assert host.hear(lost, telemetry(2, 60, session=other), 100)[1] == (), "told once"
        assert host.beat(lost, 60_000) == ()


def test_other_frames_of_another_session_are_strangers() -> None:
    link, effects = host.submit(opened(), ARM, 0)
    (frame,) = frames(effects)
    for stranger in (
        event(1, session=SESSION + 1),
        msgspec.structs.replace(answered(frame), session=0),
    ):
        after, effects = host.hear(link, stranger, 10)
        assert effects == () and after.open
        assert after.counters.strangers == link.counters.strangers + 1


def test_nothing_is_heard_before_the_session_is_open() -> None:
    link, _ = host.greet(host.HostLink(), SESSION, 0)
    for early in (telemetry(1, 60_000), event(1), telemetry(1, 60_000, session=0)):
        link, effects = host.hear(link, early, 1)
        assert effects == (), "an event is not acknowledged either: it comes again"
    assert host.hear(host.HostLink(), telemetry(1, 60_000, session=0), 1)[1] == ()


def test_an_event_is_heard_once_and_acknowledged_always() -> None:
    link = opened()
    for again in range(3):
        link, effects = host.hear(link, event(7), 10 + again)
        assert [read(frame) for frame in frames(effects)] == [EventAck(7)]
        heard = host.Heard(read(event(7)), 60_000)  # type: ignore[arg-type]
        assert news(effects) == ([] if again else [heard])


def test_events_out_of_order_are_all_heard() -> None:
    link = opened()
    heard = []
    for number in (3, 1, 3, 2, 1, 0xFFFF, 5, 0xFFFE):
        link, effects = host.hear(link, event(number), 10)
        heard += [told.message.number for told in news(effects)]  # type: ignore[union-attr]
    assert heard == [3, 1, 2, 0xFFFF, 5, 0xFFFE]


def test_an_event_number_counts_anew_after_a_wrap() -> None:
    link = opened()
    for number in (*range(1, host.EVENTS_REMEMBERED + 1), 1):
        link, effects = host.hear(link, event(number), 10)
    assert news(effects) == []
    link, _ = host.hear(link, event(5_000), 10)
    link, effects = host.hear(link, event(1), 10)
    assert len(news(effects)) == 1
    assert len(link.events) == host.EVENTS_REMEMBERED


def test_events_of_a_new_boot_are_new_and_those_of_the_same_boot_are_not() -> None:
    link, _ = host.hear(opened(), event(1), 10)
    same, _ = welcomed(link, session=SESSION + 1)
    assert news(host.hear(same, event(1, session=SESSION + 1), 20)[1]) == []
    fresh, _ = welcomed(link, session=SESSION + 1, boot_id=BOOT + 1)
    assert len(news(host.hear(fresh, event(1, session=SESSION + 1), 20)[1])) == 1
    assert host.hear(fresh, event(2, session=SESSION), 20)[1] == (), "one from before the restart"


def test_telemetry_gaps_are_counted_and_the_wrap_is_none() -> None:
    link = opened()
    for place, sequence in enumerate((0xFFFE, 0xFFFF, 0, 1, 4, 5)):
        link, effects = host.hear(link, telemetry(sequence, 60_000 + 50 * place), 10)
        assert kinds(effects) == ["Heard"]
    assert link.counters.gaps == 1


def test_telemetry_repeated_or_out_of_order_is_not_heard() -> None:
    link, _ = host.hear(opened(), telemetry(5, 60_100), 100)
    for stale in (telemetry(5, 60_100), telemetry(4, 60_050)):
        link, effects = host.hear(link, stale, 110)
        assert effects == ()
    assert (link.counters.gaps, link.counters.strangers) == (0, 2)
    link, effects = host.hear(link, telemetry(6, 60_100), 120)
    heard = host.Heard(made("Telemetry"), 60_100)  # type: ignore[arg-type]
    assert effects == (heard,), "time may stand still, at scale 0"


def test_the_sixth_flaw_within_a_second_is_a_bad_line() -> None:
    link = opened()
    for now in (0, 200, 400, 600, 800):
        link, effects = host.hear(link, Flaw.CHECK, now)
        assert effects == ()
    _, effects = host.hear(link, Flaw.CHECK, 1_000)
    assert effects == (), "the first one is a second old"
    link, effects = host.hear(link, Flaw.CHECK, 999)
    assert effects == (host.BadLine(),)
    assert link.counters.bad == 6
    assert host.hear(link, Flaw.CHECK, 999)[1] == (), "told anew after six more"


def test_heartbeats_carry_the_echo_and_no_sequence() -> None:
    (frame,) = frames(host.beat(opened(), 61_000))
    assert frame == Frame(Heartbeat.KIND, 0, SESSION, 0, frame.payload)
    assert read(frame) == Heartbeat(61_000)


def test_unread_frames_change_nothing() -> None:
    link = opened()
    for odd in (framed(made("Arm"), 1), Frame(0xFE, 1, SESSION, 60_000, b"abc")):
        after, effects = host.hear(link, odd, 10)
        assert effects == () and after.open
        assert after.counters.good == link.counters.good + 1
