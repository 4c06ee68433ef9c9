"""The sentences of an article in, each branch of a movement named once: *Islamic State* is its branch there.

*JNIM, al-Qaeda's branch in the Sahel*: the movement only says whose branch it is. *Islamic State claimed ...
Islamic State in the Sahel said*: one group under its short and its full name.
"""

from dataclasses import replace

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.reading import Mention, Sentence

_BRANCH = word_class("branches.nouns")
_SHORT = ("Islamic State",)
"""Movements whose branches bear their name and more."""
_BETWEEN = 2
"""Words between a movement and *branch*: *al-Qaeda's main Sahel branch*."""


def branches(sentences: list[tuple[Sentence, list[Mention]]]) -> None:
    """Settle who is meant by a movement's name beside its branch's; changes the lists."""
    groups = {m.actor.name for _, mentions in sentences for m in mentions if m.kind == "group"}
    for short in _SHORT:
        longer = {name for name in groups if name.startswith(f"{short} ")}
        if short in groups and len(longer) == 1:
            _lengthen(sentences, short, longer.pop())
    for sentence, mentions in sentences:
        others = any(name not in _owners(sentence, mentions) for name in groups)
        if others:
            mentions[:] = [m for m in mentions if not _owns_a_branch(sentence, m)]


def _lengthen(sentences: list[tuple[Sentence, list[Mention]]], short: str, name: str) -> None:
    branch = next(m.actor for _, mentions in sentences for m in mentions if m.actor.name == name)
    for _, mentions in sentences:
        for index, mention in enumerate(mentions):
            if mention.actor.name == short:
                actor = branch.model_copy(update={"text": mention.actor.text})
                mentions[index] = replace(mention, actor=actor)


def _owners(sentence: Sentence, mentions: list[Mention]) -> set[str]:
    return {mention.actor.name for mention in mentions if _owns_a_branch(sentence, mention)}


def _owns_a_branch(sentence: Sentence, mention: Mention) -> bool:
    if mention.kind != "group":
        return False
    after = sentence.norms[mention.last : mention.last + _BETWEEN + 1]
    found = next((index for index, word in enumerate(after) if word in _BRANCH), None)
    return found is not None and not {",", "and", "or"} & set(after[:found])
