"""The fields of a mapping visit: what was blocked, with what, how it was found, what it did."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from console.model.mapping import Guidance, MappingVisit, problems
from console.model.plan import Side
from console.model.quantities import plain
from console.ui.kit.buttons import PressButton
from console.ui.kit.choice import Choice
from console.ui.kit.language import spoken
from console.ui.kit.number_pad import NumberPad, PadKind, decimal_of
from console.ui.kit.parts import label, mark, say, show
from console.ui.kit.theme import GAP
from console.ui.kit.words import guidance_word, side_word

_LONGEST = 40
_INITIALS = 8


class NumberField(PressButton):
    """A number that the pad enters: touched, it wants the pad. None: not told."""

    def __init__(self, name: str, unit: str) -> None:
        super().__init__(least=64)
        self.name, self.unit = name, unit
        self.value: float | None = None
        self.title.setProperty("role", "name")
        self.put(None)

    def put(self, value: float | None) -> None:
        """Shows a value."""
        self.value = value
        shown = plain(value)
        self.set_words(self.name, f"{shown} {self.unit}")


class MappingForm(QWidget):
    """`saved` carries the visit, the case and who operated; `left`: it was given up."""

    saved = Signal(object, str, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stack = QStackedWidget()
        self.nerve = self._text(self.tr("Nerve"))
        self.drug = self._text(self.tr("Drug"))
        self.landmark = self._text(self.tr("Landmark"))
        self.case = self._text(self.tr("Case number"))
        self.operator = self._text(self.tr("Operator's initials"), _INITIALS)
        self.side = Choice(
            self.tr("Side"),
            [(side, side_word(side.value)) for side in (Side.LEFT, Side.MIDLINE, Side.RIGHT)],
        )
        self.guidance = Choice(
            self.tr("Guidance"), [(each, guidance_word(each)) for each in Guidance], across=2
        )
        self.relief = NumberField(self.tr("Relief"), "%")
        self.duration = NumberField(self.tr("It lasted"), self.tr("hours"))
        self.volume = NumberField(self.tr("Volume"), "mL")
        self.depth_field = NumberField(self.tr("Depth"), "mm")
        self.numbers = (self.relief, self.duration, self.volume, self.depth_field)
        for choice in (self.side, self.guidance):
            choice.widget.turned.connect(self._check)
        for number in self.numbers:
            number.clicked.connect(lambda _=False, one=number: self._enter(one))
        self.pad = NumberPad()
        self.pad.left.connect(lambda: self._stack.setCurrentIndex(0))
        self.give_up = PressButton(self.tr("Back"), self.tr("nothing is saved"))
        self.give_up.clicked.connect(self.left)
        self.save = PressButton(self.tr("Save the mapping visit"))
        mark(self.save, "role", "primary")
        self.save.clicked.connect(self._save)
        self.said = label("", "small", wrap=True)
        self._stack.addWidget(self._fields())
        self._stack.addWidget(self.pad)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.begin()

    def _text(self, name: str, longest: int = _LONGEST) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setMaxLength(longest)
        field.textChanged.connect(lambda _: self._check())
        field.returnPressed.connect(self.focusNextChild)
        return field

    def _fields(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(label(self.tr("New mapping visit"), "title"))
        column.addLayout(self._row(self.nerve, self.drug, self.landmark))
        choices = QGridLayout()
        choices.setHorizontalSpacing(GAP)
        choices.setVerticalSpacing(8)
        choices.setColumnStretch(1, 1)
        for line, (name, choice) in enumerate(
            ((self.tr("Side"), self.side.widget), (self.tr("Guidance"), self.guidance.widget))
        ):
            choices.addWidget(label(name, "small"), line, 0)
            choices.addWidget(choice, line, 1)
        column.addSpacing(4)
        column.addLayout(choices)
        column.addSpacing(4)
        numbers = QHBoxLayout()
        numbers.setSpacing(GAP)
        for number in self.numbers:
            numbers.addWidget(number, 1)
        column.addLayout(numbers)
        column.addSpacing(4)
        column.addLayout(self._row(self.case, self.operator))
        column.addWidget(self.said)
        column.addStretch(1)
        ends = QHBoxLayout()
        ends.setSpacing(GAP)
        ends.addWidget(self.give_up, 1)
        ends.addWidget(self.save, 2)
        column.addLayout(ends)
        return page

    def _row(self, *fields: QLineEdit) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for field in fields:
            column = QVBoxLayout()
            column.setSpacing(4)
            caption = label(field.accessibleName(), "small")
            caption.setBuddy(field)
            column.addWidget(caption)
            column.addWidget(field)
            row.addLayout(column, 1)
        return row

    def begin(self, case: str = "", operator: str = "") -> None:
        """An empty form; of the case and the operator what is known."""
        for field in (self.nerve, self.drug, self.landmark):
            field.clear()
        self.case.setText(case)
        self.operator.setText(operator)
        self.side.put(None)
        self.guidance.put(None)
        for number in self.numbers:
            number.put(None)
        self._stack.setCurrentIndex(0)
        self.tell("")
        self._check()

    def tell(self, words: str) -> None:
        """What became of it."""
        say(self.said, words)
        show(self.said, bool(words))

    def _enter(self, field: NumberField) -> None:
        self._stack.setCurrentWidget(self.pad)
        shown = "" if field.value is None else plain(field.value)
        self.pad.lend(field.name, shown, self._taker(field), PadKind.DECIMAL, field.unit)

    def _taker(self, field: NumberField) -> Callable[[str], str | None]:
        def take(text: str) -> str | None:
            value = decimal_of(text)
            if text and value is None:
                return self.tr("{text} is no number").format(text=text)
            before = field.value
            field.put(value)
            wrong = [each for each in problems(self._visit(Side.LEFT)) if "nerve" not in each]
            if wrong:
                field.put(before)
                return spoken(wrong[0].split(": ", 1)[1])
            self._check()
            return None

        return take

    def _visit(self, side: Side) -> MappingVisit:
        return MappingVisit(
            nerve=self.nerve.text().strip(),
            side=side,
            relief_percent=self.relief.value or 0.0,
            drug=self.drug.text().strip(),
            volume_ml=self.volume.value,
            depth_mm=self.depth_field.value,
            guidance=self.guidance.value,
            landmark=self.landmark.text().strip(),
            duration_h=self.duration.value,
        )

    def _check(self) -> None:
        if not hasattr(self, "save"):
            return
        missing = None
        if not self.nerve.text().strip():
            missing = self.tr("Enter the nerve")
        elif self.side.value is None:
            missing = self.tr("Choose the side")
        elif self.relief.value is None:
            missing = self.tr("Enter the relief")
        detail = ""
        if missing is None and self.side.value is not None:
            good = self._visit(self.side.value).successful
            detail = self.tr("successful") if good else self.tr("weak: relief under 90 %")
        self.save.set_words(self.tr("Save the mapping visit"), detail, missing)

    def _save(self) -> None:
        if self.side.value is not None and self.save.isEnabled():
            self.saved.emit(
                self._visit(self.side.value), self.case.text().strip(), self.operator.text().strip()
            )
