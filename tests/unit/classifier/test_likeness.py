"""What binds the vote on one incident or two, and what an incident remembers."""

from datetime import date, timedelta

import pytest

from services.classifier.coding.events import meaning
from services.classifier.incidents.fusing import fusion
from services.classifier.incidents.matching.matcher import match
from services.classifier.memory import PlainMemory
from shared.contracts import Actor, Change, Event, EventType, Incident, Reason, Sector
from tests.support.classifier import (
    KHARKIV,
    MORNING,
    ODESA,
    RUSSIA,
    UKRAINIANS,
    Reader,
    article,
    strike,
)

TOLD = "Missiles struck a printing house in the northern district of Kharkiv, killing workers on night shift."
AGAIN = "Workers on night shift died when missiles struck a printing house in the northern district."
RUSSIANS = Actor(text="Russian troops", name="Russia", country="RUS", sector=Sector.MILITARY)
LATER = MORNING + timedelta(hours=5)


def about(*first: float, reader: str = "reader-1") -> str:
    """A meaning of these first numbers, the rest naught."""
    return meaning.packed([*first, *[0.0] * (meaning.NUMBERS - len(first))], reader)


def of(event: Event, told: str) -> Event:
    return event.model_copy(update={"meaning": told})


def incidents(first: Event, second: Event, *, again: str = AGAIN) -> int:
    """How many incidents two reports open, whose texts have most of their long words in common."""
    reader = Reader(PlainMemory())
    one = reader.reads(article("Printing house hit", summary=TOLD), first)
    two = reader.reads(article("Night shift hit", summary=again, at=LATER), second)
    return len({one.main_incident, two.main_incident})


def test_what_is_told_in_the_same_words_is_one_thing_though_the_codes_waver() -> None:
    assert incidents(strike(), strike(place=None, actors=(), on=None)) == 1
    assert incidents(strike(), strike(mode="airstrike", on=date(2024, 3, 4))) == 1


@pytest.mark.parametrize(("nearness", "one_thing"), [(0.9, True), (0.0, False), (-0.3, False)])
def test_what_is_about_the_same_is_one_thing_without_a_word_in_common(
    nearness: float, one_thing: bool
) -> None:
    told = about(1.0, 0.0)
    again = about(nearness, (1 - nearness**2) ** 0.5)
    first, later = of(strike(), told), of(strike(place=ODESA, on=None), again)

    assert (incidents(first, later, again="Rescuers dug all morning; a shift was trapped.") == 1) is one_thing


def test_meanings_of_two_readers_are_not_compared() -> None:
    first = of(strike(), about(1.0))
    other = of(strike(place=ODESA, on=None), about(1.0, reader="reader-0"))

    assert incidents(first, other, again="Rescuers dug all morning; a shift was trapped.") == 2


def test_no_words_outweigh_another_family() -> None:
    assert incidents(strike(), strike(event_type="COERCE", mode="blockade")) == 2


def test_reversed_sides_are_the_answer_unless_the_words_are_the_same() -> None:
    reversed_ = strike(actors=(UKRAINIANS,), recipients=(RUSSIANS,))

    assert incidents(strike(), reversed_, again="Drones hit a barracks across the border at noon.") == 2
    assert incidents(strike(), reversed_) == 1


def test_a_copy_that_names_another_town_tells_another_story() -> None:
    there = TOLD.replace("Kharkiv", "Odesa")

    assert incidents(strike(place=KHARKIV), strike(place=ODESA), again=there) == 2


def test_a_day_that_was_only_inferred_does_not_contradict_a_printed_one() -> None:
    first, second = strike(on=date(2024, 3, 5)), strike(on=date(2024, 3, 4), printed_day=True)

    assert incidents(first, second, again="Shells fell on a street in the city.") == 1
    assert incidents(second, first, again="Shells fell on a street in the city.") == 1


def test_what_is_told_in_passing_is_no_article_s_own_incident() -> None:
    reader = Reader(PlainMemory())
    truce = strike(event_type=EventType.RETREAT, mode="ceasefire").model_copy(
        update={"direction": "deescalatory"}
    )
    decision = reader.reads(article("Truce agreed"), truce, strike(main=False))

    assert len(decision.joinings) == 1
    assert decision.main_incident is None


def test_a_reprint_s_secondary_event_joins_the_one_that_it_reprints() -> None:
    reader = Reader(PlainMemory())
    vague = strike(place=None, on=None, actors=(), recipients=(), mode="artillery", main=False)
    opened = [reader.reads(article("Printing house hit", summary=TOLD), strike(), vague) for _ in range(3)]

    assert len({joining.incident_id for decision in opened for joining in decision.joinings}) == 2


def test_a_reason_names_what_speaks_for_it() -> None:
    reader = Reader(PlainMemory())
    incident = reader.reads(article("Printing house hit", summary=TOLD), strike(killed=2)).incidents[0]

    text = "Four are dead after missiles hit the printing house in Kharkiv, the governor said on television."
    found = match(strike(killed=4), article("Toll rises to four", summary=text, at=LATER), incident)
    assert found is not None
    assert "% sure of one thing: " in found.because


def test_a_side_is_never_on_both_ends() -> None:
    nobody = Actor(text="", name="unknown attackers", sector=Sector.UNKNOWN)
    reader = Reader(PlainMemory())
    reader.reads(
        article("Printing house hit", summary=TOLD), strike(actors=(nobody,), recipients=(RUSSIANS,))
    )
    decision = reader.reads(article("Night shift hit", summary=AGAIN, at=LATER), strike(actors=(RUSSIA,)))

    for incident in decision.incidents:
        ends = [{side.name for side in sides} for sides in (incident.event.actors, incident.event.recipients)]
        assert not ends[0] & ends[1]


def test_a_history_keeps_its_first_step_and_drops_old_silence_first() -> None:
    def step(number: int, kind: str | None) -> Change:
        return Change(
            at=MORNING, article_id=f"art_{number}", because="told", kind=kind, reason=Reason.NOTHING_NEW
        )

    steps = [step(0, "opened"), *(step(n, None if n % 2 else "updated") for n in range(1, 120))]
    kept = fusion.keep_changes(tuple(steps))

    assert len(kept) == fusion.KEPT_CHANGES
    assert kept[0] == steps[0]
    assert kept[-1] == steps[-1]
    assert sum(each.kind is not None for each in kept) == 60
    assert fusion.keep_changes(tuple(steps[:5])) == tuple(steps[:5])


def test_an_incident_of_the_last_release_has_no_history_and_goes_on() -> None:
    reader = Reader(PlainMemory())
    (incident,) = reader.reads(article("Printing house hit"), strike()).incidents
    old = Incident.from_json(incident.model_copy(update={"history": ()}).to_json())

    assert old.history == ()
