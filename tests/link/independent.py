"""A second codec of the link, written from docs/protocol.md alone. It shares no line with the
drivers: its own stuffing, its own check bit by bit, its own layouts typed out by hand. Slow and
plain on purpose: the vectors are made by it, and the drivers are held to them."""

from typing import Any

# name: (kind, [(field, wire type)])
LAYOUTS: dict[str, tuple[int, list[tuple[str, str]]]] = {
    "Hello": (
        0x01,
        [
            ("major", "u8"),
            ("minor", "u8"),
            ("flags", "u8"),
            ("reserved", "u8"),
            ("schema_hash", "u32"),
        ],
    ),
    "Heartbeat": (0x02, [("echo_ms", "u32")]),
    "Stop": (0x03, []),
    "Arm": (0x04, [("action", "u8")]),
    "StartFreeze": (
        0x05,
        [
            ("token", "u32"),
            ("expires_ms", "u32"),
            ("target_centikelvin", "u16"),
            ("timing", "u8"),
            ("reserved", "u8"),
            ("freeze_ms", "u32"),
            ("cap_ms", "u32"),
        ],
    ),
    "StartStimulation": (
        0x06,
        [
            ("token", "u32"),
            ("expires_ms", "u32"),
            ("kind", "u8"),
            ("reserved", "u8"),
            ("rate_decihertz", "u16"),
            ("pulse_us", "u16"),
            ("limit_ua", "u16"),
        ],
    ),
    "Extend": (0x07, [("by_ms", "u32")]),
    "End": (0x08, []),
    "Thaw": (0x09, [("warming", "u8")]),
    "SetAmplitude": (0x0A, [("amplitude_ua", "u16")]),
    "StimulationOff": (0x0B, []),
    "Reset": (0x0C, []),
    "SetPedalRole": (0x0D, [("role", "u8")]),
    "Test": (0x0E, [("test", "u8")]),
    "ReadProbe": (0x0F, []),
    "ReadCalibration": (0x10, [("index", "u8")]),
    "SetTimeScale": (0x11, [("hundredths", "u16")]),
    "EventAck": (0x12, [("number", "u16")]),
    "ReadLog": (0x13, [("index", "u16")]),
    "SetTelemetryRate": (0x14, [("per_second", "u8")]),
    "EnterMaintenance": (0x20, [("enter", "u8")]),
    "ExerciseActuator": (0x21, [("exercise", "u8"), ("level", "u8"), ("for_ms", "u16")]),
    "Calibrate": (0x22, [("index", "u8"), ("reserved", "u8"), ("value", "i32")]),
    "Reboot": (0x23, []),
    "SimulateInput": (
        0x24,
        [("input", "u8"), ("quality", "u8"), ("value", "u16"), ("for_ms", "u16")],
    ),
    "Answer": (0x80, [("command", "u8"), ("result", "u8"), ("value", "u32")]),
    "Welcome": (
        0x81,
        [
            ("major", "u8"),
            ("minor", "u8"),
            ("flags", "u8"),
            ("gas", "u8"),
            ("schema_hash", "u32"),
            ("boot_id", "u32"),
            ("serial", "char[12]"),
            ("firmware_major", "u8"),
            ("firmware_minor", "u8"),
            ("firmware_patch", "u8"),
            ("pedal_role", "u8"),
            ("capabilities", "u16"),
            ("coldest_target_centikelvin", "u16"),
            ("lowest_tip_centikelvin", "u16"),
            ("freeze_cap_ms", "u32"),
            ("tip_pressure_cap_kpa", "u16"),
            ("stimulation_cap_ua", "u16"),
            ("lease_freeze_ms", "u16"),
            ("lease_stimulation_ms", "u16"),
            ("time_scale_hundredths", "u16"),
            ("telemetry_per_second", "u8"),
            ("state", "u8"),
        ],
    ),
    "Telemetry": (
        0x82,
        [
            ("state", "u8"),
            ("actuators", "u8"),
            ("qualities", "u32"),
            ("tip_centikelvin", "u16"),
            ("hose_centikelvin", "u16"),
            ("room_centikelvin", "u16"),
            ("supply_kpa", "u16"),
            ("exhaust_kpa", "u16"),
            ("flow_mg_s", "u16"),
            ("valve_percent", "u8"),
            ("delivered_ua", "u16"),
            ("impedance_ohm", "u16"),
            ("remaining_freeze_ms", "u32"),
            ("remaining_lease_ms", "u16"),
            ("faults", "u32"),
        ],
    ),
    "Event": (
        0x83,
        [("number", "u16"), ("code", "u8"), ("detail", "u8"), ("at_ms", "u32"), ("value", "i32")],
    ),
    "Probe": (
        0x84,
        [
            ("present", "u8"),
            ("uses_left", "u8"),
            ("model", "char[8]"),
            ("serial", "char[12]"),
            ("diameter_um", "u16"),
            ("tip_length_um", "u16"),
            ("expires_day", "u16"),
        ],
    ),
    "Calibration": (
        0x85,
        [("index", "u8"), ("count", "u8"), ("value", "i32"), ("set_on_day", "u16")],
    ),
    "LogEntry": (
        0x86,
        [
            ("index", "u16"),
            ("count", "u16"),
            ("code", "u8"),
            ("detail", "u8"),
            ("at_ms", "u32"),
            ("boot_id", "u32"),
            ("value", "i32"),
        ],
    ),
}

WIDTHS = {"u8": 1, "u16": 2, "u32": 4, "i32": 4, "char[8]": 8, "char[12]": 12}

Values = dict[str, Any]


def crc32c(data: bytes) -> int:
    """CRC-32C: polynomial 0x1EDC6F41 taken bit-reversed, all ones before and after."""
    register = 0xFFFFFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            register = (register >> 1) ^ (0x82F63B78 if register & 1 else 0)
    return register ^ 0xFFFFFFFF


def check_bytes(data: bytes) -> bytes:
    """The five check bytes over stuffed `data`."""
    crc = crc32c(data)
    return bytes(0x80 | (crc >> shift & 0x7F) for shift in (0, 7, 14, 21, 28))


def stuff(data: bytes) -> bytes:
    """COBS of up to 253 bytes: each zero becomes the distance to the next one."""
    out = bytearray()
    for run in data.split(b"\0"):
        out.append(len(run) + 1)
        out += run
    return bytes(out)


def unstuff(data: bytes) -> bytes | None:
    """The reverse; None when a distance points past the end."""
    out = bytearray()
    at = 0
    while at < len(data):
        distance = data[at]
        if distance == 0 or at + distance > len(data):
            return None
        out += data[at + 1 : at + distance] + b"\0"
        at += distance
    return bytes(out[:-1])


def pack(name: str, values: Values) -> bytes:
    """The payload of message `name`."""
    _, fields = LAYOUTS[name]
    if set(values) != {field for field, _ in fields}:
        raise ValueError(f"{name} has the fields {[field for field, _ in fields]}")
    out = b""
    for field, wire in fields:
        value = values[field]
        if wire.startswith("char"):
            out += value.encode("ascii").ljust(WIDTHS[wire], b"\0")
        else:
            out += value.to_bytes(WIDTHS[wire], "little", signed=wire == "i32")
    return out


def unpack(name: str, payload: bytes) -> Values:
    """The fields of message `name`."""
    values: Values = {}
    at = 0
    for field, wire in LAYOUTS[name][1]:
        piece = payload[at : at + WIDTHS[wire]]
        at += WIDTHS[wire]
        if wire.startswith("char"):
            values[field] = piece.rstrip(b"\0").decode("ascii")
        else:
            values[field] = int.from_bytes(piece, "little", signed=wire == "i32")
    return values


def header(kind: int, length: int, sequence: int, session: int, device_ms: int) -> bytes:
    """Twelve bytes before the payload."""
    return (
        bytes((kind, length))
        + sequence.to_bytes(2, "little")
        + session.to_bytes(4, "little")
        + device_ms.to_bytes(4, "little")
    )


def closed(stuffed: bytes) -> bytes:
    """Stuffed bytes with their check and the zero."""
    return stuffed + check_bytes(stuffed) + b"\0"


def frame(kind: int, payload: bytes, sequence: int, session: int, device_ms: int) -> bytes:
    """A whole frame of any kind and payload."""
    return closed(stuff(header(kind, len(payload), sequence, session, device_ms) + payload))


def message(name: str, values: Values, sequence: int, session: int, device_ms: int) -> bytes:
    """A whole frame of message `name`."""
    return frame(LAYOUTS[name][0], pack(name, values), sequence, session, device_ms)


def read(chunk: bytes) -> Values | str:
    """What stands between two zeros: the frame as values, or the name of its flaw."""
    if len(chunk) < 18:
        return "TOO_SHORT"
    if len(chunk) > 127:
        return "TOO_LONG"
    stuffed, check = chunk[:-5], chunk[-5:]
    if check != check_bytes(stuffed):
        return "CHECK"
    raw = unstuff(stuffed)
    if raw is None:
        return "STUFFING"
    if raw[1] != len(raw) - 12:
        return "LENGTH"
    return {
        "kind": raw[0],
        "sequence": int.from_bytes(raw[2:4], "little"),
        "session": int.from_bytes(raw[4:8], "little"),
        "device_ms": int.from_bytes(raw[8:12], "little"),
        "payload": raw[12:].hex(),
    }


def cut(stream: bytes) -> list[Values | str]:
    """Every frame and flaw that a stream completes, read whole. Bytes after the last zero are no
    frame yet, but past 127 of them they are already too long."""
    *chunks, rest = stream.split(b"\0")
    found = [read(chunk) for chunk in chunks if chunk]
    return [*found, "TOO_LONG"] if len(rest) > 127 else found


def name_of(values: Values) -> str | None:
    """Which message a frame holds, None when its kind or its length is none of this version's."""
    for name, (kind, fields) in LAYOUTS.items():
        width = sum(WIDTHS[wire] for _, wire in fields)
        if kind == values["kind"] and 2 * width == len(values["payload"]):
            return name
    return None
