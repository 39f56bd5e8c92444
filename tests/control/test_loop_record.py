"""What the loop records: every input, before the core has it, and one that raises as well."""

from core_kit import LIMITS

from console.control import core
from console.control.inbox import Inbox
from console.control.loop import Loop
from console.control.state import Config
from console.records.entries import AnyEntry, FailedIn, FlawIn, FrameIn, Happened, TickIn
from drivers.link.frame import Frame


class Kept:
    """A record in memory, and a wire to nowhere."""

    def __init__(self) -> None:
        self.entries: list[AnyEntry] = []

    def put(self, entry: AnyEntry, durable: int | None = None) -> None:
        self.entries.append(entry)

    def send(self, frame: Frame) -> None:
        pass


def made() -> tuple[Loop, Kept]:
    kept = Kept()
    config = Config("test", LIMITS, 1, "2026-01-05T10:00:00.000+00:00", 0.0, False)
    loop = Loop(config, Inbox(), wire=kept, clock=lambda: 0.0)
    loop.record_to(kept, "x")
    return loop, kept


def test_an_input_from_which_nothing_follows_is_recorded() -> None:
    loop, kept = made()
    given: list[core.Input] = [TickIn(1.0), FlawIn(2.0, 1), TickIn(3.0)]
    for each in given:
        loop.take(each)
    assert kept.entries == given


def test_an_input_that_raises_is_recorded_and_so_is_its_failure() -> None:
    loop, kept = made()
    bad = FrameIn(5.0, None)  # type: ignore[arg-type]
    loop.take(bad)
    assert kept.entries[0] == bad
    failed = kept.entries[1]
    assert isinstance(failed, FailedIn)
    assert failed.now_ms == 5.0
    assert failed.words
    assert any(isinstance(each, Happened) for each in kept.entries[2:])
