"""Messages: their layout is fixed, and what is packed is what is read."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.link.codes import Quality, Sensor
from drivers.link.frame import Deframer, Frame, encode
from drivers.link.messages import (
    FIRST_FROM_DEVICE,
    FROM_DEVICE,
    FROM_HOST,
    SCHEMA_HASH,
    UNANSWERED,
    Message,
    Probe,
    SetTelemetryRate,
    Telemetry,
    fields,
    pack,
    payload_bytes,
    read,
    schema,
    text,
    to_celsius,
    to_centikelvin,
)
from tests.link import independent
from tests.link.vector_frames import TYPICAL

ALL = FROM_HOST + FROM_DEVICE
RANGES = {"B": (0, 0xFF), "H": (0, 0xFFFF), "I": (0, 0xFFFFFFFF), "i": (-(2**31), 2**31 - 1)}
WIRE = {"B": "u8", "H": "u16", "I": "u32", "i": "i32", "8s": "char[8]", "12s": "char[12]"}


def any_message(kind: type[Message]) -> st.SearchStrategy[Message]:
    values = []
    for _, code in fields(kind):
        if code in RANGES:
            values.append(st.integers(*RANGES[code]))
        else:
            size = int(code[:-1])
            values.append(st.binary(min_size=size, max_size=size))
    return st.builds(kind, *values)


def telemetry(**changed: int) -> Telemetry:
    values = {**TYPICAL["Telemetry"], **changed}
    return Telemetry(**values)


def test_the_layout_is_the_independent_one() -> None:
    assert {m.__name__: (m.KIND, [(n, WIRE[c]) for n, c in fields(m)]) for m in ALL} == (
        independent.LAYOUTS
    )


def test_the_schema_hash_is_that_of_the_schema() -> None:
    assert int(hashlib.sha256(schema().encode()).hexdigest()[:8], 16) == SCHEMA_HASH


def test_kinds_are_unique_and_say_their_direction() -> None:
    assert len({m.KIND for m in ALL}) == len(ALL)
    assert all(m.KIND < FIRST_FROM_DEVICE for m in FROM_HOST)
    assert all(m.KIND >= FIRST_FROM_DEVICE for m in FROM_DEVICE)
    assert [m.__name__ for m in FROM_HOST if m.KIND in UNANSWERED] == ["Heartbeat", "EventAck"]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_a_message_comes_back_as_it_was(kind: type[Message]) -> None:
    @given(any_message(kind))
    @settings(derandomize=True, deadline=None, max_examples=60)
    def check(message: Message) -> None:
        frame = Frame(kind.KIND, 1, 2, 3, pack(message))
        assert Deframer().feed(encode(frame)) == [frame]
        assert read(frame) == message

    check()


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_a_payload_of_another_size_is_no_message(kind: type[Message]) -> None:
    size = payload_bytes(kind.KIND)
    assert size is not None
    for other in {0, size - 1, size + 1} - {size, -1}:
        assert read(Frame(kind.KIND, 1, 2, 3, bytes(other))) is None


def test_an_unknown_kind_is_no_message() -> None:
    known = {m.KIND for m in ALL}
    for kind in set(range(256)) - known:
        assert read(Frame(kind, 1, 2, 3, b"")) is None
        assert payload_bytes(kind) is None


def test_a_field_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="SetTelemetryRate"):
        pack(SetTelemetryRate(256))
    probe = Probe(1, 2, b"S-140", b"P-24-0117", 1_400, 6_000, 20_818)
    assert len(pack(probe)) == 28
    with pytest.raises(ValueError, match="over 8 bytes"):
        pack(Probe(1, 2, b"S-1400000", b"P-24-0117", 1_400, 6_000, 20_818))


def test_a_text_field_is_shown_without_its_padding() -> None:
    assert text(b"S-140\0\0\0") == "S-140"
    assert text(b"S-140   ") == "S-140"
    assert text(b"S\xff140\0\0\0") == "S\N{REPLACEMENT CHARACTER}140"


def test_temperatures() -> None:
    assert to_celsius(20_315) == -70.0
    assert to_celsius(0) is None
    assert to_centikelvin(-70.0) == 20_315
    assert to_centikelvin(None) == 0
    assert to_centikelvin(-300.0) == 1, "0 is kept for no reading"
    assert to_centikelvin(1_000.0) == 0xFFFF


@given(st.integers(1, 0xFFFF))
@settings(derandomize=True, deadline=None, max_examples=200)
def test_every_temperature_survives_the_way_to_celsius_and_back(centikelvin: int) -> None:
    assert to_centikelvin(to_celsius(centikelvin)) == centikelvin


def test_only_an_ok_reading_is_a_number() -> None:
    for sensor in Sensor:
        for quality in Quality:
            packet = telemetry(qualities=quality << 4 * sensor)
            assert packet.quality(sensor) == quality
            value = packet.celsius(sensor) if sensor < Sensor.SUPPLY else packet.measured(sensor)
            assert (value is not None) == (quality is Quality.OK)
    assert telemetry(qualities=0xF).quality(Sensor.TIP) == 15, "a code of a later version"
    assert telemetry(qualities=0xF).celsius(Sensor.TIP) is None


def test_each_sensor_has_its_own_number() -> None:
    packet = telemetry(qualities=0)
    assert packet.celsius(Sensor.TIP) == -70.24
    assert packet.celsius(Sensor.HOSE) == 14.0
    assert packet.celsius(Sensor.ROOM) == 21.5
    assert packet.measured(Sensor.SUPPLY) == 4_870
    assert packet.measured(Sensor.EXHAUST) == 162
    assert packet.measured(Sensor.FLOW) == 214
    assert packet.measured(Sensor.DELIVERED) == 0
    assert telemetry(qualities=0, impedance_ohm=512).measured(Sensor.IMPEDANCE) == 512
    with pytest.raises(ValueError, match="temperature"):
        packet.measured(Sensor.TIP)


def test_a_reading_of_zero_kelvin_is_none_even_if_called_ok() -> None:
    assert telemetry(qualities=0, tip_centikelvin=0).celsius(Sensor.TIP) is None
