"""Is the tip in place? Asked once a placement, before the first freeze of a site alone."""

import pytest
from procedure_kit import IDLE, THAWING, Case, plan

from console.model.event import EventKind
from console.model.observation import FreezeEnd
from console.model.request import ConfirmInPlace, ProbeMoved, ProbeOut, StartFreeze
from console.procedure import view


def bedside(*freezes: float, sites: int = 1) -> Case:
    return Case(plan(*freezes, sites=sites), "bedside").checked().reads_the_card().scored()


@pytest.mark.parametrize(
    ("tip", "question"),
    [
        (24.9, "Is the tip in place? It is at 25 °C"),
        (25.0, None),
        (40.0, None),
        (40.1, "Is the tip in place? It is at 40 °C"),
        (-5.0, "Is the tip in place? It is at −5 °C"),
        (None, None),
    ],
)
def test_it_is_asked_outside_25_to_40(tip: float | None, question: str | None) -> None:
    case = bedside()
    case.see(IDLE, tip)
    assert view.view(case.proc, case.now).in_place_asked is (question is not None)
    assert case.ask(StartFreeze()) == question


def test_said_once_it_holds_for_this_placement() -> None:
    case = bedside()
    assert case.ask(ConfirmInPlace()) == "Nobody has asked"
    case.see(IDLE, 21.0)
    assert case.ask(ConfirmInPlace()) is None
    assert case.texts(EventKind.DECIDED) == [
        "The tip is in place, though at 21 °C: said by the operator."
    ]
    assert not view.view(case.proc, case.now).in_place_asked
    assert case.ask(ProbeMoved()) is None
    assert case.ask(StartFreeze()) == "Is the tip in place? It is at 21 °C"
    assert case.ask(ConfirmInPlace()) is None and case.ask(StartFreeze()) is None


def test_after_the_first_freeze_of_a_site_a_cold_tip_is_no_question() -> None:
    case = bedside(5.0, 5.0, sites=2).freeze().ends(FreezeEnd.TIMER).thaws(45.0)
    case.scored().see(THAWING, -8.0)
    assert case.ask(StartFreeze()) is None


def test_each_site_is_asked_afresh() -> None:
    case = bedside(5.0, sites=2)
    case.see(IDLE, 21.0)
    assert case.ask(ConfirmInPlace()) is None
    case.freeze().ends(FreezeEnd.TIMER)
    case.see(IDLE, 20.0, free=True)
    case.scored()
    assert "at most 200" in str(case.ask(ProbeOut("x" * 201)))
    assert case.ask(ProbeOut("it is out")) is None
    case.see(IDLE, 20.0)
    assert case.ask(StartFreeze()) == "Is the tip in place? It is at 20 °C"


@pytest.mark.parametrize("how", ["demonstration", "headless run"])
def test_nobody_is_asked_where_nobody_answers(how: str) -> None:
    case = Case(plan(), how)
    case.see(IDLE, 12.0)
    assert case.ask(StartFreeze()) is None
