"""What a run of the suite is told as: text for a person, the report with its hash, JSON."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from drivers.conformance.bench_only import BENCH_ONLY
from drivers.conformance.suite import Outcome
from drivers.link.codes import Gas, WelcomeFlag
from drivers.link.messages import SCHEMA_HASH, VERSION_MAJOR, VERSION_MINOR, Welcome, text

_WORDS = {True: "pass", False: "FAIL", None: "skip"}


def line(outcome: Outcome) -> str:
    """One check and what came of it."""
    return f"{_WORDS[outcome.passed]}  {outcome.check.id:<32} {outcome.detail}"


def total(outcomes: Sequence[Outcome]) -> str:
    """How many passed, failed and were not made."""
    passed, failed, skipped = counted(outcomes)
    return f"{passed} passed, {failed} failed, {skipped} skipped"


def counted(outcomes: Sequence[Outcome]) -> tuple[int, int, int]:
    """(passed, failed, skipped)."""
    results = [one.passed for one in outcomes]
    return results.count(True), results.count(False), results.count(None)


def report(
    outcomes: Sequence[Outcome], welcome: Welcome | None, port: str, at: datetime
) -> tuple[str, str]:
    """The report as text, and the SHA-256 of its UTF-8 bytes."""
    lines = [
        "Cryoprobe Console Link: conformance report",
        "For development and hardware testing; not a cleared medical device.",
        "",
        f"date      {at.isoformat(timespec='seconds')}",
        f"port      {port}",
        f"suite     version {VERSION_MAJOR}.{VERSION_MINOR}, schema 0x{SCHEMA_HASH:08X}",
        f"device    {device(welcome)}",
        f"result    {total(outcomes)}",
    ]
    tier = ""
    for one in outcomes:
        if one.check.tier != tier:
            tier = one.check.tier
            lines += ["", f"{tier} tier", ""]
        lines += [line(one), f"      {one.check.section}: {one.check.demand}"]
    lines += ["", "still to be proven at the bench", ""]
    lines += [f"      {section}: {demand}" for section, demand in unproven(outcomes)]
    body = "\n".join(lines) + "\n"
    return body, hashlib.sha256(body.encode()).hexdigest()


def unproven(outcomes: Sequence[Outcome]) -> list[tuple[str, str]]:
    """(section, demand) of all that this run has not shown: checks that were not made, and what no
    port can show."""
    skipped = [
        (one.check.section, f"{one.check.demand} ({one.check.id}: {one.detail})")
        for one in outcomes
        if one.passed is None
    ]
    return [*skipped, *BENCH_ONLY]


def device(welcome: Welcome | None) -> str:
    """Who the device says it is."""
    if welcome is None:
        return "did not answer Hello"
    gas = Gas(welcome.gas).name if welcome.gas in tuple(Gas) else f"gas {welcome.gas}"
    firmware = (welcome.firmware_major, welcome.firmware_minor, welcome.firmware_patch)
    simulated = "SIMULATED " if welcome.flags & WelcomeFlag.SIMULATED else ""
    return (
        f"{simulated}{gas} {text(welcome.serial)}, firmware {'.'.join(map(str, firmware))}, "
        f"link {welcome.major}.{welcome.minor}, schema 0x{welcome.schema_hash:08X}, "
        f"boot 0x{welcome.boot_id:08X}"
    )


def as_json(outcomes: Sequence[Outcome], sha256: str) -> dict[str, Any]:
    """The document that `conform --json` prints; a check that was not made has passed null."""
    passed, failed, skipped = counted(outcomes)
    return {
        "passed": passed,
        "failed": failed,
        "skipped": skipped,
        "checks": [
            {
                "id": one.check.id,
                "tier": str(one.check.tier),
                "passed": one.passed,
                "detail": one.detail,
            }
            for one in outcomes
        ],
        "unproven": [{"section": at, "demand": demand} for at, demand in unproven(outcomes)],
        "report_sha256": sha256,
    }
