"""Of the patient's day: case, who operates, anaesthetic, sedation, the pain before anything. No
name is asked for."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.model.mapping import MappingNamed
from console.model.pain import WORST
from console.model.plan import LONGEST_CASE, LONGEST_INITIALS
from console.model.preparation import Anaesthetic, Preparation
from console.ui.kit.buttons import EnterButton, PressButton
from console.ui.kit.choice import Choice
from console.ui.kit.parts import label, say, show
from console.ui.kit.theme import GAP, SMALL, TOUCH
from console.ui.kit.words import anaesthetic_word, visit_words

_NOTE_HEIGHT: Final = 3 * (SMALL + 6)


class PatientPage(QWidget):
    """`changed` comes when any of it did. `digits_wanted`: the case number by the pad;
    `pain_wanted`: the pain by its own; `mapping_wanted`: a mapping visit is to be named."""

    changed = Signal()
    digits_wanted = Signal()
    pain_wanted = Signal()
    mapping_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pain: int | None = None
        self._mapping: MappingNamed | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.case = self._field(self.tr("Case number"), LONGEST_CASE)
        self.operator = self._field(self.tr("Operator's initials"), LONGEST_INITIALS)
        self.digits = EnterButton("123", least=TOUCH)
        self.digits.setAccessibleName(self.tr("Case number by digits"))
        self.digits.clicked.connect(self.digits_wanted)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addLayout(self._captioned(self.tr("Case number"), self.case, self.digits), 3)
        row.addLayout(self._captioned(self.tr("Operator's initials"), self.operator), 2)
        column.addLayout(row)
        column.addSpacing(4)
        column.addWidget(label(self.tr("Local anaesthetic"), "small"))
        self.anaesthetic = Choice(
            self.tr("Local anaesthetic"),
            [(each, anaesthetic_word(each)) for each in Anaesthetic],
            least=64,
        )
        self.anaesthetic.widget.turned.connect(self._tell)
        column.addWidget(self.anaesthetic.widget)
        self.numb = label("", "small", wrap=True)
        self.numb.setMinimumHeight(_NOTE_HEIGHT)
        column.addWidget(self.numb)
        self.sedation = Choice(
            self.tr("Sedation"),
            [(False, self.tr("No sedation")), (True, self.tr("Sedated"))],
            least=56,
        )
        self.sedation.widget.turned.connect(self._tell)
        self.pain = PressButton(least=56)
        self.pain.title.setProperty("role", "name")
        self.pain.clicked.connect(self.pain_wanted)
        column.addWidget(self.sedation.widget)
        column.addSpacing(10)
        self.mapping = PressButton(least=56)
        self.mapping.title.setProperty("role", "name")
        self.mapping.clicked.connect(self.mapping_wanted)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.pain, 2)
        row.addWidget(self.mapping, 3)
        column.addLayout(row)
        column.addStretch(1)
        self.clear()

    def _captioned(self, name: str, field: QLineEdit, *beside: QWidget) -> QVBoxLayout:
        caption = label(name, "small")
        caption.setBuddy(field)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(field, 1)
        for each in beside:
            row.addWidget(each)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(caption)
        column.addLayout(row)
        return column

    def _field(self, name: str, longest: int) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setMaxLength(longest)
        field.textChanged.connect(lambda _: self._tell())
        field.returnPressed.connect(self.focusNextChild)
        return field

    def clear(self) -> None:
        """Nothing is left of the patient before; who operates may stay."""
        self.case.clear()
        self.anaesthetic.put(None)
        self.sedation.put(None)
        self.put_pain(None)
        self.put_mapping(None)

    def put_pain(self, score: int | None) -> None:
        """The pain now, None: not asked."""
        self._pain = score
        words = self.tr("not asked") if score is None else f"{score} / {WORST}"
        self.pain.set_words(self.tr("Pain now"), words)
        self._tell()

    def put_mapping(self, named: MappingNamed | None) -> None:
        """The mapping visit that is named, None: none is."""
        self._mapping = named
        words = self.tr("none chosen") if named is None else visit_words(named.visit)
        self.mapping.set_words(self.tr("Mapping visit"), words)
        self._tell()

    @property
    def told(self) -> Preparation:
        """What is chosen so far."""
        return Preparation(self.anaesthetic.value, self.sedation.value, self._pain, self._mapping)

    def _tell(self) -> None:
        if not hasattr(self, "pain"):
            return
        words = ""
        if self.told.target_numb:
            words = self.tr(
                "The sensory test and the pain say nothing today: confirm each site by ultrasound "
                "or direct vision, or give a reason at Stimulate."
            )
        say(self.numb, words)
        show(self.numb, bool(words))
        self.changed.emit()
