"""What the screens need of the store: sessions, reports, trends, visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from console.model.mapping import MappingNamed, MappingVisit
from console.model.trend import FreezeNumbers
from console.ui.kit.apart import Telling


@dataclass(frozen=True)
class SessionLine:
    """A session of the list. `started`: ISO 8601, local, None when it is not known; `sites`: side
    and nerve of each."""

    id: str
    started: str | None
    case: str
    sites: Sequence[tuple[str, str]]
    outcome: str
    simulated: bool
    amendments: int = 0


class RecordsUnreadableError(Exception):
    """The store or a session cannot be read, or a copy not written; one line that says why."""


class VisitSource(Protocol):
    """The visits before and after a treatment. Called apart from the main thread; any may raise
    RecordsUnreadableError."""

    def mappings(self) -> Sequence[MappingNamed]:
        """The mapping visits, newest first."""

    def save_mapping(self, visit: MappingVisit, case: str, operator: str) -> str:
        """Keeps a mapping visit as a session of its own; its id."""

    def follow_up(self, session: str, who: str, text: str) -> None:
        """Adds what was found at the follow-up to a session, as an amendment."""


class RecordSource(VisitSource, Protocol):
    """The store, as the Records screen needs it. Called apart from the main thread; any may raise
    RecordsUnreadableError."""

    def listed(self, search: str) -> Sequence[SessionLine]:
        """The sessions in which every word of `search` occurs, newest first."""

    def report(self, session: str) -> bytes:
        """The report of a session, a PDF."""

    def save_report(self, session: str, path: Path) -> None:
        """Writes the report of a session to `path`; what stood there is replaced."""

    def trends(self, told: Telling) -> Sequence[FreezeNumbers]:
        """The key numbers of every freeze, oldest first. What `told` raises goes through."""
