"""How numbers and sites are said at the bedside."""

from console.model.plan import Site


def site_name(site: Site) -> str:
    """Side and nerve: "LEFT SAPHENOUS"."""
    return f"{site.side.upper()} {site.nerve.upper()}"


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


def kpa_as_bar(kpa: float | None, decimals: int = 1) -> str:
    """A pressure in bar, without its unit."""
    return "---" if kpa is None else f"{kpa / 100:.{decimals}f}"


LITRES_PER_GRAM = 0.546
"""At 20 °C and 1 atm: 24.06 L/mol over 44.01 g/mol, N₂O and CO₂ alike."""


def litres_per_minute(mg_s: float | None) -> str:
    """A mass flow as litres of gas a minute at 20 °C and 1 atm."""
    return "---" if mg_s is None else f"{mg_s * 0.06 * LITRES_PER_GRAM:.1f} L/min"
