"""The collector works on the main thread, and nowhere else."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from console.ui.kit.garbage import LOOK_EVERY_MS, MainThreadCollector, look


class Knot:
    """Refers to itself: only the collector finds that nobody wants it."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def collector(qtbot: QtBot) -> Iterator[MainThreadCollector]:
    made = MainThreadCollector()
    yield made
    made.end()
    assert gc.isenabled()


def test_another_thread_collects_nothing_and_the_main_thread_does(
    qtbot: QtBot, collector: MainThreadCollector
) -> None:
    died_on: list[str] = []

    def work() -> None:
        knot = Knot()
        weakref.finalize(knot, lambda: died_on.append(threading.current_thread().name))
        del knot
        for _ in range(10 * gc.get_threshold()[0]):
            Knot()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert died_on == []
    qtbot.waitUntil(lambda: bool(died_on), timeout=100 * LOOK_EVERY_MS)
    assert died_on == [threading.main_thread().name]


def test_only_what_is_due_is_collected(collector: MainThreadCollector) -> None:
    gc.collect()
    assert look() is None
    kept = [Knot() for _ in range(gc.get_threshold()[0] + 1)]
    assert look() == 0
    assert kept
