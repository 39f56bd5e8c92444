"""How a mutant is written down: a patch of the simulator, and the checks that it must fail."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

replace = msgspec.structs.replace


class Mutant(NamedTuple):
    """`patch` changes the simulator in this process; `checks` were made for it to fail."""

    name: str
    checks: tuple[str, ...]
    patch: Callable[[], None]


MUTANTS: dict[str, Mutant] = {}


def breaks(*checks: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Registers the decorated patch under its own name."""

    def register(patch: Callable[[], None]) -> Callable[[], None]:
        name = patch.__name__.replace("_", "-")
        assert name not in MUTANTS, name
        MUTANTS[name] = Mutant(name, checks, patch)
        return patch

    return register


def around(place: Any, name: str) -> Callable[[Callable[..., Any]], None]:
    """Replaces function `name` of a module or class, or entry `name` of a table, by the decorated
    one, which is given the original first."""

    def put(change: Callable[..., Any]) -> None:
        before = place[name] if isinstance(place, dict) else getattr(place, name)

        @functools.wraps(before)
        def changed(*given: Any, **named: Any) -> Any:
            return change(before, *given, **named)

        if isinstance(place, dict):
            place[name] = changed
        else:
            setattr(place, name, changed)

    return put
