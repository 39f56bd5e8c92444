"""What a state of the model is made of."""

from enum import Enum
from typing import Final, NamedTuple

import msgspec

from console.model.observation import Observation
from console.safety.supervisor import Supervisor
from drivers.link.frame import Frame
from drivers.link.host import HostLink


class Bounds(msgspec.Struct, frozen=True):
    """How far the exploration goes. `frames`: on the line each way, beside the newest heartbeat;
    `starts`: of gas or stimulation that the operator asks for; `crashes`: of the host's program;
    `reboots`: of the device."""

    frames: int = 2
    starts: int = 2
    crashes: int = 2
    reboots: int = 1


class Wish(Enum):
    """What the host is about. IDLE: it wants neither gas nor stimulation."""

    IDLE = 0
    ARM = 1
    START = 2
    OPENING = 3  # granted, not yet seen
    RUNNING = 4


class Host(msgspec.Struct, frozen=True):
    """The host's program. `alive` False: it has crashed, and nobody has started it again."""

    alive: bool = True
    link: HostLink = HostLink()
    was_open: bool = False
    heard_ms: int | None = None
    seen: Observation | None = None
    wish: Wish = Wish.IDLE
    action: int = 1  # Action of the wish
    since_ms: int = 0  # device time at which a granted start was seen last
    unconfirmed: bool = False
    quiet_until_ms: int = 0
    supervisor: Supervisor = Supervisor()
    session_lost: bool = False

    @property
    def idle(self) -> bool:
        """Whether nobody is there that wants anything on."""
        return not self.alive or self.wish is Wish.IDLE

    @property
    def settled(self) -> bool:
        """Whether it takes for granted that nothing is on: it wants nothing, and no STOP of its own
        waits to be confirmed."""
        return self.alive and self.wish is Wish.IDLE and self.link.stopping is None


class Sent(msgspec.Struct, frozen=True):
    """A frame on its way to the device. `before_stop`: the host has asked for STOP since; `void`:
    the device has taken in such a STOP, so that this must not start anything any more."""

    frame: Frame
    before_stop: bool = False
    void: bool = False


NEVER: Final = 3
"""Past every lease, in ticks."""


class World(NamedTuple):
    """One state. Host, device and both lines are numbers of `Space`'s tables. `idle_ticks`: for how
    long the device has been on with an idle host; `unseen_ticks`: age of the newest device time
    that a live host has evaluated and said so; `void_start`: something that a STOP had ended was
    started after it."""

    host: int
    device: int
    to_device: int
    to_host: int
    starts: int = 0
    crashes: int = 0
    reboots: int = 0
    idle_ticks: int = 0
    unseen_ticks: int = NEVER
    void_start: bool = False
