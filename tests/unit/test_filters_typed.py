"""The typed filter: what its trees match, why not, what must be asked for, and what a mistake is told."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from shared.contracts import Actor, Alert, AlertKind, Direction, EventType, Place, Precision, Severity, Tier
from shared.errors import BadFilter
from shared.filters import parse
from shared.filters.nearby import reach
from tests.support.notifier import alert, event, trend

SEVERE = {"field": "severity", "op": ">=", "value": "Severe"}
EXTREME = {"field": "severity", "op": "=", "value": "Extreme"}
HERE = {"field": "country", "op": "=", "value": "QQB"}
AWAY = {"field": "country", "op": "=", "value": "QQA"}
TRENDS = {"field": "kind", "op": "=", "value": "trend.escalated"}
EASING = {"field": "direction", "op": "=", "value": "deescalatory"}


def matches(typed: Any, told: Alert | None = None) -> bool:
    return parse(json.dumps(typed)).matches(told or alert()).matched


def why(typed: Any, told: Alert | None = None) -> str:
    return parse(json.dumps(typed)).matches(told or alert()).reason


def condition(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


# ---- what matches -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "matched"),
    [
        (SEVERE, True),
        ({"all": [SEVERE, HERE]}, True),
        ({"all": [SEVERE, AWAY]}, False),
        ({"any": [EXTREME, HERE]}, True),
        ({"any": [EXTREME, AWAY]}, False),
        ({"not": AWAY}, True),
        ({"not": SEVERE}, False),
        ({"not": {"any": [EXTREME, AWAY]}}, True),
        ({"not": {"all": [SEVERE, AWAY]}}, True),
        ({"not": {"not": HERE}}, True),
        ({"all": [SEVERE, {"any": [AWAY, {"not": EXTREME}]}]}, True),
        (condition("country", "in", ["QQA", "qqb"]), True),
        (condition("country", "not_in", ["QQA", "QQB"]), False),
        (condition("severity", "in", ["Severe", "Extreme"]), True),
        (condition("killed", "in", [4, 5]), True),
        (condition("killed", ">=", 5), True),
        (condition("killed", ">=", "5"), True),
        (condition("score", "<", 62.5), True),
        (condition("actor", "contains", "FRONT"), True),
        (condition("actor", "prefix", "coast"), True),
        (condition("actor", "prefix", "front"), False),
        (condition("place", "=~", "port .*"), True),
        (condition("place", "!~", "port .*"), False),
        (condition("injured", "exists", True), False),
        (condition("injured", "exists", False), True),
        ({"field": "killed", "op": "exists"}, True),
        ({"not": condition("killed", "exists", True)}, False),
        (condition("voices", ">=", 1), True),
        (condition("voices", ">=", 2), False),
        (condition("language", "=", "en"), False),
    ],
)
def test_a_typed_filter_matches_or_not(typed: Any, matched: bool) -> None:
    assert matches(typed) is matched


def test_a_not_holds_exactly_where_its_part_does_not_also_of_several_values_and_of_none() -> None:
    two = event(actors=(Actor(text="a", name="Alpha"), Actor(text="b", name="Beta")), weapon=None)
    for each in (
        condition("actor", "=", "Beta"),
        condition("actor", "!=", "Beta"),
        condition("actor", "contains", "et"),
        condition("weapon", "=", "rocket"),
        condition("weapon", "in", ["rocket"]),
        condition("injured", "<", 3),
        condition("killed", "<", 3),
    ):
        assert matches({"not": each}, alert(event=two)) is not matches(each, alert(event=two)), each


def test_the_language_and_where_an_incident_went_can_be_asked() -> None:
    gone = alert(AlertKind.RETRACTED, merged_into="inc_2", language="en")
    assert matches(condition("language", "in", ["en", "fr"]), gone)
    assert matches(condition("merged_into", "exists", True), gone)
    assert not matches(condition("split_from", "exists", True), gone)
    assert parse("merged_into=inc_2,language=EN").matches(gone).matched


# ---- near a point -------------------------------------------------------------------------------

ERBIL = Place(name="Erbil", country="IRQ", lat=36.19, lon=44.01, precision=Precision.CITY)
IRAQ = Place(name="Iraq", country="IRQ", lat=33.0, lon=44.0, precision=Precision.COUNTRY)


def at(place: Place | None, tier: Tier | None = Tier.SEVERE) -> Alert:
    return alert(event=event(place=place), severity=Severity(score=50, tier=tier) if tier else None)


def around(km: Any, lat: float = 36.2, lon: float = 44.0) -> dict[str, Any]:
    return condition("place", "within_km", {"lat": lat, "lon": lon, "km": km})


def test_a_place_is_near_by_its_distance() -> None:
    assert matches(around(100), at(ERBIL))
    assert matches(around(100, lat=35.5), at(ERBIL))
    assert not matches(around(100, lat=35.0), at(ERBIL))
    assert matches({"not": around(100, lat=35.0)}, at(ERBIL))
    assert not matches(around(20_000), at(Place(name="somewhere")))
    assert not matches(around(20_000), at(None))
    far = why(around(100, lat=35.0), at(ERBIL))
    assert far == "place is Erbil, 132 km away, the filter wants place within 100 km of 35/44"


def test_near_holds_over_the_date_line() -> None:
    island = Place(name="Isle", lat=-17.0, lon=-179.9, precision=Precision.CITY)
    assert matches(around(50, lat=-17.0, lon=179.9), at(island))


@pytest.mark.parametrize(
    ("tier", "near"),
    [(Tier.MINOR, False), (Tier.MODERATE, False), (Tier.SEVERE, True), (Tier.EXTREME, True), (None, False)],
)
def test_the_radius_may_depend_on_severity_and_a_tier_without_one_takes_the_next_lower(
    tier: Tier | None, near: bool
) -> None:
    """132 km away: too far for a moderate one, near enough from severe upwards; a minor one has no radius."""
    assert matches(around({"Severe": 200, "Moderate": 25}, lat=35.0), at(ERBIL, tier)) is near


def test_no_radius_for_a_tier_is_said() -> None:
    said = why(around({"Severe": 200}), at(ERBIL, Tier.MINOR))
    assert "Erbil, for whose severity there is no radius" in said
    assert "within 200 (Severe) km of 36.2/44" in said


def test_a_country_is_near_only_in_a_circle_that_is_not_smaller_than_it() -> None:
    wide = reach("IRQ")
    assert 300 < wide < 600
    assert not matches(around(wide - 1, lat=33.1), at(IRAQ))
    assert matches(around(wide, lat=33.1), at(IRAQ))
    assert matches(around(20, lat=33.1), at(IRAQ.model_copy(update={"precision": Precision.CITY})))
    assert not matches(around(20_000), at(IRAQ.model_copy(update={"country": "QQB"})))
    assert "Iraq, known only as a country, its centre 11 km away" in why(around(100, lat=33.1), at(IRAQ))


def test_the_shorthand_says_a_circle_too() -> None:
    short = parse("place~36.2/44.0/100km")
    assert short == parse(json.dumps(around(100)))
    assert str(short) == "place~36.2/44/100km"
    assert short.matches(at(ERBIL)).reason == "matches place within 100 km of 36.2/44"


# ---- what nobody gets unless he asks ------------------------------------------------------------

DEGRADED = alert(AlertKind.DEGRADED, incident=None)
TRUCE = alert(event=event(direction=Direction.DEESCALATORY, event_type=EventType.RETREAT))


@pytest.mark.parametrize(
    "typed",
    [
        {"any": [SEVERE, HERE]},
        {"any": [condition("kind", "=", "opened"), SEVERE]},
        {"not": condition("kind", "=", "updated")},
        {"not": {"all": [condition("kind", "=", "updated"), SEVERE]}},
        {"any": [condition("kind", "not_in", ["updated"]), AWAY]},
        condition("kind", "exists", True),
        {"not": condition("kind", "prefix", "system.")},
        {"all": [SEVERE, {"any": [{"all": [TRENDS, AWAY]}, HERE]}]},
    ],
)
def test_no_way_round_brings_a_system_or_trend_alert_to_who_does_not_ask(typed: Any) -> None:
    assert not matches(typed, DEGRADED)
    assert not matches(typed, trend())


@pytest.mark.parametrize(
    "typed",
    [
        TRENDS,
        condition("kind", "in", ["opened", "trend.escalated"]),
        condition("kind", "prefix", "trend."),
        condition("kind", "contains", "escalated"),
        {"any": [AWAY, TRENDS]},
        {"any": [SEVERE, TRENDS]},
        {"all": [SEVERE, {"any": [condition("kind", "=", "opened"), TRENDS]}]},
        {"not": condition("kind", "!=", "trend.escalated")},
        {"not": {"any": [AWAY, condition("kind", "not_in", ["trend.escalated"])]}},
    ],
)
def test_a_trend_comes_to_who_asks_for_it_somewhere_that_holds(typed: Any) -> None:
    assert matches(typed, trend())
    assert not matches(typed, DEGRADED)


def test_de_escalation_comes_only_through_a_part_that_asks_for_it() -> None:
    assert not matches({"any": [HERE, AWAY]}, TRUCE)
    assert not matches({"not": condition("type", "=", "ASSAULT")}, TRUCE)
    assert not matches(condition("direction", "exists", True), TRUCE)
    assert not matches({"any": [HERE, condition("type", "=", "ASSAULT")]}, TRUCE)
    assert matches({"any": [HERE, EASING]}, TRUCE)
    assert matches({"not": condition("direction", "=", "escalatory")}, TRUCE)
    assert matches(condition("type", "in", ["RETREAT", "AGREE"]), TRUCE)


def test_what_holds_without_asking_is_told_so() -> None:
    said = why({"any": [condition("kind", "=", "opened"), SEVERE]}, trend())
    assert said == (
        "trend.escalated is sent only to a filter that names its kind; it would match severity>=Severe only"
    )
    assert why({"any": [SEVERE, TRENDS]}, trend()) == "matches kind=trend.escalated"


def test_a_kind_is_named_for_an_alert_only_where_it_holds() -> None:
    either = parse(json.dumps({"any": [condition("kind", "=", "retracted"), SEVERE]}))
    assert either.names_kind(alert(AlertKind.RETRACTED))
    assert not either.names_kind(alert(AlertKind.OPENED))


# ---- reasons ------------------------------------------------------------------------------------


def test_a_no_names_the_condition_that_decides() -> None:
    assert why({"all": [SEVERE, {"not": HERE}]}) == "country is QQB, the filter wants country!=QQB"
    assert (
        why({"not": condition("actor", "contains", "front")})
        == "actor is Coast Front and rebels, the filter wants not actor contains front"
    )
    assert why(condition("injured", "exists", True)) == "injured is unknown, the filter wants injured exists"


def test_a_no_to_an_any_names_the_nearest() -> None:
    far = {"all": [AWAY, EXTREME]}
    near = {"all": [SEVERE, condition("killed", ">", 9)]}
    assert (
        why({"any": [far, near]})
        == "none of 2 ways holds; the nearest: killed is 3 and 5, the filter wants killed>9"
    )


def test_a_yes_names_the_way_by_which_it_fits() -> None:
    assert why({"all": [SEVERE, {"any": [AWAY, HERE]}]}) == "matches severity>=Severe,country=QQB"
    assert why(condition("country", "in", ["QQA", "QQB"])) == "matches country in (QQA, QQB)"
    assert why({"not": condition("killed", ">", 9)}) == "matches not killed>9"


# ---- both ways of writing -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("short", "typed"),
    [
        ("severity>=Severe,country=QQB", {"all": [SEVERE, HERE]}),
        ("severity>=Severe,country=QQB", {"all": [SEVERE, {"all": [HERE]}]}),
        ("severity>=Severe", {"any": [SEVERE]}),
        ("country!=QQB", {"not": HERE}),
        ("killed>=5", condition("killed", ">=", 5)),
        ('actor="Coast Front"', condition("Actor", "==", "Coast Front")),
    ],
)
def test_both_come_to_the_same_and_the_shorter_is_written(short: str, typed: Any) -> None:
    assert parse(short) == parse(json.dumps(typed))
    assert str(parse(json.dumps(typed))) == short


def test_what_the_shorthand_cannot_say_is_written_as_json() -> None:
    written = str(parse(json.dumps({"any": [SEVERE, {"not": condition("killed", ">", 2.5)}]})))
    assert json.loads(written) == {"any": [SEVERE, {"not": condition("killed", ">", 2.5)}]}


PAGE = (Path(__file__).resolve().parents[2] / "docs" / "filters.md").read_text(encoding="utf-8")


def test_every_filter_in_the_page_is_one() -> None:
    block = r"```json\n(.*?)```\n"
    typed, rest = re.findall(block, PAGE, flags=re.S), re.sub(block, "", PAGE, flags=re.S)
    short = re.findall(r"`+\n?(\w+(?:[!=]=|=|!~|>=|~)[^`]*)`", rest)
    assert len(typed) >= 2
    assert len(short) >= 4
    for text in (*typed, *short):
        assert parse(text).matchers


def test_the_countries_in_the_page_reach_as_far_as_it_says() -> None:
    assert "Lebanon 90 km, Iraq 450, Russia 4,090" in " ".join(PAGE.split())
    assert [reach(code) for code in ("LBN", "IRQ", "RUS")] == [90, 450, 4090]


# ---- mistakes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ({"all": [HERE, condition("score", "=>", 3)]}, "$.all[1].op: no operator '=>': did you mean >=?"),
        ({"all": [HERE, condition("sevrity", "=", "x")]}, "$.all[1].field: no field 'sevrity': did you mean"),
        (condition("country", "with_in", ["IRQ"]), "$.op: no operator 'with_in': did you mean within_km?"),
        (condition("country", "within_km", 3), "$.op: country is no place on the map"),
        (condition("place", "within", 3), "did you mean within_km?"),
        (condition("actor", ">=", "x"), "$.op: actor has no order: use one of =, !=, =~"),
        (condition("killed", "=~", "1"), "$.op: killed is a number"),
        (condition("severity", "prefix", "S"), "$.op: severity is one of a few words"),
        (condition("severity", ">=", "Sever"), "$.value: severity is never 'Sever': did you mean Severe?"),
        (condition("severity", ">=", 3), "severity is compared with text in quotes, not with the number 3"),
        (condition("severity", ">=", None), "not with null"),
        (condition("killed", ">", [3]), "$.value: killed is compared with a number, not with a list"),
        (condition("killed", ">", 1e22), "$.value: killed is a number, '1e+22' is not"),
        (condition("country", "in", ["IRQ", "Syria"]), "$.value[1]: country is never 'Syria': write a code"),
        (condition("country", "in", "IRQ"), "$.value: in takes a list"),
        (condition("country", "in", []), "$.value: the list is empty"),
        (condition("country", "exists", "yes"), "$.value: exists takes true or false, not 'yes'"),
        (condition("place", "=~", "(a"), "$.value: not a regular expression that RE2 reads"),
        (condition("place", "contains", ""), "$.value: contains needs a character"),
        (condition("place", "=", "\ud800"), "$.value: half a character"),
        (around(0), "$.value.km: a radius is more than 0"),
        (around(40_000), "$.value.km: a radius"),
        (around({}), "$.value.km: name one tier"),
        (around({"Severe": 3, "Sever": 4}), "$.value.km.Sever: no such tier: did you mean Severe?"),
        (around({"Severe": 3, "severe": 4}), "$.value.km.severe: stands here twice"),
        (around({"Severe": -3}), "$.value.km.Severe: a radius"),
        (around("100"), "$.value.km: expected a number, found '100'"),
        (around(100, lat=91), "$.value.lat: lat lies between -90 and 90"),
        (condition("place", "within_km", {"lat": 1, "lng": 2}), "$.value.lng: no such word: did you mean l"),
        (condition("place", "within_km", {"lat": 1, "km": 3}), "$.value: lon must stand here once"),
        (condition("place", "within_km", "x"), '$.value: write {"lat": 36.2'),
        ({"all": SEVERE}, "$.all: expected a list of conditions, found an object"),
        ({"any": []}, "$.any: the list is empty"),
        ({"all": [SEVERE, "severity"]}, "$.all[1]: expected an object, found 'severity'"),
        ({"not": [SEVERE]}, "$.not: expected an object, found a list"),
        ({"alll": [SEVERE]}, "$.alll: no such word: did you mean all?"),
        ({"all": [SEVERE], "any": [HERE]}, "$: all and any stand beside each other"),
        ({"field": "severity", "op": "="}, "$: a value is missing"),
        ({"field": "severity", "value": "x"}, '$: op is missing: add one, such as "="'),
        ({}, '$: field is missing: add one, such as "severity"'),
        ({"field": 3, "op": "=", "value": "x"}, "$.field: expected a word in quotes, found the number 3"),
        ('{"all": [}', "at character 10, '}': not JSON"),
        ('{"all": [', "at the end, after character 9: not JSON"),
        ('{"field": "a", "field": "b"}', "$.field: stands here twice"),
        ('{"field": "killed", "op": "=", "value": NaN}', "$.value: killed is a number, 'NaN' is not"),
        ('{"not": ' * 9 + json.dumps(HERE) + "}" * 9, "more than 8 levels"),
        # How deep a JSON parser goes before it gives up is its own business: 3.13 goes on to the end.
        ('{"all": ' + "[" * 3000, "bad filter at"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_where_it_is_and_what_could_stand_there(text: Any, fault: str) -> None:
    with pytest.raises(BadFilter) as caught:
        parse(text if isinstance(text, str) else json.dumps(text))
    assert str(caught.value).startswith("bad filter at ")
    assert fault in str(caught.value)


@pytest.mark.parametrize(
    "text", ["place~36.2/44", "place~36.2/44/100", "place~north/44/100km", "place~99/44/1km"]
)
def test_a_circle_that_is_none_is_refused_in_the_shorthand_too(text: str) -> None:
    with pytest.raises(BadFilter, match=r"at character 7, "):
        parse(text)


def test_a_json_filter_that_grows_too_long_when_it_is_written_out_is_refused() -> None:
    parts = [{"field": "killed", "op": ">=", "value": 1}] * 95
    with pytest.raises(BadFilter, match="written out"):
        parse(json.dumps({"not": {"any": parts}}, separators=(",", ":")))


def test_a_shorthand_that_an_older_release_took_is_taken_still_however_long_it_is_written_out() -> None:
    assert parse('place=~"' + r"\d" * 1900 + '"').matchers
