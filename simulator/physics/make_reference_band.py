"""Writes data/reference_band.csv: what the tip of a healthy console shows over time.

    python -m simulator.physics.make_reference_band [SEEDS]        (default 100; 10 to 30 minutes)

For each probe, gas and medium, a 120 s freeze held at the gas's usual target and 60 s of passive
thaw, on the 0.5 mm grid. Each seed draws a patient, the room (18 to 24 °C), the cylinder's contents
and the sensors' noise. The table holds the 5th, 50th and 95th percentile of the measured tip.
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import numpy as np

from simulator.physics.gas import Gas
from simulator.physics.medium import Medium
from simulator.physics.patient import draw_patient
from simulator.physics.plant import Plant
from simulator.physics.presets import probe_kinds
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


def shown(seed: int, probe: str, gas: Gas, medium: Medium) -> list[float]:
    """The measured tip at `sample_times` of one healthy run, °C."""
    chance = np.random.default_rng([seed, 0xBA2D])
    plant = Plant(
        gas,
        seed=seed,
        probe=probe_kinds()[probe],
        medium=medium,
        patient=draw_patient(seed),
        room_celsius=float(chance.uniform(18.0, 24.0)),
        contents_g=float(chance.uniform(1000.0, 3200.0)),
    )
    loop = ReferenceHold(TARGETS[gas])
    wanted = {round(time / DT_S) for time in sample_times()}
    frozen, end = round(FREEZE_S / DT_S), round((FREEZE_S + THAW_S) / DT_S)
    out = []
    for step in range(end + 1):
        tip = plant.sense().tip_celsius
        if tip is None:
            raise ArithmeticError(f"{probe} {gas} {medium} seed {seed}: no reading")
        if step in wanted:
            out.append(tip)
        plant.advance(DT_S, Actuators(valve_duty=loop.duty(tip)) if step < frozen else _SHUT)
    return out


def main(seeds: int = 100) -> None:
    """Write the table beside this file."""
    times = sample_times()
    lines = [
        f"# measured tip of healthy runs, {seeds} seeds: simulator/physics/make_reference_band.py",
        "# probe,gas,medium,seconds_from_gas_on,p5_celsius,p50_celsius,p95_celsius",
    ]
    for probe, gas, medium in itertools.product(probe_kinds(), Gas, Medium):
        runs = np.array([shown(seed, probe, gas, medium) for seed in range(1, seeds + 1)])
        for time, column in zip(times, runs.T, strict=True):
            low, middle, high = np.percentile(column, [5.0, 50.0, 95.0])
            lines.append(f"{probe},{gas},{medium},{time:g},{low:.2f},{middle:.2f},{high:.2f}")
        sys.stderr.write(f"{probe} {gas} {medium}\n")
    target = Path(__file__).with_name("data") / "reference_band.csv"
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:2]))
