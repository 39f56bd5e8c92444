"""Watches of the link and of this computer. Pure, each of one condition."""

from console.safety.facts import Facts, Finding
from console.safety.limits import LinkLimits


def link_lost(facts: Facts, limits: LinkLimits) -> Finding | None:
    """No frame at all for `lost_ms` of wall time, a closed port, or too many bad frames. Only a
    link that was open can be lost."""
    if not facts.was_open:
        return None
    within = limits.lost_lockstep_ms if facts.lockstep else limits.lost_ms
    silent = facts.heard_ms is None or facts.now_ms - facts.heard_ms > within
    if facts.link_open and not silent and not facts.bad_line:
        return None
    words = "unreadable bytes on the line" if facts.bad_line else facts.lost_words
    return Finding("link_lost", f": {words}" if words else "", high=facts.gas_wanted)


def stale(facts: Facts, limits: LinkLimits) -> Finding | None:
    """Frames come, but what they say is old in device time, or the device's clock stands still
    though it has not announced that. Without any frame it is a lost link."""
    if not facts.link_open or facts.observation is None or facts.time_scale == 0:
        return None
    if facts.lockstep or facts.device_now_ms is None:
        return None
    age_ms = facts.device_now_ms - facts.observation.at_ms
    silent = facts.heard_ms is None or facts.now_ms - facts.heard_ms > limits.lost_ms
    if silent:
        return None
    if age_ms > limits.stale_ms:
        return Finding("stale", f": {age_ms / 1000:.1f} s", high=facts.gas_wanted)
    still = facts.moved_ms is not None and facts.now_ms - facts.moved_ms > limits.stale_ms
    return Finding("stale", ": its clock stands still", high=facts.gas_wanted) if still else None


def screen_lost(facts: Facts, limits: LinkLimits) -> Finding | None:
    """The screen's main thread has not ticked."""
    age_ms = facts.screen_age_ms
    if age_ms is None or age_ms <= limits.screen_lost_ms:
        return None
    return Finding("screen_lost", f"{limits.screen_lost_ms / 1000:.0f} s")


def host_slept(facts: Facts, limits: LinkLimits) -> Finding | None:
    """The control loop itself was not running. In lockstep the device's clock waited for it."""
    if facts.slept_ms <= limits.slept_ms or facts.lockstep:
        return None
    return Finding("host_slept", f"{facts.slept_ms / 1000:.1f} s")


def stop_unconfirmed(facts: Facts) -> Finding | None:
    """500 ms of STOP without an acknowledgement."""
    return Finding("stop_unconfirmed") if facts.stop_unconfirmed else None


def command_unanswered(facts: Facts) -> Finding | None:
    """Three tries of a command that matters, and no answer."""
    return Finding("command_unanswered", facts.unanswered) if facts.unanswered else None


def restarted(facts: Facts) -> Finding | None:
    """Another boot of the device than the one that was freezing."""
    return Finding("restarted") if facts.restarted else None


def host_error(facts: Facts) -> Finding | None:
    """An exception that nobody handled."""
    return Finding("host_error", facts.error) if facts.error else None


def record_failed(facts: Facts) -> Finding | None:
    """The journal is not on disk."""
    return Finding("record_failed", facts.record_problem) if facts.record_problem else None
