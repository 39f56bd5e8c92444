"""What was chosen at Prepare, in the report, the bundle and the words of a treatment."""

import json
from pathlib import Path

import msgspec
from report_kit import DEVICE, MADE, PLAN, header, plain, text_of, written

from console.model.mapping import Guidance, MappingNamed, MappingVisit
from console.model.plan import Confirmation, Side, StimulationPlan
from console.model.preparation import Anaesthetic, Preparation
from console.model.request import ChoosePlan
from console.records import Connected, ReplyOut, RequestIn, Session, as_text, read_session
from console.report.fhir import bundle
from console.report.gathering import account
from console.report.pdf import report

VISIT = MappingVisit(
    "saphenous", Side.LEFT, 60.0, "ropivacaine 0.2 %", 2.0, 14.0, Guidance.LANDMARK, "knee", 5.0
)
DAY = Preparation(
    Anaesthetic.AT_TARGET, sedation=False, baseline_pain=7,
    mapping=MappingNamed("20261107-093000-1b58", "2026-11-07", "A-17", VISIT),
)  # fmt: skip


def _treatment(folder: Path) -> Session:
    first, second = PLAN.sites
    sites = (
        msgspec.structs.replace(first, confirmed_by=Confirmation.ULTRASOUND),
        msgspec.structs.replace(second, motor_loss_consented=True),
    )
    plan = msgspec.structs.replace(PLAN, sites=sites, stimulation=StimulationPlan())
    asked = ChoosePlan(plan, "A-17", "KJ", "bedside", DAY)
    entries = [Connected(0.0, DEVICE), RequestIn(0.0, 1, asked), ReplyOut(1, None)]
    written(folder / "001.journal", entries, "ended early", header(1, "10:00:00"))
    return read_session(folder)


def test_all_of_prepare_is_printed(tmp_path: Path) -> None:
    text = plain(text_of(report(account(_treatment(tmp_path / "s")), MADE), tmp_path))
    for words in (
        "stimulation, motor loss is consented", "ultrasound", "Mapping visit before",
        "60 %, weak: under 90 %", "ropivacaine 0.2 %", "2 mL", "14 mm", "landmark alone",
        "5 hours", "Kept as session 20261107-093000-1b58 of 2026-11-07, case A-17.",
        "at the target: the sensory test and the pain said",
    ):  # fmt: skip
        assert words in text, words


def test_all_of_prepare_is_exported_and_shown(tmp_path: Path) -> None:
    session = _treatment(tmp_path / "s")
    notes = json.dumps(json.loads(bundle(account(session), MADE)), ensure_ascii=False)
    for words in (
        "Local anaesthetic: at the target",
        "Sedation: no",
        "Mapping visit, Relief: 60 %",
    ):
        assert words in notes, words
    shown = as_text(session)
    for words in (
        "by ultrasound", "by stimulation, motor loss is consented to",
        "Local anaesthetic at the target, sedation no", "Mapping visit of 2026-11-07",
        "saphenous LEFT: relief 60 % for 5 h",
    ):  # fmt: skip
        assert words in shown, words
