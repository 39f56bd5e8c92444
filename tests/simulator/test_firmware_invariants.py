"""Whatever a host sends, loses or repeats, and whatever the sensors say: what must never be."""

import hypothesis.strategies as st
from firmware_bed import Bed
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from drivers.link.codes import DeviceState, Quality, Result
from drivers.link.frame import Frame, encode
from drivers.link.messages import (
    Answer,
    Arm,
    End,
    EnterMaintenance,
    ExerciseActuator,
    Extend,
    Heartbeat,
    Message,
    Reboot,
    Reset,
    SetAmplitude,
    StartFreeze,
    StartStimulation,
    StimulationOff,
    Stop,
    Thaw,
    pack,
    to_centikelvin,
)
from drivers.link.messages import Test as Check
from simulator.firmware import ProbeChip

COMMANDS: tuple[Message, ...] = (
    Arm(1), Arm(2), End(), Thaw(1), Thaw(0), Reset(), StimulationOff(), SetAmplitude(3_000),
    SetAmplitude(0), Extend(10_000), Extend(0xFFFFFFFF), Check(1), Check(2), EnterMaintenance(1),
    EnterMaintenance(0), ExerciseActuator(1, 100, 5_000), ExerciseActuator(4, 100, 5_000), Reboot(),
)  # fmt: skip
SENSORS: tuple[dict[str, object], ...] = (
    {},
    {"tip_celsius": None, "tip_quality": Quality.OPEN},
    {"tip_celsius": -90.0},
    {"tip_celsius": -70.0},
    {"supply_kpa": 3_000.0},
    {"supply_kpa": None},
    {"probe": None},
    {"probe": ProbeChip(serial="ANOTHER")},
    {"pedal_down": True},
    {"stop_line": True},
    {"maintenance_switch": True},
    {"exhaust_kpa": None, "flow_mg_s": None},
)


class AnyHost(RuleBasedStateMachine):
    """Random commands, echoes, losses, repeats, restarts and sensors."""

    @initialize()
    def open(self) -> None:
        self.bed = Bed()
        self.bed.hello()
        self.bed.beats = False
        self.token = 0
        self.sent: list[bytes] = []
        self.stopped = False

    @rule(command=st.sampled_from(COMMANDS))
    def command(self, command: Message) -> None:
        answer = self.send(command)
        if isinstance(command, Arm) and isinstance(answer, Answer) and answer.result == Result.DONE:
            self.token = answer.value

    @rule(ahead=st.integers(0, 400), freeze_ms=st.sampled_from((1, 5_000, 240_000)))
    def start(self, ahead: int, freeze_ms: int) -> None:
        expires = self.bed.firmware.now_ms + ahead
        message = StartFreeze(self.token, expires, to_centikelvin(-70), 1, 0, freeze_ms, 240_000)
        answer = self.send(message)
        if isinstance(answer, Answer) and answer.result == Result.DONE:
            self.stopped = False

    @rule(action=st.sampled_from((1, 2)))
    def begin(self, action: int) -> None:
        """What a good host does, so that gas and current are on often enough."""
        self.send(Heartbeat(self.bed.firmware.now_ms))
        self.command(Arm(action))
        if action == 1:
            self.start(100, 5_000)
        else:
            self.stimulate(100)

    @rule(ahead=st.integers(0, 400))
    def stimulate(self, ahead: int) -> None:
        expires = self.bed.firmware.now_ms + ahead
        self.send(StartStimulation(self.token, expires, 1, 0, 500, 500, 3_000))

    @rule()
    def stop(self) -> None:
        self.send(Stop())
        self.stopped = True
        assert not self.bed.firmware.device.drive.valve_duty
        assert not self.bed.firmware.device.drive.stimulator_on

    @rule(behind=st.integers(-2_000, 2_000))
    def beat(self, behind: int) -> None:
        self.send(Heartbeat(max(0, self.bed.firmware.now_ms - behind)))

    @rule(back=st.integers(1, 8))
    def repeat(self, back: int) -> None:
        if back <= len(self.sent):
            self.bed.firmware.hear(self.sent[-back])
            self.bed.collect()

    @rule(session=st.integers(1, 0xFFFFFFFF) | st.integers(1, 3))
    def hello(self, session: int) -> None:
        before = self.bed.firmware.device.link.session
        self.bed.hello(session)
        if self.bed.firmware.device.link.session != before:
            assert not self.bed.firmware.device.drive.valve_duty
            assert not self.bed.firmware.device.drive.stimulator_on

    @rule(ms=st.sampled_from((1, 20, 55, 300, 1_100, 7_000)), beats=st.booleans())
    def wait(self, ms: int, beats: bool) -> None:
        self.bed.beats = beats
        self.bed.run(ms)
        self.bed.beats = False

    @rule(sensors=st.sampled_from(SENSORS))
    def sense(self, sensors: dict[str, object]) -> None:
        self.bed.hardware.held = dict(sensors)

    @rule(garbage=st.binary(max_size=200))
    def noise(self, garbage: bytes) -> None:
        self.bed.firmware.hear(garbage + b"\0")

    def send(self, message: Message) -> Message | None:
        sequence = 0 if isinstance(message, Heartbeat) else self.bed.sequence + 1
        frame = Frame(message.KIND, sequence, self.bed.session, 0, pack(message))
        self.sent = [*self.sent[-7:], encode(frame)]
        return self.bed.send(message)

    @invariant()
    def gas_and_current_are_never_together(self) -> None:
        drive = self.bed.firmware.device.drive
        assert not (drive.valve_duty and drive.stimulator_on)
        assert not (drive.valve_duty and drive.warming)

    @invariant()
    def gas_is_on_only_with_a_live_lease_a_valid_plan_and_no_fault_that_blocks_it(self) -> None:
        device, now = self.bed.firmware.device, self.bed.firmware.now_ms
        if not device.drive.valve_duty:
            return
        assert device.state in (DeviceState.FREEZING, DeviceState.MAINTENANCE)
        assert device.link.echo_ms is not None
        assert now < device.link.echo_ms + 1_000
        if device.freeze is not None:
            assert now < device.freeze.end_ms <= device.freeze.on_ms + 240_000

    @invariant()
    def after_a_stop_no_gas_without_a_new_start(self) -> None:
        device = self.bed.firmware.device
        if self.stopped and device.state is not DeviceState.MAINTENANCE:
            assert not device.drive.valve_duty

    @invariant()
    def state_and_runs_agree(self) -> None:
        device = self.bed.firmware.device
        assert (device.state is DeviceState.FREEZING) == (device.freeze is not None)
        assert (device.state is DeviceState.STIMULATING) == (device.stimulation is not None)
        assert (device.state is DeviceState.TESTING) == (device.test is not None)
        assert not device.exercise or device.state is DeviceState.MAINTENANCE


TestAnyHost = AnyHost.TestCase
TestAnyHost.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
