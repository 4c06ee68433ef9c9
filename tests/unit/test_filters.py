"""The filter language: what matches, why not, and what a mistake is told."""

import pytest

from shared.contracts import (
    Actor,
    AlertKind,
    Casualties,
    Certainty,
    Count,
    Direction,
    EventType,
    Place,
    Severity,
    Tier,
)
from shared.errors import BadFilter
from shared.filters import FIELDS, MAX_LENGTH, parse
from tests.support.notifier import alert, event, trend


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("severity>=Severe", True),
        ("severity>Severe", False),
        ("severity<=severe", True),
        ("severity=Severe", True),
        ("severity!=Severe", False),
        ('severity=~"Severe|Extreme"', True),
        ("score>=62", True),
        ("score>62", False),
        ("score<62.5", True),
        ("type=assault", True),
        ("type!=ASSAULT", False),
        ("mode=drone", True),
        ('mode!~"dro.*"', False),
        ('country=~"QQB|SYR"', True),
        ("country=~QQB|SYR", True),
        ('country=~"QQ"', False),
        ("country=QQA", False),
        ("actor_country=QQA", True),
        ("recipient_country=QQA", False),
        ('actor="coast front"', True),
        ("actor=rebels", True),
        ('actor!="Coast Front"', False),
        ('recipient=~"north.*"', True),
        ("actor_sector=REB", True),
        ('place="Port Ander"', True),
        ("kind=opened", True),
        ('kind=~"open.*"', True),
        ("certainty>=possible", True),
        ("certainty>=observed", False),
        ("hostility>=4", True),
        ("outlets=1", True),
        ("outlet=harbour.example", True),
        ("killed>=5", True),
        ("killed>5", False),
        ("killed=4", False),
        ("killed<=3", True),
        ("injured>=0", False),
        ("injured!=7", True),
        ("backed_by=QQC", False),
        ('reason=~"first.*"', True),
        ('severity>=Moderate,country="QQB",killed>=2', True),
        ('severity>=Moderate,country="QQC",killed>=2', False),
        ("", True),
        ("  ", True),
    ],
)
def test_a_filter_matches_or_not(text: str, matched: bool) -> None:
    assert parse(text).matches(alert()).matched is matched


def test_a_no_names_the_matcher_and_what_was_found() -> None:
    verdict = parse('severity>=Minor,country=~"IRQ|SYR"').matches(alert())
    assert verdict.reason == 'country is QQB, the filter wants country=~"IRQ|SYR"'
    assert parse("injured>=1").matches(alert()).reason == "injured is unknown, the filter wants injured>=1"
    assert parse("score>70").matches(alert()).reason == "score is 62, the filter wants score>70"


def test_a_yes_says_what_matched() -> None:
    assert parse("severity>=Minor").matches(alert()).reason == "matches severity>=Minor"
    assert parse("").matches(alert()).reason == "the filter takes every incident"


def test_several_values_match_when_any_does_and_a_not_when_none_does() -> None:
    two = event(actors=(Actor(text="a", name="Alpha"), Actor(text="b", name="Beta")))
    assert parse("actor=Beta").matches(alert(event=two)).matched
    assert not parse("actor!=Beta").matches(alert(event=two)).matched
    assert parse("actor!=Gamma").matches(alert(event=two)).matched


def test_an_outlet_goes_by_its_domain_and_by_its_name() -> None:
    told = alert()
    named = told.model_copy(
        update={"sources": (told.sources[0].model_copy(update={"name": "Harbour Post"}),)}
    )
    assert parse('outlet="harbour post"').matches(named).matched
    assert parse("outlet=harbour.example").matches(named).matched
    assert not parse('outlet!="Harbour Post"').matches(named).matched
    assert not parse('outlet="Harbour Post"').matches(told).matched
    assert not parse('outlet=""').matches(told).matched


@pytest.mark.parametrize("text", ["", "severity>=Minor", "kind!=updated", 'reason=~".*"'])
def test_system_and_trend_alerts_need_to_be_asked_for(text: str) -> None:
    degraded = alert(AlertKind.DEGRADED, incident=None)
    assert not parse(text).matches(degraded).matched
    assert not parse(text).matches(trend()).matched


def test_system_and_trend_alerts_come_when_asked_for() -> None:
    degraded = alert(AlertKind.DEGRADED, incident=None)
    assert parse("kind=system.degraded").matches(degraded).matched
    assert parse('kind=~"system.*"').matches(degraded).matched
    assert not parse("kind=trend.escalated").matches(degraded).matched
    assert parse("kind=trend.escalated").matches(trend()).matched


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('subject="coast front|QQB"', True),
        ("subject=Northland", True),
        ("subject=Southland", False),
        ("country=QQB,hostility>=4,severity>=Severe", True),
        ("country=QQA", False),
    ],
)
def test_a_trend_is_chosen_by_its_subject_and_by_what_tipped_it(text: str, wanted: bool) -> None:
    assert parse(f"kind=trend.escalated,{text}").matches(trend()).matched is wanted


def test_deescalation_needs_to_be_asked_for() -> None:
    truce = alert(event=event(direction=Direction.DEESCALATORY, event_type=EventType.RETREAT))
    assert not parse("").matches(truce).matched
    assert not parse("type!=ASSAULT").matches(truce).matched
    assert parse("type=RETREAT").matches(truce).matched
    assert parse("direction=deescalatory").matches(truce).matched


def test_every_field_can_be_asked_of_every_alert() -> None:
    full = event(
        certainty=Certainty.OBSERVED,
        weapon="rocket",
        casualties=Casualties(
            **dict.fromkeys(("killed", "injured", "missing", "abducted", "arrested"), Count(low=1, high=1))
        ),
        recipients=(Actor(text="x", name="x", country="QQB", backed_by=("QQC",)),),
    )
    for each in (
        alert(event=full),
        alert(incident=None),
        alert(kind="newer", severity=None, event=None),
    ):
        for name, entry in FIELDS.items():
            op = "=~" if entry.scale != "number" else ">="
            verdict = parse(f"{name}{op}0").matches(each)
            assert verdict.reason
    for name in FIELDS:
        told = alert(event=full, severity=Severity(score=1, tier=Tier.MINOR), trend=trend().trend)
        assert list(FIELDS[name].values(told))


@pytest.mark.parametrize(
    ("text", "at", "fault"),
    [
        ("sevrity>=Severe", 1, "did you mean severity?"),
        ("severity>=Sever", 11, "did you mean Severe?"),
        ("severity>=Minor,kuntry=IRQ", 17, "did you mean country?"),
        ("country=Iraq", 9, "write a code such as IRQ"),
        ("kind=opend", 6, "did you mean opened?"),
        ("type=STRIKE", 6, "type is never 'STRIKE'"),
        ("killed>=many", 9, "write one such as 10"),
        ("killed>=nan", 9, "is a number"),
        ("killed=~3", 7, "is a number: use"),
        ("actor>=3", 6, "has no order"),
        ("actor~front", 6, "asked with =~"),
        ('place="Port', 7, "never closed"),
        ('place=~"(a"', 8, "RE2"),
        ('place=~"(?=a)"', 8, "RE2"),
        ("severity>=Minor country=IRQ", 17, "comma"),
        ("severity>=Minor,", 16, "must follow the comma"),
        (",", 1, "expected a field"),
        ("severity Severe", 10, "expected an operator"),
        ("severity>=", 11, "expected a value"),
        ("xyzzyxyzzy=1", 1, "one of kind, reason"),
        ('country=IRQ"SYR"', 12, "comma"),
    ],
)
def test_a_mistake_is_told_where_it_is_and_what_could_stand_there(text: str, at: int, fault: str) -> None:
    with pytest.raises(BadFilter) as caught:
        parse(text)
    message = str(caught.value)
    assert f"at character {at}," in message or f"at the end, after character {at - 1}:" in message
    assert fault in message


def test_a_very_long_filter_is_refused() -> None:
    with pytest.raises(BadFilter, match="shorten"):
        parse("x" * (MAX_LENGTH + 1))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r'place="a\"b"', 'a"b'),
        (r'place="a\\b"', "a\\b"),
        (r'place=~"\d+"', r"\d+"),
        ('place=""', ""),
        ('place="a, b"', "a, b"),
    ],
)
def test_quotes_and_escapes(text: str, value: str) -> None:
    (matcher,) = parse(text).matchers
    assert matcher.value == value
    assert parse(str(parse(text))) == parse(text)


def test_a_cruel_pattern_costs_nothing() -> None:
    cruel = parse('place=~"^(a+)+$"')
    assert not cruel.matches(alert(event=event(place=Place(name="a" * 40 + "!")))).matched
