"""Each hazard end to end: the fault in the simulated console or on the line, real bytes, the host's
own core. What follows is asserted whole: safe state, reaction in device time, the operator's text,
priority, that it is one alarm, latch and reset."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from row_bed import PLAN, Row, freezing, stimulating

from console import cli, config
from console.control import core
from console.model.alarm import Alarm, Priority
from console.model.console_check import CheckItem, CheckResult, CheckStanding
from console.model.cycle import CycleState
from console.model.event import EventKind
from console.model.request import (
    Acknowledge,
    ChangeCylinder,
    ChoosePlan,
    CylinderBack,
    EndFreeze,
    EnterContents,
    ProbeMoved,
    StartCheck,
    StartFreeze,
    Stop,
)
from console.model.snapshot import Phase
from console.procedure.check_lines import SETTLES_WITHIN_MS
from console.records.alarm_book import AlarmBook
from console.records.entries import FailedIn, GapIn, PortIn, RecordFailedIn
from console.safety import texts
from console.safety.interlock import Latch, SafeState
from console.safety.registry import BY_ID
from drivers.link.codes import Quality

LIMITS = config.limits()
CLEAR_MS = 10_000  # an alarm goes on for so long after its condition
COLDEST = msgspec.structs.replace(PLAN, target_celsius=-75.0)
WARM = msgspec.structs.replace(PLAN, target_celsius=-55.0)


class Fault(msgspec.Struct, frozen=True):
    """A fault of a row: where it strikes, how, and within how many ms of device time from there the
    safe state (or, where there is none, the alarm) has to come. `says`: the alarm's first line."""

    row: str
    begin: Callable[[], Row]
    strike: Callable[[Row], object]
    within_ms: int
    says: str = ""
    high: bool = False
    mended_by_hand: bool = False  # nothing of it lasts that could be mended


def turn(name: str, size: float | None = None) -> Callable[[Row], object]:
    return lambda row: row.turn(name, size)


def lost(*what: str) -> Callable[[Row], object]:
    return lambda row: row.cut.update(what)


def started(*faults: tuple[str, float | None], plan: Any = PLAN) -> Callable[[], Row]:
    return lambda: Row(*faults).started(plan)


def at_target_of(plan: Any, after_ms: int) -> Callable[[], Row]:
    def begun() -> Row:
        row = Row().started(plan)
        row.run(after_ms)
        return row

    return begun


def idle(book: AlarmBook | None = None) -> Row:
    row = Row(book=book).connected()
    assert row.ask(ChoosePlan(PLAN, how="demonstration")) is None
    row.run(2_000)
    return row


def thawing() -> Row:
    row = freezing()
    assert row.ask(EndFreeze()) is None
    row.until(lambda: row.phase is Phase.THAWING, 1_000)
    row.run(8_000)
    return row


def nothing(row: Row) -> None:
    """The fault is there from the start."""


def timer_fails(row: Row) -> None:
    """The console's own timer has forgotten when the freeze ends."""
    firmware = row.station.firmware
    freeze = firmware.device.freeze
    assert freeze is not None
    firmware.replaced(freeze=msgspec.structs.replace(freeze, end_ms=freeze.end_ms + 60_000))


def ends_with_a_valve_that_lies(row: Row) -> None:
    row.turn("valve_stuck_open", 0.3)
    row.reads(valve_open=False)
    row.ask(EndFreeze())


def ramp_fails(row: Row) -> None:
    """The console's own ramp is left out."""
    firmware = row.station.firmware
    run, drive = firmware.device.stimulation, firmware.device.drive
    assert run is not None
    firmware.replaced(
        stimulation=msgspec.structs.replace(run, wanted_ua=750),
        drive=msgspec.structs.replace(drive, amplitude_ua=750),
    )


def late_and_later(row: Row) -> None:
    """Never silent for as long as a lost link is."""
    row.turn("link_delay", 400.0)
    row.run(600)
    row.turn("link_delay", 800.0)


def at_the_thermocouple() -> Row:
    row = Row(medium="water").connected()
    assert row.ask(ChoosePlan(PLAN)) is None
    before = tuple(
        CheckResult(item, CheckStanding.PASSED, "", "", row.device_ms + 11_000 - SETTLES_WITHIN_MS)
        for item in CheckItem
        if item is not CheckItem.THERMOCOUPLE
    )
    row.reads(tip_celsius=27.0)
    row.state.procedure = msgspec.structs.replace(row.state.procedure, check=before)
    row.run(10_500)
    return row


def unplugged(row: Row) -> None:
    row.cut.update(("up", "down"))
    row.give(PortIn(row.now_ms, core.PORT_LOST, "unplugged"))


def slept(row: Row) -> None:
    row.world_ms += 600  # of the host alone: the console's time comes when it is heard
    row.give(GapIn(row.now_ms, 600.0))


SHORT = msgspec.structs.replace(
    PLAN, sites=(msgspec.structs.replace(PLAN.sites[0], cycles=(msgspec.structs.replace(
        PLAN.sites[0].cycles[0], freeze_s=5.0),) * 2),)
)  # fmt: skip

FAULTS = (
    # this computer and the line
    Fault("stop_unconfirmed", freezing, lambda row: (row.cut.add("Stop"), row.ask(Stop())), 1_600),
    Fault("command_unanswered", freezing, lambda row: (row.cut.add("End"), row.ask(EndFreeze())),
          500, "The console did not answer: end of the freeze"),
    Fault("link_lost", freezing, turn("link_silence"), 1_100, high=True),
    Fault("stale", freezing, late_and_later, 600 + 550,
          "Readings from the console are old: 0.5 s", high=True),
    Fault("lease_lost", freezing, lost("down"), 1_100),
    Fault("screen_lost", freezing, lambda row: setattr(row, "screen_ticks", False), 1_100,
          "The screen did not respond for 1 s"),
    Fault("host_slept", freezing, slept, 1_100, "This computer paused for 0.6 s"),
    Fault("host_error", freezing, lambda row: row.give(FailedIn(row.now_ms, "KeyError: 'x'")),
          100),
    Fault("restarted", freezing, turn("reboot"), 100),
    Fault("unexpected_freeze", idle, turn("valve_stuck_open", 0.3), 1_600),
    Fault("record_failed", idle, lambda row: row.give(RecordFailedIn(row.now_ms, "disk full")),
          100, "The record cannot be written: disk full", mended_by_hand=True),
    Fault("clock_off", idle, turn("clock_drift", 15_000.0), 121_000),
    # cold
    Fault("over_cool", at_target_of(WARM, 8_000), turn("thermocouple_drift", -10.0), 6_500),
    Fault("cooled_past_limit", freezing, lambda row: row.reads(tip_celsius=-85.1), 60),
    Fault("fails_to_cool", started(("valve_stuck_closed", None)), nothing, 15_100),
    Fault("target_missed", freezing, turn("exhaust_blocked", 0.7), 10_600),
    Fault("freeze_too_long", at_target_of(SHORT, 4_500), timer_fails, 500 + 2_100),
    Fault("flow_when_shut", freezing, ends_with_a_valve_that_lies, 2_700),
    Fault("tip_unknown", thawing, lambda row: row.reads(
        tip_celsius=None, tip_quality=Quality.OUT_OF_RANGE), 400,
          "Tip temperature unknown: sensor out of range"),
    # tip
    Fault("temperature_impossible", started(), turn("thermocouple_noise", 100.0), 400),
    Fault("thermocouple_open", freezing, turn("thermocouple_open"), 160),
    Fault("thermocouple_short", freezing, turn("thermocouple_short"), 160),
    Fault("over_warm", thawing, lambda row: row.reads(warming=True, tip_celsius=45.1), 260),
    Fault("thermocouple_stuck", started(("thermocouple_stuck", None)), nothing, 3_100),
    # gas
    Fault("thermocouple_drift", at_the_thermocouple, nothing, 800),
    Fault("model_residual", at_target_of(WARM, 25_000), turn("shaft_leak", 0.5), 11_000),
    Fault("supply_warn", freezing, turn("cylinder_cold", 9.0), 100,
          "Supply pressure is low: 39.0 bar"),
    Fault("supply_unknown", freezing, turn("supply_unreadable"), 1_100),
    Fault("supply_low", freezing, turn("cylinder_cold", 5.0), 2_100),
    Fault("supply_high", freezing, turn("cylinder_overfilled", 500.0), 1_100),
    Fault("supply_extreme", freezing, turn("cylinder_overfilled", 3_500.0), 160),
    Fault("exhaust_blocked", freezing, turn("exhaust_blocked", 0.9), 300),
    Fault("orifice_blocked", freezing, turn("orifice_blocked", 1.0), 3_500),
    Fault("leak", idle, lambda row: row.reads(flow_mg_s=31.0), 1_100),
    Fault("siphon", freezing, lambda row: row.reads(hose_celsius=-20.1), 2_100),
    # probe and power
    Fault("probe_missing", freezing, turn("probe_unplugged"), 160),
    Fault("probe_changed", freezing, turn("probe_changed"), 160),
    Fault("probe_moved", thawing, lambda row: row.ask(ProbeMoved()), 100),
    Fault("probe_unusable", lambda: Row(("probe_expired", None)).connected(), nothing, 100,
          "The probe is expired"),
    Fault("both_on", freezing, turn("stimulator_stuck_on"), 60),
    Fault("brown_out", freezing, turn("brown_out"), 60),
    # stimulator
    Fault("stimulator_open_lead", stimulating, turn("stimulator_open_lead"), 60),
    Fault("stimulator_over_current", stimulating, turn("stimulator_over_current", 0.3), 40),
    Fault("stimulator_step", stimulating, ramp_fails, 140),
)  # fmt: skip

ALSO = {
    "supply_low": {"supply_warn"},  # on its way there, and gone when it comes
}


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(fault, id=fault.row, marks=pytest.mark.hazard(fault.row, "end_to_end"))
        for fault in FAULTS
    ],
)
def test_a_fault_is_one_alarm_a_safe_state_and_a_reset(fault: Fault) -> None:
    wanted = BY_ID[fault.row]
    row = fault.begin()
    freeze = row.phase is Phase.FREEZING
    assert fault.row not in row.alarms or fault.strike is nothing
    struck_ms, began = row.device_ms, len(row.station.firmware.transitions)
    fault.strike(row)
    row.until(lambda: fault.row in row.alarms, fault.within_ms + 600)
    raised_ms, alarm = row.history[fault.row]

    # The safe state, and how soon.
    if wanted.state in (SafeState.SS1, SafeState.SS3):
        row.until(lambda: row.safe, 1_200)
        what = "gas" if wanted.state is SafeState.SS1 else "stimulator"
        off = [at for at, name, on in list(row.station.firmware.transitions)[began:]
               if name == what and not on]  # fmt: skip
        runs = freeze or wanted.state is SafeState.SS3
        if runs and fault.row != "restarted":  # a restarted console has another clock
            assert off[0] - struck_ms <= fault.within_ms
    else:
        assert raised_ms - struck_ms <= fault.within_ms
        if freeze:
            row.run(200)
            assert row.phase is Phase.FREEZING and not row.safe, "it goes on"

    # The text, the priority; and one fault is one alarm.
    assert_says(alarm, fault)
    row.run(1_500)
    assert set(row.alarms) - ALSO.get(fault.row, set()) == {fault.row}
    assert row.alarms[fault.row].count == 1
    assert set(row.history) - {fault.row} <= ALSO.get(fault.row, set())
    if wanted.state is SafeState.SS1 and freeze:
        assert_stopped(row, fault)

    assert_reset(row, fault)


def assert_says(alarm: Alarm, fault: Fault) -> None:
    wanted = BY_ID[fault.row]
    start, _, end = texts.pattern(wanted, LIMITS).partition("…")
    assert alarm.happened.startswith(start) and alarm.happened.endswith(end)
    if fault.says:
        assert alarm.happened == fault.says
    assert alarm.to_do == texts.to_do(wanted, LIMITS)
    assert alarm.priority is (Priority.HIGH if fault.high else wanted.priority)


def assert_stopped(row: Row, fault: Fault) -> None:
    """A tripped freeze is stopped, its account says so, and the screen says by what."""
    if row.phase is Phase.THAWING:
        assert fault.row in ("flow_when_shut", "command_unanswered"), "it had been ended"
        return
    assert row.phase is Phase.STOPPED
    record = row.state.procedure.records[-1]
    assert record.state is CycleState.STOPPED
    # Of gas that the console itself had shut before it was heard nothing is left to confirm.
    assert len(row.told(EventKind.GAS_CONFIRMED_OFF)) <= (fault.row != "link_lost")
    by_operator = fault.row == "stop_unconfirmed"
    assert row.state.procedure.stopped_by_operator is by_operator
    assert bool(row.snapshot().procedure.stop_reason)
    assert row.ask(StartFreeze()) is not None


def assert_reset(row: Row, fault: Fault) -> None:
    wanted = BY_ID[fault.row]
    if fault.mended_by_hand:
        assert row.alarms[fault.row].blocks_start
        return
    row.mend()
    row.run(2_000)
    if fault.row == "probe_unusable":
        row.turn("probe_unplugged")
        row.run(500)
        row.mend()
        row.run(1_000)
    if fault.row == "thermocouple_drift":
        assert row.ask(StartCheck(CheckItem.THERMOCOUPLE)) is None
        row.run(1_000)
    if fault.row == "clock_off":
        row.run(120_000)  # a whole minute with the clock right
    if fault.row == "model_residual":
        row.run(8_000)  # it is a mean that is judged
    if fault.row == "probe_moved":
        row.reads(tip_celsius=15.0)
        row.run(6_000)
    if fault.row == "stop_unconfirmed":
        stands = {alarm.id for alarm in row.alarms.values() if alarm.present}
        assert stands == {"lease_lost"}, "what the console did meanwhile, to be reset"
    if wanted.latch is Latch.NO:
        stands = [alarm for alarm in row.alarms.values() if not alarm.clearing]
        if stands:  # the console's own word stands until its thaw is over, or it is reset
            assert all(alarm.from_device for alarm in stands)
            assert row.ask(Acknowledge()) is None
            row.run(500)
        row.run(CLEAR_MS)
        assert row.alarms == {}
        return
    assert row.alarms[fault.row].latched
    lights = {light.id: light for light in row.snapshot().interlocks}
    assert lights["alarms"].ready is not wanted.gas
    refused = row.ask(Acknowledge())
    row.run(700)
    if wanted.latch is Latch.OPERATOR:
        assert refused is None
        assert row.alarms == {} and row.station.firmware.device.faults == 0
        return
    assert set(row.alarms) == {fault.row}
    assert [kept.alarm.id for kept in row.state.kept] == [fault.row]
    assert (
        "must release this console" in row.snapshot().interlocks[5].words
        or row.alarms[fault.row].present
    )


ONE = {
    "readings that come back old": (freezing, turn("link_delay", 600.0), "link_lost"),
    "a cable pulled out": (freezing, unplugged, "link_lost"),
    "a sensor broken in a thaw": (thawing, turn("thermocouple_open"), "thermocouple_open"),
    "a short in a thaw": (thawing, turn("thermocouple_short"), "thermocouple_short"),
    "a probe unplugged in a thaw": (thawing, turn("probe_unplugged"), "probe_missing"),
    "a valve stuck open after END": (
        freezing,
        lambda row: (row.turn("valve_stuck_open", 0.3), row.ask(EndFreeze())),
        "unexpected_freeze",
    ),
    "a valve open while stimulating": (stimulating, turn("valve_stuck_open"), "both_on"),
}
"""Faults that more than one row sees: where, what, and the one that tells it."""


@pytest.mark.parametrize("which", ONE)
def test_a_fault_that_several_rows_see_is_told_once(which: str) -> None:
    begin, strike, told = ONE[which]
    row = begin()
    strike(row)
    row.run(7_000)
    assert set(row.history) == set(row.alarms) == {told}
    assert row.alarms[told].count == 1


def test_a_valve_that_stays_open_after_a_trip_takes_the_place_of_what_it_did() -> None:
    """Too cold first, and seen to be the valve when STOP did not shut it."""
    row = at_target_of(WARM, 8_000)()
    row.turn("valve_stuck_open")
    row.until(lambda: "over_cool" in row.alarms, 7_000)
    row.until(lambda: "unexpected_freeze" in row.alarms, 2_000)
    row.run(4_000)
    assert set(row.alarms) == {"unexpected_freeze"}
    assert set(row.history) == {"over_cool", "unexpected_freeze"}
    row.mend()
    row.run(4_000)
    assert set(row.alarms) == {"unexpected_freeze"} and row.alarms["unexpected_freeze"].engineer


def test_another_fault_after_the_cable_is_back_is_another_alarm() -> None:
    row = idle()
    unplugged(row)
    row.run(2_000)
    row.cut.clear()
    row.give(PortIn(row.now_ms, core.PORT_OPENED, ""))
    row.run(3_000)
    assert [(a.id, a.present) for a in row.state.alarms] == [("link_lost", False)]
    late_and_later(row)
    row.run(1_500)
    assert set(row.alarms) == {"link_lost", "stale"}


@pytest.mark.hazard("watchdog", "end_to_end")
def test_a_console_that_hangs_restarts_itself_and_is_one_alarm() -> None:
    """The row `watchdog`, and `restarted`, which tells it before the console can."""
    row = freezing()
    row.turn("hang", 5_000.0)
    hung_ms = row.world_ms
    row.until(lambda: row.safe, 600)
    assert row.world_ms - hung_ms <= 600
    row.run(2_000)
    assert set(row.alarms) == {"restarted"}
    row.ask(Acknowledge())
    row.run(500)
    assert row.alarms == {} and row.station.firmware.device.faults == 0
    # Where nobody was freezing, the console's own word is what is heard.
    row = idle()
    row.turn("hang", 5_000.0)
    row.run(2_500)
    assert "watchdog" in row.alarms
    assert row.alarms["watchdog"].priority is Priority.HIGH
    assert row.alarms["watchdog"].happened == BY_ID["watchdog"].happened


@pytest.mark.hazard("stop", "end_to_end")
def test_an_own_stop_is_no_alarm_and_shuts_the_gas_at_once() -> None:
    row = freezing()
    struck_ms = row.device_ms
    assert row.ask(Stop()) is None
    row.run(200)
    assert row.safe and row.shut_ms - struck_ms <= 50
    assert row.alarms == {} and row.phase is Phase.STOPPED
    assert row.snapshot().procedure.gas_confirmed_off
    assert row.told(EventKind.STOPPED)[-1].startswith("Stopped by you 10:00:")
    assert row.told(EventKind.GAS_CONFIRMED_OFF) == [
        "Gas confirmed off: the valve is read back shut."
    ]
    row.ask(Stop())
    row.run(200)
    assert len(row.told(EventKind.GAS_CONFIRMED_OFF)) == 1, "it was off already"


def test_what_an_engineer_must_release_outlives_every_restart_and_ends_with_the_release(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The console is repaired and has forgotten; this computer has not, until it is told."""
    row = idle(AlarmBook(tmp_path, pytest.fail))
    row.turn("cylinder_overfilled", 3_500.0)
    row.run(300)
    assert set(row.alarms) == {"supply_extreme"}
    row.leave()
    for _ in range(2):
        row = idle(AlarmBook(tmp_path, pytest.fail))
        assert set(row.alarms) == {"supply_extreme"} and not row.alarms["supply_extreme"].present
        assert row.ask(StartFreeze()) is not None
        assert row.ask(Acknowledge()) is not None
        row.leave()
    serial = row.state.kept[0].console
    asked = ["alarms", "release", serial, "--by", "BE", "--reason", "cylinder changed"]
    with pytest.raises(SystemExit) as ended:
        cli.main([*asked, "--records", str(tmp_path)])
    assert ended.value.code == 0 and serial in capfd.readouterr().out
    row = idle(AlarmBook(tmp_path, pytest.fail))
    assert row.alarms == {} and row.ask(StartFreeze()) is None
    row.leave()


def test_a_low_supply_is_no_alarm_while_the_cylinder_is_changed() -> None:
    row = Row().connected()
    row.turn("vapour_only", 2_600.0)
    row.until(lambda: "supply_warn" in row.alarms, 200)
    for ends in (CylinderBack(), EnterContents(3_400.0)):
        assert row.ask(ChangeCylinder()) is None
        row.run(2_000)
        assert row.alarms == {} and row.snapshot().procedure.cylinder_changing
        assert row.ask(ends) is None
        row.until(lambda: "supply_warn" in row.alarms, 100)
    assert row.ask(ChoosePlan(PLAN, how="demonstration")) is None
    assert row.ask(ChangeCylinder()) is None
    row.run(100)
    refused = row.ask(StartFreeze())
    assert refused is not None and refused.startswith("Supply 26.")
    row.until(lambda: "supply_warn" in row.alarms, 100)
    assert not row.snapshot().procedure.cylinder_changing
    assert row.ask(ChangeCylinder()) is None
    row.mend()
    row.run(500)
    assert row.ask(EnterContents(3_400.0)) is None
    assert row.ask(StartFreeze()) is None
    row.until(lambda: row.phase is Phase.FREEZING, 1_000)
    assert row.alarms == {}
