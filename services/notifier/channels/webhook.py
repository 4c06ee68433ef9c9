"""Signed webhooks by Standard Webhooks 1.0.0 (https://www.standardwebhooks.com).

``webhook-id`` is the delivery's id and stays the same over retries; ``webhook-timestamp`` is the attempt's;
``webhook-signature`` holds one ``v1`` signature for each secret, so that a secret can be changed in peace.
Headers of the subscriber's own go with them.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from services.notifier.channels import NO_HEADERS, Answer, Reading, read_status
from services.notifier.channels.http import Poster
from services.notifier.lateness import told_in
from shared import hook_headers
from shared.contracts import Delivery


class WebhookChannel:
    """The webhook channel: posts the delivery's body, which says in ``delayed_by`` if it is late."""

    concurrency = 8
    spacing = 0.0

    def __init__(self, poster: Poster) -> None:
        self._poster = poster

    async def send(
        self,
        url: str,
        secrets: Sequence[str],
        delivery: Delivery,
        now: datetime,
        *,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> Answer:
        body = told_in(delivery.body, delivery.rang_at, now).encode()
        # Whatever stands in a record, nothing takes the place of the signature.
        ours = signed(delivery.id, secrets, body, now)
        theirs = {name: value for name, value in headers.items() if name.lower() not in ours}
        answer = await self._poster.post(url, body, theirs | ours)
        return replace(answer, body=hook_headers.blotted(answer.body, headers))

    def read(self, answer: Answer) -> Reading:
        return read_status(answer)


def signed(id_: str, secrets: Sequence[str], body: bytes, now: datetime) -> dict[str, str]:
    """Our own headers of one attempt, signed with every secret."""
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
