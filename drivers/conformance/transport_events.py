"""Transport tier: what comes from the device by itself: events, telemetry, its clock's scale."""

import itertools
import time
from typing import Final

from drivers.conformance.bench import Bench
from drivers.conformance.check import Check, Needs, Tier
from drivers.conformance.doing import freezing, simulated
from drivers.conformance.verdicts import FailedError, NotApplicableError, expect
from drivers.conformance.wire import Seen
from drivers.link.codes import EventCode, Result
from drivers.link.messages import (
    Event,
    EventAck,
    LogEntry,
    ReadLog,
    SetTelemetryRate,
    SetTimeScale,
    Telemetry,
    Welcome,
)

REPEAT_MS: Final = 200
_NEAR_MS: Final = 50
EVENTS_KEPT: Final = 64
_LOG_SLACK: Final = 8
_STANDS_S: Final = 1.0


def _with_events(bench: Bench) -> int:
    """Makes events: a freeze that is stopped at once. A mark before them."""
    mark = bench.mark()
    freezing(bench)
    bench.stop()
    bench.event(mark, EventCode.FREEZE_ENDED)
    return mark


def _sent(bench: Bench, mark: int, number: int) -> list[Seen]:
    """Every time that event `number` came since `mark`."""
    return [
        s for s in bench.seen[mark:] if isinstance(s.message, Event) and s.message.number == number
    ]


def _repeated(bench: Bench) -> str:
    bench.acking = False
    mark = _with_events(bench)
    event = bench.event(mark, EventCode.FREEZE_ENDED)
    bench.until(
        lambda: len(_sent(bench, mark, event.number)) >= 5 or None,
        round(2_000 * max(1.0, bench.scale)),
        "an event comes 5 times",
    )
    came = _sent(bench, mark, event.number)
    expect(all(s.message == event for s in came), "a repeated event said something else")
    stamps = [s.frame.device_ms for s in came]
    apart = [b - a for a, b in itertools.pairwise(stamps)]
    # A device whose time can be scaled counts by the wall; in its own time that is longer.
    least, most = REPEAT_MS * min(1.0, bench.scale), REPEAT_MS * max(1.0, bench.scale)
    expect(
        all(least - _NEAR_MS <= ms <= most + _NEAR_MS for ms in apart),
        f"it was repeated after {apart} ms",
    )
    return f"after {apart} ms"


def _acknowledged(bench: Bench) -> str:
    bench.acking = False
    mark = _with_events(bench)
    events = bench.events(mark)
    kept, gone = events[0], events[-1]
    bench.write(bench.frame(EventAck(kept.number), session=bench.session ^ 1))
    bench.write(bench.frame(EventAck(gone.number)))
    bench.settle()
    mark = bench.mark()
    bench.until(
        lambda: len(_sent(bench, mark, kept.number)) >= 2,
        round(1_000 * max(1.0, bench.scale)),
        "an event is repeated until it is acknowledged in the open session",
    )
    expect(not _sent(bench, mark, gone.number), "an acknowledged event came again")
    return "acknowledged ones end, others go on"


def _numbered(bench: Bench) -> str:
    mark = _with_events(bench)
    bench.wait(100)
    numbers = [event.number for event in bench.events(mark)]
    seen = [s for s in bench.seen[mark:] if isinstance(s.message, Event)]
    expect(
        len(numbers) >= 4 and all((b - a) % 0xFFFF == 1 for a, b in itertools.pairwise(numbers)),
        f"events are numbered {numbers}",
    )
    odd = [s for s in seen if s.frame.sequence != _number(s)]
    expect(not odd, "an event's sequence is not its number")
    return f"{numbers[0]} to {numbers[-1]}"


def _number(seen: Seen) -> int:
    return seen.message.number if isinstance(seen.message, Event) else -1


def _outlive(bench: Bench) -> str:
    bench.acking = False
    mark = _with_events(bench)
    event = bench.event(mark, EventCode.FREEZE_ENDED)
    bench.greet()
    session, mark = bench.session, bench.mark()
    came = bench.until(
        lambda: _sent(bench, mark, event.number) or None,
        round(500 * max(1.0, bench.scale)),
        "events outlive the session",
    )
    expect(came[0].frame.session == session, "a waiting event came under the old session")
    return "under the new session"


def _kept(bench: Bench) -> str:
    bench.acking = False
    mark = bench.mark()
    while len(bench.events(mark)) < EVENTS_KEPT:
        _with_events(bench)
    bench.greet()
    place = bench.mark()
    here = bench.session

    def missing() -> set[int]:
        # More may happen meanwhile, and then the oldest may go.
        wanted = [event.number for event in bench.events(mark)][-EVENTS_KEPT:]
        return set(wanted) - again()

    def again() -> set[int]:
        return {
            s.message.number
            for s in bench.seen[place:]
            if isinstance(s.message, Event) and s.frame.session == here
        }

    within_ms = round(2_000 * max(1.0, bench.scale))
    try:
        bench.until(lambda: not missing(), within_ms, "the events come again")
    except FailedError as error:
        raise FailedError(
            f"of the newest {EVENTS_KEPT} events that wait {len(missing())} did not come again"
        ) from error
    finally:
        bench.acking = True
    bench.wait(300)
    return f"{EVENTS_KEPT} events waited"


def _log(bench: Bench) -> str:
    mark = _with_events(bench)
    bench.wait(100)
    told = bench.events(mark)
    boot_id = bench.welcome.boot_id if bench.welcome else 0
    count = bench.refused(ReadLog(0xFFFF), Result.BAD_VALUE)
    expect(
        count >= len(told),
        f"the log has {count} entries, and {len(told)} events have just happened",
    )
    entries = []
    for index in range(count - 1, max(-1, count - len(told) - _LOG_SLACK), -1):
        entry = bench.send(ReadLog(index))[1].message
        if isinstance(entry, LogEntry):
            entries.append((entry.code, entry.detail, entry.at_ms, entry.value, entry.boot_id))
    for event in told:
        key = (event.code, event.detail, event.at_ms, event.value, boot_id)
        expect(key in entries, f"event {event.number} (code {event.code}) is not in the log")
    return f"{len(told)} events found again among {count} entries"


def _twenty(bench: Bench) -> str:
    mark = bench.mark()
    bench.wait(2_000)
    frames = [s.frame for s in bench.seen[mark:] if isinstance(s.message, Telemetry)]
    apart = [b.device_ms - a.device_ms for a, b in itertools.pairwise(frames)]
    steps = {(b.sequence - a.sequence) & 0xFFFF for a, b in itertools.pairwise(frames)}
    expect(steps == {1}, f"telemetry's sequence goes on by {sorted(steps)}")
    expect(min(apart) > 0, "telemetry's stamps do not grow")
    mean = sum(apart) / len(apart)
    expect(abs(mean - 50) <= 1 and max(apart) <= 100, f"telemetry came every {mean:.0f} ms")
    return f"every {mean:.1f} ms"


def _rates(bench: Bench) -> str:
    for rate in (50, 5, 1, 20):
        value = bench.done(SetTelemetryRate(rate))
        expect(value == rate, f"SetTelemetryRate {rate} was answered {value}")
        bench.rate = rate
        bench.next_telemetry()
        mark = bench.mark()
        bench.wait(1_000 if rate > 1 else 2_000)
        stamps = [s.frame.device_ms for s in bench.seen[mark:] if isinstance(s.message, Telemetry)]
        mean = (stamps[-1] - stamps[0]) / max(1, len(stamps) - 1)
        expect(abs(mean - 1_000 / rate) <= 100 / rate, f"at {rate} a second every {mean:.0f} ms")
    for rate in (0, 51, 255):
        bench.refused(SetTelemetryRate(rate), Result.BAD_VALUE)
    expect(bench.greet().telemetry_per_second == 20, "Welcome does not tell the rate in force")
    return "50, 5, 1 and 20; 0 and 51 refused"


def _scale(bench: Bench) -> str:
    if not simulated(bench):
        bench.refused(SetTimeScale(100), Result.NOT_FITTED)
        return "NOT_FITTED on a real device"
    before = round(bench.scale * 100)
    for hundredths in (200, before):
        mark = bench.mark()
        value = bench.done(SetTimeScale(hundredths))
        expect(value == hundredths, f"the scale was answered {value}")
        told = bench.event(mark, EventCode.TIME_SCALE)
        expect(told.value == hundredths, f"the event said {told.value}")
        said = bench.greet().time_scale_hundredths
        expect(said == hundredths, f"Welcome said {said}")
    bench.refused(SetTimeScale(1_001), Result.BEYOND_LIMIT)
    return "told by answer, event and Welcome"


def _stands(bench: Bench) -> str:
    if not simulated(bench):
        raise NotApplicableError("only a simulated device can stand still")
    before = round(bench.scale * 100)
    bench.acking = False
    try:
        mark = bench.mark()
        bench.done(SetTimeScale(0))
        told = bench.event(mark, EventCode.TIME_SCALE)
        # What was measured before stands in the line: a fresh start.
        bench.wall(lambda: None, 0.2)
        mark, began_s = bench.mark(), time.monotonic()
        bench.wall(lambda: None, _STANDS_S)
        per_second = sum(isinstance(m, Telemetry) for m in bench.messages(mark)) / (
            time.monotonic() - began_s
        )
        stamps = {s.frame.device_ms for s in bench.seen[mark:] if isinstance(s.message, Telemetry)}
        expect(10 <= per_second <= 25, f"at scale 0 {per_second:.0f} telemetry frames a second")
        expect(len(stamps) == 1, f"at scale 0 device time went on: {sorted(stamps)}")
        expect(
            len(_sent(bench, mark, told.number)) >= 3,
            "at scale 0 an event that waits was not repeated every 200 ms of wall time",
        )
    finally:
        bench.acking = True
        bench.ask(SetTimeScale(before))
        bench.scale = before / 100
    return f"{per_second:.0f} frames a second, one stamp, events repeated"


def _welcome_first(bench: Bench) -> str:
    freezing(bench)
    mark = bench.mark()
    bench.greet()
    bench.event(mark, EventCode.STATE_CHANGED)
    bench.next_telemetry()
    under = [s for s in bench.seen[mark:] if s.message and s.frame.session == bench.session]
    kinds = [type(s.message) for s in under]
    if Event not in kinds or Telemetry not in kinds:
        raise FailedError("the new session has no events or no telemetry")
    expect(kinds[0] is Welcome, f"a new session began with {kinds[0].__name__}")
    expect(kinds.index(Event) < kinds.index(Telemetry), "telemetry came before what had happened")
    return "Welcome, events, telemetry"


ROWS: Final = (
    Check("transport.telemetry-twenty", Tier.TRANSPORT, "Telemetry",
          "Telemetry comes 20 times a second after a boot, its sequence counting by 1.", _twenty,
          Needs.READY),
    Check("transport.telemetry-rate", Tier.TRANSPORT, "0x14 SetTelemetryRate",
          "The rate can be set from 1 to 50 a second, and nothing else.", _rates, Needs.READY),
    Check("transport.time-scale", Tier.TRANSPORT, "Time",
          "A simulated device tells a new scale by event and Welcome; a real one has none.",
          _scale, Needs.READY),
    Check("transport.time-stands", Tier.TRANSPORT, "Time",
          "At scale 0 telemetry comes 20 times a second of wall time with an unchanged stamp, and "
          "waiting events are repeated by wall time.", _stands, Needs.READY),
    Check("transport.events-repeated", Tier.TRANSPORT, "Events",
          "An event comes again every 200 ms, the same each time, until it is acknowledged.",
          _repeated, Needs.READY),
    Check("transport.events-acknowledged", Tier.TRANSPORT, "Events",
          "An EventAck of the open session ends the repeats of that event and of no other.",
          _acknowledged, Needs.READY),
    Check("transport.events-numbered", Tier.TRANSPORT, "Events",
          "Events are numbered one after the other, and the header's sequence is the number.",
          _numbered, Needs.READY),
    Check("transport.events-outlive", Tier.TRANSPORT, "Events",
          "Events that wait go on waiting in a new session.", _outlive, Needs.READY),
    Check("transport.events-kept", Tier.TRANSPORT, "Events",
          "At least the newest 64 events that are not acknowledged wait, a new session included.",
          _kept, Needs.READY),
    Check("transport.log", Tier.TRANSPORT, "0x86 LogEntry",
          "Every event stands in the log, with its time and boot id.", _log, Needs.READY),
    Check("transport.welcome-first", Tier.TRANSPORT, "Sessions",
          "In a new session Welcome comes first, then what has happened, then telemetry.",
          _welcome_first, Needs.READY),
)  # fmt: skip
