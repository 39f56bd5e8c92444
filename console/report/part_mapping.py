"""The mapping visit: told in full by its own session, and by the treatment that names it."""

from typing import Any

from console.model.mapping import MappingVisit
from console.model.quantities import UNKNOWN, number, with_unit
from console.report.account import Account
from console.report.document import NOTE, Sheet, pairs, paragraph, section


def mapping(account: Account, sheet: Sheet) -> list[Any]:
    """What was blocked and what it did; nothing where no visit is told of."""
    named = account.mapping
    if account.mapped is not None:
        return [*section("Mapping visit"), pairs(facts(account.mapped.visit), sheet.width)]
    if named is None:
        return []
    where = f"Kept as session {named.session} of {named.day}, case {named.case or UNKNOWN}."
    return [
        *section("Mapping visit before"),
        pairs(facts(named.visit), sheet.width),
        paragraph(where, NOTE),
    ]


def facts(visit: MappingVisit) -> list[tuple[str, str]]:
    """Each field with its label."""
    success = "successful" if visit.successful else "weak: under 90 %"
    return [
        ("Nerve blocked", f"{visit.side.upper()} · {visit.nerve.upper()}"),
        ("Relief", f"{number(visit.relief_percent, 0)} %, {success}"),
        ("Lasted", with_unit(visit.duration_h, "hours", None)),
        ("Drug", visit.drug or UNKNOWN),
        ("Volume", with_unit(visit.volume_ml, "mL", None)),
        ("Depth", with_unit(visit.depth_mm, "mm", None)),
        ("Guidance", UNKNOWN if visit.guidance is None else visit.guidance.value),
        ("Landmark", visit.landmark or UNKNOWN),
    ]
