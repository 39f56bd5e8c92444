"""The commands for those who build or test a console: conform, monitor, corrupt.

Each imports its part only when it is called, as the rest of the command line does.
"""
# ruff: noqa: PLC0415

import contextlib
import json as _json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
import typer

from console.answers import cannot, port_named, reader_gone
from console.model.quantities import plain

if TYPE_CHECKING:
    from console.records import Following
    from drivers.monitor import Line

_LOOK_AGAIN_S: Final = 0.1
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
Port = Annotated[str, typer.Option(help="The console: a port's name or URL.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to `app`."""
    app.command()(conform)
    app.command()(monitor)
    app.command()(corrupt)


def conform(
    port: Port,
    tier: Annotated[
        str | None, typer.Option(help="Some of codec,transport,safety; all without.")
    ] = None,
    check: Annotated[
        list[str] | None, typer.Option(help="Make this check alone; may be repeated.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write the report into this file.")] = None,
    probe_in_water: Annotated[
        bool, typer.Option("--probe-in-water", help="Real console: its valve may open.")
    ] = False,
    json: Json = False,
) -> None:
    """Puts a console through the conformance suite of docs/protocol.md."""
    from drivers.conformance import CannotRunError, Outcome, Wire, chosen, run
    from drivers.conformance import report as told
    from drivers.transport import PortError

    def show(outcome: Outcome) -> None:
        if not json:
            print(told.line(outcome), flush=True)

    port = port_named(port)
    try:
        tiers = None if tier is None else [one.strip() for one in tier.split(",")]
        checks = chosen(tiers, check)
        if report is not None:
            report.touch()  # rather now than after the last check
        wire = Wire(port)
        try:
            welcome, outcomes = run(wire, checks, probe_in_water=probe_in_water, told=show)
        finally:
            wire.close()
    except (CannotRunError, PortError) as error:
        cannot(str(error))
    except OSError as error:
        cannot(f"{report}: {error.strerror or error}")
    body, sha256 = told.report(outcomes, welcome, port, datetime.now(UTC))
    if report is not None:
        try:
            report.write_bytes(body.encode())
        except OSError as error:
            cannot(f"{report}: {error.strerror or error}")
    passed, failed, skipped = told.counted(outcomes)
    if json:
        print(_json.dumps(told.as_json(outcomes, sha256), indent=2))
    else:
        print(f"\n{told.device(welcome)}\n{told.total(outcomes)}\nreport SHA-256 {sha256}")
    if skipped and not passed and not failed:
        cannot(f"nothing could be checked: {outcomes[0].detail}")
    raise typer.Exit(1 if failed else 0)


def monitor(
    port: Annotated[str | None, typer.Option(help="Watch this console.")] = None,
    file: Annotated[Path | None, typer.Option(help="Decode this raw recording.")] = None,
    raw: Annotated[Path | None, typer.Option(help="Keep every byte that comes here.")] = None,
    for_s: Annotated[float | None, typer.Option("--for", help="Seconds to watch.")] = None,
    records: Annotated[
        Path | None, typer.Option(help="Folder in which an application on this port records.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document a line.")] = False,
) -> None:
    """Shows the frames on a line as they pass, decoded and in hex; changes nothing there.

    A port that the application is using is watched in the record that it writes.
    """
    from drivers.conformance.verdicts import PortGoneError
    from drivers.inputs.files import FileError
    from drivers.monitor import as_text, watched_file, watched_port
    from drivers.transport import PortError

    if (port is None) == (file is None):
        cannot("name either --port or --file")
    port = None if port is None else port_named(port)
    if file is not None and (raw is not None or for_s is not None):
        cannot("--raw and --for belong to --port")
    if for_s is not None and not 0 < for_s < 1e9:
        cannot(f"--for: {plain(for_s)} is no number of seconds")
    try:
        with _kept(raw) as recorded:
            if file is not None:
                lines = watched_file(file)
            elif (live := _recorded_by(port or "", records)) is not None:
                if raw is not None:
                    cannot("--raw: the application has the port; its record keeps every frame")
                lines = _watched_record(live, for_s)
            else:
                lines = watched_port(port or "", for_s=for_s, recorded=recorded)
            for line in lines:
                print(msgspec.json.encode(line).decode() if json else as_text(line), flush=True)
    except (PortError, FileError) as error:
        cannot(str(error))
    except PortGoneError as error:
        print(f"cryoprobe: {error}", file=sys.stderr)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        return
    except BrokenPipeError:
        reader_gone()
    except OSError as error:
        cannot(f"{error.filename or file or raw}: {error.strerror or error}")


def _recorded_by(port: str, root: Path | None) -> "Following | None":
    """The journal that the application on this port is writing; None when there is none."""
    from console.records import Following, Header, Store

    live = Store(root).live()
    if live is None:
        return None
    following = Following(live)
    past = following.new()
    if past and isinstance(past[0], Header) and past[0].port == port:
        return following
    following.close()
    return None


def _watched_record(following: "Following", for_s: float | None) -> "Iterator[Line]":
    """The frames that an application records from now on, until it ends."""
    from console.records import FlawIn, FrameIn, FrameOut
    from drivers.link.frame import Flaw, decode
    from drivers.monitor import Line, described

    print(f"cryoprobe: the application has the port; from {following.path}", file=sys.stderr)
    end_s = None if for_s is None else time.monotonic() + for_s
    with contextlib.closing(following):
        over = False
        while not over and (end_s is None or time.monotonic() < end_s):
            over = following.over()
            for entry in following.new():
                if isinstance(entry, FrameIn | FrameOut):
                    yield described(entry.raw, decode(entry.raw))
                elif isinstance(entry, FlawIn):
                    yield Line(hex="", flaw=Flaw(entry.flaw).name)
            time.sleep(_LOOK_AGAIN_S)


@contextlib.contextmanager
def _kept(path: Path | None) -> Iterator[Callable[[bytes], None] | None]:
    """What writes each piece of bytes into `path`; None without one."""
    if path is None:
        yield None
        return
    with path.open("wb", buffering=0) as out:

        def keep(data: bytes) -> None:
            out.write(data)

        yield keep


def corrupt(
    frames: Annotated[int, typer.Option(help="How many frames to corrupt.")] = 1_000_000,
    seed: Annotated[int, typer.Option(help="Same seed, same frames.")] = 1,
    json: Json = False,
) -> None:
    """Counts corrupted frames that pass as good ones: there must be none."""
    from rich.console import Console
    from rich.progress import Progress

    from drivers.conformance.corrupting import counted

    if not 0 < frames <= 10**12:
        cannot(f"--frames: {frames} is no number of frames")
    terminal = Progress(console=Console(stderr=True), disable=not sys.stderr.isatty())
    with terminal as bar:
        task = bar.add_task("corrupting", total=frames)
        counts = counted(frames, seed, lambda done: bar.update(task, completed=done))
    if json:
        print(_json.dumps(counts, indent=2))
    else:
        kinds = ", ".join(f"{counts[k]:,} {k}" for k in ("flips", "bursts", "truncations", "joins"))
        print(f"{counts['frames']:,} corrupted frames: {kinds}")
        print(f"{counts['flaws']:,} flaws found, {counts['originals']:,} frames beside them whole")
        print(f"{counts['undetected']:,} passed as frames that nobody sent")
        print(f"{counts['frames_per_s']:,.0f} frames/s with {counts['workers']} workers")
    raise typer.Exit(1 if counts["undetected"] else 0)
