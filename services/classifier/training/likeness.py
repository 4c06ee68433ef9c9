"""The weights of the vote on one incident or two, fitted on streams of news whose incidents are known.

Each item of a stream is held against every incident that was told before it, which is built of its true
reports: so the vote learns from right company only. Labelled events, with and without what their texts are
about, and the coder's own teach together: no one thing shall be all that it goes by.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta, tzinfo

from sklearn.linear_model import LogisticRegression

from services.classifier.coding.events.severity import severity_of
from services.classifier.incidents import Voice
from services.classifier.incidents.comparing.headings import family
from services.classifier.incidents.filing.buckets import BACK_DAYS
from services.classifier.incidents.fusing import fusion
from services.classifier.incidents.matching.likeness import features
from services.classifier.incidents.telling import composing
from services.classifier.quality.codings import article_of
from services.classifier.quality.streams import Codes, StreamItem, labelled_coding
from services.classifier.voting import Features
from shared import outlets
from shared.contracts import Article, Coding, Event, Incident

_SMOOTHING = 0.3
Pair = tuple[Features, bool]
"""An event and an incident by their features, and whether they are one."""


def pairs(items: Sequence[StreamItem], code: Codes) -> Iterator[Pair]:
    """Every main event with every incident of its family of the last days."""
    zone_of = outlets.load().zone_of
    known: dict[str, Incident] = {}
    for item in items:
        article = article_of(item)
        event = _main(code(article, zone_of(article)))
        if event is None:
            continue
        earliest = article.published_at - timedelta(days=BACK_DAYS + 1)
        for name, incident in known.items():
            if incident.updated_at >= earliest and family(event) == family(incident.event):
                yield features(event, article, incident), name == item.incident
        name = item.incident or f"alone {item.id}"
        known[name] = _with_report(known.get(name), name, article, event)


def labels_of(items: Sequence[StreamItem]) -> Codes:
    """A coder without fault, of these items alone."""
    known = {(article := article_of(item)).id: labelled_coding(item, article) for item in items}
    return lambda article, zone: known[article.id]


def with_meanings(code: Codes, unseen: Mapping[str, str]) -> Codes:
    """The coder, but for what a text is about: that as a reader tells it who has not learned this text."""

    def coded(article: Article, zone: tzinfo) -> Coding:
        coding = code(article, zone)
        told = unseen.get(article.id, "")
        events = (
            e.model_copy(update={"meaning": told if e.main or e.recalled else ""}) for e in coding.events
        )
        return coding.model_copy(update={"events": tuple(events)})

    return coded


def _main(coding: Coding) -> Event | None:
    return next((event for event in coding.events if event.main and event.escalates), None)


def _with_report(incident: Incident | None, name: str, article: Article, event: Event) -> Incident:
    report = composing.report_of(article, event, Voice(), "labelled so")
    reports = fusion.keep((*(incident.reports if incident else ()), report))
    fused = fusion.fuse(reports)
    return Incident(
        id=name,
        opened_at=incident.opened_at if incident else article.published_at,
        updated_at=article.published_at,
        event=fused,
        severity=severity_of(fused),
        headline=article.title,
        reports=reports,
        reports_count=len(reports),
    )


def fitted(found: Sequence[Pair]) -> Mapping[str, object]:
    """The vote's weights, in the form that ``voting.vote_of`` reads."""
    names = sorted({name for each, _ in found for name in each})
    table = [[each.get(name, 0.0) for name in names] for each, _ in found]
    model = LogisticRegression(C=_SMOOTHING, max_iter=5000)
    model.fit(table, [one for _, one in found])
    weights = {name: round(float(value), 4) for name, value in zip(names, model.coef_[0], strict=True)}
    return {"bias": round(float(model.intercept_[0]), 4), "weights": weights}
