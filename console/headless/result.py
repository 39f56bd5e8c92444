"""What a headless run gives: the JSON of `run --json`, and the same in words."""

from typing import Any

from console.control.state import State
from console.headless.operator import Operator
from console.model.cycle import CycleRecord
from console.model.estimate import Estimate
from console.model.plan import Plan
from console.model.quantities import milli_of, number, with_unit
from console.model.snapshot import Phase
from console.model.stimulation import StimulationRecord
from drivers.inputs.text import safe


def finished(
    state: State,
    operator: Operator,
    estimates: list[Estimate],
    journal: str | None,
    replies: list[Any],
) -> dict[str, Any]:
    """The result of a run that has ended, with the estimates of its whole time."""
    proc = state.procedure
    refusal = next((reply.refused for reply in replies if reply.refused), None)
    done = proc.phase is Phase.OUT
    outcome, reason = "completed", operator.reason
    if operator.refused:
        outcome, reason = "refused", reason or refusal
    elif reason is not None or not done or operator.interrupted:
        why = "interrupted" if operator.interrupted else state.link_words
        outcome, reason = "aborted", reason or why or "ended before its end"
    result = empty(outcome, reason)
    result |= {
        "gas": state.device.gas.value if state.device is not None else None,
        "simulated": state.device.simulated if state.device is not None else False,
        "cycles": [
            _cycle(proc.records, index, operator.plan, estimates)
            for index in range(len(proc.records))
        ],
        "stimulation": [_test(test, operator.plan) for test in proc.tests],
        "alarms": [
            {
                "id": alarm.id,
                "priority": alarm.priority.value,
                "at_s": at_s,
                "text": alarm.happened,
            }
            for alarm, at_s in operator.alarms(state)
        ],
        "estimate_reason": _no_estimate(state),
        "released": done and not proc.released_early,
        "journal": journal,
    }
    return result


def _no_estimate(state: State) -> str | None:
    """Why no freeze has an estimate of its ice, None where they have."""
    if state.estimate is not None or not state.procedure.records:
        return None
    probe = None if state.device is None else state.device.probe
    if probe is None:
        return "the tissue model gave no estimate: no probe has said what model it is"
    return (
        f"the tissue model gave no estimate for the probe {probe.model}: it needs tip "
        "temperatures, and a model whose size stands in probes.toml"
    )


def empty(outcome: str, reason: str | None) -> dict[str, Any]:
    """The result of a run that did not begin."""
    return {
        "outcome": outcome,
        "reason": reason,
        "simulated": False,
        "gas": None,
        "cycles": [],
        "stimulation": [],
        "alarms": [],
        "estimate_reason": None,
        "released": False,
        "journal": None,
    }


def _cycle(
    records: tuple[CycleRecord, ...], index: int, plan: Plan, estimates: list[Estimate]
) -> dict[str, Any]:
    record = records[index]
    until = records[index + 1].started_ms if index + 1 < len(records) else float("inf")
    own = [e for e in estimates if record.started_ms <= e.at_ms < until]
    ended = record.ended_ms if record.ended_ms is not None else record.started_ms
    site = plan.sites[record.site]
    return {
        "site": f"{site.side.value} {site.nerve}",
        "start_tip_celsius": record.start_tip_celsius,
        "lowest_tip_celsius": record.lowest_tip_celsius,
        "time_to_target_s": record.time_to_target_s,
        "time_at_target_s": round(record.time_at_target_s, 3),
        "freeze_s": (ended - record.started_ms) / 1000,
        "thaw_s": record.thaw_s,
        "gas_g": round(record.gas_g, 3),
        "ice_edge_mm": max((e.ice_edge_mm.value for e in own), default=None),
        "minus20_mm": max((e.minus20_mm.value for e in own), default=None),
    }


def _test(test: StimulationRecord, plan: Plan) -> dict[str, Any]:
    """Amplitudes in `unit`: those at which the answer was marked."""
    site = plan.sites[test.site]
    return {
        "site": f"{site.side.value} {site.nerve}",
        "placement": test.placement,
        "kind": test.kind.value,
        "rate_hz": test.rate_hz,
        "answer": None if test.answer is None else test.answer.value,
        "answered_by": None if test.answer is None else test.by.value,
        "unit": test.unit,
        "amplitude": milli_of(test.answered_ua),
        "delivered": milli_of(test.delivered_ua),
        "impedance_ohm": test.impedance_ohm,
    }


def as_text(result: dict[str, Any]) -> str:
    """The result for reading on a terminal, safe whatever its words hold."""
    result = safe(result)
    lines = [f"{result['outcome']}" + (f": {result['reason']}" if result["reason"] else "")]
    for test in result["stimulation"]:
        at = with_unit(test["amplitude"], test["unit"], 2)
        said = "no answer" if test["answer"] is None else f"{test['answer']} at {at}"
        by = "" if test["answered_by"] is None else f" ({test['answered_by']})"
        lines.append(f"  {test['kind']} test  {test['site']}: {said}{by}")
    for count, cycle in enumerate(result["cycles"], 1):
        lines.append(
            f"  freeze {count}  {cycle['site']}: "
            f"lowest {number(cycle['lowest_tip_celsius'])} °C, "
            f"to target {number(cycle['time_to_target_s'])} s, "
            f"at target {number(cycle['time_at_target_s'])} s, "
            f"ice edge {number(cycle['ice_edge_mm'])} mm (model), gas {number(cycle['gas_g'])} g"
        )
    if result["estimate_reason"]:
        lines.append(f"  {result['estimate_reason']}")
    for alarm in result["alarms"]:
        lines.append(f"  alarm {alarm['priority']}: {alarm['text']}")
    if result["journal"]:
        lines.append(f"  record: {result['journal']}")
    if result.get("report"):
        lines.append(f"  report: {result['report']}")
    return "\n".join(lines)
