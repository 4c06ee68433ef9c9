"""What a sentence says of the dead, the hurt and the taken, in the words of many registers."""

import pytest

from services.classifier.coding.lexicon import load
from services.classifier.coding.naming.actors import actors_in
from services.classifier.coding.naming.persons import is_person
from services.classifier.coding.text.sentences import read
from services.classifier.coding.tolls.casualties import tolls_in
from tests.unit.coding.reading import article, coder, main

Tolls = list[tuple[str, int, int]]


def tolls(text: str, title: bool = False) -> Tolls:
    (sentence,) = read(article(title=text) if title else article(body=text))[0]
    return [(t.field, t.count.low, t.count.high) for t in tolls_in(sentence, actors_in(sentence, load()))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Shells killed a mother and her three children.", [("killed", 4, 4)]),
        ("A weaver and her two nieces died in the cellar.", [("killed", 3, 3)]),
        ("Two brothers were shot dead at a well.", [("killed", 2, 2)]),
        ("A mine took the life of ferryman Ado Belo, 61, on Friday.", [("killed", 1, 1)]),
        ("Nine people, four of them pupils, lost their lives.", [("killed", 9, 9)]),
        ("Ten residents, among them a midwife on her way home, perished.", [("killed", 10, 10)]),
        ("The shelling claimed the lives of six villagers.", [("killed", 6, 6)]),
        ("More than 40 people who had queued for flour were killed.", [("killed", 40, 40)]),
        ("A boy who was selling eggs and an old farmer were killed.", [("killed", 2, 2)]),
        ("The blast killed Ana Lopes, deputy mayor of the town, and her driver.", [("killed", 2, 2)]),
        ("Her guard, a corporal, died beside her.", [("killed", 1, 1)]),
        ("Diggers found the remains of 31 men.", [("killed", 31, 31)]),
        ("Eleven bodies were recovered from the river.", [("killed", 11, 11)]),
        ("Two guards paid the supreme price.", [("killed", 2, 2)]),
        ("The rebels lost three men.", [("killed", 3, 3)]),
        ("A bomber killed himself and five soldiers.", [("killed", 5, 5)]),
        ("Gunmen hacked 12 herders to death.", [("killed", 12, 12)]),
        ("Between 20 and 30 people were killed.", [("killed", 20, 30)]),
        ("Half a dozen guards were killed.", [("killed", 6, 6)]),
        ("Five soldiers and 12 militants were killed.", [("killed", 17, 17)]),
        ("Forty of the attackers perished.", [("killed", 40, 40)]),
        ("Two of our heroes were martyred.", [("killed", 2, 2)]),
        ("It left one conscript dead and three others wounded.", [("killed", 1, 1), ("injured", 3, 3)]),
        ("Seven neighbours were carried to clinics.", [("injured", 7, 7)]),
        ("A dozen people were being treated in a school.", [("injured", 12, 12)]),
        ("Four men were kidnapped along with their driver.", [("abducted", 5, 5)]),
        ("Police rounded up 17 organisers of the rally.", [("arrested", 17, 17)]),
        ("The attack resulted in at least 12 deaths.", [("killed", 12, 12)]),
        ("The bombing claimed at least 23 lives.", [("killed", 23, 23)]),
        ("The fight left 14 herders and 16 militants dead.", [("killed", 30, 30)]),
        ("The raid left 17 of them dead.", [("killed", 17, 17)]),
        ("Nine people, including farmers and policemen, are dead.", [("killed", 9, 9)]),
        ("Shells killed 30, injuring approximately 50.", [("killed", 30, 30), ("injured", 50, 50)]),
        ("Six soldiers fell, a security source said.", [("killed", 6, 6)]),
        ("Two United States troops were killed.", [("killed", 2, 2)]),
        ("Four suspects planning attacks were killed.", [("killed", 4, 4)]),
        ("The jet was shot down, killing all six on board.", [("killed", 6, 6)]),
        ("The army took the hill with the loss of two guards.", [("killed", 2, 2)]),
        ("A local politician was abducted and killed.", [("abducted", 1, 1), ("killed", 1, 1)]),
        ("A shell killed a Saudi general making his round.", [("killed", 1, 1)]),
        ("A drone killed Taliban leader Akhtar Mansour.", [("killed", 1, 1)]),
        ("Former Greek Prime Minister Lucas Papademos was injured.", [("injured", 1, 1)]),
        ("An Israeli couple were injured.", [("injured", 2, 2)]),
        ("Three people were shot at a shrine.", []),
        ("Three people were shot and wounded.", [("injured", 3, 3)]),
        ("Nine organisers were beaten with iron bars.", [("injured", 9, 9)]),
        ("He is the highest-ranking officer to be killed.", []),
        ("The price of bread fell, traders said.", []),
        ("Two guards were shot by gunmen at dawn and later died.", [("killed", 2, 2)]),
        ("Two people were beaten and killed.", [("killed", 2, 2)]),
        ("The army claims 300 lives were saved by the warning.", []),
        ("It took 30 firefighters to save lives.", []),
        ("Rockets that 12 Houthi fighters launched fell in Eilat.", []),
        ("Police said 12 of those killed were women.", []),
    ],
)  # fmt: skip
def test_who_is_counted_need_not_be_in_the_lexicon(text: str, found: Tolls) -> None:
    assert tolls(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Soldier and schoolgirl die as drones hit hamlet", [("killed", 2, 2)]),
        ("Market bombed, 2 dead, 7 hurt", [("killed", 2, 2), ("injured", 7, 7)]),
        ("Bus fired on: 5 pax killed, 2 wounded, driver unhurt", [("killed", 5, 5), ("injured", 2, 2)]),
        ("7 killed 12 wounded in Homs", [("killed", 7, 7), ("injured", 12, 12)]),
        ("Ambush leaves 6 dead", [("killed", 6, 6)]),
        ("Parcel bomb injures clerk", [("injured", 1, 1)]),
        ("GUNMEN ATTACK CHAPEL; EIGHT WORSHIPPERS DEAD", [("killed", 8, 8)]),
        ("Eight mourners murdered, among them a baby", [("killed", 8, 8)]),
    ],
)
def test_headlines_and_telegrams(text: str, found: Tolls) -> None:
    assert tolls(text, title=True) == found


@pytest.mark.parametrize(
    "text",
    [
        "More than 4,000 people have died since the war began.",
        "Some 300 people were killed in the protests of 2018.",
        "The camp was hit in 2018, when a dozen members died.",
        "In April last year a strike on the town killed 160.",
        "The insurgency has claimed 40,000 lives.",
        "The province has had 1,390 violent deaths so far this year.",
        "Residents recall that 85 villagers were killed there.",
        "Background: 12,000 deaths.",
        "The 38-year campaign cost the lives of 40,000 people.",
        "In Gaza, where more than 43,000 people have been killed, there was no news.",
    ],
)
def test_history_and_running_totals_are_no_tolls(text: str) -> None:
    assert tolls(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Twenty missiles killed the power.",
        "Twelve homes and 30 vehicles were burnt.",
        "The town lies 20 kilometres from where it was hit.",
        "The army came to arrest a wanted man.",
        "Troops of the 98th division were killed.",
        "They will bury the dead.",
    ],
)
def test_things_distances_units_and_intentions_are_no_people(text: str) -> None:
    assert tolls(text) == []


def test_a_total_since_this_morning_is_of_this_event() -> None:
    assert tolls("Some 21 residents have been killed since the columns entered at dawn.") == [
        ("killed", 21, 21)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nobody was hurt.", [("killed", 0, 0), ("injured", 0, 0)]),
        ("The plant burned without casualties.", [("killed", 0, 0), ("injured", 0, 0)]),
        ("No one was killed or injured.", [("killed", 0, 0), ("injured", 0, 0)]),
        ("The whole crew of 23 are unhurt.", [("killed", 0, 0), ("injured", 0, 0)]),
        ("No deaths were reported.", [("killed", 0, 0)]),
        ("There was no loss of life.", [("killed", 0, 0)]),
        ("Nobody was hurt apart from the guard.", [("killed", 0, 0)]),
        ("There was no word of deaths.", []),
        ("No deaths have been confirmed.", []),
        ("No soldier was hurt.", []),
    ],
)
def test_none_is_stated_only_of_everybody(text: str, found: Tolls) -> None:
    assert tolls(text) == found


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("The death toll from the raid rose to 14.", 14, 14),
        ("The ministry puts the number of dead at 19.", 19, 19),
        ("Two more died, lifting to 19 the toll of the bomb.", 19, 19),
        ('One source gave a toll of 26 soldiers, the other "more than 30".', 26, 30),
    ],
)
def test_a_standing_toll_replaces_and_rivals_make_a_range(text: str, low: int, high: int) -> None:
    assert tolls(text)[-1] == ("killed", low, high)


def test_a_number_told_again_counts_once_and_the_finer_one_wins() -> None:
    event = main(
        "Dozens killed as rebels shell market in Goma",
        "M23 rebels shelled a market in Goma on Monday, killing dozens of people.",
        "The hospital received 34 dead. A trader spoke of 34 people killed.",
    )
    assert event.casualties.killed is not None
    assert (event.casualties.killed.low, event.casualties.killed.high) == (34, 34)


def test_the_dead_of_both_sides_are_added() -> None:
    event = main(
        "",
        "Five soldiers were killed when militants attacked an army base in Mali on Monday. "
        "Twelve militants were also killed.",
    )
    assert event.casualties.killed is not None
    assert event.casualties.killed.low == 17


def test_neutralised_is_killed_only_where_the_report_says_so() -> None:
    told = "Security forces neutralised eight militants in a clash in Lakki Marwat, Pakistan, on Monday."
    assert main("", told).casualties.killed is None
    killed = main("", told, "The slain men had attacked police.").casualties.killed
    assert killed is not None
    assert killed.low == 8


def test_a_sanction_costs_nobodys_life() -> None:
    event = main(
        "", "The United States imposed sanctions on Iran on Monday after a blast killed four people."
    )
    assert (event.event_type, event.casualties.killed) == ("SANCTION", None)


def test_a_plural_names_people_as_its_singular_does() -> None:
    assert is_person("janitor")
    assert is_person("janitors")
    assert not is_person("missiles")


@pytest.mark.parametrize("text", ["B KILLED A0MEN", "They are searching for a missing teenager"])
def test_people_named_by_their_harm_may_end_the_sentence(text: str) -> None:
    assert coder().code(article("", text)).coder  # it answers, where it once looked past the last word
