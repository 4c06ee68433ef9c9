"""Two harms that befell the same people: *is abducted and killed*, *were shot and later died*."""

from dataclasses import replace

from services.classifier.coding.text.reading import Sentence, Toll
from services.classifier.coding.tolls.harms import Harm

_MAY_KILL = frozenset({"shot", "beaten", "stabbed"})
_THEN = 2
"""Words between the *and* and the second harm of the same people: *and later died*."""


def harmed_again(sentence: Sentence, told: Toll, harm: Harm) -> tuple[Toll, ...]:
    """A toll, and what a later harm without people of its own adds to it or makes of it.

    Who was taken and killed is both; who was shot and died is dead, and was not merely hurt.
    """
    if not _same_people(sentence, told, harm):
        return (told,)
    again = replace(told, field=harm.field, cue=harm.first)
    return (again,) if told.field == "injured" else (told, again)


def _same_people(sentence: Sentence, before: Toll, harm: Harm) -> bool:
    norms = sentence.norms
    between = norms[before.cue + 1 : harm.first]
    if not before.last <= before.cue < harm.first or "and" not in between:
        return False
    joined = between[len(between) - between[::-1].index("and") :]
    if len(joined) >= _THEN:
        return False
    if before.field in ("abducted", "arrested"):
        return harm.field in ("killed", "injured") and between[0] == "and"
    hit = bool(_MAY_KILL & set(norms[before.cue : before.cue + 2]))
    return hit and before.field == "injured" and harm.field == "killed"
