"""The far end of the control channel: it knows the link file and nothing of the simulator, so that
to ask costs no more than a connection."""

import json
from multiprocessing.connection import Client
from pathlib import Path
from typing import Any, Final

ANSWER_WITHIN_S: Final = 30.0
"""How long the simulator may take to do a request."""


class Control:
    """A client of the channel, for tests, trainers and `cryoprobe knob`."""

    def __init__(self, link: Path, within_s: float = 2 * ANSWER_WITHIN_S) -> None:
        """Connects by the link file; an answer is waited for that long. Raises OSError (no such
        file, nobody there), ValueError, KeyError, TypeError (not a link of ours) and
        multiprocessing.AuthenticationError."""
        self._within_s = within_s
        said = json.loads(link.read_text(encoding="utf-8"))
        address = said["address"]
        where = tuple(address) if isinstance(address, list) else address
        self._connection = Client(where, authkey=bytes.fromhex(said["key"]))

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
