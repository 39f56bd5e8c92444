"""The contents of a new cylinder by digits: at Prepare, and in a session while the gas is off."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from console.model.cylinder import problem
from console.model.request import EnterContents
from console.ui.kit.language import spoken
from console.ui.kit.number_pad import NumberPad, PadKind, decimal_of
from console.ui.kit.parts import card


def _tr(text: str) -> str:
    return QCoreApplication.translate("contents_card", text)


def lend_for_contents(pad: NumberPad, ask: Callable[[EnterContents], None]) -> None:
    """Lends the pad for kilograms of gas; `ask` is given them where they can be."""

    def take(text: str) -> str | None:
        kg = decimal_of(text)
        if kg is None:
            return _tr("{text} is no number: kilograms, as 3.4").format(text=text)
        why = problem(kg * 1_000)
        if why is None:
            ask(EnterContents(kg * 1_000))
        return None if why is None else spoken(why)

    caption = _tr("Gas in the new cylinder: by its label, or weighed less its tare")
    pad.lend(caption, "", take, PadKind.DECIMAL, "kg")


class ContentsCard(QFrame):
    """The pad in a card. `asked` carries an EnterContents; `turned`: it was opened or closed."""

    asked = Signal(object)
    turned = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        frame, column = card(margin=18)
        self.pad = NumberPad()
        self.pad.left.connect(self.close_pad)
        column.addWidget(self.pad)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.hide()

    def open_pad(self) -> None:
        """Wants the contents."""
        self.show()
        lend_for_contents(self.pad, self.asked.emit)
        self.turned.emit()

    def close_pad(self) -> None:
        """Wants nothing any more."""
        if not self.isHidden():
            self.hide()
            self.turned.emit()
