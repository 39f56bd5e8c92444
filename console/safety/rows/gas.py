"""Rows of the gas: supply, tip pressure, flow."""

from typing import Final

from console.model.alarm import Priority
from console.safety.rows.row import BOTH, DEVICE, ENGINEER, HOST, Latch, Row, SafeState

_SHUT: Final = "Gas is shut. Close the cylinder valve now. "
_STAYS: Final = _SHUT + "Do not move the probe. " + ENGINEER

GAS_ROWS: Final[tuple[Row, ...]] = (
    Row(
        id="supply_warn",
        hazard="the gas runs out in mid-freeze",
        cause="the cylinder is cold or nearly empty",
        detectors=HOST,
        threshold="supply under {n2o.supply_start_kpa[0]} kPa (N2O), {co2.supply_start_kpa[0]} kPa "
        "(CO2). With the gas off it rests while the operator says that the cylinder is being "
        "changed, until its contents are entered, the old one is on again or gas is asked for",
        reaction_ms=100,
        state=SafeState.NONE,
        priority=Priority.LOW,
        happened="Supply pressure is low: {detail}",
        to_do="Freezing goes on. Cylinder cold or nearly empty: warm or change it at the thaw.",
        residual="Pressure tells temperature, not contents: a warm cylinder may be empty soon.",
    ),
    Row(
        id="supply_unknown",
        hazard="nobody sees the supply run low or too high",
        cause="the supply's pressure sensor or its cable fails",
        detectors=HOST,
        threshold="no supply pressure for {supply.unknown_ms} ms. A running freeze goes on: tip, "
        "exhaust and flow are watched, and to end it would harm more",
        reaction_ms=1_100,
        state=SafeState.SS2,
        priority=Priority.LOW,
        happened="Supply pressure unknown: its sensor gives no value",
        to_do="A running freeze goes on; no other can start. Read the gauge at the cylinder; have "
        "the console checked.",
        residual="Until the end of this freeze too high a supply is left to the relief valve.",
    ),
    Row(
        id="supply_low",
        hazard="the gas runs out in mid-freeze",
        cause="the cylinder is cold or empty",
        detectors=DEVICE,
        threshold="supply under 3,800 kPa (N2O), 4,100 kPa (CO2) for 2 s in a freeze",
        reaction_ms=2_100,
        state=SafeState.SS1,
        priority=Priority.LOW,
        happened="Supply pressure too low to freeze{detail}",
        to_do="Gas is shut. Do not move the probe. Cylinder cold or nearly empty: warm it to room "
        "warmth or change it.",
        residual="The freeze is cut short and may have to be repeated.",
    ),
    Row(
        id="supply_high",
        hazard="the gas side is over its pressure",
        cause="the cylinder is too warm",
        detectors=DEVICE,
        threshold="supply over 7,200 kPa (N2O), 7,400 kPa (CO2) for 1 s in a freeze",
        reaction_ms=1_100,
        state=SafeState.SS1,
        priority=Priority.MEDIUM,
        happened="Supply pressure too high{detail}",
        to_do="Gas is shut. Do not move the probe until it has thawed. Let the cylinder cool down.",
        residual="Relief valve and regulator are the console's.",
    ),
    Row(
        id="supply_extreme",
        hazard="the gas side may burst",
        cause="an overfilled or hot cylinder",
        detectors=DEVICE,
        threshold="supply over 7,600 kPa for 100 ms, in any state",
        reaction_ms=160,
        state=SafeState.SS1,
        priority=Priority.HIGH,
        latch=Latch.ENGINEER,
        happened="Supply pressure above 76 bar",
        to_do=_STAYS,
        residual="Relief valve and burst disc are the console's; software only shuts.",
    ),
    Row(
        id="exhaust_blocked",
        hazard="pressure in the probe",
        cause="the exhaust hose is kinked or plugged",
        detectors=DEVICE,
        threshold="tip pressure more than 3 bar above ambient for 200 ms",
        reaction_ms=300,
        state=SafeState.SS1,
        priority=Priority.HIGH,
        latch=Latch.OPERATOR,
        happened="The probe's exhaust is blocked{detail}",
        to_do="Gas is shut. Free the exhaust hose. Do not move the probe until it has thawed.",
        residual="A partial block below 3 bar warms the tip and is found as not at target.",
    ),
    Row(
        id="orifice_blocked",
        hazard="the nerve is not frozen",
        cause="moisture, oil or dry ice plugs the orifice",
        detectors=BOTH,
        threshold="supply good, flow under {flow.blocked_share:.0%} of what the valve's duty "
        "should "
        "give for 3 s (host {flow.blocked_ms} ms)",
        reaction_ms=3_500,
        state=SafeState.SS1,
        priority=Priority.MEDIUM,
        latch=Latch.OPERATOR,
        happened="No flow, supply good: the probe's orifice is blocked",
        to_do="Gas is shut. Do not move the probe until it has thawed, then change it.",
        residual="A slow block shows first as a warmer tip.",
    ),
    Row(
        id="leak",
        hazard="gas leaks into the room",
        cause="a hose, seal or valve leaks on the supply side",
        detectors=DEVICE,
        threshold="supply isolated: decay over 0.5 bar in 30 s at the check; or flow with the "
        "valve "
        "shut for 1 s",
        reaction_ms=31_000,
        state=SafeState.SS1,
        priority=Priority.HIGH,
        latch=Latch.ENGINEER,
        happened="Gas leaks from the supply",
        to_do=_SHUT + "Air the room. " + ENGINEER,
        residual="Without a second valve the decay cannot be measured; smaller leaks are left to "
        "room ventilation.",
    ),
    Row(
        id="siphon",
        hazard="liquid reaches the probe",
        cause="a cylinder with a dip tube, or one that lies on its side",
        detectors=DEVICE,
        threshold="console end of the hose under -20 °C for 2 s, or more flow than vapour "
        "gives and the hose getting cold",
        reaction_ms=5_000,
        state=SafeState.SS1,
        priority=Priority.HIGH,
        latch=Latch.ENGINEER,
        happened="Liquid from the cylinder (siphon, or lying): change it",
        to_do=_STAYS,
        residual="Until the hose is cold the tip may get up to 10 °C too cold; over-cool watches.",
    ),
)
