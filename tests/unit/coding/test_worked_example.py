"""CODEBOOK §5, each field, from three reports in our own words of the same facts (26 December 2023, Tuesday)."""

# ruff: noqa: E501 (reports are quoted as they would be printed)

from datetime import date

import pytest

from shared.contracts import Coding, Count
from tests.unit.coding.reading import code

WIRE = """BAGHDAD (Wire) - American forces carried out strikes on three sites in Iraq on Monday used by Kataeb Hezbollah and \
affiliated groups, hours after an attack wounded three US personnel, the US defence secretary said.
US Defence Secretary Lloyd Austin said the precision strikes were a response to a series of attacks on American personnel by \
militias sponsored by Iran, including an attack by Kataeb Hezbollah on Arbil air base earlier in the day.
That attack injured three US service members, one of them critically, a spokeswoman for the White House said.
It was carried out with a one-way attack drone, she said.
The drone attack was claimed by the Islamic Resistance in Iraq, a loose alliance of armed factions.
US military officials have counted 103 attacks on US troops in Iraq and Syria since October 17, most of them claimed by that alliance.
The war in Gaza began when Hamas attacked southern Israel on October 7, killing about 1,140 people.
Israel's campaign in Gaza has since killed at least 20,670 people, the health ministry there says.
Some 2,500 American soldiers are stationed in Iraq and about 900 in Syria.
Washington is also leading a naval coalition of 20 countries in the Red Sea after a series of Houthi attacks on merchant ships."""

HEADLINE = "US strikes Kataeb Hezbollah sites in Iraq after drone attack wounds three Americans"
SUMMARY = (
    "The US military struck three sites used by Kataeb Hezbollah and affiliated groups in Iraq on Monday in response to a "
    "drone attack that wounded three US personnel at Erbil air base earlier the same day, the Pentagon said. "
    "The Islamic Resistance in Iraq claimed responsibility for the drone attack."
)
BODY = (
    "US officials blame Kataeb Hezbollah for the attack, which used a one-way attack drone and left one American critically wounded.\n"
    "There have been 103 attacks on US troops in Iraq and Syria since October 17, according to US military officials.\n"
    "The latest war in Gaza broke out after the October 7 attack by Hamas that killed about 1,140 people; at least 20,670 "
    "people have been killed in Gaza since."
)

RELEASE = """Statement on US military action in Iraq
WASHINGTON, December 26, 2023 - "On Monday, US military forces conducted necessary strikes on three facilities in Iraq used by \
Kataeb Hezbollah and affiliated groups," Secretary of Defense Lloyd Austin announced.
"These precision strikes are in response to a series of attacks against US personnel by Iranian-sponsored militias, including an \
attack by Kataeb Hezbollah and affiliated groups on Erbil Air Base earlier today," he said.
The attack on Erbil air base wounded three US military personnel. It was conducted with a one-way attack drone.
The Islamic Resistance in Iraq has claimed responsibility for the attack.
US military officials count 103 attacks against US forces in Iraq and Syria since October 17."""

FORMS = {
    "wire copy": ("", "", WIRE),
    "headline, summary, body": (HEADLINE, SUMMARY, BODY),
    "press release": ("", "", RELEASE),
}


@pytest.fixture(params=FORMS, ids=list(FORMS))
def coding(request: pytest.FixtureRequest) -> Coding:
    title, summary, body = FORMS[request.param]
    return code(title, summary, body, on="2023-12-26")


def test_the_main_event_is_the_american_strike(coding: Coding) -> None:
    event = coding.main
    assert event is not None
    assert (event.event_type, event.mode, event.status, event.direction) == (
        "ASSAULT",
        "airstrike",
        "actual",
        "escalatory",
    )
    assert [(a.name, a.country, a.sector) for a in event.actors] == [("United States", "USA", "MIL")]
    first = event.recipients[0]
    assert (first.name, first.country, first.sector, first.backed_by) == (
        "Kataeb Hezbollah",
        "IRQ",
        "REB",
        ("IRN",),
    )
    assert all((r.country, r.sector) == ("IRQ", "REB") for r in event.recipients)
    assert event.place is not None
    assert (event.place.name, event.place.country, event.place.precision) == ("Iraq", "IRQ", "country")
    assert (event.occurred_on, event.date_precision, event.date_inferred) == (date(2023, 12, 25), 1, False)
    assert not any((event.casualties.killed, event.casualties.injured, event.casualties.missing))
    assert event.hostility == 4
    assert event.cameo == "195"


def test_the_strike_has_an_unspecified_weapon_and_an_owner(coding: Coding) -> None:
    event = coding.main
    assert event is not None
    assert event.weapon_class == "unspecified"
    assert event.weapon is not None
    assert event.weapon.casefold().endswith(("strikes", "struck"))
    assert (event.claim.by, event.claim.status) == ("United States", "claimed")


def test_the_strike_answers_the_drone_attack(coding: Coding) -> None:
    event = coding.main
    assert event is not None
    assert event.responds_to is not None
    answered = coding.events[event.responds_to.event or -1]
    assert (answered.event_type, answered.mode) == ("ASSAULT", "drone")


def test_the_second_event_is_the_drone_attack(coding: Coding) -> None:
    (event,) = [event for event in coding.events if not event.main]
    assert (event.event_type, event.mode, event.status) == ("ASSAULT", "drone", "actual")
    assert [a.name for a in event.actors] == ["Islamic Resistance in Iraq", "Kataeb Hezbollah"]
    assert all((a.country, a.sector, a.backed_by) == ("IRQ", "REB", ("IRN",)) for a in event.actors)
    assert [(r.country, r.sector) for r in event.recipients] == [("USA", "MIL")]
    assert event.place is not None
    assert event.place.name in ("Erbil air base", "Erbil")
    assert event.place.country == "IRQ"
    assert (round(event.place.lat or 0, 1), round(event.place.lon or 0, 1)) == (36.2, 44.0)
    assert (event.occurred_on, event.date_precision) == (date(2023, 12, 25), 1)
    assert (event.weapon, event.weapon_class) == ("one-way attack drone", "drone")
    assert event.casualties.injured == Count(low=3, high=3)
    assert event.casualties.killed is None
    assert event.claim.by == "Islamic Resistance in Iraq"
    assert (event.claim.attributed_by, event.claim.status) == ("United States", "claimed")
    assert event.hostility == 4


def test_the_103_attacks_are_the_one_tally(coding: Coding) -> None:
    (tally,) = coding.tallies
    assert (tally.count, tally.since) == (103, date(2023, 10, 17))
    assert tally.of.startswith("attacks")
    assert "Iraq and Syria" in tally.of
    assert tally.according_to == "US military officials"


def test_no_number_of_the_background_is_counted(coding: Coding) -> None:
    dumped = coding.model_dump(mode="json", exclude={"reason"})
    numbers = {value for value in _numbers(dumped) if value >= 20}
    assert numbers.isdisjoint({1140, 20670, 2500, 900, 20})


def test_headline_and_summary_alone_tell_what_they_tell() -> None:
    coding = code(
        "US strikes Iran-backed militias in Iraq",
        "The US hit three sites in Iraq used by Iran-backed militias.",
    )
    event = coding.main
    assert event is not None
    assert (event.mode, event.occurred_on, event.date_precision) == ("airstrike", None, None)
    assert event.casualties.killed is None
    assert [a.name for a in event.actors] == ["United States"]
    assert [(r.sector, r.backed_by) for r in event.recipients] == [("REB", ("IRN",))]


def _numbers(value: object) -> list[float]:
    if isinstance(value, dict):
        return [n for key, v in value.items() if key not in ("start", "end", "points") for n in _numbers(v)]
    if isinstance(value, list):
        return [n for v in value for n in _numbers(v)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []
