"""What the simulated patient says, beside the window: heard while wanted, never waited for."""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from console.model.stimulation import Voice
from console.patient_ear import PatientEar

SAYS = {"felt": "usual pain area", "twitch": False, "pain": 6, "at_ms": 7}
WITHIN_S = 10.0


class Said:
    """A channel to each simulator; `goes` are the answers that are an error, one a call."""

    def __init__(self) -> None:
        self.opened: list[Path] = []
        self.goes: deque[Exception] = deque()
        self.asked = Event()

    def __call__(self, link: Path) -> "Said":
        self.opened.append(link)
        return self

    def ask(self, **request: object) -> Any:
        assert request == {"get": "patient"}
        if self.goes:
            raise self.goes.popleft()
        self.asked.set()
        return SAYS

    def close(self) -> None:
        pass


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Said:
    monkeypatch.setattr("console.patient_ear.EVERY_S", 0.005)
    return Said()


def until(done: Callable[[], bool]) -> None:
    waits = Event()
    for _ in range(round(WITHIN_S / 0.005)):
        if done():
            return
        waits.wait(0.005)
    raise AssertionError("not heard")


def test_it_hears_the_patient_while_that_is_wanted(said: Said) -> None:
    ear = PatientEar(said)
    ear.turn_to(Path("one"))
    assert ear(False) is None and said.opened == []
    until(lambda: ear(True) == Voice("usual pain area", twitch=False, at_ms=7))
    assert ear(False) is None
    assert said.opened == [Path("one")]


def test_a_simulator_that_goes_is_looked_for_again_and_another_is_another(said: Said) -> None:
    said.goes.extend([EOFError(), OSError("gone")])
    ear = PatientEar(said)
    ear.turn_to(Path("one"))
    until(lambda: ear(True) is not None)
    assert said.opened == [Path("one")] * 3
    ear.turn_to(Path("two"))
    until(lambda: ear(True) is not None)
    assert said.opened[-1] == Path("two")


def test_where_there_is_no_simulator_nobody_is_asked(said: Said) -> None:
    ear = PatientEar(said)
    assert ear(True) is None
    ear.turn_to(None)
    assert ear(True) is None
    assert said.opened == []
