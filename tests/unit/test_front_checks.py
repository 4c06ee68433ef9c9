"""What `tocsin doctor` says of what it saw: a story for every fault and warning, nothing is opened."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from cryptography.fernet import Fernet

from services.cli.checks import clock, disk, feeds, house, key, ports, private, server, settings, versions
from services.cli.checks.attempt import attempt, within
from services.cli.checks.finding import Finding, Verdict, amount, fault, named, ok, span, summary, warning
from services.cli.checks.key import Key
from services.cli.checks.ports import Holder
from services.cli.checks.private import Startable
from services.cli.checks.server import Trouble, Unreached
from shared.contracts import FeedState, SubscriptionState
from shared.settings import Settings
from shared.store import Refusal
from shared.vault import Vault
from tests.support.doctor import HOUR, NOW, WELL, feed, is_told, only, records, told

OK, WARNING, FAULT = Verdict.OK, Verdict.WARNING, Verdict.FAULT


# ---- how it is said ------------------------------------------------------------------------------


def test_the_last_line_sums_up() -> None:
    good, worth_a_look, bad = (
        ok("a", "Well."),
        warning("b", "Hm.", "Look."),
        fault("c", "Broken.", "Mend it."),
    )
    assert summary([good]) == "All well."
    assert summary([good, worth_a_look]) == "1 warning."
    assert summary([bad, good, worth_a_look, worth_a_look]) == "1 fault, 2 warnings."


def test_what_a_stranger_wrote_does_not_reach_the_terminal() -> None:
    assert fault("feeds", "\x1b[2JHerald\nfails", "\x07look").says == "[2JHerald fails"


def test_long_lists_and_large_numbers_are_told_shortly() -> None:
    assert named(["a", "b", "c"]) == "a, b, c"
    assert named(["a", "b", "c", "d", "e"]) == "a, b, c and 2 more"
    assert [span(timedelta(seconds=s)) for s in (-5, 59, 600, 90_000, 200_000)] == [
        "0 s",
        "59 s",
        "10 min",
        "25 hours",
        "2 days",
    ]
    assert [amount(size) for size in (0, 999, 1536, 1 << 30, 1 << 60)] == [
        "0 bytes",
        "999 bytes",
        "1.5 kB",
        "1.0 GB",
        "1048576 TB",
    ]


def test_a_check_that_fails_itself_is_a_warning_and_no_end() -> None:
    def broken() -> list[Finding]:
        raise LookupError("no such thing")

    is_told(attempt("disk", broken), WARNING, "could not be told (LookupError: no such thing)", "report")


def test_a_check_that_hangs_is_given_up() -> None:
    over = Event()

    def hanging() -> list[Finding]:
        over.wait()
        return []

    is_told(attempt("disk", hanging, 0.01), WARNING, "hangs", "doctor")
    over.set()


def test_what_was_raised_meanwhile_is_raised_to_who_waits() -> None:
    def broken() -> int:
        raise LookupError

    with pytest.raises(LookupError):
        within(1, broken)
    assert within(1, lambda: 7) == 7


# ---- redis ---------------------------------------------------------------------------------------


def test_a_redis_that_is_well_is_one_line() -> None:
    is_told(server.judge(WELL), OK, "Redis 7.2.4 at box:6379 answers within 0.4 ms", "")


@pytest.mark.parametrize(
    ("different", "verdict", "says", "do"),
    [
        ({"version": "6.0.16"}, FAULT, "too old", "6.2"),
        ({"mode": "cluster"}, FAULT, "Cluster", "TOCSIN_REDIS_URL"),
        ({"mode": "sentinel"}, FAULT, "Sentinel", "TOCSIN_REDIS_URL"),
        ({"is_replica": True}, FAULT, "takes no writes", "primary"),
        ({"policy": "allkeys-lru"}, FAULT, "allkeys-lru", "noeviction"),
        ({"appends": False}, WARNING, "append-only", "appendonly yes"),
        ({"append_fault": True}, FAULT, "could not write", "disk"),
        ({"limit": 0}, WARNING, "no maxmemory", "maxmemory 1gb"),
        ({"used": 850_000_000}, WARNING, "85%", "TOCSIN_REDIS_MAXMEMORY"),
        ({"used": 960_000_000}, FAULT, "96%", "TOCSIN_REDIS_MAXMEMORY"),
        ({"round_trip": 0.25}, WARNING, "250 ms", "nearer"),
        ({"loading": "40 % read"}, WARNING, "40 % read", "again"),
    ],
)
def test_a_redis_that_may_lose_something_is_told(
    different: Mapping[str, Any], verdict: Verdict, says: str, do: str
) -> None:
    is_told(server.judge(replace(WELL, **different)), verdict, says, do)


@pytest.mark.parametrize("version", ["6.2.0", "8.0", "10.1.0", "255.255.255", ""])
def test_a_redis_new_enough_or_of_no_known_version_is_not_called_old(version: str) -> None:
    assert only(server.judge(replace(WELL, version=version))).verdict is OK


def test_a_redis_with_two_faults_gets_two_lines() -> None:
    assert len(server.judge(replace(WELL, policy="volatile-ttl", appends=False))) == 2


@pytest.mark.parametrize(
    ("trouble", "says", "do"),
    [
        (Trouble.NOBODY, "does not answer (refused)", "tocsin up"),
        (Trouble.SILENT, "says nothing", "firewall"),
        (Trouble.ODD, "an error: refused", "names a Redis"),
        (Refusal.LOCKED, "wants another password (refused)", "Correct TOCSIN_REDIS_URL"),
        (Refusal.FEWER, "has fewer databases", "End TOCSIN_REDIS_URL with"),
        (Refusal.FORBIDDEN, "forbids", "ACL"),
        (Refusal.UNWRITABLE, "can't write its file", "disk is full"),
    ],
)
def test_a_redis_that_can_not_be_asked_is_told_by_why(trouble: Trouble | Refusal, says: str, do: str) -> None:
    is_told(server.judge(Unreached("box:6379", trouble, "refused")), FAULT, says, do)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("redis://:hush@box/0", "box:6379"),
        ("rediss://me:hush@box:6380/1", "box:6380"),
        ("unix:///run/redis.sock?password=hush", "/run/redis.sock"),
        ("valkey://[fd00::1]:7000", "[fd00::1]:7000"),
        ("redis://", "localhost:6379"),
    ],
)
def test_a_place_is_named_without_its_password(url: str, place: str) -> None:
    assert server.place(url) == place


def test_what_a_managed_server_leaves_out_is_not_held_against_it() -> None:
    found = server.from_info("box:6379", {"redis_version": "7.2.4", "aof_enabled": 1}, 0.001, 0)
    assert only(server.judge(found)).says.count("no maxmemory") == 1
    assert found.policy == ""


def test_valkey_is_called_by_its_name() -> None:
    info = {"server_name": "valkey", "valkey_version": "8.1.0", "redis_version": "7.2.4", "role": "slave"}
    found = server.from_info("box:6379", info | {"loading": 1, "loading_loaded_perc": "12.50"}, 0.001, 0)
    assert (found.product, found.version, found.is_replica) == ("Valkey", "8.1.0", True)
    assert found.loading == "12.50 % read"


# ---- the private redis ---------------------------------------------------------------------------

NOBODY = Unreached("/data/redis.sock", Trouble.NOBODY, "no such file")
READY = Startable(binary="/usr/bin/valkey-server", log="/data/redis/redis.log")


@pytest.mark.parametrize(
    ("found", "start", "verdict", "says", "do"),
    [
        (NOBODY, READY, WARNING, "it can be started (valkey-server)", "tocsin up"),
        (NOBODY, replace(READY, holder="process 12"), WARNING, "held by process 12", "again"),
        (NOBODY, replace(READY, no_binary="none"), FAULT, "none to start", "redis-server"),
        (
            NOBODY,
            replace(READY, no_place="/data is not yours"),
            FAULT,
            "/data is not yours",
            "TOCSIN_DATA_DIR",
        ),
        (
            replace(NOBODY, trouble=Trouble.SILENT),
            replace(READY, holder="process 12"),
            FAULT,
            "runs and does not answer (process 12 started it)",
            "redis.log",
        ),
        (replace(NOBODY, trouble=Trouble.ODD), READY, FAULT, "an error: no such file", "redis.log"),
    ],
)
def test_a_private_redis_that_does_not_answer_is_told_by_whether_it_could_start(
    found: Unreached, start: Startable, verdict: Verdict, says: str, do: str
) -> None:
    is_told([private.judge(found, start)], verdict, says, do)


# ---- clock ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ahead", "verdict", "says"),
    [
        (None, OK, "no other to compare"),
        (0.3, OK, "as that of Redis"),
        (12.0, WARNING, "12 s behind that of Redis"),
        (-12.0, WARNING, "12 s ahead of that of Redis"),
        (3700.0, FAULT, "3700 s behind"),
    ],
)
def test_a_clock_is_judged_by_that_of_redis(ahead: float | None, verdict: Verdict, says: str) -> None:
    is_told(clock.judge(NOW, ahead), verdict, says, "" if verdict is OK else "NTP")


@pytest.mark.parametrize("year", [1970, 2106])
def test_a_year_that_can_not_be_is_a_fault_even_when_redis_agrees(year: int) -> None:
    is_told(clock.judge(NOW.replace(year=year), 0.0), FAULT, f"{year}-03-01", "NTP")


# ---- feeds ---------------------------------------------------------------------------------------


def test_feeds_that_come_in_are_one_line() -> None:
    is_told(feeds.judge(records(), NOW), OK, "2 feeds; none has failed", "")
    new = records(feeds=[feed(1), feed(2, polled_at=None, succeeded_at=None)])
    is_told(feeds.judge(new, NOW), OK, "1 of them not polled yet", "")


def test_without_feeds_nothing_rings() -> None:
    is_told(
        feeds.judge(records(feeds=[], due=None), NOW), WARNING, "no feeds", "tocsin feeds import --default"
    )


@pytest.mark.parametrize(
    ("different", "says"),
    [
        ({"state": FeedState.GONE}, "given up, being gone or refused: Herald 2"),
        ({"state": FeedState.REFUSED}, "given up"),
        ({"errors_in_a_row": 4}, "failed 3 times in a row or more: Herald 2"),
        ({"errors_in_a_row": 9, "succeeded_at": NOW - 30 * HOUR}, "dark for more than a day: Herald 2"),
        ({"errors_in_a_row": 1, "succeeded_at": None}, "never answered as a feed should: Herald 2"),
    ],
)
def test_a_feed_that_does_not_come_in_is_named(different: Mapping[str, Any], says: str) -> None:
    is_told(feeds.judge(records(feeds=[feed(1), feed(2, **different)]), NOW), WARNING, says, "tocsin feeds")


def test_a_feed_that_failed_once_or_twice_is_no_news() -> None:
    once = records(feeds=[feed(1), feed(2, errors_in_a_row=2)])
    assert only(feeds.judge(once, NOW)).verdict is OK


def test_a_feed_that_nobody_polled_for_a_week_is_not_dark() -> None:
    rested = [feed(n, polled_at=NOW - 200 * HOUR, succeeded_at=NOW - 200 * HOUR) for n in (1, 2)]
    assert only(feeds.judge(records(feeds=rested), NOW)).verdict is OK


def test_when_no_feed_answers_the_fault_is_ours() -> None:
    failing = [feed(n, errors_in_a_row=1) for n in (1, 2, 3)]
    is_told(feeds.judge(records(feeds=failing), NOW), FAULT, "None of 3 feeds answered", "network")


def test_a_feed_of_a_newer_release_is_told() -> None:
    is_told(feeds.judge(records(feeds_unreadable=1), NOW), WARNING, "1 feed record can't be read", "upgrade")


def test_a_poller_that_is_behind_is_told_and_one_that_is_away_is_not() -> None:
    late = records(due=NOW - timedelta(minutes=20))
    is_told(feeds.judge(late, NOW), WARNING, "has waited for 20 min", "tocsin poller")
    away = records(due=NOW - timedelta(minutes=20), beats={})
    assert only(feeds.judge(away, NOW)).verdict is OK


# ---- services, articles, alerts, subscriptions ---------------------------------------------------

CONFIG = Settings(_env_file=None)


def test_a_house_where_all_is_well_has_a_line_for_each_part() -> None:
    found = house.judge(records(), CONFIG, NOW)
    assert [finding.check for finding in found] == ["services", "articles", "alerts", "subscriptions"]
    assert {finding.verdict for finding in found} == {OK}


def test_services_are_counted() -> None:
    beats = {**records().beats, "worker": [NOW, NOW]}
    is_told(house.services(beats), OK, "poller, worker (2), notifier, api", "")


def test_a_house_that_was_not_started_is_no_fault() -> None:
    is_told(house.services({}), WARNING, "None has shown a sign of life", "tocsin up")


@pytest.mark.parametrize(
    ("service", "verdict"), [("poller", FAULT), ("worker", FAULT), ("notifier", FAULT), ("api", WARNING)]
)
def test_a_service_that_is_away_while_others_run_is_named(service: str, verdict: Verdict) -> None:
    beats = {name: beat for name, beat in records().beats.items() if name != service}
    is_told(house.services(beats), verdict, f"No {service}", f"tocsin {service}")


def test_articles_that_wait_though_a_worker_runs_are_a_fault() -> None:
    waits = records(pending=7, pending_since=NOW - timedelta(minutes=10))
    is_told(house.articles(waits, CONFIG, NOW), FAULT, "7 articles wait", "tocsin health worker")
    a_moment = records(pending=7, pending_since=NOW - timedelta(minutes=2))
    is_told(house.articles(a_moment, CONFIG, NOW), OK, "7 articles wait to be considered", "")
    nobody = replace(waits, beats={})
    assert only(house.articles(nobody, CONFIG, NOW)).verdict is OK, "the services tell of it"


def test_a_full_queue_and_dead_letters_are_told() -> None:
    is_told(house.articles(records(queued=6000), CONFIG, NOW), WARNING, "6000 messages", "tocsin worker")
    is_told(
        house.articles(records(dead=1), CONFIG, NOW), WARNING, "1 article was given up", "tocsin dead list"
    )


def test_alerts_that_nobody_takes_up_are_told() -> None:
    untaken = records(unheard=NOW - timedelta(minutes=9))
    is_told(house.alerts(untaken, NOW), FAULT, "untaken for 9 min", "notifier's log")
    away = replace(untaken, unheard=NOW - 5 * HOUR, beats={})
    is_told(
        house.alerts(away, NOW),
        WARNING,
        "Alerts have waited for 5 hours: no notifier takes them.",
        "tocsin notifier",
    )
    is_told(house.alerts(records(alerts_unreadable=2), NOW), WARNING, "2 alerts were set aside", "upgrade")


def test_alerts_that_have_just_rung_are_not_called_taken() -> None:
    is_told(house.alerts(records(), NOW), OK, "None waits", "")
    a_moment = records(unheard=NOW - timedelta(seconds=20))
    for moment in (a_moment, replace(a_moment, beats={})):
        is_told(house.alerts(moment, NOW), OK, "no notifier has taken up rang 20 s ago", "")


def test_endpoints_are_not_said_to_answer_when_nothing_was_sent() -> None:
    paused = told(2, state=SubscriptionState.PAUSED)
    for known, says in (
        ([told()], "1 subscription; none has failed."),
        ([told(), paused], "2 subscriptions, 1 of them paused; none of the others has failed."),
        ([paused], "1 subscription, 1 of them paused."),
    ):
        assert only(house.subscriptions(records(told=known))).says == says


def test_without_subscriptions_there_is_a_hint() -> None:
    is_told(house.subscriptions(records(told=[])), OK, "Nobody is subscribed", "tocsin subscribe slack URL")


@pytest.mark.parametrize(
    ("one", "verdict", "says", "do"),
    [
        (
            told(state=SubscriptionState.DISABLED, state_reason="410 Gone"),
            WARNING,
            "desk 1 is disabled: 410 Gone",
            "tocsin subscriptions resume sub_1",
        ),
        (told(failures=3), WARNING, "1 endpoint failed when last tried: desk 1", "subscriptions test sub_1"),
        (
            told(parked=4, name=""),
            WARNING,
            "4 messages are parked until an endpoint answers: sub_1",
            "Nothing",
        ),
        (told(state=SubscriptionState.PAUSED, failures=3), OK, "1 of them paused", ""),
    ],
)
def test_a_subscriber_that_hears_nothing_is_named(one: Any, verdict: Verdict, says: str, do: str) -> None:
    is_told(house.subscriptions(records(told=[one])), verdict, says, do)


def test_a_subscription_that_can_not_be_read_is_a_fault() -> None:
    strange = records(subscriptions_unreadable=["sub_9"])
    is_told(house.subscriptions(strange), FAULT, "1 subscription can't be read: sub_9", "upgrade")


# ---- the key -------------------------------------------------------------------------------------

OURS, THEIRS = (Vault([Fernet.generate_key().decode()]) for _ in range(2))


def _sealed(vault: Vault) -> Any:
    return told(sealed_url=vault.seal("https://hook.example.org"), sealed_secrets=(vault.seal("whsec_x"),))


def test_a_key_that_opens_everything_is_well() -> None:
    is_told(key.judge(Key("/data/secret.key", vault=OURS), [_sealed(OURS)]), OK, "opens all", "")
    is_told(key.judge(Key("/data/secret.key", vault=OURS), None), OK, "It is in /data/secret.key", "")


def test_a_subscription_sealed_with_another_key_is_named() -> None:
    found = key.judge(Key("/data/secret.key", vault=OURS), [_sealed(THEIRS)])
    is_told(found, FAULT, "sealed with another key than that of /data/secret.key: sub_1", "after a comma")


def test_a_missing_key_is_a_fault_only_when_something_was_sealed() -> None:
    missing = Key("/data/secret.key", there=False)
    is_told(key.judge(missing, [_sealed(OURS)]), FAULT, "1 subscription is missing", "backup")
    is_told(key.judge(missing, []), OK, "the first start makes one", "")


def test_a_key_that_is_none_or_open_to_others_is_told() -> None:
    bad = Key("TOCSIN_SECRET_KEY", unusable="TOCSIN_SECRET_KEY is not a key")
    is_told(key.judge(bad, None), FAULT, "is not a key", "until it can be used")
    public = Key("/data/secret.key", readable_by_others=True, vault=OURS)
    is_told(key.judge(public, None), WARNING, "Others", "chmod 600 /data/secret.key")


# ---- disk ----------------------------------------------------------------------------------------

DATA = Path("/data/tocsin")
PLACE = disk.Place(path=DATA, there=DATA, free=50 << 30)


@pytest.mark.parametrize(
    ("different", "verdict", "says", "do"),
    [
        ({}, OK, "The data directory is /data/tocsin; 50 GB are free.", ""),
        ({"there": Path("/data")}, OK, "The data directory will be /data/tocsin", ""),
        ({"is_directory": False}, FAULT, "is a file", "TOCSIN_DATA_DIR"),
        ({"writable": False}, FAULT, "/data/tocsin can't be written", "TOCSIN_DATA_DIR"),
        ({"there": Path("/data"), "writable": False}, FAULT, "can't be made: /data can't", "TOCSIN_DATA_DIR"),
        ({"is_ours": False}, WARNING, "belongs to another user", "TOCSIN_DATA_DIR"),
        ({"mode": 0o755}, WARNING, "(mode 755)", "chmod 700 /data/tocsin"),
        ({"free": 50 << 20}, FAULT, "Only 50 MB are free", "Make room"),
        ({"free": 500 << 20}, WARNING, "500 MB are free", "Make room soon"),
        ({"free": 9 << 30, "kept": 5 << 30}, WARNING, "which holds 5.0 GB", "Make room soon"),
        ({"free": 4 << 30, "kept": 5 << 30}, FAULT, "which holds 5.0 GB", "Make room"),
    ],
)
def test_a_data_directory_is_judged(
    different: Mapping[str, Any], verdict: Verdict, says: str, do: str
) -> None:
    is_told(disk.judge(replace(PLACE, **different)), verdict, says, do)


def test_a_directory_that_is_yet_to_be_made_is_not_judged_by_its_parent() -> None:
    assert only(disk.judge(replace(PLACE, there=Path("/data"), mode=0o755, is_ours=False))).verdict is OK


# ---- ports ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("holder", "port", "verdict", "says", "do"),
    [
        (Holder.NOBODY, 8600, OK, "localhost:8600 is free", ""),
        (Holder.NOBODY, 0, OK, "any free port", ""),
        (Holder.TOCSIN, 8600, OK, "An api of ours", ""),
        (Holder.ANOTHER, 8600, FAULT, "Another program listens on localhost:8600", "TOCSIN_API_PORT=8601"),
        (Holder.ANOTHER, 65_535, FAULT, "Another program", "TOCSIN_API_PORT=8600"),
        (Holder.FORBIDDEN, 80, FAULT, "may not listen", "TOCSIN_API_PORT=81"),
        (Holder.NO_ADDRESS, 8600, FAULT, "no address of this machine", "TOCSIN_API_HOST=127.0.0.1"),
    ],
)
def test_the_port_of_the_api_is_judged_by_who_has_it(
    holder: Holder, port: int, verdict: Verdict, says: str, do: str
) -> None:
    is_told(ports.judge(holder, "localhost", port), verdict, says, do)


# ---- versions ------------------------------------------------------------------------------------

INSTALLED = versions.Installed(
    tocsin="0.1.0",
    python="3.12.4",
    pythons=">=3.11,<3.14",
    asked=["redis<9,>=5.2", 'winonly>=1; sys_platform == "win32"', 'ruff>=0.9; extra == "dev"'],
    found={"redis": "8.1.0"},
)


@pytest.mark.parametrize(
    ("different", "verdict", "says", "do"),
    [
        ({}, OK, "Tocsin 0.1.0 on Python 3.12.4", ""),
        ({"python": "3.10.9"}, FAULT, "needs Python >=3.11,<3.14, this is 3.10.9", "one of those"),
        ({"python": "3.14.0"}, FAULT, "this is 3.14.0", "one of those"),
        ({"found": {}}, FAULT, "1 package is not installed: redis", "Install"),
        ({"found": {"redis": "9.0"}}, WARNING, "redis 9.0 (asks for <9,>=5.2)", "Install"),
        ({"tocsin": ""}, WARNING, "not installed", "Install"),
    ],
)
def test_versions_are_held_against_what_tocsin_asks_for(
    different: Mapping[str, Any], verdict: Verdict, says: str, do: str
) -> None:
    is_told(versions.judge(replace(INSTALLED, **different)), verdict, says, do)


# ---- settings ------------------------------------------------------------------------------------


def test_a_misspelt_variable_is_told_with_the_one_that_was_meant() -> None:
    found = settings.unknown(["TOCSIN_API_PROT", "TOCSIN_API_PORT", "PATH", "tocsin_log_level"])
    is_told(found, WARNING, "TOCSIN_API_PROT is set and means nothing", "TOCSIN_API_PORT?")
    is_told(settings.unknown(["TOCSIN_BANANA"]), WARNING, "TOCSIN_BANANA", "Remove it")


@pytest.mark.parametrize(
    ("given", "says", "do"),
    [
        ({"allow_networks": "10.0.0.0/8,0.0.0.0/0"}, "names every address", "Name only"),
        ({"allow_networks": "::/0"}, "names every address", "Name only"),
        ({"feed_ports": "443,99999"}, "TOCSIN_FEED_PORTS names 99999", "65535"),
        ({"hook_ports": "8443"}, "TOCSIN_HOOK_PORTS leaves out 443", "TOCSIN_HOOK_PORTS=443,8443"),
    ],
)
def test_a_value_that_can_hardly_be_meant_is_told(given: Mapping[str, Any], says: str, do: str) -> None:
    is_told(settings.judge(Settings(_env_file=None, **given)), WARNING, says, do)


def test_the_defaults_are_meant() -> None:
    assert settings.judge(CONFIG) == []


def test_a_secret_in_an_env_file_that_others_may_read_is_told() -> None:
    secrets = ({"TOCSIN_SECRET_KEY": "x"}, {"TOCSIN_REDIS_URL": "redis://:hush@box/0"})
    for in_file in secrets:
        is_told(settings.privacy(in_file, 0o100644), WARNING, ".env holds a secret", "chmod 600")
        assert settings.privacy(in_file, 0o100600) == []
    assert settings.privacy({"TOCSIN_REDIS_URL": "redis://box/0", "TOCSIN_SECRET_KEY": None}, 0o100644) == []


def test_a_dead_man_url_that_could_never_be_dialled_is_a_fault_and_is_not_shown() -> None:
    secret = "https://10.0.0.1/1b8c9f52-secret"
    (finding,) = settings.judge(Settings(_env_file=None, deadman_url=secret))
    assert finding.verdict == Verdict.FAULT
    assert "TOCSIN_DEADMAN_URL" in finding.says
    assert "1b8c9f52" not in finding.says + finding.do
    assert settings.judge(Settings(_env_file=None, deadman_url="https://hc-ping.com/1b8c9f52")) == []
