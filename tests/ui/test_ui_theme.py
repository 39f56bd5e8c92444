"""Contrast, sizes, and what the binding must not do."""

import re
import sys
import time

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from ui_kit import freezing, settle

from console.model.alarm import Priority
from console.preferences import THEMES as KEPT
from console.ui.kit.palette import THEMES, Palette
from console.ui.kit.theme import SMALL, dress, family, stylesheet
from console.ui.main_window import MainWindow
from console.ui.scripted.scenes import OVER_COOL

LOOKS = pytest.mark.parametrize("look", THEMES.values(), ids=list(THEMES))


def _luminance(colour: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    c = QColor(colour)
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF())


def contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@LOOKS
def test_text_is_readable_on_every_surface(look: Palette) -> None:
    surfaces = ("window", "bar", "card", "inset", "raised", "raised_hover", "locked", "accent_fill")
    for surface in surfaces:
        for ink in ("text", "muted"):
            found = contrast(getattr(look, ink), getattr(look, surface))
            assert found >= 4.5, (ink, surface, found)
    pairs = (
        ("stale", "card"),
        ("number", "primary"),
        ("text", "primary"),
        ("number", "primary_hover"),
        ("number", "progress"),
        ("number", "phase_freeze"),
        ("number", "phase_thaw"),
        ("number", "phase_stopped"),
        ("number", "phase_free"),
        ("number", "phase_idle"),
        ("done_ink", "done"),
        ("done_ink", "card"),
        ("accent_ink", "accent"),
        ("strip_ink", "strip"),
        ("strip_muted", "strip"),
        ("simulated_ink", "simulated"),
        ("stop_ink", "stop"),
        ("stop_ink", "stop_hover"),
        ("stop_ink", "alarm_high"),
        ("alarm_ink", "alarm_medium"),
        ("alarm_ink", "alarm_low"),
        ("freeze_ink", "freeze_shade"),
        ("thaw_ink", "thaw_shade"),
        ("text", "freeze_block"),
        ("text", "thaw_block"),
        ("text", "tissue"),
        ("nerve", "tissue"),
        ("muted", "tissue"),
        ("text", "thaw_shade"),
        ("muted", "thaw_shade"),
        ("text", "freeze_shade"),
        ("muted", "freeze_shade"),
        ("number", "accent_fill"),
        ("text", "primary_hover"),
        ("alarm_mark", "freeze_shade"),
        ("alarm_mark", "thaw_shade"),
        ("alarm_mark", "card"),
    )
    for ink, surface in pairs:
        found = contrast(getattr(look, ink), getattr(look, surface))
        assert found >= 4.5, (ink, surface, found)


@LOOKS
def test_numbers_have_seven_to_one(look: Palette) -> None:
    for surface in ("card", "phase_freeze", "phase_thaw", "phase_stopped", "phase_idle"):
        assert contrast(look.number, getattr(look, surface)) >= 7.0, surface


@LOOKS
def test_the_colours_of_alarms_are_used_for_alarms_alone(look: Palette) -> None:
    alarms = {look.alarm(priority) for priority in Priority}
    others = {
        name: value
        for name, value in vars(look).items()
        if not name.startswith(("alarm", "stop")) and value in alarms
    }
    assert others == {}


@LOOKS
def test_no_text_is_smaller_than_fifteen_pixels(look: Palette) -> None:
    sizes = [int(size) for size in re.findall(r"font-size: (\d+)px", stylesheet(look))]
    assert sizes and min(sizes) >= SMALL == 15


def test_the_font_is_ours_whatever_style_the_system_has(qapp: QApplication) -> None:
    qapp.setStyle("Fusion")
    qapp.setFont("serif")
    dress(qapp)
    assert qapp.font().family() == family()


def test_the_themes_to_keep_are_those_to_wear() -> None:
    assert tuple(THEMES) == KEPT


def test_another_theme_is_put_on_in_mid_session(window: MainWindow) -> None:
    """Every colour that the screen shows is of the theme that is worn."""
    changed: list[str] = []
    window.theme_changed.connect(changed.append)
    script = freezing(window)
    assert not window.keys.theme.isVisible()
    script.end()
    script.alarms = (OVER_COOL,)
    window.apply(script.advance(1.0))
    settle()
    assert _shown(window) == {"card": THEMES["dark"].card, "window": THEMES["dark"].window}
    assert window.keys.theme.accessibleName() == "Light screen"
    window.keys.theme.click()
    settle()
    assert changed == ["light"]
    assert _shown(window) == {"card": THEMES["light"].card, "window": THEMES["light"].window}
    assert window.keys.theme.accessibleName() == "Dark screen"
    light = THEMES["light"]
    sheet = window.pages.session.plot.sheet
    assert sheet.grab().toImage().pixelColor(2, 2) == QColor(light.card)
    assert sheet._paint is not None
    assert sheet._paint._words[0].ink == QColor(light.muted)
    assert light.alarm_mark in window.top.alarms.styleSheet()
    window.keys.theme.click()
    settle()
    assert changed == ["light", "dark"]
    assert _shown(window) == {"card": THEMES["dark"].card, "window": THEMES["dark"].window}


def _shown(window: MainWindow) -> dict[str, str]:
    """Pixels of a card and of the ground between the cards."""
    picture = window.grab().toImage()
    card = window.pages.session.readings.gas
    inside = card.mapTo(window, card.rect().topLeft()) + QPoint(9, 9)
    between = card.mapTo(window, card.rect().topLeft()) - QPoint(7, 0)
    at = {"card": inside, "window": between}
    return {name: picture.pixelColor(place).name() for name, place in at.items()}


def test_void_calls_of_the_binding_keep_none_alive(qtbot: QtBot, qapp: QApplication) -> None:
    """PySide6 6.12.0 on Python 3.11 dropped a reference to None in every void call, and the
    interpreter aborted after seconds of repainting."""
    widget, label = QWidget(), QLabel()
    qtbot.addWidget(widget)
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for count in range(2_000):
        widget.update()
        label.setText(str(count))
        widget.setEnabled(True)
    qapp.processEvents()
    if sys.version_info >= (3, 12):
        pytest.skip("None is immortal here")
    assert sys.getrefcount(None) > before - 1_000


@pytest.mark.slow
def test_a_screen_update_at_eight_hours_costs_no_more_than_a_hang_would(
    qtbot: QtBot,
) -> None:
    from test_ui_plot import EIGHT_HOURS, _samples

    from console.ui.plot.history import History

    history = History()
    history.append(_samples(EIGHT_HOURS))
    begun = time.process_time()
    for _ in range(50):
        history.drawn(0.0, 1e9)
    assert (time.process_time() - begun) / 50 < 0.05
