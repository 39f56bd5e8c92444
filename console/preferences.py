"""How this computer shows the screen: a small file, so that a choice is still there tomorrow. It
holds nothing of a case."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, get_args

import msgspec
from platformdirs import user_config_path

from drivers.inputs import files

Theme = Literal["dark", "light"]
THEMES: Final[tuple[Theme, ...]] = get_args(Theme)


class Preferences(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was chosen last."""

    theme: Theme = "dark"


def usual_path() -> Path:
    """Where it is on this platform."""
    return user_config_path("cryoprobe-console", appauthor=False) / "screen.json"


def load(path: Path, tell: Callable[[str], None]) -> Preferences:
    """What was chosen last. A file that cannot be used never keeps the screen from opening: `tell`
    gets one line, and the screen looks as on a new computer."""
    try:
        return files.json(path, files.PREFERENCES_BYTES, Preferences)
    except files.MissingError:
        return Preferences()
    except files.FileError as error:
        tell(f"{error}; the screen begins as on a new computer")
    return Preferences()


def save(path: Path, chosen: Preferences, tell: Callable[[str], None]) -> None:
    """Writes what was chosen; `tell` gets one line where that cannot be done."""
    from console.records.durable import write_whole  # noqa: PLC0415 - the window opens without it

    try:
        write_whole({path: msgspec.json.encode(chosen)})
    except OSError as error:
        tell(f"{path}: {error.strerror or error}; the choice holds until the window is closed")
