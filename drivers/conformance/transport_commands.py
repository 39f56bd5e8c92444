"""Transport tier: what a bad line does to commands: corrupted, lost, doubled, late, foreign."""

import itertools
import random
from typing import Final

from drivers.conformance.bench import ANSWERING, Bench
from drivers.conformance.check import Check, Needs, Tier
from drivers.conformance.doing import freezing, lease_left
from drivers.conformance.verdicts import expect
from drivers.link.codes import Action, EventCode, Result
from drivers.link.frame import Frame, encode
from drivers.link.messages import (
    Arm,
    End,
    Event,
    Extend,
    Heartbeat,
    ReadProbe,
    SetTelemetryRate,
    Stop,
    Telemetry,
)

CORRUPTED: Final = 400
_FLOOD_BYTES: Final = 16_384
_FLOOD_BEATS: Final = 1_000


def _corrupt(bench: Bench) -> str:
    chance = random.Random(11)
    sent = bench.frame(ReadProbe())
    wire = encode(sent)
    mark = bench.mark()
    for number in range(CORRUPTED):
        bits = int.from_bytes(wire[:-1], "little")
        for place in chance.sample(range(8 * (len(wire) - 1)), 1 + number % 6):
            bits ^= 1 << place
        bench.write(bits.to_bytes(len(wire) - 1, "little") + b"\0")
        if number % 20 == 19:
            bench.pump()
    bench.settle()
    passed = [s for s in bench.seen[mark:] if isinstance(s.message, ANSWERING)]
    expect(len(passed) == 1, f"{len(passed) - 1} of {CORRUPTED} corrupted frames were answered")
    return f"{CORRUPTED} frames with 1 to 6 flipped bits dropped"


def _lost(bench: Bench) -> str:
    for missing in (1, 50, 32_000):
        sequence = (bench.sequence + missing) % 0xFFFF + 1
        bench.sequence = sequence
        bench.done(ReadProbe(), sequence=sequence)
    return "1, 50 and 32,000 sequences missing"


def _wrap(bench: Bench) -> str:
    bench.sequence = 0xFFFC
    bench.greet()
    for _ in range(6):
        bench.done(ReadProbe())
    return "from 65,535 to 1"


def _again(bench: Bench, sent: Frame, times: int) -> list[bytes]:
    """The raw answers to the frame `sent`, sent `times` times."""
    raws = []
    for _ in range(times):
        raws.append(bench.exchange(sent).raw)
        bench.next_telemetry()  # so that an answer made anew has another stamp
    return raws


def _duplicate(bench: Bench) -> str:
    for message in (Arm(Action.FREEZE), ReadProbe(), SetTelemetryRate(25), SetTelemetryRate(99)):
        raws = _again(bench, bench.frame(message), 3)
        expect(
            len(set(raws)) == 1,
            f"{type(message).__name__} repeated was answered with other bytes",
        )
    return "the remembered answer, byte by byte"


def _refusal_remembered(bench: Bench) -> str:
    with bench.quiet():
        bench.greet()
        sent = bench.frame(Arm(Action.FREEZE))
        first = bench.exchange(sent)
        result = getattr(first.message, "result", None)
        expect(result == Result.NO_LEASE, f"Arm without a lease was answered {result}")
        bench.beat(bench.stamp_ms)
        bench.until(lambda: lease_left(bench) > 0, 1_000, "a heartbeat gives a lease")
        again = bench.exchange(sent)
    expect(again.raw == first.raw, "a refused command was judged anew when it was repeated")
    unknown = Frame(0x7E, bench.next_sequence(), bench.session, 0, b"")
    expect(len(set(_again(bench, unknown, 2))) == 1, "UNKNOWN_COMMAND was not remembered")
    return "NO_LEASE and UNKNOWN_COMMAND remembered"


def _done_once(bench: Bench) -> str:
    freezing(bench, freeze_ms=10_000)
    sent = bench.frame(Extend(5_000))
    values = {getattr(bench.exchange(sent).message, "value", None) for _ in range(3)}
    expect(len(values) == 1, f"one Extend was answered with {values}")
    left_ms = bench.next_telemetry().remaining_freeze_ms
    expect(left_ms <= 15_000, f"one Extend sent three times: {left_ms} ms are left of 15,000")
    expect(left_ms > 10_000, f"Extend was answered, and {left_ms} ms are left")
    return f"{left_ms} ms left of 15,000"


def _late(bench: Bench) -> str:
    old = bench.frame(SetTelemetryRate(11))
    bench.done(ReadProbe())
    mark = bench.mark()
    for behind in (0, 1, 100, 32_766):
        sequence = (old.sequence - behind - 1) % 0xFFFF + 1
        bench.write(Frame(old.kind, sequence, old.session, 0, old.payload))
    bench.settle()
    answers = sum(isinstance(s.message, ANSWERING) for s in bench.seen[mark:]) - 1
    expect(answers == 0, f"{answers} answers to commands that were out of date")
    rate = bench.greet().telemetry_per_second
    expect(rate == 20, f"a command that was out of date set the rate to {rate}")
    return "ignored"


def _stop_outdates(bench: Bench) -> str:
    early = bench.frame(SetTelemetryRate(11))
    bench.next_sequence()
    mark = bench.mark()
    bench.stop()
    bench.write(early)
    bench.settle()
    expect(not bench.answers(mark, early), "a command from before STOP was done after it")
    return "ignored"


def _garbage(bench: Bench) -> str:
    chance = random.Random(23)
    mark = bench.mark()
    bench.next_telemetry()
    for _ in range(_FLOOD_BYTES // 512):
        bench.write(chance.randbytes(512))
        bench.pump()
    bench.write(b"\0")
    bench.settle()
    seconds = _kept_coming(bench, mark)
    return f"{_FLOOD_BYTES} bytes of noise, telemetry whole over {seconds:.1f} s"


def _beat_flood(bench: Bench) -> str:
    mark = bench.mark()
    bench.next_telemetry()
    for number in range(_FLOOD_BEATS):
        bench.write(bench.frame(Heartbeat(bench.stamp_ms)))
        if number % 10 == 9:
            bench.pump()
    bench.settle()
    told = sum(isinstance(s.message, ANSWERING) for s in bench.seen[mark:])
    expect(told == 1, f"{told - 1} answers to heartbeats")
    _kept_coming(bench, mark)
    left_ms = bench.next_telemetry().remaining_lease_ms
    expect(left_ms <= 1_000, f"{left_ms} ms of lease after a flood of heartbeats")
    return f"{_FLOOD_BEATS} heartbeats, {left_ms} ms of lease"


def _kept_coming(bench: Bench, mark: int) -> float:
    """Telemetry since `mark` has no gap; its length in seconds of device time."""
    bench.next_telemetry()
    frames = [s.frame for s in bench.seen[mark:] if isinstance(s.message, Telemetry)]
    gaps = sum(b.sequence != (a.sequence + 1) & 0xFFFF for a, b in itertools.pairwise(frames))
    expect(gaps == 0, f"telemetry has {gaps} gaps")
    period = max(b.device_ms - a.device_ms for a, b in itertools.pairwise(frames))
    expect(period <= 100, f"telemetry made a pause of {period} ms")
    return (frames[-1].device_ms - frames[0].device_ms) / 1_000


def _stop_each(bench: Bench) -> str:
    sent = bench.frame(Stop())
    mark = bench.mark()
    bench.write(*[sent] * 5)
    bench.settle()
    told = [getattr(s.message, "result", None) for s in bench.answers(mark, sent)]
    expect(told == [Result.DONE] * 5, f"one STOP sent 5 times was answered {len(told)} times")
    return "5 times DONE"


def _answer_first(bench: Bench) -> str:
    freezing(bench)
    mark = bench.mark()
    _, answer = bench.send(End())
    bench.event(mark, EventCode.STATE_CHANGED)
    told = [s for s in bench.seen[mark:] if isinstance(s.message, Event) or s is answer]
    expect(told[0] is answer, "an event that the command has caused came before its answer")
    return "the answer, then its events"


ROWS: Final = (
    Check("transport.corrupt", Tier.TRANSPORT, "A bad line",
          "Frames with 1 to 6 flipped bits are dropped and answered by nothing.", _corrupt,
          Needs.READY),
    Check("transport.lost", Tier.TRANSPORT, "Commands",
          "A sequence that is newer counts, however many before it were lost.", _lost, Needs.READY),
    Check("transport.wrap", Tier.TRANSPORT, "Commands",
          "After sequence 65,535 comes 1.", _wrap, Needs.READY),
    Check("transport.duplicate", Tier.TRANSPORT, "Commands",
          "A command repeated is answered by the remembered answer, byte by byte.", _duplicate,
          Needs.READY),
    Check("transport.refusal-remembered", Tier.TRANSPORT, "Commands",
          "A refusal is remembered like any answer: a repeat is not judged anew.",
          _refusal_remembered, Needs.READY),
    Check("transport.done-once", Tier.TRANSPORT, "Commands",
          "A command that is repeated is done once.", _done_once, Needs.READY),
    Check("transport.late", Tier.TRANSPORT, "Commands",
          "A command with an older sequence is ignored.", _late, Needs.READY),
    Check("transport.stop-outdates", Tier.TRANSPORT, "STOP",
          "After STOP every earlier command that is still on its way is ignored.", _stop_outdates,
          Needs.READY),
    Check("transport.garbage", Tier.TRANSPORT, "Telemetry",
          "Under a flood of noise telemetry goes on and the next command is answered.", _garbage,
          Needs.READY),
    Check("transport.heartbeat-flood", Tier.TRANSPORT, "Lease",
          "Heartbeats are never answered, and many give no longer lease than one.", _beat_flood,
          Needs.READY),
    Check("transport.stop-each", Tier.TRANSPORT, "STOP",
          "Each STOP is answered anew, repeats too.", _stop_each, Needs.READY),
    Check("transport.answer-first", Tier.TRANSPORT, "Commands",
          "An answer goes out before the events that the command has caused.", _answer_first,
          Needs.READY),
)  # fmt: skip
