"""Single frames and streams for the vectors: good ones of every message, and every kind of bad."""

from typing import Any

from tests.link.independent import (
    LAYOUTS,
    WIDTHS,
    Values,
    check_bytes,
    closed,
    crc32c,
    cut,
    frame,
    header,
    message,
    name_of,
    stuff,
    unpack,
)

SESSION = 0x5EED0001
SCHEMA_HASH = 0xC5FF5C5F

TYPICAL: dict[str, Values] = {
    "Hello": {"major": 1, "minor": 1, "flags": 0, "reserved": 0, "schema_hash": SCHEMA_HASH},
    "Heartbeat": {"echo_ms": 61_450},
    "Stop": {},
    "Arm": {"action": 1},
    "StartFreeze": {
        "token": 0xC0FFEE01,
        "expires_ms": 61_750,
        "target_centikelvin": 20_315,
        "timing": 1,
        "reserved": 0,
        "freeze_ms": 120_000,
        "cap_ms": 240_000,
    },
    "StartStimulation": {
        "token": 0xC0FFEE02,
        "expires_ms": 61_750,
        "kind": 1,
        "reserved": 0,
        "rate_decihertz": 500,
        "pulse_us": 500,
        "limit_ua": 2_000,
    },
    "Extend": {"by_ms": 30_000},
    "End": {},
    "Thaw": {"warming": 1},
    "SetAmplitude": {"amplitude_ua": 350},
    "StimulationOff": {},
    "Reset": {},
    "SetPedalRole": {"role": 1},
    "Test": {"test": 2},
    "ReadProbe": {},
    "ReadCalibration": {"index": 0},
    "SetTimeScale": {"hundredths": 2_000},
    "EventAck": {"number": 17},
    "ReadLog": {"index": 3},
    "SetTelemetryRate": {"per_second": 20},
    "EnterMaintenance": {"enter": 1},
    "ExerciseActuator": {"exercise": 1, "level": 50, "for_ms": 2_000},
    "Calibrate": {"index": 0, "reserved": 0, "value": -35},
    "Reboot": {},
    "SimulateInput": {"input": 3, "quality": 0, "value": 3_700, "for_ms": 2_500},
    "Answer": {"command": 0x04, "result": 0, "value": 0xC0FFEE01},
    "Welcome": {
        "major": 1,
        "minor": 1,
        "flags": 1,
        "gas": 1,
        "schema_hash": SCHEMA_HASH,
        "boot_id": 0x0B007001,
        "serial": "CC-0001",
        "firmware_major": 1,
        "firmware_minor": 4,
        "firmware_patch": 2,
        "pedal_role": 1,
        "capabilities": 0x0029,
        "coldest_target_centikelvin": 19_815,
        "lowest_tip_centikelvin": 18_815,
        "freeze_cap_ms": 240_000,
        "tip_pressure_cap_kpa": 401,
        "stimulation_cap_ua": 10_000,
        "lease_freeze_ms": 1_000,
        "lease_stimulation_ms": 500,
        "time_scale_hundredths": 100,
        "telemetry_per_second": 20,
        "state": 1,
    },
    "Telemetry": {
        "state": 2,
        "actuators": 0x03,
        "qualities": 0x5500_0000,
        "tip_centikelvin": 20_291,
        "hose_centikelvin": 28_715,
        "room_centikelvin": 29_465,
        "supply_kpa": 4_870,
        "exhaust_kpa": 162,
        "flow_mg_s": 214,
        "valve_percent": 61,
        "delivered_ua": 0,
        "impedance_ohm": 0,
        "remaining_freeze_ms": 71_250,
        "remaining_lease_ms": 940,
        "faults": 0,
    },
    "Event": {"number": 17, "code": 2, "detail": 5, "at_ms": 61_432, "value": 412},
    "Probe": {
        "present": 1,
        "uses_left": 3,
        "model": "S-140",
        "serial": "P-24-0117",
        "diameter_um": 1_400,
        "tip_length_um": 6_000,
        "expires_day": 20_818,
    },
    "Calibration": {"index": 0, "count": 5, "value": -35, "set_on_day": 20_088},
    "LogEntry": {
        "index": 3,
        "count": 40,
        "code": 4,
        "detail": 1,
        "at_ms": 181_500,
        "boot_id": 0x0B007001,
        "value": 120_000,
    },
}


def _extreme(name: str, high: bool) -> Values:
    values: Values = {}
    for field, wire in LAYOUTS[name][1]:
        bits = 8 * WIDTHS[wire]
        if wire.startswith("char"):
            values[field] = "~" * WIDTHS[wire] if high else ""
        elif wire == "i32":
            values[field] = 2**31 - 1 if high else -(2**31)
        else:
            values[field] = 2**bits - 1 if high else 0
    return values


def _entry(name: str, about: str, values: Values, sequence: int, session: int, ms: int) -> Values:
    return {
        "message": name,
        "about": about,
        "kind": LAYOUTS[name][0],
        "sequence": sequence,
        "session": session,
        "device_ms": ms,
        "fields": values,
        "wire": message(name, values, sequence, session, ms).hex(),
    }


def good() -> list[Values]:
    """Frames of every message: usual values, all fields at their lowest, all at their highest."""
    entries = []
    for number, name in enumerate(LAYOUTS, start=1):
        ms = 61_500 if LAYOUTS[name][0] >= 0x80 else 0
        entries.append(_entry(name, "usual", TYPICAL[name], number, SESSION, ms))
        entries.append(_entry(name, "lowest", _extreme(name, False), 0, 0, 0))
        entries.append(
            _entry(name, "highest", _extreme(name, True), 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
        )
    return entries


def stream(about: str, wire: bytes) -> Values:
    """A stream with what it holds: flaws by name, frames by header and payload."""
    finds: list[Any] = []
    for found in cut(wire):
        if isinstance(found, str):
            finds.append({"flaw": found})
            continue
        name = name_of(found)
        fields = unpack(name, bytes.fromhex(found["payload"])) if name else None
        finds.append({**found, "message": name, "fields": fields})
    return {"about": about, "wire": wire.hex(), "finds": finds}


def _arm() -> bytes:
    return message("Arm", {"action": 1}, 9, SESSION, 0)


def _flipped(wire: bytes, at: int, mask: int) -> bytes:
    return wire[:at] + bytes((wire[at] ^ mask,)) + wire[at + 1 :]


def bad() -> list[Values]:
    """One frame with one flaw each, and frames that are whole but no message of this version."""
    arm = _arm()
    stuffed, check = arm[:-6], arm[-6:-1]
    raw = header(0x04, 1, 9, SESSION, 0) + b"\x01"
    cases: list[tuple[str, bytes]] = [
        ("short: a single byte", b"\x55\0"),
        ("short: 17 bytes, one less than the shortest frame", b"\x81" * 17 + b"\0"),
        ("short: eleven header bytes with a good check", closed(stuff(raw[:11]))),
        ("long: 128 bytes before the zero", b"\x81" * 128 + b"\0"),
        ("long: a payload of 110 bytes with a good check", frame(0x7E, b"\x01" * 110, 1, 1, 0)),
        ("truncated: the last check byte is missing", arm[:-2] + b"\0"),
        ("truncated: the first byte is missing", arm[1:]),
        ("joined: the zero between two frames is missing", arm[:-1] + arm),
        ("joined: of three, too long", arm[:-1] * 2 + b"\x81" * 90 + arm),
        ("check: one bit of the payload flipped", _flipped(arm, 13, 0x02)),
        ("check: the first stuffing byte flipped", _flipped(arm, 0, 0x01)),
        ("check: a stuffing byte inside flipped", _flipped(arm, stuffed[0], 0x04)),
        ("check: groups in the wrong order", stuffed + check[::-1] + b"\0"),
        (
            "check: made over the bytes before stuffing",
            stuffed + check_bytes(raw) + b"\0",
        ),
        ("check: CRC-32C without the last inversion", stuffed + _groups(~crc32c(stuffed)) + b"\0"),
        ("one bit flipped, and it makes a zero: two pieces", _flipped(arm, arm.index(0x01), 0x01)),
    ]  # fmt: skip
    cases += [(f"check: bit 0 of group {n} flipped", _flipped(arm, -6 + n, 0x01)) for n in range(5)]
    cases += [
        (f"check: top bit of group {n} cleared", _flipped(arm, -6 + n, 0x80)) for n in range(5)
    ]
    cases += [
        (f"check: bit {bit} of the fifth group set, over its four", _flipped(arm, -2, 1 << bit))
        for bit in (4, 5, 6)
    ]
    cases += [
        ("stuffing: a distance past the end, with a good check", closed(b"\xff" + stuffed[1:])),
        ("stuffing: the last distance one too far", closed(_last_distance(stuffed, 1))),
        ("length: one more than the payload", closed(stuff(b"\x04\x02" + raw[2:]))),
        ("length: one less than the payload", closed(stuff(b"\x04\x00" + raw[2:]))),
        ("length: 255", closed(stuff(b"\x04\xff" + raw[2:]))),
        ("unknown kind, host to device", frame(0x7F, b"", 10, SESSION, 0)),
        ("unknown kind, device to host", frame(0xFE, b"\x01\x02", 10, SESSION, 61_500)),
        ("payload of a wrong size: Arm with two bytes", frame(0x04, b"\x01\x00", 11, SESSION, 0)),
        ("payload of a wrong size: Arm with none", frame(0x04, b"", 11, SESSION, 0)),
        ("payload of a wrong size: Stop with one byte (it stops all the same)",
         frame(0x03, b"\x00", 12, SESSION, 0)),
    ]  # fmt: skip
    return [stream(about, wire) for about, wire in cases]


def _groups(number: int) -> bytes:
    return bytes(0x80 | ((number & 0xFFFFFFFF) >> shift & 0x7F) for shift in range(0, 35, 7))


def _last_distance(stuffed: bytes, more: int) -> bytes:
    at = 0
    while at + stuffed[at] < len(stuffed):
        at += stuffed[at]
    return _flipped(stuffed, at, stuffed[at] ^ stuffed[at] + more)


def streams() -> list[Values]:
    """Several frames and the noise between them."""
    arm = _arm()
    stop = message("Stop", {}, 10, SESSION, 0)
    beat = message("Heartbeat", {"echo_ms": 61_450}, 0, SESSION, 0)
    return [
        stream("nothing", b""),
        stream("zeros alone", b"\0\0\0"),
        stream("a zero first, to end whatever was there", b"\0" + arm),
        stream("three frames", arm + stop + beat),
        stream("zeros between frames", arm + b"\0\0" + stop),
        stream("noise, a zero, a frame", b"\x13\x37\xff\0" + stop),
        stream("noise runs into a frame: that frame is lost, the next is not", b"\x42" + arm + arm),
        stream("a frame cut off by a zero, then a whole one", arm[:9] + b"\0" + stop),
        stream("the last frame is not closed yet", stop + arm[:-1]),
        stream("300 bytes without a zero are one flaw", b"\x81" * 300 + b"\0" + stop),
        stream("127 bytes are not too long yet", b"\x81" * 127 + b"\0" + stop),
        stream("128 bytes without a zero so far", stop + b"\x81" * 128),
    ]
