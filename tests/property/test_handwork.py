"""Whatever people merge and split and whatever is reported in between: no report is lost, no work undone."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.classifier import handwork
from services.classifier.incidents.hand.handwork import Hand
from services.classifier.memory import PlainMemory
from shared.contracts import Article, Incident, Place, Precision
from shared.errors import BadInput
from tests.support.classifier import KHARKIV, MORNING, ODESA, UKRAINE, Reader, article, strike

LVIV = Place(name="Lviv", country="UKR", lat=49.84, lon=24.03, precision=Precision.CITY)
PLACES = (KHARKIV, ODESA, LVIV, UKRAINE)
picks = st.integers(0, 11)
steps = st.one_of(
    st.tuples(st.just("reads"), st.integers(0, 3), picks),
    st.tuples(st.just("revises"), picks, st.integers(0, 3)),
    st.tuples(st.just("merges"), picks, picks),
    st.tuples(st.just("splits"), picks, picks),
)


class World:
    """Articles that tell of one event each, a machine that reads them, and a person who moves them."""

    def __init__(self) -> None:
        self.memory = PlainMemory()
        self.reader = Reader(self.memory)
        self.articles: list[Article] = []
        self.places: dict[str, Place] = {}
        self.ids: list[str] = []
        self.put: dict[str, str] = {}
        """Where a person put an article's report."""
        self.split: set[frozenset[str]] = set()
        """Incidents that a person split from each other and never merged again."""
        self.minutes = 0

    def take(self, step: tuple[str, int, int]) -> None:
        what, one, other = step
        self.minutes += 1
        if what == "reads":
            self._read(PLACES[one], other)
        elif what == "revises" and self.articles:
            self._revise(one % len(self.articles), PLACES[other])
        elif what == "merges" and self.standing():
            self._merge(*(each.id for each in self._pick(one, other)))
        elif what == "splits" and self.standing():
            (incident, _) = self._pick(one, other)
            self._split(incident, other)

    def standing(self) -> list[Incident]:
        """The incidents that are not retracted."""
        return [each for each in self._all() if not each.retracted]

    def goes_on_in(self, id_: str) -> str:
        by_id = {each.id: each for each in self._all()}
        while (further := by_id[id_].merged_into) is not None:
            id_ = further
        return id_

    def _all(self) -> list[Incident]:
        return [*self.memory.known(self.ids).incidents]

    def _pick(self, one: int, other: int) -> tuple[Incident, Incident]:
        found = self.standing()
        return found[one % len(found)], found[other % len(found)]

    def _read(self, place: Place, killed: int) -> None:
        at = MORNING + timedelta(minutes=self.minutes)
        about = article(f"Missiles hit {place.name}, note {self.minutes}", at=at)
        self.articles.append(about)
        self.places[about.id] = place
        self._note(self.reader.reads(about, strike(place=place, killed=killed)).incidents)

    def _revise(self, number: int, place: Place) -> None:
        old = self.articles[number]
        title = f"Missiles hit {place.name}, edit {self.minutes}"
        about = old.model_copy(update={"revision": old.revision + 1, "title": title})
        self.articles[number] = about
        self._note(self.reader.reads(about, strike(place=place)).incidents)

    def _merge(self, one: str, other: str) -> None:
        try:
            stays, goes = handwork.merge(self.memory, one, other, self._hand()).incidents
        except BadInput:
            assert one == other
            return
        self.split = {pair for pair in self.split if {self.goes_on_in(each) for each in pair} != {stays.id}}
        self.put |= {report.article_id: stays.id for report in goes.reports}

    def _split(self, incident: Incident, number: int) -> None:
        named = incident.reports[number % len(incident.reports)].article_id
        try:
            done = handwork.split(self.memory, incident.id, [named], self._hand())
        except BadInput:
            assert len(incident.reports) == 1
            return
        self._note(done.incidents)
        self.put[named] = done.incidents[0].id
        self.split.add(frozenset(each.id for each in done.incidents))

    def _note(self, changed: tuple[Incident, ...]) -> None:
        self.ids = [*dict.fromkeys((*self.ids, *(each.id for each in changed)))]

    def _hand(self) -> Hand:
        return Hand("ana", MORNING + timedelta(minutes=self.minutes), "so it is")


@settings(max_examples=120, deadline=None)
@given(st.lists(steps, min_size=10, max_size=30))
def test_every_report_stands_in_one_incident_and_a_persons_work_stands(
    taken: list[tuple[str, int, int]],
) -> None:
    world = World()
    for step in taken:
        world.take(step)
        standing = world.standing()
        reports = [(report.article_id, each.id) for each in standing for report in each.reports]

        assert sorted(id_ for id_, _ in reports) == sorted(each.id for each in world.articles)
        assert all(each.reports_count == len(each.reports) for each in standing)
        where = dict(reports)
        for id_, put in world.put.items():
            assert where[id_] == world.goes_on_in(put), "a report left where a person had put it"
        for one, other in map(tuple, world.split):
            assert world.goes_on_in(one) != world.goes_on_in(other), "what a person split was merged"
    alerts = [alert.id for alert in world.memory.alerts]
    assert len(set(alerts)) == len(alerts)
