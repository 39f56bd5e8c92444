"""Liquid comes from the cylinder."""

from typing import Final

from console.model.alarm import Priority
from console.model.instruction import Instruction
from console.safety.interlock import CLOSE, ENGINEER, FaultBit, Interlock, Latch, SafeState

INTERLOCK: Final = Interlock(
    id="siphon",
    hazard="liquid reaches the probe",
    cause="a cylinder with a dip tube, or one that lies on its side",
    hears=(FaultBit(),),
    threshold="console end of the hose under -20 °C for 2 s, or more flow than vapour gives and "
    "the hose getting cold",
    reaction_ms=5_000,
    state=SafeState.SS1,
    priority=Priority.HIGH,
    latch=Latch.ENGINEER,
    happened="Liquid from the cylinder (siphon, or lying): change it",
    to_do="Gas is shut. " + CLOSE + " " + ENGINEER,
    done="Gas is shut. An engineer must release the console.",
    asks=Instruction.CLOSE_CYLINDER,
    residual="Until the hose is cold the tip may get up to 10 °C too cold; over-cool watches.",
)
