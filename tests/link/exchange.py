"""A small language to write whole exchanges down, with times and what each side makes of them."""

from typing import Any

from tests.link.independent import LAYOUTS, Values, message
from tests.link.vector_frames import TYPICAL

DELAY_MS = 2
"""From the first byte sent to the frame understood, in every exchange."""


class Exchange:
    """Steps in the order of their times. The device's clock runs `ahead_ms` before the host's.

    `sequence` and `session` are the host's, counted here by the document's rules.
    """

    def __init__(self, name: str, about: str, ahead_ms: int = 60_000, sequence: int = 0) -> None:
        self.name = name
        self.about = about
        self.ahead_ms = ahead_ms
        self.first_ahead_ms = ahead_ms
        self.first_sequence = sequence
        self.sequence = sequence
        self.session = 0
        self.telemetry = 0
        self.echo_ms: int | None = None
        self.steps: list[Values] = []

    def host(
        self,
        at: int,
        name: str,
        cause: str,
        does: str | None,
        *,
        sequence: int | None = None,
        session: int | None = None,
        arrives: int | None = None,
        **fields: Any,
    ) -> int:
        """The host sends `name`, because it is wanted, again, or an acknowledgement; the device
        `does` something with it, or it is lost (None). Answers with its sequence."""
        if sequence is None:
            sequence = 0
            if cause == "wanted" and name not in ("Heartbeat", "EventAck"):
                self.sequence = self.sequence % 0xFFFF + 1
                sequence = self.sequence
            elif cause == "again":
                sequence = self.sequence
        values = _fields(name, fields)
        session = self.session if session is None else session
        lands = at + DELAY_MS if arrives is None else arrives
        if does == "opens":
            self.echo_ms = None
        elif does == "takes" and name == "Heartbeat":
            self.echo_ms = fields["echo_ms"]
        self.steps.append(
            {
                "from": "host",
                "at_ms": at,
                "arrives_ms": None if does is None else lands,
                "message": name,
                "cause": cause,
                "device": does,
                "sequence": sequence,
                "session": session,
                "device_ms": 0,
                "fields": values,
                "wire": message(name, values, sequence, session, 0).hex(),
            }
        )
        return sequence

    def device(
        self,
        at: int,
        name: str,
        cause: str,
        *news: str,
        sequence: int | None = None,
        session: int | None = None,
        lost: bool = False,
        stamp: int | None = None,
        arrives: int | None = None,
        **fields: Any,
    ) -> None:
        """The device sends `name`; the host tells the `news` when it arrives."""
        if sequence is None:
            sequence = self.sequence
            if name == "Telemetry":
                self.telemetry = (self.telemetry + 1) % 0x10000
                sequence = self.telemetry
            elif name == "Event":
                sequence = fields["number"]
        values = _fields(name, fields)
        session = self.session if session is None else session
        stamp = at + self.ahead_ms if stamp is None else stamp
        lands = at + DELAY_MS if arrives is None else arrives
        self.steps.append(
            {
                "from": "device",
                "at_ms": at,
                "arrives_ms": None if lost else lands,
                "message": name,
                "cause": cause,
                "host": list(news),
                "sequence": sequence,
                "session": session,
                "device_ms": stamp,
                "fields": values,
                "wire": message(name, values, sequence, session, stamp).hex(),
            }
        )

    def tells(self, at: int, *news: str) -> None:
        """The host notices by the clock alone."""
        self.steps.append({"from": "host", "at_ms": at, "cause": "clock", "host": list(news)})

    def restarts(self, at: int, ahead_ms: int) -> None:
        """The device boots: it remembers nothing, and its clock begins anew."""
        self.ahead_ms = ahead_ms
        self.telemetry = 0
        self.echo_ms = None
        self.steps.append(
            {"from": "device", "at_ms": at, "cause": "restart", "clock_ms": at + ahead_ms}
        )

    def opens(self, at: int, session: int, **welcome: Any) -> None:
        """HELLO and WELCOME without a loss."""
        self.session = session
        self.host(at, "Hello", "wanted", "opens")
        self.device(at + 4, "Welcome", "answer", "Connected", **welcome)

    def asks(self, at: int, name: str, value: int = 0, result: int = 0, **fields: Any) -> None:
        """A command and its Answer without a loss, the answer 4 ms after the command."""
        self.host(at, name, "wanted", "does", **fields)
        kind = LAYOUTS[name][0]
        news = "StopConfirmed" if name == "Stop" else "Answered"
        self.device(at + 4, "Answer", "answer", news, command=kind, result=result, value=value)

    def beats(self, at: int, echo_ms: int, does: str | None = "takes") -> None:
        """A heartbeat."""
        self.host(at, "Heartbeat", "wanted", does, echo_ms=echo_ms)

    def happens(self, at: int, number: int, code: int, detail: int = 0, value: int = 0) -> None:
        """An event, heard and acknowledged at the first try."""
        stamp = at + self.ahead_ms
        self.device(
            at, "Event", "event", "Heard",
            number=number, code=code, detail=detail, at_ms=stamp, value=value,
        )  # fmt: skip
        self.host(at + DELAY_MS, "EventAck", "acknowledges", "takes", number=number)

    def measures(self, at: int, *news: str, session: int | None = None, **fields: Any) -> None:
        """Telemetry; the lease that is left is that of a freeze from the newest echo."""
        now = at + self.ahead_ms
        left = 0 if self.echo_ms is None else max(0, self.echo_ms + 1_000 - now)
        fields["remaining_lease_ms"] = left
        self.device(at, "Telemetry", "measured", *(news or ("Heard",)), session=session, **fields)

    def as_json(self) -> Values:
        """The exchange for the vectors, its steps by time (those of one time as written)."""
        return {
            "name": self.name,
            "about": self.about,
            "host_sequence_before": self.first_sequence,
            "device_ahead_ms": self.first_ahead_ms,
            "steps": sorted(self.steps, key=lambda step: step["at_ms"]),
        }


def _fields(name: str, given: Values) -> Values:
    known = {field for field, _ in LAYOUTS[name][1]}
    if not set(given) <= known:
        raise ValueError(f"{name} has no {set(given) - known}")
    return {**TYPICAL[name], **given}
