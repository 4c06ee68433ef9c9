"""What a check says: a verdict, one sentence, and what to do next."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum

from shared.printable import one_line

_OF_MANY = {"is": "are", "was": "were", "has": "have", "waits": "wait"}


class Verdict(StrEnum):
    """From well to broken: a warning is worth a look, with a fault something does not work."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True)
class Finding:
    """One thing that a check found; ``do`` may be empty when all is well, and only then."""

    check: str
    verdict: Verdict
    says: str
    do: str = ""

    def as_fields(self) -> dict[str, str]:
        """The finding as plain JSON."""
        return asdict(self)


def ok(check: str, says: str, do: str = "") -> Finding:
    """All is well with it; ``do`` is then a hint."""
    return _finding(check, Verdict.OK, says, do)


def warning(check: str, says: str, do: str) -> Finding:
    """It works, and may not for long, or not for all."""
    return _finding(check, Verdict.WARNING, says, do)


def fault(check: str, says: str, do: str) -> Finding:
    """It does not work, or loses something."""
    return _finding(check, Verdict.FAULT, says, do)


def _finding(check: str, verdict: Verdict, says: str, do: str) -> Finding:
    # Names of feeds and words of servers stand in these sentences: a terminal must not obey them.
    return Finding(check, verdict, one_line(says), one_line(do))


def summary(findings: Iterable[Finding]) -> str:
    """The last line: ``All well.``, or how many faults and warnings there are."""
    verdicts = [finding.verdict for finding in findings]
    faults, warnings = verdicts.count(Verdict.FAULT), verdicts.count(Verdict.WARNING)
    parts = [count(faults, "fault")] * bool(faults) + [count(warnings, "warning")] * bool(warnings)
    return ", ".join(parts) + "." if parts else "All well."


def count(number: int, thing: str, verb: str = "") -> str:
    """``1 feed``, ``2 feeds``; with a verb ``1 feed is``, ``2 feeds are``."""
    one = number == 1
    said = verb if one else _OF_MANY.get(verb, verb)
    return f"{number} {thing if one else thing + 's'} {said}".rstrip()


def named(names: Sequence[str], most: int = 3) -> str:
    """The first few names, and how many more there are."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def span(length: timedelta) -> str:
    """A length of time in the largest unit that tells enough."""
    seconds = max(int(length.total_seconds()), 0)
    for unit, size in (("days", 86_400), ("hours", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def amount(size: float) -> str:
    """A number of bytes for people, in the units of Redis: a kB has 1024."""
    units = ["bytes", "kB", "MB", "GB", "TB"]
    while size >= 1024 and len(units) > 1:
        size /= 1024
        del units[0]
    return f"{size:.0f} {units[0]}" if size >= 10 or units[0] == "bytes" else f"{size:.1f} {units[0]}"
