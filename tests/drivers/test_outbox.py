"""The order of bytes on their way out."""

import pytest

from drivers.link.frame import Frame, decode
from drivers.link.messages import Arm, EventAck, Heartbeat, Stop, pack
from drivers.outbox import FRAMES_KEPT, Outbox, OutboxFullError


def stop(sequence: int) -> Frame:
    return Frame(Stop.KIND, sequence, 9, 0, b"")


def beat(echo: int) -> Frame:
    return Frame(Heartbeat.KIND, 0, 9, 0, pack(Heartbeat(echo)))


def command(sequence: int) -> Frame:
    return Frame(Arm.KIND, sequence, 9, 0, pack(Arm(1)))


def taken(outbox: Outbox) -> list[Frame]:
    frames = []
    while (data := outbox.take()) is not None:
        assert data[-1] == 0
        assert 0 not in data[:-1], "one frame at a time"
        frame = decode(data[:-1])
        assert isinstance(frame, Frame)
        frames.append(frame)
    return frames


def test_stop_goes_before_a_full_queue() -> None:
    outbox = Outbox()
    for sequence in range(FRAMES_KEPT):
        outbox.put(command(sequence))
    outbox.put(stop(500))
    frames = taken(outbox)
    assert frames[0] == stop(500)
    assert frames[1:] == [command(sequence) for sequence in range(FRAMES_KEPT)]


def test_a_second_stop_replaces_the_first() -> None:
    outbox = Outbox()
    outbox.put(stop(1))
    outbox.put(command(2))
    outbox.put(stop(3))
    assert len(outbox) == 2
    assert taken(outbox) == [stop(3), command(2)]


def test_a_newer_heartbeat_takes_the_place_of_the_one_that_waits() -> None:
    outbox = Outbox()
    for frame in (command(1), beat(100), command(2), beat(150)):
        outbox.put(frame)
    assert taken(outbox) == [command(1), beat(150), command(2)]
    outbox.put(beat(200))
    assert taken(outbox) == [beat(200)]


def test_acknowledgements_keep_their_order() -> None:
    outbox = Outbox()
    acks = [Frame(EventAck.KIND, 0, 9, 0, pack(EventAck(number))) for number in range(5)]
    for ack in acks:
        outbox.put(ack)
    assert taken(outbox) == acks


def test_it_is_bounded_and_never_for_a_stop() -> None:
    outbox = Outbox()
    outbox.put(beat(1))
    for sequence in range(FRAMES_KEPT - 1):
        outbox.put(command(sequence))
    with pytest.raises(OutboxFullError):
        outbox.put(command(999))
    outbox.put(beat(2))
    outbox.put(stop(1))
    outbox.clear()
    assert taken(outbox) == [stop(1)]
    assert outbox.take() is None
