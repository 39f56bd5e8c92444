"""The words of an interlock with its numbers in them: arguments of a finding, and limits."""

import string
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from console.model.quantities import UNKNOWN, bar_of, celsius, with_unit
from console.safety.interlock import Found, Interlock, Value
from console.safety.limits import Limits

OMITTED: Final = "…"

UNITS: Final[dict[str, Callable[[float], str]]] = {
    "°C": celsius,
    "°C.1": lambda value: celsius(value, 1),
    "s": lambda value: with_unit(value, "s", 0),
    "s.1": lambda value: with_unit(value, "s", 1),
    "ms>s": lambda value: with_unit(value / 1_000, "s", 0),
    "kPa>bar.1": lambda value: with_unit(bar_of(value), "bar", 1),
    "mg/s": lambda value: with_unit(value, "mg/s", 0),
    "%.1": lambda value: with_unit(value, "%", 1),
}
"""What may stand behind the colon of {name:unit}: how the value is shown."""


class _Words(string.Formatter):
    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return kwargs[field_name], field_name  # a limit's key has a point in it

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None:
            return UNKNOWN
        if format_spec in UNITS:
            return UNITS[format_spec](value)
        return str(format(value, format_spec or ("g" if isinstance(value, float) else "")))


class _Pattern(_Words):
    def format_field(self, value: Any, format_spec: str) -> str:
        return value if isinstance(value, str) else super().format_field(value, format_spec)


def filled(text: str, values: Mapping[str, Value], limits: Limits) -> str:
    """`text` with its {fields} filled. KeyError for one that is neither argument nor limit."""
    return _Words().vformat(text, (), {**limits.by_key, **values})


def happened(interlock: Interlock, found: Found, limits: Limits) -> str:
    """The alarm's first line."""
    detail = filled(interlock.details.get(found.detail, ""), found.values, limits)
    return filled(interlock.happened, {**found.values, "detail": detail}, limits)


def to_do(interlock: Interlock, limits: Limits) -> str:
    """The alarm's second line."""
    return filled(interlock.to_do, {}, limits)


def pattern(interlock: Interlock, limits: Limits) -> str:
    """The alarm's first line with its limits, and "…" where an argument or a detail comes."""

    class Arguments(dict[str, Value]):
        def __missing__(self, name: str) -> str:
            return OMITTED

    return _Pattern().vformat(interlock.happened, (), Arguments(limits.by_key))
