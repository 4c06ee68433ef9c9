"""Counts of people: who gives them in a report, which one is best, and how that is told."""

from datetime import datetime, timedelta

import pytest

from services.classifier.incidents.fusing import figures, fusion
from services.classifier.incidents.fusing.voices import Voice
from services.classifier.incidents.telling.composing import report_of
from services.classifier.incidents.telling.wording import sentence, told_costs
from services.classifier.memory import PlainMemory
from shared.contracts import Actor, Casualties, Count, Counted, Event, Figure, Figures, Report, Sayer, Sector
from tests.support.classifier import KHARKIV, MORNING, RUSSIA, UKRAINIANS, Reader, article, strike

REBELS = Actor(text="the rebels", name="Coast Front", country="UKR", sector=Sector.REBELS)
SOLDIERS = Actor(text="soldiers", name="Ukraine", country="UKR", sector=Sector.MILITARY)


def counted(title: str, summary: str = "", killed: int = 12, injured: int | None = None) -> Counted:
    hurt = Count(low=injured, high=injured) if injured is not None else None
    event = strike(killed=killed)
    event = event.model_copy(update={"casualties": event.casualties.model_copy(update={"injured": hurt})})
    found = figures.counted_in(article(title, summary=summary), event)
    return found[1] if injured is not None else found[0]


# ---- who gives a count --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said_by", "sayer"),
    [
        ("The strike killed 12 people, the health ministry said.", "health ministry", Sayer.AUTHORITY),
        ("Police said on Tuesday that 12 people had died.", "police", Sayer.AUTHORITY),
        ("At least 12 died, according to the regional governor.", "regional governor", Sayer.AUTHORITY),
        ("Twelve people were killed, Governor Jane Roe said.", "governor", Sayer.AUTHORITY),
        ("Twelve bodies were brought in, a medic at the harbour hospital told AFP; 12 died.",
         "medic at the harbour hospital", Sayer.NEUTRAL),
        ("The rebels, who hold the coast, said they had killed 12 soldiers.", "rebels", Sayer.SIDE),
        ("Residents counted 12 dead.", "residents", Sayer.OTHER),
        ("A spokesman for the rebels said 12 soldiers were killed.", "rebels", Sayer.SIDE),
        ("A defence ministry official put the dead at 12.", "defence ministry official", Sayer.FORCES),
        ("The strike killed 12 people.", "", Sayer.OUTLET),
        ("Twelve people were killed. Moscow said it had aimed at a depot.", "", Sayer.OUTLET),
        ("Harbour rebels claimed the bomb that killed 12 people.", "", Sayer.OUTLET),
        ("The army said it was behind the raid, in which 12 people died.", "", Sayer.OUTLET),
    ],
)  # fmt: skip
def test_who_gives_a_count(text: str, said_by: str, sayer: Sayer) -> None:
    found = counted("Kharkiv struck", text)
    assert (found.said_by, found.sayer) == (said_by, sayer)


@pytest.mark.parametrize("title", ["Twelve killed in raid: army", "Army: 12 killed", "Raid kills 12 - army"])
def test_who_gives_a_count_in_a_headline(title: str) -> None:
    assert counted(title).said_by == "army"


def test_of_two_sayers_in_one_sentence_each_gives_his_own() -> None:
    text = "The army said 12 people were killed, while residents spoke of 30 wounded."
    assert counted("Kharkiv struck", text).said_by == "army"
    assert counted("Kharkiv struck", text, injured=30).said_by == "residents"


def test_who_spoke_in_the_sentence_before_is_meant_by_it() -> None:
    text = "The health ministry said it needed blood. It added that 12 people were killed."
    assert counted("Kharkiv struck", text).said_by == "health ministry"


def test_a_headline_leaves_out_what_the_lead_tells() -> None:
    found = counted("Missiles kill 12 in Kharkiv", "At least 12 people were killed, the mayor said.")
    assert (found.said_by, found.at_least) == ("mayor", True)


@pytest.mark.parametrize(
    ("one", "other"),
    [("a medic", "doctors at the harbour hospital"), ("police", "a police spokesman"),
     ("residents", "a villager"), ("the army", "a military source")],
)  # fmt: skip
def test_two_words_for_one_voice(one: str, other: str) -> None:
    said = [counted("Kharkiv struck", f"Twelve people died, {who} said.").voice for who in (one, other)]
    assert said[0] == said[1] != ""


# ---- the best of all reports --------------------------------------------------------------------


def told(
    killed: int | tuple[int, int],
    said_by: str = "",
    sayer: Sayer = Sayer.OUTLET,
    *,
    hour: float = 0,
    outlet: str = "a.example",
    event: Event | None = None,
    country: str | None = None,
) -> Report:
    low, high = killed if isinstance(killed, tuple) else (killed, killed)
    count = Count(low=low, high=high)
    about = article(f"Report {outlet} {hour}", outlet=outlet, at=MORNING + timedelta(hours=hour))
    seen = (event or strike()).model_copy(update={"casualties": Casualties(killed=count)})
    report = report_of(about, seen, Voice(), "told so")
    figure = Counted(
        field="killed", count=count, sayer=sayer, said_by=said_by, voice=said_by, country=country
    )
    return report.model_copy(update={"figures": (figure,)})


def best(*reports: Report) -> Figure:
    found = figures.best(reports, fusion.fuse(reports)).killed
    assert found is not None
    return found


def beside(figure: Figure) -> tuple[int, int] | None:
    return (figure.told.low, figure.told.high) if figure.told else None


def test_the_newest_official_figure_is_the_best_with_what_others_tell_beside_it() -> None:
    figure = best(
        told(9, "residents", Sayer.OTHER, hour=1, outlet="b.example"),
        told(12, "health ministry", Sayer.AUTHORITY),
        told(14, hour=2, outlet="c.example"),
    )
    assert (figure.low, figure.said_by, figure.official, beside(figure)) == (
        12,
        "health ministry",
        True,
        (9, 14),
    )
    assert told_costs(Casualties(killed=Count(low=12, high=12)), Figures(killed=figure)) == (
        "12 killed (health ministry; 9 to 14 told)"
    )


def test_older_lower_tolls_of_a_rising_count_are_history() -> None:
    figure = best(
        told(2, outlet="b.example"),
        told(7, "police", Sayer.AUTHORITY, hour=1),
        told(9, "police", Sayer.AUTHORITY, hour=3, outlet="c.example"),
    )
    assert (figure.low, beside(figure)) == (9, None)


def test_a_count_that_its_own_voice_revised_is_gone_whichever_outlet_quotes_it() -> None:
    figure = best(
        told(30, "police", Sayer.AUTHORITY), told(3, "police", Sayer.AUTHORITY, hour=1, outlet="b.example")
    )
    assert (figure.low, beside(figure)) == (3, None)


def test_two_other_voices_overtake_an_official_count_and_one_does_not() -> None:
    official = told(2, "mayor", Sayer.AUTHORITY)
    one = told(14, hour=1, outlet="b.example")
    assert (best(official, one).low, beside(best(official, one))) == (2, (2, 14))

    figure = best(official, one, told(14, hour=2, outlet="c.example"))
    assert (figure.low, beside(figure)) == (14, None)


def test_an_official_count_of_yesterday_is_outdated() -> None:
    assert best(told(2, "mayor", Sayer.AUTHORITY), told(14, hour=20, outlet="b.example")).low == 14


@pytest.mark.parametrize(
    ("sayer", "country", "victims"),
    [
        (Sayer.SIDE, None, UKRAINIANS),  # rebels of their enemy
        (Sayer.FORCES, "RUS", UKRAINIANS),  # who did it
        (Sayer.AUTHORITY, "RUS", UKRAINIANS),
        (Sayer.FORCES, "UKR", SOLDIERS),  # an army of its own troops
        (Sayer.FORCES, None, SOLDIERS),  # the army of the place
    ],
)
def test_what_a_side_counts_is_a_claim(sayer: Sayer, country: str | None, victims: Actor) -> None:
    event = strike(recipients=(victims,))
    claim = told(60, "its spokesman", sayer, hour=1, event=event, country=country)
    figure = best(told(9, outlet="b.example", event=event), claim)
    assert (figure.low, figure.claim, beside(figure)) == (9, False, (9, 60))

    alone = best(claim)
    assert (alone.low, alone.claim, alone.official) == (60, True, False)
    assert told_costs(Casualties(killed=Count(low=60, high=60)), Figures(killed=alone)) == (
        "60 killed (by the count of its spokesman)"
    )


@pytest.mark.parametrize("sayer", [Sayer.AUTHORITY, Sayer.FORCES, Sayer.NEUTRAL])
def test_who_counts_the_people_hit_in_their_own_land_is_no_side(sayer: Sayer) -> None:
    figure = best(told(9, "officials", sayer, country="UKR"))
    assert (figure.official, figure.claim) == (True, False)


def test_state_media_of_the_striker_only_claim() -> None:
    report = told(60, hour=1).model_copy(update={"voice": "state:RUS"})
    assert best(told(9, outlet="b.example"), report).low == 9


def test_several_beside_seven_is_neither_better_nor_a_rival() -> None:
    figure = best(told(7), told((3, 9), hour=1, outlet="b.example"))
    assert (figure.low, figure.high, beside(figure)) == (7, 7, None)


def test_copies_have_the_voice_that_they_copy() -> None:
    official, wire = told(2, "mayor", Sayer.AUTHORITY), told(14, hour=1, outlet="wire.example")
    copy = told(15, hour=2, outlet="b.example").model_copy(update={"copy_of": wire.article_id})
    assert best(official, wire, copy).low == 2

    figure = best(wire, copy)
    assert (figure.low, beside(figure)) == (15, None)


def test_reports_of_an_older_release_are_their_outlets() -> None:
    report = told(5).model_copy(update={"figures": ()})
    figure = best(report)
    assert (figure.low, figure.said_by, figure.by_outlet) == (5, "a.example", True)


def test_the_reports_behind_a_figure_are_kept() -> None:
    crowd = [told(20, hour=n / 60, outlet=f"o{n}.example") for n in range(60)]
    official = told(12, "police", Sayer.AUTHORITY, hour=0.2, outlet="b.example")
    most = told(31, hour=0.3, outlet="c.example")
    kept = fusion.keep((*crowd, official, most))
    assert len(kept) == fusion.KEPT_REPORTS
    assert {official.article_id, most.article_id} <= {report.article_id for report in kept}


# ---- as it is told ------------------------------------------------------------------------------


def figure(said_by: str, **more: object) -> Figure:
    return Figure.model_validate({"low": 1, "high": 1, "said_by": said_by, "at": MORNING, **more})


def test_who_gives_two_counts_is_named_once_and_an_outlet_not_at_all() -> None:
    costs = Casualties(killed=Count(low=12, high=12), injured=Count(low=30, high=30))
    assert told_costs(costs, Figures(killed=figure("police", at_least=True), injured=figure("police"))) == (
        "at least 12 killed, 30 injured (police)"
    )
    assert told_costs(costs, Figures(killed=figure("BBC", by_outlet=True))) == "12 killed, 30 injured"
    assert told_costs(costs, Figures()) == "12 killed, 30 injured"


def test_an_alert_and_its_incident_tell_who_counts() -> None:
    reader = Reader(PlainMemory())
    about = article("Missiles kill 4 in Kharkiv", summary="Four people were killed, the mayor said.")
    (incident,) = reader.reads(about, strike(killed=4)).incidents

    (alert,) = reader.alerts
    assert alert.figures == incident.figures
    assert alert.figures.killed is not None
    assert (alert.figures.killed.said_by, alert.figures.killed.official) == ("mayor", True)
    assert alert.sentence.endswith("4 killed (mayor).")
    assert alert.sentence == sentence(incident.event, incident.figures)


def test_a_revision_replaces_its_articles_older_count() -> None:
    reader = Reader(PlainMemory())
    first = article("Missiles kill 30 in Kharkiv", summary="Thirty people were killed, police said.")
    reader.reads(first, strike(killed=30))
    edit = article(
        "Missiles kill 3 in Kharkiv", summary="Three were killed, police said.", id=first.id, revision=2
    )
    (incident,) = reader.reads(edit, strike(killed=3)).incidents

    assert incident.figures.killed is not None
    assert (incident.figures.killed.low, incident.figures.killed.told) == (3, None)
    assert str(reader.alerts[-1].kind) == "corrected"


def test_a_sides_boast_rings_no_escalation() -> None:
    reader = Reader(PlainMemory())
    reader.reads(article("Missiles hit Kharkiv"), strike(killed=2, place=KHARKIV, actors=(RUSSIA,)))
    boast = article(
        "Moscow's defence ministry: 90 killed in Kharkiv",
        summary="Russia's defence ministry said 90 people were killed.",
        at=datetime(2024, 3, 5, 10, tzinfo=MORNING.tzinfo),
        outlet="b.example",
    )
    (incident,) = reader.reads(boast, strike(killed=90)).incidents

    assert incident.event.casualties.killed == Count(low=2, high=2)
    assert incident.figures.killed is not None
    assert incident.figures.killed.told == Count(low=2, high=90)
    assert len(reader.alerts) == 1
