"""The bridge ticks what was applied, loses no sample, and replaces a silent control process."""

import threading
from collections.abc import Iterator

import msgspec
import pytest
import shiboken6
from pytestqt.qtbot import QtBot
from ui_kit import FakeClient, settle

from console.model.alarm import Alarm, AlarmEntry, AlarmTurn, Priority
from console.model.pipe import ScreenAlarm
from console.model.request import EndFreeze, Stop
from console.model.snapshot import Reply, Snapshot
from console.ui.bridge import START_S, TRIES, Bridge
from console.ui.scripted import Script


class Bed:
    """A bridge with clients that the test plays, and a clock that the test moves."""

    def __init__(self) -> None:
        self.now = 50.0
        self.clients: list[FakeClient] = []
        self.applied: list[Snapshot] = []
        self.lost: list[str] = []
        self.gave_up: list[str] = []
        self.refused: list[object] = []
        self.fails = False
        self.script = Script()
        self.bridge = Bridge(self._make, self._apply, clock=lambda: self.now)
        self.bridge._watch.stop()
        self.bridge.control_lost.connect(self.lost.append)
        self.bridge.gave_up.connect(self.gave_up.append)
        self.bridge.refused.connect(lambda *what: self.refused.append(what))

    def _make(self, port, on_message, on_gone) -> FakeClient:  # type: ignore[no-untyped-def]
        self.clients.append(FakeClient(port, on_message, on_gone))
        return self.clients[-1]

    def _apply(self, snapshot: Snapshot) -> None:
        if self.fails:
            raise RuntimeError("the screen broke")
        self.applied.append(snapshot)

    @property
    def client(self) -> FakeClient:
        return self.clients[-1]

    def passes(self, seconds: float) -> None:
        """Time in which the watch runs as it should."""
        for _ in range(round(seconds / 0.1)):
            self.now += 0.1
            self.bridge.watch()

    def says(self, seconds: float = 0.05) -> Snapshot:
        snapshot = self.script.advance(seconds)
        self.client.says(snapshot)
        return snapshot


@pytest.fixture
def bed(qtbot: QtBot) -> Iterator[Bed]:
    made = Bed()
    made.bridge.open("sim://n2o")
    yield made
    made.bridge.close()
    settle()


def test_the_tick_carries_the_number_of_what_was_applied(bed: Bed) -> None:
    first = bed.says()
    assert bed.client.ticks == []  # not before the main thread has shown it
    settle()
    assert [one.number for one in bed.applied] == [first.number]
    assert bed.client.ticks == [first.number]


def test_only_the_newest_is_applied_and_ticked_and_no_sample_or_event_is_lost(bed: Bed) -> None:
    bed.script.choose()
    sent = [bed.says(0.1) for _ in range(5)]
    settle()
    assert [one.number for one in bed.applied] == [sent[-1].number]
    assert bed.client.ticks == [sent[-1].number]
    assert bed.applied[0].samples == tuple(s for one in sent for s in one.samples)
    assert bed.applied[0].events == tuple(e for one in sent for e in one.events)
    assert len(bed.applied[0].samples) == 10 and len(bed.applied[0].events) == 1


def test_samples_are_not_shown_twice(bed: Bed) -> None:
    bed.says(0.1)
    settle()
    bed.says(0.1)
    settle()
    times = [sample.at_ms for one in bed.applied for sample in one.samples]
    assert times == sorted(set(times))


def test_messages_from_another_thread_are_applied_on_this_one(bed: Bed) -> None:
    here = threading.get_ident()
    seen: list[int] = []
    bed.bridge._apply = lambda snapshot: seen.append(threading.get_ident())
    thread = threading.Thread(target=bed.says)
    thread.start()
    thread.join()
    settle()
    assert seen == [here]


def test_a_screen_that_broke_does_not_tick(bed: Bed, qtbot: QtBot) -> None:
    bed.fails = True
    with qtbot.captureExceptions() as raised:
        bed.says()
        settle()
    assert [str(one[1]) for one in raised] == ["the screen broke"]
    assert bed.client.ticks == []


def test_a_refusal_comes_back_with_its_request(bed: Bed) -> None:
    bed.bridge.ask(EndFreeze())
    bed.bridge.ask(Stop("key"))
    bed.client.says(Reply(1, "No freeze is running"))
    bed.client.says(Reply(2, None))
    settle()
    assert bed.refused == [(EndFreeze(), "No freeze is running")]


def test_silence_for_half_a_second_is_control_lost(bed: Bed) -> None:
    bed.says()
    settle()
    bed.passes(0.4)
    assert bed.lost == []
    bed.passes(0.3)
    assert bed.lost == ["silent for 0.5 s"]


def test_the_silent_child_is_killed_before_a_new_one_starts(bed: Bed, qtbot: QtBot) -> None:
    bed.says()
    settle()
    first = bed.client
    bed.passes(0.7)
    qtbot.waitUntil(lambda: len(bed.clients) == 2)
    assert first.done == ["start", "kill"]
    assert bed.client.done == ["start"] and bed.client.port == "sim://n2o"


def test_a_pipe_that_closes_after_the_window_is_told_to_nobody(qtbot: QtBot) -> None:
    bed = Bed()
    bed.bridge.open("sim://n2o")
    bed.bridge.close()
    shiboken6.delete(bed.bridge)  # the reader thread sees the end of the pipe only now
    bed.client.on_gone("its pipe closed")
    settle()
    assert bed.lost == []


def test_a_closed_pipe_is_control_lost_at_once(bed: Bed) -> None:
    bed.says()
    bed.client.on_gone("its pipe closed")
    settle()
    assert bed.lost == ["its pipe closed"]


def test_what_an_old_client_still_says_is_not_heard(bed: Bed, qtbot: QtBot) -> None:
    old = bed.client
    bed.says()
    settle()
    bed.passes(0.7)
    qtbot.waitUntil(lambda: len(bed.clients) == 2)
    shown = len(bed.applied)
    old.says(bed.script.advance(0.05))
    old.on_gone("late")
    settle()
    assert len(bed.applied) == shown and len(bed.lost) == 1


def test_the_first_snapshot_may_take_five_seconds(bed: Bed) -> None:
    bed.passes(START_S - 0.1)
    assert bed.lost == []
    bed.passes(0.3)
    assert len(bed.lost) == 1 and "5 s" in bed.lost[0]


def test_a_screen_that_slept_listens_before_it_judges(bed: Bed) -> None:
    bed.says()
    settle()
    bed.now += 30.0  # this process was stopped, and continued
    bed.bridge.watch()
    assert bed.lost == []
    bed.says()
    settle()
    bed.passes(0.4)
    assert bed.lost == []


def test_three_failed_restarts_in_thirty_seconds_are_given_up(bed: Bed, qtbot: QtBot) -> None:
    bed.says()
    settle()
    for count in range(TRIES + 1):
        bed.client.on_gone("it ended")
        qtbot.waitUntil(lambda count=count: len(bed.lost) == count + 1)  # type: ignore[misc]
        if count < TRIES:
            qtbot.waitUntil(lambda count=count: len(bed.clients) == count + 2)  # type: ignore[misc]
    qtbot.waitUntil(lambda: bool(bed.gave_up))
    assert bed.gave_up == ["it ended"] and len(bed.clients) == TRIES + 1
    bed.bridge.again()
    assert len(bed.clients) == TRIES + 2


def test_losses_that_lie_apart_are_not_added_up(bed: Bed, qtbot: QtBot) -> None:
    for count in range(TRIES + 3):
        bed.says()
        settle()
        bed.now += 20.0
        bed.bridge.watch()
        bed.client.on_gone("it ended")
        qtbot.waitUntil(lambda count=count: len(bed.clients) == count + 2)  # type: ignore[misc]
    assert bed.gave_up == []


def test_another_console_ends_the_first_in_order(bed: Bed, qtbot: QtBot) -> None:
    first = bed.client
    bed.bridge.open("COM3")
    assert bed.client.port == "COM3"
    qtbot.waitUntil(lambda: first.done == ["start", "close"])


def test_without_a_control_process_a_request_goes_nowhere(bed: Bed) -> None:
    bed.bridge.leave()
    bed.bridge.ask(Stop())


# --- alarms of the screen itself ---------------------------------------------------------------

LOST = Alarm("control_lost", Priority.HIGH, "It stopped", "Look.", "10:00:00", None)
RAISED = ScreenAlarm("2026-11-21T10:00:00.000+00:00", AlarmTurn.RAISED, LOST)
OVER = ScreenAlarm("2026-11-21T10:00:02.000+00:00", AlarmTurn.CLEARED, LOST)


def kept(bed: Bed, number: int, alarm: ScreenAlarm) -> None:
    """The control process shows that the alarm book has it."""
    entry = AlarmEntry(number, alarm.wall, "", alarm.turn, alarm.alarm)
    snapshot = bed.script.advance(0.05)
    bed.client.says(msgspec.structs.replace(snapshot, alarm_log=(entry,)))
    settle()


def lose(bed: Bed, qtbot: QtBot) -> None:
    """The control process ends; the next one is there, and has said nothing yet."""
    count = len(bed.clients)
    bed.client.on_gone("it ended")
    qtbot.waitUntil(lambda: len(bed.clients) == count + 1)


def test_an_alarm_of_the_screen_is_passed_on_at_once_to_one_that_is_heard(bed: Bed) -> None:
    bed.says()
    settle()
    bed.bridge.tell(RAISED)
    assert bed.client.told == [RAISED]
    bed.says()
    settle()
    assert bed.client.told == [RAISED], "once"


def test_what_happened_while_there_was_none_is_told_to_the_next_one(bed: Bed, qtbot: QtBot) -> None:
    bed.says()
    settle()
    bed.bridge.control_lost.connect(lambda _: bed.bridge.tell(RAISED))
    bed.bridge._apply = lambda _: bed.bridge.tell(OVER) if len(bed.clients) == 2 else None
    lose(bed, qtbot)
    again = msgspec.structs.replace(RAISED, wall="2026-11-21T10:00:01.000+00:00")
    bed.bridge.tell(again)
    assert bed.client.told == [], "not before it has said what its book holds"
    bed.says()
    settle()
    assert bed.client.told == [RAISED, again, OVER]


def test_what_the_book_has_is_not_told_again(bed: Bed, qtbot: QtBot) -> None:
    bed.says()
    settle()
    bed.bridge.tell(RAISED)
    kept(bed, 1, RAISED)
    lose(bed, qtbot)
    bed.says()
    settle()
    assert bed.client.told == []


def test_what_one_was_told_and_did_not_live_to_write_is_told_again(bed: Bed, qtbot: QtBot) -> None:
    bed.says()
    settle()
    bed.bridge.tell(RAISED)
    bed.bridge.tell(OVER)
    lose(bed, qtbot)
    kept(bed, 1, RAISED)  # this much was on disk
    assert bed.client.told == [OVER]


def test_it_waits_for_another_console_as_well(bed: Bed) -> None:
    bed.bridge.leave()
    bed.bridge.tell(RAISED)
    bed.bridge.open("COM3")
    bed.says()
    settle()
    assert bed.client.told == [RAISED]
