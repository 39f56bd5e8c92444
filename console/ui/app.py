"""Joins window, bridge and what stands behind them, and runs them."""

import importlib
import sys
import threading
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from console.ui.alarms.speaker import Speaker
from console.ui.bridge import Bridge, MakeClient
from console.ui.errors import UncaughtErrors
from console.ui.frame.keys import StopKeys
from console.ui.kit import theme
from console.ui.kit.bell import Bell
from console.ui.kit.garbage import MainThreadCollector, keep
from console.ui.kit.language import speak
from console.ui.kit.palette import Palette
from console.ui.main_window import MainWindow
from console.ui.pages import MODULES
from drivers.inputs.ending import on_end


def _load_apart(done: Bell) -> None:
    """Loads the other pages apart, while the first is already on the screen."""

    def load() -> None:
        for page in MODULES:
            importlib.import_module(page)
        done.ring()

    threading.Thread(target=load, name="load-pages", daemon=True).start()


def run_app(
    make_window: Callable[[], MainWindow],
    make_client: MakeClient,
    port: str | None,
    look: Palette = theme.DARK,
    language: str = "en",
    find_port: Callable[[], str | None] | None = None,
) -> int:
    """Opens the window and runs until it is closed; returns the exit code.

    `make_client`: what stands behind the screen, for the port that is chosen. `port`: opened at
    once, None begins at Connect. `look`: the colours of the window; `language`: one of
    console.ui.kit.language.LANGUAGES; `find_port`: asked apart where no port is
    given, for that of a case that was broken off."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("Cryoprobe Console")
    app.setQuitOnLastWindowClosed(False)
    theme.dress(app, look)
    speak(app, language)
    window = make_window()
    bridge = Bridge(make_client, window.apply)
    collector = MainThreadCollector(bridge)
    join(window, bridge)
    window.closed.connect(app.quit)
    errors = UncaughtErrors(window.tell_error)
    errors.install()
    keys = StopKeys(window.stop, window.may_type)
    app.installEventFilter(keys)
    app.commitDataRequest.connect(lambda _: window.stop_if_gas_may_be_on("logging off"))
    _end_by_signal(window)
    if port is not None:
        window.connecting(port)
    window.open_on(window.screen().availableSize())
    loaded = Bell(lambda _: _make_pages(window, bridge), bridge)

    found = Bell(window.go_on_with, bridge)

    def go_on() -> None:
        if port is not None:
            bridge.open(port)
        elif find_port is not None:
            ask = find_port
            threading.Thread(target=lambda: found.ring(ask()), name="find-case").start()
        _load_apart(loaded)

    QTimer.singleShot(0, go_on)
    try:
        return app.exec()
    finally:
        app.removeEventFilter(keys)
        errors.remove()
        if isinstance(window.sound.speaker, Speaker):
            window.sound.speaker.close()
        bridge.close()
        collector.end()


def join(window: MainWindow, bridge: Bridge) -> None:
    """What the one says to the other. Requests go directly: STOP waits in no queue."""
    window.requested.connect(bridge.ask, Qt.ConnectionType.DirectConnection)
    window.port_chosen.connect(bridge.open)
    window.console_left.connect(bridge.leave)
    window.restart_wanted.connect(bridge.again)
    window.own.told.connect(bridge.tell, Qt.ConnectionType.DirectConnection)
    bridge.refused.connect(window.refuse)
    bridge.control_lost.connect(window.lose_control)
    bridge.gave_up.connect(window.give_up_control)


def _make_pages(window: MainWindow, bridge: Bridge) -> None:
    """One in each turn of the loop: a screen that cannot tick is taken as lost."""
    more = window.pages.make_next()
    QTimer.singleShot(0, bridge, (lambda: _make_pages(window, bridge)) if more else keep)


def _end_by_signal(window: MainWindow) -> None:
    """Ctrl-C, a kill, a terminal that closes: STOP and close. Python runs the handler at the
    bridge's next watch, at most 100 ms later."""

    def end(number: int, frame: object) -> None:
        window.stop("signal")
        window.close_now()

    on_end(end)
