"""Questions that the window asks of a snapshot. Pure."""

from enum import StrEnum
from typing import Final

import msgspec
from PySide6.QtCore import QCoreApplication

from console.model.snapshot import Control, LinkState, Phase, Snapshot
from console.ui.kit.gas import GAS_PHASES, gas_may_be_on


class Page(StrEnum):
    """What the middle of the window shows."""

    CONNECT = "connect"
    PREPARE = "prepare"
    CHECK = "check"
    TIME_OUT = "time-out"
    STIMULATE = "stimulate"
    SESSION = "session"


_OWN_PAGE: Final = {
    Phase.CHECK: Page.CHECK,
    Phase.TIME_OUT: Page.TIME_OUT,
    Phase.STIMULATE: Page.STIMULATE,
}


def page_of(snapshot: Snapshot | None, was_open: bool) -> Page:
    """The page for a snapshot. `was_open`: this console has answered since it was chosen."""
    if snapshot is None:
        return Page.CONNECT
    if snapshot.procedure.phase in _OWN_PAGE:
        return _OWN_PAGE[snapshot.procedure.phase]
    if snapshot.procedure.phase is not Phase.PREPARE:
        return Page.SESSION
    never = snapshot.link.state in (LinkState.OPENING, LinkState.FAILED) and not was_open
    return Page.CONNECT if never else Page.PREPARE


def stopped(snapshot: Snapshot | None) -> bool:
    """A freeze was stopped, and what follows is not yet decided."""
    return snapshot is not None and snapshot.procedure.phase is Phase.STOPPED


def not_released(snapshot: Snapshot | None) -> bool:
    """A session is open, and the probe is not recorded as out."""
    return snapshot is not None and snapshot.procedure.phase not in (Phase.PREPARE, Phase.OUT)


def may_leave(snapshot: Snapshot | None) -> bool:
    """No session is open at a console that answers, and its gas is off: it may be left."""
    return snapshot is not None and not not_released(snapshot) and not gas_may_be_on(snapshot)


def _tr(text: str) -> str:
    return QCoreApplication.translate("judge", text)


def lost_view(snapshot: Snapshot) -> Snapshot:
    """The last snapshot after the control process has gone: all of it old, nothing to press."""
    why = _tr("The control process is being started again")
    session = snapshot.procedure.phase is not Phase.PREPARE
    gas = snapshot.procedure.phase in GAS_PHASES
    procedure = msgspec.structs.replace(
        snapshot.procedure,
        phase=Phase.STOPPED if gas else snapshot.procedure.phase,
        stop_reason=_tr("The control process stopped"),
        headline=_tr("CONTROL LOST") if session else snapshot.procedure.headline,
        detail=_tr("do not move the probe") if session else snapshot.procedure.detail,
        remaining_s=None,
        auto_start_in_s=None,
        gas_confirmed_off=None,
        at_target=False,
    )
    return msgspec.structs.replace(
        snapshot,
        link=msgspec.structs.replace(snapshot.link, state=LinkState.LOST, words=why),
        procedure=procedure,
        interlocks=(),  # nobody judges them now
        stale=True,
        controls={
            name: Control(one.label, one.detail, why) for name, one in snapshot.controls.items()
        },
        alarms=(),
        samples=(),
        events=(),
    )
