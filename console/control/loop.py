"""The loop: one queue in, the core, and what it asks for out. It never blocks.

Everything slow has a thread of its own (port, screen pipe, journal, estimate). The loop wakes every
20 ms without an input, and notices when it has not run.
"""

import sys
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final, Protocol

import msgspec

from console.control import core, picture
from console.control.inbox import Inbox
from console.control.outputs import (
    AlarmTold,
    Checkpoint,
    CylinderTold,
    Feed,
    Finish,
    Output,
    Renew,
    Tell,
    Transmit,
)
from console.control.recorded import failure, recorded
from console.control.state import Config, SavedCase, State
from console.model.alarm import Alarm, AlarmEntry, AlarmTurn, Kept
from console.model.cylinder import Cylinder
from console.model.request import AnyRequest
from console.model.snapshot import Reply, Sample, Snapshot
from console.records.entries import (
    AnyEntry,
    ClockIn,
    CylinderIn,
    DurableIn,
    GapIn,
    GuiTickIn,
    KeptIn,
    PortIn,
    RequestIn,
    TickIn,
)
from console.safety.interlocks import host_slept
from drivers.inputs.address import is_simulator
from drivers.link.frame import Flaw, Frame, decode

WAKE_EVERY_MS: Final = 20.0
SNAPSHOT_EVERY_MS: Final = 50.0
FRESH_APART_MS: Final = 25.0
"""A new reading is shown at once, unless a snapshot went out this short a time ago."""
_GRACE_MS: Final = 10.0
"""After one the next is waited for that much longer, so that snapshots fall in step with frames."""
CLOCK_EVERY_MS: Final = 1_000.0
"""How often the computer's clock is looked at."""
CLOCK_STEP_MS: Final = 1_000.0
"""A difference to the monotonic clock that no drift makes: it was set, or the computer slept."""
ERRORS_FORGIVEN: Final = 3
"""Unhandled exceptions, each ending in the safe state, before the process gives up."""


def monotonic_ms() -> float:
    """The loop's clock."""
    return time.monotonic_ns() / 1e6


class Wire(Protocol):
    """Where frames go."""

    def send(self, frame: Frame) -> None:
        """Queues one frame; never blocks."""


class Record(Protocol):
    """Where entries go."""

    def put(self, entry: AnyEntry, durable: int | None = None) -> None:
        """Takes an entry; never blocks. With a token, DurableIn comes when it is on disk."""


class Book(Protocol):
    """Where alarms are kept beyond this run."""

    @property
    def kept(self) -> tuple[Kept, ...]:
        """What stays with each console, as this run begins."""

    def put(self, wall: str, console: str, turn: AlarmTurn, alarm: Alarm) -> object:
        """Takes an entry; never blocks."""

    def fresh(self) -> tuple[AlarmEntry, ...]:
        """The entries since the last call."""


class CylinderKeeper(Protocol):
    """Where the contents of cylinders are kept beyond this run."""

    @property
    def known(self) -> Mapping[str, Cylinder]:
        """By the serial number of the console, as this run begins."""

    def put(self, console: str, cylinder: Cylinder) -> None:
        """Takes what is known now; never blocks."""


class Screen(Protocol):
    """Who looks on."""

    def reply(self, reply: Reply) -> None:
        """The answer to a request."""

    def show(self, snapshot: Snapshot) -> None:
        """The newest snapshot."""


Operator = Callable[[State, float], Iterable[AnyRequest]]
"""A headless run's hands: asked after each evaluated observation, so that what it wants falls on
the same moment of device time every time."""


class Loop:
    """Joins the core with its edges.

    `on_renew` closes the record with the outcome that it is given, and gives a new one, its
    journal's name and the configuration in its header, when one session ends and another begins.
    `watch` may end the run, with its reason in words. `wall` is the computer's clock with its zone,
    looked at for steps; None: it is read no more after the start.
    """

    def __init__(
        self,
        config: Config,
        inbox: Inbox[core.Input],
        *,
        wire: Wire,
        screen: Screen | None = None,
        operator: Operator | None = None,
        feed: Callable[[Sample], None] | None = None,
        on_renew: Callable[[str, Config], tuple[Record, str, Config]] | None = None,
        watch: Callable[[State], str | None] | None = None,
        resume_from: SavedCase | None = None,
        clock: Callable[[], float] = monotonic_ms,
        wall: Callable[[], datetime] | None = None,
    ) -> None:
        self.state = core.begin(config, resume_from)
        self.replies: list[Reply] = []
        self._inbox = inbox
        self._wire = wire
        self._record: Record = _NoRecord()
        self._journal: str | None = None
        self._screen, self._operator, self._feed = screen, operator, feed
        self._on_renew = on_renew
        self._book: Book | None = None
        self._cylinders: CylinderKeeper | None = None
        self._watch = watch
        self._clock = clock
        self._wall = wall
        self._wall_looked_ms = clock()
        self._durable: list[int] = []
        self._asked = 0
        self._errors = 0
        self._finished: str | None = None

    def record_to(self, record: Record, journal: str) -> None:
        """Everything from here on goes into `record`, whose journal is at `journal`."""
        self._record, self._journal = record, journal

    def keep_in(self, book: Book) -> None:
        """Alarms from here on go into `book`; what it says that stays with a console does, except
        where the port is a simulator's own: that one has never run before."""
        self._book = book
        if book.kept and not is_simulator(self.state.config.port):
            self.take(KeptIn(self._clock(), book.kept))

    def cylinders_in(self, book: CylinderKeeper) -> None:
        """Contents and use from here on go into `book`; what it knows is known, except where the
        port is a simulator's own: its cylinder begins with it."""
        if not is_simulator(self.state.config.port):
            self._cylinders = book
            for console, cylinder in book.known.items():
                self.take(CylinderIn(self._clock(), console, cylinder))

    def durable(self, token: int) -> None:
        """A record that works inside `put` says that an entry is on disk; the core hears of it when
        the outputs of this step are done."""
        self._durable.append(token)

    def run(self) -> str:
        """Runs until the core or the caller's inputs end it; the reason in words."""
        last_ms = self._clock()
        next_wake_ms, next_show_ms = last_ms + WAKE_EVERY_MS, last_ms
        fresh_from_ms = last_ms
        slept_ms = self.state.config.limits[host_slept.GAP_MS]
        while self._finished is None:
            wait_s = max(0.0, (min(next_wake_ms, next_show_ms) - self._clock()) / 1_000)
            given = self._inbox.get(wait_s)
            now_ms = self._clock()
            if now_ms - last_ms > slept_ms:
                self.take(GapIn(now_ms, now_ms - last_ms))
            last_ms = now_ms
            seen = self.state.observation
            if given is not None:
                self.take(_stamped(given, now_ms))
            if now_ms >= next_wake_ms:
                next_wake_ms = now_ms + WAKE_EVERY_MS
                self.take(TickIn(now_ms))
                self._look_at_clock()
                if self._watch is not None and self._finished is None:
                    self._finished = self._watch(self.state)
            fresh = self.state.observation is not seen and now_ms >= fresh_from_ms
            if fresh or now_ms >= next_show_ms:
                next_show_ms = now_ms + SNAPSHOT_EVERY_MS + (_GRACE_MS if fresh else 0.0)
                fresh_from_ms = now_ms + FRESH_APART_MS
                self._show(now_ms)
        self._show(self._clock())
        return self._finished

    def take(self, given: core.Input) -> None:
        """One input: into the record, through the core, and out."""
        try:
            before = self.state.observation
            self._put_through(given)
            if self._operator is not None and self.state.observation is not before:
                for request in self._operator(self.state, given.now_ms):
                    self._asked += 1
                    self._put_through(RequestIn(given.now_ms, self._asked, request))
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            self._errors += 1
            self._put_through(failure(given.now_ms, error))
            if self._errors > ERRORS_FORGIVEN:
                raise

    def _put_through(self, given: core.Input) -> None:
        # Before the step: one that raises has changed the core as well.
        self._record.put(given.entry if isinstance(given, core.Decoded) else given)
        for output in core.step(self.state, given):
            self._one(given.now_ms, output)
        while self._durable:
            token = self._durable.pop(0)
            self._put_through(DurableIn(self._clock(), token))

    def _one(self, now_ms: float, output: Output) -> None:
        if isinstance(output, Transmit):
            self._wire.send(output.frame)  # a STOP does not even wait for its entry
        entry = recorded(self.state, now_ms, output)
        if entry is not None:
            token = output.token if isinstance(output, Checkpoint) else None
            self._record.put(entry, durable=token)
        match output:
            case Tell():
                if self._screen is not None:
                    self._screen.reply(output.reply)
                else:
                    self.replies.append(output.reply)
            case AlarmTold():
                if self._book is not None:
                    self._book.put(output.wall, output.console, output.turn, output.alarm)
            case CylinderTold():
                if self._cylinders is not None:
                    self._cylinders.put(output.console, output.cylinder)
            case Feed():
                if self._feed is not None:
                    self._feed(output.sample)
            case Renew():
                self._renew(output.outcome)
            case Finish():
                self._finished = output.reason

    def _renew(self, outcome: str) -> None:
        if self._on_renew is None:
            self._finished = outcome
            return
        old = self.state
        record, journal, config = self._on_renew(outcome, old.config)
        self.record_to(record, journal)
        self.state = core.begin(config)
        self.state.snapshots = old.snapshots
        if old.kept:
            self.take(KeptIn(self._clock(), old.kept))
        for console, cylinder in old.cylinders.items():
            self.take(CylinderIn(self._clock(), console, cylinder))
        if old.tick_ms is not None:
            self.take(GuiTickIn(old.tick_ms, old.snapshots))
        if old.port_open:
            self.take(PortIn(self._clock(), core.PORT_OPENED, ""))

    def _look_at_clock(self) -> None:
        before_ms = self._clock()
        if self._wall is None or before_ms - self._wall_looked_ms < CLOCK_EVERY_MS:
            return
        wall, now_ms = self._wall(), self._clock()
        if now_ms - before_ms > CLOCK_STEP_MS / 4:
            return  # held up between the two: a moment later they can be compared
        self._wall_looked_ms = now_ms
        told = datetime.fromisoformat(self.state.wall(now_ms))
        step_ms = abs((wall - told).total_seconds()) * 1_000
        if step_ms > CLOCK_STEP_MS or wall.utcoffset() != told.utcoffset():
            self.take(ClockIn(now_ms, wall.isoformat(timespec="milliseconds")))

    def _show(self, now_ms: float) -> None:
        if self._screen is not None:
            fresh = self._book.fresh() if self._book is not None else ()
            self._screen.show(picture.snapshot(self.state, now_ms, self._journal, fresh))


class _NoRecord:
    """For a run that may not have one."""

    def put(self, entry: AnyEntry, durable: int | None = None) -> None:
        """Nothing is kept, and nothing is told to be."""


def chunk_input(now_ms: float, raw: bytes) -> core.Decoded:
    """Bytes between two zeros as an input: a frame that is one, or its flaw."""
    return core.Decoded(now_ms, raw, decode(raw) if raw else Flaw.TOO_LONG)


def _stamped(given: core.Input, now_ms: float) -> core.Input:
    # An input counts from when the loop takes it in: that is what the decisions rest on.
    return msgspec.structs.replace(given, now_ms=now_ms)
