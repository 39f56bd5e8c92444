"""Thousands of broken files and addresses: each ends in its documented exit code and one line, or
is taken; none takes long."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from inputs_fuzz import LONGEST_CPU_S, NOWHERE, Kind, kinds, mutated, tried

KINDS = {kind.name: kind for kind in kinds()}
TRIES = {"journal": 60, "plan": 160, "archive": 160, "case": 160}
"""Of a kind; of the cheap ones more."""
USUAL_TRIES = 260
PIECES = 4


def test_they_are_three_thousand() -> None:
    assert sum(TRIES.get(name, USUAL_TRIES) for name in KINDS) >= 3_000


@pytest.mark.slow
@pytest.mark.parametrize("piece", range(PIECES))
@pytest.mark.parametrize("name", KINDS)
def test_broken_input_is_one_line_or_taken(name: str, piece: int, tmp_path: Path) -> None:
    ended = [
        tried(KINDS[name], seed, tmp_path)
        for seed in range(piece, TRIES.get(name, USUAL_TRIES), PIECES)
    ]
    assert [each.wrong for each in ended if each.wrong] == []
    assert max(each.cpu_s for each in ended) < LONGEST_CPU_S


def test_most_kinds_are_taken_now_and_then(tmp_path: Path) -> None:
    """A fuzz of which nothing passes tests the first line of a parser alone."""
    for name in ("scenario", "network address", "fault", "tcp"):
        assert any(tried(KINDS[name], seed, tmp_path).accepted for seed in range(40)), name


@pytest.mark.parametrize("wrong", [RuntimeError("no"), RecursionError(), KeyError("x")])
def test_an_error_that_nobody_expects_is_found(wrong: Exception, tmp_path: Path) -> None:
    def take(folder: Path, data: bytes) -> bool:
        raise wrong

    ended = tried(Kind("bad", (b"x",), take), 1, tmp_path)
    assert type(wrong).__name__ in ended.wrong


PROCESSES = (
    ("plan", ("run", "{file}", "--port", "nowhere://")),
    ("scenario", ("simulate", "--scenario", "{file}", "--serial", NOWHERE)),
    ("case", ("tissue", "{file}", "--csv", f"{NOWHERE}/x")),
    ("control link", ("knob", "{file}")),
    ("raw recording", ("monitor", "--file", "{file}")),
    ("journal", ("records", "verify", "{file}")),
)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(("name", "command"), PROCESSES, ids=[name for name, _ in PROCESSES])
def test_the_same_as_processes_of_their_own(
    name: str, command: tuple[str, ...], seed: int, tmp_path: Path
) -> None:
    draw = random.Random(f"process {name} {seed}")
    path = tmp_path / "input"
    path.write_bytes(mutated(draw, draw.choice(KINDS[name].good)))
    given = [each.replace("{file}", str(path)) for each in command]
    done = subprocess.run(
        [sys.executable, "-m", "console", *given],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, 1, 2), done.stderr
    assert "Traceback" not in done.stderr
    if done.returncode == 2:
        (line,) = done.stderr.splitlines()
        assert line.startswith("cryoprobe")
