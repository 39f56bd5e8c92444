"""What each fault looks like on the instruments, recorded on a whole device beside a healthy run:
for the pictures and tables of docs/simulator.md, and for the tests that judge the same runs."""

from simulator.signatures.recording import Trace, healthy, recorded
from simulator.signatures.row import Panel, Run, Signature
from simulator.signatures.rows import BY_KNOB, SIGNATURES

__all__ = [
    "BY_KNOB",
    "SIGNATURES",
    "Panel",
    "Run",
    "Signature",
    "Trace",
    "healthy",
    "recorded",
]
