"""Release: why not yet, then a clear "free to move"; at the end what was done."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console.model.cycle import counted
from console.model.snapshot import Phase, Snapshot
from console.ui.kit.buttons import PressButton
from console.ui.kit.language import spoken
from console.ui.kit.parts import card, label, say, show
from console.ui.kit.words import waited_words
from console.ui.treatment.summary import Summary


class ReleaseCard(QFrame):
    """One sentence, large. `report_wanted`: to see the report of the session that ended, offered
    with `reports`."""

    report_wanted = Signal()

    def __init__(self, parent: QWidget | None = None, *, reports: bool = False) -> None:
        super().__init__(parent)
        self._reports = reports
        frame, column = card(spacing=4, margin=18)
        self.verdict = label("", "huge")
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.reason = label("", "line", wrap=True)
        self.hint = label("", "line", wrap=True)
        self.summary = Summary()
        self.report = PressButton(self.tr("Open the report"), self.tr("and leave this console"))
        self.report.setProperty("role", "primary")
        self.report.setMinimumWidth(300)
        self.report.clicked.connect(self.report_wanted)
        head = QHBoxLayout()
        head.addWidget(self.verdict, 1)
        head.addWidget(self.report)
        column.addLayout(head)
        column.addWidget(self.reason)
        column.addWidget(self.hint)
        column.addSpacing(6)
        column.addWidget(self.summary)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)

    def apply(self, snapshot: Snapshot) -> None:
        """Shows a snapshot of Release."""
        view = snapshot.procedure
        out = view.phase is Phase.OUT
        if view.phase is Phase.RELEASING:
            say(self.verdict, self.tr("Not free yet"))
            say(
                self.reason,
                view.release_reason
                or self.tr("The tip must be {rule}").format(rule=spoken(view.free_rule)),
            )
            say(self.hint, waited_words(view).capitalize())
        elif view.phase is Phase.FREE:
            say(self.verdict, self.tr("✓ Free to move"))
            say(self.reason, self.tr("The tip has been above +10 °C for 5 s."))
            say(self.hint, self.tr("Then record it: Probe is out."))
        else:
            count = sum(len(site.cycles) for site in view.plan.sites) if view.plan else 0
            say(
                self.verdict,
                self.tr("{done} of {count} freezes done").format(
                    done=counted(view.records), count=count
                ),
            )
        show(self.reason, not out)
        show(self.hint, not out and bool(self.hint.text()))
        show(self.summary, out)
        show(self.report, out and self._reports and snapshot.journal is not None)
        if out:
            self.summary.apply(snapshot)
