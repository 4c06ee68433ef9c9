"""Is this event what that incident is about? A vote over what they share (CODEBOOK §6), with its reason."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from services.classifier.incidents.comparing.headings import family
from services.classifier.incidents.fusing import fusion
from services.classifier.incidents.matching.law import one_by_law
from services.classifier.incidents.matching.likeness import copied_by, features
from services.classifier.voting import Features, Vote, vote_of
from shared.contracts import Article, ClaimStatus, Event, EventType, Incident, Report

WEIGHTS = Path(__file__).parent / "weights.json"
"""Fitted on streams of news whose incidents are known (docs/model.md)."""
JOINS, RECALLS = 0.35, 0.5
"""Least share of a report that belongs to an incident; of one that only looks back at a deed."""
MERGES = 0.5
"""Least share of a report that shows its incident and another to be one."""
_MOST_DAYS = 0.5
"""Share of the reports that print another day than this one, from which it is another deed's."""
ALIKE = 0.2
"""Share of long words in common from which a day may be misprinted, or an act misread."""
_KINDRED = (
    {"blockade", "restrict"},
    {"arrest", "deport"},
    {"martial-law", "curfew", "coup"},
    {"troops", "naval", "alert", "militia", "nuclear"},
    {"violence", "ultimatum", "war-declaration"},
    {"expel", "recall", "break-relations"},
    {"sanction", "suspend-aid"},
)
"""Modes between which the reports of one act waver. Outside force the family alone is too wide: a state that
seizes a ship and deports a man on one day has done two things."""
LITTLE = 0.05
"""Share of long words in common below which the codes alone must prove it..."""
SURE, SCANT = 0.7, 0.02
"""...and the share of words below which they must where the vote is as sure as this."""
MEANT = 0.5
"""Nearness of what two texts are about that speaks for one thing as the words in common do."""
_TOLD_ALIKE = 0.45
"""Share of long words in common from which reversed sides are misread, not the answer to a blow."""
_MUTUAL = ("clash", "naval")
"""Acts of which each side may be called the doer."""
_NAMED = 4
"""Things that a reason names, the weightiest first."""
_SAID = {
    "town and day": "the same town and day",
    "same place name": "a place of the same name",
    "same day": "the same day",
    "same mode": "the same act",
    "mode told before": "an act told before",
    "actors same": "the same hand",
    "recipients same": "the same side hit",
    "same toll": "the same toll",
    "toll grew": "a toll that grew",
    "many names shared": "names in common",
    "names shared": "names in common",
    "numbers shared": "numbers in common",
    "texts alike": "alike in words",
    "titles alike": "alike in their titles",
    "meaning": "about the same",
}
"""What a person is told of a feature that speaks for it."""


@dataclass(frozen=True)
class Match:
    """Why an event belongs to an incident; of two matches the one of greater ``strength`` is better."""

    because: str
    strength: float
    copy_of: str | None = None


def match(event: Event, article: Article, incident: Incident) -> Match | None:
    """Say whether the event belongs to the incident; None when it does not.

    Another family of deeds is another incident whatever they share, and what its sources withdrew is
    nobody's. What was merged or what a person retracted still knows its own, so that it opens no second time.
    """
    if is_nobodys(incident):
        return None
    found = (_match(event, article, telling) for telling in _tellings(incident))
    return next((each for each in found if each is not None), None)


def _tellings(incident: Incident) -> Iterator[Incident]:
    """The incident as it stands, then, where a person corrected it, as its reports go on telling it."""
    yield incident
    if incident.by_hand and incident.reports:
        yield incident.model_copy(update={"event": fusion.fuse(incident.reports)})


def _match(event: Event, article: Article, incident: Incident) -> Match | None:
    if family(event) != family(incident.event):
        return None
    found = features(event, article, incident)
    if _contradict(event, incident.event, found):
        return None
    vote = shipped()
    share = vote.share(found)
    # An article's words are its main event's: they prove nothing of what it tells in passing.
    denied = event.claim.status == ClaimStatus.DENIED
    in_passing = not (event.main or event.recalled or denied)
    copied = copied_by(article, incident.reports) if found["copy"] else None
    if in_passing or (not _met(found, SCANT if share >= SURE else LITTLE) and copied is None):
        told_so = in_passing and copied is not None and not copied.main
        share = max(share, JOINS) if told_so or one_by_law(event, article, incident) else 0.0
    if event.recalled and (not _met(found, LITTLE) or (denied and found.get("actors other") == 1.0)):
        return None  # what is only recalled is never proven by its codes alone, nor denied by a bystander
    if share < (RECALLS if event.recalled else JOINS):
        return None
    if copied is not None:
        return Match("copies an earlier report", share, copied.article_id)
    return Match(_because(found, vote, share), share)


def is_nobodys(incident: Incident) -> bool:
    """Whether it was retracted because nothing supports it: what comes later is something new."""
    return incident.retracted and not (incident.retracted_by or incident.merged_into)


def contradicts(event: Event, article: Article, incident: Incident) -> bool:
    """Whether something sets the event apart from the incident that no likeness outweighs."""
    return all(
        family(event) != family(told.event) or _contradict(event, told.event, features(event, article, told))
        for told in _tellings(incident)
    )


def _contradict(event: Event, known: Event, found: Features) -> bool:
    """What no likeness outweighs (CODEBOOK §6): the answer to a blow; unless words agree, another act or day.

    And one agency's two stories of one morning may differ in the town alone.
    """
    # Of a clash or a ramming in one place on one day each side says that the other began.
    mutual = event.mode in _MUTUAL and event.mode == known.mode and found["town and day"] > 0
    answered = found["sides reversed"] and found["words shared"] < _TOLD_ALIKE and not mutual
    if answered or (found["copy"] and found.get("towns apart") == 1.0):
        return True
    printed = found.get("printed days differ", 0.0) > _MOST_DAYS and not found.get("same day", 0.0)
    other_day = printed or found.get("days apart", 0.0) > 0
    return (other_day or not _acts_agree(event, known)) and not _met(found, ALIKE)


def _met(found: Features, words: float) -> bool:
    """Whether texts agree, whatever their codes: in such a share of words, or in what they are about."""
    return found["words shared"] >= words or found.get("meaning", 0.0) >= MEANT


def _acts_agree(one: Event, other: Event) -> bool:
    """Whether two modes may tell of one act: any of force, else the same or a neighbouring one."""
    if one.mode is None or other.mode is None or one.mode == other.mode or family(one) == EventType.ASSAULT:
        return True
    return any(one.mode in kin and other.mode in kin for kin in _KINDRED)


@lru_cache(maxsize=1)
def shipped() -> Vote:
    """The vote of this release."""
    return vote_of(json.loads(WEIGHTS.read_text(encoding="utf-8")))


def _because(found: Features, vote: Vote, share: float) -> str:
    worth = {name: value * vote.weights.get(name, 0.0) for name, value in found.items() if name in _SAID}
    first = sorted((name for name in worth if worth[name] > 0), key=lambda name: -worth[name])
    said = list(dict.fromkeys(_SAID[name] for name in first))[:_NAMED]
    return f"{share:.0%} sure of one thing: {', '.join(said) or 'nothing speaks against it'}"


def own_report(article: Article, incident: Incident) -> Report | None:
    """What an earlier revision of this article gave to the incident, or None."""
    return next((report for report in incident.reports if report.article_id == article.id), None)
