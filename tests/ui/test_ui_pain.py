"""The pain pad: opened, one touch, closed."""

from ui_kit import settle

from console.model.request import AnyRequest, ScorePain
from console.ui.main_window import MainWindow
from console.ui.scripted.scenes import SCENES


def test_each_score_is_one_touch_on_the_pad(
    window: MainWindow, asked_for: list[AnyRequest]
) -> None:
    for score in range(11):
        SCENES["pain"](window)
        settle()
        pad = window.pages.session.action_row.pain
        assert pad.isVisible()
        pad.keys[score].click()
        assert not pad.isVisible()
    assert asked_for == [ScorePain(score) for score in range(11)]


def test_its_keys_are_touch_targets_apart_from_each_other(window: MainWindow) -> None:
    SCENES["pain"](window)
    settle()
    keys = window.pages.session.action_row.pain.keys
    assert all(key.width() >= 48 and key.height() >= 48 for key in keys)
    assert keys[1].x() - keys[0].geometry().right() >= 16
    assert keys[6].y() - keys[0].geometry().bottom() >= 16
    assert keys[3].accessibleName() == "Pain 3 of 10"


def test_it_can_be_left_without_a_score(window: MainWindow, asked_for: list[AnyRequest]) -> None:
    SCENES["pain"](window)
    settle()
    row = window.pages.session.action_row
    row.back.click()
    assert asked_for == [] and not row.pain.isVisible()
