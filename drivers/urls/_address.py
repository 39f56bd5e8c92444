"""What a `sim://` URL says, as arguments of `python -m simulator`."""

from urllib.parse import parse_qsl, urlsplit

_GASES = ("n2o", "co2")
_PLAIN = {
    "speed": "--speed",
    "seed": "--seed",
    "pace": "--pace",
    "scenario": "--scenario",
    "control": "--control",
    "cell_mm": "--cell-mm",
    "medium": "--medium",
    "tissue": "--tissue",
    "probe": "--probe",
    "fault": "--fault",
}
_NUMBERS = {"speed": float, "seed": int, "cell_mm": float}
_CHOICES = {"pace": ("wall", "lockstep"), "medium": ("tissue", "water", "air")}


def arguments(url: str) -> list[str]:
    """Arguments for the simulator of `url`. Raises ValueError with one line for a person."""
    parts = urlsplit(url)
    if parts.scheme != "sim":
        raise ValueError(f"{url}: not a sim:// address")
    gas = (parts.netloc or "n2o").lower()
    if gas not in _GASES or parts.path not in ("", "/") or parts.fragment:
        raise ValueError(f"{url}: write sim://n2o or sim://co2, options after a question mark")
    said = ["--stdio", "--gas", gas]
    seen = set()
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name not in _PLAIN:
            raise ValueError(f"{url}: {name!r} is no option; known: {', '.join(sorted(_PLAIN))}")
        if name in seen and name != "fault":
            raise ValueError(f"{url}: {name} is given twice")
        seen.add(name)
        _check(url, name, value)
        said.append(f"{_PLAIN[name]}={value}")
    return said


def _check(url: str, name: str, value: str) -> None:
    if not value:
        raise ValueError(f"{url}: {name} has no value")
    kind = _NUMBERS.get(name)
    if kind is not None:
        try:
            number = kind(value)
        except ValueError:
            raise ValueError(f"{url}: {name} is no number: {value!r}") from None
        if not abs(number) < 1e12:
            raise ValueError(f"{url}: {name} is no number that can be used: {value!r}")
    allowed = _CHOICES.get(name)
    if allowed is not None and value not in allowed:
        raise ValueError(f"{url}: {name} is one of {', '.join(allowed)}, not {value!r}")
