"""The ice-ball estimate: book tissue driven by the measured tip."""

import subprocess
import sys

import msgspec

from console.estimate import Reckoner
from console.model.estimate import Estimate
from console.model.snapshot import Sample


def sample(at_ms: int, tip: float | None, *, gas: bool) -> Sample:
    return Sample(at_ms, tip, 5_050.0, 150.0, 200.0 if gas else 0.0, gas)


def freeze(seconds: int, tip: float = -70.0) -> list[Sample]:
    warm = [sample(at, 36.0, gas=False) for at in range(0, 1_000, 50)]
    cold = [sample(at, tip, gas=True) for at in range(1_000, 1_000 + seconds * 1_000, 50)]
    return [*warm, *cold, sample(1_000 + seconds * 1_000, tip, gas=False)]


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
