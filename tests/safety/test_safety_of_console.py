"""What an engineer must release goes with its console: it is there again wherever that console is
plugged in, and not at another."""

import msgspec

from console.model.alarm import Alarm, Priority
from console.safety import alarms as manager
from console.safety.alarms import Alarms

LEAK = Alarm(
    "leak", Priority.HIGH, "Gas leaks", "Close the cylinder.", "10:00:00", 1, engineer=True
)
SIPHON = msgspec.structs.replace(LEAK, id="siphon", happened="Liquid")
LOST = Alarm("link_lost", Priority.MEDIUM, "The link is lost", "", "10:00:00", 1)
SUPPLY = Alarm("supply_low", Priority.LOW, "Supply low", "", "10:00:00", 1)


def of_console(standing: tuple[Alarm, ...], kept: tuple[Alarm, ...]) -> tuple[Alarm, ...]:
    return manager.of_console(Alarms(standing), kept).standing


def test_without_anything_kept_what_an_operator_may_clear_stays() -> None:
    assert of_console((LOST, SUPPLY), ()) == (LOST, SUPPLY)


def test_the_alarm_of_another_console_is_not_there() -> None:
    assert of_console((LEAK, LOST), ()) == (LOST,)


def test_a_kept_alarm_that_is_there_stays_as_it_is() -> None:
    assert of_console((LEAK, LOST), (LEAK,)) == (LEAK, LOST)


def test_a_kept_alarm_comes_back_gone_but_latched() -> None:
    kept = msgspec.structs.replace(LEAK, from_device=True, acknowledged=True)
    (back,) = of_console((), (kept,))
    assert back == msgspec.structs.replace(LEAK, present=False, latched=True)
    assert back.engineer and not back.from_device and not back.acknowledged


def test_only_what_is_not_there_comes_back() -> None:
    alarms = of_console((LEAK,), (LEAK, SIPHON))
    assert [alarm.id for alarm in alarms] == ["leak", "siphon"]
    assert [alarm.present for alarm in alarms] == [True, False]


def test_the_most_urgent_stands_first() -> None:
    alarms = of_console((SUPPLY, LOST), (LEAK,))
    assert [alarm.id for alarm in alarms] == ["leak", "link_lost", "supply_low"]
