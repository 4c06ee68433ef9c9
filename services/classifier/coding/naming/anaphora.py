"""What an article named before, known again: *the militants*, *the army*, a short form given in brackets."""

from dataclasses import replace

from services.classifier.coding.text.reading import Mention, Sentence

Named = list[tuple[Sentence, list[Mention]]]
"""The sentences of an article in order, each with its mentions."""
_POINTING = frozenset(["the", "these", "those"])


def known_again(named: Named) -> None:
    """Give a common noun that points back the side that it points at; changes the lists."""
    _short_forms(named)
    group: Mention | None = None
    others: set[str] = set()
    forces: dict[str, Mention] = {}
    for sentence, mentions in named:
        here: set[str] = set()
        for index, mention in enumerate(mentions):
            sector = str(mention.actor.sector)
            if mention.kind == "group" and mention.armed:
                group = group or mention
                others.add(mention.actor.name)
            elif mention.kind != "head" and mention.role == "state" and mention.actor.country:
                if sector not in here:  # of two armies in a sentence, its subject is the one spoken of
                    forces[sector] = mention
                here.add(sector)
            elif mention.kind == "head" and mention.actor.country is None and _points(sentence, mention):
                if mention.role == "armed" and not mention.unknown and group and len(others) == 1:
                    mentions[index] = _same(mention, group)
                elif mention.role == "state" and sector in ("MIL", "COP") and sector in forces:
                    mentions[index] = _same(mention, forces[sector])


def _points(sentence: Sentence, mention: Mention) -> bool:
    """*The militants*, not *militants* or *the two suspected rebels*."""
    before = sentence.norms[mention.first - 1] if mention.first else ""
    return before in _POINTING and mention.last - mention.first <= 2


def _same(mention: Mention, meant: Mention) -> Mention:
    actor = meant.actor.model_copy(update={"text": mention.span.text})
    return replace(mention, actor=actor, kind=meant.kind, role=meant.role)


def _short_forms(named: Named) -> None:
    """*The National Watch (NW)*: from then on *NW* is the same side."""
    meant: dict[str, Mention] = {}
    for sentence, mentions in named:
        for mention in mentions:
            after = sentence.words[mention.last : mention.last + 3]
            if len(after) == 3 and after[0].norm == "(" and after[2].norm == ")" and _is_short(after[1].text):
                meant.setdefault(after[1].text, mention)
    if not meant:
        return
    for sentence, mentions in named:
        taken = {index for m in mentions for index in range(m.first, m.last)}
        for index, word in enumerate(sentence.words):
            if word.text in meant and index not in taken:
                span = sentence.span(index, index + 1)
                mentions.append(
                    replace(
                        _same(meant[word.text], meant[word.text]),
                        span=span,
                        first=index,
                        last=index + 1,
                        head=index,
                    )
                )
        mentions.sort(key=lambda mention: mention.first)


def _is_short(text: str) -> bool:
    return 2 <= len(text) <= 8 and text.isupper()
