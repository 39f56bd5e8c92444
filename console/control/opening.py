"""What a run of the control loop needs before it can begin: its configuration and its record."""

import hashlib
import secrets
import sys
import time
from collections.abc import Callable
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

import msgspec

from console import config as files
from console.control.core import encoded_rules
from console.control.loop import monotonic_ms
from console.control.procedure_door import saved
from console.control.state import Config, SavedCase
from console.records.entries import Header
from console.records.names import journal_name
from console.records.recorder import Recorder
from console.records.store import Place
from console.records.waiting import WaitingRecord


def program() -> str:
    """Name and version, for a journal's header."""
    try:
        return f"cryoprobe-console {version('cryoprobe-console')}"
    except PackageNotFoundError:
        return "cryoprobe-console, not installed"


def wall_clock() -> datetime:
    """What the computer's clock says now, in its zone, which may have changed too."""
    if sys.platform != "win32":
        time.tzset()
    return datetime.now().astimezone()


def configured(
    port: str, *, screen: bool, limits: files.InForce, seed: int | None = None
) -> Config:
    """The configuration of a run that starts now."""
    now_ms = monotonic_ms()
    return Config(
        port=port,
        limits=limits.limits,
        limits_sha256=limits.sha256,
        seed=secrets.randbits(32) if seed is None else seed,
        started=wall_clock().isoformat(timespec="milliseconds"),
        started_ms=now_ms,
        screen=screen,
    )


def begun_anew(config: Config) -> Config:
    """The configuration of the next session in the same run: it starts now."""
    started = wall_clock().isoformat(timespec="milliseconds")
    return msgspec.structs.replace(config, started=started, started_ms=monotonic_ms())


def opened_record(
    place: Place,
    config: Config,
    reason: str,
    *,
    on_durable: Callable[[int], None],
    on_failed: Callable[[str], None],
    inline: bool = False,
    resumed: SavedCase | None = None,
) -> WaitingRecord:
    """The record of a run, which takes up the case `resumed`: it begins on disk with its console.
    Trouble with the disk comes by `on_failed`."""
    header = Header(
        session=place.session,
        number=place.number,
        reason=reason,
        started=config.started,
        now_ms=config.started_ms,
        program=program(),
        rules_hash=hashlib.sha256(encoded_rules()).hexdigest(),
        thresholds=config.limits.by_key,
        port=config.port,
        previous=place.previous,
        previous_head=place.previous_head,
        seed=config.seed,
        screen=config.screen,
        resumed=None if resumed is None else saved(resumed),
        limits_sha256=config.limits_sha256,
    )
    return WaitingRecord(
        place.directory / journal_name(place.number),
        lambda: Recorder(place.directory, header, on_durable, on_failed, inline=inline),
    )
