"""What fusion promises of all reports, in whatever order they come."""

from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from services.classifier.incidents.fusing import figures, fusion
from services.classifier.incidents.fusing.voices import Voice
from services.classifier.incidents.telling.composing import report_of
from shared.contracts import Actor, Count, Counted, Event, Place, Precision, Report, Sayer
from tests.support.classifier import KHARKIV, MORNING, ODESA, RUSSIA, UKRAINE, UKRAINIANS, article, strike

ABROAD = Place(name="Belgorod", country="RUS", lat=50.6, lon=36.59, precision=Precision.CITY)
GUNMEN = Actor(text="gunmen", name="unknown gunmen", country=None)
events = st.builds(
    strike,
    place=st.sampled_from([KHARKIV, ODESA, UKRAINE, ABROAD, None]),
    on=st.sampled_from([None, date(2024, 3, 4), date(2024, 3, 5)]),
    actors=st.sampled_from([(), (GUNMEN,), (RUSSIA,)]),
    recipients=st.sampled_from([(), (UKRAINIANS,)]),
    killed=st.sampled_from([None, 0, 1, 7, 12, 60]),
    claimed_by=st.sampled_from([None, "Russia"]),
    main=st.booleans(),
    printed_day=st.booleans(),
)


@st.composite
def reports(draw: st.DrawFn) -> tuple[Report, ...]:
    told = []
    for number, event in enumerate(draw(st.lists(events, min_size=1, max_size=8))):
        outlet = draw(st.sampled_from("abcd"))
        about = article(f"Report {number}", outlet=outlet, at=MORNING + timedelta(hours=number))
        report = report_of(about, event, Voice(), "told so")
        if event.casualties.killed is not None:
            said = Counted(
                field="killed",
                count=event.casualties.killed,
                sayer=draw(st.sampled_from(Sayer)),
                voice=draw(st.sampled_from(["", "police", "hospital"])),
            )
            report = report.model_copy(update={"figures": (said,)})
        told.append(report)
    return tuple(told)


@given(told=reports(), order=st.randoms())
def test_the_order_of_arrival_changes_nothing(told: tuple[Report, ...], order: Random) -> None:
    shuffled = list(told)
    order.shuffle(shuffled)
    fused = fusion.fuse(told)
    assert fusion.fuse(tuple(shuffled)) == fused
    assert figures.best(shuffled, fused) == figures.best(told, fused)


@given(told=reports())
def test_what_is_fused_was_told_by_somebody(told: tuple[Report, ...]) -> None:
    fused = fusion.fuse(told)
    assert fused.place in [report.event.place for report in told]
    assert fused.occurred_on in [report.event.occurred_on for report in told]
    assert fused.actors in [report.event.actors for report in told]
    assert fused.casualties.killed in [report.event.casualties.killed for report in told]


@given(told=reports())
def test_a_place_that_somebody_knows_is_known(told: tuple[Report, ...]) -> None:
    if any(report.event.place for report in told):
        assert fusion.fuse(told).place is not None


@given(told=reports())
def test_a_range_holds_its_figure_and_the_figure_is_the_events(told: tuple[Report, ...]) -> None:
    fused = fusion.fuse(told)
    for field, figure in figures.best(told, fused):
        if figure is None:
            assert getattr(fused.casualties, field) is None
            continue
        assert getattr(fused.casualties, field) == Count(low=figure.low, high=figure.high)
        if figure.told is not None:
            assert figure.told.low <= figure.low <= figure.high <= figure.told.high
            assert figure.told != Count(low=figure.low, high=figure.high)
        assert not (figure.official and figure.claim)


@given(stray=events, minutes=st.integers(-500, 500))
def test_a_single_stray_report_moves_no_incident_that_two_voices_place(stray: Event, minutes: int) -> None:
    def told(outlet: str, event: Event, after: int) -> Report:
        about = article(f"By {outlet}", outlet=outlet, at=MORNING + timedelta(minutes=after))
        return report_of(about, event, Voice(), "told so")

    known = (told("one", strike(place=KHARKIV), 0), told("two", strike(place=KHARKIV), 1))
    assert fusion.fuse((*known, told("stray", stray, minutes))).place == KHARKIV
