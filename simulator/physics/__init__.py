"""Gas, probe, thermocouple and tissue."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.physics.case import Case, CaseResult, parse_case
    from simulator.physics.cases import case_names, case_text
    from simulator.physics.faults import KNOBS, Faults, Knob
    from simulator.physics.gas import Gas
    from simulator.physics.material import Material
    from simulator.physics.medium import Medium
    from simulator.physics.plant import Plant
    from simulator.physics.probes import ProbeKind
    from simulator.physics.readings import Actuators, Quality, Sensed, Truth
    from simulator.physics.tip_driven import TipDriven

_HOMES = {
    "Actuators": "readings",
    "Case": "case",
    "CaseResult": "case",
    "Faults": "faults",
    "Gas": "gas",
    "KNOBS": "faults",
    "Knob": "faults",
    "Material": "material",
    "Medium": "medium",
    "Plant": "plant",
    "ProbeKind": "probes",
    "Quality": "readings",
    "Sensed": "readings",
    "TipDriven": "tip_driven",
    "Truth": "readings",
    "case_names": "cases",
    "case_text": "cases",
    "parse_case": "case",
}

__all__ = [
    "KNOBS",
    "Actuators",
    "Case",
    "CaseResult",
    "Faults",
    "Gas",
    "Knob",
    "Material",
    "Medium",
    "Plant",
    "ProbeKind",
    "Quality",
    "Sensed",
    "TipDriven",
    "Truth",
    "case_names",
    "case_text",
    "parse_case",
]


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for, so that importing the package is cheap."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
