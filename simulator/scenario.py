"""Scenario files: which console, which patient, which faults. The lesson in them is training's."""

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec

from drivers.inputs import files
from drivers.inputs.text import accepted
from simulator.bench import PatientAt
from simulator.knobs import checked
from simulator.physics.patient import draw_patient
from simulator.physics.presets import probe_named, tissue_named
from simulator.station import DueFault


class ScenarioError(ValueError):
    """The file cannot be used; the message names file and key."""


class Scenario(msgspec.Struct, frozen=True):
    """What the simulator takes from a scenario; `gas` None suits both, `patient` is what the
    patient drawn by the seed has otherwise. The default is a healthy console in tissue."""

    gas: str | None = None
    seed: int = 1
    cell_mm: float = 0.5
    medium: str = "tissue"
    faults: tuple[DueFault, ...] = ()
    tissue: str = "generic"
    probe: str = "long"
    title: str = ""
    patient: Mapping[str, float] = {}

    def patient_of(self, seed: int) -> PatientAt | None:
        """The patient of that seed as this scenario wants it, at every nerve; None: leave it to
        the seed."""
        if not self.patient:
            return None
        return lambda nerve: msgspec.structs.replace(draw_patient(seed, nerve), **self.patient)


class _Fault(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    size: float | None = None
    freeze: int = 0
    at_s: float = 0.0
    ramp_s: float = 0.0


class _Device(msgspec.Struct, forbid_unknown_fields=True):
    gas: str | None = None
    seed: int = 1
    cell_mm: float = 0.5
    probe: str = "long"


_Factor = Annotated[float, msgspec.Meta(ge=0.2, le=5.0)]
_Millimetres = Annotated[float, msgspec.Meta(ge=0.0, le=50.0)]
_Milliamperes = Annotated[float, msgspec.Meta(ge=0.001, le=10.0)]


class _Patient(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The numbers are those of `Patient`; what is left out is drawn by the seed."""

    medium: str = "tissue"
    tissue: str = "generic"
    conductivity: _Factor | None = None
    perfusion: _Factor | None = None
    initial_celsius: Annotated[float, msgspec.Meta(ge=30.0, le=42.0)] | None = None
    contact: _Factor | None = None
    nerve_mm: _Millimetres | None = None
    motor_mm: _Millimetres | None = None
    other_mm: _Millimetres | None = None
    sensory_ma: _Milliamperes | None = None
    sensory_ma_mm2: _Milliamperes | None = None
    motor_ma: _Milliamperes | None = None
    motor_ma_mm2: _Milliamperes | None = None
    baseline_pain: Annotated[int, msgspec.Meta(ge=0, le=10)] | None = None


class _File(msgspec.Struct, forbid_unknown_fields=True):
    title: str = ""
    device: _Device = msgspec.field(default_factory=_Device)
    patient: _Patient = msgspec.field(default_factory=_Patient)
    fault: list[_Fault] = []
    lesson: dict[str, Any] = {}


_GASES: Final = ("n2o", "co2")
_MEDIA: Final = ("tissue", "water", "air")
_MOST_FREEZES: Final = 100
_SHIPPED: Final = resources.files("simulator") / "scenarios"


def shipped() -> dict[str, str]:
    """The scenarios that come with the simulator: what each is about, by name, in order."""
    return {name: found(name).title for name in _names()}


def _names() -> list[str]:
    names = sorted(one.name.removesuffix(".toml") for one in _SHIPPED.iterdir())
    return [name for name in names if not name.startswith("_")]


def found(name: str) -> Scenario:
    """The shipped scenario `name`, or the file at that path. Raises ScenarioError."""
    if name in _names():
        return parsed((_SHIPPED / f"{name}.toml").read_bytes(), name)
    try:
        return parsed(files.read(Path(name), files.SCENARIO_BYTES), name)
    except files.MissingError:
        raise ScenarioError(
            f"scenario {name}: no such scenario or file; shipped: {', '.join(_names())}"
        ) from None
    except files.FileError as error:
        raise ScenarioError(f"scenario {error}") from None


def parsed(data: bytes | str, name: str) -> Scenario:
    """The scenario in `data`; `name` is for messages. Raises ScenarioError."""
    try:
        read = files.parsed_toml(data, name, _File)
        title = accepted(read).title
        device, patient = read.device, read.patient
        if device.gas is not None and device.gas not in _GASES:
            raise ScenarioError(f"device.gas is {device.gas!r}, known: {', '.join(_GASES)}")
        if patient.medium not in _MEDIA:
            raise ScenarioError(f"patient.medium is {patient.medium!r}, known: {', '.join(_MEDIA)}")
        probe_named(device.probe)
        material = tissue_named(patient.tissue)
        numbers = {
            key: value
            for key, value in msgspec.structs.asdict(patient).items()
            if key not in ("medium", "tissue") and value is not None
        }
        if numbers and not material.perfusion_w_m3k:
            raise ScenarioError(f"patient.{min(numbers)}: {patient.tissue} is no patient")
        faults = tuple(_due(fault) for fault in read.fault)
    except files.FileError as error:
        raise ScenarioError(f"scenario {error}") from None
    except ValueError as error:
        raise ScenarioError(f"scenario {name}: {error}") from None
    return Scenario(
        gas=device.gas,
        seed=device.seed,
        cell_mm=device.cell_mm,
        medium=patient.medium,
        faults=faults,
        tissue=patient.tissue,
        probe=device.probe,
        title=title,
        patient=numbers,
    )


def _due(fault: _Fault) -> DueFault:
    checked(fault.name, fault.size, fault.ramp_s)
    if not 0 <= fault.at_s < 1e6:
        raise ScenarioError(f"fault {fault.name}: at_s is seconds from 0")
    if not 0 <= fault.freeze <= _MOST_FREEZES:
        raise ScenarioError(f"fault {fault.name}: freeze is a number from 1, or left out")
    at_ms = round(fault.at_s * 1_000)
    return DueFault(fault.name, fault.size, at_ms, fault.ramp_s, fault.freeze)
