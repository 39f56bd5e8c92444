"""The language of the screen, and a made-up one that shows what is not translatable.

What the screen itself says goes through `tr` where it is said. What the control process says comes
over in English with its numbers in it; `spoken` and `in_language` turn that, the numbers put aside,
so that "Supply pressure is low: 40.6 bar" is looked up as "Supply pressure is low: {0} bar".
"""

import re
from functools import cache
from typing import Any, Final, TypeVar

import msgspec
from PySide6.QtCore import QCoreApplication, QTranslator

from console.model.alarm import Alarm, AlarmEntry
from console.model.console_check import CheckResult, CheckView
from console.model.snapshot import Control, Interlock, LinkView, ProcedureView, Snapshot
from console.model.stimulation import StimulationView
from console.model.time_out import TimeOutView

LONGER: Final = 1.4
"""How much longer the made-up language is than English, its brackets left out."""
LANGUAGES: Final = ("en", "pseudo")
UNITS: Final = (
    "°C", "bar", "L/min", "mA", "mV", "V", "mm", "ms", "Hz", "ohm", "kPa", "min", "g", "kg", "mL",
    "L", "s", "h", "N₂O", "CO₂",
)  # fmt: skip
"""Words that are the same in every language."""

_NUMBER: Final = re.compile(r"[−+-]?\d+(?:[.:,]\d+)*")
_PLACE: Final = re.compile(r"\{(\d+)\}")
_PLAIN: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ACCENTED: Final = "ÀƁÇÐÉƑĜĤÎĴĶĻḾÑÖÞǪŔŠŢÛṼŴẊÝŽàƀçðéƒĝĥîĵķļḿñöþǫŕšţûṽŵẋýž"
_ACCENTS: Final = str.maketrans(_PLAIN, _ACCENTED)
_KEPT: Final = re.compile(
    r"(\{[^}]*\}|%n|(?<![A-Za-z])(?:"
    + "|".join(re.escape(unit) for unit in UNITS)
    + r")(?![A-Za-z]))"
)
_LANGUAGE: Final = "language"
"""Property of the application."""

_SAID: Final[dict[type, tuple[str, ...]]] = {
    LinkView: ("words",),
    ProcedureView: ("headline", "detail", "stop_reason", "release_reason"),
    StimulationView: ("remark", "unconfirmed"),
    CheckResult: ("measure", "how"),
    CheckView: ("now_words", "mend", "missing"),
    TimeOutView: ("missing",),
    Control: ("label", "detail", "blocked"),
    Interlock: ("name", "words"),
    Alarm: ("happened", "to_do", "done"),
    AlarmEntry: ("words",),
}
"""The texts of the control process that a screen shows, by the type that carries them."""
_HELD: Final[dict[type, tuple[str, ...]]] = {
    Snapshot: ("link", "procedure", "controls", "alarms", "interlocks", "alarm_log"),
    ProcedureView: ("stimulation", "check", "time_out"),
    CheckView: ("results",),
    AlarmEntry: ("alarm",),
}
"""What else is to be gone into."""


class Pseudo(QTranslator):
    """Translates every text: accented, longer, in brackets. What is seen without them was never
    given to be translated; what has lost a bracket was cut."""

    def translate(
        self,
        context: str,
        sourceText: str,  # noqa: N803 - Qt names it
        disambiguation: str | None = None,
        n: int = -1,
    ) -> str:
        """The text, whatever its context. What is put into it later, and units, stay."""
        return pseudo(sourceText)

    def isEmpty(self) -> bool:  # noqa: N802 - Qt names what it calls
        """It has a word for everything."""
        return False


@cache
def pseudo(text: str) -> str:
    """`text` in the made-up language."""
    return "".join(_line(line) for line in re.split(r"(\n)", text)) if text.strip() else text


def _line(line: str) -> str:
    if not re.search("[A-Za-z]", _KEPT.sub("", line)):
        return line  # a number, a sign, a unit, what is put in: the same everywhere
    parts = _KEPT.split(line)
    return "[" + "".join(p if _KEPT.fullmatch(p) else _longer(p) for p in parts) + "]"


def _longer(text: str) -> str:
    """Each letter accented, and every so often said twice, so that words break where they did."""
    said, owed = [], 0.0
    for letter in text:
        twice = letter.translate(_ACCENTS)
        said.append(twice)
        owed += LONGER - 1.0
        if twice != letter and owed >= 1.0:
            said.append(twice)
            owed -= 1.0
    return "".join(said)


def speak(app: QCoreApplication, language: str) -> None:
    """Puts the language of all that is made from now on. ValueError for one that there is not."""
    if language not in LANGUAGES:
        raise ValueError(language)
    before = app.findChild(QTranslator)
    if before is not None:
        app.removeTranslator(before)
        before.setParent(None)
    app.setProperty(_LANGUAGE, language != LANGUAGES[0])
    if language != LANGUAGES[0]:
        app.installTranslator(Pseudo(app))


def spoken(text: str) -> str:
    """A text of the control process in the language of the screen."""
    return _turned(text) if _another() else text


T = TypeVar("T")


def in_language(held: T) -> T:
    """A snapshot or an alarm whose texts are in the language of the screen; itself where that is
    English."""
    return _into(held) if _another() else held


def _another() -> bool:
    app = QCoreApplication.instance()
    return app is not None and bool(app.property(_LANGUAGE))


def _turned(text: str) -> str:
    numbers: list[str] = []

    def aside(found: re.Match[str]) -> str:
        numbers.append(found[0])
        return f"{{{len(numbers) - 1}}}"

    key = _NUMBER.sub(aside, text)
    return _PLACE.sub(lambda place: numbers[int(place[1])], QCoreApplication.translate("said", key))


def _into(held: T) -> T:
    changes: dict[str, Any] = {}
    for name in _SAID.get(type(held), ()):
        text = getattr(held, name)
        if text:
            changes[name] = _turned(text)
    for name in _HELD.get(type(held), ()):
        changes[name] = _each(getattr(held, name))
    return msgspec.structs.replace(held, **changes) if changes else held  # type: ignore[type-var]


def _each(held: Any) -> Any:
    if isinstance(held, tuple):
        return tuple(_into(one) for one in held)
    if isinstance(held, dict):
        return {name: _into(one) for name, one in held.items()}
    return _into(held)
