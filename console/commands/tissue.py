"""The command for those who ask the tissue model alone: tissue.

It imports the model only when it is called, as the rest of the command line does.
"""
# ruff: noqa: PLC0415

from pathlib import Path
from typing import Annotated

import typer

from console.answers import cannot, print_json


def register(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command()(tissue)


def tissue(
    case: Annotated[str, typer.Argument(help="A CASE.toml, or the name of a shipped case.")],
    csv: Annotated[Path | None, typer.Option(help="Write the answers into this file.")] = None,
    png: Annotated[Path | None, typer.Option(help="Draw the answers into this file.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Runs the tissue model alone on a case: radii of the ice, temperatures, energy balance."""
    from console.progress import shares
    from simulator.physics.case import parse_case, run
    from simulator.physics.case_history import History
    from simulator.physics.case_table import as_csv, as_text

    try:
        asked = parse_case(_text(case))
    except ValueError as error:
        cannot(f"{case}: {error}")
    for wanted in (csv, png):
        if wanted is not None:
            try:
                wanted.touch()  # rather now than after a long run
            except OSError as error:
                cannot(f"{wanted}: {error.strerror or error}")
    history = History() if png else None
    with shares(asked.title or case) as told:
        result = run(asked, told, history=history)
    try:
        if csv is not None:
            csv.write_text(as_csv(asked, result), encoding="utf-8")
        if png is not None and history is not None:
            from simulator.physics.case_picture import draw

            with png.open("wb") as out:
                draw(asked, result, history, out)
    except OSError as error:
        cannot(f"{error.filename or csv or png}: {error.strerror or error}")
    if json:
        print_json(result)
    else:
        print(as_text(asked, result))


def _text(case: str) -> bytes:
    """A shipped case by its name, otherwise the file."""
    from drivers.inputs import files
    from simulator.physics.cases import case_names, case_text

    if case in case_names():
        return case_text(case).encode()
    try:
        return files.read(Path(case), files.CASE_BYTES)
    except files.FileError as error:
        hint = "" if "." in case else f"; shipped cases: {', '.join(case_names())}"
        cannot(f"{error}{hint}")
