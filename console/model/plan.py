"""What is to be done: sites with their freeze cycles."""

from enum import StrEnum
from typing import Annotated, Final

import msgspec

from console.model.device import Gas
from console.model.quantities import plain
from drivers.inputs.text import Line

LONGEST_FREEZE_S = 240.0
LONGEST_FROM_TARGET_S = 180.0
SHORTEST_FREEZE_S = 5.0
LONGEST_THAW_S = 600.0
WARMEST_TARGET_CELSIUS = -20.0
MOST_SITES = 4
MOST_CYCLES = 8
"""Of one site."""
LONGEST_NERVE = 40
"""Letters of a nerve's name."""
LONGEST_NAME = 60
"""Letters of a plan's own name."""
LONGEST_CASE = 40
"""Letters of a case number."""
LONGEST_INITIALS = 20
"""Letters by which somebody signs."""
LONGEST_AMENDMENT = 2_000
"""Letters of what is added to a record: half a page of the report."""


class Side(StrEnum):
    """Always a word on screen, never a letter."""

    LEFT = "left"
    RIGHT = "right"
    MIDLINE = "midline"


class Confirmation(StrEnum):
    """How the plan says that a site is confirmed before it is frozen."""

    STIMULATION = "stimulation"
    ULTRASOUND = "ultrasound"
    DIRECT_VISION = "direct vision"


class Timing(StrEnum):
    """When the freeze timer starts."""

    FROM_START = "from_start"
    FROM_TARGET = "from_target"


class ThawEnd(StrEnum):
    """When the next freeze may begin."""

    TIME = "time"
    TIP_ABOVE = "tip_above"


class NextFreeze(StrEnum):
    """Whether the next freeze waits for the operator."""

    ASK = "ask"
    AUTO = "auto"


class Cycle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One freeze and the thaw after it; the last thaw of a site lasts until release."""

    freeze_s: float
    thaw_s: float = 45.0


class Site(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One nerve on one side. `confirmed_by` other than stimulation asks for no test;
    `motor_loss_consented`: a muscle that contracts there keeps nothing from starting."""

    nerve: Annotated[str, Line(LONGEST_NERVE)]
    side: Side
    cycles: tuple[Cycle, ...]
    confirmed_by: Confirmation = Confirmation.STIMULATION
    motor_loss_consented: bool = False


class StimulationPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rates of the two tests."""

    sensory_hz: float = 50.0
    motor_hz: float = 2.0


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole session. Targets in °C of the tip."""

    sites: tuple[Site, ...]
    target_celsius: float = -70.0
    timing: Timing = Timing.FROM_START
    thaw_end: ThawEnd = ThawEnd.TIME
    thaw_tip_celsius: float = 10.0
    next_freeze: NextFreeze = NextFreeze.ASK
    stimulation: StimulationPlan | None = None
    name: Annotated[str, Line(LONGEST_NAME)] = ""


USUAL_TARGET_CELSIUS: Final = {Gas.N2O: -70.0, Gas.CO2: -60.0}
"""Of the tip, by gas: product.md, "Clinical facts"."""


def with_gas(plan: Plan, gas: Gas) -> Plan:
    """A preset for a console with this gas: the same freezes, at that gas's usual target."""
    return msgspec.structs.replace(plan, target_celsius=USUAL_TARGET_CELSIUS[gas])


def problems(plan: Plan) -> list[str]:
    """What makes the plan malformed, by key, whatever the console; empty when nothing does."""
    found = []
    if not plan.sites:
        found.append("sites: at least one is needed")
    if len(plan.sites) > MOST_SITES:
        found.append(f"sites: {len(plan.sites)} are too many, at most {MOST_SITES}")
    if not plan.target_celsius <= WARMEST_TARGET_CELSIUS:
        found.append(
            f"target_celsius: {plain(plan.target_celsius)} is too warm to freeze a nerve, "
            f"{plain(WARMEST_TARGET_CELSIUS)} or colder"
        )
    if not plan.target_celsius > -200.0:
        found.append(f"target_celsius: {plain(plan.target_celsius)} is no temperature of a tip")
    if not 0.0 <= plan.thaw_tip_celsius <= 30.0:
        found.append(f"thaw_tip_celsius: {plain(plan.thaw_tip_celsius)}, from 0 to 30")
    for number, site in enumerate(plan.sites):
        found += _site_problems(plan, site, f"sites[{number}]")
    if plan.stimulation is not None:
        if not 50.0 <= plan.stimulation.sensory_hz <= 100.0:
            found.append(
                f"stimulation.sensory_hz: {plain(plan.stimulation.sensory_hz)}, from 50 to 100"
            )
        if not 1.0 <= plan.stimulation.motor_hz <= 5.0:
            found.append(f"stimulation.motor_hz: {plain(plan.stimulation.motor_hz)}, from 1 to 5")
    return found


def _site_problems(plan: Plan, site: Site, where: str) -> list[str]:
    found = []
    longest = LONGEST_FREEZE_S if plan.timing is Timing.FROM_START else LONGEST_FROM_TARGET_S
    if not site.nerve.strip():
        found.append(f"{where}.nerve: a name is needed")
    if not site.cycles:
        found.append(f"{where}.cycles: at least one is needed")
    if len(site.cycles) > MOST_CYCLES:
        found.append(f"{where}.cycles: {len(site.cycles)} are too many, at most {MOST_CYCLES}")
    for number, cycle in enumerate(site.cycles):
        if not SHORTEST_FREEZE_S <= cycle.freeze_s <= longest:
            found.append(
                f"{where}.cycles[{number}].freeze_s: {plain(cycle.freeze_s)}, "
                f"from {plain(SHORTEST_FREEZE_S)} to {plain(longest)}"
            )
        if not 0.0 <= cycle.thaw_s <= LONGEST_THAW_S:
            found.append(
                f"{where}.cycles[{number}].thaw_s: {plain(cycle.thaw_s)}, "
                f"from 0 to {plain(LONGEST_THAW_S)}"
            )
    return found
