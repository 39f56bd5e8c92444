"""What of a text the report's typeface can print, and how: letters that join and run from right to
left as they are read; a letter that the typeface lacks as its code, which is told at the end of the
document. Never a box, and never nothing."""

import unicodedata
from contextvars import ContextVar
from functools import cache
from typing import Final

from reportlab.pdfbase import pdfmetrics

from drivers.inputs.text import shown

_RIGHT_TO_LEFT: Final = frozenset(("R", "AL"))
_lacking: ContextVar[set[str] | None] = ContextVar("lacking", default=None)


def begin() -> None:
    """Begins a document: what it lacks is counted from here."""
    _lacking.set(set())


def lacking() -> list[str]:
    """The letters of this document that its typeface lacks, with their names."""
    found = sorted(_lacking.get() or ())
    return [f"{_code(each)} {unicodedata.name(each, '').lower()}".rstrip() for each in found]


def printable(text: str, font: str) -> str:
    """`text` as it is handed to reportlab to be drawn in `font`."""
    safe = shown(text, keep="\n")
    if safe.isascii():
        return safe
    turned = any(unicodedata.bidirectional(each) in _RIGHT_TO_LEFT for each in safe)
    if turned:
        from arabic_reshaper import reshape  # noqa: PLC0415 - few documents need it

        safe = reshape(safe)
        from bidi import get_display  # noqa: PLC0415

        # The document runs from left to right, and a word of the other direction within it.
        safe = str(get_display(safe, base_dir="L"))
    known = _glyphs(font)
    return "".join(_drawn(each, known) for each in safe)


def _drawn(letter: str, known: frozenset[int]) -> str:
    if ord(letter) in known or letter == "\n":
        return letter
    small = letter.lower()  # Georgian has capitals that few typefaces have
    if len(small) == 1 and ord(small) in known:
        return small
    missed = _lacking.get()
    if missed is not None:
        missed.add(letter)
    return f"[{_code(letter)}]"


def _code(letter: str) -> str:
    return f"U+{ord(letter):04X}"


@cache
def _glyphs(font: str) -> frozenset[int]:
    """The characters that a registered font has."""
    return frozenset(pdfmetrics.getFont(font).face.charToGlyph)


def font_for(text: str, font: str, plain: str) -> str:
    """`font`, or `plain` where `font` (a bold or slanting one) lacks a letter of `text`."""
    if text.isascii() or all(ord(each) in _glyphs(font) for each in text):
        return font
    return plain
