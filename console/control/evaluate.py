"""One evaluation: interlocks first, then the procedure, then the heartbeat that says so."""

from typing import Final

from console.control import alarm_door, cylinders
from console.control.outputs import Feed, Finish, Output
from console.control.procedure_door import carry_out
from console.control.state import State
from console.control.wire import send_stop, transmit
from console.model.device import DeviceState
from console.model.event import EventKind
from console.model.observation import Observation
from console.model.plan import LONGEST_FREEZE_S, Timing
from console.model.snapshot import Phase, Sample
from console.procedure import step as procedure
from console.procedure.console_check import thermocouple_off
from console.procedure.state import Procedure
from console.safety import alarms, release, supervisor, texts
from console.safety.alarms import Alarms
from console.safety.facts import Facts
from console.safety.interlock import Finding, SafeState
from console.safety.interlocks import screen_lost
from console.safety.registry import BY_ID
from drivers.link import host

BEAT_EVERY_MS: Final = 100
UNHEARD_MS: Final = 2_000
"""After the screen is gone: how long to wait for a device that says nothing, in wall time."""


def evaluate(
    state: State,
    now_ms: float,
    out: list[Output],
    *,
    new: bool = False,
    pulses: Facts | None = None,
) -> None:
    """Looks at this moment. `new`: the observation has just come. `pulses` carries what happened
    only now (a restart, a gap, an error)."""
    facts = _facts(state, now_ms, new, pulses)
    state.supervisor, verdict = supervisor.step(state.supervisor, facts, state.config.limits)
    seen = state.observation
    before = state.alarming
    state.alarming, changes = alarms.step(
        before,
        verdict.findings,
        state.config.limits,
        wall=state.clock_face(now_ms),
        device_ms=seen.at_ms if seen is not None else None,
    )
    alarm_door.told(state, now_ms, changes, out)
    trips = _newly_reported(verdict.findings, before, state.alarming)
    if not trips and state.gas_may_flow():
        trips = verdict.trips  # no alarm that explains it or goes on may keep the gas on
    if trips:
        _trip(state, now_ms, trips[0], out)
    if any(each.id == "target_missed" and not each.held for each in verdict.findings):
        carry_out(state, now_ms, procedure.target_missed(state.procedure), out)
    if new and seen is not None:
        _observed(state, now_ms, out)
        _beat(state, now_ms, out)
    elif not state.fresh(now_ms):
        _unseen(state, now_ms, out)
    _leave(state, now_ms, out)


def _unseen(state: State, now_ms: float, out: list[Output]) -> None:
    """No reading is fresh: nothing is known to be free."""
    state.release = release.step(state.release, None, state.config.limits)
    carry_out(state, now_ms, procedure.unseen(state.procedure), out)


def _facts(state: State, now_ms: float, new: bool, pulses: Facts | None) -> Facts:
    proc = state.procedure
    record = proc.last_record if proc.phase is Phase.FREEZING else None
    due_ms = None
    if record is not None and proc.plan is not None:
        length_s = record.planned_freeze_s + record.extended_s
        if proc.plan.timing is Timing.FROM_TARGET:
            length_s = LONGEST_FREEZE_S
        due_ms = record.started_ms + round(length_s * 1000)
    began_ms = record.started_ms if record is not None else None
    tested = proc.checking
    if tested is not None and tested.gas and tested.stage is None:
        began_ms = tested.started_ms
        due_ms = (began_ms or 0) + round(tested.length_s * 1000)
    return Facts(
        now_ms=now_ms,
        device_now_ms=state.device_now_ms(now_ms),
        lockstep=state.clock.lockstep,
        own_simulator=state.config.port.startswith("sim:"),
        time_scale=state.clock.scale,
        port_open=state.port_open,
        link_open=state.link.open,
        was_open=state.was_open,
        heard_ms=state.heard_ms,
        moved_ms=state.moved_ms,
        quiet_until_device_ms=state.quiet_until_device_ms,
        observation=state.observation,
        new=new,
        gas=state.device.gas if state.device is not None else None,
        gas_wanted=state.gas_wanted(),
        target_celsius=proc.plan.target_celsius if proc.plan is not None else None,
        freeze_started_ms=began_ms,
        freeze_due_ms=due_ms,
        at_target=record is not None and proc.target.reached,
        probe_problem=state.probe_problem(now_ms),
        moved_cold=_moved_cold(state),
        thermocouple_off=thermocouple_off(proc),
        cylinder_changing=proc.cylinder_changing,
        thawing=proc.phase in (Phase.THAWING, Phase.STOPPED, Phase.RELEASING),
        screen_age_ms=_screen_age_ms(state, now_ms),
        stopping=state.link.stopping is not None or state.shutting,
        stop_unconfirmed=state.stop_unconfirmed,
        stop_asked=state.stop_asked,
        record_problem=state.record_problem,
        restarted=pulses.restarted if pulses is not None else False,
        session_lost=pulses.session_lost if pulses is not None else False,
        slept_ms=pulses.slept_ms if pulses is not None else 0.0,
        unanswered=pulses.unanswered if pulses is not None else "",
        error=pulses.error if pulses is not None else "",
        bad_line=state.bad_line,
        lost_words=state.link_words,
    )


def _moved_cold(state: State) -> bool:
    proc = state.procedure
    cold = proc.moved_cold is not None and proc.moved_cold == len(proc.records)
    return cold and not state.release.free and proc.phase not in (Phase.FREE, Phase.OUT)


def _screen_age_ms(state: State, now_ms: float) -> float | None:
    if not state.config.screen:
        return None
    if state.screen_gone:
        return float("inf")
    return now_ms - state.tick_ms if state.tick_ms is not None else None


def _newly_reported(
    findings: tuple[Finding, ...], before: Alarms, after: Alarms
) -> tuple[Finding, ...]:
    """What is newly reported to the operator and ends what is being done."""
    known = before.reported | {alarm.id for alarm in before.standing if alarm.clearing}
    return tuple(
        each
        for each in findings
        if each.id in after.reported - known and BY_ID[each.id].state is SafeState.SS1
    )


def _trip(state: State, now_ms: float, trip: Finding, out: list[Output]) -> None:
    reason = texts.happened(BY_ID[trip.id], trip.found, state.config.limits)
    if state.gas_may_flow():
        state.shutting = state.shutting or state.gas_seen()
        send_stop(state, now_ms, out)
    if state.procedure.phase not in (Phase.PREPARE, Phase.OUT):
        carry_out(
            state,
            now_ms,
            procedure.stopped(state.procedure, reason, by_operator=False, at_ms=None),
            out,
        )


def _observed(state: State, now_ms: float, out: list[Output]) -> None:
    seen = state.observation
    if seen is None:
        return
    state.release = release.step(state.release, seen, state.config.limits)
    probe = state.device.probe if state.device is not None else None
    sample = sample_of(seen, probe.model if probe is not None else None, state.procedure)
    if state.config.screen:
        state.samples.append(sample)
    if state.procedure.phase is not Phase.CHECK:  # the probe is in water then, not in tissue
        out.append(Feed(sample))
    before_mg = state.procedure.released_mg
    carry_out(state, now_ms, procedure.observed(state.procedure, state.conditions(now_ms)), out)
    cylinders.used(state, (state.procedure.released_mg - before_mg) / 1_000, out)
    shut = not seen.valve_open and seen.state is not DeviceState.FREEZING
    if not shut:
        state.shut_since_device_ms = None
        return
    if state.shut_since_device_ms is None:
        state.shut_since_device_ms = seen.at_ms
    if state.shutting:
        state.shutting = False
        text = "Gas confirmed off: the valve is read back shut."
        state.note(out, EventKind.GAS_CONFIRMED_OFF, text)


def sample_of(seen: Observation, probe: str | None, proc: Procedure) -> Sample:
    """The point of the plots that an observation gives, with a probe of that model."""
    return Sample(
        seen.at_ms,
        seen.tip_celsius,
        seen.supply_kpa,
        seen.exhaust_kpa,
        seen.flow_mg_s,
        seen.valve_open,
        probe,
        proc.site if proc.plan is not None else None,
        proc.placement if proc.plan is not None else None,
    )


def _beat(state: State, now_ms: float, out: list[Output]) -> None:
    """Renews the lease, unless something that must steer the device is not alive."""
    seen = state.observation
    if seen is None or state.stop_unconfirmed:
        return
    age_ms = _screen_age_ms(state, now_ms)
    if state.config.screen and (
        age_ms is None or age_ms > state.config.limits[screen_lost.SILENT_MS]
    ):
        return
    due = state.beat_ms is None or seen.at_ms - state.beat_ms >= BEAT_EVERY_MS
    if due or state.clock.lockstep:
        state.beat_ms = seen.at_ms
        transmit(host.beat(state.link, seen.at_ms), out)


def _leave(state: State, now_ms: float, out: list[Output]) -> None:
    """After the screen is gone: record until the device says shut, and no longer, for the next
    screen waits for the case. A device that says nothing is not waited for, nor one whose time
    stands still."""
    if not state.screen_gone or state.finished:
        return
    shut = state.fresh(now_ms) and state.shut_since_device_ms is not None
    heard_ms = max(state.screen_gone_ms, state.heard_ms or 0.0)
    unheard = now_ms - heard_ms > UNHEARD_MS or not state.port_open
    paused = state.link.open and state.clock.scale == 0
    if shut or unheard or paused:
        state.finished = True
        out.append(Finish("screen lost"))
