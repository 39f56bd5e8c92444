"""The cylinder through the core: entered, used up by what flows, told to the book, replayed."""

from pathlib import Path

import pytest
from core_kit import LIMITS, Bench, Console, plan
from test_loop_record import Kept, made
from test_replay import Recorded, journal

from console.control.cylinders import TOLD_EVERY_G
from console.control.outputs import CylinderTold
from console.control.replay import check
from console.model.cylinder import Cylinder, Enough
from console.model.event import EventKind
from console.model.request import ChoosePlan, EnterContents, StartFreeze
from console.model.snapshot import Phase
from console.records.entries import CylinderIn, RequestIn

LEFT = Cylinder(3_400.0, "2026-01-04T09:00:00.000+00:00", 900.0)


def _told(bench: Bench) -> list[CylinderTold]:
    return [each for each in bench.outputs if isinstance(each, CylinderTold)]


def test_nothing_is_said_before_contents_were_entered() -> None:
    gas = Bench().ready().snapshot().gas
    assert (gas.cylinder, gas.left, gas.enough) == (None, None, Enough.UNKNOWN)


def test_what_flows_is_subtracted_from_what_was_entered() -> None:
    bench = Bench().connected()
    assert bench.ask(EnterContents(2_000.0)) is None
    assert bench.told(EventKind.NEW_CYLINDER) == ["New cylinder: 2 kg of gas in it, as entered."]
    full = bench.snapshot().gas
    assert full.cylinder is not None and full.cylinder.entered.startswith("2026-01-05T10:00:0")
    assert bench.ask(ChoosePlan(plan(8.0, 8.0), how="demonstration")) is None
    assert bench.ask(StartFreeze()) is None
    bench.run(12_000, lambda: bench.phase is Phase.THAWING)
    gas = bench.snapshot().gas
    assert gas.cylinder is not None and full.left is not None and gas.left is not None
    assert gas.cylinder.used_g == pytest.approx(gas.released_g)
    assert gas.released_g == pytest.approx(8.0 * 0.28, rel=0.05)
    assert gas.left.seconds < full.left.seconds
    assert gas.enough is Enough.YES


def test_use_is_kept_when_the_valve_has_shut_and_in_a_long_freeze_in_between() -> None:
    bench = Bench().connected()
    bench.ask(EnterContents(2_000.0))
    (entered,) = _told(bench)
    assert (entered.console, entered.cylinder.used_g) == ("CC-0001", 0.0)
    bench.ask(ChoosePlan(plan(40.0), how="demonstration"))
    bench.ask(StartFreeze())
    bench.run(60_000, lambda: bench.phase is Phase.RELEASING)
    bench.run(500)
    used = [each.cylinder.used_g for each in _told(bench)[1:]]
    steps = [after - before for before, after in zip([0.0, *used], used, strict=False)]
    assert len(used) >= 3 and max(steps) < TOLD_EVERY_G + 0.1
    assert used[-1] == pytest.approx(bench.snapshot().gas.released_g)
    bench.run(2_000)
    assert len(_told(bench)) == len(used) + 1


def test_each_console_has_its_own_cylinder() -> None:
    bench = Bench(Console(serial=b"CC-0002"))  # type: ignore[arg-type]
    bench.give(CylinderIn(bench.now_ms, "CC-0001", LEFT))
    bench.connected()
    assert bench.snapshot().gas.cylinder is None
    bench.give(CylinderIn(bench.now_ms, "CC-0002", LEFT))
    assert bench.snapshot().gas.cylinder == LEFT


def test_with_the_gas_on_no_cylinder_is_entered() -> None:
    bench = Bench().freezing(plan(20.0))
    assert bench.ask(EnterContents(2_000.0)) == "The gas is on"
    assert bench.snapshot().gas.cylinder is None


def test_what_was_known_and_entered_is_decided_again_from_the_record(tmp_path: Path) -> None:
    bench = Recorded()
    bench.give(CylinderIn(bench.now_ms, "CC-0001", LEFT))
    bench.ready(plan(6.0))
    bench.ask(EnterContents(900.0))
    bench.ask(StartFreeze())
    bench.run(9_000)
    found = check([journal(tmp_path, bench.entries)], LIMITS)
    assert found.same, found
    without = [
        each
        for each in bench.entries
        if not (isinstance(each, RequestIn) and isinstance(each.request, EnterContents))
    ]
    assert not check([journal(tmp_path, without)], LIMITS).same


class Shelf:
    """A book of cylinders in memory."""

    def __init__(self) -> None:
        self.known = {"CC-0001": LEFT}

    def put(self, console: str, cylinder: Cylinder) -> None:
        self.known[console] = cylinder


def test_what_the_book_knows_is_an_input_of_the_record() -> None:
    loop, kept = made()
    loop.cylinders_in(Shelf())
    assert kept.entries == [CylinderIn(0.0, "CC-0001", LEFT)]
    assert loop.state.cylinders == {"CC-0001": LEFT}


def test_a_simulator_of_ones_own_has_a_cylinder_of_its_own() -> None:
    loop, kept = made("sim://n2o")
    loop.cylinders_in(Shelf())
    assert kept.entries == [] and loop.state.cylinders == {}


def test_the_next_session_knows_what_this_one_left() -> None:
    others = Kept()
    loop, _ = made(on_renew=lambda outcome, config: (others, "y", config))
    loop.cylinders_in(Shelf())
    loop._renew("done")
    assert others.entries == [CylinderIn(0.0, "CC-0001", LEFT)]
    assert loop.state.cylinders == {"CC-0001": LEFT}
