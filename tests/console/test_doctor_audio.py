"""What the doctor says of sound: alarms that cannot be heard are worth a word, and no obstacle."""

import subprocess
from typing import Any

import pytest

from console import doctor


@pytest.mark.parametrize(
    ("outputs", "why", "ok", "words"),
    [
        (2, "", True, "Sound devices that alarms can be heard on: 2"),
        (0, "", False, "Alarms cannot be heard, they are seen alone: no sound device"),
        (None, "no libpulse.so.0", False, "Alarms cannot be heard: no libpulse.so.0"),
    ],
)
def test_devices_are_counted(outputs: int | None, why: str, ok: bool, words: str) -> None:
    found = doctor.audible(outputs, why)
    assert (found.ok, found.words) == (ok, words)
    assert bool(found.fix) is not ok
    assert doctor.healthy([found]), "the program works without"


@pytest.mark.parametrize(
    ("code", "out", "err", "words"),
    [
        (0, "noise\n3\n", "", "heard on: 3"),
        (1, "", "Traceback\nImportError: libpulse.so.0 is missing\n", "libpulse.so.0 is missing"),
        (-6, "", "", "exit -6"),
    ],
)
def test_it_asks_a_process_of_its_own(
    monkeypatch: pytest.MonkeyPatch, code: int, out: str, err: str, words: str
) -> None:
    def run(*args: Any, **named: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(args, code, out, err)

    monkeypatch.setattr(subprocess, "run", run)
    assert words in doctor._audio(None).words


def test_a_sound_server_that_hangs_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*args: Any, timeout: float, **named: Any) -> None:
        raise subprocess.TimeoutExpired("sounds", timeout)

    monkeypatch.setattr(subprocess, "run", run)
    assert "did not answer within 15 s" in doctor._audio(None).words
