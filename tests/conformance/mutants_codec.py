"""Mutants that read or write frames wrongly, or take Hello and unknown kinds amiss."""

from itertools import count

from cobs import cobs

from drivers.link import device as link
from drivers.link import frame as framing
from drivers.link.codes import Result
from drivers.link.frame import Flaw, Frame
from drivers.link.messages import SCHEMA_HASH, Heartbeat, LogEntry, ReadLog, Reboot, Stop, Welcome
from simulator import station
from simulator.firmware import machine, telemetry
from simulator.firmware.commands import HANDLERS
from tests.conformance.mutation import around, breaks, replace


@breaks("codec.own-frames")
def every_ninth_check_is_wrong() -> None:
    numbers = count()

    @around(machine, "encode")
    def encode(before, frame):
        wire = before(frame)
        return wire if next(numbers) % 9 else wire[:-2] + bytes((wire[-2] ^ 1, 0))


@breaks("codec.bad-check")
def top_bits_of_the_check_are_ignored() -> None:
    @around(framing, "decode")
    def decode(before, chunk):
        return before(chunk[:-5] + bytes(0x80 | byte for byte in chunk[-5:]))


@breaks("codec.bad-check")
def a_crc_of_raw_bytes_will_do() -> None:
    @around(framing, "decode")
    def decode(before, chunk):
        found = before(chunk)
        if found is not Flaw.CHECK:
            return found
        frame = unchecked(chunk)
        if isinstance(frame, Flaw):
            return found
        raw = cobs.decode(chunk[:-5])
        crc = framing._check(raw)
        groups = bytes(0x80 | crc >> shift & 0x7F for shift in (0, 7, 14, 21, 28))
        return frame if groups == chunk[-5:] else found


@breaks("codec.flipped-stuffing")
def distances_are_repaired() -> None:
    @around(framing, "decode")
    def decode(before, chunk):
        found = before(chunk)
        for place in range(len(chunk) - 5) if found is Flaw.CHECK else ():
            for bit in range(8):
                byte = bytes((chunk[place] ^ 1 << bit,))
                again = before(chunk[:place] + byte + chunk[place + 1 :])
                if isinstance(again, Frame):
                    return again
        return found


@breaks("codec.truncated")
def half_a_check_will_do() -> None:
    @around(framing, "decode")
    def decode(before, chunk):
        found = before(chunk)
        if isinstance(found, Frame) or len(chunk) < 14:
            return found
        for came in range(1, 5):
            stuffed = chunk[:-came]
            crc = framing._check(stuffed)
            groups = bytes(0x80 | crc >> shift & 0x7F for shift in (0, 7, 14, 21, 28))
            if chunk[-came:] == groups[:came]:
                return before(stuffed + groups)
        return found


@breaks("codec.length")
def lengths_are_not_compared() -> None:
    @around(framing, "decode")
    def decode(before, chunk):
        found = before(chunk)
        if found is not Flaw.LENGTH:
            return found
        raw = cobs.decode(chunk[:-5])
        kind, length, sequence, session, device_ms = framing._HEADER.unpack_from(raw)
        return Frame(kind, sequence, session, device_ms, raw[12 : 12 + length])


@breaks("codec.joined")
def frames_are_looked_for_in_joins() -> None:
    @around(framing, "decode")
    def decode(before, chunk):
        tried = (before(chunk[at:]) for at in range(max(1, len(chunk) - 17)))
        return next((found for found in tried if isinstance(found, Frame)), before(chunk))


@breaks("codec.overlong")
def an_overrun_starts_anew() -> None:
    def cut(self, data):
        chunks, rest = [], bytearray(self._rest)
        for byte in data:
            if byte == 0:
                if rest:
                    chunks.append(bytes(rest))
                rest.clear()
            else:
                rest.append(byte)
                if len(rest) == framing.DEVICE_FRAME_BYTES:
                    rest.clear()
        self._rest = bytes(rest)
        return chunks

    framing.Deframer.cut = cut


@breaks("codec.zeros")
def a_zero_too_many_costs_a_frame() -> None:
    @around(framing.Deframer, "feed")
    def feed(before, self, data):
        found = before(self, data)
        return found[1:] if b"\0\0" in data or data.startswith(b"\0") else found


@breaks("codec.after-noise")
def noise_costs_a_frame() -> None:
    @around(framing.Deframer, "feed")
    def feed(before, self, data):
        found, kept, lose = before(self, data), [], False
        for one in found:
            if not lose or isinstance(one, Flaw):
                kept.append(one)
            lose = isinstance(one, Flaw)
        return kept


@breaks("codec.split")
def halves_are_forgotten() -> None:
    @around(framing.Deframer, "feed")
    def feed(before, self, data):
        self._rest = b""
        return before(self, data)


@breaks("codec.merged")
def one_frame_a_read() -> None:
    @around(framing.Deframer, "feed")
    def feed(before, self, data):
        return before(self, data)[:1]


@breaks("codec.hello")
def welcome_has_no_sequence() -> None:
    @around(link, "answer")
    def answer(before, state, to, message, now_ms):
        state, frame = before(state, to, message, now_ms)
        return state, replace(frame, sequence=0) if isinstance(message, Welcome) else frame


@breaks("codec.hello")
def telemetry_names_no_session() -> None:
    @around(telemetry, "sent")
    def sent(before, device, frame):
        return before(device, replace(frame, session=0))


@breaks("codec.welcome")
def the_serial_number_ends_in_spaces() -> None:
    @around(telemetry, "welcome")
    def welcome(before, device):
        said = before(device)
        return replace(said, serial=said.serial[:8].ljust(12))


def _hello_as(change) -> None:
    @around(link, "_hello")
    def hello(before, state, frame, message):
        return before(state, frame, change(message))


@breaks("codec.other-major")
def any_major_is_mine() -> None:
    _hello_as(
        lambda m: m if m.major == 1 else replace(m, major=1, minor=0, schema_hash=SCHEMA_HASH)
    )


@breaks("codec.other-schema")
def the_hash_is_not_looked_at() -> None:
    _hello_as(lambda m: replace(m, schema_hash=SCHEMA_HASH))


@breaks("codec.other-minor")
def another_minor_is_foreign() -> None:
    _hello_as(lambda m: m if m.minor == 0 else replace(m, major=9))


@breaks("codec.read-only-flag")
def watchers_may_command() -> None:
    _hello_as(lambda m: replace(m, flags=0))


@breaks("codec.unknown-flags")
def any_flag_means_read_only() -> None:
    _hello_as(lambda m: replace(m, flags=1 if m.flags else 0))


@breaks("codec.unknown-kind")
def unknown_kinds_are_not_answered() -> None:
    @around(link, "_command")
    def command(before, state, frame, message, now_ms):
        if message is None:
            return state, link.Ignored()
        return before(state, frame, message, now_ms)


def _cut(kinds):
    @around(link, "read")
    def read(before, frame):
        found = before(frame)
        for length in range(len(frame.payload), -1, -1) if kinds(frame.kind) else ():
            found = found or before(replace(frame, payload=frame.payload[:length]))
        return found


@breaks("codec.wrong-size")
def long_commands_are_cut_short() -> None:
    _cut(lambda kind: kind not in (Heartbeat.KIND, 0x12))


@breaks("codec.wrong-size-unanswered")
def long_heartbeats_are_cut_short() -> None:
    _cut(lambda kind: kind == Heartbeat.KIND)


@breaks("codec.loop-back")
def its_own_kinds_are_answered() -> None:
    link.FIRST_FROM_DEVICE = 0x100


@breaks("codec.stop-payload")
def stop_must_be_empty() -> None:
    @around(link, "hear")
    def hear(before, state, frame, now_ms):
        if frame.kind == Stop.KIND and frame.payload:
            return state, link.Ignored()
        return before(state, frame, now_ms)


@breaks("codec.readings")
def the_log_has_no_end() -> None:
    @around(HANDLERS, ReadLog)
    def read_log(before, device, message, now_ms):
        device, found, value = before(device, message, now_ms)
        if found is Result.BAD_VALUE:
            found, value = LogEntry(message.index, 1, 1, 0, 0, device.boot_id, 0), 0
        return device, found, value


@breaks("codec.telemetry-fields")
def what_is_not_measured_has_a_number() -> None:
    @around(telemetry, "_u16")
    def u16(before, value):
        return 480 if value is None else before(value)


@breaks("codec.answers-soon")
def everything_comes_late() -> None:
    @around(station.Station, "outgoing")
    def outgoing(before, self):
        self.line.knobs["link_delay"] = 120 * self.time_scale
        return before(self)


@breaks("codec.maintenance-only")
def anyone_may_restart_it() -> None:
    @around(HANDLERS, Reboot)
    def reboot(before, device, message, now_ms):
        return replace(device, reboot=True), Result.DONE, 0


def unchecked(chunk: bytes) -> Frame | Flaw:
    """The frame in `chunk` without a look at its check bytes."""
    try:
        raw = cobs.decode(chunk[:-5])
    except cobs.DecodeError:
        return Flaw.STUFFING
    if len(raw) < 12 or raw[1] != len(raw) - 12:
        return Flaw.LENGTH
    kind, _, sequence, session, device_ms = framing._HEADER.unpack_from(raw)
    return Frame(kind, sequence, session, device_ms, raw[12:])
