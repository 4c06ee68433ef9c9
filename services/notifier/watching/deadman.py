"""The dead-man URL: asked every minute while all is well, so that its service rings when nobody asks.

That is the only bell that still works when this machine, its network or Redis is gone.
"""

from datetime import timedelta

import aiohttp

from shared import guard, log
from shared.clock import Clock
from shared.errors import BadInput, BadSetting, ForbiddenAddress, TryLater
from shared.settings import Settings

EVERY = timedelta(seconds=60)
EARLY = timedelta(seconds=5)
"""Rounds come every half minute and a little; without this every second one would come just too early."""
MAX_ANSWER = 1_000_000
WITHIN = 10.0

_log = log.get(__name__)


class DeadMan:
    """Pings the URL when told that all is well; no message repeats the URL, which is a secret.

    Raises ``BadSetting`` when it could never be dialled.
    """

    def __init__(self, settings: Settings, http: aiohttp.ClientSession, clock: Clock) -> None:
        self._url = settings.deadman_url.get_secret_value() if settings.deadman_url else ""
        self._policy, self._agent = guard.hook_policy(settings), settings.user_agent
        self._http, self._clock = http, clock
        self._pinged = clock.now() - EVERY
        self._fault: str | None = None
        if self._url:
            try:
                guard.check_url(self._url, self._policy)
            except (BadInput, ForbiddenAddress) as exc:
                raise BadSetting(f"TOCSIN_DEADMAN_URL: {exc}") from exc

    async def all_well(self) -> None:
        """Ping, if there is a URL and the last ping was a minute ago; a failure is logged and tried again."""
        now = self._clock.now()
        if not self._url or now - self._pinged < EVERY - EARLY:
            return
        self._pinged = now
        self._say(await self._ping())

    async def _ping(self) -> str | None:
        """What went wrong, or None."""
        try:
            answer = await guard.fetch(
                self._url,
                policy=self._policy,
                max_bytes=MAX_ANSWER,
                timeout=WITHIN,
                user_agent=self._agent,
                within=self._http,
            )
        except (TryLater, BadInput, ForbiddenAddress) as exc:
            return str(exc)
        return None if 200 <= answer.status < 300 else f"it answered {answer.status}"

    def _say(self, fault: str | None) -> None:
        # Once an outage and once at its end, not every minute.
        if fault and fault != self._fault:
            _log.warning("dead-man URL not reached", reason=fault)
        elif self._fault and not fault:
            _log.info("dead-man URL reached again")
        self._fault = fault
