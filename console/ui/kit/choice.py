"""One of a few things, each a touch: buttons of which at most one is on."""

from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from console.ui.kit.buttons import PressButton
from console.ui.kit.theme import GAP, TOUCH

T = TypeVar("T", bound=Hashable)


class ChoiceRow(QWidget):
    """`turned` comes when another one was touched; it is not sent for `put`."""

    turned = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.group = QButtonGroup(self)
        self.grid = QGridLayout(self)
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setHorizontalSpacing(GAP)
        self.grid.setVerticalSpacing(GAP // 2)
        self.group.idClicked.connect(lambda _: self.turned.emit())


class Choice(Generic[T]):
    """The values behind the buttons of a row, `widget`; `name` stands before each in what is read
    aloud. With more than `across` they go on in the next row. None: nothing is chosen."""

    def __init__(
        self,
        name: str,
        options: Sequence[tuple[T, str]],
        *,
        least: int = TOUCH,
        role: str = "",
        across: int | None = None,
    ) -> None:
        across = across or len(options)
        self.widget = ChoiceRow()
        self.buttons: dict[T, PressButton] = {}
        for index, (value, words) in enumerate(options):
            button = PressButton(words, least=least)
            button.setCheckable(True)
            button.title.setProperty("role", "name")
            button.setAccessibleName(f"{name}: {words}")
            if role:
                button.setProperty("role", role)
            self.widget.group.addButton(button, index)
            self.widget.grid.addWidget(button, *divmod(index, across))
            self.widget.grid.setColumnStretch(index % across, 1)
            self.buttons[value] = button

    @property
    def value(self) -> T | None:
        """What is chosen."""
        return next((value for value, one in self.buttons.items() if one.isChecked()), None)

    def put(self, value: T | None) -> None:
        """Shows this one as chosen, or none."""
        self.widget.group.setExclusive(False)
        for each, button in self.buttons.items():
            button.setChecked(each == value)
        self.widget.group.setExclusive(True)
