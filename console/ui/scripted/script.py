"""The snapshots of a scripted session."""

import math

import msgspec

from console.model.cylinder import Cylinder, enough, freezing_s, gas_left
from console.model.device import DeviceState
from console.model.estimate import Band, Estimate
from console.model.instruction import URGENT, in_words, instruct
from console.model.observation import Observation, Quality
from console.model.plan import NextFreeze, Plan
from console.model.quantities import LITRES_PER_GRAM, minutes, plain
from console.model.snapshot import (
    IN_PATIENT,
    Control,
    GasView,
    LinkState,
    LinkView,
    Phase,
    ProcedureView,
    Snapshot,
)
from console.model.stimulation import StimulationKind
from console.ui.scripted.course import DEMONSTRATION, Course
from console.ui.scripted.words import (
    check_controls,
    controls,
    line,
    stimulation_controls,
    time_out_controls,
)


class Script(Course):
    """A small stand-in for device and control process."""

    def __init__(self, plan: Plan = DEMONSTRATION, how: str = "demonstration") -> None:
        super().__init__(plan, how)
        self._number = 0
        self._last_told: tuple[tuple[int, bool], Estimate] | None = None
        self.cylinder: Cylinder | None = None

    def advance(self, seconds: float) -> Snapshot:
        """Lets time pass and returns the snapshot at its end, with all samples since the last."""
        self.pass_time(seconds)
        return self.snapshot()

    def until(self, phase: Phase, longest_s: float = 400.0) -> Snapshot:
        """Lets time pass until a phase is reached."""
        self.pass_until(phase, longest_s)
        return self.snapshot()

    def snapshot(self) -> Snapshot:
        """What is so now."""
        self._number += 1
        samples, events = tuple(self.samples), tuple(self.events)
        self.samples, self.events = [], []
        return Snapshot(
            number=self._number,
            link=LinkView(self.link, "sim://n2o", self.link_words, self.device, 9_000, 0),
            procedure=self._procedure(),
            observation=self._observation(),
            age_s=0.04 + self.stale_s,
            stale=self.stale_s > 0,
            device_now_ms=float(self.at_ms),
            controls=self._controls(),
            alarms=self.alarms,
            interlocks=self.interlocks,
            gas=self._gas(),
            estimate=self._told() if self.estimated and self.records else None,
            lowest_allowed_celsius=self.plan.target_celsius - 10.0,
            journal="/home/clinic/.local/share/cryoprobe/records/20261121-103207-0117/001.journal",
            samples=samples,
            events=events,
        )

    def _gas(self) -> GasView:
        released_l = self.released_g * LITRES_PER_GRAM
        if self.cylinder is None:
            return GasView(self.released_g, released_l)
        used_g = self.cylinder.used_g + self.released_g
        now = msgspec.structs.replace(self.cylinder, used_g=used_g)
        left = gas_left(now, self.records)
        planned = self.plan.sites[0].cycles[self.cycle :]
        lasts = enough(left, freezing_s(planned, self.plan.timing))
        return GasView(self.released_g, released_l, now, left, lasts)

    def _observation(self) -> Observation | None:
        if self.link is not LinkState.OPEN and self.device is None:
            return None
        at = self.stimulation.set_ua
        state = DeviceState.FREEZING if self.open else DeviceState.IDLE
        return Observation(
            at_ms=self.at_ms,
            state=state,
            valve_open=self.open,
            tip_celsius=self.tip,
            tip_quality=self.quality,
            supply_kpa=self.supply_kpa,
            exhaust_kpa=152.0 if self.open else 101.3,
            flow_mg_s=self.flow,
            stimulator_on=self.stimulation.running is not None,
            delivered_ua=None if at is None else at * 0.98,
            impedance_ohm=480.0 if at else None,
        )

    @property
    def _left_s(self) -> float | None:
        if self.phase is Phase.FREEZING:
            record = self.records[-1]
            whole = record.planned_freeze_s + self.extended_s
            return whole - (self.at_ms - record.started_ms) / 1_000
        if self.phase is Phase.THAWING and self.off_ms is not None:
            thaw = self.plan.sites[0].cycles[self.cycle - 1].thaw_s
            return max(0.0, thaw - (self.at_ms - self.off_ms) / 1_000)
        return None

    def _procedure(self) -> ProcedureView:
        record = self.records[-1] if self.records else None
        off = self.off_ms if self.phase is not Phase.FREEZING else None
        ran = None
        if record is not None:
            ran = ((record.ended_ms or self.at_ms) - record.started_ms) / 1_000
        held = record.time_at_target_s if record is not None else 0.0
        auto = self.plan.next_freeze is NextFreeze.AUTO and not self.hold
        thawing = self.phase is Phase.THAWING
        chosen = self.phase is not Phase.PREPARE
        headline, detail = line(
            self.phase,
            f"{self.cycle + 1} of {len(self.plan.sites[0].cycles)}",
            self._left_s,
            minutes(held) if record is not None and record.time_to_target_s else None,
            auto,
        )
        if self.stimulation.running is not None:
            sensory = self.stimulation.running is StimulationKind.SENSORY
            rate_hz = self.stimulation.sensory_hz if sensory else self.stimulation.motor_hz
            headline = f"{self.stimulation.running.upper()} test"
            detail = f"{plain(rate_hz)} Hz · stimulator on"
        if self.check.running is not None:
            headline, detail = self.check.running.upper(), "gas is on · tip in sterile water"
        instruction = instruct(
            in_patient=self.phase in IN_PATIENT,
            gas_unconfirmed=self.phase is Phase.STOPPED and not self.gas_off,
            tip_known=self.quality is Quality.OK and not self.stale_s,
            free=self.phase is Phase.FREE,
        )
        if instruction in URGENT:
            waited_s = (self.at_ms - off) / 1_000 if off is not None else None
            detail = in_words(instruction, waited_s)
        return ProcedureView(
            phase=self.phase,
            headline=headline,
            detail=detail,
            instruction=instruction,
            remaining_s=self._left_s,
            elapsed_s=ran,
            plan=self.plan if chosen else None,
            case=self.case if chosen else "",
            operator=self.operator if chosen else "",
            how=self.how if chosen else "",
            cycle=self.cycle,
            records=self.records,
            at_target=self.phase is Phase.FREEZING and bool(record and record.time_to_target_s),
            time_at_target_s=held,
            auto_start_in_s=self._left_s if thawing and auto else None,
            extended_in_s=self.extended_in_s,
            stop_reason=self.stop_reason,
            gas_confirmed_off=self.gas_off if self.phase is not Phase.FREEZING else False,
            gas_off_s=(self.at_ms - off) / 1_000 if off is not None else None,
            release_reason=self.release_reason,
            free_rule="above +10 °C for 5 s",
            stimulation=self.stimulation,
            tests=self.tests,
            check=self.check,
            time_out=self.time_out,
        )

    def _controls(self) -> dict[str, Control]:
        made = controls(self.phase, self.plan, self.cycle, self._left_s, self.hold)
        if self.phase is Phase.CHECK:
            made = check_controls(self.check)
        if self.phase is Phase.TIME_OUT:
            made = time_out_controls(self.time_out)
        if self.phase is Phase.STIMULATE:
            made = stimulation_controls(self.stimulation)
        for name, why in self.blocked.items():
            if name in made:
                made[name] = msgspec.structs.replace(made[name], blocked=why)
        if any(alarm.latched for alarm in self.alarms):
            made["acknowledge"] = Control("Acknowledge")
        return made

    def _told(self) -> Estimate:
        """The estimate as the model tells it: anew each second, and when the gas goes off."""
        second = (self.at_ms // 1_000, self.open)
        if self._last_told is None or self._last_told[0] != second:
            self._last_told = second, self._estimate()
        return self._last_told[1]

    def _estimate(self) -> Estimate:
        warm = 0.0 if self.off_ms is None or self.open else (self.at_ms - self.off_ms) / 1_000
        cold = max(0.0, 1.0 - math.exp(-self.frozen_s / 45.0))
        edge = 1.4 + 9.4 * cold
        low = max(1.4, 1.4 + 5.2 * cold - 0.12 * warm)
        below = max(0.0, self.frozen_s - 52.0)

        def band(value: float) -> Band:
            return Band(value, value * 0.84, value * 1.14)

        return Estimate(
            at_ms=self.at_ms,
            ice_edge_mm=band(edge),
            minus20_mm=band(low),
            minus20_reach_mm=band((low - 1.4) / 2),
            nerve_distance_mm=1.5,
            nerve_below_s=Band(below, below * 0.4, below * 1.4 + (12.0 if below else 0.0)),
            free_in_s=band(max(5.0, 130.0 - warm)) if warm else None,
        )
