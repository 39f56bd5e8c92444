"""The part of the report that tells of the pain: what the patient said, before and after."""

from typing import Any

from reportlab.platypus import Spacer

from console.model.pain import WORST
from console.model.quantities import minutes
from console.report import words
from console.report.account import Account, Pain
from console.report.document import NOTE, Sheet, paragraph, section, table


def pain(account: Account, sheet: Sheet) -> list[Any]:
    """Each score with the freezes that the site had had; nothing where nobody was asked."""
    if not account.pain:
        return []
    rows = [
        [
            minutes(each.at_s),
            words.site(account.site(each.given.site), each.given.site),
            _when(each),
            f"{each.given.score} of {WORST}",
        ]
        for each in account.pain
    ]
    widths = [sheet.width * each for each in (0.09, 0.41, 0.3, 0.2)]
    story = [*section("Pain"), table(["at", "site", "asked", "score"], rows, widths, (0,))]
    gone = account.pain_gone
    if gone:
        sites = ", ".join(words.site(account.site(each), each) for each in gone)
        story += [Spacer(1, 2), paragraph(f"Finished because the pain was gone: {sites}.", NOTE)]
    return story


def _when(pain: Pain) -> str:
    after = pain.given.after
    return f"after freeze {after}" if after else "before the first freeze"
