"""What a doctor's findings say, and an installation's records to judge, well in every part."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.cli.checks.finding import Finding, Verdict
from services.cli.checks.records import Records, Told
from services.cli.checks.server import Server
from shared.contracts import Channel, Feed, Subscription
from shared.names import SERVICES

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WELL = Server(
    place="box:6379",
    version="7.2.4",
    policy="noeviction",
    appends=True,
    used=100_000_000,
    limit=1_000_000_000,
    round_trip=0.0004,
)


def feed(number: int = 1, **different: Any) -> Feed:
    """A feed that was polled a minute ago and answered as it should, but for what is said."""
    well = Feed(
        id=f"feed_{number}",
        url=f"https://herald.example.org/{number}",
        title=f"Herald {number}",
        interval=300,
        added_at=NOW - 48 * HOUR,
        polled_at=NOW - timedelta(minutes=1),
        succeeded_at=NOW - timedelta(minutes=1),
        articles=25,
    )
    return well.model_copy(update=different)


def told(number: int = 1, *, failures: int = 0, parked: int = 0, **different: Any) -> Told:
    """A subscription whose endpoint answers, but for what is said."""
    well = Subscription(
        id=f"sub_{number}",
        name=f"desk {number}",
        channel=Channel.SLACK,
        sealed_url="sealed",
        url_hint="https://hooks.slack.com/***XXXX",
        created_at=NOW - 48 * HOUR,
    )
    return Told(well.model_copy(update=different), failures, parked)


def records(**different: Any) -> Records:
    """A house where everything runs and nothing waits, but for what is said."""
    well = Records(
        feeds=[feed(1), feed(2)],
        due=NOW + timedelta(minutes=4),
        beats={service: [NOW] for service in SERVICES},
        told=[told()],
    )
    return replace(well, **different)


def only(findings: Iterable[Finding]) -> Finding:
    """The one finding that there is."""
    (finding,) = findings
    return finding


def is_told(findings: Iterable[Finding], verdict: Verdict, says: str, do: str) -> None:
    """There is one finding, of this verdict, that says so and tells what to do."""
    finding = only(findings)
    assert finding.verdict is verdict, finding
    assert says in finding.says, finding
    assert do in finding.do, finding
    assert finding.says.endswith("."), "a sentence"
