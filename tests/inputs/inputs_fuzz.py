"""Broken input of every kind, by seed: files and addresses that were good, changed a little.

`python tests/inputs/inputs_fuzz.py --minutes 60 --seed 1000000` goes on for so long and counts.
"""

import argparse
import contextlib
import io
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec

from console import cli, config, preferences
from drivers.inputs import address, files
from drivers.urls._address import arguments
from simulator import options, scenario
from simulator.physics.case import case_grid, parse_case

ROOT = Path(__file__).parents[2]
LONGEST_CPU_S = 2.0
NOWHERE = "/nowhere/at/all"
_TOKENS = (
    b"9" * 5_000, b"[" * 2_000, b"{" * 2_000, b"1" * 400, b"a" * 3_000, b"18446744073709551616",
    b"nan", b"-inf", b"1e999", b"-1", b"0", b"true", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\x1b[31m",
    "\u202e".encode(), "\u2028".encode(), b"\n", b"\r", b'"', b"'''", b"]", b"}", b"=", b"=1", b"#",
    b"?", b"&", b"%00", b"%ff", b"%1b", b"@", b"~", b":", b"//", b"../", b"\\", b"[[sites]]\n",
    b"[patient]\n",
)  # fmt: skip


class Ended(msgspec.Struct):
    """How one piece of input ended."""

    kind: str
    accepted: bool
    wrong: str = ""
    cpu_s: float = 0.0


class Kind(msgspec.Struct, frozen=True):
    """A kind of input: good ones, and what takes it in: whether it was accepted. AssertionError
    where it ended as nothing may."""

    name: str
    good: tuple[bytes, ...]
    take: Callable[[Path, bytes], bool]


def mutated(draw: random.Random, data: bytes) -> bytes:
    """`data` with a few small changes, mostly one."""
    made = bytearray(data)
    for _ in range(draw.choice((1, 1, 1, 2, 3, 6))):
        at = draw.randint(0, len(made))
        match draw.randrange(7):
            case 0 if made:
                made[at % len(made)] = draw.randrange(256)
            case 1:
                del made[at : at + draw.randint(1, 12)]
            case 2:
                made[at:at] = draw.choice(_TOKENS)
            case 3:
                made[at : at + draw.randint(1, 8)] = draw.choice(_TOKENS)
            case 4:
                made[at:at] = made[at : at + draw.randint(1, 60)]
            case 5:
                del made[at:]
            case _:
                lines = bytes(made).split(b"\n")
                one = draw.randrange(len(lines))
                lines.insert(draw.randrange(len(lines)), lines[one])
                made = bytearray(b"\n".join(lines))
    return bytes(made)


def _command(*given: str | Path, may_end: tuple[int, ...] = (2,)) -> tuple[int, str]:
    """Exit code and stderr of a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    code: object = None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            cli.main([str(each) for each in given])
        except SystemExit as end:
            code = end.code
    said = err.getvalue()
    assert code in may_end, f"exit {code}: {said[:300]!r}"
    if code == 2:
        assert len(said.splitlines()) == 1, f"not one line: {said[:300]!r}"
        assert said.startswith("cryoprobe"), said[:300]
        assert said[:-1].isprintable(), f"not printable: {said[:300]!r}"
    return int(str(code)), said


def _plan(folder: Path, data: bytes) -> bool:
    path = folder / "plan.toml"
    path.write_bytes(data)
    # The console is looked for only with a plan that is taken.
    _, said = _command("run", path, "--port", "nowhere://")
    try:
        config.plan(path)
    except config.ConfigError as error:
        assert "\n" not in str(error).strip() or "plan.toml" in said
        return False
    assert "nowhere" in said
    return True


def _scenario(folder: Path, data: bytes) -> bool:
    path = folder / "scenario.toml"
    path.write_bytes(data)
    _, said = _command("simulate", "--scenario", path, "--serial", NOWHERE)
    try:
        scenario.found(str(path))
    except scenario.ScenarioError:
        return False
    return NOWHERE in said


def _case(folder: Path, data: bytes) -> bool:
    path = folder / "case.toml"
    path.write_bytes(data)
    try:
        case_grid(parse_case(files.read(path, files.CASE_BYTES)))
    except (ValueError, files.FileError):
        _command("tissue", path)
        return False
    return True


def _link(folder: Path, data: bytes) -> bool:
    path = folder / "control"
    path.write_bytes(data)
    _command("knob", path)
    return False


def _preferences(folder: Path, data: bytes) -> bool:
    path = folder / "screen.json"
    path.write_bytes(data)
    told: list[str] = []
    preferences.load(path, told.append)
    assert len(told) <= 1
    return not told


def _raw(folder: Path, data: bytes) -> bool:
    path = folder / "line.raw"
    path.write_bytes(data)
    _command("monitor", "--file", path, "--json", may_end=(0,))
    return True


def _journal(folder: Path, data: bytes) -> bool:
    path = folder / "001.journal"
    path.write_bytes(data)
    code, _ = _command("records", "verify", path, may_end=(0, 1, 2))
    _command("records", "show", path, may_end=(0, 1, 2))
    _command("replay", path, "--check", may_end=(0, 1, 2))
    _command("export", path, "--csv", folder / "csv", may_end=(0, 2))
    return code == 0


def _archive(folder: Path, data: bytes) -> bool:
    path = folder / "archive.zip"
    path.write_bytes(data)
    code, _ = _command("records", "restore", path, "--records", folder / "store", may_end=(0, 1, 2))
    return code == 0


def _book(folder: Path, data: bytes) -> bool:
    (folder / "alarms.jsonl").write_bytes(data)
    _command("alarms", "list", "--records", folder, may_end=(0,))
    return True


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape").replace("\x00", "")


def _sim(folder: Path, data: bytes) -> bool:
    url = _text(data)
    _command("run", folder / "missing.toml", "--port", url)
    try:
        asked = arguments(address.named(url))
    except ValueError as error:
        assert str(error).isprintable(), repr(str(error))
        _command("monitor", "--port", url)
        return False
    if not url.strip().lower().startswith("sim"):
        return True
    _, said = _command("simulate", *asked[1:], "--serial", NOWHERE)
    return NOWHERE in said


def _network(folder: Path, data: bytes) -> bool:
    url = _text(data)
    try:
        address.named(url)
    except ValueError as error:
        assert str(error).isprintable(), repr(str(error))
        _command("conform", "--port", url)
        return False
    return True


def _fault(folder: Path, data: bytes) -> bool:
    _, said = _command("simulate", f"--fault={_text(data)}", "--serial", NOWHERE)
    return NOWHERE in said


def _tcp(folder: Path, data: bytes) -> bool:
    try:
        options.host_and_port(_text(data))
    except ValueError:
        _command("simulate", f"--tcp={_text(data)}")
        return False
    return True


def _argument(folder: Path, data: bytes) -> bool:
    name, _, value = _text(data).partition("=")
    code, _ = _command(
        "run", ROOT / "examples" / "three-by-two.toml", "--port", "nowhere://", name, value
    )
    return code == 0


def _golden() -> tuple[bytes, ...]:
    return tuple(
        each.read_bytes() for each in sorted((ROOT / "tests/records/golden").glob("*.journal"))
    )


def _archived() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as made:
        made.writestr("20261121-094210-7f3a/001.journal", _golden()[0])
        made.writestr("manifest.json", b'{"sessions": []}')
    return out.getvalue()


def _read(*patterns: str) -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for each in patterns for path in sorted(ROOT.glob(each)))


def kinds() -> tuple[Kind, ...]:
    """Every kind of input."""
    return (
        Kind("plan", _read("examples/*.toml", "console/demonstration.toml"), _plan),
        Kind("scenario", _read("simulator/scenarios/*.toml"), _scenario),
        Kind("case", _read("examples/tissue/*.toml", "simulator/physics/cases/v*.toml"), _case),
        Kind(
            "control link",
            (b'{"address": "/tmp/cryoprobe-nothing/control", "key": "' + b"ab" * 32 + b'"}\n',),
            _link,
        ),
        Kind("preferences", (b'{"theme":"dark"}', b'{"theme":"light"}'), _preferences),
        Kind("raw recording", tuple(each[:6_000] for each in _golden()), _raw),
        Kind("journal", _golden(), _journal),
        Kind("archive", (_archived(),), _archive),
        Kind(
            "alarm book",
            (
                b'{"wall":"2026-11-21T10:42:10+01:00","console":"CPC-1","turn":"raised","alarm":'
                b'{"id":"leak","priority":"high","latch":"engineer","happened":"Leak","to_do":"Call",'
                b'"raised_ms":5,"acknowledged":false,"count":1}}\n' * 3,
            ),
            _book,
        ),
        Kind(
            "sim address",
            (
                b"sim://n2o", b"sim://co2?speed=10&seed=7&pace=lockstep",
                b"sim://n2o?scenario=healthy-n2o&fault=siphon@3&fault=leak=0.5@4~2&cell_mm=0.5",
                b"sim://n2o?medium=water&tissue=generic&probe=long&control=/tmp/a%20b",
            ),
            _sim,
        ),
        Kind(
            "network address",
            (
                b"socket://127.0.0.1:4001", b"socket://[::1]:4001", b"rfc2217://console:5000",
                b"rfc2217://10.0.0.1:5000?timeout=3&poll_modem", b"COM3", b"/dev/ttyUSB0",
            ),
            _network,
        ),
        Kind("fault", (b"siphon", b"leak=0.5@4~2", b"reboot@0", b"reboot", b"hang=500"), _fault),
        Kind("tcp", (b"4001", b"127.0.0.1:4001", b"[::1]:4001", b"localhost:0"), _tcp),
        Kind("argument", (b"--operator=KK", b"--case=A-17", b"--records=x", b"--json="), _argument),
    )  # fmt: skip


def tried(kind: Kind, seed: int, folder: Path) -> Ended:
    """What becomes of the input of `kind` with this seed."""
    draw = random.Random(f"{kind.name} {seed}")
    data = mutated(draw, draw.choice(kind.good))
    own = folder / f"{kind.name}-{seed}"
    own.mkdir()
    began_s = time.process_time()
    try:
        ended = Ended(kind.name, kind.take(own, data))
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        wrong = f"{type(error).__name__}: {error}"
        ended = Ended(kind.name, False, f"{kind.name} {seed}: {wrong[:400]}\n{data[:300]!r}")
    ended.cpu_s = time.process_time() - began_s
    return ended


def main() -> int:
    """Tries for so many minutes; prints the counts, and what ended as nothing may."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1_000_000, help="of the first")
    parser.add_argument("--kind", help="this kind alone")
    told = parser.parse_args()
    chosen = [each for each in kinds() if told.kind in (None, each.name)]
    until, seed = time.monotonic() + 60 * told.minutes, told.seed
    tries: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    slowest: dict[str, float] = {}
    wrong = 0
    while time.monotonic() < until:
        with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
            for kind in chosen:
                ended = tried(kind, seed, Path(folder))
                tries[kind.name] += 1
                accepted[kind.name] += ended.accepted
                slowest[kind.name] = max(slowest.get(kind.name, 0.0), ended.cpu_s)
                if ended.wrong:
                    wrong += 1
                    print(ended.wrong, file=sys.stderr, flush=True)
        seed += 1
    for name, count in tries.items():
        print(
            f"{name:16} {count:7} tried {accepted[name]:6} accepted, slowest {slowest[name]:.2f} s"
        )
    print(f"{sum(tries.values())} tried, seeds {told.seed} to {seed - 1}, {wrong} ended wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
