"""How a number is written in every text, and how one unit becomes another: readings come in kPa,
mg/s and µA, people read bar, litres a minute and mA.

An unknown value is "---", never 0. The minus is the typographic one, and a value that rounds to
zero has none.
"""

from typing import Final

UNKNOWN: Final = "---"

LITRES_PER_GRAM: Final = 24.055 / 44.01
"""Of gas at 20 °C and 1 atm, N₂O and CO₂ alike: molar volume in L/mol (R · 293.15 K / 101 325 Pa)
over molar mass in g/mol (44.013 and 44.009)."""

KPA_PER_BAR: Final = 100.0
UA_PER_MA: Final = 1_000.0
"""µA to a mA, and mV to a V: an amplitude comes in either, as the console's stimulator has it."""


def number(value: float | None, decimals: int = 1) -> str:
    """A number with so many decimals: "−70.6"."""
    return UNKNOWN if value is None else _signed(f"{value:.{decimals}f}")


def plain(value: float | None) -> str:
    """A number as short as it can be: "120", "0.5", "−70"."""
    return UNKNOWN if value is None else _signed(f"{value:g}")


def with_unit(value: float | None, unit: str, decimals: int | None = 1) -> str:
    """A number and its unit: "3.4 mm". `decimals` None: as short as it can be. No unit stands after
    an unknown one."""
    if value is None:
        return UNKNOWN
    return f"{plain(value) if decimals is None else number(value, decimals)} {unit}".rstrip()


def celsius(value: float | None, decimals: int = 0) -> str:
    """A temperature: "−70 °C"."""
    return with_unit(value, "°C", decimals)


def minutes(seconds: float | None) -> str:
    """A time as m:ss: "2:05". One below zero is over: "0:00"."""
    if seconds is None:
        return UNKNOWN
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def bar_of(kpa: float | None) -> float | None:
    """A pressure in bar."""
    return None if kpa is None else kpa / KPA_PER_BAR


def bar(kpa: float | None, decimals: int = 1) -> str:
    """A pressure in bar, without its unit: "50.3"."""
    return number(bar_of(kpa), decimals)


def litres(grams: float | None) -> float | None:
    """A mass of gas as litres at 20 °C and 1 atm."""
    return None if grams is None else grams * LITRES_PER_GRAM


def litres_per_minute(mg_s: float | None) -> float | None:
    """A mass flow as litres of gas a minute at 20 °C and 1 atm."""
    return None if mg_s is None else mg_s * 60 / 1_000 * LITRES_PER_GRAM


def milli_of(ua: float | None) -> float | None:
    """An amplitude given in µA or mV, in mA or V."""
    return None if ua is None else ua / UA_PER_MA


def amplitude(ua: float | None, unit: str) -> str:
    """An amplitude of the stimulator, given in µA or mV, in its own unit: "0.40 mA"."""
    return with_unit(milli_of(ua), unit, 2)


def kilograms(grams: float | None) -> str:
    """A mass of gas in a cylinder, as it was entered: "0.75 kg"."""
    return with_unit(None if grams is None else grams / 1_000, "kg", None)


def _signed(text: str) -> str:
    """`text` with a true minus, and none before a zero."""
    if text.startswith("-"):
        text = text[1:] if float(text) == 0.0 else f"−{text[1:]}"
    return text.replace("e-", "e−")
