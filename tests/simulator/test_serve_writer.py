"""The writer, the wall's clock and the mailbox, without a process."""

from threading import Event

from serve_bed import until

from simulator.serve.clock import WallClock
from simulator.serve.mailbox import Job, Mailbox
from simulator.serve.writer import BYTES_KEPT, Writer


def test_a_full_line_drops_the_oldest_frames_whole_and_lets_urgent_ones_first() -> None:
    written: list[bytes] = []
    open_, begun = Event(), Event()

    def write(data: bytes) -> None:
        begun.set()
        open_.wait(20)
        written.append(data)

    writer = Writer(write, lambda: None)
    writer.put([b"first"])
    assert begun.wait(20)
    frames = [bytes([n]) * 100 for n in range(1, 201)]
    for frame in frames:
        writer.put([frame])
    writer.put([b"STOP"], urgent=True)
    assert writer.dropped == 200 - BYTES_KEPT // 100
    open_.set()
    assert writer.flush(20)
    until(lambda: len(written) == 2 + BYTES_KEPT // 100)
    assert written[:2] == [b"first", b"STOP"]
    assert written[2:] == frames[-(BYTES_KEPT // 100) :]
    writer.close()


def test_a_line_that_breaks_is_told_once() -> None:
    gone: list[int] = []

    def write(data: bytes) -> None:
        raise BrokenPipeError

    writer = Writer(write, lambda: gone.append(1))
    writer.put([b"x"])
    until(lambda: gone)
    writer.put([b"y"])
    assert gone == [1]


def test_the_clock_follows_the_wall_by_its_scale_and_forgives() -> None:
    clock = WallClock(100.0, 5_000, 2.0)
    assert clock.device_ms(101.0) == 7_000
    assert clock.wall_s(7_000) == 101.0
    clock.rescale(101.0, 0.0)
    assert clock.device_ms(500.0) == 7_000
    assert clock.wall_s(7_001) is None
    clock.rescale(500.0, 1.0)
    assert clock.device_ms(501.0) == 8_000
    clock.lose(0.5)
    assert clock.device_ms(501.0) == 7_500


def test_a_job_gives_its_result_or_raises_its_error() -> None:
    mailbox = Mailbox()
    job = Job(lambda: 7)
    mailbox.post(job)
    assert mailbox.take(1.0) == [job]
    assert mailbox.take(0.0) == []
    job.do()
    assert job.wait(1.0) == 7
    bad = Job(lambda: 1 // 0)
    bad.do()
    try:
        bad.wait(1.0)
    except ZeroDivisionError:
        pass
    else:
        raise AssertionError
