"""Slack by incoming webhook, and every chat that takes the same format.

Slack gives no id to send twice under, so a message may repeat when the notifier dies between the post and its
record; it then looks the same and names the same incident.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import ValidationError

from services.notifier.channels import NO_HEADERS, Answer, Meaning, Reading, read_status, slack_message
from services.notifier.channels.http import Poster
from shared.contracts import Alert, Delivery
from shared.printable import one_line

# What Slack says in the body of an error, by what is to be done (https://docs.slack.dev, incoming webhooks).
_GONE = {
    "action_prohibited": "an administrator has forbidden the post",
    "channel_is_archived": "its channel is archived",
    "channel_not_found": "its channel does not exist any more",
    "invalid_token": "its URL is not valid any more",
    "no_active_hooks": "the webhook was switched off",
    "no_service": "the webhook was removed or switched off",
    "no_service_id": "its URL is incomplete",
    "no_team": "its workspace does not exist any more",
    "team_disabled": "its workspace was disabled",
    "user_not_found": "the person it wrote to does not exist any more",
}
_REFUSED = {
    "invalid_blocks": "Slack could not read the message",
    "invalid_payload": "Slack could not read the message",
    "no_text": "Slack found the message empty",
    "too_many_attachments": "Slack found the message too long",
}


class SlackChannel:
    """The Slack channel: about a message a second, as Slack asks of each channel."""

    concurrency = 1
    spacing = 1.0

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
        """Post the alert as a message; it is laid out now, so that it can say how late it is."""
        try:
            alert = Alert.model_validate(json.loads(delivery.body)["data"])
        except (ValueError, KeyError, ValidationError) as exc:
            return Answer(
                400, 0.0, body="invalid_payload", error=f"unreadable delivery: {type(exc).__name__}"
            )
        message = json.dumps(slack_message.lay_out(alert, now, delivery.rang_at)).encode()
        return await self._poster.post(url, message, {"content-type": "application/json"})

    def read(self, answer: Answer) -> Reading:
        """Slack says in words what is wrong; without a known word the HTTP status decides."""
        if answer.status is None:
            return read_status(answer)
        word = _word(answer.body)
        if word in _GONE:
            return Reading(Meaning.GONE, f"{word}: {_GONE[word]}")
        if word in _REFUSED:
            return Reading(Meaning.REFUSED, f"{word}: {_REFUSED[word]}")
        plain = read_status(answer)
        if plain.meaning is Meaning.DELIVERED and '"ok":false' in answer.body.replace(" ", "").lower():
            return Reading(Meaning.BUSY, f"answered {answer.status} but not ok: {word}")
        return plain


def _word(body: str) -> str:
    """The error's name: the whole body of a webhook's answer, or ``error`` in a JSON one; fit to be shown."""
    text = body.strip()
    if text.startswith("{"):
        try:
            text = str(json.loads(text).get("error", ""))
        except (ValueError, RecursionError):
            return ""
    return one_line(text)[:60]
