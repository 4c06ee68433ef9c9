"""What holds for all filters: read back as written, told with a reason; nothing else is raised."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared import filters
from shared.contracts import Actor, AlertKind, Direction, Place, Precision, Severity, Tier
from shared.errors import BadFilter
from shared.filters.fields import FIELDS, Scale
from shared.filters.tree import opposite
from tests.support.notifier import alert, event, trend

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.one_of(st.integers(-(10**9), 10**9), st.floats(-1000, 1000).map(lambda each: round(each, 3)))
degrees = st.floats(-90, 90).map(lambda each: round(each, 4))
radii = st.floats(0.5, 20_000).map(lambda each: round(each, 2))
circles = st.fixed_dictionaries(
    {
        "lat": degrees,
        "lon": degrees,
        "km": st.one_of(
            radii, st.dictionaries(st.sampled_from([str(each) for each in Tier]), radii, min_size=1)
        ),
    }
)


@st.composite
def conditions(draw: st.DrawFn) -> dict[str, Any]:
    field = FIELDS[draw(st.sampled_from(sorted(FIELDS)))]
    op = draw(st.sampled_from(field.operators))
    if field.country:
        value: st.SearchStrategy[Any] = st.sampled_from(["IRQ", "QQA", "QQB", "syr"])
    elif field.scale is Scale.NUMBER:
        value = numbers
    else:
        value = st.sampled_from(field.words) if field.words else words
    if op in ("in", "not_in"):
        value = st.lists(value, min_size=1, max_size=4)
    elif op in ("=~", "!~"):
        value = st.sampled_from([".*", "IRQ|SYR", r"\d+", 'a "b"', "", r"(system|trend)\..*"])
    elif op in ("contains", "prefix"):
        value = words.filter(bool)
    elif op == "exists":
        value = st.booleans()
    elif op == "within_km":
        value = circles
    return {"field": field.name, "op": op, "value": draw(value)}


trees = st.recursive(
    conditions(),
    lambda parts: st.one_of(
        st.builds(lambda each: {"all": each}, st.lists(parts, min_size=1, max_size=3)),
        st.builds(lambda each: {"any": each}, st.lists(parts, min_size=1, max_size=3)),
        st.builds(lambda each: {"not": each}, parts),
    ),
    max_leaves=6,
)
names = st.sampled_from(["Alpha", "Beta", "", "IRQ", "a b"])
places = st.builds(
    Place,
    name=names,
    country=st.sampled_from([None, "IRQ", "QQA"]),
    lat=st.one_of(st.none(), degrees),
    lon=st.one_of(st.none(), degrees),
    precision=st.sampled_from(list(Precision)),
)
alerts = st.one_of(
    st.just(trend()),
    st.builds(
        alert,
        st.sampled_from([*AlertKind, "newer", "newer.kind"]),
        event=st.one_of(
            st.none(),
            st.builds(
                event,
                actors=st.lists(st.builds(Actor, text=names, name=names), max_size=3).map(tuple),
                place=st.one_of(st.none(), places),
                direction=st.sampled_from(list(Direction)),
            ),
        ),
        severity=st.one_of(
            st.none(), st.builds(Severity, score=st.just(5), tier=st.sampled_from(list(Tier)))
        ),
        language=st.sampled_from(["", "en"]),
    ),
)


def read(tree: Any) -> filters.Filter | None:
    """The filter, unless it is one of the few that are too deep or too long."""
    try:
        return filters.parse(json.dumps(tree))
    except BadFilter as exc:
        if "levels" in str(exc) or "characters" in str(exc):
            return None
        raise


@settings(max_examples=400, deadline=None)
@given(trees, alerts)
def test_a_typed_filter_is_read_back_as_it_is_written_and_answers_alike(tree: Any, each: Any) -> None:
    found = read(tree)
    if found is not None:
        again = filters.parse(str(found))
        assert again == found
        assert str(again) == str(found)
        assert again.matches(each) == found.matches(each)


@settings(max_examples=400, deadline=None)
@given(trees, alerts)
def test_the_tree_holds_as_its_words_say(tree: Any, each: Any) -> None:
    found = read(tree)
    if found is not None:
        assert found.root.test(each) is _holds(tree, each)
        assert opposite(found.root).test(each) is not found.root.test(each)
        assert opposite(opposite(found.root)) == found.root


def _holds(tree: Any, each: Any) -> bool:
    """What the words mean, said as simply as can be; only what a condition means is asked of the filter."""
    if "all" in tree:
        return all(_holds(part, each) for part in tree["all"])
    if "any" in tree:
        return any(_holds(part, each) for part in tree["any"])
    if "not" in tree:
        return not _holds(tree["not"], each)
    return filters.parse(json.dumps(tree)).root.test(each)


@settings(max_examples=400, deadline=None)
@given(trees, alerts)
def test_nobody_gets_unasked_what_must_be_asked_for(tree: Any, each: Any) -> None:
    """Where no condition names a kind, or a direction or type, no tree of them brings what needs it."""
    found = read(tree)
    if found is None:
        return
    verdict = found.matches(each)
    assert verdict.reason
    asked = {matcher.name for matcher in found.matchers}
    if "." in each.kind and "kind" not in asked:
        assert not verdict.matched
    if each.event and each.event.direction == Direction.DEESCALATORY and not asked & {"direction", "type"}:
        assert not verdict.matched
    if verdict.matched:
        assert found.root.test(each)


junk = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=8),
        st.sampled_from(sorted(FIELDS)),
    ),
    lambda parts: st.one_of(
        st.lists(parts, max_size=4),
        st.dictionaries(
            st.sampled_from(["all", "any", "not", "field", "op", "value", "lat", "lon", "km", "Severe", "x"]),
            parts,
            max_size=4,
        ),
        st.builds(
            lambda field, op, value: {"field": field, "op": op, "value": value},
            st.sampled_from(sorted(FIELDS)),
            st.sampled_from(["=", "in", "exists", "within_km", "contains", ">=", "=~"]),
            parts,
        ),
    ),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(st.one_of(junk.map(json.dumps), st.text(max_size=60).map(lambda each: "{" + each)))
def test_no_json_raises_anything_but_bad_filter(text: str) -> None:
    try:
        found = filters.parse(text)
    except BadFilter:
        return
    assert filters.parse(str(found)) == found
