"""Questions that the window asks of a snapshot. Pure."""

from enum import StrEnum
from typing import Final

import msgspec
from PySide6.QtCore import QCoreApplication

from console.model.instruction import in_words, instruct
from console.model.snapshot import IN_PATIENT, Control, LinkState, Phase, Snapshot
from console.ui.kit.gas import GAS_PHASES, gas_may_be_on
from console.ui.kit.language import spoken


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


def watching(snapshot: Snapshot | None) -> bool:
    """Whether a console is read now: only then does no alarm mean that all is well."""
    read = (LinkState.OPEN, LinkState.READ_ONLY)
    return snapshot is not None and snapshot.link.state in read and not snapshot.stale


def lost_view(snapshot: Snapshot, *, starting: bool, lost_s: float = 0.0) -> Snapshot:
    """The last snapshot, `lost_s` after the control process has gone: all of it old. Nothing can be
    done but tell what happened. `starting`: another one is being started."""
    why = _tr("The control program is being started again")
    if not starting:
        why = _tr("The control program does not run")
    view = snapshot.procedure
    session = not_released(snapshot)
    in_patient = session and view.phase in IN_PATIENT
    instruction = instruct(
        in_patient=in_patient,
        gas_unconfirmed=gas_may_be_on(snapshot),
        tip_known=False,
        free=False,
    )
    waited_s = (view.gas_off_s or 0.0) + lost_s if in_patient else None
    phase = {Phase.FREE: Phase.RELEASING}.get(view.phase, view.phase)
    procedure = msgspec.structs.replace(
        view,
        phase=Phase.STOPPED if view.phase in GAS_PHASES else phase,
        stop_reason=_tr("The control program stopped"),
        headline=_tr("CONTROL LOST") if session else view.headline,
        detail=spoken(in_words(instruction, waited_s)) if session else view.detail,
        instruction=instruction,
        release_reason=_tr("No reading from the console"),
        remaining_s=None,
        gas_off_s=waited_s,
        auto_start_in_s=None,
        gas_confirmed_off=None,
        at_target=False,
    )
    controls = {
        name: Control(one.label, one.detail, why) for name, one in snapshot.controls.items()
    }
    if in_patient:  # what happened to the patient can be told at any time
        early = Control(_tr("Probe is out"), _tr("early: give a reason"))
        controls["probe_out"] = snapshot.controls.get("probe_out", early)
    return msgspec.structs.replace(
        snapshot,
        link=msgspec.structs.replace(snapshot.link, state=LinkState.LOST, words=why),
        procedure=procedure,
        interlocks=(),  # nobody judges them now
        stale=True,
        estimate=None,
        controls=controls,
        alarms=(),
        samples=(),
        events=(),
    )
