# ruff: noqa: N802 - Qt names what it calls
"""The bar that is always there: who we are connected to, the alarm, STOP."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from console.model.snapshot import LinkState, LinkView
from console.ui.alarms.bar import AlarmBar
from console.ui.kit.parts import label, say, show
from console.ui.kit.theme import DARK, Palette
from console.ui.kit.words import console_name

SIDE_WIDTH = 228
"""Of the left column, and of what stands above it."""
_STOP_WIDTH = 204
HEIGHT = 96
"""Whatever alarm it shows: the page under it stands still."""


class StopButton(QPushButton):
    """STOP. Acts on press, not on release; never disabled, never covered; takes no focus because
    Esc and Space press it from everywhere."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stop")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAutoDefault(False)
        self.setAccessibleName(self.tr("STOP"))
        column = QVBoxLayout(self)
        self._column = column
        column.setContentsMargins(14, 4, 14, 6)
        column.setSpacing(0)
        column.addStretch(1)
        self.does = label("", wrap=True)
        for line in (label(self.tr("STOP"), "stop"), self.does):
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(line)
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.set_words(self.tr("gas and stimulation off"))

    def set_words(self, does: str) -> None:
        """What it does, under its name."""
        say(self.does, does)
        self.setAccessibleDescription(does)

    def sizeHint(self) -> QSize:
        """The largest red thing on the screen."""
        return QSize(_STOP_WIDTH, max(66, self._column.heightForWidth(_STOP_WIDTH)))

    def minimumSizeHint(self) -> QSize:
        """It never shrinks."""
        return self.sizeHint()


class TopBar(QFrame):
    """Connection, alarm bar and STOP. `stopped` comes at the press. `recorded`: the connection that
    is told of was then, and is no more."""

    stopped = Signal()

    def __init__(self, look: Palette = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bar")
        self.recorded = False
        brand = label("Cryoprobe", "brand")
        self.badge = label(self.tr("SIMULATED"), "badge")
        self.connection = label(self.tr("Not connected"), "small", wrap=True)
        name = QHBoxLayout()
        name.setSpacing(8)
        name.addWidget(brand)
        name.addWidget(self.badge)
        name.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(2)
        left.addStretch(1)
        left.addLayout(name)
        left.addWidget(self.connection)
        left.addStretch(1)
        corner = QWidget()
        corner.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        corner.setMinimumWidth(SIDE_WIDTH)
        corner.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.alarms = AlarmBar(look)
        self.stop = StopButton()
        self.stop.pressed.connect(self.stopped)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(12)
        self.setFixedHeight(HEIGHT)
        row.addWidget(corner)
        row.addWidget(self.alarms, 1)
        row.addWidget(self.stop)
        show(self.badge, False)

    def apply(self, link: LinkView | None) -> None:
        """Shows the state of the link, None before a console was chosen."""
        device = link.device if link is not None else None
        show(self.badge, device is not None and device.simulated)
        words = self._words(link)
        if self.recorded:
            words = self.tr("recorded: {then}").format(then=words)
        say(self.connection, words)

    def _words(self, link: LinkView | None) -> str:
        if link is None:
            return self.tr("Not connected")
        device = link.device
        match link.state:
            case LinkState.OPENING:
                return self.tr("Connecting …")
            case LinkState.OPEN:
                return console_name(device) if device is not None else self.tr("Connected")
            case LinkState.READ_ONLY:
                return self.tr("Connected, read only")
            case LinkState.LOST:
                return self.tr("✕ Link lost")
            case LinkState.FAILED:
                return self.tr("✕ Not connected")
