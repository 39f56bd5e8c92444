"""Rows of the tip's temperature reading."""

from typing import Final

from console.model.alarm import Priority
from console.safety.rows.row import BOTH, DEVICE, HOST, Latch, Row, SafeState

TIP_ROWS: Final[tuple[Row, ...]] = (
    Row(
        id="temperature_impossible",
        hazard="the tip's reading is wrong",
        cause="thermocouple or front end fails",
        detectors=BOTH,
        threshold="under {n2o.impossible_celsius} °C (N2O), {co2.impossible_celsius} °C (CO2) "
        "for 2 samples, or {sensor.jump_celsius} °C away and back between samples",
        reaction_ms=160,
        state=SafeState.SS1,
        priority=Priority.MEDIUM,
        latch=Latch.OPERATOR,
        happened="The tip temperature jumps or is impossible{detail}",
        to_do="Gas is shut. Do not trust the reading: wait at least 5:00 and check on ultrasound. "
        "Then change the probe.",
        residual="A wrong reading that stays believable is not found.",
    ),
    Row(
        id="thermocouple_open",
        hazard="the tip's reading is lost",
        cause="the thermocouple or its plug breaks",
        detectors=DEVICE,
        threshold="the front end says open for 100 ms",
        reaction_ms=160,
        state=SafeState.SS1,
        priority=Priority.MEDIUM,
        latch=Latch.OPERATOR,
        happened="Tip sensor is broken or unplugged: tip temperature unknown",
        to_do="Gas is shut. Wait at least 5:00. Check on ultrasound. Withdraw only if it turns "
        "and slides without force.",
        residual="Thaw is then judged by hand and by ultrasound.",
    ),
    Row(
        id="thermocouple_short",
        hazard="the tip's reading is lost",
        cause="the thermocouple's wires touch",
        detectors=DEVICE,
        threshold="the front end says short for 100 ms",
        reaction_ms=160,
        state=SafeState.SS1,
        priority=Priority.MEDIUM,
        latch=Latch.OPERATOR,
        happened="Tip sensor has a short circuit: tip temperature unknown",
        to_do="Gas is shut. Wait at least 5:00. Check on ultrasound. Withdraw only if it turns "
        "and slides without force.",
        residual="A short behind the front end reads as the plug's temperature: it does not follow "
        "the gas.",
    ),
    Row(
        id="thermocouple_stuck",
        hazard="the tip's reading stands still",
        cause="the front end repeats its last value",
        detectors=BOTH,
        threshold="under {sensor.stuck_celsius} °C of change for 3 s (host {sensor.stuck_ms} ms) "
        "within 3 s of the valve's opening or shutting; the host only while the tip has to move",
        reaction_ms=3_100,
        state=SafeState.SS1,
        priority=Priority.MEDIUM,
        latch=Latch.OPERATOR,
        happened="Tip temperature did not follow the gas",
        to_do="Gas is shut. Do not trust the reading: wait at least 5:00 and check on ultrasound "
        "before you move the probe.",
        residual="A reading that sticks during the hold is found when the gas goes off.",
    ),
    Row(
        id="thermocouple_drift",
        hazard="the tip's reading is wrong by some degrees",
        cause="a drifted or reversed thermocouple, or a fault of its cold junction",
        detectors=HOST,
        threshold="at the console check, 180 s after the thaw: tip and room differ by more than "
        "5 °C",
        reaction_ms=100,
        state=SafeState.SS2,
        priority=Priority.MEDIUM,
        happened="Tip sensor does not agree with the room{detail}",
        to_do="No freeze can start. Let the tip come to room warmth and measure again, or take "
        "another probe.",
        residual="What drifts after the check is not found while it stays believable. Another "
        "probe that agrees ends it: no engineer is asked for a probe that was used once.",
        tests=("tests/procedure/test_procedure_check.py::test_the_thermocouple_agrees_within_5",),
    ),
)
