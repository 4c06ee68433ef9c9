"""The watch's place in Redis: who watches, what was noted, what rang. Raises ``StoreUnavailable``."""

import secrets
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from services.notifier.watching.ledger import Ledger
from services.notifier.watching.noting import Step
from shared import log, streams, system_events
from shared.contracts import Condition
from shared.names import REQUIRED_GROUPS, Names
from shared.store import guarded

if TYPE_CHECKING:
    import redis.asyncio

LEASE = timedelta(seconds=90)
"""Three rounds: longer than the slowest of them, with its ping."""

_log = log.get(__name__)


class Notebook:
    """One notifier's hand in the notes that all notifiers share."""

    def __init__(self, client: "redis.asyncio.Redis", names: Names) -> None:
        self._client, self._names = client, names
        self._token = secrets.token_hex(8)
        here = Path(__file__).parent
        self._lease = client.register_script((here / "lease.lua").read_text("utf-8"))
        self._commit = client.register_script((here / "commit.lua").read_text("utf-8"))

    async def leads(self) -> bool:
        """Take or renew the lease; False while another notifier watches."""
        return await self._hold(LEASE)

    async def leave(self) -> None:
        """Give the lease back, so that another notifier watches from its next round on."""
        await self._hold(timedelta())

    async def read(self) -> tuple[Ledger, dict[str, Condition]]:
        """The ledger of the last round and the conditions noted; an unreadable ledger begins anew."""
        with guarded("reading what the watch noted"):
            raw: Any = await self._client.get(self._names.watch)
            stored: Any = await self._client.hgetall(self._names.conditions)
        try:
            ledger = Ledger.model_validate_json(raw) if raw else Ledger()
        except ValidationError as exc:
            _log.warning("the watch begins anew", reason=str(exc)[:200])
            ledger = Ledger()
        return ledger, system_events.read(stored)

    async def commit(self, ledger: Ledger, step: Step) -> None:
        """Note what a round changed and ring what it rings, in one step that may be repeated."""
        names = self._names
        keys = [names.watch, names.conditions, names.alerts]
        keys += [names.system_rang(alert.id) for alert in step.alerts]
        args: list[str | int] = [ledger.model_dump_json(), system_events.RANG_KEPT]
        args += [alert.to_json() for alert in step.alerts]
        for word, conditions in (("new", step.first_seen), ("set", step.changed)):
            for each in conditions:
                args += [word, each.key, each.to_json()]
        for key in step.gone:
            args += ["del", key, ""]
        with guarded("noting a round of the watch"):
            await self._commit(keys=keys, args=args)

    async def strike(self, entries: tuple[str, ...]) -> tuple[str, ...]:
        """Take old heartbeats off the stream, so that they do not fill it; those that must stay.

        Those stay that a group has not done with, and the very entry of its position: without it the group,
        should it vanish, would be made again at the beginning of the stream.
        """
        names = self._names
        positions = [names.group_position(names.alerts, group) for group in REQUIRED_GROUPS]
        with guarded("taking old heartbeats off the stream"):
            saved: Any = await self._client.mget(positions)
            done = min((str(each or streams.START) for each in saved), key=streams.order)
            old = tuple(each for each in entries if streams.order(each) < streams.order(done))
            if old:
                await self._client.xdel(names.alerts, *old)
        return tuple(each for each in entries if each not in old)

    async def _hold(self, time: timedelta) -> bool:
        with guarded("asking who watches"):
            held: Any = await self._lease(
                keys=[self._names.watch_lease], args=[self._token, round(time.total_seconds() * 1000)]
            )
        return bool(held)
