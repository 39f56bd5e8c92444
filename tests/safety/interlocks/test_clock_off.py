"""The console's clock runs faster or slower than this computer's."""

from typing import Any

from proof_kit import NO, Case, Table, proven
from safety_kit import AT_MS, LIMITS, at, look

from console.model.alarm import Priority
from console.model.device import DeviceState
from console.safety import alarms
from console.safety.alarms import Alarms
from console.safety.facts import Facts
from console.safety.interlock import Latch, SafeState
from console.safety.supervisor import Supervisor

IDLE = {
    "seen_state": DeviceState.IDLE,
    "seen_valve_open": False,
    "seen_flow_mg_s": 0.0,
    "gas_wanted": False,
    "freeze_started_ms": None,
    "target_celsius": None,
}


def running(
    off: float, windows_ms: int = 120_000, before: float = 0.02, **inputs: Any
) -> list[Facts]:
    """Both clocks for two minutes: the first minute off by `before`, then by `off`."""

    def moment(host_ms: int) -> Facts:
        later_ms = max(0, host_ms - 60_000)
        scale = inputs.get("time_scale", 1.0)
        device_ms = scale * ((host_ms - later_ms) * (1 + before) + later_ms * (1 + off))
        return at(host_ms, seen_at_ms=AT_MS + round(device_ms), **IDLE | inputs)

    return [moment(ms) for ms in (0, 30_000, 60_000, 90_000, windows_ms)]


FAST = {
    "off": ((0.0101, 0.02), (0.0099, 0.0, -0.02)),
    "before": ((0.0101, 0.02), (0.0099, 0.0, -0.02)),
    "windows_ms": ((120_000, 130_000), (119_999, 110_000)),
    "lockstep": NO,
    "own_simulator": NO,
    "time_scale": ((1.0, 0.5, 2.0), (0.0,)),
}

test_clock_off = proven(
    Case(
        "clock_off",
        SafeState.NONE,
        Priority.LOW,
        Latch.NO,
        limits={
            "clock.off_share": 0.01,
            "clock.window_ms": 60_000,
            "clock.clears_below_share": 0.008,
        },
        within={"clock.clears_below_share": "test_a_clock_at_its_limit_is_one_alarm"},
        happened="The console's clock runs 1.5 % fast",
        to_do="Freezes are as much shorter or longer than shown. Have the console checked.",
        alone=running(0.015, before=0.015),
        tables=(
            Table("fast", running, FAST),
            Table(
                "slow",
                running,
                {
                    "off": ((-0.0101, -0.02), (-0.0099, 0.0, 0.02)),
                    "before": ((-0.0101, -0.02), (-0.0099, 0.0, 0.02)),
                },
            ),
        ),
    )
)


def test_a_clock_at_its_limit_is_one_alarm() -> None:
    supervisor, standing, device_ms = Supervisor(), Alarms(), float(AT_MS)
    raised = []
    for minute in range(15):
        share = 0.0 if minute > 10 else 0.0099 if minute in (4, 6, 8) else 0.0101
        for _ in range(6):
            device_ms += 10_000 * (1 + share)
            host_ms = 10_000 * (len(raised) + 1)
            supervisor, verdict = look(
                [at(host_ms, seen_at_ms=round(device_ms), **IDLE)], state=supervisor
            )
            standing, changes = alarms.step(
                standing, verdict.findings, LIMITS, wall="", device_ms=None
            )
            raised.append([change.raised for change in changes])
    assert [turn for turns in raised for turn in turns] == [True, False]
