"""What the tests of the report share: recorded sessions, and their documents as text."""

import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

from console.control.procedure_door import saved
from console.control.state import SavedCase
from console.model.console_check import CheckItem, CheckResult, CheckStanding
from console.model.cycle import CycleRecord, CycleState
from console.model.device import ProbeInfo
from console.model.estimate import Band, Estimate
from console.model.event import Event, EventKind
from console.model.observation import FreezeEnd
from console.model.override import Overridden, OverrideKind
from console.model.pain import PainScore
from console.model.plan import Cycle, Plan, Side, Site
from console.model.request import ChoosePlan
from console.model.snapshot import Phase
from console.model.stimulation import (
    StimulationAnswer,
    StimulationKind,
    StimulationRecord,
    StimulationStep,
)
from console.model.time_out import TimeOutAnswer, TimeOutItem
from console.procedure.state import Procedure
from console.records import (
    AnyEntry,
    Connected,
    EstimateIn,
    FrameIn,
    Happened,
    Header,
    JournalWriter,
    Progress,
    ReplyOut,
    RequestIn,
    Session,
    read_session,
)
from console.report.account import Account
from console.report.gathering import account
from drivers.link import codes
from drivers.link.frame import Frame, encode
from drivers.link.messages import Telemetry, pack, to_centikelvin
from tests.consoles import RECORDED

GOLDEN = Path(__file__).parents[1] / "records" / "golden" / "schema-2.journal"
MADE = "2026-11-21T16:10:00+01:00"
PLAN = Plan(
    sites=(
        Site("saphenous", Side.LEFT, (Cycle(60.0, 20.0), Cycle(30.0))),
        Site("genicular <lateral> & more", Side.RIGHT, (Cycle(30.0),)),
    ),
    target_celsius=-65.0,
    name="Two sites",
)
DEVICE = msgspec.structs.replace(
    RECORDED, simulated=False, probe=ProbeInfo("LT-14-6", "PR-0815", 5, 1.4, 6.0, 21_000)
)
FREEZES = (
    CycleRecord(
        site=0, number=1, planned_freeze_s=60.0, state=CycleState.DONE, started_ms=100_000,
        ended_ms=190_000, end=FreezeEnd.TIMER, extended_s=30.0, start_tip_celsius=33.12,
        lowest_tip_celsius=-66.34, time_to_target_s=7.25, time_at_target_s=81.0, thaw_s=21.5,
        highest_thaw_celsius=-7.51, gas_g=14.87,
    ),
    CycleRecord(
        site=0, number=2, planned_freeze_s=30.0, state=CycleState.STOPPED, started_ms=211_500,
        ended_ms=229_000, end=FreezeEnd.FAULT, start_tip_celsius=-7.62, lowest_tip_celsius=-64.21,
        time_to_target_s=4.75, time_at_target_s=12.0, gas_g=3.91, placement=2,
    ),
    CycleRecord(
        site=1, number=1, planned_freeze_s=30.0, state=CycleState.DONE, started_ms=5_000,
        ended_ms=35_000, end=FreezeEnd.TIMER, start_tip_celsius=34.51, lowest_tip_celsius=-65.93,
        time_to_target_s=6.35, time_at_target_s=24.0, thaw_s=126.0, highest_thaw_celsius=12.41,
        gas_g=6.28,
    ),
)  # fmt: skip


def golden() -> Session:
    """Two freezes of a headless run, recorded by the loop itself."""
    return read_session(GOLDEN)


@cache
def told() -> Account:
    """What the golden session tells."""
    return account(golden())


def telemetry(at_ms: int, now_ms: float, tip: float | None, *, valve: bool = False) -> FrameIn:
    """A frame of telemetry, one a second; a tip of None is an open thermocouple."""
    state = codes.DeviceState.FREEZING if valve else codes.DeviceState.IDLE
    actuators = codes.Actuator.VALVE_OPEN if valve else codes.Actuator.EXHAUST_OPEN
    qualities = 0 if tip is not None else codes.Quality.OPEN << 4 * codes.Sensor.TIP
    message = Telemetry(
        state, int(actuators), qualities, to_centikelvin(tip or 0.0), 28_715, 29_465,
        5_050, 150 if valve else 101, 310 if valve else 0, 80 if valve else 0, 0, 0, 0, 0, 0,
    )  # fmt: skip
    return FrameIn(now_ms, encode(Frame(Telemetry.KIND, 1, 7, at_ms, pack(message)))[:-1])


def happened(kind: EventKind, at_ms: int | None, text: str, second: int) -> Happened:
    wall = f"2026-11-21T10:{second // 60:02d}:{second % 60:02d}+01:00"
    return Happened(float(second), wall, Event(kind, at_ms, text))


TESTS = (
    StimulationRecord(
        site=0, placement=1, kind=StimulationKind.SENSORY, unit="mA", rate_hz=50.0, pulse_ms=0.5,
        limit_ua=500, started_ms=92_000,
        steps=(
            StimulationStep(93_000, 50, 47.0, 512.0), StimulationStep(95_000, 350, 342.0, 514.0),
        ),
        ended_ms=96_000, end=FreezeEnd.END, answer=StimulationAnswer.USUAL_AREA, answered_ua=350,
        delivered_ua=342.0, impedance_ohm=514.0,
    ),
    StimulationRecord(
        site=0, placement=2, kind=StimulationKind.MOTOR, unit="mA", rate_hz=2.0, pulse_ms=0.5,
        limit_ua=1_000, started_ms=97_000, steps=(StimulationStep(97_500, 150),),
        ended_ms=98_000, end=FreezeEnd.STOP,
    ),
)  # fmt: skip
OVERRIDES = (
    Overridden(
        OverrideKind.NO_STIMULATION, 1, 1, "seen by ultrasound", 3_000,
        what="The sensory test is not done",
    ),
)  # fmt: skip
PAIN = (PainScore(8, 0, 0, 95_000), PainScore(2, 0, 1, 200_000))


CHECK = (
    CheckResult(CheckItem.PROBE, CheckStanding.PASSED, "LT-14-6, P-0001", at_ms=90_100),
    CheckResult(CheckItem.SUPPLY_LEAK, CheckStanding.NOT_MEASURABLE, "no second valve", "", 90_150),
    CheckResult(CheckItem.PROBE_LEAK, CheckStanding.FAILED, "0:03 of gas", "", 90_200),
    CheckResult(CheckItem.PROBE_LEAK, CheckStanding.PASSED, "0:03 of gas, again", "", 90_300),
)
TIME_OUT = (
    TimeOutAnswer(TimeOutItem.IDENTITY, True, at_ms=90_500),
    TimeOutAnswer(TimeOutItem.ALLERGIES, False, at_ms=91_000),
    TimeOutAnswer(TimeOutItem.ALLERGIES, False, "latex: gloves changed", 91_500),
)


def checkpoint(
    *records: CycleRecord, overrides: tuple[Overridden, ...] = (), site: int | None = None
) -> Progress:
    """At the place of the last freeze, or at `site` before its first."""
    at, placement = (records[-1].site, records[-1].placement) if records else (0, 1)
    if site is not None:
        at, placement = site, 1
    proc = Procedure(
        phase=Phase.THAWING, plan=PLAN, site=at, placement=placement, records=records,
        released_mg=25_060.0, tests=TESTS, overrides=overrides, pain=PAIN,
        pain_gone=(1,), check=CHECK, time_out=TIME_OUT,
    )  # fmt: skip
    return Progress(0.0, saved(SavedCase(proc, "COM3", 1, DEVICE.serial)))


def estimate(at_ms: int, edge: float, minus20: float, below_s: float) -> EstimateIn:
    def band(value: float) -> Band:
        return Band(value, value - 0.41, value + 0.37)

    reach = band(minus20 / 2)
    return EstimateIn(0.0, Estimate(at_ms, band(edge), band(minus20), reach, 1.5, band(below_s)))


def hard_case(folder: Path) -> Session:
    """A session that was interrupted: an alarm in its second freeze, then another boot of the
    console 100 s later, with the second site."""
    first: list[AnyEntry] = [
        Connected(0.0, DEVICE),
        RequestIn(0.0, 1, ChoosePlan(PLAN, "A-17", "KJ", "bedside")),
        ReplyOut(1, None),
        happened(EventKind.PLAN_CHOSEN, None, "Plan: 2 site(s).", 0),
        *(telemetry(at * 1_000, at * 1_000.0, 33.0 - at / 10) for at in range(90, 100)),
        *(telemetry(at * 1_000, at * 1_000.0, -66.0, valve=True) for at in range(100, 190)),
        checkpoint(FREEZES[0]),
        estimate(189_000, 8.71, 5.13, 71.0),
        *(telemetry(at * 1_000, at * 1_000.0, None) for at in range(190, 196)),
        *(telemetry(at * 1_000, at * 1_000.0, -7.5) for at in range(196, 212)),
        estimate(205_000, 9.03, 0.41, 77.0),
        checkpoint(*FREEZES[:2]),
        *(telemetry(at * 1_000, at * 1_000.0, -64.0, valve=True) for at in range(212, 229)),
        happened(EventKind.ALARM, 228_900, "high: The probe's exhaust is blocked", 229),
        happened(EventKind.ALARM_CLEARED, 229_500, "high: The probe's exhaust is blocked", 230),
        happened(EventKind.ALARM, 229_600, "medium: Supply is low", 231),
    ]
    second: list[AnyEntry] = [
        Connected(0.0, msgspec.structs.replace(DEVICE, boot_id=2)),
        checkpoint(*FREEZES[:2], site=1),
        *(telemetry(at * 1_000, at * 1_000.0, 34.0) for at in range(5)),
        *(telemetry(at * 1_000, at * 1_000.0, -65.5, valve=True) for at in range(5, 35)),
        checkpoint(*FREEZES, overrides=OVERRIDES),
        estimate(34_000, 6.61, 3.97, 101.0),
        *(telemetry(at * 1_000, at * 1_000.0, -7.0 + at / 10) for at in range(35, 161)),
        happened(EventKind.PROBE_OUT, 161_000, "Probe is out, early: <bleeding> & swelling", 400),
        happened(EventKind.SESSION_ENDED, 161_000, "Session ended.", 401),
    ]
    one = written(folder / "001.journal", first, "failed", header(1, "10:00:00"))
    head = read_session(one).journals[0].head
    written(
        folder / "002.journal", second, "ended early", header(2, "10:05:29", "001.journal", head)
    )
    return read_session(folder)


def bare_case(folder: Path) -> Path:
    """A session in which nothing happened; its folder."""
    written(folder / "001.journal", [], "no procedure", header(1, "10:00:00"))
    return folder


def header(number: int, clock: str, before: str | None = None, head: str | None = None) -> Header:
    return Header(
        session="20261121-090000-00aa", number=number, reason="new" if number == 1 else "resumed",
        started=f"2026-11-21T{clock}+01:00", now_ms=0.0, program="cryoprobe-console 0.1.0",
        rules_hash="", thresholds={}, port="COM3", previous=before, previous_head=head,
    )  # fmt: skip


def written(path: Path, entries: Sequence[AnyEntry], end: str, first: Header) -> Path:
    writer = JournalWriter(path, first)
    for entry in entries:
        writer.append(entry)
    writer.close(end)
    return path


def text_of(pdf: bytes, folder: Path) -> str:
    """What pdftotext reads in it, a form feed behind each page."""
    path = folder / "read.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    )
    return done.stdout


def plain(text: str) -> str:
    """Words with single spaces."""
    return " ".join(text.split())
