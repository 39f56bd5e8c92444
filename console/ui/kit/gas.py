"""Whether gas or stimulation may be on, and what is not done while they may. Pure."""

from typing import Final

from console.model.snapshot import Phase, Snapshot

GAS_PHASES: Final = (Phase.STARTING, Phase.FREEZING)


def gas_may_be_on(snapshot: Snapshot | None) -> bool:
    """True unless gas and stimulator are known to be off: what is not known counts as on."""
    if snapshot is None:
        return False
    view, seen = snapshot.procedure, snapshot.observation
    if view.phase in GAS_PHASES or (seen is not None and (seen.valve_open or seen.stimulator_on)):
        return True
    if view.stimulation.running is not None or view.check.gas:
        return True
    return view.phase is Phase.STOPPED and not view.gas_confirmed_off


def may_type(snapshot: Snapshot | None) -> bool:
    """Space may be a letter, and a text field have the keys: gas and stimulator are off. In a
    session that has to be a reading of now."""
    if snapshot is None:
        return True
    if gas_may_be_on(snapshot):
        return False
    known = snapshot.observation is not None and not snapshot.stale
    return known or snapshot.procedure.phase is Phase.PREPARE
