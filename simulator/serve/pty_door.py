"""The line on a pseudo-terminal: the nearest to a real serial port that needs no cable."""

import os
import sys
from pathlib import Path

from simulator.serve.door import Stream
from simulator.serve.mailbox import Mailbox
from simulator.serve.writing import write_all


class PtyDoor:
    """`link` is a symbolic link to the terminal that a host opens; it is removed at the end.

    Hosts come and go unseen, as on a real cable.
    """

    ends_with_host = False

    def __init__(self, link: Path) -> None:
        self._link = link
        self._stream: Stream | None = None
        self._slave: int | None = None
        self._name = ""

    @property
    def where(self) -> str:
        """The link's path."""
        return str(self._link)

    def open(self, mailbox: Mailbox) -> None:
        """Makes terminal and link. Raises OSError when the link's name is taken by anything but an
        old link to a terminal, or pseudo-terminals do not exist here."""
        if sys.platform == "win32":
            raise OSError("pseudo-terminals do not exist on Windows: use --tcp")
        import tty  # noqa: PLC0415 - does not exist on Windows

        master, self._slave = os.openpty()
        # Kept open here, so that a host that closes its end is no hang-up.
        tty.setraw(self._slave)
        name = os.ttyname(self._slave)
        if self._link.is_symlink() and self._link.readlink().parent == Path(name).parent:
            self._link.unlink()  # a simulator that was killed has left it
        try:
            self._link.symlink_to(name)
        except FileExistsError:
            raise OSError(f"{self._link} is there already and is no link to a terminal") from None
        self._name = name
        self._stream = Stream(
            mailbox, lambda: os.read(master, 65_536), lambda data: write_all(master, data)
        )

    def send(self, frames: list[bytes], *, urgent: bool = False) -> None:
        """Towards whoever has the terminal open."""
        if self._stream is not None:
            self._stream.writer.put(frames, urgent=urgent)

    def close(self) -> None:
        """Removes the link, if it is still ours."""
        if self._name and self._link.is_symlink() and str(self._link.readlink()) == self._name:
            self._link.unlink()
