"""Stories of who did it, where the words around the deed mislead."""

import pytest

from tests.unit.coding.reading import article, coder, main


def doers(title: str, summary: str = "") -> list[tuple[str, str | None]]:
    return [(actor.name, actor.country) for actor in main(title, summary).actors]


def hit(title: str, summary: str = "") -> list[tuple[str, str | None]]:
    return [(each.name, each.country) for each in main(title, summary).recipients]


def sides_of(title: str, summary: str) -> list[str]:
    """Who does any deed in the title."""
    title_read = coder().case(article(title, summary)).readings[0]
    return [mention.actor.name for frame in title_read.frames for mention in frame.actors]


@pytest.mark.parametrize(
    "summary",
    [
        "Military jets bombed a monastery near Loikaw, Myanmar, on Thursday, killing four people.",
        "Bombs dropped by a regime jet killed four people near Loikaw, Myanmar, on Thursday.",
        "An army helicopter bombed a monastery near Loikaw, Myanmar, on Thursday.",
    ],
)
def test_an_armys_machines_are_the_army_of_the_land(summary: str) -> None:
    assert doers("Monastery bombed", summary) == [("Myanmar", "MMR")]


def test_an_armys_lorry_that_is_hit_is_no_doer() -> None:
    assert ("Mali", "MLI") not in doers("Army helicopter hit by rocket near Gao, Mali")


def test_the_occupation_is_not_the_occupied_land() -> None:
    found = doers("Man killed in Jenin", "Occupation forces stormed Jenin in Palestine and shot a man dead.")
    assert [country for _, country in found] == ["ISR"]


def test_the_enemy_is_never_the_lands_own() -> None:
    assert doers("Enemy drones attacked a depot in Sumy, Ukraine")[0][1] == "RUS"
    assert doers("Enemy drones attacked a depot near Gao, Mali") == [("unknown attackers", None)]


def test_settlers_belong_to_the_state_that_they_came_from() -> None:
    found = doers("Settlers shot dead a farmer near Nablus, Palestine, on Thursday")
    assert [country for _, country in found] == ["ISR"]


def test_who_shrugs_sanctions_off_did_not_impose_them() -> None:
    assert doers("Belarus shrugs off fresh US sanctions") == [("United States", "USA")]
    assert doers("US sanctions three Belarusian banks") == [("United States", "USA")]


def test_who_protests_against_a_capture_did_not_capture() -> None:
    text = "Russia's foreign ministry said the capture of the tanker by Estonia on Thursday was piracy."
    assert sides_of("Moscow calls capture of tanker piracy", text) == []


def test_who_accuses_is_not_who_did_it() -> None:
    text = "The M23 accuses the Congolese army and its allies of having shelled a market in Goma on Thursday."
    assert doers("Goma market shelled", text)[0] == ("Democratic Republic of the Congo", "COD")


@pytest.mark.parametrize(
    ("title", "fallen"),
    [
        ("Three Naxalites gunned down in Bastar, India", "Communist Party of India (Maoist)"),
        ("Three al-Shabaab fighters shot dead in Kismayo, Somalia", "Al-Shabaab"),
    ],
)
def test_who_is_gunned_down_is_hit(title: str, fallen: str) -> None:
    assert [name for name, _ in hit(title)] == [fallen]
    assert fallen not in [name for name, _ in doers(title)]


def test_an_attack_that_was_beaten_off_is_its_senders() -> None:
    title = "Army repels attack by CODECO rebels near Bunia, Congo"
    assert [name for name, _ in doers(title)] == ["CODECO"]
    assert [country for _, country in hit(title)] == ["COD"]


def test_the_guards_of_iran_are_its_army() -> None:
    assert doers("Iran Guards attack Jaish al-Adl hideout in Saravan") == [("Iran", "IRN")]


def test_bosnia_is_a_state() -> None:
    assert doers("Bosnia expels two Russian diplomats over spying") == [("Bosnia and Herzegovina", "BIH")]


def test_whose_flag_a_ship_flies_did_not_seize_it() -> None:
    text = "A Greek-run tanker was seized by Iranian commandos off Hormuz on Friday."
    assert doers("Greek-run tanker seized", text) == [("Iran", "IRN")]


def test_who_is_blamed_did_it_and_was_not_hit() -> None:
    title = "Three soldiers killed in Kech"
    text = "An attack on a convoy blamed on the BLA killed three soldiers in Kech, Pakistan."
    assert [name for name, _ in doers(title, text)] == ["Balochistan Liberation Army"]
    assert hit(title, text) == [("Pakistan", "PAK")]


def test_of_which_land_a_headline_tells_is_no_side_of_it() -> None:
    assert ("Mali", "MLI") not in doers("Mali: raid on market kills six")


def test_who_fires_while_others_are_hurt_is_not_hit() -> None:
    assert sides_of("Nine were injured when police opened fire in Chittagong", "") == ["police"]


@pytest.mark.parametrize("hurt", ["six students", "two women", "nine protesters"])
def test_whom_police_hit_in_a_crowd_were_protesters(hurt: str) -> None:
    text = f"Police fired tear gas at a march in Nampula, Mozambique, on Monday and hurt {hurt}."
    assert hit("Police fire tear gas at march", text) == [("protesters", "MOZ")]


def test_soldiers_in_a_land_without_an_army_are_its_occupiers() -> None:
    assert hit("Blast near Jenin", "A bomb killed two soldiers near Jenin on Thursday.") == [
        ("Israel", "ISR")
    ]
    assert doers("Man killed in Jenin", "Soldiers shot dead a young man in Jenin on Thursday.") == [
        ("Israel", "ISR")
    ]
