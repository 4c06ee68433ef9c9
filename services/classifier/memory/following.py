"""Candidates with what they were merged into: a merged incident's reports belong to the one that goes on."""

from services.classifier.memory.interface import Candidates, Memory


def follow(memory: Memory, found: Candidates) -> Candidates:
    """The candidates and every incident at the end of their merges, guarded by their versions as well.

    Most often all were found already: what goes on is filed where what went was.
    """
    while True:
        ids = {incident.id for incident in found.incidents}
        asked = {each.merged_into for each in found.incidents if each.merged_into} - ids
        further = memory.known(sorted(asked)) if asked else None
        if further is None or not further.incidents:
            return found
        # Of a version that was read twice the first stands: what changed between is a conflict.
        found = Candidates((*found.incidents, *further.incidents), {**further.versions, **found.versions})
