"""What is muted, kept in a real Redis: set, set anew, lifted, ended."""

from datetime import timedelta
from typing import Any

import pytest

from shared import mutes
from shared.contracts import Muted
from shared.errors import BadInput
from shared.mutes import Mutes, new_mute
from shared.names import Names
from shared.spans import parse_span, write_span
from shared.store import connect_async
from tests.support.notifier import NOON

HOUR = timedelta(hours=1)


def muted(what: str = "actor", value: str = "Coast Front", **rest: Any) -> Any:
    return new_mute(what, value, **({"until": NOON + HOUR, "now": NOON} | rest))


@pytest.fixture
def register(redis_client: Any) -> Mutes:
    return Mutes(redis_client, Names())


def test_a_mute_runs_until_its_end(register: Mutes) -> None:
    made = register.add(muted(why="told on another desk"))
    assert register.all(NOON) == [made]
    assert register.all(NOON + HOUR) == []


def test_what_has_ended_is_tidied_and_what_was_set_anew_is_not(register: Mutes, redis_client: Any) -> None:
    register.add(muted())
    register.add(muted("country", "irq", until=NOON + 3 * HOUR))
    register.all(NOON + 2 * HOUR)
    assert redis_client.hlen(Names().mutes) == 1
    assert [each.value for each in register.all(NOON + 2 * HOUR)] == ["IRQ"]


def test_muting_the_same_again_sets_a_new_end(register: Mutes) -> None:
    register.add(muted())
    later = register.add(muted(value="coast front", until=NOON + 2 * HOUR))
    ones_own = register.add(muted(subscription_id="sub_a"))
    assert register.all(NOON) == [ones_own, later]


def test_one_is_lifted_by_the_beginning_of_its_id(register: Mutes) -> None:
    made = register.add(muted())
    with pytest.raises(BadInput, match="no mute is called 'mute_x'"):
        register.lift("mute_x", NOON)
    register.add(muted("country", "IRQ"))
    with pytest.raises(BadInput, match="2 mutes begin with"):
        register.lift("mute_", NOON)
    assert register.lift(made.id[5:13], NOON) == made
    assert [each.what for each in register.all(NOON)] == [Muted.COUNTRY]


async def test_the_notifier_reads_those_that_run(register: Mutes, redis_url: str, redis_client: Any) -> None:
    made = register.add(muted())
    redis_client.hset(Names().mutes, "mute_newer", made.to_json().replace('"1.0"', '"9.0"'))
    redis_client.hset(Names().mutes, "mute_broken", "{}")
    async with connect_async(redis_url) as client:
        assert await mutes.fetch_all(client, Names(), NOON) == [made]
        assert await mutes.fetch_all(client, Names(), NOON + HOUR) == []


@pytest.mark.parametrize(
    ("what", "value", "rest", "said"),
    [
        ("town", "Tyre", {}, "one of incident, actor, country"),
        ("country", "Iraq", {}, "three letters, such as IRQ"),
        ("actor", "  ", {}, "name the actor"),
        ("actor", "a\nb", {}, "on one line"),
        ("actor", "a", {"why": "x" * 201}, "at most 200"),
        ("incident", "inc_1", {"until": NOON}, "later than now"),
    ],
)
def test_what_can_not_be_muted_is_said(what: str, value: str, rest: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        muted(what, value, **rest)


def test_spans_are_read_and_written() -> None:
    for text in ("90s", "30m", "6h", "2d", "1w"):
        assert write_span(parse_span(text)) == text
    for text in ("", "6", "0h", "h", "-1h", "1y", "9999w", "999999999w", "१h"):
        with pytest.raises(BadInput):
            parse_span(text)
