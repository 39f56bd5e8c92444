"""What the emulated board said once, byte by byte, still reads as it was meant."""

import itertools
import statistics

from drivers.link.codes import DeviceState, EventCode, FreezeEnd, StopSource
from drivers.link.frame import Deframer, Frame
from drivers.link.messages import Event, Telemetry, Welcome, read, text
from tests.firmware.board import RECORDING

FRAMES = Deframer().feed(RECORDING.read_bytes().partition(b"\0")[2])
MESSAGES = [read(frame) for frame in FRAMES if isinstance(frame, Frame)]


def test_every_frame_is_whole_and_known() -> None:
    assert len(FRAMES) > 200
    assert len(MESSAGES) == len(FRAMES)
    assert None not in MESSAGES


def test_it_is_the_board_s_session() -> None:
    welcome = next(m for m in MESSAGES if isinstance(m, Welcome))
    assert text(welcome.serial) == "REF-M3-0001"
    assert (welcome.major, welcome.minor) == (1, 1)


def test_its_events_tell_the_session() -> None:
    events = {m.number: m for m in MESSAGES if isinstance(m, Event)}
    told = [(m.code, m.detail) for _, m in sorted(events.items())]
    assert [one for one in told if one[0] != EventCode.AT_TARGET] == [
        (EventCode.STATE_CHANGED, DeviceState.STIMULATING),
        (EventCode.STIMULATION_ENDED, FreezeEnd.END_COMMAND),
        (EventCode.STATE_CHANGED, DeviceState.IDLE),
        (EventCode.STATE_CHANGED, DeviceState.FREEZING),
        (EventCode.FREEZE_ENDED, FreezeEnd.STOP),
        (EventCode.STATE_CHANGED, DeviceState.THAWING),
        (EventCode.STOPPED, StopSource.HOST),
        (EventCode.STATE_CHANGED, DeviceState.IDLE),
    ]


def test_its_telemetry_has_no_gap_and_comes_every_50_ms() -> None:
    told = [f for f in FRAMES if isinstance(f, Frame) and f.kind == Telemetry.KIND]
    for before, after in itertools.pairwise(told):
        assert after.sequence == before.sequence + 1
        assert 0 <= after.device_ms - before.device_ms <= 50  # sooner: a new session's first
    apart = [after.device_ms - before.device_ms for before, after in itertools.pairwise(told)]
    assert statistics.median(apart) == 50
