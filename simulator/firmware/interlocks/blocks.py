"""Fault bits by what they block and how they clear, read off the table."""

from collections.abc import Callable
from typing import Final

from simulator.firmware.interlocks.row import Blocks, Latch, Reaction, Row
from simulator.firmware.interlocks.table import ROWS


def _bits(chosen: Callable[[Row], bool]) -> int:
    bits = 0
    for row in ROWS:
        if chosen(row):
            bits |= row.fault.value  # plain: flags are slow, and these are asked every step
    return bits


BLOCKS_GAS: Final = _bits(lambda row: bool(row.blocks & Blocks.GAS))
BLOCKS_STIMULATOR: Final = _bits(lambda row: bool(row.blocks & Blocks.STIMULATOR))
ENGINEER: Final = _bits(lambda row: row.latch is Latch.ENGINEER)
WHILE_RUNNING: Final = _bits(lambda row: row.latch is Latch.WHILE_RUNNING)
ISOLATES: Final = _bits(lambda row: row.reaction is Reaction.SAFE_ISOLATED)
