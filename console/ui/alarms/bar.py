# ruff: noqa: N802 - Qt names what it calls
"""The one alarm bar: the highest alarm in two lines, how many there are, and what to press."""

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console.model.alarm import Alarm, Priority
from console.model.quantities import minutes
from console.model.snapshot import Control
from console.ui.kit.buttons import EnterButton
from console.ui.kit.language import spoken
from console.ui.kit.parts import label, say, show
from console.ui.kit.theme import DARK, GAP, SMALL, TOUCH, Palette

_HEADLINE: Final = 18
_EDGE: Final = 10
"""Pixels of border and margin above and under the words."""
_SOUND, _ACKNOWLEDGE = 92, 122
"""Pixels across."""
_FLASH_MS: Final = {Priority.HIGH: 250, Priority.MEDIUM: 850, Priority.LOW: 0}
"""Half a period: 2 Hz and 0.6 Hz at half duty (IEC 60601-1-8); a low alarm is steady."""


def highest(alarms: Sequence[Alarm]) -> Alarm | None:
    """The alarm to show: by priority, standing before gone, then the newest."""
    if not alarms:
        return None
    return min(
        enumerate(alarms), key=lambda item: (item[1].priority.rank, not item[1].present, -item[0])
    )[1]


class AlarmBar(QFrame):
    """Shows alarms of the session and of the screen itself. `acknowledged`: the operator has read
    them; `helped`: the button of a screen's own alarm was pressed (see `apply`)."""

    acknowledged = Signal()
    helped = Signal()

    def __init__(self, look: Palette = DARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("alarm")
        self._look = look
        self._shown: Alarm | None = None
        self._lit = True
        self._watching = True
        self._sign = label("✓")
        self._sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sign.setFixedWidth(44)
        self.history = EnterButton("☰")
        self.history.setObjectName("history")
        self.history.setCheckable(True)
        self.history.setToolTip(self.tr("Alarm history"))
        self.history.means = "history"
        self.sound = EnterButton("")
        self.sound.means = "sound"  # its text counts down
        self.sound.setObjectName("sound")
        self.happened = label("", wrap=True)
        self.happened.setObjectName("happened")
        self.to_do = label("", wrap=True)
        self.to_do.setObjectName("todo")
        self._quiet = label(self.tr("No alarms"))
        self._quiet.setObjectName("quiet")
        self.acknowledge = EnterButton(self.tr("Acknowledge"))
        self.acknowledge.setObjectName("acknowledge")
        self.acknowledge.setAccessibleName(self.tr("Acknowledge the alarms"))
        self.acknowledge.clicked.connect(self.acknowledged)
        self.help = EnterButton("")
        self.help.clicked.connect(self.helped)
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._quiet)
        words.addWidget(self.happened)
        words.addWidget(self.to_do)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 8, 2)
        row.setSpacing(GAP)
        for button, wide in ((self.sound, _SOUND), (self.acknowledge, _ACKNOWLEDGE)):
            button.setFixedWidth(wide)
            keeps = button.sizePolicy()
            keeps.setRetainSizeWhenHidden(True)  # nothing moves when it comes or goes
            button.setSizePolicy(keeps)
        self.history.setFixedWidth(TOUCH)
        row.addWidget(self._sign)
        row.addLayout(words, 1)
        row.addWidget(self.help)
        row.addWidget(self.sound)
        row.addWidget(self.acknowledge)
        row.addWidget(self.history)
        self._flash = QTimer(self)
        self._flash.timeout.connect(self._blink)
        self._show(None, 0)
        self.apply((), None)
        self.apply_sound(False, None, True)

    def apply(
        self,
        alarms: Sequence[Alarm],
        acknowledge: Control | None,
        help_words: str = "",
        *,
        watching: bool = True,
    ) -> None:
        """Shows the highest of `alarms`. `acknowledge`: the control, None where nothing is to be
        acknowledged; `help_words`: a button of the screen's own, empty for none; `watching`: a
        console is read now, so that no alarm means something."""
        quiet = self.tr("No alarms") if watching else self.tr("Not monitoring: no console")
        if quiet != self._quiet.text():
            say(self._quiet, quiet)
            self._watching = watching
            if self._shown is None:
                self.setAccessibleName(quiet)
                self._paint_sign()
        top = highest(alarms)
        if top != self._shown:
            self._show(top, len(alarms))
        more = len(alarms) - 1
        marked = f"+{more}\n☰" if more > 0 else "☰"
        if self.history.text() != marked:
            self.history.setText(marked)
            others = self.tr("+%n more", "", more) if more > 0 else ""
            self.history.setAccessibleName(f"{others} {self.tr('Alarm history')}".strip())
        show(self.acknowledge, acknowledge is not None and acknowledge.blocked is None)
        if help_words != self.help.text():
            self.help.setText(help_words)
            self.help.setAccessibleName(help_words)
        show(self.help, bool(help_words))

    def apply_sound(self, audible: bool, paused_for_s: float | None, device: bool | None) -> None:
        """Offers the pause of what sounds, with the time that is left of it. `device`: False where
        this computer cannot sound at all, None while that is not known."""
        if device is False:
            text, name = (
                self.tr("No sound\non this PC"),
                self.tr("This computer has no sound device"),
            )
        elif paused_for_s is None:
            text, name = self.tr("Pause\nsound"), self.tr("Pause the alarm sound for two minutes")
        else:
            left = minutes(math.ceil(paused_for_s))
            text = self.tr("Sound off\n{left}").format(left=left)
            name = self.tr("Sound off for {left}: press to hear it again").format(left=left)
        if self.sound.text() != text:
            self.sound.setText(text)
            self.sound.setAccessibleName(name)
        self.sound.setEnabled(device is not False)
        show(self.sound, audible)

    def _show(self, alarm: Alarm | None, count: int) -> None:
        before = self._shown
        self._shown = alarm
        show(self._quiet, alarm is None)
        show(self.happened, alarm is not None)
        show(self.to_do, alarm is not None)
        if alarm is not None:
            times = f"  ×{alarm.count}" if alarm.count > 1 else ""
            say(self.happened, f"{alarm.happened}{times}")
            say(self.to_do, alarm.done or alarm.to_do)
            self._fit()
            priority = spoken(alarm.priority.value)
            self.setAccessibleName(f"{priority}: {alarm.happened}. {alarm.done or alarm.to_do}")
        else:
            self.setAccessibleName(self._quiet.text())
        if before is None or alarm is None or before.priority is not alarm.priority:
            self._lit = True
            pause = _FLASH_MS[alarm.priority] if alarm is not None else 0
            if pause:
                self._flash.start(pause)
            else:
                self._flash.stop()
        self._paint_sign()

    def _fit(self) -> None:
        """The headline smaller where both texts have no room otherwise: the bar does not grow."""
        words = max(_ACKNOWLEDGE, self.acknowledge.sizeHint().width())
        self.acknowledge.setFixedWidth(words)
        taken = self._sign.width() + _SOUND + words + TOUCH + 5 * GAP
        if not self.help.isHidden():
            taken += self.help.sizeHint().width() + GAP
        wide = max(self.width() - taken, 120)
        for pixels in range(_HEADLINE, SMALL - 1, -1):
            self.happened.setStyleSheet(f"font-size: {pixels}px;")
            self.happened.ensurePolished()
            need = self.happened.heightForWidth(wide) + self.to_do.heightForWidth(wide)
            if need <= self.height() - _EDGE:
                break

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fits the words into the new width."""
        super().resizeEvent(event)
        self._fit()

    def _blink(self) -> None:
        self._lit = not self._lit
        self._paint_sign()

    def recolour(self) -> None:
        """Its sign in the colours of now."""
        self._paint_sign()

    def _paint_sign(self) -> None:
        alarm, look = self._shown, self._look
        shape = "border-top-left-radius: 8px; border-bottom-left-radius: 8px; font-weight: 800;"
        if alarm is None:
            say(self._sign, "✓" if self._watching else "–")
            ink = look.done_ink if self._watching else look.muted
            self._sign.setStyleSheet(f"{shape} color: {ink}; font-size: 22px;")
            self.setStyleSheet("")
            return
        colour = look.alarm(alarm.priority)
        ink = look.stop_ink if alarm.priority is Priority.HIGH else look.alarm_ink
        say(self._sign, {"high": "!!!", "medium": "!!", "low": "!"}[alarm.priority.value])
        ground, front = (colour, ink) if self._lit else (look.card, look.text)
        self._sign.setStyleSheet(f"{shape} background: {ground}; color: {front}; font-size: 26px;")
        edge = {
            Priority.HIGH: look.alarm_high,
            Priority.MEDIUM: look.alarm_mark,
            Priority.LOW: look.raised_edge,
        }[alarm.priority]
        self.setStyleSheet(f"QFrame#alarm {{ border-color: {edge}; }}")
