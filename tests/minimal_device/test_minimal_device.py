"""The minimal device against the vectors of its version, 1.0, and the tables of the document."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

from tests.minimal_device.codes import Code, End, Fault, Result, State
from tests.minimal_device.framing import Receiver
from tests.minimal_device.messages import LAYOUTS, SCHEMA_HASH, fields_of, parse, wire
from tests.minimal_device.minimal_kit import FREEZE, SESSION, Bench, Said, decode

DOCS = Path(__file__).parents[2] / "docs"
PROTOCOL = (DOCS / "protocol.md").read_text(encoding="utf-8")


def vectors(name: str) -> list[dict]:
    return json.loads((DOCS / "vectors" / "1.0" / f"{name}.json").read_text(encoding="utf-8"))


# frames


def found_in(data: bytes) -> list[dict]:
    receiver, finds = Receiver(), []
    for byte in data:
        found = receiver.take(byte)
        if isinstance(found, str):
            finds.append({"flaw": found})
        elif found is not None:
            frame = parse(found)
            fields = fields_of(frame)
            name = None if fields is None else LAYOUTS[frame.kind].name
            payload = frame.payload.hex()
            finds.append(frame._asdict() | {"payload": payload, "message": name, "fields": fields})
    return finds


def test_the_schema_has_the_hash_that_the_document_prints():
    assert SCHEMA_HASH == 0x81D167AC


@pytest.mark.parametrize("name", ["bad", "streams"])
def test_bad_frames_and_streams(name):
    for vector in vectors(name):
        assert found_in(bytes.fromhex(vector["wire"])) == vector["finds"], vector["about"]


def test_good_frames_both_ways():
    for vector in vectors("good"):
        header = (vector["sequence"], vector["session"], vector["device_ms"])
        made = wire(vector["message"], *header, vector["fields"])
        assert made.hex() == vector["wire"], vector
        assert found_in(made)[0]["fields"] == vector["fields"], vector


# exchanges

VECTOR_TOKEN = 0xC0FFEE01
ANSWERS = {"answer", "remembered", "refused by the session"}
EXCHANGES = vectors("exchanges")
OWN = {  # what each device says in its own way
    "Welcome": {"boot_id", "serial", "capabilities", "flags"}
    | {f"firmware_{part}" for part in ("major", "minor", "patch")},
    "Probe": {"uses_left", "model", "serial", "expires_day"},
}
SAME = ("state", "actuators", "remaining_freeze_ms", "remaining_lease_ms", "faults")


class Replay:
    """One exchange, played to the device with its own token in place of the vector's."""

    def __init__(self, exchange: dict):
        self.steps, self.ahead = exchange["steps"], exchange["device_ahead_ms"]
        self.bench = Bench(self.ahead)
        self.bench.beats = False
        self.bench.device.plant.cooling_ms = 300  # at the target early, as the vectors are
        self.zero = self.bench.wall
        self.tokens: list[int] = []
        heartbeats = [step for step in self.steps if step.get("message") == "Heartbeat"]
        self.unleased = not heartbeats  # they are not shown, and Arm is granted all the same
        self.last_ms = max(step["at_ms"] for step in self.steps)

    def play(self) -> None:
        for at_ms, step in sorted(self._inputs(), key=lambda timed: timed[0]):
            self._until(at_ms)
            if step["from"] == "host":
                self._host(step)
            elif step["cause"] == "restart":
                self.bench.device.restart()
                self.bench.device.advance(self.bench.wall)
            else:  # a footswitch, which this device has not: as if
                fields = step["fields"]
                self.bench.device._tell(fields["code"], fields["detail"], fields["value"])
        self._until(self.last_ms)

    def _inputs(self):
        for step in self.steps:
            if step["from"] == "host" and step.get("arrives_ms") is not None:
                yield step["arrives_ms"], step
            elif step["cause"] == "restart" or (
                step["cause"] == "event" and step["fields"]["code"] == 6  # PEDAL
            ):
                yield step["at_ms"], step

    def _until(self, at_ms: int) -> None:
        self.bench.wait(self.zero + at_ms - self.bench.wall, step=1)

    def _host(self, step: dict) -> None:
        fields = dict(step["fields"])
        if step["message"] == "Arm" and step["device"] == "does" and self.unleased:
            self._beat()
        if fields.get("token") == VECTOR_TOKEN:
            fields["token"] = self.tokens[-1]
        new = self.bench.send(step["message"], step["sequence"], step["session"], fields)
        for said in new:
            if said.name == "Answer" and said.fields["command"] == 4 and said.fields["value"]:
                self.tokens.append(said.fields["value"])

    def _beat(self) -> None:
        newest = max(s.device_ms for s in self.bench.said if s.name == "Telemetry")
        session = self.bench.device.session
        self.bench.send("Heartbeat", 0, session, {"echo_ms": newest})

    def theirs(self, causes: set[str]) -> list[dict]:
        return [step for step in self.steps if step["from"] == "device" and step["cause"] in causes]


def comparable(name: str, fields: dict) -> dict:
    kept = {key: value for key, value in fields.items() if key not in OWN.get(name, ())}
    if name == "Answer" and fields["command"] == 4 and fields["result"] == 0:
        kept["value"] = "token"
    return kept


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda exchange: exchange["name"])
def test_exchanges(exchange):
    replay = Replay(exchange)
    replay.play()
    said = replay.bench.said
    mine = [s for s in said if s.name not in {"Telemetry", "Event"}]
    theirs = replay.theirs(ANSWERS)
    assert len(mine) == len(theirs)
    for ours, step in zip(mine, theirs, strict=True):
        assert (ours.name, ours.sequence) == (step["message"], step["sequence"])
        assert ours.session == step["session"]
        assert comparable(ours.name, ours.fields) == comparable(ours.name, step["fields"])
        assert 0 <= step["device_ms"] - ours.device_ms <= 4
    compare_events(replay, [s for s in said if s.name == "Event"])
    compare_telemetry(replay, {s.device_ms: s for s in said if s.name == "Telemetry"})


def compare_events(replay: Replay, mine: list[Said]) -> None:
    """The same ones in the same order and as often; the tip of each takes its own time."""
    target = Code.AT_TARGET
    mine = [s for s in mine if s.fields["code"] != target]
    theirs = [s for s in replay.theirs({"event", "event again"}) if s["fields"]["code"] != target]
    assert len(mine) == len(theirs)
    for ours, step in zip(mine, theirs, strict=True):
        for key in ("code", "detail", "value"):
            assert ours.fields[key] == step["fields"][key]
        assert 0 <= step["fields"]["at_ms"] - ours.fields["at_ms"] <= 4
        assert ours.sequence == ours.fields["number"]


def compare_telemetry(replay: Replay, mine: dict[int, Said]) -> None:
    for step in replay.theirs({"measured"}):
        ours = mine.get(step["device_ms"])
        if ours and step["session"] == ours.session:
            for key in SAME:
                assert ours.fields[key] == step["fields"][key], (key, step)


def test_a_remembered_answer_is_the_same_byte_by_byte():
    bench = Bench()
    bench.hello()
    first = bench.command("SetTelemetryRate", per_second=10)[0]
    bench.wait(70)
    again = bench.send("SetTelemetryRate", first.sequence, SESSION, {"per_second": 50})
    assert [s.wire for s in again if s.name == "Answer"] == [first.wire]
    assert bench.device.machine.rate == 10


# the table of states

PAYLOADS = {
    "Hello, the same": None,
    "Heartbeat, EventAck": ("EventAck", {"number": 9_999}),
    "Stop": ("Stop", {}),
    "Arm FREEZE": ("Arm", {"action": 1}),
    "Arm STIMULATE": ("Arm", {"action": 2}),
    "StartFreeze": ("StartFreeze", FREEZE | {"freeze_ms": 5_000, "cap_ms": 5_000}),
    "StartStimulation": (
        "StartStimulation",
        {"kind": 1, "reserved": 0, "rate_decihertz": 500, "pulse_us": 100, "limit_ua": 100},
    ),
    "Extend": ("Extend", {"by_ms": 1_000}),
    "End": ("End", {}),
    "Thaw 1": ("Thaw", {"warming": 1}),
    "Thaw 0": ("Thaw", {"warming": 0}),
    "SetAmplitude": ("SetAmplitude", {"amplitude_ua": 50}),
    "StimulationOff": ("StimulationOff", {}),
    "Reset": ("Reset", {}),
    "SetPedalRole": ("SetPedalRole", {"role": 1}),
    "Test": ("Test", {"test": 1}),
    "ReadProbe, ReadCalibration, ReadLog": ("ReadProbe", {}),
    "SetTelemetryRate": ("SetTelemetryRate", {"per_second": 20}),
    "SetTimeScale": ("SetTimeScale", {"hundredths": 100}),
    "EnterMaintenance 1": ("EnterMaintenance", {"enter": 1}),
    "EnterMaintenance 0": ("EnterMaintenance", {"enter": 0}),
    "ExerciseActuator, Calibrate": ("Calibrate", {"index": 0, "reserved": 0, "value": -20}),
    "Reboot": ("Reboot", {}),
}
NOT_FITTED = {"Arm STIMULATE", "Thaw 1", "Thaw 0", "SetPedalRole"}


def table_of_states() -> list[tuple[str, str, str]]:
    """Message, state and what the document says of the two."""
    rows = iter(PROTOCOL.split("What each message does where.")[1].split("What happens by")[0]
                .splitlines())  # fmt: skip
    header = next(row for row in rows if row.startswith("| message"))
    states = [cell.strip() for cell in header.strip("|").split("|")][1:]
    cells = []
    for row in rows:
        if row.startswith("| ") and not row.startswith("| ---"):
            name, *rest = [re.sub(r"\([a-g]\)", "", c).strip() for c in row.strip("|").split("|")]
            cells += [(name, state, cell) for state, cell in zip(states, rest, strict=True)]
    return cells


NEWER = "SimulateInput (h)"  # of 1.1
CELLS = [c for c in table_of_states() if c[1] != "STIMULATING" and c[0] != NEWER]


@pytest.mark.parametrize(("message", "state", "cell"), CELLS, ids=lambda part: part or "nothing")
def test_what_each_message_does_where(message, state, cell):
    bench = Bench()
    bench.hello()
    bench.device.plant.maintenance_switch = True
    token = bench.done("Arm", action=1) if state == "TESTING" else 1
    bench.bring(State[state])
    if message.startswith("Hello"):
        session = SESSION if "same" in message else SESSION + 1
        assert bench.hello(session)[0].name == "Welcome"
        result = Result.DONE
    elif cell == "no answer":
        name, fields = PAYLOADS[message]
        assert bench.send(name, 0, SESSION, fields) == []
        return
    else:
        name, fields = PAYLOADS[message]
        if name.startswith("Start"):
            if state not in {"TESTING", "FREEZING"}:
                token = bench.done("Arm", action=1)
            fields = fields | {"token": token, "expires_ms": bench.device.machine.now + 100}
        answer = bench.command(name, **fields)[0]
        result = Result(answer.fields.get("result", 0))
    bench.device.advance(bench.wall)
    if message in NOT_FITTED:
        cell = "NOT_FITTED"
    elif message == "StartStimulation" or (message, state) == ("StartFreeze", "FREEZING"):
        cell = "NO_TOKEN"
    if cell in State.__members__:
        assert result is Result.DONE
        assert bench.device.machine.state is State[cell]
    else:
        assert result is Result[cell if cell != "-" else "DONE"]
        assert bench.device.machine.state is State[state]


# faults


def spoil(**fields):
    return lambda plant: [setattr(plant, key, value) for key, value in fields.items()]


def other_probe(plant):
    plant.probe.serial = "ANOTHER"


TRIPS = [
    (Fault.OVER_COOL, State.FREEZING, spoil(tip_k=191.0, cooling_ms=1e9), 600),
    (Fault.COOLED_PAST_LIMIT, State.IDLE, spoil(tip_k=185.0), 20),
    (Fault.FAILS_TO_COOL, State.FREEZING, spoil(cooling_ms=3e5), 15_000),
    (Fault.EXHAUST_BLOCKED, State.FREEZING, spoil(exhaust_shut=True), 300),
    (Fault.ORIFICE_BLOCKED, State.FREEZING, spoil(flow_factor=0.2), 3_100),
    (Fault.SUPPLY_LOW, State.FREEZING, spoil(supply_kpa=3_700), 2_100),
    (Fault.SUPPLY_HIGH, State.FREEZING, spoil(supply_kpa=7_300), 1_100),
    (Fault.SUPPLY_EXTREME, State.IDLE, spoil(supply_kpa=7_700), 200),
    (Fault.FLOW_WHEN_SHUT, State.THAWING, spoil(leak_flow=60), 2_600),
    (Fault.FLOW_WHEN_SHUT, State.THAWING, spoil(tip_k=220.0, warming_ms=2e5), 5_100),
    (Fault.LEAK, State.IDLE, spoil(leak_flow=60), 1_100),
    (Fault.SIPHON, State.FREEZING, spoil(flow_factor=1.3), 2_100),
    (Fault.THERMOCOUPLE_OPEN, State.TESTING, spoil(front_end=1), 200),
    (Fault.THERMOCOUPLE_SHORT, State.IDLE, spoil(front_end=2), 200),
    (Fault.THERMOCOUPLE_STUCK, State.FREEZING, spoil(cooling_ms=1e9), 3_100),
    (Fault.TEMPERATURE_IMPOSSIBLE, State.IDLE, spoil(tip_k=175.0), 30),
    (Fault.PROBE_MISSING, State.THAWING, spoil(probe=None), 200),
    (Fault.PROBE_CHANGED, State.FREEZING, other_probe, 200),
]


@pytest.mark.parametrize(("fault", "state", "spoils", "within_ms"), TRIPS)
def test_the_device_trips_by_itself(fault, state, spoils, within_ms):
    bench = Bench()
    bench.hello()
    if fault is Fault.FAILS_TO_COOL:  # from the first moment on
        spoils(bench.device.plant)
    bench.bring(state)
    spoils(bench.device.plant)
    if fault is Fault.FLOW_WHEN_SHUT:
        bench.device.machine._protection._tip_at_change = bench.device.plant.tip_k
    bench.wait(within_ms - 50)
    bench.wait(100)
    raised = [event for event in bench.events() if event[0] == Code.FAULT_RAISED]
    assert [event[1] for event in raised] == [fault]
    assert bench.device.plant.percent == 0
    assert bench.device.machine.state is not State.FREEZING
    assert bench.said[-1].name == "Telemetry"
    assert bench.said[-1].fields["faults"] == 1 << fault
    if state is State.FREEZING:
        assert (Code.FREEZE_ENDED, End.FAULT) in [event[:2] for event in bench.events()]


def test_a_valve_that_stays_open_past_its_end_is_a_fault():
    bench = Bench()
    bench.hello()
    bench.start(freeze_ms=1_000)
    bench.device.machine._end_freeze = lambda end: None  # the program that forgets
    bench.wait(2_100)
    assert (Code.FAULT_RAISED, Fault.FREEZE_TOO_LONG) in [event[:2] for event in bench.events()]


def test_an_engineers_fault_outlasts_a_restart_and_waits_for_maintenance():
    bench = Bench()
    bench.hello()
    bench.device.plant.supply_kpa = 7_700
    bench.wait(200)
    bench.device.plant.supply_kpa = 4_870
    bench.device.restart()
    bench.session = 0
    bench.wait(100)
    bench._echoed = 0
    bench.hello(SESSION + 1)
    bit = 1 << Fault.SUPPLY_EXTREME
    assert bench.result("Arm", action=1) == (Result.FAULT_STANDS, bit)
    assert bench.result("Reset") == (Result.MAINTENANCE_ONLY, bit)
    bench.bring(State.MAINTENANCE)
    assert bench.done("Reset") == 0
    assert bench.done("Arm", action=1)


def test_the_lease_ends_to_the_millisecond():
    bench = Bench()
    bench.hello()
    bench.start()
    bench.beats = False
    echo = bench.device.machine.echo_ms
    bench.wait(2_000, step=7)
    ended = next(s for s in bench.said if s.name == "Event" and s.fields["code"] == 2)
    assert ended.fields["at_ms"] == echo + 1_000
    bench.beats = True
    bench.wait(200)
    assert bench.device.machine.state is State.THAWING, "a lease that lives again resumes nothing"
    assert bench.done("Reset") == 0


def test_from_target_counts_from_the_target_and_ends_at_the_cap():
    bench = Bench()
    bench.hello()
    ends = bench.start(freeze_ms=5_000, cap_ms=30_000, timing=2)
    began = bench.device.machine.gas_on_ms
    assert ends == began + 30_000
    bench.wait(20_000)
    target = next(value for code, _, value in bench.events() if code == Code.AT_TARGET)
    assert (Code.FREEZE_ENDED, End.TIMER, target + 5_000) in bench.events()
    bench.start(freeze_ms=170_000, cap_ms=200_000, timing=2)
    assert bench.result("Extend", by_ms=10_001) == (Result.BEYOND_LIMIT, 180_000)
    assert bench.done("Extend", by_ms=10_000) == bench.device.machine.gas_on_ms + 200_000


# lockstep


def lockstep_run() -> list[Said]:
    """A short freeze in lockstep: a heartbeat for every telemetry, behind what it led to."""
    bench = Bench(lockstep=True, scale=60_000, seed=7)
    bench.hello()
    said, began = [], False
    for _ in range(120):
        newest = next(s for s in reversed(bench.said) if s.name == "Telemetry")
        if not began and newest.fields["remaining_lease_ms"]:
            bench.start(freeze_ms=2_000)
            began = True
        bench.wall += 50
        bench.send("Heartbeat", 0, SESSION, {"echo_ms": newest.device_ms})
        said = bench.said
    return said


def test_in_lockstep_the_same_bytes_give_the_same_bytes():
    first, second = lockstep_run(), lockstep_run()
    assert [s.wire for s in first] == [s.wire for s in second]
    stamps = [s.device_ms for s in first if s.name == "Telemetry" and s.session == SESSION]
    assert {b - a for a, b in pairwise(stamps)} <= {0, 50}
    ended = [s.fields for s in first if s.name == "Event" and s.fields["code"] == 4]
    assert ended[0]["detail"] == End.TIMER
    assert ended[0]["value"] == 2_000


def test_in_lockstep_time_stands_until_the_echo():
    bench = Bench(lockstep=True)
    bench.hello()
    bench.beats = False
    stands = bench.device.machine.now
    bench.wait(1_000)
    assert bench.device.machine.now == stands
    assert bench.done("SetTelemetryRate", per_second=25) == 25, "and answers meanwhile"


def test_paused_it_goes_on_telling_with_an_unchanged_stamp():
    bench = Bench()
    bench.hello()
    assert bench.done("SetTimeScale", hundredths=0) == 0
    new = bench.wait(1_000)
    stamps = [s.device_ms for s in new if s.name == "Telemetry"]
    assert len(stamps) >= 19
    assert len(set(stamps)) == 1


def test_a_stream_survives_noise_between_frames():
    bench = Bench()
    hello = wire("Hello", 1, SESSION, 0, {"major": 1, "minor": 0, "flags": 0, "reserved": 0,
                 "schema_hash": SCHEMA_HASH})  # fmt: skip
    bench.device.receive(b"\x81" * 300 + b"\0" + hello, bench.wall)
    out = b""
    while frame := bench.device.outbox.take():
        out += frame
    assert decode(out)[0].name == "Welcome"


def test_in_lockstep_what_comes_behind_the_heartbeat_waits_for_the_next_telemetry():
    bench = Bench(lockstep=True, scale=100)
    bench.hello()
    bench.beats = False
    stands = bench.device.machine.now
    bench.wait(10)
    bench.device.machine.heartbeat(stands)
    beat = wire("Heartbeat", 0, SESSION, 0, {"echo_ms": stands})
    probe = wire("ReadProbe", 9, SESSION, 0, {})
    bench.device.scale = 50  # 50 ms take 100 of the wall
    bench.device._set_pace()
    bench.device.receive(beat + probe, bench.wall)
    assert bench.collect() == []
    new = [(s.name, s.device_ms) for s in bench.wait(200)]
    assert ("Probe", stands + 50) in new
    assert ("Telemetry", stands + 50) in new


def test_a_use_is_counted_once_until_the_probe_is_unplugged_at_rest():
    bench = Bench()
    bench.hello()
    probe = bench.device.plant.probe
    for _ in range(2):
        bench.start(freeze_ms=500)
        bench.wait(15_000)
        assert bench.device.machine.state is State.IDLE
        assert probe.uses_left == 2
    bench.device.plant.probe = None
    bench.wait(200)
    bench.device.plant.probe = probe
    bench.wait(200)
    assert bench.events()[-2:] == [(Code.PROBE_DISCONNECTED, 0, 0), (Code.PROBE_CONNECTED, 0, 0)]
    probe.uses_left = 0
    assert bench.result("Arm", action=1) == (Result.PROBE_UNUSABLE, 0)


@pytest.mark.parametrize(
    ("name", "fields", "refusal"),
    [
        ("SetTimeScale", {"hundredths": 1_001}, (Result.BEYOND_LIMIT, 1_000)),
        ("SetTelemetryRate", {"per_second": 0}, (Result.BAD_VALUE, 0)),
        ("ReadLog", {"index": 9_999}, (Result.BAD_VALUE, 1)),
        ("ReadCalibration", {"index": 3}, (Result.BAD_VALUE, 3)),
        ("EnterMaintenance", {"enter": 2}, (Result.BAD_VALUE, 2)),
        ("Calibrate", {"index": 0, "reserved": 0, "value": -501}, (Result.BEYOND_LIMIT, 500)),
        ("Calibrate", {"index": 3, "reserved": 0, "value": 0}, (Result.BAD_VALUE, 3)),
        (
            "ExerciseActuator",
            {"exercise": 1, "level": 50, "for_ms": 10_001},
            (Result.BEYOND_LIMIT, 10_000),
        ),
        ("ExerciseActuator", {"exercise": 3, "level": 50, "for_ms": 1}, (Result.NOT_FITTED, 0)),
        ("ExerciseActuator", {"exercise": 5, "level": 50, "for_ms": 1}, (Result.BAD_VALUE, 0)),
    ],
)
def test_values_out_of_range(name, fields, refusal):
    bench = Bench()
    bench.hello()
    bench.bring(State.MAINTENANCE)
    assert bench.result(name, **fields) == refusal


def test_an_exercise_of_the_valve_ends_with_the_lease_and_leaves_a_thaw():
    bench = Bench()
    bench.hello()
    bench.bring(State.MAINTENANCE)
    bench.done("ExerciseActuator", exercise=1, level=100, for_ms=10_000)
    assert bench.result("Reset") == (Result.WRONG_STATE, State.MAINTENANCE)
    bench.beats = False
    bench.wait(1_100)
    assert bench.device.plant.percent == 0
    bench.beats = True
    bench.wait(100)
    assert bench.done("EnterMaintenance", enter=0) == 0
    assert bench.device.machine.state is State.THAWING
