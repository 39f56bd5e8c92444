"""The typeface of what is printed: DejaVu Sans, which has every sign that we use, embedded.

It comes with matplotlib, which is not imported for it.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from reportlab.graphics.shapes import STATE_DEFAULTS
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN: Final = "DejaVuSans"
BOLD: Final = "DejaVuSans-Bold"
ITALIC: Final = "DejaVuSans-Oblique"
MONO: Final = "DejaVuSansMono"


@cache
def register() -> None:
    """Makes the fonts known to reportlab, once. FileNotFoundError when matplotlib is not whole."""
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise FileNotFoundError("matplotlib, which brings the font of the report, is not installed")
    folder = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    for name in (PLAIN, BOLD, ITALIC, MONO):
        pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))
    pdfmetrics.registerFontFamily(PLAIN, PLAIN, BOLD, ITALIC, BOLD)
    # A drawing begins in a font of its own, which would be named in the file and not be in it.
    STATE_DEFAULTS["fontName"] = PLAIN
    pdfmetrics.registerFontFamily(MONO, MONO, MONO, MONO, MONO)
