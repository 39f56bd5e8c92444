"""A value that stands at its limit is one alarm: noise for a minute raises it once, sounds it once
and never clears it, and it trips as soon as it would without noise."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from safety_kit import AT_MS, LIMITS, PERIOD_MS, facts, seen

from console.model.device import DeviceState
from console.safety import alarms, supervisor
from console.safety.alarms import Alarms, Change
from console.safety.facts import Facts
from console.safety.interlock import Latch, SafeState
from console.safety.registry import BY_ID, REGISTRY
from console.safety.supervisor import Supervisor
from console.ui.alarms import sounding
from console.ui.alarms.sounding import Sounding

MINUTE_MS = 60_000
CLEAR_MS = 10_000


class Noise(NamedTuple):
    """A condition that comes and goes with each reading: `on` and `off`, as changes of a healthy
    freeze; `phase`, what is so all the time; `before`, what was so one reading before. `raises_ms`:
    how long `on` must last until the alarm, without noise. `calm`: clear of the limit and of the
    level at which it clears, `off` unless given; `ends_ms`: how long that takes to show."""

    id: str
    on: dict[str, Any]
    off: dict[str, Any]
    raises_ms: int = 0
    phase: dict[str, Any] = {}  # noqa: RUF012
    before: dict[str, Any] = {}  # noqa: RUF012
    calm: dict[str, Any] | None = None
    ends_ms: int = 0


THAW = {"seen_state": DeviceState.THAWING, "seen_valve_open": False, "gas_wanted": False,
        "freeze_started_ms": None, "seen_flow_mg_s": 0.0, "seen_tip_celsius": -30.0}  # fmt: skip
HELD = {"at_target": True}

NOISE = (
    Noise("over_cool", {"seen_tip_celsius": -80.1}, {"seen_tip_celsius": -79.9}, 1_000),
    Noise("over_cool", {"seen_tip_celsius": -80.1}, {"seen_tip_celsius": None}, 1_000),
    Noise("cooled_past_limit", {"seen_tip_celsius": -85.1}, {"seen_tip_celsius": -84.9}, 50,
          {"target_celsius": -76.0}),
    Noise("fails_to_cool", {"seen_tip_celsius": -49.9}, {"seen_tip_celsius": -50.1}, 0,
          {"freeze_started_ms": AT_MS - 45_000}),
    Noise("target_missed", {"seen_tip_celsius": -64.9}, {"seen_tip_celsius": -65.1}, 10_000, HELD,
          calm={"seen_tip_celsius": -66.0}),
    Noise("target_missed", {"seen_tip_celsius": -64.9}, {"seen_tip_celsius": None}, 10_000, HELD),
    Noise("freeze_too_long", {"freeze_due_ms": -2_001}, {"freeze_due_ms": -1_999}),
    Noise("freeze_too_long", {"freeze_due_ms": -2_001}, {"freeze_due_ms": -2_001,
          "seen_valve_open": False}),
    Noise("unexpected_freeze", {"seen_valve_open": True}, {"seen_valve_open": False}, 50,
          {"gas_wanted": False, "freeze_started_ms": None}),
    Noise("both_on", {"seen_stimulator_on": True}, {"seen_stimulator_on": False}),
    Noise("flow_when_shut", {"seen_flow_mg_s": 30.1}, {"seen_flow_mg_s": 29.9}, 2_500, THAW,
          {"seen_valve_open": True, "gas_wanted": True}),
    Noise("tip_unknown", {"seen_tip_celsius": None}, {"seen_tip_celsius": -8.0}, 300,
          THAW | {"thawing": True}),
    Noise("temperature_impossible", {"seen_tip_celsius": -94.1}, {"seen_tip_celsius": -93.9}, 50),
    Noise("thermocouple_stuck", {}, {"seen_tip_celsius": -70.1}, 4_000,
          THAW | {"seen_tip_celsius": -70.0, "thawing": True}, {"seen_state": DeviceState.FREEZING,
          "seen_valve_open": True, "seen_tip_celsius": -50.0}),
    Noise("orifice_blocked", {"seen_flow_mg_s": 89.9}, {"seen_flow_mg_s": 90.1}, 4_000,
          {"seen_valve_percent": 100}),
    Noise("orifice_blocked", {"seen_flow_mg_s": 89.9}, {"seen_flow_mg_s": None}, 4_000,
          {"seen_valve_percent": 100}),
    Noise("supply_warn", {"seen_supply_kpa": 4_099.9}, {"seen_supply_kpa": 4_100.1},
          calm={"seen_supply_kpa": 4_150.0}),
    Noise("supply_warn", {"seen_supply_kpa": 4_099.9}, {"seen_supply_kpa": None}),
    Noise("supply_unknown", {"seen_supply_kpa": None}, {"seen_supply_kpa": 4_900.0}, 1_000),
    Noise("link_lost", {"heard_ms": -500.1}, {"heard_ms": -499.9}),
    Noise("link_lost", {"bad_line": True}, {"bad_line": False}),
    Noise("stale", {"device_now_ms": 500.1}, {"device_now_ms": 499.9}),
    Noise("screen_lost", {"screen_age_ms": 1_000.1}, {"screen_age_ms": 999.9}),
    Noise("host_slept", {"slept_ms": 500.1}, {"slept_ms": 0.0}),
    Noise("stop_unconfirmed", {"stop_unconfirmed": True}, {"stop_unconfirmed": False},
          phase={"stopping": True}),
    Noise("probe_unusable", {"probe_problem": "expired"}, {"probe_problem": ""}),
    Noise("probe_moved", {"moved_cold": True}, {"moved_cold": False}),
    Noise("thermocouple_drift", {"thermocouple_off": "tip 30 °C"}, {"thermocouple_off": ""}),
    Noise("command_unanswered", {"unanswered": "start"}, {"unanswered": ""}),
    Noise("restarted", {"restarted": True}, {"restarted": False}),
    Noise("host_error", {"error": "KeyError"}, {"error": ""}),
    Noise("record_failed", {"record_problem": "disk full"}, {"record_problem": ""}),
    Noise("model_residual", {"seen_flow_mg_s": 200.0}, {"seen_flow_mg_s": 60.0}, 6_750,
          HELD | {"seen_valve_percent": 40}, calm={"seen_flow_mg_s": 60.0}, ends_ms=1_500),
)  # fmt: skip
"""Of freeze_due_ms, heard_ms and device_now_ms the distance from the moment is given."""


def moment(noise: Noise, ms: int, changed: dict[str, Any]) -> Facts:
    given = {**noise.phase, **changed}
    inner = {k.removeprefix("seen_"): v for k, v in given.items() if k.startswith("seen_")}
    outer = {k: v for k, v in given.items() if not k.startswith("seen_")}
    now_ms, device_ms = 100_000.0 + ms, AT_MS + ms
    around = {"freeze_due_ms": device_ms, "heard_ms": now_ms, "device_now_ms": device_ms}
    for name, at_ms in around.items():
        if name in outer:
            outer[name] += at_ms
    whole = {
        "now_ms": now_ms,
        "heard_ms": now_ms,
        "moved_ms": now_ms,
        "device_now_ms": float(device_ms),
        "freeze_due_ms": device_ms + 90_000,
        "observation": seen(**{"at_ms": device_ms} | inner),
    }
    return facts(**whole | outer)


class Run:
    """Supervisor, alarm manager and sound, for one interlock."""

    def __init__(self, noise: Noise) -> None:
        self.noise = noise
        self.supervisor, self.alarms, self.sounding = Supervisor(), Alarms(), Sounding()
        self.changes: list[Change] = []
        self.melodies = 0
        self.trips_ms: list[int] = []

    def look(self, ms: int, changed: dict[str, Any]) -> None:
        now = moment(self.noise, ms, changed)
        self.supervisor, verdict = supervisor.step(self.supervisor, now, LIMITS)
        self.alarms, changes = alarms.step(
            self.alarms, verdict.findings, LIMITS, wall="", device_ms=ms
        )
        self.changes += [each for each in changes if each.alarm.id == self.noise.id]
        own = [each for each in self.alarms.standing if each.id == self.noise.id]
        before, (self.sounding, melody) = (
            self.sounding,
            sounding.step(self.sounding, own, ms / 1_000),
        )
        self.melodies += melody is not None and before.due_s is None
        if any(trip.id == self.noise.id for trip in verdict.trips):
            self.trips_ms.append(ms)

    def until_raised(self) -> int:
        """Holds `on` until the alarm; when that was."""
        if self.noise.id == "model_residual":
            for ms in range(-12_000, 0, PERIOD_MS):
                self.look(ms, {"seen_flow_mg_s": 100.0})
        if self.noise.before:
            self.look(-PERIOD_MS, self.noise.before)
        for ms in range(0, 20_000, PERIOD_MS):
            self.look(ms, self.noise.on)
            if self.changes:
                return ms
        raise AssertionError("never raised")


def noisy(noise: Noise, from_ms: int) -> Iterator[tuple[int, dict[str, Any]]]:
    for n, ms in enumerate(range(from_ms, from_ms + MINUTE_MS, PERIOD_MS)):
        yield ms, noise.on if n % 2 else noise.off


def names(noise: Noise) -> str:
    return f"{noise.id}-{next(iter(noise.off), '')}"


def trips(noise: Noise) -> bool:
    """Whether it asks for a STOP: not while one is under way."""
    return BY_ID[noise.id].state is SafeState.SS1 and not noise.phase.get("stopping")


def test_every_interlock_that_the_host_watches_has_its_noise() -> None:
    watched = {each.id for each in REGISTRY if each.watch is not None}
    assert {noise.id for noise in NOISE} | {"clock_off"} == watched, (
        "a clock has its own, in minutes"
    )


@pytest.mark.parametrize("noise", NOISE, ids=names)
def test_noise_at_the_limit_is_one_alarm(noise: Noise) -> None:
    run = Run(noise)
    raised_ms = run.until_raised()
    assert raised_ms == noise.raises_ms, "no later and no earlier than without noise"
    assert run.trips_ms[:1] == ([raised_ms] if trips(noise) else [])
    for ms, changed in noisy(noise, raised_ms + PERIOD_MS):
        run.look(ms, changed)
    assert [change.raised for change in run.changes] == [True], "raised once, never cleared"
    assert run.melodies == 1
    (alarm,) = (each for each in run.alarms.standing if each.id == noise.id)
    assert alarm.count == 1
    end_ms = raised_ms + PERIOD_MS + MINUTE_MS
    calm = noise.off if noise.calm is None else noise.calm
    clear_ms = end_ms + noise.ends_ms + CLEAR_MS
    for ms in range(end_ms, clear_ms + 2 * PERIOD_MS, PERIOD_MS):
        run.look(ms, calm)
        ended = len(run.changes) > 1
        assert not ended or ms >= clear_ms, "not before it has been clear for 10 s"
    assert ended is (BY_ID[noise.id].latch is Latch.NO)


@pytest.mark.parametrize("noise", NOISE, ids=names)
def test_noise_from_the_start_delays_nothing(noise: Noise) -> None:
    """What is judged at once trips with the first reading in which it is so."""
    if noise.raises_ms:
        return
    run = Run(noise)
    run.look(0, noise.off)
    run.look(PERIOD_MS, noise.on)
    assert [change.raised for change in run.changes] == [True]
    assert run.trips_ms == ([PERIOD_MS] if trips(noise) else [])
