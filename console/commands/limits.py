"""The commands about limits: what a site may tighten, and whether its own can be used."""
# ruff: noqa: PLC0415

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console.answers import cannot, print_json

if TYPE_CHECKING:
    from console.config import InForce
    from console.model.plan import Plan

limits_app = typer.Typer(
    rich_markup_mode=None, help="The interlocks' limits, and a site's own tighter ones."
)

RUNS = 10
"""Seeded healthy runs that a site's limits must leave silent."""

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
File = Annotated[
    Path | None, typer.Argument(help="The site's limits, a TOML file; without it the usual one.")
]


def register(app: typer.Typer) -> None:
    """Adds the commands to `app`."""
    app.add_typer(limits_app, name="limits")


@limits_app.command("list")
def limits_list(file: File = None, json: Json = False) -> None:
    """Prints every limit as a TOML file that a site may edit, with how far each may be moved."""
    from console import config
    from console.safety.registry import LIMITS

    in_force = config.limits_in_force(file)
    if json:
        print_json(
            [
                {
                    "key": limit.key,
                    "value": in_force.limits[limit],
                    "shipped": limit.value,
                    "tighter": limit.tighter,
                    "tightest": limit.floor,
                }
                for limit in LIMITS
            ]
        )
        return
    where = in_force.path or f"as shipped; a site's own belong in {config.limits_path()}"
    print(f"# {where}")
    for group in dict.fromkeys(limit.key.partition(".")[0] for limit in LIMITS):
        print(f"\n[{group}]")
        for limit in LIMITS:
            above, _, name = limit.key.partition(".")
            if above != group:
                continue
            may = f"to {limit.floor:g}" if limit.tighter is not None else "not for sites"
            mark = "" if limit.tighter is not None else "# "
            print(f"{mark}{name} = {in_force.limits[limit]:g}  # {may}")


@limits_app.command("check")
def limits_check(file: File = None, json: Json = False) -> None:
    """Checks a site's limits: each key, and that ten healthy simulated runs raise no alarm. Takes
    some minutes."""
    from console import config

    in_force = config.limits_in_force(file)
    if in_force.path is None:
        cannot(f"there is no {config.limits_path()}: the limits are as shipped")
    alarms = []
    with tempfile.TemporaryDirectory(prefix="cryoprobe-limits-") as folder:
        for seed in range(1, RUNS + 1):
            found = _alarms(in_force, seed, Path(folder))
            alarms.append({"seed": seed, "alarms": found})
            if not json:
                print(f"healthy run {seed} of {RUNS}: {'; '.join(found) or 'no alarm'}", flush=True)
    good = not any(each["alarms"] for each in alarms)
    if json:
        print_json({"file": str(in_force.path), "sha256": in_force.sha256, "runs": alarms})
    elif good:
        print(f"{in_force.path}: can be used, SHA-256 {in_force.sha256}")
    else:
        print(f"{in_force.path}: too tight, healthy runs raise alarms")
    raise typer.Exit(0 if good else 1)


def _alarms(limits: "InForce", seed: int, records: Path) -> list[str]:
    """What a healthy run with this seed raises; or that it did not complete, and why."""
    from console import headless
    from console.model.device import Gas
    from console.model.plan import USUAL_TARGET_CELSIUS

    gas = Gas.N2O if seed % 2 else Gas.CO2
    url = f"sim://{gas.value}?speed=50&seed={seed}"
    result = headless.run(_plan(USUAL_TARGET_CELSIUS[gas]), url, records=records, limits=limits)
    found = [alarm["happened"] for alarm in result["alarms"]]
    if result["outcome"] != "completed" and not found:
        found.append(f"not completed: {result['reason']}")
    return found


def _plan(target_celsius: float) -> "Plan":
    """Two freezes, long enough for every timer that ends in one."""
    from console.model.plan import Cycle, NextFreeze, Plan, Side, Site

    site = Site("saphenous", Side.LEFT, (Cycle(75.0, 45.0), Cycle(20.0, 45.0)))
    return Plan((site,), target_celsius, next_freeze=NextFreeze.AUTO)
