"""Numbers as people read them: every formatter, over every value that may come."""

import math
from inspect import isfunction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.model import quantities
from console.model.quantities import (
    UNKNOWN,
    amplitude,
    bar,
    bar_of,
    celsius,
    kilograms,
    litres,
    litres_per_minute,
    milli_of,
    minutes,
    number,
    plain,
    with_unit,
)

FORMATTERS = {
    "number": number,
    "number, none": lambda value: number(value, 0),
    "number, three": lambda value: number(value, 3),
    "plain": plain,
    "with_unit": lambda value: with_unit(value, "mm"),
    "with_unit, short": lambda value: with_unit(value, "Hz", None),
    "celsius": celsius,
    "celsius, one": lambda value: celsius(value, 1),
    "minutes": minutes,
    "bar": bar,
    "bar, two": lambda value: bar(value, 2),
    "amplitude": lambda value: amplitude(value, "mA"),
    "kilograms": kilograms,
}
values = st.floats(-1e6, 1e6) | st.floats(-0.06, 0.06)


def test_every_formatter_is_tried() -> None:
    texts = {
        name
        for name, of in vars(quantities).items()
        if isfunction(of) and of.__annotations__["return"] is str and not name.startswith("_")
    }
    assert texts == {name.split(",")[0] for name in FORMATTERS}


@pytest.mark.parametrize("name", FORMATTERS)
def test_unknown_is_three_dashes_without_a_unit(name: str) -> None:
    assert FORMATTERS[name](None) == UNKNOWN == "---"


@pytest.mark.parametrize("name", FORMATTERS)
@given(value=values)
def test_a_zero_has_no_minus_and_a_minus_is_the_typographic_one(name: str, value: float) -> None:
    text = FORMATTERS[name](value)
    assert "-" not in text
    if "−" in text.removeprefix("−"):
        assert "e−" in text
    if text.startswith("−"):
        assert value < 0
        assert any(digit in text.split("e")[0] for digit in "123456789"), text


@pytest.mark.parametrize("name", FORMATTERS)
@pytest.mark.parametrize("value", [-0.0, -1e-9])
def test_the_least_below_zero_reads_as_zero(name: str, value: float) -> None:
    if value or "short" not in name:
        text = FORMATTERS[name](value)
        assert not text.startswith("−") or float(text.split()[0].replace("−", "-")) != 0.0
    assert FORMATTERS[name](-0.0) == FORMATTERS[name](0.0)


def test_each_says_its_value() -> None:
    assert number(-70.55, 1) == "−70.5"
    assert number(-0.04) == "0.0"
    assert plain(-70.0) == "−70"
    assert plain(0.5) == "0.5"
    assert with_unit(3.42, "mm") == "3.4 mm"
    assert with_unit(50.0, "Hz", None) == "50 Hz"
    assert with_unit(7.0, "", 0) == "7"
    assert celsius(-69.6) == "−70 °C"
    assert celsius(-69.62, 1) == "−69.6 °C"
    assert minutes(124.6) == "2:05"
    assert minutes(-3.0) == "0:00"
    assert bar(5_034.0) == "50.3"
    assert bar(4.4, 2) == "0.04"
    assert amplitude(400.0, "mA") == "0.40 mA"
    assert kilograms(750.0) == "0.75 kg"


def test_units_are_turned_and_unknown_stays_unknown() -> None:
    turned = (bar_of(150.0), milli_of(50.0), litres(1_000.0), litres_per_minute(305.0))
    assert turned == pytest.approx((1.5, 0.05, 546.58, 10.0), abs=0.01)
    assert {of(None) for of in (bar_of, milli_of, litres, litres_per_minute)} == {None}


def test_the_litres_of_a_gram_are_those_of_an_ideal_gas() -> None:
    molar_l = 8.314462618 * 293.15 / 101_325.0 * 1_000.0
    for molar_mass_g in (44.013, 44.009):
        assert math.isclose(quantities.LITRES_PER_GRAM, molar_l / molar_mass_g, rel_tol=2e-4)
