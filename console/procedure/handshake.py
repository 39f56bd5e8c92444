"""What every start has in common, of a freeze, a stimulation or a test of the console check: intent
on disk, armed, granted, seen to begin, and at its end a reason."""

from typing import Final, TypeVar

import msgspec

from console.procedure.state import Checking, Stage, Starting, Stimulating

OPENING_WITHIN_MS: Final = 1_000
"""A console that has granted a start begins it by then, or it is given up."""
REASON_WITHIN_MS: Final = 600
"""The device says why something ended in an event, repeated every 200 ms until it is heard."""

Run = TypeVar("Run", Starting, Stimulating, Checking)


def staged(run: Run, stage: Stage | None, now_ms: int | None) -> Run:
    """`run` at the stage that begins now, in device ms; None: the device says that it is on."""
    return msgspec.structs.replace(run, stage=stage, since_ms=now_ms or 0)
