"""What the recorder said is on disk is there; a failing disk is told, and never in the way."""

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from records_kit import FakeDisk, frame, happened, header, one_of_each

from console.model.event import EventKind
from console.records import (
    AnyEntry,
    FrameIn,
    Lost,
    Progress,
    Recorder,
    ReplyOut,
    TickIn,
    read_journal,
    verify,
)

WAIT_S = 20.0  # far more than any of this takes; nothing waits for it when all is well


class Bench:
    """A recorder with what it said."""

    def __init__(self, folder: Path, **how: object) -> None:
        self.disk = FakeDisk()
        self.durable: list[int] = []
        self.failed: list[str] = []
        self.told = threading.Event()
        self.folder = folder
        self._how = how
        self._recorder: Recorder | None = None

    def _fail(self, words: str) -> None:
        self.failed.append(words)
        self.told.set()

    @property
    def recorder(self) -> Recorder:
        if self._recorder is None:
            self._recorder = Recorder(
                self.folder,
                header(),
                self.durable.append,
                self._fail,
                disk=self.disk,
                **self._how,  # type: ignore[arg-type]
            )
        return self._recorder

    @property
    def frames(self) -> list[FrameIn]:
        return list(read_journal(self.recorder.path).of(FrameIn))


@pytest.fixture(params=[False, True], ids=["thread", "inline"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path / "session", inline=request.param)
    yield made
    made.recorder.close("test over", WAIT_S)


def test_everything_put_is_recorded_in_order(bench: Bench) -> None:
    for entry in one_of_each():
        bench.recorder.put(entry)
    assert bench.recorder.recording
    assert bench.recorder.close("completed", WAIT_S)
    journal = read_journal(bench.recorder.path)
    assert journal.entries[1:-1] == one_of_each()
    assert journal.head == bench.recorder.head
    assert verify(bench.recorder.path).ok
    assert bench.failed == []
    assert bench.recorder.lost == 0
    assert bench.recorder.close("again")  # says the same


def test_a_token_comes_back_when_its_entry_is_on_disk(bench: Bench) -> None:
    for number in range(50):
        bench.recorder.put(frame(number))
        bench.recorder.put(TickIn(float(number)), durable=number)
    assert bench.recorder.flush(WAIT_S)
    assert bench.durable == list(range(50))
    assert len(bench.frames) == 50


def test_events_and_checkpoints_do_not_wait_for_their_group(tmp_path: Path) -> None:
    bench = Bench(tmp_path, inline=True)
    bench.recorder.put(frame(1))
    assert bench.frames == []
    bench.recorder.put(happened(2.0, EventKind.AT_TARGET))
    assert len(bench.frames) == 1
    bench.recorder.put(Progress(3.0, b"x"))
    assert read_journal(bench.recorder.path).last(Progress) == Progress(3.0, b"x")


def test_inline_groups_are_cut_by_the_entries_own_time(tmp_path: Path) -> None:
    def recorded(name: str) -> bytes:
        bench = Bench(tmp_path / name, inline=True)
        for number in range(100):
            bench.recorder.put(TickIn(number * 50.0))
            bench.recorder.put(ReplyOut(number, None))
        bench.recorder.close("completed")
        return bench.recorder.path.read_bytes()

    assert recorded("one") == recorded("two")
    groups = read_journal(tmp_path / "one" / "001.journal").groups
    assert len(groups) == 1 + 5 + 1  # the header, 5 s of groups, the end


def test_a_full_disk_is_told_once_and_what_was_acknowledged_is_there(bench: Bench) -> None:
    bench.disk.full_after = 3_000
    for number in range(200):
        bench.recorder.put(frame(number), durable=number)
        bench.recorder.flush(WAIT_S)
    assert bench.failed == [
        "Recording has stopped: No space left on device. The first "
        f"{1 + len(bench.durable)} entries are safe in {bench.recorder.path}, "
        "everything after them is lost."
    ]
    assert not bench.recorder.recording
    assert 0 < len(bench.durable) < 200
    assert bench.recorder.lost == 200 - len(bench.durable)
    assert bench.durable == list(range(len(bench.durable)))
    assert bench.frames == [frame(number) for number in bench.durable]
    assert not bench.recorder.close("completed", WAIT_S)
    journal = read_journal(bench.recorder.path)
    assert journal.intact
    assert journal.truncated_bytes > 0


def test_after_a_failed_sync_nothing_more_is_written(bench: Bench) -> None:
    bench.recorder.put(frame(1), durable=1)
    bench.recorder.flush(WAIT_S)
    bench.disk.sync_fails = OSError(5, "Input/output error")
    bench.recorder.put(frame(2), durable=2)
    assert not bench.recorder.flush(WAIT_S)
    size = bench.recorder.path.stat().st_size
    bench.disk.sync_fails = None
    bench.recorder.put(frame(3), durable=3)
    assert not bench.recorder.flush(WAIT_S)
    assert bench.recorder.path.stat().st_size == size
    assert bench.durable == [1]
    assert len(bench.failed) == 1
    assert "Input/output error" in bench.failed[0]


@pytest.mark.skipif(os.name == "nt", reason="Windows does not remove what is open")
def test_a_removed_folder_is_seen_though_writing_still_succeeds(bench: Bench) -> None:
    bench.recorder.put(frame(1), durable=1)
    assert bench.recorder.flush(WAIT_S)
    shutil.rmtree(bench.folder)
    bench.recorder.put(frame(2), durable=2)
    assert not bench.recorder.flush(WAIT_S)
    assert bench.durable == [1]
    assert len(bench.failed) == 1
    assert "No such file" in bench.failed[0]


@pytest.mark.skipif(os.name == "nt", reason="Windows does not move what is open")
def test_a_folder_that_was_replaced_is_seen(bench: Bench) -> None:
    bench.recorder.put(frame(1), durable=1)
    assert bench.recorder.flush(WAIT_S)
    bench.folder.rename(bench.folder.with_name("elsewhere"))
    bench.folder.mkdir()
    bench.recorder.path.write_bytes(b"another file")
    bench.recorder.put(frame(2), durable=2)
    assert not bench.recorder.flush(WAIT_S)
    assert "replaced" in bench.failed[0]


def test_a_folder_that_cannot_be_written_is_told(bench: Bench) -> None:
    bench.disk.refuses = PermissionError(13, "Permission denied")
    bench.recorder.put(frame(1), durable=1)
    assert not bench.recorder.flush(WAIT_S)
    assert bench.failed == [
        f"No record can be begun in {bench.folder}: Permission denied. All is lost."
    ]
    assert bench.durable == []
    assert bench.recorder.lost == 1
    assert not bench.recorder.close("completed", WAIT_S)


def test_a_folder_that_is_a_file_is_told(bench: Bench) -> None:
    bench.folder.write_bytes(b"")
    bench.recorder.put(frame(1))
    assert not bench.recorder.flush(WAIT_S)
    assert len(bench.failed) == 1


@pytest.mark.skipif(os.name == "nt", reason="folders there have no modes")
def test_a_read_only_folder_is_told(bench: Bench) -> None:
    bench.folder.mkdir(mode=0o500)
    if os.geteuid() == 0:  # who may write anywhere but there
        bench.folder = Path("/sys/kernel/cryoprobe")
    bench.recorder.put(frame(1))
    assert not bench.recorder.flush(WAIT_S)
    assert len(bench.failed) == 1
    assert "No record can be begun" in bench.failed[0]


def test_a_disk_that_is_nearly_full_is_told_and_recorded_to(bench: Bench) -> None:
    bench.disk.free = 480_000_000
    for number in range(5):
        bench.disk.now += 10
        bench.recorder.put(frame(number), durable=number)
        assert bench.recorder.flush(WAIT_S)
    assert bench.failed == ["Only 480 MB are left where the records are kept, 500 MB are needed."]
    assert bench.recorder.recording
    assert bench.durable == list(range(5))


@pytest.mark.hazard("record_failed", "truth")
def test_space_that_runs_out_later_is_seen(bench: Bench) -> None:
    assert bench.recorder.flush(WAIT_S) is True
    bench.disk.free = 100_000_000
    bench.disk.now += 1
    bench.recorder.put(frame(1), durable=1)
    bench.recorder.flush(WAIT_S)
    assert bench.failed == []
    bench.disk.now += 10
    bench.recorder.put(frame(2), durable=2)
    bench.recorder.flush(WAIT_S)
    assert len(bench.failed) == 1


@pytest.mark.hazard("record_failed", "truth")
def test_a_slow_sync_is_told_once_and_counts(bench: Bench) -> None:
    bench.recorder.put(frame(0), durable=0)
    bench.recorder.flush(WAIT_S)
    for number, takes_s in ((1, 1.9), (2, 2.5), (3, 2.5)):
        bench.disk.sync_takes_s = takes_s
        bench.recorder.put(frame(number), durable=number)
        assert bench.recorder.flush(WAIT_S)
    bench.disk.sync_takes_s = 0.0
    assert bench.failed == ["The disk took 2.5 s to store the record."]
    assert bench.durable == [0, 1, 2, 3]


def test_an_entry_that_cannot_be_written_leaves_a_mark(bench: Bench) -> None:
    bad: AnyEntry = FrameIn(5.0, object())  # type: ignore[arg-type]
    for entry in (frame(1), bad, frame(2)):
        bench.recorder.put(entry)
    assert bench.recorder.flush(WAIT_S)
    assert read_journal(bench.recorder.path).entries[1:] == [frame(1), Lost(5.0, 1), frame(2)]
    assert bench.recorder.lost == 1
    assert len(bench.failed) == 1
    assert "FrameIn" in bench.failed[0]


class StuckFile:
    """A file whose second sync waits until it is let go."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entered, self.let_go = threading.Event(), threading.Event()
        self._syncs = 0

    def write(self, data: bytes) -> None:
        with self.path.open("ab") as file:
            file.write(data)

    def sync(self) -> None:
        self._syncs += 1
        if self._syncs == 2:
            self.entered.set()
            assert self.let_go.wait(WAIT_S)

    def close(self) -> None:
        pass


def on_stuck_file(tmp_path: Path, **how: object) -> tuple[Bench, StuckFile]:
    bench = Bench(tmp_path, **how)
    file = StuckFile(tmp_path / "001.journal")
    bench.disk.open = lambda path: file  # type: ignore[method-assign]
    return bench, file


def stuck(tmp_path: Path, **how: object) -> tuple[Bench, StuckFile]:
    bench, file = on_stuck_file(tmp_path, **how)
    bench.recorder.put(frame(0), durable=0)
    assert file.entered.wait(WAIT_S)
    return bench, file


def test_a_group_is_synced_though_nothing_hurries(tmp_path: Path) -> None:
    bench, file = on_stuck_file(tmp_path, group_s=0.001)
    bench.recorder.put(frame(1))
    assert file.entered.wait(WAIT_S)
    file.let_go.set()
    assert bench.recorder.close("completed", WAIT_S)
    assert bench.frames == [frame(1)]


def test_a_stuck_disk_is_told_while_it_is_stuck_and_put_does_not_wait(tmp_path: Path) -> None:
    bench, file = stuck(tmp_path)
    bench.disk.now += 1.9
    bench.recorder.put(frame(1))
    assert bench.failed == []
    bench.disk.now += 0.2
    bench.recorder.put(frame(2))
    assert bench.failed == ["The disk has not answered for 2 s."]
    assert not bench.recorder.flush(0.001)
    assert not bench.recorder.close("completed", 0.001)
    assert "could not be closed" in bench.failed[1]
    file.let_go.set()
    assert bench.recorder.close("completed", WAIT_S)
    assert bench.durable == [0]
    assert bench.frames == [frame(0), frame(1), frame(2)]


def test_when_the_queue_is_full_the_record_says_what_it_lacks(tmp_path: Path) -> None:
    bench, file = stuck(tmp_path, longest_queue=10)
    for number in range(1, 16):
        bench.recorder.put(frame(number))
    assert bench.recorder.lost == 5
    assert bench.failed == ["Entries of the record were lost: the disk does not keep up."]
    file.let_go.set()
    assert bench.recorder.flush(WAIT_S)
    bench.recorder.put(frame(16), durable=16)
    assert bench.recorder.close("completed", WAIT_S)
    entries = read_journal(bench.recorder.path).entries
    assert entries[11:-1] == [frame(10), Lost(11.0, 5), frame(16)]
    assert bench.recorder.lost == 5
    assert bench.durable == [0, 16]


def test_what_was_lost_at_the_very_end_is_marked_too(tmp_path: Path) -> None:
    bench, file = stuck(tmp_path, longest_queue=10)
    for number in range(1, 13):
        bench.recorder.put(frame(number))
    file.let_go.set()
    assert bench.recorder.close("completed", WAIT_S)
    assert read_journal(bench.recorder.path).entries[-2] == Lost(11.0, 2)


def test_after_the_close_nothing_raises_and_it_is_counted(bench: Bench) -> None:
    bench.recorder.close("completed", WAIT_S)
    bench.recorder.put(frame(1), durable=1)
    assert bench.recorder.lost == 1
    assert not bench.recorder.recording
    assert not bench.recorder.flush(WAIT_S)
    assert verify(bench.recorder.path).ok


def test_an_error_in_a_callback_stops_the_recorder_aloud(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    monkeypatch.setattr(threading, "excepthook", lambda args: seen.append(args.exc_type))
    bench = Bench(tmp_path)
    bench.durable = None  # type: ignore[assignment]

    def broken(token: int) -> None:
        raise RuntimeError("a mistake")

    recorder = Recorder(tmp_path, header(), broken, bench._fail, disk=bench.disk)
    recorder.put(frame(1), durable=1)
    assert bench.told.wait(WAIT_S)
    assert "an error of its own" in bench.failed[0]
    assert not recorder.close("completed", WAIT_S)
    assert seen == [RuntimeError]
