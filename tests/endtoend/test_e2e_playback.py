"""`cryoprobe replay --window`: a recorded session through the screens, by real widgets."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e_command import cryoprobe, cryoprobe_here, plan_file
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console import config
from console.control.playback import Playback
from console.control.player import Deck
from console.control.procedure_door import loaded
from console.control.replay import history
from console.model.event import Event
from console.model.snapshot import LinkState, Phase, Sample
from console.records import Store, read_session
from console.records.entries import FrameIn
from console.records.session import Session
from console.ui.app import join
from console.ui.bridge import Bridge
from console.ui.kit import theme
from console.ui.replay_window import ReplayWindow
from drivers.link.frame import Frame, decode
from drivers.link.messages import Telemetry, read

FIRST, SECOND = 10.0, 5.0


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With one session of two freezes, run in lockstep."""
    folder = tmp_path_factory.mktemp("store")
    plan = plan_file(folder, [(FIRST, 5), (SECOND, 5)])
    port = "sim://n2o?speed=600&seed=3"
    assert cryoprobe("run", plan, "--port", port, "--records", folder).code == 0
    return folder


@pytest.fixture
def session(store: Path) -> Session:
    (folder,) = Store(store).folders()
    return read_session(folder)


@pytest.fixture
def playback(session: Session) -> Playback:
    return Playback(session.ran, config.limits())


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, session: Session) -> Iterator[ReplayWindow]:
    theme.dress(qapp)
    deck = Deck(1.0, lambda: Playback(session.ran, config.limits()))
    made = ReplayWindow(deck, session.id, session.started)
    qtbot.addWidget(made)
    made.show()
    yield made


def stamps(session: Session) -> list[int]:
    """Device ms of every telemetry frame in the record."""
    frames = (decode(entry.raw) for entry in session.of(FrameIn))
    return [
        frame.device_ms
        for frame in frames
        if isinstance(frame, Frame) and isinstance(read(frame), Telemetry)
    ]


def test_the_screen_at_the_end_shows_what_the_record_holds(
    session: Session, playback: Playback, window: ReplayWindow
) -> None:
    phases: list[Phase] = []
    samples: list[Sample] = []
    events: list[Event] = []
    while playback.position.ended is None:
        playback.advance(2.0)
        shot = playback.picture()
        assert shot is not None
        window.apply(shot)
        samples += shot.samples
        events += shot.events
        phases.append(shot.procedure.phase)
    assert session.progress is not None
    held = loaded(session.progress.state).procedure
    shown = window.snapshot
    assert shown is not None
    assert shown.procedure.phase is held.phase is Phase.OUT
    assert shown.procedure.records == held.records
    assert [one.planned_freeze_s for one in held.records] == [FIRST, SECOND]
    assert window.pages.currentWidget() is window.pages.session
    assert {Phase.FREEZING, Phase.THAWING, Phase.RELEASING} <= set(phases)
    assert events == [each.event for each in history(session.ran, config.limits())]
    assert [one.at_ms for one in samples] == sorted(set(stamps(session)))
    assert window.pages.session.plot.history.count == len(samples)
    assert shown.link.device == session.device
    assert not shown.stale
    assert playback.position.ended == session.outcome == "completed"
    assert playback.position.share == 1.0


def test_it_takes_as_long_as_the_session_did(session: Session, playback: Playback) -> None:
    def seen_ms() -> int | None:
        shot = playback.picture()
        assert shot is not None
        return None if shot.observation is None else shot.observation.at_ms

    while (first_ms := seen_ms()) is None:
        playback.advance(0.1)
    first_s = playback.position.elapsed_s
    playback.advance(60.0)
    at_ms = seen_ms()
    assert at_ms is not None
    assert at_ms - first_ms == pytest.approx(60_000, abs=300)
    playback.advance(3_600.0)
    lasted_s = playback.position.elapsed_s - first_s
    assert lasted_s == pytest.approx((stamps(session)[-1] - first_ms) / 1_000, abs=0.3)


def test_the_window_plays_a_session_to_its_end_and_opens_no_port(
    session: Session, qtbot: QtBot, window: ReplayWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*args: object) -> None:
        raise AssertionError("a port or a process is opened")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr("subprocess.Popen", refused)
    files = sorted(session.path.rglob("*"))
    deck = Deck(100.0, lambda: Playback(session.ran, config.limits()))
    window.bar._deck = window._deck = deck
    lost: list[str] = []
    bridge = Bridge(lambda _, heard, gone: deck.client(heard, gone), window.apply)
    bridge.control_lost.connect(lost.append)
    join(window, bridge)
    bridge.open(session.id)
    try:
        qtbot.waitUntil(lambda: "ENDS HERE" in window.bar.where.text(), timeout=60_000)
    finally:
        bridge.close()
    assert lost == []
    assert window.snapshot is not None
    assert window.snapshot.procedure.phase is Phase.OUT
    assert window.snapshot.link.state is LinkState.OPEN
    assert sorted(session.path.rglob("*")) == files, "nothing is recorded"


def test_a_speed_is_refused_where_it_means_nothing_or_is_none(
    store: Path, session: Session, capfd: pytest.CaptureFixture[str]
) -> None:
    replay = ("replay", session.id, "--records", store)
    for arguments, words in (
        (("--speed", "2"), "--speed belongs to --window"),
        (("--window", "--speed", "0.05"), "0.05 is not between 0.1 and 100"),
        (("--window", "--speed", "nan"), "nan is not between 0.1 and 100"),
        (("--window", "--check"), "--check prints"),
        (("--window", "--json"), "--json prints"),
    ):
        done = cryoprobe_here(capfd, *replay, *arguments)
        assert done.code == 2, arguments
        assert words in done.one_line()


def test_without_a_display_one_line_says_so(
    store: Path,
    session: Session,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    done = cryoprobe_here(capfd, "replay", session.id, "--records", store, "--window")
    assert done.code == 2
    assert "no display here" in done.one_line()


def test_what_cannot_be_decided_anew_opens_no_window(
    tmp_path: Path, session: Session, capfd: pytest.CaptureFixture[str]
) -> None:
    old = Path(__file__).parents[1] / "records" / "golden" / "schema-1.journal"
    done = cryoprobe_here(capfd, "replay", old, "--window")
    assert done.code == 2
    assert "not every input" in done.one_line()
    raw = tmp_path / "line.raw"
    raw.write_bytes(b"".join(entry.raw + b"\0" for entry in session.of(FrameIn)))
    for arguments in ((), ("--check",), ("--window",)):
        done = cryoprobe_here(capfd, "replay", raw, *arguments)
        assert done.code == 2
        assert f"cryoprobe monitor --file {raw}" in done.one_line()
    other = tmp_path / "notes.txt"
    other.write_text("nothing of the kind")
    done = cryoprobe_here(capfd, "replay", other)
    assert done.code == 2
    assert "not a journal" in done.one_line()
