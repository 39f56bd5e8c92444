"""The made-up language, and how what the control process says is turned."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from console import cli
from console.ui.kit.language import LANGUAGES, LONGER, UNITS, in_language, pseudo, speak, spoken
from console.ui.scripted import Script


@pytest.fixture
def other(qapp: QApplication) -> Iterator[None]:
    speak(qapp, "pseudo")
    yield
    speak(qapp, "en")


def test_it_is_longer_accented_and_in_brackets() -> None:
    plain = "Close the cylinder if gas still flows"
    said = pseudo(plain)
    assert said.startswith("[") and said.endswith("]")
    assert len(said) - 2 >= int(LONGER * len(plain)) - 1
    assert not [letter for letter in said if letter.isascii() and letter.isalpha()]
    assert pseudo("Pause\nsound").count("\n") == 1


def test_what_is_put_in_and_units_and_numbers_stay() -> None:
    assert "{celsius:.1f} °C" in pseudo("holds {celsius:.1f} °C at the coldest")
    assert "%n" in pseudo("+%n more")
    for same in ("−69.5", "✓", "{text}", " · ", "2:00", "4 mA", *UNITS):
        assert pseudo(same) == same


def test_english_is_left_as_it_is(qapp: QApplication) -> None:
    snapshot = Script().advance(1.0)
    assert in_language(snapshot) is snapshot
    assert spoken("Supply pressure is low: 40.6 bar") == "Supply pressure is low: 40.6 bar"


def test_what_the_control_process_says_keeps_its_numbers(other: None) -> None:
    said = spoken("Tip colder than allowed: −80.6 °C for 0.5 s")
    assert said == pseudo("Tip colder than allowed: {0} °C for {1} s").format("−80.6", "0.5")
    snapshot = Script().advance(1.0)
    turned = in_language(snapshot)
    assert turned.procedure.headline == pseudo(snapshot.procedure.headline)
    assert turned.controls["choose_plan"].label == pseudo("Use this plan")
    assert turned.samples == snapshot.samples


def test_one_language_after_the_other(qapp: QApplication) -> None:
    speak(qapp, "pseudo")
    speak(qapp, "pseudo")
    assert QCoreApplication.translate("any", "freeze") == pseudo("freeze")
    speak(qapp, "en")
    assert QCoreApplication.translate("any", "freeze") == "freeze"


def test_a_language_that_is_none_is_refused_by_name(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ValueError, match="klingon"):
        speak(qapp, "klingon")
    monkeypatch.setattr("console.display.missing_display", lambda: None)
    with pytest.raises(SystemExit) as end:
        cli.main(["--language", "klingon"])
    assert end.value.code == 2
    told = capsys.readouterr().err
    assert "--language klingon" in told and all(name in told for name in LANGUAGES)
