"""What is read from files at the start: limits, presets, plans. Errors are one line each."""

from importlib import resources
from pathlib import Path
from typing import TypeVar

import msgspec

from console.model.plan import Plan, problems
from console.model.preset import Preset
from console.safety.limits import Limits
from inputs import files
from inputs.text import TextError, accepted

T = TypeVar("T")


class ConfigError(Exception):
    """A file cannot be used; the message says which, what and where."""


class _Presets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    preset: tuple[Preset, ...]


def limits() -> Limits:
    """The host's thresholds, as shipped."""
    text = resources.files("console.safety").joinpath("limits.toml").read_text("utf-8")
    return _typed(text, Limits, "limits.toml")


def presets() -> tuple[Preset, ...]:
    """The presets as shipped; nerve and side are chosen each time anew."""
    text = resources.files("console").joinpath("presets.toml").read_text("utf-8")
    return _typed(text, _Presets, "presets.toml").preset


def demonstration() -> Plan:
    """The plan that `make run` shows."""
    text = resources.files("console").joinpath("demonstration.toml").read_text("utf-8")
    return _typed(text, Plan, "demonstration.toml")


def plan(path: Path) -> Plan:
    """The plan in a TOML file. Raises ConfigError with one line that says what and where."""
    try:
        found = accepted(files.toml(path, files.PLAN_BYTES, Plan))
    except files.FileError as error:
        raise ConfigError(str(error)) from error
    except TextError as error:
        raise ConfigError(f"{path}: {error}") from error
    wrong = problems(found)
    if wrong:
        raise ConfigError(f"{path}: {wrong[0]}")
    return found


def _typed(text: str, kind: type[T], where: str) -> T:
    try:
        return files.parsed_toml(text.encode(), where, kind)
    except files.FileError as error:
        raise ConfigError(str(error)) from error
