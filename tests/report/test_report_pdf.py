"""The report as its reader sees it: read back from the PDF."""

import re
import subprocess
from pathlib import Path

import msgspec
import pytest
from report_kit import (
    FREEZES,
    MADE,
    bare_case,
    hard_case,
    plain,
    telemetry,
    text_of,
    told,
    written,
)
from report_kit import header as header_of

from console.model.quantities import minutes, number
from console.records import Amended, Connected, read_session
from console.report import words
from console.report.gathering import account
from console.report.part_freezes import thaw_state
from console.report.pdf import report

PAGES = {"a4": "595.276 x 841.89 pts (A4)", "letter": "612 x 792 pts (letter)"}


@pytest.mark.parametrize("size", PAGES)
def test_every_number_of_the_record_is_in_the_report(tmp_path: Path, size: str) -> None:
    found = account(hard_case(tmp_path / "s"))
    text = plain(text_of(report(found, MADE, size), tmp_path))
    for record in FREEZES:
        assert record.ended_ms is not None
        ran = minutes((record.ended_ms - record.started_ms) / 1000)
        row = [f"{ran} / {minutes(record.planned_freeze_s)}"]
        row += [number(record.start_tip_celsius), number(record.lowest_tip_celsius)]
        row += [number(record.time_to_target_s), minutes(record.time_at_target_s)]
        row += [number(record.gas_g), minutes(record.thaw_s), number(record.highest_thaw_celsius)]
        pattern = r".{0,60}?".join(re.escape(each) for each in row)
        assert re.search(pattern, text), (row, text)
    for told_value in (
        "(+0:30)", "9.0 (8.6 to 9.4)", "5.1 (4.7 to 5.5)", "1:17 (1:17 to 1:17)", "−65.0 °C",
        "25.1 g", "CP-0007", "PR-0815", "1.4 mm × 6.0 mm", "case A-17", "Operator KJ",
        "LEFT · SAPHENOUS", "RIGHT · GENICULAR <LATERAL> & MORE", "1:00, thaw 0:20 · 0:30",
        found.record.head, words.NO_DEVICE, "partial", "full",
    ):  # fmt: skip
        assert told_value in text, told_value
    for event in found.events:
        assert plain(event.text) in text, event
    size_said = subprocess.run(
        ["pdfinfo", str(tmp_path / "read.pdf")], capture_output=True, text=True, check=True
    ).stdout
    assert PAGES[size] in size_said


def test_pages_are_numbered_and_every_one_says_what_it_is(tmp_path: Path) -> None:
    text = text_of(report(told(), MADE), tmp_path)
    pages = text.rstrip("\f").split("\f")
    for at, page in enumerate(pages, 1):
        assert f"Page {at} of {len(pages)}" in page
        assert words.NO_DEVICE in page
        assert "SIMULATED" in page
        assert told().session in page


def test_only_a_simulated_session_is_marked_so(tmp_path: Path) -> None:
    real = account(hard_case(tmp_path / "s"))
    assert "SIMULATED" not in text_of(report(real, MADE), tmp_path)


def test_the_strip_chart_of_a_long_session_is_one_page(tmp_path: Path) -> None:
    frames = [telemetry(at * 1_000, at * 1_000.0, 20.0 + at % 7) for at in range(1_000)]
    written(tmp_path / "s" / "001.journal", frames, "done", header_of(1, "10:00:00"))
    text = text_of(report(account(read_session(tmp_path / "s")), MADE), tmp_path)
    charts = [page for page in text.split("\f") if "whole session" in page]
    assert len(charts) == 1
    for part in ("Tip, °C", "Supply, bar", "Exhaust, bar", "Flow of gas", "16:00"):
        assert part in charts[0]


def test_the_same_record_gives_the_same_bytes(tmp_path: Path) -> None:
    session = hard_case(tmp_path / "s")
    assert report(account(session), MADE) == report(account(session), MADE)


def test_the_time_out_card_stands_with_its_newest_answers(tmp_path: Path) -> None:
    text = plain(text_of(report(account(hard_case(tmp_path / "s")), MADE), tmp_path))
    card = text[text.index("Time-out") : text.index("Stimulation")]
    assert re.search(r"0:00 identity clear the team", card)  # half a second, to the even
    assert re.search(r"0:02 allergies not clear latex: gloves changed", card)
    assert card.count("allergies") == 1


def test_the_console_check_stands_with_its_newest_results(tmp_path: Path) -> None:
    text = plain(text_of(report(account(hard_case(tmp_path / "s")), MADE), tmp_path))
    part = text[text.index("Console check") : text.index("Time-out")]
    assert "sterile probe passed LT-14-6, P-0001" in part
    assert "supply leak test not measurable here no second valve" in part
    assert "probe leak test passed 0:03 of gas, again" in part and "failed" not in part


def test_stimulation_stands_by_site_and_placement_with_set_and_delivered(tmp_path: Path) -> None:
    text = plain(text_of(report(account(hard_case(tmp_path / "s")), MADE), tmp_path))
    part = text[text.index("Stimulation") : text.index("What was done")]
    first, second = part.split("LEFT · SAPHENOUS · placement ")[1:]
    assert re.search(r"0:02 sensory 50 0\.5 0\.35 mA 0\.34 mA 514", first)
    for each in ("0.05 (0.05)", "0.35 (0.34)", "felt in the", "pain area"):
        assert each in first, each
    assert re.search(r"0:07 motor 2 0\.5 --- --- ---", second)
    assert "no answer" in second
    assert "0.15 (---)" in second


def test_overrides_stand_with_their_reasons(tmp_path: Path) -> None:
    text = plain(text_of(report(account(hard_case(tmp_path / "s")), MADE), tmp_path))
    assert re.search(
        r"Overrides .*4:02 .*no stimulation The sensory test is not .*seen by ultrasound", text
    )


def test_the_pain_stands_with_what_had_been_frozen(tmp_path: Path) -> None:
    text = plain(text_of(report(account(hard_case(tmp_path / "s")), MADE), tmp_path))
    assert re.search(r"0:05 LEFT · SAPHENOUS before the first freeze 8 of 10", text)
    assert re.search(r"1:50 LEFT · SAPHENOUS after freeze 1 2 of 10", text)
    assert "Finished because the pain was gone: " in text


def test_alarms_stand_with_what_became_of_them(tmp_path: Path) -> None:
    text = plain(text_of(report(account(hard_case(tmp_path / "s")), MADE), tmp_path))
    assert re.search(r"high The probe's exhaust is blocked 2:20", text)
    assert re.search(r"medium Supply is low it stood at the", text)


def test_thaws_are_partial_full_or_unknown(tmp_path: Path) -> None:
    found = account(hard_case(tmp_path / "s"))
    assert [thaw_state(each) for each in found.freezes] == ["partial", "---", "full"]


def test_a_record_that_is_not_whole_says_so_on_its_first_page(tmp_path: Path) -> None:
    hard_case(tmp_path / "s")
    path = tmp_path / "s" / "002.journal"
    path.write_bytes(path.read_bytes()[:-3])
    found = account(read_session(tmp_path / "s"))
    first = text_of(report(found, MADE), tmp_path).split("\f")[0]
    assert "The record is not whole: 002.journal: not closed" in plain(first)


def test_a_session_in_which_nothing_happened_has_a_report(tmp_path: Path) -> None:
    found = account(read_session(bare_case(tmp_path / "s")))
    assert not list(read_session(tmp_path / "s").of(Connected))
    text = plain(text_of(report(found, MADE), tmp_path))
    assert "No plan was chosen." in text
    assert "No freeze was begun." in text
    assert "No alarm was raised." in text
    for absent in (
        "Time-out",
        "Stimulation",
        "Overrides",
        "whole session",
        "Estimate",
        "Decisions",
        "Amendments",
        "Each freeze",
    ):
        assert absent not in text


@pytest.mark.parametrize("size", PAGES)
@pytest.mark.parametrize(
    ("who", "why", "text"), [(40, 200, 10_000), (950, 2_400, 1_350), (9_000, 9_000, 9_000)]
)
def test_an_amendment_of_any_length_is_printed_whole(
    tmp_path: Path, size: str, who: int, why: int, text: int
) -> None:
    """The first is the longest that is taken now; earlier versions took more."""

    def said(word: str, length: int) -> str:
        return " ".join(f"{word}{number}" for number in range(length // 6))[:length]

    added = Amended("2026-12-05T09:30:00+00:00", said("a", who), said("b", why), said("c", text))
    found = msgspec.structs.replace(told(), amendments=(added, added))
    printed = text_of(report(found, MADE, size), tmp_path)
    words_there = set(re.findall(r"[abc][0-9]+", printed))
    for each in (added.who, added.why, added.text):
        assert set(each.split()[:-1]) <= words_there


def test_an_amendment_that_is_dated_before_the_session_is_marked(tmp_path: Path) -> None:
    dates = ("2020-01-01T10:00:00+00:00", "2099-12-05T09:30:00+00:00")
    added = tuple(Amended(wall, "KJ", "visit", f"Of {wall[:4]}.") for wall in dates)
    text = plain(text_of(report(msgspec.structs.replace(told(), amendments=added), MADE), tmp_path))
    assert text.count("dated before the session") == 1
