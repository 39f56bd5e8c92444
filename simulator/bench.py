"""All that the firmware runs on, put together: the plant, the patient, the stimulator, the probe's
chip, and the knobs that make them fail."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import msgspec

from drivers.link.codes import Gas, Quality
from simulator.firmware import Drive, ProbeChip, Readings
from simulator.knobs import BENCH_KNOBS, checked
from simulator.physics import Actuators, Medium, Plant
from simulator.physics import Gas as PlantGas
from simulator.physics.faults import KNOBS as PLANT_KNOBS
from simulator.physics.faults import Faults
from simulator.physics.patient import Patient, draw_patient
from simulator.physics.presets import probe_named, tissue_named
from simulator.physics.probes import ProbeKind
from simulator.physics.readings import Quality as SensorQuality
from simulator.stimulator import OutputStage
from simulator.voice import Voice, voice

_QUALITY: Final = {
    "ok": Quality.OK,
    "open": Quality.OPEN,
    "short": Quality.SHORT,
    "out_of_range": Quality.OUT_OF_RANGE,
    "stale": Quality.STALE,
    "not_fitted": Quality.NOT_FITTED,
}
_OK, _SENSOR_OK = Quality.OK, SensorQuality.OK
_OTHER_PROBE: Final = "SIMPROBE0002"
MOST_NERVES: Final = 100
PatientAt = Callable[[int], Patient]
"""The patient as the probe stands at that nerve, counted from 1."""


class Bench:
    """The hardware under one `Firmware`. Seeded: the same calls give the same readings."""

    def __init__(
        self,
        gas: Gas,
        *,
        seed: int = 1,
        cell_mm: float = 0.5,
        probe: str = "long",
        tissue: str = "generic",
        patient: Patient | PatientAt | None = None,
    ) -> None:
        """`patient`: one with the same nerve everywhere, or one by nerve; None is drawn by the
        seed. Raises ValueError for a probe or tissue that is not known and a cell that the tissue
        grid cannot have."""
        kind, material = probe_named(probe), tissue_named(tissue)
        # What has no blood is a block on a bench, the same one every time, and nobody to ask.
        self._alive = material.perfusion_w_m3k > 0
        if patient is None:
            patient = partial(draw_patient, seed) if self._alive else Patient()
        self._patient = patient
        self.plant = Plant(
            PlantGas.N2O if gas is Gas.N2O else PlantGas.CO2,
            seed=seed,
            cell_mm=cell_mm,
            probe=kind,
            patient=self._patient_at(1),
            tissue=material,
        )
        self._stage = OutputStage(seed)
        self._chip = _chip(kind)
        self._levels = Faults(BENCH_KNOBS)
        self._drive = Drive()

    def set_knob(self, name: str, size: float | None = None, *, ramp_s: float = 0.0) -> None:
        """Turns a knob of plant or bench, evenly over `ramp_s`; where it rests (most: 0) it is no
        longer turned. Raises ValueError."""
        size = checked(name, size, ramp_s)
        if name in PLANT_KNOBS:
            self.plant.faults.turn(name, size, ramp_s=ramp_s)
        elif name in BENCH_KNOBS:
            self._levels.turn(name, size, ramp_s=ramp_s)
        else:
            raise ValueError(f"{name}: not a knob of the bench")

    def clear_knob(self, name: str) -> None:
        """Takes a knob back to where a healthy console has it."""
        checked(name, None)
        (self.plant.faults if name in PLANT_KNOBS else self._levels).pop(name, None)

    def knobs(self) -> dict[str, float]:
        """The knobs that are turned."""
        return dict(self.plant.faults) | dict(self._levels)

    def set_medium(self, name: str) -> None:
        """Moves the probe into "tissue", "water" or "air". Raises ValueError for another name, and
        while the tip is frozen fast."""
        self.plant.set_medium(Medium(name))

    def move_probe(self, nearer_mm: float) -> None:
        """Puts the probe elsewhere in the same medium, that much nearer to the nerve (negative:
        further away). Raises ValueError while the tip is frozen fast."""
        self.plant.move_probe(nearer_mm)

    def place_probe(self, nerve: int) -> None:
        """Takes the probe out and puts it to the patient's nerve of that number, the first being
        where it stood when the console was switched on: fresh tissue, a nerve that nothing has
        happened to. Raises ValueError for a number outside 1 to 100, and while the tip is frozen
        fast."""
        if not 1 <= nerve <= MOST_NERVES:
            raise ValueError(f"nerve {nerve} is outside 1 to {MOST_NERVES}")
        self.plant.place_probe(self._patient_at(nerve))

    def _patient_at(self, nerve: int) -> Patient:
        return self._patient if isinstance(self._patient, Patient) else self._patient(nerve)

    def voice(self) -> Voice:
        """What the patient says and does now."""
        if not self._alive:
            return Voice()
        return voice(
            self.plant.nerve,
            in_tissue=self.plant.medium is Medium.TISSUE,
            delivered_ua=self._stage.delivered_ua,
            pulse_us=self._drive.pulse_us,
        )

    def truth(self) -> Mapping[str, object]:
        """What really is, the medium, and whether gas bubbles from the probe there."""
        said = msgspec.to_builtins(self.plant.truth)
        return {**said, "medium": str(self.plant.medium), "bubbles": self.plant.bubbles}

    def advance(self, dt_ms: int, drive: Drive) -> None:
        """Lets `dt_ms` pass."""
        self._drive = drive
        self._levels.advance(dt_ms / 1_000)
        self.plant.advance(
            dt_ms / 1_000,
            Actuators(drive.valve_duty, drive.exhaust_open, drive.warming, drive.supply_isolated),
        )
        self._stage.advance(dt_ms, drive, self._levels.turned)

    def count_use(self) -> None:
        """Writes one use less into the chip."""
        left = max(0, self._chip.uses_left - 1)
        self._chip = msgspec.structs.replace(self._chip, uses_left=left)

    def read(self) -> Readings:
        """What the inputs say now."""
        sensed, drive = self.plant.sense(), self._drive
        turned = self._levels.turned
        on = turned.get
        tip, quality = sensed.tip_celsius, _link_quality(sensed.tip_quality)
        chip = self._answering() if turned else self._chip
        if chip is None:
            tip, quality = None, Quality.OPEN
        return Readings(
            tip_celsius=tip,
            tip_quality=quality,
            hose_celsius=sensed.hose_celsius,
            hose_quality=_link_quality(sensed.hose_quality),
            room_celsius=sensed.room_celsius,
            supply_kpa=None if on("supply_unreadable", 0.0) > 0.0 else sensed.supply_kpa,
            exhaust_kpa=sensed.exhaust_kpa,
            flow_mg_s=sensed.flow_mg_s,
            valve_open=sensed.valve_open,
            exhaust_open=drive.exhaust_open,
            warming=drive.warming,
            supply_isolated=drive.supply_isolated,
            stimulator_on=self._stage.on,
            delivered_ua=self._stage.delivered_ua,
            impedance_ohm=self._stage.impedance_ohm,
            compliance_pulses=self._stage.compliance_pulses,
            probe=chip,
            pedal_down=on("pedal", 0.0) > 0.0,
            stop_line=on("stop_line", 0.0) > 0.0,
            maintenance_switch=on("maintenance_switch", 0.0) > 0.0,
            brown_out=on("brown_out", 0.0) > 0.0,
        )

    def _on(self, name: str) -> bool:
        return self._levels.get(name, 0.0) > 0

    def _answering(self) -> ProbeChip | None:
        if self._on("probe_unplugged"):
            return None
        changes: dict[str, object] = {}
        if self._on("probe_changed"):
            changes["serial"] = _OTHER_PROBE
        if self._on("probe_expired"):
            changes["expires_day"] = 0
        if self._on("probe_used_up"):
            changes["uses_left"] = 0
        return msgspec.structs.replace(self._chip, **changes) if changes else self._chip


def _link_quality(said: SensorQuality) -> Quality:
    return _OK if said is _SENSOR_OK else _QUALITY[said]


def _chip(kind: ProbeKind) -> ProbeChip:
    """What the plug of a new probe of that kind says."""
    return ProbeChip(
        model=kind.model,
        serial=kind.serial,
        diameter_um=round(2_000 * kind.radius_mm),
        tip_length_um=round(1_000 * kind.length_mm),
        uses_left=kind.uses,
        expires_day=kind.expires_day,
    )
