"""How numbers are said at the bedside."""


def minutes(seconds: float) -> str:
    """Seconds as m:ss."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def celsius(value: float | None) -> str:
    """A temperature with a true minus; "---" for an unknown one."""
    return "---" if value is None else f"{value:.0f} °C".replace("-", "−")
