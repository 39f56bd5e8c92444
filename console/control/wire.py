"""What the core puts on the wire."""

from console.control.outputs import Output, Transmit
from console.control.state import State
from console.safety.interlocks import unexpected_freeze
from drivers.link import host
from drivers.link.messages import Message


def transmit(effects: host.Effects, out: list[Output]) -> None:
    """The frames among `effects`, in order."""
    out.extend(Transmit(e.frame) for e in effects if isinstance(e, host.Send))


def submit(state: State, now_ms: float, message: Message, out: list[Output]) -> None:
    """Sends a command, or queues it. What cannot even be queued fails as an unanswered one."""
    state.link, effects = host.submit(state.link, message, now_ms)
    transmit(effects, out)
    state.undelivered.extend(e for e in effects if isinstance(e, host.Unanswered))


def send_stop(state: State, now_ms: float, out: list[Output]) -> None:
    """STOP, ahead of everything."""
    state.link, effects = host.stop(state.link, now_ms)
    quiet(state, now_ms)
    transmit(effects, out)
    state.undelivered.extend(e for e in effects if isinstance(e, host.Unanswered))


def quiet(state: State, now_ms: float) -> None:
    """No judgement of unexpected gas for a while: the device is only just being told."""
    device_now = state.device_now_ms(now_ms)
    if device_now is None:  # before the first telemetry of a session: as its Welcome says
        device_now = float(state.link.stamp_ms)
    state.quiet_until_device_ms = device_now + state.config.limits[unexpected_freeze.GRACE_MS]
