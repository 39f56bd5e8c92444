"""The core against a line that loses, a console that restarts and an operator at random: what must
hold, holds at every step, and in the end everything comes to rest."""

import random

import pytest
from core_kit import LEASE_MS, Bench, plan

from console.control.outputs import Output
from console.model.plan import NextFreeze
from console.model.request import (
    Acknowledge,
    AfterStop,
    AnyRequest,
    ChoosePlan,
    Decide,
    EndFreeze,
    ExtendFreeze,
    FinishHere,
    ProbeOut,
    Quit,
    StartFreeze,
    Stop,
    Wait,
)
from console.model.snapshot import Phase
from drivers.link import codes
from drivers.link.device import lease_left_ms
from drivers.link.messages import Arm, End, Heartbeat, read
from drivers.link.messages import StartFreeze as StartMessage
from drivers.link.messages import Stop as StopMessage

ASKS: tuple[AnyRequest, ...] = (
    StartFreeze(), StartFreeze(), StartFreeze(), EndFreeze(), ExtendFreeze(1.0), Wait(),
    Acknowledge(), Acknowledge(), Acknowledge(), FinishHere(), ProbeOut("x"), ProbeOut(),
    Decide(AfterStop.REPEAT), Decide(AfterStop.COUNT), Decide(AfterStop.FINISH),
)  # fmt: skip
FAULTS = (codes.Fault.EXHAUST_BLOCKED, codes.Fault.SUPPLY_LOW, codes.Fault.THERMOCOUPLE_OPEN)


class Watched(Bench):
    """Looks at every frame as it goes out."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.loss = 0.0
        self.may_start = False  # a start was wanted since the last STOP
        self.armed = 0
        self.looked = 0
        self.starts = 0
        self.chosen_auto = False
        super().__init__(seed=chance.randrange(1 << 30))
        self.to_console = self.to_host = self.passes

    def passes(self, message: object) -> bool:
        return self.chance.random() >= self.loss

    def _done(self, out: list[Output]) -> list[Output]:
        super()._done(out)
        self.look()
        return out

    def look(self) -> None:
        """At what was sent since the last look."""
        auto = self.chosen_auto and not self.state.procedure.hold
        for _, frame in self.sent[self.looked :]:
            match read(frame):
                case StopMessage():
                    self.may_start, self.armed = False, 0
                case Arm():
                    assert self.may_start or auto, "ARM that nobody wanted"
                    self.armed += 1
                case StartMessage():
                    assert self.armed, "START after a STOP, or without an ARM"
                    self.starts += 1
                case Heartbeat():
                    tick_ms = self.state.tick_ms
                    assert tick_ms is not None and self.now_ms - tick_ms <= 1_000
                    assert not self.state.stop_unconfirmed and not self.state.screen_gone
        self.looked = len(self.sent)
        proc, seen = self.state.procedure, self.state.observation
        if proc.phase is Phase.FREE:
            assert seen is not None and seen.tip_celsius is not None
        if self.state.release.free:
            assert seen is not None and not seen.valve_open and (seen.tip_celsius or 0.0) > 10.0
        if proc.phase is Phase.FREEZING:
            assert proc.current_cycle is not None
        ids = [alarm.id for alarm in self.state.alarms]
        assert len(ids) == len(set(ids))
        if self.console.on_ms is not None and not self.console.local:
            assert lease_left_ms(self.console.link, LEASE_MS, self.console.now_ms) > 0


def walk(seed: int) -> int:
    chance = random.Random(seed)
    bench = Watched(chance)
    boot = 0xB007
    bench.connected()
    bench.chosen_auto = chance.random() < 0.5
    chosen = plan(
        5.0, 5.0, thaw_s=1.0, sites=2,
        next_freeze=NextFreeze.AUTO if bench.chosen_auto else NextFreeze.ASK,
    )  # fmt: skip
    for _ in range(120):
        bench.run(chance.choice((10, 50, 200, 600)))
        if chance.random() < 0.3:
            bench.screen_ticks = bench.disk = True
            bench.loss, bench.console.silent_about = 0.0, set()
        what = chance.random()
        if what < 0.55:
            begins = bench.phase in (Phase.PREPARE, Phase.OUT)
            asked = ChoosePlan(chosen, how="demonstration") if begins else chance.choice(ASKS)
            refused = bench.ask(asked)
            if isinstance(asked, StartFreeze) and refused is None:
                bench.may_start, bench.armed = True, 0
        elif what < 0.59:
            assert bench.ask(Stop()) is None
            assert bench.phase not in (Phase.STARTING, Phase.FREEZING)
        elif what < 0.65:
            bench.loss = chance.choice((0.0, 0.0, 0.0, 0.2, 0.6, 1.0))
        elif what < 0.69:
            bench.garbage(chance.choice((1, 6, 12)))
        elif what < 0.73:
            bench.close_port()
        elif what < 0.80 and not bench.cable:
            bench.open_port()
        elif what < 0.82:
            boot += 1
            bench.console.reboot(boot)
        elif what < 0.84:
            bench.console.fault(chance.choice(FAULTS))
        elif what < 0.86:
            bench.gap(chance.choice((100, 700, 2_000)))
        elif what < 0.88:
            bench.screen_ticks = False
        elif what < 0.90:
            bench.disk = False
        elif what < 0.91:
            bench.failed("an exception")
        elif what < 0.94:
            bench.console.silent_about = {chance.choice((Arm, StartMessage, End))}
    # Everything heals: the console is found again, nothing starts, and the case can be closed.
    bench.loss, bench.disk, bench.screen_ticks = 0.0, True, True
    bench.console.silent_about = set()
    bench.ask(Stop())
    if not bench.cable:
        bench.open_port()
    bench.run(3_000)
    assert bench.state.link.open and bench.console.on_ms is None
    assert not ("stop_unconfirmed" in bench.alarms and bench.alarms["stop_unconfirmed"].present)
    for _ in range(4):
        bench.ask(Acknowledge())
        bench.run(300)
    bench.run(10_000)  # what does not latch goes on for so long after its condition
    assert [a.id for a in bench.state.alarms if a.id != "unexpected_freeze"] == []
    assert bench.console.faults == 0
    assert bench.ask(Quit()) is None
    return bench.starts


@pytest.mark.parametrize("seed", range(24))
def test_at_random(seed: int) -> None:
    walk(seed)
