"""When the plan's thaw is over, and when the next freeze starts by itself."""

from typing import Final

from console.model.plan import NextFreeze, ThawEnd
from console.model.quantities import celsius, minutes
from console.model.snapshot import Phase
from console.procedure.state import Conditions, Procedure

COUNTDOWN_S: Final = 10.0
PLATEAU_CELSIUS: Final = (-8.5, -0.5)
"""Where the tip stands while ice melts around it."""


def thaw_left_s(proc: Procedure) -> float | None:
    """Seconds of planned thaw left before the next freeze, None when it ends by temperature or
    nothing was frozen."""
    if proc.plan is None or proc.plan.thaw_end is ThawEnd.TIP_ABOVE:
        return None
    if proc.gas_off_ms is None or proc.last_ms is None or proc.plan is None:
        return None
    return max(0.0, _planned_thaw_s(proc) - (proc.last_ms - proc.gas_off_ms) / 1_000)


def thaw_open(proc: Procedure, now: Conditions) -> str | None:
    """Why the next freeze may not start yet for the thaw's sake, None when it may."""
    if proc.plan is None or proc.gas_off_ms is None:
        return None
    if proc.plan.thaw_end is ThawEnd.TIP_ABOVE:
        tip = now.observation.tip_celsius if now.observation is not None and now.fresh else None
        if tip is not None and tip > proc.plan.thaw_tip_celsius:
            return None
        return f"Thaw until the tip is above {celsius(proc.plan.thaw_tip_celsius)}"
    left = thaw_left_s(proc)
    return f"Thaw for {minutes(left)} more" if left else None


def starts_by_itself(proc: Procedure) -> bool:
    """Whether the next freeze starts without being asked for, once the thaw is over."""
    return (
        proc.plan is not None
        and proc.plan.next_freeze is NextFreeze.AUTO
        and not proc.hold
        and proc.phase is Phase.THAWING
    )


def auto_start_in_s(proc: Procedure) -> float | None:
    """Seconds until the next freeze starts by itself, None when it does not, or when that hangs on
    the tip's temperature."""
    return thaw_left_s(proc) if starts_by_itself(proc) else None


def melting(proc: Procedure, now: Conditions) -> bool:
    """The tip stands on the plateau of melting ice."""
    tip = now.observation.tip_celsius if now.observation is not None and now.fresh else None
    return tip is not None and PLATEAU_CELSIUS[0] <= tip <= PLATEAU_CELSIUS[1]


def _planned_thaw_s(proc: Procedure) -> float:
    # The thaw belongs to the freeze before the next one; a repeat keeps its own.
    site = proc.current_site
    if site is None:
        return 0.0
    record = proc.last_record
    index = record.number - 1 if record is not None else proc.cycle - 1
    return site.cycles[min(max(index, 0), len(site.cycles) - 1)].thaw_s
