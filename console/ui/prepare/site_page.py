"""Of a site: which nerve, which side, and how it is confirmed before it is frozen."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from console.model.draft import SiteDraft
from console.model.plan import LONGEST_NERVE, Confirmation, Side
from console.ui.kit.buttons import EnterButton, PressButton
from console.ui.kit.choice import Choice
from console.ui.kit.parts import label
from console.ui.kit.theme import GAP
from console.ui.kit.words import confirmation_word, side_word

TOUCH_SIDE: Final = 52


class SitePage(QWidget):
    """`changed` comes when any of it did; `site` then holds what is chosen."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        self.nerve = QLineEdit()
        self.nerve.setAccessibleName(self.tr("Nerve"))
        self.nerve.setPlaceholderText(self.tr("Nerve: touch one, or type it"))
        self.nerve.setMaxLength(LONGEST_NERVE)
        self.nerve.textChanged.connect(lambda _: self._tell())
        self.nerve.returnPressed.connect(self.focusNextChild)
        column.addWidget(self.nerve)
        column.addSpacing(3)
        column.addLayout(self._nerves())
        column.addWidget(label(self.tr("Side, chosen afresh each time"), "small"))
        column.addLayout(self._side_row())
        column.addWidget(label(self.tr("Confirmed before the freeze by"), "small"))
        self.confirmed_by = Choice(
            self.tr("Confirmed by"), [(each, confirmation_word(each)) for each in Confirmation]
        )
        self.confirmed_by.widget.turned.connect(self._tell)
        self.consented = PressButton(self.tr("Motor loss consented"), least=48)
        self.consented.title.setProperty("role", "name")
        self.consented.setCheckable(True)
        self.consented.clicked.connect(self._tell)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.confirmed_by.widget, 3)
        row.addWidget(self.consented, 1)
        column.addLayout(row)
        column.addStretch(1)
        self._quiet = False

    def _nerves(self) -> QHBoxLayout:
        names = (
            self.tr("saphenous"),
            self.tr("genicular"),
            self.tr("intercostal"),
        )
        row = QHBoxLayout()
        row.setSpacing(GAP)
        self.nerves = tuple(EnterButton(name) for name in names)
        for button in self.nerves:
            button.clicked.connect(lambda _=False, one=button: self.nerve.setText(one.text()))
            row.addWidget(button, 1)
        return row

    def _side_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP)
        self._group = QButtonGroup(self)
        self.sides: dict[Side, EnterButton] = {}
        for index, side in enumerate((Side.LEFT, Side.MIDLINE, Side.RIGHT)):
            button = EnterButton(side_word(side.value), least=TOUCH_SIDE)
            button.setProperty("role", "side")
            button.setCheckable(True)
            self._group.addButton(button, index)
            self.sides[side] = button
            row.addWidget(button, 1)
        self._group.idClicked.connect(lambda _: self._tell())
        return row

    @property
    def side(self) -> Side | None:
        """What was chosen, None before."""
        return next((side for side, button in self.sides.items() if button.isChecked()), None)

    def put(self, site: SiteDraft) -> None:
        """Shows this site; nothing of the one before is left."""
        self._quiet = True
        if self.nerve.text().strip() != site.nerve.strip():
            self.nerve.setText(site.nerve)
        self._group.setExclusive(False)
        for side, button in self.sides.items():
            button.setChecked(side is site.side)
        self._group.setExclusive(True)
        self.confirmed_by.put(site.confirmed_by)
        self.consented.setChecked(site.motor_loss_consented)
        self._quiet = False

    def _tell(self) -> None:
        if not self._quiet:
            self.changed.emit()
