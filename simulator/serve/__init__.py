"""The simulated device on a line: standard input and output, pseudo-terminal, TCP, serial port."""

from simulator.serve.door import Door
from simulator.serve.lockstep import Lockstep
from simulator.serve.mailbox import Job, Mailbox, Quit
from simulator.serve.wall import serve_wall
from simulator.station import Station

__all__ = ["Door", "Job", "Mailbox", "Quit", "serve"]


def serve(station: Station, door: Door, mailbox: Mailbox, *, lockstep: bool) -> None:
    """Runs `station` behind `door`, which is open, until it is told to quit or, on standard input
    and output, its host has been gone for 10 s."""
    if not lockstep:
        serve_wall(station, door, mailbox)
    elif Lockstep(station, door, mailbox).serve():
        # Nobody is left to keep step with: it runs on by the wall, to idle.
        serve_wall(station, door, mailbox, unplugged=True)
