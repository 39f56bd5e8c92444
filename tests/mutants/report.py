"""What is said of the trials: the document, and which survivors nobody has explained."""

import tomllib
from collections import Counter
from datetime import date
from pathlib import Path

import msgspec

from tests.mutants.trial import Outcome, Trial

ROWS = Path(__file__).with_name("explained.toml")


class Explained(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change that no test can notice, and why. Named as in `Change`."""

    module: str
    function: str
    was: str
    now: str
    why: str

    @property
    def name(self) -> tuple[str, str, str, str]:
        """The name of its change."""
        return self.module, self.function, self.was, self.now


def explained() -> list[Explained]:
    """The rows of explained.toml. ValueError for one that is not whole."""
    return msgspec.convert(tomllib.loads(ROWS.read_text("utf-8")).get("row", []), list[Explained])


def problems(trials: list[Trial], why: list[Explained]) -> list[str]:
    """A text for each survivor without an explanation, and for each row that explains none."""
    survived = Counter(t.change.name for t in trials if t.outcome is Outcome.SURVIVED)
    tests = {t.change.name: t.tests for t in trials}
    rows = Counter(row.name for row in why)
    found = [f"survives {tests[n]} tests: {_said(n)}" for n in survived if n not in rows]
    found += [f"explained, but does not survive: {_said(name)}" for name in rows - survived]
    # Lines that stand twice in a function make two changes of one name, and want two rows.
    found += [
        f"survives {survived[name]} times, explained {rows[name]} times: {_said(name)}"
        for name in survived
        if 0 < rows[name] < survived[name]
    ]
    return found


def _said(name: tuple[str, str, str, str]) -> str:
    module, function, was, now = name
    return f"{module}, {function}\n  - {was}\n  + {now}"


def document(
    trials: list[Trial], why: list[Explained], cores: int, took_s: float, day: date
) -> str:
    """docs/mutants.md."""
    counts = Counter((t.change.module, t.outcome) for t in trials)
    lines = [
        "# Mutants",
        "`make mutants` changes the code of safety, of the link and of the journal, one place at a"
        " time, wherever mutmut knows a change, and runs the tests that call the changed function,"
        " the quickest first. A change that no test notices is a survivor: a test is missing, or"
        " the code says more than it must, or no test can tell. Only the last may stay, with its"
        " reason in tests/mutants/explained.toml; any other fails the command. Modules and tests"
        " are listed in pyproject.toml; the tests are those of these parts alone.",
        "",
        "Rules that are rows of data, their limits and their words are no functions, and are not"
        " changed; tests/safety holds each row to a truth table and its limits instead.",
        "",
        f"{len(trials)} changes, {took_s:.0f} s on {cores} shared cores, {day}:",
        "",
        "| module | changes | noticed | of these endless | survived, explained |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for module in dict.fromkeys(t.change.module for t in trials):
        noticed, endless, survived = (counts[module, outcome] for outcome in Outcome)
        whole = noticed + endless + survived
        lines.append(f"| {module} | {whole} | {noticed + endless} | {endless} | {survived} |")
    lines += [
        "",
        "Endless: the tests do not come to an end any more, which is noticed too.",
        "",
        "## Survivors",
        "| where | change | why no test can tell |",
        "| --- | --- | --- |",
    ]
    for row in why:
        was, now = (text.replace("|", "\\|") for text in (row.was, row.now))
        lines.append(f"| {row.module}, {row.function} | `{was}` → `{now}` | {row.why} |")
    return "\n".join(lines) + "\n"
