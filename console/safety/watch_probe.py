"""Watches of the probe itself. Pure, each of one condition."""

from console.safety.facts import Facts, Finding


def probe_unusable(facts: Facts) -> Finding | None:
    """Expired or used up when the session starts."""
    return Finding("probe_unusable", facts.probe_problem) if facts.probe_problem else None


def probe_moved(facts: Facts) -> Finding | None:
    """The operator says that it was moved while ice may have held it."""
    return Finding("probe_moved") if facts.moved_cold else None


def thermocouple_drift(facts: Facts) -> Finding | None:
    """At the console check the tip did not agree with the room."""
    off = facts.thermocouple_off
    return Finding("thermocouple_drift", f": {off}") if off else None
