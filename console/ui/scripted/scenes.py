"""Every screen and state of the window, by name."""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from console.model.alarm import Alarm, Priority
from console.model.cycle import CycleState
from console.model.cylinder import Cylinder
from console.model.observation import Quality
from console.model.plan import Confirmation, Cycle, NextFreeze, Side, StimulationPlan
from console.model.preparation import Anaesthetic
from console.model.preset import Preset
from console.model.request import StartFreeze, StepAmplitude
from console.model.snapshot import Interlock, LinkState, Phase, Snapshot
from console.model.stimulation import (
    AmplitudeStep,
    StimulationAnswer,
    StimulationKind,
    StimulationView,
)
from console.model.time_out import TimeOutItem
from console.model.trend import FreezeNumbers
from console.ui.connect import PortTile
from console.ui.kit.language import spoken
from console.ui.kit.palette import Look
from console.ui.main_window import MainWindow
from console.ui.prepare.screen import FREEZES, GAS, PATIENT
from console.ui.records.screen import RecordsScreen
from console.ui.scripted import DEMONSTRATION, READY, Script
from console.ui.scripted.check_scenes import CHECK_SCENES
from console.ui.scripted.shelf import LINES, VISITS, Shelf

SENSORY, MOTOR = StimulationKind.SENSORY, StimulationKind.MOTOR
PORTS = (
    PortTile("/dev/ttyUSB0", "Console SN 0042", "on ttyUSB0"),
    PortTile("/dev/ttyUSB1", "Serial port ttyUSB1", "FT232R USB UART, console not known"),
)


def presets() -> tuple[Preset, ...]:
    """The N₂O presets of the design."""

    def plan(title: str, detail: str, *cycles: Cycle) -> Preset:
        site = msgspec.structs.replace(DEMONSTRATION.sites[0], cycles=cycles)
        ask = NextFreeze.ASK
        made = msgspec.structs.replace(DEMONSTRATION, sites=(site,), name=title, next_freeze=ask)
        return Preset(title, detail, "", made)

    return (
        plan("3 × 2:00 at −70 °C", "thaw 0:45 between", *[Cycle(120.0)] * 3),
        plan("2 × 3:00 at −70 °C", "thaw 1:00 between", *[Cycle(180.0, 60.0)] * 2),
        plan("4 × 1:00 at −70 °C", "several one-minute freezes", *[Cycle(60.0, 30.0)] * 4),
        plan("2 × 1:30 at −70 °C", "thaw 0:30 between", *[Cycle(90.0, 30.0)] * 2),
    )


def window(look: Look | None = None) -> MainWindow:
    """A window on its own, with a clock that stands."""
    return MainWindow(
        look=look,
        presets=presets(),
        demonstration=DEMONSTRATION,
        list_ports=lambda: PORTS,
        clock=lambda: datetime(2026, 11, 21, 10, 42, 7),
        records=Shelf(),
    )


SUPPLY_LOW = Alarm(
    "supply_low",
    Priority.LOW,
    "Supply pressure is low: 40.6 bar",
    "Freezing goes on, enough gas for this plan. Warm or change it at the thaw.",
    "10:41:02",
    180_000,
)
OVER_COOL = Alarm(
    "over_cool",
    Priority.MEDIUM,
    "Tip colder than allowed: −80.6 °C",
    "Gas is off. Do not move the probe; acknowledge when the tip is warmer.",
    "10:42:07",
    180_000,
    latched=True,
)
LINK_LOST = Alarm(
    "link_lost",
    Priority.HIGH,
    "Link to the console lost while freezing",
    "The console shuts the gas by itself within 1 s. Close the cylinder if gas still flows.",
    "10:42:07",
    180_000,
    latched=True,
)

Scene = Callable[[MainWindow], None]


def second_freeze(show: MainWindow, script: Script) -> Snapshot:
    """At target in the second freeze; the window has seen all that went before."""
    script.choose()
    show.apply(script.advance(20.0))
    script.start()
    show.apply(script.until(Phase.THAWING))
    show.apply(script.until(Phase.FREEZING))
    return script.advance(78.0)


def _connect(show: MainWindow) -> None:
    show.pages.connect_screen.show()
    show.pages.connect_screen._take(PORTS)


def _connect_failed(show: MainWindow) -> None:
    _connect(show)
    show.connecting("/dev/ttyUSB1")
    script = Script()
    script.link, script.device = LinkState.FAILED, None
    script.link_words = "No console answers on /dev/ttyUSB1: what comes is not its protocol."
    show.apply(script.snapshot())


def _connecting(show: MainWindow) -> None:
    _connect(show)
    show.connecting("/dev/ttyUSB0")


def _records(show: MainWindow) -> RecordsScreen:
    show.pages.connect_screen.records.click()
    screen = show.pages.currentWidget()
    assert isinstance(screen, RecordsScreen)
    screen._reading.drop()  # the picture does not wait for it
    screen._take_list(LINES)
    return screen


def _records_report(show: MainWindow) -> None:
    screen = _records(show)
    screen._select(LINES[0].id)
    screen._reading.drop()
    screen.report.take(LINES[0].id, Shelf().report(LINES[0].id))
    screen.report.tell(
        screen.tr("Saved: {path}").format(path="/home/ab/Documents/20261121-104207-7f3a.pdf")
    )


def _trends(show: MainWindow, freezes: Sequence[FreezeNumbers], row: int = 0) -> RecordsScreen:
    screen = _records(show)
    screen.to_trends.click()
    screen._trending.drop()
    screen._take_trends(freezes)
    screen.choice.list.setCurrentRow(row)
    return screen


def _trends_of_probe(show: MainWindow) -> None:
    screen = _trends(show, Shelf().trends(lambda _: None), row=3)
    for _ in range(5):
        screen.trends.body.moved.emit(-1)


def _trends_left_out(show: MainWindow) -> None:
    freezes = [one for one in Shelf().trends(lambda _: None) if one.simulated]
    _trends(show, freezes).choice.simulated.click()


def _prepare(show: MainWindow) -> None:
    show.apply(Script().advance(0.05))


def _prepare_filled(show: MainWindow) -> None:
    _prepare(show)
    show.pages.prepare.tiles[0].click()
    show.pages.prepare.nerve.setText("saphenous")
    show.pages.prepare.sides[Side.LEFT].click()
    show.pages.prepare.case.setText("2026-0117")
    show.pages.prepare.operator.setText("AB")


def _prepare_several(show: MainWindow) -> None:
    _prepare_filled(show)
    show.pages.prepare.site_row.add.click()
    show.pages.prepare.nerve.setText("saphenous")
    show.pages.prepare.sides[Side.RIGHT].click()
    show.pages.prepare.site_page.confirmed_by.buttons[Confirmation.ULTRASOUND].click()


def _prepare_page(page: int) -> Scene:
    def scene(show: MainWindow) -> None:
        script = Script()
        script.cylinder = Cylinder(3_400.0, "2026-11-21T08:12:00+01:00", 1_270.0)
        show.apply(script.advance(0.05))
        show.pages.prepare.tiles[1].click()
        show.pages.prepare.tabs[page].click()
        if page == PATIENT:
            show.pages.prepare.patient.anaesthetic.buttons[Anaesthetic.AT_TARGET].click()

    return scene


def _prepare_digits(show: MainWindow) -> None:
    _prepare_page(FREEZES)(show)
    show.pages.prepare.editor.length.click()


def _prepare_mapping(show: MainWindow) -> None:
    _prepare_page(PATIENT)(show)
    show.pages.prepare.case.setText("2026-0117")
    show.pages.prepare.patient.mapping.click()
    page = show.pages.prepare.mapping
    assert page is not None
    page._reading.drop()  # the picture does not wait for it
    page._take(VISITS)
    page.form.nerve.setText("saphenous")
    page.form.relief.put(85.0)


def _records_mapping(show: MainWindow) -> None:
    _records(show).new_mapping.click()


def _records_follow_up(show: MainWindow) -> None:
    _records_report(show)
    screen = show.pages.currentWidget()
    assert isinstance(screen, RecordsScreen)
    screen.report.follow_up.click()


def _time_out(show: MainWindow, *clear: TimeOutItem, unclear: TimeOutItem | None = None) -> None:
    script = Script(msgspec.structs.replace(DEMONSTRATION, next_freeze=NextFreeze.ASK), "bedside")
    script.choose()
    script.read_card(*clear, unclear=unclear)
    show.apply(script.advance(12.0))


def _stimulate(show: MainWindow) -> Script:
    plan = msgspec.structs.replace(
        DEMONSTRATION, next_freeze=NextFreeze.ASK, stimulation=StimulationPlan()
    )
    script = Script(plan, "bedside")
    script.choose()
    script.stimulate()
    script.stimulation = StimulationView(unit="mA", unconfirmed="The sensory test is not done")
    show.apply(script.advance(12.0))
    return script


def _stimulating(show: MainWindow) -> None:
    script = _stimulate(show)
    script.test(SENSORY, 50, 100, 150, 200, 250, 300, 350, 400)
    show.apply(script.advance(0.05))


def _motor(show: MainWindow, answer: StimulationAnswer | None = None) -> Script:
    script = _stimulate(show)
    script.test(SENSORY, 200, 300, 400, answer=StimulationAnswer.USUAL_AREA)
    script.stimulation = msgspec.structs.replace(
        script.stimulation, sensory="0.40 mA", unconfirmed="The motor test is not done"
    )
    script.test(MOTOR, 200, 400, 600, answer=answer)
    show.apply(script.advance(0.05))
    return script


def _contraction(show: MainWindow) -> None:
    script = _motor(show, StimulationAnswer.CONTRACTION)
    why = "A muscle contracts here: move the probe and test again, or give a reason"
    script.stimulation = msgspec.structs.replace(script.stimulation, unconfirmed=why)
    show.apply(script.advance(0.05))


def _inside(show: MainWindow) -> None:
    script = _stimulate(show)
    script.test(SENSORY, 50, answer=StimulationAnswer.USUAL_AREA)
    script.test(MOTOR, 400, 800, 1_000, answer=StimulationAnswer.NO_CONTRACTION)
    script.stimulation = msgspec.structs.replace(
        script.stimulation, sensory="0.05 mA", unconfirmed=None,
        remark="Under 0.10 mA: very close, may be inside the nerve",
    )  # fmt: skip
    show.apply(script.advance(0.05))


def _override(show: MainWindow) -> None:
    _stimulate(show)
    show.pages.stimulate.action_row.more.click()
    show.pages.stimulate.action_row.buttons["override_no_stimulation"].click()


def _override_written(show: MainWindow) -> None:
    _override(show)
    row = show.pages.stimulate.action_row
    row.other.click()
    row.own[True].field.setText("Numb since the block, tested twice")


def _time_out_written(show: MainWindow) -> None:
    _time_out(show, *list(TimeOutItem)[:5], unclear=TimeOutItem.PACEMAKER)
    show.pages.time_out.other.click()


def _stimulate_more(show: MainWindow) -> None:
    _stimulate(show)
    show.pages.stimulate.action_row.more.click()


def _stimulate_refused(show: MainWindow) -> None:
    _stimulating(show)
    show.refuse(StepAmplitude(AmplitudeStep.UP), "Only 0.10 mA of 0.40 mA arrives")


def _ready(show: MainWindow) -> None:
    script = Script()
    script.choose()
    show.apply(script.advance(12.0))


def _not_ready(show: MainWindow) -> None:
    script = Script()
    script.interlocks = (*READY[:2], Interlock("supply", "Supply", False, "40.6 bar, start at 41"))
    script.blocked["start_freeze"] = "Supply 40.6 bar: cold or nearly empty, warm or change it"
    script.supply_kpa = 4_060.0
    script.alarms = (SUPPLY_LOW,)
    script.choose()
    show.apply(script.advance(12.0))


def _cooling(show: MainWindow) -> None:
    script = Script()
    script.choose()
    show.apply(script.advance(12.0))
    script.start()
    show.apply(script.advance(8.0))


def _freezing(show: MainWindow) -> None:
    script = Script()
    script.alarms = (SUPPLY_LOW,)
    script.supply_kpa = 4_060.0
    script.interlocks = (*READY, Interlock("s", "Supply", False, "40.6 bar: cold or nearly empty"))
    show.apply(second_freeze(show, script))


def _plot(show: MainWindow, name: str) -> None:
    """The second freeze, with another tab of the plot. The estimate comes as the time passes."""
    script = Script()
    script.choose()
    show.apply(script.advance(20.0))
    script.start()
    for _ in range(120):
        show.apply(script.advance(2.0))
    show.pages.session.plot.turn_to(name)


def _inspected(show: MainWindow) -> None:
    show.apply(second_freeze(show, Script()))
    show.pages.session.plot.inspect(153.0)


def _inspected_thaw(show: MainWindow) -> None:
    _releasing(show)
    show.pages.session.plot.inspect(460.0)


def _freezing_hand(show: MainWindow) -> None:
    script = Script(msgspec.structs.replace(DEMONSTRATION, next_freeze=NextFreeze.ASK), "bedside")
    script.choose()
    show.apply(script.advance(20.0))
    script.start()
    show.apply(script.until(Phase.THAWING))
    show.apply(script.advance(60.0))


def _thawing(show: MainWindow) -> None:
    script = Script()
    script.choose()
    show.apply(script.advance(20.0))
    script.start()
    show.apply(script.until(Phase.THAWING))
    show.apply(script.advance(17.0))


def _countdown(show: MainWindow) -> None:
    script = Script()
    script.choose()
    show.apply(script.advance(20.0))
    script.start()
    show.apply(script.until(Phase.THAWING))
    show.apply(script.advance(38.0))


def _more(show: MainWindow) -> None:
    _freezing_hand(show)
    show.pages.session.action_row.more.click()


def _extending(show: MainWindow) -> None:
    script = Script()
    script.extended_in_s = 4.0
    show.apply(second_freeze(show, script))


def _thaw_more(show: MainWindow) -> None:
    script = Script(msgspec.structs.replace(DEMONSTRATION, next_freeze=NextFreeze.ASK), "bedside")
    script.choose()
    script.start()
    show.apply(script.until(Phase.THAWING))
    show.apply(script.advance(20.0))
    show.pages.session.action_row.more.click()


def _new_cylinder(show: MainWindow) -> None:
    _thaw_more(show)
    show.pages.session.action_row.buttons["enter_contents"].click()


def _refreeze(show: MainWindow) -> None:
    _thaw_more(show)
    show.pages.session.action_row.buttons["override_refreeze"].click()


def _pain(show: MainWindow) -> None:
    _freezing_hand(show)
    show.pages.session.action_row.buttons["score_pain"].click()


def _unknown(show: MainWindow) -> None:
    script = Script()
    show.apply(second_freeze(show, script))
    script.quality = Quality.OPEN
    show.apply(script.advance(6.0))


def _stale(show: MainWindow) -> None:
    script = Script()
    show.apply(second_freeze(show, script))
    script.stale_s = 0.4
    show.apply(script.snapshot())


def _stopped(show: MainWindow) -> None:
    script = Script()
    show.apply(second_freeze(show, script))
    script.stop()
    show.apply(script.advance(34.0))


def _stopped_trip(show: MainWindow) -> None:
    script = Script()
    show.apply(second_freeze(show, script))
    script.stop("Stopped by the console: tip colder than allowed")
    script.alarms = (SUPPLY_LOW, OVER_COOL)
    for name in ("repeat", "count"):
        script.blocked[name] = "First acknowledge: tip colder than allowed"
    show.apply(script.advance(6.0))


def _link_lost(show: MainWindow) -> None:
    script = Script()
    show.apply(second_freeze(show, script))
    script.stop("Stopped: link to the console lost")
    script.link, script.link_words = LinkState.LOST, "no frame for 500 ms"
    script.interlocks = (Interlock("link", "Link", False, script.link_words), *READY[1:])
    script.alarms, script.gas_off, script.stale_s = (LINK_LOST,), None, 3.2
    for name in ("repeat", "count"):
        script.blocked[name] = "No reading from the console"
    show.apply(script.snapshot())


def _control_lost(show: MainWindow) -> None:
    show.apply(second_freeze(show, Script()))
    show.lose_control(spoken("silent for 0.5 s"))


def _closing(show: MainWindow) -> None:
    show.apply(second_freeze(show, Script()))
    show.close()


def _locked(show: MainWindow) -> None:
    _thawing(show)
    show.keys.lock.click()


def _refused(show: MainWindow) -> None:
    _freezing_hand(show)
    show.refuse(StartFreeze(), "The thermocouple reads nothing: a freeze may not start")


def _releasing(show: MainWindow) -> None:
    script = Script()
    show.apply(second_freeze(show, script))
    show.apply(script.until(Phase.RELEASING, 600.0))
    script.release_reason = "Tip −6.7 °C: it must stay above +10 °C for 5 s with the gas shut"
    show.apply(script.advance(30.0))


def _reasons(show: MainWindow) -> None:
    _releasing(show)
    show.pages.session.action_row.buttons["probe_out"].click()


def _free(show: MainWindow) -> None:
    script = Script()
    show.apply(second_freeze(show, script))
    show.apply(script.until(Phase.FREE, 900.0))


def _out(show: MainWindow) -> None:
    script = Script()
    show.apply(second_freeze(show, script))
    show.apply(script.until(Phase.RELEASING, 600.0))
    script.records = (
        *script.records[:1],
        msgspec.structs.replace(script.records[1], state=CycleState.ENDED_EARLY),
        *script.records[2:],
    )
    show.apply(script.until(Phase.FREE, 900.0))
    script.out()
    show.apply(script.snapshot())


def _nothing(made: object) -> None:
    """A scene that others go on from."""


SCENES: dict[str, Scene] = {
    "connect": _connect,
    "connecting": _connecting,
    "connect-failed": _connect_failed,
    "records": lambda show: _nothing(_records(show)),
    "records-report": _records_report,
    "trends": lambda show: _nothing(_trends(show, Shelf().trends(lambda _: None))),
    "trends-probe": _trends_of_probe,
    "trends-left-out": _trends_left_out,
    "trends-none": lambda show: _nothing(_trends(show, ())),
    "prepare": _prepare,
    "prepare-filled": _prepare_filled,
    "prepare-several": _prepare_several,
    "prepare-freezes": _prepare_page(FREEZES),
    "prepare-patient": _prepare_page(PATIENT),
    "prepare-gas": _prepare_page(GAS),
    "prepare-digits": _prepare_digits,
    **CHECK_SCENES,
    "prepare-mapping": _prepare_mapping,
    "records-mapping": _records_mapping,
    "records-follow-up": _records_follow_up,
    "time-out": lambda show: _time_out(show, *list(TimeOutItem)[:3]),
    "time-out-unclear": lambda show: _time_out(
        show, *list(TimeOutItem)[:5], unclear=TimeOutItem.PACEMAKER
    ),
    "time-out-written": _time_out_written,
    "time-out-done": lambda show: _time_out(show, *TimeOutItem),
    "stimulate": lambda show: _nothing(_stimulate(show)),
    "stimulate-more": _stimulate_more,
    "stimulating": _stimulating,
    "stimulating-motor": lambda show: _nothing(_motor(show)),
    "stimulate-refused": _stimulate_refused,
    "contraction": _contraction,
    "inside-the-nerve": _inside,
    "override": _override,
    "override-written": _override_written,
    "ready": _ready,
    "not-ready": _not_ready,
    "cooling": _cooling,
    "freezing": _freezing,
    "extending": _extending,
    "plot-gas": lambda show: _plot(show, "gas"),
    "plot-reach": lambda show: _plot(show, "reach"),
    "plot-inspected": _inspected,
    "plot-inspected-thaw": _inspected_thaw,
    "thawing": _thawing,
    "countdown": _countdown,
    "ready-for-second": _freezing_hand,
    "more": _more,
    "pain": _pain,
    "thawing-more": _thaw_more,
    "thawing-new-cylinder": _new_cylinder,
    "refreeze": _refreeze,
    "unknown": _unknown,
    "stale": _stale,
    "stopped": _stopped,
    "stopped-trip": _stopped_trip,
    "link-lost": _link_lost,
    "control-lost": _control_lost,
    "closing": _closing,
    "refused": _refused,
    "locked": _locked,
    "releasing": _releasing,
    "probe-out-early": _reasons,
    "free": _free,
    "out": _out,
}
