"""Ready or not, part by part."""

from datetime import UTC, datetime, timedelta

import pytest

from services.api.envelope import choose_id
from services.api.readiness import FRESH, judge

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALL = {"poller": NOW, "worker": NOW, "notifier": NOW}


def test_all_is_well_when_redis_writes_and_every_heart_beats() -> None:
    assert all(part.ready for part in judge(None, ALL, NOW))


@pytest.mark.parametrize("missing", ["poller", "worker", "notifier"])
def test_a_missing_or_stale_heartbeat_names_its_part_and_what_to_do(missing: str) -> None:
    for beats in (
        {name: at for name, at in ALL.items() if name != missing},
        {**ALL, missing: NOW - FRESH - timedelta(seconds=1)},
    ):
        (unready,) = [part for part in judge(None, beats, NOW) if not part.ready]
        assert unready.name == missing
        assert f"tocsin {missing}" in unready.word


def test_without_redis_nothing_is_known_and_nothing_is_ready() -> None:
    parts = judge("Redis is out of memory", ALL, NOW)
    assert not any(part.ready for part in parts)
    assert parts[0].word == "Redis is out of memory"


def test_a_clock_a_little_ahead_is_no_fault() -> None:
    parts = judge(None, {**ALL, "worker": NOW + timedelta(seconds=3)}, NOW)
    assert all(part.ready for part in parts)


@pytest.mark.parametrize("offered", [b"abc-1.2_3", b"x" * 64])
def test_a_plain_request_id_is_kept(offered: bytes) -> None:
    assert choose_id(offered) == offered.decode()


@pytest.mark.parametrize("offered", [None, b"", b"x" * 65, b"a b", b"a\nb", "é".encode()])
def test_any_other_request_id_is_replaced(offered: bytes | None) -> None:
    chosen = choose_id(offered)
    assert len(chosen) == 16
    assert chosen != choose_id(offered)
