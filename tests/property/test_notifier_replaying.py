"""What holds for every replay: the filter decides, and nobody is left with what was taken back."""

from hypothesis import given
from hypothesis import strategies as st

from services.notifier.delivery import attempt_number, sent_again, told_again
from services.notifier.replaying import Selection
from services.notifier.routing import CORRECTIONS
from shared.contracts import Alert, AlertKind, Delivery, Severity, Subscription, Tier
from tests.support.notifier import NOON, alert

KINDS = (
    AlertKind.OPENED,
    AlertKind.UPDATED,
    AlertKind.ESCALATED,
    AlertKind.CORRECTED,
    AlertKind.RETRACTED,
)
SEVERE = Severity(score=62, tier=Tier.SEVERE)
MINOR = Severity(score=5, tier=Tier.MINOR)


def subscription(filter_text: str) -> Subscription:
    return Subscription(
        id="sub_1", channel="webhook", sealed_url="", url_hint="", filter=filter_text, created_at=NOON
    )


@st.composite
def streams(draw: st.DrawFn) -> list[Alert]:
    """A stream of a few incidents, each with rising sequences."""
    told: dict[str, int] = {}
    alerts = []
    for incident, kind, severe in draw(
        st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(KINDS), st.booleans()), max_size=20)
    ):
        told[incident] = told.get(incident, 0) + 1
        severity = SEVERE if severe else MINOR
        alerts.append(alert(kind, incident=f"inc_{incident}", sequence=told[incident], severity=severity))
    return alerts


@given(streams(), st.integers(min_value=0, max_value=20))
def test_who_is_told_again_is_told_of_every_correction_after_it(stream: list[Alert], until: int) -> None:
    selection = Selection(subscription("severity>=Severe"))
    told: set[str] = set()
    for place, each in enumerate(stream):
        taken = selection.takes(each, over=place >= until)
        assert taken or not (each.kind in CORRECTIONS and each.incident_id in told)
        told |= {str(each.incident_id)} if taken else set()


@given(streams(), st.integers(min_value=0, max_value=20))
def test_nothing_else_is_told_than_what_the_filter_takes(stream: list[Alert], until: int) -> None:
    selection = Selection(subscription("severity>=Severe"))
    for place, each in enumerate(stream):
        over = place >= until
        if selection.takes(each, over=over) and each.kind not in CORRECTIONS:
            assert each.severity == SEVERE
            assert not over


@given(st.lists(st.text(min_size=1, max_size=20), min_size=2, max_size=5, unique=True))
def test_a_replay_has_ids_of_its_own_and_always_the_same(names: list[str]) -> None:
    def ids() -> list[str]:
        return [told_again(alert(), "{}", "sub_1", name, NOON, NOON).id for name in names]

    assert ids() == ids()
    assert len(set(ids())) == len(names)


@given(st.integers(min_value=0, max_value=50))
def test_what_is_sent_again_begins_its_schedule_anew(attempts: int) -> None:
    delivery = Delivery(
        id="msg_1",
        subscription_id="sub_1",
        alert_id="inc_1-1",
        kind="opened",
        body="{}",
        created_at=NOON,
        due_at=NOON,
        attempts_count=attempts,
    )
    assert attempt_number(delivery) == attempts + 1
    again = sent_again(delivery, NOON)
    assert attempt_number(again) == 1
    assert again.attempts_count == attempts
