"""An event in, a score from 0 to 100 and its tier out: the documented sum of CODEBOOK §7.

Points were set by hand so that a threat lands in *Minor* or *Moderate*, a strike without known dead in
*Moderate* or *Severe*, a hundred dead or a strike between states in *Severe*, a mass killing or an
unconventional weapon in *Extreme*. More outlets never add points: that is certainty.
"""

from dataclasses import dataclass
from datetime import date

from shared.contracts import Event, Past, Severity, SeverityTerm, Tier

ENOUGH_DAYS = 90
"""Days that must have been observed before 'first in 90 days' or a rate means anything."""
TOO_SHORT = "history too short"
NAMELESS = "not both sides are named"

_HOSTILITY = {1: 0.0, 2: 10.0, 3: 18.0, 4: 30.0, 5: 40.0}
_FATALITIES = (
    # MID fatality bands above 25; finer steps below, where most incidents lie.
    (0, 0.0, "nobody killed"),
    (2, 6.0, "1-2 killed"),
    (5, 9.0, "3-5 killed"),
    (10, 12.0, "6-10 killed"),
    (25, 16.0, "11-25 killed"),
    (100, 22.0, "26-100 killed"),
    (250, 27.0, "101-250 killed"),
    (500, 31.0, "251-500 killed"),
    (999, 34.0, "501-999 killed"),
)
_WEAPONS = {
    "nuclear": 20.0,
    "unconventional": 18.0,
    "missile": 9.0,
    "aircraft": 9.0,
    "drone": 7.0,
    "naval": 6.0,
    "artillery": 6.0,
    "explosives": 6.0,
    "small-arms": 3.0,
    "blade": 1.0,
    "crowd": 1.0,
    "unspecified": 3.0,
}
_MODES = {
    "airstrike": "aircraft",
    "drone": "drone",
    "missile": "missile",
    "artillery": "artillery",
    "naval": "naval",
    "explosives": "explosives",
    "suicide-attack": "explosives",
    "firearms": "small-arms",
    "clash": "small-arms",
    "unconventional": "unconventional",
    "nuclear": "nuclear",
}
_STATES = frozenset({"GOV", "MIL", "SPY", "COP"})
NUCLEAR = frozenset({"USA", "RUS", "CHN", "GBR", "FRA", "IND", "PAK", "PRK", "ISR"})
"""States that have nuclear weapons (SIPRI Yearbook)."""
_TIERS = ((25.0, Tier.MINOR), (50.0, Tier.MODERATE), (75.0, Tier.SEVERE))


@dataclass(frozen=True, slots=True)
class History:
    """What is remembered of the two sides of an event; ``days_observed`` says how far back that goes."""

    days_observed: int = 0
    last_same_kind: date | None = None
    """The last event of this type between these sides, or None when none was seen."""
    rate_vs_baseline: float | None = None
    """Events between the two sides this week over their own weekly average."""
    answers_earlier: bool = False
    """Whether it answers an incident that another article reported."""
    named: bool = True
    """Whether both sides have a name, without which they have no past."""
    above: bool = True
    """Whether the rate is outside its baseline: twice next to nothing is nothing yet."""
    rate_because: str = ""
    """The arithmetic of the rate."""

    @classmethod
    def of(cls, past: Past | None, *, answers_earlier: bool = False) -> "History":
        """The history that an incident's past is."""
        if past is None:
            return cls(answers_earlier=answers_earlier)
        return cls(
            days_observed=past.days_observed,
            last_same_kind=past.last_same_kind,
            rate_vs_baseline=past.rate,
            answers_earlier=answers_earlier,
            named=bool(past.subject),
            above=past.above,
            rate_because=past.rate_because,
        )


def severity_of(event: Event, history: History | None = None) -> Severity:
    """The severity of an event; the terms' points sum to the score, before it is held within 0 and 100."""
    terms: tuple[SeverityTerm, ...] = (
        _hostility(event),
        _killed(event),
        _injured(event),
        _weapon(event),
        _sides(event),
        _nuclear(event),
        _answer(event, history),
        _first(event, history),
        _rate(history),
    )
    score = round(min(100.0, max(0.0, sum(term.points for term in terms))), 1)
    if event.direction != "escalatory":
        score = 0.0
        terms = (SeverityTerm(name="direction", points=0.0, reason="it does not escalate"),)
    tier = next((tier for limit, tier in _TIERS if score < limit), Tier.EXTREME)
    return Severity(score=score, tier=tier, terms=terms)


def _hostility(event: Event) -> SeverityTerm:
    names = {1: "no force", 2: "threat of force", 3: "display of force", 4: "use of force", 5: "war"}
    return SeverityTerm(
        name="hostility",
        points=_HOSTILITY[event.hostility],
        reason=f"MID level {event.hostility}: {names[event.hostility]}",
    )


def _killed(event: Event) -> SeverityTerm:
    killed = event.casualties.killed
    if killed is None:
        return SeverityTerm(name="killed", points=0.0, reason="killed not stated")
    for limit, points, reason in _FATALITIES:
        if killed.low <= limit:
            return SeverityTerm(name="killed", points=points, reason=reason)
    return SeverityTerm(name="killed", points=36.0, reason="over 999 killed")


def _injured(event: Event) -> SeverityTerm:
    others = [c for c in (event.casualties.injured, event.casualties.abducted, event.casualties.missing) if c]
    low = sum(count.low for count in others)
    points = 0.0 if low == 0 else 2.0 if low < 10 else 4.0 if low < 50 else 6.0
    reason = f"{low} injured, abducted or missing" if others else "injured not stated"
    return SeverityTerm(name="injured", points=points, reason=reason)


def _weapon(event: Event) -> SeverityTerm:
    kind = (
        event.weapon_class
        if event.weapon_class not in (None, "unspecified")
        else _MODES.get(event.mode or "")
    )
    kind = kind or event.weapon_class
    if kind is None or event.hostility < 3:
        return SeverityTerm(
            name="weapon", points=0.0, reason="weapon not stated" if kind is None else "no force used"
        )
    return SeverityTerm(name="weapon", points=_WEAPONS.get(kind, 0.0), reason=f"weapon class {kind}")


def _states_of(event: Event) -> tuple[set[str], set[str]]:
    acting = {a.country for a in event.actors if a.country and a.sector in _STATES}
    suffering = {a.country for a in event.recipients if a.country and a.sector in _STATES}
    return acting, suffering


def _sides(event: Event) -> SeverityTerm:
    acting, suffering = _states_of(event)
    if acting and suffering and acting != suffering:
        return SeverityTerm(name="states", points=12.0, reason="between states")
    if acting or suffering:
        return SeverityTerm(name="states", points=5.0, reason="a state on one side")
    return SeverityTerm(name="states", points=0.0, reason="no state on either side")


def _nuclear(event: Event) -> SeverityTerm:
    acting, suffering = _states_of(event)
    armed = sorted((acting | suffering) & NUCLEAR)
    if armed and acting and suffering and acting != suffering:
        return SeverityTerm(
            name="nuclear state", points=8.0, reason=f"{', '.join(armed)} against another state"
        )
    if armed:
        return SeverityTerm(
            name="nuclear state", points=3.0, reason=f"{', '.join(armed)} has nuclear weapons"
        )
    return SeverityTerm(name="nuclear state", points=0.0, reason="no nuclear state")


def _answer(event: Event, history: History | None) -> SeverityTerm:
    if event.responds_to is not None:
        return SeverityTerm(
            name="tit for tat", points=5.0, reason=f"answers an earlier act ({event.responds_to.cue})"
        )
    if history is not None and history.answers_earlier:
        return SeverityTerm(name="tit for tat", points=5.0, reason="answers an earlier incident")
    return SeverityTerm(name="tit for tat", points=0.0, reason="answers nothing named")


def _first(event: Event, history: History | None) -> SeverityTerm:
    if history is None or history.days_observed < ENOUGH_DAYS:
        return SeverityTerm(name="first in 90 days", points=0.0, reason=TOO_SHORT)
    if not history.named:
        return SeverityTerm(name="first in 90 days", points=0.0, reason=NAMELESS)
    if history.last_same_kind is None:
        return SeverityTerm(
            name="first in 90 days", points=8.0, reason=f"none seen in {history.days_observed} days"
        )
    day = event.occurred_on
    if day is not None and (day - history.last_same_kind).days > ENOUGH_DAYS:
        return SeverityTerm(
            name="first in 90 days", points=8.0, reason=f"last on {history.last_same_kind.isoformat()}"
        )
    return SeverityTerm(
        name="first in 90 days", points=0.0, reason=f"last on {history.last_same_kind.isoformat()}"
    )


def _rate(history: History | None) -> SeverityTerm:
    if history is not None and history.days_observed >= ENOUGH_DAYS and not history.named:
        return SeverityTerm(name="rate", points=0.0, reason=NAMELESS)
    if history is None or history.days_observed < ENOUGH_DAYS or history.rate_vs_baseline is None:
        return SeverityTerm(name="rate", points=0.0, reason=TOO_SHORT)
    rate = history.rate_vs_baseline
    points = 0.0 if rate < 2 or not history.above else 3.0 if rate < 4 else 6.0
    because = f" ({history.rate_because})" if history.rate_because else ""
    return SeverityTerm(name="rate", points=points, reason=f"{rate:.1f} times the usual rate{because}")
