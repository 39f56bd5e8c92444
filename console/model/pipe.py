"""The messages between the screen and the control process, and their framing: a length of four
bytes, little-endian, then MessagePack."""

from struct import Struct

import msgspec

from console.model.alarm import Alarm, AlarmTurn
from console.model.request import AnyRequest
from console.model.snapshot import Reply, Snapshot

_LENGTH = Struct("<I")
LONGEST = 4_000_000
"""More than any message needs; a longer length means that the pipe is broken."""


class Ask(msgspec.Struct, frozen=True, tag=True):
    """A request with the number that its Reply will carry."""

    id: int
    request: AnyRequest


class Tick(msgspec.Struct, frozen=True, tag=True):
    """The screen's main thread has applied the snapshot with this number."""

    snapshot: int


class ScreenAlarm(msgspec.Struct, frozen=True, tag=True):
    """What became of an alarm that the screen itself raised, for the alarm book; `wall` as in its
    entry there. By that entry in a snapshot the screen knows that it was taken in."""

    wall: str
    turn: AlarmTurn
    alarm: Alarm


ToControl = Ask | Tick | ScreenAlarm
FromControl = Snapshot | Reply

_encoder = msgspec.msgpack.Encoder()
_to_control: msgspec.msgpack.Decoder[ToControl] = msgspec.msgpack.Decoder(ToControl)
_from_control: msgspec.msgpack.Decoder[FromControl] = msgspec.msgpack.Decoder(FromControl)


def packed(message: ToControl | FromControl) -> bytes:
    """The bytes of `message` with their length in front."""
    body = _encoder.encode(message)
    return _LENGTH.pack(len(body)) + body


class Unpacker:
    """Cuts the bytes of one direction into messages. Raises ValueError on what is none."""

    def __init__(self, *, to_control: bool) -> None:
        self._rest = b""
        self._decoder = _to_control if to_control else _from_control

    def feed(self, data: bytes) -> list[ToControl | FromControl]:
        """The messages that `data` completes."""
        rest = self._rest + data
        found: list[ToControl | FromControl] = []
        while len(rest) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(rest)
            if length > LONGEST:
                raise ValueError(f"a message of {length} bytes on the pipe")
            if len(rest) < _LENGTH.size + length:
                break
            found.append(self._decoder.decode(rest[_LENGTH.size : _LENGTH.size + length]))
            rest = rest[_LENGTH.size + length :]
        self._rest = rest
        return found
