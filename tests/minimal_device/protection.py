"""The device's own protection: every row of the fault table that a valve and five sensors allow.

Each row says whether its cause stands now, how long it must stand, and what was measured.
"""

from typing import TYPE_CHECKING, NamedTuple

from tests.minimal_device import codes
from tests.minimal_device.codes import Fault, State
from tests.minimal_device.thermal import FULL_FLOW

if TYPE_CHECKING:
    from tests.minimal_device.machine import Machine

COLDEST_POSSIBLE_K = codes.ZERO_CELSIUS - 94  # N2O
MINUS_10_C, MINUS_40_C = codes.ZERO_CELSIUS - 10, codes.ZERO_CELSIUS - 40
SAMPLES_KEPT_MS = 3_000
LEAST_GAS_MS = 1_000  # less need not move a tip


class Row(NamedTuple):
    fault: Fault
    stands: bool
    for_ms: int
    measured: float


class Protection:
    """Watches one boot of the machine, at every step of device time."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self._since: dict[int, int] = {}
        self._samples: list[tuple[int, float]] = []  # stamp, tip; the last three seconds
        self._moved_ms: int | None = None  # the valve
        self._opened_ms: int | None = None
        self._tip_at_change = 0.0

    def valve_moved(self, machine: "Machine") -> None:
        opened = machine.plant.percent > 0
        brief = (
            not opened and self._opened_ms is not None
        ) and machine.now - self._opened_ms < LEAST_GAS_MS
        self._moved_ms = None if brief else machine.now
        self._opened_ms = machine.now if opened else None
        self._tip_at_change = machine.tip_k

    def tripped(self, machine: "Machine") -> list[Row]:
        """The faults that are due now and have not been raised yet."""
        self.look(machine)
        due = []
        for at, row in enumerate(self.rows):
            if not row.stands:
                self._since.pop(at, None)
                continue
            since = self._since.setdefault(at, machine.now)
            if machine.now - since >= row.for_ms and not machine.has(row.fault):
                due.append(row)
        return due

    def cause_stands(self, fault: Fault) -> bool:
        return any(row.stands for row in self.rows if row.fault is fault)

    def look(self, machine: "Machine") -> None:
        plant, state, now = machine.plant, machine.state, machine.now
        freezing = state is State.FREEZING
        frozen = freezing or state is State.THAWING
        supply, flow, tip = machine.supply_kpa, machine.flow, machine.tip_k
        good = plant.tip_quality == codes.OK
        celsius = tip - codes.ZERO_CELSIUS
        on_ms = now - machine.gas_on_ms if freezing else 0
        shut_ms = now - machine.gas_off_ms if state is State.THAWING else 0
        above = tip - machine.target_k
        at_start = machine.tip_at_start_k
        jumped = self._jumped(now, tip, good)
        slow = (on_ms >= 15_000 and at_start > MINUS_10_C and at_start - tip < 10) or (
            on_ms >= 45_000 and above > 20
        )
        too_long = freezing and (now >= machine.ends_ms + 1_000 or on_ms >= 300_000)
        rise = tip - self._tip_at_change
        not_warming = shut_ms >= 5_000 and self._tip_at_change < MINUS_40_C and rise < 10
        other = plant.probe is not None and plant.probe.serial != machine.probe_serial
        lease_lost = freezing and machine.lease_left() == 0
        blocked = freezing and supply >= 4_100 and plant.percent > 10
        blocked = blocked and flow < 0.3 * plant.should_flow
        flows = flow > FULL_FLOW / 10
        leaking = state in {State.IDLE, State.TESTING} and plant.percent == 0
        self.rows = [
            Row(Fault.LEASE_LOST, lease_lost, 0, now - (machine.echo_ms or now)),
            Row(Fault.OVER_COOL, good and freezing and above < -10, 500, celsius),
            Row(
                Fault.COOLED_PAST_LIMIT,
                good and COLDEST_POSSIBLE_K <= tip < codes.LOWEST_TIP / 100,
                0,
                celsius,
            ),
            Row(Fault.FAILS_TO_COOL, good and freezing and above > 10 and slow, 0, celsius),
            Row(Fault.FREEZE_TOO_LONG, too_long, 0, on_ms / 1_000),
            Row(
                Fault.EXHAUST_BLOCKED,
                plant.exhaust_kpa > codes.TIP_PRESSURE_CAP_KPA,
                200,
                plant.exhaust_kpa,
            ),
            Row(Fault.ORIFICE_BLOCKED, blocked, 3_000, flow),
            Row(Fault.SUPPLY_LOW, freezing and supply < 3_800, 2_000, supply),
            Row(Fault.SUPPLY_HIGH, freezing and supply > 7_200, 1_000, supply),
            Row(Fault.SUPPLY_EXTREME, supply > 7_600, 100, supply),
            Row(Fault.FLOW_WHEN_SHUT, shut_ms >= 2_000 and flows, 500, flow),
            Row(Fault.FLOW_WHEN_SHUT, good and not_warming, 0, celsius),
            Row(Fault.LEAK, leaking and flows, 1_000, flow),
            Row(Fault.SIPHON, freezing and flow > 1.2 * plant.should_flow, 2_000, flow),
            Row(
                Fault.THERMOCOUPLE_OPEN,
                plant.probe is not None and plant.tip_quality == codes.OPEN,
                100,
                0,
            ),
            Row(
                Fault.THERMOCOUPLE_SHORT,
                plant.probe is not None and plant.tip_quality == codes.SHORT,
                100,
                0,
            ),
            Row(Fault.THERMOCOUPLE_STUCK, frozen and self._stuck(now), 0, celsius),
            Row(Fault.TEMPERATURE_IMPOSSIBLE, good and jumped, 0, celsius),
            Row(Fault.PROBE_MISSING, frozen and plant.probe is None, 100, 0),
            Row(Fault.PROBE_CHANGED, frozen and other, 100, 0),
        ]

    def _stuck(self, now: int) -> bool:
        if self._moved_ms is None:
            return False
        began = now - SAMPLES_KEPT_MS
        if not self._moved_ms <= began <= self._moved_ms + SAMPLES_KEPT_MS:
            return False
        tips = [tip for _, tip in self._samples]
        return len(tips) > 1 and max(tips) - min(tips) < 0.1

    def _jumped(self, now: int, tip: float, good: bool) -> bool:
        """Colder than can be for two samples, or there and back by 30 °C."""
        if not good:
            self._samples.clear()
            return False
        if not self._samples or self._samples[-1][0] != now:
            self._samples.append((now, tip))
        while self._samples[0][0] < now - SAMPLES_KEPT_MS:
            self._samples.pop(0)
        tips = [value for _, value in self._samples[-3:]]
        if len(tips) >= 2 and max(tips[-2:]) < COLDEST_POSSIBLE_K:
            return True
        if len(tips) < 3:
            return False
        first, second = tips[1] - tips[0], tips[2] - tips[1]
        return min(abs(first), abs(second)) >= 30 and first * second < 0
