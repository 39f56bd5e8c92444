"""Words: what may enter, as what it is kept, and how whatever stands in a record is shown."""

from typing import Annotated

import msgspec
import pytest

from drivers.inputs.text import Block, Line, TextError, accepted, safe, said, shown


class Inner(msgspec.Struct, frozen=True):
    name: Annotated[str, Line(5)]
    note: Annotated[str, Block(9)] | None = None


class Outer(msgspec.Struct, frozen=True):
    free: str = ""
    inner: tuple[Inner, ...] = ()
    number: int = 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a   b ", "a b"),
        ("e\u0301", "é"),
        ("張偉", "張偉"),
        ("محمد", "محمد"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("क\u094d\u200dष", "क\u094d\u200dष"),
    ],
)
def test_a_line_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert Line().accepted(typed) == kept


@pytest.mark.parametrize(
    "letter",
    ["\x1b", "\n", "\t", "\x00", "\x7f", "\x9b", "\u202e", "\u2066", "\u200e", "\u2028", "\ufeff",
     "\u200b", "\ud800", "\ue000", "\U000e0041"],
)  # fmt: skip
def test_what_cannot_be_seen_may_not_enter(letter: str) -> None:
    with pytest.raises(TextError, match="as letter 2, which cannot be seen"):
        Line().accepted(f"a{letter}b")
    assert shown(f"a{letter}b").isprintable()
    assert letter not in shown(f"a{letter}b")


def test_the_limits_are_those_of_the_mark() -> None:
    with pytest.raises(TextError, match="has 6 letters: at most 5"):
        Line(5).accepted("abcdef")
    assert Block(9).accepted("one\r\ntwo \n") == "one\ntwo"
    with pytest.raises(TextError, match=r"U\+001B"):
        Block(9).accepted("one\x1b")


def test_every_string_of_a_struct_is_looked_at() -> None:
    good = Outer("a  b", (Inner("x", "one\ntwo"),))
    assert accepted(good) == Outer("a b", (Inner("x", "one\ntwo"),))
    for bad, key in (
        (Outer("a\x1b"), "free has"),
        (Outer("a" * 201), "free has"),
        (Outer("", (Inner("x"), Inner("abcdef"))), r"inner\[1\].name has"),
        (Outer("", (Inner("x", "a\u202e"),)), r"inner\[0\].note has"),
    ):
        with pytest.raises(TextError, match=f"^{key}"):
            accepted(bad)
    assert safe(Outer("a\x1b\n", (Inner("too long"),))) == Outer("a\\x1b\\n", (Inner("too long"),))


def test_a_message_is_one_line_of_a_length_that_is_read() -> None:
    assert said("one\n two\x1b") == "one two\\x1b"
    assert len(said("x" * 5_000)) <= 500
