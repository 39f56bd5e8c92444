"""Every message in every state, as the table in docs/protocol.md says."""

import re
from pathlib import Path

import msgspec
import pytest
from firmware_bed import IN_STATE, Bed, ready

from drivers.link.codes import Action, Capability, DeviceState, Exercise, Result
from drivers.link.device import grant
from drivers.link.messages import (
    FROM_HOST,
    SCHEMA_HASH,
    Answer,
    Arm,
    Calibrate,
    Calibration,
    End,
    EnterMaintenance,
    EventAck,
    ExerciseActuator,
    Extend,
    Heartbeat,
    Hello,
    LogEntry,
    Message,
    Probe,
    ReadCalibration,
    ReadLog,
    ReadProbe,
    Reboot,
    Reset,
    SetAmplitude,
    SetPedalRole,
    SetTelemetryRate,
    SetTimeScale,
    SimulateInput,
    StartFreeze,
    StartStimulation,
    StimulationOff,
    Stop,
    Thaw,
    Welcome,
    to_centikelvin,
)
from drivers.link.messages import (
    Test as Check,
)

COLUMNS = tuple(IN_STATE)  # IDLE, FREEZING, THAWING, STIMULATING, TESTING, MAINTENANCE
SENDS: dict[str, tuple[Message, ...]] = {
    "Hello, new session": (Hello(1, 0, 0, 0, SCHEMA_HASH),),
    "Hello, the same": (Hello(1, 0, 0, 0, SCHEMA_HASH),),
    "Heartbeat, EventAck": (Heartbeat(1), EventAck(1)),
    "Stop": (Stop(),),
    "Arm FREEZE": (Arm(Action.FREEZE),),
    "Arm STIMULATE": (Arm(Action.STIMULATE),),
    "StartFreeze": (StartFreeze(7, 0, to_centikelvin(-70), 1, 0, 1_000, 1_000),),
    "StartStimulation": (StartStimulation(7, 0, 1, 0, 500, 500, 100),),
    "Extend": (Extend(5_000),),
    "End": (End(),),
    "Thaw 1": (Thaw(1),),
    "Thaw 0": (Thaw(0),),
    "SetAmplitude": (SetAmplitude(100),),
    "StimulationOff": (StimulationOff(),),
    "Reset": (Reset(),),
    "SetPedalRole": (SetPedalRole(2),),
    "Test": (Check(1), Check(2)),
    "ReadProbe, ReadCalibration, ReadLog": (ReadProbe(), ReadCalibration(0), ReadLog(0)),
    "SetTelemetryRate": (SetTelemetryRate(50), SetTelemetryRate(10)),
    "SetTimeScale": (SetTimeScale(200),),
    "EnterMaintenance 1": (EnterMaintenance(1),),
    "EnterMaintenance 0": (EnterMaintenance(0),),
    "ExerciseActuator, Calibrate": (ExerciseActuator(1, 50, 500), Calibrate(0, 0, 10)),
    "Reboot": (Reboot(),),
    "SimulateInput": (SimulateInput(2, 0, 29_000, 500),),
}
"""What is sent for each row of the table in docs/protocol.md."""
DOCUMENT = Path(__file__).parents[2] / "docs" / "protocol.md"


def documented() -> dict[str, dict[str, str]]:
    """The table of messages and states in docs/protocol.md, without its footnote marks."""
    lines = DOCUMENT.read_text("utf-8").splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("| message | IDLE |"))
    last = next(n for n in range(first, len(lines)) if not lines[n].startswith("|"))
    rows = [
        [re.sub(r" \(\w\)$", "", cell.strip()) for cell in line[1:-1].split("|")]
        for line in lines[first:last]
    ]
    head = rows[0][1:]
    return {row[0]: dict(zip(head, row[1:], strict=True)) for row in rows[2:]}


ROWS = documented()
CELLS = [
    (row, message, state) for row in ROWS for message in SENDS.get(row, ()) for state in COLUMNS
]


def test_the_documents_table_names_every_state_and_every_message_of_the_host() -> None:
    assert list(ROWS) == list(SENDS)
    assert all(list(row) == [state.name for state in COLUMNS] for row in ROWS.values())
    sent = {type(message) for messages in SENDS.values() for message in messages}
    assert sent == set(FROM_HOST)


@pytest.mark.parametrize(
    ("row", "message", "state"), CELLS, ids=lambda x: getattr(x, "name", None) or str(x)
)
@pytest.mark.hazard("stop", "truth")
def test_each_message_in_each_state_does_what_the_document_says(
    row: str, message: Message, state: DeviceState
) -> None:
    bed: Bed = IN_STATE[state]()
    if row == "EnterMaintenance 1":
        bed.hardware.held["maintenance_switch"] = True
        bed.run(60)
    if isinstance(message, StartFreeze | StartStimulation):
        message = armed(bed, message)
    if isinstance(message, ReadLog):
        bed.send(SetTimeScale(150))  # told by an event: something is in the log
    assert bed.state is state
    said, boot_id = ROWS[row][state.name], bed.firmware.device.boot_id
    session = 0x9999 if row == "Hello, new session" else bed.session
    answer = bed.send(message, session=session)
    if said == "no answer":
        assert answer is None
        return
    refused = said in Result.__members__
    assert answer is not None
    if isinstance(answer, Answer):
        assert answer.command == message.KIND
        assert Result(answer.result).name == (said if refused else "DONE")
    else:
        assert isinstance(answer, OWN_ANSWER[type(message)])
        assert not refused
    # BOOTING is skipped by a device that has nothing to wait for.
    after = "IDLE" if said == "BOOTING" else said
    assert bed.state.name == (state.name if said == "-" or refused else after)
    assert (bed.firmware.device.boot_id != boot_id) is (said == "BOOTING")


OWN_ANSWER: dict[type[Message], type[Message]] = {
    Hello: Welcome,
    ReadProbe: Probe,
    ReadCalibration: Calibration,
    ReadLog: LogEntry,
}


def armed(bed: Bed, start: StartFreeze | StartStimulation) -> Message:
    """`start` with a token that is out, in states too where no Arm would give one."""
    action = Action.FREEZE if isinstance(start, StartFreeze) else Action.STIMULATE
    device, now_ms = bed.firmware.device, bed.firmware.now_ms
    link, token = grant(device.link, action, now_ms, device.salt)
    bed.firmware.replaced(link=link)
    return msgspec.structs.replace(start, token=token.value, expires_ms=now_ms + 250)


@pytest.mark.parametrize("state", COLUMNS, ids=lambda state: state.name)
def test_a_start_without_its_token_is_judged_before_the_state(state: DeviceState) -> None:
    for row in ("StartFreeze", "StartStimulation"):
        assert IN_STATE[state]().ask(SENDS[row][0]) is Result.NO_TOKEN


@pytest.mark.parametrize("state", COLUMNS, ids=lambda state: state.name)
def test_slow_telemetry_is_refused_while_gas_or_current_is_on(state: DeviceState) -> None:
    on = state in (DeviceState.FREEZING, DeviceState.STIMULATING)
    wanted = Result.TELEMETRY_TOO_SLOW if on else Result.DONE
    assert IN_STATE[state]().ask(SetTelemetryRate(9)) is wanted


def test_an_exercise_keeps_starts_and_reset_away() -> None:
    bed = IN_STATE[DeviceState.MAINTENANCE]()
    bed.beat()
    assert bed.ask(ExerciseActuator(1, 50, 500)) is Result.DONE
    assert bed.arm(Action.FREEZE).result == Result.WRONG_STATE
    assert bed.arm(Action.STIMULATE).result == Result.WRONG_STATE
    assert bed.ask(Reset()) is Result.WRONG_STATE
    assert bed.ask(Stop()) is Result.DONE
    assert bed.arm(Action.FREEZE).result == Result.DONE


def test_maintenance_needs_the_switch_at_the_device() -> None:
    assert ready().ask(EnterMaintenance(1)) is Result.SWITCH_NEEDED


PLAIN = Capability(0)


@pytest.mark.parametrize("state", COLUMNS, ids=lambda state: state.name)
def test_what_is_not_fitted_is_refused_before_the_state_is_looked_at(state: DeviceState) -> None:
    bed = IN_STATE[state]()
    settings = bed.firmware.device.settings
    bed.firmware.replaced(settings=msgspec.structs.replace(settings, capabilities=PLAIN))
    for message in (Arm(Action.STIMULATE), Check(2), Thaw(0), Thaw(1), SetPedalRole(1)):
        assert bed.ask(message) is Result.NOT_FITTED, message
    bed.beat()
    wanted = Result.NOT_FITTED if state is DeviceState.MAINTENANCE else Result.MAINTENANCE_ONLY
    for exercise in (Exercise.WARMING, Exercise.STIMULATOR):
        assert bed.ask(ExerciseActuator(exercise, 50, 500)) is wanted
    assert not bed.firmware.device.drive.stimulator_on or state is DeviceState.STIMULATING


@pytest.mark.parametrize(
    ("message", "result"),
    [
        (Arm(9), Result.BAD_VALUE),
        (Thaw(7), Result.BAD_VALUE),
        (SetPedalRole(9), Result.BAD_VALUE),
        (Check(9), Result.BAD_VALUE),
        (SetTelemetryRate(0), Result.BAD_VALUE),
        (SetTelemetryRate(51), Result.BAD_VALUE),
        (SetTimeScale(1_001), Result.BEYOND_LIMIT),
        (EnterMaintenance(5), Result.BAD_VALUE),
        (ReadCalibration(99), Result.BAD_VALUE),
        (ReadLog(999), Result.BAD_VALUE),
    ],
    ids=repr,
)
def test_nonsense_is_refused(message: Message, result: Result) -> None:
    assert ready().ask(message) is result


def test_lockstep_refuses_telemetry_slower_than_its_blocks() -> None:
    bed = ready(lockstep=True)
    assert bed.ask(SetTelemetryRate(19)) is Result.TELEMETRY_TOO_SLOW
    assert bed.ask(SetTelemetryRate(20)) is Result.DONE


def test_unknown_kinds_are_refused_and_garbage_is_nothing() -> None:
    from drivers.link.frame import Frame, encode

    bed = ready()
    bed.sequence += 1
    before = bed.firmware.device
    bed.firmware.hear(b"\x00garbage\x00\xff\xfe\x00" * 40)
    assert bed.firmware.device == before
    assert bed.firmware.bad_frames > 0
    bed.firmware.hear(encode(Frame(0x7E, bed.sequence, bed.session, 0, b"")))
    bed.collect()
    assert bed.frames[-1][1] == Answer(0x7E, Result.UNKNOWN_COMMAND, 0)


def test_a_read_only_session_may_only_watch_and_stop() -> None:
    bed = Bed()
    bed.hello(flags=1)
    assert bed.ask(Arm(1)) is Result.READ_ONLY
    assert bed.ask(Stop()) is Result.DONE
    bed.run(200)
    assert bed.telemetry[-1][0] > 0
