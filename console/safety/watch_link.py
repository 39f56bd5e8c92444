"""Watches of the link and of this computer. Pure, each of one condition."""

from console.safety.facts import Facts, Finding
from console.safety.limits import LinkLimits


def silence_ms(limits: LinkLimits, *, lockstep: bool, time_scale: float) -> float:
    """For how long no frame may come, in wall time: longer where the device's time runs slower,
    by which its telemetry is timed."""
    if lockstep:
        return limits.lost_lockstep_ms
    return limits.lost_ms / min(time_scale, 1.0) if time_scale > 0 else limits.lost_ms


def link_lost(facts: Facts, limits: LinkLimits) -> Finding | None:
    """No frame at all for too long, a closed port, too many bad frames, or a session that another
    host took. Only a link that was open can be lost; one that is being opened anew has as long as
    any silence may last."""
    if not facts.was_open:
        return None
    gone = not facts.port_open or facts.bad_line or facts.session_lost
    if not gone and not _silent(facts, limits):
        return None
    words = "unreadable bytes on the line" if facts.bad_line else facts.lost_words
    if facts.session_lost:
        words = "another computer has opened it"
    return Finding("link_lost", f": {words}" if words else "", high=facts.gas_on)


def stale(facts: Facts, limits: LinkLimits) -> Finding | None:
    """Frames come, but what they say is old in device time, or the device's clock stands still
    though it has not announced that. Without any frame it is a lost link."""
    if not facts.link_open or facts.observation is None or facts.time_scale == 0:
        return None
    if facts.lockstep or facts.device_now_ms is None:
        return None
    if _silent(facts, limits):
        return None
    age_ms = facts.device_now_ms - facts.observation.at_ms
    # A simulator at 10 times life has its 500 ms over in 50 of the wall, less than a desktop may
    # pause: there the limit is a quarter of a second of the wall.
    if age_ms > max(limits.stale_ms, limits.stale_wall_ms * facts.time_scale):
        return Finding("stale", f": {age_ms / 1000:.1f} s", high=facts.gas_on)
    within = limits.stale_ms / min(facts.time_scale, 1.0)
    still = facts.moved_ms is not None and facts.now_ms - facts.moved_ms > within
    return Finding("stale", ": its clock stands still", high=facts.gas_on) if still else None


def screen_lost(facts: Facts, limits: LinkLimits) -> Finding | None:
    """The screen's main thread has not ticked."""
    age_ms = facts.screen_age_ms
    if age_ms is None or age_ms <= limits.screen_lost_ms:
        return None
    return Finding("screen_lost", f"{limits.screen_lost_ms / 1000:.0f} s")


def host_slept(facts: Facts, limits: LinkLimits) -> Finding | None:
    """The control loop itself was not running. In lockstep the device's clock waited for it, and
    before the link was open there was nothing to watch."""
    if facts.slept_ms <= limits.slept_ms or facts.lockstep or not facts.was_open:
        return None
    return Finding("host_slept", f"{facts.slept_ms / 1000:.1f} s")


def stop_unconfirmed(facts: Facts, limits: LinkLimits) -> Finding | None:
    """500 ms of STOP without an acknowledgement. Of a STOP that nobody but the host itself sent
    into a lost or late link, or to a console that shut for hearing nothing, that one tells all."""
    if not facts.stop_unconfirmed:
        return None
    seen = facts.observation
    shut = seen is not None and "lease_lost" in seen.faults and not seen.valve_open
    down = link_lost(facts, limits) or stale(facts, limits)
    if not facts.stop_asked and (shut or down is not None):
        return None
    return Finding("stop_unconfirmed")


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


def _silent(facts: Facts, limits: LinkLimits) -> bool:
    within = silence_ms(limits, lockstep=facts.lockstep, time_scale=facts.time_scale)
    return facts.heard_ms is None or facts.now_ms - facts.heard_ms > within
