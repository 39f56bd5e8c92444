"""The contents of cylinders, per console, from one run to the next."""

from pathlib import Path

import msgspec
import pytest

from console.model.cylinder import Cylinder
from console.records.cylinder_book import NAME, CylinderBook, read_cylinders

FULL = Cylinder(3_400.0, "2026-11-21T08:12:00.000+01:00")


def told(words: str) -> None:
    raise AssertionError(words)


def test_each_console_has_its_own_and_the_newest_stays(tmp_path: Path) -> None:
    book = CylinderBook(tmp_path, told)
    assert book.known == {}
    book.put("CC-0001", FULL)
    book.put("CC-0002", Cylinder(900.0, FULL.entered, 12.5))
    for used_g in range(1, 60):
        book.put("CC-0001", msgspec.structs.replace(FULL, used_g=float(used_g)))
    assert book.close()
    again = CylinderBook(tmp_path, told)
    assert again.close()
    assert again.known["CC-0001"].used_g == 59.0
    assert again.known["CC-0002"] == Cylinder(900.0, FULL.entered, 12.5)


def test_its_owner_alone_can_read_it(tmp_path: Path) -> None:
    book = CylinderBook(tmp_path / "deep", told)
    book.put("CC-0001", FULL)
    assert book.close()
    assert (tmp_path / "deep" / NAME).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("spoilt", [b"", b"{", b"[1]", b'{"CC-0001": {"contents_g": "much"}}'])
def test_a_spoilt_file_is_as_none_and_is_made_anew(tmp_path: Path, spoilt: bytes) -> None:
    (tmp_path / NAME).write_bytes(spoilt)
    book = CylinderBook(tmp_path, told)
    assert book.known == {}
    book.put("CC-0001", FULL)
    assert book.close()
    assert read_cylinders(tmp_path) == {"CC-0001": FULL}


def test_what_cannot_be_written_is_said_once_and_nothing_stops(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    said: list[str] = []
    book = CylinderBook(tmp_path, said.append)
    book.put("CC-0001", FULL)
    assert not book.close()
    (words,) = said
    assert NAME in words
