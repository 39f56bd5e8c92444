"""Safety tier: the lease. All times are the device's own."""

from typing import Final

from drivers.conformance.bench import Bench
from drivers.conformance.check import Check, Needs, Tier
from drivers.conformance.doing import (
    armed,
    begun,
    freezing,
    lease_left,
    shows,
    shut,
    start_of,
    start_refused,
    stimulating,
    stimulator_fitted,
)
from drivers.conformance.verdicts import expect
from drivers.link.codes import Action, Actuator, DeviceState, EventCode, Fault, FreezeEnd, Result
from drivers.link.messages import Arm, Event, Heartbeat, Reset

FREEZE_MS: Final = 1_000
STIMULATION_MS: Final = 500
LATE_MS: Final = 50
_STALE_EVERY_MS: Final = 100


def _last_echo(bench: Bench) -> int:
    """Stops the heartbeats after one that the device has surely taken; its echo."""
    bench.beating = False
    bench.next_telemetry()
    echo_ms = bench.stamp_ms
    bench.beat(echo_ms)
    bench.settle()
    return echo_ms


def _ended(bench: Bench, mark: int, code: EventCode, echo_ms: int, lease_ms: int) -> str:
    """The lease of `echo_ms` has ended gas or stimulation at its time, and the fault stands."""
    ended = bench.event(mark, code, lease_ms + 1_000)
    expect(ended.detail == FreezeEnd.LEASE, f"it ended for reason {ended.detail}, not LEASE")
    after_ms = ended.at_ms - echo_ms
    expect(
        lease_ms <= after_ms <= lease_ms + LATE_MS,
        f"it ended {after_ms} ms after the echo, not {lease_ms} to {lease_ms + LATE_MS}",
    )
    shut(bench)
    faults = bench.telemetry.faults if bench.telemetry else 0
    expect(bool(faults & Fault.LEASE_LOST), "the fault LEASE_LOST does not stand")
    return f"{after_ms} ms after the echo"


def _freeze(bench: Bench) -> str:
    run = freezing(bench)
    return _ended(bench, run.mark, EventCode.FREEZE_ENDED, _last_echo(bench), FREEZE_MS)


def _stimulation(bench: Bench) -> str:
    stimulator_fitted(bench)
    mark = stimulating(bench)
    echo_ms = _last_echo(bench)
    return _ended(bench, mark, EventCode.STIMULATION_ENDED, echo_ms, STIMULATION_MS)


def _repeated_until_ended(bench: Bench, mark: int, echo_ms: int) -> None:
    """Sends a heartbeat with `echo_ms` again and again until the freeze has ended."""
    sent_ms = 0

    def over() -> Event | None:
        nonlocal sent_ms
        if bench.stamp_ms - sent_ms >= _STALE_EVERY_MS:
            sent_ms = bench.stamp_ms
            bench.write(bench.frame(Heartbeat(echo_ms)))
        return next(iter(bench.events(mark, EventCode.FREEZE_ENDED)), None)

    bench.until(over, FREEZE_MS + 1_500, "the lease ends")


def _by_echo(bench: Bench) -> str:
    run = freezing(bench)
    echo_ms = _last_echo(bench)
    _repeated_until_ended(bench, run.mark, echo_ms)
    return _ended(bench, run.mark, EventCode.FREEZE_ENDED, echo_ms, FREEZE_MS)


def _older(bench: Bench) -> str:
    run = freezing(bench)
    bench.wait(400)
    echo_ms = _last_echo(bench)
    _repeated_until_ended(bench, run.mark, echo_ms - 300)
    return _ended(bench, run.mark, EventCode.FREEZE_ENDED, echo_ms, FREEZE_MS)


def _future(bench: Bench) -> str:
    run = freezing(bench)
    bench.beating = False
    for ahead_ms in (60_000, 0x7FFFFFFF):
        bench.write(bench.frame(Heartbeat(bench.stamp_ms + ahead_ms)))
    bench.write(bench.frame(Heartbeat(0xFFFFFFFF)))
    echo_ms = _last_echo(bench)
    return _ended(bench, run.mark, EventCode.FREEZE_ENDED, echo_ms, FREEZE_MS)


def _no_resume(bench: Bench) -> str:
    run = freezing(bench)
    _ended(bench, run.mark, EventCode.FREEZE_ENDED, _last_echo(bench), FREEZE_MS)
    mark = bench.mark()
    bench.beating = True
    bench.until(lambda: lease_left(bench) > 0, 1_000, "a heartbeat gives a lease again")
    bench.wait(500)
    expect(not begun(bench, mark), "the device went on by itself")
    shut(bench)
    return "a new lease brings nothing back"


def _latched(bench: Bench) -> str:
    run = freezing(bench)
    _ended(bench, run.mark, EventCode.FREEZE_ENDED, _last_echo(bench), FREEZE_MS)
    bench.beating = True
    bench.until(lambda: lease_left(bench) > 0, 1_000, "a heartbeat gives a lease again")
    bits = bench.refused(Arm(Action.FREEZE), Result.FAULT_STANDS)
    expect(bool(bits & Fault.LEASE_LOST), f"Arm was refused for the faults 0x{bits:X}")
    bench.done(Reset())
    armed(bench)
    return "blocks Arm until Reset"


def _cleared(bench: Bench) -> str:
    run = freezing(bench)
    _ended(bench, run.mark, EventCode.FREEZE_ENDED, _last_echo(bench), FREEZE_MS)
    raised = bench.event(run.mark, EventCode.FAULT_RAISED)
    bit = Fault.LEASE_LOST.bit_length() - 1
    expect(raised.detail == bit, f"FAULT_RAISED names bit {raised.detail}, not {bit}")
    bench.beating = True
    mark = bench.mark()
    bench.done(Reset())
    told = bench.event(mark, EventCode.FAULT_CLEARED)
    expect(told.detail == bit, f"FAULT_CLEARED names bit {told.detail}, not {bit}")
    left = bench.next_telemetry().faults
    expect(not left, f"after Reset the faults 0x{left:X} stand")
    return "FAULT_RAISED and FAULT_CLEARED"


def _arm(bench: Bench) -> str:
    with bench.quiet():
        bench.greet()
        bench.next_telemetry()
        expect(lease_left(bench) == 0, f"a new session has {lease_left(bench)} ms of lease")
        bench.refused(Arm(Action.FREEZE), Result.NO_LEASE)
        bench.beat(bench.stamp_ms)
        bench.done(Arm(Action.FREEZE))
        bench.wait(FREEZE_MS + 100)
        bench.refused(Arm(Action.FREEZE), Result.NO_LEASE)
    return "NO_LEASE without an echo and after its end"


def _start(bench: Bench) -> str:
    with bench.quiet():
        bench.next_telemetry()
        bench.beat(bench.stamp_ms)
        token = armed(bench)
        bench.wait(FREEZE_MS + 100)
        start_refused(bench, start_of(bench, token), Result.NO_LEASE)
    return "NO_LEASE"


def _told(bench: Bench) -> str:
    freezing(bench)
    echo_ms = _last_echo(bench)
    bench.next_telemetry()
    bench.next_telemetry()
    left_ms, at_ms = lease_left(bench), bench.measured_ms
    expect(
        left_ms == echo_ms + FREEZE_MS - at_ms,
        f"telemetry tells {left_ms} ms of lease, {echo_ms + FREEZE_MS - at_ms} are left",
    )
    expect(shows(bench, Actuator.VALVE_OPEN), "the valve reads shut in a freeze")
    state = bench.telemetry.state if bench.telemetry else None
    expect(state == DeviceState.FREEZING, f"the state is {state}")
    return f"{left_ms} ms, right to the millisecond"


ROWS: Final = (
    Check("safety.lease-stimulation", Tier.SAFETY, "Lease",
          "A stimulation ends 500 ms of device time after the newest echo.", _stimulation,
          Needs.REST),
    Check("safety.lease-freeze", Tier.SAFETY, "Lease",
          "A freeze ends 1,000 ms of device time after the newest echo, at most 50 ms late, with "
          "fault LEASE_LOST.", _freeze, Needs.READY),
    Check("safety.lease-by-echo", Tier.SAFETY, "Lease",
          "The same echo again, however often, gives nothing: the lease counts from the echo, not "
          "from its arrival.", _by_echo, Needs.READY),
    Check("safety.lease-older", Tier.SAFETY, "Lease",
          "An older echo is ignored: it neither renews the lease nor cuts it short.", _older,
          Needs.READY),
    Check("safety.lease-future", Tier.SAFETY, "Lease",
          "An echo later than the device's own time is ignored.", _future, Needs.READY),
    Check("safety.lease-told", Tier.SAFETY, "0x82 Telemetry",
          "Telemetry tells what is left of the lease.", _told, Needs.READY),
    Check("safety.lease-no-resume", Tier.SAFETY, "Lease",
          "A lease that lives again resumes nothing.", _no_resume, Needs.READY),
    Check("safety.lease-latched", Tier.SAFETY, "The device's own protection",
          "LEASE_LOST blocks Arm until it is reset.", _latched, Needs.READY),
    Check("safety.fault-cleared", Tier.SAFETY, "Events",
          "A fault is told by FAULT_RAISED and, once it is cleared, by FAULT_CLEARED.", _cleared,
          Needs.READY),
    Check("safety.arm-needs-lease", Tier.SAFETY, "ARM and START",
          "Arm is refused NO_LEASE in a new session without an echo, and after the lease's end.",
          _arm, Needs.READY),
    Check("safety.start-needs-lease", Tier.SAFETY, "ARM and START",
          "START makes the checks of Arm again: NO_LEASE when the lease has ended since.", _start,
          Needs.READY),
)  # fmt: skip
