"""Whose voice a report speaks with, and how sure many voices make us."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from services.classifier.coding.events.severity import severity_of
from services.classifier.incidents import Voice, Voices
from services.classifier.incidents.fusing import fusion
from services.classifier.memory import Candidates, PlainMemory
from shared.contracts import (
    Actor,
    Alert,
    Certainty,
    Claim,
    ClaimStatus,
    Event,
    Incident,
    Report,
    Sector,
)
from shared.outlets import Registry, Wire, load
from tests.support.classifier import MORNING, RUSSIA, UKRAINIANS, Reader, article, strike

VOICES = Voices(load())
IRAN_BACKED = Actor(
    text="militia", name="Coast Front", country="IRQ", sector=Sector.REBELS, backed_by=("IRN",)
)


def voice(outlet: str, summary: str = "", body: str = "", title: str = "Strike on Erbil") -> Voice:
    about = article(title, summary=summary, outlet=outlet)
    return VOICES.of(about.model_copy(update={"body": body}))


@pytest.mark.parametrize(
    ("outlet", "said"),
    [
        ("harbour-post.example", "harbour-post.example"),
        ("bbc.com", "bbc.co.uk"),
        ("BBC News", "bbc.co.uk"),
        ("scmp.com", "scmp.com"),
        ("South China Morning Post", "scmp.com"),
        ("reuters.com", "wire:reuters"),
        ("apnews.com", "wire:ap"),
        ("tass.com", "state:RUS"),
        ("rt.com", "state:RUS"),
        ("irna.ir", "state:IRN"),
        ("centcom.mil", "state:USA"),
        ("nato.int", "nato.int"),
        ("almanar.com.lb", "movement:LBN:almanar.com.lb"),
        ("", ""),
    ],
)
def test_an_outlet_speaks_for_itself_a_wire_or_a_state(outlet: str, said: str) -> None:
    assert voice(outlet, "Two men were hurt on Monday, the army said.").id == said


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        ("ERBIL, Iraq (AP) — A drone hit the base.", "wire:ap"),
        ("BAGHDAD, Dec 25 (Reuters) - A drone hit the base.", "wire:reuters"),
        ("(Reuters) - A drone hit the base.", "wire:reuters"),
        ("By Jane Roe BEIRUT, Feb 17 (Reuters) - A drone hit the base.", "wire:reuters"),
        ("Paris (AFP) – A drone hit the base.", "wire:afp"),
        ("Bagdad, 25 dic (EFE).- A drone hit the base.", "wire:efe"),
        ("BERLIN (dpa) - A drone hit the base.", "wire:dpa"),
        ("New Delhi [India], December 25 (ANI): A drone hit the base.", "wire:ani"),
        ("CAIRO (Reuters/AP) - A drone hit the base.", "wire:reuters"),
        ("BAGHDAD (AP) _ A drone hit the base.", "wire:ap"),
        ("KYIV. Nov 24 (Interfax-Ukraine) – A drone hit the base.", "wire:interfax-ua"),
        ("BEIJING, Dec. 25 (Xinhua) -- A drone hit the base.", "state:CHN"),
        ("MOSCOW, December 25. /TASS/. A drone hit the base.", "state:RUS"),
        ("Tehran, IRNA - A drone hit the base.", "state:IRN"),
        ("A drone hit the base. (AFP)", "wire:afp"),
        ("A drone hit the base. (AFP, Reuters)", "wire:afp"),
        ("A drone hit the base. [Reuters]", "wire:reuters"),
        ("A drone hit the base - Reuters", "wire:reuters"),
        ("By The Associated Press\nA drone hit the base.", "wire:ap"),
        ("By Jane Roe, Associated Press\nERBIL (AP) - A drone hit the base.", "wire:ap"),
        ("A drone hit the base, Reuters reported.", "wire:reuters"),
        ("According to AFP, a drone hit the base.", "wire:afp"),
        ("BAGHDAD/WASHINGTON, Dec 25 (Reuters) - A drone hit the base.", "wire:reuters"),
        ("GAZA/JERUSALEM (AFP) - A drone hit the base.", "wire:afp"),
        ("al-Tanf, Syria (AP) - A drone hit the base.", "wire:ap"),
        ("Éireann (AFP) - A drone hit the base.", "wire:afp"),
        ("25 Dec 2023 BAGHDAD (Reuters) - A drone hit the base.", "wire:reuters"),
        ("ALLENTOWN, Pa. (AP) - A drone hit the base.", "wire:ap"),
        ("BAGHDAD, Reuters - A drone hit the base.", "wire:reuters"),
        ("BAGHDAD, Dec 25, Reuters: A drone hit the base.", "wire:reuters"),
        ("BAGHDAD (Reuters)\nA drone hit the base.", "wire:reuters"),
        ("AFP, BAGHDAD\nA drone hit the base.", "wire:afp"),
        ("By Jane Roe\nReuters\nA drone hit the base.", "wire:reuters"),
        ("A drone hit the base.\nTwo were hurt.\nThree fled.\nReuters", "wire:reuters"),
        ("A drone hit the base (AFP, 25 December 2023)", "wire:afp"),
        ("A drone hit the base. (Reuters, AP, and agencies)", "wire:reuters"),
        ("A drone hit the base. © 2023 AFP", "wire:afp"),
        (
            "A drone hit the base. Copyright 2023 The Associated Press. All rights reserved. This material "
            "may not be published, broadcast, rewritten or redistributed without permission.",
            "wire:ap",
        ),
        ("A drone hit the base. (Reporting by Jane Roe in Erbil; Editing by Jim Doe)", "wire:reuters"),
        (
            "A drone hit the base.\nReporting by Jane Roe; Additional reporting by Jim Doe; "
            "Writing by Joe Poe; editing by Ann Noe\nOur Standards: The Thomson Reuters Trust Principles.",
            "wire:reuters",
        ),
        ("A drone hit the base, Bloomberg reported.", "wire:bloomberg"),
    ],
)
def test_a_text_that_credits_a_wire_speaks_with_its_voice(summary: str, said: str) -> None:
    found = voice("harbour-post.example", summary)
    assert found.id == said
    assert found.because.startswith("credits ")
    assert voice("harbour-post.example", "", body=summary).id == said


@pytest.mark.parametrize(
    "summary",
    [
        "A drone hit the base. Photo: AFP",
        "A drone hit the base. Photo (AFP)",
        "A drone hit the base. (AP Photo/Jane Roe)",
        "A drone hit the base. File picture - Reuters",
        "The Arakan Army (AA) - an armed group - took the town.",
        "The Palestinian Authority (PA) - which rules there - arrested two.",
        "Two AFP journalists were wounded when a drone hit their car.",
        "A drone hit the base, a spokesman told Reuters. The army said that it looks into it.",
        "A drone hit the base, Reuters reported. The army denied it in a statement.",
        "A drone hit the base, Reuters reported; AFP said that there were two.",
        "The map (reuters) - in small letters - shows the base.",
        "Andhra Pradesh (AP) Governor vows to answer the attack.",
        "Rebels struck in Andhra Pradesh (AP).\nThe army answered.",
        "With inputs from agencies",
        "A drone hit the base. Source: AP",
        # pictures
        "REUTERS/Ali Hashisho\nA drone hit the base.",
        "Reuters/File Photo\nA drone hit the base.",
        "AP, File\nA drone hit the base.",
        "REUTERS, FILE\nA drone hit the base.",
        "A drone hit the base. © 2023 AFP/Getty Images",
        "A drone hit the base. (AFP/Getty Images)",
        "Smoke over Erbil. AFP/Getty\nA drone hit the base.",
        "A drone hit the base. Photo © 2023 AFP",
        # people, parties and places
        "Mayor Michael Bloomberg said that he was attacked.",
        "Activist Tasnim said her brother was killed by soldiers.",
        "Activist Tasnim reported that her brother was killed.",
        "According to PTI, its march was attacked.",
        "VIJAYAWADA, AP - Police opened fire on a crowd.",
        "Vijayawada, AP\nPolice opened fire on a crowd.",
        "Andhra Pradesh (AP): Rebels killed two policemen.",
        "Andhra Pradesh (AP) - which rebels attacked - is calm.",
        "Rebels killed two policemen in Andhra Pradesh (AP)",
        "The Armed Forces of the Philippines (AFP) - who lost two men - said nothing.",
        "Pakistan Tehreek-e-Insaf (PTI) - the party - was attacked.",
        "The Saudi-led coalition, WAM - a warning",
        "The Saudi-led coalition, Reuters - a warning",
        "The Friends Of Port Ander, Reuters - a warning",
        "Sons Of Port Ander (ANI): a warning",
        "Officials blamed Russia (RIA) - not Ukraine.",
        "Beirut, SPA - the hotel - was hit.",
        "A drone hit the base. (CNA)",
    ],
)
def test_what_only_looks_like_a_credit_is_none(summary: str) -> None:
    assert voice("harbour-post.example", summary).id == "harbour-post.example"


@pytest.mark.parametrize(
    ("outlet", "summary", "said"),
    [
        ("dawn.com", "A drone hit the base. With inputs from Reuters.", "wire:reuters"),
        ("dawn.com", "A drone hit the base. (With AFP)", "wire:afp"),
        ("dawn.com", "A drone hit the base.\nSource: AP", "wire:ap"),
        ("dawn.com", "A drone hit the base. (Agencies)", "wire:unnamed"),
        ("dawn.com", "Agencies\nA drone hit the base.", "wire:unnamed"),
        ("dawn.com", "A drone hit the base. With inputs from agencies", "wire:unnamed"),
        ("koreaherald.com", "A drone hit the base. (Agencies)", "wire:yonhap"),
        ("dawn.com", "A drone hit the base. With inputs from Kyodo", "dawn.com"),
        ("dawn.com", "A drone hit the base, he said in an interview with AFP", "dawn.com"),
        ("dawn.com", "Intelligence agencies", "dawn.com"),
        ("dawn.com", "Sanctions hit banks and news agencies", "dawn.com"),
        ("rferl.org", "A drone hit it. Based on reporting by Reuters, AP, and AFP", "wire:reuters"),
        ("france24.com", "A drone hit it. (FRANCE 24 with AFP)", "wire:afp"),
        ("france24.com", "A drone hit it. (FRANCE 24 with AFP, REUTERS)", "wire:afp"),
        ("aljazeera.com", "A drone hit it.\nSource: Al Jazeera and news agencies", "wire:unnamed"),
        ("aljazeera.com", "A drone hit it.\nSOURCE: AL JAZEERA AND NEWS AGENCIES", "wire:unnamed"),
        (
            "ndtv.com",
            "A drone hit it. (Except for the headline, this story has not been edited by NDTV staff and is "
            "published from a syndicated feed.)",
            "wire:unnamed",
        ),
        ("theguardian.com", "Reuters in Baghdad\nA drone hit it.", "wire:reuters"),
        ("theguardian.com", "Guardian staff and agencies\nA drone hit it.", "wire:unnamed"),
        ("theguardian.com", "Reuters in Baghdad, file photo\nA drone hit it.", "theguardian.com"),
        ("dawn.com", "A list. Source: AP." + " A drone hit the base." * 20, "dawn.com"),
        ("newarab.com", "The New Arab Staff & Agencies\nA drone hit it.", "wire:unnamed"),
        ("arabnews.com", "A drone hit it.\n* With input from Reuters", "wire:reuters"),
        ("straitstimes.com", "A drone hit. AFP, REUTERS", "wire:afp"),
        ("straitstimes.com", "A drone hit. Photo: AFP", "straitstimes.com"),
        ("straitstimes.com", "Smoke over Erbil. AFP\nA drone hit.", "straitstimes.com"),
        ("thehindu.com", "A drone hit it.-PTI", "wire:pti"),
        ("thehindu.com", "VIJAYAWADA, AP - Police opened fire.", "wire:ap"),
        ("thehindu.com", "March attacked, PTI says", "wire:pti"),
        ("abc.net.au", "A drone hit it.\nABC/Reuters", "wire:reuters"),
        ("abc.net.au", "A drone hit it.\nABC/wires", "wire:unnamed"),
        ("taipeitimes.com", "By Jane Roe / Staff reporter, with CNA\nA drone hit it.", "wire:cna-tw"),
        ("channelnewsasia.com", "A drone hit it. (CNA)", "channelnewsasia.com"),
        ("harbour-post.example", "Guardian staff and agencies\nA drone hit it.", "harbour-post.example"),
        ("harbour-post.example", "Reuters in Baghdad\nA drone hit it.", "harbour-post.example"),
        ("harbour-post.example", "A drone hit it. AFP, REUTERS", "harbour-post.example"),
    ],
)
def test_looser_forms_are_believed_of_those_who_carry_the_wire(outlet: str, summary: str, said: str) -> None:
    assert voice(outlet, summary).id == said


def test_a_wire_vouches_for_what_it_quotes_of_others() -> None:
    assert voice("apnews.com", "A drone hit the base, Reuters reported.").id == "wire:ap"


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Blasts heard in Damascus, SANA reports", "state:SYR"),
        ("Drone hits Erbil base - Reuters", "wire:reuters"),
        ("Drone hits Erbil base (AFP)", "wire:afp"),
        ("Drone hits Erbil base: Reuters", "wire:reuters"),
        ("Reuters: Drone hits Erbil base", "wire:reuters"),
        ("Bloomberg: Gaza strike was an act of war", "harbour-post.example"),
        ("Bloomberg says Gaza strike was an act of war", "harbour-post.example"),
        ("Two killed in clashes: AP", "harbour-post.example"),
        ("Rebels strike in Andhra Pradesh (AP)", "harbour-post.example"),
    ],
)
def test_a_headline_alone_may_credit(title: str, said: str) -> None:
    assert voice("harbour-post.example", title=title).id == said


@pytest.mark.parametrize(
    "body",
    [
        "A drone hit the base.\n" * 30 + "BAGHDAD (AP) - so began another text.\n" + "It was loud.\n" * 30,
        "A drone hit the base.\n" * 30 + "It quoted a report (Reuters). " + "A drone hit the base. " * 20,
        "A drone hit the base.\n" * 30 + "Reuters\n" + "A drone hit the base.\n" * 30,
    ],
)
def test_what_is_quoted_deep_in_a_text_is_no_credit(body: str) -> None:
    assert voice("harbour-post.example", "A drone hit the base.", body).id == "harbour-post.example"


@pytest.mark.parametrize("outlet", ["presstv.ir", "rt.com", "idf.il", "almanar.com.lb"])
@pytest.mark.parametrize(
    "words", ["A missile hit, AFP reports", "Reuters reported.", "Tehran (Reuters) - A hit."]
)
def test_a_sides_own_medium_stays_its_voice_whatever_wire_it_names(outlet: str, words: str) -> None:
    said = voice(outlet, words)
    assert said == voice(outlet, "A missile hit.")
    assert not said.id.startswith("wire:")


def test_one_domain_of_several_outlets_tells_them_apart_by_the_page() -> None:
    def told(url: str, outlet: str) -> Voice:
        return VOICES.of(article("Strike on Erbil", outlet=outlet).model_copy(update={"url": url}))

    assert told("https://abcnews.go.com/story", "go.com").name == "ABC News (United States)"
    assert told("https://abcnews.go.com/story", "go.com").id == "abcnews.go.com"
    assert told("https://www.espn.go.com/story", "go.com") == Voice(
        "go.com", "", "its own: an unknown outlet"
    )
    assert told("https://economictimes.indiatimes.com/story", "indiatimes.com").name == "The Economic Times"
    assert told("https://www.gov.uk/news", "gov.uk").id == "state:GBR"
    assert told("https://leeds.gov.uk/news", "leeds.gov.uk").id == "leeds.gov.uk"
    assert told("https://www.bbc.com/story", "scmp.com").id == "scmp.com"
    assert told("https://[no/url", "scmp.com").id == "scmp.com"


def test_without_a_registry_everybody_speaks_for_himself() -> None:
    nobody = Voices(Registry((), ()))
    assert nobody.of(article("Strike", summary="ERBIL (AP) - () - ", outlet="bbc.com")).id == "bbc.com"


def test_a_wire_of_ones_own_takes_no_sign_of_ours() -> None:
    ours = Wire("ap", ("apnews.com",), ("AP",))
    own = Wire("ander", ("ander.example",), ("AP", "Ander Press"))
    voices = Voices(Registry((), (ours, own)))
    assert voices.of(article("Strike", summary="A drone hit it. (AP)", outlet="a.example")).id == "wire:ap"
    said = voices.of(article("Strike", summary="A drone hit it. (Ander Press)", outlet="a.example"))
    assert said.id == "wire:ander"


def test_a_long_text_is_read_in_no_time() -> None:
    assert voice("dawn.com", body="A (" * 20_000 + " - " * 20_000).id == "dawn.com"


# ---- many voices --------------------------------------------------------------------------------


class Desk:
    """Reads reports of one strike from several outlets and shows the incident they make."""

    def __init__(self, actors: tuple[Actor, ...] = (RUSSIA,), killed: int | None = None) -> None:
        self.reader, self.count = Reader(PlainMemory()), 0
        self.actors, self.killed = actors, killed
        self.incident: Incident | None = None

    def reads(self, outlet: str, ending: str = "") -> "Desk":
        """One report, in words of its own, so that it is no copy."""
        self.count += 1
        own = " ".join(f"{outlet.partition('.')[0]}{self.count}{letter}" for letter in "abcdefgh")
        about = article(own, summary=f"{own}. {ending}", outlet=outlet)
        decision = self.reader.reads(about, strike(killed=self.killed, actors=self.actors))
        (self.incident,) = decision.incidents
        return self

    def certainty(self) -> str:
        assert self.incident is not None
        return str(self.incident.event.certainty)

    def outlets(self) -> tuple[str, ...]:
        assert self.incident is not None
        return self.incident.outlets


def test_three_voices_of_their_own_make_an_event_observed_and_no_worse() -> None:
    desk = Desk().reads("a.example")
    assert desk.incident is not None
    alone = desk.incident.severity
    assert desk.certainty() == Certainty.LIKELY

    desk.reads("b.example")
    assert desk.certainty() == Certainty.LIKELY
    desk.reads("c.example")
    assert desk.certainty() == Certainty.OBSERVED
    assert desk.incident.severity == alone == severity_of(strike())


def test_a_wire_and_its_reprinters_are_one_voice() -> None:
    desk = (
        Desk()
        .reads("reuters.com")
        .reads("a.example", "(Reuters)")
        .reads("dawn.com", "With inputs from Reuters")
    )
    assert desk.certainty() == Certainty.LIKELY
    assert desk.outlets() == ("reuters.com",)

    desk.reads("bbc.co.uk").reads("apnews.com")
    assert desk.certainty() == Certainty.OBSERVED
    assert desk.outlets() == ("reuters.com", "bbc.co.uk", "apnews.com")


def test_agencies_without_a_name_count_only_where_no_wire_is_named() -> None:
    desk = Desk().reads("dawn.com", "(Agencies)").reads("tribune.com.pk", "(Agencies)")
    assert desk.outlets() == ("dawn.com",)
    assert desk.reads("a.example", "(AFP)").outlets() == ("a.example",)


def test_two_domains_of_one_outlet_are_one_voice() -> None:
    assert Desk().reads("bbc.co.uk").reads("bbc.com").reads("BBC News").outlets() == ("bbc.co.uk",)


def test_all_state_media_of_a_country_are_one_voice() -> None:
    desk = Desk().reads("xinhuanet.com").reads("cgtn.com").reads("a.example", "BEIJING (Xinhua) -")
    assert desk.certainty() == Certainty.LIKELY
    assert desk.outlets() == ("xinhuanet.com",)


def test_a_side_of_the_event_confirms_nothing() -> None:
    desk = Desk().reads("bbc.co.uk").reads("tass.com").reads("ukrinform.net").reads("president.gov.ua")
    assert desk.outlets() == ("bbc.co.uk",)
    assert desk.certainty() == Certainty.LIKELY


def test_nor_does_the_state_behind_a_side() -> None:
    desk = Desk(actors=(IRAN_BACKED,)).reads("bbc.co.uk").reads("irna.ir").reads("tasnimnews.com")
    assert desk.outlets() == ("bbc.co.uk",)
    assert Desk().reads("bbc.co.uk").reads("irna.ir").outlets() == ("bbc.co.uk", "irna.ir")


def test_a_movements_own_medium_confirms_nothing_of_its_country() -> None:
    lebanese = Actor(text="Hezbollah", name="Hezbollah", country="LBN", sector=Sector.REBELS)
    assert Desk(actors=(lebanese,)).reads("almanar.com.lb").outlets() == ()
    assert Desk().reads("almanar.com.lb").outlets() == ("almanar.com.lb",)


def test_a_digest_is_no_voice_beside_a_wire_or_another_digest() -> None:
    assert Desk().reads("allafrica.com").outlets() == ("allafrica.com",)
    assert Desk().reads("allafrica.com").reads("theweek.com").outlets() == ("allafrica.com",)
    desk = Desk(killed=3).reads("reuters.com").reads("allafrica.com")
    assert desk.outlets() == ("reuters.com",)
    assert desk.incident is not None
    because = fusion.why_so_certain(desk.incident.event, desk.incident.reports)
    assert because == "1 independent voice: Reuters; not counted: AllAfrica (a digest of others' reports)"


def told(event: Event, outlet: str) -> Alert:
    """The alert of one report in ``outlet``."""
    reader = Reader(PlainMemory())
    reader.reads(article("Missiles hit the port", outlet=outlet), event)
    return reader.alerts[0]


def test_what_one_side_alone_says_of_the_other_is_at_most_likely() -> None:
    blow = strike(actors=(UKRAINIANS,), recipients=(RUSSIA,))
    alert = told(blow.model_copy(update={"certainty": Certainty.OBSERVED}), "tass.com")
    assert alert.event is not None
    assert alert.event.certainty == Certainty.LIKELY
    assert alert.certainty_because == (
        "no independent voice; not counted: TASS (state media of RUS, a side of it)"
    )


def test_once_somebody_else_is_heard_his_words_count_and_not_the_sides() -> None:
    blow = strike(actors=(UKRAINIANS,), recipients=(RUSSIA,))
    for unsure in (Certainty.LIKELY, Certainty.POSSIBLE):
        reader = Reader(PlainMemory())
        reader.reads(
            article("Missiles hit the port", outlet="tass.com"),
            blow.model_copy(update={"certainty": Certainty.OBSERVED}),
        )
        (incident,) = reader.reads(
            article("Port struck, residents say", outlet="bbc.co.uk"),
            blow.model_copy(update={"certainty": unsure}),
        ).incidents
        assert incident.event.certainty == unsure


def test_what_a_neutral_voice_saw_is_not_held_down_to_likely() -> None:
    blow = strike(actors=(UKRAINIANS,), recipients=(RUSSIA,)).model_copy(
        update={"certainty": Certainty.OBSERVED}
    )
    alert = told(blow, "bbc.co.uk")
    assert alert.event is not None
    assert alert.event.certainty == Certainty.OBSERVED


@pytest.mark.parametrize(
    "claim",
    [
        Claim(),
        Claim(status=ClaimStatus.DENIED, denied_by=("Russia",)),
        Claim(status=ClaimStatus.CLAIMED, by="Coast Front"),
        Claim(status=ClaimStatus.ATTRIBUTED, by="Russia", attributed_by="Ukraine"),
    ],
)
def test_a_sides_denial_or_its_word_of_others_is_no_admission(claim: Claim) -> None:
    reader = Reader(PlainMemory())
    seen = strike().model_copy(update={"certainty": Certainty.OBSERVED})
    reader.reads(article("Missiles hit the port", outlet="ukrinform.net"), seen)
    (incident,) = reader.reads(
        article("Port was hit, says Moscow", outlet="tass.com"), seen.model_copy(update={"claim": claim})
    ).incidents
    assert incident.event.certainty == Certainty.LIKELY


def test_what_a_side_says_of_its_own_deed_stands() -> None:
    sure = strike(claimed_by="Russia").model_copy(update={"certainty": Certainty.OBSERVED})
    alert = told(sure, "tass.com")
    assert alert.event is not None
    assert alert.event.certainty == Certainty.OBSERVED
    assert alert.outlets_count == 0


def test_an_alert_names_its_outlets_and_says_whose_voices_they_are() -> None:
    desk = Desk(killed=3).reads("bbc.co.uk").reads("dawn.com", "(Reuters)").reads("reuters.com")
    desk.reads("tass.com")
    desk.killed = 60
    desk.reads("bbc.co.uk")
    alert = desk.reader.alerts[-1]

    assert alert.certainty_because == (
        '2 independent voices: BBC News, Dawn (credits Reuters: "(Reuters)"); '
        "not counted: TASS (state media of RUS, a side of it)"
    )
    assert [source.name for source in alert.sources].count("TASS") == 1
    assert alert.outlets_count == 2
    assert len(Alert.from_json(alert.to_json()).certainty_because) < 2500


def told_by(outlet: str, number: int = 0, **known: object) -> Report:
    """A report as it is kept; without a voice, as an older release did."""
    plain = Report(
        article_id=f"art_{outlet}_{number}",
        revision=1,
        outlet=outlet,
        url="",
        title="",
        summary="",
        published_at=MORNING + timedelta(minutes=number),
        event=strike(),
        main=True,
        joined_because="",
    )
    return plain.model_copy(update=known)


def test_reports_of_an_older_release_speak_for_their_outlet() -> None:
    desk = Desk().reads("c.example")
    assert desk.incident is not None
    reports = (told_by("a.example"), told_by("a.example"), told_by("b.example"))
    assert desk.incident.model_copy(update={"reports": reports}).outlets == ("a.example", "b.example")


def test_an_older_report_and_a_new_one_of_the_same_voice_count_once() -> None:
    desk = Desk().reads("reuters.com")
    assert desk.incident is not None
    old = (
        *(told_by(outlet) for outlet in ("reuters.com", "bbc.com")),
        told_by("dawn.com", summary="A drone hit. (Reuters)"),
    )
    incident = VOICES.with_old_reports(
        desk.incident.model_copy(update={"reports": (*old, *desk.incident.reports)})
    )
    assert [report.voice for report in incident.reports] == [
        *("wire:reuters", "bbc.co.uk", "wire:reuters", "wire:reuters")
    ]
    assert incident.outlets == ("reuters.com", "bbc.com")
    assert incident.reports[1].name == "BBC News"
    assert VOICES.with_old_reports(incident) is incident


class OlderMemory(PlainMemory):
    """Remembers incidents as an older release did: without voices."""

    def candidates(self, buckets: Sequence[str]) -> Candidates:
        read = super().candidates(buckets)
        return replace(read, incidents=tuple(map(without_voices, read.incidents)))


def without_voices(incident: Incident) -> Incident:
    reports = tuple(report.model_copy(update={"voice": ""}) for report in incident.reports)
    return incident.model_copy(update={"reports": reports})


def test_older_reports_get_their_voice_when_a_new_one_joins_them() -> None:
    desk = Desk()
    desk.reader.memory = OlderMemory()
    desk.reads("reuters.com").reads("dawn.com", "(Reuters)")
    assert desk.outlets() == ("reuters.com",)


# ---- what is kept of many reports ---------------------------------------------------------------


def ids(reports: tuple[Report, ...]) -> set[str]:
    return {report.article_id for report in reports}


def test_few_reports_are_all_kept() -> None:
    reports = tuple(told_by("a.example", n) for n in range(fusion.KEPT_REPORTS))
    assert fusion.keep(reports) == reports


def test_of_too_many_reports_copies_go_first_then_what_a_voice_repeats() -> None:
    singles = [told_by(f"single{n}.example", n) for n in range(25)]
    repeats = [told_by("again.example", n) for n in range(30, 60)]
    copies = [told_by("copy.example", n, copy_of="art_a") for n in range(100, 110)]

    kept = fusion.keep((*copies, *repeats, *singles))
    assert ids(kept) == ids((*singles, *repeats[:1], *repeats[6:]))  # all copies, and the oldest five repeats


def test_certainty_does_not_fall_as_reprints_arrive() -> None:
    desk = Desk().reads("x.example", "(Reuters)").reads("bbc.co.uk").reads("a.example")
    assert desk.certainty() == Certainty.OBSERVED
    for number in range(60):
        desk.reads(f"reprint{number}.example", "(Reuters)")
    assert desk.incident is not None
    assert (len(desk.incident.reports), desk.incident.reports_count) == (fusion.KEPT_REPORTS, 63)
    assert desk.outlets() == ("x.example", "bbc.co.uk", "a.example")
    assert desk.certainty() == Certainty.OBSERVED


def test_beyond_twenty_voices_the_oldest_go_but_never_the_opener_nor_who_gave_a_figure() -> None:
    reports = [told_by(f"o{n}.example", n) for n in range(70)]
    reports[30] = told_by("o30.example", 30, event=strike(killed=7))

    kept = ids(fusion.keep(tuple(reports)))
    assert len(kept) == fusion.KEPT_REPORTS
    dropped = ids(tuple(reports)) - kept
    assert dropped == ids(tuple(r for n, r in enumerate(reports) if 20 <= n <= 40 and n != 30))


def test_the_words_of_a_voice_are_kept_with_the_report() -> None:
    about = article("Missiles hit the port", summary="KYIV (AP) - Missiles hit it.", outlet="npr.org")
    reader = Reader(PlainMemory())
    (incident,) = reader.reads(about, strike()).incidents
    (report,) = incident.reports
    assert (report.name, report.voice) == ("NPR", "wire:ap")
    assert report.voice_because == 'credits Associated Press: "KYIV (AP)"'


def test_a_copyright_shows_the_sign_and_not_its_small_print() -> None:
    close = "Copyright 2024 The Associated Press. All rights reserved. It may not be published or sent on."
    told = voice("harbour-post.example", body=f"A drone hit the base.\n{close}")
    assert told.id == "wire:ap"
    assert "The Associated Press" in told.because


def test_a_newsroom_that_edits_its_own_reports_is_not_reuters() -> None:
    own = "A drone hit the base. Reporting by our staff in Kyiv; editing by Olga P."
    assert voice("harbour-post.example", body=own).id == "harbour-post.example"


def test_initials_of_a_desk_follow_a_wires_sign() -> None:
    assert voice("thehindu.com", body="A drone hit the base, the army said. PTI SKL SKL").id == "wire:pti"


def test_a_title_may_name_a_wires_site() -> None:
    assert voice("harbour-post.example", title="Strike on Erbil - Reuters.com").id == "wire:reuters"
