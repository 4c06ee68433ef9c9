"""The words of these tests: an opinion written by hand, and votes that listen to one voice alone."""

from collections.abc import Mapping, Sequence

from services.classifier.coding import Coder
from services.classifier.coding.lexicon import normal
from services.classifier.coding.opinion import ROLES, Opinion, Opinions
from services.classifier.coding.second.case import Case, Hearing
from services.classifier.coding.second.votes import BALLOTS, Votes
from services.classifier.coding.text.reading import Mention, Sentence
from services.classifier.coding.text.sentences import read
from services.classifier.voting import Vote
from shared.contracts import Actor, Article
from tests.unit.coding.reading import article

SURE, NOT = 0.97, 0.01
_VOICES = {"model": ("said", "model", "place said"), "rules": ("rules", "rules ring")}


def votes_for(voice: str) -> Votes:
    """Votes that follow the ``model`` alone, or the ``rules`` alone."""
    # What the model says is an odds with its own middle; what the rules say is a bare yes or no.
    bias, weight = (0.0, 1.0) if voice == "model" else (-3.0, 6.0)
    # Neither voice speaks of a side that no word names.
    weights = dict.fromkeys(_VOICES[voice], weight) | {"unnamed people": -9.0, "unnamed state": -9.0}
    return {name: Vote(bias, weights) for name in BALLOTS}


def opinion_of(
    sentences: Sequence[Sentence],
    relevance: float = SURE,
    kinds: Mapping[str, float] | str = "ASSAULT/airstrike",
    sentences_read: int = 99,
    **words: str | tuple[str, ...],
) -> Opinion:
    """An opinion that is sure of these words in these roles, in the sentences that were read."""
    roles: dict[tuple[int, int], list[float]] = {}
    for sentence in sentences[:sentences_read]:
        for index in range(len(sentence.words)):
            roles[sentence.number, index] = [NOT] * len(ROLES)
        for role, phrases in words.items():
            for phrase in (phrases,) if isinstance(phrases, str) else phrases:
                for index in _found(phrase, sentence):
                    roles[sentence.number, index][ROLES.index(role)] = SURE
    told = {kinds: SURE, "none": 1 - SURE} if isinstance(kinds, str) else dict(kinds)
    return Opinion(relevance, told, roles)


def _found(phrase: str, sentence: Sentence) -> list[int]:
    wanted = tuple(normal(word) or word for word in phrase.split())
    return [
        index + step
        for index in range(len(sentence.norms) - len(wanted) + 1)
        if sentence.norms[index : index + len(wanted)] == wanted
        for step in range(len(wanted))
    ]


def one_that_says(
    relevance: float = SURE,
    kinds: Mapping[str, float] | str = "ASSAULT/airstrike",
    sentences_read: int = 99,
    **words: str | tuple[str, ...],
) -> Opinions:
    """Somebody who holds the same opinion of every article."""

    def opinions(article: Article, sentences: Sequence[Sentence]) -> Opinion:
        return opinion_of(sentences, relevance, kinds, sentences_read, **words)

    return opinions


def coder_hearing(opinions: Opinions, voice: str = "model") -> Coder:
    """The coder with this opinion, and with votes that listen to one voice; its own gate lets all pass."""
    return Coder(opinions=opinions, votes=votes_for(voice), gate=False)


def case_of(title: str, summary: str = "", body: str = "") -> Case:
    """What the rules alone make of a text."""
    return Coder(opinions=None).case(article(title, summary, body))


def opinion_on(case: Case, **said: object) -> Opinion:
    """An opinion on the sentences of a case."""
    return opinion_of([reading.sentence for reading in case.readings], **said)  # type: ignore[arg-type]


def hearing_on(case: Case, ruled_land: str | None = None, **said: object) -> Hearing:
    """The main event of a case with an opinion on it; fails where the rules found none."""
    assert case.main is not None
    return Hearing(case, case.main, opinion_on(case, **said), ruled_land)


def as_named(mention: Mention) -> Actor:
    """Whom a mention means: the one that it names, whatever the event."""
    return mention.actor


def sentences_of(title: str = "", summary: str = "", body: str = "") -> list[Sentence]:
    """The sentences of a text."""
    return read(article(title, summary, body))[0]
