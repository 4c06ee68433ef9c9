"""The reason in one sentence: what the main event is, or why the article is silent."""

from collections.abc import Sequence

from services.classifier.coding.deeds.gate import Gate
from services.classifier.coding.text.reading import Frame
from shared.contracts import Event

_STATUS = {
    "negated": "it is denied or did not happen",
    "hypothetical": "it is only possible, planned or asked for",
    "historical": "it is background, not new",
}


def describe(event: Event) -> str:
    """*main event: airstrike by United States on Kataeb Hezbollah in Iraq*."""
    return f"main event: {_told(event)}"


def recollection(event: Event) -> str:
    """*it recalls: airstrike in Nyala, of whose incident it is a report*."""
    return f"it only recalls this, and may join its incident: {_told(event)}"


def _told(event: Event) -> str:
    what = (event.mode or str(event.event_type).casefold()).replace("-", " ")
    if event.event_type != "ASSAULT" and event.mode:
        what = f"{str(event.event_type).casefold()} ({what})"
    text = what
    doers = [actor.name for actor in event.actors if actor.text or actor.sector != "UNK"]
    if doers:
        text += " by " + " and ".join(doers[:2])
    if event.recipients:
        text += " on " + " and ".join(actor.name for actor in event.recipients[:2])
    if event.place:
        text += f" in {event.place.name}"
    if event.direction == "deescalatory":
        text += "; it de-escalates"
    return text


def silence(gate: Gate, frames: Sequence[Frame], background: str = "") -> str:
    """Why nothing was coded, with the words that decided; ``background`` says why an event was no news."""
    noise = gate.noise[0] if gate.noise else None
    if noise and not background and (not frames or noise.weight >= 0.6):
        seen = ", ".join(f"'{phrase}'" for phrase in noise.phrases[:3])
        return f"{noise.reason}, no new escalation event: {seen}"
    if not frames:
        return "no word of force, threat, sanction or repression in the text"
    best = max(frames, key=lambda frame: frame.strength)
    words = best.span.text
    if background:
        return f"'{words}' is not this article's news: {background}"
    if best.status in _STATUS:
        cue = f" ({best.why})" if best.why else ""
        return f"'{words}': {_STATUS[best.status]}{cue}"
    if best.why:
        return f"'{words}' alone is not an event: {best.why}"
    return f"'{words}' is too weak a sign of a new event"
