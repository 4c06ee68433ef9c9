"""What a person does to incidents, and that no later report undoes it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from services.classifier import handwork
from services.classifier.incidents import Decision
from services.classifier.incidents.hand.handwork import Hand
from services.classifier.memory import PlainMemory
from shared.contracts import Alert, AlertKind, Article, Deed, Event, Incident, Place, Precision, Reason
from shared.errors import BadInput
from tests.support.classifier import MORNING, ODESA, Reader, article, strike

LATER = MORNING + timedelta(minutes=20)
LVIV = Place(name="Lviv", country="UKR", lat=49.84, lon=24.03, precision=Precision.CITY)
NOON = MORNING + timedelta(hours=3)
HAND = Hand("ana", NOON, "the mayor said so")


class Desk:
    """A memory, who reads for it, and a person at work on it."""

    def __init__(self) -> None:
        self.memory = PlainMemory()
        self.reader = Reader(self.memory)

    def reads(self, about: Article, *events: Event) -> Decision:
        return self.reader.reads(about, *events)

    def opens(self, title: str, event: Event, **about: object) -> str:
        """The incident that a report of this title opens."""
        opened = self.reads(article(title, **about), event).main_incident  # type: ignore[arg-type]
        assert opened is not None
        return opened

    def incident(self, id_: str) -> Incident:
        (found,) = self.memory.known([id_]).incidents
        return found

    def rang(self, since: int = 0) -> list[tuple[str, str | None]]:
        """Kind and incident of every alert after the first ``since``."""
        return [(str(alert.kind), alert.incident_id) for alert in self.memory.alerts[since:]]

    @property
    def last(self) -> Alert:
        return self.memory.alerts[-1]

    def merge(self, one: str, other: str) -> Decision:
        return handwork.merge(self.memory, one, other, HAND)

    def split(self, id_: str, *articles: str) -> Incident:
        return handwork.split(self.memory, id_, articles, HAND).incidents[0]

    def correct(self, id_: str, *fields: str) -> Decision:
        return handwork.correct(self.memory, id_, fields, HAND)

    def retract(self, id_: str) -> Decision:
        return handwork.retract(self.memory, id_, HAND)


@pytest.fixture
def desk() -> Desk:
    return Desk()


# ---- merge ----------------------------------------------------------------------------------------


def test_the_younger_goes_into_the_elder_and_who_was_told_is_told(desk: Desk) -> None:
    elder = desk.opens("Missiles hit Kharkiv", strike(killed=2))
    younger = desk.opens("Missiles hit Odesa harbour", strike(place=ODESA, killed=2), at=LATER)
    desk.merge(younger, elder)

    assert desk.rang(2) == [(AlertKind.RETRACTED, younger)]
    assert (desk.last.merged_into, desk.last.reason) == (elder, Reason.MERGED_BY_HAND)
    gone, stays = desk.incident(younger), desk.incident(elder)
    assert (gone.retracted, gone.merged_into, gone.reports_count) == (True, elder, 0)
    assert (len(stays.reports), stays.reports_count, stays.merged) == (2, 2, (younger,))
    assert {report.placed_by for report in stays.reports} == {"", "ana"}


def test_the_elder_rings_when_the_reports_of_both_are_worse_than_what_was_told(desk: Desk) -> None:
    elder = desk.opens("Missiles hit Kharkiv", strike(killed=2))
    younger = desk.opens("Missiles hit Odesa harbour", strike(place=ODESA, killed=30), at=LATER)
    desk.merge(elder, younger)

    (kind, first), (last, second) = desk.rang(2)
    assert (first, second, last) == (elder, younger, AlertKind.RETRACTED)
    assert kind in (AlertKind.ESCALATED, AlertKind.UPDATED)
    assert "killed: 2 to 30" in desk.memory.alerts[2].changes


def test_what_nobody_was_told_of_goes_into_what_rang_though_it_is_elder(desk: Desk) -> None:
    first = desk.reads(
        article("Missiles hit Kharkiv, hours after Odesa"), strike(), strike(place=ODESA, main=False)
    )
    silent = first.joinings[1].incident_id
    told = desk.opens("Drones hit Lviv depot", strike(place=LVIV), at=LATER)
    desk.merge(silent, told)

    assert desk.incident(silent).merged_into == told
    assert desk.rang(2) == []


def test_a_later_report_of_what_was_merged_joins_what_goes_on_at_the_end_of_the_chain(desk: Desk) -> None:
    lviv = desk.opens("Drones hit Lviv depot", strike(place=LVIV))
    kharkiv = desk.opens("Missiles hit Kharkiv", strike(), at=LATER)
    odesa = desk.opens("Missiles hit Odesa harbour", strike(place=ODESA), at=LATER + timedelta(minutes=1))
    desk.merge(kharkiv, odesa)
    desk.merge(lviv, kharkiv)

    follow_up = desk.reads(article("Odesa harbour struck, mayor says", at=NOON), strike(place=ODESA))
    assert follow_up.main_incident == lviv
    assert desk.incident(lviv).merged == tuple(sorted((kharkiv, odesa)))
    assert desk.incident(lviv).reports_count == 4


def test_a_revision_stays_where_a_person_put_its_report(desk: Desk) -> None:
    elder = desk.opens("Missiles hit Kharkiv", strike())
    about = article("Missiles hit Odesa harbour", at=LATER)
    younger = desk.reads(about, strike(place=ODESA)).main_incident
    assert younger
    desk.merge(elder, younger)
    rang = len(desk.memory.alerts)
    edited = article("Odesa harbour hit by missiles", id=about.id, revision=2, at=LATER)

    assert desk.reads(edited, strike(place=ODESA)).main_incident == elder
    assert [kind for kind, _ in desk.rang(rang)] in ([], [AlertKind.CORRECTED])
    assert desk.incident(younger).retracted


def test_the_same_incident_twice_and_one_that_is_gone_are_refused(desk: Desk) -> None:
    one = desk.opens("Missiles hit Kharkiv", strike())
    two = desk.opens("Missiles hit Odesa harbour", strike(place=ODESA), at=LATER)
    with pytest.raises(BadInput, match="name two"):
        desk.merge(one, one)
    desk.merge(one, two)
    with pytest.raises(BadInput, match=f"was merged into {one}: name that one"):
        desk.merge(one, two)
    with pytest.raises(BadInput, match="no incident 'inc_nobody'"):
        desk.merge(one, "inc_nobody")


# ---- split ----------------------------------------------------------------------------------------


def two_told_as_one(desk: Desk) -> tuple[str, Article, Article]:
    """An incident of two reports, the second with the higher toll."""
    one, two = article("Missiles hit Kharkiv"), article("Strike on Kharkiv kills 30", at=LATER)
    opened = desk.reads(one, strike(killed=2)).main_incident
    assert opened == desk.reads(two, strike(killed=30)).main_incident
    assert opened is not None
    return opened, one, two


def test_a_split_opens_another_incident_and_corrects_what_was_told_of_the_old(desk: Desk) -> None:
    old, _, two = two_told_as_one(desk)
    rang = len(desk.memory.alerts)
    new = desk.split(old, two.id)

    assert desk.rang(rang) == [(AlertKind.OPENED, new.id), (AlertKind.CORRECTED, old)]
    opened, corrected = desk.memory.alerts[rang:]
    assert (opened.split_from, opened.reason, opened.sequence) == (old, Reason.SPLIT_BY_HAND, 1)
    assert (corrected.reason, corrected.changes) == (Reason.MOVED_BY_HAND, ("killed: 30 to 2",))
    assert [report.article_id for report in new.reports] == [two.id]
    assert new.event.casualties.killed == strike(killed=30).casualties.killed
    assert (new.apart_from, desk.incident(old).apart_from) == ((old,), (new.id,))


def test_what_a_person_split_the_machine_never_joins_again(desk: Desk) -> None:
    old, one, two = two_told_as_one(desk)
    new = desk.split(old, two.id)
    for revision in (2, 3):
        for about, home in ((one, old), (two, new.id)):
            edited = article(f"Kharkiv, edit {revision}", id=about.id, revision=revision, at=NOON)
            assert desk.reads(edited, strike(killed=30)).main_incident == home
    for number in range(5):
        report = article(f"Missiles hit Kharkiv, note {number}", at=NOON + timedelta(minutes=number))
        desk.reads(report, strike(killed=30))

    assert not desk.incident(old).retracted
    assert not desk.incident(new.id).retracted


def test_who_copied_what_left_speaks_for_himself(desk: Desk) -> None:
    text = "Seven people were hurt when missiles fell on a market hall in the north of the city, he said"
    one = article("Missiles fall on Kharkiv market hall", summary=text)
    two = article("Missiles fall on market hall in Kharkiv", summary=text, outlet="daily.example", at=LATER)
    old = desk.reads(one, strike()).main_incident
    assert desk.reads(two, strike()).main_incident == old
    assert old is not None
    new = desk.split(old, two.id)

    assert new.outlets == ("daily.example",)


def test_a_split_of_nothing_of_all_and_of_what_is_not_there_is_refused(desk: Desk) -> None:
    old, one, two = two_told_as_one(desk)
    with pytest.raises(BadInput, match=f"no report of art_none in {old}: it has {one.id}, {two.id}"):
        desk.split(old, "art_none")
    with pytest.raises(BadInput, match="nothing would be left"):
        desk.split(old, one.id, two.id)


def test_a_split_and_a_merge_and_the_same_split_again_give_two_ids(desk: Desk) -> None:
    old, _, two = two_told_as_one(desk)
    first = desk.split(old, two.id)
    desk.merge(old, first.id)
    second = desk.split(old, two.id)

    assert first.id != second.id
    assert desk.incident(second.id).apart_from == (old,)
    assert len({alert.id for alert in desk.memory.alerts}) == len(desk.memory.alerts)


# ---- correct --------------------------------------------------------------------------------------


def test_a_correction_stands_over_what_the_reports_say_from_now_on(desk: Desk) -> None:
    id_ = desk.opens("Missiles hit Kharkiv", strike(killed=30))
    desk.correct(id_, "killed=3", "place=Odesa")
    assert desk.rang(1) == [(AlertKind.CORRECTED, id_)]
    assert desk.last.reason is Reason.CORRECTED_BY_HAND
    assert desk.last.changes == ("killed: 30 to 3", "place: Kharkiv (UKR) to Odesa (UKR)")

    desk.reads(article("Kharkiv toll at 40", at=LATER), strike(killed=40))
    desk.reads(article("Kharkiv toll at 41", at=NOON), strike(killed=41))
    stands = desk.incident(id_)
    assert stands.reports_count == 3
    assert (stands.event.casualties.killed.low, stands.event.place.name) == (3, "Odesa")  # type: ignore[union-attr]
    assert desk.rang(2) == []


def test_a_field_is_given_back_to_the_reports(desk: Desk) -> None:
    id_ = desk.opens("Missiles hit Kharkiv", strike(killed=30))
    desk.correct(id_, "killed=3", "day=2024-03-04")
    desk.correct(id_, "killed=")

    assert [each.field for each in desk.incident(id_).by_hand] == ["day"]
    assert desk.last.changes == ("killed: 3 to 30",)


def test_what_changes_nothing_that_was_told_rings_nothing(desk: Desk) -> None:
    id_ = desk.opens("Missiles hit Kharkiv", strike(killed=30))
    desk.correct(id_, "killed=30")
    assert desk.rang(1) == []

    silent = desk.reads(article("A long look back"), strike(place=ODESA, main=False)).joinings[0].incident_id
    desk.correct(silent, "killed=4")
    assert desk.rang(1) == []
    assert desk.incident(silent).history[-1].reason is Reason.CORRECTED_BY_HAND


# ---- retract --------------------------------------------------------------------------------------


def test_what_a_person_retracted_stays_so_and_later_reports_join_in_silence(desk: Desk) -> None:
    about = article("Blasts in Kharkiv")
    id_ = desk.reads(about, strike()).main_incident
    assert id_ is not None
    desk.retract(id_)
    assert desk.rang(1) == [(AlertKind.RETRACTED, id_)]

    again = desk.reads(article("Missiles hit Kharkiv, officials say", at=LATER), strike(killed=40))
    edited = desk.reads(article("Blasts heard", id=about.id, revision=2, at=NOON), strike(killed=9))
    assert (again.main_incident, again.reason) == (id_, Reason.STAYS_RETRACTED)
    assert edited.main_incident == id_
    assert desk.rang(2) == []
    assert (desk.incident(id_).retracted, desk.incident(id_).reports_count) == (True, 2)
    with pytest.raises(BadInput, match="was retracted already, by ana"):
        desk.retract(id_)


def test_a_report_comes_back_from_what_was_retracted_by_mistake(desk: Desk) -> None:
    about = article("Missiles hit Kharkiv")
    id_ = desk.reads(about, strike()).main_incident
    assert id_ is not None
    desk.retract(id_)
    back = desk.split(id_, about.id)

    assert (back.retracted, desk.last.kind) == (False, AlertKind.OPENED)
    follow_up = desk.reads(article("Missiles hit Kharkiv, officials say", at=LATER), strike())
    assert follow_up.main_incident == back.id


# ---- what all leave behind ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("work", "deed"),
    [
        (lambda desk, one, two: desk.merge(one, two), Deed.MERGE),
        (lambda desk, one, two: desk.correct(one, "killed=1"), Deed.CORRECT),
        (lambda desk, one, two: desk.retract(one), Deed.RETRACT),
    ],
)
def test_every_work_says_who_when_what_and_why(
    desk: Desk, work: Callable[[Desk, str, str], Decision], deed: Deed
) -> None:
    one = desk.opens("Missiles hit Kharkiv", strike())
    two = desk.opens("Missiles hit Odesa harbour", strike(place=ODESA), at=LATER)
    work(desk, one, two)

    step, (record,) = desk.incident(one).history[-1], desk.memory.handworks
    assert (step.by, step.at, step.because.endswith(": the mayor said so")) == ("ana", NOON, True)
    assert (record.by, record.at, record.deed, record.why) == ("ana", NOON, deed, "the mayor said so")
    assert record.incidents[0] == one


def test_the_record_of_a_split_names_first_what_was_split(desk: Desk) -> None:
    old, _, two = two_told_as_one(desk)
    new = desk.split(old, two.id)

    assert desk.memory.handworks[0].incidents == (old, new.id)
    assert desk.memory.handworks[0].what == (two.id,)
