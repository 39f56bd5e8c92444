"""Plays melodies, on a thread of its own: a sound server that hangs never delays the screen. Where
there is no sound device nothing is played, and that is told."""

import importlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLoggingCategory, QObject, QThread, QUrl, Signal, Slot

from console.ui.alarms.melodies import Melody, all_melodies

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QMediaDevices, QSoundEffect

_QUIET_LOG: Final = "qt.multimedia*=false"


class _Player(QObject):
    """Lives on the speaker's thread."""

    ready = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._folder: TemporaryDirectory[str] | None = None
        self._effects: dict[Melody, QSoundEffect] = {}
        self._devices: QMediaDevices | None = None

    @Slot()
    def load(self) -> None:
        """Makes every sound once, as soon as there is a device to play it."""
        QLoggingCategory.setFilterRules(_QUIET_LOG)
        try:
            multimedia = importlib.import_module("PySide6.QtMultimedia")
        except ImportError:  # a system library is missing
            self.ready.emit(False)
            return
        self._devices = multimedia.QMediaDevices(self)
        self._devices.audioOutputsChanged.connect(self.look)
        self.look()

    @Slot()
    def look(self) -> None:
        """A device has come or gone."""
        if self._devices is None:
            return
        has = bool(self._devices.audioOutputs())
        if has and not self._effects:
            self._make()
        self.ready.emit(has)

    def _make(self) -> None:
        effect = importlib.import_module("PySide6.QtMultimedia").QSoundEffect
        from console.ui.alarms.waves import wav  # noqa: PLC0415 - numpy loads slowly

        self._folder = TemporaryDirectory(prefix="cryoprobe-sounds-")
        for number, melody in enumerate(all_melodies()):
            path = Path(self._folder.name) / f"{number}.wav"
            path.write_bytes(wav(melody))
            self._effects[melody] = effect(self)
            self._effects[melody].setSource(QUrl.fromLocalFile(str(path)))

    @Slot(object)
    def play(self, melody: Melody) -> None:
        """From its begin; what plays is cut off, so that no two sound into each other."""
        self.hush()
        if melody in self._effects:
            self._effects[melody].play()

    @Slot()
    def hush(self) -> None:
        for effect in self._effects.values():
            if effect.isPlaying():
                effect.stop()

    @Slot()
    def drop(self) -> None:
        self._devices = None
        self._effects.clear()
        if self._folder is not None:
            self._folder.cleanup()


class Speaker(QObject):
    """`play` and `hush` never block. `has_device`: None until it is known."""

    device_known = Signal()
    _load = Signal()
    _play = Signal(object)
    _hush = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.has_device: bool | None = None
        self._player = _Player()
        self._thread = QThread(self)
        self._player.moveToThread(self._thread)
        self._player.ready.connect(self._known)
        self._load.connect(self._player.load)
        self._play.connect(self._player.play)
        self._hush.connect(self._player.hush)
        self._thread.finished.connect(self._player.drop)
        self._thread.start()
        self._load.emit()

    def play(self, melody: Melody) -> None:
        """Plays it once, from now."""
        self._play.emit(melody)

    def hush(self) -> None:
        """Ends what is playing."""
        self._hush.emit()

    def close(self) -> None:
        """Ends the thread, by force where a sound server holds it for more than a second."""
        self._thread.quit()
        if not self._thread.wait(1_000):
            self._thread.terminate()
            self._thread.wait(1_000)

    @Slot(bool)
    def _known(self, has: bool) -> None:
        self.has_device = has
        self.device_known.emit()
