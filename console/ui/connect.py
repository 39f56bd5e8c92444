# ruff: noqa: N802 - Qt names what it calls
"""Connect: which console. A console that is not found says so and never becomes the simulator."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from console.ui.kit.bell import Bell
from console.ui.kit.buttons import PressButton
from console.ui.kit.parts import card, label, say, show
from console.ui.kit.theme import GAP

SIMULATOR: Final = "sim://n2o"
_COLUMNS: Final = 2
_LOOK_AGAIN_MS: Final = 2_000


@dataclass(frozen=True)
class PortTile:
    """A port that may hold a console: what to open, and how people call it."""

    port: str
    title: str
    detail: str = ""


class ConnectScreen(QWidget):
    """Tiles for the ports and the simulator. `chosen` carries the port; `cancelled`: the operator
    does not want to wait for it; `records_wanted`: the operator wants to look back, offered with
    `records`. `list_ports` may be slow: it runs apart from the screen."""

    chosen = Signal(str)
    records_wanted = Signal()
    cancelled = Signal()

    def __init__(
        self,
        list_ports: Callable[[], Sequence[PortTile]],
        parent: QWidget | None = None,
        *,
        records: bool = False,
    ) -> None:
        super().__init__(parent)
        self._list_ports = list_ports
        self._ports: tuple[PortTile, ...] | None = None
        self._connecting = ""
        self._looking = False
        self.tiles: dict[str, PressButton] = {}
        frame, column = card(spacing=GAP, margin=28)
        column.addWidget(label(self.tr("Which console?"), "headline"))
        self.problem = QFrame()
        self.problem.setProperty("role", "card")
        self._why = label("", "name", wrap=True)
        row = QHBoxLayout(self.problem)
        row.setContentsMargins(16, 12, 16, 12)
        row.addWidget(self._why, 1)
        keeps = self.problem.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)  # the tiles stand still when it comes
        self.problem.setSizePolicy(keeps)
        self.problem.setFixedHeight(66)
        column.addWidget(self.problem)
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        for index in range(_COLUMNS):
            self._grid.setColumnStretch(index, 1)
        column.addLayout(self._grid)
        self._state = label("", "small", wrap=True)
        column.addWidget(self._state)
        self.cancel = PressButton(self.tr("Cancel"), self.tr("choose another console"))
        self.cancel.clicked.connect(self.cancelled)
        column.addLayout(_left(self.cancel))
        self.records = PressButton(
            self.tr("Records"), self.tr("find a session, read its report, see trends")
        )
        self.records.clicked.connect(self.records_wanted)
        self._has_records = records
        column.addLayout(_left(self.records))
        column.addStretch(1)
        column.addWidget(
            label(
                self.tr(
                    "For development, hardware testing, teaching and research. Not a cleared "
                    "medical device."
                ),
                "small",
                wrap=True,
            )
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self._listed = Bell(self._take, self)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_AGAIN_MS)
        self._timer.timeout.connect(self.look)
        self.fail("")
        self._fill(())
        self.ready()

    def showEvent(self, event: QShowEvent) -> None:
        """Looks for ports while it is on the screen."""
        super().showEvent(event)
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Asks for the ports again."""
        if not self.isVisible():
            self._timer.stop()
        elif not self._looking and not self._connecting:
            self._looking = True
            threading.Thread(target=self._look, name="list-ports", daemon=True).start()

    def _look(self) -> None:
        try:
            found: object = tuple(self._list_ports())
        except OSError as error:
            found = str(error)
        self._listed.ring(found)

    def _take(self, found: object) -> None:
        self._looking = False
        if isinstance(found, str):
            self.fail(self.tr("The serial ports cannot be listed: {why}").format(why=found))
        elif isinstance(found, tuple) and found != self._ports:
            self._ports = found
            self._fill(found)

    def _fill(self, ports: tuple[PortTile, ...]) -> None:
        for tile in self.tiles.values():
            self._grid.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        simulator = PortTile(
            SIMULATOR,
            self.tr("Simulator"),
            self.tr("N₂O console, probe and tissue on this computer"),
        )
        self.tiles = {}
        for index, port in enumerate((*ports, simulator)):
            tile = PressButton(port.title, port.detail, least=104)
            tile.clicked.connect(lambda _=False, name=port.port: self.chosen.emit(name))
            self._grid.addWidget(tile, index // _COLUMNS, index % _COLUMNS)
            self.tiles[port.port] = tile
        stops: list[QWidget] = [*self.tiles.values(), self.cancel, self.records]
        for one, following in pairwise(stops):
            self.setTabOrder(one, following)
        self._lock()

    @property
    def is_connecting(self) -> bool:
        """Whether a console was chosen."""
        return bool(self._connecting)

    def connecting(self, port: str) -> None:
        """A console was chosen; nothing else can be until it answers, fails or is given up."""
        self._connecting = port
        self.fail("")
        self._lock()

    def ready(self) -> None:
        """A console may be chosen."""
        self._connecting = ""
        self._lock()

    def fail(self, why: str) -> None:
        """Says why the chosen console is not there; empty says nothing."""
        say(self._why, f"✕ {why}" if why else "")
        show(self.problem, bool(why))

    def _lock(self) -> None:
        waiting = bool(self._connecting)
        for tile in self.tiles.values():
            tile.setEnabled(not waiting)
        if waiting:
            text = self.tr("Connecting to {port} …").format(port=self._connecting)
        elif self._ports is not None and not self._ports:
            text = self.tr(
                "No serial port was found. A console that is plugged in appears here by itself."
            )
        else:
            text = self.tr("A console that is plugged in appears here by itself.")
        say(self._state, text)
        show(self.cancel, waiting)
        show(self.records, self._has_records and not waiting)


def _left(button: PressButton) -> QHBoxLayout:
    """A button at the left, as wide as the tiles above it."""
    row = QHBoxLayout()
    row.addWidget(button, 1)
    row.addSpacing(GAP)
    row.addStretch(_COLUMNS - 1)
    return row
