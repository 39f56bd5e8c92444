"""What is read from files at the start: limits, presets, plans. Errors are one line each."""
# ruff: noqa: PLC0415 - the window opens without the interlocks

import hashlib
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from platformdirs import user_config_path

from console.model.plan import Plan, problems
from console.model.preset import Preset
from drivers.inputs import files
from drivers.inputs.text import TextError, accepted

if TYPE_CHECKING:
    from console.safety.limits import Limits

T = TypeVar("T")


class ConfigError(Exception):
    """A file cannot be used; the message says which, what and where."""


class InForce(msgspec.Struct, frozen=True):
    """The limits of this computer. `sha256`, hex: of the site's file, empty where they are as
    shipped; `path`: that file."""

    limits: "Limits"
    sha256: str = ""
    path: Path | None = None


class _Presets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    preset: tuple[Preset, ...]


def limits() -> "Limits":
    """The host's limits, as shipped."""
    from console.safety.limits import shipped
    from console.safety.registry import LIMITS

    return shipped(LIMITS)


def limits_path() -> Path:
    """Where a site keeps its own limits on this platform."""
    return user_config_path("cryoprobe-console", appauthor=False) / "limits.toml"


def limits_in_force(path: Path | None = None) -> InForce:
    """The limits of the site's file at `path`, or of the usual one where there is one, else as
    shipped. Raises ConfigError with one line that names every key that cannot be used."""
    from console.safety.limits import LimitsError, of_site
    from console.safety.registry import LIMITS, RELATIONS

    where = limits_path() if path is None else path
    if path is None and not where.exists():
        return InForce(limits())
    try:
        data = files.read(where, files.PLAN_BYTES)
        found = of_site(LIMITS, RELATIONS, files.parsed_toml(data, str(where), dict[str, Any]))
    except files.FileError as error:
        raise ConfigError(str(error)) from error
    except LimitsError as error:
        raise ConfigError(f"{where}: {'; '.join(str(error).splitlines())}") from error
    return InForce(found, hashlib.sha256(data).hexdigest(), where)


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
