"""A freeze from ARM to release: permits, token, timer, extension, ends."""

import pytest
from firmware_bed import Bed, freezing, ready, thawing

from drivers.link.codes import (
    Actuator,
    DeviceState,
    EventCode,
    FreezeEnd,
    Quality,
    Result,
    StopSource,
    Timing,
)
from drivers.link.messages import (
    Answer,
    End,
    Extend,
    Heartbeat,
    SetTelemetryRate,
    StartFreeze,
    Thaw,
    to_centikelvin,
)
from simulator.firmware import ProbeChip


def test_a_token_is_good_once_for_its_action_until_a_stop() -> None:
    bed = ready()
    token = bed.arm().value
    bed.stop()
    assert bed.start(token=token).result == Result.NO_TOKEN
    token = bed.arm(action=2).value  # type: ignore[arg-type]
    assert bed.start(token=token).result == Result.NO_TOKEN
    token = bed.arm().value
    assert bed.start(token=token).result == Result.DONE
    bed.stop()
    assert bed.start(token=token).result == Result.NO_TOKEN
    token = bed.arm().value
    bed.run(10_001)
    bed.beat()
    assert bed.start(token=token).result == Result.EXPIRED


def test_a_repeated_start_is_answered_and_not_done_twice() -> None:
    bed = ready()
    token = bed.arm().value
    start = StartFreeze(token, bed.firmware.now_ms + 100, to_centikelvin(-70), 1, 0, 5_000, 5_000)
    first = bed.send(start)
    bed.run(100)
    bed.send(End())
    again = bed.send(start, sequence=bed.sequence - 1)
    assert isinstance(first, Answer)
    assert again is None  # older than the newest command: not even answered
    assert bed.state is DeviceState.THAWING


def test_the_device_ends_the_freeze_itself_to_the_millisecond() -> None:
    bed = freezing(freeze_ms=7_777)
    on = bed.firmware.device.freeze.on_ms  # type: ignore[union-attr]
    bed.run(8_000)
    assert bed.events(EventCode.FREEZE_ENDED) == [(on + 7_777, FreezeEnd.TIMER, 7_777)]
    assert bed.state is DeviceState.THAWING
    assert not bed.hardware.drive.valve_duty
    assert [t.remaining_freeze_ms for _, t in bed.telemetry][-1] == 0


def test_from_target_counts_from_arrival_and_never_passes_its_cap() -> None:
    bed = freezing(timing=Timing.FROM_TARGET, freeze_ms=5_000, cap_ms=60_000)
    bed.run(30_000)
    [(arrived, _, after)] = bed.events(EventCode.AT_TARGET)
    [(ended, why, _)] = bed.events(EventCode.FREEZE_ENDED)
    assert (ended - arrived, why) == (5_000, FreezeEnd.TIMER)
    assert after > 1_000
    never = freezing(timing=Timing.FROM_TARGET, freeze_ms=5_000, cap_ms=8_000)
    never.hardware.held["tip_celsius"] = None
    never.hardware.held["tip_quality"] = Quality.STALE
    never.run(9_000)
    assert never.events(EventCode.FREEZE_ENDED)[0][1:] == (FreezeEnd.TIMER, 8_000)


def test_at_target_needs_a_whole_second_within_three_degrees() -> None:
    bed = freezing()
    for tip in (-66.9, -73.1):
        bed.hardware.held["tip_celsius"] = tip
        bed.run(2_000)
    assert not bed.events(EventCode.AT_TARGET)
    bed.hardware.held["tip_celsius"] = -67.1
    bed.run(900)
    assert not bed.events(EventCode.AT_TARGET)
    bed.run(200)
    assert len(bed.events(EventCode.AT_TARGET)) == 1


def test_extend_counts_once_answered_and_stops_at_the_cap() -> None:
    bed = freezing(freeze_ms=10_000, cap_ms=15_000)
    end = bed.firmware.device.freeze.end_ms  # type: ignore[union-attr]
    answer = bed.send(Extend(4_000))
    assert isinstance(answer, Answer)
    assert (answer.result, answer.value) == (Result.DONE, end + 4_000)
    assert bed.send(Extend(1_001)) == Answer(Extend.KIND, Result.BEYOND_LIMIT, end + 5_000)
    assert bed.ask(Extend(1_000)) is Result.DONE
    assert bed.ask(Extend(0)) is Result.BAD_VALUE
    bed.run(15_100)
    assert bed.events(EventCode.FREEZE_ENDED)[0][1:] == (FreezeEnd.TIMER, 15_000)


def test_stop_is_answered_first_and_told() -> None:
    bed = freezing()
    assert bed.firmware.device.state is DeviceState.FREEZING
    before = len(bed.frames)
    bed.stop()
    kinds = [type(m).__name__ for _, m in bed.frames[before:]]
    assert kinds[0] == "Answer"
    assert bed.events(EventCode.STOPPED)[0][1] == StopSource.HOST
    assert bed.events(EventCode.FREEZE_ENDED)[0][1] == FreezeEnd.STOP
    bed.run(100)
    assert not bed.telemetry[-1][1].actuators & Actuator.VALVE_OPEN


def test_stop_of_a_stranger_stops_too() -> None:
    from drivers.link.messages import Stop

    bed = freezing()
    bed.send(Stop(), session=999, sequence=1)
    assert bed.state is DeviceState.THAWING


def test_a_new_session_finds_gas_off() -> None:
    bed = freezing()
    before = len(bed.frames)
    bed.hello(session=77)
    assert bed.state is DeviceState.THAWING
    kinds = [type(m).__name__ for _, m in bed.frames[before:]]
    assert kinds == ["Welcome", "Event", "Event", "Telemetry"]
    assert bed.events(EventCode.FREEZE_ENDED)[0][1] == FreezeEnd.NEW_SESSION


def test_hello_again_changes_nothing() -> None:
    bed = freezing()
    bed.hello()
    assert bed.state is DeviceState.FREEZING


@pytest.mark.hazard("lease_lost", "device")
def test_lease_counts_from_the_echo_to_the_millisecond() -> None:
    bed = freezing()
    bed.beats = False
    echo = bed.firmware.now_ms
    bed.send(Heartbeat(echo))
    for _ in range(9):
        bed.run(100)
        bed.send(Heartbeat(echo - 1))  # arrives, but evaluates nothing newer
    assert bed.state is DeviceState.FREEZING
    bed.run(200)
    gas = [(at, on) for at, name, on in bed.firmware.transitions if name == "gas"]
    assert gas[-1] == (echo + 1_000, 0)
    assert bed.events(EventCode.FREEZE_ENDED)[0][:2] == (echo + 1_000, FreezeEnd.LEASE)


def test_an_echo_of_the_future_is_no_lease() -> None:
    bed = freezing()
    bed.beats = False
    bed.send(Heartbeat(bed.firmware.now_ms + 60_000))
    bed.run(1_100)
    assert bed.state is DeviceState.THAWING


def test_release_is_five_passive_seconds_above_ten_degrees() -> None:
    bed = thawing()
    bed.run(7_000)  # past the watch for a stuck thermocouple
    bed.hardware.held["tip_celsius"] = 10.0
    bed.run(6_000)
    assert bed.state is DeviceState.THAWING
    bed.hardware.held["tip_celsius"] = 10.1
    bed.run(4_900)
    assert bed.state is DeviceState.THAWING
    assert bed.ask(Thaw(1)) is Result.DONE  # warming restarts the count
    bed.run(6_000)
    assert bed.state is DeviceState.THAWING
    assert bed.ask(Thaw(0)) is Result.DONE
    bed.run(4_900)
    assert bed.state is DeviceState.THAWING
    bed.run(300)
    assert bed.state is DeviceState.IDLE


def test_warming_ends_with_the_lease() -> None:
    bed = thawing()
    assert bed.ask(Thaw(1)) is Result.DONE
    bed.beats = False
    bed.run(1_200)
    assert not bed.hardware.drive.warming
    assert not bed.faults


def test_refreeze_out_of_the_thaw() -> None:
    bed = thawing()
    assert bed.start().result == Result.DONE
    assert bed.state is DeviceState.FREEZING


def test_a_use_is_counted_once_while_plugged_in_and_locks_nobody_out() -> None:
    bed = ready()
    bed.hardware.held["probe"] = ProbeChip(uses_left=1, serial="LAST")
    bed.run(300)
    for _ in range(3):
        assert bed.start(freeze_ms=2_000).result == Result.DONE
        bed.run(20_000)
    assert bed.hardware.uses_counted == 1
    bed.hardware.held["probe"] = None
    bed.run(300)
    bed.hardware.held["probe"] = ProbeChip(uses_left=0, serial="LAST")
    bed.run(300)
    assert bed.arm().result == Result.PROBE_UNUSABLE


def test_telemetry_comes_at_its_rate_with_device_stamps() -> None:
    bed = ready()
    bed.ask(SetTelemetryRate(50))
    begin = bed.firmware.now_ms
    bed.frames.clear()
    bed.run(1_000)
    stamps = [at for at, _ in bed.telemetry]
    assert stamps == list(range(begin + 20, begin + 1_001, 20))


def test_events_repeat_until_acknowledged() -> None:
    from drivers.link.messages import Event, EventAck

    bed = freezing()
    bed.run(1_000)
    numbers = [m.number for _, m in bed.frames if isinstance(m, Event)]
    assert len(numbers) > 4
    for number in set(numbers):
        bed.send(EventAck(number))
    bed.frames.clear()
    bed.run(1_000)
    assert not [m for _, m in bed.frames if isinstance(m, Event)]


def test_pedal_stops_always_and_starts_only_in_its_role() -> None:
    from drivers.link.messages import SetPedalRole

    def press(bed: Bed) -> None:
        for down in (True, False):
            bed.hardware.held["pedal_down"] = down
            bed.run(100)

    bed = ready()
    press(bed)
    assert bed.state is DeviceState.IDLE
    assert bed.ask(SetPedalRole(2)) is Result.DONE
    press(bed)
    assert bed.state is DeviceState.FREEZING
    assert bed.telemetry[-1][1].actuators & Actuator.LOCAL_START
    assert len(bed.events(EventCode.LOCAL_START)) == 1
    press(bed)
    assert bed.state is DeviceState.THAWING
    assert bed.events(EventCode.STOPPED)[-1][1] == StopSource.FOOTSWITCH


def test_hardware_stop_line() -> None:
    bed = freezing()
    bed.hardware.held["stop_line"] = True
    bed.run(60)
    assert bed.state is DeviceState.THAWING
    assert bed.events(EventCode.STOPPED)[-1][1] == StopSource.HARDWARE_LINE
