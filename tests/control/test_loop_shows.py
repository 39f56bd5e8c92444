"""When the loop shows what: a new reading at once, and without one every 50 ms."""

from itertools import pairwise

from core_kit import LIMITS, STEP_MS, Console

from console.control import core
from console.control.loop import FRESH_APART_MS, SNAPSHOT_EVERY_MS, Loop
from console.control.state import Config
from console.model.snapshot import Reply, Snapshot
from console.records.entries import FrameIn, PortIn
from drivers.link.frame import Frame, encode


class Line:
    """Clock, port and screen of a loop: a console in memory says something every so often."""

    def __init__(self, telemetry_every_ms: int = 50) -> None:
        self.console = Console()
        self.console.telemetry_every_ms = telemetry_every_ms
        self.console.advance(2 * STEP_MS)  # out of step with the loop
        self.now_ms = 3.0
        self.shown: list[tuple[float, Snapshot]] = []
        self._waiting: list[core.Input] = [PortIn(0.0, core.PORT_OPENED, "")]

    def get(self, timeout_s: float) -> core.Input | None:
        """As Inbox.get."""
        end_ms = self.now_ms + timeout_s * 1_000
        while not self._waiting and self.now_ms + STEP_MS <= end_ms:
            self.now_ms += STEP_MS
            self.console.advance(STEP_MS)
            self._waiting += [FrameIn(0.0, encode(one)[:-1]) for one in self.console.out]
            self.console.out = []
        if self._waiting:
            return self._waiting.pop(0)
        self.now_ms = end_ms
        return None

    def send(self, frame: Frame) -> None:
        self.console.hear(frame)

    def reply(self, reply: Reply) -> None:
        pass

    def show(self, snapshot: Snapshot) -> None:
        self.shown.append((self.now_ms, snapshot))

    def run(self, seconds: float) -> list[tuple[float, Snapshot]]:
        """The snapshots of that long, after a second in which the link opens."""
        config = Config("test", LIMITS, 1, "2026-01-05T10:00:00.000+00:00", 0.0, True)
        loop = Loop(
            config,
            self,  # type: ignore[arg-type]
            wire=self,
            screen=self,
            clock=lambda: self.now_ms,
            watch=lambda _: "enough" if self.now_ms > 1_000 + seconds * 1_000 else None,
        )
        assert loop.run() == "enough"
        return [each for each in self.shown[:-1] if each[0] > 1_000]  # the last is its farewell


def test_each_reading_is_on_its_way_to_the_screen_when_it_comes() -> None:
    shown = Line().run(2.0)
    assert len(shown) >= 40
    for _, snapshot in shown:
        assert len(snapshot.samples) == 1
        assert snapshot.age_s is not None
        assert snapshot.age_s <= STEP_MS / 1_000


def test_a_fast_console_does_not_flood_the_screen() -> None:
    shown = Line(telemetry_every_ms=10).run(2.0)
    apart = [later - earlier for (earlier, _), (later, _) in pairwise(shown)]
    assert min(apart) >= FRESH_APART_MS
    assert max(apart) <= FRESH_APART_MS + STEP_MS


def test_a_silent_console_is_shown_all_the_same() -> None:
    line = Line(telemetry_every_ms=1_000_000)
    shown = line.run(2.0)
    apart = [later - earlier for (earlier, _), (later, _) in pairwise(shown)]
    assert max(apart) <= SNAPSHOT_EVERY_MS + STEP_MS
    assert all(not snapshot.samples for _, snapshot in shown)
