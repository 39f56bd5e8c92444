"""The words and controls of the script, as the procedure gives them."""

from typing import Final

from console.model.console_check import CheckItem, CheckView
from console.model.plan import NextFreeze, Plan
from console.model.quantities import amplitude, minutes, number
from console.model.snapshot import Control, Phase
from console.model.stimulation import StimulationKind, StimulationView
from console.model.time_out import TimeOutView

NOTHING = "Nothing is missing that this would lift"
WHY = "give a reason"


def line(
    phase: Phase, this: str, left_s: float | None, held: str | None, auto: bool
) -> tuple[str, str]:
    """Headline and detail of the phase line."""
    match phase:
        case Phase.PREPARE:
            return "PREPARE", "Choose a plan"
        case Phase.CHECK:
            return "CONSOLE CHECK", "gas is off · the probe is not in the patient"
        case Phase.TIME_OUT:
            return "TIME-OUT", "the whole team stops, one reads aloud"
        case Phase.STIMULATE:
            return "STIMULATE: placement 1", "stimulator off · gas is off"
        case Phase.READY:
            return f"READY for freeze {this}", "gas is off"
        case Phase.STARTING:
            return f"STARTING freeze {this}", "do not move the probe"
        case Phase.FREEZING:
            at = f"at target {held}" if held else "cooling"
            return f"FREEZING {this}", f"{at} · do not move the probe"
        case Phase.THAWING:
            if auto and left_s is not None and left_s <= 10:
                return "THAWING", f"freeze {this} starts in {minutes(left_s)}"
            if not left_s:
                return (
                    f"READY for freeze {this}",
                    "partial thaw, tip about −7 °C · free in about 1:20 (estimate)",
                )
            return "THAWING: ice melting", "do not move · free in about 2:05 (estimate)"
        case Phase.STOPPED:
            return "FREEZE STOPPED", "do not move the probe"
        case Phase.RELEASING:
            return "THAWING: ice melting", "do not move · free in about 1:35 (estimate)"
        case Phase.FREE:
            return "FREE TO MOVE", "withdraw only if the probe turns and slides without force"
        case Phase.OUT:
            return "PROBE IS OUT", "session ended"


def controls(
    phase: Phase, plan: Plan, cycle: int, left_s: float | None, hold: bool
) -> dict[str, Control]:
    """What is offered in a phase."""
    moved = Control("Probe moved", "a new placement")
    pain = Control("Pain score", "so far 7" if cycle else "0 to 10")
    out = Control("Probe is out", "" if phase is Phase.FREE else "early: give a reason")
    if phase is Phase.PREPARE:
        return {
            "choose_plan": Control("Use this plan"),
            "enter_contents": Control("New cylinder", "enter its contents"),
            "change_cylinder": Control("Change cylinder", "a low supply is no alarm"),
        }
    if phase is Phase.OUT:
        return {"choose_plan": Control("Use this plan"), "new_session": Control("New session")}
    if phase is Phase.FREEZING:
        return {
            "end_freeze": Control("End freeze", "thaw, keep the plan"),
            "extend": Control("+0:30", "up to 4:00 in all"),
            "undo_extend": Control("Undo +0:30", "sent in 0:04"),
            "probe_moved": Control("Probe moved", "ends the freeze"),
        }
    if phase is Phase.STOPPED:
        return {
            "repeat": Control("Repeat the whole freeze"),
            "count": Control("Count it", "and go on"),
            "finish": Control("Finish here", "thaw and release"),
            "probe_moved": moved,
            "probe_out": out,
        }
    if phase in (Phase.RELEASING, Phase.FREE):
        length = minutes(plan.sites[0].cycles[-1].freeze_s)
        return {
            "add_freeze": Control("Add one freeze", length),
            "score_pain": pain,
            "probe_moved": moved,
            "probe_out": out,
        }
    if phase is Phase.STARTING:
        return {}
    site = plan.sites[0]
    length = minutes(site.cycles[min(cycle, len(site.cycles) - 1)].freeze_s)
    start = Control(
        f"Start freeze {cycle + 1}",
        f"{site.side.upper()} {site.nerve.upper()}, {length}, {number(plan.target_celsius, 0)} °C",
        f"Thaw for {minutes(left_s)} more" if left_s else None,
    )
    if phase is Phase.READY:
        return {
            "start_freeze": start,
            "score_pain": pain,
            "probe_moved": moved,
            "probe_out": out,
        }
    auto = plan.next_freeze is NextFreeze.AUTO and not hold
    wait = Control("Wait", "no automatic start")
    if not auto:
        wait = Control(wait.label, wait.detail, "The next freeze waits for you already")
    return {
        "start_freeze": start,
        "wait": wait,
        "override_refreeze": Control("Refreeze now", WHY, None if left_s else NOTHING),
        "override_pain_missing": Control("Freeze without a score", WHY, NOTHING if auto else None),
        "pain_gone": Control("Pain gone", "finish here"),
        "score_pain": pain,
        "enter_contents": Control("New cylinder", "enter its contents"),
        "change_cylinder": Control("Change cylinder", "a low supply is no alarm"),
        "finish": Control("Finish here", "no more freezes"),
        "probe_moved": moved,
        "probe_out": out,
    }


def stimulation_controls(view: StimulationView) -> dict[str, Control]:
    """What is offered at Stimulate."""
    sensory, motor = StimulationKind.SENSORY, StimulationKind.MOTOR
    running, at = view.running, amplitude(view.set_ua, "mA")
    idle = "No test is running" if running is None else None
    limit = amplitude(view.motor_limit_ua, "mA")

    def of(kind: StimulationKind) -> str | None:
        return idle if running is None or running is kind else f"No answer of a {running} test"

    def start(kind: StimulationKind, otherwise: str | None) -> str | None:
        if running is not None:
            return "running" if running is kind else "after this test"
        return otherwise

    first = "after the sensory threshold" if not view.sensory else None
    moves = "contracts" in (view.unconfirmed or "")
    lift = None if view.unconfirmed is not None and not moves else NOTHING
    return {
        "start_sensory": Control("Sensory test", "50 Hz, from 0", start(sensory, None)),
        "start_motor": Control("Motor test", "2 Hz, from 0", start(motor, first)),
        "amplitude_zero": Control("0", "", idle),
        "amplitude_down": Control("−", "", idle),
        "amplitude_up": Control("+", "", idle),
        "felt_usual": Control("Felt in the usual pain area", f"marks {at}", of(sensory)),
        "felt_elsewhere": Control("Felt elsewhere", "", of(sensory)),
        "not_felt": Control("Not felt", "by 0.50 mA", of(sensory) or "Go up to 0.50 mA first"),
        "painful": Control("Painful: stop", "", of(sensory)),
        "contraction": Control("Contraction", f"marks {at}", of(motor)),
        "no_contraction": Control(
            "No contraction", f"by {limit}", of(motor) or f"Go up to {limit} first"
        ),
        "end_stimulation": Control("End the test", "without an answer", idle),
        "to_freeze": Control("Go to the freeze", "freeze 1 comes next", view.unconfirmed),
        "override_no_stimulation": Control("Freeze without this test", WHY, lift),
        "override_contraction": Control("Freeze in spite of it", WHY, None if moves else NOTHING),
        "probe_moved": Control("Probe moved", "ends the test" if running else "test again"),
        "probe_out": Control("Probe is out", "early: give a reason"),
    }


def check_controls(view: CheckView) -> dict[str, Control]:
    """What is offered at the console check."""
    yes, no, test, detail = CHECK_WORDS.get(view.now, ("Yes", "No", "Measure again", ""))
    wait = "Wait for the end" if view.running is not None else None
    return {
        "check_yes": Control(yes, "", wait),
        "check_no": Control(no),
        "check_start": Control(test, detail, "A test is running" if wait else None),
        "check_line_back": Control("One line back", "a touch was wrong"),
        "end_check": Control("Check done", "the console is fit", view.missing),
        "back_to_prepare": Control("Back to Prepare", "choose site and side afresh"),
        "probe_out": Control("Probe is out", "early: give a reason"),
    }


CHECK_WORDS: Final[dict[CheckItem | None, tuple[str, str, str, str]]] = {
    CheckItem.PROBE: ("Sterile, on the hose", "Not so", "", ""),
    CheckItem.CYLINDER: ("This gas, no siphon", "Not so", "", ""),
    CheckItem.PROBE_LEAK: ("No bubbles", "Bubbles", "Gas pulse", "0:03, tip in sterile water"),
    CheckItem.TEST_FREEZE: (
        "Ice at the tip alone",
        "Not so",
        "Test freeze",
        "0:15, tip in sterile water",
    ),
}


def time_out_controls(view: TimeOutView) -> dict[str, Control]:
    """What is offered at the time-out."""
    return {
        "answer_time_out": Control("Answer"),
        "lift_time_out": Control("Go on though not clear"),
        "end_time_out": Control("Time-out done", "all of the team agree", view.missing),
        "back_to_prepare": Control("Back to Prepare", "choose site and side afresh"),
        "probe_out": Control("Probe is out", "early: give a reason"),
    }
