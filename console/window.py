"""Opens the application: gives the screen what it needs of the rest."""

import itertools
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from console import config, preferences
from console.answers import say
from console.model.plan import LONGEST_AMENDMENT, LONGEST_CASE, LONGEST_INITIALS
from console.model.snapshot import Snapshot
from console.patient_beside import PatientBeside
from console.preferences import Preferences, Theme
from console.simulated_patient import control_of
from console.ui.alarms.speaker import Speaker
from console.ui.app import run_app
from console.ui.bridge import Client, Message
from console.ui.connect import PortTile
from console.ui.kit.palette import Look
from console.ui.main_window import MainWindow
from drivers.inputs.address import is_simulator
from drivers.inputs.text import Block, Line, TextError, accepted
from drivers.transport import PortInfo, list_ports

if TYPE_CHECKING:
    from collections.abc import Sequence

    from console.model.mapping import MappingNamed, MappingVisit
    from console.model.trend import FreezeNumbers
    from console.ui.kit.apart import Telling
    from console.ui.records.record_source import SessionLine
    from simulator.control_client import Control


PATIENT_WITHIN_S: Final = 1.0
"""A simulated patient that says nothing for that long is not heard."""


def open_window(
    port: str | None,
    records: Path | None,
    theme: Theme | None = None,
    language: str = "en",
    limits: Path | None = None,
) -> int:
    """Runs the application until its window is closed; the exit code. `port`: connected to at once,
    None begins at Connect; `records`: the folder of the journals, None for the usual one; `theme`:
    for this time, None for the one that was chosen last; `language`: one of
    console.ui.kit.language.LANGUAGES; `limits`: the site's own, None for the usual file."""
    from console.control.client import ControlClient  # noqa: PLC0415

    kept = preferences.usual_path()
    look = Look(theme or preferences.load(kept, say).theme)

    def keep(chosen: Theme) -> None:
        work = (kept, Preferences(theme=chosen), say)
        threading.Thread(target=preferences.save, args=work, name="keep-theme").start()

    plans, demonstration = config.presets(), config.demonstration()
    patient = PatientBeside(_patient_channel)

    def window() -> MainWindow:
        made = MainWindow(
            look=look,
            presets=plans,
            demonstration=demonstration,
            list_ports=ports,
            speaker=Speaker(),
            records=Records(records),
            patient=patient.hear,
        )
        made.theme_changed.connect(keep)
        return made

    def client(
        port: str, on_message: Callable[[Message], None], on_gone: Callable[[str], None]
    ) -> Client:
        named = control_of(port) if is_simulator(port) else None
        # A simulator that is ending takes its own away: no two of them share a place.
        own = folder / f"control-{next(numbers)}" if is_simulator(port) and not named else None
        patient.turn_to(named or own)

        def heard(message: Message) -> None:
            if isinstance(message, Snapshot):
                patient.follow(message.procedure)
            on_message(message)

        return ControlClient(
            port,
            records=records,
            control=own,
            limits=limits,
            on_message=heard,
            on_gone=on_gone,
        )

    numbers = itertools.count(1)
    with tempfile.TemporaryDirectory(prefix="cryoprobe-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        return run_app(window, client, port, look, language, lambda: _open_case(records))


def _open_case(records: Path | None) -> str | None:
    from console.control.waiting import open_case_port  # noqa: PLC0415
    from console.records import Store  # noqa: PLC0415

    return open_case_port(Store(records), time.time())


def _patient_channel(link: Path) -> "Control":
    from simulator.control_client import Control  # noqa: PLC0415

    return Control(link, within_s=PATIENT_WITHIN_S)


class Records:
    """The store of the sessions, for the Records screen; see
    console.ui.records.record_source.RecordSource."""

    def __init__(self, root: Path | None) -> None:
        self._root = root

    def listed(self, search: str) -> "list[SessionLine]":
        """The sessions in which every word of `search` occurs, newest first."""
        from console.records import Store, listed  # noqa: PLC0415
        from console.ui.records.record_source import RecordsUnreadableError, SessionLine  # noqa: PLC0415

        store = Store(self._root)
        try:
            rows = listed(store, search)
        except OSError as error:
            words = f"{store.root}: {error.strerror or error}"
            raise RecordsUnreadableError(words) from error
        return [
            SessionLine(
                row["id"], row["started"], row["case"], row["sites"], row["outcome"],
                row["simulated"], row["amendments"],
            )
            for row in rows
        ]  # fmt: skip

    def report(self, session: str) -> bytes:
        """The report of a session, a PDF."""
        (data,) = self._exported(session, Path("report.pdf")).values()
        return data

    def save_report(self, session: str, path: Path) -> None:
        """Writes the report of a session to `path`; what stood there is replaced."""
        from console.records.durable import write_whole  # noqa: PLC0415
        from console.ui.records.record_source import RecordsUnreadableError  # noqa: PLC0415

        files = self._exported(session, path)
        try:
            write_whole(files)
        except OSError as error:
            raise RecordsUnreadableError(f"{path}: {error.strerror or error}") from error

    def mappings(self) -> "Sequence[MappingNamed]":
        """The mapping visits, newest first."""
        from console.records import Store  # noqa: PLC0415
        from console.records.mapping import mappings  # noqa: PLC0415

        store = Store(self._root)
        try:
            return mappings(store)
        except OSError as error:
            raise _unreadable(store.root, error) from error

    def save_mapping(self, visit: "MappingVisit", case: str, operator: str) -> str:
        """Keeps a mapping visit as a session of its own; its id."""
        from console.control.opening import program  # noqa: PLC0415
        from console.records import Store  # noqa: PLC0415
        from console.records.mapping import CannotMapError, save_mapping  # noqa: PLC0415

        store, now = Store(self._root), datetime.now().astimezone()
        try:
            visit = accepted(visit)
            case, operator = _case.accepted(case), _initials.accepted(operator)
            saved = save_mapping(store, visit, case, operator, now=now, program=program())
        except (CannotMapError, TextError, OSError) as error:
            raise _unreadable(store.root, error) from error
        return saved.name

    def follow_up(self, session: str, who: str, text: str) -> None:
        """Adds what was found at the follow-up to a session, as an amendment."""
        from console.control.opening import program  # noqa: PLC0415
        from console.records import CannotAmendError, NotFoundError, Store, amend  # noqa: PLC0415
        from console.records.lock import StoreError  # noqa: PLC0415

        store, now = Store(self._root), datetime.now().astimezone()
        try:
            who, text = _initials.accepted(who), Block(LONGEST_AMENDMENT).accepted(text)
            amend(store, store.find(session), who, "follow-up", text, now=now, program=program())
        except (CannotAmendError, NotFoundError, StoreError, TextError, OSError) as error:
            raise _unreadable(store.root, error) from error

    def trends(self, told: "Telling") -> "Sequence[FreezeNumbers]":
        """The key numbers of every freeze, oldest first."""
        from console.records import Store  # noqa: PLC0415
        from console.report.trends import trends  # noqa: PLC0415
        from console.ui.records.record_source import RecordsUnreadableError  # noqa: PLC0415

        store = Store(self._root)
        try:
            return trends(store, told)
        except OSError as error:
            words = f"{store.root}: {error.strerror or error}"
            raise RecordsUnreadableError(words) from error

    def _exported(self, session: str, pdf: Path) -> dict[Path, bytes]:
        from console.records import NotFoundError, Store, read_session  # noqa: PLC0415
        from console.report.exports import CannotExportError, Wanted, exported  # noqa: PLC0415
        from console.ui.records.record_source import RecordsUnreadableError  # noqa: PLC0415

        made = datetime.now().astimezone().isoformat(timespec="seconds")
        try:
            return exported(read_session(Store(self._root).find(session)), Wanted(pdf=pdf), made)
        except (NotFoundError, CannotExportError) as error:
            raise RecordsUnreadableError(str(error)) from error
        except OSError as error:
            raise RecordsUnreadableError(f"{session}: {error.strerror or error}") from error


_case: Final = Line(LONGEST_CASE)
_initials: Final = Line(LONGEST_INITIALS)


def _unreadable(root: Path, error: Exception) -> Exception:
    from console.ui.records.record_source import RecordsUnreadableError  # noqa: PLC0415

    if isinstance(error, OSError):
        return RecordsUnreadableError(f"{error.filename or root}: {error.strerror or error}")
    return RecordsUnreadableError(str(error))


def _tr(text: str) -> str:
    return QCoreApplication.translate("window", text)


def _what(port: PortInfo) -> str:
    """What is known of a port, beside its name; whether a console is there is not."""
    said = port.description if port.description != port.url else ""
    return ", ".join(each for each in (said, port.usb_serial) if each) or _tr("not a USB port")


def ports() -> list[PortTile]:
    """The consoles that may be there: every serial port of this computer."""
    return [
        PortTile(
            port.url,
            _tr("Serial port {port}").format(port=port.url),
            _what(port),
        )
        for port in list_ports()
    ]
