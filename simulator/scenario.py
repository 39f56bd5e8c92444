"""Scenario files: which console, which patient, which faults. The lesson in them is training's."""

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import msgspec

from simulator.knobs import checked
from simulator.physics.presets import probe_named, tissue_named
from simulator.station import DueFault


class ScenarioError(ValueError):
    """The file cannot be used; the message names file and key."""


class Scenario(msgspec.Struct, frozen=True):
    """What the simulator takes from a scenario. The default is a healthy N2O console in tissue."""

    gas: str = "n2o"
    seed: int = 1
    cell_mm: float = 0.5
    medium: str = "tissue"
    faults: tuple[DueFault, ...] = ()
    tissue: str = "generic"
    probe: str = "long"


class _Fault(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    size: float | None = None
    at_s: float = 0.0
    ramp_s: float = 0.0


class _Device(msgspec.Struct, forbid_unknown_fields=True):
    gas: str = "n2o"
    seed: int = 1
    cell_mm: float = 0.5
    probe: str = "long"


class _Patient(msgspec.Struct, forbid_unknown_fields=True):
    medium: str = "tissue"
    tissue: str = "generic"


class _File(msgspec.Struct, forbid_unknown_fields=True):
    device: _Device = msgspec.field(default_factory=_Device)
    patient: _Patient = msgspec.field(default_factory=_Patient)
    fault: list[_Fault] = []
    lesson: dict[str, Any] = {}


_GASES: Final = ("n2o", "co2")
_MEDIA: Final = ("tissue", "water", "air")


def found(name: str) -> Scenario:
    """The shipped scenario `name`, or the file at that path. Raises ScenarioError."""
    path = Path(name)
    try:
        if path.suffix == ".toml" or path.is_file():
            text = path.read_text(encoding="utf-8")
        else:
            shipped = files("simulator") / "scenarios" / f"{name}.toml"
            text = shipped.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ScenarioError(f"scenario {name}: no such scenario or file") from None
    return parsed(text, name)


def parsed(text: str, name: str) -> Scenario:
    """The scenario in `text`; `name` is for messages. Raises ScenarioError."""
    try:
        read = msgspec.convert(tomllib.loads(text), _File)
        if read.device.gas not in _GASES:
            raise ScenarioError(f"device.gas is {read.device.gas!r}, known: {', '.join(_GASES)}")
        if read.patient.medium not in _MEDIA:
            raise ScenarioError(
                f"patient.medium is {read.patient.medium!r}, known: {', '.join(_MEDIA)}"
            )
        probe_named(read.device.probe)
        tissue_named(read.patient.tissue)
        faults = []
        for fault in read.fault:
            checked(fault.name, fault.size, fault.ramp_s)
            if not 0 <= fault.at_s < 1e6:
                raise ScenarioError(f"fault {fault.name}: at_s is seconds from 0")
            faults.append(DueFault(fault.name, fault.size, round(fault.at_s * 1_000), fault.ramp_s))
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, ValueError) as error:
        raise ScenarioError(f"scenario {name}: {error}") from None
    device, patient = read.device, read.patient
    return Scenario(
        gas=device.gas,
        seed=device.seed,
        cell_mm=device.cell_mm,
        medium=patient.medium,
        faults=tuple(faults),
        tissue=patient.tissue,
        probe=device.probe,
    )
