"""Both ends of the drivers' session against the whole exchanges of the vectors."""

from typing import Any

import msgspec
import pytest

from drivers.link import device, host
from drivers.link.codes import Action, DeviceState, Result
from drivers.link.frame import Deframer, Frame, encode
from drivers.link.messages import Answer, Arm, Hello, StartFreeze, Telemetry, read
from tests.link.test_link_vectors import message_of, vectors

Step = dict[str, Any]
EXCHANGES = [
    exchange | {"version": version}
    for version, name in (("1.1", "exchanges.json"), ("1.0", "1.0/exchanges.json"))
    for exchange in vectors(name)
]
"""A side of 1.1 is held to what was said in 1.0, too, byte by byte. In 1.1 only the Hello of the
host is another: it announces the lowest version that has all it sends."""


def said(exchange: Step) -> str:
    return f"{exchange['version']} {exchange['name']}"


def frame_of(step: Step) -> Frame:
    (frame,) = Deframer().feed(bytes.fromhex(step["wire"]))
    assert isinstance(frame, Frame)
    return frame


def last_ms(exchange: Step) -> int:
    return max(max(s["at_ms"], s.get("arrives_ms") or 0) for s in exchange["steps"])


def asked(link: host.HostLink, step: Step, now: int) -> tuple[host.HostLink, host.Effects]:
    message = message_of(step["message"], step["fields"])
    if step["message"] == "Hello":
        return host.greet(link, step["session"], now, step["fields"]["flags"])
    if step["message"] == "Heartbeat":
        return link, host.beat(link, step["fields"]["echo_ms"])
    return host.submit(link, message, now)


@pytest.mark.parametrize("exchange", EXCHANGES, ids=said)
def test_the_host_does_as_the_exchange_says(exchange: Step) -> None:
    steps = exchange["steps"]
    link = host.HostLink(sequence=exchange["host_sequence_before"])
    sent: list[tuple[int, str]] = []
    told: list[tuple[int, str]] = []
    hellos: set[str] = set()
    for now in range(last_ms(exchange) + 1):
        effects: list[host.Send | host.News] = []
        for step in steps:
            if step["from"] == "device" and step.get("arrives_ms") == now:
                before = link.counters.strangers
                link, more = host.hear(link, frame_of(step), now)
                assert ("stranger" in step["host"]) == (link.counters.strangers > before), step
                effects += more
        for step in steps:
            if step["from"] == "host" and step["at_ms"] == now and step["cause"] == "wanted":
                link, more = asked(link, step, now)
                effects += more
        link, more = host.tick(link, now)
        effects += more
        for effect in effects:
            if isinstance(effect, host.Send):
                sent.append((now, encode(effect.frame).hex()))
                if effect.frame.kind == Hello.KIND:
                    hellos.add(sent[-1][1])
            else:
                told.append((now, type(effect).__name__))
    own = exchange["version"] == "1.0"  # the version that the host announces
    assert [one for one in sent if own or one[1] not in hellos] == [
        (step["at_ms"], step["wire"])
        for step in steps
        if step["from"] == "host" and step["cause"] in ("wanted", "again", "acknowledges")
        if own or step["message"] != "Hello"
    ]
    arrivals = sorted(
        (step.get("arrives_ms", step["at_ms"]), news)
        for step in steps
        if "host" in step and step.get("arrives_ms", 0) is not None
        for news in step["host"]
        if news != "stranger"
    )
    assert sorted(told) == arrivals


VERDICTS = {
    "does": (device.Command, None),
    "opens": (device.Opened, False),
    "renews": (device.Opened, True),
    "repeats": (device.Reply, None),
    "refuses": (device.Reply, None),
    "ignores": (device.Ignored, None),
    "takes": (type(None), None),
}


class DeviceUnderTest:
    """The link of a device whose decisions the exchange gives."""

    def __init__(self, ahead_ms: int) -> None:
        self.link = device.DeviceLink()
        self.ahead_ms = ahead_ms
        self.heard: dict[tuple[int, int, int], Frame] = {}
        self.replies: list[str] = []
        self.spent: Result | None = None

    def hears(self, step: Step, now: int) -> None:
        frame = frame_of(step)
        self.link, verdict = device.hear(self.link, frame, now + self.ahead_ms)
        kind, renewed = VERDICTS[step["device"]]
        assert isinstance(verdict, kind), (step, verdict)
        if isinstance(verdict, device.Opened):
            assert verdict.renewed == renewed
        if isinstance(verdict, device.Reply):
            self.replies.append(encode(verdict.frame).hex())
        if isinstance(verdict, device.Command) and isinstance(verdict.message, StartFreeze):
            start = verdict.message
            self.link, self.spent = device.spend(
                self.link, start.token, Action.FREEZE, start.expires_ms, now + self.ahead_ms
            )
        self.heard[frame.session, frame.sequence, frame.kind] = frame

    def sends(self, step: Step, now: int) -> None:
        device_ms = now + self.ahead_ms
        expected = frame_of(step)
        message = read(expected)
        assert message is not None
        match step["cause"]:
            case "remembered" | "refused by the session":
                assert self.replies.pop(0) == step["wire"]
            case "answer":
                kind = message.command if isinstance(message, Answer) else None
                to = next(
                    frame
                    for (session, sequence, code), frame in self.heard.items()
                    if (session, sequence) == (expected.session, expected.sequence)
                    and kind in (None, code)
                )
                self.link, frame = device.answer(self.link, to, message, device_ms)
                assert frame == expected
                if isinstance(message, Answer) and kind == StartFreeze.KIND:
                    assert message.result == self.spent
                if isinstance(message, Answer) and kind == Arm.KIND and not message.result:
                    token = device.Token(message.value, Action.FREEZE, device_ms + 10_000)
                    self.link = msgspec.structs.replace(self.link, token=token)
            case "event":
                self.link, event = device.happened(
                    self.link,
                    message.code,
                    message.detail,
                    message.value,
                    device_ms,  # type: ignore[attr-defined]
                )
                assert event == message
            case "measured":
                assert isinstance(message, Telemetry)
                assert expected.session == self.link.session
                left = device.lease_left_ms(self.link, 1_000, device_ms)
                assert message.remaining_lease_ms == left
                assert left > 0 or message.state != DeviceState.FREEZING


@pytest.mark.parametrize("exchange", EXCHANGES, ids=said)
def test_the_device_does_as_the_exchange_says(exchange: Step) -> None:
    steps = exchange["steps"]
    under = DeviceUnderTest(exchange["device_ahead_ms"])
    for now in range(last_ms(exchange) + 1):
        for step in steps:
            if step["from"] == "host" and step.get("arrives_ms") == now:
                under.hears(step, now)
        again = []
        for step in steps:
            if step["from"] != "device" or step["at_ms"] != now:
                continue
            if step["cause"] == "restart":
                under = DeviceUnderTest(step["clock_ms"] - now)
            elif step["cause"] == "event again":
                again.append(read(frame_of(step)))
            else:
                under.sends(step, now)
        under.link, due = device.due_events(under.link, now + under.ahead_ms)
        assert list(due) == again
    assert not under.replies


def test_a_lease_ends_to_the_millisecond() -> None:
    (exchange,) = [e for e in EXCHANGES if said(e) == "1.1 lost link"]
    echoes = [
        s["fields"]["echo_ms"]
        for s in exchange["steps"]
        if s["message"] == "Heartbeat" and s["arrives_ms"] is not None and s["at_ms"] < 1_100
    ]
    lost = next(
        s for s in exchange["steps"] if s["message"] == "Event" and s["fields"]["code"] == 2
    )
    link = device.DeviceLink(echo_ms=max(echoes))
    assert device.lease_left_ms(link, 1_000, lost["fields"]["at_ms"] - 1) == 1
    assert device.lease_left_ms(link, 1_000, lost["fields"]["at_ms"]) == 0
