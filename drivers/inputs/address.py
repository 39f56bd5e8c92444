"""Addresses of ports, as people type them: COM3, /dev/ttyUSB0, socket://HOST:PORT,
rfc2217://HOST:PORT, and sim:// for the bundled simulator.

pyserial knows other schemes, some of which write files or are for its own tests; they are no ports.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit

import msgspec

from drivers.inputs.text import Line, TextError, shown

LONGEST: Final = 1_000
"""Letters of an address."""
GASES: Final = ("n2o", "co2")
_KNOWN: Final = (
    "a port's name (COM3, /dev/ttyUSB0), sim://n2o, socket://HOST:PORT, rfc2217://HOST:PORT"
)
_SIM: Final = "write sim://n2o or sim://co2, options after a question mark"
_NETWORK: Final[Mapping[str, tuple[str, ...]]] = {
    "socket": (),
    "rfc2217": ("ign_set_control", "poll_modem", "timeout"),
}
"""Schemes with a host and a port, and the options that each takes."""
_SIM_NUMBERS: Final = {"speed": float, "seed": int, "cell_mm": float}
_SIM_CHOICES: Final = {"pace": ("wall", "lockstep"), "medium": ("tissue", "water", "air")}
_SIM_WORDS: Final = ("scenario", "control", "tissue", "probe", "fault")
SIM_OPTIONS: Final = (*_SIM_NUMBERS, *_SIM_CHOICES, *_SIM_WORDS)
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_WINDOWS_PORT: Final = re.compile(r"com[1-9][0-9]{0,2}", re.IGNORECASE)
_HOST: Final = re.compile(r"[\w.:%-]+")


class AddressError(ValueError):
    """An address cannot be one of a port; one line that begins with it and says what to write."""


class Simulator(msgspec.Struct, frozen=True):
    """A sim:// address. `options` in their order; only "fault" may stand there twice."""

    gas: str
    options: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str | None:
        """The value of an option; None where it is not given."""
        return dict(self.options).get(name)

    def having(self, name: str, value: str) -> "Simulator":
        """The same with one more option."""
        return msgspec.structs.replace(self, options=(*self.options, (name, value)))

    @property
    def url(self) -> str:
        """As it is typed."""
        query = urlencode(self.options, safe="/:@=~", quote_via=quote)
        return f"sim://{self.gas}" + (f"?{query}" if query else "")


def named(typed: str) -> str:
    """The address as it is recorded: blanks around it off, its scheme in small letters, COM3 for
    com3. Raises AddressError for what can be no port."""
    text = typed.strip()
    try:
        Line(LONGEST).accepted(text)
    except TextError as error:
        raise AddressError(f"{shown(typed, 100)}: it {error}: this is no port") from None
    if not text:
        raise AddressError("No port is named")
    if _WINDOWS_PORT.fullmatch(text):
        return text.upper()
    found = _SCHEME.match(text)
    scheme = found[1].lower() if found else ""
    if "://" not in text and scheme not in ("sim", *_NETWORK):
        return text
    rest = text[len(scheme) :]
    if not rest.startswith("://"):
        words = _SIM if scheme == "sim" else f"write {scheme}://HOST:PORT"
        raise AddressError(f"{text}: {words}")
    text = scheme + rest
    if scheme == "sim":
        _simulator(text)
    elif scheme in _NETWORK:
        _check_network(scheme, text)
    else:
        raise AddressError(f"{text}: {scheme or 'this'}:// is not a kind of port. Known: {_KNOWN}")
    return text


def simulator(url: str) -> Simulator | None:
    """What a sim:// address says, None for any other port. Raises AddressError."""
    return _simulator(url) if is_simulator(url) else None


def is_simulator(url: str) -> bool:
    """Whether who opens `url` starts a simulator of its own."""
    return url[:4].lower() == "sim:"


def _split(url: str, words: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:  # brackets that do not close
        raise AddressError(f"{url}: {words}") from None


def _simulator(url: str) -> Simulator:
    parts = _split(url, _SIM)
    gas = (parts.netloc or "n2o").lower()
    if gas not in GASES or parts.path not in ("", "/") or parts.fragment:
        raise AddressError(f"{url}: {_SIM}")
    options: list[tuple[str, str]] = []
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        why = _unusable(name, value)
        if name != "fault" and name in dict(options):
            why = f"{name} is given twice"
        if why is not None:
            raise AddressError(f"{url}: {why}")
        options.append((name, value))
    return Simulator(gas, tuple(options))


def _unusable(name: str, value: str) -> str | None:
    if name not in SIM_OPTIONS:
        return f"{shown(name, 40)!r} is no option; known: {', '.join(sorted(SIM_OPTIONS))}"
    if not value:
        return f"{name} has no value"
    try:
        Line(LONGEST).accepted(value)
    except TextError as error:
        return f"{name} {error}"
    allowed = _SIM_CHOICES.get(name)
    if allowed is not None and value not in allowed:
        return f"{name} is one of {', '.join(allowed)}, not {value!r}"
    return _no_number(name, value, _SIM_NUMBERS[name]) if name in _SIM_NUMBERS else None


def _no_number(name: str, value: str, kind: type[float] | type[int]) -> str | None:
    try:
        number = kind(value)
    except ValueError:
        return f"{name} is no number: {shown(value, 40)!r}"
    return None if abs(number) < 1e12 else f"{name} is no number that can be used: {value!r}"


def _check_network(scheme: str, url: str) -> None:
    example = (
        f"write {scheme}://HOST:PORT, as {scheme}://192.168.1.20:4001 or {scheme}://[::1]:4001"
    )
    parts = _split(url, example)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or not _HOST.fullmatch(host) or not port or parts.username is not None:
        raise AddressError(f"{url}: {example}; the port is a number from 1 to 65535")
    if parts.path not in ("", "/") or parts.fragment:
        raise AddressError(f"{url}: {example}, nothing behind the port")
    known = _NETWORK[scheme]
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name not in known:
            takes = f"its options are {', '.join(known)}" if known else "it takes no options"
            raise AddressError(f"{url}: {shown(name, 40)!r} is no option of {scheme}://: {takes}")
        if name == "timeout" and (why := _no_number(name, value, float)):
            raise AddressError(f"{url}: {why}")


def host_and_port(text: str) -> tuple[str, int]:
    """HOST:PORT, [IPV6]:PORT, or PORT alone, which is on this computer (127.0.0.1). Port 0: any
    that is free. Raises AddressError."""
    found = re.fullmatch(r"(?:(?:\[([^\[\]]+)\]|([^\[\]:]*)):)?([0-9]{1,5})", text, re.ASCII)
    host = (found[1] or found[2] or "127.0.0.1") if found else ""
    if not found or int(found[3]) > 65_535 or not _HOST.fullmatch(host):
        raise AddressError(
            f"{shown(text, 100)}: write PORT, 127.0.0.1:PORT or [::1]:PORT; "
            "the port is a number from 0 to 65535"
        )
    return host, int(found[3])
