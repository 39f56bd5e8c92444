"""Of the gas at Prepare: what is in the cylinder, and whether this plan will finish on it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.model.cylinder import Enough, GasLeft, enough
from console.model.quantities import UNKNOWN, minutes, number
from console.model.request import ChangeCylinder, CylinderBack
from console.model.snapshot import Snapshot
from console.ui.kit.buttons import PressButton
from console.ui.kit.parts import label, say, show
from console.ui.kit.theme import GAP
from console.ui.kit.words import left_words


class GasPage(QWidget):
    """`contents_wanted`: a new cylinder, its contents are to be entered. `asked` carries a
    request."""

    contents_wanted = Signal()
    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: object = None
        self._changing = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        self.left = self._row(column, self.tr("Freezing time left"))
        self.answer = self._row(column, self.tr("Will this plan finish on this cylinder?"))
        self.contents = self._row(column, self.tr("Cylinder"))
        column.addSpacing(4)
        self.enter = PressButton(self.tr("New cylinder"), self.tr("enter its contents"))
        self.enter.clicked.connect(self.contents_wanted)
        self.change = PressButton()
        self.change.clicked.connect(self._change)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.enter, 1)
        row.addWidget(self.change, 1)
        column.addLayout(row)
        column.addSpacing(4)
        column.addWidget(
            label(
                self.tr(
                    "Pressure shows how warm the cylinder is, not what is in it: enter the "
                    "contents of each new one. What flows is subtracted."
                ),
                "small",
                wrap=True,
            )
        )
        column.addStretch(1)

    def _row(self, column: QVBoxLayout, caption: str) -> QLabel:
        column.addWidget(label(caption, "small"))
        value = label("", "name", wrap=True)
        column.addWidget(value)
        column.addSpacing(4)
        return value

    def apply(self, snapshot: Snapshot, needed_s: float) -> None:
        """Shows what is left for a plan of so many seconds of freezing."""
        control, cylinder = snapshot.controls.get("enter_contents"), snapshot.gas.cylinder
        self._changing = snapshot.procedure.cylinder_changing
        change = snapshot.controls.get("cylinder_back" if self._changing else "change_cylinder")
        if self._shown == (control, cylinder, change):
            return
        self._shown = (control, cylinder, change)
        if cylinder is None:
            say(self.contents, self.tr("{unknown}  contents not entered").format(unknown=UNKNOWN))
        else:
            say(
                self.contents,
                self.tr("{kg} kg entered {when}, {used} kg used since").format(
                    kg=number(cylinder.contents_g / 1_000),
                    when=cylinder.entered[:16].replace("T", "  "),
                    used=number(cylinder.used_g / 1_000, 2),
                ),
            )
        if control is not None:
            self.enter.set_words(control.label, control.detail, control.blocked)
        show(self.change, change is not None)
        if change is not None:
            self.change.set_words(change.label, change.detail, change.blocked)
        self.show_plan(snapshot.gas.left, needed_s)

    def _change(self) -> None:
        self.asked.emit(CylinderBack() if self._changing else ChangeCylinder())

    def show_plan(self, left: GasLeft | None, needed_s: float) -> None:
        """Answers for a plan of so many seconds of freezing."""
        say(self.left, left_words(left))
        needed = minutes(needed_s)
        words = {
            Enough.YES: self.tr("Yes: it freezes for {time}"),
            Enough.MAY_NOT: self.tr("It may not: it freezes for {time}"),
            Enough.UNKNOWN: self.tr("{unknown}  it freezes for {time}"),
        }[enough(left, needed_s)]
        say(self.answer, words.format(time=needed, unknown=UNKNOWN))
