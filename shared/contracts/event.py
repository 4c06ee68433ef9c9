"""A coded event: who did what to whom, where, when, with what, at what cost.

The field's standards: event types and modes from the PLOVER manual (Open Event Data Alliance), sectors
from PLOVER entities, claims from the GTD codebook, dates from ACLED, certainty from OASIS CAP 1.2, and the
cross-walk to CAMEO, Goldstein (1992) and the MID hostility levels. A value that this release does not
know stays a plain string, so that a newer coder's events survive an older reader.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.base import Part


class EventType(StrEnum):
    """PLOVER's sixteen types; the first six escalate (PROTEST only when violent)."""

    ASSAULT = "ASSAULT"
    COERCE = "COERCE"
    MOBILIZE = "MOBILIZE"
    THREATEN = "THREATEN"
    SANCTION = "SANCTION"
    PROTEST = "PROTEST"
    AGREE = "AGREE"
    CONSULT = "CONSULT"
    SUPPORT = "SUPPORT"
    CONCEDE = "CONCEDE"
    COOPERATE = "COOPERATE"
    AID = "AID"
    RETREAT = "RETREAT"
    REQUEST = "REQUEST"
    ACCUSE = "ACCUSE"
    REJECT = "REJECT"


class Direction(StrEnum):
    ESCALATORY = "escalatory"
    DEESCALATORY = "deescalatory"
    NEUTRAL = "neutral"


class Status(StrEnum):
    """Whether it happened: PLOVER's auxiliary modes."""

    ACTUAL = "actual"
    THREATENED = "threatened"
    HISTORICAL = "historical"
    HYPOTHETICAL = "hypothetical"
    NEGATED = "negated"


class Sector(StrEnum):
    """PLOVER's sectors of actors, as far as escalation needs them."""

    GOVERNMENT = "GOV"
    MILITARY = "MIL"
    REBELS = "REB"
    SPIES = "SPY"
    POLICE = "COP"
    CIVILIANS = "CVL"
    INTERNATIONAL = "IGO"
    PARTY = "PTY"
    CRIMINALS = "CRM"
    UNKNOWN = "UNK"


class Precision(StrEnum):
    """How fine a place is known."""

    EXACT = "exact"
    CITY = "city"
    REGION = "region"
    COUNTRY = "country"


class ClaimStatus(StrEnum):
    CLAIMED = "claimed"
    DENIED = "denied"
    ATTRIBUTED = "attributed"
    UNKNOWN = "unknown"


class Certainty(StrEnum):
    """CAP 1.2's words for how sure we are; rises with independent voices, never with copies."""

    OBSERVED = "observed"
    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"


class Actor(Part):
    """One side of an event; ``country`` and ``backed_by`` are ISO 3166-1 alpha-3."""

    text: str
    """As printed; empty for a side that no word names, such as the unknown attackers of a bombing."""
    name: str
    """Canonical: one group has one name whatever the outlet prints."""
    country: str | None = None
    sector: Annotated[Sector | str, Field(union_mode="left_to_right")] = Sector.UNKNOWN
    backed_by: tuple[str, ...] = ()


class Place(Part):
    """Where; ``lat`` and ``lon`` in degrees (WGS 84), null when only a name is known."""

    name: str
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision: Annotated[Precision | str, Field(union_mode="left_to_right")] = Precision.COUNTRY


class Count(Part):
    """A number of people as a closed range; ``low == high`` when the text gives one number."""

    low: int
    high: int


class Casualties(Part):
    """The cost of *this* event. Null is not stated; 0-0 is stated as none."""

    killed: Count | None = None
    injured: Count | None = None
    missing: Count | None = None
    abducted: Count | None = None
    arrested: Count | None = None


class Claim(Part):
    """Who says who did it (GTD)."""

    by: str | None = None
    denied_by: tuple[str, ...] = ()
    attributed_by: str | None = None
    status: Annotated[ClaimStatus | str, Field(union_mode="left_to_right")] = ClaimStatus.UNKNOWN


class Response(Part):
    """What an event answers: the cue as printed, the earlier act's words, and its event when coded."""

    cue: str
    text: str
    event: int | None = None
    """The ordinal of the answered event within the same article, when it is one of them."""


class Evidence(Part):
    """Where a field's words stand: code points in ``Article.text`` of the coded revision."""

    field: str
    start: int
    end: int
    text: str


class Tally(Part):
    """A running total that the text reports; never the casualties of a new event."""

    count: int
    of: str
    since: date | None = None
    according_to: str | None = None


class Event(Part):
    """One coded event; ``main`` marks the newest one in title and lead, at most one an article."""

    event_type: Annotated[EventType | str, Field(union_mode="left_to_right")]
    mode: str | None = None
    direction: Annotated[Direction | str, Field(union_mode="left_to_right")] = Direction.ESCALATORY
    status: Annotated[Status | str, Field(union_mode="left_to_right")] = Status.ACTUAL
    main: bool = False
    actors: tuple[Actor, ...] = ()
    recipients: tuple[Actor, ...] = ()
    place: Place | None = None
    occurred_on: date | None = None
    """The local date at the place."""
    date_precision: Annotated[int, Field(ge=1, le=3)] | None = None
    """1 a day, 2 a week, 3 a month (ACLED)."""
    date_inferred: bool = True
    """False when the text prints the day; inferred days match within one day (CODEBOOK §6)."""
    weapon: str | None = None
    """As printed."""
    weapon_class: str | None = None
    casualties: Casualties = Casualties()
    claim: Claim = Claim()
    responds_to: Response | None = None
    cameo: str | None = None
    goldstein: float | None = None
    hostility: Annotated[int, Field(ge=1, le=5)] = 1
    """MID: 1 none, 2 threat of force, 3 display, 4 use, 5 war."""
    certainty: Annotated[Certainty | str, Field(union_mode="left_to_right")] = Certainty.LIKELY
    evidence: tuple[Evidence, ...] = ()
    meaning: str = ""
    """What the words are about in which it was told, as numbers in base64, by which reports of one thing find
    each other; only of a main or a recalled event, and empty in alerts."""

    @property
    def escalates(self) -> bool:
        """Whether it may open or join an incident: escalatory, and actual or openly threatened."""
        return self.direction == Direction.ESCALATORY and self.status in (Status.ACTUAL, Status.THREATENED)

    @property
    def recalled(self) -> bool:
        """Whether it is only background of its article's news: it may join an incident, never open one."""
        return self.direction == Direction.ESCALATORY and self.status == Status.HISTORICAL
