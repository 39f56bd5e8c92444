"""What interlocks share of the past: edges of the valve, the start of the freeze, the last tips.

Updated once with each new observation, before any interlock looks. What only one interlock needs
is in its own memory.
"""

import msgspec

from console.model.device import DeviceState
from console.safety.facts import Facts

_TIPS = 3


class Signals(msgspec.Struct, frozen=True):
    """Device times in ms; temperatures in °C.

    `freeze_started_ms` and `start_tip_celsius` are of the freeze that runs; `new_freeze`: it is
    another than at the observation before; `reached`: it has been at its target. `switched_ms`: the
    newest change between freezing and not. `shut_ms`, `shut_tip_celsius`: of the reading in which
    the valve was first shut after it had been open, None while it is open. `tips`: the newest
    last."""

    freeze_started_ms: int | None = None
    new_freeze: bool = False
    start_tip_celsius: float | None = None
    reached: bool = False
    freezing: bool | None = None
    switched_ms: int | None = None
    valve_was_open: bool = False
    shut_ms: int | None = None
    shut_tip_celsius: float | None = None
    tips: tuple[float | None, ...] = ()


def update(signals: Signals, facts: Facts) -> Signals:
    """The signals after a new observation."""
    seen = facts.observation
    if seen is None:
        return signals
    new_freeze = facts.freeze_started_ms != signals.freeze_started_ms
    freezing = seen.state is DeviceState.FREEZING
    switched = signals.freezing is not None and signals.freezing is not freezing
    shut = signals.valve_was_open and not seen.valve_open
    shut_ms = seen.at_ms if shut else signals.shut_ms
    shut_tip = seen.tip_celsius if shut else signals.shut_tip_celsius
    return Signals(
        freeze_started_ms=facts.freeze_started_ms,
        new_freeze=new_freeze,
        start_tip_celsius=seen.tip_celsius if new_freeze else signals.start_tip_celsius,
        reached=(signals.reached and not new_freeze) or facts.at_target,
        freezing=freezing,
        switched_ms=seen.at_ms if switched else signals.switched_ms,
        valve_was_open=seen.valve_open,
        shut_ms=None if seen.valve_open else shut_ms,
        shut_tip_celsius=None if seen.valve_open else shut_tip,
        tips=(*signals.tips, seen.tip_celsius)[-_TIPS:],
    )


def restarted(signals: Signals) -> Signals:
    """After another boot of the device: no time of before can be compared with its new clock. A
    valve that was watched is watched again, from its first reading."""
    return Signals(valve_was_open=signals.valve_was_open or signals.shut_ms is not None)
