"""`make bench`: measures everything, writes docs/bench.json and the table in docs/performance.md.

Exit 1 when a budget is not met. `python -m tests.bench PART ...` measures those parts alone and
writes nothing.
"""

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tests.bench import (
    bad_ports,
    decoding,
    live,
    reading,
    records,
    round_trip,
    screen,
    simulator,
    start,
)
from tests.bench.figure import Figure

PARTS = {
    "decoding": decoding.figures,
    "reading": reading.figures,
    "round_trip": round_trip.figures,
    "start": start.figures,
    "screen": screen.figures,
    "live": live.figures,
    "bad_ports": bad_ports.figures,
    "simulator": simulator.figures,
    "records": records.figures,
}
DOCS = Path(__file__).parents[2] / "docs"
BEGIN, END = "<!-- bench -->\n", "<!-- /bench -->\n"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"


def table(found: dict[str, Figure]) -> str:
    """The figures as a Markdown table under the machine, the date and the commit."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
        cwd=DOCS,
    ).stdout.strip()
    lines = [
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python "
        f"{platform.python_version()}, load {os.getloadavg()[0]:.1f} at the end, "
        f"{datetime.now(UTC):%Y-%m-%d}, commit {commit}.",
        "",
        "| what | median | p99 | unit | budget | met | peer | times the peer | spread of runs |",
        "| --- | ---: | ---: | --- | --- | --- | ---: | ---: | ---: |",
    ]
    for name, one in found.items():
        met = "yes" if one.ok else "**no**"
        apart = "" if one.spread is None else f"{one.spread:.0%}"
        lines.append(
            f"| {name} | {_number(one.median)} | {_number(one.p99)} | {one.unit} | {one.budget} "
            f"| {met} | {_number(one.peer)} | {_number(one.ratio)} | {apart} |"
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measures; see above."""
    unknown = [name for name in sys.argv[1:] if name not in PARTS]
    if unknown:
        print(f"bench: {unknown[0]!r} is none of {', '.join(PARTS)}", file=sys.stderr)
        return 2
    found: dict[str, Figure] = {}
    for name in sys.argv[1:] or PARTS:
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        found |= PARTS[name]()
    told = table(found)
    print(told)
    if not sys.argv[1:]:
        page = DOCS / "performance.md"
        before, rest = page.read_text().split(BEGIN)
        page.write_text(before + BEGIN + told + END + rest.split(END)[1])
        (DOCS / "bench.json").write_bytes(msgspec.json.format(msgspec.json.encode(found)) + b"\n")
    return int(not all(one.ok for one in found.values()))


if __name__ == "__main__":
    sys.exit(main())
