"""Subscriptions: made, read, paused and removed, with URL and secrets sealed before they reach Redis.

A signing secret leaves this file once, as the answer of ``new_webhook`` or ``rotate``; afterwards only the
notifier opens it, to sign. A URL is never shown again either: ``url_hint`` says which one it is without
giving it away.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import redis
import redis.asyncio
from pydantic import ValidationError

from shared import filters, guard, hook_headers, log, signing
from shared.contracts import Channel, Subscription, SubscriptionState
from shared.errors import BadInput, NewerSchema
from shared.names import Names
from shared.settings import Settings
from shared.store import guarded
from shared.vault import Vault

MAX_NAME = 100
_REPLACE = Path(__file__).with_name("subscriptions_replace.lua").read_text(encoding="utf-8")
_WAKE = Path(__file__).with_name("subscriptions_wake.lua").read_text(encoding="utf-8")

_log = log.get(__name__)


# ---- making one: plain values, nothing stored ---------------------------------------------------


def new_webhook(
    url: str,
    *,
    settings: Settings,
    vault: Vault,
    now: datetime,
    filter_text: str = "",
    name: str = "",
    headers: Iterable[str] = (),
) -> tuple[Subscription, str]:
    """A webhook subscription and its signing secret, which nobody can read again afterwards.

    ``headers`` are lines as ``Name: value``. Raises ``BadInput`` (URL, filter, name or a header) or
    ``ForbiddenAddress``.
    """
    secret = signing.new_secret()
    made = _new(Channel.WEBHOOK, url, settings, vault, now, filter_text, name, (secret,))
    return with_headers(made, headers, vault), secret


def with_headers(subscription: Subscription, lines: Iterable[str], vault: Vault) -> Subscription:
    """The subscription with these headers of its own and no others; raises ``BadInput``."""
    headers = hook_headers.read(lines)
    if headers and subscription.channel != Channel.WEBHOOK:
        raise BadInput(f"{subscription.id} is a {subscription.channel}: only a webhook takes headers")
    sealed = vault.seal(hook_headers.packed(headers)) if headers else ""
    return subscription.model_copy(update={"sealed_headers": sealed})


def opened_headers(subscription: Subscription, vault: Vault) -> dict[str, str]:
    """A subscription's own headers; raises ``BadSetting`` when no key at hand sealed them."""
    sealed = subscription.sealed_headers
    return hook_headers.unpacked(vault.open(sealed)) if sealed else {}


def new_slack(
    url: str, *, settings: Settings, vault: Vault, now: datetime, filter_text: str = "", name: str = ""
) -> Subscription:
    """A subscription to an incoming webhook of Slack, or of a chat that takes Slack's format.

    Raises ``BadInput`` (URL, filter or name) or ``ForbiddenAddress``.
    """
    guard.check_url(url, guard.hook_policy(settings))
    _check_slack_url(url)
    return _new(Channel.SLACK, url, settings, vault, now, filter_text, name, ())


def _new(
    channel: Channel,
    url: str,
    settings: Settings,
    vault: Vault,
    now: datetime,
    filter_text: str,
    name: str,
    signing_secrets: tuple[str, ...],
) -> Subscription:
    guard.check_url(url, guard.hook_policy(settings))
    filters.parse(filter_text)
    if len(name) > MAX_NAME or not name.isprintable():
        raise BadInput(
            f"a name has at most {MAX_NAME} printable characters on one line: choose a shorter one"
        )
    return Subscription(
        id="sub_" + secrets.token_hex(8),
        name=name,
        channel=channel,
        sealed_url=vault.seal(url),
        url_hint=hint(url),
        sealed_secrets=tuple(vault.seal(secret) for secret in signing_secrets),
        filter=filter_text,
        created_at=now,
    )


def _check_slack_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.hostname in ("hooks.slack.com", "hooks.slack-gov.com"):
        if not parts.path.startswith(("/services/", "/workflows/", "/triggers/")):
            raise BadInput("not a Slack incoming webhook: it begins https://hooks.slack.com/services/")
    elif parts.hostname == "slack.com" or (parts.hostname or "").endswith(".slack.com"):
        raise BadInput(
            "this is Slack's own site, not an incoming webhook: make one at https://api.slack.com/apps under "
            "Incoming Webhooks; it begins https://hooks.slack.com/services/"
        )
    elif len(parts.path) < 2:
        raise BadInput("not an incoming webhook: it has no path. Copy the whole URL that the chat gave you")


def hint(url: str) -> str:
    """Scheme, host and the last characters of the path: enough to recognise a URL, too little to use it."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    place = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port else ""
    rest = url.split("://", 1)[-1].partition("/")[2]
    # At most a quarter of a long path, nothing of a short one, which may be all secret.
    shown = rest[-4:] if len(rest) >= 16 else ""
    return f"{parts.scheme}://{place}{port}/" + (f"***{shown}" if rest else "")


# ---- where they are kept ------------------------------------------------------------------------


@dataclass(frozen=True)
class Unreadable:
    """A stored subscription that this release can't read: it gets nothing, and can only be removed."""

    id: str
    reason: str
    newer: bool = False
    """Whether a newer release wrote it, and may still read it."""


def sort_out(stored: Mapping[Any, Any]) -> tuple[list[Subscription], list[Unreadable]]:
    """The subscriptions in a hash as read, oldest first, and those that can't be read, by id."""
    found, unreadable = [], []
    for id_, raw in stored.items():
        try:
            found.append(Subscription.from_json(raw))
        except NewerSchema as exc:
            unreadable.append(Unreadable(str(id_), str(exc), newer=True))
        except (ValidationError, BadInput) as exc:
            unreadable.append(Unreadable(str(id_), _why(exc)))
    found.sort(key=lambda each: (each.created_at, each.id))
    return found, sorted(unreadable, key=lambda each: each.id)


def _why(exc: Exception) -> str:
    """What is wrong with a record, without repeating its sealed parts."""
    if not isinstance(exc, ValidationError):
        return str(exc)[:200]
    faults = (f"{'.'.join(map(str, fault['loc']))} {fault['msg']}".strip() for fault in exc.errors())
    return "; ".join(faults)[:200]


def read_all(stored: Mapping[Any, Any]) -> tuple[list[Subscription], list[str]]:
    """The subscriptions in a hash as read, oldest first, and the ids of those of a newer major schema.

    One that nobody can read is logged and left out.
    """
    found, unreadable = sort_out(stored)
    for each in unreadable:
        fault = "subscription left to a newer release" if each.newer else "unreadable subscription left out"
        _log.error(fault, subscription_id=each.id, reason=each.reason)
    return found, [each.id for each in unreadable if each.newer]


class Register:
    """The installation's subscriptions, for command line and api. Raises ``StoreUnavailable``."""

    def __init__(self, client: "redis.Redis", names: Names) -> None:
        self._client, self._names = client, names
        self._replace = client.register_script(_REPLACE)
        self._wake = client.register_script(_WAKE)

    def add(self, subscription: Subscription) -> Subscription:
        """Store a new one and answer it as stored: made now, by the clock that also dates the alerts."""
        with guarded("storing a subscription"):
            time: Any = self._client.time()
            # In whole milliseconds, as a stream's ids are: what rings in this very one is not older.
            now = datetime.fromtimestamp((time[0] * 1000 + time[1] // 1000) / 1000, UTC)
            added = subscription.model_copy(update={"created_at": now})
            self._client.hset(self._names.subscriptions, added.id, added.to_json())
        return added

    def all(self) -> list[Subscription]:
        """Every subscription that this release reads, oldest first."""
        return self.sorted_out()[0]

    def sorted_out(self) -> tuple[list[Subscription], list[Unreadable]]:
        """Every subscription that this release reads, oldest first, and those that it can't."""
        with guarded("reading subscriptions"):
            stored: Any = self._client.hgetall(self._names.subscriptions)
        return sort_out(stored)

    def get(self, id_: str) -> Subscription:
        """The subscription whose id is or begins with ``id_``; raises ``BadInput`` unless it is just one."""
        found = self._named(id_)
        if isinstance(found, Unreadable):
            raise BadInput(
                f"{found.id} can't be read ({found.reason}): "
                f"`tocsin subscriptions remove {found.id}`, and make it again"
            )
        return found

    def _named(self, id_: str) -> Subscription | Unreadable:
        """The one whose id is or begins with ``id_``, readable or not; raises ``BadInput``."""
        read, unreadable = self.sorted_out()
        known: list[Subscription | Unreadable] = [*read, *unreadable]
        exact = [each for each in known if each.id == id_]
        near = exact or [each for each in known if id_ and each.id.startswith((id_, f"sub_{id_}"))]
        if not near:
            raise BadInput(f"no subscription is called {id_!r}: `tocsin subscriptions` lists them")
        if len(near) > 1:
            among = ", ".join(each.id for each in near[:3]) + (", ..." if len(near) > 3 else "")
            raise BadInput(f"{len(near)} subscriptions begin with {id_!r} ({among}): write more of the id")
        return near[0]

    def set_state(self, id_: str, state: SubscriptionState, reason: str = "") -> Subscription:
        """Pause, resume or disable one; resuming sends what waited. Raises ``BadInput`` if there is none."""
        return self.change(
            id_, lambda found: found.model_copy(update={"state": state, "state_reason": reason})
        )

    def change(self, id_: str, how: Callable[[Subscription], Subscription]) -> Subscription:
        """Replace one by what ``how`` makes of it, undoing nobody else's change; its lane is visited at once.

        ``how`` may be asked several times. Raises ``BadInput`` if there is none, and whatever ``how`` raises.
        """
        while True:
            found = self.get(id_)
            with guarded("changing a subscription"):
                raw: Any = self._client.hget(self._names.subscriptions, found.id)
            if raw is None:
                continue
            changed = how(Subscription.from_json(raw))
            with guarded("changing a subscription"):
                if self._replace(keys=[self._names.subscriptions], args=[found.id, raw, changed.to_json()]):
                    self._wake_lane(found.id)
                    return changed

    def rotate(self, id_: str, *, vault: Vault, now: datetime, grace: timedelta) -> tuple[Subscription, str]:
        """Give a webhook a new signing secret, answered this once; the old ones sign until the grace is over.

        Raises ``BadInput``: none is called so, it signs nothing, or the grace is too long.
        """
        secret = signing.new_secret()
        changed = self.change(
            id_, lambda found: signing.rotated(found, secret, vault=vault, now=now, grace=grace)
        )
        return changed, secret

    def remove(self, id_: str) -> Subscription | Unreadable:
        """Remove one, readable or not; the notifier drops what was still on its way to it.

        Raises ``BadInput`` unless ``id_`` names just one.
        """
        found = self._named(id_)
        with guarded("removing a subscription"):
            self._client.hdel(self._names.subscriptions, found.id)
            self._wake_lane(found.id)
        return found

    def _wake_lane(self, id_: str) -> None:
        """Have the lane visited at once, to send what waited, to put it by, or to drop it."""
        self._wake(keys=[self._names.lane_lease(id_), self._names.lanes], args=[id_])

    def waiting(self, id_: str) -> tuple[int, int, int]:
        """How many deliveries are on their way, how many are parked, and failed attempts in a row."""
        with guarded("counting deliveries"):
            on_way: Any = self._client.zcard(self._names.lane(id_))
            again: Any = self._client.zcard(self._names.retries(id_))
            parked: Any = self._client.zcard(self._names.parked(id_))
            failures: Any = self._client.hget(self._names.failures, id_)
            behind: Any = self._client.hlen(self._names.behind(id_))
        return int(on_way) + int(again) + int(behind), int(parked), int(failures or 0)

    def rests(self, id_: str) -> bool:
        """Whether its lane is left alone for now: its breaker is open, or its endpoint asked for a pause."""
        with guarded("looking whether a lane rests"):
            held: Any = self._client.get(self._names.lane_lease(id_))
        return str(held or "").startswith("rest:")


async def fetch_all(client: "redis.asyncio.Redis", names: Names) -> tuple[list[Subscription], list[str]]:
    """Every subscription, oldest first, and the ids of those that only a newer release reads."""
    with guarded("reading subscriptions"):
        stored: Any = await client.hgetall(names.subscriptions)
    return read_all(stored)


async def fetch(client: "redis.asyncio.Redis", names: Names, id_: str) -> Subscription | None:
    """One subscription, or None when it was removed; raises ``BadInput`` when it can't be read."""
    with guarded("reading a subscription"):
        raw: Any = await client.hget(names.subscriptions, id_)
    if raw is None:
        return None
    try:
        return Subscription.from_json(raw)
    except ValidationError as exc:
        raise BadInput(f"subscription {id_} can't be read: remove it and make it again") from exc


async def disable(client: "redis.asyncio.Redis", names: Names, id_: str, reason: str) -> bool:
    """Disable an active subscription; False when it was paused, disabled or removed meanwhile."""
    with guarded("disabling a subscription"):
        raw: Any = await client.hget(names.subscriptions, id_)
        if raw is None:
            return False
        if Subscription.from_json(raw).state != SubscriptionState.ACTIVE:
            return False
        # Once it is resumed its endpoint has all its days again.
        changed = _changed(raw, SubscriptionState.DISABLED, reason).model_copy(update={"failing_since": None})
        done = await client.register_script(_REPLACE)(
            keys=[names.subscriptions], args=[id_, raw, changed.to_json()]
        )
    return bool(done)


async def note_failing(client: "redis.asyncio.Redis", names: Names, id_: str, since: datetime | None) -> None:
    """Note since when an endpoint takes nothing, or with None that it does; an earlier note stands.

    A change that somebody makes just then stands too: the next visit to the lane notes it.
    """
    with guarded("noting how an endpoint fares"):
        raw: Any = await client.hget(names.subscriptions, id_)
        if raw is None:
            return
        found = Subscription.from_json(raw)
        if (found.failing_since is None) == (since is None):
            return
        changed = found.model_copy(update={"failing_since": since})
        replace = client.register_script(_REPLACE)
        await replace(keys=[names.subscriptions], args=[id_, raw, changed.to_json()])


async def tidy(client: "redis.asyncio.Redis", names: Names, found: Subscription, now: datetime) -> bool:
    """Take out the secrets whose grace is over; False when there are none, or it was changed meanwhile."""
    with guarded("tidying a subscription"):
        raw: Any = await client.hget(names.subscriptions, found.id)
        if raw is None:
            return False
        read = Subscription.from_json(raw)
        tidied = signing.tidied(read, now)
        if tidied is read:
            return False
        done = await client.register_script(_REPLACE)(
            keys=[names.subscriptions], args=[found.id, raw, tidied.to_json()]
        )
    return bool(done)


def _changed(raw: str, state: SubscriptionState, reason: str) -> Subscription:
    return Subscription.from_json(raw).model_copy(update={"state": state, "state_reason": reason})
