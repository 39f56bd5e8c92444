"""What the reference core costs: `python -m tests.firmware.measure [--write]`.

Code, state and the deepest stack by the cross compiler, a line a processor; --write puts them into
docs/porting.md. The stack is the deepest path of calls inside the core, callbacks of the port
apart: the calls through pointers are those of the core's own table.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.firmware.core_build import CORE, ROOT

PROCESSORS = ("cortex-m0", "cortex-m3", "cortex-m4")
PREFIX = "arm-none-eabi-"
DOCUMENT = ROOT / "docs" / "porting.md"
ENTRIES = ("cryo_boot", "cryo_receive", "cryo_step", "cryo_transmit", "cryo_stands")
HEAD = (
    "| processor | code, bytes | state, bytes | of it kept over a restart | deepest stack, bytes |"
)


def missing() -> str:
    """What must be installed first; empty when nothing is."""
    if shutil.which(f"{PREFIX}gcc"):
        return ""
    return (
        "the cross compiler is missing: apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi"
    )


def row(processor: str) -> str:
    """One line of the table. Raises CalledProcessError."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base = [f"{PREFIX}gcc", "-std=c99", "-Os", "-mthumb", f"-mcpu={processor}"]
        for source in CORE:
            command = [*base, "-fcallgraph-info=su", "-c", str(source)]
            command += ["-o", str(folder / f"{source.stem}.o")]
            subprocess.run(command, check=True, capture_output=True, text=True)
        said = _run(f"{PREFIX}size", "-t", *map(str, sorted(folder.glob("*.o"))))
        code = int(said.splitlines()[-1].split()[0])
        sizes = folder / "sizes.c"
        sizes.write_text(
            f'#include "{CORE[0].parent / "cryo.h"}"\n'
            "char device[sizeof(struct cryo_device)];\nchar memory[sizeof(struct cryo_memory)];\n"
        )
        _run(*base, "-c", str(sizes), "-o", str(folder / "sizes.elf"))
        symbols = _run(f"{PREFIX}nm", "-S", str(folder / "sizes.elf"))
        found = {line.split()[3]: int(line.split()[1], 16) for line in symbols.splitlines()}
        stack = deepest("".join(path.read_text() for path in folder.glob("*.ci")))
    return f"| {processor} | {code:,} | {found['device']:,} | {found['memory']} | {stack} |"


def deepest(graph: str) -> int:
    """The deepest stack of any entry, from the compiler's call graphs."""
    own: dict[str, int] = {}
    calls: dict[str, set[str]] = {}
    for name, label in re.findall(r'node: \{ title: "([^"]+)" label: "([^"]*)"', graph):
        size = re.search(r"(\d+) bytes \((?:static|dynamic,bounded)\)", label)
        if size:
            own[_plain(name)] = int(size[1])
    for source, target in re.findall(
        r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"', graph
    ):
        calls.setdefault(_plain(source), set()).add(_plain(target))
    called = set().union(*calls.values())
    # Through pointers the core calls only its own conditions: those that nobody calls by name.
    conditions = {name for name in own if name not in called and name not in ENTRIES}

    def depth(name: str, path: tuple[str, ...]) -> int:
        assert name not in path, f"recursion: {path}"
        targets = calls.get(name, set())
        if "__indirect_call" in targets and name == "cryo_watch":
            targets = targets | conditions
        below = [depth(one, (*path, name)) for one in targets if one in own]
        return own[name] + max(below, default=0)

    return max(depth(entry, ()) for entry in ENTRIES if entry in own)


def _plain(name: str) -> str:
    return name.rsplit(":", 1)[-1]


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def table() -> str:
    """All lines, with their head."""
    lines = [HEAD, "| --- " * 5 + "|", *(row(processor) for processor in PROCESSORS)]
    return "\n".join(lines) + "\n"


def put(head: str, made: str) -> None:
    """Puts a table into docs/porting.md, in the place of the one with this head."""
    text = DOCUMENT.read_text(encoding="utf-8")
    begin = text.index(head)
    end = re.compile(r"\n(?!\|)").search(text, begin)
    assert end
    DOCUMENT.write_text(text[:begin] + made + text[end.start() + 1 :], encoding="utf-8")


def main() -> int:
    """Prints or writes the table; 1 when something must be installed first."""
    options = argparse.ArgumentParser(prog="python -m tests.firmware.measure")
    options.add_argument("--write", action="store_true", help="into docs/porting.md")
    asked = options.parse_args()
    if missing():
        print(missing(), file=sys.stderr)
        return 1
    made = table()
    print(made, end="")
    if asked.write:
        put(HEAD, made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
