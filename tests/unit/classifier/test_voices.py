"""Whose voice a report speaks with, and how sure many voices make us."""

import pytest

from services.classifier.coding.severity import severity_of
from services.classifier.incidents import Voice, Voices
from services.classifier.memory import PlainMemory
from shared.contracts import Actor, Alert, Certainty, Event, Incident, Report, Sector
from shared.outlets import Registry, load
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
    ],
)
def test_looser_forms_are_believed_of_those_who_carry_the_wire(outlet: str, summary: str, said: str) -> None:
    assert voice(outlet, summary).id == said


def test_a_wire_vouches_for_what_it_quotes_of_others() -> None:
    assert voice("apnews.com", "A drone hit the base, Reuters reported.").id == "wire:ap"


def test_a_headline_alone_may_credit() -> None:
    assert voice("harbour-post.example", title="Blasts heard in Damascus, SANA reports").id == "state:SYR"


def test_without_a_registry_everybody_speaks_for_himself() -> None:
    nobody = Voices(Registry((), ()))
    assert nobody.of(article("Strike", summary="ERBIL (AP) - () - ", outlet="bbc.com")).id == "bbc.com"


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
        "no independent voice; not counted: TASS (is TASS, state media of RUS, a side of it)"
    )


def test_what_a_side_says_of_its_own_deed_stands() -> None:
    sure = strike().model_copy(update={"certainty": Certainty.OBSERVED})
    alert = told(sure, "tass.com")
    assert alert.event is not None
    assert alert.event.certainty == Certainty.OBSERVED
    assert alert.outlets_count == 0


def test_an_alert_names_its_outlets_and_says_whose_voices_they_are() -> None:
    desk = Desk(killed=3).reads("bbc.co.uk").reads("dawn.com", "(Reuters)").reads("reuters.com")
    desk.killed = 60
    desk.reads("tass.com")
    alert = desk.reader.alerts[-1]

    assert alert.certainty_because == (
        '2 independent voices: BBC News, Dawn (credits Reuters: "(Reuters)"); '
        "not counted: TASS (is TASS, state media of RUS, a side of it)"
    )
    assert [source.name for source in alert.sources].count("TASS") == 1
    assert alert.outlets_count == 2
    assert len(Alert.from_json(alert.to_json()).certainty_because) < 2500


def test_reports_of_an_older_release_speak_for_their_outlet() -> None:
    def old(outlet: str) -> Report:
        return Report(
            article_id=f"art_{outlet}",
            revision=1,
            outlet=outlet,
            url="",
            title="",
            summary="",
            published_at=MORNING,
            event=strike(),
            main=True,
            joined_because="",
        )

    desk = Desk().reads("c.example")
    assert desk.incident is not None
    reports = (old("a.example"), old("a.example"), old("b.example"))
    assert desk.incident.model_copy(update={"reports": reports}).outlets == ("a.example", "b.example")


def test_the_words_of_a_voice_are_kept_with_the_report() -> None:
    about = article("Missiles hit the port", summary="KYIV (AP) - Missiles hit it.", outlet="npr.org")
    reader = Reader(PlainMemory())
    (incident,) = reader.reads(about, strike()).incidents
    (report,) = incident.reports
    assert (report.name, report.voice) == ("NPR", "wire:ap")
    assert report.voice_because == 'credits Associated Press: "KYIV (AP)"'
