"""The reference core's frames against the vectors."""

import struct
from typing import Any

import pytest

from drivers.link.frame import Flaw
from tests.firmware.core_device import Core, decoded, encoded
from tests.link.test_link_vectors import vectors


@pytest.mark.parametrize("name", ["good.json", "1.0/good.json"])
def test_good_frames_both_ways(name: str) -> None:
    for entry in vectors(name):
        wire = bytes.fromhex(entry["wire"])
        raw = decoded(wire[:-1])
        assert isinstance(raw, bytes), entry
        kind, _, sequence, session, device_ms = struct.unpack_from("<BBHII", raw)
        assert (kind, sequence, session, device_ms) == tuple(
            entry[field] for field in ("kind", "sequence", "session", "device_ms")
        )
        assert encoded(raw) == wire


def _finds(wire: bytes) -> list[Any]:
    return [decoded(chunk) for chunk in wire.split(b"\0") if chunk]


def test_bad_frames_have_their_flaw() -> None:
    for entry in vectors("bad.json"):
        for finding, found in zip(
            entry["finds"], _finds(bytes.fromhex(entry["wire"])), strict=True
        ):
            if "flaw" in finding:
                assert found == Flaw[finding["flaw"]], entry["about"]
            else:
                assert isinstance(found, bytes), entry["about"]


def test_flaws_in_a_stream_are_counted() -> None:
    for entry in vectors("streams.json"):
        device = Core(1)
        device.boot()
        device.hear(bytes.fromhex(entry["wire"]))
        for flaw in Flaw:
            wanted = sum(finding.get("flaw") == flaw.name for finding in entry["finds"])
            assert device.flaws(flaw) == wanted, (entry["about"], flaw)
