"""What was decided once is decided again: sessions with every kind of trouble, by their records."""

import random
from pathlib import Path

import msgspec
import pytest
import test_core_random
from core_kit import LIMITS, Bench, plan

from console.control import core
from console.control.outputs import Output
from console.control.procedure_door import saved
from console.control.recorded import failure, recorded
from console.control.replay import Check, ReplayError, check, history
from console.model.alarm import Alarm, Kept, Priority
from console.model.request import StartFreeze, Stop
from console.model.snapshot import Phase
from console.records import (
    AnyEntry,
    Connected,
    FlawIn,
    FrameOut,
    Happened,
    Header,
    Journal,
    JournalWriter,
    Lost,
    Over,
    PortIn,
    Progress,
    ReplyOut,
    TickIn,
    read_journal,
)
from console.records.entries import FailedIn, KeptIn
from console.safety.limits import Limits


class Recorded(Bench):
    """A bench whose entries are kept as the loop keeps them."""

    entries: list[AnyEntry]

    def give(self, given: core.Input) -> list[Output]:
        self._keep(given)
        out = super().give(given)
        for output in out:
            entry = recorded(self.state, given.now_ms, output)
            if entry is not None:
                self.entries.append(entry)
        return out

    def _keep(self, given: core.Input) -> None:
        if not hasattr(self, "entries"):
            self.entries = [header_of(self)]
        self.entries.append(given)


def header_of(bench: Bench) -> Header:
    config, case = bench.state.config, bench.state.resume_from
    return Header(
        session="20260105-100000-0001",
        number=1,
        reason="new" if case is None else "resumed",
        started=config.started,
        now_ms=config.started_ms,
        program="test",
        rules_hash="",
        thresholds=config.limits.by_key,
        port=config.port,
        seed=config.seed,
        screen=config.screen,
        resumed=None if case is None else saved(case),
    )


def journal(folder: Path, entries: list[AnyEntry], end: str | None = "completed") -> Journal:
    path = folder / "001.journal"
    path.unlink(missing_ok=True)
    first, *others = entries
    assert isinstance(first, Header)
    writer = JournalWriter(path, first)
    for entry in others:
        writer.append(entry)
    if end is None:
        writer.sync()
        writer.abandon()
    else:
        writer.close(end)
    return read_journal(path)


def stopped() -> Recorded:
    """A freeze, stopped by the operator."""
    bench = Recorded()
    bench.freezing(plan(20.0))
    bench.ask(Stop())
    bench.run(2_000)
    return bench


def tighter() -> Limits:
    """Heartbeats are withheld as soon as the screen's tick is two of its periods old."""
    return LIMITS.changed({"link.screen_lost_ms": 30.0})


@pytest.mark.parametrize("seed", range(6))
def test_a_walk_through_every_trouble_is_decided_again_the_same(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Walked(Recorded, test_core_random.Watched):
        def __init__(self, chance: random.Random) -> None:
            benches.append(self)
            super().__init__(chance)  # type: ignore[arg-type]

        def failed(self, words: str) -> list[Output]:
            return self.give(FailedIn(self.now_ms, words))

    benches: list[Recorded] = []
    monkeypatch.setattr(test_core_random, "Watched", Walked)
    test_core_random.walk(seed)
    (bench,) = benches
    found = check([journal(tmp_path, bench.entries)], LIMITS, as_recorded=True)
    decided = (Happened, Connected, Progress, ReplyOut, FrameOut, Over)
    assert found == Check(sum(isinstance(each, decided) for each in bench.entries), True, None)
    assert found.decisions > 500


def test_a_changed_threshold_is_found_as_the_first_difference(tmp_path: Path) -> None:
    kept = journal(tmp_path, stopped().entries)
    found = check([kept], tighter())
    assert not found.same
    first = found.first_difference
    assert first is not None
    assert first.recorded == "sent Heartbeat"
    assert found.decisions > 0
    assert check([kept], LIMITS, as_recorded=True).same
    assert check([kept], LIMITS).same


def test_a_record_of_other_thresholds_agrees_as_recorded_alone(tmp_path: Path) -> None:
    bench = stopped()
    old = msgspec.structs.replace(bench.entries[0], thresholds=tighter().by_key)
    kept = journal(tmp_path, [old, *bench.entries[1:]])
    assert check([kept], LIMITS).same
    assert not check([kept], LIMITS, as_recorded=True).same


@pytest.mark.parametrize("kind", [Happened, Connected, Progress, ReplyOut, FrameOut])
def test_one_decision_missing_twice_or_other_is_found_where_it_is(
    kind: type[AnyEntry], tmp_path: Path
) -> None:
    entries = stopped().entries
    at = next(n for n, each in enumerate(entries) if isinstance(each, kind))
    given = max(n for n in range(at) if isinstance(entries[n], core.Input))
    other = next(each for each in entries[at + 1 :] if isinstance(each, kind | FrameOut))
    for changed in ([], [entries[at]] * 2, [other]):
        found = check(
            [journal(tmp_path, [*entries[:at], *changed, *entries[at + 1 :]])],
            LIMITS,
            as_recorded=True,
        )
        assert found.first_difference is not None, changed
        assert found.first_difference.number == given
        assert found.first_difference.recorded != found.first_difference.now


def test_a_record_cut_anywhere_agrees_as_far_as_it_goes(tmp_path: Path) -> None:
    entries = stopped().entries
    whole = check([journal(tmp_path, entries)], LIMITS, as_recorded=True).decisions
    for size in range(2, len(entries), 37):
        found = check([journal(tmp_path, entries[:size], end=None)], LIMITS, as_recorded=True)
        assert found.same, size
        assert found.decisions < whole
        assert "not closed" in found.notes[0]


def test_nothing_is_said_of_what_follows_on_lost_entries(tmp_path: Path) -> None:
    entries = stopped().entries
    some = [*entries[:200], Lost(5_000.0, 3), *entries[203:]]
    found = check([journal(tmp_path, some)], LIMITS, as_recorded=True)
    assert found.same
    assert 0 < found.decisions < 200
    assert "the first of 3 lost entries" in found.notes[0]


def test_what_an_engineer_must_release_is_decided_again_from_the_record(tmp_path: Path) -> None:
    alarm = Alarm("leak", Priority.HIGH, "Leaks", "", "9:00", None)
    alarm = msgspec.structs.replace(alarm, blocks_start=True, engineer=True)
    bench = Recorded()
    bench.give(KeptIn(bench.now_ms, (Kept("CC-0001", alarm),)))
    bench.ready()
    assert bench.ask(StartFreeze()) is not None
    assert check([journal(tmp_path, bench.entries)], LIMITS).same
    without = [each for each in bench.entries if not isinstance(each, KeptIn)]
    assert not check([journal(tmp_path, without)], LIMITS).same


def test_a_step_that_raised_raises_again_and_goes_on(tmp_path: Path) -> None:
    bench = stopped()
    given = FlawIn(bench.now_ms, 999)  # the link numbers no such flaw
    bench.entries.append(given)
    with pytest.raises(ValueError, match="999") as raised:
        core.step(bench.state, given)
    bench.give(failure(bench.now_ms, raised.value))
    bench.run(100)
    assert bench.alarms
    assert check([journal(tmp_path, bench.entries)], LIMITS, as_recorded=True).same
    at = bench.entries.index(given) + 1
    bench.entries[at] = FailedIn(bench.now_ms, "another")
    found = check([journal(tmp_path, bench.entries)], LIMITS, as_recorded=True).first_difference
    assert found is not None
    assert (found.number, found.recorded) == (at - 1, "failed: another")


def test_an_edge_that_failed_stands_for_what_was_left_to_do(tmp_path: Path) -> None:
    bench = Recorded()
    bench.open_port()
    sent = [n for n, each in enumerate(bench.entries) if isinstance(each, FrameOut)]
    assert len(sent) > 1
    del bench.entries[sent[1] :]  # the wire raised at the second frame
    bench.give(failure(bench.now_ms, OSError("no wire")))
    bench.run(200)
    assert check([journal(tmp_path, bench.entries)], LIMITS, as_recorded=True).same


def test_a_case_taken_up_is_decided_again_from_its_header(tmp_path: Path) -> None:
    before = stopped()
    bench = Recorded(before.console, resume_from=before.checkpoints[-1])
    bench.connected()
    bench.run(500)
    assert bench.phase is Phase.STOPPED
    assert check([journal(tmp_path, bench.entries)], LIMITS, as_recorded=True).same
    anew = msgspec.structs.replace(bench.entries[0], resumed=None)
    assert not check([journal(tmp_path, [anew, *bench.entries[1:]])], LIMITS, as_recorded=True).same


def test_the_chain_is_compared_through_and_told_by_its_journal(tmp_path: Path) -> None:
    first, second = stopped(), stopped()
    one = journal(tmp_path / "1", first.entries)
    two = journal(tmp_path / "2", second.entries)
    assert (
        check([one, two], LIMITS, as_recorded=True).decisions
        == 2 * check([one], LIMITS, as_recorded=True).decisions
    )
    told = [each.event for each in history([one, two], LIMITS)]
    assert told == first.history + second.history


def test_what_cannot_be_replayed_says_why(tmp_path: Path) -> None:
    entries = stopped().entries
    (old, *others) = entries
    for changes, words in (
        ({"seed": None}, "not every input"),
        ({"thresholds": {"link.lost": 1.0}}, "other thresholds"),
        ({"resumed": b"\x01"}, "a case that this version cannot read"),
    ):
        kept = journal(tmp_path, [msgspec.structs.replace(old, **changes), *others])  # type: ignore[arg-type]
        with pytest.raises(ReplayError, match=words):
            check([kept], LIMITS, as_recorded=True)
    decided_first = [old, Over(1.0, "x"), PortIn(2.0, "opened", ""), TickIn(3.0)]
    with pytest.raises(ReplayError, match="entry 1 follows from no input"):
        check([journal(tmp_path, decided_first)], LIMITS, as_recorded=True)  # type: ignore[list-item]
    path = journal(tmp_path, entries).path
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)
    with pytest.raises(ReplayError, match="chain is broken"):
        check([read_journal(path)], LIMITS, as_recorded=True)
