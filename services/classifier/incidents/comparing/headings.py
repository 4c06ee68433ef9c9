"""Under what an event goes wherever it is filed, sought or compared: the family of its type, and its day."""

from datetime import date

from shared.contracts import Event, EventType


def family(event: Event) -> str:
    """The type family of CODEBOOK §6: violent protest goes with assault, every other type alone."""
    return EventType.ASSAULT if event.event_type == EventType.PROTEST else str(event.event_type)


def day_of(event: Event, published: date) -> tuple[date, bool]:
    """The day to file under, and whether it is known; one dated to a week or month has its report's day."""
    if event.occurred_on is None or event.date_precision in (2, 3):
        return published, False
    return event.occurred_on, True
