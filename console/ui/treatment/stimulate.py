# ruff: noqa: N802 - Qt names what it calls
"""Stimulate: amplitude and its keys, what is delivered, the ladder, the answers, and what they came
to at this placement."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from console.model.quantities import amplitude, milli_of, minutes, number, plain, with_unit
from console.model.request import (
    AnswerStimulation,
    AnyRequest,
    StartStimulation,
    StepAmplitude,
)
from console.model.snapshot import ProcedureView, Snapshot
from console.model.stimulation import (
    FELT_BY_UA,
    LONGEST_S,
    PULSE_MS,
    STEP_UA,
    USUAL_OHM,
    AmplitudeStep,
    StimulationAnswer,
    StimulationKind,
    Voice,
)
from console.ui.kit.buttons import HoldButton, PressButton
from console.ui.kit.notice import Notice
from console.ui.kit.parts import card, label, mark, say, show
from console.ui.kit.theme import DARK, GAP, GUTTER, Palette
from console.ui.kit.words import answered_here, patient_says, result_word
from console.ui.treatment.action_row import ONE_ROW, ActionRow
from console.ui.treatment.actions import STIMULATION_ACTIONS
from console.ui.treatment.big_number import BigNumber
from console.ui.treatment.ladder import Ladder
from console.ui.treatment.line_card import LineCard
from console.ui.treatment.phase_line import PhaseLine
from console.ui.treatment.readings import NumberCard, StaleSince, tip_remark, wide

SENSORY: Final = StimulationKind.SENSORY
MOTOR: Final = StimulationKind.MOTOR
KEY: Final = 92
RISE_MS: Final = 500
"""From step to step while + is held: one pulse of 2 Hz at each amplitude."""
_ROOMY: Final = 620
"""Where the page is lower, what is the same at each test is not said."""

KEYS: Final = (
    ("amplitude_zero", AmplitudeStep.ZERO),
    ("amplitude_down", AmplitudeStep.DOWN),
    ("amplitude_up", AmplitudeStep.UP),
)
ANSWERS: Final = (
    ("felt_usual", SENSORY, StimulationAnswer.USUAL_AREA),
    ("felt_elsewhere", SENSORY, StimulationAnswer.ELSEWHERE),
    ("not_felt", SENSORY, StimulationAnswer.NOT_FELT),
    ("painful", SENSORY, StimulationAnswer.PAINFUL),
    ("contraction", MOTOR, StimulationAnswer.CONTRACTION),
    ("no_contraction", MOTOR, StimulationAnswer.NO_CONTRACTION),
)


HearPatient = Callable[[bool], Voice | None]
"""What the simulated patient said last, None while nothing is heard; told whether to go on
listening. Never blocks."""


class StimulatePage(QWidget):
    """`asked` carries a request. What a simulated patient says, where `hear` is given, is shown
    while a test runs; it answers nothing: the operator marks it."""

    asked = Signal(object)

    def __init__(
        self,
        look: Palette = DARK,
        clock: Callable[[], datetime] = datetime.now,
        hear: HearPatient | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.hear = hear
        self._stale = StaleSince(clock)
        self._running: StimulationKind | None = None
        self._on_s = 0.0
        self._risen = False  # while + was held
        self._rise = QTimer(self)
        self._rise.setInterval(RISE_MS)
        self._rise.timeout.connect(self._rises)
        self._awaits_keys = False  # a start button that had the focus is locked now
        self.phase_line = PhaseLine()
        self.starts = {kind: HoldButton(look=look) for kind in StimulationKind}
        self.keys = {name: PressButton(least=KEY) for name, _ in KEYS}
        self.answers = {name: PressButton() for name, _, _ in ANSWERS}
        self.notice = Notice()
        self.action_row = ActionRow(look, STIMULATION_ACTIONS)
        self.action_row.asked.connect(self._ask)
        self.action_row.turned.connect(self._share)
        self._ladder_card = self._ladder(look)
        middle = QVBoxLayout()
        middle.setSpacing(GUTTER)
        middle.addWidget(self.phase_line)
        middle.addWidget(self._tests())
        middle.addWidget(self._amplitude(look))
        middle.addWidget(self._ladder_card, 1)
        upper = QHBoxLayout()
        upper.setSpacing(14)
        upper.addLayout(middle, 1)
        self._side_column = self._side(look)
        upper.addWidget(self._side_column)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GUTTER)
        column.addLayout(upper, 1)
        column.addWidget(self.action_row)
        self.notice.cover(self.phase_line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Gives the readings their share."""
        super().resizeEvent(event)
        self._side_column.setFixedWidth(wide(event.size().width()))
        for words in (self.how, self.next):
            show(words, event.size().height() >= _ROOMY)

    # --- how it is built ----------------------------------------------------------------------

    def _tests(self) -> QStackedWidget:
        """The tests, and while one runs its answers in their place: what is there next is there
        where the eyes are, and nothing else moves."""
        self.asks = QStackedWidget()
        self.asks.setFixedHeight(ONE_ROW)
        holders = [QWidget() for _ in (None, *StimulationKind)]
        rows = [QHBoxLayout(holder) for holder in holders]
        for holder, row in zip(holders, rows, strict=True):
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(GAP)
            self.asks.addWidget(holder)
        for kind, start in self.starts.items():
            start.held.connect(lambda kind=kind: self._ask(StartStimulation(kind)))
            rows[0].addWidget(start, 1)
        for name, kind, answer in ANSWERS:
            button = self.answers[name]
            button.title.setProperty("role", "name")
            button.clicked.connect(
                lambda _=False, answer=answer: self._ask(AnswerStimulation(answer))
            )
            rows[1 + list(StimulationKind).index(kind)].addWidget(button, 1)
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        return self.asks

    def _amplitude(self, look: Palette) -> QFrame:
        frame, column = card(spacing=4)
        self.set_caption = label(self.tr("Set"), "small")
        self.set = BigNumber("8.88", "mA", look)
        self.set.setFixedHeight(KEY - 26)
        self.delivered = label("", "name")
        left = QVBoxLayout()
        left.setSpacing(2)
        left.addWidget(self.set_caption)
        left.addWidget(self.set)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addLayout(left, 1)
        for name, step in KEYS:
            button = self.keys[name]
            button.title.setProperty("role", "key")
            button.setFixedSize(110, KEY)
            button.clicked.connect(lambda _=False, step=step: self._step(step))
            row.addWidget(button)
        self.keys["amplitude_up"].pressed.connect(self._grip)
        column.addLayout(row)
        self.why = label("", "small")
        said = QHBoxLayout()
        said.addWidget(self.delivered, 1)
        said.addWidget(self.why)
        column.addLayout(said)
        column.setContentsMargins(14, 6, 14, 6)
        self.delivered.setFixedHeight(24)  # nothing under it moves
        return frame

    def _ladder(self, look: Palette) -> QFrame:
        frame, column = card(spacing=6)
        column.setContentsMargins(14, 6, 14, 6)
        self.ladder = Ladder(look)
        column.addWidget(self.ladder, 1)
        return frame

    def _side(self, look: Palette) -> QWidget:
        self.tip = NumberCard("−88.8", "°C", look)
        self.tip.setMinimumHeight(84)
        self.now = LineCard(
            "",
            {
                "impedance": self.tr("Impedance"),
                "on": self.tr("Stimulator"),
                "gas": self.tr("Gas"),
            },
        )
        self.results = LineCard(
            self.tr("Results"),
            {
                "sensory": self.tr("Sensory"),
                "motor": self.tr("Motor"),
            },
            role="name",
        )
        self.how = label("", "small", wrap=True)
        self.remark = label("", "name", wrap=True)
        self.patient = label("", "badge", wrap=True)
        self.next = label("", "small", wrap=True)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GUTTER)
        column.addWidget(self.tip)
        column.addWidget(self.now)
        column.addWidget(self.results)
        column.addWidget(self.patient)
        for words in (self.remark, self.how, self.next):
            words.setContentsMargins(GUTTER, 0, 0, 0)  # in line with the cards' words
            column.addWidget(words)
        column.addStretch(1)
        side = QWidget()
        side.setLayout(column)
        return side

    def _ask(self, request: AnyRequest) -> None:
        self.notice.clear()
        self.asked.emit(request)

    def _share(self) -> None:
        """Reasons and the like need the ladder's room."""
        show(self._ladder_card, self.action_row.is_main)

    # --- the amplitude ------------------------------------------------------------------------

    def _step(self, step: AmplitudeStep) -> None:
        risen, self._risen = self._risen, False
        if not (risen and step is AmplitudeStep.UP):  # it rose while the key was held
            self._ask(StepAmplitude(step))

    def _grip(self) -> None:
        """+ is held: in the motor test the amplitude rises from then on, a step for each pulse."""
        self._risen = False
        if self._running is MOTOR:
            self._rise.start()

    def _rises(self) -> None:
        if not self.keys["amplitude_up"].isDown() or self._running is not MOTOR:
            self._rise.stop()
            return
        self._risen = True
        self._ask(StepAmplitude(AmplitudeStep.UP))

    def _tell_end(self, view: ProcedureView) -> None:
        """Says that the stimulator ended by itself: nobody ended it, and no answer was given."""
        running, before = view.stimulation.running, self._running
        self._running = running
        if running is not None:
            self._on_s = view.stimulation.on_s or 0.0
        elif before is not None and self._on_s >= LONGEST_S - 1.0:
            self.notice.say(
                self.tr("The stimulator ended by itself after {time}. Start the test again").format(
                    time=minutes(LONGEST_S)
                )
            )

    # --- what it shows ------------------------------------------------------------------------

    def apply(self, snapshot: Snapshot) -> None:
        """Shows a snapshot."""
        view = snapshot.procedure
        self.phase_line.apply(view, snapshot.stale)
        self._tell_end(view)
        self._buttons(snapshot)
        self._numbers(snapshot)
        self._listen(snapshot)
        self.ladder.apply(view)
        self.action_row.apply(snapshot)
        self._share()
        tip = snapshot.observation.tip_celsius if snapshot.observation is not None else None
        remark = tip_remark(snapshot, self._stale.words(snapshot))
        self.tip.apply(self.tr("Tip"), number(tip), remark, stale=snapshot.stale)

    def _buttons(self, snapshot: Snapshot) -> None:
        running = snapshot.procedure.stimulation.running
        waiting = any(button.hasFocus() for button in self.starts.values())
        untested = (kind for kind in self.starts if answered_here(snapshot.procedure, kind) is None)
        following = None if running is not None else next(untested, None)
        for kind, button in self.starts.items():
            mark(button, "role", "primary" if kind is following else "plain")
            control = snapshot.controls.get(f"start_{kind}")
            if control is not None:
                detail = self.tr("{detail} · hold for 1 s").format(detail=control.detail)
                button.set_words(control.label, detail, control.blocked)
                mark(button, "now", "true" if running is kind else "false")
                if running is kind:
                    mark(button.title, "locked", "false")
        for name, _ in KEYS:
            control = snapshot.controls.get(name)
            if control is not None:
                self.keys[name].set_words(control.label, "", control.blocked)
                show(self.keys[name].detail, False)
        up = snapshot.controls.get("amplitude_up")
        why = up.blocked if up is not None and up.blocked and running is not None else ""
        say(self.why, why)
        for name, _, _ in ANSWERS:
            control = snapshot.controls.get(name)
            if control is not None:
                self.answers[name].set_words(control.label, control.detail, control.blocked)
        kinds = list(StimulationKind)
        self.asks.setCurrentIndex(0 if running is None else 1 + kinds.index(running))
        mark(self.answers["felt_usual"], "role", "primary")
        up_key = self.keys["amplitude_up"]
        if self._awaits_keys and up_key.isEnabled():
            self._awaits_keys = False
            up_key.setFocus()
        self._awaits_keys = self._awaits_keys or (waiting and running is not None)

    def _numbers(self, snapshot: Snapshot) -> None:
        view, seen = snapshot.procedure, snapshot.observation
        shown = view.stimulation
        unit = shown.unit or ""
        self.set.set_unit(unit)
        at = number(milli_of(shown.set_ua), 2)
        self.set.show_number(at, stale=snapshot.stale, name=self.tr("Set"))
        on = shown.set_ua is not None
        delivered = seen.delivered_ua if seen is not None and on else None
        ohm = seen.impedance_ohm if seen is not None and on else None
        say(self.delivered, self._delivered(view, delivered, unit, ohm))
        say(self.how, self._how(view, unit))
        limit = amplitude(shown.motor_limit_ua, unit)
        say(
            self.next,
            self.tr(
                "Motor is tested to {limit}. A contraction blocks freezing here until the probe "
                "is moved and tested again, or a reason is given."
            ).format(limit=limit),
        )
        gas = self.tr("unknown") if seen is None or snapshot.stale else self.tr("shut")
        if seen is not None and seen.valve_open:
            gas = self.tr("OPEN")
        self.now.apply(
            "",
            {
                "impedance": with_unit(ohm, "Ω", 0),
                "on": self.tr("on, {time} of {longest}").format(
                    time=minutes(shown.on_s), longest=minutes(LONGEST_S)
                )
                if on
                else self.tr("off"),
                "gas": gas,
            },
        )
        self.results.apply(
            self.tr("Results, placement {number}").format(number=view.placement),
            {
                "sensory": self._result(view, SENSORY),
                "motor": self._result(view, MOTOR),
            },
        )
        say(self.remark, shown.remark)
        show(self.remark, bool(shown.remark))

    def _listen(self, snapshot: Snapshot) -> None:
        running, device = snapshot.procedure.stimulation.running, snapshot.link.device
        simulated = device is not None and device.simulated
        wanted = running is not None and simulated and not snapshot.stale
        voice = self.hear(wanted) if self.hear is not None else None
        said = ""
        if running is not None and wanted and voice is not None:
            said = patient_says(running, voice)
        say(self.patient, said)
        show(self.patient, bool(said))

    def _result(self, view: ProcedureView, kind: StimulationKind) -> str:
        if view.stimulation.running is kind:
            return self.tr("testing")
        return result_word(view, kind)

    def _delivered(
        self, view: ProcedureView, delivered: float | None, unit: str, ohm: float | None
    ) -> str:
        shown = view.stimulation
        if shown.running is None:
            return self.tr("The stimulator is off. Each test begins at 0.")
        text = self.tr("Delivered {amplitude}").format(amplitude=amplitude(delivered, unit))
        if ohm is not None and not USUAL_OHM[0] <= ohm <= USUAL_OHM[1]:
            return self.tr("{text} · impedance unusual, check electrode and lead").format(text=text)
        if shown.running is SENSORY:
            return self.tr("{text} · expected at or under {limit}").format(
                text=text, limit=amplitude(FELT_BY_UA, unit)
            )
        return self.tr("{text} · tested to {limit}").format(
            text=text, limit=amplitude(shown.motor_limit_ua, unit)
        )

    def _how(self, view: ProcedureView, unit: str) -> str:
        how = self.tr("Voltage controlled") if unit == "V" else self.tr("Current controlled")
        return self.tr("{how}, {ms} ms pulses, {step} steps").format(
            how=how, ms=plain(PULSE_MS), step=amplitude(STEP_UA, unit)
        )
