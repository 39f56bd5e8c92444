"""Times of the wall clock as the record holds them: ISO 8601 with the zone where they were."""

from datetime import UTC, datetime
from typing import Final

NEVER: Final = datetime.min.replace(tzinfo=UTC)
DATED_BEFORE: Final = "dated before the session ended: a clock was wrong"


def moment(wall: str | None) -> datetime:
    """That time in UTC; NEVER for what cannot be read."""
    try:
        return datetime.fromisoformat(wall or "").astimezone(UTC)
    except (ValueError, OverflowError):
        return NEVER


def dated_before(added: str, ended: str | None) -> bool:
    """Whether what was added afterwards is dated before the end of what it was added to."""
    return moment(added) < moment(ended)
