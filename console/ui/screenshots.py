"""Renders every screen and state to PNG files: `python -m console.ui.screenshots DIR [WORD]...`.

A picture is NAME-THEME-WIDTHxHEIGHT.png; with words only those whose name holds one of them."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QApplication

from console.model.snapshot import Phase
from console.ui import theme
from console.ui.palette import THEMES, Look
from console.ui.scripted.scenes import SCENES, window

SIZES: Final = ((1_440, 900), (1_280, 800))


def render(app: QApplication, folder: Path, words: Sequence[str] = ()) -> Iterator[Path]:
    """Every state in each theme at each size of the window."""
    for worn in THEMES:
        look = Look(worn)
        theme.dress(app, look)
        for name, scene in SCENES.items():
            for width, height in SIZES:
                path = folder / f"{name}-{worn}-{width}x{height}.png"
                if words and not any(word in path.name for word in words):
                    continue
                show = window(look)
                show.resize(width, height)
                show.show()
                scene(show)
                app.processEvents()
                shown = show.snapshot
                if shown is not None and shown.procedure.phase is not Phase.PREPARE:
                    show.session.plot.redraw(force=True)
                app.processEvents()
                show.grab().save(str(path))
                show.hide()
                show.deleteLater()
                yield path


def main(arguments: list[str]) -> int:
    """Writes the pictures into the folder named."""
    if not arguments:
        print("Which folder? python -m console.ui.screenshots DIR [WORD]...", file=sys.stderr)
        return 2
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    for path in render(app, folder, arguments[1:]):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
