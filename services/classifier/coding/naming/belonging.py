"""Whose men they are: phrases that name one side between them, or whose owner is named elsewhere."""

from dataclasses import replace

from services.classifier.coding.lexicon import word_class
from services.classifier.coding.naming.anaphora import known_again
from services.classifier.coding.text.reading import Mention, Sentence

_OF = frozenset(["of", "from", "with", "to"])
_TIES = word_class("actors.ties")


def ours(sentences: list[tuple[Sentence, list[Mention]]]) -> None:
    """*Three of our personnel*: a release speaks for the state that it named first; changes the lists."""
    home: Mention | None = None
    for sentence, mentions in sentences:
        for index, mention in enumerate(mentions):
            mine = mention.first > 0 and sentence.norms[mention.first - 1] == "our"
            troops = mention.actor.sector in ("MIL", "COP") or sentence.norms[mention.head] == "personnel"
            if home is not None and mine and mention.kind == "head" and troops:
                actor = home.actor.model_copy(update={"text": mention.actor.text, "sector": "MIL"})
                mentions[index] = replace(mention, actor=actor, kind="state", role="state")
            elif home is None and mention.official and mention.actor.country:
                home = mention
    known_again(sentences)


def _is_crew_of(sentence: Sentence, some: Mention, whole: Mention) -> bool:
    """*Men of Iran's navy*: of the armed forces that follow."""
    men = sentence.norms[some.head] in ("men", "members", "units", "crews")
    return men and whole.role == "state" and whole.actor.sector in ("MIL", "COP")


def joined(mentions: list[Mention], sentence: Sentence) -> list[Mention]:
    """*Members of al-Shabaab* is al-Shabaab; *and affiliated groups* shares its partner's country."""
    out: list[Mention] = []
    for mention in mentions:
        if out:
            last = out[-1]
            between = sentence.norms[last.last : mention.first]
            tie = [w for w in between if w != "the"]
            if (
                last.kind == "head"
                and last.role in ("armed", "civil", "person", "state")
                and (mention.kind in ("group", "organ", "igo") or _is_crew_of(sentence, last, mention))
                and tie
                and tie[-1] in _OF
                and len(tie) <= 2
                and (
                    sentence.norms[last.head] in _TIES
                    or tie[0] in _TIES
                    or last.role == "armed"
                    or _is_crew_of(sentence, last, mention)
                )
            ):
                span = sentence.span(last.first, mention.last)
                out[-1] = replace(mention, first=last.first, head=last.head, span=span)
                continue
            if (
                last.adjective
                and between == ("and",)
                and mention.kind == last.kind == "people"
                and mention.role == "state"
            ):
                # "Rwandan and Mozambican forces": the noun serves both
                actor = last.actor.model_copy(update={"sector": mention.actor.sector})
                out[-1] = replace(last, actor=actor, adjective=False, role="state")
            elif (
                mention.kind == "head"
                and mention.role in ("state", "armed")
                and sentence.norms[max(0, mention.first - 1)] in ("its", "their", "his")
                and last.actor.country
                and (last.official or last.kind == "group")
                and mention.first - last.last < 8
            ):
                # "Russia says its troops": whose, is said before
                actor = last.actor.model_copy(
                    update={"sector": mention.actor.sector, "text": mention.actor.text}
                )
                mention = replace(mention, actor=actor, kind="state" if last.official else last.kind)
            elif (
                mention.kind == "head"
                and mention.role == "armed"
                and between in (("and",), ("and", "other"))
                and last.kind == "group"
                and mention.actor.sector == "REB"
            ):
                actor = mention.actor.model_copy(
                    update={"country": last.actor.country, "backed_by": last.actor.backed_by}
                )
                mention = replace(mention, actor=actor)
        out.append(mention)
    return out
