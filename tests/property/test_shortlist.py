"""What matches is shortlisted: whatever the reports, a card never says less than the incident shares."""

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.classifier.coding.events import meaning
from services.classifier.incidents.filing import cards, estimating, shortlist
from services.classifier.incidents.filing.estimating import SLACK
from services.classifier.incidents.matching.likeness import features
from services.classifier.incidents.matching.matcher import match, shipped
from shared.contracts import Actor, Place, Precision, Sector
from tests.benchmarks.bulk import incident_of
from tests.benchmarks.invented_news import Report
from tests.support.classifier import KHARKIV, MORNING, ODESA, RUSSIA, UKRAINE, UKRAINIANS, article, strike

DAY = date(2024, 3, 5)
REGION = Place(name="Kharkiv region", country="UKR", lat=49.6, lon=36.4, precision=Precision.REGION)
NOWHERE = Place(name="Vovchansk", country="UKR", precision=Precision.CITY)
SUBURB = Place(name="Derhachi", country="UKR", lat=50.11, lon=36.12, precision=Precision.CITY)
BELGOROD = Place(name="Belgorod", country="RUS", lat=50.6, lon=36.58, precision=Precision.CITY)
SEA = Place(name="Black Sea", lat=43.4, lon=34.3, precision=Precision.REGION)
MILITIA = Actor(text="militants", name="militants", sector=Sector.REBELS)
LEGION = Actor(text="the Legion", name="Free Legion", country="RUS", sector=Sector.REBELS)
NOBODY = Actor(text="", name="unknown attackers", sector=Sector.UNKNOWN)
WORDS = re.findall(
    r"\w+",
    """Missiles rockets hit Kharkiv market housing killed seven wounded Mayor Terekhov said overnight 14
    rescuers Saltivka northern district drones Odesa harbour warehouse burning 300 governor Russia army
    the in of at on""",
)

abouts = st.one_of(
    st.just(""),
    st.lists(st.sampled_from([-0.2, 0.0, 0.1, 0.25]), min_size=64, max_size=64).map(
        lambda numbers: meaning.packed(numbers, "reader")
    ),
)
sides = st.sampled_from([(), (RUSSIA,), (UKRAINIANS,), (MILITIA,), (LEGION, MILITIA), (NOBODY,)])
texts = st.lists(st.sampled_from(WORDS), max_size=24).map(" ".join)
events = st.builds(
    strike,
    place=st.sampled_from([KHARKIV, ODESA, UKRAINE, REGION, NOWHERE, SUBURB, BELGOROD, SEA, None]),
    on=st.one_of(st.none(), st.integers(-9, 4).map(lambda shift: DAY + timedelta(days=shift))),
    actors=sides,
    recipients=sides,
    killed=st.sampled_from([None, 0, 2, 7, 40]),
    main=st.booleans(),
    printed_day=st.booleans(),
    event_type=st.sampled_from(["ASSAULT", "PROTEST"]),
    mode=st.sampled_from(["missile", "drone", "riot"]),
    about=abouts,
)
reports = st.builds(
    lambda event, title, summary, hours: Report(
        article(title, summary=summary, at=MORNING + timedelta(hours=hours)), event, ()
    ),
    event=events,
    title=texts,
    summary=texts,
    hours=st.integers(-60, 96),
)


@given(told=st.lists(reports, min_size=1, max_size=5), new=reports)
def test_the_estimate_is_not_less_than_the_vote(told: list[Report], new: Report) -> None:
    incident = incident_of(told)
    vote, found = shipped(), features(new.event, new.article, incident)
    if found["sides reversed"]:
        return  # is refused, whatever the vote
    total = vote.bias + sum(vote.weights.get(name, 0.0) * value for name, value in found.items())
    among = cards.read([cards.card_of(incident)])

    likely, _, _ = estimating.estimate(among, new.event, new.article)
    assert likely[0] >= total - SLACK


@given(told=st.lists(reports, min_size=1, max_size=5), new=reports)
def test_what_matches_is_shortlisted(told: list[Report], new: Report) -> None:
    incident = incident_of(told)
    among = cards.read([cards.card_of(incident)])
    if match(new.event, new.article, incident) is not None:
        assert shortlist.likeliest(among, new.event, new.article) == [incident.id]
