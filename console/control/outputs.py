"""What the core asks of the edges."""

import msgspec

from console.model.alarm import Alarm, AlarmTurn
from console.model.cylinder import Cylinder
from console.model.device import DeviceInfo
from console.model.event import Event
from console.model.snapshot import Reply, Sample
from drivers.link.frame import Frame


class Transmit(msgspec.Struct, frozen=True):
    """Put this frame on the wire; a STOP goes before all others."""

    frame: Frame


class Tell(msgspec.Struct, frozen=True):
    """Answer a request of the screen."""

    reply: Reply


class History(msgspec.Struct, frozen=True):
    """Write this event into the record."""

    event: Event


class Device(msgspec.Struct, frozen=True):
    """Write into the record what the console says of itself."""

    info: DeviceInfo


class Checkpoint(msgspec.Struct, frozen=True):
    """Write this state into the record at once, then answer with DurableIn(token)."""

    state: bytes
    token: int


class Feed(msgspec.Struct, frozen=True):
    """A sample for the estimate."""

    sample: Sample


class Renew(msgspec.Struct, frozen=True):
    """The session has ended, with this outcome in words, and another begins: a new record, and the
    link opened anew."""

    outcome: str


class Finish(msgspec.Struct, frozen=True):
    """Close the record with this reason and end the process."""

    reason: str


class AlarmTold(msgspec.Struct, frozen=True):
    """Write into the alarm book what became of an alarm. `console`: the serial number of the one
    that it belongs to, empty where that lives and ends with this program, or is none."""

    wall: str
    console: str
    turn: AlarmTurn
    alarm: Alarm


class CylinderTold(msgspec.Struct, frozen=True):
    """Keep what is known of the cylinder at the console with this serial number."""

    console: str
    cylinder: Cylinder


Output = (
    Transmit
    | Tell
    | History
    | Device
    | Checkpoint
    | AlarmTold
    | CylinderTold
    | Feed
    | Renew
    | Finish
)
