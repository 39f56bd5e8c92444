"""Writes what is made from docs/protocol.json: python -m tests.link.make_protocol"""

from pathlib import Path

from tests.link import definition


def files() -> dict[Path, str]:
    """Path and text of everything that is made."""
    known = definition.definition()
    text = definition.DOCUMENT.read_text(encoding="utf-8")
    return {
        definition.DOCUMENT: definition.document(known, text),
        definition.HEADER: definition.header(known),
    }


def main() -> None:
    """Writes them all."""
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
