"""The clock: alerts are dated by it, and services judge each other's signs of life by it."""

from datetime import UTC, datetime

from services.cli.checks.finding import Finding, fault, ok, warning

CHECK = "clock"
EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)
"""Before Tocsin was written."""
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
MIND = 5.0
"""Seconds apart that a machine with a time service never is."""
TOO_FAR = 60.0
"""Seconds apart at which signs of life and leases are misread."""
_SET = "Turn on this machine's time service (NTP): `timedatectl set-ntp true` on Linux"


def judge(now: datetime, ahead: float | None, other: str = "Redis") -> list[Finding]:
    """What is the matter with our clock; ``ahead`` is by how many seconds that of ``other`` is ahead."""
    shown = f"{now:%Y-%m-%d %H:%M} UTC"
    if not EARLIEST <= now < LATEST:
        return [fault(CHECK, f"This machine's clock says {shown}, which can't be.", f"{_SET}.")]
    if ahead is None:
        return [ok(CHECK, f"This machine's clock says {shown}; there is no other to compare it with.")]
    apart = f"{abs(ahead):.0f} s {'behind' if ahead > 0 else 'ahead of'} that of {other}"
    if abs(ahead) > TOO_FAR:
        return [fault(CHECK, f"This machine's clock is {apart}.", f"{_SET}, and on the other machine.")]
    if abs(ahead) > MIND:
        return [warning(CHECK, f"This machine's clock is {apart}.", f"{_SET}, and on the other machine.")]
    return [ok(CHECK, f"This machine's clock says {shown}, as that of {other} does.")]
