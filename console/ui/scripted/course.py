"""The course of a scripted session."""

import math
from typing import Any, Final

import msgspec

from console.model.alarm import Alarm
from console.model.console_check import CheckItem, CheckResult, CheckStanding, CheckView
from console.model.cycle import CycleRecord, CycleState
from console.model.device import DeviceInfo, Gas, ProbeInfo
from console.model.event import Event, EventKind
from console.model.observation import FreezeEnd, Quality
from console.model.plan import Cycle, NextFreeze, Plan, Side, Site
from console.model.snapshot import Interlock, LinkState, Phase, Sample
from console.model.stimulation import (
    StimulationAnswer,
    StimulationKind,
    StimulationRecord,
    StimulationStep,
    StimulationView,
)
from console.model.time_out import TimeOutAnswer, TimeOutItem, TimeOutView

DEMONSTRATION: Final = Plan(
    sites=(Site("saphenous", Side.LEFT, (Cycle(120.0), Cycle(120.0), Cycle(120.0))),),
    next_freeze=NextFreeze.AUTO,
    name="3 × 2:00",
)
DEVICE: Final = DeviceInfo(
    serial="SIM-0001",
    firmware="1.0.0",
    boot_id=7,
    gas=Gas.N2O,
    simulated=True,
    lockstep=False,
    time_scale=1.0,
    coldest_target_celsius=-75.0,
    freeze_cap_s=300.0,
    lease_freeze_ms=1_000,
    lease_stimulation_ms=500,
    telemetry_hz=20,
    active_thaw=False,
    stimulator_unit="mA",
    probe=ProbeInfo("LT-14-6", "P-0815", 12, 1.4, 6.0, 21_500),
)
READY: Final = tuple(
    Interlock(name.lower(), name, True) for name in ("Link", "Probe", "Supply", "Thermocouple")
)
STEP_MS: Final = 50


class Course:
    """What happens in a session: an operator's doings and the passing of time. Attributes may be
    set freely to make what goes wrong."""

    def __init__(self, plan: Plan = DEMONSTRATION, how: str = "demonstration") -> None:
        self.plan, self.how = plan, how
        self.case, self.operator = "2026-0117", "AB"
        self.device: DeviceInfo | None = DEVICE
        self.link, self.link_words = LinkState.OPEN, ""
        self.at_ms = 10_000
        self.phase = Phase.PREPARE
        self.tip: float | None = 36.6
        self.quality = Quality.OK
        self.supply_kpa = 5_060.0
        self.alarms: tuple[Alarm, ...] = ()
        self.interlocks: tuple[Interlock, ...] = READY
        self.blocked: dict[str, str] = {}
        self.stale_s = 0.0
        self.extended_in_s: float | None = None
        self.estimated = True
        self.records: tuple[CycleRecord, ...] = ()
        self.stop_reason = ""
        self.release_reason = ""
        self.extended_s = 0.0
        self.gas_off: bool | None = True
        self.hold = False
        self.cycle = 0
        self.stimulation = StimulationView(unit="mA")
        self.tests: tuple[StimulationRecord, ...] = ()
        self.check = CheckView()
        self.time_out = TimeOutView()
        self.off_ms: int | None = None
        self._since_free_ms: int | None = None
        self._true_tip = 36.6
        self._start_tip = 36.6
        self.released_g = 0.0
        self.frozen_s = 0.0
        self.samples: list[Sample] = []
        self.events: list[Event] = []

    # --- what an operator does ----------------------------------------------------------------

    def choose(self) -> None:
        """Uses the plan, its card answered."""
        how = self.how if self.how == "demonstration" else ""
        self.time_out = TimeOutView(tuple(TimeOutAnswer(item, True, how) for item in TimeOutItem))
        by = tuple(CheckResult(item, CheckStanding.PASSED, "", how) for item in CheckItem)
        self.check = CheckView(by)
        self.phase = Phase.READY
        self._note(EventKind.PLAN_CHOSEN, "Plan chosen.")

    def do_check(self, now: CheckItem | None, *given: CheckResult, **fields: Any) -> None:
        """The console check, at this line, with these results so far."""
        self.phase = Phase.CHECK
        missing = None if now is None else f"Console check, still open: {now}"
        self.check = CheckView(given, now, **{"missing": missing, **fields})

    def read_card(self, *clear: TimeOutItem, unclear: TimeOutItem | None = None) -> None:
        """The time-out, with these answers so far."""
        self.phase = Phase.TIME_OUT
        given = [TimeOutAnswer(item, True) for item in clear]
        if unclear is not None:
            given.append(TimeOutAnswer(unclear, False))
        still = [item for item in TimeOutItem if item not in clear]
        missing = f"Still to be answered: {still[0]}" if still else None
        if unclear is not None:
            missing = f"Not clear: {unclear}. Clear it up, or give a reason"
        self.time_out = TimeOutView(tuple(given), missing)

    def stimulate(self) -> None:
        """Opens the stimulation."""
        self.phase = Phase.STIMULATE

    def test(
        self,
        kind: StimulationKind,
        *amplitudes_ua: int,
        answer: StimulationAnswer | None = None,
    ) -> None:
        """A test up to the last of these amplitudes; without an answer it runs on."""
        steps = tuple(
            StimulationStep(self.at_ms + 6_000 * n, ua, ua * 0.98, 480.0)
            for n, ua in enumerate(amplitudes_ua, 1)
        )
        sensory, last = kind is StimulationKind.SENSORY, amplitudes_ua[-1]
        made = StimulationRecord(
            0, 1, kind, "mA", 50.0 if sensory else 2.0, 0.5, 3_000 if sensory else 1_000,
            self.at_ms, steps, answer=answer, answered_ua=last if answer is not None else None,
            ended_ms=self.at_ms if answer is not None else None,
        )  # fmt: skip
        self.tests = (*self.tests, made)
        running = None if answer is not None else kind
        at = last if running is not None else None
        self.stimulation = msgspec.structs.replace(
            self.stimulation, running=running, wanted_ua=at, set_ua=at,
            on_s=13.0 if running is not None else None,
        )  # fmt: skip

    def start(self) -> None:
        """Starts the next freeze."""
        self.phase = Phase.FREEZING
        self._start_tip, self.extended_s = self._true_tip, 0.0
        planned = self.plan.sites[0].cycles[self.cycle].freeze_s
        self.records = (
            *self.records,
            CycleRecord(0, self.cycle + 1, planned, CycleState.FREEZING, self.at_ms),
        )
        self._note(EventKind.FREEZE_STARTED, "Freeze started.")

    def end(self, state: CycleState = CycleState.ENDED_EARLY) -> None:
        """The gas goes off."""
        end = FreezeEnd.TIMER if state is CycleState.DONE else FreezeEnd.END
        self._amend(state=state, ended_ms=self.at_ms, end=end)
        self.off_ms = self.at_ms
        self._note(EventKind.FREEZE_ENDED, "Freeze ended.")
        self.cycle += 1
        last = self.cycle >= len(self.plan.sites[0].cycles)
        self.phase = Phase.RELEASING if last else Phase.THAWING

    def stop(self, reason: str = "Stopped by you 10:42:07") -> None:
        """STOP or a trip."""
        if self.phase is Phase.FREEZING:
            self._amend(state=CycleState.STOPPED, ended_ms=self.at_ms, end=FreezeEnd.STOP)
        self.off_ms = self.at_ms
        self.stop_reason, self.phase = reason, Phase.STOPPED
        self._note(EventKind.STOPPED, reason)

    def finish(self) -> None:
        """No more freezes."""
        self.phase = Phase.RELEASING

    def out(self) -> None:
        """The probe is out."""
        self.phase = Phase.OUT

    # --- time ---------------------------------------------------------------------------------

    def pass_time(self, seconds: float) -> None:
        """Lets time pass, a sample every 50 ms."""
        for _ in range(round(seconds * 1_000 / STEP_MS)):
            self._step()

    def pass_until(self, phase: Phase, longest_s: float) -> None:
        """Lets time pass until a phase is reached."""
        for _ in range(round(longest_s * 1_000 / STEP_MS)):
            if self.phase is phase:
                break
            self._step()

    def _step(self) -> None:
        self.at_ms += STEP_MS
        self._move()
        self.samples.append(
            Sample(self.at_ms, self.tip, self.supply_kpa, 150.0, self.flow, self.open)
        )

    @property
    def open(self) -> bool:
        """The gas is on."""
        return self.phase is Phase.FREEZING

    @property
    def flow(self) -> float:
        """In mg/s."""
        if not self.open:
            return 0.0
        return 310.0 if self._true_tip > self.plan.target_celsius + 3 else 186.0

    def _move(self) -> None:
        step = STEP_MS / 1_000
        wobble = 0.35 * math.sin(self.at_ms / 610.0) + 0.2 * math.sin(self.at_ms / 173.0)
        if self.open:
            self._true_tip += (self.plan.target_celsius - self._true_tip) * step / 2.1
            self.released_g += self.flow * step / 1_000
            self.frozen_s += step
            self._freeze()
        elif self.off_ms is not None:
            since = (self.at_ms - self.off_ms) / 1_000
            goal = -8.0 + since / 24.0 if since < 95 else 33.0
            self._true_tip += (goal - self._true_tip) * step / (1.6 if since < 95 else 45.0)
            self._thaw(since)
        shown = self._true_tip + wobble * (1.0 if self.open else 0.3)
        self.tip = shown if self.quality is Quality.OK else None

    def _freeze(self) -> None:
        record = self.records[-1]
        lowest = min(self._true_tip, record.lowest_tip_celsius or 99.0)
        self._amend(lowest_tip_celsius=lowest, gas_g=record.gas_g + self.flow * 0.05 / 1_000)
        since = (self.at_ms - record.started_ms) / 1_000
        if self._true_tip < self.plan.target_celsius + 3:
            if record.time_to_target_s is None:
                self._amend(time_to_target_s=since)
                self._note(EventKind.AT_TARGET, "At target.")
            else:
                self._amend(time_at_target_s=since - record.time_to_target_s)
        if since >= record.planned_freeze_s + self.extended_s:
            self.end(CycleState.DONE)

    def _thaw(self, since: float) -> None:
        if self.phase is Phase.THAWING:
            self._amend(highest_thaw_celsius=max(-6.0, self._true_tip), thaw_s=since)
            auto = self.plan.next_freeze is NextFreeze.AUTO and not self.hold
            if auto and since >= self.plan.sites[0].cycles[self.cycle - 1].thaw_s:
                self.start()
        elif self.phase is Phase.RELEASING and self._true_tip > 10.0:
            self._since_free_ms = self._since_free_ms or self.at_ms
            if self.at_ms - self._since_free_ms >= 5_000:
                self._amend(thaw_s=since)
                self.phase = Phase.FREE
                self._note(EventKind.FREE, "Free to move.")

    def _amend(self, **changes: object) -> None:
        self.records = (*self.records[:-1], msgspec.structs.replace(self.records[-1], **changes))

    def _note(self, kind: EventKind, text: str) -> None:
        self.events.append(Event(kind, self.at_ms, text))
