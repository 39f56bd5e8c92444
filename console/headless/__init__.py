"""A whole procedure without a window: the same control loop, with an operator that follows the
plan. On a simulated console only; never a clinical record."""

from console.headless.result import as_text
from console.headless.runner import CannotRunError, run

__all__ = ["CannotRunError", "as_text", "run"]
