"""States, plans and answers as people read them at the bedside, in the language of the screen."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from console.model.cycle import FreezeKey
from console.model.cylinder import Enough, GasLeft
from console.model.device import DeviceInfo
from console.model.estimate import Band
from console.model.instruction import WAIT_S, Instruction
from console.model.mapping import Guidance, MappingVisit
from console.model.observation import Quality
from console.model.plan import Confirmation, Cycle, Plan, Site
from console.model.preparation import Anaesthetic
from console.model.quantities import UNKNOWN, amplitude, minutes, number, plain
from console.model.snapshot import ProcedureView
from console.model.stimulation import (
    StimulationAnswer,
    StimulationKind,
    StimulationRecord,
    Voice,
)


def tr(text: str) -> str:
    """`text` in the language of the screen."""
    return QCoreApplication.translate("words", text)


def freeze_word(key: FreezeKey) -> str:
    """A freeze among those of its site: "2"; "1 repeat", "1 repeat 2" where it ran again."""
    if key.run == 1:
        return f"{key.number}"
    if key.run == 2:
        return tr("{number} repeat").format(number=key.number)
    return tr("{number} repeat {again}").format(number=key.number, again=key.run - 1)


def waited_words(view: ProcedureView) -> str:
    """ "waited 0:37 of 5:00" while that is what the clinician does, else empty."""
    if view.instruction not in (Instruction.WAIT, Instruction.CLOSE_UNCONFIRMED):
        return ""
    return tr("waited {time} of {least}").format(
        time=minutes(view.gas_off_s), least=minutes(WAIT_S)
    )


def banded(band: Band, decimals: int, unit: str) -> str:
    """ "≈ 11 mm (9–12)": a sign and no word, because it stands where room is scarce."""
    low, high = number(band.low, decimals), number(band.high, decimals)
    return tr("≈ {value} {unit} ({low}–{high})").format(
        value=number(band.value, decimals), unit=unit, low=low, high=high
    )


def site_name(site: Site) -> str:
    """ "LEFT · SAPHENOUS": the side is always a word."""
    return f"{side_word(site.side.value)} · {site.nerve.upper()}"


def side_word(side: str) -> str:
    """The side in capitals."""
    return {"left": tr("LEFT"), "right": tr("RIGHT"), "midline": tr("MIDLINE")}[side]


def plan_in_short(plan: Plan, site: int = 0) -> str:
    """ "3 × 2:00 at −70 °C"; freezes of unlike length are listed."""
    cycles = plan.sites[site].cycles if site < len(plan.sites) else ()
    return tr("{freezes} at {target} °C").format(
        freezes=freezes_in_short(cycles), target=number(plan.target_celsius, 0)
    )


def freezes_in_short(cycles: Sequence[Cycle]) -> str:
    """ "3 × 2:00"; freezes of unlike length are listed."""
    lengths = [minutes(cycle.freeze_s) for cycle in cycles]
    alike = len(set(lengths)) == 1
    return f"{len(lengths)} × {lengths[0]}" if alike else " + ".join(lengths)


def anaesthetic_word(where: Anaesthetic) -> str:
    """Where local anaesthetic was given."""
    return {
        Anaesthetic.SKIN_AND_TRACK: tr("Skin and track only"),
        Anaesthetic.AT_TARGET: tr("At the target"),
        Anaesthetic.NONE: tr("None"),
    }[where]


def left_words(left: GasLeft | None) -> str:
    """ "about 41 min (34–49)" of freezing, or why it is not known; it says when the rate is the
    session's own, no longer the usual one."""
    if left is None:
        return tr("{unknown}  contents not entered").format(unknown=UNKNOWN)
    about, low, high = (number(s / 60.0, 0) for s in (left.seconds, left.low_s, left.high_s))
    text = tr("about {minutes} min ({low}–{high})").format(minutes=about, low=low, high=high)
    return tr("{text} at today's flow").format(text=text) if left.measured else text


def enough_words(enough: Enough) -> str:
    """Whether the gas lasts for the plan."""
    return {
        Enough.YES: tr("enough for the plan: yes"),
        Enough.MAY_NOT: tr("enough for the plan: it may not be"),
        Enough.UNKNOWN: tr("enough for the plan: {unknown}").format(unknown=UNKNOWN),
    }[enough]


def guidance_word(how: Guidance) -> str:
    """How the needle of a mapping visit was led."""
    return {
        Guidance.ULTRASOUND: tr("Ultrasound"),
        Guidance.FLUOROSCOPY: tr("Fluoroscopy"),
        Guidance.STIMULATION: tr("Stimulation"),
        Guidance.LANDMARK: tr("Landmark"),
    }[how]


def visit_words(visit: MappingVisit) -> str:
    """ "LEFT SAPHENOUS, relief 95 %"; a weak one says so."""
    words = tr("{site}, relief {percent} %").format(
        site=f"{side_word(visit.side.value)} {visit.nerve.upper()}",
        percent=number(visit.relief_percent, 0),
    )
    return words if visit.successful else tr("{words}: weak").format(words=words)


def confirmation_word(how: Confirmation) -> str:
    """How a site is confirmed."""
    return {
        Confirmation.STIMULATION: tr("Stimulation"),
        Confirmation.ULTRASOUND: tr("Ultrasound"),
        Confirmation.DIRECT_VISION: tr("Direct vision"),
    }[how]


def console_name(device: DeviceInfo) -> str:
    """The gas console and its probe, for the corner of the window."""
    console = tr("{gas} console").format(gas=device.gas.label)
    if device.probe is None:
        return f"{console} · " + tr("no probe")
    return f"{console} · " + tr("{mm} mm probe").format(mm=plain(device.probe.diameter_mm))


def why_unknown(quality: Quality) -> str:
    """Why a reading is missing."""
    return {
        Quality.OPEN: tr("thermocouple open"),
        Quality.SHORT: tr("thermocouple short"),
        Quality.OUT_OF_RANGE: tr("reading out of range"),
        Quality.STALE: tr("old reading"),
        Quality.NOT_FITTED: tr("no sensor fitted"),
    }.get(quality, tr("no reading"))


def kind_word(kind: StimulationKind) -> str:
    """The name of a test."""
    return {StimulationKind.SENSORY: tr("Sensory"), StimulationKind.MOTOR: tr("Motor")}[kind]


def answer_word(answer: StimulationAnswer) -> str:
    """An answer as it was marked."""
    return {
        StimulationAnswer.USUAL_AREA: tr("usual pain area"),
        StimulationAnswer.ELSEWHERE: tr("elsewhere"),
        StimulationAnswer.NOT_FELT: tr("not felt"),
        StimulationAnswer.PAINFUL: tr("painful"),
        StimulationAnswer.CONTRACTION: tr("contraction"),
        StimulationAnswer.NO_CONTRACTION: tr("no contraction"),
    }[answer]


def answered_here(view: ProcedureView, kind: StimulationKind) -> StimulationRecord | None:
    """The newest test of a kind with an answer at the present placement."""
    here = (view.site, view.placement)
    for test in reversed(view.tests):
        if test.kind is kind and (test.site, test.placement) == here and test.answer is not None:
            return test
    return None


def result_word(view: ProcedureView, kind: StimulationKind) -> str:
    """What a test came to at the present placement, in the language of the screen."""
    test = answered_here(view, kind)
    if test is None or test.answer is None:
        return tr("not tested")
    at = amplitude(test.answered_ua, test.unit)
    if test.answer is StimulationAnswer.USUAL_AREA:
        return tr("felt at {amplitude}").format(amplitude=at)
    return tr("{answer}, {amplitude}").format(answer=answer_word(test.answer), amplitude=at)


def patient_says(kind: StimulationKind, voice: Voice) -> str:
    """What the simulated patient says or does in a test of this kind."""
    if kind is StimulationKind.MOTOR:
        said = tr("a muscle twitches") if voice.twitch else tr("no muscle moves")
    else:
        said = {
            "nothing": tr("says nothing"),
            "usual pain area": tr("feels it in the usual pain area"),
            "elsewhere": tr("feels it elsewhere"),
            "painful": tr("says that it hurts"),
        }[voice.felt]
    return tr("The SIMULATED patient: {said}").format(said=said)
