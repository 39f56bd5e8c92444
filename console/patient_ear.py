"""Listens to the simulated patient beside the window: what it says now is there to be read, and
nobody waits for it."""

import threading
import time
from pathlib import Path
from typing import Final

from console.model.stimulation import Voice
from console.simulated_patient import OpenChannel, SimulatedPatient, UnheardError

EVERY_S: Final = 0.2


class PatientEar:
    """Asks while its answer is wanted, on a thread of its own."""

    def __init__(self, open_channel: OpenChannel) -> None:
        self._open_channel = open_channel
        self._link: Path | None = None
        self._said: Voice | None = None
        self._wanted = threading.Event()
        self._thread: threading.Thread | None = None

    def turn_to(self, link: Path | None) -> None:
        """Another simulator, with its control channel at `link`; None: there is no patient."""
        self._link, self._said = link, None

    def __call__(self, wanted: bool) -> Voice | None:
        """What was heard last, None while nothing is. `wanted`: whether to go on. Never blocks."""
        if not wanted or self._link is None:
            self._wanted.clear()
            self._said = None
            return None
        self._wanted.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._listen, name="patient ear", daemon=True)
            self._thread.start()
        return self._said

    def _listen(self) -> None:
        patient: SimulatedPatient | None = None
        at: Path | None = None
        while True:
            self._wanted.wait()
            link, said = self._link, None
            if patient is not None and at != link:
                patient.close()
                patient = None
            if patient is None and link is not None:
                patient, at = SimulatedPatient(link, self._open_channel), link
            if patient is not None:
                try:
                    said = patient.now()
                except UnheardError:  # a simulator that begins or ends: the next is asked anew
                    patient.close()
                    patient = None
            self._said = said if self._wanted.is_set() and link == self._link else None
            time.sleep(EVERY_S)
