"""The commands for those who set traps in the simulator: knob.

Each imports its part only when it is called, as the rest of the command line does.
"""
# ruff: noqa: PLC0415

import json as _json
from multiprocessing import AuthenticationError
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from console.answers import cannot
from console.model.quantities import plain

if TYPE_CHECKING:
    from simulator.control_client import Control

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to `app`."""
    app.command()(knob)


def knob(
    link: Annotated[Path, typer.Argument(help="The control file of a running simulator.")],
    knobs: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME[=VALUE]]...", help="Read these, or set those with a value."),
    ] = None,
    ramp: Annotated[
        float, typer.Option(help="Seconds over which they go evenly to their values.")
    ] = 0.0,
    json: Json = False,
) -> None:
    """Reads or sets the simulator's knobs over its control channel; without names: all turned."""
    from drivers.inputs.files import FileError, MissingError
    from simulator.control_client import Control

    asked = [_parsed(text) for text in knobs or []]
    twice = {name for name, _ in asked if [one for one, _ in asked].count(name) > 1}
    if twice:
        cannot(f"{min(twice)}: named twice")
    try:
        control = Control(link)
    except MissingError:
        cannot(f"{link}: no such file; start the simulator with --control {link}")
    except FileError as error:
        cannot(str(error))
    except (OSError, EOFError, AuthenticationError) as error:
        cannot(f"{link}: no simulator answers there: {error}")
    try:
        found = _done(control, asked, ramp)
    except ValueError as error:
        cannot(str(error))
    except (OSError, EOFError):
        cannot(f"{link}: the simulator has gone")
    finally:
        control.close()
    if json:
        print(_json.dumps(found, indent=2))
        return
    for name, size in found.items():
        print(f"{name} = {plain(size)}")
    if not found:
        print("no knob is turned")


def _parsed(text: str) -> tuple[str, float | None]:
    name, equals, value = text.partition("=")
    if not equals:
        return name, None
    try:
        return name, float(value)
    except ValueError:
        cannot(f"{name}: {value!r} is not a number")


def _done(
    control: "Control", asked: list[tuple[str, float | None]], ramp_s: float
) -> dict[str, Any]:
    """The knobs named (all that are turned, if none is), after those with a value were set."""
    known = control.ask(get="known")
    for name, _ in asked:
        if name not in known:
            raise ValueError(f"{name}: no such knob; known: {', '.join(sorted(known))}")
    sizes = {name: size for name, size in asked if size is not None}
    turned = dict(control.ask(set=sizes, ramp_s=ramp_s) if sizes else control.ask(get="knobs"))
    # A knob that nobody turned is where a healthy console has it.
    # A knob like reboot does not stay turned: it is told as it was set.
    return (
        {name: turned.get(name, sizes.get(name, known[name]["rest"])) for name, _ in asked}
        if asked
        else turned
    )
