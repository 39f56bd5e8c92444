"""The model's parts by number. Hosts, devices and frames are few, their combinations many: each
part is stored once, and each step of a part is worked out once by the shipped functions."""

from collections.abc import Callable, Hashable, Iterator
from functools import cache
from itertools import combinations
from typing import Generic, TypeVar

import msgspec

from console.modelcheck import device as machine
from console.modelcheck import host as program
from console.modelcheck import line
from console.modelcheck.numbers import NEWEST, Anew, closed_up, together, used
from console.modelcheck.world import Host, Sent
from drivers.link.codes import Action
from drivers.link.frame import Frame
from drivers.link.host import HostLink
from drivers.link.messages import Answer, Heartbeat, Hello, Stop, Telemetry, Welcome, read
from simulator.firmware.model import Device

T = TypeVar("T", bound=Hashable)
replace = msgspec.structs.replace


class Table(Generic[T]):
    """Things by number, each once."""

    def __init__(self) -> None:
        self.all: list[T] = []
        self._numbers: dict[T, int] = {}

    def number(self, thing: T) -> int:
        """The number of `thing`."""
        found = self._numbers.get(thing)
        if found is None:
            found = self._numbers[thing] = len(self.all)
            self.all.append(thing)
        return found


class Outcome(msgspec.Struct, frozen=True):
    """A step of the host: itself afterwards, the frames it sends, whether it asks for STOP, whether
    it renews the lease."""

    host: int
    sent: tuple[int, ...]
    stops: bool
    beats: bool


Parts = tuple[int, int, int, int]
"""Host, device, the line to the device, the line to the host."""
Line = tuple[int, ...]
"""Numbers of the frames that may still come, in no order: any of them may be next."""


class Space:
    """All parts met so far. Not to be kept when the shipped functions change: it remembers what
    they did."""

    def __init__(self, frames: int, *, any_number: bool) -> None:
        """`frames`: that the line holds each way; `any_number`: the host is to take an answer to
        one STOP for that to another."""
        self._frames, self._any_number = frames, any_number
        self.hosts: Table[Host] = Table()
        self.devices: Table[Device] = Table()
        self.sent: Table[Sent] = Table()
        self.said: Table[Frame] = Table()
        self.to_device: Table[Line] = Table()
        self.to_host: Table[Line] = Table()
        self.tick_host = cache(lambda at: self._host(program.ticked(self.hosts.all[at])))
        self.host_hears = cache(self._host_hears)
        self.host_asks = cache(self._host_asks)
        self.host_stops = cache(lambda at: self._host(program.asked_to_stop(self.hosts.all[at])))
        self.host_opens = cache(lambda at: self._host(program.opened(self.hosts.all[at].link)))
        self.host_dies = cache(lambda at: self._bare_host(program.crashed(self.hosts.all[at])))
        self.other_boot = cache(lambda at: self._bare_host(program.other_boot(self.hosts.all[at])))
        self.may_ask = cache(lambda at: program.may_ask(self.hosts.all[at]))
        self.tick_device = cache(self._tick_device)
        self.device_hears = cache(self._device_hears)
        self.boots = cache(
            lambda at: self.devices.number(machine.booted(self.devices.all[at].boot_id + 1))
        )
        self.on = cache(self._on)
        self.sending = cache(self._sending)
        self.saying = cache(self._saying)
        self.older = cache(self._each(line.older))
        self.stopped = cache(self._each(line.stopped))
        self.of_other_boot = cache(self._each(line.of_other_boot))
        self.voided = cache(
            lambda at, by: self._each(lambda sent: line.voided(sent, self.sent.all[by]))(at)
        )
        self.tidied = cache(self._tidied)
        self.worth_hearing = cache(self._worth_hearing)
        self._numbers_of_host = cache(lambda at: program.numbers(self.hosts.all[at]))
        self._numbers_of_device = cache(lambda at: machine.numbers(self.devices.all[at]))
        self._numbers_to_device = cache(
            lambda at: used(*(self.sent.all[each].frame for each in self.to_device.all[at]))
        )
        self._numbers_to_host = cache(
            lambda at: used(*(self.said.all[each] for each in self.to_host.all[at]))
        )
        self._closed_up = cache(closed_up)
        self._host_anew = cache(self._host_renumbered)
        self._device_anew = cache(self._device_renumbered)
        self._to_device_anew = cache(self._to_device_renumbered)
        self._to_host_anew = cache(self._to_host_renumbered)

    def first(self) -> tuple[Outcome, int]:
        """A program just started, and a device just switched on."""
        begun = self._host(program.opened(HostLink(session=NEWEST, sequence=NEWEST)))
        return begun, self.devices.number(machine.booted(1))

    def kind(self, sent: int) -> int:
        """The kind of a frame to the device."""
        return self.sent.all[sent].frame.kind

    def closed_up(self, host: int, device: int, to_device: int, to_host: int) -> Parts:
        """The same, with no gap between the numbers in use."""
        numbers = together(
            self._numbers_of_host(host),
            self._numbers_of_device(device),
            self._numbers_to_device(to_device),
            self._numbers_to_host(to_host),
        )
        if numbers.in_order:
            return host, device, to_device, to_host
        anew = self._closed_up(numbers)
        return (
            self._host_anew(host, anew),
            self._device_anew(device, anew),
            self._to_device_anew(to_device, anew),
            self._to_host_anew(to_host, anew),
        )

    # --- the host -----------------------------------------------------------------------------

    def _host(self, result: tuple[Host, tuple[Frame, ...]]) -> Outcome:
        at, frames = result
        sent = tuple(self.sent.number(Sent(frame)) for frame in frames)
        kinds = [frame.kind for frame in frames]
        return Outcome(self._bare_host(at), sent, Stop.KIND in kinds, Heartbeat.KIND in kinds)

    def _bare_host(self, at: Host) -> int:
        return self.hosts.number(program.plain(at))

    def _host_hears(self, at: int, said: int) -> Outcome:
        return self._host(program.heard(self.hosts.all[at], self.said.all[said]))

    def _host_asks(self, at: int, action: Action) -> Outcome:
        return self._host(program.asked_to_start(self.hosts.all[at], action))

    # --- the device ---------------------------------------------------------------------------

    def _tick_device(self, at: int) -> tuple[int, int]:
        """The device afterwards, and its telemetry."""
        after, frames = machine.ticked(self.devices.all[at])
        (telemetry,) = (frame for frame in frames if frame.kind == Telemetry.KIND)
        return self.devices.number(after), self.said.number(telemetry)

    def _device_hears(self, at: int, sent: int) -> tuple[int, tuple[int, ...]]:
        """The device afterwards, and its answers."""
        after, frames = machine.heard(self.devices.all[at], self.sent.all[sent].frame)
        answers = [frame for frame in frames if frame.kind != Telemetry.KIND]
        return self.devices.number(after), tuple(self.said.number(each) for each in answers)

    def _on(self, at: int) -> tuple[bool, bool]:
        """Whether it drives its valve open, and whether its stimulator."""
        drive = self.devices.all[at].drive
        return drive.valve_duty > 0, drive.stimulator_on

    # --- the line -----------------------------------------------------------------------------

    def _sending(self, at: int, new: Line) -> tuple[int, ...]:
        """What the line to the device may hold after new frames. Of heartbeats the newest alone
        waits, beside the others."""
        old = self.to_device.all[at]
        there = {self.sent.all[each].frame for each in old}
        both = (*old, *(each for each in new if self.sent.all[each].frame not in there))
        beats = [each for each in both if self.kind(each) == Heartbeat.KIND]
        others = {each for each in both if self.kind(each) != Heartbeat.KIND}
        lines = (sorted((*kept, *beats[-1:])) for kept in self._fitting(others))
        return tuple(self.to_device.number(tuple(each)) for each in lines)

    def _saying(self, at: int, new: Line) -> tuple[int, ...]:
        """The same of the line to the host."""
        both = {*self.to_host.all[at], *new}
        return tuple(self.to_host.number(each) for each in self._fitting(both))

    def _fitting(self, frames: set[int]) -> Iterator[Line]:
        """It loses as many as it must, but any of them."""
        return combinations(sorted(frames), min(len(frames), self._frames))

    def _each(self, change: Callable[[Sent], Sent | None]) -> Callable[[int], int]:
        def changed(at: int) -> int:
            after = (change(self.sent.all[each]) for each in self.to_device.all[at])
            frames = {self.sent.number(sent) for sent in after if sent is not None}
            return self.to_device.number(tuple(sorted(frames)))

        return changed

    def _tidied(self, host: int, device: int, to_device: int) -> tuple[int, int]:
        """Device and line without what can make no difference any more: commands whose number has
        passed or whose session is over, the numbers of a STOP that nobody waits for, and what the
        device remembers for their sake. Where a rule that says so is removed, the line has lost
        them: it may lose anything."""
        link, own = self.hosts.all[host].link, self.devices.all[device].link
        there = [self.sent.all[each] for each in self.to_device.all[to_device]]
        hellos = {each.frame.session for each in there if each.frame.kind == Hello.KIND}
        # A restarted device may be in these again, and count from their HELLO.
        again = hellos | {link.session} if link.hello_sent_ms is not None else hellos
        may_open = {link.session, own.session, *hellos}
        kept = list[Sent]()
        for sent in there:
            frame = sent.frame
            passed = frame.session == own.session and (
                frame.sequence < own.sequence
                or (frame.sequence == own.sequence and own.answered is None)
            )
            if frame.kind == Stop.KIND:
                waited = link.stopping is not None and link.stopping.frame == frame
                counts = passed or frame.session not in may_open
                if not waited and counts and not any(line.voids(sent, each) for each in there):
                    kept.append(line.passed_stop(sent))
                    continue
            elif frame.kind != Hello.KIND and (
                frame.session not in may_open
                or (passed and frame.session not in again and frame.kind != Heartbeat.KIND)
            ):
                continue
            kept.append(sent)
        frames = [sent.frame for sent in kept]
        if link.outstanding is not None:
            frames.append(link.outstanding.frame)
        numbers = {(frame.session, frame.sequence) for frame in frames}
        answered = own.answered
        unasked = answered is not None and (answered.session, answered.sequence) not in numbers
        known = {0, link.session, *(session for session, _ in numbers)}
        past = tuple(sorted(hellos.intersection(own.past)))
        tidy = machine.forgot(
            self.devices.all[device], past, answer=unasked, session=own.session not in known
        )
        there_after = sorted({self.sent.number(sent) for sent in kept})
        return self.devices.number(tidy), self.to_device.number(tuple(there_after))

    def _worth_hearing(self, host: int, to_host: int) -> int:
        """The line to the host without answers to nothing that waits: their number comes no more.
        Those to STOP stay where any number is taken."""
        link = self.hosts.all[host].link
        waits = (link.outstanding, link.stopping)
        waited = {each.frame.sequence for each in waits if each is not None}

        def tells(frame: Frame) -> bool:
            message = read(frame)
            if isinstance(message, Welcome):
                return frame.session >= link.session
            if isinstance(message, Answer):
                any_number = self._any_number and message.command == Stop.KIND
                return any_number or frame.sequence in waited
            return True

        kept = (each for each in self.to_host.all[to_host] if tells(self.said.all[each]))
        return self.to_host.number(tuple(kept))

    # --- numbers ------------------------------------------------------------------------------

    def _host_renumbered(self, at: int, anew: Anew) -> int:
        return self.hosts.number(program.renumbered(self.hosts.all[at], anew))

    def _device_renumbered(self, at: int, anew: Anew) -> int:
        return self.devices.number(machine.renumbered(self.devices.all[at], anew))

    def _to_device_renumbered(self, at: int, anew: Anew) -> int:
        return self._each(lambda sent: replace(sent, frame=anew.frame(sent.frame)))(at)

    def _to_host_renumbered(self, at: int, anew: Anew) -> int:
        frames = (anew.frame(self.said.all[each]) for each in self.to_host.all[at])
        return self.to_host.number(tuple(sorted({self.said.number(each) for each in frames})))
