"""The light strip under the bar: whose nerve, which side, which case."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from console.model.snapshot import Phase, ProcedureView
from console.ui.kit.parts import label, say, show
from console.ui.kit.words import site_name


class Strip(QFrame):
    """LEFT · SAPHENOUS, site 1 of 2, case. Side and nerve are always readable at two metres; at
    the end of several sites no one of them is named."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.site = label("", "site")
        self.number = label("")
        self.case = label("", "case")
        self.right = label("")
        row = QHBoxLayout(self)
        row.setContentsMargins(15, 0, 15, 0)
        row.setSpacing(22)
        row.addWidget(self.site)
        row.addWidget(self.number)
        row.addWidget(self.case)
        row.addStretch(1)
        row.addWidget(self.right)
        self.setFixedHeight(36)

    def apply(self, procedure: ProcedureView, draft: str) -> None:
        """Shows the site being treated; in Prepare what is chosen so far."""
        plan = procedure.plan
        chosen = procedure.phase is not Phase.PREPARE and plan is not None
        if chosen and plan is not None:
            index, count = min(procedure.site, len(plan.sites) - 1), len(plan.sites)
            if procedure.phase is Phase.OUT and count > 1:  # what follows is of them all
                say(self.site, self.tr("SESSION ENDED"))
                say(self.number, self.tr("{count} sites").format(count=count))
            else:
                say(self.site, site_name(plan.sites[index]))
                say(
                    self.number,
                    self.tr("site {this} of {count}").format(this=index + 1, count=count),
                )
            case = self.tr("case {case}").format(case=procedure.case)
            say(self.case, case if procedure.case else self.tr("no case number"))
            say(self.right, self._cylinder(procedure) or self._who(procedure))
        else:
            say(self.site, draft)
            say(self.right, self._cylinder(procedure) or self.tr("not started"))
        show(self.number, chosen)
        show(self.case, chosen)

    def _cylinder(self, procedure: ProcedureView) -> str:
        return self.tr("Cylinder is being changed") if procedure.cylinder_changing else ""

    def _who(self, procedure: ProcedureView) -> str:
        if procedure.how == "demonstration":
            return self.tr("Demonstration: steps pre-answered")
        if procedure.operator:
            return self.tr("operator {initials}").format(initials=procedure.operator)
        return ""
