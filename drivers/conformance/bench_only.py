"""What no port can prove of a device: it must be shown at the bench, and the report says so."""

from typing import Final

BENCH_ONLY: Final = (
    ("STOP", "Gas, warming and stimulator are off within 10 ms of STOP's last byte, measured at "
     "the valve and the electrodes, not told by the device."),
    ("The device's own protection", "The hardware stop line shuts gas and stimulator within 50 ms "
     "with the program stopped."),
    ("The device's own protection", "The gas valve shuts and the exhaust opens when the power "
     "fails."),
    ("The device's own protection", "The watchdog restarts a stopped program within 500 ms, and "
     "the valve is shut meanwhile."),
    ("The device's own protection", "Hardware keeps gas and stimulator from being on together."),
    ("The device's own protection", "Sensors tell what is so: tip, pressures, flow and current "
     "against references, and open and short thermocouples with real wires."),
    ("The device's own protection", "FREEZE_TOO_LONG and WATCHDOG trip: no input brings them "
     "about."),
    ("Time", "Device time is good to 100 ppm."),
    ("Line", "DTR and RTS do not reset the device."),
    ("0x86 LogEntry", "The log and the stored faults outlive a loss of power while they are "
     "written."),
)  # fmt: skip
"""(section of docs/protocol.md, what is to be shown)."""
