"""The simulated patient beside the window: heard while wanted, the probe placed where the session
goes on, and nobody waits for it."""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from console.model.snapshot import Phase, ProcedureView
from console.model.stimulation import Voice
from console.patient_beside import PatientBeside

SAYS = {"felt": "usual pain area", "twitch": False, "pain": 6, "at_ms": 7}
WITHIN_S = 10.0


class Said:
    """A channel to each simulator; `goes` are the answers that are an error, one a call."""

    def __init__(self) -> None:
        self.opened: list[Path] = []
        self.goes: deque[Exception] = deque()
        self.asked = Event()
        self.placed: list[object] = []

    def __call__(self, link: Path) -> "Said":
        self.opened.append(link)
        return self

    def ask(self, **request: object) -> Any:
        if self.goes:
            raise self.goes.popleft()
        if "place" in request:
            self.placed.append(request["place"])
            return request
        assert request == {"get": "patient"}
        self.asked.set()
        return SAYS

    def close(self) -> None:
        pass


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Said:
    monkeypatch.setattr("console.patient_beside.EVERY_S", 0.005)
    return Said()


def until(done: Callable[[], bool]) -> None:
    waits = Event()
    for _ in range(round(WITHIN_S / 0.005)):
        if done():
            return
        waits.wait(0.005)
    raise AssertionError("not heard")


def test_it_hears_the_patient_while_that_is_wanted(said: Said) -> None:
    beside = PatientBeside(said)
    beside.turn_to(Path("one"))
    assert beside.hear(False) is None and said.opened == []
    until(lambda: beside.hear(True) == Voice("usual pain area", twitch=False, at_ms=7))
    assert beside.hear(False) is None
    assert said.opened == [Path("one")]


def test_a_simulator_that_goes_is_looked_for_again_and_another_is_another(said: Said) -> None:
    said.goes.extend([EOFError(), OSError("gone")])
    beside = PatientBeside(said)
    beside.turn_to(Path("one"))
    until(lambda: beside.hear(True) is not None)
    assert said.opened == [Path("one")] * 3
    beside.turn_to(Path("two"))
    until(lambda: beside.hear(True) is not None)
    assert said.opened[-1] == Path("two")


def test_where_there_is_no_simulator_nobody_is_asked(said: Said) -> None:
    beside = PatientBeside(said)
    assert beside.hear(True) is None
    beside.turn_to(None)
    assert beside.hear(True) is None
    assert said.opened == []


def test_the_probe_is_placed_at_the_nerve_that_the_session_goes_on_with(said: Said) -> None:
    beside = PatientBeside(said)
    beside.turn_to(Path("one"))

    def stands(phase: Phase, site: int, placed: list[int]) -> None:
        beside.follow(ProcedureView(phase=phase, headline="", site=site))
        until(lambda: said.placed == placed)

    for phase in Phase:
        if phase is not Phase.OUT:
            stands(phase, 0, [])
    assert said.opened == [], "it stands at the first nerve already"
    said.goes.append(ValueError("the tip is at -5 °C: frozen fast, do not move"))
    stands(Phase.STIMULATE, 1, [2])
    for phase in (Phase.READY, Phase.STARTING, Phase.FREEZING, Phase.THAWING, Phase.FREE):
        stands(phase, 1, [2])
    stands(Phase.READY, 2, [2, 3])
    stands(Phase.OUT, 2, [2, 3])
    stands(Phase.PREPARE, 0, [2, 3])
    stands(Phase.READY, 0, [2, 3, 1])
    beside.turn_to(Path("two"))
    stands(Phase.READY, 0, [2, 3, 1])
    stands(Phase.READY, 1, [2, 3, 1, 2])


def test_a_probe_that_is_frozen_fast_is_placed_once_it_has_thawed_unless_it_freezes_anew(
    said: Said,
) -> None:
    beside = PatientBeside(said)
    beside.turn_to(Path("one"))
    said.goes.extend([ValueError("frozen fast")] * 3)
    beside.follow(ProcedureView(phase=Phase.READY, headline="", site=1))
    until(lambda: not said.goes)
    until(lambda: said.placed == [2])
    said.goes.extend([ValueError("frozen fast")] * 1_000)
    beside.follow(ProcedureView(phase=Phase.READY, headline="", site=2))
    until(lambda: len(said.goes) < 1_000)
    beside.follow(ProcedureView(phase=Phase.STARTING, headline="", site=2))
    said.goes.clear()
    until(lambda: beside.hear(True) is not None)
    assert said.placed == [2]
