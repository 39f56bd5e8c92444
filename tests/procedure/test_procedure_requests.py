"""Every request in every phase: accepted or refused with a reason, and so it is shown."""

from typing import Any, Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from procedure_kit import DEVICE, FREEZING, IDLE, Case, in_phase, plan

from console.model.console_check import CheckItem
from console.model.device import DeviceInfo, Gas
from console.model.override import OverrideKind
from console.model.plan import Cycle, NextFreeze, Plan, Side, Site, StimulationPlan, Timing
from console.model.request import (
    PAIN_GONE,
    Acknowledge,
    AddFreeze,
    AfterStop,
    AnswerCheck,
    AnswerStimulation,
    AnswerTimeOut,
    AnyRequest,
    BackToPrepare,
    ChangeCylinder,
    CheckLineBack,
    ChoosePlan,
    ConfirmInPlace,
    CylinderBack,
    Decide,
    EndCheck,
    EndFreeze,
    EndStimulation,
    EndTimeOut,
    EnterContents,
    ExtendFreeze,
    FinishHere,
    LiftTimeOut,
    NewSession,
    OpenCheck,
    OpenTimeOut,
    Override,
    ProbeMoved,
    ProbeOut,
    Quit,
    ScorePain,
    StartCheck,
    StartFreeze,
    StartStimulation,
    StepAmplitude,
    Stimulate,
    Stop,
    ToFreeze,
    UndoExtend,
    Wait,
)
from console.model.snapshot import Phase
from console.model.stimulation import (
    AmplitudeStep,
    StimulationAnswer,
    StimulationKind,
)
from console.model.time_out import TimeOutItem
from console.procedure import requests
from console.procedure.state import Conditions, Procedure

ASKED: Final[dict[str, AnyRequest]] = {
    "choose": ChoosePlan(plan()),
    "start": StartFreeze(),
    "end": EndFreeze(),
    "extend": ExtendFreeze(),
    "undo extend": UndoExtend(),
    "wait": Wait(),
    "repeat": Decide(AfterStop.REPEAT),
    "count": Decide(AfterStop.COUNT),
    "decide finish": Decide(AfterStop.FINISH),
    "finish": FinishHere(),
    "pain gone": FinishHere(PAIN_GONE),
    "add": AddFreeze(),
    "pain": ScorePain(3),
    "moved": ProbeMoved(),
    "out": ProbeOut("the reason"),
    "enter contents": EnterContents(3_400.0),
    "change cylinder": ChangeCylinder(),
    "cylinder back": CylinderBack(),
    "new": NewSession(),
    "check yes": AnswerCheck(CheckItem.PROBE, passed=True),
    "check no": AnswerCheck(CheckItem.PROBE, passed=False),
    "check start": StartCheck(CheckItem.PROBE),
    "check line back": CheckLineBack(),
    "end check": EndCheck(),
    "open check": OpenCheck(),
    "tip in place": ConfirmInPlace(),
    "answer time out": AnswerTimeOut(TimeOutItem.CONSENT, clear=True),
    "lift time out": LiftTimeOut(TimeOutItem.ALLERGIES, "the reason"),
    "end time out": EndTimeOut(),
    "back to prepare": BackToPrepare(),
    "open time out": OpenTimeOut(),
    "stimulate": Stimulate(),
    "to freeze": ToFreeze(),
    "end test": EndStimulation(),
    **{f"start {kind}": StartStimulation(kind) for kind in StimulationKind},
    **{f"amplitude {step}": StepAmplitude(step) for step in AmplitudeStep},
    **{f"answer {each.name.lower()}": AnswerStimulation(each) for each in StimulationAnswer},
    **{
        f"override {kind.name.lower()}": Override(kind, "the reason")
        for kind in OverrideKind
        if kind is not OverrideKind.TIME_OUT_ITEM  # lifted by its own request, which names the line
    },
}
AT_A_TEST: Final = tuple(
    name for name, asked in ASKED.items() if isinstance(asked, AnswerStimulation | StepAmplitude)
)
NO_TEST: Final = "No test is running"

READY_FOR: Final = "First decide what becomes of the stopped freeze"
DONE: Final = "All freezes of this site are done"
NOTHING: Final = "Nothing is missing that this would lift"
LIFTED: Final = dict.fromkeys(
    (f"override {name}" for name in ("pain_missing", "weak_mapping", "gas_short")), NOTHING
)
WAITS: Final = "The next freeze waits for you already"

CYLINDER: Final[dict[str, str | None]] = {
    "enter contents": None, "change cylinder": None,
    "cylinder back": "No cylinder is being changed",
}  # fmt: skip
AT_RELEASE: Final[dict[str, str | None]] = dict.fromkeys(("out", "add", "moved", "pain"))

# Phase by request: None where it is accepted, or the reason why not.
TABLE: Final[dict[Phase, dict[str, str | None]]] = {
    Phase.PREPARE: dict.fromkeys(ASKED, "Choose a plan first") | {"choose": None, **CYLINDER},
    Phase.CHECK: dict.fromkeys(ASKED, "First the console check")
    | {"check yes": None, "check no": None, "check start": "Nothing is started here", "out": None}
    | {"check line back": "This is the first line", "back to prepare": None}
    | {"end check": "Console check, still open: sterile probe", **CYLINDER},
    Phase.TIME_OUT: dict.fromkeys(ASKED, "First the time-out")
    | {"open check": None}
    | {"answer time out": None, "end time out": "Still to be answered: identity", "out": None}
    | {"lift time out": NOTHING, "back to prepare": None}
    | CYLINDER,
    Phase.STIMULATE: dict.fromkeys(ASKED, "The stimulation is open: go to the freeze first")
    | dict.fromkeys((name for name in ASKED if name in AT_A_TEST), NO_TEST)
    | {"start sensory": None, "start motor": "after the sensory threshold", "end test": NO_TEST}
    | {"to freeze": "The sensory test is not done", "override no_stimulation": None}
    | {"override contraction": NOTHING}
    | {"moved": None, "out": None, "open time out": None, "pain": None, "open check": None}
    | CYLINDER,
    Phase.READY: dict.fromkeys(ASKED, "No freeze has started yet")
    | {"start": None, "out": None, "stimulate": None, "open time out": None}
    | {"moved": None, "pain": None, "open check": None, **LIFTED}
    | {**CYLINDER, "tip in place": "Nobody has asked"},
    Phase.STARTING: dict.fromkeys(ASKED, "A freeze is just starting") | {"moved": None},
    Phase.FREEZING: dict.fromkeys(ASKED, "The gas is on")
    | {"end": None, "extend": None, "undo extend": "Nothing can be undone"}
    | {"moved": None},
    Phase.THAWING: dict.fromkeys(ASKED, "The probe is thawing")
    | {"start": None, "finish": None, "pain gone": None, "out": None, "moved": None, "wait": WAITS}
    | {"stimulate": "The probe is still thawing", "pain": None, "open check": "not yet"}
    | {**CYLINDER, "tip in place": "Nobody has asked"}
    | {**LIFTED, "override refreeze": NOTHING},
    Phase.STOPPED: dict.fromkeys(ASKED, READY_FOR)
    | {"repeat": None, "count": None, "decide finish": None, "out": None, "moved": None},
    Phase.RELEASING: dict.fromkeys(ASKED, DONE)
    | {"out": None, "add": None, "moved": None, "pain": None, **CYLINDER},
    Phase.FREE: dict.fromkeys(ASKED, DONE)
    | {"out": None, "add": None, "moved": None, "pain": None, **CYLINDER},
    Phase.OUT: dict.fromkeys(ASKED, "This session has ended") | {"new": None},
}


def test_the_table_is_whole() -> None:
    assert set(TABLE) == set(Phase)
    asked = {type(each) for each in ASKED.values()}
    assert asked == {row.request for row in requests.ROWS}
    assert asked | {Stop, Acknowledge, Quit} == set(AnyRequest.__args__)


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("phase", Phase)
def test_every_request_in_every_phase(phase: Phase, name: str) -> None:
    case = in_phase(phase)
    before = case.proc
    refused = case.ask(ASKED[name])
    assert refused == TABLE[phase][name]
    if refused is not None:
        assert case.proc is before, "a refusal changes nothing"


CONTROL_OF: Final = {
    "choose": "choose_plan", "start": "start_freeze", "end": "end_freeze", "extend": "extend",
    "wait": "wait", "repeat": "repeat", "count": "count", "decide finish": "finish",
    "pain": "score_pain",
    "finish": "finish", "pain gone": "pain_gone", "add": "add_freeze", "moved": "probe_moved",
    "out": "probe_out", "new": "new_session", "stimulate": "stimulate", "to freeze": "to_freeze",
    "end test": "end_stimulation", "answer usual_area": "felt_usual",
    "answer elsewhere": "felt_elsewhere", "answer not_felt": "not_felt",
    "answer painful": "painful", "answer contraction": "contraction",
    "answer no_contraction": "no_contraction",
}  # fmt: skip


def agree(proc: Procedure, now: Conditions) -> None:
    """What the screen offers is what a request is answered."""
    shown = requests.controls(proc, now)
    offered = set()
    for name, asked in ASKED.items():
        result = requests.request(proc, asked, now)
        refused = result if isinstance(result, str) else None
        control = shown.get(CONTROL_OF.get(name, name.replace(" ", "_")))
        if control is None or (name, proc.phase) in _OTHER:
            assert refused, (name, proc.phase)
            continue
        offered.add(CONTROL_OF.get(name, name.replace(" ", "_")))
        assert control.label
        assert control.blocked == refused, (name, proc.phase)
    assert offered == set(shown)
    assert all(control.blocked != "" for control in shown.values())


# Two requests go by the name "finish", each in a phase of its own.
_OTHER: Final = {("finish", Phase.STOPPED), ("decide finish", Phase.THAWING)}


@pytest.mark.parametrize("phase", Phase)
def test_the_screen_offers_what_would_be_accepted(phase: Phase) -> None:
    case = in_phase(phase)
    agree(case.proc, case.now)


conditions = st.builds(
    lambda seen, valve, tip, **fields: (seen, valve, tip, fields),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, -8.0, 20.0]),
    device=st.sampled_from([None, DEVICE, msgspec.structs.replace(DEVICE, simulated=False)]),
    fresh=st.booleans(),
    not_ready=st.sampled_from([(), ("Supply low",), ("No probe", "Supply low")]),
    free=st.booleans(),
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(
    st.sampled_from(list(Phase)),
    conditions,
    st.sampled_from([{}, {"hold": True}, {"end_asked": True}, {"cycle": 3}, {"gas_off_ms": None}]),
    st.sampled_from([NextFreeze.ASK, NextFreeze.AUTO]),
    st.sampled_from(list(Timing)),
)
def test_screen_and_answer_agree_whatever_is_so(
    phase: Phase,
    given_: tuple[bool, bool, float | None, dict[str, Any]],
    changed: dict[str, Any],
    next_freeze: NextFreeze,
    timing: Timing,
) -> None:
    case = in_phase(phase)
    seen, valve, tip, fields = given_
    last = case.now.observation
    assert last is not None
    observation = msgspec.structs.replace(last, valve_open=valve, tip_celsius=tip)
    now = msgspec.structs.replace(case.now, observation=observation if seen else None, **fields)
    proc = msgspec.structs.replace(case.proc, **changed)
    if proc.plan is not None:
        chosen = msgspec.structs.replace(proc.plan, next_freeze=next_freeze, timing=timing)
        proc = msgspec.structs.replace(proc, plan=chosen)
    agree(proc, now)


# --- choosing a plan ---------------------------------------------------------------------------


def chosen(wanted: Plan, device: DeviceInfo | None = DEVICE) -> str | None:
    case = Case()
    case.now = msgspec.structs.replace(case.now, device=device)
    return case.ask(ChoosePlan(wanted))


def test_a_plan_needs_a_console_be_it_real_or_simulated() -> None:
    assert chosen(plan(), None) == "No console is connected"
    for simulated in (True, False):
        assert chosen(plan(), msgspec.structs.replace(DEVICE, simulated=simulated)) is None


@pytest.mark.parametrize(
    ("target", "accepted"), [(-75.0, True), (-75.009, True), (-75.02, False), (-20.0, True)]
)
@pytest.mark.hazard("console_unfit", "truth")
def test_a_plan_may_be_as_cold_as_the_console_can_hold(target: float, accepted: bool) -> None:
    refused = chosen(plan(target_celsius=target))
    assert (refused is None) is accepted
    assert accepted or refused == (
        "Target −75 °C is colder than this N₂O console can hold (−75 °C)"
    )
    co2 = msgspec.structs.replace(DEVICE, gas=Gas.CO2, coldest_target_celsius=-62.0)
    refused = chosen(plan(), co2)
    assert refused == "Target −70 °C is colder than this CO₂ console can hold (−62 °C)"


def site(**changed: Any) -> Plan:
    usual: dict[str, Any] = {"nerve": "n", "side": Side.LEFT, "cycles": (Cycle(60.0),)}
    return Plan((Site(**{**usual, **changed}),))


NAN: Final = float("nan")


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        (Plan(()), "sites"),
        (plan(target_celsius=-19.9), "target_celsius"),
        (plan(target_celsius=-200.0), "target_celsius"),
        (plan(target_celsius=NAN), "target_celsius"),
        (plan(thaw_tip_celsius=-0.1), "thaw_tip_celsius"),
        (plan(thaw_tip_celsius=30.1), "thaw_tip_celsius"),
        (plan(thaw_tip_celsius=NAN), "thaw_tip_celsius"),
        (site(nerve=" "), "sites[0].nerve"),
        (site(cycles=()), "sites[0].cycles"),
        (plan(4.9), "sites[0].cycles[0].freeze_s"),
        (plan(240.1), "sites[0].cycles[0].freeze_s"),
        (plan(60.0, NAN), "sites[0].cycles[1].freeze_s"),
        (plan(180.1, timing=Timing.FROM_TARGET), "sites[0].cycles[0].freeze_s"),
        (plan(thaw_s=-0.1), "sites[0].cycles[0].thaw_s"),
        (plan(thaw_s=600.1), "sites[0].cycles[0].thaw_s"),
        (plan(thaw_s=NAN), "sites[0].cycles[0].thaw_s"),
        (plan(stimulation=StimulationPlan(sensory_hz=49.9)), "stimulation.sensory_hz"),
        (plan(stimulation=StimulationPlan(sensory_hz=100.1)), "stimulation.sensory_hz"),
        (plan(stimulation=StimulationPlan(motor_hz=0.9)), "stimulation.motor_hz"),
        (plan(stimulation=StimulationPlan(motor_hz=5.1)), "stimulation.motor_hz"),
    ],
)
def test_a_malformed_plan_is_refused_by_the_key(wanted: Plan, key: str) -> None:
    refused = chosen(wanted)
    assert refused is not None and refused.startswith(f"{key}: ")


@pytest.mark.parametrize(
    "wanted",
    [
        plan(5.0),
        plan(240.0),
        plan(180.0, timing=Timing.FROM_TARGET),
        plan(thaw_s=0.0),
        plan(thaw_s=600.0),
        plan(thaw_tip_celsius=0.0),
        plan(thaw_tip_celsius=30.0),
        plan(stimulation=StimulationPlan(50.0, 1.0)),
        plan(stimulation=StimulationPlan(100.0, 5.0)),
    ],
)
def test_a_plan_at_its_limits_is_accepted(wanted: Plan) -> None:
    assert chosen(wanted) is None


def test_a_new_plan_begins_with_nothing_of_the_old_session() -> None:
    case = in_phase(Phase.OUT)
    assert case.ask(NewSession()) is None
    assert case.proc == Procedure(last_ms=case.at_ms)
    assert case.ask(ChoosePlan(plan(60.0), case="C-2", operator="AB", how="headless run")) is None
    assert case.proc == Procedure(
        phase=Phase.READY, plan=plan(60.0), case="C-2", operator="AB", how="headless run",
        last_ms=case.at_ms, check=case.proc.check, time_out=case.proc.time_out,
    )  # fmt: skip


# --- what blocks a start -----------------------------------------------------------------------


@pytest.mark.parametrize("phase", [Phase.READY, Phase.THAWING])
def test_a_start_is_refused_with_the_first_light_that_is_out(phase: Phase) -> None:
    case = in_phase(phase)
    case.now = msgspec.structs.replace(case.now, not_ready=("No probe", "Supply low"))
    assert case.ask(StartFreeze()) == "No probe"


@pytest.mark.parametrize("phase", [Phase.READY, Phase.THAWING])
def test_a_start_is_refused_while_gas_that_nobody_here_started_is_on(phase: Phase) -> None:
    case = in_phase(phase)
    case.see(FREEZING, 10.0, local_start=True)
    assert case.ask(StartFreeze()) == "The gas is on already"
    case.see(IDLE, 10.0)
    assert case.ask(StartFreeze()) is None


# --- after a stop ------------------------------------------------------------------------------


@pytest.mark.parametrize("choice", [AfterStop.REPEAT, AfterStop.COUNT])
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"fresh": False}, "No reading from the console"),
        ({"observation": None}, "No reading from the console"),
        ({"not_ready": ("Acknowledge first: x",)}, "Acknowledge first: x"),
    ],
)
def test_going_on_opens_when_the_cause_is_cleared(
    choice: AfterStop, changed: dict[str, Any], reason: str
) -> None:
    case = in_phase(Phase.STOPPED)
    good = case.now
    case.now = msgspec.structs.replace(good, **changed)
    assert case.ask(Decide(choice)) == reason
    case.now = good
    assert case.ask(Decide(choice)) is None


@pytest.mark.parametrize("choice", [AfterStop.REPEAT, AfterStop.COUNT])
def test_going_on_waits_for_the_valve_to_be_read_back_shut(choice: AfterStop) -> None:
    case = in_phase(Phase.STOPPED)
    case.see(FREEZING)
    assert case.ask(Decide(choice)) == "The gas is not confirmed off"


def test_finishing_here_needs_nothing() -> None:
    case = in_phase(Phase.STOPPED)
    case.now = Conditions()
    assert case.ask(Decide(AfterStop.FINISH)) is None
    assert case.phase is Phase.RELEASING and case.proc.hold


# --- the probe is out --------------------------------------------------------------------------

BEFORE_OUT: Final = (Phase.READY, Phase.THAWING, Phase.STOPPED, Phase.RELEASING)


@pytest.mark.parametrize("phase", BEFORE_OUT)
@pytest.mark.parametrize("reason", ["", "   "])
@pytest.mark.hazard("release_early", "truth")
def test_early_it_needs_a_reason(phase: Phase, reason: str) -> None:
    case = in_phase(phase)
    assert case.ask(ProbeOut(reason)) == "The probe is not known to be free: give a reason"
    assert case.ask(ProbeOut(" moved ")) is None
    assert case.phase is Phase.OUT and case.proc.released_early == "moved"


@pytest.mark.parametrize("phase", [*BEFORE_OUT, Phase.FREE])
def test_reality_can_be_recorded_unless_gas_is_seen_to_be_on(phase: Phase) -> None:
    case = in_phase(phase)
    good = case.proc
    case.see(FREEZING)
    case.proc = good
    assert case.ask(ProbeOut("pulled")) == "The gas is on"
    case.now = msgspec.structs.replace(case.now, fresh=False)
    assert case.ask(ProbeOut("pulled")) is None, "nothing is known: the eyes at the table are right"


def test_free_it_needs_none() -> None:
    case = in_phase(Phase.FREE)
    assert case.ask(ProbeOut()) is None
    assert case.phase is Phase.OUT and case.proc.released_early == ""
