import gc
import itertools
import os
import threading

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.model.request import AnyRequest
from console.ui.kit import garbage, theme
from console.ui.kit.buttons import EnterButton
from console.ui.main_window import SMALLEST, MainWindow
from console.ui.scripted.scenes import window as make_window


@pytest.fixture(autouse=True)
def windows_go() -> Iterator[None]:
    """A window that was closed is gone with its test: no later one has to style it again. As in the
    application, no other thread collects what may be a widget, and none outlives the test."""
    gc.disable()
    yield
    for thread in threading.enumerate():
        if thread.name == "apart":
            thread.join()
    if QApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    garbage.look()
    gc.enable()


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever presses has looked long enough, where the test does not turn the clock itself."""
    looked_at = itertools.count()
    monkeypatch.setattr(EnterButton, "clock", staticmethod(lambda: float(next(looked_at))))


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    """The window at its smallest, with what the operator asked for in `asked_for`."""
    theme.dress(qapp)
    made = make_window()
    made.resize(SMALLEST)
    qtbot.addWidget(made, before_close_func=lambda one: setattr(one, "_may_close", True))
    with qtbot.waitExposed(made):
        made.show()
    yield made


@pytest.fixture
def asked_for(window: MainWindow) -> list[AnyRequest]:
    asked: list[AnyRequest] = []
    window.requested.connect(asked.append)
    return asked
