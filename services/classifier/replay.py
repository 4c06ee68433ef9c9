"""An archive replayed through the workers' own code, with an empty memory inside the process."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.classifier.coding import Coder
from services.classifier.desk import decide_and_commit
from services.classifier.incidents import Decision, Voices
from services.classifier.memory import PlainMemory
from services.classifier.waking import replay_until
from shared import outlets
from shared.clock import FakeClock
from shared.contracts import Alert, Article
from shared.ladders import Archive
from shared.outlets import Registry

_END = datetime.max.replace(tzinfo=UTC)
_NEVER_STALE = timedelta.max
# In an archive every article counts as fetched when it was published.


@dataclass(frozen=True)
class Replayed:
    """One article of the archive and what considering it did."""

    article: Article
    decision: Decision
    woken: tuple[Decision, ...] = ()
    """What had waited and came due since the article before; with the last one also what came due after."""


def in_published_order(articles: Iterable[Article]) -> list[Article]:
    """The order of a replay: by publication, and within one instant as they stand in the archive.

    An id that comes again is the next revision of its article.
    """
    revisions: Counter[str] = Counter()
    ordered = []
    for article in sorted(articles, key=lambda article: article.published_at):
        revisions[article.id] += 1
        ordered.append(article.model_copy(update={"revision": revisions[article.id]}))
    return ordered


def replay(
    articles: Iterable[Article],
    coder: Coder,
    registry: Registry | None = None,
    memory: PlainMemory | None = None,
    quiet: timedelta = timedelta(0),
) -> Iterator[Replayed]:
    """Consider each article at the moment of its publication, as the workers would have.

    ``registry`` knows the outlets; without it, the bundled one. ``memory`` is an empty one that the caller
    may look into afterwards. For one reason an incident rings once in ``quiet``; what had to wait is told by
    the archive's clock.
    """
    memory = memory or PlainMemory()
    registry = registry or outlets.load()
    voices = Voices(registry)
    last: Replayed | None = None
    for article in articles:
        if last is not None:
            yield last
        woken = replay_until(memory, article.published_at, quiet)
        clock = FakeClock(article.published_at)
        coding = coder.code(article, registry.zone_of(article))
        decision, _, _ = decide_and_commit(
            article, coding, memory, clock, stale_after=_NEVER_STALE, voice=voices.of(article), quiet=quiet
        )
        last = Replayed(article, decision, woken)
    if last is not None:
        yield replace(last, woken=(*last.woken, *replay_until(memory, _END, quiet)))


def to_line(replayed: Replayed) -> dict[str, Any]:
    """The documented line of ``tocsin backtest``: ``{id, incident_id, alert, incidents, also}``.

    ``also`` holds what else rang with the article, and with its time (``at``) what had waited and came due.
    """
    decision = replayed.decision
    main = decision.main_alert
    answers = {each.id: each.responds_to for each in decision.incidents}
    return {
        "id": replayed.article.id,
        "incident_id": decision.main_incident,
        "alert": _alert(main) if main else None,
        "incidents": [
            {
                "event": joining.event,
                "incident_id": joining.incident_id,
                "main": joining.main,
                "joined_because": joining.because,
                "responds_to": answers.get(joining.incident_id),
            }
            for joining in decision.joinings
        ],
        "also": [
            {"incident_id": alert.incident_id, **_alert(alert), **_trend(alert)}
            for alert in decision.alerts
            if alert is not main
        ]
        + [
            {"incident_id": alert.incident_id, "at": alert.at.isoformat(), **_alert(alert)}
            for woken in replayed.woken
            for alert in woken.alerts
        ],
    }


def _alert(alert: Alert) -> dict[str, Any]:
    return {
        "kind": str(alert.kind),
        "reason": str(alert.reason),
        "severity": alert.severity.model_dump(mode="json") if alert.severity else None,
    }


def _trend(alert: Alert) -> dict[str, Any]:
    return {"trend": alert.trend.model_dump(mode="json")} if alert.trend else {}


def archive_of(articles: Iterable[Article], memory: PlainMemory) -> Archive:
    """What a replay of these articles has left in its memory: the days it covers, counts and tallies."""
    return Archive(
        days=frozenset(article.published_at.date() for article in articles),
        counts=memory.book.counts,
        tallies={subject: tuple(told.values()) for subject, told in memory.book.tallies.items()},
    )
