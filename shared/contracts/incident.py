"""An incident: one thing that happened in the world, however many articles report it."""

from typing import Annotated

from pydantic import Field

from shared.contracts.base import Moment, Part, Record
from shared.contracts.coding import Severity, Tier
from shared.contracts.event import Event


class Told(Part):
    """The worst that subscribers have been told of an incident: what is new is judged against it."""

    tier: Tier
    killed: Annotated[int, Field(ge=0)] = 0
    claimed: bool = False


class Report(Part):
    """What one article (in its newest revision) contributed to an incident."""

    article_id: str
    revision: int
    feed_id: str | None = None
    """The feed that gave it: only that feed's later revision may take it back."""
    outlet: str
    url: str
    title: str
    summary: str
    published_at: Moment
    event: Event
    main: bool
    """Whether the event was this article's main one."""
    joined_because: str
    copy_of: str | None = None
    """The article this one copies, so that a wire's copies count once."""


class Incident(Record):
    """One incident's best knowledge and the reports it rests on.

    ``id`` is derived from the first article. ``sequence`` counts its alerts, 0 before the first.
    ``version`` counts its changes; what guards them are the versions of the buckets it is filed in.
    """

    id: str
    version: int = 0
    sequence: Annotated[int, Field(ge=0)] = 0
    opened_at: Moment
    updated_at: Moment
    event: Event
    severity: Severity
    headline: str
    reports: tuple[Report, ...] = ()
    """Reports in full up to a bound; beyond it copies and old ones are only counted."""
    reports_count: Annotated[int, Field(ge=0)] = 0
    responds_to: str | None = None
    """The incident this one answers."""
    announced: bool = False
    """Whether an alert has rung for it; a secondary event opens silently."""
    told: Told | None = None
    retracted: bool = False

    @property
    def outlets(self) -> tuple[str, ...]:
        """Independent outlets in order of first report; copies of a wire are left out."""
        names = (report.outlet for report in self.reports if report.copy_of is None)
        return tuple(dict.fromkeys(names))
