"""The line on a TCP port, for `socket://`: on this computer alone, unless everyone is let in."""

import socket
from ipaddress import ip_address
from threading import Lock, Thread

from simulator.serve.door import Stream
from simulator.serve.mailbox import Mailbox


class TcpDoor:
    """One host at a time; another is turned away until the first has gone."""

    ends_with_host = False

    def __init__(self, host: str, port: int, *, everyone: bool = False) -> None:
        """`everyone`: an address that other computers reach is taken too."""
        self._address = (host, port)
        self._everyone = everyone
        self._listener: socket.socket | None = None
        self._stream: Stream | None = None
        self._lock = Lock()

    @property
    def where(self) -> str:
        """The address as pyserial writes it."""
        host, port = self._address
        return f"socket://[{host}]:{port}" if ":" in host else f"socket://{host}:{port}"

    def open(self, mailbox: Mailbox) -> None:
        """Begins to listen; port 0 becomes a free one. Raises OSError, as for an address of which
        others than this computer would be let in."""
        try:
            family, address = self._found()
            listener = socket.create_server(address, family=family, backlog=4)
        except OSError as error:
            raise OSError(f"{self.where}: {error.strerror or error}") from error
        self._listener = listener
        self._address = listener.getsockname()[:2]
        Thread(target=self._accept, args=(listener, mailbox), name="accept", daemon=True).start()

    def _found(self) -> tuple[socket.AddressFamily, tuple[str, int]]:
        """Family and number of the address."""
        host, port = self._address
        family, _, _, _, number = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        address = str(number[0])
        if not self._everyone and not ip_address(address.partition("%")[0]).is_loopback:
            raise OSError(
                "whoever reaches this computer over a network could connect there and take the "
                "simulator over: use 127.0.0.1, or add --listen-everywhere if you mean it"
            )
        return family, (address, port)

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
