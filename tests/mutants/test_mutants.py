"""What `make mutants` says can be relied on: a change is what it is called, and takes hold; what
survives without a reason, and a reason without a survivor, are both told."""

import pytest
from mutmut.configuration import config

from console import config as settings
from console.safety import release
from tests.mutants.changes import ROOT, Change, changes_of, function_of, make
from tests.mutants.report import Explained, explained, problems
from tests.mutants.trial import Outcome, Trial

RELEASE = "console/safety/release.py"
NAMED = {"module": "m.py", "function": "f", "was": "a", "now": "b"}
CHANGE = Change(**NAMED, source="")
ROW = Explained(**NAMED, why="because")


def tried(outcome: Outcome) -> Trial:
    return Trial(CHANGE, outcome, 1)


def test_a_change_takes_hold_for_everyone_who_calls_the_function(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    changes = {(c.function, c.was, c.now): c for c in changes_of(RELEASE)}
    changed = changes["_reason", "if seen is None:", "if seen is not None:"]
    function = function_of(RELEASE, "_reason")
    for part in ("__code__", "__defaults__", "__kwdefaults__"):
        monkeypatch.setattr(function, part, getattr(function, part))
    limits = settings.limits()
    assert release.step(release.Release(), None, limits).reason == "No reading from the console"
    make(changed)
    with pytest.raises(AttributeError):
        release.step(release.Release(), None, limits)


def test_only_a_survivor_without_a_reason_and_a_reason_without_a_survivor_are_told() -> None:
    assert problems([tried(Outcome.SURVIVED)], []) == ["survives 1 tests: m.py, f\n  - a\n  + b"]
    assert problems([tried(Outcome.SURVIVED)], [ROW]) == []
    assert problems([tried(Outcome.NOTICED), tried(Outcome.ENDLESS)], []) == []
    for outcome in (Outcome.NOTICED, Outcome.ENDLESS):
        (said,) = problems([tried(outcome)], [ROW])
        assert said.startswith("explained, but does not survive")
    (said,) = problems([tried(Outcome.SURVIVED)] * 2, [ROW])
    assert said.startswith("survives 2 times, explained 1 times")


def test_every_row_has_its_reason_and_a_module_that_is_changed() -> None:
    known = {
        str(path.relative_to(ROOT)) for glob in config().only_mutate for path in ROOT.glob(glob)
    }
    for row in explained():
        assert row.module in known and row.why.strip() and row.was != row.now
