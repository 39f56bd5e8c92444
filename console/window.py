"""Opens the application: gives the screen what it needs of the rest."""

from pathlib import Path

from console import config
from console.ui.app import run_app
from console.ui.connect import PortTile
from console.ui.prepare import Preset
from drivers.transport import list_ports


def open_window(port: str | None, records: Path | None) -> int:
    """Runs the application until its window is closed; the exit code."""
    return run_app(
        port=port,
        presets=[Preset(each.plan, each.name, each.detail) for each in config.presets()],
        demonstration=config.demonstration(),
        list_ports=ports,
        records=records,
    )


def ports() -> list[PortTile]:
    """The consoles that may be there: every serial port of this computer."""
    return [
        PortTile(port.url, f"Console on {port.url}", port.usb_serial or port.description)
        for port in list_ports()
    ]
