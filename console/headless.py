"""A whole procedure without a window: the same control loop, with an operator that follows the
plan. On a simulated console only; never a clinical record."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from console.control.core import PORT_FAILED, PORT_LOST, PORT_OPENED, Input
from console.control.estimator import Estimator
from console.control.inbox import Inbox
from console.control.loop import Loop, chunk_input, monotonic_ms
from console.control.opening import configured, opened_record
from console.control.state import State
from console.model.alarm import Alarm
from console.model.cycle import CycleRecord
from console.model.estimate import Estimate
from console.model.plan import NextFreeze, Plan
from console.model.request import (
    AfterStop,
    AnyRequest,
    ChoosePlan,
    Decide,
    ProbeOut,
    Quit,
    StartFreeze,
    Stop,
)
from console.model.snapshot import LinkState, Phase
from console.procedure.requests import start_blocked
from console.records.entries import DurableIn, EstimateIn, PortIn, RecordFailedIn, RequestIn
from console.records.store import Store
from drivers import serial_console
from drivers.serial_console import SerialConsole

READY_WITHIN_MS: Final = 15_000
HELD_WITHIN_MS: Final = 60_000
STARTS_WITHIN_MS: Final = 30_000
SILENT_WITHIN_MS: Final = 15_000
FREE_WITHIN_MS: Final = 600_000
ESTIMATE_WITHIN_S: Final = 120.0
HOW: Final = "headless run"
Progress = Callable[[State], None]


class CannotRunError(Exception):
    """Nothing was done: the port, the console or the store is not to be had. One line."""


class Operator:
    """Follows the plan; asked after each evaluated observation. `reason` says why it was not
    completed."""

    def __init__(self, plan: Plan, initials: str) -> None:
        self.plan, self.initials = plan, initials
        self.reason: str | None = None
        self.refused = False
        self.interrupted = False
        self.alarms: dict[tuple[str, int], Alarm] = {}
        self.began_ms: int | None = None
        self._chosen = False
        self._quit = False
        self._since_ms: dict[Phase, int] = {}

    def __call__(self, state: State, now_ms: float) -> Iterator[AnyRequest]:
        """What it wants at this moment."""
        seen, proc = state.observation, state.procedure
        if seen is None or self._quit:
            return
        if self.began_ms is None:
            self.began_ms = seen.at_ms
        for alarm in state.alarms:
            self.alarms.setdefault((alarm.id, alarm.count), alarm)
        self._since_ms = {proc.phase: self._since_ms.get(proc.phase, seen.at_ms)}
        waited_ms = seen.at_ms - self._since_ms[proc.phase]
        if self.interrupted and not seen.valve_open and proc.phase is not Phase.OUT:
            self.reason = self.reason or "interrupted"
            yield from self._leave(proc.phase, "headless run interrupted")
            return
        match proc.phase:
            case Phase.PREPARE:
                yield from self._prepare(state, now_ms, waited_ms)
            case Phase.READY:
                yield from self._start(state, now_ms, waited_ms, READY_WITHIN_MS)
            case Phase.THAWING if proc.hold:
                yield from self._start(state, now_ms, waited_ms, HELD_WITHIN_MS)
            case Phase.STOPPED:
                self.reason = self.reason or proc.stop_reason or "stopped"
                yield Decide(AfterStop.FINISH)
            case Phase.RELEASING if waited_ms > FREE_WITHIN_MS:
                self.reason = self.reason or "the probe was not free 10:00 after the last freeze"
                yield ProbeOut("headless run: not free after 10:00")
            case Phase.FREE:
                yield ProbeOut()
            case Phase.OUT:
                self._quit = True
                yield Quit()
            case _:
                pass

    def _prepare(self, state: State, now_ms: float, waited_ms: int) -> Iterator[AnyRequest]:
        if self._chosen or (state.device is not None and not state.device.simulated):
            return
        # The plan counts from a console that is known whole: its probe is read first.
        if state.device is None or (state.device.probe is None and waited_ms < READY_WITHIN_MS):
            return
        self._chosen = True
        yield ChoosePlan(self.plan, operator=self.initials, how=HOW)
        if state.procedure.phase is Phase.PREPARE:
            self.refused, self._quit = True, True
            yield Quit()

    def _start(
        self, state: State, now_ms: float, waited_ms: int, within_ms: int
    ) -> Iterator[AnyRequest]:
        blocked = start_blocked(state.procedure, state.conditions(now_ms))
        if blocked is None:
            yield StartFreeze()
        elif waited_ms > within_ms:
            self.reason = self.reason or blocked
            self.refused = not state.procedure.records
            yield from self._leave(state.procedure.phase, blocked)

    def _leave(self, phase: Phase, why: str) -> Iterator[AnyRequest]:
        if phase is Phase.PREPARE:
            self._quit = True
            yield Quit()
        else:
            yield ProbeOut(why)


def run(
    plan: Plan,
    url: str,
    *,
    records: Path | None = None,
    initials: str = "",
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Runs `plan` on the console at `url`; the result as `run --json` gives it. Raises
    CannotRunError when there is no such console, or it is none that may be run headless."""
    if plan.next_freeze is NextFreeze.ASK:
        return _result("refused", 'next_freeze is "ask", and nobody is there to be asked')
    if plan.stimulation is not None:
        return _result("refused", "[stimulation] is not part of this version: leave it out")
    url, lockstep = paced(url)
    inbox: Inbox[Input] = Inbox()
    store = Store(records)
    try:
        lock = store.lock()
    except Exception as error:
        raise CannotRunError(str(error)) from error
    with lock:
        return _run(plan, url, lockstep, inbox, store, initials, progress)


def _run(
    plan: Plan,
    url: str,
    lockstep: bool,
    inbox: Inbox[Input],
    store: Store,
    initials: str,
    progress: Progress | None,
) -> dict[str, Any]:
    config = configured(url, screen=False, seed=0 if lockstep else None)
    estimates: list[Estimate] = []

    def estimated(estimate: Estimate) -> None:
        estimates.append(estimate)
        inbox.put(EstimateIn(0.0, estimate))

    estimator = Estimator(estimated)
    operator = Operator(plan, initials)
    port_words: list[str] = []

    def from_port(news: serial_console.News) -> None:
        match news:
            case serial_console.Opened():
                inbox.put(PortIn(0.0, PORT_OPENED, ""))
            case serial_console.Failed() | serial_console.Lost():
                port_words.append(news.words)
                what = PORT_FAILED if isinstance(news, serial_console.Failed) else PORT_LOST
                inbox.put(PortIn(0.0, what, news.words))
            case serial_console.Chunk():
                inbox.put(chunk_input(0.0, news.raw))

    console = SerialConsole(url, from_port)

    def operate(state: State, now_ms: float) -> Iterator[AnyRequest]:
        if progress is not None:
            progress(state)
        yield from operator(state, now_ms)

    loop = Loop(
        config,
        inbox,
        wire=console,
        operator=operate,
        feed=estimator.feed,
        watch=lambda state: _watch(state, operator, monotonic_ms()),
    )
    reason, whole = "failed", False
    with _signals(inbox, operator):
        record = opened_record(
            store.new_session(datetime.now().astimezone()),
            config,
            "new",
            on_durable=loop.durable if lockstep else lambda token: inbox.put(DurableIn(0.0, token)),
            on_failed=lambda words: inbox.put(RecordFailedIn(0.0, words)),
            inline=lockstep,
        )
        loop.record_to(record, str(record.path))
        console.start()
        try:
            reason = loop.run()
        finally:
            console.close()
            whole = record.close(reason) and record.lost == 0
            if reason == "failed":
                estimator.close()
    if reason.startswith(_CANNOT):
        estimator.close()
        raise CannotRunError(reason.removeprefix(_CANNOT))
    estimator.finish(ESTIMATE_WITHIN_S)
    if not whole:
        words = loop.state.record_problem or "its end is not on disk"
        operator.reason = operator.reason or f"The record is not whole: {words}"
    return _finished(loop.state, operator, estimates, str(record.path), loop.replies)


_CANNOT: Final = "cannot run: "


def _watch(state: State, operator: Operator, now_ms: float) -> str | None:
    """Why the run cannot go on, None while it can."""
    if operator.interrupted and not state.was_open:
        return "interrupted"
    if state.link_state is LinkState.FAILED and not _starting(state, now_ms):
        return f"{_CANNOT}{state.config.port}: {state.link_words}"
    device = state.device
    if device is not None and not device.simulated:
        return (
            f"{_CANNOT}{state.config.port} is a real console: this version runs headless on a "
            "simulated one only"
        )
    if device is not None and device.read_only_reason:
        return f"{_CANNOT}{device.read_only_reason}"
    if state.link_state is LinkState.LOST:
        silent_ms = now_ms - (state.heard_ms or now_ms)
        if not state.port_open or operator.interrupted or silent_ms > SILENT_WITHIN_MS:
            return f"link lost: {state.link_words}"
    return None


def _starting(state: State, now_ms: float) -> bool:
    """Whether this run's own simulator has yet to answer: a busy computer takes its time."""
    opened_ms = state.opened_ms if state.port_open else None
    return (
        state.config.port.startswith("sim:")
        and opened_ms is not None
        and now_ms - opened_ms < STARTS_WITHIN_MS
    )


def paced(url: str) -> tuple[str, bool]:
    """The URL with its pace, and whether that is lockstep: for a simulator that a headless run
    starts at a speed other than 1, unless the URL says another."""
    parts = urlsplit(url)
    if parts.scheme != "sim":
        return url, False
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    if "pace" not in asked and asked.get("speed", "1") not in ("1", "1.0"):
        asked["pace"] = "lockstep"
    return urlunsplit(parts._replace(query=urlencode(asked))), asked.get("pace") == "lockstep"


@contextmanager
def _signals(inbox: Inbox[Input], operator: Operator) -> Iterator[None]:
    """Ctrl-C and SIGTERM mean STOP."""

    def stop(number: int, frame: FrameType | None) -> None:
        operator.interrupted = True
        inbox.put(RequestIn(0.0, 0, Stop("signal")), urgent=True)

    before = {sign: signal.signal(sign, stop) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


# --- the result -------------------------------------------------------------------------------


def _finished(
    state: State,
    operator: Operator,
    estimates: list[Estimate],
    journal: str,
    replies: list[Any],
) -> dict[str, Any]:
    proc = state.procedure
    refusal = next((reply.refused for reply in replies if reply.refused), None)
    done = proc.phase is Phase.OUT
    outcome, reason = "completed", operator.reason
    if operator.refused:
        outcome, reason = "refused", reason or refusal
    elif reason is not None or not done or operator.interrupted:
        why = state.link_words or ("interrupted" if operator.interrupted else "")
        outcome, reason = "aborted", reason or why or "ended before its end"
    began = operator.began_ms or 0
    result = _result(outcome, reason)
    result |= {
        "gas": state.device.gas.value if state.device is not None else None,
        "simulated": state.device.simulated if state.device is not None else False,
        "cycles": [
            _cycle(proc.records, index, operator.plan, estimates)
            for index in range(len(proc.records))
        ],
        "alarms": [
            {
                "id": alarm.id,
                "priority": alarm.priority.value,
                "at_s": None if alarm.raised_ms is None else (alarm.raised_ms - began) / 1000,
                "text": alarm.happened,
            }
            for alarm in operator.alarms.values()
        ],
        "released": done and not proc.released_early,
        "journal": journal,
    }
    return result


def _result(outcome: str, reason: str | None) -> dict[str, Any]:
    return {
        "outcome": outcome,
        "reason": reason,
        "simulated": False,
        "gas": None,
        "cycles": [],
        "stimulation": [],
        "alarms": [],
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


def as_text(result: dict[str, Any]) -> str:
    """The result for reading on a terminal."""
    lines = [f"{result['outcome']}" + (f": {result['reason']}" if result["reason"] else "")]
    for number, cycle in enumerate(result["cycles"], 1):
        lines.append(
            f"  freeze {number}  {cycle['site']}: "
            f"lowest {_number(cycle['lowest_tip_celsius'])} °C, "
            f"to target {_number(cycle['time_to_target_s'])} s, "
            f"at target {_number(cycle['time_at_target_s'])} s, "
            f"ice edge {_number(cycle['ice_edge_mm'])} mm (model), gas {_number(cycle['gas_g'])} g"
        )
    for alarm in result["alarms"]:
        lines.append(f"  alarm {alarm['priority']}: {alarm['text']}")
    if result["journal"]:
        lines.append(f"  record: {result['journal']}")
    return "\n".join(lines)


def _number(value: float | None) -> str:
    return "---" if value is None else f"{value:.1f}".replace("-", "−")
