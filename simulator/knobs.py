"""Every knob that a bench or a trainer can turn: the plant's, and those of what is round it."""

from typing import Final

from simulator.physics.faults import KNOBS as PLANT_KNOBS
from simulator.physics.faults import Knob

BENCH_KNOBS: Final[dict[str, Knob]] = {
    "probe_unplugged": Knob("on", 1.0, 0.0, 1.0, "id lost, thermocouple open"),
    "probe_changed": Knob("on", 1.0, 0.0, 1.0, "another id answers"),
    "probe_expired": Knob("on", 1.0, 0.0, 1.0, "its date is past"),
    "probe_used_up": Knob("on", 1.0, 0.0, 1.0, "no uses left"),
    "stimulator_open_lead": Knob("on", 1.0, 0.0, 1.0, "nothing delivered, at compliance"),
    "stimulator_over_current": Knob("share", 0.3, 0.0, 10.0, "delivers that much more than set"),
    "stimulator_offset": Knob("µA", 300.0, -5000.0, 5000.0, "delivers that at zero"),
    "stimulator_stuck_on": Knob("on", 1.0, 0.0, 1.0, "reads back on whatever is driven"),
    "impedance": Knob("ohm", 480.0, 50.0, 5000.0, "what the patient's tissue has", 480.0),
    "supply_unreadable": Knob("on", 1.0, 0.0, 1.0, "the supply sensor gives no value"),
    "brown_out": Knob("on", 1.0, 0.0, 1.0, "supply voltage dips for as long as it is on"),
    "hang": Knob(
        "ms", 2000.0, 1.0, 1e6, "the program stops: the watchdog bites at 500 ms", sudden=True
    ),
    "reboot": Knob("on", 1.0, 0.0, 1.0, "restarts: new boot id, session lost"),
    "pedal": Knob("on", 1.0, 0.0, 1.0, "the footswitch is down"),
    "stop_line": Knob("on", 1.0, 0.0, 1.0, "the hardware stop button is pressed"),
    "maintenance_switch": Knob("on", 1.0, 0.0, 1.0, "the switch behind the console's lid"),
}
LINE_KNOBS: Final[dict[str, Knob]] = {
    "link_corrupt": Knob("share", 0.05, 0.0, 1.0, "that share of frames has a byte changed"),
    "link_drop": Knob("share", 0.05, 0.0, 1.0, "that share of frames is lost, each way"),
    "link_duplicate": Knob("share", 0.05, 0.0, 1.0, "that share of frames comes twice"),
    "link_delay": Knob("ms", 150.0, 0.0, 60000.0, "the device's frames come late"),
    "link_split": Knob("on", 1.0, 0.0, 1.0, "frames come in single bytes"),
    "link_silence": Knob("on", 1.0, 0.0, 1.0, "nothing passes, either way"),
    "link_flood": Knob("frames", 20.0, 0.0, 1000.0, "noise frames before each real one"),
    "clock_drift": Knob("ppm", 200.0, -50000.0, 50000.0, "device time runs fast by that"),
}
KNOBS: Final[dict[str, Knob]] = PLANT_KNOBS | BENCH_KNOBS | LINE_KNOBS


def checked(name: str, size: float | None, ramp_s: float = 0.0) -> float:
    """The size to set knob `name` to, its usual one for None.

    Raises ValueError, with one line for a person, for a name that is not known, a size that is
    not in its range (and for nan), and a ramp for a knob that takes none.
    """
    knob = KNOBS.get(name)
    if knob is None:
        raise ValueError(f"{name}: no such knob; known: {', '.join(sorted(KNOBS))}")
    if not 0 <= ramp_s < 1e6:
        raise ValueError(f"{name}: a ramp of {ramp_s:g} s; it is seconds from 0")
    if ramp_s and not knob.ramps:
        raise ValueError(f"{name}: comes at once, it takes no ramp")
    if size is None:
        return knob.usual
    if not knob.low <= size <= knob.high:
        raise ValueError(f"{name}: {size:g} is outside {knob.low:g} to {knob.high:g} {knob.unit}")
    return float(size)
