"""Slack by a bot's token: one message an incident, rewritten as it changes, and each change in its thread.

A channel sees escalations, and that something grave is taken back, also outside the thread. Slack knows no
id to send twice under. So each message is noted before it is sent and after it was taken: what was taken and
noted is not sent again, and what may have been taken, because the notifier died or no answer came, is sent
again and says that it may be a repeat.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.notifier.channels import Answer, Channel, Reading, slack_errors, slack_message
from services.notifier.channels.http import Poster
from services.notifier.channels.slack import alert_of
from services.notifier.channels.slack_api import SlackApi
from services.notifier.channels.slack_threads import BEGUN, DONE, SlackThreads, Thread, rank, shown_by
from services.notifier.outcome import SHORTEST_WAIT, Fate, asked_wait
from shared.contracts import Alert, AlertKind, Delivery, Subscription, Tier
from shared.errors import StoreUnavailable
from shared.retry import backoff

TRIES_TO_NOTE = 6
_POST, _UPDATE = "chat.postMessage", "chat.update"


class SlackBotChannel(Channel):
    """The channel of Slack's bots; ``threads`` may be left out where nothing is to be remembered."""

    concurrency = 1
    spacing = 0.0

    def __init__(
        self, poster: Poster, public_url: str, threads: SlackThreads | None, to: Subscription | None = None
    ) -> None:
        self._poster, self._public_url, self._threads, self._to = poster, public_url, threads, to

    def serving(self, subscription: Subscription) -> "SlackBotChannel":
        """The channel that writes where this subscription says."""
        return SlackBotChannel(self._poster, self._public_url, self._threads, subscription)

    async def room(self, now: datetime) -> float:
        """Take a place in the channel's bucket, which all notifiers and subscriptions share."""
        if self._threads is None or self._to is None:
            return 0.0
        return await self._threads.room(self._to.slack_channel, now)

    async def give_back(self, now: datetime) -> None:
        """Give a place in the bucket back, for nothing was sent."""
        if self._threads is not None and self._to is not None:
            await self._threads.give_back(self._to.slack_channel, now)

    async def send(
        self,
        url: str,
        secrets: Sequence[str],
        delivery: Delivery,
        now: datetime,
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Tell of the alert by the token in ``url``; raises ``StoreUnavailable`` at a step it can't note."""
        alert = alert_of(delivery)
        if isinstance(alert, Answer):
            return alert
        if self._to is None:
            return Answer(None, 0.0, error="no channel to write to: make the subscription again")
        api, rang_at = SlackApi(self._poster), delivery.rang_at
        telling = _Telling(api, url, self._to, self._public_url, alert, delivery, now, rang_at)
        if self._threads is None or alert.incident_id is None:
            # Nothing will follow it, so nothing is remembered.
            answer = await telling.whole()
        else:
            answer = await _Conversation(telling, self._threads, alert.incident_id).tell()
        if self._threads is not None and answer.status == 429:
            wait = max(asked_wait(answer.retry_after, now), SHORTEST_WAIT)
            await self._threads.close(self._to.slack_channel, now, wait)
        return answer

    def read(self, answer: Answer) -> Reading:
        """Slack says in a word what is wrong, mostly with status 200."""
        return slack_errors.read(answer)


@dataclass(frozen=True)
class _Telling:
    """One alert, one channel, one moment: the calls that can be made of them."""

    api: SlackApi
    token: str
    to: Subscription
    public_url: str
    alert: Alert
    delivery: Delivery
    now: datetime
    rang_at: datetime | None = None
    repeat: bool = False

    async def whole(self) -> Answer:
        """Post the alert as a message of its own."""
        message = slack_message.lay_out(
            self.alert, self.now, self.public_url, rang_at=self.rang_at, repeat=self.repeat
        )
        return await self.api.call(self.token, _POST, {"channel": self.to.slack_channel, **message})

    async def state(self) -> Answer:
        """Post the incident as it now stands."""
        message = slack_message.lay_out_state(
            self.alert, self.now, self.public_url, rang_at=self.rang_at, repeat=self.repeat
        )
        return await self.api.call(self.token, _POST, {"channel": self.to.slack_channel, **message})

    async def rewrite(self, thread: Thread) -> Answer:
        """Let the incident's message show it as it now stands."""
        message = slack_message.lay_out_state(self.alert, self.now, self.public_url)
        return await self.api.call(
            self.token, _UPDATE, {"channel": thread.channel, "ts": thread.ts, **message}
        )

    async def reply(self, thread: Thread) -> Answer:
        """Tell in the thread what changed."""
        message = slack_message.lay_out_change(
            self.alert, self.now, self.public_url, rang_at=self.rang_at, repeat=self.repeat
        )
        where = {"channel": thread.channel, "thread_ts": thread.ts}
        loud = rings_the_channel(self.alert, thread.worst)
        return await self.api.call(self.token, _POST, {**where, "reply_broadcast": loud, **message})


def rings_the_channel(alert: Alert, worst: int) -> bool:
    """Whether a change is shown outside its thread: it got worse, or something that was grave is no more."""
    grave = max(worst, _rank(alert)) >= Tier.SEVERE.rank
    return alert.kind == AlertKind.ESCALATED or (alert.kind == AlertKind.RETRACTED and grave)


class _Conversation:
    """An incident's message and its thread, taken one delivery further."""

    def __init__(self, telling: _Telling, threads: SlackThreads, incident_id: str) -> None:
        self._telling, self._threads = telling, threads
        self._key = telling.to.id, incident_id
        self._turn = _turn(telling.delivery)

    async def tell(self) -> Answer:
        """Every step that is still to be made; the last one's answer."""
        telling, thread = self._telling, await self._threads.read(*self._key)
        step = thread.said.get(self._turn)
        if step == DONE:
            return Answer(200, 0.0, '{"ok": true}', error="posted already, before the notifier ended")
        if step == BEGUN or _left_open(telling.delivery, thread):
            self._telling = replace(telling, repeat=True)
        if not thread.ts:
            # Who hears of the incident for the first time is told all of it; nothing has changed for him.
            return (await self._open(thread, DONE))[0]
        overtaken = telling.alert.sequence < thread.shown
        if not overtaken:
            answer = await telling.rewrite(thread)
            if slack_errors.word(answer) in slack_errors.LOST:
                return await self._anew(thread)
            if not slack_errors.is_ok(answer):
                return answer
            thread = self._showing(thread)
            await self._threads.note(*self._key, shown_by(thread))
        answer = await self._reply(thread)
        if slack_errors.word(answer) not in slack_errors.LOST:
            return answer
        if overtaken:
            # What it tells is no longer so: a message of it would be the newest in the channel.
            return Answer(200, answer.latency_ms, '{"ok": true}', error="overtaken, and its message is gone")
        return await self._anew(thread)

    async def _anew(self, thread: Thread) -> Answer:
        """The message is lost: another takes its place, with this change below it."""
        answer, thread = await self._open(thread, BEGUN)
        if not slack_errors.is_ok(answer):
            return answer
        await self._threads.charge(self._telling.to.slack_channel, self._telling.now)
        return await self._reply(thread)

    async def _open(self, thread: Thread, after: str) -> tuple[Answer, Thread]:
        await self._begin()
        answer = await self._telling.state()
        if slack_errors.is_ok(answer):
            found = json.loads(answer.body)
            thread = replace(
                self._showing(thread),
                channel=found.get("channel", self._telling.to.slack_channel),
                ts=found.get("ts", ""),
            )
            await self._taken({**shown_by(thread), **self._said(after)})
        else:
            await self._taken_back(answer)
        return answer, thread

    async def _reply(self, thread: Thread) -> Answer:
        await self._begin()
        answer = await self._telling.reply(thread)
        if slack_errors.is_ok(answer):
            await self._taken(self._said(DONE))
        else:
            await self._taken_back(answer)
        return answer

    # ---- notes ----------------------------------------------------------------------------------

    async def _begin(self) -> None:
        await self._threads.note(*self._key, self._said(BEGUN))

    async def _taken(self, fields: Mapping[str, str | int]) -> None:
        """Note what Slack took, patiently: a note that is lost here is a message sent twice."""
        for tried in range(1, TRIES_TO_NOTE):
            try:
                return await self._threads.note(*self._key, fields)
            except StoreUnavailable:
                await asyncio.sleep(backoff(tried, base=0.2, cap=5.0))
        return await self._threads.note(*self._key, fields)

    async def _taken_back(self, answer: Answer) -> None:
        if slack_errors.is_clear_no(answer):
            await self._threads.unsaid(*self._key, self._turn)

    def _said(self, how: str) -> dict[str, str]:
        return {f"said:{self._turn}": how}

    def _showing(self, thread: Thread) -> Thread:
        """The thread whose message shows this alert."""
        alert = self._telling.alert
        return replace(thread, shown=max(alert.sequence, thread.shown), worst=max(_rank(alert), thread.worst))


def _turn(delivery: Delivery) -> str:
    """Under which name its steps are noted: what a person has sent again is said again, once each time."""
    again = delivery.resent_at
    return f"{delivery.id}@{again.timestamp():.3f}" if again else delivery.id


def _left_open(delivery: Delivery, thread: Thread) -> bool:
    """Whether a step before the person's may have been taken, and was never recorded as delivered."""
    noted = any(name.partition("@")[0] == delivery.id for name in thread.said)
    return noted and not any(each.outcome.startswith(f"{Fate.DELIVERED}:") for each in delivery.attempts)


def _rank(alert: Alert) -> int:
    return rank(alert.severity.tier if alert.severity else None)
