"""The host's end of a session, pure: opening it, one command at a time with repeats, STOP ahead of
everything, events heard once, a restart noticed.

Times are milliseconds of the host's monotonic clock, passed in. Each function answers with the new
state and what follows from it: frames to send, in order, and news.
"""

from typing import Final

import msgspec

from drivers.link.codes import HelloFlag, Result
from drivers.link.frame import Flaw, Frame
from drivers.link.messages import (
    HOST_MINOR,
    SCHEMA_HASHES,
    VERSION_MAJOR,
    Answer,
    Calibration,
    Event,
    EventAck,
    Heartbeat,
    Hello,
    LogEntry,
    Message,
    Probe,
    ReadCalibration,
    ReadLog,
    ReadProbe,
    Stop,
    Telemetry,
    Welcome,
    pack,
    read,
)

HELLO_EVERY_MS: Final = 200
COMMAND_EVERY_MS: Final = 100
COMMAND_TRIES: Final = 3
STOP_EVERY_MS: Final = 20
STOP_FAILED_MS: Final = 500
QUEUE_LIMIT: Final = 16
FLAWS_LIMIT: Final = 5
FLAWS_WINDOW_MS: Final = 1_000
EVENTS_REMEMBERED: Final = 256

_READINGS: Final[dict[type[Message], type[Message]]] = {
    ReadProbe: Probe,
    ReadCalibration: Calibration,
    ReadLog: LogEntry,
}
"""Commands that are answered by what they ask for; only a refusal of one is an Answer."""


# --- what follows -----------------------------------------------------------------------------


class Send(msgspec.Struct, frozen=True):
    """Put this frame on the wire; `stop` ones go before all others."""

    frame: Frame
    stop: bool = False


class Connected(msgspec.Struct, frozen=True):
    """The device has answered HELLO. `restarted`: it is another boot than before.

    With a `read_only_reason` nothing more is heard from it: its messages may mean something else.
    """

    welcome: Welcome
    restarted: bool
    read_only_reason: str | None


class Answered(msgspec.Struct, frozen=True):
    """A command has its answer."""

    command: Message
    answer: Message


class Unanswered(msgspec.Struct, frozen=True):
    """A command failed: nobody answered, or it was dropped before it was sent."""

    command: Message
    reason: str


class StopConfirmed(msgspec.Struct, frozen=True):
    """The device has acknowledged STOP."""

    after_ms: float


class StopUnconfirmed(msgspec.Struct, frozen=True):
    """STOP_FAILED_MS have passed without an acknowledgement; it goes on being sent."""


class Heard(msgspec.Struct, frozen=True):
    """Telemetry of this session, or an event not heard before."""

    message: Telemetry | Event
    stamp_ms: int


class SessionLost(msgspec.Struct, frozen=True):
    """The device no longer knows this session: it restarted, or another host took it. Commands
    that waited are told as Unanswered."""


class BadLine(msgspec.Struct, frozen=True):
    """More than FLAWS_LIMIT bad frames within a second."""


News = (
    Connected
    | Answered
    | Unanswered
    | StopConfirmed
    | StopUnconfirmed
    | Heard
    | SessionLost
    | BadLine
)
Effects = tuple[Send | News, ...]


# --- state ------------------------------------------------------------------------------------


class Outstanding(msgspec.Struct, frozen=True):
    """The one command on its way; no answer to it is stamped before `after_ms`."""

    command: Message
    frame: Frame
    sent_ms: float
    tries: int
    after_ms: int


class Stopping(msgspec.Struct, frozen=True):
    """A STOP that is not acknowledged yet."""

    frame: Frame
    since_ms: float
    sent_ms: float
    told: bool = False


class Counters(msgspec.Struct, frozen=True):
    """Kept for the screen and for engineers."""

    good: int = 0
    bad: int = 0
    gaps: int = 0  # places where telemetry is missing
    repeats: int = 0  # frames that the host sent again
    strangers: int = 0  # frames of another session, and telemetry repeated or out of order


class HostLink(msgspec.Struct, frozen=True):
    """All that the host remembers of its session."""

    session: int = 0
    sequence: int = 0
    open: bool = False
    read_only: bool = False
    foreign: bool = False  # the device's messages are not those of this version
    hello_sent_ms: float | None = None
    hello: Frame | None = None
    boot_id: int | None = None
    outstanding: Outstanding | None = None
    queue: tuple[Message, ...] = ()
    stopping: Stopping | None = None
    events: tuple[int, ...] = ()  # numbers heard last, in this boot
    last_telemetry: tuple[int, int] | None = None  # sequence, stamp
    stamp_ms: int = 0  # newest of this session
    flaws_ms: tuple[float, ...] = ()
    counters: Counters = Counters()


# --- what the host wants ----------------------------------------------------------------------


def greet(link: HostLink, session: int, now_ms: float, flags: int = 0) -> tuple[HostLink, Effects]:
    """Opens a new session under the number `session`: random, not 0 and none used before.
    Commands still waiting are failed; a STOP still waiting goes on.

    Raises ValueError for 0 and for the session that is left.
    """
    if session in (0, link.session):
        raise ValueError(f"{session} cannot be the number of a new session")
    dropped = _dropped(link, "the link was opened anew")
    link, sequence = _next_sequence(link)
    hello = Hello(VERSION_MAJOR, HOST_MINOR, flags, 0, SCHEMA_HASHES[HOST_MINOR])
    frame = Frame(Hello.KIND, sequence, session, 0, pack(hello))
    link = msgspec.structs.replace(
        link,
        session=session,
        open=False,
        hello=frame,
        hello_sent_ms=now_ms,
        outstanding=None,
        queue=(),
        last_telemetry=None,
        stamp_ms=0,
        flaws_ms=(),
    )
    return link, (*dropped, Send(frame))


def submit(link: HostLink, command: Message, now_ms: float) -> tuple[HostLink, Effects]:
    """Sends `command`, or queues it behind the outstanding one. A STOP goes its own way.

    Raises ValueError when a field of `command` does not fit.
    """
    if isinstance(command, Stop):
        return stop(link, now_ms)
    pack(command)
    if not link.open:
        return link, (Unanswered(command, "no session is open"),)
    if link.read_only:
        return link, (Unanswered(command, "the session is read-only"),)
    if link.stopping is not None:
        return link, (Unanswered(command, "a stop is being sent"),)
    if link.outstanding is not None:
        if len(link.queue) >= QUEUE_LIMIT:
            return link, (Unanswered(command, "too many commands are waiting"),)
        return msgspec.structs.replace(link, queue=(*link.queue, command)), ()
    return _send(link, command, now_ms)


def stop(link: HostLink, now_ms: float) -> tuple[HostLink, Effects]:
    """STOP, ahead of everything. Whatever else was waiting is dropped.

    Asked for again while it is not acknowledged, the same STOP is sent at once again and keeps its
    time: a new one each time would outrun its own acknowledgements and never be told unconfirmed.
    """
    if link.stopping is not None:
        again = msgspec.structs.replace(link.stopping, sent_ms=now_ms)
        link = _counted(msgspec.structs.replace(link, stopping=again), repeats=1)
        return link, (Send(again.frame, stop=True),)
    dropped = _dropped(link, "stopped")
    link, sequence = _next_sequence(link)
    frame = Frame(Stop.KIND, sequence, link.session, 0, b"")
    link = msgspec.structs.replace(
        link, outstanding=None, queue=(), stopping=Stopping(frame, now_ms, now_ms)
    )
    return link, (Send(frame, stop=True), *dropped)


def beat(link: HostLink, echo_ms: int) -> Effects:
    """A heartbeat: the host's interlocks have evaluated the device up to `echo_ms`. None is sent
    while a STOP stays unconfirmed, so that the lease ends."""
    if not link.open or link.read_only or (link.stopping is not None and link.stopping.told):
        return ()
    return (Send(Frame(Heartbeat.KIND, 0, link.session, 0, pack(Heartbeat(echo_ms)))),)


# --- what comes in ----------------------------------------------------------------------------


def hear(link: HostLink, found: Frame | Flaw, now_ms: float) -> tuple[HostLink, Effects]:
    """Takes in one frame or flaw from the device."""
    if isinstance(found, Flaw):
        return _flawed(link, now_ms)
    link = _counted(link, good=1)
    message = read(found)
    if isinstance(message, Welcome):
        return _welcomed(link, found, message)
    if isinstance(message, Answer) and message.command == Stop.KIND:
        return _stop_answered(link, found, message, now_ms)
    if found.session != link.session or not link.open:
        link = _counted(link, strangers=1)
        return _lost(link) if link.open and isinstance(message, Telemetry) else (link, ())
    if link.foreign:
        return link, ()
    link = msgspec.structs.replace(link, stamp_ms=max(link.stamp_ms, found.device_ms))
    if isinstance(message, Telemetry):
        return _telemetry(link, found, message)
    if isinstance(message, Event):
        return _event(link, found, message)
    if isinstance(message, Answer | Probe | Calibration | LogEntry):
        return _answered(link, found, message, now_ms)
    return link, ()


def tick(link: HostLink, now_ms: float) -> tuple[HostLink, Effects]:
    """What is due at `now_ms`: repeats and failures."""
    effects: list[Send | News] = []
    stopping = link.stopping
    if stopping is not None:
        if now_ms - stopping.sent_ms >= STOP_EVERY_MS:
            stopping = msgspec.structs.replace(stopping, sent_ms=now_ms)
            effects.append(Send(stopping.frame, stop=True))
            link = _counted(link, repeats=1)
        if not stopping.told and now_ms - stopping.since_ms >= STOP_FAILED_MS:
            stopping = msgspec.structs.replace(stopping, told=True)
            effects.append(StopUnconfirmed())
        link = msgspec.structs.replace(link, stopping=stopping)
    if (
        link.hello is not None
        and link.hello_sent_ms is not None
        and now_ms - link.hello_sent_ms >= HELLO_EVERY_MS
    ):
        effects.append(Send(link.hello))
        link = msgspec.structs.replace(link, hello_sent_ms=now_ms)
    out = link.outstanding
    if out is not None and now_ms - out.sent_ms >= COMMAND_EVERY_MS:
        if out.tries < COMMAND_TRIES:
            again = msgspec.structs.replace(
                out, sent_ms=out.sent_ms + COMMAND_EVERY_MS, tries=out.tries + 1
            )
            link = _counted(msgspec.structs.replace(link, outstanding=again), repeats=1)
            effects.append(Send(out.frame))
        else:
            effects.append(Unanswered(out.command, "the console does not answer"))
            link, more = _next(msgspec.structs.replace(link, outstanding=None), now_ms)
            effects.extend(more)
    return link, tuple(effects)


# --- parts ------------------------------------------------------------------------------------


def _welcomed(link: HostLink, frame: Frame, welcome: Welcome) -> tuple[HostLink, Effects]:
    if frame.session != link.session or link.hello is None:
        return _counted(link, strangers=1), ()
    if link.open:
        # The answer to a repeated HELLO, unless a late one has opened this session in a new boot.
        return (link, ()) if welcome.boot_id == link.boot_id else _lost(link)
    reason = None
    if welcome.major != VERSION_MAJOR:
        reason = f"the console speaks version {welcome.major} of the link, this is version 1"
    elif SCHEMA_HASHES.get(welcome.minor, welcome.schema_hash) != welcome.schema_hash:
        reason = "the console's messages differ from those of this version"
    asked = read(link.hello)
    wanted = isinstance(asked, Hello) and bool(asked.flags & HelloFlag.READ_ONLY)
    restarted = link.boot_id is not None and link.boot_id != welcome.boot_id
    link = msgspec.structs.replace(
        link,
        open=True,
        read_only=wanted or reason is not None,
        foreign=reason is not None,
        boot_id=welcome.boot_id,
        events=() if restarted else link.events,
        stamp_ms=frame.device_ms,
        hello_sent_ms=None,  # no more repeats
    )
    return link, (Connected(welcome, restarted, reason),)


def _stop_answered(
    link: HostLink, frame: Frame, answer: Answer, now_ms: float
) -> tuple[HostLink, Effects]:
    stopping = link.stopping
    if (
        stopping is None
        or answer.result != Result.DONE
        or frame.session != stopping.frame.session
        or frame.sequence != stopping.frame.sequence
    ):
        return link, ()
    link = msgspec.structs.replace(link, stopping=None)
    return link, (StopConfirmed(now_ms - stopping.since_ms),)


def _telemetry(link: HostLink, frame: Frame, telemetry: Telemetry) -> tuple[HostLink, Effects]:
    if link.last_telemetry is not None:
        sequence, stamp_ms = link.last_telemetry
        if frame.sequence == sequence or frame.device_ms < stamp_ms:
            return _counted(link, strangers=1), ()
        if frame.sequence != sequence + 1 & 0xFFFF:
            link = _counted(link, gaps=1)
    link = msgspec.structs.replace(link, last_telemetry=(frame.sequence, frame.device_ms))
    return link, (Heard(telemetry, frame.device_ms),)


def _event(link: HostLink, frame: Frame, event: Event) -> tuple[HostLink, Effects]:
    ack = Send(Frame(EventAck.KIND, 0, link.session, 0, pack(EventAck(event.number))))
    # Several may be waiting, and a lost one comes after a later one: only its number tells.
    if event.number in link.events:
        return link, (ack,)
    events = (*link.events, event.number)[-EVENTS_REMEMBERED:]
    link = msgspec.structs.replace(link, events=events)
    return link, (ack, Heard(event, frame.device_ms))


def _answered(
    link: HostLink, frame: Frame, message: Message, now_ms: float
) -> tuple[HostLink, Effects]:
    out = link.outstanding
    if out is None or frame.sequence != out.frame.sequence or frame.device_ms < out.after_ms:
        return link, ()
    if isinstance(message, Answer):
        if message.command != out.command.KIND:
            return link, ()
    elif type(message) is not _READINGS.get(type(out.command)):
        return link, ()
    link, more = _next(msgspec.structs.replace(link, outstanding=None), now_ms)
    return link, (Answered(out.command, message), *more)


def _flawed(link: HostLink, now_ms: float) -> tuple[HostLink, Effects]:
    recent = (*(t for t in link.flaws_ms if now_ms - t < FLAWS_WINDOW_MS), now_ms)
    link = _counted(link, bad=1)
    if len(recent) > FLAWS_LIMIT:
        return msgspec.structs.replace(link, flaws_ms=()), (BadLine(),)
    return msgspec.structs.replace(link, flaws_ms=recent), ()


def _send(link: HostLink, command: Message, now_ms: float) -> tuple[HostLink, Effects]:
    link, sequence = _next_sequence(link)
    frame = Frame(command.KIND, sequence, link.session, 0, pack(command))
    out = Outstanding(command, frame, now_ms, tries=1, after_ms=link.stamp_ms)
    return msgspec.structs.replace(link, outstanding=out), (Send(frame),)


def _next(link: HostLink, now_ms: float) -> tuple[HostLink, Effects]:
    if not link.queue:
        return link, ()
    command, *rest = link.queue
    return _send(msgspec.structs.replace(link, queue=tuple(rest)), command, now_ms)


def _lost(link: HostLink) -> tuple[HostLink, Effects]:
    dropped = _dropped(link, "the session was lost")
    link = msgspec.structs.replace(link, open=False, outstanding=None, queue=())
    return link, (SessionLost(), *dropped)


def _dropped(link: HostLink, reason: str) -> tuple[Unanswered, ...]:
    waiting = ((link.outstanding.command,) if link.outstanding else ()) + link.queue
    return tuple(Unanswered(command, reason) for command in waiting)


def _next_sequence(link: HostLink) -> tuple[HostLink, int]:
    sequence = link.sequence % 0xFFFF + 1
    return msgspec.structs.replace(link, sequence=sequence), sequence


def _counted(link: HostLink, **more: int) -> HostLink:
    counters = msgspec.structs.replace(
        link.counters, **{name: getattr(link.counters, name) + n for name, n in more.items()}
    )
    return msgspec.structs.replace(link, counters=counters)
