"""Each check fails the mutants that were made for it; no mutant passes everything."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from drivers.conformance import CHECKS
from tests.conformance import matrix
from tests.conformance.device import conform, console
from tests.conformance.mutants import MUTANTS

# Its check takes more than a minute of device time to fail.
_LONG = {"a-stimulation-lasts"}
_AT_ONCE = 3
_NAMES = [name for name in MUTANTS if name not in _LONG]
_SHARES = [
    pytest.param(_NAMES[part::8], marks=pytest.mark.seeds if part % 2 else ()) for part in range(8)
]
"""Every second by default."""


def test_every_check_has_a_mutant_made_for_it() -> None:
    made = {check for mutant in MUTANTS.values() for check in mutant.checks}
    assert made == {check.id for check in CHECKS}


def _survived(name: str, folder: Path) -> dict[str, str]:
    """The checks made for the mutant `name` that it does not fail."""
    with console(name, ("--pty", str(folder / name))) as port:
        outcomes = conform(port, MUTANTS[name].checks, tries=1)
    return {f"{name}: {o.check.id}": o.detail for o in outcomes if o.passed is not False}


@pytest.mark.parametrize(
    "names", [*_SHARES, pytest.param(sorted(_LONG), marks=pytest.mark.slow)], ids=len
)
def test_a_mutant_fails_the_checks_made_for_it(names: list[str], tmp_path: Path) -> None:
    # They mostly wait for device time: several at once.
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = list(pool.map(lambda name: _survived(name, tmp_path), names))
    assert not {key: detail for one in found for key, detail in one.items()}


NEGLECTS = {
    "no-fault-is-told-as-cleared": "safety.fault-cleared",
    "the-log-is-always-empty": "transport.log",
    "calibration-is-not-stored": "safety.calibration-stored",
    "it-releases-while-it-warms": "safety.release-not-warming",
    "five-degrees-are-near": "safety.at-target",
    "the-self-test-is-over-in-10-ms": "safety.self-test",
    "an-exercise-needs-no-lease": "safety.exercise-needs-lease",
    "an-exercise-has-no-end": "safety.exercise-ends",
    "maintenance-is-left-to-idle": "safety.maintenance-left",
    "the-exhaust-is-shut-in-a-freeze": "safety.exhaust-open",
    "tokens-are-1-2-3": "safety.tokens-random",
    "a-start-may-be-380-ms-ahead": "safety.start-ahead",
    "it-resets-in-a-freeze": "safety.reset-in-freeze",
    "a-new-host-inherits-the-warming": "safety.hello-in-warming",
    "the-lease-is-its-only-protection": "safety.protection",
    "eight-events-are-kept": "transport.events-kept",
    "it-tests-itself-in-every-state": "safety.test-states",
    "reset-is-always-done": "safety.reset-leaves-causes",
}
"""What a device once neglected all at once, and passed."""


@pytest.mark.slow
def test_neglects_that_are_planted_together_are_told_apart(tmp_path: Path) -> None:
    with console("+".join(NEGLECTS), ("--pty", str(tmp_path / "port"))) as port:
        outcomes = conform(port, list(NEGLECTS.values()), tries=1)
    assert sum(one.passed is False for one in outcomes) >= 12


@pytest.mark.seeds
def test_the_whole_matrix(capsys: pytest.CaptureFixture[str]) -> None:
    found = matrix.rows(["healthy", *MUTANTS])
    with capsys.disabled():
        print(matrix.table(found))
    assert not {row.name: row.wrong for row in found if row.wrong}
