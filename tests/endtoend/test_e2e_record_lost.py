"""The disk fails in mid-session: a clear alarm, the running freeze ends as planned, no other
starts, and what was acknowledged is there."""

import os
import resource
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from e2e_command import cryoprobe_here, plan_file
from e2e_screen import Screen, plan
from e2e_simulator import Simulator

from console.model.alarm import Priority
from console.model.cycle import CycleState
from console.model.event import EventKind
from console.model.observation import FreezeEnd
from console.model.request import ProbeOut, StartFreeze
from console.model.snapshot import LinkState, Phase
from console.records import read_session

MakeScreen = Callable[..., Screen]


def alarmed(host: Screen) -> str:
    """Waits for the alarm of the record; what it says."""
    shown = host.until(
        lambda s: any(alarm.id == "record_failed" for alarm in s.alarms), "the alarm of the record"
    )
    (alarm,) = (alarm for alarm in shown.alarms if alarm.id == "record_failed")
    assert alarm.priority is Priority.MEDIUM
    return alarm.happened


def finishes_safely(host: Screen, simulator: Simulator) -> None:
    """The freeze ends by its timer, the next one is refused, and the probe comes out."""
    host.until(lambda s: s.procedure.phase is Phase.THAWING, "the freeze ends", 30)
    (record,) = host.now.procedure.records
    assert (record.state, record.end) == (CycleState.DONE, FreezeEnd.TIMER)
    host.until(lambda s: s.procedure.gas_confirmed_off is True, "the gas is read back off")
    assert not simulator.device()["valve_open"]
    refused = host.ask(StartFreeze())
    assert refused is not None
    assert "record" in refused.lower()
    assert host.ask(ProbeOut("the record has failed")) is None
    host.until(lambda s: s.procedure.phase is Phase.OUT, "the probe is out")


def test_a_disk_that_is_full_in_mid_freeze(
    simulator: Simulator, screen: MakeScreen, tmp_path: Path
) -> None:
    host = screen()
    host.freeze(plan((5, 0), (5, 0), auto=False))
    journal = Path(host.now.journal or "")
    known = len(read_session(journal).journals[0].data)
    resource.prlimit(host.pid, resource.RLIMIT_FSIZE, (known + 500, known + 500))
    assert "Recording has stopped" in alarmed(host)
    finishes_safely(host, simulator)
    host.close()
    found = read_session(journal)
    assert found.journals[0].intact
    kinds = [each.event.kind for each in found.events]
    assert EventKind.FREEZE_STARTED in kinds, "what was acknowledged is there"
    assert EventKind.FREEZE_ENDED not in kinds, "and nothing that was not"
    assert found.outcome == "unfinished"


def test_a_folder_that_is_removed_in_mid_freeze(
    simulator: Simulator, screen: MakeScreen, tmp_path: Path
) -> None:
    host = screen()
    host.freeze(plan((5, 0), (5, 0), auto=False))
    shutil.rmtree(Path(host.now.journal or "").parent)
    assert "Recording has stopped" in alarmed(host)
    finishes_safely(host, simulator)


def test_where_no_record_can_be_kept_nothing_is_opened(
    simulator: Simulator, screen: MakeScreen, tmp_path: Path
) -> None:
    folder = unwritable(tmp_path)
    host = screen(store=folder)
    shown = host.until(lambda s: s.link.state is LinkState.FAILED, "it says that it cannot")
    assert str(folder) in shown.link.words
    assert simulator.log("gas", 1) == []


@pytest.mark.parametrize("what", ["read-only", "a file"])
def test_a_headless_run_says_so_in_one_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], what: str
) -> None:
    folder = unwritable(tmp_path) if what == "read-only" else tmp_path / "file" / "records"
    (tmp_path / "file").write_text("no folder")
    done = cryoprobe_here(
        capfd, "run", plan_file(tmp_path, [(5, 5)]), "--port", "sim://n2o", "--records", folder
    )
    assert done.code == 2
    assert str(folder) in done.one_line()
    assert "Errno" not in done.err


def unwritable(folder: Path) -> Path:
    """A folder in which nobody can make anything, the superuser neither."""
    if os.geteuid() == 0:
        return Path("/proc/self/records")
    (folder / "locked").mkdir(mode=0o500)
    return folder / "locked" / "records"
