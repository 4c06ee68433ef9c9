"""A person's work on incidents: read, decide, write; again from the start while a worker was first.

Incidents, alerts and the audit's record are written in one step, so that nothing is done without its record.
"""

import random
import time
from collections.abc import Callable, Sequence

from services.classifier.coding import lexicon
from services.classifier.incidents import Decision
from services.classifier.incidents.hand import corrections, handwork
from services.classifier.incidents.hand.handwork import Hand
from services.classifier.memory import Candidates, Committed, Memory
from shared.contracts import Incident
from shared.errors import BadInput, StoreUnavailable

TRIES = 200
"""Reads and commits before a person is told to try again: as many as an article gets."""

Incidents = tuple[Incident, ...]
Decide = Callable[[Incidents], Decision]


def merge(memory: Memory, one: str, other: str, hand: Hand) -> Decision:
    """Make two incidents one; raises ``BadInput`` or ``StoreUnavailable``."""
    return _done(memory, (one, other), lambda known: handwork.merge(known[0], known[-1], hand))


def split(memory: Memory, incident_id: str, article_ids: Sequence[str], hand: Hand) -> Decision:
    """Open another incident with some of its reports; raises ``BadInput`` or ``StoreUnavailable``."""
    return _done(memory, (incident_id,), lambda known: handwork.split(known[0], article_ids, hand))


def correct(memory: Memory, incident_id: str, assignments: Sequence[str], hand: Hand) -> Decision:
    """Set fields of an incident, typed as ``FIELD=VALUE``.

    Raises ``BadCorrection``, ``BadInput`` or ``StoreUnavailable``.
    """

    def decide(known: Incidents) -> Decision:
        read, freed = corrections.read(assignments, known[0].event, hand, lexicon.load())
        return handwork.correct(known[0], read, freed, hand)

    return _done(memory, (incident_id,), decide)


def retract(memory: Memory, incident_id: str, hand: Hand) -> Decision:
    """Take an incident back for good; raises ``BadInput`` or ``StoreUnavailable``."""
    return _done(memory, (incident_id,), lambda known: handwork.retract(known[0], hand))


def _done(memory: Memory, ids: Sequence[str], decide: Decide) -> Decision:
    for tries in range(1, TRIES + 1):
        known = _known(memory, ids)
        decision = decide(known.incidents)
        if memory.commit(decision, known.versions) is Committed.WRITTEN:
            return decision
        # A short random pause lets the workers through, as it does one of several workers.
        time.sleep(random.uniform(0, 0.002 * min(tries, 10)))  # noqa: S311  (spreads load, guards no secret)
    raise StoreUnavailable(f"{', '.join(ids)} changed {TRIES} times while it was worked on: try again")


def _known(memory: Memory, ids: Sequence[str]) -> Candidates:
    """The incidents in the order of ``ids``, each guarded by its own version."""
    known = memory.known(ids)
    by_id = {incident.id: incident for incident in known.incidents}
    missing = [each for each in ids if each not in by_id]
    if missing:
        raise BadInput(f"no incident {missing[0]!r}: `tocsin incidents` lists those of the last 30 days")
    return Candidates(tuple(by_id[each] for each in ids), known.versions)
