"""The time-out card as it was answered."""

from typing import Any

from console.model.quantities import minutes
from console.model.time_out import TimeOutAnswer
from console.report.account import Account
from console.report.document import Sheet, section, table


def time_out(account: Account, sheet: Sheet) -> list[Any]:
    """The newest answer to each line of the card; nothing where the record holds no card."""
    if not account.time_out:
        return []
    rows = [
        [
            minutes(each.at_s),
            each.given.item.value,
            _answer(each.given),
            each.given.how or "the team",
        ]
        for each in account.time_out
    ]
    widths = [sheet.width * each for each in (0.09, 0.36, 0.17, 0.38)]
    headings = ["at", "line of the card", "answer", "answered by, or reason for going on"]
    return [*section("Time-out"), table(headings, rows, widths, (0,))]


def _answer(given: TimeOutAnswer) -> str:
    return "clear" if given.clear else "not clear"
