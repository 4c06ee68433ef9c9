"""Every metric's name, in one file, each with what a rise of it means.

The api reads them from Redis when it is asked (``services/api/metrics.py``), so they are the same whichever
api answers, and outlast every process.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a metric's number is: ``gauge`` goes up and down, ``counter`` only up."""

    GAUGE = "gauge"
    COUNTER = "counter"


@dataclass(frozen=True)
class Metric:
    """One metric: its Prometheus name, what it counts, and the labels that tell its series apart."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()


UP = Metric(
    "tocsin_redis_up", Kind.GAUGE, "1 when Redis answered this scrape, else 0 and nothing else is shown"
)

# ---- news in ------------------------------------------------------------------------------------

# A rise in `gone` or `refused`: sources fall dark; `tocsin feeds list` says why.
FEEDS = Metric("tocsin_feeds", Kind.GAUGE, "Feeds by state", ("state",))
# A rise: feeds fail to answer or to parse; a few always do, many at once is our own network.
FEEDS_FAILING = Metric("tocsin_feeds_failing", Kind.GAUGE, "Feeds whose last poll failed")
# A rise: the poller is behind; run another, or poll less often.
FEEDS_OVERDUE = Metric(
    "tocsin_feeds_overdue_seconds", Kind.GAUGE, "How late the feed that has waited longest is"
)

# ---- between poller and classifier --------------------------------------------------------------

# A rise: articles come faster than the workers consider them; add workers.
QUEUE = Metric("tocsin_queue_messages", Kind.GAUGE, "Messages that wait in the Celery queue")
# A rise that stays: workers hang, or die before they finish.
UNACKED = Metric("tocsin_queue_unacked", Kind.GAUGE, "Messages that workers hold and have not finished")
# A rise with an empty queue: messages were lost, or workers fail; the sweeper sends them again.
PENDING = Metric("tocsin_pending_articles", Kind.GAUGE, "Articles that wait to be considered: the truth")
# A rise above the sweeper's wait: no worker works.
PENDING_AGE = Metric(
    "tocsin_pending_oldest_seconds", Kind.GAUGE, "Time since the longest waiting article was last enqueued"
)
# Any rise: articles that no worker could consider; `tocsin dead list`.
DEAD = Metric("tocsin_dead_letters", Kind.GAUGE, "Articles given up after repeated failures")
# The rate is the news coming in; by reason it says why articles rang or did not.
CONSIDERED = Metric(
    "tocsin_articles_considered_total", Kind.COUNTER, "Articles considered, by what was decided", ("reason",)
)

# ---- alerts out ---------------------------------------------------------------------------------

# A rise is history growing; it falls as old alerts that everyone has read are trimmed.
ALERTS = Metric("tocsin_alerts", Kind.GAUGE, "Alerts kept on the stream")
# A rise: the group's service is down or slow.
GROUP_LAG = Metric("tocsin_group_lag", Kind.GAUGE, "Alerts that a group has not read yet", ("group",))
# A rise that stays: an alert or a subscription is of a newer release, or the notifier dies before it records.
GROUP_PENDING = Metric(
    "tocsin_group_pending", Kind.GAUGE, "Alerts that a group has read and not acknowledged", ("group",)
)
# A rise: the group is down or slow; this many seconds late is the next thing that it tells.
GROUP_LAG_SECONDS = Metric(
    "tocsin_group_lag_seconds", Kind.GAUGE, "Age of the oldest alert that a group has not handled", ("group",)
)
# Any rise: alerts that the notifier could not read, most likely written by a newer release.
ALERTS_DEAD = Metric(
    "tocsin_alerts_unreadable", Kind.GAUGE, "Alerts set aside because they could not be read"
)
# The rate of `delivered` is what went out; a rise of the others is endpoints that fail.
ATTEMPTS = Metric(
    "tocsin_delivery_attempts_total", Kind.COUNTER, "Delivery attempts by outcome", ("channel", "outcome")
)
# A rise: endpoints are slow, or more notifiers are needed.
WAITING = Metric("tocsin_deliveries_waiting", Kind.GAUGE, "Deliveries that wait for their first attempt")
# A rise is quiet hours and rate caps at work; it falls by itself when they end.
HELD = Metric("tocsin_deliveries_held", Kind.GAUGE, "Deliveries held until their time comes")
# A rise: endpoints fail; each waits for its next attempt.
RETRYING = Metric("tocsin_deliveries_retrying", Kind.GAUGE, "Deliveries that wait for another attempt")
# A rise: endpoints are down for good; nothing is lost yet, `tocsin subscriptions list` shows whose.
PARKED = Metric("tocsin_deliveries_parked", Kind.GAUGE, "Deliveries set aside until their endpoint recovers")
# A rise: endpoints hang, rest or are slow, or the notifier is down; those in time are not counted.
LATE = Metric("tocsin_deliveries_late", Kind.GAUGE, "Deliveries that were due more than a minute ago")
# A rise with few late ones: one endpoint; with many: the notifier.
OVERDUE = Metric(
    "tocsin_deliveries_overdue_seconds", Kind.GAUGE, "How late the delivery that has waited longest is"
)
# A rise in `open`: endpoints failed five times in a row and are left alone for up to a minute.
BREAKERS = Metric(
    "tocsin_endpoints", Kind.GAUGE, "Endpoints of active subscriptions by breaker", ("breaker",)
)
# A rise in `disabled`: endpoints said that they are gone.
SUBSCRIPTIONS = Metric("tocsin_subscriptions", Kind.GAUGE, "Subscriptions by state", ("state",))

# ---- the house ----------------------------------------------------------------------------------

# A fall to 0: the service is down, or Redis did not hear of it for a minute.
INSTANCES = Metric(
    "tocsin_instances", Kind.GAUGE, "Processes with a heartbeat within the last minute", ("service",)
)
# A rise towards the maximum: the poller will stop; give Redis more, or keep less.
REDIS_USED = Metric("tocsin_redis_memory_used_bytes", Kind.GAUGE, "Memory that Redis uses")
# It changes only when somebody sets it; 0 is no limit but the machine's.
REDIS_MAX = Metric("tocsin_redis_memory_max_bytes", Kind.GAUGE, "Memory that Redis may use; 0 is no limit")
