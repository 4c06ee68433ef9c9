"""The watch on a real Redis: what it measures and rings, whom it pings, and that one of several does it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from services.notifier.service import serve
from services.notifier.watching.deadman import DeadMan
from services.notifier.watching.measuring import measure
from services.notifier.watching.notebook import Notebook
from services.notifier.watching.watcher import Watcher
from shared import guard, heartbeat, system_events
from shared.clock import FakeClock
from shared.contracts import Alert, AlertKind, Article, Feed, SubscriptionState, Trouble
from shared.errors import BadSetting
from shared.settings import Settings
from shared.store import connect_async
from shared.system_alerts import subscription_disabled
from tests.support.front import eventually
from tests.support.notifier import NOON, Notifier, alert, endpoint, notifier

if TYPE_CHECKING:
    import redis
    import redis.asyncio

ROUND = timedelta(seconds=30)
SECRET_PATH = "/1b8c9f52-dead-4man-8888-secretsecret"


@dataclass
class Hospital:
    """What stands behind a dead-man URL: counts the pings."""

    url: str = ""
    status: int = 200
    pings: list[str] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.pings.append(f"{request.method} {request.path}")
        return web.Response(status=self.status, text="OK")


@pytest.fixture
async def hospital() -> AsyncIterator[Hospital]:
    served = Hospital()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", served.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    served.url = f"http://127.0.0.1:{runner.addresses[0][1]}{SECRET_PATH}"
    yield served
    await runner.cleanup()


class Watched:
    """A watcher whose rounds are made by hand, half a minute apart."""

    def __init__(
        self, client: "redis.asyncio.Redis", settings: Settings, watcher: Watcher, clock: FakeClock
    ) -> None:
        self.client, self.settings, self.names = client, settings, settings.names
        self.watcher, self.clock = watcher, clock

    async def looks(self, rounds: int = 1) -> None:
        for _ in range(rounds):
            self.clock.move_to(self.clock.time + ROUND)
            await self.watcher.round()

    async def rang(self) -> list[Alert]:
        entries: Any = await self.client.xrange(self.names.alerts)
        return [Alert.from_json(fields["alert"]) for _id, fields in entries]

    async def troubles(self) -> list[str]:
        return [
            f"{'over: ' * told.over}{told.trouble}" for each in await self.rang() if (told := each.degraded)
        ]

    async def has_feed(self, **changes: Any) -> None:
        told: dict[str, Any] = {
            "id": "feed_1",
            "url": "https://f.example/rss",
            "interval": 300,
            "added_at": NOON - timedelta(days=3),
            "polled_at": NOON,
            "succeeded_at": NOON,
        }
        feed = Feed(**(told | changes))
        await self.client.hset(self.names.feeds, feed.id, feed.to_json())

    async def beats(self, *services: str) -> None:
        for service in services:
            await self.client.set(self.names.heartbeat(service, "one"), self.clock.now().isoformat())
            await self.client.sadd(self.names.instances(service), "one")


@asynccontextmanager
async def watching(settings: Settings, clock: FakeClock | None = None) -> AsyncIterator[Watched]:
    assert settings.redis_url is not None
    clock = clock or FakeClock(NOON)
    async with (
        connect_async(settings.redis_url) as client,
        guard.session(guard.hook_policy(settings), timeout=5, user_agent="Tocsin/test") as http,
    ):
        watcher = Watcher(client, settings, DeadMan(settings, http, clock), clock)
        yield Watched(client, settings, watcher, clock)


def with_url(settings: Settings, url: str) -> Settings:
    return settings.model_copy(update={"deadman_url": SecretStr(url)})


async def test_a_worker_that_stops_is_told_and_so_is_its_return(settings: Settings) -> None:
    async with watching(settings) as house:
        await house.has_feed()
        await house.beats("poller")
        await house.looks(9)
        assert await house.troubles() == [Trouble.NO_WORKER]
        await house.beats("worker")
        await house.looks(2)
        assert await house.troubles() == [Trouble.NO_WORKER, f"over: {Trouble.NO_WORKER}"]


async def test_subscribers_who_name_the_kind_hear_of_it_and_others_do_not(settings: Settings) -> None:
    async with (
        watching(settings) as house,
        notifier(settings) as works,
        endpoint() as ops,
        endpoint() as desk,
    ):
        await works.subscribes(ops, "kind=system.degraded")
        await works.subscribes(desk)
        await house.has_feed()
        await house.beats("poller")
        await house.looks(9)
        await works.works()
        (heard,) = ops.heard
        assert heard.body["type"] == "system.degraded"
        assert heard.body["data"]["degraded"] == {
            "trouble": "no worker works",
            "about": "",
            "since": "2026-03-02T12:02:30Z",
            "over": False,
        }
        assert not desk.heard
        assert not ops.forged


async def test_all_that_can_be_amiss_is_measured(settings: Settings, redis_client: "redis.Redis") -> None:
    async with watching(settings) as house:
        names, hour = house.names, timedelta(hours=1)
        await house.has_feed(articles=7)
        await house.has_feed(id="feed_2", articles=5, errors_in_a_row=9, succeeded_at=NOON - 25 * hour)
        await house.has_feed(id="feed_3", state="gone")
        await house.client.hset(names.feeds, "feed_4", "from tomorrow")
        heartbeat.mark(redis_client, names, "poller", "here-1", NOON)
        redis_client.sadd(names.instances("worker"), "one-that-is-gone")
        old = Article(id="art_1", published_at=NOON - 9 * hour, fetched_at=NOON - hour)
        await house.client.set(names.article(old.key), old.to_json())
        await house.client.zadd(names.pending, {old.key: NOON.timestamp() * 1000, "art_gone:1": 0})
        await house.client.hset(names.dead, "art_2:1", "{}")
        await house.client.xadd(names.alerts_dead, {"id": "1-1"})
        rang = NOON - 2 * hour
        await house.client.xadd(names.alerts, {"alert": "{}"}, id=f"{round(rang.timestamp() * 1000)}-0")
        gone = {"name": "desk", "state": "disabled", "state_reason": "410 Gone"}
        await house.client.hset(names.subscriptions, "sub_1", json.dumps(gone))
        await house.client.zadd(names.parked("sub_1"), {"msg_1": 1, "msg_2": 2})
        await house.client.hset(names.failures, "sub_1", 9)

        redis_client.config_set("maxmemory", 10**9)
        try:
            found = await measure(house.client, names, NOON)
        finally:
            redis_client.config_set("maxmemory", 0)

        assert (found.feeds, found.dark, found.polled, found.articles) == (2, 1, 2, 12)
        assert found.first_feed_at == NOON - timedelta(days=3)
        assert (found.pending, found.pending_since) == (2, NOON - hour)
        assert found.alert_since == rang
        assert (found.given_up, found.pollers, found.workers) == (2, 1, 0)
        assert 0 < found.memory_used < found.memory_max == 10**9
        (desk,) = found.endpoints
        assert (desk.shown, desk.state) == ("desk", SubscriptionState.DISABLED)
        assert (desk.parked, desk.failures) == (2, 9)


async def test_alerts_that_the_notifier_recorded_do_not_wait(settings: Settings) -> None:
    async with watching(settings) as house, notifier(settings) as works:
        assert (await measure(house.client, house.names, NOON)).alert_since is None
        await works.rings(alert(), alert(sequence=2))
        assert (await measure(house.client, house.names, NOON)).alert_since is not None
        await works.consumes()
        assert (await measure(house.client, house.names, NOON)).alert_since is None


# ---- several notifiers --------------------------------------------------------------------------


async def test_of_two_notifiers_one_watches_and_the_other_takes_over(settings: Settings) -> None:
    clock = FakeClock(NOON)
    async with watching(settings, clock) as one, watching(settings, clock) as two:
        for _ in range(9):
            await one.looks()
            await one.has_feed()
            await two.watcher.round()
        assert await one.troubles() == [Trouble.NO_POLLER, Trouble.NO_WORKER]
        await one.client.delete(one.names.watch_lease)
        await two.looks(9)
        assert await one.troubles() == [Trouble.NO_POLLER, Trouble.NO_WORKER]


async def test_who_stops_leaves_the_watch_to_another_at_once(
    settings: Settings, redis_client: "redis.Redis"
) -> None:
    async with watching(settings) as house:
        stop = asyncio.Event()
        running = asyncio.create_task(house.watcher.run(stop))
        await asyncio.to_thread(eventually, lambda: system_events.watched(redis_client, settings.names))
        assert not await Notebook(house.client, house.names).leads()
        stop.set()
        await running
        assert not system_events.watched(redis_client, settings.names)


async def test_a_disabled_subscription_that_was_told_at_once_is_not_told_again(settings: Settings) -> None:
    async with watching(settings) as house, notifier(settings) as works, endpoint() as gone:
        made = await works.subscribes(gone)
        disabled = made.model_copy(update={"state": SubscriptionState.DISABLED, "state_reason": "410 Gone"})
        await house.looks()
        await house.client.hset(house.names.subscriptions, made.id, disabled.to_json())
        told = subscription_disabled(made.id, made.url_hint, "410 Gone", house.clock.now())
        await system_events.begin(house.client, house.names, told)
        await house.looks(9)
        assert await house.troubles() == [Trouble.DISABLED]
        await house.client.hset(house.names.subscriptions, made.id, made.to_json())
        await house.looks(2)
        assert await house.troubles() == [Trouble.DISABLED, f"over: {Trouble.DISABLED}"]


async def test_a_round_killed_before_it_noted_anything_rings_the_same_again(settings: Settings) -> None:
    """Ring and note are one step, so the worst is a round that is made again from the same notes."""
    async with watching(settings) as house:
        await house.has_feed()
        await house.beats("poller")
        await house.looks(5)
        before = await house.client.hgetall(house.names.conditions)
        await house.looks()
        assert await house.troubles() == [Trouble.NO_WORKER]
        await house.client.hset(house.names.conditions, mapping=before)
        await house.looks(3)
        assert await house.troubles() == [Trouble.NO_WORKER]


# ---- heartbeats ---------------------------------------------------------------------------------


async def heartbeats(house: Watched) -> list[Alert]:
    return [each for each in await house.rang() if each.kind == AlertKind.HEARTBEAT]


async def test_heartbeats_go_to_those_who_ask_and_do_not_fill_the_stream(settings: Settings) -> None:
    async with watching(settings) as house, notifier(settings) as works, endpoint() as ops:
        await works.subscribes(ops, "kind=system.heartbeat")
        for _ in range(9):
            await house.looks(10)
            await works.works()
        assert len(ops.heard) == 8  # the first comes an interval after the watch began
        assert ops.heard[0].body["data"]["reason"] == "all is well"
        assert len(await heartbeats(house)) == 2


async def test_heartbeats_that_nobody_recorded_stay_until_somebody_did(settings: Settings) -> None:
    async with watching(settings) as house, notifier(settings) as works, endpoint() as ops:
        await works.subscribes(ops, "kind=system.heartbeat")
        await house.looks(41)
        assert len(await heartbeats(house)) == 4
        await works.works()
        assert len(ops.heard) == 4
        await house.looks(10)
        assert len(await heartbeats(house)) == 2


async def test_a_group_that_vanished_goes_on_where_it_was_after_heartbeats_went(settings: Settings) -> None:
    async with watching(settings) as house, notifier(settings) as works, endpoint() as ops:
        await works.subscribes(ops, 'kind=~".*"')
        await works.rings(alert())
        await house.looks(21)
        await works.works()
        await house.looks(10)
        heard = len(ops.heard)
        await house.client.xgroup_destroy(house.names.alerts, "notifier")
        await _reads_nothing_but_the_last(works)
        assert len(ops.heard) == heard + 1


async def _reads_nothing_but_the_last(works: Notifier) -> None:
    await works.consumer.turn()  # makes the group again
    await works.works()


async def test_an_endpoint_that_comes_back_is_spared_the_heartbeats_of_its_absence(
    settings: Settings,
) -> None:
    clock = FakeClock(NOON)
    async with watching(settings, clock) as house, notifier(settings, clock) as works, endpoint() as ops:
        ops.answers = [503, 503, 200]
        await works.subscribes(ops, 'kind=~".*"')
        await house.looks(11)
        await works.rings(alert())
        await works.works()
        clock.move_to(clock.time + timedelta(hours=2))
        await works.sends()
        await works.sends()
        assert [each.body["type"] for each in ops.heard[2:]] == ["incident.opened"]
        assert sorted(str(each.state) for each in (await works.deliveries()).values()) == [
            "delivered",
            "dropped",
        ]


async def test_heartbeats_put_by_while_paused_do_not_hold_up_the_news_behind_them(settings: Settings) -> None:
    clock = FakeClock(NOON)
    async with watching(settings, clock) as house, notifier(settings, clock) as works, endpoint() as ops:
        made = await works.subscribes(ops, 'kind=~".*"')

        async def becomes(state: SubscriptionState) -> None:
            changed = made.model_copy(update={"state": state})
            await works.client.hset(works.names.subscriptions, made.id, changed.to_json())
            await works.journal.visit([made.id], clock.now())

        for ring in (house.looks(11), works.rings(alert())):
            await becomes(SubscriptionState.ACTIVE)
            await ring
            await works.consumes()
            clock.move_to(clock.time + timedelta(seconds=1))
            await becomes(SubscriptionState.PAUSED)
            await works.sends()
        assert await works.client.zcard(works.names.parked(made.id)) == 2
        clock.move_to(clock.time + timedelta(minutes=20))
        await becomes(SubscriptionState.ACTIVE)
        await works.sends()
        assert [each.body["type"] for each in ops.heard] == ["incident.opened"]


async def test_no_heartbeat_when_none_is_wanted(settings: Settings) -> None:
    async with watching(settings.model_copy(update={"heartbeat_every": 0})) as house:
        await house.looks(50)
        assert await heartbeats(house) == []


# ---- the dead-man URL ---------------------------------------------------------------------------


async def test_the_dead_man_url_is_fetched_every_minute_while_all_is_well(
    settings: Settings, hospital: Hospital
) -> None:
    async with watching(with_url(settings, hospital.url)) as house:
        await house.looks(10)
        assert hospital.pings == [f"GET {SECRET_PATH}"] * 5


async def test_it_is_not_fetched_while_the_house_is_degraded(settings: Settings, hospital: Hospital) -> None:
    async with watching(with_url(settings, hospital.url)) as house:
        await house.has_feed()
        await house.beats("poller")
        await house.looks(6)
        assert await house.troubles() == [Trouble.NO_WORKER]
        hospital.pings.clear()
        await house.looks(9)
        assert hospital.pings == []
        await house.beats("worker")
        await house.looks(2)
        assert len(hospital.pings) == 1


async def test_one_dead_endpoint_is_no_reason_to_call_help(settings: Settings, hospital: Hospital) -> None:
    async with watching(with_url(settings, hospital.url)) as house, notifier(settings) as works:
        made = await works.subscribes(await _anywhere())
        await house.client.zadd(house.names.parked(made.id), {"msg_1": 1})
        await house.client.hset(house.names.failures, made.id, 9)
        await house.looks(10)
        assert await house.troubles() == [Trouble.PARKED]
        assert len(hospital.pings) == 5


async def _anywhere() -> Any:
    async with endpoint() as somewhere:
        return somewhere


async def test_a_failing_ping_is_told_once_without_the_url(
    settings: Settings,
    hospital: Hospital,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    hospital.status = 500
    async with watching(with_url(settings, hospital.url)) as house:
        await house.looks(10)
        hospital.status = 200
        await house.looks(2)
    said = caplog.text + "".join(capsys.readouterr())
    assert said.count("dead-man URL not reached") == 1
    assert said.count("dead-man URL reached again") == 1
    assert SECRET_PATH not in said


async def test_a_dead_man_url_inside_is_refused_like_any_hook(settings: Settings, hospital: Hospital) -> None:
    guarded = with_url(settings, hospital.url).model_copy(update={"allow_networks": ()})
    with pytest.raises(BadSetting, match="TOCSIN_DEADMAN_URL") as refused:
        async with watching(guarded):
            pass
    assert SECRET_PATH not in str(refused.value)


def test_the_url_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_DEADMAN_URL", f"https://hc.example{SECRET_PATH}")
    loaded = Settings(_env_file=None)
    assert SECRET_PATH not in repr(loaded) + str(loaded) + loaded.model_dump_json()
    monkeypatch.setenv("TOCSIN_DEADMAN_URL", "")
    assert Settings(_env_file=None).deadman_url is None


async def test_a_running_notifier_watches_and_fetches_the_url(settings: Settings, hospital: Hospital) -> None:
    assert settings.redis_url is not None
    stop = asyncio.Event()
    running = asyncio.create_task(serve(with_url(settings, hospital.url), settings.redis_url, stop))
    await asyncio.to_thread(eventually, lambda: hospital.pings != [])
    stop.set()
    await running
    assert hospital.pings == [f"GET {SECRET_PATH}"]
