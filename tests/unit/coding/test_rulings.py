"""Stories of kinds that need no weighing: the text's own words decide them, by the codebook."""

import pytest

from services.classifier.coding.events.rulings import as_ruled
from services.classifier.coding.text.reading import Draft
from tests.unit.coding.hearing import case_of


def ruled(found: str, *text: str) -> str:
    """What becomes of a kind that was found for the main deed of a text."""
    case = case_of(*text)
    deed = case.main
    if deed is None:
        frame = case.frames[0]
        deed = Draft([frame], frame.event_type, frame.mode, "actual", frame.strength)
        deed.actors, deed.recipients = list(frame.actors), list(frame.recipients)
    deed.event_type, _, mode = found.partition("/")
    mode_now = as_ruled(deed, mode, case.readings)
    return f"{deed.event_type}/{mode_now}"


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ("PROTEST/riot", "Police fired tear gas and beat students at a rally in Belgrade, hurting nine"),
        ("COERCE/arrest", "Gendarmes used tear gas to break up a march in Sfax and hurt a dozen people"),
        ("ASSAULT/firearms", "Police shot dead two protesters in Maputo on Monday"),
        ("ASSAULT/firearms", "Families bury four people shot by police in Nampula on Monday"),
        ("ASSAULT/firearms", "Two shot dead as police broke up a demonstration in Maputo on Monday"),
    ],
)
def test_force_of_police_on_a_crowd_is_crowd_control(found: str, text: str) -> None:
    assert ruled(found, text) == "ASSAULT/crowd-control"


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ("PROTEST/riot", "Protesters hurl stones and petrol bombs at police in Nairobi, who fire tear gas"),
        ("COERCE/arrest", "Police detained 60 people at a march in Minsk on Sunday"),
        ("ASSAULT/firearms", "Militants opened fire on a protest march in Quetta, killing three"),
    ],
)
def test_a_riot_an_arrest_and_the_fire_of_militants_stay_what_they_are(found: str, text: str) -> None:
    assert ruled(found, text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen opened fire on an army patrol near Kidal on Tuesday, killing two soldiers",
        "Militants shot at a police checkpoint in Bannu, wounding three policemen",
    ],
)
def test_fire_on_a_unit_is_a_clash(text: str) -> None:
    assert ruled("ASSAULT/firearms", text) == "ASSAULT/clash"


@pytest.mark.parametrize(
    "text",
    [
        "A lone gunman shot dead a soldier at a checkpoint in Hebron on Friday",
        "Gunmen opened fire on villagers near Kidal, killing nine",
        "Sniper kills Armenian soldier at a border post",
    ],
)
def test_a_lone_gunman_a_sniper_and_fire_on_people_stay_firearms(text: str) -> None:
    assert ruled("ASSAULT/firearms", text) == "ASSAULT/firearms"


@pytest.mark.parametrize(
    ("found", "text", "meant"),
    [
        ("ASSAULT/massacre", "Suicide attack on a mosque in Quetta kills fourteen", "suicide-attack"),
        ("ASSAULT/clash", "Army jets killed nine people in a raid near Nyala", "airstrike"),
        ("ASSAULT/explosives", "An army plane dropped bombs on Nyala, killing four", "airstrike"),
        ("ASSAULT/explosives", "Mortar shells fell on a camp near Goma, killing five", "artillery"),
        ("ASSAULT/explosives", "Man detonates suicide vest in a mosque in Kabul", "suicide-attack"),
        ("ASSAULT/airstrike", "Army hits rebel positions near Goma with heavy artillery", "artillery"),
        ("ASSAULT/airstrike", "Russian forces struck Kharkiv with Iskander missiles on Tuesday", "missile"),
        ("ASSAULT/artillery", "A quadcopter dropped a mortar shell on a police station in Bannu", "drone"),
        ("ASSAULT/destroy", "Maoists blew up a police vehicle in Bijapur, killing seven", "explosives"),
        ("ASSAULT/explosives", "General killed by a bomb under his car in Moscow", "assassination"),
        ("ASSAULT/destroy", "General killed as his car was blown up in Moscow", "assassination"),
        ("ASSAULT/massacre", "Toll of Russian missile strike on Kremenchuk barracks climbs to 17", "missile"),
    ],
)
def test_the_means_that_the_words_name_is_the_mode(found: str, text: str, meant: str) -> None:
    assert ruled(found, text) == f"ASSAULT/{meant}"


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ("ASSAULT/clash", "Commandos backed by helicopters killed four fighters in a raid near Homs"),
        ("ASSAULT/destroy", "Rebels blew up a pipeline near Basra"),
        ("ASSAULT/explosives", "Roadside bomb kills six policemen in Quetta while their bus passed"),
        ("ASSAULT/explosives", "Premier flew to Yala on Monday after a bomb killed six rangers there"),
        ("ASSAULT/explosives", "Helicopters carried off nine soldiers whom a roadside bomb hurt near Gao"),
        ("ASSAULT/artillery", "Rockets hit Belgorod while air defences worked over the city"),
        ("ASSAULT/airstrike", "Jets bombed rebel artillery near Goma, killing four"),
    ],
)
def test_words_that_name_no_other_means_leave_the_mode(found: str, text: str) -> None:
    assert ruled(found, text) == found


def test_what_stands_beyond_a_semicolon_is_another_deed() -> None:
    text = "A bomb killed seven people in Damascus on Monday; an hour later, army shells struck Binnish"

    assert ruled("ASSAULT/explosives", text) == "ASSAULT/explosives"


def test_the_means_of_what_is_answered_are_not_those_of_the_answer() -> None:
    text = "Israel struck docks at Hodeidah on Monday in retaliation for a drone that hit an airport"

    assert ruled("ASSAULT/other", text) == "ASSAULT/other"


def test_the_means_of_an_answer_are_not_those_of_what_it_answers() -> None:
    case = case_of("Iraqi militias fired rockets at a base in Erbil in response to US strikes on Babil")
    strikes = next(frame for frame in case.frames if frame.mode == "airstrike")
    answered = Draft([strikes], strikes.event_type, strikes.mode, "actual", strikes.strength)

    assert as_ruled(answered, "airstrike", case.readings) == "airstrike"


def test_a_title_that_only_says_what_is_answered_is_not_asked() -> None:
    lead = "Russian forces struck Kharkiv with Iskander missiles on Tuesday."

    assert ruled("ASSAULT/airstrike", "Retaliation for drones on Belgorod", lead) == "ASSAULT/missile"


@pytest.mark.parametrize(
    ("found", "text", "meant"),
    [
        ("COERCE/blockade", "China rehearses a blockade of Taiwan's ports in a drill", "MOBILIZE/exercise"),
        ("MOBILIZE/border-violation", "41 planes cross the line as a drill begins", "MOBILIZE/exercise"),
        ("MOBILIZE/weapons-test", "South Korea fires two missiles in a live-fire drill", "MOBILIZE/exercise"),
        ("MOBILIZE/weapons-test", "North Korea tests a missile after its drill", "MOBILIZE/weapons-test"),
        ("COERCE/restrict", "Estonia bars 14 Georgian officials from entry", "SANCTION/sanction"),
        ("COERCE/restrict", "Estonia bars Russian lorries from its border", "COERCE/restrict"),
        ("PROTEST/riot", "Israeli settlers torch cars in a village near Ramallah", "ASSAULT/destroy"),
    ],
)
def test_what_is_rehearsed_what_is_decreed_and_what_settlers_burn(found: str, text: str, meant: str) -> None:
    assert ruled(found, text) == meant


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("Iran closed the Bab straits to all tankers on Tuesday", "blockade"),
        ("Yemen's navy closed the waterway to foreign ships on Tuesday", "blockade"),
        ("Iran closed the airspace over the strait on Tuesday", "restrict"),
        ("Poland closed its border with Belarus on Tuesday", "restrict"),
    ],
)
def test_who_shuts_a_strait_to_ships_blockades(text: str, mode: str) -> None:
    assert ruled("COERCE/restrict", text) == f"COERCE/{mode}"
