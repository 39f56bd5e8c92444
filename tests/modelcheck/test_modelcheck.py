"""Every state of host, device and a bad line: no rule breaks, unless a protection is gone."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from console.modelcheck import FULL, REMOVALS, SHOWN_WITHIN, Bounds, explore
from drivers.link import device as link_device
from drivers.link.codes import Result
from drivers.link.messages import Heartbeat, Stop
from simulator.firmware import actions, permits

replace = msgspec.structs.replace

RULE_BROKEN_WITHOUT = {
    "lease": "no stimulation without a live lease",
    "token": "after STOP no START ever runs",
    "sequence": "STOP counts as confirmed only when the device has stopped",
}


def test_no_rule_breaks_with_one_frame_each_way_and_a_crash() -> None:
    found = explore(Bounds(frames=1, starts=1, crashes=1, reboots=0))
    assert found.broken is None, found.trace
    assert found.complete
    # A model in which nothing happens would prove nothing.
    assert found.froze and found.stimulated
    assert found.longest_idle_ticks > 0


@pytest.mark.seeds
@pytest.mark.parametrize("bounds", FULL)
def test_no_rule_breaks_within_the_full_bounds(bounds: Bounds) -> None:
    found = explore(bounds)
    assert found.broken is None, found.trace
    assert found.complete


@pytest.mark.parametrize("protection", REMOVALS)
def test_without_a_protection_a_rule_breaks_and_the_way_there_is_told(protection: str) -> None:
    found = explore(SHOWN_WITHIN[protection], without=protection)
    assert found.broken == RULE_BROKEN_WITHOUT[protection]
    assert any("operator asks" in step for step in found.trace)
    assert len(found.trace) < 20


def test_a_removed_protection_is_back_afterwards() -> None:
    shipped = {
        (where, name): getattr(where, name) for rows in REMOVALS.values() for where, name, _ in rows
    }
    for protection in REMOVALS:
        explore(Bounds(1, 0, 0, 0), without=protection)
    assert shipped == {(where, name): getattr(where, name) for where, name in shipped}


# --- other defects of the shipped functions ---------------------------------------------------


def _keeps_the_token_at_stop(shipped: Callable[..., Any]) -> Callable[..., Any]:
    def hear(link: link_device.DeviceLink, frame: Any, now_ms: int) -> tuple[Any, Any]:
        after, verdict = shipped(link, frame, now_ms)
        return (replace(after, token=link.token) if frame.kind == Stop.KIND else after), verdict

    return hear


def _asks_for_no_lease(shipped: Callable[..., Any]) -> Callable[..., Any]:
    return lambda device, lease_ms, now_ms: (Result.DONE, 0)


def _stays_open_whatever_comes(shipped: Callable[..., Any]) -> Callable[..., Any]:
    return lambda device, now_ms, why: device


def _takes_any_heartbeat_for_a_new_one(shipped: Callable[..., Any]) -> Callable[..., Any]:
    def unanswered(link: link_device.DeviceLink, message: Any, now_ms: int) -> Any:
        if isinstance(message, Heartbeat):
            return replace(link, echo_ms=now_ms)
        return shipped(link, message, now_ms)

    return unanswered


def _stimulates_while_it_freezes(shipped: Callable[..., Any]) -> Callable[..., Any]:
    def gas_on(*arguments: Any, **more: Any) -> Any:
        device = shipped(*arguments, **more)
        return replace(device, drive=replace(device.drive, stimulator_on=True))

    return gas_on


Change = Callable[[Callable[..., Any]], Callable[..., Any]]


@pytest.mark.parametrize(
    ("where", "name", "change", "bounds", "rule"),
    [
        pytest.param(
            link_device,
            "hear",
            _keeps_the_token_at_stop,
            Bounds(2, 1, 1, 0),
            "after STOP no START ever runs",
            marks=pytest.mark.seeds,
        ),
        (
            permits,
            "_host",
            _asks_for_no_lease,
            Bounds(1, 1, 0, 0),
            "no freeze without a live lease",
        ),
        (
            actions,
            "gas_off",
            _stays_open_whatever_comes,
            Bounds(1, 1, 0, 0),
            "no freeze without a live lease",
        ),
        (
            link_device,
            "_unanswered",
            _takes_any_heartbeat_for_a_new_one,
            Bounds(1, 1, 0, 0),
            "with an idle host the device stops within 3 ticks",
        ),
        (
            actions,
            "gas_on",
            _stimulates_while_it_freezes,
            Bounds(1, 1, 0, 0),
            "freeze and stimulate never together",
        ),
    ],
)
def test_a_defect_of_the_device_is_found(
    where: Any,
    name: str,
    change: Change,
    bounds: Bounds,
    rule: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(where, name, change(getattr(where, name)))
    assert explore(bounds).broken == rule
