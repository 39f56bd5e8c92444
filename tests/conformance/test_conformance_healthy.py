"""The simulator as it is passes every check, over every line that it has."""

import pytest

from drivers.conformance import CHECKS
from tests.conformance.device import STDIO, bad, conform, console


def test_over_a_pseudo_terminal(tmp_path) -> None:
    with console("healthy", ("--pty", str(tmp_path / "port"))) as port:
        outcomes = conform(port)
    assert not bad(outcomes)
    assert len(outcomes) == len(CHECKS) > 100


@pytest.mark.seeds
def test_over_tcp() -> None:
    with console("healthy", ("--tcp", "127.0.0.1:0")) as port:
        assert port.startswith("socket://")
        assert not bad(conform(port))


@pytest.mark.seeds
def test_over_stdio() -> None:
    assert not bad(conform(STDIO))


@pytest.mark.slow
def test_the_carbon_dioxide_console() -> None:
    assert not bad(conform(STDIO.replace("n2o", "co2"), without=["safety.stimulator-minute"]))
