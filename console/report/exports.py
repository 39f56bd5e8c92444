"""What is asked for of a session, as files: their places and bytes, before any is written."""

from pathlib import Path
from typing import Final

import msgspec

from console.records.session import Session
from console.report.document import PAGES
from console.report.fhir import Document, bundle
from console.report.gathering import account
from console.report.handout import NothingDoneError, handout
from console.report.pdf import report
from console.report.tables import tables

__all__ = ["PAGES", "CannotExportError", "Wanted", "exported"]

PDF: Final = "application/pdf"


class CannotExportError(Exception):
    """Nothing can be exported as asked for; one line that says why."""


class Wanted(msgspec.Struct, frozen=True):
    """Where each goes; None is not asked for. `csv` is a folder; `page` one of PAGES.
    `decimal_comma`: the tables as computers set to such a language read them."""

    pdf: Path | None = None
    csv: Path | None = None
    fhir: Path | None = None
    handout: Path | None = None
    page: str = "a4"
    decimal_comma: bool = False


def exported(session: Session, wanted: Wanted, made: str) -> dict[Path, bytes]:
    """The files by their places, at least one. `made`: the local time, ISO 8601.
    CannotExportError."""
    single = [each for each in (wanted.pdf, wanted.fhir, wanted.handout) if each is not None]
    if not single and wanted.csv is None:
        raise CannotExportError("say what to export: --pdf, --csv, --fhir or --handout")
    if len({each.absolute() for each in single}) < len(single):
        raise CannotExportError(f"{single[0]}: each export needs a file of its own")
    if not any(each.header for each in session.journals):
        problem = session.journals[0].problem or session.journals[0].note
        raise CannotExportError(f"{session.journals[0].path}: nothing can be exported: {problem}")
    told = account(session)
    files: dict[Path, bytes] = {}
    document = None
    if wanted.pdf is not None:
        files[wanted.pdf] = report(told, made, wanted.page)
        document = Document(wanted.pdf.name, PDF, files[wanted.pdf])
    if wanted.csv is not None:
        made_tables = tables(told, decimal_comma=wanted.decimal_comma)
        files |= {wanted.csv / name: data for name, data in made_tables.items()}
    if wanted.fhir is not None:
        files[wanted.fhir] = bundle(told, made, document)
    if wanted.handout is not None:
        try:
            files[wanted.handout] = handout(told, made, wanted.page)
        except NothingDoneError as error:
            raise CannotExportError(str(error)) from error
    return files
