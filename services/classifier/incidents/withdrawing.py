"""A newer revision that no longer tells of an incident takes its report back."""

from services.classifier.incidents.comparing.headings import family
from services.classifier.incidents.matching import matcher
from services.classifier.incidents.telling import announcing
from services.classifier.incidents.weighing import Weighing


def withdraw(weighing: Weighing) -> None:
    """Take back what this article reported before and tells no more.

    Only in the feed that gave it: another feed's shorter rendition of the page takes nothing back.
    """
    article = weighing.article
    for incident in weighing.before.values():
        own = matcher.own_report(article, incident)
        if own is None or incident.retracted or incident.id in weighing.after:
            continue
        if own.revision >= article.revision or own.feed_id != article.feed_id:
            continue
        others = tuple(r for r in incident.reports if r.article_id != article.id)
        telling = [report for report in others if not report.event.recalled]
        gone = not telling and incident.reports_count <= 1 + len(others)
        after = weighing.retold(
            incident, others if telling else incident.reports, max(0, incident.reports_count - 1)
        )
        after = after.model_copy(update={"retracted": gone})
        verdict = (
            announcing.judge_withdrawal(incident)
            if gone
            else announcing.judge_change(
                incident,
                after,
                main=False,
                stale=weighing.stale,
                revised=True,
                now=weighing.now,
                quiet=weighing.quiet,
            )
        )
        weighing.put(after, verdict, own.event)
        if not gone:
            _tell_of_a_split(weighing, incident.id, family(own.event))


def _tell_of_a_split(weighing: Weighing, left: str, kind: str) -> None:
    """What the revision opened instead, of the same family, was split from what it left."""
    for joining in weighing.joinings:
        opened = weighing.after[joining.incident_id]
        if opened.id in weighing.before or opened.split_from or family(opened.event) != kind:
            continue
        weighing.after[opened.id] = opened.model_copy(update={"split_from": left})
        weighing.because[opened.id] = f"{joining.because}: a newer revision moved out of {left}"
        weighing.because[left] = f"a newer revision tells of {opened.id} instead"
        return
