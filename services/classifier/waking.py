"""Changes that waited out a quiet period, told: read, ask, write.

Any number of workers may look at once: the commit is bound by the versions that were read, and writes the
bell and the incident's rest in one step. Who comes second finds nothing that waits; a worker killed anywhere
leaves all as it was, or all done.
"""

from datetime import datetime, timedelta

from services.classifier.incidents import Decision, wake
from services.classifier.memory import Committed, Memory
from shared import log
from shared.errors import NewerSchema

_log = log.get(__name__)


def ring_what_waited(memory: Memory, now: datetime, quiet: timedelta) -> tuple[Decision, ...]:
    """Tell what is due by ``now`` and still news; each at ``now``. Raises ``StoreUnavailable``.

    Where another worker changed an incident meanwhile, it is left for the next look.
    """
    written = []
    for incident_id, _ in memory.due(now):
        decision = _wake(memory, incident_id, now, quiet)
        if decision is not None:
            written.append(decision)
            _log.info(
                "a change that waited was looked at",
                incident_id=incident_id,
                reason=str(decision.reason),
                alert_ids=[alert.id for alert in decision.alerts],
            )
    return tuple(written)


def replay_until(memory: Memory, until: datetime, quiet: timedelta) -> tuple[Decision, ...]:
    """The same by an archive's clock: each at the moment at which it was due."""
    written: list[Decision] = []
    while due := memory.due(until, 1):
        decision = _wake(memory, due[0][0], due[0][1], quiet)
        if decision is None:
            break
        written.append(decision)
    return tuple(written)


def _wake(memory: Memory, incident_id: str, now: datetime, quiet: timedelta) -> Decision | None:
    try:
        known = memory.known([incident_id])
    except NewerSchema as exc:
        _log.error("a waiting change is left for a newer worker", incident_id=incident_id, error=str(exc))
        return None
    decision = next((wake(each, now=now, quiet=quiet) for each in known.incidents), None)
    if decision is None:
        return None
    return decision if memory.commit(decision, known.versions) is Committed.WRITTEN else None
