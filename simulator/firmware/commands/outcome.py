"""What a command's handler answers."""

from drivers.link.codes import Result
from drivers.link.messages import Message
from simulator.firmware.model import Device

Outcome = tuple[Device, Result | Message, int]
"""The device afterwards; DONE, a refusal, or the message that is itself the answer; the ANSWER's
value."""
