"""One call of Slack's Web API through the guard. The only file that knows ``slack_sdk``.

What comes back is an ``Answer`` whatever happens; its body is a short JSON object with ``ok`` and, of a
message that was taken, ``channel`` and ``ts``, or, of one that was not, ``error``.
"""

import json
import logging
import time
from collections.abc import Mapping
from typing import Any, cast

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from services.notifier.channels import Answer
from services.notifier.channels.http import NO_ANSWER, Poster, explain

BASE_URL = "https://slack.com/api/"
"""Where tokens are sent, and nowhere else; tests put a Slack of their own here."""

_TOLD = ("ok", "error", "needed", "channel", "ts", "warning")
_quiet = logging.getLogger(__name__)
# At DEBUG the library would log whole messages.
_quiet.setLevel(logging.ERROR)


class SlackApi:
    """Slack's Web API for whoever brings a token."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster

    async def call(self, token: str, method: str, arguments: Mapping[str, Any]) -> Answer:
        """Call once; a token of this shape can't be sent anywhere but to ``BASE_URL``."""
        begun = time.monotonic()

        def elapsed() -> float:
            return round((time.monotonic() - begun) * 1000, 1)

        try:
            answered = await self._client(token).api_call(method, json=dict(arguments))
            status, headers = answered.status_code, answered.headers
            data: Any = answered.data
        except SlackApiError as exc:
            # Not ok, or no JSON: then the response is aiohttp's own, and tells only its status.
            response: Any = exc.response
            status = getattr(response, "status_code", None) or response.status
            headers, data = response.headers, getattr(response, "data", "")
        except SlackClientError as exc:
            return Answer(None, elapsed(), error=f"it could not be asked: {type(exc).__name__}")
        except NO_ANSWER as exc:
            return Answer(None, elapsed(), error=explain(exc, self._poster.seconds))
        except (AttributeError, TypeError):
            # What the library makes of an answer that is text, or JSON but no object.
            return Answer(None, elapsed(), error="it answered with something else than a JSON object")
        return Answer(status, elapsed(), _short(data), headers.get("Retry-After"))

    def _client(self, token: str) -> AsyncWebClient:
        session = cast(aiohttp.ClientSession, self._poster.keeping_to(BASE_URL))
        # No handlers: trying again is the schedule's business, and the library would sleep over it.
        return AsyncWebClient(token, base_url=BASE_URL, session=session, retry_handlers=[], logger=_quiet)


def _short(data: Any) -> str:
    if not isinstance(data, dict):
        return json.dumps({"ok": False, "error": ""})
    return json.dumps({name: data[name] for name in _TOLD if isinstance(data.get(name), str | bool)})
