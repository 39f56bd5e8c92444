"""A record begins with its console; a run that never had one leaves nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from records_kit import DEVICE, FakeDisk, frame, header

from console.cli import main
from console.records import Connected, Progress, Recorder, Store, read_journal
from console.records.waiting import LONGEST_WAIT, WaitingRecord

NAME = "20261121-094210-7f3a"
PLAN = Path(__file__).parents[2] / "examples" / "three-by-two.toml"
Made = Callable[..., WaitingRecord]


@pytest.fixture(params=[True, False], ids=["inline", "thread"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    def record(disk: FakeDisk | None = None, said: Callable[[str], None] = print) -> WaitingRecord:
        folder = tmp_path / NAME
        return WaitingRecord(
            folder / "001.journal",
            lambda: Recorder(
                folder, header(), lambda token: None, said, inline=request.param, disk=disk
            ),
        )

    return record


def test_without_a_console_nothing_is_written(made: Made, tmp_path: Path) -> None:
    record = made()
    for number in range(100):
        record.put(frame(number))
    assert list(tmp_path.iterdir()) == []
    assert record.close("cannot run") and record.lost == 0
    assert list(tmp_path.iterdir()) == []
    assert not record.stays


@pytest.mark.parametrize("count", [3, LONGEST_WAIT + 3])
def test_with_its_console_everything_before_is_there_in_order(made: Made, count: int) -> None:
    record = made()
    entries = [*(frame(number) for number in range(count)), Connected(1.0, DEVICE), frame(7)]
    for entry in entries:
        record.put(entry)
    assert record.stays and record.close("completed") and record.lost == 0
    assert read_journal(record.path).entries[1:-1] == entries


def test_what_must_be_durable_is_written_without_a_console_too(made: Made) -> None:
    record = made()
    record.put(frame(1))
    record.put(Progress(2.0, b"x"), durable=1)
    assert record.close("ended")
    assert [type(each).__name__ for each in read_journal(record.path).entries] == [
        "Header", "FrameIn", "Progress", "End",
    ]  # fmt: skip


def test_a_long_wait_is_on_disk_and_goes_at_the_end(made: Made, tmp_path: Path) -> None:
    record = made()
    for number in range(LONGEST_WAIT + 1):
        record.put(frame(number))
    assert record.close("cannot run")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fails_is_told_when_the_record_begins(made: Made, tmp_path: Path) -> None:
    disk, said = FakeDisk(), list[str]()
    disk.refuses = OSError(28, "No space left on device")
    record = made(disk, said.append)
    record.put(frame(1))
    assert said == []
    record.put(Connected(1.0, DEVICE))
    assert not record.close("completed")
    assert record.lost == 2
    assert len(said) == 1 and "No space left" in said[0]


@pytest.mark.parametrize("port", ["/dev/nothing-there", "socket://127.0.0.1:1", "sim://n2o?gas=x"])
def test_a_run_on_a_port_that_does_not_exist_leaves_no_session(
    port: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["run", str(PLAN), "--port", port, "--records", str(tmp_path)])
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert Store(tmp_path).folders() == []
    assert [each for each in tmp_path.iterdir() if each.is_dir()] == []
