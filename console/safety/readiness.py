"""What must be so before a freeze may start: the interlock lights, a row each."""

from collections.abc import Callable

import msgspec

from console.model.alarm import Alarm
from console.model.device import DeviceInfo, DeviceState, ProbeInfo
from console.model.observation import Observation
from console.model.quantities import bar
from console.model.snapshot import Interlock
from console.safety.interlocks.supply_warn import HIGHEST_START_KPA, START_KPA
from console.safety.limits import Limits
from console.safety.registry import BY_ID


class Scene(msgspec.Struct, frozen=True):
    """What the lights look at. `observation` is None unless it is fresh; `probe_problem`: why
    the probe may not be started with."""

    link_words: str  # why the link is not open, empty when it is
    device: DeviceInfo | None
    observation: Observation | None
    alarms: tuple[Alarm, ...]
    record_problem: str
    probe_problem: str = ""


def lights(scene: Scene, limits: Limits) -> tuple[Interlock, ...]:
    """All lights, in the order in which they matter."""
    return tuple(
        Interlock(id, name, ready=not words, words=words)
        for id, name, check in ROWS
        for words in [check(scene, limits)]
    )


def _link(scene: Scene, limits: Limits) -> str:
    if scene.link_words:
        return scene.link_words
    if scene.device is not None and scene.device.read_only_reason:
        return f"Only reading: {scene.device.read_only_reason}"
    return "" if scene.observation is not None else "No fresh reading from the console"


_AT_WORK = (
    DeviceState.IDLE,
    DeviceState.THAWING,
    DeviceState.FREEZING,
    DeviceState.STIMULATING,
)


def _state(scene: Scene, limits: Limits) -> str:
    seen = scene.observation
    if seen is None or seen.state in _AT_WORK:
        return ""
    return f"The console is {seen.state.value}"


def _probe(scene: Scene, limits: Limits) -> str:
    if scene.device is None:
        return ""
    if scene.device.probe is None:
        return "No probe is connected"
    return f"The probe is {scene.probe_problem}" if scene.probe_problem else ""


def probe_problem(probe: ProbeInfo, today: int) -> str:
    """ "used up" or "expired" (days since 1970-01-01), empty for a good probe."""
    if probe.uses_left == 0:
        return "used up"
    return "expired" if probe.expires_day < today else ""


def _tip(scene: Scene, limits: Limits) -> str:
    seen = scene.observation
    if seen is None or seen.tip_celsius is not None:
        return ""
    return f"Tip temperature unknown: sensor {seen.tip_quality.value}"


def _supply(scene: Scene, limits: Limits) -> str:
    seen, device = scene.observation, scene.device
    if seen is None or device is None:
        return ""
    low, high = limits[START_KPA.of(device.gas)], limits[HIGHEST_START_KPA.of(device.gas)]
    if seen.supply_kpa is None:
        return "Supply pressure unknown"
    said = f"Supply {bar(seen.supply_kpa)} bar"
    if seen.supply_kpa < low:
        return f"{said}: cylinder cold or nearly empty: warm it to room temperature or change it"
    return f"{said}: too high, let the cylinder cool down" if seen.supply_kpa > high else ""


def _alarms(scene: Scene, limits: Limits) -> str:
    blocking = next((alarm for alarm in scene.alarms if _blocks(alarm)), None)
    return "" if blocking is None else _blocking(blocking)


def _record(scene: Scene, limits: Limits) -> str:
    return f"The record cannot be written: {scene.record_problem}" if scene.record_problem else ""


ROWS: tuple[tuple[str, str, Callable[[Scene, Limits], str]], ...] = (
    ("link", "Console connected", _link),
    ("state", "Console ready", _state),
    ("probe", "Probe connected", _probe),
    ("tip", "Tip sensor", _tip),
    ("supply", "Supply pressure", _supply),
    ("alarms", "No alarm stands", _alarms),
    ("record", "Record on disk", _record),
)


def not_stimulable(scene: Scene, limits: Limits) -> tuple[str, ...]:
    """Why no stimulation may start now. Supply and tip do not matter to it, and of the alarms those
    that concern the stimulator, or keep everything from starting."""
    found = [check(scene, limits) for check in (_link, _state, _probe, _record)]
    found += [_blocking(alarm) for alarm in scene.alarms if _concerns_stimulator(alarm)]
    return tuple(words for words in found if words)


def _concerns_stimulator(alarm: Alarm) -> bool:
    return _blocks(alarm) or (_in_force(alarm) and BY_ID[alarm.id].stimulator)


def _blocks(alarm: Alarm) -> bool:
    return alarm.blocks_start and _in_force(alarm)


def _in_force(alarm: Alarm) -> bool:
    """Whether it stands for a condition, or waits to be acknowledged. One that only goes on for a
    while after its condition keeps nothing from starting."""
    return alarm.present or alarm.latched


def _blocking(alarm: Alarm) -> str:
    if alarm.present:
        return alarm.happened
    if alarm.engineer:
        return f"An engineer must release this console first: {alarm.happened}"
    return f"Acknowledge first: {alarm.happened}"
