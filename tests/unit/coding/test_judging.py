"""Stories of the judge: what is one event, what is two, who answers whom, who says who did it."""

from datetime import date

from shared.contracts import Count
from tests.unit.coding.reading import code, main


def test_a_blow_and_its_answer_are_two_events() -> None:
    coding = code(
        "",
        "Israel bombed Hamas positions in Gaza on Wednesday in response to rockets fired by Hamas at Sderot.",
    )
    strike, rockets = coding.events
    assert strike.main
    assert [a.name for a in strike.actors] == ["Israel"]
    assert (rockets.mode, [a.name for a in rockets.actors]) == ("artillery", ["Hamas"])
    assert strike.responds_to is not None
    assert (strike.responds_to.cue, strike.responds_to.event) == ("in response to", 1)
    assert strike.responds_to.text == "rockets fired by Hamas at Sderot"


def test_headline_and_lead_tell_one_event() -> None:
    coding = code(
        "Car bomb kills six in Mogadishu",
        "A car bomb exploded in Mogadishu on Tuesday, killing six people, police said. "
        "The attack wounded 12 others.",
    )
    (event,) = coding.events
    assert event.casualties.killed == Count(low=6, high=6)
    assert event.casualties.injured == Count(low=12, high=12)
    assert event.occurred_on == date(2024, 3, 12)


def test_a_later_sentence_adds_what_it_says_was_also_lost() -> None:
    event = main(
        "", "Nine soldiers are killed in an ambush near Boni, Mali. Twenty attackers are also killed."
    )
    assert event.casualties.killed == Count(low=29, high=29)


def test_a_claim_names_the_actor() -> None:
    event = main(
        "",
        "A bomb killed four soldiers in Quetta, Pakistan. "
        "The Balochistan Liberation Army claimed responsibility.",
    )
    assert [a.name for a in event.actors] == ["Balochistan Liberation Army"]
    assert (event.claim.by, event.claim.status) == ("Balochistan Liberation Army", "claimed")


def test_nobody_claims_when_no_group_did() -> None:
    event = main("", "A bomb killed four soldiers in Quetta, Pakistan. No group claimed responsibility.")
    assert event.claim.by is None


def test_a_denial_stands_on_the_event_that_it_denies() -> None:
    coding = code(
        "", "Ukraine accused Russia of shelling Kherson, killing two people. Russia denied responsibility."
    )
    (event,) = coding.events
    assert event.claim.denied_by == ("Russia",)
    assert event.claim.status == "denied"


def test_blame_is_attribution() -> None:
    event = main(
        "",
        "Nineteen people were killed by mortar fire in Mweso, Democratic Republic of the Congo. "
        "M23 is blamed for the attack.",
    )
    assert [a.name for a in event.actors] == ["M23"]


def test_background_is_neither_event_nor_toll() -> None:
    coding = code(
        "",
        "Israeli jets bombed Khan Younis in Gaza on Wednesday, killing four people. "
        "The war began when Hamas attacked Israel on October 7, killing about 1,200 people.",
    )
    (event,) = coding.events
    assert event.casualties.killed == Count(low=4, high=4)


def test_a_running_total_is_a_tally() -> None:
    coding = code("", "The army has counted 45 attacks on its bases since January 3.")
    assert not coding.escalation
    (tally,) = coding.tallies
    assert (tally.count, tally.of, tally.since) == (45, "attacks on its bases", date(2024, 1, 3))


def test_first_since_is_still_news() -> None:
    assert code(
        "", "An Israeli drone killed two Hamas members in Jenin in the first strike there since 2005."
    ).escalation


def test_old_events_stay_silent_whatever_their_size() -> None:
    assert not code(
        "", "In 1988 Iraqi warplanes bombed Halabja with poison gas, killing 5,000 people."
    ).escalation


def test_the_day_of_a_strike_decides_not_the_tense() -> None:
    event = main(
        "", "Russian missiles had hit the port of Odesa on Tuesday, killing one person, officials said."
    )
    assert event.occurred_on == date(2024, 3, 12)


def test_an_attack_shot_down_is_the_senders() -> None:
    event = main("", "Saudi Arabia said it intercepted two missiles fired by the Houthis at Riyadh.")
    assert [a.name for a in event.actors] == ["Houthis"]
    assert event.mode == "missile"


def test_the_score_and_the_verdict_agree() -> None:
    for text in ("Rebels kill five soldiers in Mali", "Rebels may attack in Mali", "Cake recipe", ""):
        coding = code(text)
        assert (coding.score >= 0.5) == coding.escalation


def test_a_general_strike_says_what_it_is() -> None:
    assert code("Pilots walk out over pay", "Pilots began a strike over pay.").reason.startswith(
        "a labour strike, not an attack"
    )


def test_a_sanction_lies_in_the_punished_state() -> None:
    event = main("", "The United States imposed sanctions on Belarus on Thursday.")
    assert event.place is not None
    assert (event.place.country, event.hostility) == ("BLR", 2)


DEEP = "The ferry was late. Tea was poured. Nobody spoke of work. Gulls cried. The bell of the chapel rang. "
STRUCK = "Russian missiles struck Odesa and killed four people on Tuesday."


def test_what_stands_only_deep_in_the_text_is_background() -> None:
    coding = code("A walk along the quays", "", DEEP + STRUCK)
    assert not coding.escalation
    assert coding.events == ()
    assert "deep in the text" in coding.reason


def test_the_same_sentence_in_the_lead_is_news() -> None:
    assert main("Missiles hit Odesa", "", STRUCK + " " + DEEP).place is not None


def test_a_title_that_says_nothing_of_it_needs_a_strong_event() -> None:
    coding = code("Lemons are cheaper this week", "Soldiers raided a farm near Gao, Mali.")
    assert not coding.escalation
    assert "the title has not a word of it" in coding.reason


def test_a_demonym_after_in_is_no_place() -> None:
    place = main("Four killed in Russian missile strike on Kharkiv", "").place
    assert place is not None
    assert (place.name, place.country) == ("Kharkiv", "UKR")


def test_what_a_war_has_done_since_is_no_new_event() -> None:
    coding = code("Envoys gather in Geneva", "Since April 2023 the war has killed 2,000 people in Sudan.")
    assert not coding.escalation
