"""The paper: its size, typefaces, head and foot of each page, tables. Knows of no session."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final

import msgspec
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Table
from reportlab.platypus.flowables import CondPageBreak, HRFlowable

from console.report import letters
from console.report.chart import GRID, INK, MUTED
from console.report.fonts import BOLD, ITALIC, MONO, PLAIN, register
from drivers.inputs.text import shown

PAGES: Final = {"a4": A4, "letter": LETTER}
MARGIN: Final = 17 * mm
HEAD: Final = 13 * mm
FOOT: Final = 15 * mm
LONGEST_HEAD: Final = 80
"""Letters at the right of a page's head; an old record may hold any number."""
LEAST_OF_A_PART: Final = 30 * mm
RULE: Final = "#1f3a56"
HEADING_FILL: Final = "#eef2f6"

BODY: Final = ParagraphStyle("body", fontName=PLAIN, fontSize=8, leading=11, textColor=INK)
CELL: Final = ParagraphStyle("cell", BODY, fontSize=7.3, leading=9.6)
RIGHT: Final = ParagraphStyle("right", CELL, alignment=2)
HEADING: Final = ParagraphStyle("heading", CELL, fontName=BOLD, fontSize=6.9, leading=8.8)
HEADING_RIGHT: Final = ParagraphStyle("heading right", HEADING, alignment=2)
LABEL: Final = ParagraphStyle("label", CELL, textColor=MUTED)
NOTE: Final = ParagraphStyle(
    "note", BODY, fontName=ITALIC, fontSize=7, leading=9.4, textColor=MUTED
)
MODELLED: Final = ParagraphStyle("modelled", RIGHT, textColor="#7a8794", fontName=ITALIC)
SECTION: Final = ParagraphStyle(
    "section", BODY, fontName=BOLD, fontSize=10, leading=13, spaceBefore=11, spaceAfter=4,
    textColor=RULE,
)  # fmt: skip
SUBSECTION: Final = ParagraphStyle(
    "subsection", BODY, fontName=BOLD, fontSize=8, leading=11, spaceBefore=5, spaceAfter=3
)
TITLE: Final = ParagraphStyle("title", BODY, fontName=BOLD, fontSize=17, leading=21, textColor=RULE)
CODE: Final = ParagraphStyle("code", BODY, fontName=MONO, fontSize=7.5, leading=10)


UNSTYLED: Final = ("FONTNAME", (0, 0), (-1, -1), PLAIN)
"""Of every table: an empty cell names a font too, and it has to be one that is in the file."""


class Sheet(msgspec.Struct, frozen=True):
    """What stands on every page: `head` at the left and `identity` at the right of its top, `foot`
    at its bottom beside the page's number. `made`: the local time of its making, ISO 8601. `mark`:
    across the page, empty for none."""

    size: str
    title: str
    head: str
    identity: str
    foot: str
    made: str
    mark: str = ""

    @property
    def width(self) -> float:
        """Of what is printed, in points."""
        return float(PAGES[self.size][0] - 2 * MARGIN)

    @property
    def height(self) -> float:
        """The same of a whole page."""
        return float(PAGES[self.size][1] - 2 * MARGIN - HEAD - FOOT + 10 * mm)


def printed(sheet: Sheet, story: Callable[[], list[Any]]) -> bytes:
    """The PDF of what `story` makes; the same story and sheet give the same bytes."""
    register()
    letters.begin()
    out = BytesIO()
    page = PAGES[sheet.size]
    doc = BaseDocTemplate(
        out, pagesize=page, title=shown(sheet.title), subject=shown(sheet.identity),
        author="Cryoprobe Console", creator="Cryoprobe Console", invariant=1,
    )  # fmt: skip
    frame = Frame(
        MARGIN, FOOT + 5 * mm, sheet.width, page[1] - HEAD - FOOT - 10 * mm,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip
    doc.addPageTemplates(
        PageTemplate(frames=[frame], onPage=lambda canvas, _: _dressed(canvas, sheet))
    )
    told = story()
    if lacking := letters.lacking():
        told += [paragraph(f"{_LACKING} {', '.join(lacking)}.", NOTE)]
    moment = datetime.fromisoformat(sheet.made)
    doc.build(told, canvasmaker=lambda *given, **named: _Numbered(moment, *given, **named))
    return out.getvalue()


LANGUAGE: Final = "en"
_LACKING: Final = (
    "The typeface of this document lacks some letters, which stand here by their codes; the record "
    "and its other exports hold them as they are:"
)


def paragraph(words: str, style: Any = BODY) -> Any:
    """Words as they are: nothing in them is taken for markup."""
    font = letters.font_for(words, style.fontName, PLAIN)
    if font != style.fontName:
        style = ParagraphStyle(f"{style.name}, plain", style, fontName=font)
    return Paragraph(escaped(letters.printable(words, font)).replace("\n", "<br/>"), style)


def escaped(words: str) -> str:
    """Words that hold no markup."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def table(
    headings: Sequence[str],
    rows: Sequence[Sequence[Any]],
    widths: Sequence[float],
    numbers: Sequence[int] = (),
) -> Any:
    """A table whose heading comes again on every page; columns `numbers` stand at the right. Cells
    are words or ready paragraphs."""
    top = [
        paragraph(each, HEADING_RIGHT if at in numbers else HEADING)
        for at, each in enumerate(headings)
    ]
    body = [
        [
            paragraph(cell, RIGHT if at in numbers else CELL) if isinstance(cell, str) else cell
            for at, cell in enumerate(row)
        ]
        for row in rows
    ]
    return Table(
        [top, *body], colWidths=list(widths), repeatRows=1, splitInRow=1, hAlign="LEFT",
        style=[
            UNSTYLED,
            ("BACKGROUND", (0, 0), (-1, 0), HexColor(HEADING_FILL)),
            ("LINEABOVE", (0, 0), (-1, 0), 0.8, HexColor(RULE)),
            ("LINEBELOW", (0, 0), (-1, -1), 0.35, HexColor(GRID)),
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("VALIGN", (0, 1), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 2.2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.4),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ],
    )  # fmt: skip


def pairs(facts: Sequence[tuple[str, str]], width: float, columns: int = 2) -> Any:
    """Labels with their values, in so many columns read downwards."""
    tall = -(-len(facts) // columns)
    rows = []
    for line in range(tall):
        row: list[Any] = []
        for column in range(columns):
            at = column * tall + line
            label, value = facts[at] if at < len(facts) else ("", "")
            row += [paragraph(label, LABEL), paragraph(value, CELL)]
        rows.append(row)
    each = width / columns
    return Table(
        rows, colWidths=[each * 0.27, each * 0.73] * columns, splitInRow=1, hAlign="LEFT",
        style=[
            UNSTYLED,
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 1.4),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 5),
        ],
    )  # fmt: skip


def section(words: str) -> list[Any]:
    """The heading of a part, on the page of what follows."""
    return [CondPageBreak(LEAST_OF_A_PART), paragraph(words, SECTION)]


def rule() -> Any:
    """A line across the page."""
    return HRFlowable(
        width="100%", thickness=1.1, color=HexColor(RULE), spaceBefore=3, spaceAfter=6
    )


def _dressed(canvas: Any, sheet: Sheet) -> None:
    wide, tall = canvas._pagesize
    if sheet.mark:
        canvas.saveState()
        canvas.setFillColor(Color(0.75, 0.1, 0.1, alpha=0.06))
        canvas.setFont(BOLD, 84)
        canvas.translate(wide / 2, tall / 2)
        canvas.rotate(54)
        canvas.drawCentredString(0, -30, sheet.mark)
        canvas.restoreState()
        canvas.setFillColor(HexColor("#9b1c1c"))
        canvas.setFont(BOLD, 8)
        beside = MARGIN + canvas.stringWidth(sheet.head, PLAIN, 7) + 5 * mm
        canvas.drawString(beside, tall - 11 * mm, sheet.mark)
    canvas.setFillColor(HexColor(MUTED))
    canvas.setFont(PLAIN, 7)
    canvas.drawString(MARGIN, tall - 11 * mm, sheet.head)
    identity = letters.printable(shown(sheet.identity, LONGEST_HEAD), PLAIN)
    canvas.drawRightString(wide - MARGIN, tall - 11 * mm, identity)
    canvas.setStrokeColor(HexColor(GRID))
    canvas.setLineWidth(0.5)
    canvas.line(MARGIN, tall - 13 * mm, wide - MARGIN, tall - 13 * mm)
    canvas.line(MARGIN, 14 * mm, wide - MARGIN, 14 * mm)
    canvas.drawString(MARGIN, 10.5 * mm, sheet.foot)


class _Stamp:
    """A time as reportlab reads one: it knows the present one and a fixed one alone."""

    def __init__(self, moment: datetime) -> None:
        offset_min = round((moment.utcoffset() or timedelta()).total_seconds() / 60)
        self.t = moment.timestamp()
        self.lt = moment.timetuple()
        self.YMDhms = tuple(self.lt)[:6]
        self.dhh, self.dmm = int(offset_min / 60), abs(offset_min) % 60


class _Numbered(Canvas):  # type: ignore[misc]
    """Knows how many pages there are before it writes the first, and when it was made."""

    def __init__(self, moment: datetime, *given: Any, **named: Any) -> None:
        super().__init__(*given, **{**named, "lang": LANGUAGE, "initialFontName": PLAIN})
        self._doc._timeStamp = _Stamp(moment)
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, state in enumerate(self._kept, 1):
            self.__dict__.update(state)
            self.setFillColor(HexColor(MUTED))
            self.setFont(PLAIN, 7)
            self.drawRightString(
                self._pagesize[0] - MARGIN, 10.5 * mm, f"Page {number} of {len(self._kept)}"
            )
            super().showPage()
        super().save()
