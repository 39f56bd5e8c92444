"""Whole exchanges: what is said when, what is lost, and what each side makes of it."""

from tests.link.exchange import DELAY_MS, Exchange
from tests.link.independent import Values

A, B, C = 0x5EED0001, 0x5EED0002, 0x5EED0003
TOKEN = 0xC0FFEE01
BOOTING, IDLE, FREEZING, THAWING = 0, 1, 2, 3
STATE_CHANGED, FAULT_RAISED, FREEZE_ENDED, AT_TARGET, STOPPED = 1, 2, 4, 5, 11
TIMER, STOP, LEASE = 1, 3, 5
ARM, START, RATE = 0x04, 0x05, 0x14
DONE, WRONG_SESSION, READ_ONLY, NO_TOKEN, EXPIRED = 0, 1, 2, 6, 7


def _idle(x: Exchange, at: int, *news: str, session: int | None = None) -> None:
    x.measures(
        at, *news, session=session,
        state=IDLE, actuators=0x02, tip_centikelvin=31_015, flow_mg_s=0, valve_percent=0,
        exhaust_kpa=101, remaining_freeze_ms=0,
    )  # fmt: skip


def _starts(x: Exchange, at: int, freeze_ms: int = 120_000) -> int:
    """ARM and START; answers with the device time of gas-on."""
    x.asks(at, "Arm", value=TOKEN)
    on_ms = at + 12 + x.ahead_ms
    x.asks(
        at + 10, "StartFreeze", value=on_ms + freeze_ms,
        token=TOKEN, expires_ms=at + 10 + x.ahead_ms + 250, freeze_ms=freeze_ms,
    )  # fmt: skip
    return on_ms


def _freezing(x: Exchange, at: int, end_ms: int, tip: int) -> None:
    now = at + x.ahead_ms
    x.measures(
        at, state=FREEZING, actuators=0x03, tip_centikelvin=tip,
        remaining_freeze_ms=max(0, end_ms - now),
    )  # fmt: skip


def opening() -> Exchange:
    x = Exchange("opening", "The first HELLO is lost; its repeat opens the session.")
    _idle(x, 0, "stranger", session=0)
    x.session = A
    x.host(10, "Hello", "wanted", None)
    _idle(x, 50, "stranger", session=0)
    x.host(210, "Hello", "again", "opens")
    x.device(214, "Welcome", "answer", "Connected")
    _idle(x, 250)
    x.beats(252, 60_250)
    x.asks(260, "SetTelemetryRate", value=20, per_second=20)
    x.host(270, "ReadProbe", "wanted", "does")
    x.device(274, "Probe", "answer", "Answered")
    _idle(x, 300)
    x.beats(352, 60_300)
    return x


def welcome_lost() -> Exchange:
    x = Exchange(
        "welcome lost",
        "The WELCOME is lost: telemetry of the new session is not heard before the session is "
        "open, and the repeated HELLO resets nothing.",
    )
    x.session = A
    x.host(0, "Hello", "wanted", "opens")
    x.device(4, "Welcome", "answer", lost=True)
    _idle(x, 50, "stranger")
    x.host(200, "Hello", "again", "renews")
    x.device(204, "Welcome", "answer", "Connected")
    _idle(x, 250)
    return x


def freeze() -> Exchange:
    x = Exchange(
        "freeze",
        "From ARM to thaw, cut to 4 s: timer from START, extended once, ended by the device. "
        "Telemetry and heartbeats are shown every 500 ms only; the release comes later.",
    )
    x.opens(0, A)
    _idle(x, 50)
    x.beats(52, 60_050)
    on = _starts(x, 60, freeze_ms=4_000)
    x.happens(76, 1, STATE_CHANGED, FREEZING, IDLE)
    end = on + 4_000
    for at, tip in ((500, 29_000), (1_000, 26_500), (1_500, 24_500), (2_000, 21_200)):
        _freezing(x, at, end, tip)
        x.beats(at + DELAY_MS, at + 60_000)
    x.happens(2_300, 2, AT_TARGET, 0, 2_300 + 60_000 - on)
    x.asks(2_400, "Extend", value=end + 1_000, by_ms=1_000)
    end += 1_000
    for at, tip in ((2_500, 20_350), (3_000, 20_310), (3_500, 20_320), (4_000, 20_315)):
        _freezing(x, at, end, tip)
        x.beats(at + DELAY_MS, at + 60_000)
    _freezing(x, 4_500, end, 20_315)
    x.beats(4_502, 64_500)
    off = end - 60_000
    x.happens(off, 3, FREEZE_ENDED, TIMER, end - on)
    x.happens(off, 4, STATE_CHANGED, THAWING, FREEZING)
    x.measures(
        off + 50, state=THAWING, actuators=0x02, flow_mg_s=0, valve_percent=0,
        remaining_freeze_ms=0, exhaust_kpa=101, tip_centikelvin=20_900,
    )  # fmt: skip
    x.beats(off + 52, off + 50 + 60_000)
    return x


def lost_link() -> Exchange:
    x = Exchange(
        "lost link",
        "The cable to the device is cut in a freeze; the way back still works. The lease of the "
        "newest echo ends 1,000 ms after it, and the device shuts the gas by itself.",
    )
    x.opens(0, A)
    _idle(x, 50)
    x.beats(52, 60_050)
    on = _starts(x, 60)
    x.happens(76, 1, STATE_CHANGED, FREEZING, IDLE)
    end = on + 120_000
    _freezing(x, 100, end, 30_800)
    x.beats(102, 60_100)
    for at in range(200, 1_100, 100):
        _freezing(x, at, end, 30_800 - 5 * at)
        x.beats(at + DELAY_MS, at + 60_000, None)
    stamp = 1_100 + 60_000
    for number, code, detail, value in (
        (2, FAULT_RAISED, 0, 100_000),
        (3, FREEZE_ENDED, LEASE, stamp - on),
        (4, STATE_CHANGED, THAWING, FREEZING),
    ):
        x.device(
            1_100, "Event", "event", "Heard",
            number=number, code=code, detail=detail, at_ms=stamp, value=value,
        )  # fmt: skip
        x.host(1_102, "EventAck", "acknowledges", None, number=number)
    x.measures(
        1_150, state=THAWING, actuators=0x02, flow_mg_s=0, valve_percent=0,
        remaining_freeze_ms=0, exhaust_kpa=101, tip_centikelvin=26_000,
        faults=1,
    )  # fmt: skip
    x.beats(1_152, 61_150)  # plugged in again: the lease runs, and nothing resumes
    x.measures(
        1_200, state=THAWING, actuators=0x02, flow_mg_s=0, valve_percent=0,
        remaining_freeze_ms=0, exhaust_kpa=101, tip_centikelvin=26_100,
        faults=1,
    )  # fmt: skip
    for number, code, detail, value in (
        (2, FAULT_RAISED, 0, 100_000),
        (3, FREEZE_ENDED, LEASE, stamp - on),
        (4, STATE_CHANGED, THAWING, FREEZING),
    ):
        x.device(
            1_300, "Event", "event again",
            number=number, code=code, detail=detail, at_ms=stamp, value=value,
        )  # fmt: skip
        x.host(1_302, "EventAck", "acknowledges", "takes", number=number)
    return x


def restart() -> Exchange:
    x = Exchange(
        "restart",
        "The device restarts in a freeze. It boots with the valve shut and knows no session; the "
        "host notices by the telemetry of session 0 and opens a new one. What is left over from "
        "before is not heard. Then another host takes the session and leaves it again: a late "
        "HELLO of a session that was left opens nothing.",
    )
    x.opens(0, A)
    _idle(x, 50)
    x.beats(52, 60_050)
    on = _starts(x, 60)
    x.happens(76, 1, STATE_CHANGED, FREEZING, IDLE)
    _freezing(x, 100, on + 120_000, 30_800)
    x.device(  # on its way for very long
        110, "Event", "event", "stranger", arrives=1_900,
        number=2, code=AT_TARGET, detail=0, at_ms=60_110, value=60_110 - on,
    )  # fmt: skip
    x.restarts(120, ahead_ms=-120)
    _idle(x, 1_500, "stranger", "SessionLost", session=0)
    x.host(1_510, "Extend", "late", "refuses", session=A, by_ms=1_000, sequence=99)
    x.device(
        1_512, "Answer", "refused by the session", "stranger", session=A, sequence=99,
        command=7, result=WRONG_SESSION, value=0,
    )  # fmt: skip
    x.session = B
    x.host(1_600, "Hello", "wanted", "opens")
    x.device(1_604, "Welcome", "answer", "Connected", boot_id=0x0B007002)
    _idle(x, 1_650)
    x.host(1_700, "Hello", "late", "opens", session=C, sequence=1, arrives=1_760)
    x.device(1_764, "Welcome", "answer", "stranger", session=C, sequence=1, boot_id=0x0B007002)
    _idle(x, 1_800, "stranger", "SessionLost", session=C)
    x.session = 0x5EED0004
    x.host(1_810, "Hello", "wanted", "opens")
    x.device(1_814, "Welcome", "answer", "Connected", boot_id=0x0B007002)
    x.host(1_820, "Hello", "late", "ignores", session=B, sequence=5, arrives=1_822)
    x.host(1_830, "Hello", "late", "ignores", session=C, sequence=1, arrives=1_832)
    _idle(x, 1_850)
    return x


def stop() -> Exchange:
    x = Exchange(
        "stop",
        "STOP in a freeze: two are lost, the third arrives, its acknowledgement is lost, the "
        "fourth is acknowledged. A START that was on its way meanwhile finds itself out of date.",
    )
    x.opens(0, A)
    _idle(x, 50)
    x.beats(52, 60_050)
    on = _starts(x, 60)
    x.happens(76, 1, STATE_CHANGED, FREEZING, IDLE)
    _freezing(x, 100, on + 120_000, 30_800)
    x.beats(102, 60_100)
    late = x.sequence
    x.host(150, "Stop", "wanted", None)
    x.host(170, "Stop", "again", None)
    x.host(190, "Stop", "again", "does")
    x.device(194, "Answer", "answer", lost=True, command=3, result=DONE, value=0)
    x.happens(196, 2, FREEZE_ENDED, STOP, 192 + 60_000 - on)
    x.happens(196, 3, STATE_CHANGED, THAWING, FREEZING)
    x.happens(196, 4, STOPPED, 1, 0)
    x.host(
        140, "StartFreeze", "late", "ignores", sequence=late, arrives=200,
        token=TOKEN, expires_ms=60_320,
    )  # fmt: skip
    x.host(210, "Stop", "again", "does")
    x.device(214, "Answer", "answer", "StopConfirmed", command=3, result=DONE, value=0)
    x.measures(
        250, state=THAWING, actuators=0x02, flow_mg_s=0, valve_percent=0, exhaust_kpa=101,
        remaining_freeze_ms=0, tip_centikelvin=30_100,
    )  # fmt: skip
    return x


def stop_burns_token() -> Exchange:
    x = Exchange("stop burns the token", "A token that was out when STOP came starts nothing.")
    x.opens(0, A)
    _idle(x, 50)
    x.beats(52, 60_050)
    x.asks(60, "Arm", value=TOKEN)
    x.asks(70, "Stop", value=0)
    x.asks(80, "StartFreeze", result=NO_TOKEN, token=TOKEN, expires_ms=60_330)
    return x


def start_expired() -> Exchange:
    x = Exchange(
        "start expired",
        "A START that was held up for 300 ms is refused, and its token is gone with it.",
    )
    x.opens(0, A)
    _idle(x, 50)
    x.beats(52, 60_050)
    x.asks(60, "Arm", value=TOKEN)
    fields = {"token": TOKEN, "expires_ms": 60_320}
    x.host(70, "StartFreeze", "wanted", None, **fields)
    x.host(170, "StartFreeze", "again", None, **fields)
    x.host(270, "StartFreeze", "again", "does", arrives=321, **fields)
    x.device(323, "Answer", "answer", "Answered", command=START, result=EXPIRED, value=0)
    x.asks(330, "StartFreeze", result=NO_TOKEN, token=TOKEN, expires_ms=60_600)
    return x


def stop_unconfirmed() -> Exchange:
    x = Exchange(
        "stop unconfirmed",
        "No STOP gets through: it is sent every 20 ms, after 500 ms it is told, and the lease is "
        "withheld. A host that greets anew takes its STOP along.",
    )
    x.opens(0, A)
    _idle(x, 50)
    x.host(100, "Stop", "wanted", None)
    for at in range(120, 600, 20):
        x.host(at, "Stop", "again", None)
    x.host(600, "Stop", "again", None)
    x.tells(600, "StopUnconfirmed")
    stopping = x.sequence
    x.session = B
    x.host(610, "Hello", "wanted", "opens")
    x.device(614, "Welcome", "answer", "Connected")
    x.host(620, "Stop", "again", "does", session=A, sequence=stopping)
    x.device(
        624, "Answer", "answer", "StopConfirmed", session=A, sequence=stopping,
        command=3, result=DONE, value=0,
    )  # fmt: skip
    x.asks(630, "Arm", value=TOKEN)
    return x


def stop_without_session() -> Exchange:
    x = Exchange(
        "stop without a session",
        "A host's first frame after its own crash is STOP. The device is in the session of the "
        "host that died; it stops and acknowledges all the same.",
        sequence=40_000,
    )
    x.host(0, "Stop", "wanted", "does")
    x.device(4, "Answer", "answer", "StopConfirmed", command=3, result=DONE, value=0)
    x.opens(10, A)
    return x


def repeated_command() -> Exchange:
    x = Exchange(
        "repeated command",
        "The answer is lost: the repeat gets the remembered one and nothing is done twice. Then "
        "nobody answers: three tries, and failed at 300 ms.",
    )
    x.opens(0, A)
    x.host(100, "SetTelemetryRate", "wanted", "does", per_second=10)
    x.device(104, "Answer", "answer", lost=True, command=RATE, result=DONE, value=10)
    x.host(200, "SetTelemetryRate", "again", "repeats", per_second=10)
    x.device(
        202, "Answer", "remembered", "Answered", stamp=60_104,
        command=RATE, result=DONE, value=10,
    )  # fmt: skip
    for at, cause in ((300, "wanted"), (400, "again"), (500, "again")):
        x.host(at, "Arm", cause, None)
    x.tells(600, "Unanswered")
    return x


def late_answer() -> Exchange:
    x = Exchange(
        "late answer",
        "Answers that are not the outstanding command's: of another sequence, of the right one "
        "but another command, and of an equal one from before a wrap. None is taken.",
        sequence=65_533,
    )
    x.opens(0, A)
    _idle(x, 50)
    x.host(100, "Arm", "wanted", "does")
    for sequence, command, stamp in (
        (65_534, ARM, 60_102),
        (65_535, RATE, 60_102),
        (65_535, ARM, 60_049),
    ):
        x.device(
            101, "Answer", "old", sequence=sequence, stamp=stamp,
            command=command, result=DONE, value=1,
        )  # fmt: skip
    x.device(104, "Answer", "answer", "Answered", command=ARM, result=DONE, value=TOKEN)
    x.asks(110, "SetTelemetryRate", value=20, per_second=20)  # its sequence is 1: 0 is left out
    x.host(120, "Arm", "late", "ignores", sequence=65_535, arrives=122)
    return x


def events() -> Exchange:
    x = Exchange(
        "events",
        "Two events; the first is lost and comes after the second, the acknowledgement of the "
        "second is lost. Each is heard once, acknowledged always, repeated every 200 ms.",
    )
    x.opens(0, A)
    one = {"number": 1, "code": 6, "detail": 1, "at_ms": 60_100, "value": 0}
    two = {"number": 2, "code": 6, "detail": 0, "at_ms": 60_150, "value": 0}
    x.device(100, "Event", "event", lost=True, **one)
    x.device(150, "Event", "event", "Heard", **two)
    x.host(152, "EventAck", "acknowledges", None, number=2)
    x.device(300, "Event", "event again", "Heard", **one)
    x.host(302, "EventAck", "acknowledges", "takes", number=1)
    x.device(350, "Event", "event again", **two)
    x.host(352, "EventAck", "acknowledges", "takes", number=2)
    return x


def read_only() -> Exchange:
    x = Exchange(
        "read-only",
        "A host that only watches: it hears telemetry, sends no heartbeat and no command but "
        "STOP. A command sent all the same is refused.",
    )
    x.session = A
    x.host(0, "Hello", "wanted", "opens", flags=1)
    x.device(4, "Welcome", "answer", "Connected")
    _idle(x, 50)
    x.host(100, "Arm", "late", "refuses", sequence=7)
    x.device(
        102, "Answer", "refused by the session", sequence=7,
        command=ARM, result=READ_ONLY, value=0,
    )  # fmt: skip
    x.asks(110, "Stop", value=0)
    return x


def exchanges() -> list[Values]:
    """All of them."""
    return [
        make().as_json()
        for make in (
            opening, welcome_lost, freeze, lost_link, restart, stop, stop_burns_token,
            start_expired, stop_unconfirmed, stop_without_session, repeated_command, late_answer,
            events, read_only,
        )
    ]  # fmt: skip
