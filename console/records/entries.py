"""What a journal holds: the inputs of the control loop in the order consumed, and what it made of
them. MessagePack arrays: a small number for the kind, then the fields in the order below.

Fields are only ever added at the end and with a default, kinds keep their numbers; anything else is
a new SCHEMA. `now_ms` is the host's monotonic clock in milliseconds at which the loop consumed the
input, so that a replay gives the same decisions; `wall` is the local time in ISO 8601 with its
offset, for people.
"""

from typing import Final, get_args

import msgspec

from console.model.alarm import Alarm, AlarmTurn, Kept
from console.model.cylinder import Cylinder
from console.model.device import DeviceInfo
from console.model.estimate import Estimate
from console.model.event import Event
from console.model.mapping import MappingVisit
from console.model.request import AnyRequest

SCHEMA: Final = 3
"""2: every input is there, FailedIn among them, every decision, FrameOut and Over among them, and
the header holds what a replay begins with. 3: what the computer's clock says is an input whenever
it was set (ClockIn), so are notes (NotedIn), and what only an engineer releases is a decision
(Raised)."""


AMENDMENT: Final = "amendment"
"""The reason of a journal that holds amendments alone: nothing ran while it was written."""

MAPPING: Final = "mapping visit"
"""The same of a session that keeps a mapping visit."""


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """The base of all entries."""


class Header(Entry, frozen=True, array_like=True, tag=0):
    """The first entry of each journal, and of that alone."""

    session: str
    number: int  # 1, 2, 3 in the chain of its session
    reason: str  # "new", "resumed", ...: why this journal was begun
    started: str  # wall
    now_ms: float
    program: str  # name, version and build
    rules_hash: str  # SHA-256 of the rule table, hex
    thresholds: dict[str, float]
    port: str
    previous: str | None = None  # name of the journal before it, in the same folder
    previous_head: str | None = None  # and its head, hex
    schema: int = SCHEMA
    seed: int | None = None  # of the session numbers on the link; None before schema 2
    screen: bool | None = None  # whether a screen had to keep ticking
    resumed: bytes | None = None  # the case taken up, as a Progress holds one
    limits_sha256: str = ""  # of a site's own limits, hex; empty where they are as shipped


class FrameIn(Entry, frozen=True, array_like=True, tag=1):
    """A good frame of the link as it came, without its closing zero."""

    now_ms: float
    raw: bytes


class FlawIn(Entry, frozen=True, array_like=True, tag=2):
    """Bytes that were no frame; `flaw` as the link numbers it."""

    now_ms: float
    flaw: int


class PortIn(Entry, frozen=True, array_like=True, tag=3):
    """Something about the port: `what` ("opened", "lost", ...) for programs, `words` for people."""

    now_ms: float
    what: str
    words: str


class RequestIn(Entry, frozen=True, array_like=True, tag=4):
    """What the operator wants; its ReplyOut has the same id."""

    now_ms: float
    id: int
    request: AnyRequest


class GuiTickIn(Entry, frozen=True, array_like=True, tag=5):
    """The screen has applied the snapshot with this number."""

    now_ms: float
    snapshot: int


class TickIn(Entry, frozen=True, array_like=True, tag=6):
    """The loop woke up by itself."""

    now_ms: float


class GapIn(Entry, frozen=True, array_like=True, tag=7):
    """The loop had not run for `gap_ms`: the computer slept or stalled."""

    now_ms: float
    gap_ms: float


class DurableIn(Entry, frozen=True, array_like=True, tag=8):
    """The recorder said that the entry put with this token is on disk."""

    now_ms: float
    token: int


class EstimateIn(Entry, frozen=True, array_like=True, tag=9):
    """An answer of the tissue model."""

    now_ms: float
    estimate: Estimate


class ScreenGoneIn(Entry, frozen=True, array_like=True, tag=10):
    """The screen's process is gone: its pipe has closed."""

    now_ms: float
    words: str


class RecordFailedIn(Entry, frozen=True, array_like=True, tag=11):
    """The record could not be written, as far as this could still be recorded."""

    now_ms: float
    words: str


class FailedIn(Entry, frozen=True, array_like=True, tag=12):
    """The input before it raised an exception that nobody handled; `words` say which."""

    now_ms: float
    words: str


class ScreenAlarmIn(Entry, frozen=True, array_like=True, tag=13):
    """What became at `wall` of an alarm that the screen itself raised."""

    now_ms: float
    wall: str
    turn: AlarmTurn
    alarm: Alarm


class KeptIn(Entry, frozen=True, array_like=True, tag=14):
    """What the alarm book says that stays with a console until an engineer releases it."""

    now_ms: float
    kept: tuple[Kept, ...]


class CylinderIn(Entry, frozen=True, array_like=True, tag=15):
    """What is known of the cylinder at the console with this serial number."""

    now_ms: float
    console: str
    cylinder: Cylinder


class Happened(Entry, frozen=True, array_like=True, tag=16):
    """An event of the session."""

    now_ms: float
    wall: str
    event: Event


class Progress(Entry, frozen=True, array_like=True, tag=17):
    """A checkpoint of the procedure, from which a new control process can resume the case. Opaque
    here: the control core writes and reads `state`."""

    now_ms: float
    state: bytes


class ReplyOut(Entry, frozen=True, array_like=True, tag=18):
    """The answer to a request; `refused` is the reason, None when it was accepted."""

    id: int
    refused: str | None


class Connected(Entry, frozen=True, array_like=True, tag=19):
    """What the gas console said of itself, each time that it did."""

    now_ms: float
    device: DeviceInfo


class FrameOut(Entry, frozen=True, array_like=True, tag=20):
    """A frame that was given to the link, as FrameIn has it."""

    now_ms: float
    raw: bytes


class Over(Entry, frozen=True, array_like=True, tag=21):
    """The core ended the run, or the session with another to follow in a new journal; `outcome` in
    words."""

    now_ms: float
    outcome: str


class Amended(Entry, frozen=True, array_like=True, tag=22):
    """Something added to the record afterwards, by `who` at `wall`, and `why`. It stands in a
    journal of its own, begun for the reason AMENDMENT."""

    wall: str
    who: str
    why: str
    text: str


class Mapped(Entry, frozen=True, array_like=True, tag=23):
    """A mapping visit, told by `operator` at `wall`. It stands in a session of its own, begun for
    the reason MAPPING."""

    wall: str
    case: str
    operator: str
    visit: MappingVisit


class ClockIn(Entry, frozen=True, array_like=True, tag=24):
    """The computer's clock was set, or its zone changed: from now on it is as `wall` says."""

    now_ms: float
    wall: str


class NotedIn(Entry, frozen=True, array_like=True, tag=25):
    """Something that the operator should know, in words, and that stops nothing."""

    now_ms: float
    words: str


class Raised(Entry, frozen=True, array_like=True, tag=26):
    """At `wall` an alarm was raised at the console with this serial number that only an engineer
    releases: the witness of the alarm book."""

    now_ms: float
    wall: str
    console: str
    alarm: Alarm


class Lost(Entry, frozen=True, array_like=True, tag=30):
    """`count` entries were lost here, the first of them put at `now_ms` (None: it had no time),
    because the disk did not keep up. A journal that holds one cannot be replayed past it."""

    now_ms: float | None
    count: int


class End(Entry, frozen=True, array_like=True, tag=31):
    """The last entry of a closed journal, in a group of its own. `count`: entries before it, the
    header included; `head`: the hash of the group before its own, hex."""

    count: int
    head: str
    reason: str


class Unread(msgspec.Struct, frozen=True):
    """Never written. What a reader gives for an entry that this version does not understand."""

    offset: int  # of its group in the file
    body: bytes  # empty where the whole group cannot be taken apart


AnyEntry = (
    Header
    | FrameIn
    | FlawIn
    | PortIn
    | RequestIn
    | GuiTickIn
    | TickIn
    | GapIn
    | DurableIn
    | EstimateIn
    | ScreenGoneIn
    | RecordFailedIn
    | FailedIn
    | ScreenAlarmIn
    | KeptIn
    | CylinderIn
    | Happened
    | Progress
    | ReplyOut
    | Connected
    | FrameOut
    | Over
    | Amended
    | Mapped
    | ClockIn
    | NotedIn
    | Raised
    | Lost
    | End
)

_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[AnyEntry] = msgspec.msgpack.Decoder(AnyEntry)
_TAGS: Final[dict[type[Entry], int]] = {
    kind: kind.__struct_config__.tag for kind in get_args(AnyEntry)
}


def encoded(entry: AnyEntry) -> bytes:
    """The MessagePack of `entry`. TypeError or ValueError for a value that has none."""
    return _encoder.encode(entry)


def decoded(offset: int, body: bytes) -> AnyEntry | Unread:
    """The entry of `body`, in the group at `offset`. Never raises."""
    try:
        return _decoder.decode(body)
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return Unread(offset, body)


def tag_of(body: bytes) -> int | None:
    """The number of the kind, without decoding; None for what is no entry."""
    if len(body) > 1 and 0x90 < body[0] <= 0x9F:
        return body[1]
    if len(body) > 3 and body[0] == 0xDC:
        return body[3]
    return None


def tags(kinds: tuple[type[Entry], ...]) -> frozenset[int]:
    """The numbers of `kinds`."""
    return frozenset(_TAGS[kind] for kind in kinds)
