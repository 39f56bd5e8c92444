"""How many actions it takes from power-on to the first freeze, everything answered, by the window's
own controls: a tap, a hold and a word that is typed are one each."""

from typing import Final

import pytest
from bedside import Bedside

from console.model.snapshot import Phase
from console.ui.main_window import MainWindow

MOST: Final = 44
FELT_UA: Final = 400
MOTOR_UA: Final = 1_000
PLAN: Final = (
    "2 short ones", "saphenous", "LEFT", "Patient", "Local anaesthetic: None",
    "Sedation: No sedation", "Pain now", "Pain 7 of 10", "Use this plan",
)  # fmt: skip
CARD: Final = (
    "Patient identity confirmed aloud: Confirmed", "Consent is given: Yes", "Mark on the skin",
    "Allergies: metal, local anaesthetic, latex: None", "Anticoagulants", "Pacemaker",
    "Cryoglobulinaemia", "Infection at the site: None",
)  # fmt: skip


@pytest.fixture
def hands(window: MainWindow) -> Bedside:
    return Bedside(window)


def _set_ua(hands: Bedside) -> int:
    return hands.bench.snapshot().procedure.stimulation.set_ua or 0


def _check(hands: Bedside) -> None:
    for yes in ("Sterile, on the hose", "Connected", "This gas, no siphon"):
        hands.click(yes)
        hands.run(100)
    for test, yes in (("Gas pulse", "No bubbles"), ("Test freeze", "Ice at the tip alone")):
        hands.hold(test)
        hands.run(20_000, lambda yes=yes: _open(hands, yes))
        hands.click(yes)
    hands.run(60_000, lambda: _open(hands, "Check done"))
    hands.click("Check done")


def _open(hands: Bedside, name: str) -> bool:
    hands.show()
    row = hands.window.pages.check.action_row.buttons.values()
    return any(b.isVisible() and b.isEnabled() and b.accessibleName() == name for b in row)


def test_everything_answered_it_takes_no_more_than_44_actions(hands: Bedside) -> None:
    hands.actions.append("the console's tile on Connect")
    for name in PLAN[:4]:
        hands.click(name)
    hands.write("Case number", "2026-0117")
    hands.write("Operator's initials", "AB")
    for name in PLAN[4:]:
        hands.click(name)
    _check(hands)
    for name in CARD:
        hands.click(name)
    hands.click("Time-out done")
    hands.run(3_000, lambda: hands.phase is Phase.STIMULATE)
    hands.run(60_000, lambda: _startable(hands, 0))
    hands.hold("Sensory test")
    hands.run(1_000)
    hands.step_up(FELT_UA // 50)
    hands.click("Felt in the usual pain area")
    hands.run(1_000)
    hands.hold("Motor test")
    hands.run(1_000)
    hands.keep_pressed("+", lambda: _set_ua(hands) >= MOTOR_UA)
    before = _set_ua(hands)
    hands.run(1_500)
    assert _set_ua(hands) == before, "to let go is no step more"
    hands.click("No contraction")
    hands.run(1_000)
    hands.click("Go to the freeze")
    hands.run(500)
    hands.freeze(1)
    assert hands.refused == []
    assert len(hands.actions) <= MOST, hands.actions


def _startable(hands: Bedside, index: int) -> bool:
    hands.show()
    return list(hands.window.pages.stimulate.starts.values())[index].isEnabled()
