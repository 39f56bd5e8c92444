"""Between the link's integers and the host's values."""

from collections.abc import Iterator
from typing import Final

from console.model.device import DeviceInfo, DeviceState, Gas, ProbeInfo
from console.model.observation import DeviceEvent, FreezeEnd, Observation, Quality
from console.model.stimulation import StimulationKind
from console.procedure.state import SendStart, SendStimulation
from drivers.link import codes
from drivers.link.messages import (
    Event,
    Probe,
    StartFreeze,
    StartStimulation,
    Telemetry,
    Welcome,
    text,
    to_celsius,
    to_centikelvin,
)

START_AHEAD_MS: Final = 250
"""How far ahead in device time a START may still be carried out; the link allows 300."""

_ENDS: Final[dict[int, FreezeEnd]] = {
    codes.FreezeEnd.TIMER: FreezeEnd.TIMER,
    codes.FreezeEnd.END_COMMAND: FreezeEnd.END,
    codes.FreezeEnd.STOP: FreezeEnd.STOP,
    codes.FreezeEnd.FAULT: FreezeEnd.FAULT,
    codes.FreezeEnd.LEASE: FreezeEnd.LEASE,
    codes.FreezeEnd.NEW_SESSION: FreezeEnd.NEW_SESSION,
}

_REFUSALS: Final[dict[int, str]] = {
    codes.Result.WRONG_SESSION: "the console no longer knows this session",
    codes.Result.READ_ONLY: "the link is read only",
    codes.Result.UNKNOWN_COMMAND: "the console does not know this command",
    codes.Result.BAD_VALUE: "the console finds a value out of range",
    codes.Result.WRONG_STATE: "the console is doing something else",
    codes.Result.NO_TOKEN: "the console's permission was no longer good",
    codes.Result.EXPIRED: "the command came too late",
    codes.Result.NO_LEASE: "the console does not hear this computer often enough",
    codes.Result.FAULT_STANDS: "a fault stands at the console",
    codes.Result.BEYOND_LIMIT: "it asks for more than the console allows",
    codes.Result.NOT_FITTED: "the console does not have this",
    codes.Result.PROBE_MISSING: "no probe is connected",
    codes.Result.PROBE_UNUSABLE: "the probe is expired or used up",
    codes.Result.SENSOR_INVALID: "the tip temperature is not valid",
    codes.Result.SUPPLY_OUT_OF_RANGE: "the supply pressure is out of range",
    codes.Result.TELEMETRY_TOO_SLOW: "telemetry is too slow",
    codes.Result.MAINTENANCE_ONLY: "only in maintenance mode",
    codes.Result.SWITCH_NEEDED: "the switch at the console is needed",
    codes.Result.BUSY: "the console is busy",
}


def refusal(result: int) -> str:
    """A refusal of the device in words."""
    return _REFUSALS.get(result, f"the console refused it with code {result}")


def observation(telemetry: Telemetry, at_ms: int) -> Observation:
    """Telemetry in the units of this program."""
    actuators = telemetry.actuators
    return Observation(
        at_ms=at_ms,
        state=_state(telemetry.state),
        valve_open=bool(actuators & codes.Actuator.VALVE_OPEN),
        exhaust_open=bool(actuators & codes.Actuator.EXHAUST_OPEN),
        warming=bool(actuators & codes.Actuator.WARMING),
        stimulator_on=bool(actuators & codes.Actuator.STIMULATOR_ON),
        armed=bool(actuators & codes.Actuator.ARMED),
        local_start=bool(actuators & codes.Actuator.LOCAL_START),
        tip_celsius=telemetry.celsius(codes.Sensor.TIP),
        tip_quality=_quality(telemetry.quality(codes.Sensor.TIP)),
        hose_celsius=telemetry.celsius(codes.Sensor.HOSE),
        room_celsius=telemetry.celsius(codes.Sensor.ROOM),
        supply_kpa=telemetry.measured(codes.Sensor.SUPPLY),
        exhaust_kpa=telemetry.measured(codes.Sensor.EXHAUST),
        flow_mg_s=telemetry.measured(codes.Sensor.FLOW),
        valve_percent=telemetry.valve_percent,
        delivered_ua=telemetry.measured(codes.Sensor.DELIVERED),
        impedance_ohm=telemetry.measured(codes.Sensor.IMPEDANCE),
        remaining_freeze_ms=telemetry.remaining_freeze_ms,
        remaining_lease_ms=telemetry.remaining_lease_ms,
        faults=tuple(_faults(telemetry.faults)),
    )


def device_info(welcome: Welcome, read_only_reason: str | None) -> DeviceInfo:
    """What the console says of itself. Raises ValueError for a gas that is none of ours."""
    gases = {codes.Gas.N2O: Gas.N2O, codes.Gas.CO2: Gas.CO2}
    if welcome.gas not in gases:
        raise ValueError(f"the console names a gas unknown here, code {welcome.gas}")
    has = welcome.capabilities
    unit = None
    if has & codes.Capability.STIMULATOR_CURRENT:
        unit = "mA"
    elif has & codes.Capability.STIMULATOR_VOLTAGE:
        unit = "V"
    return DeviceInfo(
        serial=text(welcome.serial),
        firmware=f"{welcome.firmware_major}.{welcome.firmware_minor}.{welcome.firmware_patch}",
        boot_id=welcome.boot_id,
        gas=gases[codes.Gas(welcome.gas)],
        simulated=bool(welcome.flags & codes.WelcomeFlag.SIMULATED),
        lockstep=bool(welcome.flags & codes.WelcomeFlag.LOCKSTEP),
        time_scale=welcome.time_scale_hundredths / 100,
        coldest_target_celsius=to_celsius(welcome.coldest_target_centikelvin) or 0.0,
        freeze_cap_s=welcome.freeze_cap_ms / 1000,
        lease_freeze_ms=welcome.lease_freeze_ms,
        lease_stimulation_ms=welcome.lease_stimulation_ms,
        telemetry_hz=welcome.telemetry_per_second,
        active_thaw=bool(has & codes.Capability.ACTIVE_THAW),
        stimulator_unit=unit,
        read_only_reason=read_only_reason,
    )


def probe_info(probe: Probe) -> ProbeInfo | None:
    """The connected probe, None when there is none."""
    if not probe.present:
        return None
    return ProbeInfo(
        model=text(probe.model),
        serial=text(probe.serial),
        uses_left=probe.uses_left,
        diameter_mm=probe.diameter_um / 1000,
        tip_length_mm=probe.tip_length_um / 1000,
        expires_day=probe.expires_day,
    )


def device_event(event: Event) -> DeviceEvent:
    """An event of the device in words."""
    try:
        kind = codes.EventCode(event.code)
    except ValueError:
        return DeviceEvent(
            event.at_ms, f"unknown event {event.code}", str(event.detail), event.value
        )
    detail, end, off = str(event.detail), None, None
    if kind is codes.EventCode.STATE_CHANGED:
        detail = _state(event.detail).value
    elif kind in (codes.EventCode.FAULT_RAISED, codes.EventCode.FAULT_CLEARED):
        detail = next(iter(_faults(1 << event.detail)), detail) if event.detail < 32 else detail
    elif kind is codes.EventCode.FREEZE_ENDED:
        end = _ENDS.get(event.detail, FreezeEnd.UNKNOWN)
        detail = end.value
    elif kind is codes.EventCode.STIMULATION_ENDED:
        off = _ENDS.get(event.detail, FreezeEnd.UNKNOWN)
        detail = off.value
    return DeviceEvent(event.at_ms, kind.name.lower(), detail, event.value, end, off)


def start_freeze(asked: SendStart, token: int, device_now_ms: float) -> StartFreeze:
    """The START message of a granted freeze."""
    timing = codes.Timing.FROM_TARGET if asked.from_target else codes.Timing.FROM_START
    return StartFreeze(
        token,
        int(device_now_ms) + START_AHEAD_MS,
        to_centikelvin(asked.target_celsius),
        timing,
        0,
        round(asked.freeze_s * 1000),
        round(asked.cap_s * 1000),
    )


def start_stimulation(asked: SendStimulation, token: int, device_now_ms: float) -> StartStimulation:
    """The START message of a granted stimulation."""
    kinds = {
        StimulationKind.SENSORY: codes.StimulationKind.SENSORY,
        StimulationKind.MOTOR: codes.StimulationKind.MOTOR,
    }
    return StartStimulation(
        token,
        int(device_now_ms) + START_AHEAD_MS,
        kinds[asked.kind],
        0,
        round(asked.rate_hz * 10),
        round(asked.pulse_ms * 1000),
        asked.limit_ua,
    )


def _state(code: int) -> DeviceState:
    try:
        return DeviceState(codes.DeviceState(code).name.lower())
    except ValueError:
        return DeviceState.UNKNOWN


def _quality(code: int) -> Quality:
    try:
        return Quality(codes.Quality(code).name.lower().replace("_", " "))
    except ValueError:
        return Quality.UNKNOWN


def _faults(bits: int) -> Iterator[str]:
    for bit in range(32):
        if bits >> bit & 1:
            known = codes.Fault(1 << bit).name
            yield known.lower() if known else f"unknown_fault_{bit}"
