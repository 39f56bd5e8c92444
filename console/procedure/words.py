"""How numbers are said at the bedside."""


def minutes(seconds: float) -> str:
    """Seconds as m:ss."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def celsius(value: float | None) -> str:
    """A temperature with a true minus; "---" for an unknown one."""
    return "---" if value is None else f"{value:.0f} °C".replace("-", "−")


def amplitude(ua: float | None, unit: str) -> str:
    """An amplitude of the stimulator, given in µA or mV, in its own unit: "0.40 mA"."""
    return "---" if ua is None else f"{ua / 1_000:.2f} {unit}"
