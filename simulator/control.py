"""The control channel: knobs, truth and the device's own view, for benches and trainers.

`multiprocessing.connection` with a random key, JSON in both directions, never pickle. A file of
mode 0600 holds address and key. Requests are done by the device's loop between two steps.
"""

import json
import secrets
import sys
import tempfile
from collections.abc import Callable, Mapping
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection, Listener
from pathlib import Path
from threading import Thread
from typing import Any, Final

import msgspec

from simulator.control_client import ANSWER_WITHIN_S
from simulator.control_link import ControlLink
from simulator.knobs import KNOBS, checked
from simulator.serve import Job, Mailbox
from simulator.station import DueFault, Station

LONGEST_REQUEST: Final = 65_536
FURTHEST_MOVE_MM: Final = 50.0


class ControlChannel:
    """Listens on a socket of this user's alone. One thread a client; all may talk at once."""

    def __init__(self, link: Path, station: Station, mailbox: Mailbox) -> None:
        self._link = ControlLink(link)
        self._station = station
        self._mailbox = mailbox
        self._key = secrets.token_bytes(32)
        self._listener: Listener | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._closing = False

    def open(self) -> None:
        """Makes the socket and the link file. Raises OSError: FileExistsError when something else
        stands where the link file is to be."""
        if sys.platform == "win32":
            self._listener = Listener(authkey=self._key)
        else:
            self._folder = tempfile.TemporaryDirectory(prefix="cryoprobe-")
            self._listener = Listener(f"{self._folder.name}/control", "AF_UNIX", authkey=self._key)
        self._link.make(self._listener.address, self._key.hex())
        Thread(target=self._accept, args=(self._listener,), name="control", daemon=True).start()

    def close(self) -> None:
        """Takes link and socket away."""
        self._closing = True
        self._link.remove()
        if self._listener is not None:
            self._listener.close()
        if self._folder is not None:
            self._folder.cleanup()

    def _accept(self, listener: Listener) -> None:
        while not self._closing:
            try:
                client = listener.accept()
            except (AuthenticationError, EOFError, ConnectionError) as error:
                print(f"control channel: turned away: {error}", file=sys.stderr, flush=True)
                continue
            except OSError as error:
                if not self._closing:
                    print(f"control channel: closed: {error}", file=sys.stderr, flush=True)
                return
            Thread(target=self._talk, args=(client,), name="client", daemon=True).start()

    def _talk(self, client: "Connection[Any, Any]") -> None:
        with client:
            while True:
                try:
                    request = client.recv_bytes(LONGEST_REQUEST)
                    client.send_bytes(json.dumps(self._answer(request)).encode())
                except (EOFError, OSError):
                    return  # the client has gone

    def _answer(self, request: bytes) -> Mapping[str, object]:
        try:
            asked = json.loads(request)
            if not isinstance(asked, dict):
                raise ValueError("a request is an object")
            job = Job(lambda: done(self._station, asked))
            self._mailbox.post(job)
            return {"ok": job.wait(ANSWER_WITHIN_S)}
        except RecursionError:
            return {"error": "a request is not nested so deep"}
        except (ValueError, TimeoutError) as error:
            return {"error": str(error)}


def done(station: Station, asked: Mapping[str, Any]) -> object:
    """Does one request. Raises ValueError with a line for a person.

    `{"get": "truth" | "patient" | "knobs" | "device" | "known"}`; `{"set": {knob: size | null}}`
    (null: the knob's usual size), with `"ramp_s"` beside it; `{"clear": knob}`; `{"medium": name}`;
    `{"move": mm}` puts the probe elsewhere, nearer to the nerve by that; `{"place": number}` takes
    it out and puts it to that nerve of the patient. "patient" is what the patient says and does
    now: felt, twitch, pain, and the device's ms at which that is so.
    """
    if "get" in asked:
        known: Mapping[str, Callable[[], object]] = {
            "truth": station.bench.truth,
            "patient": lambda: {
                **msgspec.to_builtins(station.bench.voice()),
                "at_ms": station.firmware.now_ms,
            },
            "knobs": station.knobs,
            "device": station.summary,
            "known": lambda: {
                name: msgspec.to_builtins(knob) | {"ramps": knob.ramps}
                for name, knob in KNOBS.items()
            },
        }
        if not isinstance(asked["get"], str) or asked["get"] not in known:
            raise ValueError(f"get: {asked['get']!r} is none of {', '.join(known)}")
        return known[asked["get"]]()
    if "set" in asked:
        return _set(station, asked["set"], asked.get("ramp_s", 0.0))
    if "clear" in asked:
        station.clear(str(asked["clear"]))
        return station.knobs()
    if "medium" in asked:
        station.bench.set_medium(str(asked["medium"]))
        return {"medium": str(asked["medium"])}
    if "move" in asked:
        return _move(station, asked["move"])
    if "place" in asked:
        return _place(station, asked["place"])
    raise ValueError("a request has one of get, set, clear, medium, move, place")


def _move(station: Station, nearer_mm: object) -> object:
    if isinstance(nearer_mm, bool) or not isinstance(nearer_mm, int | float):
        raise ValueError(f"move: {nearer_mm!r} is not a number")
    if not abs(nearer_mm) <= FURTHEST_MOVE_MM:
        raise ValueError(f"move: {nearer_mm:g} is more than {FURTHEST_MOVE_MM:g} mm either way")
    station.bench.move_probe(float(nearer_mm))
    return {"move": float(nearer_mm)}


def _place(station: Station, nerve: object) -> object:
    if isinstance(nerve, bool) or not isinstance(nerve, int):
        raise ValueError(f"place: {nerve!r} is no number of a nerve")
    station.bench.place_probe(nerve)
    return {"place": nerve}


def _set(station: Station, sizes: object, ramp_s: object) -> object:
    if not isinstance(sizes, dict):
        raise ValueError("set: an object of knob and size")
    if isinstance(ramp_s, bool) or not isinstance(ramp_s, int | float):
        raise ValueError("ramp_s: seconds from 0")
    for name, size in sizes.items():
        if size is not None and (isinstance(size, bool) or not isinstance(size, int | float)):
            raise ValueError(f"{name}: {size!r} is not a number")
        checked(name, size, float(ramp_s))  # all of them before any is turned
    for name, size in sizes.items():
        station.turn(DueFault(name, size, 0, float(ramp_s)))
    return station.knobs()
