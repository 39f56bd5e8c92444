"""Commands that only ask: the probe, a calibration record, the log."""

from drivers.link.codes import Result
from drivers.link.messages import Calibration, Probe, ReadCalibration, ReadLog, ReadProbe
from simulator.firmware.commands.outcome import Outcome
from simulator.firmware.emit import replace
from simulator.firmware.model import Device


def read_probe(device: Device, message: ReadProbe, now_ms: int) -> Outcome:
    """The probe that is identified; all zero when there is none."""
    probe = device.probe
    if probe is None:
        return device, Probe(0, 0, b"", b"", 0, 0, 0), 0
    said = Probe(
        1,
        probe.uses_left,
        probe.model.encode("ascii"),
        probe.serial.encode("ascii"),
        probe.diameter_um,
        probe.tip_length_um,
        probe.expires_day,
    )
    return device, said, 0


def read_calibration(device: Device, message: ReadCalibration, now_ms: int) -> Outcome:
    """One record; BAD_VALUE carries how many there are."""
    memory, index = device.memory, message.index
    count = len(memory.calibration)
    if index >= count:
        return device, Result.BAD_VALUE, count
    record = Calibration(index, count, memory.calibration[index], memory.calibrated_day[index])
    return device, record, 0


def read_log(device: Device, message: ReadLog, now_ms: int) -> Outcome:
    """One entry, 0 the oldest kept; BAD_VALUE carries how many there are."""
    log = device.memory.log
    if message.index >= len(log):
        return device, Result.BAD_VALUE, len(log)
    return device, replace(log[message.index], index=message.index, count=len(log)), 0
