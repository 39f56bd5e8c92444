"""Restarts: by command, by watchdog, in mid-freeze."""

import pytest
from firmware_bed import Bed, freezing, in_maintenance

from drivers.link.codes import DeviceState, Fault, Result
from drivers.link.messages import (
    Arm,
    Calibrate,
    LogEntry,
    ReadCalibration,
    ReadLog,
    Reboot,
    Telemetry,
    Welcome,
)
from simulator.firmware import Firmware, settings_for


def test_reboot_answers_then_starts_anew() -> None:
    bed = in_maintenance()
    old = bed.firmware.device.boot_id
    bed.frames.clear()
    assert bed.ask(Reboot()) is Result.DONE
    assert bed.firmware.now_ms == 0
    assert bed.firmware.device.boot_id != old
    last = bed.frames[-1]
    assert isinstance(last[1], Telemetry)
    assert last[0].session == 0
    assert bed.ask(Arm(1)) is Result.WRONG_SESSION
    welcome = bed.hello(session=5)
    assert isinstance(welcome, Welcome)
    assert welcome.boot_id == bed.firmware.device.boot_id


def test_a_reboot_in_mid_freeze_finds_the_valve_shut() -> None:
    bed = freezing()
    bed.firmware.reboot()
    assert bed.state is DeviceState.IDLE
    bed.firmware.run(bed.firmware.world_ms + 20)
    assert not bed.hardware.drive.valve_duty


@pytest.mark.hazard("watchdog", "device")
def test_the_watchdog_bites_at_half_a_second() -> None:
    bed = freezing()
    hung = bed.firmware.world_ms
    bed.firmware.hang(5_000)
    bed.firmware.run(hung + 480)
    assert bed.hardware.drive.valve_duty > 0
    bed.firmware.run(hung + 540)
    assert not bed.hardware.drive.valve_duty
    assert bed.faults == Fault.WATCHDOG
    assert bed.firmware.now_ms < 60


def test_a_short_hang_is_survived() -> None:
    bed = freezing()
    bed.firmware.hang(300)
    bed.run(800)
    assert not bed.faults
    assert bed.state is DeviceState.FREEZING


def test_log_and_calibration_survive() -> None:
    bed = in_maintenance()
    assert bed.ask(Calibrate(0, 0, -250)) is Result.DONE
    assert bed.ask(Calibrate(0, 0, 501)) is Result.BEYOND_LIMIT
    assert bed.ask(Calibrate(9, 0, 1)) is Result.BAD_VALUE
    assert bed.ask(Reboot()) is Result.DONE
    bed.hello(session=5)
    entry = bed.send(ReadLog(0))
    assert isinstance(entry, LogEntry)
    assert entry.count >= 1
    assert bed.send(ReadCalibration(0)).value == -250  # type: ignore[union-attr]
    bed.run(200)
    tip = bed.telemetry[-1][1].celsius(0)  # type: ignore[arg-type]
    assert tip is not None
    assert abs(tip - (bed.hardware.tip - 2.5)) < 0.2


def test_boot_ids_come_from_the_seed_and_differ_by_boot() -> None:
    def ids(seed: int) -> list[int]:
        firmware = Firmware(
            settings_for(Bed().firmware.device.settings.gas), Bed().hardware, seed=seed
        )
        found = [firmware.device.boot_id]
        for _ in range(3):
            firmware.reboot()
            found.append(firmware.device.boot_id)
        return found

    assert ids(1) == ids(1)
    assert len(set(ids(1) + ids(2))) == 8
