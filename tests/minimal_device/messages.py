"""Messages: made from the schema, word for word as the document prints it."""

import hashlib
import struct
from typing import NamedTuple

from tests.minimal_device import framing

SCHEMA = """\
01 Hello major:B minor:B flags:B reserved:B schema_hash:I
02 Heartbeat echo_ms:I
03 Stop
04 Arm action:B
05 StartFreeze token:I expires_ms:I target_centikelvin:H timing:B reserved:B freeze_ms:I cap_ms:I
06 StartStimulation token:I expires_ms:I kind:B reserved:B rate_decihertz:H pulse_us:H limit_ua:H
07 Extend by_ms:I
08 End
09 Thaw warming:B
0a SetAmplitude amplitude_ua:H
0b StimulationOff
0c Reset
0d SetPedalRole role:B
0e Test test:B
0f ReadProbe
10 ReadCalibration index:B
11 SetTimeScale hundredths:H
12 EventAck number:H
13 ReadLog index:H
14 SetTelemetryRate per_second:B
20 EnterMaintenance enter:B
21 ExerciseActuator exercise:B level:B for_ms:H
22 Calibrate index:B reserved:B value:i
23 Reboot
80 Answer command:B result:B value:I
81 Welcome major:B minor:B flags:B gas:B schema_hash:I boot_id:I serial:12s firmware_major:B firmware_minor:B firmware_patch:B pedal_role:B capabilities:H coldest_target_centikelvin:H lowest_tip_centikelvin:H freeze_cap_ms:I tip_pressure_cap_kpa:H stimulation_cap_ua:H lease_freeze_ms:H lease_stimulation_ms:H time_scale_hundredths:H telemetry_per_second:B state:B
82 Telemetry state:B actuators:B qualities:I tip_centikelvin:H hose_centikelvin:H room_centikelvin:H supply_kpa:H exhaust_kpa:H flow_mg_s:H valve_percent:B delivered_ua:H impedance_ohm:H remaining_freeze_ms:I remaining_lease_ms:H faults:I
83 Event number:H code:B detail:B at_ms:I value:i
84 Probe present:B uses_left:B model:8s serial:12s diameter_um:H tip_length_um:H expires_day:H
85 Calibration index:B count:B value:i set_on_day:H
86 LogEntry index:H count:H code:B detail:B at_ms:I boot_id:I value:i
"""  # noqa: E501
SCHEMA_HASH = int.from_bytes(hashlib.sha256(SCHEMA.encode()).digest()[:4], "big")
HEADER = struct.Struct("<BBHII")


class Layout(NamedTuple):
    """One line of the schema."""

    kind: int
    name: str
    fields: tuple[str, ...]
    packing: struct.Struct


class Frame(NamedTuple):
    """Header and payload of a good frame."""

    kind: int
    sequence: int
    session: int
    device_ms: int
    payload: bytes


def _layouts() -> dict[int, Layout]:
    layouts = {}
    for line in SCHEMA.splitlines():
        kind, name, *fields = line.split()
        names = tuple(field.split(":")[0] for field in fields)
        packing = struct.Struct("<" + "".join(field.split(":")[1] for field in fields))
        layouts[int(kind, 16)] = Layout(int(kind, 16), name, names, packing)
    return layouts


LAYOUTS = _layouts()
KINDS = {layout.name: layout.kind for layout in LAYOUTS.values()}


def parse(raw: bytes) -> Frame:
    kind, _, sequence, session, device_ms = HEADER.unpack_from(raw)
    return Frame(kind, sequence, session, device_ms, raw[HEADER.size :])


def fields_of(frame: Frame) -> dict | None:
    """The payload's fields, or None where kind or length is not known."""
    layout = LAYOUTS.get(frame.kind)
    if layout is None or layout.packing.size != len(frame.payload):
        return None
    values = layout.packing.unpack(frame.payload)
    return {
        field: value.rstrip(b"\0").decode("ascii", "replace") if type(value) is bytes else value
        for field, value in zip(layout.fields, values, strict=True)
    }


def wire(name: str, sequence: int, session: int, device_ms: int, fields: dict) -> bytes:
    """A whole frame with its zero."""
    layout = LAYOUTS[KINDS[name]]
    values = (fields[field] for field in layout.fields)
    payload = layout.packing.pack(*(v.encode() if isinstance(v, str) else v for v in values))
    header = HEADER.pack(layout.kind, len(payload), sequence, session, device_ms)
    return framing.frame(header + payload)
