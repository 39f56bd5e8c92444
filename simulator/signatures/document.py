"""Writes what is generated of docs/simulator.md: the tables between its marks, and the pictures.

python -m simulator.signatures.document             prints the tables
python -m simulator.signatures.document --write     puts them into docs/simulator.md, and draws
                                                    docs/faults/*.png (a minute of one core)
"""

import contextlib
import sys
from argparse import HelpFormatter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from simulator.knobs import BENCH_KNOBS, KNOBS, LINE_KNOBS
from simulator.options import parser
from simulator.physics.faults import CYLINDER_KNOBS, Knob
from simulator.physics.faults import KNOBS as PLANT_KNOBS
from simulator.physics.presets import probe_kinds, tissue_sources
from simulator.scenario import shipped
from simulator.signatures.row import Signature
from simulator.signatures.rows import BY_KNOB

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "simulator.md"
PICTURES: Final = DOCUMENT.with_name("faults")
_MARK: Final = "<!-- {name}: {where} -->"
_CYLINDER: Final = (*CYLINDER_KNOBS, "siphon", "supply_leak", "supply_unreadable")


def groups() -> dict[str, dict[str, Knob]]:
    """Every knob once, by what it spoils."""
    thermocouple = {name: knob for name, knob in KNOBS.items() if name.startswith("thermocouple")}
    stimulator = {
        name: knob
        for name, knob in KNOBS.items()
        if name.startswith("stimulator") or name == "impedance"
    }
    supply = {name: KNOBS[name] for name in _CYLINDER}
    rest = {name: knob for name, knob in PLANT_KNOBS.items() if name not in supply | thermocouple}
    console = {name: knob for name, knob in BENCH_KNOBS.items() if name not in stimulator | supply}
    return {
        "Gas path and probe": rest,
        "Cylinder and supply": supply,
        "Thermocouple": thermocouple,
        "Stimulator": stimulator,
        "Console and probe's plug": console,
        "Line and clock": dict(LINE_KNOBS),
    }


def faults() -> str:
    """The knobs in words, those with a signature with its picture."""
    parts = []
    for title, knobs in groups().items():
        parts.append(f"### {title}\n\n{_table(knobs)}")
        parts += [_shown(BY_KNOB[name]) for name in knobs if name in BY_KNOB]
    return "\n\n".join(parts)


def _table(knobs: Mapping[str, Knob]) -> str:
    lines = [
        "| knob | size | usual | at rest | grows | what it looks like | the device says |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, knob in knobs.items():
        size = "on" if knob.unit == "on" else f"{knob.low:g} to {knob.high:g} {knob.unit}"
        usual = "on" if knob.unit == "on" else f"{knob.usual:g}"
        rest = "off" if knob.unit == "on" else f"{knob.rest:g}"
        if name in ("hang", "vapour_only"):
            rest = "-"
        signature = BY_KNOB.get(name)
        said = signature.trips.name if signature is not None and signature.trips else None
        lines.append(
            f"| `{name}` | {size} | {usual} | {rest} | {'yes' if knob.ramps else 'at once'} "
            f"| {knob.looks_like} | {said or '-'} |"
        )
    return "\n".join(lines)


def _shown(signature: Signature) -> str:
    knob = KNOBS[signature.knob]
    sizes = ", ".join(
        f"{knob.usual if size is None else size:g} {knob.unit}" for size in signature.sizes
    )
    what = "" if knob.unit == "on" else f" ({sizes})"
    return (
        f"**{signature.knob}**{what}: {signature.told_by}\n\n"
        f"![{signature.knob} beside a healthy run]({PICTURES.name}/{signature.knob}.png)"
    )


def options() -> str:
    """What `--help` prints on a terminal of 100 columns, whatever this one has."""
    options = parser()
    options.formatter_class = lambda prog: HelpFormatter(prog, width=98)
    return f"```text\n{options.format_help().rstrip()}\n```"


def scenarios() -> str:
    """The shipped ones."""
    lines = ["| scenario | what happens |", "| --- | --- |"]
    return "\n".join(lines + [f"| `{name}` | {title} |" for name, title in shipped().items()])


def probes() -> str:
    """The shipped ones."""
    lines = ["| probe | tip | chip: model | uses |", "| --- | --- | --- | --- |"]
    for name, kind in probe_kinds().items():
        uses = "no limit" if kind.uses == 255 else str(kind.uses)
        lines.append(f"| `{name}` | {kind.title} | {kind.model} | {uses} |")
    return "\n".join(lines)


def tissues() -> str:
    """What the tip can stand in."""
    lines = ["| tissue | source |", "| --- | --- |"]
    return "\n".join(
        lines + [f"| `{name}` | {words} |" for name, words in tissue_sources().items()]
    )


def written(page: str) -> str:
    """The page with its generated parts as the code has them today."""
    parts = {
        "options": options(),
        "faults": faults(),
        "scenarios": scenarios(),
        "probes": probes(),
        "tissues": tissues(),
    }
    for name, text in parts.items():
        begin, end = (_MARK.format(name=name, where=where) for where in ("begin", "end"))
        head, rest = page.split(begin)
        page = f"{head}{begin}\n{text}\n{end}{rest.split(end)[1]}"
    return page


def draw_all() -> None:
    """Records every signature and draws it."""
    from simulator.signatures.pictures import draw  # noqa: PLC0415  matplotlib, only to draw
    from simulator.signatures.recording import healthy, recorded  # noqa: PLC0415

    PICTURES.mkdir(exist_ok=True)
    for name, signature in BY_KNOB.items():
        knob = KNOBS[name]
        sizes = [knob.usual if size is None else size for size in signature.sizes]
        traces = [(size, recorded(signature, size)) for size in sizes]
        draw(PICTURES / f"{name}.png", signature, knob, healthy(signature), traces)
    for stale in PICTURES.glob("*.png"):
        if stale.stem not in BY_KNOB:
            stale.unlink()


def main(arguments: list[str]) -> int:
    """Prints or writes; 0."""
    if "--write" in arguments:
        DOCUMENT.write_text(written(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
        draw_all()
        return 0
    with contextlib.suppress(BrokenPipeError):
        print(faults())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
