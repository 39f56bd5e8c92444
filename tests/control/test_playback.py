"""A recorded session is played: at its own pace, with all that the screen was shown of it."""

from pathlib import Path

import pytest
from core_kit import LIMITS
from test_replay import Recorded, journal, stopped

from console.control import picture
from console.control.outputs import AlarmTold
from console.control.playback import LONGEST_PAUSE_MS, Playback
from console.control.player import Deck, Player
from console.model.alarm import AlarmEntry
from console.model.snapshot import Phase, Snapshot
from console.records.entries import GapIn


def played(playback: Playback, by_s: float = 0.05) -> list[Snapshot]:
    """The snapshots to the end of the record."""
    shots: list[Snapshot] = []
    while playback.position.ended is None:
        playback.advance(by_s)
        shot = playback.picture()
        assert shot is not None
        shots.append(shot)
    return shots


def lost_in_a_freeze() -> Recorded:
    bench = stopped()
    bench.line_cut = True
    bench.run(3_000)
    return bench


def test_it_ends_where_the_session_did(tmp_path: Path) -> None:
    bench = lost_in_a_freeze()
    playback = Playback((journal(tmp_path, bench.entries),), LIMITS)
    shots = played(playback)
    assert [shot.number for shot in shots] == list(range(1, len(shots) + 1))
    now = picture.snapshot(bench.state, bench.now_ms, None)
    last = shots[-1]
    assert last.procedure == now.procedure
    assert last.procedure.phase is Phase.STOPPED
    assert last.observation == now.observation
    assert last.alarms == now.alarms != ()
    assert last.stale
    assert playback.position.ended == "completed"


def test_all_that_happened_is_shown_once(tmp_path: Path) -> None:
    bench = lost_in_a_freeze()
    shots = played(Playback((journal(tmp_path, bench.entries),), LIMITS))
    assert [event for shot in shots for event in shot.events] == bench.history
    told = [output for output in bench.outputs if isinstance(output, AlarmTold)]
    assert told
    assert [entry for shot in shots for entry in shot.alarm_log] == [
        AlarmEntry(number, one.wall, one.console, one.turn, one.alarm)
        for number, one in enumerate(told, 1)
    ]
    stamps = [sample.at_ms for shot in shots for sample in shot.samples]
    assert stamps == sorted(set(stamps))


def test_a_run_without_a_screen_is_shown_as_well(tmp_path: Path) -> None:
    bench = Recorded(screen=False)
    bench.freezing()
    bench.run(1_000)
    shots = played(Playback((journal(tmp_path, bench.entries),), LIMITS))
    assert shots[-1].procedure.phase is Phase.FREEZING
    assert sum(len(shot.samples) for shot in shots) > 20
    assert [event for shot in shots for event in shot.events] == bench.history


def test_its_pace_is_that_of_the_record(tmp_path: Path) -> None:
    bench = stopped()
    began_ms = bench.inputs[0].now_ms
    playback = Playback((journal(tmp_path, bench.entries),), LIMITS)
    playback.advance(1.0)
    shot = playback.picture()
    assert shot is not None
    assert playback.position.elapsed_s == pytest.approx(1.0, abs=0.02)
    assert playback.position.wall == bench.state.wall(began_ms + 1_000.0)
    played(playback, 10.0)
    lasted_s = (bench.inputs[-1].now_ms - began_ms) / 1_000
    assert playback.position.elapsed_s == pytest.approx(lasted_s)


def test_a_computer_that_slept_is_not_waited_for(tmp_path: Path) -> None:
    bench = stopped()
    began_ms, before_ms = bench.inputs[0].now_ms, bench.inputs[-1].now_ms
    bench.now_ms += 3_600_000
    bench.give(GapIn(bench.now_ms, 3_600_000.0))
    playback = Playback((journal(tmp_path, bench.entries),), LIMITS)
    played(playback, 10.0)
    assert playback.position.elapsed_s == pytest.approx(
        (before_ms - began_ms + LONGEST_PAUSE_MS) / 1_000
    )


def test_the_journals_of_a_session_are_played_one_after_the_other(tmp_path: Path) -> None:
    one = journal(tmp_path, stopped().entries)
    alone, chain = Playback((one,), LIMITS), Playback((one, one), LIMITS)
    played(alone, 10.0)
    shots = played(chain, 10.0)
    assert chain.position.elapsed_s == pytest.approx(2 * alone.position.elapsed_s)
    assert chain.position.share == 1.0
    assert [shot.number for shot in shots] == list(range(1, len(shots) + 1))


def test_it_stops_when_its_time_is_up_and_does_not_make_up_for_it(tmp_path: Path) -> None:
    playback = Playback((journal(tmp_path, stopped().entries),), LIMITS)
    playback.advance(10.0, lambda: True)
    assert playback.position.behind
    assert playback.position.elapsed_s < 0.1
    before_s = playback.position.elapsed_s
    playback.advance(0.5)
    assert not playback.position.behind
    assert playback.position.elapsed_s == pytest.approx(before_s + 0.5, abs=0.02)


def test_a_record_that_breaks_off_says_so_at_its_end(tmp_path: Path) -> None:
    playback = Playback((journal(tmp_path, stopped().entries, end=None),), LIMITS)
    played(playback, 10.0)
    assert playback.position.ended is not None
    assert "was not closed" in playback.position.ended


def test_a_record_without_an_entry_shows_nothing(tmp_path: Path) -> None:
    playback = Playback((journal(tmp_path, stopped().entries[:1]),), LIMITS)
    assert playback.picture() is None
    assert playback.position.ended == "completed"


def test_a_player_that_is_paused_stands_and_one_that_is_turned_up_goes_faster(
    tmp_path: Path,
) -> None:
    record = journal(tmp_path, stopped().entries)
    deck = Deck(1.0, lambda: Playback((record,), LIMITS))
    shots: list[object] = []
    player = Player(
        deck, deck.load, on_message=shots.append, on_gone=lambda why: None, clock=lambda: 0.0
    )
    player.play(0.2)
    slow_s = deck.position.elapsed_s
    assert slow_s == pytest.approx(0.2, abs=0.02)
    deck.playing = False
    player.play(0.2)
    assert deck.position.elapsed_s == slow_s
    deck.playing, deck.speed = True, 5.0
    player.play(0.2)
    assert deck.position.elapsed_s == pytest.approx(slow_s + 1.0, abs=0.02)
    assert len(shots) == 3, "paused, too, the screen hears that somebody is there"
