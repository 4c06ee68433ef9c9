"""Signed webhooks by Standard Webhooks 1.0.0 (https://www.standardwebhooks.com).

``webhook-id`` is the delivery's id and stays the same over retries; ``webhook-timestamp`` is the attempt's;
``webhook-signature`` holds one ``v1`` signature for each secret, so that a secret can be changed in peace.
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from services.notifier.channels import Answer, Channel, Reading, read_status
from services.notifier.channels.http import Poster
from shared.contracts import Delivery


class WebhookChannel(Channel):
    """The webhook channel: posts the delivery's body as it is."""

    concurrency = 8
    spacing = 0.0

    def __init__(self, poster: Poster) -> None:
        self._poster = poster

    async def send(self, url: str, secrets: Sequence[str], delivery: Delivery, now: datetime) -> Answer:
        body = delivery.body.encode()
        return await self._poster.post(url, body, headers(delivery.id, secrets, body, now))

    def read(self, answer: Answer) -> Reading:
        return read_status(answer)


def headers(id_: str, secrets: Sequence[str], body: bytes, now: datetime) -> dict[str, str]:
    """The headers of one attempt, signed with every secret."""
    timestamp = str(int(now.timestamp()))
    return {
        "content-type": "application/json",
        "webhook-id": id_,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(sign(secret, id_, timestamp, body) for secret in secrets),
    }


def sign(secret: str, id_: str, timestamp: str, body: bytes) -> str:
    """``v1,`` and the base64 HMAC-SHA256 of ``id.timestamp.body``; ``secret`` is ``whsec_`` and base64."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((id_.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
