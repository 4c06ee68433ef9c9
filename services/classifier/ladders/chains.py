"""Tit for tat: the run of answers that an incident stands in, by their links ``responds_to``."""

from collections.abc import Callable, Iterable

from shared.contracts import Incident

LONGEST = 20
"""Links that are followed: a war of answers is not told to its first shot."""


def answered_by(incident: Incident, find: Callable[[str], Incident | None]) -> tuple[Incident, ...]:
    """What the incident answers, what that answered, and so on: the nearest first.

    ``find`` gives an incident by its id; the run ends where it knows none, or meets one a second time.
    """
    run: list[Incident] = []
    seen = {incident.id}
    at = incident
    while at.responds_to and at.responds_to not in seen and len(run) < LONGEST:
        earlier = find(at.responds_to)
        if earlier is None:
            break
        run.append(earlier)
        seen.add(earlier.id)
        at = earlier
    return tuple(run)


def runs_of(incidents: Iterable[Incident]) -> tuple[tuple[Incident, ...], ...]:
    """The runs of at least two among these incidents, each from its first blow to its last answer.

    The longest first, then the one whose last answer is the latest; a run within a longer one is left out.
    """
    by_id = {each.id: each for each in incidents}
    answered = {each.responds_to for each in by_id.values()}
    ends = sorted(
        (each for each in by_id.values() if each.id not in answered), key=lambda each: each.opened_at
    )
    runs = [(*reversed(answered_by(each, by_id.get)), each) for each in reversed(ends)]
    return tuple(sorted((run for run in runs if len(run) > 1), key=len, reverse=True))


def said(run: Iterable[Incident]) -> str:
    """*answers inc_b, which answered inc_a*; empty for none."""
    ids = ", which answered ".join(each.id for each in run)
    return f"answers {ids}" if ids else ""
