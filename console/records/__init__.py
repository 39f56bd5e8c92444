"""The record of every session: journals that only grow, chained by hashes and synced to disk.

Writing: `Store` names the place, `Recorder` records from its own thread. Reading: `read_session`
and `read_journal` answer any bytes; `listed` finds sessions; `verify`, `described` and `as_text`
tell of them; `unfinished` finds the case to go on with; `amend` adds to one.
"""

from console.records.amend import CannotAmendError, amend
from console.records.entries import (
    AMENDMENT,
    SCHEMA,
    Amended,
    AnyEntry,
    Connected,
    DurableIn,
    End,
    EstimateIn,
    FlawIn,
    FrameIn,
    FrameOut,
    GapIn,
    GuiTickIn,
    Happened,
    Header,
    Lost,
    Over,
    PortIn,
    Progress,
    ReplyOut,
    RequestIn,
    TickIn,
    Unread,
)
from console.records.following import Following
from console.records.index import SessionRow, listed, reindex
from console.records.journal import JournalWriter
from console.records.keeper import Disk
from console.records.lock import StoreBusyError, StoreError, StoreLock
from console.records.names import journal_name
from console.records.reading import Journal, parse, read_journal
from console.records.recorder import Recorder
from console.records.resume import Unfinished, unfinished
from console.records.session import Session, read_session
from console.records.show import as_text, described
from console.records.store import NotFoundError, Place, Store, default_root
from console.records.verify import Verdict, verdict, verify

__all__ = [
    "AMENDMENT",
    "SCHEMA",
    "Amended",
    "AnyEntry",
    "CannotAmendError",
    "Connected",
    "Disk",
    "DurableIn",
    "End",
    "EstimateIn",
    "FlawIn",
    "Following",
    "FrameIn",
    "FrameOut",
    "GapIn",
    "GuiTickIn",
    "Happened",
    "Header",
    "Journal",
    "JournalWriter",
    "Lost",
    "NotFoundError",
    "Over",
    "Place",
    "PortIn",
    "Progress",
    "Recorder",
    "ReplyOut",
    "RequestIn",
    "Session",
    "SessionRow",
    "Store",
    "StoreBusyError",
    "StoreError",
    "StoreLock",
    "TickIn",
    "Unfinished",
    "Unread",
    "Verdict",
    "amend",
    "as_text",
    "default_root",
    "described",
    "journal_name",
    "listed",
    "parse",
    "read_journal",
    "read_session",
    "reindex",
    "unfinished",
    "verdict",
    "verify",
]
