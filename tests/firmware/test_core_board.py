"""The reference device on an emulated board (`make firmware`)."""

import json
import subprocess
from pathlib import Path

import pytest

from drivers.conformance import CHECKS, Wire
from drivers.conformance.bench import Bench
from drivers.conformance.check import Needs
from drivers.conformance.doing import prepare
from drivers.conformance.verdicts import FailedError
from drivers.link.codes import Fault, Result
from drivers.link.messages import Reset
from tests.firmware import board
from tests.firmware.test_core_device import failures
from tests.minimal_device.test_minimal_lines import CRYOPROBE, PLAN

pytestmark = pytest.mark.firmware


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert not board.missing(), board.missing()
    return board.built(tmp_path_factory.mktemp("board"))


def test_the_board_conforms(program: Path) -> None:
    with board.running(program) as url:
        assert not failures(url, [check.id for check in CHECKS])


def test_the_application_runs_a_procedure_on_the_board(program: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
    with board.running(program) as url:
        ran = subprocess.run(
            [CRYOPROBE, "run", tmp_path / "plan.toml", "--port", url, "--records",
             tmp_path / "records", "--json"],
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout)
    assert (said["outcome"], said["alarms"]) == ("completed", [])


def test_the_watchdog_restarts_a_board_that_hangs(tmp_path: Path) -> None:
    with board.running(board.built(tmp_path, "-DHANG_AT_MS=3000u")) as url:
        wire = Wire(url)
        bench = Bench(wire)
        try:
            prepare(bench, Needs.SESSION)
            bench.until(lambda: bench.stamp_ms > 2_800, 5_000, "time goes on")
            bench.beating = False
            bench.wall(lambda: bench.stamp_ms < 1_000, 5.0)
            assert bench.stamp_ms < 2_800, "it has not restarted"
            with pytest.raises(FailedError):  # the fault blocks until it is reset
                bench.done(Reset(), session=0)
            bench.greet()
            told = bench.next_telemetry()
            assert told.faults == Fault.WATCHDOG
            assert bench.ask(Reset()) == (Result.DONE, 0)
        finally:
            wire.close()
