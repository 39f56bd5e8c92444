"""The journal's own thread and queue: the control loop never waits for the disk."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from console.records.entries import AnyEntry, Happened, Header, Lost, Progress, RequestIn
from console.records.keeper import Disk, Item, Keeper
from console.records.names import journal_name

GROUP_S: Final = 1.0
"""No entry waits longer than this for its sync."""
LONGEST_QUEUE: Final = 20_000
"""Entries, some minutes of a session: more only wait when the disk is stuck."""
AT_ONCE: Final = (RequestIn, Happened, Progress)
"""Kinds that are synced at once; the others go in groups."""


class Recorder:
    """Records one journal, `directory / journal_name(header.number)`, from its making to `close`.

    `put` never blocks and never raises; nor does the making. `on_durable(token)` says that the
    entry put with that token, and all before it, are on disk. `on_failed(words)` is called once for
    each kind of trouble: the disk is nearly full or slow (recording goes on), or something could
    not be recorded. After a failed write nothing more is written (see JournalWriter), tokens are
    no longer answered, `recording` is False and `lost` counts what is missing.

    Both callbacks come from the recorder's thread or from inside `put`, and must only pass the
    word on. With `inline` there is no thread: everything happens inside the calls, and groups are
    cut by the entries' own `now_ms`, so that the same entries give the same journal.
    """

    def __init__(
        self,
        directory: Path,
        header: Header,
        on_durable: Callable[[int], None],
        on_failed: Callable[[str], None],
        *,
        inline: bool = False,
        disk: Disk | None = None,
        group_s: float = GROUP_S,
        longest_queue: int = LONGEST_QUEUE,
    ) -> None:
        path = directory / journal_name(header.number)
        self._keeper = Keeper(path, header, on_durable, on_failed, disk or Disk())
        self._group_s = group_s
        self._longest_queue = longest_queue
        self._wake = threading.Condition()
        self._waiting: list[Item] = []
        self._put = 0
        self._done = 0
        self._begun = False
        self._hurry = False
        self._overflow = 0
        self._overflow_ms: float | None = None
        self._closing: str | None = None
        self._ended: bool | None = None
        self._first_ms: float | None = None
        self._thread: threading.Thread | None = None
        if inline:
            self._keeper.begin()
        else:
            self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)
            self._thread.start()

    @property
    def path(self) -> Path:
        """The journal's file; with a thread it is made soon after the recorder."""
        return self._keeper.path

    @property
    def head(self) -> str:
        """The hash of the last synced group, hex; empty before the first."""
        return self._keeper.head

    @property
    def recording(self) -> bool:
        """Whether what is put goes to disk: from the making to a failure or the close."""
        return self._keeper.recording

    @property
    def lost(self) -> int:
        """Entries that are not in the journal and will never be."""
        return self._keeper.lost + self._overflow

    def put(self, entry: AnyEntry, durable: int | None = None) -> None:
        """Takes an entry. With a token it is synced at once, and `on_durable` will name it."""
        if self._thread is None:
            self._put_inline(entry, durable)
            return
        self._keeper.look_stuck()
        with self._wake:
            closed = self._closing is not None
            full = len(self._waiting) >= self._longest_queue
            if not closed and not full:
                self._take(entry, durable)
                return
            if self._overflow == 0:
                self._overflow_ms = _now_ms(entry)
            self._overflow += 1
        if not closed:
            self._keeper.tell("lost", "Entries of the record were lost: the disk does not keep up.")

    def flush(self, timeout: float | None = None) -> bool:
        """Waits until everything put is on disk. False when it is not within `timeout` s."""
        if self._thread is None:
            self._keep_inline()
            return self.recording
        with self._wake:
            target = self._put
            self._hurry = True
            self._wake.notify_all()
            done = self._wake.wait_for(lambda: self._begun and self._done >= target, timeout)
            return done and self.recording

    def close(self, reason: str, timeout: float = 5.0) -> bool:
        """Records what was put, ends the journal with `reason` in words, and waits for it, at most
        `timeout` s. True when the end is on disk. What is put afterwards is lost."""
        if self._thread is None:
            if self._ended is None:
                self._keep_inline()
                self._ended = self._keeper.end(reason)
            return self._ended
        with self._wake:
            if self._closing is None:
                self._closing = reason
            self._wake.notify_all()
        self._thread.join(timeout)
        if self._thread.is_alive():
            self._keeper.tell("lost", "The record could not be closed: the disk does not answer.")
        return bool(self._ended)

    def _take(self, entry: AnyEntry, durable: int | None) -> None:
        if self._overflow:
            self._waiting.append((self._lost_mark(), None))
        self._waiting.append((entry, durable))
        self._put += 1
        if durable is not None or isinstance(entry, AT_ONCE):
            self._hurry = True
        if self._hurry or len(self._waiting) == 1:
            self._wake.notify_all()

    def _lost_mark(self) -> Lost:
        mark = Lost(self._overflow_ms, self._overflow)
        self._keeper.lost += self._overflow
        self._overflow = 0
        return mark

    def _put_inline(self, entry: AnyEntry, durable: int | None) -> None:
        self._waiting.append((entry, durable))
        now_ms = _now_ms(entry)
        if self._first_ms is None:
            self._first_ms = now_ms
        full = (
            now_ms is not None
            and self._first_ms is not None
            and now_ms - self._first_ms >= self._group_s * 1000
        )
        if full or durable is not None or isinstance(entry, AT_ONCE):
            self._keep_inline()

    def _keep_inline(self) -> None:
        batch, self._waiting, self._first_ms = self._waiting, [], None
        if batch:
            self._keeper.keep(batch)

    def _run(self) -> None:
        try:
            self._keeper.begin()
            self._begun = True
            while self._ended is None:
                batch, closing = self._next_batch()
                if batch:
                    self._keeper.keep(batch)
                if closing is not None:
                    self._ended = self._keeper.end(closing)
                with self._wake:
                    self._done += sum(not isinstance(entry, Lost) for entry, _ in batch)
                    self._wake.notify_all()
        finally:
            if self._ended is None:
                self._keeper.give_up("the recorder met an error of its own", 0)
                self._ended = False

    def _next_batch(self) -> tuple[list[Item], str | None]:
        with self._wake:
            self._wake.wait_for(lambda: self._waiting or self._hurry or self._closing is not None)
            self._wake.wait_for(lambda: self._hurry or self._closing is not None, self._group_s)
            self._hurry = False
            batch, self._waiting = self._waiting, []
            if self._closing is not None and self._overflow:
                batch.append((self._lost_mark(), None))
            return batch, self._closing


def _now_ms(entry: AnyEntry) -> float | None:
    found = getattr(entry, "now_ms", None)
    return found if isinstance(found, float) else None
