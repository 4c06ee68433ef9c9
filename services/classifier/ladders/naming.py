"""A subject as a person calls it: ``IRN|ISR`` is *Iran and Israel*."""

from services.classifier.coding.lexicon import country_names
from shared.contracts.ladder import BETWEEN


def sides_of(subject: str) -> tuple[str, ...]:
    """The keys of a pair's two sides, or the country alone."""
    return tuple(subject.split(BETWEEN))


def names_of(subject: str) -> tuple[str, ...]:
    """The names of its sides; a key that is no country's is a name already."""
    known = country_names()
    return tuple(known.get(side, side) for side in sides_of(subject))


def called(subject: str) -> str:
    """*Iran and Israel*, *Sudan*."""
    return " and ".join(names_of(subject))


def place_of(subject: str) -> str:
    """Where it happens, to follow a count: *between Iran and Israel*, *in Sudan*."""
    return f"{'between' if BETWEEN in subject else 'in'} {called(subject)}"
