"""A tip that cools to its target while the valve is open, and warms when it is shut."""

import math
from dataclasses import dataclass, field

from tests.minimal_device.codes import OK, OPEN, ZERO_CELSIUS

REST_K = ZERO_CELSIUS + 37
RIPPLE_MS = 1_600
FULL_FLOW = 350.0  # mg/s at 100 %


@dataclass
class Probe:
    """What the probe's chip says."""

    serial: str = "P-MIN-1"
    uses_left: int = 3
    expires_day: int = 65_535


@dataclass
class Plant:
    """Gas and tip. What tests spoil are plain fields."""

    probe: Probe | None = field(default_factory=Probe)
    tip_k: float = REST_K
    supply_kpa: float = 4_870
    cooling_ms: float = 2_000  # time constants
    warming_ms: float = 6_000
    percent: int = 0
    toward_k: float = REST_K
    fixed: bool = False  # the duty was asked for, and is not the controller's
    exhaust_shut: bool = False
    flow_factor: float = 1.0
    leak_flow: float = 0.0
    front_end: int = OK  # of the thermocouple
    maintenance_switch: bool = False
    _held_ms: int = 0

    def open(self, target_k: float, percent: int | None = None) -> None:
        """Gas on; without a duty of its own the hold controller says how much."""
        self.toward_k = target_k
        self.fixed = percent is not None
        self.percent = 100 if percent is None else percent

    def shut(self) -> None:
        self.percent = 0

    def step(self, ms: int) -> None:
        if self.percent:
            # A hold is never quite still: the valve goes on and off.
            self._held_ms += ms
            toward_k = self.toward_k + math.sin(self._held_ms * math.tau / RIPPLE_MS)
            self.tip_k += (toward_k - self.tip_k) * -math.expm1(-ms / self.cooling_ms)
            if not self.fixed:
                self.percent = 100 if self.tip_k > self.toward_k + 3 else 61
        else:
            self.tip_k += (REST_K - self.tip_k) * -math.expm1(-ms / self.warming_ms)

    @property
    def tip_quality(self) -> int:
        return self.front_end if self.probe else OPEN

    @property
    def should_flow(self) -> float:
        """What this duty should give, in mg/s."""
        return FULL_FLOW * self.percent / 100

    @property
    def flow(self) -> float:
        return self.should_flow * self.flow_factor + self.leak_flow

    @property
    def exhaust_kpa(self) -> float:
        return 101 + self.percent * (10 if self.exhaust_shut else 1)
