"""The window at the bedside, joined to the whole control core: real widgets above, real frames
below. Hands press what can be seen, one thing at a time."""

from collections.abc import Callable

from core_kit import Bench, Console
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit

from console.model.request import AnyRequest
from console.model.snapshot import Phase
from console.ui.kit.buttons import HOLD_S, HoldButton
from console.ui.main_window import MainWindow
from console.ui.treatment.stimulate import RISE_MS
from drivers.link import codes
from drivers.link.messages import Test


class Idling(Console):
    """A console that is idle again when its probe is warm, and has a stimulator of its own."""

    WARM_CELSIUS = 30.0

    def __init__(self) -> None:
        super().__init__(capabilities=codes.Capability.STIMULATOR_CURRENT)
        self.refuses[Test] = codes.Result.NOT_FITTED  # of its own supply

    def advance(self, ms: int) -> None:
        super().advance(ms)
        warm = self.tip is not None and self.tip > self.WARM_CELSIUS
        if self.state is codes.DeviceState.THAWING and warm:
            self._enter(codes.DeviceState.IDLE)


class Bedside:
    """`actions`: how often a hand did something, each click, hold and word once; `refused`: what
    was asked for in vain."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.bench = Bench(Idling()).connected()
        self.actions: list[str] = []
        self.refused: list[str] = []
        window.requested.connect(self._asked)
        self.show()

    def _asked(self, request: AnyRequest) -> None:
        refused = self.bench.ask(request)
        if refused is not None:
            self.refused.append(refused)
            self.window.refuse(request, refused)

    @property
    def phase(self) -> Phase:
        return self.bench.phase

    def show(self) -> None:
        self.window.apply(self.bench.snapshot())
        QApplication.processEvents()

    def run(self, ms: int, until: Callable[[], bool] | None = None) -> None:
        """Time passes, at the console and here; with `until`, no longer than it is False."""
        self.bench.run(ms, until)
        self.show()

    # --- hands ----------------------------------------------------------------------------------

    def find(self, name: str) -> QAbstractButton:
        """The button whose name begins so; it is to be seen, and it is not locked."""
        seen = [
            button
            for button in self.window.findChildren(QAbstractButton)
            if button.isVisible() and button.accessibleName().startswith(name)
        ]
        assert seen, f"{name!r} is not on the screen: {self.names()}"
        button = seen[0]
        assert button.isEnabled(), f"{name!r} is locked: {button.accessibleDescription()}"
        return button

    def names(self) -> list[str]:
        buttons = self.window.findChildren(QAbstractButton)
        return [button.accessibleName() for button in buttons if button.isVisible()]

    def click(self, name: str) -> None:
        button = self.find(name)
        self.actions.append(f"click {name}")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=_middle(button))
        self.show()

    def hold(self, name: str) -> None:
        """Presses for a second, without waiting for it."""
        button = self.find(name)
        assert isinstance(button, HoldButton), name
        self.actions.append(f"hold {name}")
        now = button._clock()
        button._clock = lambda: now
        QTest.mousePress(button, Qt.MouseButton.LeftButton, pos=_middle(button))
        button._clock = lambda: now + HOLD_S
        button.advance()
        QTest.mouseRelease(button, Qt.MouseButton.LeftButton, pos=_middle(button))
        self.show()

    def keep_pressed(self, name: str, until: Callable[[], bool]) -> None:
        """Keeps + pressed for as long: the page's own timer, without waiting for it."""
        button, page = self.find(name), self.window.pages.stimulate
        self.actions.append(f"hold {name}")
        QTest.mousePress(button, Qt.MouseButton.LeftButton, pos=_middle(button))
        page._rise.stop()
        while not until():
            assert button.isDown(), f"{name!r} was let go: {button.accessibleDescription()}"
            page._rises()
            self.run(RISE_MS)
        QTest.mouseRelease(button, Qt.MouseButton.LeftButton, pos=_middle(button))
        self.show()

    def write(self, name: str, words: str) -> None:
        field = next(
            each
            for each in self.window.findChildren(QLineEdit)
            if each.isVisible() and each.accessibleName() == name
        )
        self.actions.append(f"write {name}")
        field.setFocus()
        QTest.keyClicks(field, words)
        self.show()

    # --- usual ways -----------------------------------------------------------------------------

    def freeze(self, number: int) -> None:
        """Holds the start and waits until the gas is on."""
        self.hold(f"Start freeze {number}")
        self.run(2_000, lambda: self.phase is Phase.FREEZING)

    def step_up(self, times: int) -> None:
        for _ in range(times):
            self.click("+")
            self.bench.run(150)
        self.show()


def _middle(button: QAbstractButton) -> QPoint:
    return button.rect().center()
