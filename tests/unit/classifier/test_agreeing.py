"""Where reports contradict each other: which place, day and sides hold."""

from datetime import date, timedelta

import pytest

from services.classifier.incidents.fusing import fusion
from services.classifier.incidents.fusing.voices import Voice
from services.classifier.incidents.telling.composing import report_of
from shared.contracts import Actor, Claim, ClaimStatus, Event, Place, Precision, Report, Sector
from tests.support.classifier import KHARKIV, MORNING, ODESA, RUSSIA, UKRAINE, UKRAINIANS, article, strike

TOWN_ABROAD = Place(name="Belgorod", country="RUS", lat=50.6, lon=36.59, precision=Precision.CITY)
REGION = Place(name="Kharkiv region", country="UKR", lat=49.6, lon=36.5, precision=Precision.REGION)
SPOT = Place(name="Northern market", country="UKR", lat=49.99, lon=36.26, precision=Precision.EXACT)
GUNMEN = Actor(text="gunmen", name="unknown gunmen", country="UKR", sector=Sector.REBELS)
FRONT = Actor(text="the Front", name="Coast Front", country="UKR", sector=Sector.REBELS)
LEAGUE = Actor(text="the League", name="Hill League", country="UKR", sector=Sector.REBELS)


def told(number: int, event: Event, outlet: str = "", copy_of: str | None = None) -> Report:
    about = article(
        f"Report {number}", outlet=outlet or f"o{number}.example", at=MORNING + timedelta(minutes=number)
    )
    return report_of(about, event, Voice(), "told so", copy_of)


def fused(*events: Event) -> Event:
    return fusion.fuse(tuple(told(number, event) for number, event in enumerate(events)))


def place_of(*places: Place | None) -> str | None:
    found = fused(*(strike(place=place) for place in places)).place
    return found.name if found else None


# ---- where --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("places", "wanted"),
    [
        ((UKRAINE, KHARKIV), KHARKIV),
        ((KHARKIV, UKRAINE, None), KHARKIV),
        ((None, REGION, SPOT), SPOT),
        ((KHARKIV, SPOT), SPOT),
        ((REGION, REGION, ODESA), REGION),  # a town outside the region
        ((ODESA, REGION, REGION), REGION),
        ((KHARKIV, KHARKIV, TOWN_ABROAD), KHARKIV),
        ((TOWN_ABROAD, KHARKIV, KHARKIV), KHARKIV),
        ((UKRAINE, UKRAINE, TOWN_ABROAD), UKRAINE),
        ((KHARKIV, ODESA), KHARKIV),  # as many tell of either: the older
        ((UKRAINE, UKRAINE, UKRAINE, ODESA), UKRAINE),  # one may have misread it
        ((UKRAINE, UKRAINE, UKRAINE, ODESA, ODESA), ODESA),
    ],
)
def test_the_finest_place_holds_where_it_agrees_with_the_rest(
    places: tuple[Place | None, ...], wanted: Place
) -> None:
    assert place_of(*places) == wanted.name


def test_one_outlet_that_repeats_a_stray_town_is_one_voice() -> None:
    stray = [told(n, strike(place=ODESA), "stray.example") for n in range(2, 7)]
    report = fusion.fuse((told(0, strike(place=KHARKIV)), told(1, strike(place=KHARKIV)), *stray))
    assert report.place == KHARKIV


def test_copies_of_a_stray_town_are_no_voices() -> None:
    first = told(2, strike(place=ODESA))
    copies = [told(n, strike(place=ODESA), copy_of=first.article_id) for n in range(3, 9)]
    known = (told(0, strike(place=KHARKIV)), told(1, strike(place=KHARKIV)))
    assert fusion.fuse((*known, first, *copies)).place == KHARKIV


def test_what_is_told_in_passing_weighs_less() -> None:
    passing = strike(place=ODESA, main=False)
    assert fused(strike(place=KHARKIV), passing, passing.model_copy()).place == KHARKIV


# ---- when ---------------------------------------------------------------------------------------


def day(number: int, *, printed: bool = True) -> Event:
    return strike(on=date(2024, 3, number), printed_day=printed)


def test_the_day_that_most_voices_print_holds() -> None:
    found = fused(day(4), day(5), day(5))
    assert (found.occurred_on, found.date_inferred) == (date(2024, 3, 5), False)


def test_a_printed_day_outweighs_inferred_ones() -> None:
    found = fused(day(4, printed=False), day(4, printed=False), day(5))
    assert (found.occurred_on, found.date_inferred) == (date(2024, 3, 5), False)


def test_a_day_comes_with_its_own_precision() -> None:
    week = day(4).model_copy(update={"date_precision": 2, "date_inferred": True})
    found = fused(strike(on=None), week)
    assert (found.occurred_on, found.date_precision) == (date(2024, 3, 4), 2)


# ---- who ----------------------------------------------------------------------------------------


def names(*actors: Actor, claim: int | None = None) -> list[str]:
    events = [strike(actors=(actor,)) for actor in actors]
    if claim is not None:
        said = Claim(by=actors[claim].name, status=ClaimStatus.CLAIMED)
        events[claim] = events[claim].model_copy(update={"claim": said})
    return [actor.name for actor in fused(*events).actors]


def test_unknown_gunmen_become_the_group_that_later_reports_name() -> None:
    assert names(GUNMEN, GUNMEN, FRONT) == ["Coast Front"]


def test_the_group_that_most_voices_name_holds() -> None:
    assert names(LEAGUE, FRONT, FRONT) == ["Coast Front"]
    assert names(LEAGUE, FRONT) == ["Hill League"]


def test_a_claimant_goes_before_who_is_blamed() -> None:
    assert names(LEAGUE, LEAGUE, FRONT, claim=2) == ["Coast Front"]


def test_who_was_hit_did_not_do_it() -> None:
    turned = strike(actors=(UKRAINIANS,), recipients=(RUSSIA,))
    found = fused(strike(actors=(GUNMEN,)), turned)
    assert [actor.name for actor in found.actors] == ["unknown gunmen"]


def test_who_answered_a_coup_with_a_curfew_is_not_who_made_it() -> None:
    mutineers = Actor(text="mutinous soldiers", name="mutinous soldiers", country="LSO", sector="MIL")
    state = Actor(text="The government", name="Lesotho", country="LSO", sector="GOV")
    coup = strike(event_type="COERCE", mode="coup", actors=(mutineers,), recipients=(), place=None)
    curfew = strike(event_type="COERCE", mode="curfew", actors=(state,), recipients=(), place=None)
    assert [actor.name for actor in fused(coup, curfew).actors] == ["mutinous soldiers"]
