"""Takes up the case that was interrupted: its last checkpoint, carried on by the frames since."""

import sys
from collections.abc import Iterator
from typing import Final

import msgspec

from console.control import translate
from console.control.evaluate import sample_of
from console.control.procedure_door import loaded
from console.control.state import SavedCase
from console.model.snapshot import Phase, Sample
from console.procedure.state import Procedure
from console.procedure.step import measured_on
from console.records.entries import Connected, FrameIn, Progress
from console.records.resume import Unfinished, unfinished
from console.records.session import Session, read_session
from console.records.store import Store
from drivers.inputs.address import is_simulator
from drivers.link.frame import Frame, decode
from drivers.link.messages import Telemetry, read

LONGEST_HISTORY_MS: Final = 30 * 60_000
"""Older samples do not matter to the ice that is there now."""


class Interrupted(msgspec.Struct, frozen=True):
    """A case to go on with: where its record goes on, its state at the last frame, and the samples
    of its last half hour, for the estimate."""

    found: Unfinished
    case: SavedCase
    samples: tuple[Sample, ...]


def interrupted(store: Store, port: str) -> Interrupted | None:
    """The case that was interrupted on `port`; None when there is none, or it had not begun, or it
    had ended. A record that cannot be read is told on stderr, and is no case."""
    try:
        found = unfinished(store)
        if found is None:
            return None
        case = loaded(found.progress)
        if case.port != port or case.procedure.phase in (Phase.PREPARE, Phase.OUT):
            return None
        session = read_session(found.place.directory)
    except (OSError, ValueError) as error:
        print(f"cryoprobe: the last record cannot be taken up: {error}", file=sys.stderr)
        return None
    if is_simulator(port):
        # That simulator ended with its host. This is another, and may draw the same boot id.
        case = msgspec.structs.replace(case, boot_id=None)
    case = msgspec.structs.replace(case, procedure=_carried_on(session, case.procedure))
    model = _probe_model(session)
    samples = [
        sample_of(translate.observation(telemetry, at_ms), model, proc)
        for at_ms, telemetry, proc in _telemetry(session)
    ]
    since_ms = samples[-1].at_ms - LONGEST_HISTORY_MS if samples else 0
    return Interrupted(found, case, tuple(s for s in samples if s.at_ms >= since_ms))


def _carried_on(session: Session, proc: Procedure) -> Procedure:
    # The checkpoint is of the last change of phase; the account of the freeze goes on to the last
    # frame on disk.
    for at_ms, telemetry, _ in _telemetry(session, after_checkpoint=True):
        proc = measured_on(proc, translate.observation(telemetry, at_ms))
    return proc


def _probe_model(session: Session) -> str | None:
    """Of the probe that was plugged in last, None when none was."""
    probes = [entry.device.probe for entry in session.of(Connected)]
    return next((probe.model for probe in reversed(probes) if probe is not None), None)


def _telemetry(
    session: Session, *, after_checkpoint: bool = False
) -> Iterator[tuple[int, Telemetry, Procedure]]:
    """(device time, telemetry, the checkpoint before it) in the order received: of the last boot,
    as far as its clock ran on, or of the last journal after its last checkpoint."""
    frames: list[tuple[Frame, Procedure]] = []
    proc = Procedure()
    for entry in session.of(FrameIn, Progress):
        if isinstance(entry, Progress):
            proc = loaded(entry.state).procedure
            if after_checkpoint:
                frames = []
            continue
        frame = decode(entry.raw) if isinstance(entry, FrameIn) else None
        if isinstance(frame, Frame) and frame.kind == Telemetry.KIND:
            if frames and frame.device_ms < frames[-1][0].device_ms:
                frames = []
            frames.append((frame, proc))
    for frame, then in frames:
        message = read(frame)
        if isinstance(message, Telemetry):
            yield frame.device_ms, message, then
