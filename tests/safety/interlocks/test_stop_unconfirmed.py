"""A STOP is not acknowledged."""

from typing import Any

import pytest
from proof_kit import YES, Case, Table, proven
from safety_kit import AT_MS, now, seen, stands, thawing

from console.model.alarm import Priority
from console.safety.interlock import Latch, SafeState

test_stop_unconfirmed = proven(
    Case(
        "stop_unconfirmed",
        SafeState.SS1,
        Priority.HIGH,
        Latch.NO,
        happened="STOP is not confirmed by the console",
        to_do="Gas goes off by itself within 1 s. Close the cylinder valve now. Do not move the "
        "probe.",
        alone=now(stop_unconfirmed=True),
        tables=(
            Table(
                "own",
                now,
                {
                    "stop_unconfirmed": YES,
                    "port_open": YES,
                    "device_now_ms": ((AT_MS + 500.0,), (AT_MS + 500.1,)),
                },
            ),
            Table(
                "the device shut by itself",
                now,
                {
                    "stop_unconfirmed": YES,
                    "observation": (
                        (thawing(), thawing(faults=("brown_out",)), seen(faults=("lease_lost",))),
                        (thawing(faults=("lease_lost",)),),
                    ),
                },
            ),
            Table(
                "operator's",
                now,
                {"stop_unconfirmed": YES, "port_open": ((False,), ()), "stop_asked": YES},
            ),
        ),
    )
)


CUT = {"port_open": False}
LATE = {"device_now_ms": AT_MS + 501.0}
SHUT_ALONE = {"observation": thawing(faults=("lease_lost",))}


@pytest.mark.parametrize("moment", [CUT, LATE, SHUT_ALONE], ids=["cut", "late", "shut alone"])
def test_a_stop_of_the_hosts_own_into_a_lost_link_is_left_to_the_lost_link(
    moment: dict[str, Any],
) -> None:
    assert not stands("stop_unconfirmed", now(stop_unconfirmed=True, **moment))
    assert stands("stop_unconfirmed", now(stop_unconfirmed=True, stop_asked=True, **moment))
    assert not stands("stop_unconfirmed", now(stop_asked=True, **moment))
