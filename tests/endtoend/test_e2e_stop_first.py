"""STOP goes before everything: the order of bytes on a terminal, against a full queue of commands,
a flood of telemetry and a flood of garbage."""

import os
import random
import termios
import threading
import time
from collections.abc import Callable

import msgspec
import pytest
from e2e_line import FarEnd, Tap
from e2e_screen import Screen
from e2e_simulator import Simulator
from e2e_wait import until

from console.model.request import ExtendFreeze, Stop
from console.model.snapshot import Phase
from drivers.link.frame import Deframer, Frame, encode
from drivers.link.messages import Extend, Heartbeat, Hello, Telemetry, pack
from drivers.link.messages import Stop as StopCommand
from drivers.serial_console import News, Opened, SerialConsole

MakeScreen = Callable[..., Screen]
STARTS_NOTHING = (StopCommand.KIND, Hello.KIND)


def test_on_the_wire_at_most_one_frame_goes_before_a_stop() -> None:
    far, news = FarEnd(), list[News]()
    console = SerialConsole(far.port, news.append, reopen=False)
    console.start()
    until(lambda: Opened() in news, "the port is open")
    near = os.open(far.port, os.O_RDWR | os.O_NOCTTY)
    termios.tcflow(near, termios.TCOOFF)  # as of a line that takes nothing for now
    commands = [Frame(Extend.KIND, n, 7, 0, pack(Extend(1_000))) for n in range(1, 41)]
    for frame in commands:
        console.send(frame)
        console.send(Frame(Heartbeat.KIND, 0, 7, 0, pack(Heartbeat(frame.sequence))))
    stop = Frame(StopCommand.KIND, 41, 7, 0, b"")
    console.send(stop)
    termios.tcflow(near, termios.TCOON)
    deframer, heard = Deframer(), list[Frame]()

    def taken() -> bool:
        heard.extend(f for f in deframer.feed(far.read(0.05)) if isinstance(f, Frame))
        return stop in heard and len(heard) >= 2

    until(taken, "the line takes frames again", 5)
    assert heard.index(stop) <= 1
    beats = [frame for frame in heard if frame.kind == Heartbeat.KIND]
    assert len(beats) <= 2  # the newest alone waits, and one may have been on its way
    console.close()
    os.close(near)
    far.close()


def test_a_stop_goes_before_a_full_queue_of_commands(
    simulator: Simulator, tap: Tap, screen: MakeScreen
) -> None:
    host = screen(tap.port)
    host.freeze()
    simulator.pause()  # nobody answers: what is asked for now waits
    for _ in range(200):
        host.client.ask(ExtendFreeze(0.1))
    asked_at = time.monotonic()
    host.client.ask(Stop())
    until(lambda: kinds(tap, asked_at).count(StopCommand.KIND) > 3, "STOP is sent and repeated", 5)
    sent = kinds(tap, asked_at)
    before = sent[: sent.index(StopCommand.KIND)]
    assert before.count(Extend.KIND) <= 1, "more than the one command on its way went before STOP"
    assert not [kind for kind in sent[len(before) :] if kind not in STARTS_NOTHING]
    simulator.go_on()
    simulator.shut()
    host.until(lambda s: s.procedure.phase is Phase.STOPPED, "Freeze stopped")
    # The commands that waited are gone: nothing of them is carried out afterwards.
    simulator.runs_on(500)
    assert Extend.KIND not in kinds(tap, asked_at)[len(sent) :]


def test_a_stop_goes_before_a_flood_of_telemetry(
    simulator: Simulator, tap: Tap, screen: MakeScreen
) -> None:
    host = screen(tap.port)
    host.freeze()
    # Frames that are evaluated, each: good ones of this session, with the newest one's content.
    template = tap.newest(Telemetry.KIND)
    flood = b"".join(
        encode(msgspec.structs.replace(template, sequence=(template.sequence + 7 * n) & 0xFFFF))
        for n in range(1, 8_000)
    )
    pouring = threading.Thread(target=lambda: tap.inject(flood))
    pouring.start()
    until(lambda: host.now.link.good_frames > 200, "the flood has come")
    asked_at = time.monotonic()
    host.client.ask(Stop())
    until(lambda: StopCommand.KIND in kinds(tap, asked_at), "STOP is on the wire", 5)
    assert time.monotonic() - asked_at < 0.5
    pouring.join()
    simulator.shut()
    shown = host.until(lambda s: s.procedure.phase is Phase.STOPPED, "Freeze stopped")
    assert shown.procedure.stopped_by_operator


@pytest.mark.parametrize("by_operator", [True, False])
def test_a_flood_of_garbage_ends_in_a_stop(
    by_operator: bool, simulator: Simulator, tap: Tap, screen: MakeScreen
) -> None:
    host = screen(tap.port)
    host.freeze()
    noise = random.Random(1).randbytes(400_000)
    asked_at = time.monotonic()
    pouring = threading.Thread(target=lambda: tap.inject(noise))
    pouring.start()
    if by_operator:
        host.client.ask(Stop())
    until(lambda: StopCommand.KIND in kinds(tap, asked_at), "STOP is on the wire", 5)
    assert time.monotonic() - asked_at < 0.5
    pouring.join()
    device = simulator.shut()
    assert "LEASE_LOST" not in device["faults"], "the lease had to do it"
    shown = host.until(lambda s: s.procedure.phase is Phase.STOPPED, "Freeze stopped")
    assert shown.link.bad_frames > 0
    assert host.ask(Stop()) is None
    assert len(simulator.log("gas", 1)) == 1


def kinds(tap: Tap, since: float) -> list[int]:
    """The kinds of the frames that the host has sent since then, in the order of their bytes."""
    return [f.kind for f in tap.frames(since) if isinstance(f, Frame)]
