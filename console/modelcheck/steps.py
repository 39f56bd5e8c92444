"""Everything that can happen next in a state, each with its name."""

from collections.abc import Iterator
from typing import Final

from console.modelcheck.numbers import NEWEST
from console.modelcheck.space import Outcome, Space
from console.modelcheck.world import NEVER, Bounds, Wish, World
from drivers.link.codes import Action
from drivers.link.frame import Frame
from drivers.link.messages import Stop, read

Name = str | tuple[str, int]
"""What happened, in words, or in words about the frame of that number."""
ASKED: Final = {Action.FREEZE: "a freeze", Action.STIMULATE: "stimulation"}


class Steps:
    """What follows from each state within `bounds`; `any_number` as `Space` has it."""

    def __init__(self, bounds: Bounds, *, any_number: bool) -> None:
        self.bounds = bounds
        self.space = Space(bounds.frames, any_number=any_number)

    def first(self) -> tuple[World, ...]:
        """A device just switched on, and a program just started."""
        begun, device = self.space.first()
        silence = self.space.to_device.number(()), self.space.to_host.number(())
        return tuple(map(self._tidy, self._took(World(begun.host, device, *silence), begun)))

    def after(self, world: World) -> Iterator[tuple[Name, World]]:
        """Each thing that can happen, and the state after it.

        A frame that was heard stays on the line, to be heard again; one that never comes is lost.
        So neither loss nor repeat needs a step of its own.
        """
        for name, after in self._happens(world):
            yield name, self._tidy(after)

    def _happens(self, world: World) -> Iterator[tuple[Name, World]]:
        space, bounds = self.space, self.bounds
        host = space.hosts.all[world.host]
        yield from self._passed(world)
        for sent in space.to_device.all[world.to_device]:
            for heard in self._device_hears(world, sent):
                yield ("the device hears", sent), heard
        if host.alive:
            for said in space.to_host.all[world.to_host]:
                for heard in self._took(world, space.host_hears(world.host, said)):
                    yield ("the host hears", ~said), heard
        if world.starts < bounds.starts and space.may_ask(world.host):
            asked = world._replace(starts=world.starts + 1)
            for action, words in ASKED.items():
                for wanted in self._took(asked, space.host_asks(world.host, action)):
                    yield f"the operator asks for {words}", wanted
        if host.alive and host.wish is not Wish.IDLE:
            for stopped in self._took(world, space.host_stops(world.host)):
                yield "the operator presses STOP", stopped
        if host.alive and world.crashes < bounds.crashes:
            yield "the host's program dies", self._died(world)
        if not host.alive:
            for opened in self._took(world, space.host_opens(world.host)):
                yield "the host's program starts", opened
        if world.reboots < bounds.reboots:
            yield "the device restarts", self._restarted(world)

    def said(self, name: Name) -> str:
        """A step's name in words."""
        if isinstance(name, str):
            return name
        words, number = name
        space = self.space
        frame = space.sent.all[number].frame if number >= 0 else space.said.all[~number]
        return f"{words} {_said(frame)}"

    def _passed(self, world: World) -> Iterator[tuple[Name, World]]:
        """A tick has passed."""
        space = self.space
        device, telemetry = space.tick_device(world.device)
        world = world._replace(
            device=device,
            to_device=space.older(world.to_device),
            unseen_ticks=min(world.unseen_ticks + 1, NEVER),
        )
        if not space.hosts.all[world.host].alive:
            yield "a tick passes", self._idled(world)
            return
        for ticked in self._took(world, space.tick_host(world.host)):
            yield "a tick passes, its telemetry is lost", self._idled(ticked)
            for heard in self._took(ticked, space.host_hears(ticked.host, telemetry)):
                yield "a tick passes, the host evaluates its telemetry", self._idled(heard)

    def _idled(self, world: World) -> World:
        return world._replace(idle_ticks=world.idle_ticks + 1 if self._on_idly(world) else 0)

    def _on_idly(self, world: World) -> bool:
        return any(self.space.on(world.device)) and self.space.hosts.all[world.host].idle

    def _device_hears(self, world: World, sent: int) -> Iterator[World]:
        space, frame = self.space, self.space.sent.all[sent]
        device, answers = space.device_hears(world.device, sent)
        to_device = world.to_device
        if frame.frame.kind == Stop.KIND:
            # From here on nothing that was asked for before that STOP may start.
            to_device = space.voided(to_device, sent)
        started = any(space.on(device)) and not any(space.on(world.device))
        for to_host in space.saying(world.to_host, answers):
            heard = world._replace(
                device=device,
                to_device=to_device,
                to_host=to_host,
                void_start=started and frame.void,
            )
            yield heard if self._on_idly(heard) else heard._replace(idle_ticks=0)

    def _took(self, world: World, outcome: Outcome) -> Iterator[World]:
        """The host has come to `outcome`."""
        to_device = world.to_device
        if outcome.stops:
            to_device = self.space.stopped(to_device)
        for line in self.space.sending(to_device, outcome.sent):
            yield world._replace(
                host=outcome.host,
                to_device=line,
                unseen_ticks=0 if outcome.beats else world.unseen_ticks,
            )

    def _tidy(self, world: World) -> World:
        space, host = self.space, world.host
        device, to_device = space.tidied(host, world.device, world.to_device)
        to_host = space.worth_hearing(host, world.to_host)
        host, device, to_device, to_host = space.closed_up(host, device, to_device, to_host)
        return World(
            host,
            device,
            to_device,
            to_host,
            world.starts,
            world.crashes,
            world.reboots,
            world.idle_ticks,
            world.unseen_ticks,
            world.void_start,
        )

    def _died(self, world: World) -> World:
        return world._replace(
            host=self.space.host_dies(world.host),
            crashes=world.crashes + 1,
            # Its successor begins with STOP: what this one sent is over from then on.
            to_device=self.space.stopped(world.to_device),
        )

    def _restarted(self, world: World) -> World:
        space = self.space
        return world._replace(
            host=space.other_boot(world.host),
            device=space.boots(world.device),
            to_device=space.of_other_boot(world.to_device),
            reboots=world.reboots + 1,
            unseen_ticks=NEVER,
            idle_ticks=0,
        )


def _said(frame: Frame) -> str:
    # Numbers are given from the newest: "session -1" is the one before.
    words = type(read(frame)).__name__
    if 0 < frame.session < NEWEST:
        words += f", session {frame.session - NEWEST}"
    if 0 < frame.sequence < NEWEST:
        words += f", command {frame.sequence - NEWEST}"
    return words
