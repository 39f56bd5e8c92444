"""Every command in every state: done, or refused with the code that the table says."""

import pytest
from firmware_bed import IN_STATE, Bed, ready

from drivers.link.codes import DeviceState, Result
from drivers.link.messages import (
    FROM_HOST,
    Answer,
    Arm,
    Calibrate,
    Calibration,
    End,
    EnterMaintenance,
    ExerciseActuator,
    Extend,
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
    StartFreeze,
    StartStimulation,
    StimulationOff,
    Stop,
    Thaw,
    to_centikelvin,
)
from drivers.link.messages import (
    Test as Check,
)

OK, STATE, TOKEN, ENGINEER = (
    Result.DONE,
    Result.WRONG_STATE,
    Result.NO_TOKEN,
    Result.MAINTENANCE_ONLY,
)
SWITCH = Result.SWITCH_NEEDED
COLUMNS = tuple(IN_STATE)  # IDLE, FREEZING, THAWING, STIMULATING, TESTING, MAINTENANCE
TABLE: list[tuple[Message, tuple[Result, ...]]] = [
    (Stop(), (OK,) * 6),
    (Arm(1), (OK, STATE, OK, STATE, STATE, OK)),
    (Arm(2), (OK, STATE, STATE, STATE, STATE, OK)),
    (StartFreeze(7, 0, to_centikelvin(-70), 1, 0, 1000, 1000), (TOKEN,) * 6),
    (StartStimulation(7, 0, 1, 0, 500, 500, 100), (TOKEN,) * 6),
    (Extend(5_000), (STATE, OK, STATE, STATE, STATE, STATE)),
    (End(), (STATE, OK, STATE, STATE, STATE, STATE)),
    (Thaw(1), (STATE, STATE, OK, STATE, STATE, STATE)),
    (Thaw(0), (OK,) * 6),
    (SetAmplitude(100), (STATE, STATE, STATE, OK, STATE, STATE)),
    (StimulationOff(), (OK,) * 6),
    (Reset(), (OK, STATE, OK, STATE, STATE, OK)),
    (SetPedalRole(2), (OK, STATE, OK, STATE, STATE, OK)),
    (Check(1), (OK, STATE, STATE, STATE, STATE, STATE)),
    (Check(2), (OK, STATE, STATE, STATE, STATE, STATE)),
    (SetTelemetryRate(50), (OK,) * 6),
    (SetTelemetryRate(5), (OK, Result.TELEMETRY_TOO_SLOW, OK, Result.TELEMETRY_TOO_SLOW, OK, OK)),
    (SetTimeScale(200), (OK,) * 6),
    (EnterMaintenance(1), (SWITCH, STATE, STATE, STATE, STATE, STATE)),
    (EnterMaintenance(0), (STATE, STATE, STATE, STATE, STATE, OK)),
    (ExerciseActuator(1, 50, 500), (ENGINEER,) * 5 + (OK,)),
    (Calibrate(0, 0, 10), (ENGINEER,) * 5 + (OK,)),
    (Reboot(), (ENGINEER,) * 5 + (OK,)),
]
READS = [(ReadProbe(), Probe), (ReadCalibration(0), Calibration), (ReadLog(0), LogEntry)]


@pytest.mark.parametrize("state", COLUMNS, ids=lambda state: state.name)
@pytest.mark.parametrize(("message", "row"), TABLE, ids=lambda x: type(x).__name__)
def test_command_in_state(message: Message, row: tuple[Result, ...], state: DeviceState) -> None:
    bed: Bed = IN_STATE[state]()
    assert bed.state is state
    assert bed.ask(message) is row[COLUMNS.index(state)]


@pytest.mark.parametrize("state", COLUMNS, ids=lambda state: state.name)
def test_reading_is_answered_in_every_state(state: DeviceState) -> None:
    bed = IN_STATE[state]()
    bed.send(SetPedalRole(2))
    for message, kind in READS:
        answer = bed.send(message)
        if isinstance(message, ReadLog) and not bed.firmware.device.memory.log:
            assert isinstance(answer, Answer)
            assert answer.result == Result.BAD_VALUE
        else:
            assert isinstance(answer, kind)


def test_the_table_holds_every_command_of_version_1() -> None:
    covered = {type(message) for message, _ in TABLE} | {type(message) for message, _ in READS}
    named = {message.__name__ for message in FROM_HOST} - {"Hello", "Heartbeat", "EventAck"}
    assert {kind.__name__ for kind in covered} == named


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
