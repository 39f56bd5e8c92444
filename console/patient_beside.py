"""The simulated patient beside the window: the probe is placed at the nerve that the session goes
on with, and what the patient says now is there to be read. Nobody waits for either."""

import threading
import time
from pathlib import Path
from typing import Final

from console.model.snapshot import Phase, ProcedureView
from console.model.stimulation import Voice
from console.simulated_patient import OpenChannel, SimulatedPatient, UnheardError, nerve_of

EVERY_S: Final = 0.2


class _Stand:
    """Where the probe of one simulator stands."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self.at: int | None = 1  # None: it is out
        self.wanted: int | None = None
        self.said: Voice | None = None

    @property
    def due(self) -> int | None:
        """The other nerve at which the probe is to be placed, None where it stands right."""
        wanted = self.wanted  # read once: another thread writes it
        return wanted if wanted != self.at else None


class PatientBeside:
    """Talks to the simulator while something is wanted of it, on a thread of its own."""

    def __init__(self, open_channel: OpenChannel) -> None:
        self._open_channel = open_channel
        self._stand: _Stand | None = None
        self._listens = False
        self._wanted = threading.Event()
        self._thread: threading.Thread | None = None

    def turn_to(self, link: Path | None) -> None:
        """Another simulator, with its control channel at `link`; None: there is no patient."""
        self._stand = None if link is None else _Stand(link)

    def follow(self, view: ProcedureView) -> None:
        """Where the session stands, on any thread. Never blocks."""
        stand = self._stand
        if stand is None:
            return
        if view.phase is Phase.OUT:
            stand.at = None  # whom the next session is for has not been treated
        stand.wanted = nerve_of(view.phase, view.site)
        if stand.due is not None:
            self._call()

    def hear(self, wanted: bool) -> Voice | None:
        """What was heard last, None while nothing is. `wanted`: whether to go on. Never blocks."""
        stand = self._stand
        self._listens = wanted and stand is not None
        if stand is None:
            return None
        if not wanted:
            stand.said = None
            return None
        self._call()
        return stand.said

    def _call(self) -> None:
        self._wanted.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._talk, name="patient", daemon=True)
            self._thread.start()

    def _talk(self) -> None:
        patient: SimulatedPatient | None = None
        talks_of: _Stand | None = None
        while True:
            self._wanted.wait()
            stand = self._stand
            if patient is not None and talks_of is not stand:
                patient.close()
                patient = None
            if stand is None or not (self._listens or stand.due is not None):
                self._wanted.clear()  # who wants more says so again, with the next snapshot
                continue
            if patient is None:
                patient, talks_of = SimulatedPatient(stand.link, self._open_channel), stand
            try:
                nerve = stand.due
                if nerve is not None:
                    patient.place(nerve)
                    stand.at = nerve
                stand.said = patient.now() if self._listens else None
            except UnheardError:  # a simulator that begins or ends: the next is asked anew
                patient.close()
                patient, stand.said = None, None
            time.sleep(EVERY_S)
