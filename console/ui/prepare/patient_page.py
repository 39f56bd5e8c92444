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
from console.ui.kit.parts import label, say
from console.ui.kit.theme import GAP, SMALL, TOUCH
from console.ui.kit.words import anaesthetic_word, visit_words

_NOTE_HEIGHT: Final = 2 * (SMALL + 4)


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
        column.setSpacing(5)
        self.case = self._field(self.tr("Case number"), self.tr("Case number"), LONGEST_CASE)
        self.operator = self._field(
            self.tr("Operator's initials"), self.tr("Your initials"), LONGEST_INITIALS
        )
        self.digits = EnterButton("123", least=TOUCH)
        self.digits.setAccessibleName(self.tr("Case number by digits"))
        self.digits.clicked.connect(self.digits_wanted)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.case, 4)
        row.addWidget(self.digits)
        row.addWidget(self.operator, 3)
        column.addLayout(row)
        column.addWidget(label(self.tr("Local anaesthetic"), "small"))
        self.anaesthetic = Choice(
            self.tr("Local anaesthetic"),
            [(each, anaesthetic_word(each)) for each in Anaesthetic],
            least=48,
        )
        self.anaesthetic.widget.turned.connect(self._tell)
        column.addWidget(self.anaesthetic.widget)
        self.numb = label("", "small", wrap=True)
        self.numb.setMinimumHeight(_NOTE_HEIGHT)
        column.addWidget(self.numb)
        self.sedation = Choice(
            self.tr("Sedation"),
            [(False, self.tr("No sedation")), (True, self.tr("Sedated"))],
            least=48,
        )
        self.sedation.widget.turned.connect(self._tell)
        self.pain = PressButton(least=48)
        self.pain.title.setProperty("role", "name")
        self.pain.clicked.connect(self.pain_wanted)
        column.addWidget(self.sedation.widget)
        self.mapping = PressButton(least=48)
        self.mapping.title.setProperty("role", "name")
        self.mapping.clicked.connect(self.mapping_wanted)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.pain, 2)
        row.addWidget(self.mapping, 3)
        column.addLayout(row)
        column.addStretch(1)
        self.clear()

    def _field(self, name: str, shown: str, longest: int) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setPlaceholderText(shown)
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
                "No contraction and no pain prove nothing today: confirm each site by ultrasound "
                "or direct vision, or give a reason."
            )
        say(self.numb, words)
        self.changed.emit()
