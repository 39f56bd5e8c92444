"""The core on its bench is that of tests/control; records are written as in tests/report."""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path += [str(Path(__file__).parents[1] / folder) for folder in ("control", "report")]

from collections.abc import Iterator
from datetime import datetime

import pytest
from core_kit import plan
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console import config
from console.model.preset import Preset
from console.ui.connect import PortTile
from console.ui.kit import theme
from console.ui.main_window import MainWindow

SHORT = plan(8.0, 8.0, thaw_s=2.0, name="2 short ones")


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> Iterator[MainWindow]:
    theme.dress(qapp)
    made = MainWindow(
        presets=(Preset("2 short ones", "", "", SHORT),),
        demonstration=config.demonstration(),
        list_ports=lambda: [PortTile("COM3", "Console SN 0042")],
        clock=lambda: datetime(2026, 11, 21, 10, 42, 7),
    )
    made.resize(1280, 650)
    qtbot.addWidget(made, before_close_func=lambda one: setattr(one, "_may_close", True))
    with qtbot.waitExposed(made):
        made.show()
    yield made
