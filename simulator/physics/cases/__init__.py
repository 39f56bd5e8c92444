"""Case files that ship with the program: the validation cases of docs/physics.md, by name."""

from __future__ import annotations

from importlib.resources import files


def case_names() -> tuple[str, ...]:
    """Names of all shipped cases, sorted."""
    found = (item.name for item in files(__name__).iterdir())
    return tuple(sorted(name[:-5] for name in found if name.endswith(".toml")))


def case_text(name: str) -> str:
    """The text of a shipped case. Raises KeyError, naming all, for a name that is none."""
    if name not in case_names():
        raise KeyError(f"{name}: no such case; shipped: {', '.join(case_names())}")
    return files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
