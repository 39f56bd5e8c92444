"""The pain score: 0 to 10, kept with what had been frozen when it was asked."""

import pytest
from procedure_kit import Case, in_phase, plan

from console.model.event import EventKind
from console.model.request import ProbeOut, ScorePain
from console.model.snapshot import Phase
from console.procedure import requests, view


def test_it_is_kept_with_what_went_before() -> None:
    case = Case(plan())
    assert case.ask(ScorePain(7)) is None
    case.freeze().ends().thaws(45.0)
    assert case.ask(ScorePain(0)) is None
    shown = view.view(case.proc, case.now).pain
    assert [(each.score, each.after) for each in shown] == [(7, 0), (0, 1)]
    assert case.texts(EventKind.PAIN) == [
        "Pain 7 of 10 before the first freeze.", "Pain 0 of 10 after freeze 1.",
    ]  # fmt: skip
    assert requests.controls(case.proc, case.now)["score_pain"].detail == "so far 7, 0"


@pytest.mark.parametrize(("score", "taken"), [(-1, False), (0, True), (10, True), (11, False)])
def test_from_0_to_10(score: int, taken: bool) -> None:
    case = in_phase(Phase.THAWING)
    refused = case.ask(ScorePain(score))
    assert (refused is None) is taken
    assert taken or refused == f"{score} is no pain score: from 0 to 10"


def test_each_site_has_its_own() -> None:
    case = Case(plan(60.0, sites=2))
    case.ask(ScorePain(8))
    assert case.ask(ProbeOut("another way")) is None
    assert requests.controls(case.proc, case.now)["score_pain"].detail == "0 to 10"
    case.ask(ScorePain(5))
    assert [(each.site, each.score) for each in case.proc.pain] == [(0, 8), (1, 5)]
