"""Every picture of the screen by name: whose window it is, and what is so in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from console.model.playback import Position
from console.ui.kit.palette import Look
from console.ui.main_window import MainWindow
from console.ui.replay_window import ReplayWindow
from console.ui.scripted.scenes import SCENES, Scene, presets, window


@dataclass
class StillDeck:
    """A replay that stands where it is."""

    position: Position
    playing: bool
    speed: float


@dataclass(frozen=True)
class Shown:
    """A window to be made, and the scene to be brought into it."""

    make: Callable[[Look | None], MainWindow]
    scene: Scene


def _replay(scene: str, at: Position, *, playing: bool = True, speed: float = 1.0) -> Shown:
    def make(look: Look | None = None) -> MainWindow:
        deck = StillDeck(at, playing, speed)
        return ReplayWindow(deck, _SESSION, _BEGAN, presets=presets(), look=look)

    return Shown(make, SCENES[scene])


_SESSION, _BEGAN = "20261121-104207-7f3a", "2026-11-21T10:42:07+01:00"
_AT: Final = Position("2026-11-21T10:46:29+01:00", 262.0, 0.43)
_SLOW: Final = Position("2026-11-21T10:44:51+01:00", 164.0, 0.27, behind=True)
_ENDED: Final = Position("2026-11-21T10:53:02+01:00", 655.0, 1.0, "completed")

GALLERY: Final[dict[str, Shown]] = {
    **{name: Shown(window, scene) for name, scene in SCENES.items()},
    "replay": _replay("freezing", _AT),
    "replay-paused": _replay("more", _AT, playing=False),
    "replay-slow": _replay("stimulating", _SLOW, speed=100.0),
    "replay-stopped": _replay("stopped-trip", _AT, playing=False),
    "replay-ended": _replay("out", _ENDED),
}
"""In the order of a session, and then a session that is played again."""
