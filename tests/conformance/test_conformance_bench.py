"""What the suite's own bench makes of what a device says."""

import time
from typing import Any

from drivers.conformance.bench import Bench
from drivers.conformance.doing import begun
from drivers.conformance.wire import Seen
from drivers.link.codes import DeviceState, EventCode
from drivers.link.frame import Frame, encode
from drivers.link.messages import Event, Message, Welcome, pack, read

FREEZING = Event(5, EventCode.STATE_CHANGED, DeviceState.FREEZING, 1_812, DeviceState.IDLE)


class Said:
    """A wire on which a device says these messages, one at each read."""

    def __init__(self, *messages: Message) -> None:
        self._messages = list(messages)

    def read(self) -> list[Seen]:
        message = self._messages.pop(0)
        frame = Frame(message.KIND, 1, 0, 100, pack(message))
        return [Seen(frame, read(frame), encode(frame), time.monotonic())]

    def write(self, data: bytes) -> None:
        """Nobody answers."""


def welcome(boot_id: int) -> Welcome:
    values: dict[str, Any] = dict.fromkeys(Welcome.__struct_fields__, 0)
    return Welcome(**values | {"serial": b"SIM-N2O-0001", "boot_id": boot_id})


def heard(*messages: Message) -> Bench:
    wire: Any = Said(*messages)
    bench = Bench(wire)
    for _ in messages:
        bench.pump()
    return bench


def test_a_repeated_event_counts_once() -> None:
    bench = heard(welcome(1), FREEZING, FREEZING)
    assert begun(bench, 0) == [FREEZING]
    assert begun(bench, 2) == []


def test_the_same_number_and_time_after_a_restart_is_another_event() -> None:
    bench = heard(welcome(1), FREEZING, welcome(2), FREEZING)
    assert begun(bench, 2) == [FREEZING]


def test_the_end_of_an_earlier_thaw_is_no_beginning() -> None:
    idle = Event(6, EventCode.STATE_CHANGED, DeviceState.IDLE, 1_900, DeviceState.THAWING)
    bench = heard(welcome(1), idle, FREEZING)
    assert begun(bench, 0) == [FREEZING]
