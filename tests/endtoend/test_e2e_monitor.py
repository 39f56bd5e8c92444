"""`cryoprobe monitor` on a port that a running procedure has."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e_command import Command, Done, cryoprobe, plan_file
from e2e_simulator import Simulator
from e2e_wait import until

from console.records import Store


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Simulator]:
    device = Simulator(tmp_path / "device")
    yield device
    device.close()


def monitor(simulator: Simulator, records: Path) -> Done:
    return cryoprobe(
        *("monitor", "--port", simulator.port, "--records", records, "--for", "2.5", "--json")
    )


def test_the_frames_of_a_running_procedure_are_shown_and_it_is_not_disturbed(
    simulator: Simulator, tmp_path: Path
) -> None:
    records = tmp_path / "records"
    plan = plan_file(tmp_path, [(60, 45)])
    run = Command("run", plan, "--port", simulator.port, "--records", records, "--json")
    until(lambda: Store(records).live() is not None, "the run records")
    busy = cryoprobe("monitor", "--port", simulator.port, "--for", "1")
    assert busy.code == 2
    assert "in use" in busy.one_line()
    watched = monitor(simulator, records)
    assert watched.code == 0
    assert str(records) in watched.one_line()
    told = [json.loads(line) for line in watched.out.splitlines()]
    kinds = {(line["direction"], line["kind"]) for line in told}
    assert {("device", "Telemetry"), ("host", "Heartbeat")} <= kinds
    stamps = [line["device_ms"] for line in told if line["kind"] == "Telemetry"]
    assert stamps == sorted(stamps)
    run.signalled(signal.SIGINT)
    assert run.ended().json["alarms"] == []
    assert monitor(simulator, records).err == ""  # nobody has the port now
