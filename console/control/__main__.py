"""The control process of a screen: `python -m console.control --port URL [--records DIR]
[--control LINK] [--limits FILE]`.

Snapshots and replies go out on stdout, requests and ticks come in on stdin; see console/model/pipe.
"""

import argparse
import gc
import signal
import sys
from datetime import datetime
from io import FileIO
from pathlib import Path
from threading import Thread

from console.config import limits_in_force
from console.control.core import PORT_FAILED, Input
from console.control.estimator import Estimator
from console.control.inbox import Inbox
from console.control.loop import Loop, Record
from console.control.opening import begun_anew, configured, opened_record, wall_clock
from console.control.port_news import port_input
from console.control.resuming import interrupted
from console.control.screen_pipe import SAMPLES_LIMIT, ScreenPipe
from console.control.state import Config, SavedCase
from console.control.waiting import NoWire, Waiting
from console.model.estimate import Estimate
from console.model.pipe import Ask, ScreenAlarm, Tick, ToControl
from console.model.request import Stop
from console.records.alarm_book import AlarmBook
from console.records.cylinder_book import CylinderBook
from console.records.entries import (
    DurableIn,
    EstimateIn,
    GuiTickIn,
    KeptIn,
    NotedIn,
    PortIn,
    RecordFailedIn,
    RequestIn,
    ScreenAlarmIn,
    ScreenGoneIn,
)
from console.records.lock import StoreError
from console.records.standing import standing, witnesses
from console.records.store import Store
from console.records.waiting import WaitingRecord
from console.simulated_patient import with_control
from drivers.inputs.address import AddressError, named
from drivers.inputs.ending import on_end
from drivers.serial_console import SerialConsole

# The loop stamps every input with its own time when it takes it in.
_LATER = 0.0


def main() -> int:
    """Runs until the screen is gone or asks to quit."""
    parser = argparse.ArgumentParser(prog="python -m console.control")
    parser.add_argument("--port", required=True)
    parser.add_argument("--records", type=Path)
    parser.add_argument("--control", type=Path, help="where a simulator at --port is asked")
    parser.add_argument("--limits", type=Path, help="the site's own")
    told = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    inbox: Inbox[Input] = Inbox()
    store = Store(told.records)
    port = _recorded(told.port)
    config = configured(port, screen=True, limits=limits_in_force(told.limits))
    screen = ScreenPipe(
        *_pipes(),
        lambda message: inbox.put(_from_screen(message), urgent=_is_stop(message)),
        # Behind what it asked last.
        lambda words: inbox.put(ScreenGoneIn(_LATER, words), kept=True),
    )
    screen.start()
    try:
        lock = Waiting(store, config, inbox, screen).lock()
    except StoreError as error:
        return _only_say(config, inbox, screen, str(error))
    if lock is None:
        return 0  # the screen is gone
    case = interrupted(store, port)
    now = datetime.now().astimezone()
    place = case.found.place if case is not None else store.new_session(now)
    records: list[WaitingRecord] = []

    def record(reason: str, config: Config, resumed: SavedCase | None = None) -> WaitingRecord:
        recorder = opened_record(
            place,
            config,
            reason,
            on_durable=lambda token: inbox.put(DurableIn(_LATER, token)),
            on_failed=lambda words: inbox.put(RecordFailedIn(_LATER, words)),
            resumed=resumed,
        )
        records.append(recorder)
        return recorder

    def renewed(outcome: str, old: Config) -> tuple[Record, str, Config]:
        nonlocal place
        records[-1].close(outcome)
        place = store.new_session(datetime.now().astimezone())
        config = begun_anew(old)
        recorder = record("new", config)
        return recorder, str(recorder.path), config

    saved = case.case if case is not None else None
    recorder = record("new" if saved is None else "resumed", config, saved)
    opened = port if told.control is None else with_control(port, told.control)

    console = SerialConsole(opened, lambda news: inbox.put(port_input(news, opened, named=port)))
    estimator = Estimator(lambda estimate: inbox.put(_estimated(estimate)))
    on_end(lambda *_: inbox.put(ScreenGoneIn(_LATER, "terminated"), urgent=True), ctrl_c=False)
    loop = Loop(
        config,
        inbox,
        wire=console,
        screen=screen,
        feed=estimator.feed,
        on_renew=renewed,
        resume_from=saved,
        wall=wall_clock,
    )
    loop.record_to(recorder, str(recorder.path))
    book = AlarmBook(store.root, lambda words: inbox.put(RecordFailedIn(_LATER, words)))
    loop.keep_in(book)
    looking_back = (store, told.port, book, inbox)
    Thread(target=_look_back, args=looking_back, name="look back", daemon=True).start()
    cylinders = CylinderBook(store.root, lambda words: inbox.put(RecordFailedIn(_LATER, words)))
    loop.cylinders_in(cylinders)
    for sample in case.samples if case is not None else ():
        estimator.feed(sample)
    if case is not None:  # the curve goes on where the record has it
        loop.state.samples += case.samples[-SAMPLES_LIMIT:]
    console.start()
    gc.freeze()
    reason = "failed"
    try:
        reason = loop.run()
    finally:
        console.close()
        estimator.close()
        records[-1].close(reason)
        book.close()
        cylinders.close()
        screen.close()
        lock.release()
    return 0


def _recorded(port: str) -> str:
    try:
        return named(port)
    except AddressError:
        return port  # it is not opened, and the screen is told why


def _pipes() -> tuple[FileIO, FileIO]:
    return FileIO(0, "rb", closefd=False), FileIO(1, "wb", closefd=False)


def _look_back(store: Store, port: str, book: AlarmBook, inbox: Inbox[Input]) -> None:
    """What the journals know of alarms that an engineer must release; many may be read for it."""
    if book.damage is not None:
        inbox.put(NotedIn(_LATER, book.damage), kept=True)
    if port.startswith("sim:"):
        return  # that console has never run before
    try:
        inbox.put(KeptIn(_LATER, standing(book.read, witnesses(store))), kept=True)
    except OSError as error:
        words = f"What earlier records say of this console could not be read: {error.strerror}"
        inbox.put(NotedIn(_LATER, words), kept=True)


def _only_say(config: Config, inbox: Inbox[Input], screen: ScreenPipe, words: str) -> int:
    """Shows the screen why this run has neither port nor record, until it goes."""
    inbox.put(PortIn(_LATER, PORT_FAILED, words))
    Loop(config, inbox, wire=NoWire(), screen=screen).run()
    screen.close()
    return 2


def _from_screen(message: ToControl) -> Input:
    match message:
        case Tick():
            return GuiTickIn(_LATER, message.snapshot)
        case ScreenAlarm():
            return ScreenAlarmIn(_LATER, message.wall, message.turn, message.alarm)
        case Ask():
            return RequestIn(_LATER, message.id, message.request)


def _is_stop(message: ToControl) -> bool:
    return isinstance(message, Ask) and isinstance(message.request, Stop)


def _estimated(estimate: Estimate) -> Input:
    return EstimateIn(_LATER, estimate)


if __name__ == "__main__":
    sys.exit(main())
