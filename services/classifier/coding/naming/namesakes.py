"""Sentences in, a lexicon out in which each doubtful name means one thing, or nothing, in this article.

*Al-Shabaab* is one group in Somalia and another in Mozambique; *PDF*, *ADF* and *SDF* are armies only where
their lands, or their long forms, are spoken of. An article without such a name gets the lexicon itself.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from services.classifier.coding.lexicon import Agent, Key, Lexicon, Phrases
from services.classifier.coding.text.reading import Sentence

LONGEST_PLACE = 3
"""Most words of a place's name that is looked for here."""


class Settled(Phrases[Agent]):
    """The agents of a lexicon, with the doubtful phrases of one article settled."""

    def __init__(self, agents: Phrases[Agent], meant: dict[Key, Agent | None]) -> None:
        self._agents = agents
        self._meant = meant

    def all(self) -> Iterator[tuple[Key, Agent]]:
        """Every phrase that may stand in this article."""
        for phrase, agent in self._agents.all():
            if self._stands(phrase, agent):
                yield phrase, agent

    def at(self, words: tuple[str, ...], start: int) -> Iterator[tuple[int, Agent]]:
        """The phrases that begin at ``start``, longest first, as (length, agent)."""
        for length, agent in self._agents.at(words, start):
            if self._stands(words[start : start + length], agent):
                yield length, agent

    def _stands(self, phrase: Key, agent: Agent) -> bool:
        if phrase not in self._meant or agent.kind == "head":
            return True
        meant = self._meant[phrase]
        return meant is not None and (meant.name, meant.country) == (agent.name, agent.country)


def settled(sentences: Sequence[Sentence], lexicon: Lexicon) -> Lexicon:
    """The lexicon for one article: of namesakes, the one whose land or long form the text speaks of."""
    doubtful = {
        sentence.norms[start : start + length]
        for sentence in sentences
        for start, word in enumerate(sentence.norms)
        if word in lexicon.doubtful_firsts
        for length, _ in lexicon.agents.at(sentence.norms, start)
        if sentence.norms[start : start + length] in lexicon.doubtful
    }
    if not doubtful:
        return lexicon
    lands, named = _spoken_of(sentences, lexicon)
    meant = {phrase: _meant(lexicon.doubtful[phrase], lands, named) for phrase in doubtful}
    return replace(lexicon, agents=Settled(lexicon.agents, meant))


def _spoken_of(sentences: Sequence[Sentence], lexicon: Lexicon) -> tuple[Counter[str], set[str]]:
    """The countries that the text speaks of, and the agents that it names, beyond doubt."""
    lands: Counter[str] = Counter()
    named: set[str] = set()
    for sentence in sentences:
        norms = sentence.norms
        for first, last, agent in lexicon.agents.find(norms):
            if (
                agent.kind == "head"
                or norms[first:last] in lexicon.doubtful
                or not _printed(sentence, first, agent)
            ):
                continue
            named.add(agent.name)
            if agent.country:
                lands[agent.country] += 1
        for first, word in enumerate(sentence.words):
            if word.capital:
                lands.update(_land_of(norms[first : first + LONGEST_PLACE], lexicon))
    return lands, named


def _printed(sentence: Sentence, first: int, agent: Agent) -> bool:
    """Whether the phrase has the capitals that it asks for (*US*, not *us*)."""
    text = sentence.words[first].text
    return not agent.capitals or (
        text.isupper() if agent.capitals == "all" else text[:1].isupper() or "-" in text
    )


def _land_of(norms: tuple[str, ...], lexicon: Lexicon) -> list[str]:
    for length in range(len(norms), 0, -1):
        spots = lexicon.known_spots.get(" ".join(norms[:length]))
        if spots:
            return [spots[0].country] if spots[0].country else []
    return []


def _meant(agents: Sequence[Agent], lands: Counter[str], named: set[str]) -> Agent | None:
    """Which of the namesakes it is; the first that needs no proof where the text says nothing."""

    def proof(agent: Agent) -> int:
        home = 2 * lands[agent.country] if agent.country else 0
        return 10 * (agent.name in named) + home + sum(lands[land] for land in agent.lands)

    best = max(agents, key=lambda agent: (proof(agent), not agent.proof))
    if proof(best):
        return best
    return next((agent for agent in agents if not agent.proof), None)
