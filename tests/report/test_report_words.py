"""Whatever an old record holds, and whatever script a name is written in: every export is safe, and
tells what it cannot show."""

import csv
import io
import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from report_kit import plain, text_of, told

from console.report.account import Account
from console.report.fhir import bundle
from console.report.handout import handout
from console.report.letters import printable
from console.report.pdf import report
from console.report.tables import tables

MADE = "2026-11-22T09:00:00+13:00"
FORGED = "\x1b[31mred\x9b \u202eevil\u2028line\ud800\x00\nOutcome: faked"
NAMES = {
    "Latin": "Žofie Łącka é ß",
    "Greek": "Σοφία",
    "Cyrillic": "Наталья",
    "Armenian": "Արամ",
    "Georgian": "თამარ",
    "Vietnamese": "Nguyễn",
}


def with_words(words: str) -> Account:
    """The golden session with `words` in a nerve, a case, an operator and an event."""
    held = told()
    chosen, plan = held.chosen, held.plan
    assert chosen is not None and plan is not None
    site = msgspec.structs.replace(plan.sites[0], nerve=words)
    plan = msgspec.structs.replace(plan, sites=(site, *plan.sites[1:]), name=words)
    chosen = msgspec.structs.replace(chosen, plan=plan, case=words, operator=words)
    event = msgspec.structs.replace(held.events[0], text=words)
    return msgspec.structs.replace(held, case=None, chosen=chosen, events=(event, *held.events[1:]))


@pytest.mark.parametrize(
    "words", [FORGED, *NAMES.values(), "張偉", "नीता", "محمد", "שרה", "x" * 3_000]
)
def test_every_export_is_made_of_any_words(words: str, tmp_path: Path) -> None:
    held = with_words(words)
    pdf = report(held, MADE)
    assert handout(held, MADE).startswith(b"%PDF")
    bundle(held, MADE)
    tables(held)
    assert text_of(pdf, tmp_path)


@pytest.mark.parametrize("script", NAMES)
def test_a_name_is_printed_in_its_own_letters(script: str, tmp_path: Path) -> None:
    name = NAMES[script]
    text = plain(text_of(report(with_words(name), MADE), tmp_path))
    assert f"case {name}" in text
    assert "U+" not in text


def test_letters_that_join_and_run_from_the_right_are_printed_as_they_are_read() -> None:
    report(told(), MADE)  # the fonts are there
    # The three letters in their joined forms, the last of them at the left.
    assert printable("شرق", "DejaVuSans") == "\ufed5\ufeae\ufeb7"
    assert printable("a שרה b", "DejaVuSans") == "a הרש b"
    assert printable("שרה 張 b", "DejaVuSans") == "הרש [U+5F35] b"


@pytest.mark.parametrize(
    ("name", "code"), [("張偉", "U+5F35"), ("नीता", "U+0928"), ("สมชาย", "U+0E2A")]
)
def test_what_the_typeface_lacks_is_told(name: str, code: str, tmp_path: Path) -> None:
    text = plain(text_of(report(with_words(name), MADE), tmp_path))
    assert f"[{code}]" in text
    assert "The typeface of this document lacks some letters" in text
    assert code in text.split("lacks some letters")[1]


def test_no_export_holds_a_letter_that_acts(tmp_path: Path) -> None:
    held = with_words(FORGED)
    acts = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\ud800-\udfff]")
    fhir = json.loads(bundle(held, MADE))
    assert not acts.search(json.dumps(fhir, ensure_ascii=False))
    for name, data in tables(held).items():
        if name.endswith(".csv"):
            assert not acts.search(data.decode("utf-8-sig")), name
    text = text_of(report(held, MADE), tmp_path).replace("\f", "").replace("\n", "")
    assert not acts.search(text)


@pytest.mark.parametrize("words", ["=1+1", "+41 44", "-x", "@SUM(A1)", "  =cmd|' /C calc'!A0"])
def test_no_text_of_a_table_is_taken_for_a_formula(words: str) -> None:
    files = tables(with_words(words))
    rows = list(csv.DictReader(io.StringIO(files["freezes.csv"].decode("utf-8-sig"))))
    assert rows[0]["nerve"] == f"'{words}"
    assert "an apostrophe stands before" in json.loads(files["manifest.json"])["format"]["text"]


def test_a_number_below_zero_is_no_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(tables(told())["freezes.csv"].decode("utf-8-sig"))))
    assert float(rows[0]["lowest_tip_celsius"]) < 0


def test_tables_with_a_decimal_comma() -> None:
    files = tables(told(), decimal_comma=True)
    text = files["freezes.csv"].decode("utf-8-sig")
    with_point = list(
        csv.DictReader(io.StringIO(tables(told())["freezes.csv"].decode("utf-8-sig")))
    )
    with_comma = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["lowest_tip_celsius"].replace(",", ".") for row in with_comma] == [
        row["lowest_tip_celsius"] for row in with_point
    ]
    assert "," in with_comma[0]["lowest_tip_celsius"]
    told_of = json.loads(files["manifest.json"])["format"]
    assert (told_of["separator"], told_of["decimal"]) == (";", ",")


def test_every_table_begins_with_a_mark_by_which_spreadsheets_know_it() -> None:
    for name, data in tables(told()).items():
        assert data.startswith(b"\xef\xbb\xbf") == name.endswith(".csv"), name


@pytest.mark.parametrize("made", [MADE, "2026-01-05T08:30:00-03:30", "2026-06-01T00:00:00+00:00"])
def test_the_pdf_says_when_it_was_made_and_in_which_language(made: str, tmp_path: Path) -> None:
    path = tmp_path / "r.pdf"
    path.write_bytes(report(told(), made))
    said = subprocess.run(
        ["pdfinfo", "-isodates", path], capture_output=True, text=True, check=True,
        env={"TZ": "UTC"},
    ).stdout  # fmt: skip
    (found,) = re.findall(r"CreationDate:\s+(\S+)", said)
    found = (
        found if re.search(r"[+-]\d\d:\d\d$", found) else re.sub(r"([+-]\d\d)$", r"\1:00", found)
    )
    wanted = datetime.fromisoformat(made).astimezone(UTC)
    assert datetime.fromisoformat(found).astimezone(UTC) == wanted
    assert b"/Lang (en)" in path.read_bytes()
    assert report(told(), made) == path.read_bytes()


def test_every_font_of_the_pdfs_is_in_them(tmp_path: Path) -> None:
    for name, data in (("r", report(told(), MADE)), ("h", handout(told(), MADE))):
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(data)
        lines = subprocess.run(
            ["pdffonts", path], capture_output=True, text=True, check=True
        ).stdout.splitlines()[2:]
        assert lines
        for line in lines:
            assert re.search(r"\byes yes (yes|no )", line), line
