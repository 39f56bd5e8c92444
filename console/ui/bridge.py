"""Between the control process and the window: messages come over, ticks go back, and a control
process that falls silent is replaced. Nothing here waits on the main thread."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from console.model.alarm import AlarmEntry
from console.model.event import Event
from console.model.pipe import ScreenAlarm
from console.model.quantities import number
from console.model.request import AnyRequest, ProbeOut
from console.model.snapshot import IN_PATIENT, LinkState, Reply, Sample, Snapshot
from console.ui.kit.bell import Bell

SILENT_S: Final = 0.5
START_S: Final = 5.0
"""How long a new control process may take to its first snapshot."""
TRIES: Final = 3
TRIES_WITHIN_S: Final = 30.0
WATCH_MS: Final = 100
UNTOLD_LIMIT: Final = 200
"""Alarms of the screen that wait for a control process; the oldest are left out beyond it."""
_SLEPT_S: Final = 0.25
"""A longer pause of the watch itself: this process slept, and hears before it judges."""

Message = Snapshot | Reply


class Client(Protocol):
    """The near end of a control process (console.control.client.ControlClient)."""

    def start(self) -> None: ...  # noqa: D102
    def ask(self, request: AnyRequest) -> int: ...  # noqa: D102
    def tick(self, snapshot: int) -> None: ...  # noqa: D102
    def tell(self, alarm: ScreenAlarm) -> None: ...  # noqa: D102
    def kill(self) -> None: ...  # noqa: D102
    def close(self) -> None: ...  # noqa: D102


MakeClient = Callable[[str, Callable[[Message], None], Callable[[str], None]], Client]
"""Port, on_message, on_gone: the two are called on the client's reader thread."""


class Inbox:
    """What one client has said and the window has not yet taken. The newest snapshot wins; the
    samples, events and alarms of those it overwrites are kept, in order. `wake` is called once
    until the next `take`."""

    def __init__(self, wake: Callable[[], None], clock: Callable[[], float]) -> None:
        self._wake, self._clock = wake, clock
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._samples: list[Sample] = []
        self._events: list[Event] = []
        self._alarm_log: list[AlarmEntry] = []
        self._replies: list[Reply] = []
        self._gone: str | None = None
        self._woken = False
        self.heard_at: float | None = None  # of the newest snapshot

    def put(self, message: Message) -> None:
        """A message, on the reader thread."""
        with self._lock:
            if isinstance(message, Snapshot):
                self.heard_at = self._clock()
                self._snapshot = message
                self._samples += message.samples
                self._events += message.events
                self._alarm_log += message.alarm_log
            else:
                self._replies.append(message)
            wake, self._woken = not self._woken, True
        if wake:
            self._wake()

    def gone(self, reason: str) -> None:
        """The pipe is closed or the process has ended, on the reader thread."""
        with self._lock:
            self._gone = reason
        self._wake()

    def take(self) -> tuple[Snapshot | None, list[Reply], str | None]:
        """All there is, on the main thread."""
        with self._lock:
            snapshot, self._snapshot = self._snapshot, None
            if snapshot is not None:
                snapshot = msgspec.structs.replace(
                    snapshot,
                    samples=tuple(self._samples),
                    events=tuple(self._events),
                    alarm_log=tuple(self._alarm_log),
                )
                self._samples, self._events, self._alarm_log = [], [], []
            replies, self._replies = self._replies, []
            self._woken = False
            return snapshot, replies, self._gone


class Bridge(QObject):
    """Owns the control process of the chosen port.

    `apply` is called on the main thread with each snapshot; when it returns, the tick with the
    snapshot's number goes back: that is the screen's lease. If it raises, no tick goes. Why a
    control process was lost, or given up, is said in English, as it speaks itself."""

    refused = Signal(object, str)
    control_lost = Signal(str)
    gave_up = Signal(str)

    def __init__(
        self,
        make_client: MakeClient,
        apply: Callable[[Snapshot], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._make_client, self._apply, self._clock = make_client, apply, clock
        self._port: str | None = None
        self._client: Client | None = None
        self._inbox: Inbox | None = None
        self._asked: dict[int, AnyRequest] = {}
        self._later: list[AnyRequest] = []  # until a control process has taken up the case
        self._untold: deque[ScreenAlarm] = deque(maxlen=UNTOLD_LIMIT)
        self._confidant: Client | None = None  # who was told of them
        self._losses: deque[float] = deque(maxlen=TRIES + 1)
        self._awake_since = self._watched_at = clock()
        self._news = Bell(self._take, self)
        self._burial = Bell(self._after_burial, self)
        self._watch = QTimer(self)
        self._watch.setInterval(WATCH_MS)
        self._watch.timeout.connect(self.watch)
        self._watch.start()

    # --- for the window -----------------------------------------------------------------------

    def open(self, port: str) -> None:
        """Starts a control process for `port`; one that ran before is ended first, apart."""
        self.leave()
        self._later.clear()
        self._port = port
        self._losses.clear()
        self._start()

    def again(self) -> None:
        """Tries once more after `gave_up`."""
        if self._port is not None and self._client is None:
            self._losses.clear()
            self._start()

    def ask(self, request: AnyRequest) -> None:
        """Passes a request on. Without a control process there is nobody to ask: the gas is off
        then by the device's own lease. That the probe is out is kept for the next one: what
        happened to the patient can be told at any time."""
        if self._client is not None and self._client is self._confidant:
            self._asked[self._client.ask(request)] = request
        elif isinstance(request, ProbeOut):
            self._later.append(request)
            self.refused.emit(request, "Kept: it is recorded as soon as the control program runs")
        elif self._client is not None:
            self._asked[self._client.ask(request)] = request

    def tell(self, alarm: ScreenAlarm) -> None:
        """Passes on what became of an alarm of the screen itself, or keeps it for the next control
        process, until one has it in its book."""
        self._untold.append(alarm)
        if self._client is not None and self._client is self._confidant:
            self._client.tell(alarm)

    def leave(self) -> None:
        """Ends the control process orderly, apart from the main thread."""
        self._port = None
        client = self._drop()
        if client is not None:
            threading.Thread(target=client.close, name="end-control", daemon=False).start()

    def close(self) -> None:
        """Ends it orderly and waits: for the end of the application."""
        self._watch.stop()
        self._port = None
        client = self._drop()
        if client is not None:
            client.close()
        self._news.silence()
        self._burial.silence()

    # --- what comes ---------------------------------------------------------------------------

    def _start(self) -> None:
        port = self._port
        if port is None:
            return
        inbox = Inbox(self._news.ring, self._clock)
        self._inbox = inbox
        self._awake_since = self._clock()
        client = self._make_client(port, inbox.put, inbox.gone)
        self._client = client
        try:
            client.start()
        except OSError as error:
            self._lose(str(error))

    def _take(self, _: object = None) -> None:
        inbox, client = self._inbox, self._client
        if inbox is None or client is None:
            return
        snapshot, replies, gone = inbox.take()
        for reply in replies:
            request = self._asked.pop(reply.id, None)
            if request is not None and reply.refused is not None:
                self.refused.emit(request, reply.refused)
        if snapshot is not None:
            self._tell_anew(snapshot, client)
            self._apply(snapshot)
            client.tick(snapshot.number)
        if gone is not None and client is self._client:
            self._lose(gone)

    def _tell_anew(self, snapshot: Snapshot, client: Client) -> None:
        """The first snapshot of a control process brings what the book holds already, and so what
        the one before it wrote before it was lost."""
        if self._untold and snapshot.alarm_log:
            kept = {(each.wall, each.turn, each.alarm) for each in snapshot.alarm_log}
            rest = [a for a in self._untold if (a.wall, a.turn, a.alarm) not in kept]
            self._untold = deque(rest, maxlen=UNTOLD_LIMIT)
        if client is not self._confidant:
            self._confidant = client
            for alarm in self._untold:
                client.tell(alarm)
        taken_up = snapshot.link.state is LinkState.OPEN and snapshot.procedure.phase in IN_PATIENT
        if self._later and taken_up:
            later, self._later = self._later, []
            for request in later:
                self.ask(request)

    def watch(self) -> None:
        """Looks for silence. Called by the bridge's own timer."""
        now = self._clock()
        if now - self._watched_at > _SLEPT_S:
            self._awake_since = now
        self._watched_at = now
        inbox = self._inbox
        if self._client is None or inbox is None:
            return
        heard = inbox.heard_at
        if heard is None:
            if now - self._awake_since > START_S:
                self._lose(f"no answer within {number(START_S, 0)} s of its start")
        elif now - max(heard, self._awake_since) > SILENT_S:
            self._lose(f"silent for {number(SILENT_S)} s")

    # --- loss and return ----------------------------------------------------------------------

    def _drop(self) -> Client | None:
        client, self._client, self._inbox = self._client, None, None
        self._asked.clear()
        return client

    def _lose(self, reason: str) -> None:
        client = self._drop()
        if client is None:
            return
        self._losses.append(self._clock())
        self._reason = reason
        port = self._port
        threading.Thread(
            target=self._bury, args=(client, port), name="bury-control", daemon=True
        ).start()
        self.control_lost.emit(reason)

    def _bury(self, client: Client, port: str | None) -> None:
        try:
            client.kill()
        finally:
            self._burial.ring(port)

    def _after_burial(self, port: object) -> None:
        if self._port is None or port != self._port or self._client is not None:
            return  # another console was chosen meanwhile
        since = self._clock() - TRIES_WITHIN_S
        if sum(at >= since for at in self._losses) > TRIES:
            self.gave_up.emit(self._reason)
        else:
            self._start()
