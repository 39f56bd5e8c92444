"""Carries out what the procedure asks for."""

import msgspec

from console.control import cylinders, translate
from console.control.outputs import Checkpoint, Output
from console.control.state import SavedCase, State
from console.control.wire import quiet, send_stop, submit
from console.procedure.state import (
    Effects,
    NewCylinder,
    Note,
    Persist,
    Procedure,
    SendAmplitude,
    SendArm,
    SendEnd,
    SendExtend,
    SendLeakTest,
    SendStart,
    SendStimulation,
    SendStimulationOff,
    SendStop,
)
from drivers.link import codes
from drivers.link.messages import Arm, End, Extend, SetAmplitude, StimulationOff, Test

_saved = msgspec.msgpack.Encoder()
_loaded: msgspec.msgpack.Decoder[SavedCase] = msgspec.msgpack.Decoder(SavedCase)


def saved(case: SavedCase) -> bytes:
    """A checkpoint as bytes."""
    return _saved.encode(case)


def loaded(data: bytes) -> SavedCase:
    """A checkpoint back. Raises ValueError on what is none."""
    return _loaded.decode(data)


def carry_out(
    state: State, now_ms: float, result: tuple[Procedure, Effects], out: list[Output]
) -> None:
    """Takes the procedure's new state and does what it asks, in its order."""
    wanted = state.gas_wanted()
    state.procedure, effects = result
    state.time_thaw(now_ms)
    if wanted and not state.gas_wanted():
        quiet(state, now_ms)  # the valve takes its time to shut
    persist = False
    for effect in effects:
        match effect:
            case Note():
                state.tell(out, effect.event)
            case NewCylinder():
                cylinders.entered(state, now_ms, effect.contents_g, out)
            case Persist():
                persist = True
            case SendArm():
                action = codes.Action.STIMULATE if effect.stimulation else codes.Action.FREEZE
                submit(state, now_ms, Arm(action), out)
            case SendStart():
                device_now = state.device_now_ms(now_ms) or 0.0
                message = translate.start_freeze(effect, state.token, device_now)
                submit(state, now_ms, message, out)
            case SendStimulation():
                device_now = state.device_now_ms(now_ms) or 0.0
                started = translate.start_stimulation(effect, state.token, device_now)
                submit(state, now_ms, started, out)
            case SendLeakTest():
                submit(state, now_ms, Test(codes.TestKind.SUPPLY_LEAK), out)
            case SendAmplitude():
                submit(state, now_ms, SetAmplitude(effect.amplitude_ua), out)
            case SendStimulationOff():
                submit(state, now_ms, StimulationOff(), out)
            case SendEnd():
                submit(state, now_ms, End(), out)
            case SendExtend():
                submit(state, now_ms, Extend(round(effect.by_s * 1000)), out)
            case SendStop():
                send_stop(state, now_ms, out)
    if persist:
        checkpoint(state, out)


def checkpoint(state: State, out: list[Output]) -> None:
    """The state goes to disk at once; a start waits for it."""
    state.checkpoints += 1
    if state.procedure.awaits_disk:
        state.intent = state.checkpoints
    device = state.device
    case = SavedCase(
        state.procedure,
        state.config.port,
        device.boot_id if device is not None else None,
        device.serial if device is not None else None,
    )
    out.append(Checkpoint(saved(case), state.checkpoints))
