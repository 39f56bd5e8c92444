"""The shipped tissues and probes, by name, from data/tissues.toml and data/probes.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from simulator.physics.material import Material
from simulator.physics.probes import ProbeKind


@cache
def tissues() -> dict[str, Material]:
    """Materials by name: generic, muscle, fat, gel, gel22; what one leaves out is generic's."""
    tables = _read("tissues.toml")
    common = {key: value for key, value in tables["generic"].items() if key != "source"}
    out = {}
    for name, table in tables.items():
        own = {key: value for key, value in table.items() if key != "source"}
        out[name] = msgspec.convert(common | own, Material)
    return out


def tissue_named(name: str) -> Material:
    """One of `tissues`. Raises ValueError, with one line for a person."""
    known = tissues()
    if name not in known:
        raise ValueError(f"tissue: {name!r} is none of {', '.join(known)}")
    return known[name]


@cache
def tissue_sources() -> dict[str, str]:
    """Where each tissue's numbers come from, in words."""
    return {name: str(table["source"]) for name, table in _read("tissues.toml").items()}


@cache
def probe_kinds() -> dict[str, ProbeKind]:
    """Probes by name; "long" is the default one."""
    kinds = {}
    for name, table in _read("probes.toml").items():
        kinds[name] = msgspec.convert({"name": name, **table}, ProbeKind)
    return kinds


def probe_named(name: str) -> ProbeKind:
    """One of `probe_kinds`. Raises ValueError, with one line for a person."""
    known = probe_kinds()
    if name not in known:
        raise ValueError(f"probe: {name!r} is none of {', '.join(known)}")
    return known[name]


def _read(name: str) -> dict[str, dict[str, Any]]:
    text = files("simulator.physics").joinpath("data", name).read_text(encoding="utf-8")
    return tomllib.loads(text)
