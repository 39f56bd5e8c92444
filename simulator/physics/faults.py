"""The plant's fault knobs: each has a size, and may grow to it over a ramp.

Only what happens to gas, probe, tissue and thermocouple is here. Link, identity and stimulator
faults belong to the firmware that owns them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping

import msgspec


class Knob(msgspec.Struct, frozen=True):
    """One fault: the unit of its size, the size when none is named, its range, and its look.

    `rest` is where a healthy console has it, and where a ramp begins; a sudden one takes no ramp,
    nor does one that is only on or off.
    """

    unit: str
    usual: float
    low: float
    high: float
    looks_like: str
    rest: float = 0.0
    sudden: bool = False

    @property
    def ramps(self) -> bool:
        """Whether it can grow to its size over a time."""
        return self.unit != "on" and not self.sudden


KNOBS: dict[str, Knob] = {
    "exhaust_blocked": Knob("share", 0.8, 0.0, 0.99, "tip pressure 2.4, 5.6, 11 bar, tip warm"),
    "orifice_blocked": Knob("share", 1.0, 0.0, 1.0, "flow falls, tip first colder, then warms"),
    "dry_ice_plug": Knob("share/min", 3.0, 0.0, 60.0, "CO2: solid plugs the orifice as it flows"),
    "supply_empty": Knob(
        "share", 1.0, 0.0, 1.0, "no liquid, 760 g of vapour at 0.01 to 7.6 g at 1: supply falls"
    ),
    "vapour_only": Knob(
        "kPa", 2600.0, 200.0, 5000.0, "no liquid left: 26 bar, falling", sudden=True
    ),
    "cylinder_cold": Knob("°C", 5.0, -20.0, 36.0, "35 bar (N2O)", 20.0),
    "cylinder_hot": Knob("°C", 34.5, 0.0, 60.0, "supply above 69 bar", 20.0),
    "cylinder_overfilled": Knob("kPa", 1100.0, 0.0, 4000.0, "hot and liquid-full: up to 80 bar"),
    "siphon": Knob("on", 1.0, 0.0, 1.0, "liquid feed: overdose, the console end of the hose cold"),
    "supply_leak": Knob("g/s", 2.0, 0.0, 10.0, "supply falls with the valve shut"),
    "recuperator_poor": Knob("share", 1.0, 0.0, 1.0, "slow cool-down, -59 °C at best"),
    "valve_stuck_open": Knob("opening", 1.0, 0.0, 1.0, "cools after stop"),
    "valve_stuck_closed": Knob("on", 1.0, 0.0, 1.0, "never cools"),
    "warming_fails": Knob("share", 1.0, 0.0, 1.0, "active thaw does nothing, ice at 60 s"),
    "thermocouple_open": Knob("on", 1.0, 0.0, 1.0, "front end says open, no value"),
    "thermocouple_short": Knob("on", 1.0, 0.0, 1.0, "front end says short, no value"),
    "thermocouple_reversed": Knob("on", 1.0, 0.0, 1.0, "twice the connector less the tip"),
    "thermocouple_stuck": Knob("on", 1.0, 0.0, 1.0, "constant"),
    "thermocouple_drift": Knob("°C/s", 0.1, -10.0, 10.0, "runs away by that a second"),
    "thermocouple_noise": Knob("times", 10.0, 0.0, 100.0, "that many times the usual noise", 1.0),
    "shaft_leak": Knob("share", 0.2, 0.0, 1.0, "bubbles at the leak test, shaft cold"),
    "warm_vessel": Knob("times", 1.0, 0.0, 10.0, "a warm ring 6 mm out: smaller ball all round"),
}


CYLINDER_KNOBS = (
    "supply_empty",
    "vapour_only",
    "cylinder_cold",
    "cylinder_hot",
    "cylinder_overfilled",
)


class Faults(MutableMapping[str, float]):
    """The knobs that are turned: name -> size now. All others are absent and act as at rest.

    Assigning sets a size at once; `set` can ramp. `del` or `clear` takes a fault away. Raises
    KeyError for a name that is not in its table and ValueError for a size outside its range.
    `version` changes whenever a size does.
    """

    def __init__(self, table: Mapping[str, Knob] = KNOBS) -> None:
        self._table = table
        self._now: dict[str, float] = {}
        self._target: dict[str, tuple[float, float]] = {}  # name -> (target, per second)
        self.version = 0

    def set(self, name: str, size: float | None = None, *, ramp_s: float = 0.0) -> None:
        """Turn a knob to a size (None: its usual one), evenly over ramp_s seconds from now."""
        knob = self._knob(name)
        size = knob.usual if size is None else float(size)
        if not knob.low <= size <= knob.high:
            raise ValueError(f"{name}: {size:g} is outside {knob.low:g} to {knob.high:g}")
        if not 0.0 <= ramp_s < 1e6:
            raise ValueError(f"{name}: a ramp of {ramp_s:g} s")
        if ramp_s > 0.0 and not knob.ramps:
            raise ValueError(f"{name}: comes at once, it takes no ramp")
        self._target.pop(name, None)
        if ramp_s > 0.0:
            start = self._now.setdefault(name, knob.rest)
            self._target[name] = (size, (size - start) / ramp_s)
        else:
            self._now[name] = size
        self.version += 1

    def advance(self, dt_s: float) -> None:
        """Move every ramp on."""
        if not self._target:
            return
        for name, (target, rate) in list(self._target.items()):
            size = self._now[name] + rate * dt_s
            if (rate >= 0.0 and size >= target) or (rate < 0.0 and size <= target):
                size = target
                del self._target[name]
            self._now[name] = size
            if name not in self._target and size == self._table[name].rest:
                del self._now[name]
        self.version += 1

    def turn(self, name: str, size: float, *, ramp_s: float = 0.0) -> None:
        """`set`, but a knob that is put where it rests, at once, is no longer turned."""
        if size == self._knob(name).rest and not ramp_s:
            self.pop(name, None)
        else:
            self.set(name, size, ramp_s=ramp_s)

    @property
    def turned(self) -> Mapping[str, float]:
        """The knobs that are turned, with their sizes now: quicker to ask than this."""
        return self._now

    def get(self, name: str, default: float = 0.0) -> float:  # type: ignore[override]
        """The size now, `default` where nobody turned it."""
        return self._now.get(name, default)

    def __getitem__(self, name: str) -> float:
        return self._now[name]

    def __setitem__(self, name: str, size: float) -> None:
        self.set(name, size)

    def __delitem__(self, name: str) -> None:
        self._knob(name)
        del self._now[name]
        self._target.pop(name, None)
        self.version += 1

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._now))

    def __len__(self) -> int:
        return len(self._now)

    def _knob(self, name: str) -> Knob:
        try:
            return self._table[name]
        except KeyError:
            known = ", ".join(self._table)
            raise KeyError(f"{name}: no such fault; known: {known}") from None
