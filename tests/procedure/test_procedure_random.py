"""Whatever is asked, seen and answered, in whatever order: no start without its own intent, token
and wish; no freeze that the device does not tell; no freeze beyond the plan."""

import random
from collections.abc import Callable
from typing import Final

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from procedure_kit import FREEZING, ROOM, Case, plan

from console.control.procedure_door import loaded, saved
from console.control.state import SavedCase
from console.model.console_check import CheckItem, CheckStanding
from console.model.cycle import CycleState
from console.model.device import DeviceState
from console.model.event import EventKind
from console.model.observation import FreezeEnd
from console.model.plan import NextFreeze, ThawEnd, Timing
from console.model.request import (
    AddFreeze,
    AfterStop,
    AnswerCheck,
    BackToPrepare,
    CheckLineBack,
    ChoosePlan,
    Decide,
    EndCheck,
    EndFreeze,
    ExtendFreeze,
    FinishHere,
    NewSession,
    OpenCheck,
    OpenTimeOut,
    ProbeMoved,
    ProbeOut,
    StartCheck,
    StartFreeze,
    StartStimulation,
    StepAmplitude,
    Stimulate,
    ToFreeze,
    Wait,
)
from console.model.snapshot import Phase
from console.model.stimulation import AmplitudeStep, StimulationKind
from console.procedure import console_check, step
from console.procedure.state import Effects, Persist, SendArm, SendStart, Stage

ASKED: Final = (
    EndFreeze(), ExtendFreeze(), Wait(), FinishHere(), AddFreeze(), ProbeMoved(), ProbeOut(),
    ProbeOut("x"), NewSession(), Stimulate(), ToFreeze(), OpenTimeOut(), BackToPrepare(),
    StartStimulation(StimulationKind.SENSORY), StepAmplitude(AmplitudeStep.UP),
    OpenCheck(), EndCheck(), CheckLineBack(), *(StartCheck(item) for item in CheckItem),
    *(AnswerCheck(item, passed) for item in CheckItem for passed in (True, False)),
    Decide(AfterStop.REPEAT), Decide(AfterStop.COUNT), Decide(AfterStop.FINISH),
)  # fmt: skip
PLANS: Final = st.builds(
    plan,
    st.sampled_from([5.0, 60.0]),
    st.sampled_from([60.0, 240.0]),
    thaw_s=st.sampled_from([0.0, 1.0]),
    sites=st.integers(1, 2),
    next_freeze=st.sampled_from(NextFreeze),
    thaw_end=st.sampled_from(ThawEnd),
)


class Session(RuleBasedStateMachine):
    """Keeps beside the procedure what must have gone before each of its commands."""

    case: Case
    wanted: bool  # a start was asked for, or came by itself, and nothing has cancelled it
    durable: bool
    token: bool  # of an ARM of this start, not spent

    @initialize(chosen=PLANS)
    def begins(self, chosen: object) -> None:
        self.case = Case(chosen)  # type: ignore[arg-type]
        self.wanted = self.durable = self.token = False
        self.been: set[Phase] = set()

    def _follow(self, before: Phase, effects: Effects, *, auto: bool = False) -> None:
        for effect in effects:
            if isinstance(effect, SendArm) and not effect.stimulation:
                assert self.wanted and self.durable, "ARM before the intent is on disk"
            if isinstance(effect, SendStart):
                assert self.wanted and self.token, "START without a fresh token"
                self.token = False
        before_way, self.on_its_way = self.on_its_way, self._on_its_way()
        if not before_way and self.on_its_way:
            assert auto or self.asked_start, "a start that nobody wanted"
            assert any(isinstance(e, Persist) for e in effects)
            self.wanted, self.durable, self.token = True, False, False
        if not self.on_its_way:
            self.wanted = self.durable = self.token = False

    def _on_its_way(self) -> bool:
        """A freeze, or gas for a test of the check, is asked for and not yet on."""
        run = self.case.proc.checking
        tested = run is not None and run.gas and run.stage is not None
        return tested or self.case.phase is Phase.STARTING

    asked_start = on_its_way = False

    @rule(asked=st.sampled_from(ASKED))
    def asks(self, asked: object) -> None:
        before, said = self.case.phase, len(self.case.said)
        done = self.case.ask(asked) is None  # type: ignore[arg-type]
        self.asked_start = done and isinstance(asked, StartCheck)
        self._follow(before, tuple(self.case.said[said:]))
        self.asked_start = False

    @rule()
    def check_goes_on(self) -> None:
        """A line of the check, or its end: what would rarely come by chance."""
        if self.case.phase is Phase.CHECK and self.case.proc.checking is None:
            self.case.see(DeviceState.IDLE, ROOM)
            line = console_check.current(self.case.proc)
            if line is None:
                self.case.ask(EndCheck())
            elif console_check.standing(self.case.proc, line.item) is not CheckStanding.RUN:
                self.case.does(line.item)
            else:
                self.case.ask(AnswerCheck(line.item, passed=True))

    @rule()
    def asks_to_start(self) -> None:
        before, said = self.case.phase, len(self.case.said)
        self.asked_start = self.case.ask(StartFreeze()) is None
        self._follow(before, tuple(self.case.said[said:]))
        self.asked_start = False

    @rule(chosen=PLANS)
    def chooses(self, chosen: object) -> None:
        before, said = self.case.phase, len(self.case.said)
        self.case.ask(ChoosePlan(chosen, how="demonstration"))  # type: ignore[arg-type]
        self._follow(before, tuple(self.case.said[said:]))

    @rule(
        state=st.sampled_from([FREEZING, FREEZING, DeviceState.THAWING, DeviceState.IDLE]),
        tip=st.sampled_from([None, -70.0, -8.0, 20.0]),
        ms=st.sampled_from([50, 50, 50, 700, 1_001]),
        free=st.booleans(),
    )
    def sees(self, state: DeviceState, tip: float | None, ms: int, free: bool) -> None:
        before, held = self.case.phase, self.case.proc.hold
        stage = self.case.proc.starting
        effects = self.case.see(state, tip, ms=ms, free=free)
        if before is not Phase.FREEZING and self.case.phase is Phase.FREEZING:
            assert state is FREEZING
            assert before is Phase.STARTING and stage is not None
            assert stage.stage is Stage.OPENING, "gas before its grant is not this freeze"
        auto = self.case.proc.plan is not None and (
            self.case.proc.plan.next_freeze is NextFreeze.AUTO and not held
        )
        self._follow(before, effects, auto=auto)

    @rule()
    def is_on_disk(self) -> None:
        before = self.case.phase
        self.durable = self.wanted
        self._follow(before, self.case.take(step.durable(self.case.proc)))

    @rule()
    def is_armed(self) -> None:
        before, proc = self.case.phase, self.case.proc
        starts = (proc.starting, proc.checking)
        self.token = any(start is not None and start.stage is Stage.ARM for start in starts)
        self._follow(before, self.case.take(step.armed(self.case.proc)))

    @rule()
    def is_granted(self) -> None:
        before = self.case.phase
        self._follow(before, self.case.take(step.granted(self.case.proc)))

    @rule()
    def goes_well(self) -> None:
        """A whole start, or the end of a freeze by its timer: what would rarely come by chance."""
        if self.case.phase in (Phase.READY, Phase.THAWING):
            self.asks_to_start()
        if self.case.phase is Phase.STARTING:
            self.is_on_disk()
            self.is_armed()
            self.is_granted()
            self.sees(FREEZING, -20.0, 50, False)
        elif self.case.phase is Phase.FREEZING:
            self.end_is_told(FreezeEnd.TIMER, None)
            self.sees(DeviceState.THAWING, -8.0, 1_001, False)

    @rule()
    def start_fails(self) -> None:
        before = self.case.phase
        self._follow(before, self.case.take(step.start_failed(self.case.proc, "x")))

    @rule()
    def end_fails_and_extends(self) -> None:
        self.case.take(step.end_failed(self.case.proc))
        self.case.take(step.extended(self.case.proc, 5.0))

    @rule(why=st.sampled_from(FreezeEnd), ran_ms=st.sampled_from([None, 20, 5_000]))
    def end_is_told(self, why: FreezeEnd, ran_ms: int | None) -> None:
        before = self.case.phase
        self._follow(before, self.case.end_said(why, ran_ms=ran_ms))

    @rule(state=st.sampled_from([FREEZING, DeviceState.THAWING]), ago=st.sampled_from([0, 9_000]))
    def state_is_told(self, state: DeviceState, ago: int) -> None:
        before = self.case.phase
        effects = self.case.state_said(state, at_ms=self.case.at_ms - ago)
        self._follow(before, effects)

    @rule(by_operator=st.booleans())
    def stops(self, by_operator: bool) -> None:
        before = self.case.phase
        effects = self.case.stop("x", by_operator=by_operator)
        self._follow(before, effects)
        assert not self.case.proc.gas_wanted
        assert self.case.proc.hold

    @rule(same_boot=st.booleans())
    def is_taken_up_again(self, same_boot: bool) -> None:
        before = self.case.phase
        proc = loaded(saved(SavedCase(self.case.proc, "p", 1, "s"))).procedure
        assert proc == self.case.proc
        effects = self.case.take(step.resumed(proc, "x", same_boot=same_boot))
        if not same_boot:
            self.case.at_ms = 0
        self._follow(before, effects)
        assert not self.case.proc.gas_wanted and self.case.proc.hold

    # --- always --------------------------------------------------------------------------------

    @invariant()
    def a_freeze_is_what_the_device_tells(self) -> None:
        case = self.case
        if case.phase is Phase.FREEZING:
            seen = case.now.observation
            assert seen is not None
            ending = case.proc.ending_ms is not None
            assert seen.state is FREEZING or ending
            assert case.record.state is CycleState.FREEZING and case.proc.gas_off_ms is None

    @invariant()
    def nothing_is_beyond_the_plan(self) -> None:
        proc = self.case.proc
        if proc.plan is None:
            assert proc.phase is Phase.PREPARE and proc.records == ()
            return
        assert 0 <= proc.site < len(proc.plan.sites)
        cycles = proc.plan.sites[proc.site].cycles
        assert 0 <= proc.cycle <= len(cycles)
        if proc.phase in (Phase.STARTING, Phase.FREEZING, Phase.STOPPED):
            assert proc.current_cycle is not None
        if proc.phase in (Phase.READY, Phase.THAWING):
            assert proc.cycle < len(cycles), "there is one to come"
        for record in proc.records:
            planned = proc.plan.sites[record.site].cycles[record.number - 1]
            assert record.planned_freeze_s == planned.freeze_s
            timing_s = 0.0 if proc.plan.timing is Timing.FROM_START else 180.0
            assert record.planned_freeze_s <= 240.0 - timing_s
        counted = [r for r in proc.records if r.state in (
            CycleState.DONE, CycleState.ENDED_EARLY, CycleState.COUNTED)]  # fmt: skip
        of_site = [r for r in counted if r.site == proc.site]
        assert len(of_site) == proc.cycle, "each that counts is one of the plan"
        assert len({(r.site, r.number) for r in counted}) == len(counted)

    @invariant()
    def only_the_newest_runs(self) -> None:
        running = [r for r in self.case.proc.records if r.state is CycleState.FREEZING]
        assert len(running) == (self.case.phase is Phase.FREEZING)
        assert not running or running[0] is self.case.record
        for record in self.case.proc.records:
            if record.state is not CycleState.FREEZING:
                assert record.end is not None
        assert (self.case.proc.starting is not None) is (self.case.phase is Phase.STARTING)


TestSession = Session.TestCase
TestSession.settings = settings(
    derandomize=True, max_examples=40, stateful_step_count=30, deadline=None
)


def wander(seed: int, steps: int) -> Session:
    """The same machine on a longer way, led by chance to where things happen."""
    chance = random.Random(seed)
    session = Session()
    freezes = [chance.choice((5.0, 60.0, 240.0)) for _ in range(chance.randint(1, 4))]
    chosen = plan(
        *freezes,
        thaw_s=chance.choice((0.0, 1.0)),
        sites=chance.randint(1, 2),
        next_freeze=chance.choice(list(NextFreeze)),
        thaw_end=chance.choice(list(ThawEnd)),
    )
    session.begins(chosen)
    states = (FREEZING, FREEZING, DeviceState.THAWING, DeviceState.IDLE)

    def looks() -> None:
        session.sees(
            chance.choice(states),
            chance.choice((None, -70.0, -8.0, 20.0)),
            chance.choice((50, 50, 50, 700, 1_001)),
            chance.random() < 0.5,
        )

    ways: tuple[tuple[int, Callable[[], None]], ...] = (
        (20, session.goes_well),
        (20, session.check_goes_on),
        (12, looks),
        (6, session.asks_to_start),
        (6, lambda: session.asks(chance.choice(ASKED))),
        (4, lambda: session.chooses(chosen)),
        (4, session.is_on_disk),
        (4, session.is_armed),
        (4, session.is_granted),
        (1, session.start_fails),
        (2, session.end_fails_and_extends),
        (3, lambda: session.end_is_told(chance.choice(list(FreezeEnd)), chance.choice((None, 20)))),
        (2, lambda: session.state_is_told(chance.choice(states), chance.choice((0, 9_000)))),
        (2, lambda: session.stops(chance.random() < 0.5)),
        (1, lambda: session.is_taken_up_again(chance.random() < 0.5)),
    )
    weights = [weight for weight, _ in ways]
    for _ in range(steps):
        chance.choices(ways, weights)[0][1]()
        session.a_freeze_is_what_the_device_tells()
        session.nothing_is_beyond_the_plan()
        session.only_the_newest_runs()
        session.been.add(session.case.phase)
    return session


def test_long_ways_that_reach_everything() -> None:
    been: set[Phase] = set()
    freezes = checks = 0
    for seed in range(400):
        session = wander(seed, 120)
        been |= session.been
        freezes += len(session.case.texts(EventKind.FREEZE_STARTED))
        checks += len(session.case.texts(EventKind.CHECK_DONE))
    assert been == set(Phase) and freezes > 600 and checks > 3
