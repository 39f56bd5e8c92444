"""A site's freezes and thaws as blocks of a timeline. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from console.model.cycle import CycleRecord, CycleState
from console.model.plan import Cycle
from console.model.quantities import minutes
from console.model.snapshot import Phase, ProcedureView

FREE_CELSIUS = 10.0
"""A thaw that passed this was a full one."""


class BlockKind(StrEnum):
    """How a block is coloured."""

    FREEZE = "freeze"
    THAW = "thaw"


class BlockState(StrEnum):
    """How far a block is."""

    NEXT = "next"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Block:
    """`labels` from the longest to the shortest: the first that fits is drawn."""

    kind: BlockKind
    state: BlockState
    labels: tuple[str, ...]
    seconds: float
    progress: float = 0.0


def _tr(text: str) -> str:
    return QCoreApplication.translate("blocks", text)


def plan_blocks(cycles: Sequence[Cycle]) -> list[Block]:
    """The freezes of a site that has not begun: freeze, thaw, freeze, ..., release."""
    view = ProcedureView(phase=Phase.PREPARE, headline="")
    return _blocks(cycles, {}, view)


def session_blocks(view: ProcedureView) -> list[Block]:
    """The site that is being treated, as far as it is."""
    if view.plan is None:
        return []
    index = min(view.site, len(view.plan.sites) - 1)
    records = {record.number: record for record in view.records if record.site == index}
    return _blocks(view.plan.sites[index].cycles, records, view)


def _blocks(
    cycles: Sequence[Cycle], records: dict[int, CycleRecord], view: ProcedureView
) -> list[Block]:
    ended = view.phase in (Phase.RELEASING, Phase.FREE, Phase.OUT)
    blocks = []
    for number, cycle in enumerate(cycles, 1):
        record = records.get(number)
        blocks.append(_freeze(number, cycle, record, ended, view))
        if number < len(cycles):
            skipped = ended and number + 1 not in records
            blocks.append(_thaw(cycle, record, records.get(number + 1), skipped, view))
    blocks.append(_release(view))
    return blocks


def _freeze(
    number: int, cycle: Cycle, record: CycleRecord | None, ended: bool, view: ProcedureView
) -> Block:
    length = minutes(cycle.freeze_s)
    labels: tuple[str, ...]
    whole = _tr("Freeze {number} · {time}").format(number=number, time=length)
    if record is None:
        state = BlockState.SKIPPED if ended else BlockState.NEXT
        labels = (whole, f"{number} · {length}", length)
        if ended:
            labels = (_tr("not run"), "–")
        return Block(BlockKind.FREEZE, state, labels, cycle.freeze_s)
    planned = record.planned_freeze_s + record.extended_s
    if record.ended_ms is None:
        whole = _tr("Freeze {number} · {time}").format(number=number, time=minutes(planned))
        progress = min(1.0, (view.elapsed_s or 0.0) / planned) if planned else 0.0
        labels = (whole, f"{number} · {minutes(planned)}", minutes(planned))
        return Block(BlockKind.FREEZE, BlockState.RUNNING, labels, cycle.freeze_s, progress)
    ran = minutes((record.ended_ms - record.started_ms) / 1_000)
    if record.state is CycleState.STOPPED:
        labels = (_tr("stopped at {time}").format(time=ran), f"✕ {ran}")
        return Block(BlockKind.FREEZE, BlockState.STOPPED, labels, cycle.freeze_s)
    word = {
        CycleState.ENDED_EARLY: _tr("✓ {time} ended early"),
        CycleState.COUNTED: _tr("✓ {time} counted"),
    }.get(record.state, "✓ {time}")
    labels = (word.format(time=ran), f"✓ {ran}", "✓")
    return Block(BlockKind.FREEZE, BlockState.DONE, labels, cycle.freeze_s)


def _thaw(
    cycle: Cycle,
    record: CycleRecord | None,
    following: CycleRecord | None,
    skipped: bool,
    view: ProcedureView,
) -> Block:
    labels: tuple[str, ...]
    length = minutes(cycle.thaw_s)
    if following is not None:
        highest = record.highest_thaw_celsius if record is not None else None
        full = highest is not None and highest > FREE_CELSIUS
        labels = (_tr("✓ full"), "✓") if full else (_tr("✓ partial"), "✓")
        return Block(BlockKind.THAW, BlockState.DONE, labels, cycle.thaw_s)
    if skipped:
        return Block(BlockKind.THAW, BlockState.SKIPPED, ("–",), cycle.thaw_s)
    if record is not None and record.ended_ms is not None and view.phase is Phase.THAWING:
        left = view.remaining_s
        progress = 1.0 - left / cycle.thaw_s if left is not None and cycle.thaw_s else 1.0
        labels = (_tr("Thaw {time}").format(time=length), length)
        state = BlockState.RUNNING
        return Block(BlockKind.THAW, state, labels, cycle.thaw_s, min(1.0, max(0.0, progress)))
    return Block(BlockKind.THAW, BlockState.NEXT, (length,), cycle.thaw_s)


def _release(view: ProcedureView) -> Block:
    long, short = _tr("thaw to release"), _tr("release")
    state = BlockState.NEXT
    labels: tuple[str, ...] = (long, short, "→")
    if view.phase is Phase.RELEASING:
        state, labels = BlockState.RUNNING, (_tr("thawing to release"), _tr("thawing"), short)
    elif view.phase in (Phase.FREE, Phase.OUT):
        state = BlockState.DONE
        labels = (_tr("✓ free to move"), _tr("✓ free"))
        if view.phase is Phase.OUT:
            labels = (_tr("✓ probe is out"), _tr("✓ out"), "✓")
    return Block(BlockKind.THAW, state, labels, 90.0)
