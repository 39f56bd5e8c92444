"""News of the link: what the device answered, said and did not say."""

import msgspec

from console.control import alarm_door, translate
from console.control.evaluate import evaluate
from console.control.outputs import Device, Output
from console.control.procedure_door import carry_out
from console.control.state import SavedCase, State
from console.control.wire import quiet, send_stop, submit, transmit
from console.model.device import DeviceInfo
from console.model.event import EventKind
from console.model.snapshot import LinkState, Phase
from console.procedure import console_check
from console.procedure import step as procedure
from console.safety import supervisor
from console.safety.facts import Facts
from console.safety.interlocks import host_slept
from console.safety.release import Release
from drivers.inputs.address import is_simulator
from drivers.link import clock, codes, host
from drivers.link.messages import (
    Answer,
    Arm,
    End,
    Event,
    Extend,
    Probe,
    ReadProbe,
    Reset,
    SetAmplitude,
    StartFreeze,
    StartStimulation,
    StimulationOff,
    Telemetry,
    Test,
)

GREETING_WITHIN_MS = 2_000
SIMULATOR_GREETING_WITHIN_MS = 15_000
"""A sim:// port is a program that is only just being started."""


def opened(state: State, now_ms: float, out: list[Output]) -> None:
    """The port is open. The first frame is STOP, whatever was before; then HELLO."""
    state.port_open, state.opened_ms = True, now_ms
    state.heard_ms, state.bad_line, state.session_lost = None, False, False
    state.link_state = LinkState.LOST if state.was_open else LinkState.OPENING
    state.clock = clock.DeviceClock()
    send_stop(state, now_ms, out)
    _greet(state, now_ms, out)


def _greet(state: State, now_ms: float, out: list[Output]) -> None:
    session = state.random.randrange(1, 1 << 32)
    state.link, effects = host.greet(state.link, session, now_ms)
    handle(state, now_ms, effects, out)


def closed(state: State, now_ms: float, words: str, out: list[Output]) -> None:
    """The port is gone or could not be opened. A STOP that nobody has confirmed stays so."""
    state.port_open = False
    state.link = msgspec.structs.replace(state.link, open=False, hello=None)
    state.link_state = LinkState.LOST if state.was_open else LinkState.FAILED
    state.link_words = words
    evaluate(state, now_ms, out)


def slept(state: State, now_ms: float, gap_ms: float, out: list[Output]) -> None:
    """The loop has not run for `gap_ms`. What came meanwhile still waits to be heard, so that
    silence counts from now on; and the link is opened anew. In lockstep the device has waited."""
    paused = gap_ms > state.config.limits[host_slept.GAP_MS] and not state.clock.lockstep
    if paused:
        state.heard_ms = now_ms if state.heard_ms is not None else None
        state.moved_ms = now_ms if state.moved_ms is not None else None
        state.tick_ms = now_ms if state.tick_ms is not None else None
        if state.port_open:
            send_stop(state, now_ms, out)
            _greet(state, now_ms, out)
    evaluate(state, now_ms, out, pulses=Facts(now_ms, slept_ms=gap_ms))


def watch(state: State, now_ms: float, out: list[Output]) -> None:
    """What is due by time: repeats, a greeting that nobody answers, a line that stays bad."""
    state.link, effects = host.tick(state.link, now_ms)
    handle(state, now_ms, effects, out)
    greeting = state.port_open and not state.link.open and state.opened_ms is not None
    simulator = is_simulator(state.config.port)
    within_ms = SIMULATOR_GREETING_WITHIN_MS if simulator else GREETING_WITHIN_MS
    if greeting and now_ms - (state.opened_ms or now_ms) > within_ms:
        counters = state.link.counters
        if not state.was_open:
            state.link_state = LinkState.FAILED
            state.link_words = (
                "What answers there is not a console of this kind: unreadable bytes"
                if counters.bad > 0 and counters.good == 0
                else "Nothing answers there. Is the console switched on and the cable plugged in?"
            )
    if state.was_open and state.silent(now_ms) and state.link_state is LinkState.OPEN:
        state.link_state = LinkState.LOST
        state.link_words = "no frame from the console"
        state.note(out, EventKind.LINK_LOST, "The link is lost: no frame from the console.")
    if state.probe_asked and state.link_state is LinkState.OPEN:
        waits = state.link.outstanding is not None or state.link.queue
        if state.link.open and state.link.stopping is None and not waits:
            submit(state, now_ms, ReadProbe(), out)


def handle(state: State, now_ms: float, effects: host.Effects, out: list[Output]) -> None:
    """Does what follows from the link's effects, in their order."""
    for effect in effects:
        match effect:
            case host.Send():
                transmit((effect,), out)
            case host.Connected():
                _connected(state, now_ms, effect, out)
            case host.Heard():
                _heard(state, now_ms, effect, out)
            case host.Answered():
                _answered(state, now_ms, effect, out)
            case host.Unanswered():
                _unanswered(state, now_ms, effect, out)
            case host.StopConfirmed():
                state.stop_unconfirmed = state.stop_asked = False
                quiet(state, now_ms)
            case host.StopUnconfirmed():
                # Nobody to confirm before the device has ever answered.
                state.stop_unconfirmed = state.was_open
            case host.SessionLost():
                # A restarted device, or another host: begin again, from STOP.
                state.session_lost = True
                send_stop(state, now_ms, out)
                _greet(state, now_ms, out)
                lost = procedure.start_failed(state.procedure, "the session was lost")
                carry_out(state, now_ms, lost, out)
            case host.BadLine():
                _bad_line(state, now_ms, out)
    while state.undelivered:
        _unanswered(state, now_ms, state.undelivered.pop(0), out)


def _connected(state: State, now_ms: float, news: host.Connected, out: list[Output]) -> None:
    try:
        info = translate.device_info(news.welcome, news.read_only_reason)
    except ValueError as error:
        state.link_state, state.link_words = LinkState.FAILED, f"{error}"
        state.link = msgspec.structs.replace(state.link, open=False, hello=None)
        return
    other = state.device is not None and state.device.boot_id != info.boot_id
    if state.device is not None and state.device.serial != info.serial:
        state.procedure = console_check.other_console(state.procedure)
    was_freezing = state.gas_wanted() or state.gas_seen()
    taken, state.session_lost = state.session_lost, False
    state.device = info
    state.leak_test = bool(news.welcome.capabilities & codes.Capability.LEAK_TEST)
    alarm_door.connected(state, out)
    state.clock = clock.scaled(state.clock, info.time_scale, info.lockstep)
    state.link_state = LinkState.READ_ONLY if info.read_only_reason else LinkState.OPEN
    state.link_words = ""
    # What a read-only session says may mean something else: nothing is heard that could be lost.
    state.was_open = state.was_open or not info.read_only_reason
    state.bad_line = False
    state.heard_ms = state.moved_ms = now_ms
    state.observation, state.beat_ms, state.shut_since_device_ms = None, None, None
    state.release = Release()  # nothing is free before the new session's first reading
    quiet(state, now_ms)
    out.append(Device(info))
    how = "simulated " if info.simulated else ""
    state.note(
        out,
        EventKind.CONNECTED,
        f"Connected to {how}{info.gas.label} console {info.serial}, firmware {info.firmware}.",
    )
    saved, state.resume_from = state.resume_from, None
    if saved is not None:
        _resume(state, now_ms, saved, info, out)
    elif other or news.restarted:
        state.supervisor = supervisor.restarted(state.supervisor)
        evaluate(state, now_ms, out, pulses=Facts(now_ms, restarted=was_freezing))
        state.procedure = procedure.restarted(state.procedure)
    elif taken and was_freezing:
        evaluate(state, now_ms, out, pulses=Facts(now_ms, session_lost=True))
    if not info.read_only_reason:
        _read_probe(state, now_ms, out)


def _read_probe(state: State, now_ms: float, out: list[Output]) -> None:
    state.probe_asked = True
    submit(state, now_ms, ReadProbe(), out)


def _resume(
    state: State, now_ms: float, saved: SavedCase, info: DeviceInfo, out: list[Output]
) -> None:
    if state.procedure.phase is not Phase.PREPARE:
        return
    # The probe may still be in the patient, whichever console it hangs on now.
    other = saved.device_serial not in (None, info.serial)
    same = saved.boot_id == info.boot_id and not other
    met = (
        f" and another console answers, {info.serial} instead of {saved.device_serial}"
        if other
        else ""
        if same
        else " and the console restarted"
    )
    reason = f"The program was interrupted{met}; the case goes on from its record."
    resumed = procedure.resumed(saved.procedure, reason, same_boot=same, same_console=not other)
    carry_out(state, now_ms, resumed, out)
    before = saved.procedure
    if before.gas_wanted or before.stimulating is not None:
        alarm_door.interrupted(state, now_ms, "The program stopped during a freeze or a test", out)
    elif before.phase is Phase.STOPPED and not before.stopped_by_operator:
        alarm_door.interrupted(state, now_ms, f"Freeze stopped: {before.stop_reason}", out)


def _heard(state: State, now_ms: float, news: host.Heard, out: list[Output]) -> None:
    state.heard_ms = now_ms
    if isinstance(news.message, Telemetry):
        if news.stamp_ms != state.clock.stamp_ms:
            state.moved_ms = now_ms
        state.clock = clock.sampled(state.clock, news.stamp_ms, now_ms)
        state.observation = translate.observation(news.message, news.stamp_ms)
        if state.link_state is LinkState.LOST and state.link.open:
            state.link_state, state.link_words = LinkState.OPEN, ""
        evaluate(state, now_ms, out, new=True)
    elif isinstance(news.message, Event):
        _event(state, now_ms, news.message, out)


def _event(state: State, now_ms: float, event: Event, out: list[Output]) -> None:
    said = translate.device_event(event)
    carry_out(state, now_ms, procedure.device_said(state.procedure, said), out)
    state.note(out, EventKind.DEVICE, f"{said.kind.replace('_', ' ')} {said.detail}".strip())
    if event.code == codes.EventCode.TIME_SCALE and state.device is not None:
        scale = event.value / 100
        state.device = msgspec.structs.replace(state.device, time_scale=scale)
        state.clock = clock.scaled(state.clock, scale, state.clock.lockstep)
    elif event.code in (codes.EventCode.PROBE_CONNECTED, codes.EventCode.PROBE_DISCONNECTED):
        _read_probe(state, now_ms, out)


def _answered(state: State, now_ms: float, news: host.Answered, out: list[Output]) -> None:
    if isinstance(news.command, ReadProbe):
        state.probe_asked = False
    if isinstance(news.answer, Probe):
        if state.device is not None:
            probe = translate.probe_info(news.answer)
            told = state.estimate
            if told is not None and probe is not None and told.probe != probe.model:
                state.estimate = None  # it was of another probe
            state.device = msgspec.structs.replace(state.device, probe=probe)
            out.append(Device(state.device))
            serial = probe.serial if probe is not None else None
            carry_out(state, now_ms, console_check.probe_read(state.procedure, serial), out)
        return
    if not isinstance(news.answer, Answer):
        return
    done = news.answer.result == codes.Result.DONE
    why = translate.refusal(news.answer.result)
    proc = state.procedure
    match news.command:
        case Arm() if done:
            state.token = news.answer.value
            carry_out(state, now_ms, procedure.armed(proc), out)
        case StartFreeze() | StartStimulation() | Test() if done:
            carry_out(state, now_ms, procedure.granted(proc), out)
        case Arm() | StartFreeze() | StartStimulation() | Test():
            carry_out(state, now_ms, procedure.start_failed(proc, why), out)
        case SetAmplitude() if done:
            carry_out(state, now_ms, procedure.amplitude_taken(proc, news.answer.value), out)
        case SetAmplitude():
            state.note(out, EventKind.DEVICE, f"The amplitude was not taken: {why}.")
            carry_out(state, now_ms, procedure.amplitude_refused(proc), out)
        case StimulationOff() if not done:
            carry_out(state, now_ms, procedure.off_refused(proc), out)
        case End() if not done:
            carry_out(state, now_ms, procedure.end_failed(proc), out)
        case Extend() if done:
            by_s = news.command.by_ms / 1000
            carry_out(state, now_ms, procedure.extended(proc, by_s), out)
        case Extend():
            state.note(out, EventKind.DEVICE, f"The freeze was not extended: {why}.")
        case Reset() if not done:
            state.note(out, EventKind.DEVICE, f"The console's faults were not reset: {why}.")


def _unanswered(state: State, now_ms: float, news: host.Unanswered, out: list[Output]) -> None:
    proc = state.procedure
    # One that a STOP or a new session has dropped was not left unanswered.
    nobody = state.link.open and state.link.stopping is None
    what = ""
    match news.command:
        case Arm() | Test():
            carry_out(state, now_ms, procedure.start_failed(proc, news.reason), out)
        case StartFreeze():
            carry_out(state, now_ms, procedure.start_failed(proc, news.reason), out)
            what = "start"
        case StartStimulation():
            carry_out(state, now_ms, procedure.start_failed(proc, news.reason), out)
            what = "start of the stimulation"
        case SetAmplitude():
            carry_out(state, now_ms, procedure.amplitude_refused(proc), out)
            what = "amplitude"
        case StimulationOff():
            carry_out(state, now_ms, procedure.off_refused(proc), out)
            what = "end of the stimulation"
        case End():
            carry_out(state, now_ms, procedure.end_failed(proc), out)
            what = "end of the freeze"
        case Extend():
            text = f"The freeze was not extended: {news.reason}."
            state.note(out, EventKind.DEVICE, text)
        case Reset():
            text = f"The console's faults were not reset: {news.reason}."
            state.note(out, EventKind.DEVICE, text)
    if what and nobody:
        evaluate(state, now_ms, out, pulses=Facts(now_ms, unanswered=what))


def _bad_line(state: State, now_ms: float, out: list[Output]) -> None:
    # The HELLO that waits for its answer is repeated anyway: on a line with noise before each frame
    # a new one for every few flaws would call forth more answers, and so more flaws, than came.
    if not state.was_open or (state.bad_line and not state.link.open):
        return
    state.bad_line = True
    state.link_state = LinkState.LOST
    state.link_words = "unreadable bytes on the line"
    evaluate(state, now_ms, out)
    send_stop(state, now_ms, out)
    _greet(state, now_ms, out)
