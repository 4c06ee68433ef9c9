"""One message stands for two while it waits: what it tells, and under which name."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.notifier import message
from services.notifier.superseding import MOST_CHANGES, supersede
from shared.contracts import Alert, AlertKind, Delivery, Reason
from tests.support.notifier import NOON, alert

OF_AN_INCIDENT = (
    AlertKind.OPENED,
    AlertKind.UPDATED,
    AlertKind.ESCALATED,
    AlertKind.CORRECTED,
    AlertKind.RETRACTED,
)


def waiting(told: Alert, **changes: Any) -> Delivery:
    fields: dict[str, Any] = {
        "id": "msg_1",
        "subscription_id": "sub_1",
        "alert_id": told.id,
        "kind": str(told.kind),
        "body": message.body(told),
        "created_at": NOON,
        "due_at": NOON,
        "incident_id": told.incident_id,
        "sequence": told.sequence,
        "rang_at": NOON,
    }
    return Delivery(**(fields | changes))


def stands(told: Alert, newer: Alert, *, first: bool) -> Alert:
    found = supersede(waiting(told), newer, first=first)
    assert found is not None
    assert found.alert is not None
    return found.alert


def test_an_opening_goes_out_as_an_opening_in_its_present_state() -> None:
    escalated = alert(
        AlertKind.ESCALATED,
        sequence=2,
        reason=Reason.MORE_KILLED,
        changes=("killed: 3 to 12",),
        headline="Twelve dead in Port Ander",
        references=("inc_1-1",),
    )
    told = stands(alert(), escalated, first=True)
    assert (told.id, told.kind, told.sequence) == ("inc_1-1", AlertKind.OPENED, 2)
    assert (told.reason, told.changes, told.references) == (Reason.FIRST_REPORT, (), ())
    assert told.headline == "Twelve dead in Port Ander"


def test_an_opening_that_is_retracted_before_it_was_told_is_not_told() -> None:
    found = supersede(waiting(alert()), alert(AlertKind.RETRACTED, sequence=2), first=True)
    assert found is not None
    assert found.alert is None
    assert found.reason == "retracted by inc_1-2 before anything was told"


def test_what_its_subscription_does_not_want_any_more_is_not_told() -> None:
    corrected = alert(AlertKind.CORRECTED, sequence=2, headline="Nobody hurt in Port Ander")
    found = supersede(waiting(alert()), corrected, first=True, wants=lambda now: "Drones" in now.headline)
    assert found is not None
    assert found.alert is None
    assert found.reason == "not for its filter any more since inc_1-2, before anything was told"
    # Who was told before hears of the correction whatever it wants.
    update = waiting(alert(AlertKind.UPDATED, sequence=2))
    again = supersede(update, alert(AlertKind.CORRECTED, sequence=3), first=False, wants=lambda _: False)
    assert again is not None
    assert again.alert is not None


def test_the_story_of_a_late_first_message_stays_with_it() -> None:
    late = alert(AlertKind.ESCALATED, sequence=3)
    story = [{"kind": "opened", "sentence": "Drones hit Port Ander."}]
    held = waiting(late, body=message.body(late, story=story))
    found = supersede(held, alert(AlertKind.UPDATED, sequence=4), first=True)
    assert found is not None
    assert found.alert is not None
    assert (found.alert.kind, found.alert.id, found.story) == (AlertKind.ESCALATED, "inc_1-3", story)


def test_an_incident_that_goes_on_under_another_id_is_told_all_the_same() -> None:
    merged = alert(AlertKind.RETRACTED, sequence=2, merged_into="inc_2")
    assert supersede(waiting(alert()), merged, first=True) is None


def test_a_retraction_takes_the_place_of_an_update_that_waited() -> None:
    update = alert(AlertKind.UPDATED, sequence=2, changes=("killed: 3 to 5",))
    told = stands(update, alert(AlertKind.RETRACTED, sequence=3), first=False)
    assert (told.id, told.kind, told.changes) == ("inc_1-3", AlertKind.RETRACTED, ())


def test_an_escalation_is_not_lost_in_the_update_that_follows_it() -> None:
    escalated = alert(
        AlertKind.ESCALATED, sequence=2, reason=Reason.MORE_KILLED, changes=("killed: 3 to 12",)
    )
    update = alert(AlertKind.UPDATED, sequence=3, reason=Reason.NOW_CLAIMED, changes=("claimed",))
    told = stands(escalated, update, first=False)
    assert (told.id, told.kind, told.reason) == ("inc_1-3", AlertKind.ESCALATED, Reason.MORE_KILLED)
    assert told.changes == ("killed: 3 to 12", "claimed")


def test_what_is_told_again_after_a_retraction_is_told_as_it_is() -> None:
    retracted = alert(AlertKind.RETRACTED, sequence=2, changes=("withdrawn",))
    back = alert(AlertKind.CORRECTED, sequence=3, changes=("reported again",))
    assert stands(retracted, back, first=False) == back


def test_a_message_of_another_incident_or_of_none_waits_for_itself() -> None:
    assert supersede(waiting(alert()), alert(incident="inc_2", sequence=2), first=True) is None
    assert supersede(waiting(alert(incident=None)), alert(incident=None, sequence=2), first=True) is None


def test_an_older_alert_supersedes_nothing() -> None:
    later = waiting(alert(AlertKind.UPDATED, sequence=3))
    assert supersede(later, alert(AlertKind.UPDATED, sequence=2), first=False) is None
    assert supersede(later, alert(AlertKind.UPDATED, sequence=3), first=False) is None


def test_a_body_that_can_not_be_read_hides_nothing_of_the_newer() -> None:
    broken = waiting(alert(AlertKind.UPDATED, sequence=2), body='{"data": []}')
    found = supersede(broken, alert(AlertKind.UPDATED, sequence=3, changes=("x",)), first=False)
    assert found is not None
    assert found.alert is not None
    assert found.alert.changes == ("x",)


@given(
    kinds=st.lists(st.sampled_from(OF_AN_INCIDENT), min_size=2, max_size=8),
    changes=st.lists(st.text(max_size=20), max_size=30),
    first=st.booleans(),
)
def test_however_many_ring_one_message_tells_the_newest_state(
    kinds: list[AlertKind], changes: list[str], first: bool
) -> None:
    held = waiting(alert(kinds[0]))
    for sequence, kind in enumerate(kinds[1:], 2):
        newer = alert(kind, sequence=sequence, headline=f"state {sequence}", changes=tuple(changes))
        found = supersede(held, newer, first=first)
        assert found is not None
        if found.alert is None:
            assert first
            assert kind == AlertKind.RETRACTED
            return
        assert found.alert.sequence == sequence
        assert found.alert.headline == f"state {sequence}"
        assert len(found.alert.changes) <= max(MOST_CHANGES, len(changes))
        assert AlertKind.OPENED not in (held.kind,) or not first or found.alert.kind == AlertKind.OPENED
        body = message.body(found.alert)
        assert Alert.model_validate(json.loads(body)["data"]).sequence == sequence
        held = waiting(found.alert, kind=str(found.alert.kind))
