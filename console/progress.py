"""The progress of long work, on a terminal; nothing in a pipe."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from console.control.state import State
from console.model.plan import Plan
from console.model.quantities import celsius
from console.model.snapshot import Phase
from console.procedure import view


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    )


@contextlib.contextmanager
def shares(description: str) -> Iterator[Callable[[float], None]]:
    """A bar that follows the shares, 0 to 1, which it is told."""
    with _bar() as bar:
        task = bar.add_task(description, total=1.0)
        yield lambda share: bar.update(task, completed=share)


class RunProgress:
    """A line that follows the procedure; call it with the core's state."""

    def __init__(self, plan: Plan) -> None:
        self._freezes = sum(len(site.cycles) for site in plan.sites)
        self._bar = _bar()
        self._task = self._bar.add_task("connecting", total=self._freezes + 1)
        self._last_ms = 0

    def __enter__(self) -> "RunProgress":
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def __call__(self, state: State) -> None:
        """Shows where the run is, a few times a second of device time."""
        seen = state.observation
        if seen is None or 0 <= seen.at_ms - self._last_ms < 500:
            return
        self._last_ms = seen.at_ms
        proc = state.procedure
        shown = view.view(proc, state.conditions(state.heard_ms or 0.0))
        done = float(sum(record.ended_ms is not None for record in proc.records))
        record = proc.last_record
        if proc.phase is Phase.FREEZING and record is not None and shown.elapsed_s is not None:
            done += min(1.0, shown.elapsed_s / record.planned_freeze_s)
        elif proc.phase is Phase.OUT:
            done = self._freezes + 1.0
        text = f"{shown.headline:<24} tip {celsius(seen.tip_celsius, 1):>9}"
        self._bar.update(self._task, completed=done, description=text)
