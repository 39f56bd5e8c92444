"""The plan while it is being made: every change, and every limit that refuses one."""

import msgspec
import pytest

from console.model import draft as drafts
from console.model.draft import Draft, Lacking, Limit, SiteDraft
from console.model.plan import MOST_CYCLES, MOST_SITES, Cycle, Plan, Side, Site, Timing, problems

PRESET = Plan((Site("", Side.LEFT, (Cycle(120.0), Cycle(120.0))),), name="2 × 2:00")
WHOLE = drafts.with_site(drafts.with_preset(Draft(), PRESET), nerve=" sural ", side=Side.RIGHT)


def _taken(made: Draft | Limit) -> Draft:
    assert isinstance(made, Draft), made
    return made


def test_a_preset_brings_its_freezes_and_neither_nerve_nor_side() -> None:
    made = drafts.with_preset(Draft(), PRESET)
    assert made.site == SiteDraft(cycles=PRESET.sites[0].cycles)
    assert (made.target_celsius, made.name) == (-70.0, "2 × 2:00")


def test_the_plan_is_whole_only_with_freezes_nerve_and_side() -> None:
    draft = Draft()
    assert drafts.lacking(draft) == (0, Lacking.CYCLES)
    draft = drafts.with_preset(draft, PRESET)
    assert drafts.lacking(draft) == (0, Lacking.NERVE)
    draft = drafts.with_site(draft, nerve="sural")
    assert drafts.lacking(draft) == (0, Lacking.SIDE)
    assert drafts.plan_of(draft) is None
    draft = drafts.with_site(draft, side=Side.LEFT)
    plan = drafts.plan_of(draft)
    assert plan is not None and problems(plan) == []
    assert (plan.sites[0].nerve, plan.name) == ("sural", "2 × 2:00")


def test_what_was_changed_by_hand_has_no_name_of_a_preset() -> None:
    assert _taken(drafts.lengthen_freeze(WHOLE, 0, 15.0)).name == ""
    assert _taken(drafts.warmer(WHOLE, 1.0, None)).name == ""


@pytest.mark.parametrize(
    ("made", "limit"),
    [
        (drafts.lengthen_freeze(WHOLE, 0, 120.5), Limit.LONGEST_FREEZE),
        (drafts.lengthen_freeze(WHOLE, 1, -115.5), Limit.SHORTEST_FREEZE),
        (drafts.lengthen_thaw(WHOLE, 0, 555.5), Limit.LONGEST_THAW),
        (drafts.lengthen_thaw(WHOLE, 0, -45.5), Limit.NO_THAW),
        (drafts.warmer(WHOLE, -5.5, -75.0), Limit.COLDEST_TARGET),
        (drafts.warmer(WHOLE, 50.5, None), Limit.WARMEST_TARGET),
        (drafts.warmer(Draft(), 1.0, None), Limit.NO_CYCLES),
        (drafts.remove_cycle(_taken(drafts.remove_cycle(WHOLE, 0)), 0), Limit.LAST_CYCLE),
        (drafts.remove_site(WHOLE), Limit.LAST_SITE),
        (drafts.add_cycle(Draft()), Limit.NO_CYCLES),
    ],
)
def test_a_change_past_its_limit_is_refused_by_name(made: Draft | Limit, limit: Limit) -> None:
    assert made is limit


@pytest.mark.parametrize(
    "made",
    [
        drafts.lengthen_freeze(WHOLE, 0, 120.0),
        drafts.lengthen_freeze(WHOLE, 1, -115.0),
        drafts.lengthen_thaw(WHOLE, 0, 555.0),
        drafts.lengthen_thaw(WHOLE, 0, -45.0),
        drafts.warmer(WHOLE, -5.0, -75.0),
        drafts.warmer(WHOLE, 50.0, None),
    ],
)
def test_up_to_its_limit_a_change_is_taken_and_the_plan_has_no_problem(made: Draft | Limit) -> None:
    plan = drafts.plan_of(_taken(made))
    assert plan is not None and problems(plan) == []


def test_timed_from_the_target_every_freeze_of_every_site_must_fit() -> None:
    longer = _taken(drafts.lengthen_freeze(WHOLE, 0, 60.5))
    other = _taken(drafts.add_site(longer))
    short = drafts.with_site(other, cycles=(Cycle(60.0),))
    assert drafts.timed(short, Timing.FROM_TARGET) is Limit.LONGEST_FROM_TARGET
    timed = _taken(drafts.timed(WHOLE, Timing.FROM_TARGET))
    assert drafts.lengthen_freeze(timed, 0, 60.5) is Limit.LONGEST_FROM_TARGET


def test_there_are_at_most_so_many_freezes_and_sites() -> None:
    draft = WHOLE
    for _ in range(MOST_CYCLES - 2):
        draft = _taken(drafts.add_cycle(draft))
    assert drafts.add_cycle(draft) is Limit.MOST_CYCLES
    for _ in range(MOST_SITES - 1):
        draft = _taken(drafts.add_site(draft))
    assert drafts.add_site(draft) is Limit.MOST_SITES


def test_a_site_that_is_moved_stays_the_chosen_one() -> None:
    draft = drafts.with_site(_taken(drafts.add_site(WHOLE)), nerve="saphenous", side=Side.LEFT)
    draft = drafts.move_site(draft, -1)
    assert (draft.at, draft.site.nerve) == (0, "saphenous")
    assert drafts.move_site(draft, -1) == draft
    draft = _taken(drafts.remove_site(draft))
    assert (draft.at, draft.site.nerve) == (0, " sural ")


def test_one_nerve_is_not_there_twice_on_a_side_however_it_is_written() -> None:
    draft = drafts.with_site(_taken(drafts.add_site(WHOLE)), nerve="SURAL", side=Side.RIGHT)
    assert drafts.lacking(draft) == (1, Lacking.TWICE)
    assert drafts.lacking(drafts.with_site(draft, side=Side.LEFT)) is None


def test_the_plan_keeps_what_was_said_of_each_site() -> None:
    site = msgspec.structs.replace(WHOLE.site, motor_loss_consented=True)
    plan = drafts.plan_of(msgspec.structs.replace(WHOLE, sites=(site,)))
    assert plan is not None and plan.sites[0].motor_loss_consented
