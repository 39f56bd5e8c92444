"""Rows of the cold: too much, too little, too long, and the way out."""

from typing import Final

from console.model.alarm import Priority
from console.safety.rows.row import BOTH, CLOSE, ENGINEER, HOST, STAY, Latch, Row, SafeState

COLD_ROWS: Final[tuple[Row, ...]] = (
    Row(
        id="over_cool",
        hazard="tissue is frozen deeper than planned",
        cause="the hold fails: valve, controller, exhaust or liquid in the supply",
        detectors=BOTH,
        threshold="tip more than {freeze.over_cool_below_target_celsius} °C under the target; "
        "device 500 ms, host {freeze.over_cool_ms} ms",
        reaction_ms=540,
        state=SafeState.SS1,
        priority=Priority.MEDIUM,
        latch=Latch.OPERATOR,
        happened="Tip is more than 10 °C colder than the target{detail}",
        to_do=STAY + " Then repeat the freeze, or finish here.",
        residual="The ice goes on growing a little while the tip warms.",
    ),
    Row(
        id="cooled_past_limit",
        hazard="tissue is frozen far deeper than planned",
        cause="the same, and fast",
        detectors=BOTH,
        threshold="tip under {n2o.lowest_tip_celsius} °C (N2O), {co2.lowest_tip_celsius} °C (CO2); "
        "device at once, host 2 frames",
        reaction_ms=60,
        state=SafeState.SS1,
        priority=Priority.HIGH,
        latch=Latch.OPERATOR,
        happened="Tip is colder than the console's limit{detail}",
        to_do=STAY + " Have the console checked before the next freeze.",
        residual="The ice goes on growing a little while the tip warms.",
    ),
    Row(
        id="fails_to_cool",
        hazard="the nerve is not frozen, gas is wasted",
        cause="empty cylinder, shut valve, blocked hose or orifice, probe not in tissue",
        detectors=BOTH,
        threshold="tip more than {freeze.cool_watch_above_target_celsius} °C above the target, and "
        "either under {freeze.cool_fall_celsius} °C of fall 15 s from gas-on (from above "
        "{freeze.cool_started_above_celsius} °C) or more than "
        "{freeze.cool_late_above_target_celsius} °C above it at 45 s",
        reaction_ms=15_100,
        state=SafeState.SS1,
        priority=Priority.MEDIUM,
        latch=Latch.OPERATOR,
        happened="Tip does not get cold{detail}",
        to_do=STAY + " Then check cylinder, hose and probe.",
        residual="A weak freeze that gets within 20 °C of its target is left to the next row.",
    ),
    Row(
        id="target_missed",
        hazard="the nerve is frozen less than planned",
        cause="weak supply, a warm vessel near the tip, a poor recuperator",
        detectors=HOST,
        threshold="not at target {freeze.reach_ms} ms after gas-on, or more than "
        "{freeze.held_above_target_celsius} °C above it for {freeze.held_ms} ms after it was; a "
        "freeze that is timed from the target and has not reached it ends then",
        reaction_ms=60_100,
        state=SafeState.NONE,
        priority=Priority.MEDIUM,
        happened="Not at target{detail}",
        to_do="Freezing goes on. Watch the tip; end the freeze early if it does not help.",
        residual="Whether a warmer freeze was enough is for the clinician to judge.",
    ),
    Row(
        id="freeze_too_long",
        hazard="the freeze does not end",
        cause="the console's freeze timer fails",
        detectors=BOTH,
        threshold="past the commanded end by 1 s (device) or {freeze.overrun_ms} ms (host); "
        "{freeze.absolute_ms} ms in all",
        reaction_ms=1_040,
        state=SafeState.SS1,
        priority=Priority.MEDIUM,
        latch=Latch.OPERATOR,
        happened="The freeze ran past its end{detail}",
        to_do=STAY + " Have the console checked before the next freeze.",
        residual="The freeze is up to 1 s longer than planned.",
    ),
    Row(
        id="flow_when_shut",
        hazard="gas flows with the valve shut",
        cause="the valve sticks or leaks",
        detectors=BOTH,
        threshold="{shut.settle_ms} ms after shut: flow above {shut.flow_share:.0%} of freezing "
        "flow for {shut.flow_ms} ms; or the tip rose less than {shut.rise_celsius} °C in "
        "{shut.rise_ms} ms from below {shut.cold_celsius} °C",
        reaction_ms=2_600,
        state=SafeState.SS1,
        priority=Priority.HIGH,
        latch=Latch.ENGINEER,
        happened="Gas still flows with the valve shut{detail}",
        to_do="STOP sent. " + CLOSE + " " + ENGINEER,
        residual="A console without a second valve cannot end the flow: the operator must.",
    ),
    Row(
        id="tip_unknown",
        hazard="the probe is moved while frozen",
        cause="the tip's sensor or its plug fails in a thaw",
        detectors=HOST,
        threshold="no tip temperature for {shut.unknown_ms} ms after a freeze and before release",
        reaction_ms=400,
        state=SafeState.HELD,
        priority=Priority.MEDIUM,
        happened="Tip temperature unknown{detail}",
        to_do="Wait at least 5:00. Check on ultrasound. Withdraw only if the probe turns and "
        "slides without force.",
        residual="Thaw is then judged by hand and by ultrasound.",
    ),
    Row(
        id="release_early",
        hazard="the probe is withdrawn while ice holds it",
        cause="the tip is warm and the ice round it is not: active warming, a warm vessel",
        detectors=BOTH,
        threshold="gas shut, no warming, tip above {release.above_celsius} °C for {release.for_ms} "
        "ms before it is free, never by time",
        reaction_ms=None,
        state=SafeState.HELD,
        priority=None,
        happened="Not free yet: it says why",
        to_do="Wait until the screen says free to move. Never pull.",
        residual="Software cannot hold a probe; the model is a model.",
        not_injected="no fault, a rule: its tests thaw a probe",
        tests=(
            "tests/safety/test_safety_release.py::test_free_after_exactly_5_s",
            "tests/safety/test_safety_release.py::"
            "test_each_of_these_alone_ends_free_and_begins_the_5_s_anew",
            "tests/procedure/test_procedure_requests.py::test_early_it_needs_a_reason",
        ),
    ),
)
