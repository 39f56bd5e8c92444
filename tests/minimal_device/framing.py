"""Frames: COBS, CRC-32C over the stuffed bytes, five check bytes, a zero."""

POLYNOMIAL = 0x82F63B78
SHORTEST, LONGEST = 18, 127  # before the zero


def _crc_table() -> list[int]:
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ (POLYNOMIAL if value & 1 else 0)
        table.append(value)
    return table


TABLE = _crc_table()


def crc32c(data: bytes) -> int:
    value = 0xFFFFFFFF
    for byte in data:
        value = value >> 8 ^ TABLE[(value ^ byte) & 0xFF]
    return value ^ 0xFFFFFFFF


def check_bytes(data: bytes) -> bytes:
    crc = crc32c(data)
    return bytes(0x80 | crc >> 7 * group & 0x7F for group in range(5))


def stuff(raw: bytes) -> bytes:
    return b"".join(bytes((len(piece) + 1,)) + piece for piece in raw.split(b"\0"))


def unstuff(stuffed: bytes) -> bytes | None:
    """The raw bytes, or None where a distance is 0 or points past the end."""
    pieces, at = [], 0
    while at < len(stuffed):
        distance = stuffed[at]
        if distance == 0 or at + distance > len(stuffed):
            return None
        pieces.append(stuffed[at + 1 : at + distance])
        at += distance
    return b"\0".join(pieces)


def frame(raw: bytes) -> bytes:
    stuffed = stuff(raw)
    return stuffed + check_bytes(stuffed) + b"\0"


def judge(gathered: bytes) -> bytes | str:
    """The raw bytes of what stood before a zero, or the name of its flaw."""
    if len(gathered) < SHORTEST:
        return "TOO_SHORT"
    if len(gathered) > LONGEST:
        return "TOO_LONG"
    stuffed, check = gathered[:-5], gathered[-5:]
    if check != check_bytes(stuffed):
        return "CHECK"
    raw = unstuff(stuffed)
    if raw is None:
        return "STUFFING"
    if raw[1] != len(raw) - 12:
        return "LENGTH"
    return raw


class Receiver:
    """Gathers bytes up to a zero."""

    def __init__(self) -> None:
        self._gathered = bytearray()
        self._dropping = False

    def take(self, byte: int) -> bytes | str | None:
        """One byte more: the raw bytes of a frame, the name of a flaw, or nothing yet."""
        if self._dropping:
            self._dropping = byte != 0
            return None
        if byte:
            self._gathered.append(byte)
            if len(self._gathered) <= LONGEST:
                return None
            self._dropping = True
        found = judge(bytes(self._gathered)) if self._gathered else None
        self._gathered.clear()
        return found
