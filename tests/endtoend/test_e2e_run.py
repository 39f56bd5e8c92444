"""`cryoprobe run`: a whole procedure without a window, its numbers, and its ends."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from e2e_command import Command, Done, cryoprobe, plan_file
from e2e_simulator import Simulator
from e2e_wait import until

from console.records.session import read_session
from console.records.verify import verify

THREE_BY_TWO = Path("examples/three-by-two.toml").absolute()
SHORT = [(20.0, 45.0), (20.0, 45.0)]
FASTEST = "sim://n2o?speed=600&seed=1"


def numbers(result: dict[str, Any]) -> dict[str, Any]:
    """The result without the one thing that differs by name: where its record is."""
    return {key: value for key, value in result.items() if key != "journal"}


@pytest.mark.seeds
def test_three_by_two_keeps_to_its_bounds(tmp_path: Path) -> None:
    done = cryoprobe(
        "run", THREE_BY_TWO, "--port", FASTEST, "--records", tmp_path, "--json", within_s=240
    )
    assert done.code == 0, done.err
    assert done.err == ""
    result = done.json
    assert (result["outcome"], result["reason"]) == ("completed", None)
    assert result["simulated"] is True
    assert result["gas"] == "n2o"
    assert result["alarms"] == []
    assert result["released"] is True
    cycles = result["cycles"]
    assert len(cycles) == 3
    for cycle in cycles:
        assert cycle["site"] == "left saphenous"
        assert -76 <= cycle["lowest_tip_celsius"] <= -68
        assert 0 < cycle["time_to_target_s"] < 40
        assert cycle["time_at_target_s"] > 60
        assert cycle["freeze_s"] == pytest.approx(120, abs=0.2)
        assert cycle["minus20_mm"] < cycle["ice_edge_mm"]
        assert cycle["gas_g"] > 0
    assert 30 < cycles[0]["start_tip_celsius"] < 38
    assert 7 <= cycles[0]["ice_edge_mm"] <= 12
    assert cycles[0]["ice_edge_mm"] < cycles[2]["ice_edge_mm"] <= 14
    assert [cycle["thaw_s"] for cycle in cycles[:2]] == pytest.approx([45, 45], abs=0.2)
    assert cycles[2]["thaw_s"] < 6 * 60
    assert_closed(result)


def test_the_same_seed_gives_the_same_numbers_at_any_speed_and_another_does_not(
    tmp_path: Path,
) -> None:
    plan = plan_file(tmp_path, [(20.0, 0.0)])
    runs = [
        Command(
            "run", plan, "--port", f"sim://n2o?speed={speed}&seed={seed}", "--json",
            "--records", tmp_path / f"records {seed} at {speed}",
        )
        for seed, speed in ((3, 600), (3, 100), (4, 600))
    ]  # fmt: skip
    one, same, other = (run.ended(120) for run in runs)
    assert (one.code, same.code, other.code) == (0, 0, 0), one.err + same.err + other.err
    assert numbers(one.json) == numbers(same.json)
    assert numbers(one.json) != numbers(other.json)
    assert one.json["journal"] != same.json["journal"]


def test_co2_freezes_to_its_own_target(tmp_path: Path) -> None:
    plan = plan_file(tmp_path, [(30.0, 0.0)], celsius=-60.0)
    done = cryoprobe(
        "run", plan, "--port", "sim://co2?speed=600&seed=1", "--json", "--records", tmp_path
    )
    assert done.code == 0, done.out
    (cycle,) = done.json["cycles"]
    assert done.json["gas"] == "co2"
    assert done.json["alarms"] == []
    assert -66 <= cycle["lowest_tip_celsius"] <= -57


# --- interrupted --------------------------------------------------------------------------------


@pytest.fixture
def freezing(simulator: Simulator, tmp_path: Path) -> Iterator[Command]:
    """A run on a console of its own, in mid-freeze."""
    command = Command(
        "run", plan_file(tmp_path, [(120.0, 45.0), (120.0, 45.0)]), "--port", simulator.port,
        "--records", tmp_path / "records", "--json",
    )  # fmt: skip
    try:
        until(lambda: simulator.device()["valve_open"], "it freezes")
        simulator.runs_on(1_000)
        yield command
    finally:
        if command.process.poll() is None:
            command.signalled(signal.SIGKILL)
        command.process.communicate()


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_in_mid_freeze_means_stop(
    sign: int, times: int, simulator: Simulator, freezing: Command
) -> None:
    for _ in range(times):
        freezing.signalled(sign)
    device = simulator.shut()
    assert "LEASE_LOST" not in device["faults"], "the lease had to do it"
    done = freezing.ended(15)
    assert done.code == 1
    result = done.json
    assert result["outcome"] == "aborted"
    assert "stopped by you" in result["reason"].lower() or "interrupt" in result["reason"].lower()
    assert len(result["cycles"]) == 1
    (on,), off = simulator.log("gas", 1), simulator.log("gas", 0)[-1]
    assert result["cycles"][0]["freeze_s"] == pytest.approx((off - on) / 1_000, abs=0.2)
    assert result["released"] is False
    assert_closed(result)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_lockstep_too(sign: int, tmp_path: Path) -> None:
    records = tmp_path / "records"
    command = Command(
        "run", plan_file(tmp_path, [(240.0, 45.0)]), "--port", "sim://n2o?speed=20&seed=1",
        "--records", records, "--json",
    )  # fmt: skip
    until(lambda: any("freeze started" in each for each in events(records)), "it freezes")
    command.signalled(sign)
    done = command.ended(15)
    assert done.code == 1
    assert done.json["outcome"] == "aborted"
    assert len(done.json["cycles"]) == 1
    assert_closed(done.json)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_before_a_console_answers(sign: int, tmp_path: Path) -> None:
    records = tmp_path / "records"
    command = Command(
        "run", plan_file(tmp_path, SHORT), "--port", "sim://n2o", "--records", records, "--json"
    )
    until(lambda: list(records.glob("*/*.journal")), "its record has begun")
    command.signalled(sign)
    done = command.ended(15)
    assert done.code == 1
    assert (done.json["outcome"], done.json["reason"]) == ("aborted", "interrupted")
    assert done.json["cycles"] == []


# --- refused ------------------------------------------------------------------------------------


def test_a_plan_that_asks_is_refused(tmp_path: Path) -> None:
    plan = plan_file(tmp_path, SHORT, 'next_freeze = "ask"')
    done = cryoprobe("run", plan, "--port", FASTEST, "--records", tmp_path, "--json")
    assert done.code == 2
    assert 'write next_freeze = "auto"' in done.one_line()


@pytest.mark.parametrize(
    ("gas", "celsius", "coldest"), [("n2o", -76.0, "75"), ("co2", -63.0, "62")]
)
def test_a_plan_colder_than_the_console_is_refused_by_name(
    gas: str, celsius: float, coldest: str, tmp_path: Path
) -> None:
    plan = plan_file(tmp_path, SHORT, celsius=celsius)
    done = cryoprobe(
        "run", plan, "--port", f"sim://{gas}?speed=600", "--records", tmp_path, "--json"
    )
    assert_refused(done, coldest)
    assert_refused(done, f"{-celsius:.0f}")


def test_without_a_port_it_says_which_it_takes(tmp_path: Path) -> None:
    plan = plan_file(tmp_path, SHORT, 'next_freeze = "ask"')
    done = cryoprobe("run", plan, "--records", tmp_path, "--json")
    assert done.code == 2
    first, second = done.err.splitlines()
    assert "sim://n2o" in first
    assert "next_freeze" in second


# --- faults ---------------------------------------------------------------------------------------


def test_an_open_thermocouple_ends_the_run_and_nobody_waits(tmp_path: Path) -> None:
    port = f"{FASTEST}&fault=thermocouple_open@30"
    plan = plan_file(tmp_path, [(60.0, 0.0)])
    done = cryoprobe("run", plan, "--port", port, "--records", tmp_path, "--json")
    assert done.code == 1
    result = done.json
    assert not result["released"]
    assert result["cycles"][-1]["thaw_s"] < 60
    assert "thermocouple_open" in [alarm["id"] for alarm in result["alarms"]]


def test_an_alarm_behind_a_restart_has_its_time(tmp_path: Path) -> None:
    port = f"{FASTEST}&fault=reboot@30"
    plan = plan_file(tmp_path, [(60.0, 0.0)])
    done = cryoprobe("run", plan, "--port", port, "--records", tmp_path, "--json")
    assert done.code == 1
    alarms = {alarm["id"]: alarm["at_s"] for alarm in done.json["alarms"]}
    assert 20 < alarms["restarted"] < 32


def test_a_port_that_dies_in_mid_freeze_is_told_in_words_with_its_alarm(
    simulator: Simulator, freezing: Command
) -> None:
    simulator.kill()
    done = freezing.ended()
    assert done.code == 1
    result = done.json
    assert "is gone: was its cable pulled" in result["reason"]
    assert [alarm["priority"] for alarm in result["alarms"]] == ["high"]


# --- a record that breaks -------------------------------------------------------------------------


def test_a_record_that_cannot_go_on_starts_no_other_freeze(tmp_path: Path) -> None:
    """As of a full disk: the journal may not grow past 10 kB, some way into the first freeze."""
    done = Command(
        "run", plan_file(tmp_path, SHORT), "--port", FASTEST, "--json",
        "--records", tmp_path / "records", largest_file=10_000,
    ).ended(60)  # fmt: skip
    assert done.code == 1
    result = done.json
    assert result["outcome"] == "aborted"
    assert "record" in result["reason"]
    assert len(result["cycles"]) == 1
    assert result["cycles"][0]["freeze_s"] == pytest.approx(20.0, abs=0.2)
    assert "record_failed" in [alarm["id"] for alarm in result["alarms"]]
    (journal,) = read_session(Path(result["journal"]).parent).journals
    assert journal.intact
    assert not journal.closed


def test_a_record_that_cannot_begin_starts_no_freeze(tmp_path: Path) -> None:
    done = Command(
        "run", plan_file(tmp_path, SHORT), "--port", FASTEST, "--json",
        "--records", tmp_path / "records", largest_file=200,
    ).ended(60)  # fmt: skip
    assert_refused(done, "record")


def test_a_run_whose_record_is_not_whole_is_not_completed(tmp_path: Path) -> None:
    """The journal breaks off in the last freeze, which goes on to its end all the same."""
    done = Command(
        "run", plan_file(tmp_path, [(20.0, 0.0)]), "--port", FASTEST, "--json",
        "--records", tmp_path / "records", largest_file=10_000,
    ).ended(60)  # fmt: skip
    assert done.code == 1
    assert done.json["outcome"] == "aborted"
    assert "record" in done.json["reason"]
    assert done.json["released"] is True


def test_a_console_that_falls_silent_does_not_hold_up_an_interrupted_run(
    simulator: Simulator, freezing: Command
) -> None:
    simulator.pause()
    freezing.signalled(signal.SIGINT)
    done = freezing.ended(15)
    simulator.go_on()
    simulator.shut()
    assert done.code == 1
    assert done.json["outcome"] == "aborted"


# --- parts --------------------------------------------------------------------------------------


def assert_refused(done: Done, word: str) -> None:
    assert done.code == 1
    result = done.json
    assert result["outcome"] == "refused"
    assert word in result["reason"]
    assert result["cycles"] == []


def assert_closed(result: dict[str, Any]) -> None:
    folder = Path(result["journal"]).parent
    verdict = verify(folder)
    assert verdict.ok, verdict.problem
    assert read_session(folder).ended


def events(records: Path) -> list[str]:
    """What has happened in the one session there, as far as it is on disk."""
    found = next(iter(records.glob("2*")), None)
    if found is None or not list(found.glob("*.journal")):
        return []
    return [each.event.kind.value for each in read_session(found).events]
