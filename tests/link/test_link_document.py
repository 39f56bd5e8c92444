"""docs/protocol.md against both codecs: layouts, codes, constants and examples cannot go stale."""

import enum
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from drivers.link import codes, device, host, messages
from drivers.link.frame import DEVICE_FRAME_BYTES, HOST_FRAME_BYTES, Deframer, Flaw, Frame, encode
from tests.link import independent
from tests.link.test_link_vectors import message_of

TEXT = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")
CODES = {
    name: kind
    for name, kind in vars(codes).items()
    if isinstance(kind, type) and issubclass(kind, enum.Enum) and kind.__module__ == codes.__name__
}
Row = dict[str, str]


def section(heading: str) -> str:
    """What stands under a heading of any level, up to the next heading."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", TEXT, re.M | re.S)
    assert found, f"no heading {heading}"
    return found[1]


def table(text: str) -> list[Row]:
    """The first table of `text`, a dictionary a row."""
    found = re.search(r"(?:^\|.*\n?)+", text, re.M)
    if not found:
        return []
    lines = found[0].splitlines()
    head, _, *rows = ([cell.strip() for cell in line[1:-1].split("|")] for line in lines)
    return [dict(zip(head, row, strict=True)) for row in rows]


def blocks(kind: str) -> list[str]:
    """Every fenced block of that kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", TEXT, re.M | re.S)


def number(text: str) -> int:
    return int(text.replace(",", ""), 0)


# --- layouts ----------------------------------------------------------------------------------


def test_the_document_has_every_message_and_no_other() -> None:
    found = re.findall(r"^### 0x([0-9A-F]{2}) (\w+)$", TEXT, re.M)
    known = messages.FROM_HOST + messages.FROM_DEVICE
    assert found == [(f"{m.KIND:02X}", m.__name__) for m in known]


@pytest.mark.parametrize(
    "message", messages.FROM_HOST + messages.FROM_DEVICE, ids=lambda m: m.__name__
)
def test_a_message_s_table_is_its_layout(message: type[messages.Message]) -> None:
    text = section(f"0x{message.KIND:02X} {message.__name__}")
    size = messages.payload_bytes(message.KIND)
    assert size is not None
    assert f"Payload {size} bytes, frame {size + 19}." in text
    at = 0
    rows = table(text)
    wires = {"B": "u8", "H": "u16", "I": "u32", "i": "i32", "8s": "char[8]", "12s": "char[12]"}
    assert [(row["field"], row["type"]) for row in rows] == [
        (name, wires[code]) for name, code in messages.fields(message)
    ]
    for row in rows:
        assert int(row["at"]) == at
        at += independent.WIDTHS[row["type"]]
    assert at == size


def test_fields_name_codes_that_exist() -> None:
    for message in messages.FROM_HOST + messages.FROM_DEVICE:
        for row in table(section(f"0x{message.KIND:02X} {message.__name__}")):
            word = row["unit, range"]
            if re.fullmatch(r"[A-Z]\w+", word) and word != "ASCII":
                assert word in CODES or word == "CalibrationRecord", (message, row)


def test_the_header_is_twelve_bytes() -> None:
    rows = table(section("Header"))
    assert [(row["at"], row["field"], row["type"]) for row in rows] == [
        ("0", "kind", "u8"),
        ("1", "length", "u8"),
        ("2", "sequence", "u16"),
        ("4", "session", "u32"),
        ("8", "device_ms", "u32"),
    ]


def test_the_schema_and_its_hash_are_printed() -> None:
    (block,) = blocks("schema")
    assert block == messages.schema()
    assert hashlib.sha256(block.encode()).hexdigest()[:8] == f"{messages.SCHEMA_HASH:08x}"
    assert f"**0x{messages.SCHEMA_HASH:08X}**" in section("Versions")


# --- codes and constants ----------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in CODES if name != "Fault"])
def test_a_code_s_table_is_the_code(name: str) -> None:
    rows = table(section(name))
    assert {row["name"]: number(row["value"]) for row in rows} == {
        member.name: member.value for member in CODES[name]
    }


def test_the_faults_are_the_fault_bits() -> None:
    rows = table(section("The device's own protection"))
    assert {row["fault"]: 1 << int(row["bit"]) for row in rows} == {
        fault.name: fault.value for fault in codes.Fault
    }


def test_the_flaws_are_the_receiver_s() -> None:
    assert [row["flaw"] for row in table(section("Frames"))] == [flaw.name for flaw in Flaw]


def test_the_constants_are_the_drivers_own() -> None:
    rows = table(section("Constants"))
    sides = {"host": host, "device": device}
    for row in rows:
        assert getattr(sides[row["of"]], row["name"]) == number(row["value"]), row
    timed = {
        (side, name)
        for side, module in sides.items()
        for name in vars(module)
        if re.fullmatch(r"[A-Z][A-Z_]+_(MS|TRIES|LIMIT|KEPT|REMEMBERED)", name)
    }
    internal = {("host", "QUEUE_LIMIT")}
    assert {(row["of"], row["name"]) for row in rows} == timed - internal
    frames = section("Frames")
    assert f"at most {HOST_FRAME_BYTES} bytes with their zero" in frames
    assert f"from device to host at most {DEVICE_FRAME_BYTES}" in frames


def test_the_state_table_knows_every_message_state_and_refusal() -> None:
    rows = table(section("States"))
    states = {state.name for state in codes.DeviceState} - {"BOOTING"}
    assert set(rows[0]) - {"message"} == states
    named = " ".join(row["message"] for row in rows)
    for message in messages.FROM_HOST:
        assert re.search(rf"\b{message.__name__}\b", named), message
    results = set(codes.Result.__members__)
    for row in rows:
        for state in states:
            word = row[state].split(" (")[0]
            assert word in {"-", "no answer"} | results | set(codes.DeviceState.__members__), row


def test_what_arm_and_start_answer_are_results() -> None:
    text = section("ARM and START")
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and re.fullmatch(r"[A-Z_]+", cells[-1]):
            assert cells[-1] in codes.Result.__members__, line


def test_links_lead_to_headings() -> None:
    anchors = {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", TEXT, re.M)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= anchors


# --- examples ---------------------------------------------------------------------------------


def _value(text: str) -> Any:
    return text[1:-1] if text.startswith('"') else int(text, 0)


@pytest.mark.parametrize("block", blocks("frame"), ids=lambda b: b.split()[0])
def test_a_worked_example_is_right_in_both_codecs(block: str) -> None:
    first, *rest = block.splitlines()
    name, *header = first.split()
    head = {key: int(value, 0) for key, value in (pair.split("=") for pair in header)}
    lines = dict(line.split(maxsplit=1) for line in rest)
    fields = dict(pair.split("=") for pair in lines.get("fields", "").split())
    values = {key: _value(value) for key, value in fields.items()}
    payload = independent.pack(name, values)
    raw = independent.header(independent.LAYOUTS[name][0], len(payload), **head) + payload
    stuffed = independent.stuff(raw)
    assert bytes.fromhex(lines["header"]) == raw[:12]
    assert bytes.fromhex(lines.get("payload", "")) == payload
    assert bytes.fromhex(lines["stuffed"]) == stuffed
    assert int(lines["crc"], 0) == independent.crc32c(stuffed)
    wire = bytes.fromhex(lines["wire"])
    assert wire == independent.message(name, values, **head)
    message = message_of(name, values)
    frame = Frame(
        message.KIND, head["sequence"], head["session"], head["device_ms"], messages.pack(message)
    )
    assert encode(frame) == wire
    assert Deframer().feed(wire) == [frame]


def test_bad_examples_have_their_flaw_in_both_codecs() -> None:
    lines = [line for block in blocks("bad") for line in block.splitlines()]
    assert lines
    for line in lines:
        flaw, wire = line.split(maxsplit=1)
        assert Deframer().feed(bytes.fromhex(wire)) == [Flaw[flaw]]
        assert independent.cut(bytes.fromhex(wire)) == [flaw]


def test_the_small_examples_in_the_text() -> None:
    found = re.search(r"`([0-9A-F ]+)` becomes `([0-9A-F ]+)`", TEXT)
    assert found
    assert independent.stuff(bytes.fromhex(found[1])) == bytes.fromhex(found[2])
    assert f"0x{independent.crc32c(b'123456789'):08X}" in section("Frames")


def test_the_diagrams_name_messages_and_codes_that_exist() -> None:
    words = {m.__name__ for m in messages.FROM_HOST + messages.FROM_DEVICE}
    codes_named = {member for kind in CODES.values() for member in kind.__members__}
    for block in blocks("mermaid"):
        for line in block.splitlines():
            said = re.match(r"\s*[HD]-[-x>]+[HD]: (\w+)", line)
            if said and said[1][0].isupper():
                assert said[1] in words, line
            for word in re.findall(r"\b[A-Z]+_[A-Z_]+\b", line):
                assert word in codes_named, line


def test_every_exchange_and_file_of_the_vectors_is_told_of() -> None:
    folder = Path(__file__).parents[2] / "docs" / "vectors"
    rows = table(section("Vectors"))
    assert {row["file"] for row in rows} == {path.name for path in folder.iterdir()}
    described = next(row["holds"] for row in rows if row["file"] == "exchanges.json")
    for exchange in json.loads((folder / "exchanges.json").read_text(encoding="utf-8")):
        for step in exchange["steps"]:
            assert step["cause"] in described, step
            assert step.get("device") is None or step["device"] in described, step
