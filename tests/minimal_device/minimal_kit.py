"""What the tests of the minimal device share: a host with a clock that is only counted."""

from dataclasses import dataclass

from tests.minimal_device.codes import Result, State
from tests.minimal_device.device import Device
from tests.minimal_device.framing import Receiver
from tests.minimal_device.messages import KINDS, LAYOUTS, SCHEMA_HASH, fields_of, parse, wire

SESSION = 0x5EED0001
HELLO = {"major": 1, "minor": 0, "flags": 0, "reserved": 0, "schema_hash": SCHEMA_HASH}
FREEZE = {"target_centikelvin": 20_315, "timing": 1, "reserved": 0}


@dataclass(frozen=True)
class Said:
    """A frame of the device."""

    name: str
    sequence: int
    session: int
    device_ms: int
    fields: dict
    wire: bytes


def decode(stream: bytes) -> list[Said]:
    """Every frame of a good stream."""
    receiver, said, begun = Receiver(), [], bytearray()
    for byte in stream:
        begun.append(byte)
        found = receiver.take(byte)
        assert not isinstance(found, str), found
        if found:
            frame = parse(found)
            name, fields = LAYOUTS[frame.kind].name, fields_of(frame)
            said.append(
                Said(name, frame.sequence, frame.session, frame.device_ms, fields, bytes(begun))
            )
            begun.clear()
    return said


class Bench:
    """A device whose wall clock is counted here; `beats` says whether the lease is kept."""

    def __init__(self, clock_ms: int = 0, **wanted):
        self.wall, self.beats = 0, True
        self.device = Device(0.0, **wanted)
        self.said: list[Said] = []
        self.session, self.sequence = 0, 0
        self._echoed = 0
        self.wait(100)
        if clock_ms:  # as if it had run for so long already
            self.device.machine.now = self.device._next_telemetry = clock_ms
            self.device._set_pace()

    def collect(self) -> list[Said]:
        out = b""
        while frame := self.device.outbox.take():
            out += frame
        new = decode(out)
        self.said += new
        return new

    def wait(self, ms: int, step: int = 10) -> list[Said]:
        """Time passes; with `beats` every telemetry of the session is echoed, every event acked."""
        before, until = len(self.said), self.wall + ms
        while self.wall < until:
            self.wall = min(until, self.wall + step)
            self.device.advance(self.wall)
            self.beat()
        return self.said[before:]

    def beat(self) -> None:
        for said in self.collect():
            if self.beats and self.session and said.session == self.session:
                if said.name == "Telemetry" and said.device_ms > self._echoed:
                    self._echoed = said.device_ms
                    self.send("Heartbeat", 0, self.session, {"echo_ms": said.device_ms})
                elif said.name == "Event":
                    self.send("EventAck", 0, self.session, {"number": said.fields["number"]})

    def send(self, name: str, sequence: int, session: int, fields: dict) -> list[Said]:
        self.device.receive(wire(name, sequence, session, 0, fields), self.wall)
        return self.collect()

    def hello(self, session: int = SESSION, **flags: int) -> list[Said]:
        self.session, self.sequence = session, self.sequence + 1
        new = self.send("Hello", self.sequence, session, HELLO | flags)
        self.wait(100)
        return new

    def command(self, name: str, **fields: int) -> list[Said]:
        """A new command of the session; what it led to at once."""
        self.sequence += 1
        return self.send(name, self.sequence, self.session, fields)

    def result(self, name: str, **fields: int) -> tuple[Result, int]:
        new = self.command(name, **fields)
        answer = new[0]
        assert (answer.name, answer.sequence) == ("Answer", self.sequence), new
        assert answer.fields["command"] == KINDS[name]
        return Result(answer.fields["result"]), answer.fields["value"]

    def done(self, name: str, **fields: int) -> int:
        result, value = self.result(name, **fields)
        assert result is Result.DONE, (name, result)
        return value

    def start(self, freeze_ms: int = 10_000, **other: int) -> int:
        token = self.done("Arm", action=1)
        fields = FREEZE | {"freeze_ms": freeze_ms, "cap_ms": 240_000} | other
        return self.done(
            "StartFreeze", token=token, expires_ms=self.device.machine.now + 250, **fields
        )

    def bring(self, state: State) -> None:
        """To a state, by the commands that lead there."""
        if state is State.FREEZING or state is State.THAWING:
            self.start(freeze_ms=60_000)
            self.wait(1_000)
            if state is State.THAWING:
                self.done("End")
        elif state is State.TESTING:
            self.done("Test", test=1)
        elif state is State.MAINTENANCE:
            self.device.plant.maintenance_switch = True
            self.done("EnterMaintenance", enter=1)
        assert self.device.machine.state is state

    def events(self) -> list[tuple[int, int, int]]:
        """Code, detail and value of each, once, in the order of their numbers."""
        seen = {s.sequence: s.fields for s in self.said if s.name == "Event"}
        return [(f["code"], f["detail"], f["value"]) for _, f in sorted(seen.items())]
