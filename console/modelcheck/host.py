"""The host's side of a step: the shipped link and supervisor, joined as the control core joins
them, with an operator who wants gas or stimulation, or STOP."""

from typing import Final

import msgspec

from console import config
from console.control import translate
from console.model.device import DeviceState, Gas
from console.model.observation import Observation
from console.modelcheck.numbers import Anew, Used, used
from console.modelcheck.time import BEFORE_MS, NOW_MS, OTHER_BOOT_MS, aged, aged_if
from console.modelcheck.world import Host, Wish
from console.safety import supervisor
from console.safety.facts import Facts
from console.safety.interlocks import unexpected_freeze
from console.safety.supervisor import WATCHES, Supervisor
from drivers.link import host
from drivers.link.codes import Action, Result, StimulationKind, Timing
from drivers.link.frame import Frame
from drivers.link.host import Counters, HostLink
from drivers.link.messages import (
    Answer,
    Arm,
    Hello,
    Message,
    Reset,
    StartFreeze,
    StartStimulation,
    Telemetry,
    to_centikelvin,
)

FREEZE_MS: Final = 120_000
"""So long that its timer never helps."""
OPENING_WITHIN_MS: Final = 1_000
LIMITS: Final = config.limits()
replace = msgspec.structs.replace

Frames = tuple[Frame, ...]


def opened(last: HostLink) -> tuple[Host, Frames]:
    """A host's program just started after one that had come to `last`: STOP first, then HELLO."""
    new, stop = _stop(Host(link=HostLink(sequence=last.sequence)))
    new, hello = _greet(new, last.session + 1)
    return new, stop + hello


def crashed(at: Host) -> Host:
    """Nothing of it is left but where its counts were."""
    return Host(alive=False, link=HostLink(session=at.link.session, sequence=at.link.sequence))


def asked_to_start(at: Host, action: Action) -> tuple[Host, Frames]:
    """The operator wants `action`. What the device latched is reset first."""
    frames: Frames = ()
    if at.seen is not None and at.seen.faults:
        at, frames = _submit(at, Reset())
    at = replace(at, wish=Wish.ARM, action=int(action))
    at, more = _submit(at, Arm(action))
    return at, frames + more


def may_ask(at: Host) -> bool:
    """Whether a start is offered: idle, with a reading that shows nothing on."""
    seen = at.seen
    idle = at.alive and at.wish is Wish.IDLE and at.link.open and at.link.stopping is None
    return idle and seen is not None and not seen.valve_open and not seen.stimulator_on


def asked_to_stop(at: Host) -> tuple[Host, Frames]:
    """The operator presses STOP."""
    return _stop(at)


def heard(at: Host, frame: Frame) -> tuple[Host, Frames]:
    """After one frame of the device."""
    link, effects = host.hear(at.link, frame, NOW_MS)
    return _effects(replace(at, link=link), effects)


def ticked(at: Host) -> tuple[Host, Frames]:
    """After a tick: repeats, and the watches of what did not come."""
    at = _aged(at)
    link, effects = host.tick(at.link, NOW_MS)
    at, frames = _effects(replace(at, link=link), effects)
    at, more = _evaluated(at, new=False)
    return at, frames + more


def plain(at: Host) -> Host:
    """The one form that all hosts share which go on alike."""
    link = at.link
    out, stopping, hello = link.outstanding, link.stopping, link.hello
    # Every repeat is due each tick: when the last one was makes no difference.
    if out is not None:
        out = replace(out, sent_ms=BEFORE_MS, after_ms=0)
    if stopping is not None:
        stopping = replace(stopping, sent_ms=BEFORE_MS)
    if hello is not None and link.open:  # it is only looked at, not sent again
        hello = replace(hello, sequence=link.sequence)
    link = replace(
        link,
        hello=hello,
        hello_sent_ms=BEFORE_MS if link.hello_sent_ms is not None else None,
        outstanding=out,
        stopping=stopping,
        last_telemetry=None,  # on this line telemetry comes in its own tick, or not at all
        stamp_ms=0,  # an answer is told by its number alone
        counters=Counters(),
    )
    return replace(
        at,
        link=link,
        action=at.action if at.wish is not Wish.IDLE else 1,
        since_ms=at.since_ms if at.wish is Wish.OPENING else 0,
        quiet_until_ms=max(at.quiet_until_ms, NOW_MS),  # what is judged is of now
    )


def numbers(at: Host) -> Used:
    """The numbers that it uses."""
    link = at.link
    newest = Frame(Hello.KIND, link.sequence, link.session, 0, b"")
    out = link.outstanding.frame if link.outstanding is not None else None
    stop = link.stopping.frame if link.stopping is not None else None
    return used(newest, link.hello, out, stop)


def renumbered(at: Host, anew: Anew) -> Host:
    """With other numbers."""
    link = at.link
    out, stopping, hello = link.outstanding, link.stopping, link.hello
    link = replace(
        link,
        sequence=anew.sequence(link.sequence),
        session=anew.session(link.session),
        hello=anew.frame(hello) if hello is not None else None,
        outstanding=replace(out, frame=anew.frame(out.frame)) if out is not None else None,
        stopping=(
            replace(stopping, frame=anew.frame(stopping.frame)) if stopping is not None else None
        ),
    )
    return replace(at, link=link)


def other_boot(at: Host) -> Host:
    """The device has restarted: its times of before are in the future of its new clock."""
    seen = at.seen
    return replace(
        at,
        seen=replace(seen, at_ms=OTHER_BOOT_MS) if seen is not None else None,
        since_ms=OTHER_BOOT_MS,
        quiet_until_ms=NOW_MS,
    )


# --- as the control core does it --------------------------------------------------------------


def _submit(at: Host, message: Message) -> tuple[Host, Frames]:
    link, effects = host.submit(at.link, message, NOW_MS)
    return _effects(replace(at, link=link), effects)


def _stop(at: Host) -> tuple[Host, Frames]:
    link, effects = host.stop(at.link, NOW_MS)
    grace = round(LIMITS[unexpected_freeze.GRACE_MS])
    at = replace(at, link=link, wish=Wish.IDLE, quiet_until_ms=NOW_MS + grace)
    return at, tuple(e.frame for e in effects if isinstance(e, host.Send))


def _greet(at: Host, session: int) -> tuple[Host, Frames]:
    link, effects = host.greet(at.link, session, NOW_MS)
    at = replace(at, link=link, wish=Wish.IDLE)
    return at, tuple(e.frame for e in effects if isinstance(e, host.Send))


def _effects(at: Host, effects: host.Effects) -> tuple[Host, Frames]:
    frames: Frames = ()
    for effect in effects:
        more: Frames = ()
        match effect:
            case host.Send():
                more = (effect.frame,)
            case host.Connected():
                at = _connected(at)
            case host.Heard():
                at, more = _heard(at, effect)
            case host.Answered():
                at, more = _answered(at, effect.command, effect.answer)
            case host.Unanswered() if isinstance(
                effect.command, Arm | StartFreeze | StartStimulation
            ):
                if at.wish is not Wish.IDLE:
                    at, more = _stop(at)
            case host.StopConfirmed():
                at = replace(at, unconfirmed=False)
            case host.StopUnconfirmed():
                at = replace(at, unconfirmed=at.was_open)
            case host.SessionLost():
                at, stop = _stop(replace(at, session_lost=True))
                at, hello = _greet(at, at.link.session + 1)
                more = stop + hello
            case _:
                pass
        frames += more
    return at, frames


def _connected(at: Host) -> Host:
    grace = round(LIMITS[unexpected_freeze.GRACE_MS])
    return replace(
        at,
        was_open=True,
        heard_ms=NOW_MS,
        seen=None,
        quiet_until_ms=NOW_MS + grace,
        session_lost=False,
    )


def _heard(at: Host, news: host.Heard) -> tuple[Host, Frames]:
    at = replace(at, heard_ms=NOW_MS)
    if not isinstance(news.message, Telemetry):
        return at, ()
    at = replace(at, seen=_seen(translate.observation(news.message, news.stamp_ms)))
    at, frames = _evaluated(at, new=True)
    at, more = _followed(at)
    if not at.unconfirmed:
        beats = host.beat(at.link, news.stamp_ms)
        more += tuple(e.frame for e in beats if isinstance(e, host.Send))
    return at, frames + more


def _followed(at: Host) -> tuple[Host, Frames]:
    """The wish, after what has been seen."""
    seen = at.seen
    if seen is None or at.wish not in (Wish.OPENING, Wish.RUNNING):
        return at, ()
    runs = seen.state in (DeviceState.FREEZING, DeviceState.STIMULATING)
    if at.wish is Wish.RUNNING:
        return (at if runs else replace(at, wish=Wish.IDLE)), ()
    if runs:
        return replace(at, wish=Wish.RUNNING), ()
    return _stop(at) if seen.at_ms - at.since_ms > OPENING_WITHIN_MS else (at, ())


def _answered(at: Host, command: Message, answer: Message) -> tuple[Host, Frames]:
    if not isinstance(answer, Answer):
        return at, ()
    done = answer.result == Result.DONE
    match command:
        case Arm() if done and at.wish is Wish.ARM:
            at = replace(at, wish=Wish.START)
            return _submit(at, _start(at, answer.value))
        case StartFreeze() | StartStimulation() if done and at.wish is Wish.START:
            stamp = at.seen.at_ms if at.seen is not None else NOW_MS
            return replace(at, wish=Wish.OPENING, since_ms=stamp), ()
        case Arm() | StartFreeze() | StartStimulation() if at.wish is not Wish.IDLE:
            return _stop(at)
    return at, ()


def _start(at: Host, token: int) -> Message:
    expires = NOW_MS + translate.START_AHEAD_MS  # the host knows the device's time well
    if at.action == Action.STIMULATE:
        return StartStimulation(token, expires, StimulationKind.MOTOR, 0, 20, 500, 1_000)
    target = to_centikelvin(-70.0)
    return StartFreeze(token, expires, target, Timing.FROM_START, 0, FREEZE_MS, FREEZE_MS)


def _evaluated(at: Host, *, new: bool) -> tuple[Host, Frames]:
    """The interlocks look; a trip is STOP."""
    facts = Facts(
        now_ms=NOW_MS,
        device_now_ms=NOW_MS,
        port_open=True,
        link_open=at.link.open,
        was_open=at.was_open,
        heard_ms=at.heard_ms,
        quiet_until_device_ms=at.quiet_until_ms,
        observation=at.seen,
        new=new,
        gas=Gas.N2O,
        gas_wanted=at.wish is not Wish.IDLE and at.action == Action.FREEZE,
        stopping=at.link.stopping is not None,
        stop_unconfirmed=at.unconfirmed,
        session_lost=at.session_lost and at.link.open,
    )
    watching, verdict = supervisor.step(at.supervisor, facts, LIMITS)
    at = replace(at, supervisor=_bare(watching))
    seen = at.seen
    may_flow = at.wish is not Wish.IDLE or seen is None or seen.valve_open or seen.stimulator_on
    if not verdict.trips or not may_flow:
        return at, ()
    return _stop(at)


def _bare(watching: Supervisor) -> Supervisor:
    """Without what the model has none of: temperatures, pressures, and times of clearing."""
    memories = tuple(
        memory if interlock.id == "unexpected_freeze" else watch.initial
        for (interlock, watch), memory in zip(WATCHES, watching.memories, strict=True)
    )
    return Supervisor(memories=memories, raw=tuple(sorted(watching.raw)))


def _seen(whole: Observation) -> Observation:
    """What of an observation the model's rules look at."""
    return Observation(
        whole.at_ms,
        whole.state,
        whole.valve_open,
        stimulator_on=whole.stimulator_on,
        faults=whole.faults,
    )


def _aged(at: Host) -> Host:
    link, seen, stopping = at.link, at.seen, at.link.stopping
    if stopping is not None:
        stopping = replace(stopping, since_ms=aged(stopping.since_ms))
    return replace(
        at,
        link=replace(link, stopping=stopping),
        heard_ms=aged_if(at.heard_ms),
        seen=replace(seen, at_ms=aged(seen.at_ms)) if seen is not None else None,
        since_ms=aged(at.since_ms),
        quiet_until_ms=aged(at.quiet_until_ms),
    )
