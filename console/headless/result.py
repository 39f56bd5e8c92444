"""What a headless run gives: the JSON of `run --json`, and the same in words."""

from collections.abc import Iterable
from typing import Any

from console.control.state import State
from console.headless.operator import Operator
from console.model.cycle import keys
from console.model.plan import Plan
from console.model.quantities import milli_of, number, with_unit
from console.model.snapshot import Phase
from console.model.stimulation import StimulationRecord
from console.report.account import Freeze
from drivers.inputs.text import safe


def finished(
    state: State,
    operator: Operator,
    freezes: Iterable[Freeze],
    journal: str | None,
    replies: list[Any],
) -> dict[str, Any]:
    """The result of a run that has ended; `freezes` as its record tells them."""
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
        "cycles": [cycle(each, operator.plan) for each in freezes],
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


def known(state: State) -> tuple[Freeze, ...]:
    """The freezes as the run itself knows them, where its record is not whole: without an estimate,
    in the device's time."""
    records = state.procedure.records
    return tuple(
        Freeze(
            key=key,
            record=record,
            began_s=record.started_ms / 1_000,
            ended_s=None if record.ended_ms is None else record.ended_ms / 1_000,
            until_s=None,
            model=None,
            device=state.device,
        )
        for key, record in zip(keys(records), records, strict=True)
    )


def cycle(freeze: Freeze, plan: Plan) -> dict[str, Any]:
    """A freeze of the result, named by `site_number`, `placement`, `freeze` and `run` as in every
    export. Ice edge and -20 °C: across, in mm; reach: from the probe's surface; nerve: its time
    below -20 °C in this freeze and its thaw."""
    key, record, model = freeze.key, freeze.record, freeze.model
    site = plan.sites[key.site]
    return {
        "site": f"{site.side.value} {site.nerve}",
        "site_number": key.site + 1,
        "placement": key.placement,
        "freeze": key.number,
        "run": key.run,
        "state": record.state.value,
        "start_tip_celsius": record.start_tip_celsius,
        "lowest_tip_celsius": record.lowest_tip_celsius,
        "time_to_target_s": record.time_to_target_s,
        "time_at_target_s": round(record.time_at_target_s, 3),
        "freeze_s": None if freeze.ran_s is None else round(freeze.ran_s, 3),
        "thaw_s": record.thaw_s,
        "gas_g": round(record.gas_g, 3),
        "ice_edge_mm": None if model is None else model.ice_edge_mm.value,
        "minus20_mm": None if model is None else model.minus20_mm.value,
        "minus20_reach_mm": None if model is None else model.minus20_reach_mm.value,
        "nerve_below_s": None if model is None else model.nerve_below_s.value,
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
    for one in result["cycles"]:
        again = f", run {one['run']}" if one["run"] > 1 else ""
        named = f"place {one['placement']}, freeze {one['freeze']}{again}"
        lines.append(
            f"  {one['site']}, {named}: "
            f"lowest {number(one['lowest_tip_celsius'])} °C, "
            f"to target {number(one['time_to_target_s'])} s, "
            f"at target {number(one['time_at_target_s'])} s, "
            f"ice edge {number(one['ice_edge_mm'])} mm across (model), "
            f"gas {number(one['gas_g'])} g"
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
