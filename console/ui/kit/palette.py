"""The colours of the screen: the only place where a colour has a value.

A theme is one row of `THEMES`. Red, yellow and cyan belong to alarms (and STOP) alone."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Protocol, runtime_checkable

from console.model.alarm import Priority


@dataclass(frozen=True)
class Palette:
    """Named colours. Text colours reach 4.5:1 on every surface, `number` 7:1 (a test measures).
    `alarm_mark`: a medium alarm as a line or as text, where its own yellow may be too light."""

    window: str
    bar: str
    card: str
    card_edge: str
    inset: str
    raised: str
    raised_hover: str
    raised_edge: str
    locked: str
    locked_edge: str
    text: str
    muted: str
    number: str
    stale: str
    accent: str
    accent_ink: str
    accent_fill: str
    accent_edge: str
    primary: str
    primary_hover: str
    progress: str
    phase_idle: str
    phase_freeze: str
    phase_thaw: str
    phase_stopped: str
    phase_free: str
    freeze_block: str
    thaw_block: str
    freeze_shade: str
    freeze_ink: str
    thaw_shade: str
    thaw_ink: str
    done: str
    done_ink: str
    strip: str
    strip_ink: str
    strip_muted: str
    simulated: str
    simulated_ink: str
    stop: str
    stop_hover: str
    stop_edge: str
    stop_ink: str
    alarm_high: str
    alarm_medium: str
    alarm_low: str
    alarm_ink: str
    alarm_mark: str
    tissue: str
    nerve: str
    shaft: str

    def alarm(self, priority: Priority) -> str:
        """The colour of an alarm."""
        return {
            Priority.HIGH: self.alarm_high,
            Priority.MEDIUM: self.alarm_medium,
            Priority.LOW: self.alarm_low,
        }[priority]


DARK: Final = Palette(
    window="#0d141c",
    bar="#121b25",
    card="#141f2b",
    card_edge="#223042",
    inset="#1b2733",
    raised="#1f2e3d",
    raised_hover="#273a4d",
    raised_edge="#44596e",
    locked="#162230",
    locked_edge="#2f4153",
    text="#eaf1f8",
    muted="#a3b5c7",
    number="#ffffff",
    stale="#8495a6",
    accent="#4db2ff",
    accent_ink="#06121d",
    accent_fill="#17334a",
    accent_edge="#3f86bd",
    primary="#1b5687",
    primary_hover="#21669f",
    progress="#2a78bd",
    phase_idle="#1f2e3d",
    phase_freeze="#174a72",
    phase_thaw="#35305c",
    phase_stopped="#2b3947",
    phase_free="#1c573b",
    freeze_block="#1f567f",
    thaw_block="#3b3668",
    freeze_shade="#1a3145",
    freeze_ink="#8cc8f5",
    thaw_shade="#262a3f",
    thaw_ink="#c3b5ea",
    done="#235c40",
    done_ink="#c4efd3",
    strip="#e9eff5",
    strip_ink="#0d141c",
    strip_muted="#3d4c5b",
    simulated="#7b2cff",
    simulated_ink="#ffffff",
    stop="#e0222a",
    stop_hover="#c81d25",
    stop_edge="#ff8a8f",
    stop_ink="#ffffff",
    alarm_high="#e0222a",
    alarm_medium="#ffd60a",
    alarm_low="#22b8cf",
    alarm_ink="#0b1218",
    alarm_mark="#ffd60a",
    tissue="#1b2733",
    nerve="#d9c79a",
    shaft="#71818f",
)

LIGHT: Final = Palette(
    window="#dfe6ed",
    bar="#eef2f6",
    card="#fbfcfd",
    card_edge="#c3cdd7",
    inset="#eef2f6",
    raised="#e9eef3",
    raised_hover="#dbe4ec",
    raised_edge="#74828f",
    locked="#eef1f4",
    locked_edge="#93a0ad",
    text="#14202b",
    muted="#465564",
    number="#05090d",
    stale="#687583",
    accent="#0b62ae",
    accent_ink="#ffffff",
    accent_fill="#d3e7f8",
    accent_edge="#3c84bf",
    primary="#a9d3f5",
    primary_hover="#93c6f0",
    progress="#6fb3ea",
    phase_idle="#dbe3ea",
    phase_freeze="#aed5f6",
    phase_thaw="#d6ccf2",
    phase_stopped="#e4e9ee",
    phase_free="#b3e2c5",
    freeze_block="#a3cff3",
    thaw_block="#cdc1ef",
    freeze_shade="#e1eefa",
    freeze_ink="#0b4d86",
    thaw_shade="#eeeaf8",
    thaw_ink="#513a94",
    done="#bfe5cd",
    done_ink="#124a2a",
    strip="#15212c",
    strip_ink="#ffffff",
    strip_muted="#b8c6d3",
    simulated="#6a1fe0",
    simulated_ink="#ffffff",
    stop="#d11922",
    stop_hover="#b3131b",
    stop_edge="#7d0a10",
    stop_ink="#ffffff",
    alarm_high="#d11922",
    alarm_medium="#ffd60a",
    alarm_low="#22b8cf",
    alarm_ink="#0b1218",
    alarm_mark="#7a5600",
    tissue="#e4eaf0",
    nerve="#63500f",
    shaft="#7c8b99",
)

THEMES: Final = MappingProxyType({"dark": DARK, "light": LIGHT})
"""By name; the first is the one that a new computer shows."""


class Look(Palette):
    """The palette that is worn now: another one may be put on while everything is on the screen.
    What paints asks it each time; what keeps a colour has a `recolour` (see Coloured)."""

    def __init__(self, theme: str = "dark") -> None:
        self.wear(theme)

    def wear(self, theme: str) -> None:
        """Puts a theme on. KeyError for a name that is none."""
        colours = THEMES[theme]
        vars(self).update(vars(colours), worn=theme)

    @property
    def theme(self) -> str:
        """The name of what is worn."""
        return str(vars(self)["worn"])

    @property
    def other(self) -> str:
        """The theme to change to."""
        names = list(THEMES)
        return names[(names.index(self.theme) + 1) % len(names)]


@runtime_checkable
class Coloured(Protocol):
    """A widget that keeps colours beyond a painting."""

    def recolour(self) -> None:
        """Takes its colours anew."""
