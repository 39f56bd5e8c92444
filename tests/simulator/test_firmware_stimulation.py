"""Stimulation: from 0, in small steps, within its lease, off by itself."""

import pytest
from firmware_bed import ready, stimulating

from drivers.link.codes import Action, DeviceState, EventCode, Fault, FreezeEnd, Result
from drivers.link.messages import SetAmplitude, StimulationOff


@pytest.mark.parametrize(
    ("asked", "result"),
    [
        ({"rate": 500}, Result.DONE),
        ({"rate": 499}, Result.BAD_VALUE),
        ({"rate": 1_000}, Result.DONE),
        ({"rate": 1_001}, Result.BAD_VALUE),
        ({"rate": 10, "kind": 2}, Result.DONE),
        ({"rate": 51, "kind": 2}, Result.BAD_VALUE),
        ({"kind": 3}, Result.BAD_VALUE),
        ({"limit": 10_000}, Result.DONE),
        ({"limit": 10_001}, Result.BEYOND_LIMIT),
    ],
    ids=repr,
)
def test_limits_of_a_start(asked: dict[str, int], result: Result) -> None:
    assert ready().stimulate(**asked).result == result


def test_it_starts_from_nothing_and_ramps() -> None:
    bed = stimulating()
    assert bed.hardware.drive.amplitude_ua == 0
    assert bed.ask(SetAmplitude(2_000)) is Result.DONE
    began = len(bed.telemetry)
    bed.run(3_000)
    delivered = [(at, t.delivered_ua) for at, t in bed.telemetry[began:]]
    for at, value in delivered:
        before = [v for earlier, v in delivered if earlier == at - 100]
        assert not before or value - before[0] <= 200
    assert delivered[-1][1] == 2_000
    assert not bed.faults
    assert bed.ask(SetAmplitude(3_001)) is Result.BEYOND_LIMIT
    assert bed.ask(SetAmplitude(0)) is Result.DONE
    bed.run(60)
    assert bed.hardware.drive.amplitude_ua == 0


def test_off_by_itself_after_a_minute() -> None:
    bed = stimulating()
    on = bed.firmware.device.stimulation.on_ms  # type: ignore[union-attr]
    bed.run(60_100)
    assert bed.state is DeviceState.IDLE
    assert bed.firmware.device.link.waiting[-1].event.at_ms == on + 60_000
    assert bed.events(EventCode.STIMULATION_ENDED)[0][:2] == (on + 60_000, FreezeEnd.TIMER)


def test_off_by_command_and_by_lease() -> None:
    bed = stimulating()
    assert bed.ask(StimulationOff()) is Result.DONE
    assert bed.state is DeviceState.IDLE
    bed = stimulating()
    bed.beat()
    echo = bed.firmware.now_ms
    bed.beats = False
    bed.run(600)
    assert bed.events(EventCode.STIMULATION_ENDED) == [(echo + 500, FreezeEnd.LEASE, 0)]
    assert bed.faults == Fault.LEASE_LOST


def test_gas_and_current_never_together() -> None:
    bed = stimulating()
    assert bed.arm().result == Result.WRONG_STATE
    bed = ready()
    bed.start()
    assert bed.arm(Action.STIMULATE).result == Result.WRONG_STATE
