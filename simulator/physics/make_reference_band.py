"""Writes the reference band: what the tip of a healthy console shows over time.

    python -m simulator.physics.make_reference_band FILE [SEEDS]        (default 100 seeds)

For each probe, gas and medium: a 120 s freeze held at the gas's usual target, then 60 s of passive
thaw, on the 0.5 mm grid. Each seed draws a patient, the room (18 to 24 °C), the cylinder's contents
and the sensors' noise. The table holds the 5th, 50th and 95th percentile of the measured tip. It is
data for whoever watches a console (`make reference-band` puts it into `console/data`): the console
may read a file, never this package. The probe is named by its chip's model, which is all that a
console knows of it.
"""

from __future__ import annotations

import itertools
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from simulator.physics.gas import Gas
from simulator.physics.kernels import available_backends
from simulator.physics.medium import Medium
from simulator.physics.patient import draw_patient
from simulator.physics.plant import Plant
from simulator.physics.presets import probe_kinds
from simulator.physics.probes import ProbeKind
from simulator.physics.readings import Actuators
from simulator.physics.reference_hold import ReferenceHold

FREEZE_S, THAW_S, DT_S = 120.0, 60.0, 0.02
TARGETS = {Gas.N2O: -70.0, Gas.CO2: -60.0}
_SHUT = Actuators(valve_duty=0.0)


def sample_times() -> list[float]:
    """Seconds from gas-on: closely after each switching of the gas, then wider apart."""
    after = [0.2, 0.4, 0.6, 0.8, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]
    after += [12.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0]
    return [0.0, *after, 80.0, 100.0, FREEZE_S, *(FREEZE_S + t for t in after)]


def healthy_plant(seed: int, probe: ProbeKind, gas: Gas, medium: Medium) -> Plant:
    """The plant of a seed: patient, room, contents and noise are drawn, nothing is broken."""
    chance = np.random.default_rng([seed, 0xBA2D])
    return Plant(
        gas,
        seed=seed,
        probe=probe,
        medium=medium,
        patient=draw_patient(seed),
        room_celsius=float(chance.uniform(18.0, 24.0)),
        contents_g=float(chance.uniform(1000.0, 3200.0)),
        backend=available_backends()[-1],
    )


def shown(plant: Plant) -> list[float]:
    """The measured tip at `sample_times` of one run, °C; ArithmeticError without a reading."""
    loop = ReferenceHold(TARGETS[plant.gas], dt_s=DT_S)
    wanted = {round(time / DT_S) for time in sample_times()}
    frozen, end = round(FREEZE_S / DT_S), round((FREEZE_S + THAW_S) / DT_S)
    out = []
    for step in range(end + 1):
        tip = plant.sense().tip_celsius
        if tip is None:
            raise ArithmeticError(f"{plant.probe.name}, {plant.gas}: no reading at {step * DT_S} s")
        if step in wanted:
            out.append(tip)
        plant.advance(DT_S, Actuators(valve_duty=loop.duty(tip)) if step < frozen else _SHUT)
    return out


def band(probe: ProbeKind, gas: Gas, medium: Medium, seeds: int) -> list[str]:
    """The rows of one probe, gas and medium."""
    runs = [shown(healthy_plant(seed, probe, gas, medium)) for seed in range(1, seeds + 1)]
    rows = []
    for time, column in zip(sample_times(), np.array(runs).T, strict=True):
        low, middle, high = np.percentile(column, [5.0, 50.0, 95.0])
        rows.append(f"{probe.model},{gas},{medium},{time:g},{low:.2f},{middle:.2f},{high:.2f}")
    sys.stderr.write(f"{probe.model} {gas} {medium}\n")
    return rows


def main(target: str, seeds: int = 100) -> None:
    """Write the table to `target`, on all cores."""
    lines = [
        f"# measured tip of {seeds} healthy runs each, by python -m simulator.physics."
        "make_reference_band",
        "model,gas,medium,seconds_from_gas_on,p5_celsius,p50_celsius,p95_celsius",
    ]
    every = itertools.product(probe_kinds().values(), Gas, Medium)
    with ProcessPoolExecutor() as pool:
        for rows in pool.map(band, *zip(*every, strict=True), itertools.repeat(seeds)):
            lines += rows
    Path(target).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], *(int(word) for word in sys.argv[2:3]))
