"""The parts of the report that tell of the stimulation, by site and placement, and of what the
clinician went on without."""

from typing import Any, Final

from reportlab.platypus import Spacer

from console.model.observation import FreezeEnd
from console.model.quantities import UNKNOWN, amplitude, minutes, number
from console.report import words
from console.report.account import Account, Test
from console.report.document import NOTE, SUBSECTION, Sheet, paragraph, section, table


def stimulation(account: Account, sheet: Sheet) -> list[Any]:
    """Each test with its steps, set and delivered; nothing where there was none."""
    if not account.tests:
        return []
    headings = [
        "at", "test", "rate, Hz", "pulse, ms", "set", "delivered", "impedance, Ω", "answer",
        "ended", "all steps: set (delivered)",
    ]  # fmt: skip
    shares = (0.065, 0.085, 0.06, 0.065, 0.085, 0.095, 0.1, 0.145, 0.1, 0.2)
    story = section("Stimulation")
    for place in dict.fromkeys((each.record.site, each.record.placement) for each in account.tests):
        site, placement = place
        own = [each for each in account.tests if (each.record.site, each.record.placement) == place]
        name = f"{words.site(account.site(site), site)} · placement {placement}"
        rows = [_row(each) for each in own]
        widths = [sheet.width * each for each in shares]
        story += [
            paragraph(name, SUBSECTION),
            table(headings, rows, widths, numbers=(0, 2, 3, 4, 5, 6)),
        ]
    note = "An answer holds for its site and placement alone, and is void when the probe is moved."
    return [*story, Spacer(1, 2), paragraph(note, NOTE)]


def _row(test: Test) -> list[str]:
    record = test.record
    steps = [
        f"{amplitude(step.set_ua, '')} ({amplitude(step.delivered_ua, '')})"
        for step in record.steps
    ]
    return [
        minutes(test.began_s),
        record.kind.value,
        number(record.rate_hz, 0),
        number(record.pulse_ms),
        amplitude(record.answered_ua, record.unit),
        amplitude(record.delivered_ua, record.unit),
        number(record.impedance_ohm, 0),
        words.answer(record),
        UNKNOWN if record.end is None else _ENDS.get(record.end, record.end.value),
        ", ".join(steps) or UNKNOWN,
    ]


_ENDS: Final = {
    FreezeEnd.END: "by the operator",
    FreezeEnd.TIMER: "by itself after 1:00",
}


def overrides(account: Account, sheet: Sheet) -> list[Any]:
    """What was gone on without, and why; nothing where nothing was."""
    if not account.overrides:
        return []
    rows = [
        [
            minutes(each.at_s),
            f"{words.site(account.site(each.given.site), each.given.site)} · placement "
            f"{each.given.placement}",
            each.given.kind.value,
            each.given.what,
            each.given.reason,
        ]
        for each in account.overrides
    ]
    widths = [sheet.width * each for each in (0.08, 0.25, 0.17, 0.24, 0.26)]
    headings = ["at", "where", "override", "what was missing", "reason"]
    return [*section("Overrides"), table(headings, rows, widths, (0,))]
