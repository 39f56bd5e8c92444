"""The commands of `cryoprobe` beside `run` and the application itself, a file for each part."""

import typer

from console.commands import (
    alarms,
    keeping,
    limits,
    link,
    records,
    replay,
    safety,
    simulator,
    tissue,
)


def register(app: typer.Typer) -> None:
    """Adds all of them, in the order of --help."""
    for part in (link, records, keeping, replay, tissue, simulator, safety, limits, alarms):
        part.register(app)
