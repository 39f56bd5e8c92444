"""The records: a list of a thousand sessions, and the report of one of ten minutes."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from console.control.procedure_door import saved
from console.control.state import SavedCase
from console.model.cycle import CycleRecord, CycleState
from console.model.plan import Cycle, Plan, Side, Site
from console.model.request import ChoosePlan
from console.model.snapshot import Phase
from console.procedure.state import Procedure
from console.records import (
    AnyEntry,
    Connected,
    FrameIn,
    Header,
    JournalWriter,
    Progress,
    ReplyOut,
    RequestIn,
    Store,
    listed,
    read_session,
)
from console.report.gathering import account
from console.report.pdf import report
from drivers.link import codes
from drivers.link.frame import Frame, encode
from drivers.link.messages import Telemetry, pack, to_centikelvin
from tests.bench.figure import Figure, p99, spread
from tests.consoles import RECORDED

SESSIONS = 1_000
LIST_S, REPORT_S = 0.3, 2.0
MINUTES = 10
RUNS, LISTS, REPORTS = 5, 8, 2
PLAN = Plan(sites=(Site("saphenous", Side.LEFT, (Cycle(120.0),) * 3),))


def figures() -> dict[str, Figure]:
    """Measures."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "records")
        for number in range(SESSIONS):
            _short(store, number)
        listed(store)
        long = read_session(_long(Path(folder) / "long"))
        return {
            f"{SESSIONS} sessions listed": _figure(lambda: listed(store), LIST_S, LISTS),
            f"{SESSIONS} sessions searched": _figure(
                lambda: listed(store, "saphenous case-77"), LIST_S, LISTS
            ),
            f"report of a session of {MINUTES} min": _figure(
                lambda: report(account(long), "2026-11-21T12:00:00+00:00"), REPORT_S, REPORTS
            ),
        }


def _figure(what: Callable[[], object], budget_s: float, times: int) -> Figure:
    runs = []
    for _ in range(RUNS):
        took = []
        for _ in range(times):
            began = time.perf_counter()
            what()
            took.append(time.perf_counter() - began)
        runs.append(took)
    every = [each for run in runs for each in run]
    worst = p99(every)
    return Figure(
        median=statistics.median(every),
        p99=worst,
        unit="s",
        budget=f"at most {budget_s:g} s",
        ok=worst <= budget_s,
        spread=spread([statistics.median(run) for run in runs]),
    )


def _short(store: Store, number: int) -> None:
    name = f"20261121-{number // 3600:02d}{number // 60 % 60:02d}{number % 60:02d}-{number:04x}"
    asked = RequestIn(0.0, 1, ChoosePlan(PLAN, f"case-{number}", "KJ"))
    _written(store.root / name, [_DEVICE, asked, ReplyOut(1, None)], name)


def _long(folder: Path) -> Path:
    hertz = 20
    records = tuple(
        CycleRecord(0, at + 1, 120.0, CycleState.DONE, at * 180_000, at * 180_000 + 120_000)
        for at in range(3)
    )
    proc = Procedure(phase=Phase.OUT, plan=PLAN, records=records)
    case = Progress(0.0, saved(SavedCase(proc, "COM3", 1, None)))
    asked = RequestIn(0.0, 1, ChoosePlan(PLAN, "case-1", "KJ"))
    frames = (_frame(at * 1_000 // hertz) for at in range(MINUTES * 60 * hertz))
    return _written(folder, [_DEVICE, asked, ReplyOut(1, None), *frames, case], "long")


def _written(folder: Path, entries: list[AnyEntry], session: str) -> Path:
    header = Header(
        session=session, number=1, reason="new", started="2026-11-21T10:00:00+00:00", now_ms=0.0,
        program="bench", rules_hash="", thresholds={}, port="COM3",
    )  # fmt: skip
    writer = JournalWriter(folder / "001.journal", header)
    for number, entry in enumerate(entries, 1):
        writer.append(entry)
        if number % 400 == 0:
            writer.sync()
    writer.close("completed")
    return folder


def _frame(at_ms: int) -> FrameIn:
    tip = -70.0 + at_ms % 1_700 / 1_000
    message = Telemetry(
        codes.DeviceState.FREEZING, int(codes.Actuator.VALVE_OPEN), 0, to_centikelvin(tip), 28_715,
        29_465, 5_050 - at_ms // 10_000, 150 + at_ms % 7, 300 + at_ms % 13, 80, 0, 0, 0, 0, 0,
    )  # fmt: skip
    raw = encode(Frame(Telemetry.KIND, at_ms & 0xFFFF, 7, at_ms, pack(message)))
    return FrameIn(float(at_ms), raw[:-1])


_DEVICE = Connected(0.0, RECORDED)
