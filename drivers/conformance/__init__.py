"""The suite that any device must pass: rows with a demand of docs/protocol.md each, in three tiers.

The codec tier moves nothing; the transport and safety tiers open the gas valve and switch the
stimulator on for moments.
"""

from drivers.conformance.check import Check, Tier
from drivers.conformance.suite import CHECKS, CannotRunError, Outcome, chosen, run
from drivers.conformance.wire import Wire

__all__ = ["CHECKS", "CannotRunError", "Check", "Outcome", "Tier", "Wire", "chosen", "run"]
