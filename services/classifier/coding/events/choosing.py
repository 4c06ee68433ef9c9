"""Which event an article is about, which others are kept beside it, and when each was."""

from collections.abc import Sequence

from services.classifier.coding.deeds import gate as gates
from services.classifier.coding.events.denials import only_denied
from services.classifier.coding.lexicon import Lexicon
from services.classifier.coding.text.reading import Draft, Sentence

UNTOLD = 0.75
"""Least strength of a main event of which the title has not a word: a report's title tells its news."""
EVENTS_LIMIT = 6
"""Most events kept of one article; a round-up of the day's war has more, and no alert needs them."""


def main_of(drafts: Sequence[Draft], lead: int, digest: bool) -> Draft | None:
    """The main event: the newest in title and lead (CODEBOOK §4), not the loudest number."""
    told = [draft for draft in drafts if not only_denied(draft)]
    drafts = [draft for draft in told if any(f.sentence.number < lead for f in draft.frames)]
    # A newsletter or a live page opens with the weather: a fresh deed told in full is news further down, too.
    drafts = drafts or [draft for draft in told if digest and _is_fresh(draft)]
    if not drafts:
        return None
    first = min(draft.order[0] for draft in drafts)
    # Fighters who storm a prison and free its inmates have attacked, whatever else they did.
    alone = not any(d.event_type == "ASSAULT" and d.order[0] == first for d in drafts)
    return max(drafts, key=lambda draft: (_rank(draft, first, alone), -draft.order[0], -draft.order[1]))


def untold(main: Draft, sentences: Sequence[Sentence], lexicon: Lexicon) -> bool:
    """Whether the title is silent on an event that is not strong enough to stand without it."""
    bell = main.event_type not in ("RETREAT", "AGREE")
    weak = main.strength < UNTOLD and not gates.is_digest(sentences)
    return bell and weak and not gates.title_speaks(sentences, lexicon)


def kept_with(drafts: list[Draft], main: Draft | None) -> list[Draft]:
    """The events to tell; none without a main one, for what only stands deep in a feature is background."""
    if main is None:
        # A denial is recorded with the event that it denies (CODEBOOK §3).
        return [draft for draft in drafts if only_denied(draft)]
    kept = drafts[:EVENTS_LIMIT]
    if main not in kept:
        kept[-1] = main
    # The main event comes first, so that its ordinal is 0 and readers see it first.
    return sorted(kept, key=lambda draft: (draft is not main, draft.order))


def same_days(drafts: Sequence[Draft], main: Draft | None) -> None:
    """*Earlier in the day* is the main event's day, once that is known."""
    for draft in drafts:
        if draft.when is None or not draft.when.same_day:
            continue
        base = next(
            (d.when for d in [main, *drafts] if d and d is not draft and d.when and not d.when.same_day), None
        )
        if base is not None:
            draft.when = type(draft.when)(
                draft.when.first, draft.when.last, base.day, base.precision, base.printed, draft.when.span
            )


def _rank(draft: Draft, first: int, drafts_alone: bool) -> float:
    """How much speaks for a draft as the main event: strong, early, and nobody's background."""
    frame = draft.frames[0]
    rank = draft.strength - 0.12 * (frame.sentence.number - first)
    if frame.cause or all(f.background for f in draft.frames):
        rank -= 0.45
    if draft.event_type == "COERCE" and frame.mode == "arrest" and not drafts_alone:
        rank -= 0.4  # arrests after a raid are part of it
    if draft.event_type in ("RETREAT", "AGREE"):
        rank -= 0.05 if drafts_alone else 0.3
    return rank


def _is_fresh(draft: Draft) -> bool:
    """Whether a deed is told strongly, with its day of the last week and with a side, an arm or a toll."""
    full = bool(draft.actors or draft.tolls or draft.weapon)
    return draft.when is not None and full and draft.strength >= UNTOLD and not draft.frames[0].background
