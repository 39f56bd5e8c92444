"""Codec tier: unknown kinds, readings, what telemetry says at rest."""

import statistics
import time
from typing import Final

from drivers.conformance.bench import ANSWERING, Bench
from drivers.conformance.check import Check, Tier
from drivers.conformance.doing import lease_left, welcome_of
from drivers.conformance.verdicts import NotApplicableError, expect
from drivers.link.codes import (
    Capability,
    DeviceState,
    Exercise,
    Quality,
    Result,
    Sensor,
    WelcomeFlag,
)
from drivers.link.frame import Frame
from drivers.link.messages import (
    FROM_DEVICE,
    FROM_HOST,
    UNANSWERED,
    Calibrate,
    Calibration,
    EnterMaintenance,
    EventAck,
    ExerciseActuator,
    Heartbeat,
    Hello,
    LogEntry,
    Probe,
    ReadCalibration,
    ReadLog,
    ReadProbe,
    Reboot,
    Stop,
    pack,
    payload_bytes,
)

_UNKNOWN: Final = (0x00, 0x15, 0x1F, 0x25, 0x42, 0x7F)
_ANSWER_MS: Final = 50
_LINE_MS: Final = 20
"""What the line and this computer may add to an answer's 50 ms."""


def _unknown_kind(bench: Bench) -> str:
    for kind in _UNKNOWN:
        sent = Frame(kind, bench.next_sequence(), bench.session, 0, b"\x01\x02\x03")
        answer = bench.exchange(sent).message
        result = getattr(answer, "result", None)
        expect(result == Result.UNKNOWN_COMMAND, f"kind 0x{kind:02X} was answered {result}")
    return f"{len(_UNKNOWN)} kinds"


def _wrong_size(bench: Bench) -> str:
    count = 0
    for message in FROM_HOST:
        if message in (Hello, Stop) or message.KIND in UNANSWERED:
            continue
        size = payload_bytes(message.KIND) or 0
        for length in {size + 1, max(0, size - 1), 45} - {size}:
            sent = Frame(message.KIND, bench.next_sequence(), bench.session, 0, bytes(length))
            result = getattr(bench.exchange(sent).message, "result", None)
            expect(
                result == Result.UNKNOWN_COMMAND,
                f"{message.__name__} with {length} bytes of payload was answered {result}",
            )
            count += 1
    return f"{count} refused"


def _wrong_size_unanswered(bench: Bench) -> str:
    with bench.quiet():
        bench.greet()
        bench.next_telemetry()
        mark = bench.mark()
        stamp = pack(Heartbeat(bench.stamp_ms))
        for payload in (stamp + b"\0", stamp[:3], b""):
            bench.write(Frame(Heartbeat.KIND, 0, bench.session, 0, payload))
        bench.write(Frame(EventAck.KIND, 0, bench.session, 0, b"\0\0\0"))
        bench.settle()
        bench.next_telemetry()
        bench.next_telemetry()
    expect(lease_left(bench) == 0, "a heartbeat of another length gave a lease")
    told = [s for s in bench.seen[mark:] if isinstance(s.message, ANSWERING)]
    expect(len(told) == 1, f"{len(told) - 1} answers to heartbeats and acknowledgements")
    return "ignored"


def _loop_back(bench: Bench) -> str:
    mark = bench.mark()
    sent = []
    for message in FROM_DEVICE:
        size = payload_bytes(message.KIND) or 0
        sent.append(Frame(message.KIND, bench.next_sequence(), bench.session, 0, bytes(size)))
    sent.append(Frame(0xFF, bench.next_sequence(), bench.session, 0, b""))
    bench.write(*sent)
    bench.settle()
    heard = {one.sequence for one in sent}
    answers = [
        s.frame.kind
        for s in bench.seen[mark:]
        if isinstance(s.message, ANSWERING) and s.frame.sequence in heard
    ]
    expect(not answers, f"{len(answers)} answers to kinds that only a device sends")
    return f"{len(sent)} ignored"


def _stop_payload(bench: Bench) -> str:
    for length in (0, 1, 8, 44):
        sent = Frame(Stop.KIND, bench.next_sequence(), bench.session, 0, bytes(length))
        result = getattr(bench.exchange(sent).message, "result", None)
        expect(result == Result.DONE, f"STOP with {length} bytes of payload: {result}")
    return "done with any"


def _readings(bench: Bench) -> str:
    for wanted, asked in (
        (Probe, ReadProbe()),
        (Calibration, ReadCalibration(0)),
        (LogEntry, ReadLog(0)),
    ):
        found = bench.send(asked)[1].message
        empty = isinstance(asked, ReadLog) and getattr(found, "result", None) == Result.BAD_VALUE
        expect(
            isinstance(found, wanted) or empty,
            f"{type(asked).__name__} was answered by {type(found).__name__}",
        )
        index = getattr(found, "index", 0)
        expect(index == 0, f"{type(asked).__name__} 0 was answered with index {index}")
    records = bench.refused(ReadCalibration(255), Result.BAD_VALUE)
    entries = bench.refused(ReadLog(0xFFFF), Result.BAD_VALUE)
    expect(0 < records < 255, f"there are {records} calibration records")
    return f"probe, {records} calibration records, {entries} log entries"


def _at_rest(bench: Bench) -> str:
    telemetry = bench.next_telemetry()
    cold = (telemetry.tip_centikelvin, telemetry.hose_centikelvin, telemetry.room_centikelvin)
    numbers = (
        *cold,
        telemetry.supply_kpa,
        telemetry.exhaust_kpa,
        telemetry.flow_mg_s,
        telemetry.delivered_ua,
        telemetry.impedance_ohm,
    )
    for sensor, number in zip(Sensor, numbers, strict=True):
        quality = telemetry.quality(sensor)
        expect(
            quality == Quality.OK or number == 0,
            f"{sensor.name} has quality {quality} and the number {number}, not 0",
        )
        if sensor <= Sensor.ROOM and quality == Quality.OK:
            expect(number != 0, f"{sensor.name} is OK with the number 0, which is no reading")
    capabilities = welcome_of(bench).capabilities
    if not capabilities & Capability.HOSE_SENSOR:
        quality = telemetry.quality(Sensor.HOSE)
        expect(quality == Quality.NOT_FITTED, f"no hose sensor, and its quality is {quality}")
    expect(telemetry.state in tuple(DeviceState), f"state {telemetry.state}")
    expect(telemetry.remaining_freeze_ms == 0, "freeze time is left, and nothing freezes")
    return f"tip {telemetry.celsius(Sensor.TIP)} °C, state {DeviceState(telemetry.state).name}"


def _answers_soon(bench: Bench) -> str:
    took_ms = []
    with bench.quiet():
        for _ in range(15):
            began_s = time.monotonic()
            took_ms.append((bench.exchange(bench.frame(ReadProbe())).wall_s - began_s) * 1_000)
    usual = statistics.median(took_ms)
    expect(usual <= _ANSWER_MS + _LINE_MS, f"the usual answer came after {usual:.0f} ms")
    return f"usually {usual:.1f} ms there and back"


def _maintenance_only(bench: Bench) -> str:
    state = bench.next_telemetry().state
    if state == DeviceState.MAINTENANCE:
        raise NotApplicableError("the device is in maintenance")
    # Even where they were done wrongly, these would do no harm.
    for message in (ExerciseActuator(Exercise.EXHAUST, 100, 1), Calibrate(255, 0, 0), Reboot()):
        bench.refused(message, Result.MAINTENANCE_ONLY)
    bench.refused(EnterMaintenance(0), Result.WRONG_STATE)
    bench.refused(EnterMaintenance(2), Result.BAD_VALUE)
    if welcome_of(bench).flags & WelcomeFlag.MAINTENANCE_SWITCH:
        return "refused outside maintenance"
    wanted = Result.SWITCH_NEEDED if state == DeviceState.IDLE else Result.WRONG_STATE
    bench.refused(EnterMaintenance(1), wanted)
    return f"refused outside maintenance; maintenance itself {wanted.name}"


ROWS: Final = (
    Check("codec.unknown-kind", Tier.CODEC, "Versions",
          "An unknown kind under 0x80 is answered UNKNOWN_COMMAND.", _unknown_kind),
    Check("codec.wrong-size", Tier.CODEC, "Versions",
          "A known command with another length of payload is answered UNKNOWN_COMMAND.",
          _wrong_size),
    Check("codec.wrong-size-unanswered", Tier.CODEC, "Commands",
          "Heartbeat and EventAck are never answered; with another length they do nothing.",
          _wrong_size_unanswered),
    Check("codec.loop-back", Tier.CODEC, "Commands",
          "Kinds from 0x80 on are ignored: the line loops back.", _loop_back),
    Check("codec.stop-payload", Tier.CODEC, "STOP",
          "STOP is done with a payload of any length.", _stop_payload),
    Check("codec.readings", Tier.CODEC, "Commands",
          "ReadProbe, ReadCalibration and ReadLog are answered by what they ask for, and an index "
          "past the end by BAD_VALUE with the count.", _readings),
    Check("codec.telemetry-fields", Tier.CODEC, "Telemetry",
          "A reading without quality OK has the number 0; what is not fitted says so.", _at_rest),
    Check("codec.answers-soon", Tier.CODEC, "Commands",
          "A command's answer begins within 50 ms.", _answers_soon),
    Check("codec.maintenance-only", Tier.CODEC, "States",
          "Outside maintenance no actuator is moved by hand, nothing calibrated or restarted; "
          "maintenance needs its switch.", _maintenance_only),
)  # fmt: skip
