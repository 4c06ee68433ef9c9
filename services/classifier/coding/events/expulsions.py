"""Whoever's envoys must go has not sent them away: *Chinese diplomats expelled by Manila*.

Follow-ups of an expulsion are told from the side of those who leave, so that their state stands where a
reader looks for who acts. The envoys say whose they are, and the other state is the one that expels.
"""

from collections.abc import Iterator, Sequence

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Draft, Mention, Reading

_ENVOYS = word_class("expulsions.envoys")
_OUT_OF = frozenset({"by", "whom", "from", "left", "leave", "leaves", "quit", "in", "to"})
"""Words before the state that expels: *expelled by*, *whom X ordered out*, *to leave*, *the embassy in*."""
_WHERE_THEY_SERVE = word_class("expulsions.serving")
"""Words between a state and its envoys: *Russian embassy employees*."""


def turn_round(draft: Draft, readings: Sequence[Reading]) -> None:
    """Where the state of the envoys is said to expel, make it the one hit and the other state the actor."""
    if draft.mode != "expel":
        return
    told = {frame.sentence.number for frame in draft.frames} | {0}
    near = [reading for reading in readings if reading.sentence.number in told]
    envoy = next((each for reading in near for each in _envoys(reading)), None)
    if envoy is None:
        return
    others = [m for m in draft.actors if m.actor.country not in (None, envoy.actor.country)]
    if others:
        draft.actors = others
        return
    other = _other_state(near, envoy)
    if other is None:
        return
    draft.actors, draft.recipients = [other], [envoy]
    if draft.located is not None and draft.located.place.country != other.actor.country:
        draft.located = None
    draft.land, draft.land_span = other.actor.country, other.span


def _envoys(reading: Reading) -> Iterator[Mention]:
    """The states whose envoys a sentence names."""
    norms = reading.sentence.norms
    for mention in reading.mentions:
        if mention.actor.country is None or mention.kind == "group":
            continue
        after = mention.last
        while after < len(norms) and norms[after] in _WHERE_THEY_SERVE:
            after += 1
        if _ENVOYS & {norms[mention.head], *norms[after : after + 1]}:
            yield mention


def _other_state(readings: Sequence[Reading], envoy: Mention) -> Mention | None:
    """The state that the same sentences name beside that of the envoys, rather after *by* or *leave*."""
    named = [
        (reading.sentence.norms[max(0, m.first - 1) : m.first], m)
        for reading in readings
        for m in reading.mentions
        if m.actor.country not in (None, envoy.actor.country) and m.kind in ("state", "capital", "organ")
    ]
    return next((m for before, m in named if set(before) & _OUT_OF), named[0][1] if named else None)
