"""The command for what was decided once: replay, in words, as a check, or through the screens.

Each part is imported only when it is needed, as the rest of the command line does.
"""
# ruff: noqa: PLC0415

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from console import config, preferences
from console.answers import cannot, print_json, say
from console.model.playback import FASTEST, SLOWEST
from console.model.quantities import plain
from drivers.inputs.text import shown

if TYPE_CHECKING:
    from console.control.playback import Playback
    from console.records.session import Session


def register(app: typer.Typer) -> None:
    """Adds the command to `app`."""
    app.command()(replay)


def replay(
    session: Annotated[str, typer.Argument(help="Id, its beginning, or a path.")],
    check: Annotated[bool, typer.Option("--check", help="Compare every decision.")] = False,
    as_recorded: Annotated[
        bool, typer.Option("--as-recorded", help="With the thresholds of the record.")
    ] = False,
    window: Annotated[
        bool, typer.Option("--window", help="Through the screens, as it was seen.")
    ] = False,
    speed: Annotated[
        float | None,
        typer.Option(
            help=f"Of --window: times its pace, {plain(SLOWEST)} to {plain(FASTEST)}; default 1."
        ),
    ] = None,
    records: Annotated[Path | None, typer.Option(help="Folder of the records.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Decides a recorded session anew, with today's program: the same, or the first difference."""
    from console.control import replay as replaying

    if window and (check or json):
        cannot(f"{'--check' if check else '--json'} prints, and --window shows: choose one")
    if speed is not None and not window:
        cannot("--speed belongs to --window: in words a replay is as fast as it can be")
    if speed is not None and not SLOWEST <= speed <= FASTEST:
        cannot(f"--speed: {plain(speed)} is not between {plain(SLOWEST)} and {plain(FASTEST)}")
    found = _session(session, records)
    limits = config.limits_in_force().limits
    try:
        if window:
            raise typer.Exit(_in_window(found, speed or 1.0, as_recorded))
        if check:
            compared = replaying.check(found.ran, limits, as_recorded=as_recorded)
        else:
            events = list(replaying.history(found.ran, limits, as_recorded=as_recorded))
    except replaying.ReplayError as error:
        cannot(str(error))
    if check:
        if json:
            print_json(compared)
        else:
            print(replaying.as_text(compared))
        raise typer.Exit(0 if compared.same else 1)
    if json:
        print_json([{"wall": each.wall, "event": each.event} for each in events])
    for each in [] if json else events:
        print(shown(f"{each.wall[11:19]}  {each.event.kind}: {each.event.text}"))


def _session(what: str, records: Path | None) -> "Session":
    from console.records.session import read_session
    from console.records.store import NotFoundError, Store

    try:
        path = Store(records).find(what)
        found = read_session(path)
    except NotFoundError as error:
        cannot(str(error))
    except OSError as error:
        cannot(f"{what}: {error.strerror or error}")
    if path.is_file() and found.journals[0].header is None and _is_raw(path):
        cannot(
            f"{path} is a recording of the line, without the decisions that a replay makes anew: "
            f"read it with cryoprobe monitor --file {path}"
        )
    return found


def _is_raw(path: Path) -> bool:
    """Whether there is a good frame in it, as `monitor --raw` keeps them."""
    from drivers.monitor import watched_file

    return any(line.kind for line in watched_file(path))


def _in_window(session: "Session", speed: float, as_recorded: bool) -> int:
    """Shows it in a window until that is closed; the exit code. Raises ReplayError."""
    from console.control.playback import Playback
    from console.display import missing_display

    limits = config.limits_in_force().limits

    def load() -> "Playback":
        return Playback(session.ran, limits, as_recorded=as_recorded)

    first = load()  # what cannot be played is said before a window is there
    if first.picture() is None:
        cannot(f"{session.path} holds nothing to play")
    reason = missing_display()
    if reason is not None:
        cannot(f"{reason}: --window needs one; without it the replay is told in words")
    from console.control.player import Deck
    from console.ui.app import run_app
    from console.ui.kit.palette import Look
    from console.ui.replay_window import ReplayWindow

    deck = Deck(speed, load)
    look = Look(preferences.load(preferences.usual_path(), say).theme)
    plans = config.presets()
    return run_app(
        lambda: ReplayWindow(deck, session.id, session.started, presets=plans, look=look),
        lambda _, on_message, on_gone: deck.client(on_message, on_gone),
        session.id,
        look,
    )
