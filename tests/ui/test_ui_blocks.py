"""The cycle timeline says what each freeze and thaw was."""

from itertools import pairwise

import pytest
from pytestqt.qtbot import QtBot
from ui_kit import freezing

from console.model.cycle import CycleState
from console.model.plan import Cycle, Side, Site
from console.model.snapshot import Phase
from console.ui.kit.blocks import Block, BlockState, plan_blocks, session_blocks
from console.ui.kit.cycle_timeline import CycleTimeline
from console.ui.main_window import MainWindow
from console.ui.scripted import Script

SITE = Site("sural", Side.LEFT, (Cycle(60.0, 30.0),) * 4)


def _words(blocks: list[Block]) -> list[str]:
    return [block.labels[0] for block in blocks]


def test_a_plan_that_has_not_begun() -> None:
    blocks = plan_blocks(SITE.cycles)
    assert _words(blocks)[:3] == ["Freeze 1 · 1:00", "0:30", "Freeze 2 · 1:00"]
    assert _words(blocks)[-1] == "thaw to release"
    assert {block.state for block in blocks} == {BlockState.NEXT}


def test_done_partial_running_and_next(window: MainWindow) -> None:
    script = freezing(window)
    script.pass_until(Phase.THAWING, 200.0)
    script.pass_until(Phase.FREEZING, 200.0)
    snapshot = script.advance(78.0)
    blocks = session_blocks(snapshot.procedure)
    assert _words(blocks) == [
        "✓ 2:00",
        "✓ partial",
        "Freeze 2 · 2:00",
        "0:45",
        "Freeze 3 · 2:00",
        "thaw to release",
    ]
    assert blocks[2].state is BlockState.RUNNING
    assert blocks[2].progress == pytest.approx(78 / 120, abs=0.01)
    timeline = CycleTimeline()
    timeline.resize(500, 44)
    timeline.apply(blocks)
    shown = [words for _, _, words in timeline.placed()]
    assert shown[:3] == _words(blocks)[:3], "what is still to come is shortened first"


@pytest.mark.parametrize(
    ("state", "words"),
    [(CycleState.ENDED_EARLY, "✓ 0:40 ended early"), (CycleState.COUNTED, "✓ 0:40 counted")],
)
def test_what_became_of_a_freeze(window: MainWindow, state: CycleState, words: str) -> None:
    script = freezing(window)
    script.end(state)
    assert _words(session_blocks(script.snapshot().procedure))[0] == words


def test_a_stopped_freeze_and_freezes_that_were_not_run(window: MainWindow) -> None:
    script = freezing(window)
    script.stop()
    blocks = session_blocks(script.snapshot().procedure)
    assert blocks[0].labels[0] == "stopped at 0:40" and blocks[0].state is BlockState.STOPPED
    script.finish()
    blocks = session_blocks(script.snapshot().procedure)
    assert [block.state for block in blocks[1:-1]] == [BlockState.SKIPPED] * 4
    assert blocks[-1].state is BlockState.RUNNING


@pytest.mark.parametrize("width", [440, 560, 700, 1_100])
def test_labels_fit_their_blocks_and_blocks_the_row(qtbot: QtBot, width: int) -> None:
    timeline = CycleTimeline()
    qtbot.addWidget(timeline)
    timeline.resize(width, 44)
    timeline.apply(plan_blocks(SITE.cycles))
    from PySide6.QtGui import QFontMetricsF

    metrics = QFontMetricsF(timeline._font())
    placed = timeline.placed()
    for rect, _, label in placed:
        assert label and metrics.horizontalAdvance(label) <= rect.width()
    assert placed[-1][0].right() <= width + 0.5
    for (left, *_), (right, *_) in pairwise(placed):
        assert left.right() < right.left()


def test_no_session_has_no_blocks() -> None:
    assert session_blocks(Script().snapshot().procedure) == []
