"""What a shell may complete a word to: ids, keys, names and folders from Redis, when it answers at once.

Someone waits with a finger on the Tab key: nothing is started, nothing is printed, nothing is waited for
longer than ``PATIENCE``; where there is no answer there is no suggestion.
"""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared.names import Names

PATIENCE = 0.3
"""Seconds that Redis has to answer."""
MOST = 200
"""Suggestions; a shell asks before it shows as many, and nobody reads more."""
MOST_OF_ONE = 50
"""Deliveries of one queue that are looked at: they may be large."""

_PLAIN = re.compile(r"[\w@%+:,./-]+")
"""Words that mean the same to every shell: bash puts them on the line as they are, without quotes."""
Suggestion = tuple[str, str]
"""A word, and what it stands for, which zsh and fish show beside it."""


def subscriptions(incomplete: str) -> list[Suggestion]:
    """Ids of subscriptions, with their names."""
    return _records(
        lambda names: names.subscriptions,
        lambda id_, record: (id_, f"{record.get('name', '')} {record.get('url_hint', '')}"),
        incomplete,
    )


def feeds(incomplete: str) -> list[Suggestion]:
    """Ids of feeds with their addresses, or addresses once one is begun."""
    by_url = incomplete.startswith("h")
    return _records(
        lambda names: names.feeds,
        lambda id_, record: (record["url"], record.get("title", "")) if by_url else (id_, record["url"]),
        incomplete,
    )


def folders(incomplete: str) -> list[Suggestion]:
    """Folders that hold a feed, unless a shell would take their names apart."""
    return _records(lambda names: names.feeds, lambda _, record: (record["folder"], ""), incomplete)


def dead_letters(incomplete: str) -> list[Suggestion]:
    """Keys of dead letters, with the titles of their articles."""
    return _records(lambda names: names.dead, lambda key, record: (key, record.get("title", "")), incomplete)


def incidents(incomplete: str) -> list[Suggestion]:
    """Ids of the incidents that changed last, with their headlines."""

    def newest(client: Any, names: "Names") -> Mapping[str, str]:
        from shared import packing

        ids = client.zrevrange(names.incidents, 0, MOST - 1)
        keys = [names.incident(each) for each in ids]
        raws = client.execute_command("MGET", *keys, NEVER_DECODE=True) if keys else []
        found = {id_: raw for id_, raw in zip(ids, raws, strict=True) if raw is not None}
        return {id_: packing.json_of(raw).decode() for id_, raw in found.items()}

    return _found(newest, lambda id_, record: (id_, record.get("headline", "")), incomplete)


def deliveries(incomplete: str) -> list[Suggestion]:
    """Ids of each subscription's newest deliveries, with what they tell and where they stand."""

    def newest(client: Any, names: "Names") -> Mapping[str, str]:
        ids: list[str] = []
        for each in client.hkeys(names.subscriptions):
            for queue in (names.retries(each), names.parked(each), names.settled(each)):
                ids += client.zrevrange(queue, 0, MOST_OF_ONE - 1)
        raws = client.mget([names.delivery(id_) for id_ in ids]) if ids else []
        return {id_: raw for id_, raw in zip(ids, raws, strict=True) if raw is not None}

    return _found(newest, lambda id_, record: (id_, f"{record['alert_id']} {record['state']}"), incomplete)


def mutes(incomplete: str) -> list[Suggestion]:
    """Ids of mutes, with what they mute."""
    return _records(
        lambda names: names.mutes,
        lambda id_, record: (id_, f"{record['what']} {record['value']}"),
        incomplete,
    )


def api_keys(incomplete: str) -> list[Suggestion]:
    """Names of api keys, with what they allow."""
    return _records(
        lambda names: names.api_keys, lambda name, record: (name, record.get("scope", "")), incomplete
    )


def filter_fields(incomplete: str) -> list[Suggestion]:
    """Fields that a filter may begin with.

    No whole condition: `severity>=Severe` without quotes would write to a file called `=Severe`.
    """
    from shared.filters import FIELDS

    return [
        (field.name, ", ".join(field.words) or str(field.scale))
        for field in FIELDS.values()
        if field.name.startswith(incomplete)
    ]


def _records(
    where: Callable[["Names"], str],
    read: Callable[[str, dict[str, Any]], Suggestion],
    incomplete: str,
) -> list[Suggestion]:
    """What ``read`` makes of each record in a hash that Redis shows us in time."""

    def stored(client: Any, names: "Names") -> Mapping[str, str]:
        found: Mapping[str, str] = client.hgetall(where(names))
        return found

    return _found(stored, read, incomplete)


def _found(
    fetch: Callable[[Any, "Names"], Mapping[str, str]],
    read: Callable[[str, dict[str, Any]], Suggestion],
    incomplete: str,
) -> list[Suggestion]:
    """The same for records that ``fetch`` gets, by their ids."""
    # Loaded before the clock runs: it is Redis that has to hurry.
    from shared import embedded, settings, store

    answer: list[list[Suggestion]] = []

    def look() -> None:
        with suppress(Exception):  # whatever is wrong, a Tab key is no place to tell it
            config = settings.load()
            if config.redis_url or embedded.answers(config):
                with store.connect(config.redis_url or embedded.url(config)) as client:
                    stored = fetch(client, config.names)
                answer.append(list(_suggested(stored, read, incomplete)))

    # A name server or a Redis that hangs is left behind: the process ends without its thread.
    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    looking.join(PATIENCE)
    return sorted(set(answer[0]))[:MOST] if answer else []


def _suggested(
    stored: Mapping[str, str], read: Callable[[str, dict[str, Any]], Suggestion], incomplete: str
) -> Iterator[Suggestion]:
    from shared.printable import one_line

    for id_, raw in stored.items():
        # A record that can't be read hides no other.
        with suppress(ValueError, TypeError, AttributeError, KeyError):
            word, meaning = read(id_, json.loads(raw))
            if word.startswith(incomplete) and _PLAIN.fullmatch(word):
                yield word, one_line(meaning)[:60]
