"""A bell is heard on the main thread, and by nobody when its owner is gone."""

import threading

import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from ui_kit import settle

from console.ui.kit.bell import Bell


class Listener(QObject):
    """Notes what is heard, and on which thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.heard: list[tuple[object, int]] = []
        self.bell = Bell(self._hear, self)

    def _hear(self, what: object) -> None:
        self.heard.append((what, threading.get_ident()))


def test_each_ring_is_heard_once_on_the_main_thread_in_order(qtbot: QtBot) -> None:
    listener = Listener()

    def ring() -> None:
        for number in range(3):
            listener.bell.ring(number)

    thread = threading.Thread(target=ring)
    thread.start()
    thread.join()
    assert listener.heard == [], "the ringing thread calls nothing"
    settle()
    assert listener.heard == [(number, threading.get_ident()) for number in range(3)]


def test_a_silenced_bell_is_heard_by_nobody(qtbot: QtBot) -> None:
    listener = Listener()
    listener.bell.silence()
    listener.bell.ring()
    settle()
    assert listener.heard == []


def test_a_ring_finds_nobody_when_the_owner_or_its_parent_is_gone(qtbot: QtBot) -> None:
    parent = QObject()
    alone, child = Listener(), Listener(parent)
    shiboken6.delete(alone)
    shiboken6.delete(parent)
    alone.bell.ring()
    child.bell.ring()
    settle()
    assert alone.heard == child.heard == []
