"""The evidence of the interlocks, from the marks of the tests: `@pytest.mark.hazard(id, kind)`.

`python -m tests.evidence --write` puts it into console/safety/evidence.json, which the product only
reads. `--check` exits with 1 and one line for each kind that an interlock lacks, for each mark that
names no interlock or kind, and when the file is not what the marks say.
"""

import argparse
import contextlib
import io
import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest

from console.safety.hazards import KINDS, needed
from console.safety.interlock import Interlock
from console.safety.registry import REGISTRY

ROOT = Path(__file__).parents[1]
FILE = ROOT / "console" / "safety" / "evidence.json"
SIGNS = ("mark.hazard", "proof_kit import")
"""A file without any of these has no mark, and is not collected."""

Marks = dict[str, frozenset[tuple[str, str]]]
"""Of each test by its id with brackets: interlocks and kinds."""
Evidence = dict[str, dict[str, list[str]]]
"""The tests of each interlock by kind."""


class _Collector:
    def __init__(self) -> None:
        self.marks: Marks = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.marks = {
            item.nodeid: frozenset(
                (str(mark.args[0]), str(mark.args[1])) if len(mark.args) == 2 else (str(mark), "")
                for mark in item.iter_markers("hazard")
            )
            for item in items
        }


class CollectError(RuntimeError):
    """pytest could not collect the tests; its words."""


def collected(root: Path = ROOT) -> Marks:
    """The marks of all tests, as pytest itself finds them. CollectError where it cannot."""
    files = [
        str(path)
        for path in sorted((root / "tests").rglob("test_*.py"))
        if any(sign in path.read_text("utf-8") for sign in SIGNS)
    ]
    found, said = _Collector(), io.StringIO()
    options = ["--collect-only", "-q", "-o", "addopts=", "-p", "no:cacheprovider"]
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        ended = pytest.main([*options, f"--rootdir={root}", *files], plugins=[found])
    if ended is not pytest.ExitCode.OK:
        raise CollectError(said.getvalue()[-2_000:])
    return found.marks


def gathered(marks: Marks) -> Evidence:
    """By interlock and kind. A test whose parameters all have the same marks stands once, without
    brackets."""
    of_test: dict[str, set[frozenset[tuple[str, str]]]] = defaultdict(set)
    for test, found in marks.items():
        of_test[test.partition("[")[0]].add(found)
    tests: dict[tuple[str, str], set[str]] = defaultdict(set)
    for test, found in marks.items():
        whole = test.partition("[")[0]
        for each in found:
            tests[each].add(whole if len(of_test[whole]) == 1 else test)
    evidence: Evidence = {id: {} for id in sorted({id for id, _ in tests})}
    for id, kind in sorted(tests):
        evidence[id][kind] = sorted(tests[id, kind])
    return evidence


def problems(evidence: Evidence, registry: Iterable[Interlock] = REGISTRY) -> list[str]:
    """What is missing, and the marks that name what is not there; one line each."""
    by_id = {each.id: each for each in registry}
    wrong = []
    for id, kinds in evidence.items():
        for kind, tests in kinds.items():
            if id not in by_id:
                wrong.append(f"{tests[0]}: marked for {id!r}, which is no interlock")
            elif kind not in KINDS:
                wrong.append(
                    f"{tests[0]}: marked with {kind!r}, which is none of {', '.join(KINDS)}"
                )
    for id, interlock in by_id.items():
        for kind in sorted(needed(interlock) - evidence.get(id, {}).keys()):
            wrong.append(f"{id}: no test is marked hazard({id!r}, {kind!r})")
    return wrong


def as_file(evidence: Evidence) -> bytes:
    """What the file holds."""
    return msgspec.json.format(msgspec.json.encode(evidence), indent=1) + b"\n"


def main(arguments: list[str]) -> int:
    """Runs the command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.evidence", description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", action="store_true", help="write console/safety/evidence.json")
    what.add_argument("--check", action="store_true", help="say what is missing, wrong or stale")
    asked = parser.parse_args(arguments)
    try:
        evidence = gathered(collected())
    except CollectError as error:
        print(error, file=sys.stderr)
        return 2
    wrong = problems(evidence)
    if asked.write:
        FILE.write_bytes(as_file(evidence))
    elif not FILE.exists() or FILE.read_bytes() != as_file(evidence):
        wrong.append(f"{FILE.relative_to(ROOT)} is stale: make docs")
    for each in wrong:
        print(each)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
