"""What is made from docs/protocol.json, the link's one definition: the schema and its hash, the
tables of docs/protocol.md, the C header of examples/firmware."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "docs" / "protocol.json"
DOCUMENT = ROOT / "docs" / "protocol.md"
HEADER = ROOT / "examples" / "firmware" / "core" / "protocol.h"

Definition = dict[str, Any]

CODES_OF_TYPES = {
    "u8": "B", "u16": "H", "u32": "I", "i32": "i", "char[8]": "8s", "char[12]": "12s",
}  # fmt: skip
BYTES = {"u8": 1, "u16": 2, "u32": 4, "i32": 4, "char[8]": 8, "char[12]": 12}
FROM_DEVICE = 0x80


def definition() -> Definition:
    """The file as it is."""
    found: Definition = json.loads(SOURCE.read_text(encoding="utf-8"))
    return found


def payload_bytes(message: Definition) -> int:
    """Bytes of a message's payload."""
    return sum(BYTES[field["type"]] for field in message["fields"])


def schema(known: Definition, minor: int | None = None) -> str:
    """The wire layout as text, of this version or of an earlier minor one."""
    lines = (
        f"{message['kind']:02x} {message['name']} "
        + " ".join(
            f"{field['name']}:{CODES_OF_TYPES[field['type']]}" for field in message["fields"]
        )
        for message in known["messages"]
        if minor is None or message.get("since", 0) <= minor
    )
    return "\n".join(line.rstrip() for line in lines) + "\n"


def schema_hash(known: Definition, minor: int | None = None) -> int:
    """First four bytes of the schema's SHA-256."""
    return int.from_bytes(hashlib.sha256(schema(known, minor).encode()).digest()[:4], "big")


# --- docs/protocol.md -------------------------------------------------------------------------


def document(known: Definition, text: str) -> str:
    """`text`, the document, with its tables, its schema and its hash made anew."""
    text = re.sub(
        r"(?<=^```schema\n).*?(?=^```$)", lambda _: schema(known), text, flags=re.M | re.S
    )
    made = f"schema hash is **0x{schema_hash(known):08X}**"
    text = re.sub(r"schema hash is \*\*0x[0-9A-F]{8}\*\*", made, text)
    for heading, number, head, rows in _tables(known):
        text = _with_table(text, heading, number, _table(head, rows))
    for message in known["messages"]:
        text = _with_message(text, message)
    return text


def _tables(known: Definition) -> Iterable[tuple[str, int, Sequence[str], list[list[str]]]]:
    """(heading, which table under it, its head, its rows) of all but the messages' own."""
    yield "Header", 0, ("at", "field", "type", "meaning"), _placed(known["header"], "meaning")
    rows = [[one["name"], one["when"]] for one in known["flaws"]]
    yield "Frames", 0, ("flaw", "when"), rows
    rows = [[one["freeze"], one["stimulate"], one["result"]] for one in known["arm"]]
    yield "ARM and START", 0, ("Arm FREEZE", "Arm STIMULATE", "result"), rows
    rows = [[one["check"], one["result"]] for one in known["start"]]
    yield "ARM and START", 1, ("START, in this order", "result"), rows
    for number, name in enumerate(("states", "by_itself")):
        yield "States", number, tuple(known[name][0]), [list(row.values()) for row in known[name]]
    head = ("bit", "fault", "trips", "value of FAULT_RAISED x 100", "cleared by")
    faults = [
        [str(one["bit"]), one["name"], one["trips"], one["value"], one["cleared_by"]]
        for one in known["faults"]
    ]
    yield "The device's own protection", 0, head, faults
    for name, members in known["codes"].items():
        last = "value of the Answer" if name == "Result" else "meaning"
        shown = hex if name in known["flags"] else str
        rows = [[shown(one["value"]), one["name"], one["meaning"]] for one in members]
        yield name, 0, ("value", "name", last), rows
    rows = [
        [str(one["index"]), one["name"], one["unit"], f"{one['largest']:,}"]
        for one in known["calibration"]
    ]
    yield "CalibrationRecord", 0, ("index", "name", "unit", "largest either way"), rows
    rows = [
        [one["name"], f"{one['value']:,}", one["unit"], one["of"], one["meaning"]]
        for one in known["constants"]
    ]
    yield "Constants", 0, ("name", "value", "unit", "of", "meaning"), rows
    rows = [
        [one["name"], f"{one['value']:,}", one["unit"], one["meaning"]] for one in known["limits"]
    ]
    yield "Limits of a device", 0, ("name", "value", "unit", "meaning"), rows
    gases = known["gases"]
    rows = [
        [name, *(str(gas[name]) if name == "gas" else f"{gas[name]:,}" for gas in gases)]
        for name in gases[0]
        if name != "gas"
    ]
    yield "Limits of a device", 1, ("of the gas", *(gas["gas"] for gas in gases)), rows


def _placed(fields: list[Definition], *columns: str) -> list[list[str]]:
    rows, at = [], 0
    for field in fields:
        rows.append([str(at), field["name"], field["type"], *(field[name] for name in columns)])
        at += BYTES[field["type"]]
    return rows


def _table(head: Sequence[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _section(text: str, heading: str) -> tuple[int, int]:
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", text, re.M | re.S)
    if found is None:
        raise ValueError(f"docs/protocol.md has no heading {heading}")
    return found.span(1)


def _with_table(text: str, heading: str, number: int, made: str) -> str:
    begin, end = _section(text, heading)
    tables = list(re.finditer(r"(?:^\|.*\n?)+", text[begin:end], re.M))
    if len(tables) <= number:
        raise ValueError(f"docs/protocol.md has no table {number + 1} under {heading}")
    start, stop = tables[number].span()
    return text[: begin + start] + made + text[begin + stop :]


def _with_message(text: str, message: Definition) -> str:
    begin, end = _section(text, f"0x{message['kind']:02X} {message['name']}")
    size = payload_bytes(message)
    made = f"\n{message['about']} Payload {size} bytes, frame {size + 19}.\n\n"
    if message["fields"]:
        rows = _placed(message["fields"], "unit", "meaning")
        made += _table(("at", "field", "type", "unit, range", "meaning"), rows) + "\n"
    rest = re.search(r"^\*\*From .*?\*\*$", text[begin:end], re.M)
    tail = f"{rest[0]}\n\n" if rest else ""
    return text[:begin] + made + tail + text[end:]


# --- the C header -----------------------------------------------------------------------------


def header(known: Definition) -> str:
    """Every number of the definition for a device in C."""
    lines = [
        "/* Numbers of the Cryoprobe Console Link. Made from docs/protocol.json by",
        "   `python -m tests.link.make_protocol`; do not edit. */",
        "#ifndef CRYO_PROTOCOL_H",
        "#define CRYO_PROTOCOL_H",
        "",
        f"#define CRYO_MAJOR {known['major']}u",
        f"#define CRYO_MINOR {known['minor']}u",
        f"#define CRYO_SCHEMA_HASH 0x{schema_hash(known):08X}u",
    ]
    lines += ["", "/* Messages: kind, bytes of payload, places of fields. */"]
    for message in known["messages"]:
        name = _upper(message["name"])
        lines.append(f"#define CRYO_{name} 0x{message['kind']:02X}u")
        lines.append(f"#define CRYO_{name}_BYTES {payload_bytes(message)}u")
        at = 0
        for field in message["fields"]:
            lines.append(f"#define CRYO_{name}_{field['name'].upper()} {at}u")
            at += BYTES[field["type"]]
    for code, members in known["codes"].items():
        lines += ["", f"/* {code} */"]
        lines += [
            f"#define CRYO_{_upper(code)}_{one['name']} {_c(one['value'], code in known['flags'])}"
            for one in members
        ]
    lines += ["", "/* Fault, by bit */"]
    lines += [f"#define CRYO_FAULT_{one['name']} {one['bit']}u" for one in known["faults"]]
    lines += _masks(known)
    lines += ["", "/* Flaws of a received frame, from 1 */"]
    lines += [f"#define CRYO_FLAW_{one['name']} {n}u" for n, one in enumerate(known["flaws"], 1)]
    lines += ["", "/* Timings and limits; units stand in docs/protocol.md */"]
    lines += [
        f"#define CRYO_{one['name']} {_c(one['value'])}"
        for one in (*known["constants"], *known["limits"])
        if one.get("of", "device") == "device"
    ]
    lines += ["", "/* Calibration: records, and how far each may go either way */"]
    lines.append(f"#define CRYO_CALIBRATIONS {len(known['calibration'])}u")
    largest = ", ".join(str(one["largest"]) for one in known["calibration"])
    lines.append(f"#define CRYO_CALIBRATION_LARGEST {{{largest}}}")
    lines += ["", "/* Limits of the gases */"]
    for gas in known["gases"]:
        lines += [
            f"#define CRYO_{gas['gas']}_{name.upper()} {_c(value)}"
            for name, value in gas.items()
            if name != "gas"
        ]
    return "\n".join([*lines, "", "#endif", ""])


def _masks(known: Definition) -> list[str]:
    chosen = {
        "BLOCKS_GAS": lambda one: "gas" in one["blocks"],
        "BLOCKS_STIMULATOR": lambda one: "stimulator" in one["blocks"],
        "ENGINEER": lambda one: one["cleared_by"] == "engineer",
        "BY_ITSELF": lambda one: one["cleared_by"].startswith("by itself"),
        "ISOLATES": lambda one: one["reaction"].endswith("isolated"),
    }
    return [
        f"#define CRYO_FAULTS_{name} "
        f"0x{sum(1 << one['bit'] for one in known['faults'] if wanted(one)):08X}u"
        for name, wanted in chosen.items()
    ]


def _c(value: int, flag: bool = False) -> str:
    if flag:
        return f"0x{value:X}u"
    return f"({value})" if value < 0 else f"{value}u"


def _upper(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z])", "_", name).upper()
