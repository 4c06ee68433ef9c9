"""Stories of who and where in other registers: shouted headlines, unlisted names, words that point back."""

import pytest

from services.classifier.coding.text.sentences import read
from tests.unit.coding.reading import article, coder, main


def sides(title: str = "", summary: str = "", body: str = "") -> set[tuple[str, str | None]]:
    """Every side that the reader sees, by name and country."""
    readings = coder().case(article(title, summary, body)).readings
    return {(m.actor.name, m.actor.country) for reading in readings for m in reading.mentions}


def lands(title: str = "", summary: str = "", body: str = "") -> set[tuple[str, str | None]]:
    """Every place that the reader sees, by name and country."""
    readings = coder().case(article(title, summary, body)).readings
    return {(item.place.name, item.place.country) for reading in readings for item in reading.located}


def printed(title: str) -> str:
    (sentence,) = read(article(title))[0]
    return " ".join(word.text for word in sentence.words)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        (
            "TURKISH JETS POUND PKK CAMP IN NORTHERN IRAQ",
            "Turkish jets pound PKK camp in northern Iraq",
        ),
        (
            "Turkish Jets Pound PKK Camp in Northern Iraq",
            "Turkish jets pound PKK camp in northern Iraq",
        ),
        ("CAR BOMB KILLS TWO IN CHAD AS US TROOPS LEAVE", "car bomb kills two in Chad as US troops leave"),
        ("Turkish jets pound a camp of the PKK", "Turkish jets pound a camp of the PKK"),
        ("RED SEA", "RED SEA"),
    ],
)
def test_a_headline_in_capitals_is_read_as_a_sentence(title: str, said: str) -> None:
    assert printed(title) == said


def test_a_shouted_flash_is_coded_as_a_sentence_is() -> None:
    shouted = main("TURKEY'S JETS BOMB PKK CAMP IN IRAQ, KILLING FIVE FIGHTERS")
    said = main("Turkey's jets bomb PKK camp in Iraq, killing five fighters")
    assert shouted.event_type == said.event_type
    assert [a.country for a in shouted.actors] == [a.country for a in said.actors] == ["TUR"]
    assert shouted.place is not None
    assert shouted.place.country == "IRQ"


def test_an_initial_is_a_part_of_its_name() -> None:
    assert ("North Korea", "PRK") in sides("N.Korea fires two missiles into the sea")
    assert ("South Korea", "KOR") in sides("S. Korea scrambles jets")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Police arrested Jane Abara, deputy chair of the main opposition party, on Monday.", "Jane Abara"),
        ("Jane Abara was detained at the airport.", "Jane Abara"),
        ("The decree takes the Voltan Beacon off the news-stands.", "Voltan Beacon"),
        ("They rounded up members of the National Reform Platform.", "National Reform Platform"),
        ("The Nachtwald brigade shot them.", "Nachtwald brigade"),
        ("A militia that calls itself the Northern Lantern has boasted of it.", "Northern Lantern"),
    ],
)
def test_a_name_that_no_list_has_is_a_side(text: str, name: str) -> None:
    assert name in {side for side, _ in sides("", text)}


@pytest.mark.parametrize(
    "text",
    [
        "On Monday the talks went on.",
        "The Aframax Aegean Lark, seized by commandos, lay at anchor.",
        "The West Bank was quiet.",
    ],
)
def test_not_every_run_of_capitals_is_one(text: str) -> None:
    assert {name for name, _ in sides("", text)} <= {"soldiers"}


def test_a_numbered_unit_is_an_army_s_own() -> None:
    assert "soldiers" in {name for name, _ in sides("", "The 41st Mechanised Brigade lost two posts.")}


@pytest.mark.parametrize(
    ("summary", "body", "meant"),
    [
        ("Hamas fired rockets on Sunday.", "The militants hit two towns.", "Hamas"),
        ("Israeli forces entered Jenin.", "The army said it killed two men.", "Israel"),
        (
            "The Voltan Relief Front (VRF) took a post.",
            "A convoy of VRF was seen later.",
            "Voltan Relief Front",
        ),
    ],
)
def test_what_was_named_before_is_known_again(summary: str, body: str, meant: str) -> None:
    readings = coder().case(article("", summary, body)).readings
    assert meant in {m.actor.name for reading in readings[1:] for m in reading.mentions}


def test_the_militants_stay_nameless_where_two_groups_were_named() -> None:
    names = sides("", "Hamas fired rockets and Hezbollah fired shells.", "The militants hit two towns.")
    assert "militants" in {name for name, _ in names}


def test_a_capital_is_a_government_where_it_is_warned_and_a_town_where_one_travels() -> None:
    assert ("Morocco", "MAR") in sides("Front proclaims total war on Rabat")
    assert ("Nicaragua", "NIC") in sides("Washington cuts all aid to Managua")
    assert ("Nicaragua", "NIC") not in sides("Envoy flies back to Managua")
    assert ("Ukraine", "UKR") not in sides("Overnight strikes on Kyiv wound three")


def test_counts_and_guesses_are_no_part_of_a_name() -> None:
    assert ("rebels", None) in sides("", "Soldiers killed two suspected rebels in the hills.")


def test_the_branch_of_a_network_is_named_as_itself() -> None:
    event = main("", "Islamic State's Sinai branch shot dead four workers in Egypt on Monday.")
    assert [actor.name for actor in event.actors] == ["Islamic State – Sinai Province"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("A drone hit Iran's Qaleh Morvarid dam.", ("Qaleh Morvarid", "IRN")),
        ("Gunmen held up cars at Bantakoro checkpoint in Mali.", ("Bantakoro", "MLI")),
        ("They fought for the Jarablus market.", ("Jarablus", "SYR")),
        ("A submarine fired from beneath the White Sea.", ("White Sea", "RUS")),
        ("Bombers struck in Banki, northeast Nigeria.", ("Banki", "NGA")),
    ],
)
def test_a_place_is_known_by_its_owner_its_kind_and_its_address(
    text: str, place: tuple[str, str | None]
) -> None:
    assert place in lands("", text)


@pytest.mark.parametrize(
    ("text", "village", "town"),
    [
        ("Men stormed the village of Kourakoutou, near Titao in Burkina Faso.", "Kourakoutou", "Titao"),
        ("They fought at Barangay Hilamonanga, Kabankalan.", "Barangay Hilamonanga", "Kabankalan"),
        ("Rockets fell near Titao, in the village of Kourakoutou.", "Kourakoutou", "Titao"),
    ],
)
def test_a_village_by_a_known_town_lies_where_the_town_does(text: str, village: str, town: str) -> None:
    (reading,) = coder().readings(article("", text))
    where = {each.span.text: each.place for each in reading.located}
    assert where[village].lat is not None
    assert (where[village].lat, where[village].lon) == (where[town].lat, where[town].lon)
    assert where[village].country == where[town].country


def test_a_village_that_only_a_region_a_list_or_another_clause_tells_has_no_coordinates() -> None:
    for text in (
        "Men held the village of Kourakoutou in the Nord region.",
        "Men fled in Kourakoutou and burnt Titao.",
        "Men stormed the village of Kourakoutou, Titao and Djibo.",
    ):
        (reading,) = coder().readings(article("", text))
        assert all(each.place.lat is None for each in reading.located if each.span.text == "Kourakoutou")


@pytest.mark.parametrize(
    ("title", "country", "recipients"),
    [
        ("Rwanda recalls its ambassador from Kampala", "UGA", ["UGA"]),
        ("Germany expels two Iranian diplomats", "DEU", ["IRN"]),
        ("US president threatens Colombia with banking sanctions", "COL", ["COL"]),
        ("Russia captures the village of Arkhanhelske in Donetsk", "UKR", ["UKR"]),
    ],
)
def test_the_land_of_a_deed_and_whom_it_hit_follow_from_its_nature(
    title: str, country: str, recipients: list[str]
) -> None:
    event = main(title)
    assert event.place is not None
    assert event.place.country == country
    assert [recipient.country for recipient in event.recipients] == recipients


def test_a_missile_that_falls_off_another_coast_was_tested_at_home() -> None:
    event = main("", "North Korea tested a ballistic missile that fell off Japan on Monday.")
    assert event.place is not None
    assert event.place.country == "PRK"


def test_the_next_sentence_may_say_where() -> None:
    event = main("", "Shelling killed two people on Monday. Flames rose over Kharkiv for hours.")
    assert event.place is not None
    assert event.place.name == "Kharkiv"
