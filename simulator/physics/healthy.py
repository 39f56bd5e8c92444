"""The figures of a healthy run, measured on the plant: for docs/physics.md."""

from __future__ import annotations

from simulator.physics.gas import Gas
from simulator.physics.plant import Plant
from simulator.physics.readings import Actuators
from simulator.physics.reference_hold import ReferenceHold

_DT_S = 0.02
_FULL, _SHUT = Actuators(valve_duty=1.0), Actuators(valve_duty=0.0)
_WARM = Actuators(valve_duty=0.0, warming=True)


def rows(cell_mm: float = 0.5) -> list[tuple[str, str, str]]:
    """What, expected, and measured here; N2O in the book's tissue, the 1.4 x 6 mm tip."""
    out = [*_full_flow(cell_mm), *_three_freezes(cell_mm), *_active_thaw(cell_mm)]
    dog = "1 : 1.105 : 1.169 : 1.233 (dog, lesion)"
    for name, sizes in _growth(cell_mm).items():
        ratios = " : ".join(f"{size / sizes[0]:.3f}" for size in sizes)
        out.append((f"{name}, ratio at 1, 2, 3, 4 min of full flow", dog, ratios))
    return out


def table() -> str:
    """The figures as Markdown."""
    lines = ["| what | expected | here |", "| --- | --- | --- |"]
    lines += [f"| {what} | {wanted} | {got} |" for what, wanted, got in rows()]
    return "\n".join(lines)


def _run(plant: Plant, seconds: float, actuators: Actuators) -> None:
    for _ in range(round(seconds / _DT_S)):
        plant.advance(_DT_S, actuators)


def _until(plant: Plant, actuators: Actuators, celsius: float, *, above: bool) -> float:
    start = plant.elapsed_s
    while plant.elapsed_s < start + 600.0:
        if (plant.tip_celsius > celsius) is above:
            break
        plant.advance(_DT_S, actuators)
    return plant.elapsed_s - start


def _freeze(plant: Plant, seconds: float, target_celsius: float) -> tuple[float, float]:
    """Seconds until within 3 °C of the target, and the lowest tip."""
    loop, start = ReferenceHold(target_celsius), plant.elapsed_s
    reached, lowest = float("nan"), plant.tip_celsius
    for _ in range(round(seconds / _DT_S)):
        tip = plant.sense().tip_celsius
        if tip is None:
            break
        if reached != reached and tip < target_celsius + 3.0:  # noqa: PLR0124  not yet
            reached = plant.elapsed_s - start
        plant.advance(_DT_S, Actuators(valve_duty=loop.duty(tip)))
        lowest = min(lowest, plant.tip_celsius)
    return reached, lowest


def _full_flow(cell_mm: float) -> list[tuple[str, str, str]]:
    plant = Plant(Gas.N2O, cell_mm=cell_mm, backend="numpy")
    reached = _until(plant, _FULL, -70.0, above=False)
    _run(plant, 120.0 - plant.elapsed_s, _FULL)
    reading = plant.sense()
    co2 = Plant(Gas.CO2, cell_mm=cell_mm, backend="numpy")
    _run(co2, 120.0, _FULL)
    return [
        ("full flow: -70 °C after", "within 9 s", f"{reached:.1f} s"),
        ("full flow: tip at 120 s", "about -75 °C", f"{plant.tip_celsius:.1f} °C"),
        ("full flow: flow", "0.30 g/s", f"{reading.flow_mg_s / 1000.0:.2f} g/s"),
        ("full flow: exhaust", "about 1.5 bar", f"{reading.exhaust_kpa / 100.0:.2f} bar"),
        ("CO2 at full flow settles", "near -68 °C", f"{co2.tip_celsius:.1f} °C"),
    ]


def _three_freezes(cell_mm: float) -> list[tuple[str, str, str]]:
    plant = Plant(Gas.N2O, cell_mm=cell_mm, backend="numpy")
    edges, lowest, reached, first = [], 0.0, 0.0, (0.0, 0.0)
    for cycle in range(3):
        time, low = _freeze(plant, 120.0, -70.0)
        reached, lowest = max(reached, time), min(lowest, low)
        edges.append(plant.truth.ice_edge_mm)
        if cycle == 2:
            break
        _run(plant, 2.0, _SHUT)
        after2 = plant.tip_celsius
        _run(plant, 3.0, _SHUT)
        if cycle == 0:
            first = (after2, plant.tip_celsius)
        _run(plant, 40.0, _SHUT)
    thaw3 = _until(plant, _SHUT, 10.0, above=True)
    single = Plant(Gas.N2O, cell_mm=cell_mm, backend="numpy")
    _freeze(single, 120.0, -70.0)
    thaw1 = _until(single, _SHUT, 10.0, above=True)
    found = ", ".join(f"{edge:.1f}" for edge in edges)
    return [
        ("held at -70 °C: at target after", "under 40 s", f"{reached:.1f} s"),
        ("held at -70 °C: lowest tip", "above -76 °C", f"{lowest:.1f} °C"),
        ("ice edge after three 2:00 freezes, 0:45 thaws", "10.0, 11.3, 12.1 mm", f"{found} mm"),
        ("shut from -70 °C: after 2 s, 5 s", "-22, -11 °C", f"{first[0]:.0f}, {first[1]:.0f} °C"),
        ("+10 °C after one freeze, after three", "2:05, 3:15", f"{_clock(thaw1)}, {_clock(thaw3)}"),
    ]


def _active_thaw(cell_mm: float) -> list[tuple[str, str, str]]:
    plant = Plant(Gas.N2O, cell_mm=cell_mm, backend="numpy")
    _freeze(plant, 120.0, -70.0)
    warm = _until(plant, _WARM, 30.0, above=True)
    edge = plant.truth.ice_edge_mm / 2.0
    seconds = warm
    while plant.truth.ice_edge_mm > 0.0 and seconds < 300.0:
        _run(plant, 1.0, _WARM)
        seconds += 1.0
    return [
        ("active thaw: tip at +30 °C after", "within 5 s", f"{warm:.1f} s"),
        ("ice edge radius then", "4.7 mm", f"{edge:.1f} mm"),
        ("ice gone after", "about a minute", f"{seconds:.0f} s"),
    ]


def _growth(cell_mm: float) -> dict[str, list[float]]:
    plant = Plant(Gas.N2O, cell_mm=cell_mm, backend="numpy")
    sizes: dict[str, list[float]] = {"-20 °C radius": [], "ice edge radius": []}
    for _ in range(4):
        _run(plant, 60.0, _FULL)
        truth = plant.truth
        sizes["-20 °C radius"].append(truth.minus20_mm)
        sizes["ice edge radius"].append(truth.ice_edge_mm)
    return sizes


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
