"""Where articles are considered, one after another: read, ask, write.

The attempt counter is raised before an article is coded and cleared by its commit. So an article that kills
its worker is the only one of its batch with a count; the next time it is considered alone, and
after ``max_attempts`` deaths it becomes a dead letter. Everything else in the batch is untouched.
"""

import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from services.classifier import ladders
from services.classifier.coding import Coder
from services.classifier.incidents import Decision, Voice, Voices, answering, consider, sought
from services.classifier.memory import Committed, Memory, RedisMemory, follow
from shared import log, outlets
from shared.clock import Clock
from shared.contracts import Article, Coding, Ladders
from shared.errors import BadInput, NewerSchema, StoreUnavailable, TryLater
from shared.settings import Settings

COMMIT_TRIES = 200
"""Reads and commits of one article before it goes back to wait; eight racing workers need about eight."""

_log = log.get(__name__)


class Desk:
    """Considers batches of articles with one coder and one memory.

    ``enqueue`` asks for articles to be considered again, each in a message of its own.
    """

    def __init__(
        self,
        coder: Coder,
        memory: RedisMemory,
        clock: Clock,
        settings: Settings,
        enqueue: Callable[[Sequence[str]], None],
    ) -> None:
        self._coder, self._memory, self._clock = coder, memory, clock
        self._stale_after = timedelta(seconds=settings.stale_after)
        self._quiet = timedelta(seconds=settings.quiet_period)
        self._max_attempts = settings.max_attempts
        self._enqueue = enqueue
        self._registry = outlets.load(settings.outlets)
        self._voices = Voices(self._registry)

    def consider(self, keys: Sequence[str]) -> None:
        """Consider each article that still waits; raises ``StoreUnavailable`` and leaves the rest waiting."""
        waiting = self._memory.still_pending(keys)
        together = [key for key, attempts in waiting.items() if attempts == 0 or len(keys) == 1]
        alone = [key for key in waiting if key not in together]
        if alone:
            _log.warning("batch split after a death", article_keys=alone, batch=len(keys))
            self._enqueue(alone)
        for key in together:
            self._consider_one(key, waiting[key])

    def _consider_one(self, key: str, attempts: int) -> None:
        if attempts >= self._max_attempts:
            self._bury(key, f"its consideration died or failed {attempts} times", "")
            return
        self._memory.begin(key, attempts)
        try:
            article = self._memory.article(key)
            if article is None:
                self._bury(key, "its text is gone: it was stored under another key or expired", "")
                return
            self._conclude(article)
        except NewerSchema as exc:
            # Not a fault of the article: it waits for a newer worker, loudly.
            self._memory.take_back(key, attempts)
            _log.error("article left for a newer worker", article_key=key, error=str(exc))
        except BadInput as exc:
            self._bury(key, "the article can't be read", str(exc))
        except TryLater:
            # Nor is an outage: it must not bury what merely was at hand three times.
            with suppress(StoreUnavailable):
                self._memory.take_back(key, attempts)
            raise
        except Exception as exc:  # whatever a strange text breaks must not take the batch with it
            attempts += 1
            _log.exception("consideration failed", article_key=key, attempt=attempts)
            if attempts >= self._max_attempts:
                self._bury(key, f"its consideration failed {attempts} times", f"{type(exc).__name__}: {exc}")
            else:
                self._enqueue([key])

    def _conclude(self, article: Article) -> None:
        started = time.perf_counter()
        coding = self._coder.code(article, self._registry.zone_of(article))
        voice = self._voices.of(article)
        decision, committed, tries = decide_and_commit(
            article,
            coding,
            self._memory,
            self._clock,
            stale_after=self._stale_after,
            voice=voice,
            voices=self._voices,
            quiet=self._quiet,
        )
        _log.info(
            "article considered",
            article_id=article.id,
            revision=article.revision,
            outlet=article.outlet,
            voice=voice.id,
            title=article.title[:120],
            reason=str(decision.reason) if committed is Committed.WRITTEN else str(committed),
            coding=coding.reason,
            incident_ids=[joining.incident_id for joining in decision.joinings],
            joined_because=[joining.because for joining in decision.joinings],
            alert_ids=[alert.id for alert in decision.alerts] if committed is Committed.WRITTEN else [],
            trends=decision.trends,
            tries=tries,
            ms=round((time.perf_counter() - started) * 1000, 1),
        )

    def _bury(self, key: str, reason: str, error: str) -> None:
        self._memory.bury(key, reason, error, now=self._clock.now())
        _log.error(
            "article is a dead letter", article_key=key, reason=reason, error=error, see="tocsin dead list"
        )


def decide_and_commit(
    article: Article,
    coding: Coding,
    memory: Memory,
    clock: Clock,
    *,
    stale_after: timedelta,
    voice: Voice | None = None,
    voices: Voices | None = None,
    quiet: timedelta = timedelta(0),
) -> tuple[Decision, Committed, int]:
    """Read candidates, decide, write; again from the start while another worker was first.

    ``voice`` is whose report the article is; without it, its outlet's own. ``voices`` tells whose the
    reports of an older release are. For one reason an incident rings once in ``quiet``.
    Returns the decision, what became of it, and the number of tries. Raises ``StoreUnavailable`` when
    ``COMMIT_TRIES`` tries all met a conflict; the article then stays pending.
    """
    stale = article.fetched_at - article.published_at > stale_after
    wanted = sought(article, coding)
    # Only pointed at, never changed: they need no guard.
    answered = answering.sought(article, coding)
    earlier = memory.candidates(answered).incidents if answered.buckets else ()
    subjects = ladders.subjects_told(coding)
    for tries in range(1, COMMIT_TRIES + 1):
        candidates = follow(memory, memory.candidates(wanted))
        incidents = candidates.incidents
        if voices is not None:
            incidents = tuple(map(voices.with_old_reports, incidents))
        now = clock.now()
        # Before them nothing is read: an article without an event moves no ladder.
        span = ladders.window(coding, now.date())
        known = memory.ladders(subjects, *span) if subjects else Ladders()
        decision = consider(
            article,
            coding,
            incidents,
            now=now,
            stale=stale,
            voice=voice,
            earlier=earlier,
            past_of=ladders.Pasts(known),
            quiet=quiet,
        )
        if others := [each for each in ladders.moved(decision, incidents) if each not in subjects]:
            known = known.joined_by(memory.ladders(others, *span))
        decision = ladders.judge(decision, incidents, known, now=now, stale=stale)
        decision = replace(decision, tallies=ladders.reported(decision, coding))
        committed = memory.commit(decision, candidates.versions)
        if committed is not Committed.CONFLICT:
            return decision, committed, tries
        # A short random pause lets one of several racing workers through.
        time.sleep(random.uniform(0, 0.002 * min(tries, 10)))  # noqa: S311  (spreads load, guards no secret)
    raise StoreUnavailable(f"{article.key} met {COMMIT_TRIES} conflicts in a row; it waits for the sweeper")
