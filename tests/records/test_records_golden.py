"""A journal of each schema that was ever written is kept here, and is read for ever."""

from pathlib import Path

import pytest

from console.config import limits
from console.control.replay import check
from console.model.event import EventKind
from console.records import SCHEMA, FrameIn, read_journal, read_session, verify
from console.records.entries import ClockIn, NotedIn

GOLDEN = Path(__file__).with_name("golden")


def test_each_schema_has_its_journal() -> None:
    kept = sorted(each.name for each in GOLDEN.iterdir())
    assert kept == [f"schema-{number}.journal" for number in range(1, SCHEMA + 1)]


@pytest.mark.parametrize("schema", range(1, SCHEMA + 1))
def test_a_journal_of_any_schema_is_read_whole(schema: int) -> None:
    """Two freezes of a headless run on the simulator, from its first frame to its end."""
    path = GOLDEN / f"schema-{schema}.journal"
    journal, session = read_journal(path), read_session(path)
    assert journal.header is not None
    assert journal.header.schema == schema
    found = verify(path)
    assert (found.ok, found.problem) == (True, None)
    assert journal.unread() is None
    assert session.outcome == "completed"
    assert session.chosen is not None
    assert [cycle.freeze_s for cycle in session.chosen.plan.sites[0].cycles] == [10.0, 5.0]
    kinds = [each.event.kind for each in session.events]
    assert kinds.count(EventKind.FREEZE_STARTED) == kinds.count(EventKind.FREEZE_ENDED) == 2
    assert kinds[-1] is EventKind.SESSION_ENDED
    assert sum(1 for _ in journal.of(FrameIn)) > 1000


def test_a_journal_of_schema_2_is_replayed_to_where_this_version_decides_otherwise() -> None:
    """Since it was recorded, a headless run answers the time-out card beforehand."""
    journals = [read_journal(GOLDEN / "schema-2.journal")]
    first = check(journals, limits(), as_recorded=True).first_difference
    assert first is not None
    assert first.given == "request 1: ChoosePlan"
    assert "time_out=(TimeOutAnswer(" in (first.now or "")
    assert "time_out=()" in (first.recorded or "")


def test_schema_3_holds_what_was_noted_and_that_the_clock_was_set() -> None:
    session = read_session(GOLDEN / "schema-3.journal")
    (set_,) = session.of(ClockIn)
    (noted,) = session.of(NotedIn)
    told = {each.event.kind: each for each in session.events}
    assert told[EventKind.NOTED].event.text == noted.words
    assert set_.wall == told[EventKind.CLOCK_SET].wall
    before, after = (each.wall[:10] for each in (session.events[0], session.events[-1]))
    assert (before, after) == ("2026-12-01", "2026-12-02")
    assert check(session.journals, limits(), as_recorded=True).decisions > 10


def test_a_threshold_that_came_later_is_todays_and_is_said() -> None:
    whole = read_journal(GOLDEN / "schema-2.journal")
    assert whole.header is not None
    today = limits().by_key
    missing = sorted(today.keys() - whole.header.thresholds.keys())
    assert missing  # rows were added since it was recorded
    (note,) = check([whole], limits(), as_recorded=True).notes
    assert all(name in note for name in missing)
    assert check([whole], limits()).notes == ()
