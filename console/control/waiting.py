"""Before a run may record: another process of ours may still be closing its record. It is waited
for, never broken nor killed, and the screen says meanwhile what is to be done."""

import sys
import time
from typing import Final

import msgspec

from console.control.core import Input
from console.control.inbox import Inbox
from console.control.loop import Loop, Screen, monotonic_ms
from console.control.procedure_door import loaded
from console.control.state import Config, SavedCase, State
from console.model.request import Stop
from console.model.snapshot import IN_PATIENT, LinkState, Phase, Reply
from console.procedure.step import resumed
from console.records.entries import RequestIn
from console.records.lock import StoreBusyError, StoreError, StoreLock
from console.records.session import read_session
from console.records.store import Store
from drivers.link.frame import Frame

WAIT_MS: Final = 15_000.0
TRY_EVERY_MS: Final = 100.0
OPEN_CASE_S: Final = 12 * 3_600.0
OPEN_ALREADY: Final = "Cryoprobe is already open, or still closing."
RESTARTED: Final = "Screen restarted. Reconnecting …"
_FREE: Final = "the store is free"


class NoWire:
    """For a run that may not have one."""

    def send(self, frame: Frame) -> None:
        """Nothing is sent."""


class _Refusing(Inbox[Input]):
    """What the screen asks for before there is a case is refused, but for STOP."""

    def __init__(self, inner: Inbox[Input], screen: Screen) -> None:
        super().__init__()
        self._inner, self._screen = inner, screen

    def get(self, timeout_s: float) -> Input | None:
        """The next input, None when there was none in time."""
        given = self._inner.get(timeout_s)
        if isinstance(given, RequestIn) and not isinstance(given.request, Stop):
            self._screen.reply(Reply(given.id, f"{OPEN_ALREADY} Trying again …"))
            return None
        return given


class Waiting:
    """Waits for the store's lock, showing `screen` what is known of the case meanwhile."""

    def __init__(self, store: Store, config: Config, inbox: Inbox[Input], screen: Screen) -> None:
        self._store, self._config = store, config
        self._inbox, self._screen = inbox, screen
        self._lock: StoreLock | None = None
        self._next_ms = 0.0

    def lock(self) -> StoreLock | None:
        """The lock; None when the screen went first. StoreError, in words for the operator, when
        the store cannot be had."""
        self._try()
        if self._lock is None:
            inbox = _Refusing(self._inbox, self._screen)
            loop = Loop(self._config, inbox, wire=NoWire(), screen=self._screen, watch=self._watch)
            self._show_case(loop.state)
            reason = loop.run()
            if reason == OPEN_ALREADY:
                raise StoreError(f"{OPEN_ALREADY} Close it, then connect again.")
        return self._lock

    def _try(self) -> None:
        try:
            self._lock = self._store.lock()
        except StoreBusyError:
            self._next_ms = monotonic_ms() + TRY_EVERY_MS

    def _watch(self, state: State) -> str | None:
        now_ms = monotonic_ms()
        if now_ms < self._next_ms:
            return None
        self._try()
        if self._lock is not None:
            return _FREE
        return OPEN_ALREADY if now_ms - self._config.started_ms > WAIT_MS else None

    def _show_case(self, state: State) -> None:
        """The case that the other process still holds, as far as its record tells: nothing of it
        is known to be safe."""
        state.link_state, state.link_words = LinkState.OPENING, f"{OPEN_ALREADY} Trying again …"
        case = _newest(self._store, time.time())
        if case is None or case.port != self._config.port or case.procedure.phase not in IN_PATIENT:
            return
        procedure, _ = resumed(case.procedure, RESTARTED, same_boot=True)
        state.procedure = msgspec.structs.replace(
            procedure, phase=Phase.STOPPED, stop_reason=RESTARTED
        )
        state.time_thaw(monotonic_ms())


def open_case_port(store: Store, now_s: float) -> str | None:
    """The port of a case that was broken off with the probe in the patient, within OPEN_CASE_S;
    None where there is none. `now_s`: since 1970."""
    case = _newest(store, now_s)
    in_patient = case is not None and case.procedure.phase in IN_PATIENT
    return case.port if case is not None and in_patient else None


def _newest(store: Store, now_s: float) -> SavedCase | None:
    """The last checkpoint of the newest session, where that has not ended and is not old."""
    try:
        folder = next(iter(store.folders()), None)
        if folder is None:
            return None
        session = read_session(folder)
        written_s = max(each.path.stat().st_mtime for each in session.journals)
        progress = None if session.ended or now_s - written_s > OPEN_CASE_S else session.progress
        return None if progress is None else loaded(progress.state)
    except (OSError, ValueError) as error:
        print(f"cryoprobe: the last record cannot be read: {error}", file=sys.stderr)
        return None
