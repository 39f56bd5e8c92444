"""Tries changes: the tests are collected and run once as they are, which tells what each of them
calls and what it costs; then every change is made in a process forked from there, which runs the
tests that call the changed function, the quickest first, up to the first that fails."""

import gc
import os
import resource
import signal
import sys
import tempfile
import time
import types
from enum import StrEnum
from typing import Any

import msgspec
import pytest
from _pytest.runner import runtestprotocol

from tests.mutants.changes import Change, function_of, make

CPU_FACTOR, CPU_LEAST_S = 10, 5
WALL_FACTOR = 12  # of the processor's time: the machine may be busy
WENT_ON, NOTICED, BROKEN = 0, 1, 2  # how a forked process ends


class Outcome(StrEnum):
    """What became of a change."""

    NOTICED = "noticed"
    ENDLESS = "endless"
    SURVIVED = "survived"


class Trial(msgspec.Struct, frozen=True):
    """A change, and its end. `tests`: how many call the function."""

    change: Change
    outcome: Outcome
    tests: int


class NoBaselineError(Exception):
    """The tests fail as things are, so nothing can be learnt from them."""


def run(changes: list[Change], tests: list[str], jobs: int) -> list[Trial]:
    """Every change tried, in this order; `jobs` at once. NoBaselineError when the tests fail
    without any change."""
    plugin = _Plugin(changes, jobs)
    with tempfile.TemporaryDirectory() as files:
        options = [
            "-qq",
            "--no-summary",
            "--tb=native",
            "--assert=plain",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
        ]
        options += ["--basetemp", files, "-m", "not seeds and not slow and not window"]
        code = pytest.main([*options, *tests], plugins=[plugin])
    if plugin.failed or code != pytest.ExitCode.OK:
        raise NoBaselineError(plugin.failed or f"pytest ended with {code!r}")
    return plugin.trials


class _Plugin:
    def __init__(self, changes: list[Change], jobs: int) -> None:
        self.changes, self.jobs = changes, jobs
        self.trials: list[Trial] = []
        self.failed = ""
        self._calls: dict[types.CodeType, list[pytest.Item]] = {}
        self._costs_s: dict[pytest.Item, float] = {}

    def pytest_configure(self) -> None:
        from hypothesis import Phase, settings  # pytest wants to be there first

        # The same examples each time: whether a change is noticed must not be a matter of luck.
        # Which is the smallest that fails does not matter.
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile(
            "mutants", derandomize=True, database=None, deadline=None, phases=phases
        )
        settings.load_profile("mutants")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.failed = f"{report.nodeid}: {report.longreprtext}"

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if not self.failed:
            self._run_as_it_is(session.items)
        if not self.failed:
            self._try_all()
        return True

    def _run_as_it_is(self, items: list[pytest.Item]) -> None:
        functions = {function_of(c.module, c.function).__code__ for c in self.changes}
        self._calls = {code: [] for code in functions}
        called: set[types.CodeType] = set()

        def look(frame: types.FrameType, event: str, _: Any) -> None:
            if event == "call" and frame.f_code in functions:
                called.add(frame.f_code)

        for item, after in zip(items, [*items[1:], None], strict=True):
            called.clear()
            began = time.process_time()
            sys.setprofile(look)
            try:
                reports = runtestprotocol(item, nextitem=after, log=False)
            finally:
                sys.setprofile(None)
            self._costs_s[item] = time.process_time() - began
            bad = next((report for report in reports if report.failed), None)
            if bad is not None:
                self.failed = f"{item.nodeid} fails without a change: {bad.longreprtext}"
                return
            for code in called:
                self._calls[code].append(item)

    def _try_all(self) -> None:
        gc.collect()
        gc.freeze()  # or each fork would copy all that its own collector looks at
        ended: dict[int, Trial] = {}
        running: dict[int, int] = {}
        for number, change in enumerate(self.changes):
            if len(running) == self.jobs:
                self._wait(running, ended)
            running[self._fork(change)] = number
        while running:
            self._wait(running, ended)
        self.trials = [ended[number] for number in range(len(self.changes))]

    def _wait(self, running: dict[int, int], ended: dict[int, Trial]) -> None:
        pid, status = os.wait()
        number = running.pop(pid)
        change = self.changes[number]
        code = os.waitstatus_to_exitcode(status)
        if code == BROKEN:
            raise RuntimeError(f"the change could not be made: {change.name}")
        if code in (-signal.SIGXCPU, -signal.SIGALRM):
            outcome = Outcome.ENDLESS
        else:
            outcome = Outcome.SURVIVED if code == WENT_ON else Outcome.NOTICED
        ended[number] = Trial(change, outcome, len(self._tests_of(change)))
        if len(ended) % 100 == 0:
            print(f"{len(ended)} of {len(self.changes)}", file=sys.stderr)

    def _tests_of(self, change: Change) -> list[pytest.Item]:
        items = self._calls[function_of(change.module, change.function).__code__]
        return sorted(items, key=lambda item: self._costs_s[item])

    def _fork(self, change: Change) -> int:
        items = self._tests_of(change)
        pid = os.fork()
        if pid:
            return pid
        code = BROKEN
        try:
            nothing = os.open(os.devnull, os.O_RDWR)
            os.dup2(nothing, 1)
            os.dup2(nothing, 2)
            limit_s = int(CPU_FACTOR * sum(self._costs_s[item] for item in items)) + CPU_LEAST_S
            resource.setrlimit(resource.RLIMIT_CPU, (limit_s, limit_s + 1))
            signal.alarm(WALL_FACTOR * limit_s)
            make(change)
            code = _run(items)
        finally:
            os._exit(code)


def _run(items: list[pytest.Item]) -> int:
    for item in items:
        if any(report.failed for report in runtestprotocol(item, nextitem=None, log=False)):
            return NOTICED
    return WENT_ON
