"""Where a report stands that a person placed, and where one goes whose incident was merged into another."""

from collections.abc import Iterator, Sequence

from services.classifier.incidents.comparing.headings import family
from services.classifier.incidents.fusing import fusion
from services.classifier.incidents.matching import matcher
from services.classifier.incidents.weighing import Weighing
from shared.contracts import Article, Event, Incident, Report

BECAUSE = "a newer revision of a report that a person placed here"


def home_of(incident: Incident, weighing: Weighing) -> Incident | None:
    """The incident itself, or the one at the end of its merges; None where that one was not read."""
    if incident.merged_into is None:
        return None if matcher.is_nobodys(incident) else incident
    known = {each.id: each for each in weighing.states}
    seen: set[str] = set()
    while incident.merged_into is not None:
        seen.add(incident.id)
        following = known.get(incident.merged_into)
        if following is None or following.id in seen:
            return None
        incident = following
    return None if matcher.is_nobodys(incident) else incident


def as_it_led(merged: Incident, home: Incident) -> Incident | None:
    """What was merged, by those of its reports that its home has still; None where all have left it since.

    A person split them off again, or a newer revision moved out: they lead no report there any more.
    """
    there = {report.article_id for report in home.reports}
    left = tuple(report for report in merged.reports if report.article_id in there)
    if len(left) == len(merged.reports):
        return merged
    return merged.model_copy(update={"reports": left, "event": fusion.fuse(left)}) if left else None


def held(weighing: Weighing, events: Sequence[tuple[int, Event]]) -> Iterator[tuple[Incident, int, Event]]:
    """The incidents that hold this article by a person's work, each with the event of the revision it keeps.

    What a person retracted holds its reports as well: a revision brings none of them back.
    """
    left = list(events)
    for incident in sorted(weighing.before.values(), key=lambda each: each.id):
        own = _held_report(weighing.article, incident)
        told = [pair for pair in left if own is not None and _tells_of_it(own, pair[1])]
        if own is not None and told:
            # The likest of several: of its family, as main as it was, the first.
            pair = min(told, key=lambda each: _unlike(own, *each))
            left.remove(pair)
            yield incident, *pair


def _held_report(article: Article, incident: Incident) -> Report | None:
    own = matcher.own_report(article, incident)
    if own is None or incident.merged_into or matcher.is_nobodys(incident):
        return None
    return own if own.placed_by or incident.retracted_by else None


def _tells_of_it(own: Report, event: Event) -> bool:
    return not _other_family(own, event) or (event.main and own.main)


def _unlike(own: Report, ordinal: int, event: Event) -> tuple[bool, bool, int]:
    return _other_family(own, event), event.main != own.main, ordinal


def _other_family(own: Report, event: Event) -> bool:
    return family(event) != family(own.event)
