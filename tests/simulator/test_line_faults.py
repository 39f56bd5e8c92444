"""The line's faults, frame by frame."""

from drivers.link.frame import Flaw, Frame, decode, encode
from simulator.line_faults import LineFaults, split

FRAME = Frame(3, 1, 2, 0, b"")
RAW = encode(FRAME)


def test_a_healthy_line_changes_nothing() -> None:
    line = LineFaults(1)
    assert line.incoming(FRAME) == [FRAME]
    assert line.outgoing([RAW], 0) == [RAW]


def test_each_fault_does_what_its_name_says() -> None:
    line = LineFaults(1)
    line.knobs = {"link_corrupt": 1.0}
    assert line.incoming(FRAME) == [Flaw.CHECK]
    for _ in range(100):
        [spoilt] = line.outgoing([RAW], 0)
        assert all(isinstance(decode(part), Flaw) for part in spoilt[:-1].split(b"\0"))
    line.knobs = {"link_drop": 1.0}
    assert line.incoming(FRAME) == line.outgoing([RAW], 0) == []
    line.knobs = {"link_silence": 1.0}
    assert line.incoming(FRAME) == line.outgoing([RAW], 0) == []
    line.knobs = {"link_duplicate": 1.0}
    assert line.incoming(FRAME) == [FRAME, FRAME]
    assert line.outgoing([RAW], 0) == [RAW, RAW]
    line.knobs = {"link_flood": 3.0}
    assert len(line.outgoing([RAW], 0)) == 4
    assert split([RAW], {"link_split": 1.0}) == [bytes((byte,)) for byte in RAW]


def test_late_frames_come_in_order_and_are_not_lost_when_the_fault_goes() -> None:
    line = LineFaults(1)
    line.knobs = {"link_delay": 100.0}
    assert line.outgoing([b"a"], 0) == []
    assert line.holds
    line.knobs = {}
    assert line.outgoing([b"b"], 50) == []
    assert line.outgoing([], 100) == [b"a", b"b"]
    assert not line.holds


def test_shares_are_seeded() -> None:
    def passed(seed: int) -> list[int]:
        line = LineFaults(seed)
        line.knobs = {"link_drop": 0.5}
        return [len(line.incoming(FRAME)) for _ in range(200)]

    assert passed(1) == passed(1)
    assert passed(1) != passed(2)
    assert 60 < sum(passed(1)) < 140
