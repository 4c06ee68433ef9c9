"""Is an article in our world at all? Cheap, lexical, tuned for recall; a trained model may take this seat.

Two answers: a score in 0..1 (how much of the trigger vocabulary the title and lead carry) and the *kinds of
noise* that they show (sport, labour strike, trial ...), each with the words that gave it away.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.classifier.coding.lexicon import Lexicon, word_class
from services.classifier.coding.reading import Sentence
from shared.contracts import TextPart

_COLUMNS = word_class("gate.columns")
_ASKING = frozenset(
    {"why", "how", "what", "mapping", "inside", "who", "where", "could", "is", "are", "will", "can"}
)
_BECKONING = word_class("gate.beckoning")
_COUNTING = word_class("gate.counting")
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
PASS = 0.2
"""Below this nothing more is read: no trigger word stands anywhere in the article."""
LEAD = 4
"""Sentences of title, summary and body that count as the lead."""
UNTITLED_LEAD = 6
"""The same for a text without a title, whose first sentences may be a caption or a dateline."""


@dataclass(slots=True)
class Noise:
    """One kind of noise with its weight and the phrases seen."""

    kind: str
    reason: str
    weight: float
    phrases: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Gate:
    """The gate's answer; ``noise`` is sorted, the strongest first."""

    score: float
    noise: list[Noise]

    @property
    def passes(self) -> bool:
        """Whether reading on is worth it."""
        return self.score >= PASS

    def has(self, kind: str) -> Noise | None:
        """The noise of this kind, or None."""
        return next((noise for noise in self.noise if noise.kind == kind), None)


def lead_of(sentences: Sequence[Sentence]) -> int:
    """How many sentences from the top may tell the article's news; the rest is its background."""
    titled = bool(sentences) and sentences[0].part is TextPart.TITLE
    return LEAD if titled else UNTITLED_LEAD


def title_speaks(sentences: Sequence[Sentence], lexicon: Lexicon) -> bool:
    """Whether the title has a word that may name an event; true of a text without a title."""
    title = [sentence for sentence in sentences if sentence.part is TextPart.TITLE]
    return not title or any(word in lexicon.patterns for sentence in title for word in sentence.norms)


def look(sentences: Sequence[Sentence], lexicon: Lexicon) -> Gate:
    """Score the article's words; see the module."""
    lead = [s for s in sentences if s.part is not TextPart.BODY][:LEAD] or list(sentences[:LEAD])
    triggers: set[str] = set()
    for sentence in sentences:
        triggers.update(word for word in sentence.norms if word in lexicon.patterns)
    in_lead = {word for sentence in lead for word in sentence.norms if word in lexicon.patterns}
    score = 0.0
    taken_back = next(filter(None, (_WITHDRAWN.search(sentence.text) for sentence in lead)), None)
    if taken_back is not None:
        return Gate(0.0, [Noise("withdrawn", "the outlet withdraws its report", 1.0, [taken_back.group()])])
    if triggers:
        score = min(1.0, 0.25 + 0.2 * len(in_lead) + 0.05 * len(triggers))
    return Gate(score, _noise(lead, lexicon))


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
            noise = kinds.setdefault(kind, Noise(kind, reason, weight))
            text = sentence.span(first, last).text
            if (
                first
                and last - first == 1
                and sentence.words[first].capital
                and not sentence.title_case
                and kind != "health"
            ):
                continue  # "African Union", "Arab League": a name, not a word
            if text not in noise.phrases:
                noise.phrases.append(text)
    title = next((s for s in lead if s.part is TextPart.TITLE), None)
    if title and (title.norms[0] in _ASKING or _is_column(title)):
        noise = kinds.setdefault("opinion", Noise("opinion", "opinion or analysis", 1.0, []))
        noise.weight = 1.0
        noise.phrases += [title.words[0].text, title.words[-1].text]
    elif title and (
        title.text.rstrip().endswith("?")
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
