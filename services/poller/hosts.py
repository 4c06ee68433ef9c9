"""Politeness: a host that serves many feeds is asked for a few at once, and the others wait their turn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit


class HostBusy(Exception):
    """The host serves as many of our fetches as it should: come back a little later."""


class Hosts:
    """Places at hosts: ``at_once`` fetches each, and at most ``waiting`` more that stand in line."""

    def __init__(self, at_once: int, *, waiting: int = 8) -> None:
        self._at_once = at_once
        self._waiting = waiting
        self._places: dict[str, asyncio.Semaphore] = {}
        self._present: dict[str, int] = {}

    @asynccontextmanager
    async def place(self, url: str) -> AsyncIterator[None]:
        """Hold a place at the URL's host, in line if need be; raises ``HostBusy`` when the line is long."""
        host = urlsplit(url).netloc.lower()
        if self._present.get(host, 0) >= self._at_once + self._waiting:
            raise HostBusy(host)
        self._present[host] = self._present.get(host, 0) + 1
        place = self._places.setdefault(host, asyncio.Semaphore(self._at_once))
        try:
            async with place:
                yield
        finally:
            self._present[host] -= 1
            if not self._present[host]:  # nobody holds or awaits it: hosts come and go, memory stays
                del self._present[host], self._places[host]
