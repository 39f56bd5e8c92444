"""The reference device as a process, with sanitizers: conformance, a procedure, bad arguments."""

import contextlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.conformance import CHECKS, Tier
from tests.conformance.device import conform
from tests.firmware.core_build import device
from tests.minimal_device.test_minimal_lines import CRYOPROBE, PLAN

QUICK = (
    "safety.protection-engineer", "safety.protection-current", "safety.calibration-stored",
    "safety.stop-in-freeze", "safety.lease-freeze", "safety.reset-leaves-causes",
    "transport.log", "transport.duplicate",
)  # fmt: skip


@contextlib.contextmanager
def serving(*wanted: str) -> Iterator[str]:
    """The device on a TCP port; its URL."""
    command = [device(), "--tcp", "0", *wanted]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"socket://{process.stdout.readline().split()[-1]}"
            assert process.poll() is None, "it has ended by itself"
        finally:
            process.kill()


def failures(url: str, ids: list[str]) -> dict[str, str]:
    return {one.check.id: one.detail for one in conform(url, ids) if not one.passed}


def test_it_speaks_the_codec_and_keeps_its_first_duties() -> None:
    codec = [check.id for check in CHECKS if check.tier is Tier.CODEC]
    with serving("--switch", "--speed", "4") as url:
        assert not failures(url, [*codec, *QUICK])


@pytest.mark.seeds
def test_it_conforms() -> None:
    with serving("--switch", "--speed", "4") as url:
        assert not failures(url, [check.id for check in CHECKS])


def test_the_application_runs_a_procedure_on_it(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    with serving("--speed", "5") as url:
        ran = subprocess.run(
            [CRYOPROBE, "run", tmp_path / "plan.toml", "--port", url, "--records",
             tmp_path / "records", "--json"],
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert said["outcome"] == "completed"
    assert said["alarms"] == []
    assert all(-72 < cycle["lowest_tip_celsius"] < -67 for cycle in said["cycles"])


@pytest.mark.parametrize(
    "arguments",
    [[], ["--stdio", "--tcp", "0"], ["--speed", "11", "--stdio"], ["--tcp", "x"], ["--what", "1"]],
)
def test_nonsense_is_one_line_and_a_hint(arguments: list[str]) -> None:
    ran = subprocess.run([device(), *arguments], capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert len(ran.stderr.splitlines()) == 2
