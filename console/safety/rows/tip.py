"""Rows of the tip's temperature reading."""

from typing import Final

from console.model.alarm import Priority
from console.safety.rows.row import BOTH, DEVICE, ENGINEER, HOST, Latch, Row, SafeState

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
        id="over_warm",
        hazard="active warming burns the nerve",
        cause="the heater stays on, or warms more than it should",
        detectors=DEVICE,
        threshold="warming is on and the tip above 45 °C for 200 ms",
        reaction_ms=260,
        state=SafeState.SS1,
        priority=Priority.MEDIUM,
        latch=Latch.OPERATOR,
        happened="The tip is too warm",
        to_do="Gas and warming were switched off. Check that the tip cools. Thaw without warming.",
        residual="Warming ends by itself at 40 °C and after 2:00. A heater that stays on although "
        "it is switched off is told, not ended: unplug the probe.",
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
        latch=Latch.ENGINEER,
        happened="Tip sensor does not agree with the room{detail}",
        to_do="No freeze can start. " + ENGINEER,
        residual="The same water agreed with the room before the first gas of the check, so warm "
        "water alone does not lock a console. What drifts later is the next row's.",
        tests=("tests/procedure/test_procedure_check.py::test_the_thermocouple_agrees_within_5",),
    ),
    Row(
        id="model_residual",
        hazard="the tip is colder than it reads",
        cause="the thermocouple drifts in a freeze, or cold is lost on its way to the tip",
        detectors=HOST,
        threshold="while the target is held: over {model.residual_ms} ms the flow tells of a tip "
        "more than {model.residual_celsius} °C colder than it reads, by the least flow of the same "
        "freeze",
        reaction_ms=None,
        state=SafeState.NONE,
        priority=Priority.LOW,
        happened="The tip may be{detail} colder than it reads",
        to_do="It needs more gas than before. Freezing goes on: watch the ice, end early if it "
        "grows too far.",
        residual="A reading that drifts towards the cold is not found by its flow, which falls in "
        "health too; nor is a drift that was there before the freeze and agreed with the room.",
    ),
)
