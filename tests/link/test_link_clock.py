"""Device time as the host reckons it."""

import pytest

from drivers.link.clock import (
    DRIFT_ALLOWED,
    DeviceClock,
    device_now_ms,
    drift_ppm,
    sampled,
    scaled,
)


def run(clock: DeviceClock, samples: list[tuple[int, float]]) -> DeviceClock:
    for stamp, host in samples:
        clock = sampled(clock, stamp, host)
    return clock


def test_before_the_first_frame_there_is_no_device_time() -> None:
    assert device_now_ms(DeviceClock(), 100.0) is None
    assert drift_ppm(DeviceClock()) is None


def test_time_runs_on_between_frames() -> None:
    clock = run(DeviceClock(), [(60_000, 0.0)])
    assert device_now_ms(clock, 0.0) == 60_000
    assert device_now_ms(clock, 37.0) == 60_037


def test_the_least_delayed_frame_gives_the_offset() -> None:
    delays = [30, 4, 90, 15]
    samples = [(60_000 + 50 * i, 50.0 * i + delay) for i, delay in enumerate(delays)]
    clock = run(DeviceClock(), samples)
    now = 50.0 * 3 + 15
    estimate = device_now_ms(clock, now)
    assert estimate is not None
    assert estimate == pytest.approx(60_000 + now - 4, abs=0.1), "behind by the least delay"


def test_the_estimate_never_runs_ahead_of_a_device_with_a_good_crystal() -> None:
    for ppm in (-100, 0, 100):
        clock = DeviceClock()
        for i in range(5_000):
            true_ms = 50.0 * i
            delay = 2 + (i * 7) % 23
            clock = sampled(clock, int(true_ms * (1 + ppm * 1e-6)), true_ms + delay)
            estimate = device_now_ms(clock, true_ms + delay)
            device = (true_ms + delay) * (1 + ppm * 1e-6)
            assert estimate is not None
            assert device - 26 <= estimate <= device + 1


def test_a_slow_device_clock_is_followed_no_faster_than_allowed() -> None:
    clock = run(DeviceClock(), [(0, 0.0)])
    clock = sampled(clock, 99_000, 100_000.0)
    estimate = device_now_ms(clock, 100_000.0)
    assert estimate == pytest.approx(100_000 * (1 - DRIFT_ALLOWED))


def test_a_stamp_that_was_overtaken_takes_nothing_back() -> None:
    clock = run(DeviceClock(), [(60_050, 50.0), (60_040, 51.0)])
    assert clock.stamp_ms == 60_050
    assert device_now_ms(clock, 51.0) == pytest.approx(60_051.0, abs=0.01)
    lockstep = run(scaled(DeviceClock(), 1.0, True), [(60_050, 50.0), (60_040, 51.0)])
    assert device_now_ms(lockstep, 51.0) == 60_050


def test_the_estimate_is_never_older_than_the_newest_stamp() -> None:
    clock = run(DeviceClock(), [(60_000, 0.0), (60_500, 100.0)])
    assert device_now_ms(clock, 100.0) == 60_500
    assert device_now_ms(clock, 90.0) == 60_500


def test_in_lockstep_time_stands_between_frames() -> None:
    clock = run(scaled(DeviceClock(), 20.0, True), [(60_000, 0.0)])
    assert device_now_ms(clock, 5_000.0) == 60_000
    assert device_now_ms(sampled(clock, 60_050, 5_000.0), 9_000.0) == 60_050
    assert drift_ppm(run(clock, [(90_000, 20_000.0)])) is None


def test_a_scale_is_followed_and_a_new_one_starts_anew() -> None:
    clock = run(scaled(DeviceClock(), 10.0, False), [(60_000, 0.0)])
    assert device_now_ms(clock, 7.0) == 60_070
    paused = scaled(clock, 0.0, False)
    assert device_now_ms(paused, 8.0) is None
    paused = run(paused, [(60_080, 8.0), (60_080, 58.0)])
    assert device_now_ms(paused, 1_000.0) == 60_080
    assert drift_ppm(paused, over_ms=1.0) is None


@pytest.mark.parametrize("scale", [1.0, 5.0])
@pytest.mark.parametrize("ppm", [-300, 0, 100])
def test_drift_is_the_rate_over_a_long_time(scale: float, ppm: int) -> None:
    clock = scaled(DeviceClock(), scale, False)
    for second in range(0, 3_601, 60):
        clock = sampled(clock, round(scale * 1_000 * second * (1 + ppm * 1e-6)), 1_000.0 * second)
    drift = drift_ppm(clock)
    assert drift == pytest.approx(ppm, abs=1.0)


def test_drift_is_not_told_too_early() -> None:
    clock = run(DeviceClock(), [(0, 0.0), (9_999, 9_999.0)])
    assert drift_ppm(clock) is None
    assert drift_ppm(sampled(clock, 10_000, 10_000.0)) == pytest.approx(0.0)
