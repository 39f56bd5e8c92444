"""Codec tier: Hello and Welcome, and what other versions and watchers may do."""

from typing import Final

from drivers.conformance.bench import Bench
from drivers.conformance.check import Check, Tier
from drivers.conformance.doing import welcome_of
from drivers.conformance.verdicts import expect
from drivers.link.codes import (
    DeviceState,
    Gas,
    PedalRole,
    Result,
)
from drivers.link.messages import (
    SCHEMA_HASHES,
    ReadProbe,
    SetTelemetryRate,
    Telemetry,
)

WELCOME_WIRE_BYTES: Final = 69


def _hello(bench: Bench) -> str:
    mark = bench.mark()
    bench.greet()
    hello_sequence = bench.sequence
    answers = [s for s in bench.seen[mark:] if s.frame.kind == 0x81]
    expect(
        all(s.frame.sequence == hello_sequence for s in answers),
        "Welcome does not carry Hello's sequence",
    )
    bench.next_telemetry()
    last = next(s for s in reversed(bench.seen) if isinstance(s.message, Telemetry))
    expect(last.frame.session == bench.session, "telemetry goes on under another session")
    return "Welcome, then telemetry under the new session"


def _welcome(bench: Bench) -> str:
    welcome = bench.greet()
    raw = next(s.raw for s in reversed(bench.seen) if s.message is welcome)
    expect(len(raw) + 1 == WELCOME_WIRE_BYTES, f"Welcome has {len(raw) + 1} bytes on the wire")
    serial = welcome.serial.rstrip(b"\0")
    for so, otherwise in (
        (welcome.major == 1, f"major is {welcome.major}"),
        (
            SCHEMA_HASHES.get(welcome.minor, welcome.schema_hash) == welcome.schema_hash,
            f"the schema hash of 1.{welcome.minor} is 0x{SCHEMA_HASHES.get(welcome.minor, 0):08X}, "
            f"not 0x{welcome.schema_hash:08X}",
        ),
        (welcome.gas in tuple(Gas), f"gas is {welcome.gas}"),
        (welcome.boot_id != 0, "the boot id is 0"),
        (serial.isascii() and serial.strip() == serial and len(serial) > 0, f"serial {serial!r}"),
        (welcome.pedal_role in tuple(PedalRole), f"the pedal's role is {welcome.pedal_role}"),
        (welcome.lease_freeze_ms == 1_000, f"the freeze's lease is {welcome.lease_freeze_ms}"),
        (welcome.lease_stimulation_ms == 500, f"lease {welcome.lease_stimulation_ms}"),
        (0 < welcome.freeze_cap_ms <= 240_000, f"the freeze's cap is {welcome.freeze_cap_ms}"),
        (welcome.stimulation_cap_ua <= 10_000, f"amplitudes up to {welcome.stimulation_cap_ua}"),
        (1 <= welcome.telemetry_per_second <= 50, f"rate {welcome.telemetry_per_second}"),
        (
            welcome.lowest_tip_centikelvin < welcome.coldest_target_centikelvin < 26_315,
            "lowest_tip, coldest_target and -10 °C are not in this order",
        ),
        (welcome.state in tuple(DeviceState), f"state {welcome.state}"),
    ):
        expect(so, otherwise)
    return f"{serial.decode('ascii')}, {WELCOME_WIRE_BYTES} bytes"


def _read_only(bench: Bench) -> str:
    mark = bench.mark()
    bench.refused(SetTelemetryRate(20), Result.READ_ONLY)
    bench.refused(ReadProbe(), Result.READ_ONLY)
    bench.stop()
    bench.next_telemetry()
    expect(any(isinstance(m, Telemetry) for m in bench.messages(mark)), "telemetry stopped")
    return "commands READ_ONLY, STOP done, telemetry goes on"


def _other_major(bench: Bench) -> str:
    bench.greet(major=2)
    return _read_only(bench)


def _other_schema(bench: Bench) -> str:
    own = welcome_of(bench)
    bench.greet(minor=own.minor, schema_hash=own.schema_hash ^ 1)
    return _read_only(bench)


def _watching(bench: Bench) -> str:
    bench.greet(flags=1)
    return _read_only(bench)


def _other_minor(bench: Bench) -> str:
    bench.greet(minor=7, schema_hash=0x12345678)
    bench.done(ReadProbe())
    return "both speak the lower minor"


def _unknown_flags(bench: Bench) -> str:
    bench.greet(flags=0xFE, reserved=0xFF)
    bench.done(ReadProbe())
    return "ignored"


ROWS: Final = (
    Check("codec.hello", Tier.CODEC, "Sessions",
          "Hello is answered by Welcome with its session and sequence, and telemetry goes on "
          "under the new session.", _hello),
    Check("codec.welcome", Tier.CODEC, "0x81 Welcome",
          "Welcome has 69 bytes on the wire and every field in its range.", _welcome),
    Check("codec.other-major", Tier.CODEC, "Versions",
          "A Hello of another major version opens a read-only session: all but STOP is refused.",
          _other_major),
    Check("codec.other-schema", Tier.CODEC, "Versions",
          "A Hello of the same version with another schema hash opens a read-only session.",
          _other_schema),
    Check("codec.other-minor", Tier.CODEC, "Versions",
          "A Hello of another minor version is served in full, and its hash is not compared.",
          _other_minor),
    Check("codec.read-only-flag", Tier.CODEC, "Sessions",
          "A Hello with READ_ONLY opens a read-only session.", _watching),
    Check("codec.unknown-flags", Tier.CODEC, "HelloFlag",
          "Unknown flags and reserved bytes of Hello are ignored.", _unknown_flags),
)  # fmt: skip
