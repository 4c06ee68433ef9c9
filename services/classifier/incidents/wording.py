"""What happened, in one sentence that a person reads at a glance, composed from the coded fields."""

from shared.contracts import Actor, Casualties, Count, Event, Status

_ACTS = {
    "airstrike": "airstrike",
    "drone": "drone attack",
    "missile": "missile strike",
    "artillery": "shelling",
    "clash": "armed clash",
    "firearms": "shooting",
    "explosives": "bombing",
    "suicide-attack": "suicide attack",
    "assassination": "assassination",
    "abduct": "abduction",
    "massacre": "massacre",
    "destroy": "destruction",
    "ground-offensive": "ground offensive",
    "naval": "naval action",
    "unconventional": "attack with unconventional weapons",
    "crowd-control": "force against a crowd",
    "intercept": "interception",
    "blockade": "blockade",
    "seize": "seizure",
    "arrest": "arrests",
    "martial-law": "martial law",
    "curfew": "curfew",
    "restrict": "restrictions",
    "cyber": "cyber attack",
    "deport": "deportation",
    "coup": "coup",
    "troops": "troop deployment",
    "weapons-test": "weapons test",
    "exercise": "military exercise",
    "alert": "military alert",
    "nuclear": "nuclear posture",
    "border-violation": "border violation",
    "militia": "militia mobilisation",
    "violence": "threat of force",
    "war-declaration": "declaration of war",
    "ultimatum": "ultimatum",
    "sanction": "sanctions",
    "expel": "expulsion of diplomats",
    "break-relations": "break of relations",
    "recall": "recall of the ambassador",
    "withdraw": "withdrawal",
    "suspend-aid": "suspension of aid",
    "riot": "riot",
}
_THREATENED = {
    "nuclear": "nuclear threat",
    "blockade": "threat of a blockade",
    "sanction": "threat of sanctions",
}
_TYPES = {"ASSAULT": "attack", "COERCE": "coercion", "MOBILIZE": "mobilisation", "THREATEN": "threat"}
_COSTS = (
    ("killed", "killed"),
    ("injured", "injured"),
    ("missing", "missing"),
    ("abducted", "abducted"),
    ("arrested", "arrested"),
)


def sentence(event: Event) -> str:
    """For example ``United States: airstrike on Kataeb Hezbollah in Iraq, 25 Dec 2023; 3 injured.``"""
    act = act_of(event)
    parts = [f"{_names(event.actors)}: {act}" if event.actors else act[:1].upper() + act[1:]]
    if event.recipients:
        preposition = (
            "against" if event.status == Status.THREATENED or event.event_type != "ASSAULT" else "on"
        )
        parts.append(f"{preposition} {_names(event.recipients)}")
    if event.place:
        parts.append(f"in {event.place.name}")
    text = " ".join(parts)
    if event.occurred_on:
        text += f", {event.occurred_on.day} {event.occurred_on:%b %Y}"
    cost = costs(event.casualties)
    return f"{text}; {cost}." if cost else f"{text}."


def act_of(event: Event) -> str:
    """The act in words: the mode's, else the type's."""
    if event.event_type == "THREATEN" and event.mode in _THREATENED:
        return _THREATENED[event.mode]
    return _ACTS.get(event.mode or "", _TYPES.get(str(event.event_type), str(event.event_type).lower()))


def costs(casualties: Casualties) -> str:
    """``12 killed, 3-5 injured``; empty when nothing is stated."""
    stated = ((getattr(casualties, field), word) for field, word in _COSTS)
    return ", ".join(f"{number(count)} {word}" for count, word in stated if count is not None)


def number(count: Count) -> str:
    """``3`` or ``3-5``."""
    return str(count.low) if count.low == count.high else f"{count.low}-{count.high}"


def _names(actors: tuple[Actor, ...]) -> str:
    names = list(dict.fromkeys(actor.name for actor in actors))
    if len(names) > 3:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
