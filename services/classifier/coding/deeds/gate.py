"""Is an article in our world at all? Cheap, lexical, tuned for recall; a trained model may take this seat.

Two answers: a score in 0..1 (how much of the trigger vocabulary the title and lead carry) and the *kinds of
noise* that they show (sport, labour strike, trial ...), each with the words that gave it away.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.classifier.coding.lexicon import Lexicon, word_class
from services.classifier.coding.text.reading import Sentence
from shared.contracts import TextPart

_COLUMNS = word_class("gate.columns")
_ASKING = frozenset(
    {"why", "how", "what", "mapping", "inside", "who", "where", "could", "is", "are", "will", "can"}
)
_LIVE_AFTER = frozenset({":", "-", "–", "—", "updates", "blog", "page", "coverage"})
_BECKONING = word_class("gate.beckoning")
_COUNTING = word_class("gate.counting")
_LIVE = frozenset({"minute", "updates", "latest", "breaking"})
_CONTRABAND = word_class("gate.contraband")
_MUTE_IN_TITLES = word_class("gate.mute_in_titles")
_NO_SPORT = word_class("gate.no_sport")
_MUTE = word_class("gate.mute")
_LISTED = word_class("gate.listed")
_TURNS = (
    "what we know",
    "here how",
    "here why",
    "here what",
    "heres what",
    "heres how",
    "in pictures",
)
_WITHDRAWN = re.compile(
    r"^\W*(?:withdrawn|retracted|retraction)\s*[:\-–—]"
    r"|\b(?:withdrawn|withdraw|retract|retracted|removed|deleted)\s+(?:this|our)\s+(?:earlier\s+)?"
    r"(?:report|story|article)\b"
    r"|\bthis\s+(?:report|story|article)\s+(?:has\s+been|was|is)\s+(?:withdrawn|retracted|removed|deleted)\b",
    re.IGNORECASE,
)
"""An outlet that takes its own report back tells of nothing that happened."""
_DIGESTS = word_class("gate.digests")
_ENTRY = re.compile(r"\s*(?:\d{1,2}[:.]\d{2}\b|[•*-]\s|\[[A-Z]|[A-Z][A-Z ]{3,}[.:])")
"""How an entry begins: a time of day, a bullet, a speaker in brackets, a slug in capitals."""
PASS = 0.2
"""Below this nothing more is read: no trigger word stands anywhere in the article."""
LEAD = 4
"""Sentences of title, summary and body that count as the lead."""
LEAD_WORDS = 90
"""A lead of scraps (bullets, slugs, times of day) goes on until it has as many words as four sentences."""
_STAKED = 12
"""Sentences that are searched for what makes a lone attacker's deed political."""
_STAKES = word_class("gate.stakes")
UNTITLED_LEAD = 6
"""The same for a text without a title, whose first sentences may be a caption or a dateline."""


@dataclass(slots=True)
class Noise:
    """One kind of noise with its weight and the phrases seen."""

    kind: str
    reason: str
    weight: float
    phrases: list[str] = field(default_factory=list)
    places: set[int] = field(default_factory=set)
    """The numbers of the sentences that show it; 0 is a title's first."""

    def reaches(self, sentence: Sentence) -> bool:
        """Whether it colours this sentence: it stands there, or in a title of one topic, or is seen twice."""
        return not self.places or len(self.phrases) > 1 or sentence.number in self.places


@dataclass(slots=True)
class Gate:
    """The gate's answer; ``noise`` is sorted, the strongest first."""

    score: float
    noise: list[Noise]
    stakes: frozenset[str] = frozenset()
    """Words anywhere in the text that make an unnamed attacker's deed political: terror, faith, office."""
    contraband: bool = False
    """Whether drugs and the like are spoken of: then ships are boarded for the customs."""

    @property
    def passes(self) -> bool:
        """Whether reading on is worth it."""
        return self.score >= PASS

    def has(self, kind: str) -> Noise | None:
        """The noise of this kind, or None."""
        return next((noise for noise in self.noise if noise.kind == kind), None)


def is_digest(sentences: Sequence[Sentence]) -> bool:
    """Whether a text tells many things from the top: a newsletter, a live page, a bulletin, a sitrep."""
    title = [s for s in sentences if s.part is TextPart.TITLE]
    if any(_DIGESTS & set(s.norms) or ";" in s.norms or _is_live(s) for s in title):
        return True
    marked = sum(bool(_ENTRY.match(s.text)) for s in sentences if s.part is TextPart.BODY)
    return marked > 1


def _is_live(title: Sentence) -> bool:
    """*Sudan live: ...*, *Election night, live*, *minute by minute*: a page written as things happen."""
    norms = title.norms
    after = norms[norms.index("live") + 1 : norms.index("live") + 2] if "live" in norms else ("-",)
    return bool(_LIVE & set(norms)) or ("live" in norms and (not after or after[0] in _LIVE_AFTER))


def lead_of(sentences: Sequence[Sentence]) -> int:
    """How many sentences from the top may tell the article's news; the rest is its background."""
    titled = bool(sentences) and sentences[0].part is TextPart.TITLE
    least = LEAD if titled else UNTITLED_LEAD
    if not is_digest(sentences):
        return least
    words = 0
    for number, sentence in enumerate(sentences):
        words += len(sentence.words)
        if words >= LEAD_WORDS:
            return max(least, number + 1)
    return max(least, len(sentences))


def title_speaks(sentences: Sequence[Sentence], lexicon: Lexicon) -> bool:
    """Whether the title has a word that may name an event; true of a text without a title."""
    title = [sentence for sentence in sentences if sentence.part is TextPart.TITLE]
    return not title or any(_triggers(s, lexicon) - _MUTE_IN_TITLES for s in title)


def _triggers(sentence: Sentence, lexicon: Lexicon) -> set[str]:
    """The words of a sentence that may begin a deed, but for those that are in every text."""
    return {word for word in sentence.norms if word in lexicon.patterns and word not in _MUTE}


def look(sentences: Sequence[Sentence], lexicon: Lexicon) -> Gate:
    """Score the article's words; see the module."""
    lead = [s for s in sentences if s.part is not TextPart.BODY][:LEAD]
    # A bare headline says little of its world: then the first sentences of the body speak, too.
    lead = lead if len(lead) > 1 else list(sentences[:LEAD])
    triggers: set[str] = set()
    for sentence in sentences:
        triggers |= _triggers(sentence, lexicon)
    in_lead = {word for sentence in lead for word in _triggers(sentence, lexicon)}
    score = 0.0
    taken_back = next(filter(None, (_WITHDRAWN.search(sentence.text) for sentence in lead)), None)
    if taken_back is not None:
        return Gate(0.0, [Noise("withdrawn", "the outlet withdraws its report", 1.0, [taken_back.group()])])
    if triggers:
        score = min(1.0, 0.25 + 0.2 * len(in_lead) + 0.05 * len(triggers))
    noise = _noise(lead, lexicon)
    told = [sentence for sentence in sentences[:_STAKED] if sentence not in lead]
    cleared = _cleared(told, lexicon)
    if cleared:
        noise = sorted([*(n for n in noise if n.kind != "rumour"), cleared], key=lambda each: -each.weight)
    contraband = any(_CONTRABAND & set(sentence.norms) for sentence in sentences[:_STAKED])
    stakes = _STAKES.intersection(word for sentence in sentences[:_STAKED] for word in sentence.norms)
    if any(each.kind == "rumour" for each in noise):
        stakes = frozenset()
    return Gate(score, noise, stakes, contraband)


def _cleared(sentences: Sequence[Sentence], lexicon: Lexicon) -> Noise | None:
    """What the body says to calm: *ruled out an attack*, *no terror motive*; it counts wherever it stands."""
    for sentence in sentences:
        for first, last, (kind, reason, weight) in lexicon.noise.find(sentence.norms):
            if kind == "rumour":
                return Noise(kind, reason, 0.8 * weight, [sentence.span(first, last).text])
    return None


def _is_no_side(sentence: Sentence, index: int) -> bool:
    """*Rescue teams*, *a fact-finding team*, *a UN team*: men who come after a deed, and play nothing."""
    if sentence.norms[index] not in ("team", "teams") or not index:
        return False
    before = sentence.words[index - 1]
    acronym = before.text.isupper() and len(before.text) > 1 and not sentence.text.isupper()
    return acronym or before.norm in _NO_SPORT


def _is_column(title: Sentence) -> bool:
    """*By jailing critics, X ...*, *Five ways to ...*, *...: what we know*: columns and explainers."""
    norms = title.norms
    if norms[0] in _BECKONING or (norms[0] == "by" and len(norms) > 1 and norms[1].endswith("ing")):
        return True
    text = f" {' '.join(norms)} "
    counted = any(norm in _COUNTING or norm.isdigit() for norm in norms[:2])
    return (counted and bool(_LISTED & set(norms[1:4]))) or any(f" {turn} " in text for turn in _TURNS)


def _noise(lead: Sequence[Sentence], lexicon: Lexicon) -> list[Noise]:
    kinds: dict[str, Noise] = {}
    for sentence in lead:
        for first, last, (kind, reason, weight) in lexicon.noise.find(sentence.norms):
            text = sentence.span(first, last).text
            title_of_one = sentence.part is TextPart.TITLE and ";" not in sentence.norms
            if (
                first
                and last - first == 1
                and sentence.words[first].capital
                and not sentence.title_case
                and kind != "health"
            ):
                continue  # "African Union", "Arab League": a name, not a word
            if kind == "sport" and _is_no_side(sentence, first):
                continue
            noise = kinds.setdefault(kind, Noise(kind, reason, weight))
            if text not in noise.phrases:
                noise.phrases.append(text)
                fresh = len(noise.phrases) == 1
                noise.places = set() if title_of_one or not (noise.places or fresh) else noise.places
                if not title_of_one and (noise.places or fresh):
                    noise.places.add(sentence.number)
    titles = [s for s in lead if s.part is TextPart.TITLE]
    title = titles[0] if titles else None
    live = any(_is_live(s) for s in titles)
    if title and not live and (title.norms[0] in _ASKING or _is_column(title)):
        noise = kinds.setdefault("opinion", Noise("opinion", "opinion or analysis", 1.0, []))
        noise.weight = 1.0
        noise.phrases += [title.words[0].text, title.words[-1].text]
    elif title and (
        titles[-1].text.rstrip().endswith("?")
        or (len(title.words) > 2 and title.norms[1] == ":" and (title.norms[0] in _COLUMNS))
    ):
        # A headline that asks, or says "Analysis:", reports nothing new.
        kinds.setdefault("opinion", Noise("opinion", "opinion or analysis", 0.8, [])).phrases += [
            title.words[0].text,
            title.words[-1].text,
        ]
    for noise in kinds.values():
        # Two different words of one kind are far better proof than one.
        noise.weight = min(1.0, noise.weight * (0.7 + 0.3 * min(2, len(noise.phrases) - 1)))
    return sorted(kinds.values(), key=lambda noise: -noise.weight)
