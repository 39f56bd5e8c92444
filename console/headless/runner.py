"""Joins the control loop with an operator that follows the plan, and runs it to its end."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any, Final

import msgspec

from console import config
from console.config import InForce
from console.control.core import Input
from console.control.estimator import Estimator
from console.control.inbox import Inbox
from console.control.loop import Loop, monotonic_ms
from console.control.opening import configured, opened_record, wall_clock
from console.control.port_news import port_input
from console.control.state import State
from console.headless.operator import Operator
from console.headless.patient import listening
from console.headless.result import finished, known
from console.model.plan import NextFreeze, Plan
from console.model.request import AnyRequest, Stop
from console.model.snapshot import LinkState
from console.records.alarm_book import AlarmBook
from console.records.cylinder_book import CylinderBook
from console.records.entries import (
    DurableIn,
    EstimateIn,
    KeptIn,
    NotedIn,
    RecordFailedIn,
    RequestIn,
)
from console.records.session import read_session
from console.records.standing import standing, witnesses
from console.records.store import Store
from console.report.gathering import account
from console.simulated_patient import OpenChannel, UnheardError
from drivers.inputs import address
from drivers.inputs.address import is_simulator
from drivers.inputs.ending import on_end
from drivers.serial_console import SerialConsole

STARTS_WITHIN_MS: Final = 30_000
SILENT_WITHIN_MS: Final = 15_000
ESTIMATE_WITHIN_S: Final = 120.0
Progress = Callable[[State], None]


class CannotRunError(Exception):
    """Nothing was done: the port, the console or the store is not to be had. One line."""


def run(
    plan: Plan,
    url: str,
    *,
    records: Path | None = None,
    initials: str = "",
    case: str = "",
    progress: Progress | None = None,
    control: Path | None = None,
    open_channel: OpenChannel | None = None,
    limits: InForce | None = None,
) -> dict[str, Any]:
    """Runs `plan` on the console at `url`; the result as `run --json` gives it. `open_channel`
    opens the control channel by which a plan with stimulation hears the simulated patient, and the
    probe of one with several sites is placed; `control` is that of a simulator which runs already;
    `limits` are as shipped unless given. Raises CannotRunError when there is no such console, or it
    is none that may be run headless."""
    if plan.next_freeze is NextFreeze.ASK:
        raise CannotRunError(
            'next_freeze is "ask", and nobody is there to be asked: write next_freeze = "auto"'
        )
    asks, moves = plan.stimulation is not None, len(plan.sites) > 1
    if control is not None and not (asks or moves):
        raise CannotRunError(
            "--control: this plan has no [stimulation] and one site, nobody is asked"
        )
    url, lockstep = paced(url)
    store = Store(records)
    with ExitStack() as held:
        patient, opened_url = None, url
        heard = asks or (moves and (control is not None or is_simulator(url)))
        if heard and open_channel is not None:
            try:
                opened_url, patient = held.enter_context(listening(url, control, open_channel))
            except UnheardError as error:
                raise CannotRunError(str(error)) from error
        try:
            held.enter_context(store.lock())
        except Exception as error:
            raise CannotRunError(str(error)) from error
        operator = Operator(plan, initials, patient, case)
        in_force = limits if limits is not None else InForce(config.limits())
        return _run(operator, url, opened_url, lockstep, store, in_force, progress)


def _run(
    operator: Operator,
    url: str,
    opened_url: str,
    lockstep: bool,
    store: Store,
    limits: InForce,
    progress: Progress | None,
) -> dict[str, Any]:
    """`url` is the console's name in the record, `opened_url` what is opened."""
    inbox: Inbox[Input] = Inbox()
    configuration = configured(url, screen=False, limits=limits, seed=0 if lockstep else None)
    estimator = Estimator(lambda estimate: inbox.put(EstimateIn(0.0, estimate)))

    console = SerialConsole(
        opened_url, lambda news: inbox.put(port_input(news, opened_url, named=url))
    )

    def operate(state: State, now_ms: float) -> Iterator[AnyRequest]:
        if progress is not None:
            progress(state)
        yield from operator(state, now_ms)

    loop = Loop(
        configuration,
        inbox,
        wire=console,
        operator=operate,
        feed=estimator.feed,
        watch=lambda state: _watch(state, operator, monotonic_ms()),
        wall=wall_clock,
    )
    reason, whole = "failed", False
    with _signals(inbox, operator):
        record = opened_record(
            store.new_session(datetime.now().astimezone()),
            configuration,
            "new",
            on_durable=loop.durable if lockstep else lambda token: inbox.put(DurableIn(0.0, token)),
            on_failed=lambda words: inbox.put(RecordFailedIn(0.0, words)),
            inline=lockstep,
        )
        loop.record_to(record, str(record.path))
        book = AlarmBook(store.root, lambda words: inbox.put(RecordFailedIn(0.0, words)))
        loop.keep_in(book)
        if not is_simulator(url):
            loop.take(KeptIn(monotonic_ms(), standing(book.read, witnesses(store))))
        if book.damage is not None:
            print(f"cryoprobe: {book.damage}", file=sys.stderr)
            loop.take(NotedIn(monotonic_ms(), book.damage))
        cylinders = CylinderBook(store.root, lambda words: inbox.put(RecordFailedIn(0.0, words)))
        loop.cylinders_in(cylinders)
        console.start()
        try:
            reason = loop.run()
            console.close()
            if not reason.startswith(_CANNOT):
                _last_estimates(estimator, inbox, loop)
        finally:
            console.close()
            estimator.close()
            whole = record.close(reason) and record.lost == 0
            book.close()
            cylinders.close()
    if reason.startswith(_CANNOT):
        raise CannotRunError(reason.removeprefix(_CANNOT))
    if not whole:
        words = loop.state.record_problem or "its end is not on disk"
        operator.reason = operator.reason or f"The record is not whole: {words}"
    if not record.stays:  # no console ever spoke: there is no record
        return finished(loop.state, operator, (), None, loop.replies)
    freezes = account(read_session(record.path)).freezes if whole else known(loop.state)
    return finished(loop.state, operator, freezes, str(record.path), loop.replies)


_CANNOT: Final = "cannot run: "


def _last_estimates(estimator: Estimator, inbox: Inbox[Input], loop: Loop) -> None:
    """A run faster than life ends before the estimate of it: the record waits for the rest."""
    estimator.finish(ESTIMATE_WITHIN_S)
    while (given := inbox.get(0.0)) is not None:
        if isinstance(given, EstimateIn):
            loop.take(msgspec.structs.replace(given, now_ms=monotonic_ms()))


def _watch(state: State, operator: Operator, now_ms: float) -> str | None:
    """Why the run cannot go on, None while it can."""
    if operator.interrupted and not state.was_open:
        return "interrupted"
    if state.link_state is LinkState.FAILED and not _starting(state, now_ms):
        port, words = state.config.port, state.link_words
        return _CANNOT + (words if words.startswith(port) else f"{port}: {words}")
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
        is_simulator(state.config.port)
        and opened_ms is not None
        and now_ms - opened_ms < STARTS_WITHIN_MS
    )


def paced(url: str) -> tuple[str, bool]:
    """The URL with its pace, and whether that is lockstep: for a simulator that a headless run
    starts at a speed other than 1, unless the URL says another."""
    asked = address.simulator(url)
    if asked is None:
        return url, False
    if asked.get("pace") is None and float(asked.get("speed") or 1) != 1:
        asked = asked.having("pace", "lockstep")
    return asked.url, asked.get("pace") == "lockstep"


@contextmanager
def _signals(inbox: Inbox[Input], operator: Operator) -> Iterator[None]:
    """Ctrl-C, a kill and a terminal that closes mean STOP."""

    def stop(number: int, frame: FrameType | None) -> None:
        operator.interrupted = True
        inbox.put(RequestIn(0.0, 0, Stop("signal")), urgent=True)

    put_back = on_end(stop)
    try:
        yield
    finally:
        put_back()
