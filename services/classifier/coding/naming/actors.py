"""A sentence in, the actors it names out: states, their organs, armed groups, organisations, people.

A small grammar of noun phrases: modifiers, then a named entity and/or a common noun of ``heads.tsv``
(*Iran-backed militias*, *Israeli soldiers*, *unidentified gunmen*, *al-Shabaab fighters*).
"""

from collections.abc import Iterator
from dataclasses import replace

from services.classifier.coding.lexicon import Agent, Lexicon, word_class
from services.classifier.coding.naming.belonging import joined
from services.classifier.coding.naming.named import name_at
from services.classifier.coding.text.reading import Mention, Sentence
from shared.contracts import Actor

_BACKED = word_class("actors.backed")
_LOCATIVE = word_class("actors.locative")
_FLAGGED = word_class("actors.flagged")
_INSIDE = word_class("actors.inside")
_LAND = word_class("actors.land")
_MUTINOUS = word_class("actors.mutinous")
_PROPER = word_class("actors.proper")
_SWORN = word_class("actors.sworn")
_JOURNEYS = word_class("actors.journeys")
_AIMED_AT = word_class("actors.aimed_at")
_UNTELLING = word_class("actors.untelling")
_SITES = (("air", "base"), ("air", "bases"), ("army", "base"), ("military", "base"), ("naval", "base"))
_DASHES = frozenset("-–—")
_PLACE_NOUNS = word_class("actors.place_nouns")
_MILITARY_THINGS = word_class("actors.military_things")


def actors_in(sentence: Sentence, lexicon: Lexicon) -> list[Mention]:
    """The actor phrases of a sentence in order; they never overlap."""
    mentions: list[Mention] = []
    position = 0
    while position < len(sentence.words):
        mention = _phrase(sentence, position, lexicon) or name_at(sentence, position, lexicon)
        if mention is None:
            position += 1
        else:
            mentions.append(mention)
            position = mention.last
    return joined(mentions, sentence)


_OTHER_AMERICAS = (("latin",), ("south",), ("central",))


def may_name(agent: Agent, sentence: Sentence, position: int) -> bool:
    """Whether a word that may name the United States does: *us*, *US$* and *Latin American* do not."""
    if agent.country != "USA":
        return True
    word = sentence.words[position]
    if sentence.norms[position + 1 : position + 2] == ("$",):
        return False  # US$13 million
    return (word.norm != "us" or word.text.isupper() or not word.text.isalpha()) and (
        sentence.norms[max(0, position - 1) : position] not in _OTHER_AMERICAS
    )


def _agent_at(sentence: Sentence, position: int, lexicon: Lexicon) -> tuple[int, Agent] | None:
    for length, agent in _named_at(sentence.norms, position, lexicon):
        words = sentence.words[position : position + length]
        if agent.capitals == "all" and not all(w.text.isupper() or not w.text.isalpha() for w in words):
            continue
        if agent.capitals == "first" and not any(w.capital for w in words):
            continue
        if not may_name(agent, sentence, position):
            continue
        return length, agent
    return None


def _named_at(norms: tuple[str, ...], position: int, lexicon: Lexicon) -> Iterator[tuple[int, Agent]]:
    """The phrases that begin here, longest first, also over a dash (*Islamic State – Sahel Province*)."""
    dash = next((i for i in range(position + 1, min(position + 4, len(norms))) if norms[i] in _DASHES), 0)
    if dash:
        whole = norms[position:dash] + norms[dash + 1 : dash + 5]
        found = ((length + 1, agent) for length, agent in lexicon.agents.at(whole, 0))
        yield from ((length, agent) for length, agent in found if position + length > dash + 1)
    yield from lexicon.agents.at(norms, position)


def _phrase(sentence: Sentence, start: int, lexicon: Lexicon) -> Mention | None:
    """The longest actor phrase that begins at ``start``, or None."""
    words = sentence.words
    modifiers = lexicon.cues["modifier"]
    position = start
    named: tuple[int, int, Agent] | None = None
    head: tuple[int, int, Agent] | None = None
    backers: list[str] = []
    against = False
    end = start
    while position < len(words) and position - start < 10:
        found = _agent_at(sentence, position, lexicon)
        modifier = next(modifiers.at(sentence.norms, position), None)
        if found and not (
            modifier
            and found[1].kind == "head"
            and modifier[0] >= found[0]
            and _agent_at_next(sentence, position + modifier[0], lexicon)
        ):
            length, agent = found
            after = position + length
            tied = after < len(words) and words[after].glued and words[after].norm in _BACKED
            pro = position > start and words[position].glued and words[position - 1].norm in ("pro", "anti")
            if pro and words[position - 1].norm == "anti":
                against = True
            elif (tied or pro) and agent.country and agent.kind in ("state", "people", "capital"):
                backers.append(agent.country)
            elif agent.kind == "head":
                head = (position, after, agent)
            elif named is None or (agent.kind == "group" and named[2].kind != "group"):
                named = (position, after, agent)
            else:
                break
            position = end = after
            if words[after - 1].possessive and agent.kind == "head":
                break
        elif modifier and words[position].norm != "":
            position += modifier[0]
        else:
            break
    if named is None and head is None:
        return None
    if against and named is None and head is None:
        return None
    return _mention(sentence, start, end, named, head, tuple(backers), lexicon)


def _agent_at_next(sentence: Sentence, position: int, lexicon: Lexicon) -> bool:
    """Whether another head follows, so that the word before it only qualifies it (*government forces*)."""
    if position >= len(sentence.words):
        return False
    found = _agent_at(sentence, position, lexicon)
    return found is not None and found[1].kind == "head"


def _mention(
    sentence: Sentence,
    start: int,
    end: int,
    named: tuple[int, int, Agent] | None,
    head: tuple[int, int, Agent] | None,
    backers: tuple[str, ...],
    lexicon: Lexicon,
) -> Mention | None:
    words = sentence.words
    if named:
        start = min(start, named[0]) if start == named[0] else start
    person_end = end
    noun = head[2] if head else None
    if noun and (noun.role == "person" or noun.sector == "GOV" or noun.name in ("journalists", "civilians")):
        while (
            person_end < len(words)
            and person_end - end < 4
            and words[person_end].capital
            and words[person_end].text.isalpha()
            and not (_agent_at(sentence, person_end, lexicon) and person_end == end)
        ):
            person_end += 1
    span = sentence.span(start, max(end, person_end))
    core = sentence.span(named[0] if named else start, end)
    agent = named[2] if named else None
    adjective = False
    role = noun.role if noun else ""
    kind = agent.kind if agent else "head"
    unknown = False
    if agent and agent.kind in ("group", "igo", "organ"):
        actor = Actor(
            text=core.text,
            name=agent.name,
            country=agent.country,
            sector=agent.sector,
            backed_by=agent.backed_by,
        )
        role = {"group": "armed", "igo": "state", "organ": "state"}[agent.kind]
        if noun and noun.role == "civil" and agent.kind != "group" and noun.name == "civilians":
            role = "state"
    elif agent and noun is None:
        if agent.kind == "people":
            plural = words[end - 1].norm.endswith("s") and words[end - 1].norm not in ("swiss", "kyrgyz")
            adjective = not plural
            role = "civil" if plural else ""
            actor = Actor(
                text=core.text,
                name=agent.name if adjective else "civilians",
                country=agent.country,
                sector="CVL",
            )
            if adjective:
                after = words[end] if end < len(words) else None
                private = after is not None and after.glued and after.norm in _FLAGGED
                sector = "CVL" if private else "GOV"
                actor = Actor(text=core.text, name=agent.name, country=agent.country, sector=sector)
        else:
            if _is_place_use(sentence, start, end, agent, lexicon):
                return None
            adjective = words[end - 1].possessive
            actor = Actor(text=core.text, name=agent.name, country=agent.country, sector="GOV")
            role = "state"
    elif agent and noun:
        if (
            named
            and agent.kind == "state"
            and not words[named[1] - 1].possessive
            and _is_site(sentence, named[1])
        ):
            return None  # "attack on Iraq air base": where it lies, not whose it is
        actor, role = _owned(
            agent,
            noun,
            sentence.span(named[0] if named else start, max(end, person_end)).text,
            sentence.norms[end - 1],
        )
    else:
        if noun is None:
            return None
        if noun.role in ("thing", "arms"):
            return None
        if backers and noun.role == "state":
            # "Iran-backed forces" are nobody's army: an armed group whose name is not given.
            noun = replace(noun, name=span.text, sector="REB", role="armed")
            role = "armed"
        mutinous = noun.role == "state" and bool(_MUTINOUS & set(sentence.norms[start:end]))
        if mutinous:
            role, noun = "armed", replace(noun, sector="MIL")  # they bear its arms and are no longer its own
        name = noun.name
        if noun.sector == "UNK" and _SWORN & set(sentence.norms[start:end]):
            noun = replace(noun, sector="REB")  # "separatist gunmen": nobody's name, and yet a side
        if mutinous or (noun.role == "armed" and noun.sector in ("REB", "CRM")):
            start = _without_counts(sentence, start, head[0] if head else end - 1)
            name = _common(sentence, start, sentence.span(start, end).text)
        elif noun.role == "person":
            name = sentence.span(end, person_end).text if person_end > end else span.text
        actor = Actor(text=span.text, name=name, country=None, sector=noun.sector, backed_by=backers)
        unknown = noun.sector == "UNK"
    if backers and not actor.backed_by:
        actor = actor.model_copy(update={"backed_by": backers})
    return Mention(
        start, max(end, person_end), head[0] if head else end - 1, actor, kind, role, span, adjective, unknown
    )


def _without_counts(sentence: Sentence, start: int, head: int) -> int:
    """*Two suspected rebels* are rebels: the first word that says who they are."""
    while start < head and sentence.norms[start] in _UNTELLING:
        start += 1
    return start


def _is_site(sentence: Sentence, position: int) -> bool:
    return sentence.norms[position : position + 2] in _SITES


def _common(sentence: Sentence, start: int, text: str) -> str:
    """A common noun's words without the capital that only the sentence's beginning gave them."""
    proper = sentence.words[start + 1 :][:1] and sentence.words[start + 1].glued
    proper = proper or sentence.norms[start] in _PROPER or not text[1:2].islower()
    return text if proper or start else text[:1].lower() + text[1:]


def _owned(agent: Agent, noun: Agent, text: str, last_norm: str) -> tuple[Actor, str]:
    """An actor that a state's name and a common noun make together."""
    country, name = agent.country, agent.name
    if noun.role in ("state", "arms"):
        return Actor(text=text, name=name, country=country, sector=noun.sector), "state"
    if noun.role == "armed":
        return Actor(text=text, name=text, country=country, sector=noun.sector), "armed"
    if noun.role == "person":
        if noun.sector == "MIL":
            return Actor(text=text, name=name, country=country, sector="MIL"), "person"
        return Actor(text=text, name=text, country=country, sector=noun.sector), "person"
    if noun.role == "thing":
        sector = "MIL" if last_norm in _MILITARY_THINGS else "CVL"
        return Actor(text=text, name=name, country=country, sector=sector), "thing"
    if last_norm in ("personnel", "contractors", "contractor") and agent.kind != "group":
        return Actor(text=text, name=name, country=country, sector="MIL"), "state"
    return Actor(text=text, name=noun.name, country=country, sector="CVL"), "civil"


def _is_place_use(sentence: Sentence, start: int, end: int, agent: Agent, lexicon: Lexicon) -> bool:
    """Whether a state's name stands for the land (*in Iraq*, *Gao, Mali*), not for who acts."""
    if start == 0:
        return False
    before = sentence.norms[start - 1]
    if before == "the" and start > 1:
        before = sentence.norms[start - 2]
    if sentence.words[end - 1].possessive and agent.kind == "capital" and before not in _INSIDE:
        return False  # "to Washington's goodwill": a government
    if before in _LOCATIVE and before != "to":
        return True
    if agent.kind == "state" and _is_site(sentence, end):
        return True  # "attack on Iraq air base"
    if before in _LAND:
        return True
    if before == "of" and start > 1 and sentence.norms[start - 2] in _PLACE_NOUNS:
        return True
    if before == "," and start > 1 and agent.kind in ("state", "capital"):
        if sentence.norms[start - 2] in lexicon.country_ends:
            return False
        previous = sentence.words[start - 2]
        if previous.capital and _LOCATIVE & set(sentence.norms[max(0, start - 7) : start - 2]):
            return True  # "in Adelanto, California, United States"
        after = sentence.norms[end] if end < len(sentence.norms) else "."
        return (
            previous.capital
            and after in (",", ".", ";", "and", "on", "when", "after", "as", "during", "according", "in")
            and not sentence.words[start].possessive
        )
    if agent.kind == "capital" and before in ("to", "on"):
        led = set(sentence.norms[max(0, start - 6) : start])
        return bool(led & _JOURNEYS) if before == "to" else not led & _AIMED_AT
    return agent.kind == "capital" and before in _LOCATIVE | {"from", "of", "city"}
