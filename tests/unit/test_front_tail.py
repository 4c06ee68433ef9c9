"""What `tocsin tail` prints without being asked: everything but heartbeats."""

from services.cli.tail import _is_wanted
from shared import filters
from shared.contracts import AlertKind
from tests.support.notifier import alert

HEARTBEAT = alert(AlertKind.HEARTBEAT, incident=None)


def test_a_heartbeat_is_shown_only_when_it_is_asked_for() -> None:
    assert not _is_wanted(HEARTBEAT, None)
    assert not _is_wanted(HEARTBEAT, filters.parse('reason=~".*"'))
    assert _is_wanted(HEARTBEAT, filters.parse("kind=system.heartbeat"))


def test_everything_else_is_shown() -> None:
    assert _is_wanted(alert(), None)
    assert _is_wanted(alert(AlertKind.DEGRADED, incident=None), None)
