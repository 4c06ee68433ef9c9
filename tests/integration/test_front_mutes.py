"""``tocsin mute``, ``mutes`` and ``unmute`` on a real Redis."""

import json
from collections.abc import Callable

import pytest

from shared.settings import Settings
from tests.support.front import Done, tocsin

WHY = ("--why", "a drill [/x]", "--by", "ana")


@pytest.fixture
def run(settings: Settings) -> Callable[..., Done]:
    return lambda *words: tocsin(*words, TOCSIN_REDIS_URL=settings.redis_url or "", COLUMNS="200")


def test_what_is_muted_is_listed_audited_and_lifted(run: Callable[..., Done]) -> None:
    done = run("mute", "country", "sdn", "--for", "6h", *WHY)
    assert done.returncode == 0, done.stderr
    assert "country SDN muted for everybody until" in done.stdout
    assert run("mute", "incident", "inc_1", "--for", "2d", *WHY).returncode == 0

    listed = [json.loads(line) for line in run("mutes", "--json").stdout.splitlines()]
    assert [(each["what"], each["value"]) for each in listed] == [("country", "SDN"), ("incident", "inc_1")]
    assert "a drill [/x]" in run("mutes").stdout
    assert run("unmute", listed[0]["id"]).stdout.startswith("lifted")
    assert run("unmute", listed[0]["id"]).returncode == 1
    assert "SDN" not in run("mutes").stdout

    audit = [json.loads(line) for line in run("incident", "audit", "--json").stdout.splitlines()]
    assert [(each["deed"], each["incidents"]) for each in audit] == [
        ("unmute", []),
        ("mute", ["inc_1"]),
        ("mute", []),
    ]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("planet", "Mars", "--for", "6h"), 2, "one of incident, actor, country"),
        (("country", "Sudan", "--for", "6h"), 2, "three letters"),
        (("country", "SDN", "--for", "ever"), 2, "such as 6h"),
        (("country", "SDN", "--for", "6h", "--subscription", "sub_none"), 1, "`tocsin subscriptions` lists"),
    ],
)
def test_what_can_not_be_muted_is_told(
    run: Callable[..., Done], words: tuple[str, ...], code: int, said: str
) -> None:
    done = run("mute", *words, *WHY)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr


def test_a_reason_is_asked_for(run: Callable[..., Done]) -> None:
    assert run("mute", "country", "SDN", "--for", "6h").returncode == 2


def test_nothing_muted_says_how(run: Callable[..., Done]) -> None:
    assert "tocsin mute --help" in run("mutes").stdout
