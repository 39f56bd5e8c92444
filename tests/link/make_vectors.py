"""Writes docs/vectors from the independent codec: python -m tests.link.make_vectors"""

import json
from pathlib import Path
from typing import Any

from tests.link import vector_exchanges, vector_frames

FOLDER = Path(__file__).parents[2] / "docs" / "vectors"


def files() -> dict[str, str]:
    """Name and text of every file of the folder."""
    contents: dict[str, Any] = {
        "good.json": vector_frames.good(),
        "bad.json": vector_frames.bad(),
        "streams.json": vector_frames.streams(),
        "exchanges.json": vector_exchanges.exchanges(),
    }
    return {name: _text(content) for name, content in contents.items()}


def _text(content: list[Any]) -> str:
    """JSON with a line for each frame, stream or step."""
    lines = []
    for entry in content:
        steps = entry.pop("steps", None)
        line = json.dumps(entry)
        if steps is not None:
            inner = ",\n  ".join(json.dumps(step) for step in steps)
            line = f'{line[:-1]}, "steps": [\n  {inner}\n]}}'
        lines.append(line)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def main() -> None:
    """Writes them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
