"""Truth tables of the host's rows, as data.

A table names the inputs of one way in which a row comes to stand. Each input has values with which
the row stands, the first of them its value while the others are looked at, and values with which it
does not: every one of those alone must flip the result (none where the input does not matter). A
limit is given at, just under and just over.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from safety_kit import AT_MS, LIMITS, PERIOD_MS, facts, seen, thawing

from console.model.device import DeviceState, Gas
from console.model.observation import Observation
from console.safety.facts import Facts
from console.safety.supervisor import Supervisor
from console.safety.supervisor import step as supervise

FREEZING, THAWING, IDLE = DeviceState.FREEZING, DeviceState.THAWING, DeviceState.IDLE
Values = tuple[Sequence[Any], Sequence[Any]]
"""(the row stands, it does not)."""


@dataclass(frozen=True)
class Table:
    """`moments` makes what the supervisor sees from the inputs; it is judged at the last."""

    row: str
    way: str
    moments: Callable[..., list[Facts]]
    inputs: dict[str, Values] = field(default_factory=dict)

    def base(self) -> dict[str, Any]:
        """The inputs with which the row stands."""
        return {name: stands[0] for name, (stands, _) in self.inputs.items()}

    def stands(self, **changed: Any) -> bool:
        """Whether the row stands with these inputs, the others as in `base`."""
        state = Supervisor()
        for moment in self.moments(**self.base() | changed):
            state, _ = supervise(state, moment, LIMITS)
        return self.row in state.standing


def now(**inputs: Any) -> list[Facts]:
    """One moment; fields of the observation by `seen_...`."""
    return [_facts(0, inputs)]


def after(before_ms: int, **inputs: Any) -> list[Facts]:
    """A healthy freeze for so long, then one moment with these inputs."""
    return [*lasting(before_ms), _facts(before_ms, inputs)]


def lasting(for_ms: int, **inputs: Any) -> list[Facts]:
    """The same inputs for so long, seen every period and at the end."""
    return [_facts(ms, inputs) for ms in [*range(0, for_ms, PERIOD_MS), for_ms]]


def _facts(ms: int, inputs: dict[str, Any]) -> Facts:
    inner = {k.removeprefix("seen_"): v for k, v in inputs.items() if k.startswith("seen_")}
    outer = {k: v for k, v in inputs.items() if not k.startswith("seen_")}
    whole = {
        "now_ms": 10_000.0 + ms,
        "heard_ms": 10_000.0 + ms,
        "moved_ms": 10_000.0 + ms,
        "device_now_ms": float(AT_MS + ms),
        "observation": seen(**{"at_ms": AT_MS + ms} | inner),
    }
    return facts(**whole | outer)


# --- the moments of rows that look at more than the present -------------------------------------


def silent(quiet_ms: float, was_open: bool, lockstep: bool, time_scale: float) -> list[Facts]:
    return now(
        heard_ms=10_000.0 - quiet_ms,
        was_open=was_open,
        lockstep=lockstep,
        time_scale=time_scale,
        device_now_ms=None,
    )


def aged(age_ms: float, link_open: bool, time_scale: float, known: bool) -> list[Facts]:
    clock = float(AT_MS) + age_ms if known else None
    return now(device_now_ms=clock, link_open=link_open, time_scale=time_scale)


def still(for_ms: float, link_open: bool, time_scale: float, lockstep: bool) -> list[Facts]:
    return now(
        moved_ms=10_000.0 - for_ms, link_open=link_open, time_scale=time_scale, lockstep=lockstep
    )


def cooling(
    on_ms: int, started: float | None, tip: float | None, target: float, valve: bool
) -> list[Facts]:
    first = _facts(0, {"seen_tip_celsius": started, "freeze_started_ms": AT_MS})
    inputs = {
        "freeze_started_ms": AT_MS,
        "seen_tip_celsius": tip,
        "target_celsius": target,
        "seen_valve_open": valve,
    }
    return [first, _facts(on_ms, inputs)]


def reaching(on_ms: int, reached: bool, state: DeviceState, started: bool) -> list[Facts]:
    inputs = {
        "freeze_started_ms": AT_MS if started else None,
        "seen_tip_celsius": -63.0,
        "at_target": reached,
        "seen_state": state,
        "seen_valve_open": state is FREEZING,
    }
    return [_facts(on_ms, inputs)]


def leaving_target(for_ms: int, tip: float, target: float, state: DeviceState) -> list[Facts]:
    common = {"freeze_started_ms": AT_MS - 10_000, "target_celsius": target}
    held = [_facts(-PERIOD_MS, common | {"at_target": True})]
    inputs = common | {
        "seen_tip_celsius": tip,
        "seen_state": state,
        "seen_valve_open": state is FREEZING,
    }
    return [*held, *(_facts(ms, inputs) for ms in [*range(0, for_ms, PERIOD_MS), for_ms])]


def too_long(over_ms: int, on_ms: int, valve: bool, timed: bool) -> list[Facts]:
    inputs = {
        "freeze_started_ms": AT_MS - on_ms,
        "freeze_due_ms": AT_MS - over_ms if timed else None,
        "seen_valve_open": valve,
    }
    return now(**inputs)


def unasked(frames: int, valve: bool, wanted: bool, local: bool, grace_ms: float) -> list[Facts]:
    inputs = {
        "gas_wanted": wanted,
        "freeze_started_ms": None,
        "seen_valve_open": valve,
        "seen_local_start": local,
        "quiet_until_device_ms": AT_MS + grace_ms,
    }
    return [_facts(n * PERIOD_MS, inputs) for n in range(frames)]


def flowing(shut_ms: int, flow: float, for_ms: int, valve: bool, was_open: bool) -> list[Facts]:
    """Open, shut for `shut_ms`, with this flow for the last `for_ms` of them."""
    moments = [_facts(-PERIOD_MS, {"seen_valve_open": was_open})]
    for ms in [*range(0, shut_ms, PERIOD_MS), shut_ms]:
        inputs = {
            "observation": thawing(
                at_ms=AT_MS + ms,
                valve_open=valve,
                flow_mg_s=flow if ms >= shut_ms - for_ms else 0.0,
                tip_celsius=-30.0,
            ),
            "freeze_started_ms": None,
            "gas_wanted": valve,
        }
        moments.append(_facts(ms, inputs))
    return moments


def staying_cold(shut_ms: int, from_celsius: float, rise: float, known: bool) -> list[Facts]:
    opened = _facts(-PERIOD_MS, {"seen_tip_celsius": from_celsius})
    shut = thawing(at_ms=AT_MS, tip_celsius=from_celsius)
    tip = from_celsius + rise if known else None
    last = thawing(at_ms=AT_MS + shut_ms, tip_celsius=tip)
    none = {"freeze_started_ms": None, "gas_wanted": False}
    return [
        opened,
        _facts(0, {"observation": shut} | none),
        _facts(shut_ms, {"observation": last} | none),
    ]


def unknown(for_ms: int, thaw: bool, tip: float | None, valve: bool) -> list[Facts]:
    def at(ms: int) -> Observation:
        return thawing(at_ms=AT_MS + ms, tip_celsius=tip, valve_open=valve)

    none = {"freeze_started_ms": None, "gas_wanted": valve, "thawing": thaw}
    moments = [*range(0, for_ms, PERIOD_MS), for_ms]
    return [_facts(ms, {"observation": at(ms)} | none) for ms in moments]


def cold_frames(frames: int, tip: float | None, state: DeviceState, gas: Gas) -> list[Facts]:
    inputs = {
        "seen_tip_celsius": tip,
        "seen_state": state,
        "seen_valve_open": state is FREEZING,
        "gas_wanted": state is FREEZING,
        "gas": gas,
        "target_celsius": -84.0,
    }
    return [_facts(n * PERIOD_MS, inputs) for n in range(frames)]


def jumping(there: float, back: float) -> list[Facts]:
    tips = [-20.0, -20.0 + there, -20.0 + there - back]
    return [_facts(n * PERIOD_MS, {"seen_tip_celsius": tip}) for n, tip in enumerate(tips)]


def sticking(still_ms: int, late_ms: int, moves: float, tip: float, switched: bool) -> list[Facts]:
    """The gas goes off (or not), and the tip stands still from `late_ms` on."""
    none = {"freeze_started_ms": None, "gas_wanted": False}
    moments = []
    if switched:
        before = seen(at_ms=AT_MS - PERIOD_MS, tip_celsius=tip + 20.0)
        moments.append(_facts(-PERIOD_MS, {"observation": before} | none))
    for ms in [*range(0, late_ms + still_ms, PERIOD_MS), late_ms + still_ms]:
        # Warms a little until it sticks; `moves` is what it does between two frames afterwards.
        at = tip + (late_ms - ms) * -0.004 if ms < late_ms else tip + moves * (ms // PERIOD_MS % 2)
        found = thawing(at_ms=AT_MS + ms, tip_celsius=at)
        moments.append(_facts(ms, {"observation": found} | none))
    return moments


def plugged(for_ms: int, flow: float | None, supply: float | None, **inputs: Any) -> list[Facts]:
    return lasting(for_ms, seen_flow_mg_s=flow, seen_supply_kpa=supply, **inputs)


def holding(
    flow: float | None,
    tip: float | None,
    for_ms: int,
    settled_ms: int,
    same_freeze: bool,
    target: float | None,
    **inputs: Any,
) -> list[Facts]:
    """-70 °C held by 100 mg/s for `settled_ms`; a minute later this flow and reading, for
    `for_ms`."""
    usual = {"freeze_started_ms": AT_MS - 10_000, "target_celsius": -70.0, "at_target": True}
    before = usual | {"seen_flow_mg_s": 100.0, "seen_valve_percent": 40}
    started_ms = AT_MS - (10_000 if same_freeze else 9_000)
    after = usual | {"freeze_started_ms": started_ms, "target_celsius": target}
    after |= {"seen_flow_mg_s": flow, "seen_tip_celsius": tip, "seen_valve_percent": 40} | inputs
    return [
        _facts(0, before),
        _facts(settled_ms, before),
        _facts(70_000, after),
        _facts(70_000 + for_ms, after),
    ]


# --- the tables ---------------------------------------------------------------------------------

YES: Final[Values] = ((True,), (False,))
NO: Final[Values] = ((False,), (True,))

TABLES: Final = (
    Table("link_lost", "silence", silent, {
        "quiet_ms": ((500.1, 600.0), (500.0, 499.9, 0.0)),
        "was_open": YES, "lockstep": NO, "time_scale": ((1.0, 2.0), (0.5,))}),
    Table("link_lost", "closed", now, {"port_open": NO, "was_open": YES}),
    Table("link_lost", "bad line", now, {"bad_line": YES, "was_open": YES}),
    Table("link_lost", "session", now, {"session_lost": YES, "was_open": YES}),
    Table("stale", "age", aged, {
        "age_ms": ((500.1,), (500.0, 499.9, 0.0)), "link_open": YES,
        "time_scale": ((1.0, 2.0), (0.0, 4.0)), "known": YES}),
    Table("stale", "clock", still, {
        "for_ms": ((500.1,), (500.0, 499.9)), "link_open": YES,
        "time_scale": ((1.0, 2.0), (0.0, 0.5)), "lockstep": NO}),
    Table("screen_lost", "tick", now, {
        "screen_age_ms": ((1_000.1, 2_000.0), (1_000.0, 999.9, None))}),
    Table("host_slept", "gap", now, {
        "slept_ms": ((500.1,), (500.0, 499.9)), "lockstep": NO, "was_open": YES}),
    Table("stop_unconfirmed", "own", now, {
        "stop_unconfirmed": YES, "port_open": YES, "device_now_ms": ((AT_MS + 500.0,),
        (AT_MS + 500.1,)), "seen_faults": (((), ("brown_out",)), ())}),
    Table("stop_unconfirmed", "operator's", now, {
        "stop_unconfirmed": YES, "port_open": ((False,), ()), "stop_asked": YES}),
    Table("command_unanswered", "told", now, {"unanswered": (("start",), ("",))}),
    Table("restarted", "told", now, {"restarted": YES}),
    Table("host_error", "told", now, {"error": (("KeyError",), ("",))}),
    Table("record_failed", "told", now, {"record_problem": (("full",), ("",))}),
    Table("over_cool", "cold", lasting, {
        "for_ms": ((1_000, 1_050), (999, 950)),
        "seen_tip_celsius": ((-80.1, -85.0), (-80.0, -79.9, None)),
        "target_celsius": ((-70.0, -70.05), (-70.1, None)),
        "seen_state": ((FREEZING, THAWING), ()), "seen_valve_open": ((True, False), ())}),
    Table("over_cool", "valve alone", lasting, {
        "for_ms": ((1_000,), (999,)), "seen_tip_celsius": ((-80.1,), (-80.0,)),
        "seen_state": ((THAWING,), ()), "seen_valve_open": YES}),
    Table("over_cool", "state alone", lasting, {
        "for_ms": ((1_000,), (999,)), "seen_tip_celsius": ((-80.1,), (-80.0,)),
        "seen_valve_open": ((False,), ()), "seen_state": ((FREEZING,), (THAWING, IDLE))}),
    Table("cooled_past_limit", "N2O", cold_frames, {
        "frames": ((2, 3), (1,)), "tip": ((-85.1, -94.0), (-85.0, -84.9, -94.1, None)),
        "state": ((FREEZING,), (THAWING, IDLE)), "gas": ((Gas.N2O,), (Gas.CO2,))}),
    Table("cooled_past_limit", "CO2", cold_frames, {
        "frames": ((2,), (1,)), "tip": ((-80.1, -84.0), (-80.0, -84.1)),
        "state": ((FREEZING,), (THAWING,)), "gas": ((Gas.CO2,), (Gas.N2O,))}),
    Table("fails_to_cool", "early", cooling, {
        "on_ms": ((15_000,), (14_999,)), "started": ((37.0, -9.9), (-10.0, 40.0, None)),
        "tip": ((29.0, 27.1), (27.0, 26.9, None)), "target": ((-70.0, 18.9), (19.0, 19.1)),
        "valve": YES}),
    Table("fails_to_cool", "late", cooling, {
        "on_ms": ((45_000,), (44_999,)), "started": ((37.0, None), ()),
        "tip": ((-49.9, 0.0), (-50.0, -50.1, None)), "target": ((-70.0,), (-69.8,)),
        "valve": YES}),
    Table("target_missed", "never", reaching, {
        "on_ms": ((60_000, 60_001), (59_999,)), "reached": NO,
        "state": ((FREEZING,), (THAWING, IDLE)), "started": YES}),
    Table("target_missed", "no longer", leaving_target, {
        "for_ms": ((10_000,), (9_999,)), "tip": ((-64.9,), (-65.0, -65.1)),
        "target": ((-70.0,), (-69.9,)), "state": ((FREEZING,), (THAWING,))}),
    Table("freeze_too_long", "end", too_long, {
        "over_ms": ((2_001,), (2_000, 1_999)), "on_ms": ((90_000,), ()), "valve": YES,
        "timed": YES}),
    Table("freeze_too_long", "absolute", too_long, {
        "over_ms": ((0,), ()), "on_ms": ((300_001,), (300_000, 299_999)), "valve": YES,
        "timed": ((False, True), ())}),
    Table("unexpected_freeze", "open", unasked, {
        "frames": ((2, 3), (1,)), "valve": YES, "wanted": NO, "local": NO,
        "grace_ms": ((0.0, -1.0), (50.1, 1_500.0))}),
    Table("both_on", "read back", now, {
        "seen_valve_open": YES, "seen_stimulator_on": YES}),
    Table("flow_when_shut", "flow", flowing, {
        "shut_ms": ((2_500, 2_550), (2_450,)), "flow": ((30.1, 300.0), (30.0, 29.9)),
        "for_ms": ((500, 550), (450,)), "valve": NO, "was_open": YES}),
    Table("flow_when_shut", "stays cold", staying_cold, {
        "shut_ms": ((5_000,), (4_999,)), "from_celsius": ((-40.1,), (-40.0, -39.9)),
        "rise": ((9.9,), (10.0, 10.1)), "known": YES}),
    Table("tip_unknown", "thaw", unknown, {
        "for_ms": ((300, 301), (299,)), "thaw": YES, "tip": ((None,), (-8.0, 0.0)), "valve": NO}),
    Table("temperature_impossible", "cold, N2O", cold_frames, {
        "frames": ((2,), (1,)), "tip": ((-94.1,), (-94.0, -93.9, None)),
        "state": ((FREEZING, THAWING, IDLE), ()), "gas": ((Gas.N2O, Gas.CO2), ())}),
    Table("temperature_impossible", "cold, CO2", cold_frames, {
        "frames": ((2,), (1,)), "tip": ((-84.1,), (-84.0, -83.9)),
        "state": ((FREEZING,), ()), "gas": ((Gas.CO2,), (Gas.N2O,))}),
    Table("temperature_impossible", "jump", jumping, {
        "there": ((30.0, 40.0), (29.9, -30.0)), "back": ((30.0, 40.0), (29.9, -30.0, 0.0))}),
    Table("thermocouple_stuck", "shut", sticking, {
        "still_ms": ((4_000,), (3_950,)), "late_ms": ((0, 3_000), (3_050,)),
        "moves": ((0.0, 0.09), (0.1,)), "tip": ((-40.2, -70.0), (-39.8,)), "switched": YES}),
    Table("orifice_blocked", "flow", plugged, {
        "for_ms": ((4_000,), (3_950,)), "flow": ((89.9, 0.0), (90.0, 90.1, None)),
        "supply": ((4_100.0, 5_000.0), (4_099.9, None)), "seen_valve_open": YES,
        "seen_valve_percent": ((100,), (99,)), "gas": ((Gas.N2O,), (Gas.CO2, None))}),
    Table("orifice_blocked", "little duty", plugged, {
        "for_ms": ((4_000,), (3_950,)), "flow": ((8.9,), (9.0,)),
        "supply": ((5_000.0,), (4_000.0,)), "seen_valve_percent": ((10, 11), (9,))}),
    # 130.02 mg/s: (37 + 70 + 15)² / (37 + 70)² of 100
    Table("model_residual", "flow", holding, {
        "flow": ((130.1, 280.0), (129.9, 100.0, None)), "tip": ((-70.0, -65.0), (-64.9, None)),
        "for_ms": ((5_000,), (4_999,)), "settled_ms": ((10_000,), (9_999,)), "same_freeze": YES,
        "target": ((-70.0, -50.0), (-76.0, None)), "at_target": YES,
        "seen_valve_percent": ((10, 100), (9,)), "seen_state": ((FREEZING,), (THAWING,))}),
    Table("supply_warn", "N2O", now, {
        "seen_supply_kpa": ((4_099.9,), (4_100.0, 4_100.1, None)),
        "gas": ((Gas.N2O, Gas.CO2), (None,))}),
    Table("supply_warn", "no change of cylinder", now, {
        "seen_supply_kpa": ((4_099.9,), (4_100.0,)), "cylinder_changing": NO,
        "gas_wanted": ((False,), ()), "seen_valve_open": ((False,), ())}),
    Table("supply_warn", "changed, gas wanted", now, {
        "seen_supply_kpa": ((4_099.9,), (4_100.0,)), "cylinder_changing": ((True, False), ()),
        "gas_wanted": YES, "seen_valve_open": ((False,), ())}),
    Table("supply_warn", "changed, valve open", now, {
        "seen_supply_kpa": ((4_099.9,), (4_100.0,)), "cylinder_changing": ((True, False), ()),
        "gas_wanted": ((False,), ()), "seen_valve_open": YES}),
    Table("supply_warn", "CO2", now, {
        "seen_supply_kpa": ((4_499.9,), (4_500.0, 4_500.1)), "gas": ((Gas.CO2,), (Gas.N2O,))}),
    Table("supply_unknown", "no value", lasting, {
        "for_ms": ((1_000, 1_001), (999, 950)), "seen_supply_kpa": ((None,), (0.0, 4_900.0))}),
    Table("probe_moved", "told", now, {"moved_cold": YES}),
    Table("thermocouple_drift", "told", now, {"thermocouple_off": (("tip 30 °C",), ("",))}),
    Table("probe_unusable", "told", now, {"probe_problem": (("expired", "used up"), ("",))}),
)  # fmt: skip
"""In the order of the rows."""
