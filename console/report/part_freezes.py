"""The parts of the report that tell of the freezes: what was done, the estimate, the curves."""

from collections.abc import Callable
from typing import Any, Final

from reportlab.platypus import KeepTogether, PageBreak, Spacer

from console.model.cycle import CycleState
from console.model.estimate import Band
from console.model.quantities import UNKNOWN, celsius, litres, minutes, number
from console.procedure.placement_rows import FROZEN_UNDER_CELSIUS
from console.report import words
from console.report.account import Account, Freeze
from console.report.curves import freeze_plot, strip_chart
from console.report.document import (
    MODELLED,
    NOTE,
    SUBSECTION,
    Sheet,
    paragraph,
    section,
    table,
)

PLOT_HEIGHT: Final = 196.0


def done(account: Account, sheet: Sheet) -> list[Any]:
    """The freezes by site, each with its numbers, and the gas used."""
    if not account.freezes:
        return [*section("What was done"), paragraph("No freeze was begun.")]
    headings = [
        "freeze", "place", "ran / planned", "ended", "tip at start, °C", "lowest tip, °C",
        "to target, s", "at target", "gas, g", "thaw", "highest in thaw, °C", "thaw was",
    ]  # fmt: skip
    shares = (0.065, 0.058, 0.14, 0.125, 0.085, 0.085, 0.08, 0.075, 0.068, 0.067, 0.087, 0.065)
    rows = [_freeze_row(each) for each in account.freezes]
    story = [
        *section("What was done"),
        *_by_site(account, headings, rows, [sheet.width * each for each in shares]),
    ]
    released = account.released_g
    if released is not None:
        gas_l = number(litres(released), 0)
        story.append(Spacer(1, 4))
        story.append(
            paragraph(
                f"Gas used: {number(released)} g, {gas_l} L at 20 °C and 1 atm, reckoned from the "
                f"measured flow."
            )
        )
    story.append(
        paragraph(
            "A thaw is full when the tip came above "
            f"{celsius(FROZEN_UNDER_CELSIUS, 1)}; below that ice may still hold the probe, and the "
            "thaw is partial. At target: within 3 °C of it.",
            NOTE,
        )
    )
    return story


def _by_site(
    account: Account, headings: list[str], rows: list[list[Any]], widths: list[float]
) -> list[Any]:
    found: list[Any] = []
    for index in dict.fromkeys(each.record.site for each in account.freezes):
        own = [row for row, each in zip(rows, account.freezes, strict=True)
               if each.record.site == index]  # fmt: skip
        found += [
            paragraph(words.site(account.site(index), index), SUBSECTION),
            table(headings, own, widths, numbers=range(1, len(headings))),
        ]
    return found


def _freeze_row(freeze: Freeze) -> list[str]:
    record = freeze.record
    extended = f" (+{minutes(record.extended_s)})" if record.extended_s else ""
    return [
        words.freeze(freeze.key),
        f"{freeze.key.placement}",
        f"{minutes(freeze.ran_s)} / {minutes(record.planned_freeze_s)}{extended}",
        ended_by(freeze),
        number(record.start_tip_celsius),
        number(record.lowest_tip_celsius),
        number(record.time_to_target_s),
        minutes(record.time_at_target_s),
        number(record.gas_g),
        minutes(record.thaw_s),
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


def estimates(account: Account, sheet: Sheet) -> list[Any]:
    """How far the ice came, by the model; nothing where the record holds no estimate."""
    if not any(each.model for each in account.freezes):
        return []
    headings = [
        "freeze", "place", "ice edge, mm across", "−20 °C, mm across", "−20 °C, mm from the probe",
        "nerve at, mm from the probe", "nerve below −20 °C", "in all at this place",
    ]  # fmt: skip
    shares = (0.09, 0.06, 0.15, 0.14, 0.15, 0.11, 0.16, 0.14)
    rows = [_estimate_row(each) for each in account.freezes]
    return [
        *section(f"Estimate of the ice ({words.MODEL})"),
        *_by_site(account, headings, rows, [sheet.width * each for each in shares]),
        Spacer(1, 2),
        paragraph(
            "Of each freeze with its thaw, at its own place, reckoned by a tissue model from the "
            "measured tip temperature; in brackets what tissue 20 % off the book would give. Ice "
            "edge and −20 °C: the largest. Nerve: the time below −20 °C at an assumed distance "
            "from the probe's surface.",
            NOTE,
        ),
    ]


def _estimate_row(freeze: Freeze) -> list[Any]:
    found, head = freeze.model, [words.freeze(freeze.key), f"{freeze.key.placement}"]
    if found is None:
        return [*head, *[paragraph(UNKNOWN, MODELLED)] * 6]
    sizes = (found.ice_edge_mm, found.minus20_mm, found.minus20_reach_mm)
    cells = [
        *(_banded(each, number) for each in sizes),
        number(found.nerve_distance_mm),
        *(_banded(each, minutes) for each in (found.nerve_below_s, found.nerve_in_all_s)),
    ]
    return [*head, *(paragraph(each, MODELLED) for each in cells)]


def _banded(band: Band, said: Callable[[float], str]) -> str:
    return f"{said(band.value)} ({said(band.low)} to {said(band.high)})"


def strip(account: Account, sheet: Sheet) -> list[Any]:
    """The whole session on one page."""
    if not account.readings:
        return []
    return [
        PageBreak(),
        *section("The whole session, from the first reading to the last"),
        strip_chart(account, sheet.width, sheet.height - 52),
        paragraph(
            "Times in m:ss of the console's clock since the first reading. Shaded: gas on, with "
            "the numbers of the site and of its freeze. A curve breaks where nothing valid was "
            "measured.",
            NOTE,
        ),
    ]


def plots(account: Account, sheet: Sheet) -> list[Any]:
    """A plot for each freeze with its thaw."""
    if not account.freezes:
        return []
    story: list[Any] = [PageBreak(), *section("Each freeze with its thaw")]
    for freeze in account.freezes:
        key = freeze.key
        site = words.site(account.site(key.site), key.site)
        story.append(
            KeepTogether(
                [
                    paragraph(
                        f"{site} · place {key.placement} · freeze {words.freeze(key)} · gas on at "
                        f"{minutes(freeze.began_s)}",
                        SUBSECTION,
                    ),
                    freeze_plot(account, freeze, sheet.width, PLOT_HEIGHT),
                ]
            )
        )
    story.append(paragraph("Times in m:ss from gas-on. Shaded: gas on.", NOTE))
    return story
