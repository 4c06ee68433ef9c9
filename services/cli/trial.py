"""A test message, sent the way a real alert goes: the same body, signature, channel and guard."""

import secrets

from services.notifier import message, outcome
from services.notifier.channels.http import Poster
from services.notifier.service import channels
from shared import guard, signing
from shared.clock import SystemClock
from shared.contracts import Alert, AlertKind, Delivery, Subscription
from shared.errors import BadSetting
from shared.settings import Settings
from shared.subscriptions import opened_headers
from shared.vault import open_vault


async def send_test(config: Settings, found: Subscription) -> tuple[str, bool]:
    """Send one ``system.test`` event to a subscription's endpoint; what it answered, and if that will do."""
    now, vault, policy = SystemClock().now(), open_vault(config), guard.hook_policy(config)
    id_ = f"test-{secrets.token_hex(8)}"
    alert = Alert(
        id=id_,
        kind=AlertKind.TEST,
        reason="a test, asked for on the command line",
        at=now,
        headline="A test from Tocsin: nothing has happened",
        sentence="If you can read this, alerts that match this subscription will arrive here.",
    )
    delivery = Delivery(
        id=f"msg_{secrets.token_hex(12)}",
        subscription_id=found.id,
        alert_id=id_,
        kind=AlertKind.TEST,
        body=message.body(alert),
        created_at=now,
        due_at=now,
    )
    timeout, agent = config.delivery_timeout, config.user_agent
    async with guard.session(policy, timeout=timeout, user_agent=agent) as http:
        channel = channels(Poster(http, policy, timeout)).get(str(found.channel))
        if channel is None:
            raise BadSetting(f"this release has no channel {found.channel!r}: upgrade it")
        signing_secrets = [vault.open(sealed) for sealed in signing.in_force(found, now)]
        headers = opened_headers(found, vault)
        answer = await channel.send(
            vault.open(found.sealed_url), signing_secrets, delivery, now, headers=headers
        )
    decided = outcome.decide(channel.read(answer), answer, 1, (), now)
    said = channel.read(answer).reason
    return f"{said} after {answer.latency_ms:.0f} ms", decided.fate is outcome.Fate.DELIVERED
