"""The report of a session as pages, and a copy of it in the folder of the user's documents."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QStandardPaths, Qt, Signal
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.ui.kit.buttons import PressButton
from console.ui.kit.parts import card, label, say, show
from console.ui.kit.theme import GAP


class ReportCard(QWidget):
    """Words, or the pages with "Save a copy". `save_wanted`: the session shown, and the file;
    `follow_up_wanted`: the session to which something is to be added."""

    save_wanted = Signal(str, Path)
    follow_up_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bytes = QBuffer()
        self._session = ""
        documents = QStandardPaths.StandardLocation.DocumentsLocation
        self.folder = Path(QStandardPaths.writableLocation(documents))
        frame, column = card(spacing=GAP, margin=18)
        self.state = label("", "name", wrap=True)
        self.state.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.state)
        self.document = QPdfDocument(self)
        self.pages = QPdfView(self)
        self.pages.setAccessibleName(self.tr("Report of the chosen session"))
        self.pages.setAccessibleDescription(self.tr("Arrows and Page keys turn it"))
        self.pages.setDocument(self.document)
        self.pages.setPageMode(QPdfView.PageMode.MultiPage)
        self.pages.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        column.addWidget(self.pages, 1)
        self.save = PressButton(self.tr("Save a copy"), self.tr("a PDF, for you to keep"))
        self.save.clicked.connect(self._save)
        self.saved = label("", "small", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.save, 1)
        self.follow_up = PressButton(self.tr("Follow-up"), self.tr("add what was found"))
        self.follow_up.clicked.connect(lambda: self.follow_up_wanted.emit(self._session))
        row.addWidget(self.follow_up, 1)
        column.addWidget(self.saved)
        column.addLayout(row)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.empty("")

    def empty(self, words: str) -> None:
        """No report, and why."""
        self.document.close()
        for each in (self.pages, self.save, self.follow_up, self.saved):
            show(each, False)
        show(self.state, True)
        say(self.state, words)

    def take(self, session: str, pdf: bytes) -> None:
        """The report of `session`."""
        self._session = session
        self._bytes.close()
        self._bytes.setData(QByteArray(pdf))
        self._bytes.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(self._bytes)
        say(self.saved, self.tr("A copy goes to {folder}.").format(folder=self.folder))
        show(self.state, False)
        for each in (self.pages, self.save, self.follow_up, self.saved):
            show(each, True)

    def tell(self, words: str) -> None:
        """What became of the copy."""
        say(self.saved, words)

    def _save(self) -> None:
        say(self.saved, self.tr("Saving …"))
        self.save_wanted.emit(self._session, self.folder / f"{self._session}.pdf")
