"""The tables of what follows from the device: total, without a row that never counts, and agreeing
with the phases."""

from itertools import product

import pytest

from console.model.console_check import CheckItem
from console.model.snapshot import Phase
from console.model.stimulation import StimulationKind
from console.procedure.situation import EVERYWHERE, Situation, situation
from console.procedure.state import Checking, Procedure, Stage, Starting, Stimulating
from console.procedure.transition import Happening, always
from console.procedure.transitions import IGNORED, TRANSITIONS, follow
from drivers.link.codes import EventCode

PAIRS = tuple(product(Happening, Situation))


def at(here: Situation) -> Procedure:
    """A bare session in this situation."""
    name, _, stage = here.value.partition(": ")
    of = Stage(stage) if stage else None
    ending = 1 if here.value.endswith("ending") else None
    if name.startswith("stimulati"):
        run = Stimulating(StimulationKind.SENSORY, "mA", of, 0, 50.0, 3_000, ending_ms=ending)
        return Procedure(phase=Phase.STIMULATE, stimulating=run)
    if name.startswith("test"):
        tested = Checking(CheckItem.PROBE_LEAK, of, 0, 3.0, ending_ms=ending)
        return Procedure(phase=Phase.CHECK, checking=tested)
    if name == "start":
        assert of is not None
        return Procedure(phase=Phase.STARTING, starting=Starting(of, 0, Phase.READY))
    if name.startswith("freez"):
        return Procedure(phase=Phase.FREEZING, ending_ms=ending)
    return Procedure(phase=Phase[here.name])


@pytest.mark.parametrize("here", Situation)
def test_every_situation_is_known_as_what_it_is(here: Situation) -> None:
    assert situation(at(here)) is here


def test_every_phase_has_a_situation() -> None:
    bare = {situation(Procedure(phase=phase)) for phase in Phase}
    assert len(bare) == len(Phase) - 1, "a phase of a start without one is not a start"


@pytest.mark.parametrize(("by", "here"), PAIRS)
def test_each_happening_in_each_situation_is_in_a_table_or_ignored_with_a_reason(
    by: Happening, here: Situation
) -> None:
    rows = [row for row in TRANSITIONS if row.by is by and here in row.situations]
    reasons = [each.why for each in IGNORED if each.by is by and here in each.situations]
    if rows:
        assert not reasons, f"{by} at {here} is in a table and ignored"
    else:
        assert len(reasons) == 1, f"{by} at {here} falls through"
        assert reasons[0]


@pytest.mark.parametrize("here", Situation)
def test_what_is_ignored_changes_nothing(here: Situation) -> None:
    proc = at(here)
    for each in IGNORED:
        if here in each.situations:
            assert follow(proc, each.by) == (proc, ())


@pytest.mark.parametrize(("by", "here"), PAIRS)
def test_no_row_stands_behind_one_that_always_counts(by: Happening, here: Situation) -> None:
    rows = [row for row in TRANSITIONS if row.by is by and here in row.situations]
    assert all(row.when is not always for row in rows[:-1])


def test_every_row_names_a_situation() -> None:
    assert all(row.situations and row.situations <= EVERYWHERE for row in TRANSITIONS)


def test_the_events_are_those_of_the_link() -> None:
    events = {
        by.value.removeprefix("event: ") for by in Happening if by.value.startswith("event: ")
    }
    assert events <= {code.name.lower().replace("_", " ") for code in EventCode}
