"""Transport tier: frames of another session, and Hellos that come late or again."""

from typing import Final

from drivers.conformance.bench import Bench
from drivers.conformance.check import Check, Needs, Tier
from drivers.conformance.doing import armed, lease_left, shows
from drivers.conformance.verdicts import expect
from drivers.link.codes import Actuator, Result
from drivers.link.messages import (
    Heartbeat,
    ReadProbe,
    SetTelemetryRate,
    Telemetry,
    Welcome,
)


def _foreign(bench: Bench) -> str:
    for session in (0, bench.session ^ 1, bench.session ^ 0x80000000):
        sent = bench.frame(SetTelemetryRate(11), session=session)
        for _ in range(2):
            result = getattr(bench.exchange(sent).message, "result", None)
            expect(result == Result.WRONG_SESSION, f"another session was answered {result}")
        # Nothing of it is remembered: the same sequence is still free in the own session.
        bench.done(ReadProbe(), sequence=sent.sequence)
    rate = bench.greet().telemetry_per_second
    expect(rate == 20, f"a command of another session set the rate to {rate}")
    return "WRONG_SESSION, nothing remembered"


def _foreign_beat(bench: Bench) -> str:
    with bench.quiet():
        bench.greet()
        mark = bench.mark()
        for _ in range(8):
            bench.next_telemetry()
            for session in (0, bench.session ^ 1):
                bench.write(bench.frame(Heartbeat(bench.stamp_ms), session=session))
        bench.settle()
        bench.next_telemetry()
    told = [m.remaining_lease_ms for m in bench.messages(mark) if isinstance(m, Telemetry)]
    expect(max(told) == 0, f"heartbeats of another session gave {max(told)} ms of lease")
    return "no lease"


def _hello_again(bench: Bench) -> str:
    bench.greet()
    hello_sequence = bench.sequence
    bench.next_telemetry()
    bench.pump()
    bench.until(lambda: lease_left(bench) > 0, 1_000, "a heartbeat gives a lease")
    armed(bench)
    bench.next_telemetry()
    bench.next_telemetry()
    shown = shows(bench, Actuator.ARMED)
    sent = bench.hello(sequence=hello_sequence)
    answer = bench.exchange(sent).message
    expect(isinstance(answer, Welcome), "the same Hello again was not answered by Welcome")
    bench.next_telemetry()
    bench.next_telemetry()
    expect(shown, "ARMED was never set, though Arm was answered DONE")
    expect(shows(bench, Actuator.ARMED), "the same Hello again burnt the token")
    bench.done(ReadProbe())
    return "Welcome again, the token still out"


def _hello_late(bench: Bench) -> str:
    left = [bench.session]
    for _ in range(8):
        bench.greet()
        left.append(bench.session)
    here = left.pop()
    mark = bench.mark()
    late = [bench.hello(session=one) for one in (0, *left[-8:])]
    bench.write(*late)
    bench.settle()
    answers = sum(len(bench.answers(mark, one)) for one in late)
    expect(answers == 0, f"{answers} late Hellos were answered")
    expect(bench.session == here, "the session changed")
    return "session 0 and the last 8 ignored"


def _sequence_from_hello(bench: Bench) -> str:
    bench.sequence = 1_000
    bench.greet()
    mark = bench.mark()
    old = bench.frame(SetTelemetryRate(11), sequence=900)
    bench.write(old)
    bench.settle()
    expect(not bench.answers(mark, old), "a sequence from before Hello was taken")
    forgotten = bench.frame(ReadProbe())
    first = bench.exchange(forgotten).raw
    bench.greet()
    sent = bench.frame(ReadProbe(), sequence=bench.sequence + 1)
    bench.sequence = sent.sequence
    expect(bench.exchange(sent).raw != first, "an answer of the session before was remembered")
    return "older ones ignored, answers forgotten"


ROWS: Final = (
    Check("transport.foreign", Tier.TRANSPORT, "Commands",
          "A command of another session is answered WRONG_SESSION, and is not remembered.",
          _foreign, Needs.READY),
    Check("transport.foreign-heartbeat", Tier.TRANSPORT, "Lease",
          "A heartbeat of another session gives no lease.", _foreign_beat, Needs.READY),
    Check("transport.hello-again", Tier.TRANSPORT, "Sessions",
          "The Hello of the open session is answered by Welcome again, and nothing else happens.",
          _hello_again, Needs.READY),
    Check("transport.hello-late", Tier.TRANSPORT, "Sessions",
          "A Hello of session 0 or of one of the last 8 that were left is ignored.", _hello_late,
          Needs.READY),
    Check("transport.sequence-from-hello", Tier.TRANSPORT, "Sessions",
          "In a new session the sequence counts from Hello's, and old answers are forgotten.",
          _sequence_from_hello, Needs.READY),
)  # fmt: skip
