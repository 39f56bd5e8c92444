"""The drivers' codec against the vectors, which the independent codec made."""

import json
from typing import Any

import msgspec
import pytest

from drivers.link import messages
from drivers.link.frame import Deframer, Flaw, Frame, encode
from tests.link import make_vectors

CLASSES = {m.__name__: m for m in messages.FROM_HOST + messages.FROM_DEVICE}


def vectors(name: str) -> Any:
    return json.loads((make_vectors.FOLDER / name).read_text(encoding="utf-8"))


def message_of(name: str, values: dict[str, Any]) -> messages.Message:
    kind = CLASSES[name]
    wires = dict(messages.fields(kind))
    return kind(
        *(
            values[field].encode("ascii").ljust(int(wires[field][:-1]), b"\0")
            if isinstance(values[field], str)
            else values[field]
            for field in kind.__struct_fields__
        )
    )


@pytest.mark.parametrize("name", sorted(make_vectors.files()))
def test_the_committed_vectors_are_what_the_independent_codec_makes(name: str) -> None:
    committed = (make_vectors.FOLDER / name).read_text(encoding="utf-8")
    assert committed == make_vectors.files()[name], "run python -m tests.link.make_vectors"


def test_the_folder_holds_nothing_else() -> None:
    names = {path.name for path in make_vectors.FOLDER.iterdir() if path.is_file()}
    assert names == set(make_vectors.files())


def test_every_message_has_good_frames() -> None:
    assert {entry["message"] for entry in vectors("good.json")} == set(CLASSES)


@pytest.mark.parametrize(
    "entry",
    vectors("good.json") + vectors("1.0/good.json"),
    ids=lambda e: f"{e['message']}-{e['about']}",
)
def test_good_frames_are_made_and_read_the_same(entry: dict[str, Any]) -> None:
    message = message_of(entry["message"], entry["fields"])
    frame = Frame(
        entry["kind"],
        entry["sequence"],
        entry["session"],
        entry["device_ms"],
        messages.pack(message),
    )
    wire = bytes.fromhex(entry["wire"])
    assert encode(frame) == wire
    assert Deframer().feed(wire) == [frame]
    assert messages.read(frame) == message


@pytest.mark.parametrize(
    "entry", vectors("bad.json") + vectors("streams.json"), ids=lambda e: e["about"]
)
def test_streams_and_bad_frames_give_what_the_vectors_say(entry: dict[str, Any]) -> None:
    found = Deframer().feed(bytes.fromhex(entry["wire"]))
    assert len(found) == len(entry["finds"])
    for got, expected in zip(found, entry["finds"], strict=True):
        if "flaw" in expected:
            assert got is Flaw[expected["flaw"]]
            continue
        assert isinstance(got, Frame)
        assert msgspec.structs.asdict(got) == {
            "kind": expected["kind"],
            "sequence": expected["sequence"],
            "session": expected["session"],
            "device_ms": expected["device_ms"],
            "payload": bytes.fromhex(expected["payload"]),
        }
        message = messages.read(got)
        if expected["message"] is None:
            assert message is None
        else:
            assert message == message_of(expected["message"], expected["fields"])


def test_every_flaw_has_a_bad_frame() -> None:
    named = {
        find["flaw"] for entry in vectors("bad.json") for find in entry["finds"] if "flaw" in find
    }
    assert named == set(Flaw.__members__)
