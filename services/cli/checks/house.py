"""The services and what passes between them: who runs, what waits, what was given up."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from services.cli.checks.finding import Finding, count, fault, named, ok, span, warning
from services.cli.checks.records import Records, Told
from shared import heartbeat
from shared.contracts import SubscriptionState
from shared.names import SERVICES
from shared.settings import Settings

WITHOUT = {
    "poller": "nothing new comes in",
    "worker": "no article is considered",
    "notifier": "no alert is sent on",
    "api": "nobody can ask for alerts",
}
"""What does not happen while a service is away."""
WAITS_TOO_LONG = timedelta(minutes=3)


def judge(records: Records, config: Settings, now: datetime) -> list[Finding]:
    """What is the matter with the house, part by part."""
    return [
        *services(records.beats),
        *articles(records, config, now),
        *alerts(records, now),
        *subscriptions(records),
    ]


def services(beats: Mapping[str, Sequence[datetime]]) -> list[Finding]:
    """Which of them have shown a sign of life."""
    check = "services"
    running = [service for service in SERVICES if beats.get(service)]
    if not running:
        says = f"None has shown a sign of life for {heartbeat.EXPIRES} s, so that nothing can ring."
        return [warning(check, says, "`tocsin up` starts them all.")]
    away = [
        (warning if service == "api" else fault)(
            check,
            f"No {service} has shown a sign of life for {heartbeat.EXPIRES} s: {WITHOUT[service]}.",
            f"Read its log, or start one: `tocsin {service}`.",
        )
        for service in SERVICES
        if service not in running
    ]
    many = ", ".join(
        service if len(beats[service]) == 1 else f"{service} ({len(beats[service])})" for service in running
    )
    return away or [ok(check, f"All of them run: {many}.")]


def articles(records: Records, config: Settings, now: datetime) -> list[Finding]:
    """Whether what came in is considered."""
    check = "articles"
    found = []
    # The sweeper enqueues again what has waited, so that an article's wait starts anew each time.
    longest = max(WAITS_TOO_LONG, 3 * timedelta(seconds=config.sweep_after))
    waited = now - records.pending_since if records.pending_since else timedelta()
    if waited > longest and records.beats.get("worker"):
        found.append(
            fault(
                check,
                f"{count(records.pending, 'article', 'waits')} though a worker runs, one for {span(waited)}.",
                "`tocsin health worker --anywhere` tells whether it is deaf: if so, restart it.",
            )
        )
    if records.queued > config.queue_ceiling:
        found.append(
            warning(
                check,
                f"{records.queued} messages wait for the workers, so that the poller takes nothing in.",
                "Run more workers (`tocsin worker`), or give one more processes: TOCSIN_WORKER_CONCURRENCY.",
            )
        )
    if records.dead:
        found.append(
            warning(
                check,
                f"{count(records.dead, 'article', 'was')} given up by the workers.",
                "`tocsin dead list` says why; `tocsin dead replay KEY` tries one again.",
            )
        )
    return found or [
        ok(check, f"{count(records.pending, 'article', 'waits')} to be considered, none was given up.")
    ]


def alerts(records: Records, now: datetime) -> list[Finding]:
    """Whether what rang is taken up by the notifier."""
    check = "alerts"
    found = []
    waited = now - records.unheard if records.unheard else timedelta()
    if waited > WAITS_TOO_LONG and records.beats.get("notifier"):
        says = f"A notifier runs, but has left an alert untaken for {span(waited)}."
        found.append(fault(check, says, "Read the notifier's log, and restart it."))
    elif waited > WAITS_TOO_LONG:
        says = f"Alerts have waited for {span(waited)}: no notifier takes them."
        found.append(warning(check, says, "Nothing is lost: start one, `tocsin notifier`."))
    if records.alerts_unreadable:
        found.append(
            warning(
                check,
                f"{count(records.alerts_unreadable, 'alert', 'was')} set aside unread by the notifier.",
                "A newer release has most likely written that: upgrade the notifier.",
            )
        )
    if records.unheard:
        return found or [ok(check, f"The oldest that no notifier has taken up rang {span(waited)} ago.")]
    return found or [ok(check, "None waits for a notifier.")]


def subscriptions(records: Records) -> list[Finding]:
    """Whether those who asked to hear of alerts can be reached."""
    check = "subscriptions"
    known = records.told
    strange = records.subscriptions_unreadable
    if not known and not strange:
        do = "`tocsin subscribe slack URL` or `tocsin subscribe webhook URL` sends alerts on."
        return [ok(check, "Nobody is subscribed; `tocsin tail` and the api show the alerts.", do)]
    found = []
    if strange:
        says = f"{count(len(strange), 'subscription')} can't be read: {named(strange)}."
        do = (
            "A newer release has most likely written it: upgrade Tocsin here, or remove it and make it again."
        )
        found.append(fault(check, says, do))
    for each in known:
        if each.subscription.state == SubscriptionState.DISABLED:
            says = f"{_name(each)} is disabled: {each.subscription.state_reason or 'no reason is noted'}."
            do = f"Mend the endpoint, then `tocsin subscriptions resume {each.subscription.id}`."
            found.append(warning(check, says, do))
    active = [each for each in known if each.subscription.state == SubscriptionState.ACTIVE]
    if failing := [each for each in active if each.failures]:
        whose = named(list(map(_name, failing)))
        says = f"{count(len(failing), 'endpoint')} failed when last tried: {whose}."
        do = f"`tocsin subscriptions test {failing[0].subscription.id}` says what is wrong."
        found.append(warning(check, says, do))
    if parked := [each for each in known if each.parked]:
        waiting = sum(each.parked for each in parked)
        whose = named(list(map(_name, parked)))
        says = f"{count(waiting, 'message', 'is')} parked until an endpoint answers: {whose}."
        found.append(
            warning(check, says, "Nothing is lost; `tocsin subscriptions` shows what waits for whom.")
        )
    paused = sum(each.subscription.state == SubscriptionState.PAUSED for each in known)
    also = f", {paused} of them paused" if paused else ""
    fared = f"; none {'of the others ' if paused else ''}has failed" if active else ""
    return found or [ok(check, f"{count(len(known), 'subscription')}{also}{fared}.")]


def _name(each: Told) -> str:
    return each.subscription.name or each.subscription.id
