"""The far end of the control channel: it knows the link file and nothing of the simulator, so that
to ask costs no more than a connection."""

import json
from multiprocessing.connection import Client
from pathlib import Path
from typing import Any, Final

import msgspec

from drivers.inputs import files

ANSWER_WITHIN_S: Final = 30.0
"""How long the simulator may take to do a request."""


class _Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the link file holds: the address of a socket or a named pipe, and the key in hex."""

    address: str
    key: str


class Control:
    """A client of the channel, for tests, trainers and `cryoprobe knob`."""

    def __init__(self, link: Path, within_s: float = 2 * ANSWER_WITHIN_S) -> None:
        """Connects by the link file; an answer is waited for that long. Raises
        drivers.inputs.files.FileError (the file is not there, or is no link of ours), OSError,
        EOFError and multiprocessing.AuthenticationError (nobody there)."""
        self._within_s = within_s
        written = files.read(link, files.CONTROL_LINK_BYTES)
        try:
            said = msgspec.json.decode(written, type=_Link)
            self._connection = Client(said.address, authkey=bytes.fromhex(said.key))
        except (ValueError, RecursionError):
            raise files.FileError(link, "not a control file of the simulator") from None

    def ask(self, **request: object) -> Any:
        """The answer's content. Raises ValueError with what the simulator said was wrong, OSError
        and EOFError when it has gone or says nothing."""
        self._connection.send_bytes(json.dumps(request).encode())
        if not self._connection.poll(self._within_s):
            raise TimeoutError("the simulator does not answer")
        answer = json.loads(self._connection.recv_bytes())
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer["ok"]

    def close(self) -> None:
        """Ends it."""
        self._connection.close()
