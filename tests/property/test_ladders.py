"""What holds of ladders whatever happens: counts are a recount, changes cancel, a short history is silent."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.classifier.incidents import Decision, consider
from services.classifier.ladders import entries
from services.classifier.ladders.baseline import ENOUGH_DAYS, LEAST_MAD, SCALE, SPREADS, rate_of
from services.classifier.ladders.book import Book
from services.classifier.ladders.counting import without
from services.classifier.ladders.rungs import rung_of
from services.classifier.memory import PlainMemory
from shared.contracts import AlertKind, Incident, Ladder, Ladders, Reason
from tests.support.classifier import KHARKIV, MORNING, RUSSIA, UKRAINIANS, Reader, article, coded, strike
from tests.support.ladders import struck, watched

DAY = date(2024, 3, 5)
ABOUT = article("A strike")
(OPENED,) = consider(ABOUT, coded(ABOUT, strike()), [], now=MORNING).incidents

sides = st.sampled_from([(), (RUSSIA,), (UKRAINIANS,), (RUSSIA, UKRAINIANS)])
events = st.builds(
    strike,
    place=st.sampled_from([KHARKIV, None]),
    on=st.one_of(st.none(), st.integers(0, 9).map(lambda back: DAY - timedelta(days=back))),
    actors=sides,
    recipients=sides,
)
states = st.builds(
    lambda name, event, retracted, level: OPENED.model_copy(
        update={
            "id": f"inc_{name}",
            "event": event.model_copy(update={"hostility": level}),
            "retracted": retracted,
        }
    ),
    st.integers(0, 4),
    events,
    st.booleans(),
    st.integers(1, 5),
)
weeks = st.lists(st.integers(0, 60), min_size=13, max_size=13)


def written(changes: list[Incident]) -> Book:
    book = Book()
    for change in changes:
        book.write(Decision(article=None, reason=Reason.NOTHING_NEW, incidents=(change,)))
    return book


def counted(book: Book) -> Counter[tuple[str, date, str]]:
    return Counter(
        {
            (subject, day, kind): number
            for subject, days in book.counts.items()
            for day, kinds in days.items()
            for kind, number in kinds.items()
        }
    )


@given(st.lists(states, max_size=30))
def test_counts_are_a_recount_of_the_incidents_as_they_now_stand(changes: list[Incident]) -> None:
    now = {change.id: change for change in changes}
    recount = Counter(tuple(entry) for incident in now.values() for entry in entries(incident))

    assert counted(written(changes)) == recount
    # And so in whatever order the incidents came.
    assert counted(written(list(now.values())[::-1])) == recount


@given(st.lists(states, max_size=20))
def test_a_change_and_its_contrary_leave_nothing(changes: list[Incident]) -> None:
    undone = [change.model_copy(update={"retracted": True}) for change in changes]

    assert counted(written([*changes, *undone])) == Counter()


@given(st.lists(states, max_size=10), states)
def test_a_ladder_without_an_incident_is_one_that_never_met_it(
    changes: list[Incident], own: Incident
) -> None:
    others = [change for change in changes if change.id != own.id]
    for subject in {entry.subject for entry in entries(own)}:
        met = written([*others, own]).read([subject]).of(subject)
        never = written(others).read([subject]).of(subject)
        found = {day: kinds for day, kinds in without(met, entries(own)).days.items() if kinds}
        assert found == never.days


@given(weeks, st.integers(0, ENOUGH_DAYS - 1))
def test_a_short_history_never_rings(counts: list[int], behind: int) -> None:
    known = Ladders(observed=frozenset(DAY - timedelta(days=n) for n in range(behind + 1)))
    days = {DAY - timedelta(days=7 * back): {"ASSAULT-4": n} for back, n in enumerate(counts) if n}
    ladder = Ladder(subject="UKR", days=days)

    assert not rate_of(ladder, known, DAY).above
    assert not rung_of(5, Ladder(subject="UKR"), known, DAY).reached


@given(weeks)
def test_what_rings_is_above_its_limit_and_more_is_never_less_unusual(counts: list[int]) -> None:
    known = Ladders(observed=frozenset(DAY - timedelta(days=n) for n in range(100)))

    def rate(week: int) -> tuple[bool, float]:
        all_weeks = [week, *counts[1:]]
        days = {DAY - timedelta(days=7 * back): {"ASSAULT-4": n} for back, n in enumerate(all_weeks) if n}
        found = rate_of(Ladder(subject="UKR", days=days), known, DAY)
        assert found.limit is not None
        return found.above, found.limit

    above, limit = rate(counts[0])
    assert limit >= SPREADS * SCALE * LEAST_MAD
    assert not above or counts[0] > limit
    assert not above or rate(counts[0] + 1)[0]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, ENOUGH_DAYS - 1), st.integers(1, 12))
def test_no_trend_rings_in_a_young_house(days: int, strikes: int) -> None:
    reader = Reader(PlainMemory())
    watched(reader, MORNING, days)
    for minutes in range(strikes):
        struck(reader, MORNING + timedelta(minutes=minutes))

    assert not [alert for alert in reader.alerts if alert.kind == AlertKind.TREND]
