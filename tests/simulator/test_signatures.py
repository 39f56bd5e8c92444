"""Each fault is recognised by what its row says: judged on the very runs that the page shows."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from drivers.link.codes import Fault
from simulator.knobs import KNOBS
from simulator.signatures import BY_KNOB, SIGNATURES, Panel, Trace, healthy, recorded
from simulator.signatures.document import DOCUMENT, PICTURES, groups, written

UNSEEN = {
    # What shows on no instrument of a running freeze.
    "probe_expired", "probe_used_up", "pedal", "maintenance_switch", "stimulator_stuck_on",
    "link_split", "clock_drift",
}  # fmt: skip
P = Panel
Judge = Callable[[Trace, Trace], bool]


def high(trace: Trace, panel: Panel, first_s: float, last_s: float) -> float:
    return max(trace.between(panel, first_s, last_s))


def low(trace: Trace, panel: Panel, first_s: float, last_s: float) -> float:
    return min(trace.between(panel, first_s, last_s))


def mean(trace: Trace, panel: Panel, first_s: float, last_s: float) -> float:
    values = trace.between(panel, first_s, last_s)
    return sum(values) / len(values)


def supply_as_ever(seen: Trace, well: Trace, last_s: float = 40.0) -> bool:
    return abs(mean(seen, P.SUPPLY, 15, last_s) - mean(well, P.SUPPLY, 15, last_s)) < 0.5


def jumps(trace: Trace, panel: Panel) -> float:
    values = trace.between(panel, 20, 40)
    steps = [abs(b - a) for a, b in pairwise(values)]
    return sum(steps) / len(steps)


def unread(trace: Trace, panel: Panel) -> bool:
    """Nothing from a moment after the fault on, all before it."""
    return not trace.between(panel, 15.2, 50) and len(trace.between(panel, 0, 14.9)) == 149


def stops_at_once(seen: Trace, _well: Trace) -> bool:
    return high(seen, P.FLOW, 17, 40) < 0.5 and high(seen, P.SUPPLY, 17, 40) > 50


LOOKS: dict[str, Judge] = {
    "exhaust_blocked": lambda seen, well: (
        high(seen, P.EXHAUST, 15, 20) > 3.5
        and high(seen, P.TIP, 15, 19) > -65
        and high(seen, P.FLOW, 15, 20) > mean(well, P.FLOW, 15, 20) + 2
        and supply_as_ever(seen, well)
    ),
    "orifice_blocked": lambda seen, well: (
        low(seen, P.FLOW, 20, 25.1) < 0.4
        and low(seen, P.EXHAUST, 20, 25) < mean(well, P.EXHAUST, 20, 25) - 0.1
        and supply_as_ever(seen, well)
    ),
    "dry_ice_plug": lambda seen, well: (
        low(seen, P.FLOW, 30, 36.8) < 0.4 * mean(well, P.FLOW, 30, 36.8)
        and mean(seen, P.FLOW, 15, 20) > 4.5
    ),
    "supply_empty": lambda seen, well: (
        seen.at(P.SUPPLY, 44) < 38.0 < seen.at(P.SUPPLY, 30)  # type: ignore[operator]
        and abs(high(seen, P.SUPPLY, 47, 70) - low(seen, P.SUPPLY, 47, 70)) < 0.5
    ),
    "vapour_only": lambda seen, well: 25 < mean(seen, P.SUPPLY, 15.5, 17) < 27,
    "cylinder_cold": lambda seen, well: (
        34 < low(seen, P.SUPPLY, 16, 50) < high(seen, P.SUPPLY, 16, 50) < 37
    ),
    "cylinder_hot": lambda seen, well: (
        low(seen, P.SUPPLY, 16, 50) > 69
        and abs(mean(seen, P.FLOW, 16, 40) - mean(well, P.FLOW, 16, 40)) < 0.2
    ),
    "cylinder_overfilled": lambda seen, well: (
        low(seen, P.SUPPLY, 16, 50) > 76 and high(seen, P.FLOW, 17, 50) < 0.5
    ),
    "siphon": lambda seen, well: (
        low(seen, P.HOSE, 15, 20) < -20 and low(seen, P.TIP, 15, 19) < -76
    ),
    "supply_leak": lambda seen, well: (
        seen.at(P.SUPPLY, 59) < well.at(P.SUPPLY, 59) - 2  # type: ignore[operator]
        and high(seen, P.FLOW, 0, 60) < 0.5
    ),
    "supply_unreadable": lambda seen, well: unread(seen, P.SUPPLY),
    "recuperator_poor": lambda seen, well: (
        low(seen, P.FLOW, 5, 59) > 9 and -60 < low(seen, P.TIP, 0, 60) < -50
    ),
    "valve_stuck_open": lambda seen, well: (
        low(seen, P.FLOW, 21, 27) > 9 and high(well, P.FLOW, 26, 40) < 0.5
    ),
    "valve_stuck_closed": lambda seen, well: (
        high(seen, P.FLOW, 0, 40) < 0.5 and low(seen, P.TIP, 0, 40) > 35
        and high(seen, P.EXHAUST, 0, 40) < 1.05
    ),
    "warming_fails": lambda seen, well: (
        seen.at(P.ICE, 120) > 1 and well.at(P.ICE, 120) == 0  # type: ignore[operator]
        and high(seen, P.TIP, 62, 90) < 0 and high(well, P.TIP, 62, 70) > 35
    ),
    "thermocouple_open": lambda seen, well: unread(seen, P.TIP),
    "thermocouple_short": lambda seen, well: unread(seen, P.TIP),
    "thermocouple_reversed": lambda seen, well: (
        seen.at(P.TIP, 14) > 100 and seen.at(P.TRUE_TIP, 14) < -60  # type: ignore[operator]
    ),
    "thermocouple_stuck": lambda seen, well: high(seen, P.TIP, 0, 30) == low(seen, P.TIP, 0, 30),
    "thermocouple_drift": lambda seen, well: (
        abs(mean(seen, P.TIP, 35, 40) + 70) < 0.7
        and mean(seen, P.TRUE_TIP, 35, 40) > mean(well, P.TRUE_TIP, 35, 40) + 1.5
    ),
    "thermocouple_noise": lambda seen, well: jumps(seen, P.TIP) > 5 * jumps(well, P.TIP),
    "shaft_leak": lambda seen, well: (
        mean(seen, P.FLOW, 20, 40) > mean(well, P.FLOW, 20, 40) + 2
        and mean(seen, P.EXHAUST, 20, 40) > mean(well, P.EXHAUST, 20, 40) + 0.1
    ),
    "warm_vessel": lambda seen, well: (
        seen.at(P.ICE, 90) < well.at(P.ICE, 90) - 0.3  # type: ignore[operator]
        and abs(mean(seen, P.TIP, 30, 90) - mean(well, P.TIP, 30, 90)) < 0.3
    ),
    "probe_unplugged": lambda seen, well: unread(seen, P.TIP) and not seen.between(P.TIP, 40, 50),
    "probe_changed": stops_at_once,
    "brown_out": stops_at_once,
    "stop_line": stops_at_once,
    "hang": lambda seen, well: high(seen, P.AGE, 15, 16) > 250 and low(seen, P.GOOD, 15, 16.5) < 15,
    "reboot": stops_at_once,
    "stimulator_open_lead": lambda seen, well: (
        high(seen, P.DELIVERED, 4.2, 10) == 0 and not seen.between(P.IMPEDANCE, 4.2, 10)
    ),
    "stimulator_over_current": lambda seen, well: high(seen, P.DELIVERED, 4.2, 10) == 0,
    "stimulator_offset": lambda seen, well: high(seen, P.DELIVERED, 4.2, 10) == 0,
    "impedance": lambda seen, well: (
        low(seen, P.IMPEDANCE, 4.2, 10) > 850 and mean(seen, P.DELIVERED, 5, 10) == 0.5
    ),
    "link_corrupt": lambda seen, well: (
        high(seen, P.BAD, 6, 12) > 2 and low(seen, P.GOOD, 6, 12) < 18
    ),
    "link_drop": lambda seen, well: (
        high(seen, P.BAD, 0, 20) == 0 and low(seen, P.GOOD, 6, 12) < 17
    ),
    "link_duplicate": lambda seen, well: (
        high(seen, P.BAD, 0, 20) == 0 and mean(seen, P.GOOD, 6, 12) > 23
    ),
    "link_delay": lambda seen, well: mean(seen, P.AGE, 6, 12) == 150,
    "link_silence": lambda seen, well: (
        high(seen, P.AGE, 5, 12) > 6_000 and high(seen, P.GOOD, 6.2, 11.9) == 0
    ),
    "link_flood": lambda seen, well: (
        mean(seen, P.BAD, 6.1, 12) > 50 and low(seen, P.GOOD, 6, 12) >= 20
    ),
}  # fmt: skip
SHARE = ("siphon", "stimulator_offset", "thermocouple_stuck")


def judge(knob: str) -> None:
    signature, looks = BY_KNOB[knob], LOOKS[knob]
    seen, well = recorded(signature, signature.sizes[-1]), healthy(signature)
    assert (seen.tripped[0] if seen.tripped else Fault(0)) == signature.trips
    assert well.tripped is None
    assert looks(seen, well)
    assert not looks(well, well)  # a healthy run does not look like it


def test_every_knob_has_a_signature_or_shows_on_no_instrument() -> None:
    assert set(LOOKS) == set(BY_KNOB)
    assert set(BY_KNOB) | UNSEEN == set(KNOBS)
    assert not set(BY_KNOB) & UNSEEN
    assert len(BY_KNOB) == len(SIGNATURES)
    assert sorted(name for group in groups().values() for name in group) == sorted(KNOBS)


@pytest.mark.parametrize("knob", SHARE)
def test_a_fault_is_recognised(knob: str) -> None:
    judge(knob)


@pytest.mark.seeds
@pytest.mark.parametrize("knob", LOOKS)
def test_every_fault_is_recognised(knob: str) -> None:
    judge(knob)


def test_the_page_says_what_the_code_has() -> None:
    page = DOCUMENT.read_text(encoding="utf-8")
    assert written(page) == page, "make docs"
    pictures = {path.stem: path for path in PICTURES.glob("*.png")}
    assert set(pictures) == set(BY_KNOB)
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in pictures.values())
    assert sum(path.stat().st_size for path in pictures.values()) < 1_500_000
