"""What every interlock has to prove, as one parametrised test made from what its file states.

The file of an interlock says `test_ID = proven(Case(...))`; each proof carries the mark of the kind
of evidence that it is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from safety_kit import LIMITS, at, facts, found, ids, look, seen

from console.model.alarm import Priority
from console.safety import texts
from console.safety.facts import Facts
from console.safety.interlock import Found, Latch, SafeState
from console.safety.limits import Limits
from console.safety.registry import BY_ID
from drivers.link.codes import Fault

ROOT: Final = Path(__file__).parents[2]
Values = tuple[Sequence[Any], Sequence[Any]]
"""(the interlock's condition holds, it does not)."""
YES: Final[Values] = ((True,), (False,))
NO: Final[Values] = ((False,), (True,))


@dataclass(frozen=True)
class Table:
    """One way in which the condition comes to hold. `moments` makes what the supervisor sees from
    the inputs; it is judged at the last. Each input has values with which the condition holds, the
    first of them its value while the others are looked at, and values with which it does not: every
    one of those alone must flip the result (none where the input does not matter). A limit is given
    at, just under and just over."""

    way: str
    moments: Callable[..., list[Facts]]
    inputs: Mapping[str, Values]

    def values(self) -> Iterator[tuple[dict[str, Any], bool]]:
        """The inputs with one at a time changed, and whether the condition holds with them."""
        base = {name: holds[0] for name, (holds, _) in self.inputs.items()}
        for name, both in self.inputs.items():
            for values, holds in zip(both, (True, False), strict=True):
                for value in values:
                    yield base | {name: value}, holds

    def holds(self, id: str, inputs: dict[str, Any], limits: Limits = LIMITS) -> bool:
        return found(id, self.moments(**inputs), limits) is not None


@dataclass(frozen=True)
class Case:
    """What was agreed for an interlock, stated here and never read from the product.

    `happened`: the alarm's first line in the moment with which it stands `alone`, `to_do` the
    second; `by_device`: the first line where only the device reports it. `limits`: as shipped, by
    key; `within`: those of them whose tests are elsewhere, each with where."""

    id: str
    state: SafeState
    priority: Priority | None
    latch: Latch
    to_do: str
    limits: Mapping[str, float] = field(default_factory=dict)
    happened: str = ""
    by_device: str = ""
    alone: Sequence[Facts] = ()
    tables: Sequence[Table] = ()
    within: Mapping[str, str] = field(default_factory=dict)


def proven(case: Case) -> Callable[[str], None]:
    """The test of all that `case` has to prove, a parameter each."""
    proofs: dict[str, tuple[str, Callable[[Case], None]]] = {"agreed": ("", _agreed)}
    if case.tables:
        proofs["truth"] = ("truth", _truth)
        if case.limits:
            proofs["limit"] = ("limit", _limits)
    if case.alone:
        proofs["alone"] = ("trip", _alone)
    if case.by_device:
        proofs["bit"] = ("trip", _bit)

    @pytest.mark.parametrize(
        "proof",
        [
            pytest.param(name, marks=[pytest.mark.hazard(case.id, kind)] if kind else [])
            for name, (kind, _) in proofs.items()
        ],
    )
    def test(proof: str) -> None:
        proofs[proof][1](case)

    return test


def _agreed(case: Case) -> None:
    """State, priority, latch and words; and that nothing which is heard is left unstated."""
    interlock = BY_ID[case.id]
    agreed = (case.state, case.priority, case.latch)
    assert (interlock.state, interlock.priority, interlock.latch) == agreed
    assert texts.to_do(interlock, LIMITS) == case.to_do
    assert {limit.key: limit.value for limit in interlock.limits} == case.limits
    assert bool(case.tables) is bool(case.alone) is (interlock.watch is not None)
    bits = {(fault.name or "").lower() for fault in Fault}
    assert bool(case.by_device) is interlock.has_bit is (case.id in bits)
    if not case.alone and not case.by_device:
        assert interlock.refusal is not None and interlock.refusal.by
        assert texts.happened(interlock, Found(), LIMITS) == case.happened


def _truth(case: Case) -> None:
    assert len({table.way for table in case.tables}) == len(case.tables)
    for table in case.tables:
        assert any(flips for _, flips in table.inputs.values()), f"nothing flips {table.way}"
        for inputs, holds in table.values():
            assert table.holds(case.id, inputs) is holds, f"{table.way}: {inputs}"


def _limits(case: Case) -> None:
    """Each limit that is moved moves the result of a table."""
    assert set(case.within) <= set(case.limits)
    for key, where in case.within.items():
        file = where.rpartition(" ")[2]
        assert not file.startswith("tests/") or (ROOT / file).is_file(), f"{key}: no {file}"
    for key in case.limits.keys() - case.within.keys():
        assert any(_moves(case, table, key) for table in case.tables), f"{key} decides nothing"


def _moves(case: Case, table: Table, key: str) -> bool:
    for share in (0.995, 1.005, 0.9, 1.1, 0.5, 1.5):
        limits = LIMITS.changed({key: LIMITS.by_key[key] * share})
        for inputs, holds in table.values():
            if table.holds(case.id, inputs, limits) is not holds:
                return True
    return False


def _alone(case: Case) -> None:
    """The supervisor asks the watch: it finds this and nothing else, in these words, and trips
    where the safe state is SS1."""
    state, verdict = look(case.alone[:-1])
    assert case.id not in ids(verdict), "the last moment brings it"
    _, verdict = look(case.alone[-1:], state=state)
    assert ids(verdict) == [case.id]
    one = verdict.findings[0]
    assert texts.happened(BY_ID[case.id], one.found, LIMITS) == case.happened
    assert [trip.id for trip in verdict.trips] == _tripping(case)


def _bit(case: Case) -> None:
    """The device's fault bit is found, alone, in these words; and trips where it has to."""
    healthy, _ = look([facts()])
    _, verdict = look([at(50, seen_faults=(case.id,))], state=healthy)
    assert ids(verdict) == [case.id]
    one = verdict.findings[0]
    assert one.by_device
    assert texts.happened(BY_ID[case.id], one.found, LIMITS) == case.by_device
    assert [trip.id for trip in verdict.trips] == _tripping(case)
    _, verdict = look([facts(link_open=False, observation=seen(faults=(case.id,)))])
    assert case.id not in ids(verdict), "of a link that is not open nothing is heard"


def _tripping(case: Case) -> list[str]:
    return [case.id] if case.state is SafeState.SS1 else []
