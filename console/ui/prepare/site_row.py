"""The sites of a plan in their order, one of them chosen: added, left out, moved."""

from typing import Final

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from console.model.draft import Draft, SiteDraft
from console.model.plan import MOST_SITES
from console.ui.kit.buttons import EnterButton, PressButton
from console.ui.kit.parts import show
from console.ui.kit.theme import GAP
from console.ui.kit.words import freezes_in_short, side_word

_HEIGHT: Final = 54
_ROOMY: Final = 2


def _tr(text: str) -> str:
    return QCoreApplication.translate("site_row", text)


def site_words(site: SiteDraft) -> str:
    """ "LEFT · SAPHENOUS", as far as it is chosen."""
    if not site.nerve.strip() and site.side is None:
        return _tr("No site chosen")
    where = side_word(site.side.value) if site.side is not None else _tr("side not chosen")
    return f"{where} · {site.nerve.strip().upper() or _tr('nerve not entered')}"


class SiteRow(QWidget):
    """`chosen` carries the number of a site, from 0; the others say what was asked of the one that
    is chosen."""

    chosen = Signal(int)
    added = Signal()
    removed = Signal()
    moved = Signal(int)  # by -1 or +1

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        self.sites = tuple(PressButton(least=_HEIGHT) for _ in range(MOST_SITES))
        for number, button in enumerate(self.sites):
            button.setCheckable(True)
            button.title.setProperty("role", "name")
            self._group.addButton(button, number)
            row.addWidget(button, 3)
        self._group.idClicked.connect(self.chosen)
        self.add = PressButton(self.tr("+ Add a site"), least=_HEIGHT)
        self.add.clicked.connect(self.added)
        row.addWidget(self.add, 2)
        self.earlier = self._small("◀", self.tr("Earlier"), self.tr("This site earlier"))
        self.later = self._small("▶", self.tr("Later"), self.tr("This site later"))
        self.remove = self._small("✕", self.tr("Leave out"), self.tr("Leave this site out"))
        self.earlier.clicked.connect(lambda: self.moved.emit(-1))
        self.later.clicked.connect(lambda: self.moved.emit(1))
        self.remove.clicked.connect(self.removed)
        for small in (self.earlier, self.later, self.remove):
            row.addWidget(small)

    def _small(self, sign: str, word: str, name: str) -> EnterButton:
        button = EnterButton(f"{sign}\n{word}", least=_HEIGHT)
        button.setObjectName("move")
        button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        button.setAccessibleName(name)
        button.setToolTip(name)
        return button

    def apply(self, draft: Draft) -> None:
        """Shows the sites; what moves them only where there are two."""
        several = len(draft.sites) > 1
        for number, button in enumerate(self.sites):
            there = number < len(draft.sites)
            show(button, there)
            if there:
                site = draft.sites[number]
                freezes = freezes_in_short(site.cycles) if site.cycles else self.tr("no plan yet")
                detail = freezes if len(draft.sites) <= _ROOMY else ""
                button.set_words(f"{number + 1}  {site_words(site)}", detail)
                button.setChecked(number == draft.at)
        show(self.add, len(draft.sites) < MOST_SITES)
        blocked = None if draft.sites[-1].cycles else self.tr("first a plan for this one")
        self.add.set_words(self.tr("+ Add a site"), "", blocked)
        for small in (self.earlier, self.later, self.remove):
            show(small, several)
        self._lock(self.earlier, self.tr("It is the first") if draft.at == 0 else "")
        last = draft.at == len(draft.sites) - 1
        self._lock(self.later, self.tr("It is the last") if last else "")

    def _lock(self, button: EnterButton, why: str) -> None:
        button.setAccessibleDescription(why)
        button.setEnabled(not why)
