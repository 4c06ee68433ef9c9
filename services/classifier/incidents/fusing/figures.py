"""Counts of people with who gives them: what one report counts, and the best figure of all reports.

The newest official count is the best one, else the newest; what a side of the fight counts is a claim, and
the best only where nobody else counts. What other voices tell beside it makes its range: older lower tolls
of a rising count are history, and a count that its own voice revised is gone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.classifier.coding.text.numbers import numbers_in
from services.classifier.coding.text.reading import Sentence
from services.classifier.coding.text.sentences import read
from services.classifier.incidents.comparing.sides import same_side
from services.classifier.incidents.fusing.sayers import Said, said_by, speaker_of
from shared.contracts import (
    Actor,
    Article,
    Casualties,
    Count,
    Counted,
    Event,
    Figure,
    Figures,
    Report,
    Sayer,
    Sector,
    of_a_side,
    speaks_for,
)
from shared.contracts.incident import MOVEMENT

RIVALS_WITHIN = timedelta(hours=12)
"""How long before the newest report a count still stands beside it, and an official one is not outdated."""
OVERTAKEN_BY = 2
"""Other voices that must tell of more before an official count is the past of a rising toll."""
_HARM = {
    "killed": "killed kill kills killing dead die dies died deaths death toll fatalities bodies lives slain "
    "martyred shot",
    "injured": "injured injuring injuries wounded wounding hurt wounds maimed",
    "missing": "missing",
    "abducted": "abducted kidnapped taken seized hostage hostages abduction",
    "arrested": "arrested arrests detained held rounded custody",
}
_WORDS = {field: frozenset(words.split()) for field, words in _HARM.items()}
_AT_LEAST = (("at", "least"), ("more", "than"), ("no", "fewer", "than"), ("over",), ("a", "minimum", "of"))
_ARMED = (Sector.MILITARY, Sector.SPIES)


# ---- what one report counts ---------------------------------------------------------------------


def counted_in(article: Article, event: Event) -> tuple[Counted, ...]:
    """Who gives each count of an event in its article."""
    stated = [
        (field, count)
        for field in Casualties.model_fields
        if (count := getattr(event.casualties, field)) is not None
    ]
    if not stated:
        return ()
    sentences, _ = read(article)
    return tuple(_counted(field, count, event, sentences) for field, count in stated)


def _counted(field: str, count: Count, event: Event, sentences: Sequence[Sentence]) -> Counted:
    proofs = [e.start for e in event.evidence if e.field == f"casualties.{field}"]
    found: list[tuple[Said | None, bool]] = []
    speaker: Said | None = None
    for sentence in sentences:
        if any(sentence.start <= start < sentence.end for start in proofs) or _WORDS[field] & set(
            sentence.norms
        ):
            for first, last in _stated(field, count, sentence):
                found.append((said_by(sentence, first, speaker), _is_at_least(sentence, first, last)))
        speaker = speaker_of(sentence, speaker)
    # A headline often leaves out whose count it is, and the lead tells: an official one is looked for first.
    found.sort(key=lambda pair: (pair[0] is None or not pair[0].sayer.official, pair[0] is None))
    who, least = found[0] if found else (None, False)
    least = least or any(each for _, each in found)
    if who is None:
        return Counted(field=field, count=count, at_least=least)
    return Counted(
        field=field,
        count=count,
        at_least=least,
        sayer=who.sayer,
        said_by=who.printed,
        voice=who.voice,
        name=who.name,
        country=who.country,
    )


def _stated(field: str, count: Count, sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Where a sentence states the count; *a monk was killed* and *nobody was hurt* print no number."""
    for number in numbers_in(sentence):
        if number.count == count:
            yield number.first, number.last
    if count.high <= 1:
        article = ("a", "an") if count.high else ("nobody", "no", "none")
        harm = next((i for i, norm in enumerate(sentence.norms) if norm in _WORDS[field]), None)
        if harm is not None and set(article) & set(sentence.norms):
            yield harm, harm + 1


def _is_at_least(sentence: Sentence, first: int, last: int) -> bool:
    norms = sentence.norms
    return any(
        norms[max(0, at - len(words)) : at] == words for words in _AT_LEAST for at in range(first, last)
    )


# ---- what all reports make of it ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Told:
    """One count with its report: whose voice it is in the end, and whether only a side says so."""

    counted: Counted
    report: Report
    claim: bool
    outlet: str
    """Whose report it is in the end: a copy's is the voice that it copies, whose newer count it may print."""

    @property
    def at(self) -> datetime:
        return self.report.published_at

    @property
    def voice(self) -> str:
        return self.counted.voice or f"outlet {self.outlet}"

    @property
    def official(self) -> bool:
        sayer = self.counted.sayer
        return isinstance(sayer, Sayer) and sayer.official and not self.claim


def best(reports: Iterable[Report], event: Event) -> Figures:
    """The best figure of every cost that is stated; ``event`` tells the sides and the place."""
    ordered = sorted(reports, key=lambda report: (report.published_at, report.article_id))
    by_id = {report.article_id: report for report in ordered}
    told: dict[str, list[_Told]] = {}
    for report in ordered:
        for counted in _of(report):
            told.setdefault(counted.field, []).append(
                _Told(counted, report, _is_claim(counted, report, event), _outlet(report, by_id))
            )
    return Figures(**{field: _figure(counts) for field, counts in told.items()})


def _outlet(report: Report, by_id: Mapping[str, Report]) -> str:
    seen = {report.article_id}
    while report.copy_of is not None and report.copy_of in by_id and report.copy_of not in seen:
        report = by_id[report.copy_of]
        seen.add(report.article_id)
    return report.voice or report.outlet


def casualties_of(figures: Figures) -> Casualties:
    """The same as the costs of an event."""
    stated = {field: getattr(figures, field) for field in Casualties.model_fields}
    return Casualties(
        **{field: Count(low=f.low, high=f.high) for field, f in stated.items() if f is not None}
    )


def worth_keeping(ordered: Sequence[Report]) -> set[str]:
    """The articles without which a figure or its range would change; ``ordered`` by publication."""
    kept: set[str] = set()
    for field in Casualties.model_fields:
        stated = [(c, report) for report in ordered for c in _of(report) if c.field == field]
        official = [pair for pair in stated if isinstance(pair[0].sayer, Sayer) and pair[0].sayer.official]
        edge = stated[-1][1].published_at - RIVALS_WITHIN if stated else None
        late = [pair for pair in stated if edge is not None and pair[1].published_at >= edge]
        needed = [*stated[-1:], *official[-1:]]
        if late:
            needed.append(min(late, key=lambda pair: pair[0].count.low))
            needed.append(max(late, key=lambda pair: pair[0].count.high))
        kept.update(report.article_id for _, report in needed)
    return kept


def _of(report: Report) -> tuple[Counted, ...]:
    """A report's counts; what an older release kept without a sayer is its outlet's."""
    known = {counted.field: counted for counted in report.figures}
    return tuple(
        known[field] if field in known and known[field].count == count else Counted(field=field, count=count)
        for field in Casualties.model_fields
        if (count := getattr(report.event.casualties, field)) is not None
    )


def _is_claim(counted: Counted, report: Report, event: Event) -> bool:
    """Whether a side gives this count: of its enemy's losses, of its own troops', or of what it did.

    Authorities that count the people who were hit in their land are no side of the fight.
    """
    sayer, name, country = counted.sayer, counted.name, counted.country
    if sayer == Sayer.OUTLET:
        if not of_a_side(report, event):
            return False
        sayer = Sayer.SIDE if report.voice.startswith(MOVEMENT) else Sayer.FORCES
        country = speaks_for(report)
    if sayer not in (Sayer.AUTHORITY, Sayer.FORCES):
        return sayer == Sayer.SIDE
    if not name and country is None and event.place is not None:
        country = event.place.country
    body = Actor(text="", name=name or country or "", country=country, sector=Sector.MILITARY)
    if any(actor.text and _one(body, actor) for actor in event.actors):
        return True
    troops = [each for each in event.recipients if each.sector in _ARMED]
    return sayer == Sayer.FORCES and any(_one(body, each) for each in troops)


def _one(body: Actor, side: Actor) -> bool:
    if body.country is None or side.country is None:
        return body.name.casefold() == side.name.casefold()
    return same_side(body, side)


def _figure(told: Sequence[_Told]) -> Figure:
    """Of one cost's counts, oldest first."""
    newest = told[-1].at
    latest = {each.voice: each for each in told}
    standing = [each for each in latest.values() if newest - each.at <= RIVALS_WITHIN]
    standing = [each for each in standing if not _only_vague(each, standing)] or list(told[-1:])
    chosen = _chosen(standing)
    since = min(
        (t.at for t in told if t.voice == chosen.voice and t.counted.count == chosen.counted.count),
        default=chosen.at,
    )
    rivals = [each for each in standing if each is not chosen and _is_rival(each, chosen, since)]
    count = chosen.counted.count
    low = min([count.low, *(each.counted.count.low for each in rivals)])
    high = max([count.high, *(each.counted.count.high for each in rivals)])
    differs = (low, high) != (count.low, count.high)
    return Figure(
        low=count.low,
        high=count.high,
        at_least=chosen.counted.at_least,
        said_by=chosen.counted.said_by or chosen.report.name or chosen.report.outlet,
        official=chosen.official,
        claim=chosen.claim,
        by_outlet=not chosen.counted.said_by,
        told=Count(low=low, high=high) if differs else None,
        at=chosen.at,
    )


def _chosen(standing: Sequence[_Told]) -> _Told:
    """The newest official count, unless two others have since told of more; else the newest, a claim last."""

    def newest(told: Sequence[_Told]) -> _Told:
        return max(told, key=lambda each: (each.at, each.report.article_id))

    neutral = [each for each in standing if not each.claim]
    official = [each for each in neutral if each.official]
    if not official:
        return newest(neutral or standing)
    best_ = newest(official)
    most = best_.counted.count.high
    more = [each for each in neutral if each.at > best_.at and each.counted.count.low > most]
    return newest(more) if len({each.voice for each in more}) >= OVERTAKEN_BY else best_


def _only_vague(one: _Told, others: Sequence[_Told]) -> bool:
    """*Several* beside *seven* says no more: it is neither better nor a rival."""
    mine = one.counted.count
    return mine.low < mine.high and any(
        mine.low <= each.counted.count.low <= each.counted.count.high <= mine.high
        and each.counted.count != mine
        for each in others
    )


def _is_rival(one: _Told, chosen: _Told, since: datetime) -> bool:
    """A lower count from before the chosen one was first given is the past of a rising toll."""
    mine, best_ = one.counted.count, chosen.counted.count
    return mine != best_ and (one.at >= since or mine.high > best_.high or one.claim)
