"""The console check through the core: its gas is asked for, guarded and stopped as a freeze's is,
taken up again, and decided again the same."""

from functools import cache
from pathlib import Path

import msgspec
from core_kit import LIMITS, Bench, Console, plan
from test_replay import Recorded, journal

from console.control.outputs import Feed
from console.control.replay import check
from console.model.console_check import CheckItem, CheckStanding
from console.model.request import AnswerCheck, ChoosePlan, EndCheck, Quit, StartCheck, Stop
from console.model.snapshot import Phase
from console.procedure import console_check
from drivers.link import codes
from drivers.link.messages import Arm, StartFreeze
from drivers.link.messages import Stop as StopMessage

PULSE, TRIED, LEAK = CheckItem.PROBE_LEAK, CheckItem.TEST_FREEZE, CheckItem.SUPPLY_LEAK


def at_pulse(bench: Bench | None = None) -> Bench:
    """At the gas pulse: by hand what is answered, the leak test not measurable here."""
    bench = bench if bench is not None else Bench()
    bench.connected()
    assert bench.ask(ChoosePlan(plan(6.0), how="bedside")) is None
    for item in (CheckItem.PROBE, CheckItem.SCAVENGING, CheckItem.CYLINDER):
        assert bench.ask(AnswerCheck(item, passed=True)) is None
    bench.run(100)
    assert standing(bench, LEAK) is CheckStanding.NOT_MEASURABLE
    return bench


def gas_on(bench: Bench, item: CheckItem = PULSE) -> Bench:
    assert bench.ask(StartCheck(item)) is None
    bench.run(1_000, lambda: bench.console.on_ms is not None)
    bench.run(200)
    return bench


def standing(bench: Bench, item: CheckItem) -> CheckStanding:
    return console_check.standing(bench.state.procedure, item)


def over(bench: Bench) -> bool:
    return bench.state.procedure.checking is None


@cache
def whole() -> Recorded:
    """The whole check, run once; nobody changes it."""
    bench = Recorded()
    at_pulse(bench)
    for item in (PULSE, TRIED):
        gas_on(bench, item).run(20_000, lambda: over(bench))
        assert bench.ask(AnswerCheck(item, passed=True)) is None
        bench.run(500)
    bench.run(60_000, lambda: console_check.missing(bench.state.procedure) is None)
    assert bench.ask(EndCheck()) is None and bench.phase is Phase.TIME_OUT
    return bench


def test_a_whole_check_opens_the_valve_twice_and_raises_nothing() -> None:
    bench = whole()
    asked = bench.messages(Arm, StartFreeze)
    assert [type(m) for m in asked] == [Arm, StartFreeze, Arm, StartFreeze]
    lengths = [m.freeze_ms for m in asked if isinstance(m, StartFreeze)]
    assert lengths == [3_000, 15_000]
    assert all(m.cap_ms == m.freeze_ms for m in asked if isinstance(m, StartFreeze))
    assert bench.alarms == {} and bench.state.procedure.records == ()


def test_water_is_no_tissue_to_the_estimate() -> None:
    bench = Bench()
    bench.connected()
    assert any(isinstance(each, Feed) for each in bench.outputs)
    at_pulse(bench)
    bench.outputs.clear()
    gas_on(bench).run(5_000)
    assert not any(isinstance(each, Feed) for each in bench.outputs)


def test_gas_of_the_check_is_gas_to_all_that_guards_it() -> None:
    bench = gas_on(at_pulse())
    assert bench.state.gas_wanted() and bench.ask(Quit()) == "The gas is on"
    assert "unexpected_freeze" not in bench.alarms
    out = bench.wants(Stop("key"))
    assert out
    bench.run(300)
    assert bench.console.on_ms is None and bench.phase is Phase.CHECK
    assert standing(bench, PULSE) is CheckStanding.OPEN and bench.alarms == {}


def test_a_lost_link_ends_it_and_the_line_is_to_be_done_again() -> None:
    bench = gas_on(at_pulse())
    bench.close_port()
    bench.run(1_500)
    assert over(bench) and standing(bench, PULSE) is CheckStanding.OPEN
    assert bench.alarms["link_lost"].present
    assert bench.console.on_ms is None, "by its own lease"


def test_taken_up_from_its_record_it_stands_where_it_stood_without_gas() -> None:
    bench = gas_on(at_pulse())
    case = bench.checkpoints[-1]
    assert case.procedure.checking is not None
    again = Bench(bench.console, resume_from=case, now_ms=bench.now_ms).connected()
    assert isinstance(again.messages()[0], StopMessage)
    assert again.phase is Phase.CHECK and over(again) and again.console.on_ms is None
    assert standing(again, PULSE) is CheckStanding.OPEN
    assert standing(again, CheckItem.CYLINDER).done


def test_with_another_console_everything_is_done_again() -> None:
    case = msgspec.structs.replace(at_pulse().checkpoints[-1], device_serial="CC-0009")
    again = Bench(resume_from=case).connected()
    assert again.phase is Phase.CHECK
    assert not any(standing(again, item).done for item in CheckItem)


def test_another_probe_than_the_one_that_was_checked_is_checked() -> None:
    bench = at_pulse()
    assert bench.console.probe is not None
    bench.console.probe = msgspec.structs.replace(bench.console.probe, serial=b"P-0002")
    bench.close_port()
    bench.open_port()
    bench.run(1_000)
    assert standing(bench, CheckItem.PROBE) is CheckStanding.OPEN
    assert standing(bench, CheckItem.CYLINDER).done


def test_a_probes_last_use_is_good_for_the_rest_of_the_session() -> None:
    bench = gas_on(at_pulse())
    bench.run(5_000, lambda: over(bench))
    assert bench.console.probe is not None
    bench.console.probe = msgspec.structs.replace(bench.console.probe, uses_left=0)
    bench.console.happened(codes.EventCode.PROBE_CONNECTED, 0, 0)
    bench.run(500)
    assert bench.state.device is not None and bench.state.device.probe is not None
    assert bench.state.device.probe.uses_left == 0
    assert bench.state.probe_problem(bench.now_ms) == ""


def test_a_leak_test_that_is_granted_and_never_begins_is_no_test() -> None:
    bench = Bench(Console(capabilities=codes.Capability.LEAK_TEST)).connected()
    assert bench.ask(ChoosePlan(plan(6.0), how="bedside")) is None
    for item in (CheckItem.PROBE, CheckItem.SCAVENGING, CheckItem.CYLINDER):
        assert bench.ask(AnswerCheck(item, passed=True)) is None
    bench.run(100)
    assert standing(bench, LEAK) is CheckStanding.OPEN, "it is measurable here"
    assert bench.ask(StartCheck(LEAK)) is None
    bench.run(3_000, lambda: over(bench))
    assert standing(bench, LEAK) is CheckStanding.OPEN


def test_what_was_decided_at_the_check_is_decided_again(tmp_path: Path) -> None:
    assert check([journal(tmp_path, whole().entries)], LIMITS, as_recorded=True).same
