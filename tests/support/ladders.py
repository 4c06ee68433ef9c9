"""The vocabulary of the ladders' tests: a house that has watched for a while, and what happened meanwhile."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from shared.contracts import Event
from tests.support.classifier import KHARKIV, Reader, article, strike


def watched(reader: Reader, until: datetime, days: int) -> None:
    """The house considers an article without any event on each of so many days before ``until``."""
    for back in range(days, 0, -1):
        reader.reads(article("The weather", at=until - timedelta(days=back)))


def struck(reader: Reader, at: datetime, event: Event | None = None) -> str:
    """One more strike on a place of its own, told by one article at this moment; the incident's id."""
    number = len(reader.towns)
    town = KHARKIV.model_copy(update={"name": f"Town {number}", "lat": 44.0 + 0.6 * (number % 11),
                                      "lon": 23.0 + 0.9 * (number // 11 % 17)})  # fmt: skip
    reader.towns.append(town)
    told = (event or strike()).model_copy(update={"place": town, "occurred_on": at.date()})
    opened = reader.reads(article(f"Strike number {number} on {town.name}", at=at), told).main_incident
    assert opened is not None
    return opened


def each_week(reader: Reader, until: datetime, counts: Sequence[int]) -> None:
    """So many strikes in each of the weeks before the last 7 days, the nearest week first."""
    for back, count in reversed(list(enumerate(counts, start=1))):
        for number in range(count):
            struck(reader, until - timedelta(days=7 * back + number % 7, hours=number))
