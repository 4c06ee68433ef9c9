"""What a late listener missed: the alerts of an incident that rang before the first one that he hears.

They stand in the first message's ``data.story``, oldest first, each with its ``sequence``, ``kind``, ``at``,
``reason``, ``headline`` (of the article that moved it, where that report is still kept) and ``changes``.
"""

from typing import Any

from shared.contracts import Alert, Change, Incident

MOST = 12
"""Alerts told: the first and the newest of those before."""
CHANGES, TEXT = 5, 300


def story(alert: Alert, incident: Incident | None) -> list[dict[str, Any]]:
    """What rang of the incident before this alert; nothing where the incident is kept no more."""
    if incident is None:
        return []
    headlines = {report.article_id: report.title for report in incident.reports}
    rang = [each for each in incident.history if 0 < each.sequence < alert.sequence]
    kept = rang if len(rang) <= MOST else [rang[0], *rang[1 - MOST :]]
    return [_line(each, headlines.get(each.article_id, "")) for each in kept]


def _line(change: Change, headline: str) -> dict[str, Any]:
    return {
        "sequence": change.sequence,
        "kind": str(change.kind),
        "at": change.at.isoformat(),
        "reason": str(change.reason),
        "headline": headline[:TEXT],
        "changes": [each[:TEXT] for each in change.changes[:CHANGES]],
    }
