"""What the patient says and does: the answer to the stimulator, a twitch, a pain score."""

import msgspec

from simulator.physics.patient import Felt, Nerve


class Voice(msgspec.Struct, frozen=True):
    """The answer of this moment. `pain` 0 to 10, None where there is no patient to ask."""

    felt: Felt = Felt.NOTHING
    twitch: bool = False
    pain: int | None = None


def voice(nerve: Nerve, *, in_tissue: bool, delivered_ua: int, pulse_us: int) -> Voice:
    """What `nerve`'s patient answers to pulses of that current and length, 0 for none.

    Only the current that is delivered counts, and only where the electrode is in the patient.
    """
    if not in_tissue or delivered_ua <= 0 or pulse_us <= 0:
        return Voice(pain=nerve.pain)
    amplitude_ma, pulse_ms = delivered_ua / 1_000, pulse_us / 1_000
    return Voice(
        nerve.feels(amplitude_ma, pulse_ms), nerve.twitches(amplitude_ma, pulse_ms), nerve.pain
    )
