"""What a person types after ``tocsin incident correct``: how it is read, and what stands over the reports."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.classifier.coding import lexicon
from services.classifier.incidents.fusing import pins
from services.classifier.incidents.hand import corrections
from services.classifier.incidents.hand.handwork import Hand
from services.classifier.incidents.telling import differences
from shared.contracts import Correction, Event
from shared.errors import BadCorrection
from tests.support.classifier import KHARKIV, MORNING, UKRAINE, strike

HAND = Hand("ana", MORNING, "so it was")
LEXICON = lexicon.load()


def corrected(*typed: str, event: Event | None = None) -> Event:
    event = event or strike(killed=30, claimed_by="Nobody")
    read, _ = corrections.read(typed, event, HAND, LEXICON)
    return pins.stand_over(event, read)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("killed=3", ("killed: 30 to 3",)),
        ("killed=9-14", ("killed: 30 to 9-14",)),
        ("killed=none", ("killed: 30 to 0",)),
        ("injured=0", ("injured: not stated to 0",)),
        ("place=Odesa", ("place: Kharkiv (UKR) to Odesa (UKR)",)),
        ("place=Tripoli (LBN)", ("place: Kharkiv (UKR) to Tripoli (LBN)",)),
        ("place=Upper Nowhere (SDN)", ("place: Kharkiv (UKR) to Upper Nowhere (SDN)",)),
        ("place=Mali", ("place: Kharkiv (UKR) to Mali (MLI)",)),
        ("country=mli", ("place: Kharkiv (UKR) to Mali (MLI)",)),
        ("country=UKR", ()),
        ("day=2024-03-04", ("day: 2024-03-05 to 2024-03-04",)),
        ("actor=Hezbollah; Iran", ("by: Russia (RUS) to Hezbollah (LBN), Iran (IRN)",)),
        ("actor=SDF (SYR)", ("by: Russia (RUS) to Syrian Democratic Forces (SYR)",)),
        ("actor=Coast Front", ("by: Russia (RUS) to Coast Front",)),
        ("recipient=IDF", ("whom: Ukraine (UKR) to Israel (ISR)",)),
        ("mode=drone", ("type: ASSAULT, missile to ASSAULT, drone",)),
        ("type=coerce", ("type: ASSAULT, missile to COERCE",)),
        ("weapon=Shahed drones", ("weapon: not stated to Shahed drones",)),
        ("claimed_by=Coast Front", ("claimed by: Nobody to Coast Front",)),
        ("denied_by=Iran; Iraq", ("denied by: not stated to Iran, Iraq",)),
        ("certainty=possible", ("certainty: likely to possible",)),
    ],
)
def test_a_field_is_set_and_what_is_another_is_told(typed: str, told: tuple[str, ...]) -> None:
    before = strike(killed=30, claimed_by="Nobody")
    assert differences.between(before, corrected(typed)) == told


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("killed", "write FIELD=VALUE"),
        ("dead=3", "the fields are killed, injured, missing"),
        ("killed=14-9", "write killed=12, killed=9-14 or killed=none"),
        ("killed=-1", "write killed=12"),
        ("killed=99999999", "write killed=12"),
        ("place=Upper Nowhere", "name its country too, as in 'Upper Nowhere (SDN)'"),
        ("place=Tripoli (XXX)", "write its three letters"),
        ("country=Mali", "write its three letters"),
        ("actor=;", "names nobody"),
        ("actor=SDF", "may be Syrian Democratic Forces or Japan: write 'SDF (SYR)' or 'SDF (JPN)'"),
        ("type=WAR", "write one of ASSAULT"),
        ("mode=sanction", "write one of abduct, airstrike"),
        ("day=5 March", "write it as 2026-03-02"),
        ("certainty=sure", "write one of observed, likely, possible, unlikely"),
        (f"weapon={'x' * 301}", "at most 300 signs"),
    ],
)
def test_what_can_not_be_read_says_what_can_be_written(typed: str, told: str) -> None:
    with pytest.raises(BadCorrection) as refused:
        corrected(typed)
    assert told in str(refused.value)


def test_namesakes_are_asked_about_unless_the_incident_lies_beside_one() -> None:
    with pytest.raises(BadCorrection, match=r"'Hyderabad \(IND\)' or 'Hyderabad \(PAK\)'"):
        corrected("place=Hyderabad", event=strike(place=UKRAINE))
    in_karachi = strike(place=KHARKIV.model_copy(update={"name": "Karachi", "country": "PAK"}))
    for told in (
        corrected("place=Hyderabad", event=in_karachi),
        corrected("place=Hyderabad", "country=PAK"),
        corrected("place=Hyderabad (pak)"),
    ):
        assert told.place is not None
        assert (told.place.country, told.place.precision) == ("PAK", "city")


def test_a_mode_is_read_by_the_type_that_is_set_with_it() -> None:
    told = corrected("mode=blockade", "type=COERCE")

    assert (told.event_type, told.mode, told.cameo, told.hostility) == ("COERCE", "blockade", "191", 4)


def test_a_field_named_twice_is_refused() -> None:
    with pytest.raises(BadCorrection, match="named twice"):
        corrected("killed=3", "killed=4")


def test_an_empty_value_gives_the_field_back() -> None:
    read, freed = corrections.read(["killed=", "day=2024-03-04"], strike(), HAND, LEXICON)

    assert ([each.field for each in read], freed) == (["day"], ("killed",))


def test_a_finer_place_in_a_corrected_country_is_the_reports() -> None:
    (country,), _ = corrections.read(["country=UKR"], strike(place=UKRAINE), HAND, LEXICON)

    assert pins.stand_over(strike(place=KHARKIV), [country]).place == KHARKIV


def set_to(field: str, value: Any, minutes: int = 0) -> Correction:
    at = MORNING + timedelta(minutes=minutes)
    return Correction(field=field, value=value, said=f"{field}={value}", by="ana", at=at)


def test_of_two_words_on_one_field_the_newer_stands() -> None:
    old, new = set_to("day", "2024-03-01"), set_to("day", "2024-03-02", 5)
    stands = pins.set_anew([new, set_to("weapon", "rockets")], [old])

    assert [each.said for each in stands] == ["weapon=rockets", "day=2024-03-02"]
    assert pins.stand_over(strike(), stands).occurred_on == date(2024, 3, 2)


def test_a_field_that_only_a_newer_release_knows_is_kept_and_changes_nothing() -> None:
    strange = set_to("mood", "grim")

    assert pins.stand_over(strike(), [strange]) == strike()
    assert pins.set_anew([strange], [set_to("weapon", "rockets", 1)])[0] == strange
