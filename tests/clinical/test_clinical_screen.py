"""Whole procedures by hand: every click goes to a real widget, every frame to a console."""

from bedside import Bedside

from console.model.cycle import CycleState
from console.model.override import OverrideKind
from console.model.snapshot import Phase
from console.model.time_out import TimeOutItem
from console.procedure import console_check
from console.procedure.view import outcome
from console.ui.main_window import MainWindow


def test_two_nerves_from_the_plan_to_the_last_release(window: MainWindow) -> None:
    hands = Bedside(window)
    _prepared(hands)
    _checked(hands)
    _card_read(hands)
    _first_site(hands)
    assert window.strip.site.text() == "RIGHT · SURAL"
    assert window.strip.number.text() == "site 2 of 2"
    _second_site(hands)
    proc = hands.bench.state.procedure
    assert hands.phase is Phase.OUT and hands.refused == [] and hands.bench.alarms == {}
    assert outcome(proc) == "completed"
    assert [(r.site, r.number, r.state, r.extended_s) for r in proc.records] == [
        (0, 1, CycleState.DONE, 30.0), (0, 2, CycleState.ENDED_EARLY, 0.0),
        (1, 1, CycleState.DONE, 0.0), (1, 2, CycleState.DONE, 0.0),
    ]  # fmt: skip
    assert [(o.kind, o.site) for o in proc.overrides] == [(OverrideKind.NO_STIMULATION, 1)]
    assert [(t.site, t.kind.value) for t in proc.tests] == [(0, "sensory"), (0, "motor")]
    assert [(p.site, p.score) for p in proc.pain] == [(0, 8), (0, 4), (0, 2), (1, 1)]


def _prepared(hands: Bedside) -> None:
    hands.click("2 short ones")
    hands.write("Nerve", "saphenous")
    hands.click("LEFT")
    hands.click("+ Add a site")
    hands.click("2 short ones")
    hands.write("Nerve", "sural")
    hands.click("RIGHT")
    hands.click("Use this plan")


def _checked(hands: Bedside) -> None:
    assert hands.phase is Phase.CHECK
    for answer in ("Sterile, on the hose", "Connected", "This gas, no siphon"):
        hands.click(answer)
    hands.hold("Test the supply for leaks")
    hands.run(1_000)
    for test, answer in (("Gas pulse", "No bubbles"), ("Test freeze", "Ice at the tip alone")):
        hands.hold(test)
        hands.run(30_000, lambda: hands.bench.console.valve_open)
        hands.run(30_000, lambda: not hands.bench.console.valve_open)
        hands.run(1_000)
        hands.click(answer)
    hands.run(90_000, lambda: console_check.missing(hands.bench.state.procedure) is None)
    hands.click("Check done")


def _card_read(hands: Bedside) -> None:
    assert hands.phase is Phase.TIME_OUT
    for item in TimeOutItem:
        hands.click(hands.window.pages.time_out.clear[item].accessibleName())
    hands.click("Time-out done")


def _first_site(hands: Bedside) -> None:
    _tested(hands)
    hands.click("Go to the freeze")
    hands.click("Pain score")
    hands.click("Pain 8 of 10")
    hands.freeze(1)
    hands.click("+0:30")
    hands.run(1_000)
    hands.click("Undo +0:30")
    hands.click("+0:30")
    hands.run(60_000, lambda: hands.phase is Phase.THAWING)
    hands.run(2_500)
    hands.click("Pain score")
    hands.click("Pain 4 of 10")
    hands.freeze(2)
    hands.run(4_000)
    hands.click("End freeze")
    hands.run(2_000, lambda: hands.phase is Phase.RELEASING)
    _withdrawn(hands, 2)


def _tested(hands: Bedside) -> None:
    assert hands.phase is Phase.STIMULATE
    hands.hold("Sensory test")
    hands.run(1_000, lambda: hands.bench.console.stimulator_on)
    hands.run(200)
    hands.step_up(6)
    hands.click("Felt in the usual pain area")
    hands.run(600)
    hands.hold("Motor test")
    hands.run(1_000, lambda: hands.bench.console.stimulator_on)
    hands.run(200)
    hands.step_up(20)
    hands.run(1_500)  # three pulses
    hands.click("No contraction")
    hands.run(600)


def _second_site(hands: Bedside) -> None:
    assert hands.phase is Phase.STIMULATE
    hands.click("More")
    hands.click("Freeze without this test")
    hands.hold("Nerve seen on ultrasound")
    hands.click("Go to the freeze")
    hands.freeze(1)
    hands.run(20_000, lambda: hands.phase is Phase.THAWING)
    hands.run(2_500)
    hands.click("Pain score")
    hands.click("Pain 1 of 10")
    hands.freeze(2)
    hands.run(20_000, lambda: hands.phase is Phase.RELEASING)
    hands.run(60_000, lambda: hands.phase is Phase.FREE)
    hands.click("Probe is out")


def _withdrawn(hands: Bedside, score: int) -> None:
    hands.run(60_000, lambda: hands.phase is Phase.FREE)
    hands.click("Pain score")
    hands.click(f"Pain {score} of 10")
    hands.click("Probe is out")


def test_a_new_user_freezes_in_the_demonstration_after_two_actions(window: MainWindow) -> None:
    hands = Bedside(window)
    hands.click("Demonstration")
    hands.freeze(1)
    assert hands.phase is Phase.FREEZING and hands.refused == []
    # One more chooses the simulator on the first page, where none was named at the start.
    assert 1 + len(hands.actions) <= 8


def test_the_side_is_wrong_and_the_card_catches_it(window: MainWindow) -> None:
    hands = Bedside(window)
    hands.click("Demonstration")
    hands.click("More")
    hands.click("Time-out")
    side = window.pages.time_out.unclear[TimeOutItem.SIDE].accessibleName()
    for item in TimeOutItem:
        if item is not TimeOutItem.SIDE:
            hands.click(window.pages.time_out.clear[item].accessibleName())
    hands.click(side)
    done = window.pages.time_out.action_row.buttons["end_time_out"]
    assert not done.isEnabled() and "choose it afresh" in done.accessibleDescription()
    hands.hold("Back to Prepare")
    assert hands.phase is Phase.PREPARE and window.pages.prepare.side is None
