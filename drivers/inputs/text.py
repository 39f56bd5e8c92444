"""Words that people and devices give: what may enter, and what may be shown.

What enters is a `Line` or a `Block`: of limited length, of characters that can be seen, composed
(Unicode NFC), so that the same word is the same text however it was typed. Records that are older
than these rules may hold anything: `shown` makes every text safe to print, whatever it holds.
"""

import types
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from typing import Annotated, Any, Final, TypeVar, get_args, get_origin, get_type_hints

import msgspec

T = TypeVar("T")

LONGEST_LINE: Final = 200
"""Letters of a line where nothing else is said."""
LONGEST_SAID: Final = 500
"""Letters of one message to a person; what is longer is cut in its middle."""
_ZERO_WIDTH: Final = "\u200c\u200d"
"""Joiners, which names in Persian and in the scripts of India need."""
# Controls, lone surrogates, private and unassigned characters, line separators; of the format
# characters all but the joiners: those that turn the direction of what follows, or cannot be seen.
_UNSEEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


class TextError(ValueError):
    """A text may not enter; the message says what it has or lacks, behind its name."""


class Line(msgspec.Struct, frozen=True):
    """Marks a string as one line: `Annotated[str, Line(40)]`. At most so many letters."""

    most: int = LONGEST_LINE

    def accepted(self, text: str) -> str:
        """The text as it is kept: composed, each run of blanks one blank, none at the ends. Raises
        TextError."""
        kept = unicodedata.normalize("NFC", text)
        _check(kept, self.most, allowed=_ZERO_WIDTH)
        return " ".join(kept.split())


class Block(msgspec.Struct, frozen=True):
    """Marks a string as text of several lines. At most so many letters in all."""

    most: int

    def accepted(self, text: str) -> str:
        """The text as it is kept: composed, lines ended by a line feed, nothing at the ends. Raises
        TextError."""
        kept = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
        _check(kept, self.most, allowed=_ZERO_WIDTH + "\n\t")
        return "\n".join(line.rstrip() for line in kept.strip().split("\n"))


def _check(text: str, most: int, allowed: str) -> None:
    if len(text) > most:
        raise TextError(f"has {len(text)} letters: at most {most}")
    for at, letter in enumerate(text, 1):
        if unicodedata.category(letter) in _UNSEEN and letter not in allowed:
            raise TextError(f"has {_named(letter)} as letter {at}, which cannot be seen")


def _named(letter: str) -> str:
    code = f"U+{ord(letter):04X}"
    name = unicodedata.name(letter, "")
    return f"{code} ({name.lower()})" if name else code


def accepted(value: T) -> T:
    """`value`, a struct or a container of them, with each of its strings as it is kept: as its
    field is marked (`Line`, `Block`), a `Line` where it is not. Raises TextError, which begins with
    the key."""
    checked: T = _mapped(value, "", Line(), _accepted)
    return checked


def _accepted(text: str, key: str, rule: Line | Block) -> str:
    try:
        return rule.accepted(text)
    except TextError as error:
        raise TextError(f"{key} {error}" if key else str(error)) from None


def safe(value: T, keep: str = "") -> T:
    """`value` with each of its strings `shown`; enumerations stay as they are."""
    made: T = _mapped(value, "", Line(), lambda text, key, rule: shown(text, keep=keep))
    return made


_OnText = Callable[[str, str, Line | Block], str]


def _mapped(value: Any, key: str, rule: Line | Block, on_text: _OnText) -> Any:
    if type(value) is str:
        return on_text(value, key, rule)
    if isinstance(value, msgspec.Struct):
        changes = {}
        for name, own in _rules(type(value)).items():
            before = getattr(value, name)
            after = _mapped(before, f"{key}.{name}" if key else name, own, on_text)
            if after is not before:
                changes[name] = after
        return msgspec.structs.replace(value, **changes) if changes else value
    if isinstance(value, tuple | list):
        made = [_mapped(each, f"{key}[{at}]", rule, on_text) for at, each in enumerate(value)]
        same = all(after is before for after, before in zip(made, value, strict=True))
        return value if same else type(value)(made)
    if isinstance(value, Mapping):
        return {
            _mapped(name, key, rule, on_text): _mapped(each, f"{key}.{name}", rule, on_text)
            for name, each in value.items()
        }
    return value


@cache
def _rules(kind: type[msgspec.Struct]) -> dict[str, Line | Block]:
    """How each field of a struct is marked."""
    hints = get_type_hints(kind, include_extras=True)
    return {name: _marked(hints[name]) or Line() for name in kind.__struct_fields__}


def _marked(hint: Any) -> Line | Block | None:
    if get_origin(hint) is Annotated:
        for mark in get_args(hint)[1:]:
            if isinstance(mark, Line | Block):
                return mark
    if get_origin(hint) is None and not isinstance(hint, types.UnionType):
        return None
    return next((found for each in get_args(hint) if (found := _marked(each))), None)


def shown(text: str, most: int | None = None, keep: str = "") -> str:
    """`text` for a place that holds one line: what cannot be seen, or would act on a terminal, is
    written out as in Python ("\\x1b", "\\u202e"), but for the letters of `keep`. `most`: a longer
    one is cut in its middle."""
    if not text.isprintable():
        text = "".join(each if each in keep or _plain(each) else _escaped(each) for each in text)
    if most is not None and len(text) > most:
        half = (most - 3) // 2
        text = f"{text[:half]} … {text[-half:]}"
    return text


def _plain(letter: str) -> bool:
    return letter in _ZERO_WIDTH or unicodedata.category(letter) not in _UNSEEN


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape", "surrogatepass").decode("ascii")


def folded(text: str) -> str:
    """`text` for a search: found however it is spelled in letters, small or capital, composed or
    not."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def said(words: str) -> str:
    """A message as one line of a length that a person reads."""
    return shown(" ".join(words.split()), LONGEST_SAID)
