"""What the patient takes home: a page in plain words. Nothing tells who the patient is."""

from typing import Any, Final

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Spacer

from console.model.quantities import UNKNOWN
from console.report import words
from console.report.account import Account
from console.report.document import BODY, SECTION, TITLE, Sheet, paragraph, printed, rule

TEXT: Final = ParagraphStyle("handout", BODY, fontSize=10.5, leading=15, spaceAfter=4)
POINT: Final = ParagraphStyle("point", TEXT, leftIndent=15, firstLineIndent=-11)
WHAT: Final = (
    "A thin probe was placed beside a nerve, and its tip was made very cold for a few minutes. The "
    "cold interrupts the nerve, so that it passes on less pain.",
    "The nerve grows back. How much the pain eases and for how long varies from person to person; "
    "often it is months.",
)
AT_HOME: Final = (
    "Rest for a day.",
    "The place may be sore for one to two weeks. That is usual.",
)
CALL: Final = (
    "fever",
    "bleeding",
    "new or severe pain",
    "numbness that does not ease",
    "swelling",
)


class NothingDoneError(Exception):
    """There is no handout for a session without a freeze; the message says so."""


def handout(account: Account, made: str, size: str = "a4") -> bytes:
    """The page as PDF; `made`: the local time of its making, ISO 8601. NothingDoneError when
    nothing was frozen."""
    if not account.freezes:
        raise NothingDoneError(f"{account.session}: nothing was frozen, there is no handout for it")
    sheet = Sheet(
        size=size,
        title="After your nerve was treated with cold",
        head="For you to take home",
        identity=f"{(account.started or UNKNOWN)[:10]}",
        foot=words.NO_DEVICE,
        made=made,
        mark="SIMULATED" if account.simulated else "",
    )
    return printed(sheet, lambda: _story(account))


def _story(account: Account) -> list[Any]:
    sites = dict.fromkeys(each.record.site for each in account.freezes)
    treated = [
        f"{site.nerve}, {site.side.value}"
        for site in (account.site(each) for each in sites)
        if site is not None
    ]
    return [
        paragraph("After your nerve was treated with cold", TITLE),
        rule(),
        paragraph(f"Treated on {(account.started or UNKNOWN)[:10]}: {'; '.join(treated)}", TEXT),
        paragraph("What was done", SECTION),
        *(paragraph(each, TEXT) for each in WHAT),
        paragraph("At home", SECTION),
        *(_point(each) for each in AT_HOME),
        paragraph("Call us when you notice", SECTION),
        *(_point(each) for each in CALL),
        Spacer(1, 10),
        paragraph("Telephone, day and night:  ______________________________________", TEXT),
        Spacer(1, 6),
        paragraph("Next visit, in about two weeks:  _________________________________", TEXT),
    ]


def _point(text: str) -> Any:
    return paragraph(f"•  {text}", POINT)
