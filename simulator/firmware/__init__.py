"""The device's own program: a state machine over the link, with its interlocks and its hold
controller. Steppable without I/O; shares no decision with the host."""

from simulator.firmware.machine import Firmware, summary
from simulator.firmware.model import (
    Device,
    Drive,
    Hardware,
    Memory,
    ProbeChip,
    Readings,
)
from simulator.firmware.settings import Settings, settings_for

__all__ = [
    "Device",
    "Drive",
    "Firmware",
    "Hardware",
    "Memory",
    "ProbeChip",
    "Readings",
    "Settings",
    "settings_for",
    "summary",
]
