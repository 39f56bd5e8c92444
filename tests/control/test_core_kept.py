"""What only an engineer clears: kept per console, through restarts, replugs and new sessions."""

import msgspec
import pytest
from core_kit import Bench, Console, plan

from console.control.outputs import AlarmTold
from console.model.alarm import AlarmTurn, Kept
from console.model.event import EventKind
from console.model.request import Acknowledge, ChoosePlan, NewSession, ProbeOut, StartFreeze
from console.model.snapshot import Phase
from console.records.entries import KeptIn
from drivers.link import codes


def siphoned() -> Bench:
    """A freeze that the console ended because liquid came."""
    bench = Bench().freezing(plan(60.0))
    bench.console.fault(codes.Fault.SIPHON)
    bench.run(200)
    assert bench.phase is Phase.STOPPED
    return bench


def started_with(kept: tuple[Kept, ...], serial: bytes = b"CC-0001") -> Bench:
    """Another run, of the same records, with the console of this serial number."""
    bench = Bench(Console(serial=serial))  # type: ignore[arg-type]
    bench.give(KeptIn(bench.now_ms, kept))
    return bench.connected()


def test_it_stays_with_its_console_and_is_told_to_the_book() -> None:
    bench = siphoned()
    (kept,) = bench.state.kept
    assert kept == Kept("CC-0001", bench.alarms["siphon"])
    (told,) = (each for each in bench.outputs if isinstance(each, AlarmTold))
    assert (told.console, told.turn, told.alarm) == ("CC-0001", AlarmTurn.RAISED, kept.alarm)
    assert told.wall.startswith("2026-01-05T10:00:")


def test_after_a_restart_of_the_program_it_blocks_a_start_of_that_console() -> None:
    kept = siphoned().state.kept
    again = started_with(kept)
    alarm = again.alarms["siphon"]
    assert alarm.latched and alarm.engineer and not alarm.present and alarm.count == 1
    assert any("until an engineer" in text for text in again.told(EventKind.ALARM))
    assert again.ask(ChoosePlan(plan(6.0), how="demonstration")) is None
    why = again.ask(StartFreeze())
    assert why is not None and why.startswith("An engineer must release this console first: Liquid")
    assert again.ask(Acknowledge()) == "No alarm can be acknowledged now"
    assert set(again.alarms) == {"siphon"}


def test_another_console_starts_and_the_first_one_is_known_again() -> None:
    kept = siphoned().state.kept
    other = started_with(kept, serial=b"CC-0002")
    assert other.alarms == {}
    assert (
        other.ask(ChoosePlan(plan(6.0), how="demonstration")) is None
        and other.ask(StartFreeze()) is None
    )
    again = started_with(kept)
    again.close_port()
    again.console.welcome["serial"] = b"CC-0002"  # type: ignore[assignment]
    again.console.reboot(0xB008)
    again.open_port()
    again.run(500)
    assert "siphon" not in again.alarms
    again.close_port()
    again.console.welcome["serial"] = b"CC-0001"  # type: ignore[assignment]
    again.open_port()
    again.run(500)
    assert "siphon" in again.alarms


@pytest.mark.parametrize("reset", [False, True])
def test_thaw_release_and_closing_the_case_go_on(reset: bool) -> None:
    bench = siphoned()
    if reset:
        bench.console.faults = 0  # in maintenance, at the console
    bench.run(8_000)
    assert bench.ask(ProbeOut("Thawed on ultrasound")) is None
    bench.run(200)
    assert bench.ask(NewSession()) is None and bench.renewed == 1
    assert "siphon" in bench.alarms


def test_unplugged_and_plugged_in_again_it_is_the_same_alarm() -> None:
    bench = siphoned()
    bench.console.faults = 0
    bench.close_port()
    bench.run(1_000)
    bench.open_port()
    bench.run(500)
    assert bench.alarms["siphon"].count == 1
    for _ in range(3):
        bench.ask(Acknowledge())
        bench.run(200)
    assert set(bench.alarms) == {"siphon"}
    bench.console.fault(codes.Fault.SIPHON)
    bench.run(200)
    (kept,) = bench.state.kept
    assert bench.alarms["siphon"].count == kept.alarm.count == 2


def test_a_simulator_of_ones_own_is_no_console_of_the_book() -> None:
    bench = Bench()
    bench.state.config = msgspec.structs.replace(bench.state.config, port="sim://n2o")
    bench.freezing(plan(60.0))
    bench.console.fault(codes.Fault.SIPHON)
    bench.run(200)
    (told,) = (each for each in bench.outputs if isinstance(each, AlarmTold))
    assert told.console == "" and bench.state.kept != ()


def test_an_alarm_that_no_row_of_this_version_has_locks_its_console_all_the_same() -> None:
    """As a later version, or a damaged line of the book, may name it."""
    (kept,) = siphoned().state.kept
    strange = msgspec.structs.replace(kept.alarm, id="of_tomorrow", happened="Of tomorrow")
    again = started_with((Kept(kept.console, strange),))
    again.run(500)
    assert [alarm.happened for alarm in again.alarms.values()] == ["Of tomorrow"]
    assert again.state.conditions(again.now_ms).not_ready
    assert not again.state.conditions(again.now_ms).alarms_to_acknowledge


def test_what_is_found_late_locks_a_console_that_is_connected_already() -> None:
    kept = siphoned().state.kept
    again = started_with(())
    again.run(500)
    assert again.alarms == {}
    again.give(KeptIn(again.now_ms, kept))
    assert set(again.alarms) == {"siphon"}
    again.give(KeptIn(again.now_ms, kept))
    assert len(again.state.kept) == 1
