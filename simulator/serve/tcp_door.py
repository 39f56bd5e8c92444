"""The line on a TCP port, for `socket://`; on this computer alone unless a host name is given."""

import socket
from threading import Lock, Thread

from simulator.serve.door import Stream
from simulator.serve.mailbox import Mailbox


class TcpDoor:
    """One host at a time; another is turned away until the first has gone."""

    ends_with_host = False

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._listener: socket.socket | None = None
        self._stream: Stream | None = None
        self._lock = Lock()

    @property
    def where(self) -> str:
        """The address as pyserial writes it."""
        host, port = self._address
        return f"socket://{host}:{port}"

    def open(self, mailbox: Mailbox) -> None:
        """Begins to listen; port 0 becomes a free one. Raises OSError."""
        listener = socket.create_server(self._address, backlog=4)
        self._listener = listener
        self._address = listener.getsockname()[:2]
        Thread(target=self._accept, args=(listener, mailbox), name="accept", daemon=True).start()

    def send(self, frames: list[bytes], *, urgent: bool = False) -> None:
        """Towards the connected host."""
        with self._lock:
            if self._stream is not None:
                self._stream.writer.put(frames, urgent=urgent)

    def close(self) -> None:
        """Stops listening."""
        if self._listener is not None:
            self._listener.close()

    def _accept(self, listener: socket.socket, mailbox: Mailbox) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return  # closed
            with self._lock:
                if self._stream is not None:
                    connection.close()
                    continue
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._stream = self._streamed(connection, mailbox)

    def _streamed(self, connection: socket.socket, mailbox: Mailbox) -> Stream:
        def ended() -> None:
            with self._lock:
                self._stream = None
            connection.close()

        return Stream(mailbox, lambda: connection.recv(65_536), connection.sendall, ended)
