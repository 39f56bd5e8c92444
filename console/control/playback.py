"""A recorded session played: its inputs through the core again, as fast as it is told, and the
snapshots of the core on the way. Pure; nothing is sent and nothing written."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec

from console.control import picture, replay
from console.control.outputs import AlarmTold, Feed, History
from console.control.state import State
from console.model.alarm import AlarmEntry
from console.model.event import Event
from console.model.playback import Position
from console.model.snapshot import Sample, Snapshot
from console.records.entries import EstimateIn
from console.records.reading import Journal
from console.safety.limits import Limits

LONGEST_PAUSE_MS: Final = 1_000.0
"""A longer silence of the record (the computer slept, the port was not there) is passed over."""


class Playback:
    """Played from the first entry of `journals` to the last. Raises ReplayError for those that
    cannot be replayed.

    Its time is the host's, as the record has it. A session in lockstep has no pace of its own: its
    time is the device's.
    """

    def __init__(
        self, journals: Sequence[Journal], limits: Limits, *, as_recorded: bool = False
    ) -> None:
        self._journals, self._limits, self._as_recorded = tuple(journals), limits, as_recorded
        for journal in self._journals:
            replay.begun(journal, limits, as_recorded=as_recorded)
        self._count = max(1, sum(journal.count for journal in self._journals))
        self._walk = self._taken()
        self._state: State | None = None
        self._now_ms = self._elapsed_ms = self._goal_ms = 0.0
        self._beat: tuple[bool, float] | None = None
        self._samples: list[Sample] = []
        self._events: list[Event] = []
        self._alarm_log: list[AlarmEntry] = []
        self._alarms = self._shown = 0
        self.position = Position()
        self.advance(LONGEST_PAUSE_MS / 1_000, lambda: self._state is not None)

    def advance(self, by_s: float, enough: Callable[[], bool] = lambda: False) -> None:
        """Plays `by_s` seconds of the record on, or as far as it gets until `enough` says so."""
        self._goal_ms += by_s * 1_000
        behind = False
        while self.position.ended is None and self._elapsed_ms < self._goal_ms and not behind:
            self._one()
            behind = enough()
        if behind:
            self._goal_ms = self._elapsed_ms
        self.position = msgspec.structs.replace(
            self.position,
            wall=self._state.wall(self._now_ms) if self._state is not None else "",
            elapsed_s=self._elapsed_ms / 1_000,
            behind=behind,
        )

    def picture(self) -> Snapshot | None:
        """What the screen showed here; None for a record without an entry. Takes the samples and
        events since the last one."""
        state = self._state
        if state is None:
            return None
        self._shown += 1
        shot = msgspec.structs.replace(
            picture.snapshot(
                state, self._now_ms, str(self._journals[-1].path), tuple(self._alarm_log)
            ),
            number=self._shown,
            samples=tuple(self._samples),
            events=tuple(self._events),
        )
        self._samples, self._events, self._alarm_log = [], [], []
        return shot

    def _taken(self) -> Iterator[tuple[int, replay.Taken]]:
        """Each step with the number of entries before it."""
        before = 0
        for journal in self._journals:
            self._beat = None
            for taken in replay.replayed(journal, self._limits, as_recorded=self._as_recorded):
                yield before + taken.step.number, taken
            before += journal.count

    def _one(self) -> None:
        try:
            found = next(self._walk, None)
        except replay.ReplayError as error:
            self._end(str(error))
            return
        if found is None:
            last = self._journals[-1]
            self._end("; ".join(replay.breaks(last)) or (last.end.reason if last.end else ""))
            return
        entries, taken = found
        self._state = taken.state
        if not isinstance(taken.step.given, EstimateIn):  # may come when all is over
            self._now_ms = taken.step.given.now_ms
        self._elapsed_ms += self._lasted(taken.state)
        self._gather(taken)
        self.position = msgspec.structs.replace(self.position, share=entries / self._count)

    def _end(self, words: str) -> None:
        self.position = msgspec.structs.replace(self.position, share=1.0, ended=words)

    def _lasted(self, state: State) -> float:
        """Milliseconds since the step before."""
        seen = state.observation
        if state.clock.lockstep and seen is not None:
            beat = (True, float(seen.at_ms))
        else:
            beat = (False, self._now_ms)
        before, self._beat = self._beat, beat
        if before is None or before[0] is not beat[0]:
            return 0.0
        return min(max(0.0, beat[1] - before[1]), LONGEST_PAUSE_MS)

    def _gather(self, taken: replay.Taken) -> None:
        # From what the core asks for: a run without a screen kept none of it for one.
        for output in taken.out:
            match output:
                case Feed():
                    self._samples.append(output.sample)
                case History():
                    self._events.append(output.event)
                case AlarmTold():
                    self._alarms += 1
                    self._alarm_log.append(
                        AlarmEntry(
                            self._alarms, output.wall, output.console, output.turn, output.alarm
                        )
                    )
                case _:
                    pass
