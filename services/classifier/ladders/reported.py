"""Running totals that an article reports, kept beside our own count of what its main event is about."""

from services.classifier.incidents import Decision
from services.classifier.ladders.counting import subjects_of
from shared.contracts import Coding, ReportedTally


def reported(decision: Decision, coding: Coding) -> dict[str, tuple[ReportedTally, ...]]:
    """The article's tallies, by each subject of its main event; none where it has no main event."""
    article, main = decision.article, coding.main
    if article is None or main is None or not main.escalates:
        return {}
    told = tuple(
        ReportedTally(
            tally=tally,
            article_id=article.id,
            outlet=article.outlet,
            url=article.url,
            published_at=article.published_at,
        )
        for tally in coding.tallies
    )
    return dict.fromkeys(subjects_of(main), told) if told else {}
