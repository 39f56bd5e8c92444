"""The console check in its states."""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from console.model.console_check import CheckItem, CheckResult, CheckStanding
from console.model.plan import NextFreeze
from console.model.time_out import TimeOutView
from console.ui.main_window import MainWindow
from console.ui.scripted import DEMONSTRATION, Script

_PASSED: Final = {
    CheckItem.PROBE: "LT-14-6, P-0815, 12 uses left, expires 2028-11-12",
    CheckItem.SCAVENGING: "",
    CheckItem.CYLINDER: "N₂O, 50.6 bar",
    CheckItem.SUPPLY_LEAK: "0.04 bar lost",
    CheckItem.PROBE_LEAK: "0:03 of gas, tip 20 °C to −12 °C",
    CheckItem.TEST_FREEZE: "0:15 of gas, tip 19 °C to −58 °C",
    CheckItem.GAS_OFF: "valve shut, 0.0 L/min",
    CheckItem.THAW: "tip 11 °C",
    CheckItem.THERMOCOUPLE: "tip 17 °C, room 20 °C",
}


def _check(
    show: MainWindow,
    now: CheckItem | None,
    standing: CheckStanding | None = None,
    words: str = "",
    **fields: Any,
) -> None:
    script = Script(msgspec.structs.replace(DEMONSTRATION, next_freeze=NextFreeze.ASK), "bedside")
    script.choose()
    script.time_out = TimeOutView(missing="Still to be answered: identity")
    items = list(CheckItem)
    given = [
        CheckResult(item, CheckStanding.PASSED, _PASSED[item])
        for item in (items if now is None else items[: items.index(now)])
    ]
    if now is not None and standing is not None:
        given.append(CheckResult(now, standing, _PASSED[now]))
    script.do_check(now, *given, now_words=words, **fields)
    show.apply(script.advance(12.0))


CHECK_SCENES: Final[dict[str, Callable[[MainWindow], None]]] = {
    "check": lambda show: _check(show, CheckItem.PROBE, words=_PASSED[CheckItem.PROBE], asks=True),
    "check-hose": lambda show: _check(show, CheckItem.SCAVENGING, asks=True),
    "check-pulse": lambda show: _check(show, CheckItem.PROBE_LEAK, words="tip 20 °C", starts=True),
    "check-gas": lambda show: _check(
        show,
        CheckItem.PROBE_LEAK,
        words="tip −4 °C",
        asks=True,
        running=CheckItem.PROBE_LEAK,
        left_s=2.0,
    ),
    "check-bubbles": lambda show: _check(
        show,
        CheckItem.PROBE_LEAK,
        CheckStanding.FAILED,
        starts=True,
        mend="The probe leaks: take another",
        missing="The probe leaks: take another",
    ),
    "check-judge": lambda show: _check(
        show, CheckItem.TEST_FREEZE, CheckStanding.RUN, words="tip −20 °C", asks=True, starts=True
    ),
    "check-thaw": lambda show: _check(
        show, CheckItem.THAW, words="Tip −3 °C: wait for more than +10 °C"
    ),
    "check-done": lambda show: _check(show, None),
}
