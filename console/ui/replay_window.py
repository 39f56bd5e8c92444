# ruff: noqa: N802 - Qt names what it calls
"""The window of a replay: the screens of a session, with nothing behind them to be asked."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout

from console.model.preset import Preset
from console.model.snapshot import Control, LinkState, Phase, Snapshot
from console.ui.frame.judge import Page
from console.ui.kit.language import spoken
from console.ui.kit.palette import Look
from console.ui.kit.parts import mark, show
from console.ui.main_window import MainWindow
from console.ui.records.replay_bar import Deck, ReplayBar


class ReplayWindow(MainWindow):
    """Shows what `deck` plays: `session`, recorded from `began` on. STOP is where it always is, and
    says that it stops nothing. It is silent, and closes without a question."""

    def __init__(
        self,
        deck: Deck,
        session: str,
        began: str | None,
        *,
        presets: Sequence[Preset] = (),
        look: Look | None = None,
    ) -> None:
        self._deck = deck
        super().__init__(
            presets=presets,
            demonstration=None,
            list_ports=tuple,
            look=look,
            clock=self._recorded_now,
        )
        self.setWindowTitle(self.tr("Replay of {session}").format(session=session))
        mark(self, "replay", "true")
        self.top.recorded = True
        self.top.stop.set_words(self.tr("stops nothing"))
        self.bar = ReplayBar(deck, session, began)
        show(self.keys, False)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(1, self.bar)
        self.pages.connect_screen.setEnabled(False)

    def _turn_to(self, page: Page) -> None:
        super()._turn_to(page)
        self.pages.at(page).setEnabled(page is Page.SESSION)  # whose plot may be inspected

    def _recorded_now(self) -> datetime:
        wall = self._deck.position.wall
        return datetime.fromisoformat(wall) if wall else datetime.now().astimezone()

    def apply(self, snapshot: Snapshot) -> None:
        """Shows what was so then, with nothing to press: a button says what it said, and the bar
        for all of them that nothing is live."""
        locked = {
            name: Control(one.label, one.detail, one.blocked or "")
            for name, one in snapshot.controls.items()
        }
        super().apply(msgspec.structs.replace(snapshot, controls=locked))
        self.bar.apply()

    def _failed(self, snapshot: Snapshot) -> bool:
        # It stays on the screen with its words: there is nothing else to choose.
        link, phase = snapshot.link, snapshot.procedure.phase
        if link.state is LinkState.FAILED and phase is Phase.PREPARE:
            self.pages.connect_screen.fail(link.words)
        return False

    def _sounds(self) -> None:
        self.top.alarms.apply_sound(False, None, None)

    # --- nothing is asked ---------------------------------------------------------------------

    def stop(self, source: str) -> None:
        """Nothing to stop; said so."""
        self.bar.tell(self.tr("STOP stops nothing here: this is a replay"))

    def stop_if_gas_may_be_on(self, source: str) -> bool:
        """There is no gas."""
        return False

    def lose_control(self, reason: str) -> None:
        """The player is gone; it begins again."""
        self.bar.tell(
            self.tr("The replay broke off, and begins again: {why}").format(why=spoken(reason))
        )

    def give_up_control(self, reason: str) -> None:
        """It does not play."""
        self.bar.tell(self.tr("This record cannot be played: {why}").format(why=spoken(reason)))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closes at once."""
        event.accept()
        self.closed.emit()
