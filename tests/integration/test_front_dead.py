"""``tocsin dead`` on a real Redis: what is shown can't speak to the terminal, and what is chosen goes."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from shared.contracts import DeadLetter
from shared.names import ARTICLES_QUEUE
from shared.settings import Settings
from tests.support.classifier import MORNING
from tests.support.front import Done, tocsin

KEY = "art_0123456789abcdef0123:1"
NASTY = "died [/x] of [red]\x1b[2J\x9b31m\u202eit"


@pytest.fixture
def dead(settings: Settings, redis_client: Any) -> Callable[..., Done]:
    for number, key in enumerate((KEY, "art_2:1")):
        letter = DeadLetter(
            key=key, reason=NASTY, error=NASTY, at=MORNING, attempts=number, title="[bold]Strike[/nope]"
        )
        redis_client.hset(settings.names.dead, key, letter.to_json())
        redis_client.set(settings.names.article(key), "{}")

    def run(*words: str, **environment: str) -> Done:
        return tocsin("dead", *words, TOCSIN_REDIS_URL=settings.redis_url or "", **environment)

    return run


def test_the_list_prints_what_is_there_and_no_markup(dead: Callable[..., Done]) -> None:
    shown = dead("list", COLUMNS="200").stdout
    assert "died [/x] of [red] [2J 31mit" in shown
    assert "[bold]Strike[/nope]" in shown
    assert not {"\x1b", "\x9b", "\u202e"} & set(shown)


@pytest.mark.parametrize("columns", ["80", "60"])
def test_a_key_is_shown_whole_to_be_copied(dead: Callable[..., Done], columns: str) -> None:
    assert KEY in dead("list", COLUMNS=columns).stdout


def test_one_letter_is_shown_as_json_that_can_not_speak_to_the_terminal(dead: Callable[..., Done]) -> None:
    shown = dead("show", KEY).stdout
    assert json.loads(shown)["title"] == "[bold]Strike[/nope]"
    assert "unreadable" in json.loads(shown)["article"]
    assert not {"\x1b", "\x9b", "\u202e"} & set(shown)


def test_the_chosen_ones_are_dropped(
    dead: Callable[..., Done], settings: Settings, redis_client: Any
) -> None:
    assert dead("drop", KEY).stdout == "1 dropped.\n"
    assert redis_client.hkeys(settings.names.dead) == ["art_2:1"]
    assert redis_client.get(settings.names.article(KEY)) is None
    assert dead("drop", "--all").stdout == "1 dropped.\n"
    assert "every article that came in was considered" in dead("list").stdout


def test_the_chosen_ones_are_sent_again_each_in_a_message_of_its_own(
    dead: Callable[..., Done], settings: Settings, redis_client: Any
) -> None:
    assert dead("replay", "--all").stdout.startswith("2 sent again")
    assert redis_client.hlen(settings.names.dead) == 0
    assert redis_client.zcard(settings.names.pending) == 2
    assert redis_client.llen(f"{settings.key_prefix}:celery:{ARTICLES_QUEUE}") == 2


@pytest.mark.parametrize("word", ["replay", "drop"])
def test_nothing_is_chosen_by_mistake(dead: Callable[..., Done], word: str) -> None:
    for words in ((), (KEY, "--all")):
        done = dead(word, *words)
        assert done.returncode == 2
        assert "name the keys" in done.stderr
        assert "say --all" in done.stderr


def test_what_is_not_there_is_named_and_the_rest_is_done(
    dead: Callable[..., Done], settings: Settings, redis_client: Any
) -> None:
    replayed = dead("replay", "art_none:1", KEY)
    assert (replayed.returncode, replayed.stdout.split(" ")[0]) == (1, "1")
    assert replayed.stderr.startswith("not sent: no dead letter 'art_none:1'")
    assert redis_client.zscore(settings.names.pending, KEY) is not None
    dropped = dead("drop", "art_none:1", "art_2:1")
    assert (dropped.returncode, dropped.stdout) == (1, "1 dropped.\n")
    assert dropped.stderr.startswith("not dropped: no dead letter 'art_none:1'")
    assert redis_client.hlen(settings.names.dead) == 0
    assert "tocsin dead list" in dead("show", KEY).stderr


def test_every_list_and_every_letter_comes_as_json_on_one_line_each(dead: Callable[..., Done]) -> None:
    listed = [json.loads(line) for line in dead("list", "--json").stdout.splitlines()]
    assert {each["key"] for each in listed} == {KEY, "art_2:1"}
    (shown,) = dead("show", KEY, "--json").stdout.splitlines()
    assert json.loads(shown)["key"] == KEY
