"""The control core: one input in, what follows from it out. Reads no clock, file or port; the same
inputs give the same outputs, which is what a replay checks."""

import random

import msgspec

from console.control import alarm_door, cylinders, link_door
from console.control.evaluate import evaluate
from console.control.outputs import Finish, Output, Renew, Tell
from console.control.procedure_door import carry_out, checkpoint
from console.control.state import Config, SavedCase, State, for_people
from console.control.wire import send_stop, submit
from console.model.event import EventKind
from console.model.request import (
    Acknowledge,
    AnyRequest,
    NewSession,
    Quit,
    StartCheck,
    StartFreeze,
    Stop,
)
from console.model.snapshot import Phase, Reply
from console.procedure import cylinder, requests
from console.procedure import step as procedure
from console.procedure.view import outcome
from console.records.entries import (
    ClockIn,
    CylinderIn,
    DurableIn,
    EstimateIn,
    FailedIn,
    FlawIn,
    FrameIn,
    GapIn,
    GuiTickIn,
    KeptIn,
    NotedIn,
    PortIn,
    RecordFailedIn,
    RequestIn,
    ScreenAlarmIn,
    ScreenGoneIn,
    TickIn,
)
from console.safety import alarms
from console.safety.facts import Facts
from console.safety.registry import REGISTRY
from drivers.link import host
from drivers.link.frame import Flaw, Frame, decode
from drivers.link.messages import Reset


class Decoded(msgspec.Struct, frozen=True):
    """Bytes between two zeros from the port, decoded once. The record keeps `entry`."""

    now_ms: float
    raw: bytes
    found: Frame | Flaw

    @property
    def entry(self) -> FrameIn | FlawIn:
        """A frame with its bytes; of what is none its flaw alone."""
        if isinstance(self.found, Flaw):
            return FlawIn(self.now_ms, int(self.found))
        return FrameIn(self.now_ms, self.raw)


Input = (
    Decoded
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
    | ClockIn
    | NotedIn
)

PORT_OPENED, PORT_LOST, PORT_FAILED = "opened", "lost", "failed"


def begin(config: Config, resume_from: SavedCase | None = None) -> State:
    """The core before its first input."""
    chance = random.Random(config.seed)
    # A fresh start of the count would let an old acknowledgement pass for that of the first STOP.
    link = host.HostLink(sequence=chance.randrange(0xFFFF))
    return State(config=config, random=chance, link=link, resume_from=resume_from)


def step(state: State, given: Input) -> list[Output]:
    """Takes in one input."""
    now_ms = given.now_ms
    out: list[Output] = []
    match given:
        case Decoded():
            _heard(state, now_ms, given.found, out)
        case FrameIn():
            _heard(state, now_ms, decode(given.raw), out)
        case FlawIn():
            _heard(state, now_ms, Flaw(given.flaw), out)
        case PortIn(what="opened"):
            link_door.opened(state, now_ms, out)
        case PortIn():
            link_door.closed(state, now_ms, given.words, out)
        case RequestIn():
            refused = _request(state, now_ms, given.request, out)
            out.append(Tell(Reply(given.id, refused)))
        case GuiTickIn():
            state.tick_ms = now_ms
        case TickIn():
            link_door.watch(state, now_ms, out)
            evaluate(state, now_ms, out)
        case GapIn():
            link_door.slept(state, now_ms, given.gap_ms, out)
        case DurableIn():
            if state.intent is not None and given.token >= state.intent:
                state.intent = None
                carry_out(state, now_ms, procedure.durable(state.procedure), out)
        case EstimateIn():
            state.estimate = given.estimate
        case ScreenGoneIn():
            if not state.screen_gone:
                state.screen_gone, state.screen_gone_ms = given.words or "gone", now_ms
            evaluate(state, now_ms, out)
        case ScreenAlarmIn():
            alarm_door.of_screen(state, given.wall, given.turn, given.alarm, out)
        case KeptIn():
            alarm_door.kept(state, given.kept, out)
        case CylinderIn():
            cylinders.known(state, given.console, given.cylinder)
        case ClockIn():
            _clock_set(state, now_ms, given.wall, out)
        case NotedIn():
            alarm_door.noted(state, now_ms, EventKind.NOTED, given.words, out)
        case RecordFailedIn():
            _record_failed(state, now_ms, given.words, out)
        case FailedIn():
            _failed(state, now_ms, given.words, out)
    link_door.handle(state, now_ms, (), out)
    out.sort(key=lambda each: isinstance(each, Renew))  # all else belongs to the old record
    return out


def _heard(state: State, now_ms: float, found: Frame | Flaw, out: list[Output]) -> None:
    state.link, effects = host.hear(state.link, found, now_ms)
    link_door.handle(state, now_ms, effects, out)


def _clock_set(state: State, now_ms: float, wall: str, out: list[Output]) -> None:
    before = state.wall(now_ms)
    state.config = msgspec.structs.replace(state.config, started=wall, started_ms=now_ms)
    text = f"The computer's clock went from {for_people(before)} to {for_people(wall)}."
    alarm_door.noted(state, now_ms, EventKind.CLOCK_SET, text, out)


def _failed(state: State, now_ms: float, words: str, out: list[Output]) -> None:
    # An exception that nobody handled: the safe state and a high alarm.
    send_stop(state, now_ms, out)
    evaluate(state, now_ms, out, pulses=Facts(now_ms, error=words))


def _record_failed(state: State, now_ms: float, words: str, out: list[Output]) -> None:
    # The running freeze goes on; no other starts.
    state.record_problem = words
    evaluate(state, now_ms, out)
    if state.procedure.starting is not None or state.procedure.stimulating is not None:
        carry_out(state, now_ms, procedure.start_failed(state.procedure, words), out)


def _request(state: State, now_ms: float, asked: AnyRequest, out: list[Output]) -> str | None:
    if isinstance(asked, Stop):
        _stop(state, now_ms, asked, out)
        return None
    if isinstance(asked, Acknowledge):
        return _acknowledge(state, now_ms, out)
    if isinstance(asked, Quit):
        return _quit(state, now_ms, out)
    if isinstance(asked, StartFreeze | StartCheck):
        carry_out(state, now_ms, cylinder.gas_asked_for(state.procedure), out)
    result = requests.request(state.procedure, asked, state.conditions(now_ms))
    if isinstance(result, str):
        return result
    ended = outcome(state.procedure)
    carry_out(state, now_ms, result, out)
    if isinstance(asked, NewSession):
        # The core begins anew with this: no session number of this link may come again, or the
        # device would take it for the old one.
        seed = state.random.getrandbits(32)
        state.config = msgspec.structs.replace(state.config, seed=seed)
        out.append(Renew(ended))
    return None


def _stop(state: State, now_ms: float, asked: Stop, out: list[Output]) -> None:
    send_stop(state, now_ms, out)
    state.stop_asked = True
    state.shutting = state.shutting or state.gas_seen()
    reason = f"Stopped by you {state.clock_face(now_ms)}"
    if state.procedure.phase in (Phase.PREPARE, Phase.OUT):
        state.note(out, EventKind.STOPPED, f"{reason} ({asked.source}).")
        return
    carry_out(
        state,
        now_ms,
        procedure.stopped(state.procedure, reason, by_operator=True, at_ms=None),
        out,
    )


def _acknowledge(state: State, now_ms: float, out: list[Output]) -> str | None:
    if not alarms.to_acknowledge(state.alarms):
        return "No alarm can be acknowledged now"
    state.alarming, cleared = alarms.acknowledge(state.alarming)
    alarm_door.told(state, now_ms, cleared, out, acknowledged=True)
    if any(alarm.acknowledged for alarm in state.alarms):
        submit(state, now_ms, Reset(), out)
    return None


def _quit(state: State, now_ms: float, out: list[Output]) -> str | None:
    # Of a console that cannot be heard nothing is known: it shuts by itself.
    if state.gas_wanted() or (state.fresh(now_ms) and state.gas_seen()):
        return "The gas is on"
    if state.procedure.stimulating is not None:
        return "The stimulator is on"
    proc = state.procedure
    if proc.plan is not None and not proc.records and proc.phase is not Phase.OUT:
        # Nobody was frozen: there is nothing to come back to.
        state.note(out, EventKind.SESSION_ENDED, "Closed before the first freeze.")
    checkpoint(state, out)
    state.finished = True
    out.append(Finish(outcome(state.procedure)))
    return None


def encoded_rules() -> bytes:
    """The facts of all interlocks as bytes, for the hash in a journal's header."""
    return msgspec.json.encode([(each.id, each.threshold, each.state) for each in REGISTRY])
