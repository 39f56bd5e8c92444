"""The report of a session: one document, made of parts that stand in the order of PARTS. A part
that the record holds nothing for is left out."""

from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.platypus import KeepTogether, Spacer, Table

from console.model.event import EventKind
from console.model.quantities import UNKNOWN, celsius, minutes, number
from console.report import words
from console.report.account import Account
from console.report.chart import INK
from console.report.document import (
    CELL,
    CODE,
    LABEL,
    NOTE,
    SECTION,
    SUBSECTION,
    TITLE,
    UNSTYLED,
    Sheet,
    pairs,
    paragraph,
    printed,
    rule,
    section,
    table,
)
from console.report.part_check import check
from console.report.part_events import Part, alarms, amendments, log, told
from console.report.part_freezes import done, estimates, plots, strip
from console.report.part_mapping import mapping
from console.report.part_pain import pain
from console.report.part_stimulation import overrides, stimulation
from console.report.part_time_out import time_out
from drivers.inputs.text import shown


def report(account: Account, made: str, size: str = "a4") -> bytes:
    """The PDF on paper of `size` ("a4" or "letter"); `made`: the local time of its making, ISO
    8601. The same account and time give the same bytes."""
    sheet = Sheet(
        size=size,
        title=f"Cryoneurolysis session {account.session}",
        head="Cryoneurolysis session report",
        identity=f"Session {account.session} · case {_case(account)}",
        foot=words.NO_DEVICE,
        made=made,
        mark="SIMULATED" if account.simulated else "",
    )

    def story() -> list[Any]:
        wanted = OF_MAPPING if account.mapped is not None else PARTS
        parts = [each for part in wanted for each in part(account, sheet)]
        closing = [*_proof(account, made), *_signatures(account, sheet)]
        return [*parts, KeepTogether(closing)]

    return printed(sheet, story)


# --- the parts --------------------------------------------------------------------------------


def _opening(account: Account, sheet: Sheet) -> list[Any]:
    device = account.device
    probe = None if device is None else device.probe
    kind = "mapping visit" if account.mapped else account.chosen.how if account.chosen else ""
    console = UNKNOWN
    if device is not None:
        console = f"{device.serial}, firmware {device.firmware}, {device.gas.label}"
    facts = [
        ("Session", account.session),
        ("Case", _case(account)),
        ("Operator", account.operator or UNKNOWN),
        ("Kind", kind or UNKNOWN),
        ("Outcome", account.outcome),
        ("Begun", words.day_and_time(account.started)),
        ("Recorded for", f"{minutes(account.length_s)} of the console's time"),
        ("Console", ("SIMULATED " if account.simulated else "") + console),
        ("Probe", UNKNOWN if probe is None else f"{probe.model}, serial {probe.serial}"),
        (
            "Active tip",
            UNKNOWN
            if probe is None
            else f"{number(probe.diameter_mm)} mm × {number(probe.tip_length_mm)} mm",
        ),
    ]
    story = [paragraph("Cryoneurolysis session report", TITLE), rule()]
    if account.simulated:
        story.append(
            paragraph("SIMULATED: no patient and no probe. Nothing here was measured on tissue.")
        )
        story.append(Spacer(1, 4))
    if not account.record.ok:
        story.append(paragraph(f"The record is not whole: {account.record.problem}", SUBSECTION))
    return [*story, pairs(facts, sheet.width)]


def _plan(account: Account, sheet: Sheet) -> list[Any]:
    plan = account.plan
    if plan is None:
        return [*section("Plan"), paragraph("No plan was chosen.")]
    thaw = "by time"
    if plan.thaw_end.value == "tip_above":
        thaw = f"until the tip is above {celsius(plan.thaw_tip_celsius, 1)}"
    facts = [
        ("Target of the tip", celsius(plan.target_celsius, 1)),
        ("Freeze timed", plan.timing.value.replace("_", " ")),
        ("Thaw", thaw),
        ("Next freeze", "automatic" if plan.next_freeze.value == "auto" else "when asked for"),
    ]
    if plan.name:
        facts.insert(0, ("Preset", plan.name))
    if account.chosen is not None and account.chosen.how == "bedside":
        facts += words.day(account.chosen.preparation)
    rows = [
        [words.site(site, at), words.cycles(plan, at), words.confirmed(plan, site)]
        for at, site in enumerate(plan.sites)
    ]
    chosen = account.of(EventKind.PLAN_CHOSEN)
    return [
        *section("Plan"),
        pairs(facts, sheet.width),
        Spacer(1, 3),
        table(["site", "freezes, each with the thaw planned after it, m:ss", "confirmed by"], rows,
              [sheet.width * each for each in (0.26, 0.46, 0.28)]),
        *([Spacer(1, 3), paragraph(chosen[-1].text, NOTE)] if chosen else []),
    ]  # fmt: skip


LONGEST_SIGNED: Final = 60
"""Letters of an operator beneath the line to sign on: an old record may hold any number."""
PARTS: Final[tuple[Part, ...]] = (
    _opening,
    _plan,
    mapping,
    check,
    time_out,
    stimulation,
    done,
    pain,
    estimates,
    told(
        "Decisions of the operator",
        EventKind.DECIDED, EventKind.PROBE_MOVED, EventKind.FREEZE_ADDED,
        EventKind.FREEZE_EXTENDED, EventKind.EXTENSION_UNDONE, EventKind.CHANGING_CYLINDER,
        EventKind.NEW_CYLINDER, EventKind.PROBE_OUT, EventKind.NEXT_SITE,
    ),
    overrides,
    alarms,
    amendments,
    strip,
    plots,
    log,
)  # fmt: skip


OF_MAPPING: Final[tuple[Part, ...]] = (_opening, mapping, amendments)


def _proof(account: Account, made: str) -> list[Any]:
    record = account.record
    verdict = "whole, closed and unchanged" if record.ok else f"NOT whole: {record.problem}"
    lines = [
        f"{len(account.journals)} journal(s), {record.entries} entries: {verdict}.",
        f"Recorded by {', '.join(account.programs) or UNKNOWN}{_ports(account)}. "
        f"This report was made {words.day_and_time(made)}.",
    ]
    if account.lost:
        lines.append(f"NOT RECORDED: {account.lost} entries, because the disk did not keep up.")
    return [
        paragraph("Record", SECTION),
        *(paragraph(each) for each in lines),
        Spacer(1, 3),
        paragraph("Head of the chain (SHA-256)", LABEL),
        paragraph(record.head, CODE),
        Spacer(1, 3),
        paragraph(
            "The chain shows every later change to the record, as long as this head is "
            "kept elsewhere, as on this paper: whoever can rewrite the whole record can "
            "make a chain that fits.",
            NOTE,
        ),
    ]


def _ports(account: Account) -> str:
    ports = [each for each in account.ports if each]
    return f" on {', '.join(ports)}" if ports else ""


def _signatures(account: Account, sheet: Sheet) -> list[Any]:
    operator = shown(account.operator, LONGEST_SIGNED)
    labels = [f"Operator {operator}".strip(), "Date, time", "Reviewed by", "Date, time"]
    shares = (0.32, 0.16, 0.32, 0.16)
    cells: list[Any] = []
    widths: list[float] = []
    for label, share in zip(labels, shares, strict=True):
        cells += [paragraph(label, CELL), ""]
        widths += [sheet.width * share, sheet.width * 0.01]
    lines: list[Any] = [UNSTYLED]
    lines += [("LINEABOVE", (at, 0), (at, 0), 0.7, HexColor(INK)) for at in range(0, 8, 2)]
    signed = Table([cells], colWidths=widths, hAlign="LEFT", style=[*lines])
    return [paragraph("Signatures", SECTION), Spacer(1, 34), signed]


def _case(account: Account) -> str:
    return account.case_number or UNKNOWN
