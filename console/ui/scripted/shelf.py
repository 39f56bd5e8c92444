"""Sessions to look back at, for pictures and tests: the same each time."""

import math
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice, QRect, Qt
from PySide6.QtGui import QPageSize, QPainter, QPdfWriter

from console.model.cycle import CycleState, FreezeKey
from console.model.device import Gas
from console.model.mapping import Guidance, MappingNamed, MappingVisit
from console.model.plan import Side
from console.model.trend import FreezeNumbers
from console.ui.kit.apart import Telling
from console.ui.kit.theme import font
from console.ui.records.record_source import SessionLine

_FIRST: Final = 1_788_250_000.0
_DAY_S: Final = 86_400.0
SESSIONS: Final = 24
_PRINTING: Final = Lock()
"""Printing asks Qt for words in two threads at once, and a language made in Python needs the other
thread to let it speak."""
LINES: Final = (
    SessionLine(
        "20261121-104207-7f3a", "2026-11-21T10:42:07+01:00", "2026-0117", [("left", "saphenous")],
        "completed", False, 1,
    ),
    SessionLine(
        "20261120-161512-03be", "2026-11-20T16:15:12+01:00", "2026-0116",
        [("right", "saphenous"), ("right", "superior lateral genicular")],
        "stopped: tip colder than allowed", False,
    ),
    SessionLine(
        "20261120-090001-11c4", "2026-11-20T09:00:01+01:00", "", [("left", "saphenous")],
        "completed", True,
    ),
    SessionLine("20261119-173322-9a02", None, "", [], "unfinished", False),
)  # fmt: skip

VISITS: Final = (
    MappingNamed(
        "20261107-093000-1b58", "2026-11-07", "2026-0117",
        MappingVisit(
            "saphenous", Side.LEFT, 95.0, "lidocaine 1 %", 1.5, 12.0, Guidance.ULTRASOUND,
            "adductor canal", 3.0,
        ),
    ),
    MappingNamed(
        "20261030-141500-77aa", "2026-10-30", "2026-0109",
        MappingVisit("saphenous", Side.RIGHT, 60.0),
    ),
)  # fmt: skip


class Shelf:
    """A store that holds these; see console.ui.records.screen.RecordSource."""

    def listed(self, search: str) -> Sequence[SessionLine]:
        """All of them."""
        return LINES

    def report(self, session: str) -> bytes:
        """A page that says what it stands for."""
        with _PRINTING:
            return _printed(session)

    def save_report(self, session: str, path: Path) -> None:
        """Writes the page."""
        path.write_bytes(self.report(session))

    def mappings(self) -> Sequence[MappingNamed]:
        """A good one and a weak one."""
        return VISITS

    def save_mapping(self, visit: MappingVisit, case: str, operator: str) -> str:
        """Says that it is the first."""
        return VISITS[0].session

    def follow_up(self, session: str, who: str, text: str) -> None:
        """Keeps nothing."""

    def trends(self, told: Telling) -> Sequence[FreezeNumbers]:
        """Some months of a console and two probes, the second of which cools worse and worse; and
        sessions with the simulator."""
        return [one for number in range(SESSIONS) for one in _session(number)]


def _printed(session: str) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setResolution(96)
    painter = QPainter(writer)
    painter.setFont(font(22))
    page = QRect(0, 0, writer.width(), writer.height())
    painter.drawText(page, Qt.AlignmentFlag.AlignTop, f"Report of the session {session}")
    painter.end()
    return bytes(buffer.data().data())


def _session(number: int) -> list[FreezeNumbers]:
    simulated = number % 6 == 5
    second = number >= SESSIONS // 2
    worn = (number - SESSIONS // 2) * 0.35 if second and not simulated else 0.0
    probe = "SIMPROBE0001" if simulated else "PR-0815" if second else "PR-0790"
    made = []
    for freeze in range(3):
        wave = math.sin(number * 2.1 + freeze)
        made.append(
            FreezeNumbers(
                session=LINES[number % len(LINES)].id + str(number),
                at=_FIRST + number * 3.3 * _DAY_S + freeze * 165.0,
                key=FreezeKey(0, 1, freeze + 1),
                site="LEFT · SAPHENOUS",
                simulated=simulated,
                gas=Gas.N2O,
                console="SIM-N2O-0001" if simulated else "CP-0042",
                probe=probe,
                probe_model="LT-14-6",
                state=CycleState.DONE,
                time_to_target_s=None if worn > 3.0 else 9.0 - 2.0 * freeze + wave / 2 + worn,
                lowest_tip_celsius=-71.4 + wave / 4 + worn * 0.6,
                time_at_target_s=110.0 + wave - worn * 4.0,
                gas_g=31.0 - freeze * 1.5 + wave,
                supply_at_start_kpa=None if number in (7, 8) else 5_050.0 - freeze * 40 + 30 * wave,
                thaw_to_plus10_s=125.0 + 10 * wave if freeze == 2 else None,
                bad_frames=number % 4 if number > 15 else 0,
            )
        )
    return made
