"""Addresses of ports: what is taken and as what it is recorded, and what is written instead."""

import pytest

from drivers.inputs.address import AddressError, host_and_port, named, simulator


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" com3 ", "COM3"),
        ("COM12", "COM12"),
        ("/dev/ttyUSB0", "/dev/ttyUSB0"),
        ("SIM://n2o?speed=10", "sim://n2o?speed=10"),
        ("socket://[::1]:4001", "socket://[::1]:4001"),
        ("RFC2217://bench:5000?timeout=3", "rfc2217://bench:5000?timeout=3"),
    ],
)
def test_an_address_is_kept_in_one_way(typed: str, kept: str) -> None:
    assert named(typed) == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "No port is named"),
        ("sim://[", "write sim://n2o or sim://co2"),
        ("sim:", "write sim://n2o or sim://co2"),
        ("sim:n2o", "write sim://n2o or sim://co2"),
        ("sim://helium", "write sim://n2o or sim://co2"),
        ("sim://n2o?speed=fast", "speed is no number"),
        ("sim://n2o?speed=nan", "speed is no number that can be used"),
        ("sim://n2o?seed=" + "9" * 5_000, "has 5015 letters: at most 1000"),
        ("sim://n2o?seed=1&seed=2", "seed is given twice"),
        ("sim://n2o?colour=red", "'colour' is no option"),
        ("sim://n2o?scenario=%00", "scenario has U+0000"),
        ("sim://n2o?scenario=\x1b[31m", "has U+001B"),
        ("socket://[::1", "write socket://HOST:PORT"),
        ("socket:127.0.0.1:9", "write socket://HOST:PORT"),
        ("socket://127.0.0.1", "the port is a number"),
        ("socket://127.0.0.1:x", "the port is a number"),
        ("socket://127.0.0.1:99999", "the port is a number"),
        ("socket://127.0.0.1:9?logging=loud", "takes no options"),
        ("rfc2217://h:9?logging=loud", "its options are"),
        ("spy:///dev/ttyUSB0?file=victim", "spy:// is not a kind of port"),
        ("loop://", "loop:// is not a kind of port"),
        ("/dev/tty\u202eUSB0", "RIGHT-TO-LEFT".lower()),
    ],
)
def test_what_can_be_no_port_is_told_with_what_to_write(typed: str, said: str) -> None:
    with pytest.raises(AddressError) as caught:
        named(typed)
    assert said in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_simulator_keeps_all_its_faults() -> None:
    found = simulator("sim://n2o?fault=siphon@3&fault=leak=0.5&control=/tmp/a%20b")
    assert found is not None
    assert found.get("control") == "/tmp/a b"
    more = found.having("pace", "lockstep").url
    assert more == "sim://n2o?fault=siphon@3&fault=leak=0.5&control=/tmp/a%20b&pace=lockstep"
    assert simulator(more) == found.having("pace", "lockstep")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("4001", ("127.0.0.1", 4001)),
        (":4001", ("127.0.0.1", 4001)),
        ("0.0.0.0:1", ("0.0.0.0", 1)),
        ("[::1]:4001", ("::1", 4001)),
        ("localhost:0", ("localhost", 0)),
    ],
)
def test_where_to_listen(text: str, found: tuple[str, int]) -> None:
    assert host_and_port(text) == found


@pytest.mark.parametrize("text", ["", "::1:4001", "[::1:4001", "host:", "h:70000", "a b:1", "-1"])
def test_where_nobody_can_listen(text: str) -> None:
    with pytest.raises(AddressError, match="write PORT"):
        host_and_port(text)
