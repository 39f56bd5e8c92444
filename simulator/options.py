"""`python -m simulator ...`: the device by itself, on a line of your choice."""

import argparse
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, TypeVar

from drivers.inputs.address import host_and_port
from drivers.inputs.ending import on_end
from drivers.inputs.text import said
from drivers.link.codes import Gas
from simulator.control import ControlChannel
from simulator.physics.presets import probe_kinds, tissues
from simulator.scenario import Scenario, ScenarioError, found, shipped
from simulator.serve import Door, Mailbox, Quit, serve
from simulator.serve.pty_door import PtyDoor
from simulator.serve.serial_door import SerialDoor
from simulator.serve.stdio import StdioDoor
from simulator.serve.tcp_door import TcpDoor
from simulator.station import DueFault, Station

GASES = {"n2o": Gas.N2O, "co2": Gas.CO2}
FASTEST_ON_THE_WALL = 10.0
FASTEST_IN_LOCKSTEP = 600.0
_DAY_S = 86_400
_Number = TypeVar("_Number", int, float)


class _UsageError(Exception):
    """A line for the person who typed it."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _UsageError(message)


def parser() -> argparse.ArgumentParser:
    """The options, as `--help` shows them."""
    options = _Parser(
        prog="cryoprobe simulate",
        description="A simulated gas console with a probe in a patient. Without a line of its own "
        "it makes a pseudo-terminal named ./cryoprobe-sim.",
    )
    options.add_argument("--gas", choices=sorted(GASES), help="in the cylinder, default n2o")
    line = options.add_mutually_exclusive_group()
    line.add_argument("--pty", metavar="LINK", help="a pseudo-terminal, named by this link")
    line.add_argument(
        "--tcp", metavar="HOST:PORT", help="listen here (PORT alone: 127.0.0.1), for this computer"
    )
    line.add_argument("--serial", metavar="DEV", help="a real serial port, 115200 baud")
    line.add_argument("--stdio", action="store_true", help="standard input and output")
    options.add_argument(
        "--listen-everywhere",
        action="store_true",
        help="with --tcp: also an address that other computers reach; whoever reaches it can "
        "connect, without a password, and run the simulator",
    )
    options.add_argument(
        "--pace",
        choices=("wall", "lockstep"),
        default="wall",
        help="time by the clock, or the host's",
    )
    options.add_argument("--speed", metavar="N", help="wall: 0 to 10; lockstep: a ceiling")
    options.add_argument("--seed", metavar="N", help="the device's, and draws its patient")
    options.add_argument("--cell-mm", metavar="X", help="tissue cell near the probe, default 0.5")
    options.add_argument("--medium", choices=("tissue", "water", "air"), help="default tissue")
    options.add_argument("--probe", choices=sorted(probe_kinds()), help="default long")
    options.add_argument("--tissue", choices=sorted(tissues()), help="default generic")
    options.add_argument("--scenario", metavar="FILE", help="a scenario's name or file")
    options.add_argument("--scenarios", action="store_true", help="list the shipped ones, and end")
    options.add_argument("--control", metavar="LINK", help="open the control channel")
    options.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME[=SIZE][@T][~RAMP]",
        help="turn a knob, at T seconds of device time, evenly over RAMP seconds; may be repeated",
    )
    return options


def main(argv: Sequence[str] | None = None) -> int:
    """Runs it until it is ended. 0: ended cleanly; 2: could not run, said why in one line."""
    try:
        chosen = parser().parse_args(argv)
        if chosen.scenarios:
            titles = shipped()
            widest = max(map(len, titles))
            for name, title in titles.items():
                print(f"{name:<{widest}}  {title}")
            return 0
        scenario = Scenario() if chosen.scenario is None else found(chosen.scenario)
        station, lockstep = _station(chosen, scenario)
        door = _door(chosen)
    except (_UsageError, ScenarioError, ValueError) as error:
        return _cannot(str(error))
    mailbox = Mailbox()
    control = (
        None if chosen.control is None else ControlChannel(Path(chosen.control), station, mailbox)
    )
    try:
        door.open(mailbox)
        if control is not None:
            control.open()
    except OSError as error:
        if control is not None:
            control.close()
        door.close()
        return _cannot(str(error))
    on_end(lambda *_: mailbox.post(Quit()))
    gas = "N2O" if station.firmware.device.settings.gas is Gas.N2O else "CO2"
    print(f"SIMULATED {gas} console on {door.where}", file=sys.stderr, flush=True)
    try:
        serve(station, door, mailbox, lockstep=lockstep)
    finally:
        if control is not None:
            control.close()
        door.close()
    return 0


def _station(chosen: argparse.Namespace, scenario: Scenario) -> tuple[Station, bool]:
    lockstep = chosen.pace == "lockstep"
    fastest = FASTEST_IN_LOCKSTEP if lockstep else FASTEST_ON_THE_WALL
    usual = fastest if lockstep else 1.0
    speed = usual if chosen.speed is None else _number("--speed", chosen.speed, float)
    if not (speed > 0 if lockstep else speed >= 0) or speed > fastest:
        raise _UsageError(f"--speed: {speed:g} is outside 0 to {fastest:g} for {chosen.pace}")
    if chosen.gas and scenario.gas and chosen.gas != scenario.gas:
        raise _UsageError(f"--gas {chosen.gas}: {chosen.scenario} is a scenario for {scenario.gas}")
    seed = scenario.seed if chosen.seed is None else _number("--seed", chosen.seed, int)
    cell_mm = scenario.cell_mm
    if chosen.cell_mm is not None:
        cell_mm = _number("--cell-mm", chosen.cell_mm, float)
    if not 0.05 <= cell_mm <= 2.0:
        raise _UsageError(f"--cell-mm: {cell_mm:g} is outside 0.05 to 2 mm")
    faults = scenario.faults + tuple(fault_of(text) for text in chosen.fault)
    station = Station(
        GASES[chosen.gas or scenario.gas or "n2o"],
        seed=seed,
        cell_mm=cell_mm,
        lockstep=lockstep,
        speed=speed,
        today_day=int(time.time() // _DAY_S),
        medium=chosen.medium or scenario.medium,
        probe=chosen.probe or scenario.probe,
        tissue=chosen.tissue or scenario.tissue,
        patient=scenario.patient_of(seed),
        faults=faults,
        # A process is a console switched on anew: another boot id, unless all is to repeat itself.
        boots=0 if lockstep else secrets.randbits(31),
    )
    return station, lockstep


def _door(chosen: argparse.Namespace) -> Door:
    if chosen.listen_everywhere and chosen.tcp is None:
        raise _UsageError("--listen-everywhere belongs to --tcp")
    if chosen.stdio:
        return StdioDoor()
    if chosen.tcp is not None:
        host, port = host_and_port(chosen.tcp)
        return TcpDoor(host, port, everyone=chosen.listen_everywhere)
    if chosen.serial is not None:
        return SerialDoor(str(chosen.serial))
    if sys.platform == "win32":
        raise _UsageError("--pty needs pseudo-terminals, which Windows has not: use --tcp PORT")
    return PtyDoor(Path("cryoprobe-sim" if chosen.pty is None else chosen.pty))


def fault_of(text: str) -> DueFault:
    """NAME[=SIZE][@T][~RAMP]: a knob, its size, when, and over how long, in seconds. Raises
    ValueError."""
    rest, _, ramp = text.partition("~")
    rest, _, at = rest.partition("@")
    name, _, size = rest.partition("=")
    at_s = _number("--fault", at, float) if at else 0.0
    if not 0 <= at_s < 1e6:
        raise _UsageError(f"--fault: {at_s:g} s is no time")
    return DueFault(
        name,
        _number("--fault", size, float) if size else None,
        round(at_s * 1_000),
        _number("--fault", ramp, float) if ramp else 0.0,
    )


def _number(option: str, text: str, kind: Callable[[str], _Number]) -> _Number:
    try:
        value = kind(text)
    except ValueError:
        raise _UsageError(f"{option}: {text!r} is not a number") from None
    if not abs(value) <= 1e12:  # nan too
        raise _UsageError(f"{option}: {text} is not a number that can be used")
    return value


def _cannot(why: str) -> int:
    print(f"cryoprobe simulate: {said(why) or 'cannot run'}", file=sys.stderr)
    return 2
