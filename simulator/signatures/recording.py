"""Makes the run of a signature on a whole device, and keeps what its instruments showed."""

from collections.abc import Mapping
from functools import cache
from typing import Final

import msgspec

from drivers.link.codes import Fault, Gas, Sensor
from drivers.link.messages import Telemetry
from simulator.physics.gas import NORMAL_G_PER_L
from simulator.physics.patient import Patient
from simulator.signatures.host import BenchHost
from simulator.signatures.row import Panel, Run, Signature
from simulator.station import DueFault, Station

SEED: Final = 1
SETTLED_MS: Final = 1_000
"""From HELLO to gas-on or to the first pulse: zero on the time axis."""
_EVERY_MS: Final = 100
_TARGETS: Final = {Gas.N2O: -70.0, Gas.CO2: -60.0}
_L_MIN_PER_MG_S: Final = 0.060 / NORMAL_G_PER_L["n2o"]
_LAST_FRAMES: Final = 200
_LAST_FLAWS: Final = 1_000


class Trace(msgspec.Struct, frozen=True):
    """What the instruments showed, every 0.1 s; None where there was no reading. `tripped` is the
    device's fault and when it came, in s from gas-on."""

    seconds: list[float]
    panels: Mapping[Panel, list[float | None]]
    tripped: tuple[Fault, float] | None = None

    def at(self, panel: Panel, second: float) -> float | None:
        """The value of a panel at the last moment up to `second`."""
        index = max(i for i, at in enumerate(self.seconds) if at <= second + 1e-6)
        return self.panels[panel][index]

    def between(self, panel: Panel, first_s: float, last_s: float) -> list[float]:
        """The values of a panel that there are from first_s to last_s."""
        pairs = zip(self.seconds, self.panels[panel], strict=True)
        return [value for at, value in pairs if first_s <= at <= last_s and value is not None]


def recorded(signature: Signature, size: float | None = None) -> Trace:
    """The run with its knob turned to `size`, None: its usual one."""
    zero_ms, knob = SETTLED_MS, signature.knob
    at_ms = max(0, zero_ms + round(1_000 * signature.at_s))
    faults = [DueFault(knob, size, at_ms, signature.ramp_s)]
    if signature.off_s is not None:
        faults.append(DueFault(knob, 0.0, zero_ms + round(1_000 * signature.off_s)))
    return _made(signature, tuple(faults))


def healthy(signature: Signature) -> Trace:
    """The same run with nothing wrong."""
    return _healthy(msgspec.structs.replace(signature, knob="", sizes=()))


@cache
def _healthy(signature: Signature) -> Trace:
    return _made(signature, ())


def _made(signature: Signature, faults: tuple[DueFault, ...]) -> Trace:
    station = Station(signature.gas, seed=SEED, patient=Patient(), faults=faults)
    host = BenchHost(station)
    host.hello()
    host.run(SETTLED_MS)
    rows: list[Mapping[Panel, float | None]] = []
    tripped: tuple[Fault, float] | None = None
    match signature.run:
        case Run.STIMULATION:
            host.stimulate(500)
        case Run.FREEZE | Run.WARMED:
            host.freeze(_TARGETS[signature.gas], signature.on_s)
    warmed = False
    for _ in range(round(10 * (signature.on_s + signature.after_s))):
        host.run(_EVERY_MS)
        rows.append(_row(station, host))
        faults_now = Fault(station.firmware.device.faults)
        if faults_now and tripped is None:
            tripped = (faults_now, (host.now_ms - SETTLED_MS) / 1_000)
        if signature.run is Run.WARMED and not warmed and station.firmware.device.freeze is None:
            warmed = host.warm()
    seconds = [round(0.1 * (i + 1), 1) for i in range(len(rows))]
    panels: dict[Panel, list[float | None]] = {
        panel: [row[panel] for row in rows] for panel in Panel
    }
    return Trace(seconds, panels, tripped)


def _row(station: Station, host: BenchHost) -> dict[Panel, float | None]:
    recent = [one for one in host.heard[-_LAST_FRAMES:] if one.at_ms > host.now_ms - 1_000]
    told = [one for one in host.heard[-_LAST_FRAMES:] if isinstance(one.message, Telemetry)]
    newest = told[-1] if told else None
    telemetry = newest.message if newest is not None else None
    assert telemetry is None or isinstance(telemetry, Telemetry)
    plant = station.bench.plant

    def bar(sensor: Sensor) -> float | None:
        kpa = telemetry.measured(sensor) if telemetry else None
        return None if kpa is None else kpa / 100

    flow = telemetry.measured(Sensor.FLOW) if telemetry else None
    delivered = telemetry.measured(Sensor.DELIVERED) if telemetry else None
    ohm = telemetry.measured(Sensor.IMPEDANCE) if telemetry else None
    bad = sum(at > host.now_ms - 1_000 for at in host.flaws[-_LAST_FLAWS:])
    return {
        Panel.TIP: telemetry.celsius(Sensor.TIP) if telemetry else None,
        Panel.HOSE: telemetry.celsius(Sensor.HOSE) if telemetry else None,
        Panel.EXHAUST: bar(Sensor.EXHAUST),
        Panel.SUPPLY: bar(Sensor.SUPPLY),
        Panel.FLOW: None if flow is None else flow * _L_MIN_PER_MG_S,
        Panel.ICE: plant.truth.ice_edge_mm,
        Panel.TRUE_TIP: plant.tip_celsius,
        Panel.DELIVERED: None if delivered is None else delivered / 1_000,
        Panel.IMPEDANCE: None if ohm is None else float(ohm),
        Panel.AGE: float(host.now_ms - newest.at_ms + _lag(station, newest.stamp_ms, newest.at_ms))
        if newest
        else None,
        Panel.GOOD: float(len(recent)),
        Panel.BAD: float(bad),
    }


def _lag(station: Station, stamp_ms: int, at_ms: int) -> int:
    """How late a frame came, 0 when its stamp is of another boot's clock."""
    booted_ms = station.firmware.world_ms - station.firmware.now_ms
    return max(0, at_ms - booted_ms - stamp_ms) if at_ms >= booted_ms else 0
