"""What is compared over time: the numbers, the consoles and probes, and how they are called. Pure
but for the language."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from statistics import median
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from console.model.quantities import bar_of, number
from console.model.trend import FreezeNumbers
from console.ui.kit.language import spoken
from console.ui.kit.words import freeze_word


@dataclass(frozen=True)
class Measure:
    """A number that is plotted: its name, its unit, its decimals, and how a freeze has it."""

    name: str
    unit: str
    decimals: int
    of: Callable[[FreezeNumbers], float | None]

    @property
    def title(self) -> str:
        """Its name, in the language of the screen, and its unit."""
        name = _tr(self.name)
        return f"{name}, {self.unit}" if self.unit else name

    def in_words(self, freeze: FreezeNumbers) -> str:
        """ "Lowest tip −70.6 °C"; "---" when it is not known."""
        value = number(self.of(freeze), self.decimals)
        return f"{_tr(self.name)} {value} {self.unit}".rstrip()


def _bar(freeze: FreezeNumbers) -> float | None:
    return bar_of(freeze.supply_at_start_kpa)


MEASURES: Final = (
    Measure(
        str(QT_TRANSLATE_NOOP("trends", "Time to target")), "s", 1, lambda one: one.time_to_target_s
    ),
    Measure(
        str(QT_TRANSLATE_NOOP("trends", "Lowest tip")), "°C", 1, lambda one: one.lowest_tip_celsius
    ),
    Measure(
        str(QT_TRANSLATE_NOOP("trends", "Time at target")), "s", 0, lambda one: one.time_at_target_s
    ),
    Measure(str(QT_TRANSLATE_NOOP("trends", "Gas of the freeze")), "g", 1, lambda one: one.gas_g),
    Measure(str(QT_TRANSLATE_NOOP("trends", "Supply at gas-on")), "bar", 1, _bar),
    Measure(
        str(QT_TRANSLATE_NOOP("trends", "Thaw to +10 °C")), "s", 0, lambda one: one.thaw_to_plus10_s
    ),
    Measure(
        str(QT_TRANSLATE_NOOP("trends", "Bad frames of the session")),
        "",
        0,
        lambda one: one.bad_frames,
    ),
)


@dataclass(frozen=True)
class Thing:
    """A gas console or a probe with its freezes, oldest first."""

    probe: bool
    serial: str
    kind: str
    freezes: Sequence[FreezeNumbers]

    @property
    def title(self) -> str:
        """ "Console CP-0007 · N₂O"."""
        what = _tr("Probe {serial}") if self.probe else _tr("Console {serial}")
        return " · ".join(filter(None, [what.format(serial=self.serial), self.kind]))

    @property
    def detail(self) -> str:
        """How much there is of it."""
        sessions = {one.session: one.simulated for one in self.freezes}
        words = [
            _counted(len(sessions), _tr("1 session"), _tr("{count} sessions")),
            _counted(len(self.freezes), _tr("1 freeze"), _tr("{count} freezes")),
        ]
        if any(sessions.values()):
            words.append(_tr("SIMULATED") if all(sessions.values()) else _tr("partly SIMULATED"))
        return " · ".join(words)


def things(freezes: Sequence[FreezeNumbers], *, simulated: bool) -> list[Thing]:
    """The consoles, then the probes, each by serial. `simulated`: with SIMULATED sessions."""
    wanted = [one for one in freezes if simulated or not one.simulated]
    consoles = _by(wanted, lambda one: one.console)
    probes = _by(wanted, lambda one: one.probe)
    return [
        *(Thing(False, serial, own[-1].gas.label, own) for serial, own in consoles),
        *(Thing(True, serial, own[-1].probe_model or "", own) for serial, own in probes),
    ]


def medians(
    freezes: Sequence[FreezeNumbers], of: Callable[[FreezeNumbers], float | None]
) -> tuple[list[float], list[float]]:
    """One point a session: its middle in time, s since 1970, and the median of its known numbers;
    NaN, a gap of the line, where none is known."""
    at, values = [], []
    for _, group in groupby(freezes, key=lambda one: one.session):
        own = list(group)
        known = [value for one in own if (value := of(one)) is not None]
        at.append(sum(one.at for one in own) / len(own))
        values.append(float(median(known)) if known else math.nan)
    return at, values


def in_words(freeze: FreezeNumbers) -> str:
    """Which freeze: "2026-11-21  10:42 · LEFT · SAPHENOUS · place 1 · freeze 2, done"."""
    when = datetime.fromtimestamp(freeze.at).strftime("%Y-%m-%d  %H:%M")
    words = [
        when,
        freeze.site,
        _tr("place {place}").format(place=freeze.key.placement),
        _tr("freeze {number}, {state}").format(
            number=freeze_word(freeze.key), state=spoken(freeze.state.value)
        ),
    ]
    if freeze.simulated:
        words.append(_tr("SIMULATED"))
    return " · ".join(words)


def _by(
    freezes: Iterable[FreezeNumbers], key: Callable[[FreezeNumbers], str | None]
) -> list[tuple[str, list[FreezeNumbers]]]:
    found: dict[str, list[FreezeNumbers]] = {}
    for one in freezes:
        serial = key(one)
        if serial:
            found.setdefault(serial, []).append(one)
    return sorted(found.items())


def _counted(count: int, one: str, many: str) -> str:
    return one if count == 1 else many.format(count=count)


def _tr(text: str) -> str:
    return QCoreApplication.translate("trends", text)
