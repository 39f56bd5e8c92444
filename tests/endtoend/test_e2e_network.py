"""No internet socket is opened by the clinical application, whatever process of it, unless its port
is a network URL."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from e2e_command import cryoprobe, plan_file
from e2e_screen import Screen

from console.model.snapshot import LinkState

CHILD = Path(__file__).with_name("window_child.py")
WATCH = """
import os, sys

def _look(event, arguments):
    if event == "socket.__new__" and arguments[1] in (2, 10, 23, 30):  # AF_INET, AF_INET6
        with open(os.environ["SOCKETS_SEEN"], "a") as out:
            print(sys.argv, arguments[1:], file=out)
    if event == "subprocess.Popen":
        with open(os.environ["SOCKETS_SEEN"] + ".children", "a") as out:
            print(*arguments[1], file=out)

sys.addaudithook(_look)
"""
"""Every Python process runs it at its start, as long as it is in PYTHONPATH."""


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that fills when a process started from here on opens an internet socket."""
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "watch"))
    monkeypatch.setenv("SOCKETS_SEEN", str(tmp_path / "seen"))
    return tmp_path / "seen"


def test_a_whole_headless_run_with_its_report_opens_none(seen: Path, tmp_path: Path) -> None:
    done = cryoprobe(
        "run", plan_file(tmp_path, [(5, 0)]), "--port", "sim://n2o?speed=600", "--report",
        "--records", tmp_path / "records",
    )  # fmt: skip
    assert done.code == 0, done.err
    (report,) = (tmp_path / "records").glob("*/report.pdf")
    assert f"report: {report}" in done.out
    assert report.stat().st_mode & 0o777 == 0o600
    children = (tmp_path / "seen.children").read_text()
    assert "simulator" in children, "the watch was there"
    assert "console.estimate" in children
    assert not seen.exists(), seen.read_text()


def test_the_window_in_mid_freeze_has_opened_none(seen: Path, tmp_path: Path) -> None:
    command = [sys.executable, str(CHILD), "sim://n2o", str(tmp_path / "records")]
    paths = os.pathsep.join([os.environ["PYTHONPATH"], str(Path.cwd())])
    environment = {**os.environ, "PYTHONPATH": paths, "QT_QPA_PLATFORM": "offscreen"}
    window = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert window.stdout is not None
    with window, window.stdout:
        try:
            phases = (json.loads(line)["phase"] for line in window.stdout)
            assert "freezing" in phases
        finally:
            window.terminate()
    children = (tmp_path / "seen.children").read_text()
    for each in ("console.control", "console.estimate", "simulator"):
        assert each in children, "the watch was there"
    assert not seen.exists(), seen.read_text()


def test_a_network_url_opens_one_and_the_watch_sees_it(
    seen: Path, screen: Callable[..., Screen]
) -> None:
    host = screen("socket://127.0.0.1:9")
    host.until(lambda s: s.link.state is LinkState.FAILED, "nobody answers there")
    assert "socket://127.0.0.1:9" in seen.read_text()
