"""What matches must be found: the buckets that are read hold every incident that matching would accept."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.classifier.incidents import consider
from services.classifier.incidents.filing import buckets
from services.classifier.incidents.matching.matcher import match
from shared.contracts import Event
from tests.support.classifier import (
    KHARKIV,
    MORNING,
    ODESA,
    RUSSIA,
    UKRAINE,
    UKRAINIANS,
    article,
    coded,
    strike,
)

DAY = date(2024, 3, 5)
days = st.one_of(st.none(), st.integers(-4, 4).map(lambda shift: DAY + timedelta(days=shift)))
sides = st.sampled_from([(), (RUSSIA,), (UKRAINIANS,)])
events = st.builds(
    strike,
    place=st.sampled_from([KHARKIV, ODESA, UKRAINE, None]),
    on=days,
    actors=sides,
    recipients=sides,
    printed_day=st.booleans(),
)


@given(first=events, second=events, hours=st.integers(0, 96))
def test_every_match_is_found(first: Event, second: Event, hours: int) -> None:
    one, two = article("alpha beta"), article("gamma delta", at=MORNING + timedelta(hours=hours))
    decision = consider(one, coded(one, first), [], now=MORNING)
    (incident,) = decision.incidents
    if match(second, two, incident) is not None:
        assert set(buckets.to_read(second, two)) & set(decision.filing[incident.id])
