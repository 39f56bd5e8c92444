"""Stimulate on the screen: keys, answers, what is set against what arrives, overrides that are
held."""

import msgspec
import pytest
from PySide6.QtTest import QTest
from ui_kit import clipped, outside, settle

from console.model.override import OverrideKind
from console.model.request import (
    AnswerStimulation,
    AnyRequest,
    EndStimulation,
    Override,
    ProbeMoved,
    StartStimulation,
    StepAmplitude,
    Stimulate,
    ToFreeze,
)
from console.model.snapshot import Control, Phase, Snapshot
from console.model.stimulation import (
    AmplitudeStep,
    StimulationAnswer,
    StimulationKind,
    Voice,
)
from console.ui.kit.words import patient_says
from console.ui.main_window import MainWindow
from console.ui.scripted import Script
from console.ui.scripted.scenes import SCENES, Scene
from console.ui.treatment.ladder import rungs

SENSORY = StimulationKind.SENSORY


def shown(window: MainWindow, name: str) -> Snapshot:
    scene: Scene = SCENES[name]
    scene(window)
    settle()
    assert window.pages.currentWidget() is window.pages.stimulate and window.snapshot is not None
    return window.snapshot


def test_a_start_is_held_and_names_its_test(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    shown(window, "stimulate")
    sensory, motor = window.pages.stimulate.starts.values()
    sensory.click()
    assert asked_for == [], "a tap starts nothing"
    sensory.held.emit()
    assert asked_for == [StartStimulation(SENSORY)]
    assert sensory.title.text() == "Sensory test" and "hold for 1 s" in sensory.detail.text()
    assert not motor.isEnabled() and motor.detail.text() == "after the sensory threshold"


@pytest.mark.parametrize("step", AmplitudeStep)
def test_the_keys(window: MainWindow, asked_for: list[AnyRequest], step: AmplitudeStep) -> None:
    shown(window, "stimulating")
    window.pages.stimulate.keys[f"amplitude_{step}"].click()
    assert asked_for == [StepAmplitude(step)]


def test_set_delivered_impedance_and_time_are_shown(window: MainWindow) -> None:
    shown(window, "stimulating")
    page = window.pages.stimulate
    assert page.set.text == "0.40" and page.set.accessibleName() == "Set 0.40 mA"
    assert page.delivered.text() == "Delivered 0.39 mA · expected at or under 0.50 mA"
    values = {key: value.text() for key, value in page.now.values.items()}
    assert values == {"impedance": "480 Ω", "on": "on, 0:13 of 1:00", "gas": "shut"}


def test_off_nothing_is_shown_as_a_number(window: MainWindow) -> None:
    shown(window, "stimulate")
    assert window.pages.stimulate.set.text == "---"
    assert window.pages.stimulate.now.values["impedance"].text() == "---"


def test_a_strange_impedance_is_told(window: MainWindow) -> None:
    snapshot = shown(window, "stimulating")
    seen = msgspec.structs.replace(snapshot.observation, impedance_ohm=1_400.0)  # type: ignore[type-var]
    window.apply(msgspec.structs.replace(snapshot, observation=seen))
    assert "impedance unusual" in window.pages.stimulate.delivered.text()


def test_the_answers_are_those_of_the_running_test(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    shown(window, "stimulating")
    answers = window.pages.stimulate.answers
    seen = [name for name, button in answers.items() if button.isVisible()]
    assert seen == ["felt_usual", "felt_elsewhere", "not_felt", "painful"]
    assert answers["felt_usual"].detail.text() == "marks 0.40 mA"
    assert answers["not_felt"].detail.text() == "Go up to 0.50 mA first"
    answers["painful"].click()
    assert asked_for == [AnswerStimulation(StimulationAnswer.PAINFUL)]
    shown(window, "stimulating-motor")
    seen = [name for name, button in answers.items() if button.isVisible()]
    assert seen == ["contraction", "no_contraction"]


def test_a_test_can_be_ended_and_the_probe_moved(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    shown(window, "stimulating")
    buttons = window.pages.stimulate.action_row.buttons
    assert not buttons["to_freeze"].isVisible()
    buttons["end_stimulation"].click()
    buttons["probe_moved"].click()
    assert asked_for == [EndStimulation(), ProbeMoved()]


def test_results_stand_by_placement_and_open_the_freeze(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    shown(window, "inside-the-nerve")
    page = window.pages.stimulate
    assert page.results.title.text() == "Results, placement 1"
    values = [value.text() for value in page.results.values.values()]
    assert values == ["felt at 0.05 mA", "no contraction, 1.00 mA"]
    assert "may be inside the nerve" in page.remark.text()
    page.action_row.buttons["to_freeze"].click()
    assert asked_for == [ToFreeze()]


def test_the_ladder_says_when_how_much_and_what(window: MainWindow) -> None:
    snapshot = shown(window, "contraction")
    lines = [(rung.time, rung.words) for rung in rungs(snapshot.procedure)]
    assert lines[-2:] == [
        ("Motor 0:12", "0.40 mA · no answer"), ("Motor 0:18", "0.60 mA · contraction"),
    ]  # fmt: skip
    assert (
        "Motor 0:18 0.60 mA · contraction" in window.pages.stimulate.ladder.accessibleDescription()
    )
    moved = msgspec.structs.replace(snapshot.procedure, placement=2)
    assert rungs(moved) == [], "what was found elsewhere is void here"


def test_an_override_is_chosen_and_held(window: MainWindow, asked_for: list[AnyRequest]) -> None:
    shown(window, "override")
    row = window.pages.stimulate.action_row
    reasons = row.reasons["override_no_stimulation"]
    assert all(button.isVisible() and "hold for 1 s" in button.detail.text() for button in reasons)
    reasons[0].click()
    assert asked_for == [], "a tap overrides nothing"
    reasons[0].held.emit()  # type: ignore[attr-defined]
    assert asked_for == [Override(OverrideKind.NO_STIMULATION, "Nerve seen on ultrasound")]
    assert not reasons[0].isVisible()


def test_only_the_override_that_lifts_something_is_offered(window: MainWindow) -> None:
    shown(window, "contraction")
    row = window.pages.stimulate.action_row
    row.more.click()
    assert row.buttons["override_contraction"].isVisible()
    assert not row.buttons["override_no_stimulation"].isVisible()


def test_a_refusal_is_told_on_this_page(window: MainWindow) -> None:
    shown(window, "stimulating")
    window.refuse(StepAmplitude(AmplitudeStep.UP), "At most 1.00 mA in this test")
    assert "At most 1.00 mA" in window.pages.stimulate.notice.words.text()


def test_with_the_keyboard_the_plus_key_has_the_focus_when_a_test_runs(window: MainWindow) -> None:
    script = Script()
    shown(window, "stimulate")
    window.activateWindow()
    window.pages.stimulate.starts[SENSORY].setFocus()
    QTest.qWait(0)
    script.choose()
    script.stimulate()
    script.test(SENSORY, 50)
    window.apply(script.snapshot())
    window.apply(script.snapshot())
    assert window.focusWidget() is window.pages.stimulate.keys["amplitude_up"]


def test_closing_with_the_stimulator_on_sends_stop_and_asks(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    shown(window, "stimulating")
    window.close()
    assert [type(each).__name__ for each in asked_for] == ["Stop"] and window.isVisible()
    window.question.answered.emit(False)


def test_a_moved_probe_leads_back_to_stimulate(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    script = Script()
    window.apply(script.advance(0.05))
    script.choose()
    why = "The probe was moved: stimulate again"
    script.stimulation = msgspec.structs.replace(script.stimulation, unconfirmed=why)
    script.blocked["start_freeze"] = why
    snapshot = script.snapshot()
    controls = {**snapshot.controls, "stimulate": Control("Stimulate", "test this placement")}
    window.apply(msgspec.structs.replace(snapshot, controls=controls))
    settle()
    assert snapshot.procedure.phase is Phase.READY
    row = window.pages.session.action_row
    assert row.buttons["stimulate"].isVisible()
    assert row.buttons["start_freeze"].detail.text() == why
    row.buttons["stimulate"].click()
    assert asked_for == [Stimulate()]


# --- the simulated patient ---------------------------------------------------------------------


def test_what_the_simulated_patient_says_is_shown_and_marks_nothing(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    told = hears(window, Voice("usual pain area", twitch=True, at_ms=1))
    shown(window, "stimulating")
    patient = window.pages.stimulate.patient
    assert told[-1] is True and patient.isVisible()
    assert patient.text() == "The SIMULATED patient: feels it in the usual pain area"
    assert clipped(window.pages.stimulate) == [] and outside(window.pages.stimulate) == []
    assert asked_for == []


@pytest.mark.parametrize(
    ("felt", "words"),
    [("nothing", "says nothing"), ("elsewhere", "feels it else"), ("painful", "that it hurts")],
)
def test_what_is_felt_has_its_words(felt: str, words: str) -> None:
    voice = Voice(felt, twitch=True, at_ms=1)  # type: ignore[arg-type]
    assert words in patient_says(SENSORY, voice)


def test_a_twitch_is_the_answer_of_the_motor_test() -> None:
    words = [
        patient_says(StimulationKind.MOTOR, Voice("painful", twitch=twitch, at_ms=1))
        for twitch in (True, False)
    ]
    assert words == [
        "The SIMULATED patient: a muscle twitches",
        "The SIMULATED patient: no muscle moves",
    ]


def test_nobody_is_heard_without_a_test_on_a_real_console_or_of_old(window: MainWindow) -> None:
    told = hears(window, Voice("painful", twitch=True, at_ms=1))
    assert not shown(window, "stimulate").procedure.stimulation.running
    assert told[-1] is False and not window.pages.stimulate.patient.isVisible()
    seen = shown(window, "stimulating")
    assert seen.link.device is not None and window.pages.stimulate.patient.isVisible()
    real = msgspec.structs.replace(seen.link.device, simulated=False)
    links = [msgspec.structs.replace(seen.link, device=device) for device in (real, None)]
    for other in (
        *(msgspec.structs.replace(seen, link=link) for link in links),
        msgspec.structs.replace(seen, stale=True),
    ):
        window.pages.stimulate.apply(other)
        assert told[-1] is False and not window.pages.stimulate.patient.isVisible()


def hears(window: MainWindow, voice: Voice) -> list[bool]:
    """Lets the page hear that; what it was told of being wanted."""
    told: list[bool] = []

    def hear(wanted: bool) -> Voice:
        told.append(wanted)
        return voice

    window.pages.stimulate.hear = hear
    return told


def test_the_test_that_is_due_is_the_one_that_stands_out(window: MainWindow) -> None:
    def due() -> list[StimulationKind]:
        starts = window.pages.stimulate.starts
        return [kind for kind, button in starts.items() if button.property("role") == "primary"]

    SCENES["stimulate"](window)
    assert due() == [SENSORY]
    SCENES["stimulating"](window)
    assert due() == [], "while one runs"
    SCENES["inside-the-nerve"](window)
    assert due() == [], "both are done"
