"""All interlocks, in the order in which they are asked. To add one: its file, and its name twice
here."""

from typing import Final

from console.safety.interlock import Interlock
from console.safety.interlocks import (
    both_on,
    brown_out,
    clock_off,
    command_unanswered,
    console_unfit,
    control_lost,
    cooled_past_limit,
    exhaust_blocked,
    fails_to_cool,
    flow_when_shut,
    freeze_too_long,
    host_error,
    host_slept,
    leak,
    lease_lost,
    link_lost,
    model_residual,
    orifice_blocked,
    over_cool,
    over_warm,
    probe_changed,
    probe_missing,
    probe_moved,
    probe_unusable,
    record_failed,
    release_early,
    restarted,
    screen_lost,
    second_application,
    siphon,
    stale,
    stimulator_open_lead,
    stimulator_over_current,
    stimulator_step,
    stop,
    stop_unconfirmed,
    supply_extreme,
    supply_high,
    supply_low,
    supply_unknown,
    supply_warn,
    target_missed,
    temperature_impossible,
    thermocouple_drift,
    thermocouple_open,
    thermocouple_short,
    thermocouple_stuck,
    tip_unknown,
    unexpected_freeze,
    watchdog,
    wrong_site,
)
from console.safety.limits import Below, Limit

REGISTRY: Final[tuple[Interlock, ...]] = tuple(
    module.INTERLOCK
    for module in (
        # the cold
        over_cool,
        cooled_past_limit,
        fails_to_cool,
        target_missed,
        freeze_too_long,
        unexpected_freeze,
        both_on,
        flow_when_shut,
        tip_unknown,
        release_early,
        # the tip's reading
        temperature_impossible,
        thermocouple_open,
        thermocouple_short,
        over_warm,
        thermocouple_stuck,
        # the gas
        orifice_blocked,
        supply_warn,
        supply_unknown,
        model_residual,
        supply_low,
        supply_high,
        supply_extreme,
        exhaust_blocked,
        leak,
        siphon,
        # STOP and the link
        link_lost,
        stale,
        screen_lost,
        host_slept,
        stop,
        stop_unconfirmed,
        lease_lost,
        control_lost,
        # the probe and its place
        probe_missing,
        probe_changed,
        probe_unusable,
        probe_moved,
        thermocouple_drift,
        wrong_site,
        # programs, here and there
        command_unanswered,
        restarted,
        host_error,
        record_failed,
        second_application,
        console_unfit,
        clock_off,
        # stimulator and power
        stimulator_open_lead,
        stimulator_over_current,
        stimulator_step,
        brown_out,
        watchdog,
    )
)

BY_ID: Final[dict[str, Interlock]] = {each.id: each for each in REGISTRY}
LIMITS: Final[tuple[Limit, ...]] = tuple(limit for each in REGISTRY for limit in each.limits)
RELATIONS: Final[tuple[Below, ...]] = tuple(
    relation for each in REGISTRY for relation in each.relations
)
