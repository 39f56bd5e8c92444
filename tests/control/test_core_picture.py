"""Snapshots: what is so, what is not known, and each sample and event once."""

import msgspec
import pytest
from core_kit import Bench, Console, plan

from console.model.estimate import Band, Estimate
from console.model.event import EventKind
from console.model.quantities import LITRES_PER_GRAM
from console.model.request import Acknowledge, ChoosePlan, StartFreeze, Stop
from console.model.snapshot import LinkState, Phase
from console.records.entries import EstimateIn, FrameIn
from drivers.link import codes
from drivers.link.frame import Frame, encode
from drivers.link.messages import Telemetry, pack


def test_before_anything_nothing_is_known() -> None:
    shown = Bench().snapshot()
    assert shown.number == 1 and shown.link.state is LinkState.OPENING
    assert shown.observation is None and shown.age_s is None and shown.device_now_ms is None
    assert shown.stale and shown.estimate is None and shown.lowest_allowed_celsius is None
    assert shown.procedure.phase is Phase.PREPARE and shown.procedure.gas_confirmed_off is None
    assert shown.procedure.remaining_s is None and shown.gas.released_g == 0.0
    assert shown.controls["choose_plan"].blocked == "No console is connected"
    assert set(shown.controls) == {
        "choose_plan", "enter_contents", "change_cylinder", "cylinder_back",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("quality", "words"),
    [
        (codes.Quality.OPEN, "open"),
        (codes.Quality.SHORT, "short"),
        (codes.Quality.OUT_OF_RANGE, "out of range"),
        (codes.Quality.STALE, "stale"),
        (codes.Quality.NOT_FITTED, "not fitted"),
        (15, "unknown"),
    ],
)
def test_an_unknown_tip_is_none_with_its_reason_and_never_a_number(
    quality: int, words: str
) -> None:
    bench = Bench().ready()
    bench.console.quality = quality  # type: ignore[assignment]
    bench.snapshot()
    bench.run(100)
    shown = bench.snapshot()
    assert shown.observation is not None and shown.observation.tip_celsius is None
    assert all(sample.tip_celsius is None for sample in shown.samples) and shown.samples
    tip = next(light for light in shown.interlocks if light.id == "tip")
    assert tip.words == f"Tip temperature unknown: sensor {words}"
    assert shown.controls["start_freeze"].blocked == tip.words


def test_a_reading_of_0_on_the_wire_is_none_too() -> None:
    bench = Bench().connected()
    bench.console.tip = None
    bench.run(100)
    seen = bench.snapshot().observation
    assert seen is not None and seen.tip_celsius is None


def test_unknown_pressure_is_not_0() -> None:
    bench = Bench().ready()
    bench.console.supply_kpa = None
    bench.run(100)
    shown = bench.snapshot()
    assert shown.observation is not None and shown.observation.supply_kpa is None
    assert shown.controls["start_freeze"].blocked == "Supply pressure unknown"


def test_codes_of_a_later_version_are_unknown_and_never_fatal() -> None:
    bench = Bench().ready()
    bench.console.state = 42  # type: ignore[assignment]
    bench.console.faults = 1 << 30
    bench.console.happened(99)  # type: ignore[arg-type]
    bench.run(200)
    shown = bench.snapshot()
    assert shown.observation is not None and shown.observation.state.value == "unknown"
    assert shown.observation.faults == ("unknown_fault_30",)
    assert shown.controls["start_freeze"].blocked == "The console is unknown"
    assert any("unknown event 99" in text for text in bench.told(EventKind.DEVICE))


@pytest.mark.parametrize("every_ms", [50, 130, 1_000])
def test_no_sample_and_no_event_is_lost_or_doubled(every_ms: int) -> None:
    bench = Bench().ready()
    bench.history.clear()
    bench.snapshot()
    first_ms = bench.state.observation.at_ms if bench.state.observation else 0
    bench.ask(StartFreeze())
    shown = []
    for _ in range(4_000 // every_ms):
        bench.run(every_ms)
        shown.append(bench.snapshot())
    at = [sample.at_ms for each in shown for sample in each.samples]
    last = bench.state.observation
    assert last is not None
    assert at == list(range(first_ms + 50, last.at_ms + 1, 50))
    assert [event for each in shown for event in each.events] == bench.history
    numbers = [each.number for each in shown]
    assert numbers == list(range(numbers[0], numbers[0] + len(shown)))
    assert bench.snapshot().samples == () and bench.snapshot().events == ()


def test_without_a_screen_nothing_is_gathered_for_one() -> None:
    bench = Bench(screen=False).ready()
    bench.run(5_000)
    assert bench.state.samples == [] and bench.state.events == []
    assert bench.history, "it goes into the record all the same"


@pytest.mark.parametrize(("age_ms", "stale"), [(240, False), (250, False), (251, True)])
def test_a_reading_greys_beyond_5_periods_or_250_ms(age_ms: int, stale: bool) -> None:
    bench = Bench().connected()
    bench.run(50, lambda: bench.state.age_ms(bench.now_ms) is not None)
    age = bench.state.age_ms(bench.now_ms)
    assert age is not None
    bench.now_ms += age_ms - age
    shown = bench.snapshot()
    assert shown.age_s == pytest.approx(age_ms / 1_000) and shown.stale is stale


def test_slow_telemetry_has_5_of_its_own_periods() -> None:
    console = Console()
    console.telemetry_every_ms = 100
    bench = Bench(console).connected()
    age = bench.state.age_ms(bench.now_ms)
    assert age is not None
    bench.now_ms += 499 - age
    assert not bench.snapshot().stale
    bench.now_ms += 2
    assert bench.snapshot().stale


def test_a_lost_link_is_stale_at_once_when_the_port_is_gone() -> None:
    bench = Bench().freezing(plan(60.0))
    assert not bench.snapshot().stale
    bench.close_port()
    shown = bench.snapshot()
    assert shown.stale and shown.procedure.gas_confirmed_off is None
    assert shown.link.state is LinkState.LOST and shown.link.words == "the port is gone"
    assert shown.interlocks[0].words == "the port is gone"


def test_what_is_offered_follows_alarms_and_phase() -> None:
    bench = Bench().connected()
    bench.gap(900)
    bench.run(500)
    assert "acknowledge" in bench.snapshot().controls
    bench.ask(Acknowledge())
    assert "acknowledge" not in bench.snapshot().controls
    bench.ask(ChoosePlan(plan(), how="demonstration"))
    assert bench.snapshot().lowest_allowed_celsius == -80.0
    assert set(bench.snapshot().controls) == {
        "open_check", "tip_in_place", "open_time_out", "score_pain", "stimulate", "start_freeze",
        "probe_moved", "probe_out", "override_pain_missing", "override_weak_mapping",
        "override_gas_short", "enter_contents", "change_cylinder", "cylinder_back",
    }  # fmt: skip


def test_the_gas_is_reckoned_from_the_flow() -> None:
    bench = Bench().freezing(plan(6.0), for_ms=3_000)
    released = bench.snapshot().gas
    assert 0.5 < released.released_g < 1.2
    assert released.released_l == pytest.approx(released.released_g * LITRES_PER_GRAM)
    bench.ask(Stop())
    bench.run(1_000)
    first = bench.snapshot().gas.released_g
    bench.run(1_000)
    assert bench.snapshot().gas.released_g == first


def test_the_counters_of_the_line_are_shown() -> None:
    bench = Bench().connected()
    before = bench.snapshot().link
    bench.garbage(2)
    skipped = Frame(
        Telemetry.KIND, 30_000, bench.state.link.session, bench.console.now_ms + 50,
        pack(bench.console.telemetry()),
    )  # fmt: skip
    bench.give(FrameIn(bench.now_ms, encode(skipped)[:-1]))
    after = bench.snapshot().link
    assert after.bad_frames == before.bad_frames + 2 and after.gaps == before.gaps + 1
    assert after.good_frames == before.good_frames + 1


def test_when_the_probe_is_free_is_told_by_an_estimate_of_now_in_a_passive_thaw_alone() -> None:
    bench = Bench().freezing(plan(thaw_s=30.0))
    bench.run(8_000, lambda: bench.phase is Phase.THAWING)
    bench.run(1_000)
    seen = bench.state.observation
    assert seen is not None
    band = Band(9.0, 8.0, 10.0)

    def detail(age_ms: int) -> str:
        free = Band(100.0, 90.0, 110.0)
        told = Estimate(seen.at_ms - age_ms, band, band, band, 1.5, band, free_in_s=free)
        bench.give(EstimateIn(bench.now_ms, told))
        return bench.snapshot().procedure.detail

    assert detail(0) == "do not move · free in about 1:40 (estimate)"
    assert (
        detail(4_900) == "do not move · free in about 1:35 (estimate)"
    )  # its age has passed since
    assert detail(5_100) == "do not move the probe"
    assert detail(-10) == "do not move the probe"  # of another boot
    bench.state.observation = seen = msgspec.structs.replace(seen, warming=True)
    assert detail(0) == "do not move the probe"


@pytest.mark.parametrize("scale", [0.5, 1.0, 10.0])
def test_a_simulator_that_runs_fast_has_no_faster_line(scale: float) -> None:
    """A reading that came 200 ms of the wall late is as good at 10 times life as at life speed."""
    bench = Bench().connected()
    state, seen = bench.state, bench.state.observation
    assert seen is not None and state.heard_ms is not None
    now_ms = state.heard_ms
    state.clock = msgspec.structs.replace(
        state.clock, scale=scale, offset_ms=seen.at_ms - scale * now_ms, stamp_ms=seen.at_ms
    )
    assert state.fresh(now_ms + 200)
    assert not state.fresh(now_ms + (510 if scale < 1 else 260))
