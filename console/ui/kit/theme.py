"""Fonts, sizes and the style sheet, in the colours of a palette."""

from functools import cache
from typing import Final

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from console.ui.kit.palette import DARK, Palette

__all__ = [
    "BODY",
    "DARK",
    "GAP",
    "GUTTER",
    "HEADLINE",
    "RADIUS",
    "SMALL",
    "TITLE",
    "TOUCH",
    "TOUCH_MAIN",
    "Palette",
    "dress",
    "family",
    "font",
    "stylesheet",
]

SMALL: Final = 15
"""Smallest text on any screen, in pixels at 96 DPI."""
BODY: Final = 17
TITLE: Final = 20
HEADLINE: Final = 28
TOUCH: Final = 48
TOUCH_MAIN: Final = 68
GAP: Final = 16
GUTTER: Final = 12
"""Between cards, which nobody touches."""
RADIUS: Final = 12


@cache
def family() -> str:
    """The font of all screens: Inter where it is installed. Asked of the system once, because
    painting asks for it."""
    installed = set(QFontDatabase.families())
    wanted = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans")
    return next((name for name in wanted if name in installed), "Sans Serif")


def font(pixels: int, weight: QFont.Weight = QFont.Weight.Normal, *, digits: bool = False) -> QFont:
    """A font for painting. `digits`: figures of one width, so that a running number stands."""
    made = QFont(family())
    made.setPixelSize(pixels)
    made.setWeight(weight)
    if digits:
        made.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 95.0)
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def dress(app: QApplication, palette: Palette = DARK) -> None:
    """Gives the application its look, at its start or while it runs."""
    # Qt replaces a sheet four times slower than it takes one off and puts another on.
    app.setStyleSheet("")
    if app.style().name().casefold() != "fusion":
        app.setStyle("Fusion")
    if app.font().family() != family():
        app.setFont(font(BODY))
    colours = QPalette()
    for role, name in (
        (QPalette.ColorRole.Window, palette.window),
        (QPalette.ColorRole.WindowText, palette.text),
        (QPalette.ColorRole.Base, palette.inset),
        (QPalette.ColorRole.Text, palette.text),
        (QPalette.ColorRole.PlaceholderText, palette.muted),
        (QPalette.ColorRole.Button, palette.raised),
        (QPalette.ColorRole.ButtonText, palette.text),
        (QPalette.ColorRole.Highlight, palette.accent),
        (QPalette.ColorRole.HighlightedText, palette.accent_ink),
    ):
        colours.setColor(role, QColor(name))
    app.setPalette(colours)
    app.setStyleSheet(stylesheet(palette))


def stylesheet(p: Palette) -> str:
    """The whole style sheet. Widgets say what they are by the dynamic property `role`."""
    return f"""
    QWidget {{ color: {p.text}; font-size: {BODY}px; }}
    QWidget#window {{ background: {p.window}; border: 4px solid {p.window}; }}
    QWidget#window[simulated="true"] {{ border-color: {p.simulated}; }}
    QWidget#window[replay="true"] {{ border-color: {p.accent}; }}
    QWidget#bar {{ background: {p.bar}; }}

    QFrame[role="card"] {{
        background: {p.card}; border: 1px solid {p.card_edge}; border-radius: {RADIUS}px; }}
    QFrame[role="rule"] {{ background: {p.card_edge}; }}

    QLabel {{ background: transparent; }}
    QLabel[role="small"] {{ font-size: {SMALL}px; color: {p.muted}; font-weight: 500; }}
    QLabel[role="title"] {{ font-size: {TITLE}px; font-weight: 700; }}
    QLabel[role="name"] {{ font-size: {BODY}px; font-weight: 600; }}
    QLabel[role="note"] {{ font-size: {SMALL}px; font-weight: 600; }}
    QLabel[role="headline"] {{ font-size: {HEADLINE}px; font-weight: 700; }}
    QLabel[role="line"] {{ font-size: 19px; font-weight: 600; }}
    QLabel[role="huge"] {{ font-size: 44px; font-weight: 800; }}
    QLabel[role="value"] {{ font-size: 22px; font-weight: 700; color: {p.number}; }}
    QLabel[role="value"][stale="true"] {{ color: {p.stale}; }}
    QLabel[role="model"] {{ font-size: {BODY}px; font-weight: 300; color: {p.text}; }}
    QLabel[keys="false"] {{ border-bottom: 3px solid transparent; }}
    QLabel[keys="true"] {{ border-bottom: 3px solid {p.number}; }}
    QLabel[role="brand"] {{ font-size: 19px; font-weight: 700; }}
    QLabel[role="badge"] {{
        background: {p.simulated}; color: {p.simulated_ink}; border-radius: 6px;
        font-size: {SMALL}px; font-weight: 700; padding: 3px 7px; }}
    QLabel[role="ok"] {{ font-size: {SMALL}px; font-weight: 600; color: {p.done_ink}; }}
    QLabel[role="number"] {{
        font-size: {SMALL}px; font-weight: 700; border-radius: 12px;
        background: {p.raised}; color: {p.text}; }}

    QLabel#notready {{ font-weight: 600; color: {p.number}; }}

    QFrame#strip {{ background: {p.strip}; }}
    QFrame#strip QLabel {{ color: {p.strip_muted}; font-size: {BODY}px; }}
    QFrame#strip QLabel[role="site"] {{
        color: {p.strip_ink}; font-size: 21px; font-weight: 800; }}
    QFrame#strip QLabel[role="case"] {{ color: {p.strip_ink}; }}

    QFrame#step {{ border: 1px solid transparent; border-radius: {RADIUS}px; }}
    QFrame#step[now="true"] {{ background: {p.accent_fill}; border-color: {p.accent_edge}; }}
    QLabel#mark {{
        font-size: {SMALL}px; font-weight: 700; border-radius: 15px;
        background: {p.raised}; color: {p.text}; }}
    QLabel#mark[state="done"] {{ background: {p.done}; color: {p.done_ink}; }}
    QLabel#mark[state="now"] {{ background: {p.accent}; color: {p.accent_ink}; }}

    QFrame#phase {{ border-radius: {RADIUS}px; background: {p.phase_idle}; }}
    QFrame#phase[tone="freeze"] {{ background: {p.phase_freeze}; }}
    QFrame#phase[tone="thaw"] {{ background: {p.phase_thaw}; }}
    QFrame#phase[tone="stopped"] {{
        background: {p.phase_stopped}; border: 2px solid {p.text}; }}
    QFrame#phase[tone="free"] {{ background: {p.phase_free}; }}
    QFrame#phase QLabel {{ color: {p.number}; }}

    QFrame#alarm {{ background: {p.raised}; border: 2px solid {p.raised_edge};
        border-radius: 10px; }}
    QLabel#happened {{ font-size: 18px; font-weight: 700; color: {p.number}; }}
    QLabel#todo {{ font-size: {SMALL}px; color: {p.text}; }}
    QLabel#quiet {{ font-size: 18px; font-weight: 300; color: {p.muted}; }}

    QFrame#question {{ background: {p.strip}; }}
    QFrame#question QLabel#asked {{ color: {p.strip_ink}; font-size: 18px; font-weight: 600; }}

    QFrame#replay {{ background: {p.accent}; }}
    QFrame#replay QLabel {{ color: {p.accent_ink}; }}

    QPushButton {{
        background: {p.raised}; color: {p.text}; border: 2px solid {p.raised_edge};
        border-radius: {RADIUS}px; padding: 0 14px; font-size: {BODY}px; font-weight: 600; }}
    QPushButton:hover {{ background: {p.raised_hover}; }}
    QPushButton:pressed {{ background: {p.accent_fill}; }}
    QPushButton:focus {{ border: 3px solid {p.number}; }}
    QPushButton:checked {{ background: {p.accent_fill}; border: 3px solid {p.accent}; }}
    QPushButton:checked:focus {{ border-color: {p.number}; }}
    QPushButton#sound, QPushButton#history, QPushButton#acknowledge,
    QPushButton#theme, QPushButton#lock, QPushButton#leave, QPushButton#move {{
        font-size: {SMALL}px; padding: 0 8px; }}
    QListView#history, QListView#sessions {{ background: {p.inset}; color: {p.text};
        border: 3px solid {p.inset}; border-radius: {RADIUS}px; padding: 3px;
        font-size: {SMALL}px; }}
    QListView#history:focus, QListView#sessions:focus {{ border-color: {p.number}; }}
    QPdfView {{ border: 3px solid {p.card_edge}; }}
    QPdfView:focus {{ border-color: {p.number}; }}
    QListView#sessions::item {{ padding: 6px 8px; border: 2px solid transparent;
        border-radius: 8px; }}
    QListView#sessions::item:selected {{ background: {p.accent_fill}; color: {p.number};
        border-color: {p.accent}; }}
    QScrollBar {{ background: transparent; }}
    QScrollBar:vertical {{ width: 16px; }}
    QScrollBar:horizontal {{ height: 16px; }}
    QScrollBar::handle {{ background: {p.raised_edge}; border-radius: 6px; margin: 2px;
        min-height: {TOUCH}px; min-width: {TOUCH}px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QScrollArea#trends, QWidget#trend_plots, QScrollArea#tiles, QWidget#tiles {{
        background: {p.card}; }}
    QPushButton[role="side"] {{ font-size: 19px; font-weight: 700; }}
    QPushButton[role="side"]:checked {{ background: {p.primary}; color: {p.number}; }}
    QPushButton[role="answer"] {{ padding: 0 4px; }}
    QPushButton:disabled {{
        background: {p.locked}; color: {p.muted}; border: 2px dashed {p.locked_edge}; }}
    QPushButton:checked:disabled {{
        background: {p.accent_fill}; color: {p.text}; border: 2px solid {p.accent}; }}
    QPushButton[now="true"]:disabled {{
        background: {p.accent_fill}; border: 2px solid {p.accent_edge}; }}
    QPushButton[role="primary"] {{ background: {p.primary}; border-color: {p.accent}; }}
    QPushButton[role="primary"]:hover {{ background: {p.primary_hover}; }}
    QPushButton[role="primary"]:focus {{ border-color: {p.number}; }}
    QPushButton[role="primary"]:disabled {{
        background: {p.locked}; border: 2px dashed {p.locked_edge}; }}
    QPushButton QLabel {{ color: {p.text}; }}
    QPushButton QLabel[role="action"] {{ font-size: 20px; font-weight: 700; color: {p.number}; }}
    QPushButton QLabel[role="key"] {{ font-size: 34px; font-weight: 700; color: {p.number}; }}
    QPushButton QLabel[role="key"][locked="true"] {{ color: {p.muted}; }}
    QPushButton QLabel[role="why"] {{ font-size: {SMALL}px; color: {p.text}; font-weight: 500; }}
    QPushButton QLabel[role="action"][locked="true"] {{ color: {p.muted}; }}
    QPushButton QLabel[role="dropped"] {{
        background: {p.window}; color: {p.text}; border: 3px dashed {p.text};
        border-radius: {RADIUS}px; font-size: {SMALL}px; font-weight: 600; }}

    QPushButton#stop {{
        background: {p.stop}; border: 2px solid {p.stop_edge}; border-radius: {RADIUS}px; }}
    QPushButton#stop:hover {{ background: {p.stop}; }}
    QPushButton#stop:pressed {{ background: {p.stop_hover}; border-color: {p.number}; }}
    QPushButton#stop QLabel {{ color: {p.stop_ink}; font-size: {SMALL}px; font-weight: 600; }}
    QPushButton#stop QLabel[role="stop"] {{ font-size: 28px; font-weight: 800; }}

    QLineEdit {{
        background: {p.inset}; border: 2px solid {p.raised_edge}; border-radius: 10px;
        padding: 0 12px; min-height: {TOUCH - 4}px; font-size: 18px; font-weight: 500;
        selection-background-color: {p.accent}; selection-color: {p.accent_ink}; }}
    QLineEdit:focus {{ border: 3px solid {p.accent}; }}
    """
