"""A line full of noise: the host answers it once, and does not feed it."""

from core_kit import Bench, transmitted

from console.model.snapshot import LinkState
from drivers.link.messages import Hello, Stop


def test_a_bad_line_is_greeted_once_however_much_noise_comes() -> None:
    bench = Bench().freezing()
    assert transmitted(bench.garbage(6))[-1] == "Hello"
    before = len(bench.messages(Hello, Stop))
    assert transmitted(bench.garbage(600)) == []
    assert len(bench.messages(Hello, Stop)) == before
    bench.run(500)
    assert bench.state.link_state is LinkState.OPEN, "and the first HELLO opens it"
    assert not bench.console.valve_open


def test_a_line_that_is_bad_again_after_it_was_open_is_stopped_again() -> None:
    bench = Bench().connected()
    bench.garbage(6)
    bench.run(500)
    assert bench.state.link_state is LinkState.OPEN
    assert transmitted(bench.garbage(6)) == ["Stop", "Hello"]
