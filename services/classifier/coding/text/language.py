"""Is a text in English? Answers with a reason when it surely is not, and with nothing when in doubt.

An English report set aside would be a missed bell; a foreign one that is read has hardly a word that the
coder knows. So doubt reads on: at a headline full of names, a quotation, a text of a few words.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from unicodedata import name as name_of

from shared.contracts import Article

SAMPLE = 1_500
"""Characters of each part that are looked at: a language shows in its first lines."""
ENOUGH = 2.0
"""Least points of another language: two of its own words, or one and two that also stand in English texts."""
AGAINST = 2.0
"""The other language must have more than so many times the points of English."""
STRANGE = 8
"""Least lower-case words of a text that is foreign because the coder knows none of them."""
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LATIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ]")
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
_ENGLISH_FILES = ("triggers", "noise", "heads", "cues", "words", "weapons")
_SCRIPTS = {"CJK": "Chinese or Japanese", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "HANGUL": "Korean"}


@dataclass(slots=True)
class Heard:
    """What a text sounds like: points of each language, with the words that told."""

    english: float = 0.0
    points: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    telling: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    lower: int = 0
    """Words in lower case, which are no names."""
    known: int = 0
    """Those of them that the coder knows as English."""
    accented: int = 0

    @property
    def best(self) -> str:
        """The likeliest language but English; empty when no word tells of one."""
        told = [language for language in self.points if self.telling[language]]
        return max(told, key=lambda each: (self.points[each], len(self.telling[each])), default="")


def not_english(article: Article) -> str:
    """Why the article is set aside for its language; empty when it is English, or may be."""
    parts = [_ADDRESS.sub(" ", part[:SAMPLE]) for part in (article.title, article.summary, article.body)]
    if any(_is_english(part) for part in parts):
        return ""  # an English title above a foreign text, or an English summary below one, can be read
    looks = _looks("\n".join(parts), article.language or "")
    return f"not in English (looks {looks}): Tocsin reads English only" if looks else ""


def _is_english(text: str) -> bool:
    heard = listen(text)
    return heard.english >= 2 and heard.english > heard.points[heard.best]


def _looks(text: str, declared: str) -> str:
    """The language of a text that is surely foreign, and how that shows; ``declared`` is the feed's word."""
    letters = _LETTER.findall(text)
    strange = [letter for letter in letters if not _LATIN.match(letter)]
    if len(strange) >= 4 and 2 * len(strange) > len(letters):
        return _script(strange)
    heard = listen(text)
    best = heard.best
    points = heard.points[best] + 0.5 * heard.accented
    foreign_feed = declared not in ("", "en")
    if points >= (ENOUGH / 2 if foreign_feed else ENOUGH) and points > AGAINST * heard.english:
        named = best and (foreign_feed or heard.points[best] >= ENOUGH)
        return f"{best}: {', '.join(heard.telling[best][:4])}" if named else "like another language"
    # A feed's own word is believed only where nothing speaks against it: many that say `es` print English.
    if foreign_feed and heard.lower >= 2 and heard.known == heard.english == 0:
        return f"{declared}, as its feed says"
    mixed_case = not text.islower()  # in *joe biden russia ukraine* every word is a name
    if mixed_case and heard.lower >= STRANGE and heard.lower >= 12 * heard.known and heard.english <= 1:
        return "like another language"
    return ""


def listen(text: str) -> Heard:
    """Count the words of ``text`` that tell of a language, each once."""
    heard, seen = Heard(), set()
    table, vocabulary = small_words(), _vocabulary()
    for printed in _WORD.findall(text):
        word = printed.casefold()
        if word in seen:
            continue
        seen.add(word)
        told = table.get(word, ())
        if printed.islower():
            heard.lower += 1
            heard.known += word in vocabulary
            heard.accented += not told and not word.isascii()
        for language, tells in told:
            if language == "English":
                heard.english += 1.0 if tells else 0.5
                continue
            heard.points[language] += 1.0 if tells else 0.5
            if tells:
                heard.telling[language].append(printed)
    return heard


def _script(letters: Collection[str]) -> str:
    scripts = Counter(name_of(letter, "UNKNOWN").split()[0] for letter in letters)
    if scripts["HIRAGANA"] + scripts["KATAKANA"]:
        return "Japanese"
    script = scripts.most_common(1)[0][0]
    return _SCRIPTS.get(script) or f"like {script.title()} script"


@cache
def small_words() -> dict[str, tuple[tuple[str, bool], ...]]:
    """Each small word, with the languages that use it and whether it tells of them alone."""
    found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for language, telling, shared in _rows("languages"):
        for words, tells in ((telling, True), (shared, False)):
            for word in words.split():
                found[word].append((language, tells))
    return {word: tuple(languages) for word, languages in found.items()}


@cache
def _vocabulary() -> frozenset[str]:
    """The English words of the lexicon and the small ones; what is small in another language only is none."""
    known = {
        word
        for name in _ENGLISH_FILES
        for row in _rows(name)
        for word in _WORD.findall(" ".join(row).casefold())
    }
    for word, told in small_words().items():
        if any(language == "English" for language, _ in told):
            known.add(word)
        else:
            known.discard(word)
    return frozenset(known)


def _rows(name: str) -> list[list[str]]:
    text = files("services.classifier.coding.lexicon").joinpath(f"{name}.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
