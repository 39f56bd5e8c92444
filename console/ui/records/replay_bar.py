"""The bar over a replay: that it is one, of what, how far it is, and how fast it goes."""

from typing import Final, Protocol

from PySide6.QtCore import QDateTime, QLocale, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console.model.playback import SPEEDS, Position
from console.model.quantities import minutes, plain
from console.ui.kit.buttons import EnterButton
from console.ui.kit.language import spoken
from console.ui.kit.parts import label, say
from console.ui.kit.theme import GAP

TOLD_MS: Final = 5_000
_BUTTON: Final = 118


class Deck(Protocol):
    """What plays (console.control.player.Deck)."""

    playing: bool
    speed: float
    position: Position


class ReplayBar(QFrame):
    """Says what is played, and turns `deck`. `session`: its id; `began`: ISO 8601, None where the
    record does not say."""

    def __init__(
        self, deck: Deck, session: str, began: str | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("replay")
        self._deck = deck
        self._title = self._what(session, began)
        self.sign = label(self.tr("REPLAY"), "headline")
        self.title = label(self._title, "name", wrap=True)
        self.where = label("", wrap=True)
        self.speed = label("", "name")
        self.slower = self._button(self.tr("Slower"), lambda: self._turn(-1))
        self.faster = self._button(self.tr("Faster"), lambda: self._turn(+1))
        self.pause = self._button(self.tr("Pause"), self._pause)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.where)
        row = QHBoxLayout(self)
        row.setContentsMargins(15, 1, 15, 1)  # the pages need their room
        row.setSpacing(GAP)
        row.addWidget(self.sign)
        row.addLayout(words, 1)
        row.addWidget(self.speed)
        for button in (self.slower, self.faster, self.pause):
            row.addWidget(button)
        self._told = QTimer(self)
        self._told.setSingleShot(True)
        self._told.timeout.connect(lambda: say(self.title, self._title))
        self.apply()

    def _button(self, name: str, pressed: object) -> EnterButton:
        button = EnterButton(name)
        button.setMinimumWidth(_BUTTON)
        button.clicked.connect(pressed)
        return button

    def _what(self, session: str, began: str | None) -> str:
        if began is None:
            return self.tr("{id} · nothing here is live").format(id=session)
        moment = QDateTime.fromString(began[:19], Qt.DateFormat.ISODate)  # as it was read there
        at = QLocale().toString(moment, "d MMM yyyy, HH:mm")
        return self.tr("Recorded {at} · nothing here is live").format(at=at)

    def apply(self) -> None:
        """Shows where the replay is."""
        deck, now = self._deck, self._deck.position
        where = self.tr("{clock} · {played} played · {share}").format(
            clock=now.wall[11:19] or "---",
            played=minutes(now.elapsed_s),
            share=f"{now.share:.0%}",
        )
        state = ""
        if now.ended is not None:
            how = spoken(now.ended) or "---"
            state = self.tr("THE RECORD ENDS HERE: {how}").format(how=how)
        elif not deck.playing:
            state = self.tr("PAUSED")
        elif now.behind:
            state = self.tr("as fast as it can")
        say(self.where, f"{where} · {state}" if state else where)
        say(self.speed, f"{plain(deck.speed)} ×")
        self.speed.setAccessibleName(
            self.tr("{speed} times the pace").format(speed=plain(deck.speed))
        )
        over = now.ended is not None
        name = self.tr("Pause") if deck.playing else self.tr("Continue")
        if self.pause.text() != name:
            self.pause.setText(name)
            self.pause.setAccessibleName(name)
        self.pause.setEnabled(not over)
        self.slower.setEnabled(not over and deck.speed > SPEEDS[0])
        self.faster.setEnabled(not over and deck.speed < SPEEDS[-1])

    def tell(self, words: str) -> None:
        """Says something for a few seconds."""
        say(self.title, words)
        self._told.start(TOLD_MS)

    def _turn(self, by: int) -> None:
        now = self._deck.speed
        others = [one for one in SPEEDS if (one - now) * by > 0]
        if others:
            self._deck.speed = min(others, key=lambda one: abs(one - now))
        self.apply()

    def _pause(self) -> None:
        self._deck.playing = not self._deck.playing
        self.apply()
