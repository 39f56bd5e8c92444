"""The signatures of the faults that can be seen on the instruments, a row each."""

from typing import Final

from drivers.link.codes import Fault, Gas
from simulator.signatures.row import Panel, Run, Signature

_LINE_PANELS: Final = (Panel.AGE, Panel.GOOD, Panel.BAD, Panel.FLOW)
_STIMULATOR_PANELS: Final = (Panel.DELIVERED, Panel.IMPEDANCE)
_START: Final = -1.0
_TRUTH: Final = (Panel.TIP, Panel.TRUE_TIP, Panel.EXHAUST, Panel.FLOW)

SIGNATURES: Final = (
    Signature(
        knob="exhaust_blocked",
        trips=Fault.EXHAUST_BLOCKED,
        told_by="Tip pressure and flow rise together, the tip warms to what boils at that "
        "pressure, the supply stays. Without the device's own trip at 4 bar, full flow comes to "
        "2.4, 5.6 and 11 bar.",
        sizes=(0.5, 0.8, 0.9),
        ramp_s=5.0,
    ),
    Signature(
        knob="orifice_blocked",
        trips=Fault.ORIFICE_BLOCKED,
        told_by="Flow falls while the valve opens, tip pressure falls with it, the supply "
        "stays; at full flow the tip gets a little colder before it warms.",
        ramp_s=10.0,
    ),
    Signature(
        knob="dry_ice_plug",
        trips=Fault.ORIFICE_BLOCKED,
        told_by="CO2 only: the flow falls little by little while gas flows, and is back a minute "
        "after it stopped.",
        gas=Gas.CO2,
        on_s=60.0,
    ),
    Signature(
        knob="supply_empty",
        trips=Fault.SUPPLY_LOW,
        told_by="The supply falls while gas flows and stays where it is when it does not: there is "
        "no liquid to make it up.",
        sizes=(1.0, 0.9),
        on_s=60.0,
    ),
    Signature(
        knob="vapour_only",
        trips=Fault.SUPPLY_LOW,
        told_by="The supply is far too low from one moment to the next, as after a change of "
        "cylinder; the tip warms.",
    ),
    Signature(
        knob="cylinder_cold",
        trips=Fault.SUPPLY_LOW,
        told_by="The supply is low but steady: it shows the cylinder's temperature, not its "
        "contents.",
    ),
    Signature(
        knob="cylinder_hot",
        told_by="The supply is high and steady; behind the regulator nothing changes.",
    ),
    Signature(
        knob="cylinder_overfilled",
        trips=Fault.SUPPLY_EXTREME,
        told_by="The supply is above what any good cylinder has, with the gas on or off; the "
        "device shuts it off by its second valve.",
    ),
    Signature(
        knob="siphon",
        trips=Fault.SIPHON,
        told_by="The console's end of the hose gets cold within seconds, the tip colder than "
        "asked, at little flow.",
        panels=(Panel.TIP, Panel.HOSE, Panel.SUPPLY, Panel.FLOW),
    ),
    Signature(
        knob="supply_leak",
        told_by="The supply falls with the valve shut and no flow to the tip: the leak test finds "
        "it.",
        at_s=0.0,
        run=Run.REST,
        on_s=60.0,
        after_s=0.0,
    ),
    Signature(
        knob="recuperator_poor",
        told_by="Full flow and normal pressures, but the tip cools slowly and stops far above the "
        "target.",
        at_s=_START,
        on_s=60.0,
    ),
    Signature(
        knob="valve_stuck_open",
        trips=Fault.FLOW_WHEN_SHUT,
        told_by="Full flow, the tip colder than asked, and flow that goes on after the end of the "
        "freeze.",
        at_s=20.0,
        on_s=25.0,
        after_s=15.0,
    ),
    Signature(
        knob="valve_stuck_closed",
        trips=Fault.FAILS_TO_COOL,
        told_by="No flow, no tip pressure, a tip that stays warm, a good supply: the valve reads "
        "back shut.",
        at_s=_START,
        on_s=30.0,
    ),
    Signature(
        knob="warming_fails",
        told_by="The tip stands at the melting plateau instead of being at +40 °C at once; the ice "
        "is there for longer.",
        at_s=_START,
        run=Run.WARMED,
        on_s=60.0,
        after_s=70.0,
        panels=(Panel.TIP, Panel.ICE, Panel.SUPPLY, Panel.FLOW),
    ),
    Signature(
        knob="thermocouple_open",
        trips=Fault.THERMOCOUPLE_OPEN,
        told_by="No tip temperature from one frame to the next; all else goes on as it was.",
        panels=_TRUTH,
    ),
    Signature(
        knob="thermocouple_short",
        trips=Fault.THERMOCOUPLE_SHORT,
        told_by="The same; the front end says short instead of open.",
        panels=_TRUTH,
    ),
    Signature(
        knob="thermocouple_reversed",
        trips=Fault.FAILS_TO_COOL,
        told_by="The tip seems to warm as soon as the gas is on, with full flow.",
        at_s=_START,
        on_s=20.0,
        panels=_TRUTH,
    ),
    Signature(
        knob="thermocouple_stuck",
        trips=Fault.THERMOCOUPLE_STUCK,
        told_by="Not a tenth of a degree of change while the gas comes on.",
        at_s=_START,
        on_s=20.0,
        panels=_TRUTH,
    ),
    Signature(
        knob="thermocouple_drift",
        told_by="The hold follows the lie: the reading stays at the target, the valve opens or "
        "shuts little by little, and the thaw stands beside its plateau.",
        sizes=(0.1, -0.1),
        panels=_TRUTH,
    ),
    Signature(
        knob="thermocouple_noise",
        told_by="The reading jumps by degrees with the flow after it; its mean is right.",
        panels=_TRUTH,
    ),
    Signature(
        knob="shaft_leak",
        told_by="More flow and tip pressure for the same tip; bubbles and a cold shaft in the leak "
        "test.",
        sizes=(0.2, 0.5),
    ),
    Signature(
        knob="warm_vessel",
        told_by="Everything on the console as ever: only the ball of ice is smaller.",
        at_s=_START,
        on_s=90.0,
        panels=(Panel.TIP, Panel.ICE, Panel.EXHAUST, Panel.FLOW),
    ),
    Signature(
        knob="probe_unplugged",
        trips=Fault.PROBE_MISSING,
        told_by="The temperature and the chip go together, and only together.",
        panels=_TRUTH,
    ),
    Signature(
        knob="probe_changed",
        trips=Fault.PROBE_CHANGED,
        told_by="Nothing measured changes: another serial number answers.",
    ),
    Signature(
        knob="supply_unreadable",
        told_by="The supply has no value; the freeze goes on, the next start is refused.",
    ),
    Signature(
        knob="brown_out",
        trips=Fault.BROWN_OUT,
        told_by="Gas off from one moment to the next with everything else healthy; the fault names "
        "it.",
    ),
    Signature(
        knob="stop_line",
        told_by='Gas off without a fault: the event of the stop says "hardware line".',
    ),
    Signature(
        knob="hang",
        trips=Fault.WATCHDOG,
        told_by="No frames, while the gas flows on; after 500 ms a restart, the gas off.",
        panels=(Panel.TIP, Panel.FLOW, Panel.AGE, Panel.GOOD),
    ),
    Signature(
        knob="reboot",
        told_by="Gas off, another boot id, and the session has to be opened again.",
        panels=(Panel.TIP, Panel.FLOW, Panel.AGE, Panel.GOOD),
    ),
    *(
        Signature(
            knob=knob,
            sizes=sizes,
            at_s=4.0,
            run=Run.STIMULATION,
            on_s=10.0,
            after_s=0.0,
            panels=_STIMULATOR_PANELS,
            trips=trips,
            told_by=told_by,
        )
        for knob, sizes, trips, told_by in (
            (
                "stimulator_open_lead",
                (None,),
                Fault.STIMULATOR_OPEN_LEAD,
                "Nothing is delivered and the impedance has no value.",
            ),
            (
                "stimulator_over_current",
                (0.05, 0.3),
                Fault.STIMULATOR_OVER_CURRENT,
                "More than set; up to 10 % (and 20 µA) is let pass.",
            ),
            (
                "stimulator_offset",
                (50.0, -300.0),
                Fault.STIMULATOR_OVER_CURRENT,
                "As much more or less at every amplitude, also at none.",
            ),
            (
                "impedance",
                (900.0,),
                Fault(0),
                "As much current at another impedance: dry electrode, other tissue.",
            ),
        )
    ),
    *(
        Signature(
            knob=knob,
            sizes=(size,),
            at_s=5.0,
            off_s=12.0,
            on_s=15.0,
            after_s=5.0,
            panels=_LINE_PANELS,
            trips=trips,
            told_by=told_by,
        )
        for knob, size, trips, told_by in (
            ("link_corrupt", 0.2, Fault(0), "As many unreadable frames as good ones are missing."),
            ("link_drop", 0.3, Fault(0), "Frames are missing, none is unreadable."),
            (
                "link_duplicate",
                0.3,
                Fault(0),
                "More frames than were sent, each with the number of another.",
            ),
            (
                "link_delay",
                150.0,
                Fault(0),
                "As many frames as ever, each too old by the same time.",
            ),
            (
                "link_silence",
                1.0,
                Fault.LEASE_LOST,
                "Nothing comes; the device, which hears nothing either, shuts the gas when "
                "the lease is over.",
            ),
            ("link_flood", 3.0, Fault(0), "Good frames as ever, with noise in between."),
        )
    ),
)
BY_KNOB: Final = {signature.knob: signature for signature in SIGNATURES}
