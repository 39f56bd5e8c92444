"""The simulated patient, asked over the simulator's control channel: the link carries what a
console says, and a console says nothing for a patient. Nor does it know of a plan: that the probe
goes from one nerve to the next is told there too, by whoever plays the hands."""

import time
from collections.abc import Callable
from multiprocessing import AuthenticationError
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec

from console.model.snapshot import Phase
from console.model.stimulation import Voice
from drivers.inputs.address import AddressError, Simulator, simulator
from drivers.inputs.files import FileError, MissingError

_CATCHES_UP_WITHIN_S: Final = 2.0


class UnheardError(Exception):
    """The patient cannot be asked. One line."""


class Channel(Protocol):
    """A client of the control channel, as simulator.control_client.Control is one."""

    def ask(self, **request: object) -> Any:
        """The answer's content."""

    def close(self) -> None:
        """Ends it."""


OpenChannel = Callable[[Path], Channel]


class SimulatedPatient:
    """Asked over the channel at `link`, which is opened when it is first needed."""

    def __init__(self, link: Path, open_channel: OpenChannel) -> None:
        self._link, self._open_channel = link, open_channel
        self._channel: Channel | None = None

    def open(self) -> None:
        """Opens the channel now. Raises UnheardError."""
        try:
            self._channel = self._channel or self._open_channel(self._link)
        except MissingError as error:
            raise UnheardError(f"{self._link}: no simulator answers there: no such file") from error
        except FileError as error:
            raise UnheardError(str(error)) from error
        except (OSError, EOFError, AuthenticationError) as error:
            raise UnheardError(f"{self._link}: no simulator answers there: {error}") from error

    def now(self) -> Voice:
        """What it says at this moment. Raises UnheardError."""
        found: Voice = self._asked("The simulated patient is not heard", Voice, get="patient")
        return found

    def voice(self, after_ms: int) -> Voice | None:
        """The answer at the first moment after `after_ms` of device time at which the simulator
        listens, None when there is none yet.

        In lockstep the heartbeat for that observation is on its way when this is asked: the device
        runs on by one telemetry, and stands there until the next heartbeat. To wait for that moment
        makes the answer the same in every run. Raises UnheardError.
        """
        until = time.monotonic() + _CATCHES_UP_WITHIN_S
        while True:
            voice = self.now()
            if voice.at_ms > after_ms:
                return voice
            if time.monotonic() > until:
                return None

    def place(self, nerve: int) -> None:
        """Has the probe taken out and placed at that nerve, one that nothing has happened to.
        Raises UnheardError, where the probe is frozen fast too."""
        self._asked("The simulated probe is not placed", Any, place=nerve)

    def _asked(self, failing: str, kind: Any, **request: object) -> Any:
        self.open()
        assert self._channel is not None
        try:
            return msgspec.convert(self._channel.ask(**request), kind)
        except (OSError, EOFError, ValueError, msgspec.ValidationError) as error:
            raise UnheardError(f"{failing}: {str(error) or 'the simulator has gone'}") from error

    def close(self) -> None:
        """Ends the channel."""
        if self._channel is not None:
            self._channel.close()


def nerve_of(phase: Phase, site: int) -> int | None:
    """The nerve that the probe stands at while a site (index in the plan) is before its freeze,
    None while the probe is not to be touched."""
    return site + 1 if phase in _PLACED_IN else None


_PLACED_IN: Final = frozenset({Phase.STIMULATE, Phase.READY})


def control_of(url: str) -> Path | None:
    """Where the simulator at a sim:// address opens its control channel, None: nowhere."""
    found = _simulator(url)
    named = None if found is None else found.get("control")
    return Path(named) if named else None


def with_control(url: str, link: Path) -> str:
    """A sim:// address whose simulator opens its control channel at `link`."""
    found = _simulator(url)
    return url if found is None else found.having("control", str(link)).url


def _simulator(url: str) -> Simulator | None:
    try:
        return simulator(url)
    except AddressError:
        return None  # whoever opens it says what is wrong
