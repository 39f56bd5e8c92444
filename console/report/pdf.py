"""The report of a session: one document, made of parts that stand in the order of PARTS. A part
that the record holds nothing for is left out."""

from collections.abc import Callable
from typing import Any, Final

from reportlab.lib.colors import HexColor
from reportlab.platypus import KeepTogether, PageBreak, Spacer, Table

from console.model.cycle import CycleState
from console.model.event import EventKind
from console.procedure.requests import FROZEN_UNDER_CELSIUS
from console.report import words
from console.report.account import Account, Freeze, Told
from console.report.chart import INK
from console.report.curves import freeze_plot, strip_chart
from console.report.document import (
    CELL,
    CODE,
    LABEL,
    MODELLED,
    NOTE,
    SECTION,
    SUBSECTION,
    TITLE,
    Sheet,
    pairs,
    paragraph,
    printed,
    rule,
    section,
    table,
)
from console.report.words import UNKNOWN, celsius, clock, m_ss, number

Part = Callable[[Account, Sheet], list[Any]]
PLOT_HEIGHT: Final = 196.0


def report(account: Account, made: str, size: str = "a4") -> bytes:
    """The PDF on paper of `size` ("a4" or "letter"); `made`: the local time of its making, ISO
    8601. The same account and time give the same bytes."""
    sheet = Sheet(
        size=size,
        title=f"Cryoneurolysis session {account.session}",
        head="Cryoneurolysis session report",
        identity=f"Session {account.session} · case {_case(account)}",
        foot=words.NO_DEVICE,
        mark="SIMULATED" if account.simulated else "",
    )

    def story() -> list[Any]:
        parts = [each for part in PARTS for each in part(account, sheet)]
        closing = [*_proof(account, made), *_signatures(account, sheet)]
        return [*parts, KeepTogether(closing)]

    return printed(sheet, story)


# --- the parts --------------------------------------------------------------------------------


def _opening(account: Account, sheet: Sheet) -> list[Any]:
    device = account.device
    probe = None if device is None else device.probe
    chosen = account.chosen
    console = UNKNOWN
    if device is not None:
        console = f"{device.serial}, firmware {device.firmware}, {device.gas.label}"
    facts = [
        ("Session", account.session),
        ("Case", _case(account)),
        ("Operator", (chosen.operator if chosen else "") or UNKNOWN),
        ("Kind", (chosen.how if chosen else "") or UNKNOWN),
        ("Outcome", account.outcome),
        ("Begun", words.day_and_time(account.started)),
        ("Recorded for", f"{m_ss(account.length_s)} of the console's time"),
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
        thaw = f"until the tip is above {celsius(plan.thaw_tip_celsius)}"
    facts = [
        ("Target of the tip", celsius(plan.target_celsius)),
        ("Freeze timed", plan.timing.value.replace("_", " ")),
        ("Thaw", thaw),
        ("Next freeze", "automatic" if plan.next_freeze.value == "auto" else "when asked for"),
    ]
    if plan.name:
        facts.insert(0, ("Preset", plan.name))
    told = [(words.site(site, at), words.cycles(plan, at)) for at, site in enumerate(plan.sites)]
    rows = [[each, cycles] for each, cycles in told]
    chosen = account.of(EventKind.PLAN_CHOSEN)
    return [
        *section("Plan"),
        pairs(facts, sheet.width),
        Spacer(1, 3),
        table(["site", "freezes, each with the thaw planned after it, m:ss"], rows,
              [sheet.width * 0.3, sheet.width * 0.7]),
        *([Spacer(1, 3), paragraph(chosen[-1].text, NOTE)] if chosen else []),
    ]  # fmt: skip


def _done(account: Account, sheet: Sheet) -> list[Any]:
    if not account.freezes:
        return [*section("What was done"), paragraph("No freeze was begun.")]
    headings = [
        "freeze", "ran / planned", "ended", "tip at start, °C", "lowest tip, °C", "to target, s",
        "at target", "gas, g", "thaw", "highest in thaw, °C", "thaw was",
    ]  # fmt: skip
    shares = (0.062, 0.115, 0.125, 0.085, 0.085, 0.082, 0.078, 0.065, 0.07, 0.095, 0.138)
    rows = [_freeze_row(each, at) for at, each in enumerate(account.freezes)]
    story = [
        *section("What was done"),
        *_by_site(account, headings, rows, [sheet.width * each for each in shares]),
    ]
    released = account.released_g
    if released is not None:
        litres = number(released * account.litres_per_gram, 0)
        story.append(Spacer(1, 4))
        story.append(
            paragraph(
                f"Gas used: {number(released)} g, {litres} L at 20 °C and 1 atm, reckoned from the "
                f"measured flow."
            )
        )
    story.append(
        paragraph(
            "A thaw is full when the tip came above "
            f"{celsius(FROZEN_UNDER_CELSIUS)}; below that ice may still hold the probe, and the "
            "thaw is partial. At target: within 3 °C of it.",
            NOTE,
        )
    )
    return story


def _by_site(
    account: Account, headings: list[str], rows: list[list[str]], widths: list[float]
) -> list[Any]:
    found: list[Any] = []
    for index in dict.fromkeys(each.record.site for each in account.freezes):
        own = [row for row, each in zip(rows, account.freezes, strict=True)
               if each.record.site == index]  # fmt: skip
        found += [
            paragraph(words.site(account.site(index), index), SUBSECTION),
            table(headings, own, widths, numbers=(1, 3, 4, 5, 6, 7, 8, 9)),
        ]
    return found


def _freeze_row(freeze: Freeze, index: int) -> list[str]:
    record = freeze.record
    ran_s = None if freeze.ended_s is None else freeze.ended_s - freeze.began_s
    extended = f" (+{m_ss(record.extended_s)})" if record.extended_s else ""
    placement = f", place {record.placement}" if record.placement > 1 else ""
    return [
        f"{index + 1}{placement}",
        f"{m_ss(ran_s)} / {m_ss(record.planned_freeze_s)}{extended}",
        ended_by(freeze),
        number(record.start_tip_celsius),
        number(record.lowest_tip_celsius),
        number(record.time_to_target_s),
        m_ss(record.time_at_target_s),
        number(record.gas_g),
        m_ss(record.thaw_s),
        number(record.highest_thaw_celsius),
        thaw_state(freeze),
    ]


def ended_by(freeze: Freeze) -> str:
    """What ended a freeze, and what became of it where that is not plain."""
    record = freeze.record
    how = UNKNOWN if record.end is None else record.end.value
    if record.state in (CycleState.STOPPED, CycleState.COUNTED):
        return f"{how}; {record.state.value}" if how != record.state.value else how
    return how


def thaw_state(freeze: Freeze) -> str:
    """Partial or full, by how warm the tip became."""
    highest = freeze.record.highest_thaw_celsius
    if highest is None:
        return UNKNOWN
    return "full" if highest > FROZEN_UNDER_CELSIUS else "partial"


def _estimates(account: Account, sheet: Sheet) -> list[Any]:
    if not any(each.model for each in account.freezes):
        return []
    headings = [
        "freeze", "ice edge, mm across", "−20 °C, mm across", "−20 °C reach from the probe, mm",
        "nerve at, mm", "nerve below −20 °C",
    ]  # fmt: skip
    rows = []
    for at, freeze in enumerate(account.freezes):
        found = freeze.model
        if found is None:
            rows.append([f"{at + 1}", *[paragraph(UNKNOWN, MODELLED)] * 5])
            continue
        bands = [
            f"{number(each.value)} ({number(each.low)} to {number(each.high)})"
            for each in (found.ice_edge_mm, found.minus20_mm, found.minus20_reach_mm)
        ]
        nerve = (
            f"{m_ss(found.nerve_below_s.value)} ({m_ss(found.nerve_below_s.low)} to "
            f"{m_ss(found.nerve_below_s.high)})"
        )
        cells = [*bands, number(found.nerve_distance_mm), nerve]
        rows.append([f"{at + 1}", *(paragraph(each, MODELLED) for each in cells)])
    shares = (0.08, 0.2, 0.2, 0.22, 0.1, 0.2)
    return [
        *section(f"Estimate of the ice ({words.MODEL})"),
        table(headings, rows, [sheet.width * each for each in shares], numbers=(1, 2, 3, 4, 5)),
        Spacer(1, 2),
        paragraph(
            "Largest of each freeze, reckoned by a tissue model from the measured tip temperature; "
            "in brackets what tissue 20 % off the book would give. Nerve: time below −20 °C since "
            "the session began, at an assumed distance from the probe's surface.",
            NOTE,
        ),
    ]


def _alarms(account: Account, sheet: Sheet) -> list[Any]:
    raised = account.of(EventKind.ALARM)
    if not raised:
        return [*section("Alarms"), paragraph("No alarm was raised.")]
    rows = [
        [m_ss(each.at_s), clock(each.wall), *_alarm_words(each), _cleared(account, each)]
        for each in raised
    ]
    widths = [sheet.width * each for each in (0.09, 0.1, 0.11, 0.58, 0.12)]
    return [
        *section("Alarms"),
        table(["at", "time of day", "priority", "what happened", "cleared at"], rows, widths, (0,)),
    ]


def _alarm_words(alarm: Told) -> tuple[str, str]:
    priority, _, text = alarm.text.partition(": ")
    return (priority, text) if text else (UNKNOWN, alarm.text)


def _cleared(account: Account, alarm: Told) -> str:
    _, text = _alarm_words(alarm)
    later = account.events[account.events.index(alarm) + 1 :]
    for each in later:
        if each.kind is EventKind.ALARM_CLEARED and _alarm_words(each)[1] == text:
            return m_ss(each.at_s)
        if each.kind is EventKind.ACKNOWLEDGED and each.text == text:
            return f"{m_ss(each.at_s)}, acknowledged"
    return "it stood at the end"


def _told(title: str, *kinds: EventKind) -> Part:
    """A part that lists the events of these kinds, and is left out when there are none."""

    def part(account: Account, sheet: Sheet) -> list[Any]:
        found = account.of(*kinds)
        if not found:
            return []
        rows = [[m_ss(each.at_s), clock(each.wall), each.text] for each in found]
        widths = [sheet.width * each for each in (0.09, 0.12, 0.79)]
        return [
            *section(title),
            table(["at", "time of day", "what was recorded"], rows, widths, (0,)),
        ]

    return part


def _strip(account: Account, sheet: Sheet) -> list[Any]:
    if not account.readings:
        return []
    return [
        PageBreak(),
        *section("The whole session, from the first reading to the last"),
        strip_chart(account, sheet.width, sheet.height - 52),
        paragraph(
            "Times in m:ss of the console's clock since the first reading. Shaded: gas on, with "
            "the number of the freeze. A curve breaks where nothing valid was measured.",
            NOTE,
        ),
    ]


def _plots(account: Account, sheet: Sheet) -> list[Any]:
    if not account.freezes:
        return []
    story: list[Any] = [PageBreak(), *section("Each freeze with its thaw")]
    for at, freeze in enumerate(account.freezes):
        site = words.site(account.site(freeze.record.site), freeze.record.site)
        story.append(
            KeepTogether(
                [
                    paragraph(
                        f"Freeze {at + 1} · {site} · gas on at {m_ss(freeze.began_s)}", SUBSECTION
                    ),
                    freeze_plot(account, freeze, sheet.width, PLOT_HEIGHT),
                ]
            )
        )
    story.append(paragraph("Times in m:ss from gas-on. Shaded: gas on.", NOTE))
    return story


def _log(account: Account, sheet: Sheet) -> list[Any]:
    if not account.events:
        return []
    rows = [
        [m_ss(each.at_s), clock(each.wall), each.kind.value, each.text] for each in account.events
    ]
    widths = [sheet.width * each for each in (0.09, 0.12, 0.18, 0.61)]
    return [
        *section("What happened, in order"),
        table(["at", "time of day", "what", "in words"], rows, widths, (0,)),
    ]


def _amendments(account: Account, sheet: Sheet) -> list[Any]:
    if not account.amendments:
        return []
    rows = [
        [words.day_and_time(each.wall), each.who, each.why, each.text]
        for each in account.amendments
    ]
    widths = [sheet.width * each for each in (0.25, 0.1, 0.22, 0.43)]
    return [*section("Amendments"), table(["when", "who", "why", "what"], rows, widths)]


PARTS: Final[tuple[Part, ...]] = (
    _opening,
    _plan,
    _done,
    _estimates,
    _told(
        "Decisions of the operator",
        EventKind.DECIDED, EventKind.PROBE_MOVED, EventKind.FREEZE_ADDED,
        EventKind.FREEZE_EXTENDED, EventKind.PROBE_OUT,
    ),
    _alarms,
    _amendments,
    _strip,
    _plots,
    _log,
)  # fmt: skip


def _proof(account: Account, made: str) -> list[Any]:
    record = account.record
    verdict = "whole, closed and unchanged" if record.ok else f"NOT whole: {record.problem}"
    lines = [
        f"{len(account.journals)} journal(s), {record.entries} entries: {verdict}.",
        f"Recorded by {', '.join(account.programs) or UNKNOWN} on {', '.join(account.ports)}. "
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


def _signatures(account: Account, sheet: Sheet) -> list[Any]:
    operator = account.chosen.operator if account.chosen else ""
    labels = [f"Operator {operator}".strip(), "Date, time", "Reviewed by", "Date, time"]
    shares = (0.32, 0.16, 0.32, 0.16)
    cells: list[Any] = []
    widths: list[float] = []
    for label, share in zip(labels, shares, strict=True):
        cells += [paragraph(label, CELL), ""]
        widths += [sheet.width * share, sheet.width * 0.01]
    lines = [("LINEABOVE", (at, 0), (at, 0), 0.7, HexColor(INK)) for at in range(0, 8, 2)]
    signed = Table([cells], colWidths=widths, hAlign="LEFT", style=[*lines])
    return [paragraph("Signatures", SECTION), Spacer(1, 34), signed]


def _case(account: Account) -> str:
    return (account.chosen.case if account.chosen else "") or UNKNOWN
