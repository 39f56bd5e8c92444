"""Renders every screen and state to PNG files: `python -m console.ui.screenshots DIR [WORD]...`.

A picture is NAME-THEME-LANGUAGE-WIDTHxHEIGHT.png; with words only those whose name holds one."""

import os
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication

from console.model.snapshot import Phase
from console.ui.kit import theme
from console.ui.kit.language import speak
from console.ui.kit.palette import THEMES, Look
from console.ui.scripted.gallery import GALLERY, Shown

SIZES: Final = {"en": ((1_440, 900), (1_280, 650)), "pseudo": ((1_440, 900),)}
"""By language: the made-up one is looked at where room is scarce."""


def render(app: QApplication, folder: Path, words: Sequence[str] = ()) -> Iterator[Path]:
    """Every state in each theme and language at each size of the window."""
    for worn, language in product(THEMES, SIZES):
        look = Look(worn)
        theme.dress(app, look)
        speak(app, language)
        for (name, shown), (width, height) in product(GALLERY.items(), SIZES[language]):
            path = folder / f"{name}-{worn}-{language}-{width}x{height}.png"
            if not words or any(word in path.name for word in words):
                _picture(app, look, shown, QSize(width, height)).save(str(path))
                yield path


def _picture(app: QApplication, look: Look, shown: Shown, size: QSize) -> QPixmap:
    show = shown.make(look)
    show.resize(size)
    show.show()
    shown.scene(show)
    app.processEvents()
    now = show.snapshot
    if now is not None and now.procedure.phase is not Phase.PREPARE:
        show.pages.session.plot.redraw(force=True)
    app.processEvents()
    made = show.grab()
    show.hide()
    show.deleteLater()
    # Nothing else would do it here: this program has no event loop.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return made


def main(arguments: list[str]) -> int:
    """Writes the pictures into the folder named."""
    if not arguments or arguments[0].startswith("-"):
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
