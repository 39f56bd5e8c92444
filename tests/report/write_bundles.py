"""Writes the FHIR bundles of the tests' sessions into a folder, for `make fhir`."""

import sys
import tempfile
from pathlib import Path

from report_kit import hard_case, told

from console.report.fhir import Document, bundle
from console.report.gathering import account

MADE = "2026-11-22T09:00:00+13:00"


def main() -> None:
    """Two treatments: a simulated one with its report, a bedside one with all that can happen."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    report = Document("report.pdf", "application/pdf", b"%PDF")
    (folder / "simulated.json").write_bytes(bundle(told(), MADE, report))
    with tempfile.TemporaryDirectory() as made:
        session = hard_case(Path(made) / "session")
        (folder / "bedside.json").write_bytes(bundle(account(session), MADE))


if __name__ == "__main__":
    main()
