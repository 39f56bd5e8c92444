"""The session as the screen says it."""

import msgspec

from console.model.cycle import counted
from console.model.instruction import URGENT, Instruction, in_words, instruct
from console.model.observation import Observation
from console.model.quantities import celsius, minutes, plain
from console.model.snapshot import IN_PATIENT, Phase, ProcedureView
from console.model.stimulation import StimulationKind, StimulationView
from console.model.time_out import TimeOutView
from console.procedure import console_check, extension, in_place, time_out
from console.procedure.confirmed import motor_limit_ua, remark, result_words, unconfirmed
from console.procedure.freeze_rows import start_blocked
from console.procedure.placement_rows import FROZEN_UNDER_CELSIUS
from console.procedure.state import Conditions, Procedure
from console.procedure.stimulation_rows import rates
from console.procedure.thaw import COUNTDOWN_S, auto_start_in_s, melting, thaw_left_s, thaw_open


class Beside(msgspec.Struct, frozen=True):
    """What the screen's phase line needs beyond the procedure and its conditions. `free_in_s`: the
    estimate's; `gas_unconfirmed`: gas may flow, and nobody reads that it does not; `gas_off_s`:
    since it went off, by the host's clock; `alarms`: what they ask for."""

    free_in_s: float | None = None
    gas_unconfirmed: bool = False
    gas_off_s: float | None = None
    alarms: frozenset[Instruction] = frozenset()


def view(proc: Procedure, now: Conditions, beside: Beside = Beside()) -> ProcedureView:  # noqa: B008
    """What the screen shows."""
    seen = now.observation if now.fresh else None
    record = proc.last_record
    headline, detail = _line(proc, now, seen, beside.free_in_s)
    gas_off_s = _gas_off_s(proc) if beside.gas_off_s is None else beside.gas_off_s
    instruction = instruct(
        in_patient=proc.phase in IN_PATIENT,
        gas_unconfirmed=beside.gas_unconfirmed,
        tip_known=seen is not None and seen.tip_celsius is not None,
        free=proc.phase is Phase.FREE,
        alarms=beside.alarms,
    )
    if instruction in URGENT:
        detail = in_words(instruction, gas_off_s)
        if instruction is Instruction.CLOSE_CYLINDER and proc.phase in IN_PATIENT - {Phase.FREE}:
            detail = f"{detail} · {in_words(Instruction.DO_NOT_MOVE)}"
    phase, not_free = proc.phase, now.not_free
    if phase is Phase.FREE and instruction in (Instruction.CLOSE_UNCONFIRMED, Instruction.WAIT):
        # By its reading the probe is free, and the reading is not to be trusted.
        phase, headline = Phase.RELEASING, "LAST THAW"
        not_free = not_free or "The tip's temperature is not to be trusted"
    at_target = proc.phase is Phase.FREEZING and proc.target.near_since_ms is not None
    return ProcedureView(
        phase=phase,
        headline=headline,
        detail=detail,
        instruction=instruction,
        remaining_s=_remaining_s(proc, seen),
        elapsed_s=_elapsed_s(proc),
        plan=proc.plan,
        case=proc.case,
        operator=proc.operator,
        how=proc.how,
        site=proc.site,
        cycle=proc.cycle,
        records=proc.records,
        at_target=at_target and proc.target.reached,
        time_at_target_s=record.time_at_target_s if record is not None else None,
        auto_start_in_s=auto_start_in_s(proc),
        extended_in_s=extension.sent_in_s(proc),
        stop_reason=proc.stop_reason,
        stopped_by_operator=proc.stopped_by_operator,
        gas_confirmed_off=None if seen is None else not seen.valve_open,
        gas_off_s=None if proc.phase is Phase.FREEZING else gas_off_s,
        release_reason=not_free,
        free_rule=now.free_rule,
        placement=proc.placement,
        stimulation=_stimulation(proc, now),
        tests=proc.tests,
        pain=proc.pain,
        check=console_check.view(proc, now),
        in_place_asked=in_place.asked(proc, now) is not None,
        preparation=proc.preparation,
        cylinder_changing=proc.cylinder_changing,
        time_out=TimeOutView(time_out.answers(proc), time_out.missing(proc)),
    )


def _line(
    proc: Procedure, now: Conditions, seen: Observation | None, free_in_s: float | None
) -> tuple[str, str]:
    site = proc.current_site
    count = len(site.cycles) if site is not None else 0
    this = f"{proc.cycle + 1} of {count}"
    free = _free_words(free_in_s)
    match proc.phase:
        case Phase.PREPARE:
            return "PREPARE", "Choose a plan"
        case Phase.CHECK:
            return _check_line(proc)
        case Phase.TIME_OUT:
            return "TIME-OUT", "the whole team stops, one reads aloud"
        case Phase.STIMULATE:
            return _stimulate_line(proc)
        case Phase.READY:
            locked = start_blocked(proc, now)
            if locked is not None:
                return f"NOT READY for freeze {this}", locked
            return f"READY for freeze {this}", "gas is off"
        case Phase.STARTING:
            return f"STARTING freeze {this}", "do not move the probe"
        case Phase.FREEZING:
            record = proc.last_record
            held = record.time_at_target_s if record is not None else 0.0
            at = f"at target {minutes(held)}" if proc.target.reached else "cooling"
            return f"FREEZING {this}", f"{at} · do not move the probe"
        case Phase.THAWING:
            auto = auto_start_in_s(proc)
            if auto is not None and auto <= COUNTDOWN_S:
                return "THAWING", f"freeze {this} starts in {minutes(auto)}"
            if thaw_open(proc, now) is None:
                locked = start_blocked(proc, now)
                if locked is not None:
                    return f"NOT READY for freeze {this}", f"{locked} · {free}"
                return f"READY for freeze {this}", f"{_partial_words(seen)}{free}"
            return ("THAWING: ice melting" if melting(proc, now) else "THAWING"), _stay(free)
        case Phase.STOPPED:
            return "FREEZE STOPPED", "do not move the probe"
        case Phase.RELEASING:
            melts = melting(proc, now)
            return ("THAWING: ice melting" if melts else "LAST THAW"), _stay(free)
        case Phase.FREE:
            return "FREE TO MOVE", in_words(Instruction.MAY_WITHDRAW)
        case Phase.OUT:
            early = f" · {proc.released_early}" if proc.released_early else ""
            return "PROBE IS OUT", f"session ended{early}"


def _check_line(proc: Procedure) -> tuple[str, str]:
    run = proc.checking
    if run is None:
        return "CONSOLE CHECK", "gas is off · the probe is not in the patient"
    if run.stage is not None:
        return f"STARTING {run.item.upper()}", "tip in sterile water"
    return run.item.upper(), "gas is on · tip in sterile water" if run.gas else "gas is off"


def _free_words(free_in_s: float | None) -> str:
    if free_in_s is None:
        return "do not move the probe"
    # An estimate does not know single seconds.
    return f"free in about {minutes(5 * round(free_in_s / 5))} (estimate)"


def _stay(free: str) -> str:
    stay = in_words(Instruction.DO_NOT_MOVE)
    return stay if free == stay else f"do not move · {free}"


def _partial_words(seen: Observation | None) -> str:
    if seen is None or seen.tip_celsius is None or seen.tip_celsius > FROZEN_UNDER_CELSIUS:
        return ""
    return f"partial thaw, tip about {celsius(seen.tip_celsius)} · "


def _stimulate_line(proc: Procedure) -> tuple[str, str]:
    run = proc.stimulating
    if run is None:
        return f"STIMULATE: placement {proc.placement}", "stimulator off · gas is off"
    if run.stage is not None:
        return f"STARTING {run.kind.upper()} test", f"{plain(run.rate_hz)} Hz, from 0"
    return f"{run.kind.upper()} test", f"{plain(run.rate_hz)} Hz · stimulator on"


def _stimulation(proc: Procedure, now: Conditions) -> StimulationView:
    run, plan = proc.stimulating, rates(proc)
    on = run if run is not None and run.stage is None else None
    began = proc.tests[-1].started_ms if on is not None else None
    return StimulationView(
        unit=now.device.stimulator_unit if now.device is not None else None,
        sensory_hz=plan.sensory_hz,
        motor_hz=plan.motor_hz,
        running=run.kind if run is not None else None,
        wanted_ua=on.wanted_ua if on is not None else None,
        set_ua=on.set_ua if on is not None else None,
        on_s=max(0, proc.last_ms - began) / 1_000 if began is not None and proc.last_ms else None,
        motor_limit_ua=motor_limit_ua(proc),
        sensory=result_words(proc, StimulationKind.SENSORY),
        motor=result_words(proc, StimulationKind.MOTOR),
        remark=remark(proc),
        unconfirmed=unconfirmed(proc),
    )


def _remaining_s(proc: Procedure, seen: Observation | None) -> float | None:
    if proc.phase is Phase.FREEZING:
        return seen.remaining_freeze_ms / 1_000 if seen is not None else None
    if proc.phase is Phase.THAWING:
        return thaw_left_s(proc)
    if proc.phase is Phase.CHECK and proc.checking is not None and proc.checking.gas:
        return seen.remaining_freeze_ms / 1_000 if seen is not None else None
    return None


def _elapsed_s(proc: Procedure) -> float | None:
    record = proc.last_record
    if record is None or proc.last_ms is None:
        return None
    until = record.ended_ms if record.ended_ms is not None else proc.last_ms
    return max(0, until - record.started_ms) / 1_000


def _gas_off_s(proc: Procedure) -> float | None:
    if proc.gas_off_ms is None or proc.last_ms is None or proc.phase is Phase.FREEZING:
        return None
    return max(0, proc.last_ms - proc.gas_off_ms) / 1_000


def outcome(proc: Procedure) -> str:
    """What became of the session, in a word or two, for its record."""
    if proc.plan is None:
        return "no procedure"
    if proc.phase is not Phase.OUT:
        return "not finished"
    if proc.released_early:
        return "ended early"
    short = [at for at, site in enumerate(proc.plan.sites) if _done(proc, at) < len(site.cycles)]
    if any(at not in proc.pain_gone for at in short):
        return "ended early"
    return "pain gone" if short else "completed"


def _done(proc: Procedure, site: int) -> int:
    return counted(record for record in proc.records if record.site == site)
