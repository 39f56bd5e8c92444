"""The console check as it was done."""

from typing import Any

from console.model.quantities import minutes
from console.report.account import Account
from console.report.document import Sheet, section, table


def check(account: Account, sheet: Sheet) -> list[Any]:
    """The newest result of each line; nothing where the record holds no check."""
    if not account.check:
        return []
    rows = [
        [
            minutes(each.at_s),
            each.given.item.value,
            each.given.standing.value,
            " · ".join(words for words in (each.given.measure, each.given.how) if words),
        ]
        for each in account.check
    ]
    widths = [sheet.width * each for each in (0.09, 0.2, 0.17, 0.54)]
    headings = ["at", "line of the check", "came to", "measured; or who answered beforehand"]
    return [*section("Console check"), table(headings, rows, widths, (0,))]
