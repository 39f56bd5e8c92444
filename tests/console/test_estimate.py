"""The ice-ball estimate: book tissue driven by the measured tip."""

import subprocess
import sys

import msgspec
import pytest

from console.estimate import Reckoner, sizes
from console.model.estimate import Band, Estimate
from console.model.snapshot import Sample
from simulator.physics import Actuators, Plant
from simulator.physics.patient import draw_patient
from simulator.physics.presets import probe_kinds
from simulator.physics.reference_hold import ReferenceHold


def sample(at_ms: int, tip: float | None, *, gas: bool, probe: str | None = "LT-14-6") -> Sample:
    return Sample(at_ms, tip, 5_050.0, 150.0, 200.0 if gas else 0.0, gas, probe)


def freeze(seconds: int, tip: float = -70.0, probe: str | None = "LT-14-6") -> list[Sample]:
    end = 1_000 + seconds * 1_000
    warm = [sample(at, 36.0, gas=False, probe=probe) for at in range(0, 1_000, 50)]
    cold = [sample(at, tip, gas=True, probe=probe) for at in range(1_000, end, 50)]
    return [*warm, *cold, sample(end, tip, gas=False, probe=probe)]


def told(samples: list[Sample]) -> list[Estimate]:
    reckoner = Reckoner()
    return [e for s in samples if (e := reckoner.take(s)) is not None]


def test_two_minutes_at_target_grow_the_ice_that_the_book_tells() -> None:
    last = told(freeze(120))[-1]
    assert 9.0 < last.ice_edge_mm.value < 11.0
    assert last.minus20_mm.value < last.ice_edge_mm.value
    assert last.ice_edge_mm.low < last.ice_edge_mm.value < last.ice_edge_mm.high


def test_the_estimate_is_told_each_second_and_when_the_gas_goes_off() -> None:
    estimates = told(freeze(10))
    assert [e.at_ms for e in estimates][:3] == [200, 1_200, 2_200]
    assert estimates[-1].at_ms == 11_000  # the moment of gas-off, not the next full second


def test_a_nerve_that_the_cold_does_not_reach_gathers_no_time() -> None:
    assert told(freeze(60, tip=-15.0))[-1].nerve_below_s.value == 0.0
    assert told(freeze(120))[-1].nerve_below_s.value > 0.0


def test_each_probe_has_its_own_ice() -> None:
    models = ("ND-09-4", "LT-14-6", "WD-20-6")
    edges = [told(freeze(15, probe=model))[-1].ice_edge_mm.value for model in models]
    assert edges == sorted(edges)
    assert edges[2] > edges[0] + 1.0


def test_a_probe_that_the_host_does_not_know_has_no_estimate_nor_has_one_not_named_yet() -> None:
    assert told(freeze(10, probe="XX-99-9")) == []
    assert told(freeze(10, probe=None)) == []


def test_another_probe_begins_with_fresh_tissue_and_one_unplugged_keeps_its_ice() -> None:
    reckoner = Reckoner()
    before = [e for s in freeze(10) if (e := reckoner.take(s)) is not None][-1]
    later = [sample(at, -70.0, gas=False, probe=None) for at in range(12_000, 14_000, 50)]
    kept = [e for s in later if (e := reckoner.take(s)) is not None][-1]
    assert kept.probe == before.probe == "LT-14-6"
    assert kept.ice_edge_mm.value > 0.9 * before.ice_edge_mm.value
    other = [sample(at, 36.0, gas=False, probe="WD-20-6") for at in range(15_000, 17_000, 50)]
    fresh = [e for s in other if (e := reckoner.take(s)) is not None][-1]
    assert (fresh.probe, fresh.ice_edge_mm.value) == ("WD-20-6", 0.0)


@pytest.mark.parametrize("site", [1, None])
def test_another_site_and_another_session_begin_with_fresh_tissue(site: int | None) -> None:
    def at(index: int | None, given: Sample) -> Sample:
        return msgspec.structs.replace(given, site=index)

    reckoner = Reckoner()
    before = [e for s in freeze(10) if (e := reckoner.take(at(0, s))) is not None][-1]
    assert before.ice_edge_mm.value > 1.0
    later = [at(site, sample(ms, 20.0, gas=False)) for ms in range(12_000, 14_000, 50)]
    fresh = [e for s in later if (e := reckoner.take(s)) is not None][-1]
    assert (fresh.ice_edge_mm.value, fresh.nerve_below_s.value) == (0.0, 0.0)


def test_the_hosts_table_has_the_probes_that_are_sold_with_the_console() -> None:
    for kind in probe_kinds().values():
        size = sizes()[kind.model]
        assert (size.diameter_mm, size.length_mm) == (2 * kind.radius_mm, kind.length_mm)


def _inside_the_band(seed: int) -> bool:
    """Whether the estimate, given the measured tip alone, holds the nerve's true time of a drawn
    patient, and does so with a band that says something."""
    patient = draw_patient(seed)
    plant, reckoner = Plant(seed=seed, patient=patient), Reckoner(patient.nerve_mm)
    loop, band = ReferenceHold(-70.0), None
    for step in range(90 * 50 + 1):
        tip = plant.sense().tip_celsius
        assert tip is not None
        if step % 10 == 0:
            told = reckoner.take(sample(20 * step, tip, gas=step < 90 * 50))
            band = told.nerve_below_s if told is not None else band
        plant.advance(0.02, Actuators(valve_duty=loop.duty(tip)))
    assert band is not None
    assert band.high - band.low < 45.0
    return band.low - 0.2 <= plant.truth.nerve_below_s <= band.high + 0.2


@pytest.mark.slow
def test_the_band_holds_the_true_time_of_the_nerve_for_five_patients() -> None:
    assert sum(_inside_the_band(seed) for seed in range(1, 6)) >= 4


@pytest.mark.seeds
def test_the_band_holds_the_true_time_of_the_nerve_for_fifty_patients() -> None:
    assert sum(_inside_the_band(seed) for seed in range(1, 51)) >= 45


def test_an_unknown_tip_is_no_reading_and_a_clock_that_jumps_back_keeps_the_ice() -> None:
    reckoner = Reckoner()
    for each in freeze(60):
        reckoner.take(each)
    before = reckoner.take(sample(63_000, -70.0, gas=False))
    assert reckoner.take(sample(64_000, None, gas=False)) is None
    assert reckoner.take(sample(0, -20.0, gas=False)) is None  # another boot: its clock is new
    after = reckoner.take(sample(1_000, -20.0, gas=False)) or reckoner.take(
        sample(65_000, -20.0, gas=False)
    )
    assert before is not None and after is not None
    assert after.ice_edge_mm.value > 0.5 * before.ice_edge_mm.value


def test_with_the_gas_on_or_nothing_frozen_nobody_knows_when_the_probe_is_free() -> None:
    reckoner = Reckoner()
    estimates = [e for s in freeze(30)[:-1] if (e := reckoner.take(s)) is not None]
    assert estimates and all(each.free_in_s is None for each in estimates)


def test_from_gas_off_on_the_thaw_is_foretold_with_a_band_and_counts_down() -> None:
    reckoner = Reckoner()
    shut = [e for s in freeze(30) if (e := reckoner.take(s)) is not None][-1]
    assert shut.free_in_s is not None
    assert 62.0 < shut.free_in_s.value < 72.0  # the simulated thaw takes 67 s
    assert shut.free_in_s.low < shut.free_in_s.value - 2.0
    assert shut.free_in_s.value + 2.0 < shut.free_in_s.high
    later = reckoner.take(sample(shut.at_ms + 1_000, -35.0, gas=False))
    assert later is not None and later.free_in_s is not None
    assert later.free_in_s.value == pytest.approx(shut.free_in_s.value - 1.0)


def test_the_gas_going_on_again_takes_the_foretelling_back() -> None:
    reckoner = Reckoner()
    for each in freeze(10):
        reckoner.take(each)
    again = reckoner.take(sample(13_000, -20.0, gas=True))
    assert again is not None and again.free_in_s is None


def _foretold(freezes: list[int], seed: int | None = None) -> tuple[list[Band], list[float]]:
    """The last thaw of a simulated patient: what was told at each second, and what came true."""
    patient = {"patient": draw_patient(seed), "seed": seed} if seed is not None else {}
    plant, reckoner = Plant(**patient), Reckoner()  # type: ignore[arg-type]
    ticks = off = 0
    told: list[Estimate] = []

    def tick(loop: ReferenceHold | None) -> float:
        nonlocal ticks
        tip = plant.sense().tip_celsius
        assert tip is not None
        if ticks % 10 == 0:
            estimate = reckoner.take(sample(20 * ticks, tip, gas=loop is not None))
            told.extend([estimate] if estimate is not None else [])
        plant.advance(0.02, Actuators(valve_duty=0.0 if loop is None else loop.duty(tip)))
        ticks += 1
        return tip

    for number, seconds in enumerate(freezes):
        loop, end = ReferenceHold(-70.0), ticks + 50 * seconds
        while ticks < end:
            tick(loop)
        told.clear()
        above, off = 0, ticks
        last = number == len(freezes) - 1
        while above < 250 and (last or ticks < off + 45 * 50):
            above = above + 1 if tick(None) > 10.0 else 0
    bands = [each.free_in_s for each in told if each.free_in_s is not None]
    true = [ticks / 50 - each.at_ms / 1_000 for each in told if each.free_in_s is not None]
    return bands, true


@pytest.mark.seeds
@pytest.mark.parametrize("freezes", [[30], [60], [120], [180], [120, 120, 120]])
def test_the_thaw_of_book_tissue_is_foretold_within_five_seconds(freezes: list[int]) -> None:
    bands, true = _foretold(freezes)
    assert len(bands) > 50
    assert max(abs(b.value - t) for b, t in zip(bands, true, strict=True)) < 5.0


@pytest.mark.seeds
def test_the_band_holds_the_true_thaw_of_nine_in_ten_patients() -> None:
    held = 0
    for seed in range(1, 11):
        bands, true = _foretold([120], seed)
        middle = len(bands) // 4
        held += bands[middle].low - 2.0 <= true[middle] <= bands[middle].high + 2.0
    assert held >= 9


def test_the_process_answers_in_lines_and_ends_with_its_input() -> None:
    lines = b"".join(msgspec.json.encode(each) + b"\n" for each in freeze(3))
    done = subprocess.run(
        [sys.executable, "-m", "console.estimate"], input=lines, capture_output=True, check=True
    )
    assert done.stderr == b""
    estimates = [msgspec.json.decode(line, type=Estimate) for line in done.stdout.splitlines()]
    assert estimates == told(freeze(3))


def test_the_process_ends_without_a_word_when_nobody_reads_on() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "console.estimate"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None  # so that communicate does not read it
    lines = b"".join(msgspec.json.encode(one) + b"\n" for one in freeze(2))
    assert process.communicate(lines, timeout=60)[1] == b""
    assert process.returncode == 0
