"""The sides of a coup: who takes power, and from whom. Its fighting is part of it, no event of its own."""

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Draft, Mention

_FOILED = word_class("coups.foiled")


def settle_coups(drafts: list[Draft]) -> list[Draft]:
    """The drafts without the fighting that a coup's own sentences tell; plotters act, not who foils them."""
    for coup in [d for d in drafts if max(d.frames, key=lambda frame: frame.strength).mode == "coup"]:
        fighting = [draft for draft in drafts if _is_part(draft, coup)]
        own = [m for f in coup.frames if f.mode == "coup" for m in f.actors]
        armed = [m for d in [coup, *fighting] for m in d.actors if m.armed and not _governs(m)]
        coup.actors = own or armed or coup.actors
        if _is_foiled(coup):
            rulers = [m for m in coup.actors if _governs(m)]
            coup.actors = [m for m in coup.actors if m not in rulers] or armed
            coup.recipients = [*rulers, *(m for m in coup.recipients if m not in rulers)]
        drafts = [draft for draft in drafts if draft not in fighting]
    return drafts


def _is_part(draft: Draft, coup: Draft) -> bool:
    """Whether a deed of force stands only in sentences that tell the coup, and behind it."""
    ours = {frame.sentence.number for frame in coup.frames}
    theirs = {frame.sentence.number for frame in draft.frames}
    told = not coup.frames[0].background
    return draft.event_type == "ASSAULT" and told and theirs <= ours and coup.order < draft.order


def _governs(mention: Mention) -> bool:
    return mention.official and mention.actor.sector == "GOV"


def _is_foiled(coup: Draft) -> bool:
    return any(_FOILED & set(frame.sentence.norms) for frame in coup.frames)
