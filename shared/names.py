"""Every name that crosses a process, in one file: queues, tasks, streams, groups, keys.

Each key states its Redis type, who writes it, who reads it and how long it lives. All stand under one
prefix (``Names(prefix)``, by default ``tocsin``), so that two installations can share a server.
"""

from dataclasses import dataclass

ARTICLES_QUEUE = "tocsin.articles"
CLASSIFY_ARTICLES = "tocsin.classify_articles"
"""Celery task; argument: a list of article keys ``article_id:revision``, never the articles themselves."""
BEAT = "tocsin.beat"
"""Celery task; argument: a worker's node name. The worker sends it to itself; taking it is its heartbeat."""
WAKE = "tocsin.wake"
"""Celery task; no argument. Each worker sends it to itself, to look for changes that had to wait."""
CANARY = "tocsin.canary"
"""Celery task; argument: a token that the worker writes to its heartbeat, to show that it is not deaf."""

SERVICES = ("poller", "worker", "notifier", "api")
"""What shows a heartbeat, by the name that it has there, in the metrics and in `tocsin health`."""

NOTIFIER_GROUP = "notifier"
REQUIRED_GROUPS = (NOTIFIER_GROUP,)
"""Groups whose unread entries a trim of the alert stream must keep."""


@dataclass(frozen=True)
class Names:
    """The keys of one installation. Times in scores are epoch milliseconds."""

    prefix: str = "tocsin"

    # ---- poller ---------------------------------------------------------------------------------

    @property
    def feeds(self) -> str:
        """hash feed_id -> Feed as JSON · writers cli, api, poller · readers all · until removed."""
        return f"{self.prefix}:feeds"

    @property
    def feeds_due(self) -> str:
        """zset feed_id by when it is next due (a lease pushes it on) · poller · poller · until removed."""
        return f"{self.prefix}:feeds:due"

    def seen(self, feed_id: str) -> str:
        """hash entry key -> texts shown, newest first · poller · poller · 30 days after last present."""
        return f"{self.prefix}:seen:{feed_id}"

    def present(self, feed_id: str) -> str:
        """zset entry key by when it last stood in the feed · poller · poller · as ``seen``."""
        return f"{self.prefix}:present:{feed_id}"

    def polled(self, feed_id: str) -> str:
        """string, token and answer of the last poll's step · poller · poller (a repeat) · 10 minutes."""
        return f"{self.prefix}:polled:{feed_id}"

    def revisions(self, article_id: str) -> str:
        """hash fingerprint -> revision · poller · poller · 30 days after last in a feed."""
        return f"{self.prefix}:revisions:{article_id}"

    # ---- between poller and classifier ----------------------------------------------------------

    def article(self, key: str) -> str:
        """string, Article as JSON · poller · classifier, api · until considered, then 7 days."""
        return f"{self.prefix}:article:{key}"

    @property
    def pending(self) -> str:
        """zset article key by when last enqueued (Redis's clock) · poller · classifier · until considered."""
        return f"{self.prefix}:pending"

    @property
    def attempts(self) -> str:
        """hash article key -> attempts begun · classifier · classifier · until considered or dead."""
        return f"{self.prefix}:attempts"

    @property
    def dead(self) -> str:
        """hash article key -> DeadLetter as JSON · classifier · cli, api · until replayed or dropped."""
        return f"{self.prefix}:dead"

    @property
    def considered(self) -> str:
        """hash reason -> count of articles considered · classifier · api (metrics) · for good."""
        return f"{self.prefix}:considered"

    # ---- classifier -----------------------------------------------------------------------------

    def incident(self, incident_id: str) -> str:
        """string, packed Incident (shared/packing.py) · classifier · classifier, cli · 30 days."""
        return f"{self.prefix}:incident:{incident_id}"

    @property
    def incidents(self) -> str:
        """zset incident_id by when it last changed · classifier (commit.lua) · cli · as ``incident``."""
        return f"{self.prefix}:incidents"

    def incident_filing(self, incident_id: str) -> str:
        """set of the dated buckets that hold its card · classifier (commit.lua) · the same · 35 days."""
        return f"{self.incident(incident_id)}:filing"

    def bucket(self, name: str) -> str:
        """string, version and records (incidents/filing/buckets.py) · classifier · classifier · 35 days."""
        return f"{self.prefix}:filed:{name}"

    @property
    def waking(self) -> str:
        """zset incident_id by when its waiting change is told · classifier · classifier · until it woke."""
        return f"{self.prefix}:waking"

    def contribution(self, article_id: str) -> str:
        """hash revision, incidents, reason: what an article gave · classifier · classifier, api · 30 days."""
        return f"{self.prefix}:contribution:{article_id}"

    @property
    def handwork(self) -> str:
        """stream, field ``handwork`` Handwork as JSON · classifier (commit.lua) · cli · the newest 10,000."""
        return f"{self.prefix}:handwork"

    # ---- ladders (ADR 0014): a subject is a pair of sides or a country ---------------------------

    def ladder(self, subject: str) -> str:
        """hash ISO day -> counts by kind as JSON · classifier (commit.lua) · classifier, cli · 400 days.

        Beside the days ``version`` guards the hash, ``rang:<why>`` is when a trend of it last rang.
        """
        return f"{self.prefix}:ladder:{subject}"

    def ladder_loaded(self, subject: str) -> str:
        """hash ISO day -> counts as in ``ladder``, out of an archive · cli (backtest) · as ``ladder``."""
        return f"{self.ladder(subject)}:loaded"

    def ladder_incidents(self, subject: str) -> str:
        """zset incident_id by when it came onto the ladder · classifier (commit.lua) · cli · 35 days."""
        return f"{self.ladder(subject)}:incidents"

    def ladder_tallies(self, subject: str) -> str:
        """zset ReportedTally as JSON by publication · classifier, cli (backtest) · cli · as ``ladder``."""
        return f"{self.ladder(subject)}:tallies"

    @property
    def ladders(self) -> str:
        """zset subject by when it was last counted for · classifier, cli (backtest) · cli · 400 days."""
        return f"{self.prefix}:ladders"

    @property
    def observed(self) -> str:
        """hash ISO day -> ``live`` or ``loaded`` · classifier, cli (backtest) · classifier, cli · 400 days.

        A live day's counts are those of ``ladder``, a loaded day's those of ``ladder_loaded``.
        """
        return f"{self.prefix}:observed"

    def incident_ladders(self, incident_id: str) -> str:
        """string, what the incident counts for, as JSON · classifier (commit.lua) · the same · 35 days."""
        return f"{self.incident(incident_id)}:ladders"

    # ---- between classifier and notifier, api ---------------------------------------------------

    @property
    def alerts(self) -> str:
        """stream, field ``alert`` Alert as JSON · classifier · notifier, api, cli · 30 days, never unread."""
        return f"{self.prefix}:alerts"

    def group_position(self, stream: str, group: str) -> str:
        """string, last stream id that ``group`` acknowledged in full · the group's consumers · for good."""
        return f"{stream}:position:{group}"

    # ---- notifier -------------------------------------------------------------------------------

    @property
    def subscriptions(self) -> str:
        """hash subscription_id -> Subscription as JSON · cli, api, notifier · the same · until removed."""
        return f"{self.prefix}:subscriptions"

    def delivery(self, delivery_id: str) -> str:
        """string, Delivery as JSON · notifier · notifier, cli, api · until 14 days after it came to rest."""
        return f"{self.prefix}:delivery:{delivery_id}"

    @property
    def lanes(self) -> str:
        """zset subscription_id by when its lane is visited · notifier, cli · notifier · while work waits."""
        return f"{self.prefix}:lanes"

    def told(self, incident_id: str) -> str:
        """hash subscription_id -> newest sequence recorded for it · notifier · notifier · 40 days untouched,
        renewed by the classifier with every change of the incident.

        Beside them ``version`` guards the hash, ``corrected`` is the newest correction's sequence.
        """
        return f"{self.prefix}:told:{incident_id}"

    def newest(self, incident_id: str) -> str:
        """hash subscription_id -> id of the newest delivery of the incident · notifier · notifier · 40 days
        untouched.
        """
        return f"{self.prefix}:newest:{incident_id}"

    @property
    def alerts_dead(self) -> str:
        """stream id, reason, alert: what the notifier could not read · notifier · cli, api · for good."""
        return f"{self.prefix}:alerts:dead"

    def alert_failures(self, entry_id: str) -> str:
        """string, how often handling an alert failed by a fault of ours · notifier · notifier · a day."""
        return f"{self.prefix}:alerts:failures:{entry_id}"

    def alert_left(self, entry_id: str) -> str:
        """set of subscriptions that only a newer notifier can tell · notifier · notifier · until it did."""
        return f"{self.prefix}:alerts:left:{entry_id}"

    def lane(self, subscription_id: str) -> str:
        """zset delivery_id by when its first attempt is due · notifier · notifier · while work waits."""
        return f"{self.prefix}:lane:{subscription_id}"

    def retries(self, subscription_id: str) -> str:
        """zset delivery_id by when its next attempt is due · notifier · notifier · while work waits."""
        return f"{self.prefix}:retries:{subscription_id}"

    def untried(self, subscription_id: str) -> str:
        """hash delivery_id -> ``first:`` or ``later:`` and the sequence it tells · notifier · notifier ·
        until its first attempt. ``first``: nothing of its incident was recorded before it.
        """
        return f"{self.prefix}:untried:{subscription_id}"

    def behind(self, subscription_id: str) -> str:
        """hash delivery_id -> the delivery that goes after it, where order was asked for · notifier ·
        notifier, cli · until the first came to rest.
        """
        return f"{self.prefix}:behind:{subscription_id}"

    @property
    def failures(self) -> str:
        """hash subscription_id -> failures in a row · notifier · notifier, cli · until a success."""
        return f"{self.prefix}:failures"

    def lane_lease(self, subscription_id: str) -> str:
        """string, who serves this lane, or ``rest:`` until when · notifier · notifier, cli · as long."""
        return f"{self.prefix}:lane:{subscription_id}:lease"

    def parked(self, subscription_id: str) -> str:
        """zset delivery_id by when it was parked · notifier · notifier, cli · 14 days."""
        return f"{self.prefix}:parked:{subscription_id}"

    def spent(self, subscription_id: str) -> str:
        """zset delivery_id by when it was tried, ``waits:`` an incident by its turn · notifier · notifier ·
        as long as the subscription's rate cap looks back.
        """
        return f"{self.prefix}:spent:{subscription_id}"

    @property
    def mutes(self) -> str:
        """hash mute_id -> Mute as JSON · cli, api · notifier, cli · until it ends or is lifted."""
        return f"{self.prefix}:mutes"

    @property
    def outcomes(self) -> str:
        """hash ``channel:outcome`` -> count of attempts · notifier · api (metrics) · for good."""
        return f"{self.prefix}:outcomes"

    # ---- system events (ADR 0022): one notifier watches at a time -------------------------------

    @property
    def watch_lease(self) -> str:
        """string, token of the notifier that watches · notifier · notifier, cli, api · 90 s, renewed."""
        return f"{self.prefix}:watch:lease"

    @property
    def watch(self) -> str:
        """string, what its rounds counted (watching/ledger.py) · notifier · notifier · for good."""
        return f"{self.prefix}:watch"

    @property
    def conditions(self) -> str:
        """hash key -> Condition as JSON · notifier · notifier, cli, api · until it is over."""
        return f"{self.prefix}:conditions"

    def system_rang(self, alert_id: str) -> str:
        """string, the entry of a system event on the alert stream · notifier · notifier · 7 days."""
        return f"{self.prefix}:alerts:system:{alert_id}"

    # ---- all ------------------------------------------------------------------------------------

    def heartbeat(self, service: str, instance: str) -> str:
        """string, ISO time of the last sign of work · each service · cli, api · 60 s."""
        return f"{self.prefix}:heartbeat:{service}:{instance}"

    def instances(self, service: str) -> str:
        """set of instances that may have a heartbeat · services, readers · readers · tidied when read."""
        return f"{self.prefix}:instances:{service}"

    @property
    def api_keys(self) -> str:
        """hash name -> ApiKey (SHA-256 and scope) as JSON · cli · api · until revoked."""
        return f"{self.prefix}:api-keys"

    @property
    def api_keys_revoked(self) -> str:
        """set of SHA-256 of revoked keys, which are never added again · cli · cli · for good."""
        return f"{self.prefix}:api-keys:revoked"
