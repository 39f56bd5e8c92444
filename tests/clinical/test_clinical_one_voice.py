"""One voice: whatever phase, alarm and state of the link come together, nothing on the screen
contradicts anything else there. The whole window is read, as the operator reads it."""

import re
from typing import Final

import msgspec
import pytest
from bedside import Bedside
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from console.config import limits
from console.control import picture
from console.model.instruction import Claim, Instruction, Said, conflicts, in_words
from console.model.plan import Cycle, Plan, Side, Site
from console.model.snapshot import LinkState, Phase, Snapshot
from console.procedure import step
from console.procedure.state import Procedure, Stage, Starting
from console.safety import alarms as alarm_manager
from console.safety.alarms import Alarms
from console.safety.interlock import Finding, Found
from console.safety.registry import REGISTRY
from console.safety.release import Release
from console.ui.frame import judge
from console.ui.kit import theme
from console.ui.main_window import MainWindow
from console.ui.scripted.scenes import window as make_window

PLAN: Final = Plan(
    (
        Site("saphenous", Side.LEFT, (Cycle(60.0, 2.0), Cycle(60.0, 2.0))),
        Site("sural", Side.RIGHT, (Cycle(60.0),)),
    )
)
ALARMS: Final = (None, *(each.id for each in REGISTRY if each.priority is not None))
ASKING: Final = (None, "link_lost", "tip_unknown", "over_cool", "host_error", "probe_missing",
                 "supply_warn",
                 *(each.id for each in REGISTRY if each.asks is not None))  # fmt: skip
"""Those that ask for something, and one of each other kind; `make seeds` has all."""
EXAMPLES: Final = Found(
    values={
        "problem": "expired", "measured": "tip 30 °C, room 22 °C", "command": "start",
        "supply": 4_050.0, "silent": 1.0, "gap": 0.8, "colder": 16.0,
    }
)  # fmt: skip
"""Arguments of every text."""
MEANS: Final[tuple[tuple[str, Said], ...]] = (
    (r"close the cylinder", Instruction.CLOSE_CYLINDER),
    (r"do not move|leave it still", Instruction.DO_NOT_MOVE),
    (r"(?<!\d: check on ultrasound, )withdraw only if|free to move", Instruction.MAY_WITHDRAW),
    (r"confirmed off \(flow|gas confirmed off", Claim.CONFIRMED_OFF),
    (r"not confirmed off", Claim.NOT_CONFIRMED_OFF),
    (r"goes? off (by itself|within)", Claim.GOES_OFF),
    (r"^ready for freeze", Claim.READY),
    (r"^✓ all interlocks ready", Claim.ALL_READY),
    (r"^no alarms$", Claim.NO_ALARMS),
)
"""What words mean, wherever they stand."""
RAW: Final = re.compile(
    r"\b\w*(Error|Exception)\b|Errno|Traceback|/dev/|/tmp/|/home/|\bprocess \d|0x[0-9a-f]{4}"
)
"""Nothing of this is for the operator."""
FUTURE: Final = re.compile(r"thaw to release|→ free", re.I)
"""What the timeline says of what is still to come."""


def read(window: MainWindow) -> list[str]:
    """Every text that is to be seen."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        text = ""
        if isinstance(widget, QLabel | QAbstractButton):
            text = re.sub(r"<[^>]*>", " ", widget.text()).replace("&nbsp;", " ").strip()
        if text:
            found.append(" ".join(text.split()))
    return found


def meant(texts: list[str], snapshot: Snapshot, window: MainWindow) -> set[Said]:
    """What the texts say, and what the controls do."""
    found: set[Said] = set()
    for text in texts:
        for pattern, said in MEANS:
            if re.search(pattern, text, re.I) and not FUTURE.search(text):
                found.add(said)
    start = snapshot.controls.get("start_freeze")
    if start is not None and start.blocked is not None:
        found.add(Claim.START_LOCKED)
    if window.top.alarms.happened.isVisible():
        found.add(Claim.ALARM)
    if any(alarm.blocks_start for alarm in snapshot.alarms):
        found.add(Claim.ALARM_BLOCKS)
    return found


@pytest.fixture(scope="module")
def at_bedside(qapp: QApplication) -> Bedside:
    theme.dress(qapp)
    window = make_window()
    window.resize(1440, 900)
    window.show()
    made = Bedside(window)
    yield made  # type: ignore[misc]
    window._may_close = True
    window.close()
    window.deleteLater()


def put(bed: Bedside, phase: Phase) -> None:
    """The case stands in a phase, as it comes to stand there."""
    state = bed.bench.state
    state.link_state, state.link_words = LinkState.OPEN, ""
    state.link = msgspec.structs.replace(state.link, open=True)
    proc = Procedure(last_ms=state.procedure.last_ms)
    proc = msgspec.structs.replace(proc, plan=PLAN, how="demonstration", phase=phase)
    if phase is Phase.PREPARE:
        proc = msgspec.structs.replace(proc, plan=None)
    if phase is Phase.STARTING:
        starting = Starting(Stage.ARM, proc.last_ms or 0, Phase.READY)
        proc = msgspec.structs.replace(proc, starting=starting)
    if phase in (Phase.THAWING, Phase.STOPPED, Phase.RELEASING, Phase.FREE):
        proc = msgspec.structs.replace(proc, gas_off_ms=(proc.last_ms or 0) - 30_000)
    state.procedure = proc
    state.release = Release(0, free=True, reason="") if phase is Phase.FREE else Release()


def raised(name: str | None) -> Alarms:
    if name is None:
        return Alarms()
    found, _ = alarm_manager.step(
        Alarms(), (Finding(name, EXAMPLES),), limits(), wall="10:00:00", device_ms=None
    )
    return found


@pytest.mark.parametrize("alarms", [ASKING, pytest.param(ALARMS, marks=pytest.mark.seeds)])
@pytest.mark.parametrize("link", ["open", "stale", "lost", "control lost", "given up"])
@pytest.mark.parametrize("phase", Phase)
def test_nothing_contradicts(
    at_bedside: Bedside, phase: Phase, link: str, alarms: tuple[str | None, ...]
) -> None:
    bed, wrong = at_bedside, []
    state, window = bed.bench.state, bed.window
    put(bed, phase)
    heard_ms = bed.bench.now_ms + (0 if link in ("open", "control lost", "given up") else 4_000)
    if link == "lost":
        state.link_state, state.link_words = LinkState.LOST, "no frame from the console"
        state.link = msgspec.structs.replace(state.link, open=False)
    if not state.fresh(heard_ms):
        state.procedure, _ = step.unseen(state.procedure)  # as each evaluation does
    for name in alarms:
        state.alarming = raised(name)
        shot = picture.snapshot(state, heard_ms, None)
        window.own.clear()
        window.apply(shot)
        if link in ("control lost", "given up"):
            window.lose_control("ValueError: x /tmp/y")
        if link == "given up":
            window.give_up_control("process 12468: [Errno 2] /dev/ttyUSB0")
        texts = read(window)
        shown = window.snapshot
        assert shown is not None
        said = meant(texts, shown, window)
        bad = conflicts(said)
        if bad or any(RAW.search(text) for text in texts):
            wrong.append((name, [sorted(map(str, pair)) for pair in bad],
                          [text for text in texts if RAW.search(text)]))  # fmt: skip
        if not judge.watching(shown):
            assert Claim.NO_ALARMS not in said, "nobody looks"
    assert wrong == []


def test_the_instruction_is_in_the_phase_line_and_nowhere_else() -> None:
    """Alarms say what happened and what was done; each interlock has its line, and asks for nothing
    there."""
    done = {each.id: each.done for each in REGISTRY if each.priority is not None}
    assert all(done.values())
    asks = re.compile(r"cylinder valve|close the cylinder|move the probe|withdraw|ultrasound", re.I)
    assert [words for words in done.values() if asks.search(words)] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Instruction.MAY_WITHDRAW, Instruction.DO_NOT_MOVE),
        (Instruction.MAY_WITHDRAW, Claim.NOT_CONFIRMED_OFF),
        (Claim.GOES_OFF, Instruction.CLOSE_CYLINDER),
        (Claim.READY, Claim.START_LOCKED),
    ],
)
def test_the_table_of_conflicts(one: Said, other: Said) -> None:
    assert conflicts((one, other)) and conflicts((other, one, Claim.ALARM))
    assert not conflicts((one,))


def test_the_words_of_every_instruction_mean_it() -> None:
    for each in Instruction:
        text = in_words(each, 37.0)
        said = {found for pattern, found in MEANS if re.search(pattern, text, re.I)}
        assert conflicts({each, *said}) == set()
