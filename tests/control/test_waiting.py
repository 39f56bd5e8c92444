"""Another process of ours still holds the records: it is waited for, and the screen says meanwhile
what is to be done."""

from datetime import UTC, datetime
from pathlib import Path

from core_kit import LIMITS, plan

from console.control.inbox import Inbox
from console.control.loop import monotonic_ms
from console.control.procedure_door import saved
from console.control.state import Config, SavedCase
from console.control.waiting import OPEN_CASE_S, Waiting, open_case_port
from console.model.cycle import CycleRecord, CycleState
from console.model.instruction import Instruction
from console.model.request import ProbeOut
from console.model.snapshot import Phase, Reply, Snapshot
from console.procedure.state import Procedure
from console.records import Header, JournalWriter, Progress, Store
from console.records.entries import RequestIn, ScreenGoneIn
from console.records.lock import StoreLock

PORT = "COM3"


def store_with_a_freeze(folder: Path, phase: Phase = Phase.FREEZING) -> Store:
    """A record that broke off in `phase`, after the gas was on."""
    store = Store(folder)
    place = store.new_session(datetime.now(UTC))
    writer = JournalWriter(
        place.directory / "001.journal",
        Header(
            session=place.session, number=1, reason="new",
            started=datetime.now(UTC).isoformat(), now_ms=0.0, program="p", rules_hash="",
            thresholds={}, port=PORT, previous=None, previous_head=None,
        ),
    )  # fmt: skip
    record = CycleRecord(0, 1, 60.0, CycleState.FREEZING, 1_000)
    proc = Procedure(
        phase=phase, plan=plan(60.0), how="demonstration", records=(record,), last_ms=4_000
    )
    writer.append(Progress(0.0, saved(SavedCase(proc, PORT, 1, "CC-0001"))))
    writer.close("screen lost")
    return store


class Looking:
    """A screen that lets go of the other's lock when it has seen enough."""

    def __init__(self, held: StoreLock | None) -> None:
        self.held, self.shown, self.replies = held, list[Snapshot](), list[Reply]()

    def show(self, snapshot: Snapshot) -> None:
        self.shown.append(snapshot)
        if len(self.shown) == 3 and self.held is not None:
            self.held.release()

    def reply(self, reply: Reply) -> None:
        self.replies.append(reply)


def config() -> Config:
    started = datetime.now().astimezone().isoformat(timespec="milliseconds")
    return Config(PORT, LIMITS, 1, started, monotonic_ms())


def test_a_held_store_is_waited_for_and_the_case_says_close_the_cylinder(tmp_path: Path) -> None:
    store = store_with_a_freeze(tmp_path)
    screen = Looking(store.lock())
    inbox: Inbox[object] = Inbox()
    inbox.put(RequestIn(0.0, 7, ProbeOut("out")))
    lock = Waiting(store, config(), inbox, screen).lock()  # type: ignore[arg-type]
    assert lock is not None
    lock.release()
    first = screen.shown[0].procedure
    assert first.phase is Phase.STOPPED and first.instruction is Instruction.CLOSE_UNCONFIRMED
    assert first.stop_reason.startswith("Screen restarted. Reconnecting")
    assert "close the cylinder" in first.detail
    (reply,) = screen.replies
    assert reply.id == 7 and reply.refused is not None, "nothing is taken in that would be lost"


def test_a_free_store_is_taken_at_once(tmp_path: Path) -> None:
    screen = Looking(None)
    lock = Waiting(Store(tmp_path), config(), Inbox(), screen).lock()
    assert lock is not None and screen.shown == []
    lock.release()


def test_a_screen_that_goes_while_it_waits_ends_the_wait(tmp_path: Path) -> None:
    store = Store(tmp_path)
    held = store.lock()
    inbox: Inbox[object] = Inbox()
    inbox.put(ScreenGoneIn(0.0, "gone"))
    assert Waiting(store, config(), inbox, Looking(None)).lock() is None  # type: ignore[arg-type]
    held.release()


def test_an_open_case_is_found_by_its_record(tmp_path: Path) -> None:
    now_s = datetime.now(UTC).timestamp()
    assert open_case_port(Store(tmp_path / "none"), now_s) is None
    store = store_with_a_freeze(tmp_path / "open")
    assert open_case_port(store, now_s) == PORT
    assert open_case_port(store, now_s + OPEN_CASE_S + 60.0) is None, "yesterday's is no case"
    ended = store_with_a_freeze(tmp_path / "ended", Phase.OUT)
    assert open_case_port(ended, now_s) is None
