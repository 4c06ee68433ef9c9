"""Whatever was noted of a trouble: its alerts have ids of their own, fit, and survive being written."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notifier import message
from services.notifier.watching import noting
from shared.contracts import Alert, AlertKind, Condition, Trouble
from shared.system_alerts import degraded, over, rung

MOMENTS = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
CONDITIONS = st.builds(
    Condition,
    trouble=st.sampled_from(Trouble) | st.text(max_size=40),
    about=st.text(max_size=40),
    since=MOMENTS,
    says=st.text(),
    do=st.text(),
)


@given(CONDITIONS, st.integers(0, 30))
def test_every_ring_of_a_condition_has_an_id_of_its_own_and_fits(condition: Condition, rings: int) -> None:
    ids, now = [], condition.since
    for _ in range(rings + 1):
        now += timedelta(hours=6)
        alert = degraded(condition, now)
        ids.append(alert.id)
        condition = rung(condition, now)
    ended = over(condition, now)

    assert len({*ids, ended.id}) == rings + 2
    assert ended.references == tuple(ids[-10:])
    assert Alert.from_json(ended.to_json()) == ended
    body = message.body(ended)
    assert len(body.encode()) <= message.MAX_BYTES
    assert json.loads(body)["type"] == AlertKind.DEGRADED


@given(CONDITIONS, CONDITIONS)
def test_conditions_with_other_keys_or_beginnings_share_no_id(one: Condition, other: Condition) -> None:
    same = (one.key, one.since) == (other.key, other.since)
    assert (degraded(one, one.since).id == degraded(other, one.since).id) == same


@given(CONDITIONS, st.lists(st.booleans(), max_size=60))
def test_rings_begin_and_end_in_turn_however_it_comes_and_goes(
    condition: Condition, rounds: list[bool]
) -> None:
    noted: dict[str, Condition] = {}
    told: list[bool] = []
    now = condition.since
    for seen in rounds:
        now += timedelta(seconds=30)
        found = noting.step(noted, [condition.model_copy(update={"since": now})] if seen else [], now)
        noted |= {each.key: each for each in (*found.first_seen, *found.changed)}
        for key in found.gone:
            del noted[key]
        told += [alert.degraded.over for alert in found.alerts if alert.degraded]

    assert told == [number % 2 == 1 for number in range(len(told))]
    assert any(each.stands for each in noted.values()) == (len(told) % 2 == 1)
