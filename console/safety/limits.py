"""What a limit is: its number, which way it gets tighter, and how tight a site may make it.

Each interlock declares its own limits; `registry.LIMITS` collects them. Units are in the names:
kPa absolute, °C, mg/s; times in ms, of the device's clock unless the comment says wall time.
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from console.model.device import Gas


class Tighter(StrEnum):
    """Which way a limit may be moved by a site."""

    LOWER = "lower"
    HIGHER = "higher"


class Limit(msgspec.Struct, frozen=True):
    """One number that an interlock compares with. `key`: group.name, as in a site's limits.toml and
    in a journal's header. `tighter`: the direction in which a site may move it, as far as `floor`;
    None: not for sites. `floor` is where healthy runs come near, or where the host would act
    before the device that should act first."""

    key: str
    value: float
    tighter: Tighter | None = None
    floor: float | None = None

    def problem(self, asked: float) -> str:
        """Why a site may not have `asked` for it; empty where it may."""
        if self.tighter is None or self.floor is None:
            return "this limit is not for sites"
        low, high = sorted((self.value, self.floor))
        if low <= asked <= high:
            return ""
        return f"{asked:g} is outside {low:g} to {high:g} ({self.tighter.value} is tighter)"


class PerGas(msgspec.Struct, frozen=True):
    """The same limit for each gas."""

    n2o: Limit
    co2: Limit

    def of(self, gas: Gas) -> Limit:
        """The limit for `gas`."""
        return self.n2o if gas is Gas.N2O else self.co2


class Below(msgspec.Struct, frozen=True):
    """A relation that must hold: `low` is less than `high`, because of `why`."""

    low: Limit
    high: Limit
    why: str


class Limits:
    """The numbers in force. Read `limits[LIMIT]`; a KeyError is a limit that no interlock of the
    registry declares."""

    def __init__(self, values: Mapping[str, float]) -> None:
        self._values = dict(values)

    def __getitem__(self, limit: Limit) -> float:
        return self._values[limit.key]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Limits) and self._values == other._values

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    @property
    def by_key(self) -> dict[str, float]:
        """All of them by key, as a journal's header keeps them."""
        return dict(self._values)

    def changed(self, values: Mapping[str, float]) -> "Limits":
        """The same with other numbers for some keys."""
        return Limits({**self._values, **values})


class LimitsError(ValueError):
    """A site's limits cannot be used: one line for each key that is wrong."""


def shipped(declared: Iterable[Limit]) -> Limits:
    """The limits as they ship."""
    return Limits({limit.key: limit.value for limit in declared})


def recorded(declared: Iterable[Limit], flat: Mapping[str, float]) -> Limits:
    """The limits that a journal's header names; those that it does not have are as shipped.
    LimitsError for a key that this version does not know."""
    known = shipped(declared)
    unknown = sorted(flat.keys() - known.by_key.keys())
    if unknown:
        raise LimitsError(f"unknown limit {', '.join(unknown)}")
    return known.changed({key: float(value) for key, value in flat.items()})


def of_site(
    declared: Iterable[Limit], relations: Iterable[Below], table: Mapping[str, Any]
) -> Limits:
    """The shipped limits, tightened by a site's table of [group] name = number. LimitsError names
    every key that is unknown, no number, or not allowed."""
    by_key = {limit.key: limit for limit in declared}
    asked: dict[str, float] = {}
    wrong: list[str] = []
    for key, value in _flat(table):
        limit = by_key.get(key)
        if limit is None:
            wrong.append(f"{key}: there is no such limit")
        elif isinstance(value, bool) or not isinstance(value, int | float):
            wrong.append(f"{key}: {value!r} is not a number")
        elif problem := limit.problem(float(value)):
            wrong.append(f"{key}: {problem}")
        else:
            asked[key] = float(value)
    limits = shipped(by_key.values()).changed(asked)
    wrong += [f"{each.low.key}: {problem}" for each, problem in broken(relations, limits)]
    if wrong:
        raise LimitsError("\n".join(wrong))
    return limits


def broken(relations: Iterable[Below], limits: Limits) -> Iterator[tuple[Below, str]]:
    """The relations that do not hold, each with its words."""
    for each in relations:
        low, high = limits[each.low], limits[each.high]
        if not low < high:
            yield each, f"{low:g} must be under {each.high.key} ({high:g}): {each.why}"


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        key = f"{above}{name}"
        if isinstance(value, dict):
            yield from _flat(value, f"{key}.")
        else:
            yield key, value
