"""A change that had to wait is looked at again when its quiet period is over, whether or not news came."""

from datetime import datetime, timedelta

from services.classifier.incidents.decision import Decision
from services.classifier.incidents.telling import announcing, composing
from shared.contracts import Alert, Incident

_BECAUSE = "the quiet period is over"


def wake(incident: Incident, *, now: datetime, quiet: timedelta) -> Decision | None:
    """Ring once with the incident as it now stands, if that is still news; None when nothing waits yet."""
    if incident.wakes_at is None or incident.wakes_at > now:
        return None
    verdict = announcing.judge_waking(incident, now=now, quiet=quiet)
    after = incident.model_copy(update={"version": incident.version + 1})
    alerts: tuple[Alert, ...] = ()
    if verdict.kind is not None:
        after = announcing.rung(after, verdict)
        alerts = (composing.alert_of(after, verdict, now, article_id=None),)
    after = composing.with_step(after, verdict, now, because=_BECAUSE)
    return Decision(article=None, reason=verdict.reason, incidents=(after,), alerts=alerts)
