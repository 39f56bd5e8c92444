"""The host's end of a session, pure: opening it, one command at a time with repeats, STOP ahead of
everything, events heard once, a restart noticed.

Times are milliseconds of the host's monotonic clock, passed in. Each function answers with the new
state and what follows from it: frames to send, in order, and news.
"""

from typing import Final

import msgspec

from drivers.link.frame import Flaw, Frame
from drivers.link.messages import (
    SCHEMA_HASH,
    VERSION_MAJOR,
    VERSION_MINOR,
    Answer,
    Calibration,
    Event,
    EventAck,
    Heartbeat,
    Hello,
    LogEntry,
    Message,
    Probe,
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


# --- what follows -----------------------------------------------------------------------------


class Send(msgspec.Struct, frozen=True):
    """Put this frame on the wire; `stop` ones go before all others."""

    frame: Frame
    stop: bool = False


class Connected(msgspec.Struct, frozen=True):
    """The device has answered HELLO. `restarted`: it is another boot than before."""

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
    """The device no longer knows this session: it restarted, or another host took it."""


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
    """The one command on its way."""

    command: Message
    frame: Frame
    sent_ms: float
    tries: int


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
    gaps: int = 0
    repeats: int = 0
    strangers: int = 0


class HostLink(msgspec.Struct, frozen=True):
    """All that the host remembers of its session."""

    session: int = 0
    sequence: int = 0
    open: bool = False
    read_only: bool = False
    hello_sent_ms: float | None = None
    hello: Frame | None = None
    boot_id: int | None = None
    outstanding: Outstanding | None = None
    queue: tuple[Message, ...] = ()
    stopping: Stopping | None = None
    last_event: int = 0
    last_telemetry: int | None = None
    flaws_ms: tuple[float, ...] = ()
    counters: Counters = Counters()


# --- what the host wants ----------------------------------------------------------------------


def greet(link: HostLink, session: int, now_ms: float, flags: int = 0) -> tuple[HostLink, Effects]:
    """Opens a new session under the number `session` (random, not 0). Commands still waiting are
    failed; a STOP still waiting goes on."""
    dropped = _dropped(link, "the link was opened anew")
    link, sequence = _next_sequence(link)
    hello = Hello(VERSION_MAJOR, VERSION_MINOR, flags, 0, SCHEMA_HASH)
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
        flaws_ms=(),
    )
    return link, (*dropped, Send(frame))


def submit(link: HostLink, command: Message, now_ms: float) -> tuple[HostLink, Effects]:
    """Sends `command`, or queues it behind the outstanding one."""
    if not link.open:
        return link, (Unanswered(command, "no session is open"),)
    if link.stopping is not None:
        return link, (Unanswered(command, "a stop is being sent"),)
    if link.outstanding is not None:
        if len(link.queue) >= QUEUE_LIMIT:
            return link, (Unanswered(command, "too many commands are waiting"),)
        return msgspec.structs.replace(link, queue=(*link.queue, command)), ()
    return _send(link, command, now_ms)


def stop(link: HostLink, now_ms: float) -> tuple[HostLink, Effects]:
    """STOP, ahead of everything. Whatever else was waiting is dropped."""
    dropped = _dropped(link, "stopped")
    link, sequence = _next_sequence(link)
    frame = Frame(Stop.KIND, sequence, link.session, 0, b"")
    link = msgspec.structs.replace(
        link, outstanding=None, queue=(), stopping=Stopping(frame, now_ms, now_ms)
    )
    return link, (Send(frame, stop=True), *dropped)


def beat(link: HostLink, echo_ms: int) -> Effects:
    """A heartbeat: the host's interlocks have evaluated the device up to `echo_ms`."""
    if not link.open or link.read_only:
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
        return _stop_answered(link, found, now_ms)
    if found.session != link.session:
        link = _counted(link, strangers=1)
        lost = link.open and isinstance(message, Telemetry)
        return (msgspec.structs.replace(link, open=False), (SessionLost(),)) if lost else (link, ())
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
        return link, ()
    reason = None
    if welcome.major != VERSION_MAJOR:
        reason = f"the console speaks version {welcome.major} of the link, this is version 1"
    elif welcome.minor == VERSION_MINOR and welcome.schema_hash != SCHEMA_HASH:
        reason = "the console's messages differ from those of this version"
    restarted = link.boot_id is not None and link.boot_id != welcome.boot_id
    link = msgspec.structs.replace(
        link,
        open=True,
        read_only=reason is not None,
        boot_id=welcome.boot_id,
        last_event=0 if restarted or link.boot_id is None else link.last_event,
        hello_sent_ms=None,  # no more repeats
    )
    return link, (Connected(welcome, restarted, reason),)


def _stop_answered(link: HostLink, frame: Frame, now_ms: float) -> tuple[HostLink, Effects]:
    stopping = link.stopping
    if stopping is None or frame.sequence != stopping.frame.sequence:
        return link, ()
    link = msgspec.structs.replace(link, stopping=None)
    return link, (StopConfirmed(now_ms - stopping.since_ms),)


def _telemetry(link: HostLink, frame: Frame, telemetry: Telemetry) -> tuple[HostLink, Effects]:
    last = link.last_telemetry
    if last is not None and frame.sequence != last + 1 & 0xFFFF:
        link = _counted(link, gaps=1)
    link = msgspec.structs.replace(link, last_telemetry=frame.sequence)
    return link, (Heard(telemetry, frame.device_ms),)


def _event(link: HostLink, frame: Frame, event: Event) -> tuple[HostLink, Effects]:
    ack = Send(Frame(EventAck.KIND, 0, link.session, 0, pack(EventAck(event.number))))
    if link.last_event and not 0 < (event.number - link.last_event) % 0xFFFF < 0x8000:
        return link, (ack,)
    link = msgspec.structs.replace(link, last_event=event.number)
    return link, (ack, Heard(event, frame.device_ms))


def _answered(
    link: HostLink, frame: Frame, message: Message, now_ms: float
) -> tuple[HostLink, Effects]:
    out = link.outstanding
    if out is None or frame.sequence != out.frame.sequence:
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
    out = Outstanding(command, frame, now_ms, tries=1)
    return msgspec.structs.replace(link, outstanding=out), (Send(frame),)


def _next(link: HostLink, now_ms: float) -> tuple[HostLink, Effects]:
    if not link.queue:
        return link, ()
    command, *rest = link.queue
    return _send(msgspec.structs.replace(link, queue=tuple(rest)), command, now_ms)


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
