"""Which mapping visit a treatment names: those that are kept, or a new one entered here."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from console.model.mapping import MappingNamed, MappingVisit
from console.ui.kit.apart import Apart
from console.ui.kit.buttons import PressButton
from console.ui.kit.parts import card, label, mark, say, show
from console.ui.kit.theme import GUTTER
from console.ui.kit.words import visit_words
from console.ui.records.mapping_form import MappingForm
from console.ui.records.record_source import RecordsUnreadableError, VisitSource

SHOWN: Final = 5
"""The newest of this case first, then the newest of others."""


class MappingPage(QWidget):
    """`named` carries the visit that was chosen, None for none; `left`: all stays as it was."""

    named = Signal(object)
    left = Signal()

    def __init__(self, source: VisitSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._case = ""
        self._wish = ""
        self.found: Sequence[MappingNamed] = ()
        self._reading = Apart(RecordsUnreadableError, self)
        self._saving = Apart(RecordsUnreadableError, self)
        self.form = MappingForm()
        self.form.saved.connect(self._save)
        self.form.left.connect(self.left)
        frame, column = card(spacing=10, margin=16)
        column.addWidget(self.form)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GUTTER)
        row.addWidget(self._list(), 2)
        row.addWidget(frame, 3)

    def _list(self) -> QFrame:
        frame, column = card(spacing=10, margin=16)
        column.addWidget(label(self.tr("Mapping visits"), "title"))
        self.state = label("", "small", wrap=True)
        column.addWidget(self.state)
        self.visits = tuple(PressButton(least=64) for _ in range(SHOWN))
        for number, button in enumerate(self.visits):
            button.title.setProperty("role", "name")
            button.clicked.connect(lambda _=False, at=number: self.named.emit(self.found[at]))
            column.addWidget(button)
        column.addStretch(1)
        self.none = PressButton(self.tr("No mapping visit"))
        mark(self.none, "role", "plain")
        self.none.clicked.connect(lambda: self.named.emit(None))
        column.addWidget(self.none, 0, Qt.AlignmentFlag.AlignBottom)
        return frame

    def begin(self, case: str, operator: str) -> None:
        """Reads the visits; those of this case come first."""
        self._case = case
        self.form.begin(case, operator)
        self._show(())
        self._say(self.tr("Looking …"))
        self._reading.ask(lambda _: self._source.mappings(), self._take)

    def _take(self, found: Sequence[MappingNamed] | RecordsUnreadableError) -> None:
        if isinstance(found, RecordsUnreadableError):
            self._say(str(found))
            return
        own = [each for each in found if self._case and each.case == self._case]
        others = [each for each in found if each not in own]
        self._show((*own, *others)[:SHOWN])
        self._say("" if found else self.tr("None is kept on this computer."))
        wished = next((each for each in found if each.session == self._wish), None)
        self._wish = ""
        if wished is not None:
            self.named.emit(wished)

    def _say(self, words: str) -> None:
        say(self.state, words)
        show(self.state, bool(words))

    def _show(self, found: Sequence[MappingNamed]) -> None:
        self.found = found
        for button, each in zip(self.visits, found, strict=False):
            case = self.tr("case {case}").format(case=each.case or "---")
            button.set_words(visit_words(each.visit), f"{each.day} · {case}")
        for number, button in enumerate(self.visits):
            show(button, number < len(found))

    def _save(self, visit: MappingVisit, case: str, operator: str) -> None:
        def take(session: str | RecordsUnreadableError) -> None:
            if isinstance(session, RecordsUnreadableError):
                self.form.tell(self.tr("Not saved. {why}").format(why=session))
            else:
                self._wish = session
                self._reading.ask(lambda _: self._source.mappings(), self._take)

        self.form.tell(self.tr("Saving …"))
        self._saving.ask(lambda _: self._source.save_mapping(visit, case, operator), take)
