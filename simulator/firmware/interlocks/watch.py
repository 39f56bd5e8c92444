"""Runs the table: times every row, and acts on those whose time is up."""

from typing import Final

from drivers.link.codes import Capability, DeviceState, EventCode, Fault, FreezeEnd
from simulator.firmware import actions
from simulator.firmware.emit import happened, replace
from simulator.firmware.interlocks.blocks import ENGINEER, ISOLATES, WHILE_RUNNING
from simulator.firmware.interlocks.row import Reaction, Row
from simulator.firmware.interlocks.table import ROWS, ROWS_IN
from simulator.firmware.model import Device

_NONE: Final = (-1,) * len(ROWS)


def watched(device: Device, now_ms: int) -> Device:
    """The device after its interlocks have looked at its newest readings."""
    before = device.since or _NONE
    since: list[int] | None = None
    standing, due = 0, []
    for index, predicate in ROWS_IN[device.state]:
        measured = predicate(device, now_ms)
        if measured is None:
            continue
        row = ROWS[index]
        standing |= row.fault
        if since is None:
            since = list(_NONE)
        since[index] = began = before[index] if before[index] >= 0 else now_ms
        if now_ms - began >= row.hold_ms:
            due.append((row, measured))
    if since is not None or device.standing or before is not _NONE:
        device = replace(device, since=tuple(since) if since else _NONE, standing=standing)
    for row, measured in due:
        device = tripped(device, row, measured, now_ms)
    if device.faults & WHILE_RUNNING and device.state is DeviceState.IDLE:
        device = cleared(device, device.faults & WHILE_RUNNING & ~standing, now_ms)
    return device


def tripped(device: Device, row: Row, measured: float, now_ms: int) -> Device:
    """The row's reaction, every time; its event and latch, the first time."""
    if not device.faults & row.fault:
        device = replace(device, faults=device.faults | row.fault)
        if row.fault & ENGINEER:
            memory = replace(device.memory, faults=device.memory.faults | row.fault)
            device = replace(device, memory=memory)
        device = happened(
            device, now_ms, EventCode.FAULT_RAISED, bit_number(row.fault), round(measured * 100)
        )
    why = FreezeEnd.LEASE if row.fault is Fault.LEASE_LOST else FreezeEnd.FAULT
    if row.reaction is Reaction.STIMULATION_OFF:
        device = actions.stimulator_off(device, now_ms, why)
        return actions.exercise_over(device, now_ms)
    device = actions.made_safe(device, now_ms, why)
    return isolated_as_needed(device)


def cleared(device: Device, bits: int, now_ms: int) -> Device:
    """Takes the faults `bits` away, and says so for each."""
    if not bits:
        return device
    memory = replace(device.memory, faults=device.memory.faults & ~bits)
    device = replace(device, faults=device.faults & ~bits, memory=memory)
    for fault in Fault:
        if fault & bits:
            device = happened(device, now_ms, EventCode.FAULT_CLEARED, bit_number(fault))
    return isolated_as_needed(device)


def isolated_as_needed(device: Device) -> Device:
    """The second valve, where there is one, stays shut for as long as a fault wants it to."""
    if not device.settings.capabilities & Capability.SECOND_VALVE:
        return device
    wanted = bool(device.faults & ISOLATES)
    if device.drive.supply_isolated == wanted or device.test is not None:
        return device
    return replace(device, drive=replace(device.drive, supply_isolated=wanted))


def bit_number(fault: int) -> int:
    """Place of the one bit that is set in `fault`."""
    return fault.bit_length() - 1
