"""`make mutants`: tries every change of the modules that [tool.mutmut] in pyproject.toml names, and
writes docs/mutants.md. Exit 1 when one survives that explained.toml does not explain, or when it
explains one that does not survive; exit 2 when the tests fail as things are.

`python -m tests.mutants MODULE ...` tries those modules alone and writes nothing.
"""

import argparse
import os
import sys
import time
from datetime import UTC, datetime

from mutmut.configuration import config

from tests.mutants import trial
from tests.mutants.changes import ROOT, changes_of
from tests.mutants.report import Explained, document, explained, problems

DOCUMENT = ROOT / "docs" / "mutants.md"
BY_HAND = "\n## What it has found\n"
"""Where the part of the document begins that is written by hand."""


def main(arguments: list[str]) -> int:
    """Runs the command; its exit code."""
    os.chdir(ROOT)
    known = sorted(
        {str(p.relative_to(ROOT)) for glob in config().only_mutate for p in ROOT.glob(glob)}
    )
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=f"one of {', '.join(known)}")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="changes at once")
    wanted = parser.parse_args(arguments)
    for module in wanted.modules:
        if module not in known:
            parser.error(f"{module} is not a module that [tool.mutmut] names")
    changes = [change for m in wanted.modules or known for change in changes_of(m)]
    tests = config().pytest_add_cli_args_test_selection
    began = time.monotonic()
    try:
        trials = trial.run(changes, tests, max(1, wanted.jobs))
    except trial.NoBaselineError as error:
        print(error, file=sys.stderr)
        return 2
    took_s = time.monotonic() - began
    why: list[Explained] = [e for e in explained() if e.module in (wanted.modules or known)]
    wrong = problems(trials, why)
    text = document(trials, why, os.cpu_count() or 1, took_s, datetime.now(UTC).date())
    if not wanted.modules and not wrong:
        _, by_hand, rest = DOCUMENT.read_text("utf-8").partition(BY_HAND)
        DOCUMENT.write_text(text + by_hand + rest, encoding="utf-8")
    print(f"{len(trials)} changes in {took_s:.0f} s, {60 * len(trials) / took_s:.0f} a minute")
    for problem in wrong:
        print(problem)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
