"""Opening the link: STOP first, then HELLO; and what the core makes of what it finds there."""

from typing import Any

import pytest
from core_kit import Bench, Console, plan, transmitted

from console.model.device import Gas
from console.model.event import EventKind
from console.model.request import ChoosePlan, NewSession, ProbeOut, StartFreeze, Stop
from console.model.snapshot import LinkState, Phase
from drivers.link import codes
from drivers.link.messages import (
    Answer,
    Heartbeat,
    Hello,
    Probe,
    ReadProbe,
    Telemetry,
    Welcome,
)
from drivers.link.messages import (
    StartFreeze as StartMessage,
)


def test_the_first_frame_is_stop_and_the_second_hello() -> None:
    bench = Bench()
    assert transmitted(bench.open_port()) == ["Stop", "Hello"]
    frames = [frame for _, frame in bench.sent]
    assert frames[0].session == 0 and frames[1].session != 0
    assert bench.state.link_state is LinkState.OPENING


def test_nothing_is_sent_before_the_port_is_open() -> None:
    bench = Bench()
    bench.run(3_000)
    assert bench.sent == [] and bench.alarms == {}


def test_it_connects_and_reads_the_probe() -> None:
    bench = Bench().connected()
    info = bench.state.device
    assert info is not None and info.simulated and info.gas is Gas.N2O
    assert (
        info.probe is not None and info.probe.serial == "P-0001" and info.probe.tip_length_mm == 6
    )
    assert bench.state.link_state is LinkState.OPEN and bench.alarms == {}
    assert bench.snapshot().controls["choose_plan"].blocked is None


@pytest.mark.parametrize("lost", [Telemetry, Welcome, Answer, Probe])
def test_one_lost_frame_of_each_kind_does_not_matter(lost: type) -> None:
    bench = Bench()
    seen: list[Any] = []

    def passes(message: object) -> bool:
        seen.append(message)
        return not (isinstance(message, lost) and sum(isinstance(m, lost) for m in seen) == 1)

    bench.to_host = passes
    bench.open_port()
    bench.run(1_000)
    assert bench.state.link_state is LinkState.OPEN
    assert bench.state.device is not None and bench.state.device.probe is not None
    assert bench.alarms == {}


def test_the_probe_is_asked_for_until_it_is_known() -> None:
    bench = Bench()
    bench.console.silent_about = {ReadProbe}
    bench.open_port()
    bench.run(1_500)
    assert bench.state.device is not None and bench.state.device.probe is None
    bench.console.silent_about = set()
    bench.run(500)
    assert bench.state.device.probe is not None
    asked = len(bench.messages(ReadProbe))
    bench.run(2_000)
    assert len(bench.messages(ReadProbe)) == asked, "and not after that"


def test_a_stop_does_not_leave_the_probe_unknown() -> None:
    bench = Bench().connected()
    bench.console.silent_about = {ReadProbe}
    bench.console.happened(codes.EventCode.PROBE_CONNECTED)
    bench.run(60)
    bench.ask(Stop())
    bench.console.silent_about = set()
    bench.console.probe = Probe(1, 3, b"LT-14", b"P-0002", 1400, 6000, 25_000)
    bench.run(500)
    assert bench.state.device is not None and bench.state.device.probe is not None
    assert bench.state.device.probe.serial == "P-0002"


def test_no_probe_is_an_answer_too() -> None:
    bench = Bench()
    bench.console.probe = None
    bench.connected()
    assert bench.state.device is not None and bench.state.device.probe is None
    asked = len(bench.messages(ReadProbe))
    bench.run(1_000)
    assert len(bench.messages(ReadProbe)) == asked


@pytest.mark.parametrize(
    ("talks", "words"),
    [
        (False, "Nothing answers there. Is the console switched on and the cable plugged in?"),
        (True, "What answers there is not a console of this kind: unreadable bytes"),
    ],
)
def test_who_does_not_answer_in_2_s_is_no_console(talks: bool, words: str) -> None:
    bench = Bench()
    bench.console_runs = False
    bench.open_port()
    for _ in range(100):
        if talks:
            bench.garbage(1)
        bench.run(20)
    assert bench.state.link_state is LinkState.OPENING
    bench.run(40)
    assert bench.state.link_state is LinkState.FAILED and bench.state.link_words == words
    assert bench.alarms == {}, "what never was open cannot be lost"
    assert len(bench.messages(Hello)) > 5, "and it goes on asking"
    bench.console_runs = True
    bench.run(500)
    assert bench.state.link_state is LinkState.OPEN and bench.state.link_words == ""


def test_a_port_that_cannot_be_opened_says_why() -> None:
    bench = Bench()
    bench.close_port("no such port")
    assert bench.state.link_state is LinkState.FAILED
    shown = bench.snapshot()
    assert shown.link.words == "no such port" and shown.alarms == ()
    assert shown.interlocks[0].words == "no such port"


@pytest.mark.parametrize("welcome", [{"schema_hash": 1}, {"major": 2}])
@pytest.mark.hazard("console_unfit", "truth")
def test_a_console_of_another_version_is_only_read_and_raises_no_alarm(
    welcome: dict[str, int],
) -> None:
    bench = Bench(Console(**welcome))  # type: ignore[arg-type]
    bench.open_port()
    bench.run(3_000)
    assert bench.state.link_state is LinkState.READ_ONLY
    assert bench.alarms == {} and bench.messages(ReadProbe, Heartbeat) == []
    assert bench.ask(ChoosePlan(plan(), how="demonstration")) is None
    refused = bench.ask(StartFreeze())
    assert refused is not None and refused.startswith("Only reading: ")
    out = bench.wants(Stop())
    assert transmitted(out)[0] == "Stop"


@pytest.mark.hazard("console_unfit", "truth")
def test_a_gas_that_is_unknown_here_is_no_console() -> None:
    bench = Bench(Console(gas=9))  # type: ignore[arg-type]
    bench.open_port()
    bench.run(1_000)
    assert bench.state.link_state is LinkState.FAILED and bench.state.device is None
    assert "unknown here" in bench.state.link_words


# --- a console that is already freezing ----------------------------------------------------------


def test_a_console_that_freezes_when_we_come_is_stopped_and_nothing_is_resumed() -> None:
    console = Console()
    console.gas_on(120_000, -70.0)
    bench = Bench(console)
    bench.open_port()
    bench.run(20)
    assert console.on_ms is None, "by the first frame"
    bench.run(5_000)
    assert bench.phase is Phase.PREPARE and bench.alarms == {}
    assert bench.messages(StartMessage) == []


def test_a_valve_that_is_slow_to_shut_when_we_come_is_no_unexpected_freeze() -> None:
    console = Console(now_ms=900_000)
    console.valve_stuck = True
    bench = Bench(console)
    bench.open_port()
    bench.run(1_400)
    assert "unexpected_freeze" not in bench.alarms
    console.valve_stuck = False
    bench.run(3_000)
    assert bench.alarms == {}


def test_gas_that_goes_on_after_the_grace_is_one() -> None:
    console = Console(now_ms=900_000)
    console.valve_stuck = True
    bench = Bench(console)
    bench.open_port()
    bench.run(1_700)
    alarm = bench.alarms["unexpected_freeze"]
    assert alarm.present and alarm.priority.value == "high"
    assert len(bench.messages(StartMessage)) == 0


# --- a second session --------------------------------------------------------------------------


def test_a_new_session_never_takes_a_number_of_the_link_again() -> None:
    """The loop makes a new core with the old one's configuration."""
    bench = Bench().ready()
    assert bench.ask(ProbeOut("test")) is None
    sessions = {frame.session for _, frame in bench.sent}
    for _ in range(3):
        out = bench.wants(NewSession())
        assert bench.renewed and transmitted(out) == []
        later = Bench(bench.console, seed=bench.state.config.seed, now_ms=bench.now_ms)
        later.connected()
        used = {frame.session for _, frame in later.sent} - {0}
        assert not used & sessions
        sessions |= used
        assert later.state.device is not None and later.state.device.probe is not None
        assert (
            later.ask(ChoosePlan(plan(), how="demonstration")) is None
            and later.ask(StartFreeze()) is None
        )
        later.run(1_000)
        assert later.phase is Phase.FREEZING
        later.ask(Stop())
        later.run(500)
        assert later.ask(ProbeOut("test")) is None
        later.run(3_000)
        bench = later


def test_the_same_seed_gives_the_same_session_numbers() -> None:
    first, second, other = Bench(seed=3), Bench(seed=3), Bench(seed=4)
    for bench in (first, second, other):
        bench.open_port()
    assert [f for _, f in first.sent] == [f for _, f in second.sent]
    assert [f.session for _, f in first.sent] != [f.session for _, f in other.sent]


def test_connecting_is_told() -> None:
    bench = Bench().connected()
    assert bench.told(EventKind.CONNECTED) == [
        "Connected to simulated N₂O console CC-0001, firmware 1.0.0."
    ]
