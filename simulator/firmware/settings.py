"""What this console is built as: gas, limits, abilities. Nothing here changes while it runs."""

from typing import Final

import msgspec

from drivers.link.codes import Capability, Gas

PLAN_CAP_MS: Final = 240_000
"""Longest freeze that START and EXTEND together may ask for, from gas-on."""
ABSOLUTE_CAP_MS: Final = 300_000
FROM_TARGET_CAP_MS: Final = 180_000
"""Longest freeze time of a START that is timed from reaching its target."""
LEASE_FREEZE_MS: Final = 1_000
LEASE_STIMULATION_MS: Final = 500
AMBIENT_KPA: Final = 101.325
TIP_PRESSURE_CAP_KPA: Final = 401
"""3 bar above ambient, absolute."""
WARMING_STOPS_CELSIUS: Final = 40.0
WARMING_CAP_MS: Final = 120_000
SIMULATE_CAP_MS: Final = 60_000
STIMULATION_CAP_UA: Final = 10_000
STIMULATION_CAP_MS: Final = 60_000
CONTROL_MS: Final = 20
"""Period of the hold controller, the stimulator's ramp and the interlocks."""
BOOT_TELEMETRY_PER_SECOND: Final = 20
LOWEST_TELEMETRY_TO_START: Final = 10
LOWEST_TELEMETRY_IN_LOCKSTEP: Final = 20
WATCHDOG_MS: Final = 500


class Settings(msgspec.Struct, frozen=True):
    """One console. Temperatures in °C, pressures in kPa absolute on the cylinder's side of the
    regulator, flow in mg/s.

    `supply_*` are product.md's table; `full_flow_mg_s` is what a fully open valve passes with good
    supply; `today_day` (days since 1970) is what the console's calendar says at boot.
    """

    gas: Gas
    coldest_target_celsius: float
    usual_target_celsius: float
    lowest_tip_celsius: float
    impossible_celsius: float
    supply_start_kpa: tuple[float, float]
    supply_stop_kpa: tuple[float, float]
    supply_extreme_kpa: float = 7_600.0
    full_flow_mg_s: float = 300.0
    serial: str = "SIM-0001"
    firmware: tuple[int, int, int] = (1, 0, 0)
    capabilities: Capability = (
        Capability.STIMULATOR_CURRENT
        | Capability.ACTIVE_THAW
        | Capability.FOOTSWITCH
        | Capability.SECOND_VALVE
        | Capability.HOSE_SENSOR
        | Capability.LEAK_TEST
        | Capability.SIMULATED_INPUTS
    )
    simulated: bool = True
    lockstep: bool = False
    today_day: int = 20_000


def settings_for(gas: Gas, *, lockstep: bool = False, today_day: int = 20_000) -> Settings:
    """The console for `gas`, with the limits of product.md and safety.md."""
    if gas is Gas.N2O:
        return Settings(
            gas=gas,
            coldest_target_celsius=-75.0,
            usual_target_celsius=-70.0,
            lowest_tip_celsius=-85.0,
            impossible_celsius=-94.0,
            supply_start_kpa=(4_100.0, 6_600.0),
            supply_stop_kpa=(3_800.0, 7_200.0),
            serial="SIM-N2O-0001",
            lockstep=lockstep,
            today_day=today_day,
        )
    return Settings(
        gas=gas,
        coldest_target_celsius=-62.0,
        usual_target_celsius=-60.0,
        lowest_tip_celsius=-80.0,
        impossible_celsius=-84.0,
        supply_start_kpa=(4_500.0, 7_000.0),
        supply_stop_kpa=(4_100.0, 7_400.0),
        serial="SIM-CO2-0001",
        lockstep=lockstep,
        today_day=today_day,
    )
