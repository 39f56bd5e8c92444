"""Records that were damaged or made by chance, and every command that reads them: each ends in the
exit code that it documents, with at most one line on stderr, and never in a traceback.

    python tests/records/fuzz.py --seed 7 --minutes 60
"""

import argparse
import contextlib
import functools
import io
import json
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import typer.main

sys.path.insert(0, str(Path(__file__).parents[2]))

from console.cli import main
from console.records.alarm_book import BOOK_NAME
from console.records.format import PREAMBLE, first_chain, framed, grouped
from console.records.reading import raw_entries, read_journal
from console.records.tombstones import BOOK_NAME as DELETED

GOLDEN = Path(__file__).with_name("golden")
ID = "20261121-094210-7f3a"
LONGEST_S = 2.0
"""Processor time of one command."""


def base(root: Path) -> None:
    """A store with a session, an archive of it, an alarm book, a deleted session, and heads."""
    records = root / "records"
    for name in (ID, "20261122-094210-7f3b"):
        folder = records / name
        folder.mkdir(parents=True)
        (folder / "001.journal").write_bytes(_of(name))
    where = ["--records", str(records)]
    ran(["records", "amend", ID, "Well.", "--who", "KJ", "--why", "visit", *where])
    ran(["records", "archive", str(root / "a.zip"), ID, *where])
    ran(["records", "heads", "--into", str(root / "heads.txt"), *where])
    ran(["records", "delete", "20261122", "--who", "KJ", "--why", "a lesson", *where])
    alarm = {
        "id": "leak", "priority": "high", "happened": "Gas leaks", "to_do": "", "raised_at": "",
        "raised_ms": 1, "engineer": True,
    }  # fmt: skip
    entry = {"number": 1, "wall": "2026-11-21T10:00:00+01:00", "console": "CC-1", "alarm": alarm}
    book = "".join(json.dumps({**entry, "turn": turn}) + "\n" for turn in ("raised", "cleared"))
    (records / BOOK_NAME).write_text(book)
    ran(["alarms", "release", "CC-1", "--by", "BE", "--reason", "hose", *where])


def _of(name: str) -> bytes:
    """The newest golden journal, shortened, as one of this session."""
    newest = max(GOLDEN.glob("schema-*.journal"), key=lambda each: int(each.stem.split("-")[1]))
    found = read_journal(newest)
    bodies = [body for _, body in raw_entries(found.data, found.groups)][:400]
    first = msgspec.msgpack.decode(bodies[0])
    first[1] = name
    return journal([msgspec.msgpack.encode(first), *bodies[1:]])


def journal(bodies: list[bytes]) -> bytes:
    """A journal whose chain fits, whatever its entries are."""
    data, chain = PREAMBLE, first_chain()
    for start in range(0, len(bodies), 100):
        group = grouped(chain, len(data), [framed(each) for each in bodies[start : start + 100]])
        data, chain = data + group, group[-32:]
    return data


ODD: list[Any] = [
    None, True, -1, 0, 2**63, 10**400, 1e308, float("nan"), "", "x" * 70_000, "\u202e\x1b[31m\n",
    "\ud800", [], {}, [[]] * 50, {"a": None}, b"\xff" * 100, "2026-13-45T99:99:99",
    "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59",
]  # fmt: skip


def bytes_changed(data: bytes, rng: random.Random) -> bytes:
    """Flipped, cut, doubled, zeroed, or strange."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 3, 20))):
        at = rng.randrange(len(out) + 1)
        match rng.randrange(6):
            case 0 if at < len(out):
                out[at] ^= 1 << rng.randrange(8)
            case 1:
                del out[at:]
            case 2:
                out[at:at] = rng.randbytes(rng.randrange(1, 60))
            case 3:
                out[at : at + rng.randrange(1, 400)] = b""
            case 4:
                out[at : at + 200] = bytes(len(out[at : at + 200]))
            case 5:
                out += out[at:][:5_000]
    return bytes(out)


def value_changed(value: Any, rng: random.Random) -> Any:
    """Something in it is another value."""
    if isinstance(value, list | dict) and value and rng.random() < 0.85:
        copied: Any = value.copy()
        key = rng.randrange(len(value)) if isinstance(value, list) else rng.choice(list(value))
        if rng.random() < 0.15:
            del copied[key]
        else:
            copied[key] = value_changed(value[key], rng)
        return copied
    return rng.choice(ODD)


def entries_changed(data: bytes, rng: random.Random, path: Path) -> bytes:
    """A journal whose chain fits and whose entries do not."""
    found = read_journal(path)
    bodies = [body for _, body in raw_entries(found.data, found.groups)]
    for _ in range(rng.choice((1, 2, 10))):
        at = rng.choice((0, rng.randrange(len(bodies))))
        with contextlib.suppress(Exception):
            bodies[at] = msgspec.msgpack.encode(
                value_changed(msgspec.msgpack.decode(bodies[at]), rng)
            )
    with contextlib.suppress(ValueError):
        return journal(bodies)
    return data


def json_changed(data: bytes, rng: random.Random) -> bytes:
    """The same in lines of JSON, or in one document."""
    lines = data.splitlines()
    at = rng.randrange(len(lines))
    with contextlib.suppress(ValueError, UnicodeEncodeError):
        changed = value_changed(json.loads(lines[at] if len(lines) < 4 else data), rng)
        new = json.dumps(changed, default=repr).encode()
        return b"\n".join([*lines[:at], new, *lines[at + 1 :]]) + b"\n" if len(lines) < 4 else new
    return bytes_changed(data, rng)


def damaged(root: Path, rng: random.Random) -> str:
    """Damages one thing in `root`; what, in words."""
    folder = root / "records" / ID
    what = rng.choice(("journal", "entries", "entries", "book", "deleted", "archive", "manifest",
                       "heads", "names", "file"))  # fmt: skip
    match what:
        case "journal":
            path = rng.choice(sorted(folder.glob("*.journal")))
            path.write_bytes(bytes_changed(path.read_bytes(), rng))
        case "entries":
            path = rng.choice(sorted(folder.glob("*.journal")))
            path.write_bytes(entries_changed(path.read_bytes(), rng, path))
        case "book" | "deleted":
            path = root / "records" / (BOOK_NAME if what == "book" else DELETED)
            change = rng.choice((bytes_changed, json_changed))
            path.write_bytes(change(path.read_bytes(), rng))
        case "archive" | "heads":
            path = root / ("a.zip" if what == "archive" else "heads.txt")
            path.write_bytes(bytes_changed(path.read_bytes(), rng))
        case "manifest":
            _manifest_changed(root / "a.zip", rng)
        case "names":
            _names_changed(root / "records", rng)
        case "file":
            path = rng.choice([each for each in (root / "records").rglob("*") if each.is_file()])
            path.unlink()
            rng.choice((path.mkdir, lambda: os.mkfifo(path), lambda: path.symlink_to(path.name),
                        lambda: path.symlink_to("/dev/zero"), path.touch))()  # fmt: skip
    return what


def _manifest_changed(path: Path, rng: random.Random) -> None:
    with zipfile.ZipFile(path) as old:
        there = {name: old.read(name) for name in old.namelist()}
    there["archive.json"] = json_changed(there["archive.json"], rng)
    with zipfile.ZipFile(path, "w") as new:
        for name, data in there.items():
            new.writestr(name, data)


def _names_changed(records: Path, rng: random.Random) -> None:
    folder = records / ID
    match rng.randrange(5):
        case 0:
            shutil.copytree(folder, records / "20261121-094210-ffff")
        case 1:
            (folder / "001.journal").rename(folder / rng.choice(("7.journal", "003.journal")))
        case 2:
            shutil.copy(folder / "001.journal", folder / "003.journal")
        case 3:
            folder.rename(records / rng.choice((".came-x", ".going-x", ".gone-x", ".coming-x")))
        case 4:
            (folder / "001.journal").unlink()


def commands(root: Path) -> Iterator[list[str]]:
    """Every command that reads what is there."""
    where = ["--records", str(root / "records")]
    for words in (
        ["records", "list"], ["records", "show", ID], ["records", "show", ID, "--json"],
        ["records", "verify", ID], ["records", "verify", "--all"], ["records", "reindex"],
        ["records", "list", "--search", "saphenous", "--json"], ["alarms", "list"],
        ["records", "heads", "--check", str(root / "heads.txt")], ["replay", ID, "--check"],
        ["export", ID, "--csv", str(root / "out"), "--fhir", str(root / "out.json")],
        ["records", "amend", ID, "More.", "--who", "KJ", "--why", "visit"],
        ["records", "archive", str(root / "b.zip"), "--before", "2030-01-01", "--remove"],
        ["alarms", "release", "CC-1", "--by", "BE", "--reason", "hose"],
    ):  # fmt: skip
        yield [*words, *where]
    yield ["records", "restore", str(root / "a.zip"), "--records", str(root / "other")]
    yield ["records", "restore", str(root / "b.zip"), "--records", str(root / "third")]


def ran(words: list[str]) -> tuple[int, str, float]:
    """A command's exit code, what it said on stderr, and its processor time in s."""
    out, err = io.StringIO(), io.StringIO()
    began = time.process_time()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(words)
        except SystemExit as ended:
            code = int(ended.code or 0)
        except BaseException:  # noqa: BLE001 - that is what is looked for
            traceback.print_exc()
            code = 99
    return code, err.getvalue(), time.process_time() - began


def one(root: Path, seed: int) -> tuple[str, Counter[str], list[str]]:
    """Damages a copy of `root` by chance and runs every command on it: what was damaged, exit codes
    by command, and what went wrong in words."""
    rng = random.Random(seed)
    codes: Counter[str] = Counter()
    wrong = []
    with tempfile.TemporaryDirectory(prefix="fuzz-") as made:
        copy = Path(made) / "root"
        shutil.copytree(root, copy)
        what = damaged(copy, rng)
        for words in commands(copy):
            code, said, took_s = ran(words)
            codes[f"exit {code}"] += 1
            lines = said.count("\n")
            many = lines > 1 and "left out" not in said
            if code not in (0, 1, 2) or many or "Traceback" in said or took_s > LONGEST_S:
                wrong.append(f"seed {seed}, {what}: {words[:3]}: {code}, {took_s:.1f} s: {said}")
    return what, codes, wrong


def prepared(root: Path) -> Path:
    """The store that is damaged."""
    typer.main.get_command = functools.cache(typer.main.get_command)
    base(root)
    return root


def run(seeds: Iterator[int], until_s: float) -> int:
    """Goes through `seeds` until then; prints the counts, and all that was wrong."""
    counts: Counter[str] = Counter()
    bad = 0
    with tempfile.TemporaryDirectory(prefix="fuzz-base-") as made:
        root = prepared(Path(made))
        for seed in seeds:
            if time.monotonic() > until_s:
                break
            what, codes, wrong = one(root, seed)
            counts[what] += 1
            counts.update(codes)
            bad += len(wrong)
            for each in wrong:
                print(each, flush=True)
    print(dict(counts), f"{bad} wrong", flush=True)
    return 1 if bad else 0


def _main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1.0)
    told = parser.parse_args()
    seeds = iter(range(told.seed * 1_000_000, sys.maxsize))
    return run(seeds, time.monotonic() + told.minutes * 60)


if __name__ == "__main__":
    sys.exit(_main())
