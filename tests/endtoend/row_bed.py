"""The host's core and the simulated console with bytes between them, by one clock: what a fault
does from the sensor to the operator's text, in device time and in moments.

The line is bytes both ways, framed and cut apart again by the shipped code; only the processes are
missing. `freezing()` is one healthy freeze, run once and copied for each fault.
"""

import copy
from functools import cache
from typing import Any

import msgspec

from console import config
from console.control import core, picture
from console.control.loop import chunk_input
from console.control.outputs import AlarmTold, Checkpoint, History, Output, Tell, Transmit
from console.control.state import Config, State
from console.model.alarm import Alarm
from console.model.event import Event, EventKind
from console.model.plan import Cycle, Plan, Side, Site, StimulationPlan
from console.model.request import (
    AnyRequest,
    ChoosePlan,
    StartFreeze,
    StartStimulation,
    StepAmplitude,
)
from console.model.snapshot import Phase, Snapshot
from console.model.stimulation import AmplitudeStep, StimulationKind
from console.records.alarm_book import AlarmBook
from console.records.entries import DurableIn, GuiTickIn, KeptIn, PortIn, RequestIn, TickIn
from drivers.link.codes import Gas
from drivers.link.frame import Deframer, encode
from drivers.link.messages import read
from simulator.firmware import Readings
from simulator.station import DueFault, Station

STEP_MS = 10
LINE_MS = 10
BEGAN_MS = 5_000.0
PLAN = Plan((Site("saphenous", Side.LEFT, (Cycle(100.0, 45.0),) * 2),), -70.0)


class Row:
    """One host and one console. `cut`: the bytes of a direction that are lost; `settings`: what
    this console has otherwise than the usual one."""

    def __init__(
        self,
        *faults: tuple[str, float | None],
        gas: Gas = Gas.N2O,
        book: AlarmBook | None = None,
        medium: str = "tissue",
        **settings: Any,
    ) -> None:
        due = tuple(DueFault(name, size, 0) for name, size in faults)
        self.station = Station(gas, seed=3, cell_mm=0.5, medium=medium, faults=due)
        if settings:
            own = msgspec.structs.replace(self.station.firmware.device.settings, **settings)
            self.station.firmware.replaced(settings=own)
        self.state: State = core.begin(
            Config("bed", config.limits(), 1, "2026-01-05T10:00:00.000+00:00", BEGAN_MS)
        )
        self.screen_ticks = True
        self.cut: set[str] = set()  # "down", "up", or the name of a message of the host
        self.world_ms = 0
        self.run_to_ms = 0  # up to where the console has run
        self.station_ms = 0.0  # the same by its own clock, which may be off
        self.events: list[Event] = []
        self.refused: list[str | None] = []
        self.history: dict[str, tuple[int, Alarm]] = {}  # device ms and words of the first of each
        self._book = book
        if book is not None:
            self.give(KeptIn(self.now_ms, book.kept))
        self._deframer = Deframer()
        self._rest = b""
        self._durable: list[int] = []
        self._down: list[bytes] = []

    # --- time and bytes -----------------------------------------------------------------------

    @property
    def now_ms(self) -> float:
        return BEGAN_MS + self.world_ms

    @property
    def device_ms(self) -> int:
        return self.station.firmware.now_ms

    def give(self, given: core.Input) -> None:
        """One input to the core, and what follows from it."""
        for output in core.step(self.state, given):
            self._one(output)
        for alarm in self.state.alarms:
            self.history.setdefault(alarm.id, (self.device_ms, alarm))

    def _one(self, output: Output) -> None:
        match output:
            case Transmit():
                message = read(output.frame)
                if "down" not in self.cut and type(message).__name__ not in self.cut:
                    self._down.append(encode(output.frame))
            case History():
                self.events.append(output.event)
            case Tell():
                self.refused.append(output.reply.refused)
            case AlarmTold() if self._book is not None:
                self._book.put(output.wall, output.console, output.turn, output.alarm)
            case Checkpoint():
                self._durable.append(output.token)
            case _:
                pass

    def run(self, ms: int) -> None:
        """Lets time pass."""
        for _ in range(ms // STEP_MS):
            self._step()

    def until(self, what: Any, within_ms: int) -> None:
        """Lets time pass until `what()`, which must come."""
        for _ in range(within_ms // STEP_MS):
            if what():
                return
            self._step()
        assert what(), f"not within {within_ms} ms: {[a.id for a in self.state.alarms]}"

    def _step(self) -> None:
        self.world_ms += STEP_MS
        down, self._down = b"".join(self._down), []
        for found in self._deframer.feed(down):
            self.station.hear(found)
        self.station_ms += (self.world_ms - self.run_to_ms) * self.station.drift
        self.run_to_ms = self.world_ms
        self.station.run(int(self.station_ms))
        urgent, others = self.station.outgoing()
        if "up" not in self.cut:
            *whole, self._rest = (self._rest + b"".join([*urgent, *others])).split(b"\0")
            for raw in whole:
                self.give(chunk_input(self.now_ms, raw))
        while self._durable:
            self.give(DurableIn(self.now_ms, self._durable.pop(0)))
        if self.screen_ticks and self.world_ms % 50 == 0:
            self.give(GuiTickIn(self.now_ms, self.state.snapshots))
        if self.world_ms % 20 == 0:
            self.give(TickIn(self.now_ms))

    # --- what is done -------------------------------------------------------------------------

    def connected(self) -> "Row":
        self.give(PortIn(self.now_ms, core.PORT_OPENED, ""))
        self.run(600)
        assert self.state.link.open
        return self

    def ask(self, request: AnyRequest) -> str | None:
        """Asks; why it was refused."""
        self.give(RequestIn(self.now_ms, 1, request))
        return self.refused[-1]

    def started(self, plan: Plan = PLAN) -> "Row":
        """A freeze has just begun."""
        self.connected()
        assert self.ask(ChoosePlan(plan, how="demonstration")) is None
        assert self.ask(StartFreeze()) is None
        self.until(lambda: self.phase is Phase.FREEZING, 1_000)
        return self

    def turn(self, name: str, size: float | None = None) -> None:
        """A fault, now."""
        self.station.turn(DueFault(name, size, 0))

    def leave(self) -> None:
        """The program ends."""
        assert self._book is not None and self._book.close()

    def mend(self) -> None:
        """What was turned, lost or misread is as it should be again."""
        for name in self.station.knobs():
            self.station.clear(name)
        self.cut.clear()
        self.screen_ticks = True
        vars(self.station.bench).pop("read", None)

    def reads(self, **fields: Any) -> None:
        """The console's inputs say this from now on, whatever is so."""
        bench = self.station.bench
        true = bench.read

        def read() -> Readings:
            return msgspec.structs.replace(true(), **fields)

        vars(bench)["read"] = read

    # --- what is so ---------------------------------------------------------------------------

    @property
    def phase(self) -> Phase:
        return self.state.procedure.phase

    @property
    def alarms(self) -> dict[str, Alarm]:
        return {alarm.id: alarm for alarm in self.state.alarms}

    @property
    def safe(self) -> bool:
        """Whether the console drives everything as SS1 wants it."""
        drive = self.station.firmware.device.drive
        return (
            drive.valve_duty == 0
            and drive.exhaust_open
            and not drive.warming
            and not drive.stimulator_on
        )

    @property
    def shut_ms(self) -> int:
        """Device time at which the gas was last driven shut."""
        found = [
            at for at, what, on in self.station.firmware.transitions if what == "gas" and not on
        ]
        return found[-1]

    def snapshot(self) -> Snapshot:
        return picture.snapshot(self.state, self.now_ms, None)

    def told(self, kind: EventKind) -> list[str]:
        return [event.text for event in self.events if event.kind is kind]


@cache
def _froze() -> Row:
    row = Row().started()
    row.run(12_000)
    assert row.state.procedure.target.reached and row.state.alarms == ()
    return row


@cache
def _stimulated() -> Row:
    row = Row().connected()
    plan = msgspec.structs.replace(PLAN, stimulation=StimulationPlan())
    assert row.ask(ChoosePlan(plan, how="demonstration")) is None
    assert row.ask(StartStimulation(StimulationKind.SENSORY)) is None
    row.run(1_000)
    for _ in range(10):
        assert row.ask(StepAmplitude(AmplitudeStep.UP)) is None
        row.run(300)
    seen = row.state.observation
    assert seen is not None and seen.delivered_ua == 500 and row.state.alarms == ()
    return row


def stimulating() -> Row:
    """A sensory test at 0.5 mA."""
    return copy.deepcopy(_stimulated())


def freezing() -> Row:
    """A healthy freeze at its target, 12 s old."""
    return copy.deepcopy(_froze())
