"""A plan while it is being made: what is chosen so far, what may be changed, and what is missing.
Each change gives the draft after it, or the limit that refuses it. Pure."""

from enum import StrEnum

import msgspec

from console.model.plan import (
    LONGEST_FREEZE_S,
    LONGEST_FROM_TARGET_S,
    LONGEST_THAW_S,
    MOST_CYCLES,
    MOST_SITES,
    SHORTEST_FREEZE_S,
    WARMEST_TARGET_CELSIUS,
    Confirmation,
    Cycle,
    NextFreeze,
    Plan,
    Side,
    Site,
    StimulationPlan,
    ThawEnd,
    Timing,
)

LEAST_THAW_S = 0.0


class Limit(StrEnum):
    """Why a change is refused."""

    LONGEST_FREEZE = "longest freeze"
    LONGEST_FROM_TARGET = "longest freeze from target"
    SHORTEST_FREEZE = "shortest freeze"
    LONGEST_THAW = "longest thaw"
    NO_THAW = "no thaw"
    COLDEST_TARGET = "coldest target"
    WARMEST_TARGET = "warmest target"
    LAST_CYCLE = "last cycle"
    MOST_CYCLES = "most cycles"
    LAST_SITE = "last site"
    MOST_SITES = "most sites"
    NO_CYCLES = "no cycles"


class Lacking(StrEnum):
    """What a site still lacks."""

    CYCLES = "cycles"
    NERVE = "nerve"
    SIDE = "side"
    TWICE = "twice"  # the same nerve on the same side stands before it


class SiteDraft(msgspec.Struct, frozen=True):
    """A site so far: no side and no freezes before they are chosen."""

    nerve: str = ""
    side: Side | None = None
    cycles: tuple[Cycle, ...] = ()
    confirmed_by: Confirmation = Confirmation.STIMULATION
    motor_loss_consented: bool = False


class Draft(msgspec.Struct, frozen=True):
    """The plan so far. `at`: the site that is being changed. Target in °C of the tip, None before a
    preset has given one."""

    sites: tuple[SiteDraft, ...] = (SiteDraft(),)
    at: int = 0
    target_celsius: float | None = None
    timing: Timing = Timing.FROM_START
    thaw_end: ThawEnd = ThawEnd.TIME
    next_freeze: NextFreeze = NextFreeze.ASK
    name: str = ""

    @property
    def site(self) -> SiteDraft:
        """The one that is being changed."""
        return self.sites[self.at]

    @property
    def longest_freeze_s(self) -> float:
        """Of one freeze, by what its timer counts from."""
        from_start = self.timing is Timing.FROM_START
        return LONGEST_FREEZE_S if from_start else LONGEST_FROM_TARGET_S


def with_preset(draft: Draft, preset: Plan) -> Draft:
    """The freezes of a preset at this site; its target and timing count for the whole plan."""
    draft = msgspec.structs.replace(
        draft,
        target_celsius=preset.target_celsius,
        timing=preset.timing,
        thaw_end=preset.thaw_end,
        next_freeze=preset.next_freeze,
        name=preset.name if len(draft.sites) == 1 else "",
    )
    return with_site(draft, cycles=preset.sites[0].cycles)


def with_site(draft: Draft, **changes: object) -> Draft:
    """This site with some of its fields changed."""
    one = msgspec.structs.replace(draft.site, **changes)
    sites = (*draft.sites[: draft.at], one, *draft.sites[draft.at + 1 :])
    return msgspec.structs.replace(draft, sites=sites)


# --- sites ------------------------------------------------------------------------------------


def chosen(draft: Draft, at: int) -> Draft:
    """The site with this number is changed from now on."""
    return msgspec.structs.replace(draft, at=at)


def add_site(draft: Draft) -> Draft | Limit:
    """One more site at the end, with the freezes of this one and neither nerve nor side."""
    if len(draft.sites) >= MOST_SITES:
        return Limit.MOST_SITES
    new = SiteDraft(cycles=draft.site.cycles, confirmed_by=draft.site.confirmed_by)
    return msgspec.structs.replace(draft, sites=(*draft.sites, new), at=len(draft.sites))


def remove_site(draft: Draft) -> Draft | Limit:
    """Without this site."""
    if len(draft.sites) == 1:
        return Limit.LAST_SITE
    sites = (*draft.sites[: draft.at], *draft.sites[draft.at + 1 :])
    return msgspec.structs.replace(draft, sites=sites, at=min(draft.at, len(sites) - 1))


def move_site(draft: Draft, by: int) -> Draft:
    """This site earlier (-1) or later (+1) in the order of the treatment; it stays chosen."""
    to = min(max(draft.at + by, 0), len(draft.sites) - 1)
    sites = list(draft.sites)
    sites.insert(to, sites.pop(draft.at))
    return msgspec.structs.replace(draft, sites=tuple(sites), at=to)


# --- freezes ----------------------------------------------------------------------------------


def lengthen_freeze(draft: Draft, cycle: int, by_s: float) -> Draft | Limit:
    """A freeze of this site longer by so much, or shorter."""
    freeze_s = draft.site.cycles[cycle].freeze_s + by_s
    if freeze_s > draft.longest_freeze_s:
        return _too_long(draft)
    if freeze_s < SHORTEST_FREEZE_S:
        return Limit.SHORTEST_FREEZE
    return _with_cycle(draft, cycle, freeze_s=freeze_s)


def lengthen_thaw(draft: Draft, cycle: int, by_s: float) -> Draft | Limit:
    """The thaw after a freeze of this site longer by so much, or shorter."""
    thaw_s = draft.site.cycles[cycle].thaw_s + by_s
    if thaw_s > LONGEST_THAW_S:
        return Limit.LONGEST_THAW
    if thaw_s < LEAST_THAW_S:
        return Limit.NO_THAW
    return _with_cycle(draft, cycle, thaw_s=thaw_s)


def _with_cycle(draft: Draft, cycle: int, **changes: float) -> Draft:
    cycles = list(draft.site.cycles)
    cycles[cycle] = msgspec.structs.replace(cycles[cycle], **changes)
    return _edited(draft, tuple(cycles))


def _edited(draft: Draft, cycles: tuple[Cycle, ...]) -> Draft:
    # What was changed by hand is no preset any more.
    return msgspec.structs.replace(with_site(draft, cycles=cycles), name="")


def _too_long(draft: Draft) -> Limit:
    from_start = draft.timing is Timing.FROM_START
    return Limit.LONGEST_FREEZE if from_start else Limit.LONGEST_FROM_TARGET


def add_cycle(draft: Draft) -> Draft | Limit:
    """One more freeze at this site, as its last one."""
    cycles = draft.site.cycles
    if not cycles:
        return Limit.NO_CYCLES
    if len(cycles) >= MOST_CYCLES:
        return Limit.MOST_CYCLES
    return _edited(draft, (*cycles, cycles[-1]))


def remove_cycle(draft: Draft, cycle: int) -> Draft | Limit:
    """Without this freeze and the thaw after it."""
    cycles = draft.site.cycles
    if len(cycles) <= 1:
        return Limit.LAST_CYCLE
    return _edited(draft, (*cycles[:cycle], *cycles[cycle + 1 :]))


# --- for all sites ----------------------------------------------------------------------------


def warmer(draft: Draft, by_celsius: float, coldest_celsius: float | None) -> Draft | Limit:
    """The target warmer by so much, or colder, down to what the console can hold."""
    if draft.target_celsius is None:
        return Limit.NO_CYCLES
    target = draft.target_celsius + by_celsius
    if target > WARMEST_TARGET_CELSIUS:
        return Limit.WARMEST_TARGET
    if coldest_celsius is not None and target < coldest_celsius - 0.01:
        return Limit.COLDEST_TARGET
    return msgspec.structs.replace(draft, target_celsius=target, name="")


def timed(draft: Draft, timing: Timing) -> Draft | Limit:
    """What all freezes are timed from."""
    changed = msgspec.structs.replace(draft, timing=timing)
    freezes = [cycle.freeze_s for site in draft.sites for cycle in site.cycles]
    if max(freezes, default=0.0) > changed.longest_freeze_s:
        return _too_long(changed)
    return changed


def thawed(draft: Draft, thaw_end: ThawEnd) -> Draft:
    """What ends all thaws."""
    return msgspec.structs.replace(draft, thaw_end=thaw_end)


def followed(draft: Draft, next_freeze: NextFreeze) -> Draft:
    """Whether the next freezes wait to be asked for."""
    return msgspec.structs.replace(draft, next_freeze=next_freeze)


# --- the end ----------------------------------------------------------------------------------


def lacking(draft: Draft) -> tuple[int, Lacking] | None:
    """The first site that lacks something, and what; None when the plan is whole."""
    for index, site in enumerate(draft.sites):
        if not site.cycles:
            return index, Lacking.CYCLES
        if not site.nerve.strip():
            return index, Lacking.NERVE
        if site.side is None:
            return index, Lacking.SIDE
        before = [(each.nerve.strip().casefold(), each.side) for each in draft.sites[:index]]
        if (site.nerve.strip().casefold(), site.side) in before:
            return index, Lacking.TWICE
    return None


def plan_of(draft: Draft) -> Plan | None:
    """The plan that was made, None while something lacks."""
    if lacking(draft) is not None or draft.target_celsius is None:
        return None
    sites = tuple(
        Site(
            site.nerve.strip(),
            site.side,
            site.cycles,
            site.confirmed_by,
            site.motor_loss_consented,
        )
        for site in draft.sites
        if site.side is not None
    )
    return Plan(
        sites,
        target_celsius=draft.target_celsius,
        timing=draft.timing,
        thaw_end=draft.thaw_end,
        next_freeze=draft.next_freeze,
        stimulation=StimulationPlan(),
        name=draft.name,
    )
