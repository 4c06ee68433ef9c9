"""A dead letter: an article that could not be considered, kept with its reason until a person decides."""

from shared.contracts.base import Moment, Record


class DeadLetter(Record):
    """``key`` is ``article_id:revision``; ``article`` is the stored record, or what was left of it."""

    key: str
    reason: str
    error: str = ""
    at: Moment
    attempts: int = 0
    title: str = ""
    url: str = ""
