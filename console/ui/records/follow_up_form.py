"""The follow-up two weeks after a treatment: added to its session as an amendment."""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.model.pain import WORST
from console.model.quantities import plain
from console.ui.kit.buttons import PressButton
from console.ui.kit.number_pad import NumberPad, PadKind, decimal_of
from console.ui.kit.pain_pad import PainPad
from console.ui.kit.parts import card, label, mark, say, show
from console.ui.kit.theme import GAP
from console.ui.records.mapping_form import NumberField

_LONGEST = 400


class FollowUpForm(QWidget):
    """`saved` carries the session, who asked, and what was found in words; `left`: given up."""

    saved = Signal(str, str, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._after = "", ""
        self._pain: int | None = None
        frame, column = card(spacing=8, margin=18)
        self.title = label("", "title", wrap=True)
        self.pain_words = label("", "small")
        self.pad = PainPad()
        self.pad.scored.connect(self._score)
        self.relief = NumberField(self.tr("Relief since the treatment"), "%")
        self.relief.clicked.connect(self._enter)
        self.digits = NumberPad()
        self.digits.left.connect(lambda: self._turn(False))
        self.found = self._text(self.tr("What was found, and what the patient says"), _LONGEST)
        self.who = self._text(self.tr("Who asks (initials)"), 8)
        self.said = label("", "small", wrap=True)
        self.give_up = PressButton(self.tr("Back"), self.tr("nothing is added"))
        self.give_up.clicked.connect(self.left)
        self.save = PressButton(self.tr("Add to the record"))
        mark(self.save, "role", "primary")
        self.save.clicked.connect(self._save)
        ends = QHBoxLayout()
        ends.setSpacing(GAP)
        ends.addWidget(self.give_up, 1)
        ends.addWidget(self.save, 2)
        self._body = QWidget()
        inside = QVBoxLayout(self._body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(self.pain_words)
        inside.addWidget(self.pad)
        inside.addSpacing(8)
        inside.addWidget(self.relief)
        for field in (self.found, self.who):
            caption = label(field.accessibleName(), "small")
            caption.setBuddy(field)
            inside.addWidget(caption)
            inside.addWidget(field)
        inside.addWidget(self.said)
        inside.addStretch(1)
        inside.addLayout(ends)
        column.addWidget(self.title)
        column.addWidget(self._body, 1)
        column.addWidget(self.digits, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.begin("", None, datetime.now())

    def _text(self, name: str, longest: int) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setMaxLength(longest)
        field.textChanged.connect(lambda _: self._check())
        field.returnPressed.connect(self.focusNextChild)
        return field

    def begin(self, session: str, started: str | None, now: datetime) -> None:
        """An empty form for a session that was `started` then (ISO 8601)."""
        self._session = session
        days = None
        if started is not None:
            days = (now.date() - datetime.fromisoformat(started).date()).days
            days = days if days >= 0 else None  # a clock was wrong, then or now
        self._after = self.tr("Follow-up")
        if days is not None:
            self._after = {
                0: self.tr("Follow-up on the same day"),
                1: self.tr("Follow-up after 1 day"),
            }.get(days, self.tr("Follow-up after {n} days").format(n=days))
        say(self.title, f"{self._after} · {session}")
        self.found.clear()
        self.who.clear()
        self.relief.put(None)
        self._turn(False)
        self.tell("")
        self._put_pain(None)

    def tell(self, words: str) -> None:
        """What became of it."""
        say(self.said, words)

    def _turn(self, digits: bool) -> None:
        show(self.digits, digits)
        show(self._body, not digits)

    def _score(self, score: int) -> None:
        self._put_pain(score)

    def _put_pain(self, score: int | None) -> None:
        self._pain = score
        now = "---" if score is None else f"{score} / {WORST}"
        say(self.pain_words, self.tr("Pain now: {score}").format(score=now))
        self._check()

    def _enter(self) -> None:
        def take(text: str) -> str | None:
            value = decimal_of(text)
            if value is None or value > 100:
                return self.tr("from 0 to 100 %")
            self.relief.put(value)
            self._check()
            return None

        self._turn(True)
        self.digits.lend(self.relief.name, "", take, PadKind.DECIMAL, "%")

    def _check(self) -> None:
        if not hasattr(self, "save"):
            return
        missing = None
        told = self._pain is not None or self.relief.value is not None or self.found.text().strip()
        if not told:
            missing = self.tr("Nothing is told yet")
        elif not self.who.text().strip():
            missing = self.tr("Enter who asks")
        self.save.set_words(
            self.tr("Add to the record"), self.tr("nothing that stands there is changed"), missing
        )

    @property
    def words(self) -> str:
        """What was found, in a sentence or more of the screen's language."""
        told = []
        if self._pain is not None:
            told.append(self.tr("pain {score} of {worst}").format(score=self._pain, worst=WORST))
        if self.relief.value is not None:
            told.append(self.tr("relief {percent} %").format(percent=plain(self.relief.value)))
        if self.found.text().strip():
            told.append(self.found.text().strip())
        return self.tr("{after}: {told}.").format(after=self._after, told="; ".join(told))

    def _save(self) -> None:
        if self.save.isEnabled():
            self.saved.emit(self._session, self.who.text().strip(), self.words)
