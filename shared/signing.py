"""The signing secrets of a webhook: made, changed with a grace in which the old ones sign too, and retired.

Plain values: nothing here reads or stores a subscription. A signature with a secret that is on its way out
gives nothing to whoever stole it; what protects a receiver is that it stops trusting the old secret.
"""

import base64
import secrets
from datetime import datetime, timedelta

from shared.contracts import Subscription
from shared.errors import BadInput
from shared.vault import Vault

SECRET_BYTES = 32
LONGEST_GRACE = timedelta(days=7)
"""What Standard Webhooks allows."""
AT_ONCE = 5
"""Secrets that sign at once: each adds 48 bytes to a header that receivers read."""


def new_secret() -> str:
    """``whsec_`` and the base64 of 32 random bytes, as every Standard Webhooks library takes it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def in_force(subscription: Subscription, now: datetime) -> tuple[str, ...]:
    """The sealed secrets that sign at ``now``, newest first: all in a grace, only the newest after it."""
    sealed, retire_at = subscription.sealed_secrets, subscription.retire_at
    return sealed[:1] if retire_at is not None and retire_at <= now else sealed


def tidied(subscription: Subscription, now: datetime) -> Subscription:
    """The subscription without the secrets whose grace is over; the same one while there are none."""
    if subscription.retire_at is None or subscription.retire_at > now:
        return subscription
    return subscription.model_copy(update={"sealed_secrets": in_force(subscription, now), "retire_at": None})


def check_grace(grace: timedelta) -> None:
    """Raises ``BadInput`` for a grace that is too long."""
    if not timedelta(0) <= grace <= LONGEST_GRACE:
        raise BadInput(f"a grace lasts from 0 to {LONGEST_GRACE.days} days: write 24h, 7d or 0")


def rotated(
    subscription: Subscription, secret: str, *, vault: Vault, now: datetime, grace: timedelta
) -> Subscription:
    """The subscription with ``secret`` as its newest; the others sign until the grace is over.

    A second rotation within a grace never shortens what was promised: all the old ones sign until the later
    of the two ends. A grace of 0 retires them all at once. Raises ``BadInput``.
    """
    if not subscription.sealed_secrets:
        raise BadInput(f"{subscription.id} signs nothing (it is a {subscription.channel}): only webhooks do")
    check_grace(grace)
    sealed = vault.seal(secret)
    if not grace:
        return subscription.model_copy(update={"sealed_secrets": (sealed,), "retire_at": None})
    signing = in_force(subscription, now)
    if len(signing) >= AT_ONCE:
        raise BadInput(
            f"{len(signing)} secrets sign already: wait until the old ones' grace is over, "
            "or end it with --grace 0"
        )
    ends = max(now + grace, subscription.retire_at or now)
    return subscription.model_copy(update={"sealed_secrets": (sealed, *signing), "retire_at": ends})
