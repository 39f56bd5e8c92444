"""Renders every screen and state to PNG files: `python -m console.ui.screenshots DIR`."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtWidgets import QApplication

from console.model.snapshot import Phase
from console.ui import theme
from console.ui.scripted.scenes import SCENES, window


def render(app: QApplication, folder: Path, width: int, height: int) -> Iterator[Path]:
    """Every state at one size of the window."""
    for name, scene in SCENES.items():
        show = window()
        show.resize(width, height)
        show.show()
        scene(show)
        app.processEvents()
        if show.snapshot is not None and show.snapshot.procedure.phase is not Phase.PREPARE:
            show.session.plot.redraw(force=True)
        app.processEvents()
        path = folder / f"{name}-{width}x{height}.png"
        show.grab().save(str(path))
        show.hide()
        show.deleteLater()
        yield path


def main(arguments: list[str]) -> int:
    """Writes the pictures into the folder named."""
    if not arguments:
        print("Which folder? python -m console.ui.screenshots DIR", file=sys.stderr)
        return 2
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    theme.dress(app)
    for width, height in ((1_440, 900), (1_280, 800)):
        for path in render(app, folder, width, height):
            print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
