"""GET /v1/alerts over a real socket: who may ask, what comes, and how errors look."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from services.api import alerts as pages
from shared import keys
from shared.contracts import Alert, AlertKind, Reason, Severity, Tier
from shared.keys import Scope
from shared.settings import Settings
from tests.support.front import Api, free_port, serving

if TYPE_CHECKING:
    import redis

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
async def api(settings: Settings) -> AsyncIterator[Api]:
    async with serving(settings, free_port()) as running:
        yield running


@pytest.fixture
def key(redis_client: "redis.Redis", settings: Settings) -> str:
    return keys.add(redis_client, settings.names, "reader", Scope.READ, now=NOW)


def ring(client: "redis.Redis", settings: Settings, *headlines: str, tier: Tier = Tier.SEVERE) -> None:
    for number, headline in enumerate(headlines):
        alert = Alert(
            id=f"inc_{headline}-{number}",
            kind=AlertKind.OPENED,
            reason=Reason.FIRST_REPORT,
            at=NOW,
            headline=headline,
            severity=Severity(score=7.0, tier=tier),
        )
        client.xadd(settings.names.alerts, {"alert": alert.to_json()})


def headlines(page: "dict[str, list[dict[str, str]]]") -> list[str]:
    return [alert["headline"] for alert in page["alerts"]]


async def test_alerts_come_oldest_first(
    api: Api, key: str, redis_client: "redis.Redis", settings: Settings
) -> None:
    ring(redis_client, settings, "one", "two", "three")
    answer = await api.get("/v1/alerts", key=key)
    assert answer.status == 200
    assert headlines(answer.json) == ["one", "two", "three"]
    assert answer.json["more"] is False


async def test_the_cursor_leads_through_all_pages_and_on_to_what_rings_later(
    api: Api, key: str, redis_client: "redis.Redis", settings: Settings
) -> None:
    ring(redis_client, settings, "one", "two", "three")
    first = (await api.get("/v1/alerts?limit=2", key=key)).json
    assert headlines(first) == ["one", "two"]
    assert first["more"] is True
    second = (await api.get(f"/v1/alerts?limit=2&after={first['next']}", key=key)).json
    assert headlines(second) == ["three"]
    ring(redis_client, settings, "four")
    third = (await api.get(f"/v1/alerts?limit=2&after={second['next']}", key=key)).json
    assert headlines(third) == ["four"]


async def test_an_empty_house_gives_a_cursor_that_stays_usable(
    api: Api, key: str, redis_client: "redis.Redis", settings: Settings
) -> None:
    empty = (await api.get("/v1/alerts", key=key)).json
    assert empty == {"alerts": [], "next": "0-0", "more": False}
    ring(redis_client, settings, "one")
    assert headlines((await api.get(f"/v1/alerts?after={empty['next']}", key=key)).json) == ["one"]


async def test_a_filter_keeps_what_matches(
    api: Api, key: str, redis_client: "redis.Redis", settings: Settings
) -> None:
    ring(redis_client, settings, "grave", tier=Tier.SEVERE)
    ring(redis_client, settings, "slight", tier=Tier.MINOR)
    answer = await api.get("/v1/alerts?filter=severity%3E%3DSevere", key=key)
    assert headlines(answer.json) == ["grave"]


async def test_a_filter_that_matches_little_answers_with_a_cursor_instead_of_reading_for_ever(
    api: Api, key: str, redis_client: "redis.Redis", settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "CHUNK", 2)
    monkeypatch.setattr(pages, "MOST_READ", 4)
    ring(redis_client, settings, *(str(number) for number in range(5)), tier=Tier.MINOR)
    ring(redis_client, settings, "grave", tier=Tier.SEVERE)
    first = (await api.get("/v1/alerts?filter=severity%3E%3DSevere", key=key)).json
    assert first["alerts"] == []
    assert first["more"] is True
    rest = (await api.get(f"/v1/alerts?filter=severity%3E%3DSevere&after={first['next']}", key=key)).json
    assert headlines(rest) == ["grave"]


async def test_an_unreadable_entry_hides_no_other(
    api: Api, key: str, redis_client: "redis.Redis", settings: Settings
) -> None:
    ring(redis_client, settings, "one")
    redis_client.xadd(settings.names.alerts, {"alert": "{}"})
    redis_client.xadd(settings.names.alerts, {"alert": '{"schema_version": "9.0"}'})
    redis_client.xadd(settings.names.alerts, {"something": "else"})
    ring(redis_client, settings, "two")
    assert headlines((await api.get("/v1/alerts", key=key)).json) == ["one", "two"]


# ---- who may ask ------------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", ["", "tocsin_wrong"])
async def test_without_a_known_key_nobody_gets_in(api: Api, key: str, wrong: str) -> None:
    answer = await api.get("/v1/alerts", key=wrong)
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json["title"] == "Unauthorized"


async def test_every_scope_may_read(api: Api, redis_client: "redis.Redis", settings: Settings) -> None:
    for scope in Scope:
        key = keys.add(redis_client, settings.names, f"a-{scope}", scope, now=NOW)
        assert (await api.get("/v1/alerts", key=key)).status == 200


async def test_a_revoked_key_is_dead_at_once(
    api: Api, key: str, redis_client: "redis.Redis", settings: Settings
) -> None:
    assert (await api.get("/v1/alerts", key=key)).status == 200
    keys.revoke(redis_client, settings.names, "reader")
    assert (await api.get("/v1/alerts", key=key)).status == 401


# ---- errors -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/v1/alerts?filter=nonsense%3D1", 400, "no field 'nonsense'"),
        ("/v1/alerts?after=yesterday", 400, "no cursor"),
        ("/v1/alerts?limit=0", 422, "limit"),
        ("/v1/alerts?limit=501", 422, "limit"),
        ("/nowhere", 404, "openapi.json"),
    ],
)
async def test_every_error_is_a_problem_that_says_what_to_do(
    api: Api, key: str, path: str, status: int, words: str
) -> None:
    answer = await api.get(path, key=key, x_request_id="mine-1")
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json
    assert problem["status"] == status
    assert words in problem["detail"]
    assert problem["instance"] == path.partition("?")[0]
    assert problem["request_id"] == answer.headers["x-request-id"] == "mine-1"


async def test_a_request_without_an_id_gets_one(api: Api) -> None:
    one, two = await api.get("/healthz"), await api.get("/healthz")
    assert one.headers["x-request-id"] != two.headers["x-request-id"]
    assert one.headers["x-content-type-options"] == "nosniff"


async def test_the_description_names_every_route(api: Api) -> None:
    described = (await api.get("/openapi.json")).json
    assert set(described["paths"]) == {"/healthz", "/readyz", "/metrics", "/v1/alerts"}
