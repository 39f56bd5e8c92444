"""The commands for those who review the interlocks: hazards, model-check."""
# ruff: noqa: PLC0415

from typing import TYPE_CHECKING, Annotated

import typer

from console.answers import cannot, print_columns, print_json
from console.model.quantities import plain

if TYPE_CHECKING:
    from console.modelcheck import Bounds, Explored


def register(app: typer.Typer) -> None:
    """Adds the commands to `app`."""
    app.command()(hazards)
    app.command("model-check")(model_check)


def hazards(
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Print each row whole, with its threshold and tests.")
    ] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print docs/hazards.md.")] = False,
) -> None:
    """Prints the table of hazards, a line each; --full adds thresholds and tests."""

    from console import config
    from console.safety import hazards as table

    # The document is of the product; a site reads the table with its own limits.
    rows = table.hazards(config.limits() if markdown else config.limits_in_force().limits)
    if json:
        print_json(rows)
    elif markdown:
        print(table.as_markdown(rows), end="")
    elif full:
        print(table.as_text(rows))
    else:
        print_columns(
            [
                ("row", "detected by", "within", "state", "priority", "latch", "hazard"),
                *(
                    (
                        each.id,
                        ", ".join(each.detectors),
                        "-" if each.reaction_ms is None else f"{each.reaction_ms:,} ms",
                        each.state,
                        each.priority or "-",
                        each.latch,
                        each.hazard,
                    )
                    for each in rows
                ),
            ]
        )
        print("cryoprobe hazards --full: each with its threshold and its tests")


def model_check(
    without: Annotated[
        str | None, typer.Option(help="Remove lease, token or sequence: a rule must break.")
    ] = None,
    frames: Annotated[
        int | None, typer.Option(min=1, max=4, help="Other bounds: frames on the line, each way.")
    ] = None,
    starts: Annotated[int, typer.Option(min=0, max=4, help="With --frames: starts.")] = 1,
    crashes: Annotated[int, typer.Option(min=0, max=4, help="With --frames: of the host.")] = 0,
    reboots: Annotated[int, typer.Option(min=0, max=4, help="With --frames: of the device.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Visits every state of host, device and a bad line within bounds: no rule may break."""

    from console.modelcheck import FULL, REMOVALS, SHOWN_WITHIN, Bounds, explore

    if without is not None and without not in REMOVALS:
        cannot(f"--without: {without} is none of {', '.join(REMOVALS)}")
    chosen = FULL if without is None else (SHOWN_WITHIN[without],)
    if frames is not None:
        chosen = (Bounds(frames, starts, crashes, reboots),)
    elif (starts, crashes, reboots) != (1, 0, 0):
        cannot("--starts, --crashes and --reboots need --frames")
    found = []
    for bounds in chosen:
        explored = explore(bounds, without=without)
        found.append(explored)
        if not json:
            print(_told(bounds, explored), flush=True)
    if json:
        pairs = zip(chosen, found, strict=True)
        documents = [{"without": without, "bounds": b, "found": e} for b, e in pairs]
        print_json(documents)
    raise typer.Exit(1 if any(each.broken for each in found) else 0)


def _told(bounds: "Bounds", explored: "Explored") -> str:
    lines = [
        f"frames each way {bounds.frames}, starts {bounds.starts}, crashes of the host's program "
        f"{bounds.crashes}, restarts of the device {bounds.reboots}:",
        f"  {explored.states:,} states, {explored.transitions:,} transitions, depth "
        f"{explored.depth}, {plain(explored.elapsed_s)} s",
    ]
    if explored.broken is None:
        lines.append(
            "  every rule holds in every state; with an idle host the device was on after "
            f"{explored.longest_idle_ticks} ticks at most"
        )
    else:
        lines.append(f"  BROKEN: {explored.broken}")
        lines += [f"  {number:3}. {step}" for number, step in enumerate(explored.trace, 1)]
    return "\n".join(lines)
