"""A session from a script, for screenshots and tests: snapshots as the control process sends them,
made without a device. Nothing in the application uses it."""

from console.ui.scripted.course import DEMONSTRATION, DEVICE, READY
from console.ui.scripted.script import Script

__all__ = ["DEMONSTRATION", "DEVICE", "READY", "Script"]
