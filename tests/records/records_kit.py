"""What the tests of the records share: entries of every kind, and disks that fail."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from console.model.estimate import Band, Estimate
from console.model.event import Event, EventKind
from console.model.plan import Cycle, Plan, Side, Site
from console.model.request import ChoosePlan, Stop
from console.records import (
    AnyEntry,
    Connected,
    Disk,
    DurableIn,
    EstimateIn,
    FlawIn,
    FrameIn,
    GapIn,
    GuiTickIn,
    Happened,
    Header,
    JournalWriter,
    Lost,
    PortIn,
    Progress,
    ReplyOut,
    RequestIn,
    TickIn,
    parse,
)
from console.records.durable import DiskFile, JournalFile
from tests.consoles import RECORDED

PLAN = Plan(
    sites=(
        Site("saphenous", Side.LEFT, (Cycle(120.0), Cycle(120.0))),
        Site("genicular", Side.RIGHT, (Cycle(90.0),)),
    )
)
DEVICE = msgspec.structs.replace(RECORDED, boot_id=77, lockstep=True)


def header(**changes: object) -> Header:
    values = {
        "session": "20261121-094210-7f3a",
        "number": 1,
        "reason": "new",
        "started": "2026-11-21T10:42:10+01:00",
        "now_ms": 1000.25,
        "program": "cryoprobe-console 0.1.0 (7191688)",
        "rules_hash": "ab" * 32,
        "thresholds": {"link_lost_ms": 400.0},
        "port": "sim://n2o",
    }
    return Header(**{**values, **changes})  # type: ignore[arg-type]


def happened(now_ms: float, kind: EventKind, text: str = "", wall: str = "") -> Happened:
    return Happened(now_ms, wall or "2026-11-21T10:43:00+01:00", Event(kind, int(now_ms), text))


def frame(number: int) -> FrameIn:
    return FrameIn(float(number), number.to_bytes(4, "big") + bytes(range(1, 52)))


def one_of_each() -> list[AnyEntry]:
    band = Band(9.1, 8.0, 10.2)
    return [
        FrameIn(1.5, b"\x01\xfe" * 20),
        FlawIn(2.0, 3),
        PortIn(3.0, "opened", "the port is open"),
        RequestIn(4.0, 7, ChoosePlan(PLAN, "case 12", "AB", "demonstration")),
        RequestIn(4.5, 8, Stop("key")),
        GuiTickIn(5.0, 123456),
        TickIn(6.0),
        GapIn(7.0, 812.5),
        DurableIn(8.0, 2),
        EstimateIn(9.0, Estimate(90, band, band, band, 3.0, band)),
        happened(10.0, EventKind.FREEZE_STARTED, "freeze 1 of 3"),
        Progress(11.0, b"\x80opaque\x00"),
        ReplyOut(7, None),
        ReplyOut(8, "there is no gas on"),
        Connected(12.0, DEVICE),
        Lost(13.0, 4),
    ]


def wrote(
    path: Path,
    groups: Sequence[Sequence[AnyEntry]],
    end: str | None = "completed",
    first: Header | None = None,
) -> Path:
    """A journal of these groups; closed with `end`, or left as a killed process leaves it."""
    writer = JournalWriter(path, first or header())
    for group in groups:
        for entry in group:
            writer.append(entry)
        writer.sync()
    if end is None:
        writer.abandon()
    else:
        writer.close(end)
    return path


def numbers(data: bytes) -> list[int]:
    """Which of the frames made by `frame` a journal of these bytes holds."""
    found = parse(data, Path("x")).of(FrameIn)
    return [int.from_bytes(each.raw[:4], "big") for each in found]


class MemoryFile:
    """A file that knows what of it was synced."""

    def __init__(self) -> None:
        self.synced = b""
        self.written: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def sync(self) -> None:
        self.synced += b"".join(self.written)
        self.written.clear()

    def close(self) -> None:
        self.closed = True


class FakeDisk(Disk):
    """A disk with a clock of its own that fails when told: `full_after` bytes it has no space."""

    def __init__(self) -> None:
        self.now = 100.0
        self.free = 10_000_000_000
        self.full_after: int | None = None
        self.sync_takes_s = 0.0
        self.refuses: OSError | None = None
        self.sync_fails: OSError | None = None

    def open(self, path: Path) -> JournalFile:
        if self.refuses is not None:
            raise self.refuses
        return _FailingFile(path, self)

    def free_bytes(self, folder: Path) -> int:
        return self.free

    def now_s(self) -> float:
        return self.now


class _FailingFile(DiskFile):
    def __init__(self, path: Path, disk: FakeDisk) -> None:
        super().__init__(path)
        self._disk = disk
        self._size = 0

    def write(self, data: bytes) -> None:
        room = None if self._disk.full_after is None else self._disk.full_after - self._size
        if room is not None and room < len(data):
            super().write(data[: max(room, 0)])
            raise OSError(28, "No space left on device")
        super().write(data)
        self._size += len(data)

    def sync(self) -> None:
        self._disk.now += self._disk.sync_takes_s
        if self._disk.sync_fails is not None:
            raise self._disk.sync_fails
        super().sync()
