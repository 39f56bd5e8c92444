"""The consoles that tests say a host has met: `BENCH` in what is happening, `RECORDED` in what
was."""

from console.model.device import DeviceInfo, Gas, ProbeInfo

BENCH = DeviceInfo(
    serial="CC-0001", firmware="1.0.0", boot_id=1, gas=Gas.N2O, simulated=True, lockstep=False,
    time_scale=1.0, coldest_target_celsius=-75.0, freeze_cap_s=240.0, lease_freeze_ms=1_000,
    lease_stimulation_ms=500, telemetry_hz=20, active_thaw=False, stimulator_unit="mA",
    probe=ProbeInfo("LT-14-6", "P-0001", 5, 1.4, 6.0, 25_000),
)  # fmt: skip
RECORDED = DeviceInfo(
    serial="CP-0007", firmware="1.4.2", boot_id=1, gas=Gas.N2O, simulated=True, lockstep=False,
    time_scale=1.0, coldest_target_celsius=-75.0, freeze_cap_s=250.0, lease_freeze_ms=500,
    lease_stimulation_ms=300, telemetry_hz=20, active_thaw=False, stimulator_unit="mA",
)  # fmt: skip
