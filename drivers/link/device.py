"""The device's end of a session, pure: which session and command count, what was answered, which
token is out, which echo is newest, which events wait for their acknowledgement.

It decides nothing about gas or nerves: the firmware does, and tells its answers here so that a
repeat is answered without being done twice.
"""

from typing import Final

import msgspec

from drivers.link.codes import HelloFlag, Result
from drivers.link.frame import Frame
from drivers.link.messages import (
    FIRST_FROM_DEVICE,
    SCHEMA_HASH,
    UNANSWERED,
    VERSION_MAJOR,
    VERSION_MINOR,
    Answer,
    Event,
    EventAck,
    Heartbeat,
    Hello,
    Message,
    Stop,
    pack,
    read,
)

TOKEN_LIFE_MS: Final = 10_000
START_AHEAD_MS: Final = 300
EVENT_REPEAT_MS: Final = 200
EVENTS_KEPT: Final = 64
STOP_ANSWERS_KEPT: Final = 8
SESSIONS_KEPT: Final = 8
RESTART_AFTER_MS: Final = 4_200_000_000
"""Device time does not wrap: from here on (48.6 days) ARM is refused with BUSY, and the device
restarts when it is idle."""


class Token(msgspec.Struct, frozen=True):
    """A permission for one start of one action, up to and including `expires_ms`."""

    value: int
    action: int  # Action
    expires_ms: int


class WaitingEvent(msgspec.Struct, frozen=True):
    """An event that the host has not acknowledged."""

    event: Event
    sent_ms: int  # in the time by which repeats are counted


class DeviceLink(msgspec.Struct, frozen=True):
    """All that the device remembers of its session."""

    session: int = 0
    past: tuple[int, ...] = ()
    read_only: bool = False
    minor: int = 0  # the lower one of the host's and ours
    sequence: int = 0
    answered: Frame | None = None
    token: Token | None = None
    tokens_made: int = 0
    echo_ms: int | None = None
    next_event: int = 1
    waiting: tuple[WaitingEvent, ...] = ()


class Command(msgspec.Struct, frozen=True):
    """Do this, and answer it with `answer`."""

    message: Message
    frame: Frame


class Reply(msgspec.Struct, frozen=True):
    """Send this as it is: the command was answered before, or is refused here."""

    frame: Frame


class Opened(msgspec.Struct, frozen=True):
    """A host has opened a session (`renewed`: the same HELLO again). Answer with a Welcome."""

    frame: Frame
    renewed: bool


class Ignored(msgspec.Struct, frozen=True):
    """Not for this session, out of order, or a message that only a device sends."""


Verdict = Command | Reply | Opened | Ignored | None


def hear(link: DeviceLink, frame: Frame, now_ms: int) -> tuple[DeviceLink, Verdict]:
    """Takes in one good frame from the host. None: taken, nothing to do (heartbeat, event ack)."""
    message = read(frame)
    if isinstance(message, Hello):
        return _hello(link, frame, message)
    if frame.kind == Stop.KIND:
        # Valid in every state, whatever its payload; of the own session it also makes every
        # earlier command stale.
        link = msgspec.structs.replace(link, token=None)
        if frame.session == link.session and _newer(frame.sequence, link.sequence):
            link = msgspec.structs.replace(link, sequence=frame.sequence, answered=None)
        return link, Command(Stop(), frame)
    if frame.kind >= FIRST_FROM_DEVICE:
        return link, Ignored()  # a line that loops back: answering would never end
    if frame.kind in UNANSWERED:
        # Who only watches neither renews a lease nor takes an event away from the next host.
        strange = link.session == 0 or frame.session != link.session
        if strange or link.read_only or message is None:
            return link, Ignored()
        return _unanswered(link, message, now_ms), None
    return _command(link, frame, message, now_ms)


def _hello(link: DeviceLink, frame: Frame, hello: Hello) -> tuple[DeviceLink, Verdict]:
    # A HELLO of a session that was left has been on its way for long: it must not end this one.
    if frame.session == 0 or frame.session in link.past:
        return link, Ignored()
    if frame.session == link.session:
        return link, Opened(frame, renewed=True)
    same = hello.major == VERSION_MAJOR and (
        hello.minor != VERSION_MINOR or hello.schema_hash == SCHEMA_HASH
    )
    opened = DeviceLink(
        session=frame.session,
        past=(*link.past, *([link.session] if link.session else []))[-SESSIONS_KEPT:],
        read_only=bool(hello.flags & HelloFlag.READ_ONLY) or not same,
        minor=min(hello.minor, VERSION_MINOR),
        sequence=frame.sequence,
        tokens_made=link.tokens_made,
        next_event=link.next_event,
        waiting=link.waiting,
    )
    return opened, Opened(frame, renewed=False)


def _unanswered(link: DeviceLink, message: Message, now_ms: int) -> DeviceLink:
    if isinstance(message, Heartbeat):
        # An echo of a time that has not been is no evaluation.
        if message.echo_ms <= now_ms:
            newest = message.echo_ms if link.echo_ms is None else max(link.echo_ms, message.echo_ms)
            return msgspec.structs.replace(link, echo_ms=newest)
    elif isinstance(message, EventAck):
        left = tuple(w for w in link.waiting if w.event.number != message.number)
        return msgspec.structs.replace(link, waiting=left)
    return link


def _command(
    link: DeviceLink, frame: Frame, message: Message | None, now_ms: int
) -> tuple[DeviceLink, Verdict]:
    if link.session == 0 or frame.session != link.session:
        return link, Reply(_answer(frame, Result.WRONG_SESSION, now_ms))
    if frame.sequence == link.sequence:
        return link, Reply(link.answered) if link.answered is not None else Ignored()
    if not _newer(frame.sequence, link.sequence):
        return link, Ignored()
    link = msgspec.structs.replace(link, sequence=frame.sequence, answered=None)
    if message is None or link.minor < message.SINCE:
        refused = Result.UNKNOWN_COMMAND
    elif link.read_only:
        refused = Result.READ_ONLY
    else:
        return link, Command(message, frame)
    reply = _answer(frame, refused, now_ms)
    return msgspec.structs.replace(link, answered=reply), Reply(reply)


def _newer(sequence: int, than: int) -> bool:
    return 0 < (sequence - than & 0xFFFF) < 0x8000


def _answer(to: Frame, result: Result, now_ms: int) -> Frame:
    return Frame(Answer.KIND, to.sequence, to.session, now_ms, pack(Answer(to.kind, result, 0)))


def answer(link: DeviceLink, to: Frame, message: Message, now_ms: int) -> tuple[DeviceLink, Frame]:
    """The frame that answers the command `to`, remembered for its repeats unless a newer command,
    a STOP or a new session has come since."""
    frame = Frame(message.KIND, to.sequence, to.session, now_ms, pack(message))
    newest = to.session == link.session and to.sequence == link.sequence
    if not newest or to.kind in (Stop.KIND, Hello.KIND):
        return link, frame
    return msgspec.structs.replace(link, answered=frame), frame


def grant(link: DeviceLink, action: int, now_ms: int, salt: int) -> tuple[DeviceLink, Token]:
    """A fresh token; an older one is no longer good. `salt` makes it hard to guess."""
    made = link.tokens_made + 1
    value = ((salt ^ made * 0x9E3779B1) & 0xFFFFFFFF) or 1
    token = Token(value, action, now_ms + TOKEN_LIFE_MS)
    return msgspec.structs.replace(link, token=token, tokens_made=made), token


def spend(
    link: DeviceLink, value: int, action: int, expires_ms: int, now_ms: int
) -> tuple[DeviceLink, Result]:
    """Takes the token for one start. It is gone whether the start is granted or not."""
    token = link.token
    link = msgspec.structs.replace(link, token=None)
    if token is None or token.value != value or token.action != action:
        return link, Result.NO_TOKEN
    if now_ms > token.expires_ms or now_ms > expires_ms:
        return link, Result.EXPIRED
    if expires_ms > now_ms + START_AHEAD_MS:
        return link, Result.BAD_VALUE
    return link, Result.DONE


def burn(link: DeviceLink) -> DeviceLink:
    """No token is out any more."""
    return msgspec.structs.replace(link, token=None)


def lease_left_ms(link: DeviceLink, lease_ms: int, now_ms: int) -> int:
    """What is left of a lease of `lease_ms` from the newest echo, 0 when there is none."""
    if link.echo_ms is None:
        return 0
    return max(0, link.echo_ms + lease_ms - now_ms)


def happened(
    link: DeviceLink, code: int, detail: int, value: int, now_ms: int, line_ms: int | None = None
) -> tuple[DeviceLink, Event]:
    """A new event, numbered, to be sent now and again until it is acknowledged. When more than
    EVENTS_KEPT wait, the oldest is dropped: its number shows the gap.

    `line_ms` is the time that `due_events` counts repeats in, device time if it is not given; a
    device whose time can stand still needs another, or it never repeats the event that says so.
    """
    event = Event(link.next_event, code, detail, now_ms, value)
    sent_ms = now_ms if line_ms is None else line_ms
    waiting = (*link.waiting, WaitingEvent(event, sent_ms))[-EVENTS_KEPT:]
    number = link.next_event % 0xFFFF + 1
    return msgspec.structs.replace(link, next_event=number, waiting=waiting), event


def due_events(link: DeviceLink, now_ms: int) -> tuple[DeviceLink, tuple[Event, ...]]:
    """Events whose repeat is due at `now_ms`, in the time that `happened` was given."""
    due = tuple(w.event for w in link.waiting if now_ms - w.sent_ms >= EVENT_REPEAT_MS)
    if not due:
        return link, ()
    waiting = tuple(
        WaitingEvent(w.event, now_ms) if now_ms - w.sent_ms >= EVENT_REPEAT_MS else w
        for w in link.waiting
    )
    return msgspec.structs.replace(link, waiting=waiting), due
