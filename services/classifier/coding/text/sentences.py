"""An article in, its sentences and words out, each with its place in ``Article.text``.

Own splitter rather than a library's: offsets must be exact on any Unicode, and time bounded.
"""

import re
from collections.abc import Iterator
from itertools import islice

from services.classifier.coding.lexicon import normal, word_class
from services.classifier.coding.text.reading import Sentence, Word
from services.classifier.coding.text.shouting import spoken
from shared.contracts import Article, TextPart

BODY_LIMIT = 12_000
"""Characters of the body that are read: news is told from the top, and time per article stays bounded."""
PART_LIMIT = 4_000
"""The same for title and summary, which some feeds fill with whole pages."""
SENTENCES_LIMIT = 200
"""Sentences that are read: the longest of 250 real reports had 158, a list of scraps may have thousands."""
WORDS_LIMIT = 150
"""A 'sentence' longer than this is a table or a list; it is cut, so that reading stays linear."""

_WORD = re.compile(
    r"(?:[A-Za-z]\.){2,}|[A-Z]\.(?=\s?[A-Z][A-Za-z])|\d+(?:[.,]\d+)*%?|[^\W_\d](?:[^\W_]|['’ʼ‘´`ʻ](?=[^\W_]))*|[^\W_]+|[^\w\s]|_"
)
_END = re.compile(r"[.!?…]+[\"”’»)\]]*(?=\s+[\"“‘«(\[]*[^\s\W_]|\s*$)")
_ABBREVIATIONS = word_class("sentences.abbreviations")
_DATELINE = re.compile(
    r"\s*(?:[A-Z][A-Z'’.\- ]{2,30}(?:,[^()\n]{0,40}?)?(?:\s*\([^()\n]{1,30}\))?"
    r"|[A-Z][\w'’.,\- ]{2,40}\([^()\n]{1,30}\))\s+[-–—]{1,2}\s+"
)
"""*BAGHDAD (Agency) -*: where it was written, not where it happened."""
_NOTE = re.compile(
    r"[\W_]*(?:an (?:earlier|previous) version of"
    r"|(?:this|the) (?:article|story|report|headline) (?:was|has been) (?:amended|corrected|updated|edited)"
    r"|(?:correction|clarification|editor.?s note)\b.{0,80}"
    r"\b(?:version|amended|originally|misstated|incorrectly|wrongly))",
    re.IGNORECASE,
)
"""What an outlet says of its own text: the figure that it takes back is no news."""
_HYPHENS = frozenset("-–—‑‐/")
_OPENING = frozenset("“«")
_STRAIGHT = frozenset('"')
_CLOSING = frozenset("”»")


def read(article: Article) -> tuple[list[Sentence], bool]:
    """The sentences in order, and whether the text was longer than what is read.

    The limits are lengths, never seconds, so that the same text has the same coding on every machine.
    """
    sentences: list[Sentence] = []
    cut = False
    offset = 0
    for part, text, limit in (
        (TextPart.TITLE, article.title, PART_LIMIT),
        (TextPart.SUMMARY, article.summary, PART_LIMIT),
        (TextPart.BODY, article.body, BODY_LIMIT),
    ):
        cut = cut or len(text) > limit
        for start, end in _spans(text[:limit]):
            piece = text[start:end]
            if part is not TextPart.TITLE and _NOTE.match(piece):
                continue
            words = tuple(islice(_words(piece, offset + start), WORDS_LIMIT + 1))
            cut = cut or len(words) > WORDS_LIMIT or (bool(words) and len(sentences) == SENTENCES_LIMIT)
            if len(sentences) == SENTENCES_LIMIT:
                break
            words = spoken(words[:WORDS_LIMIT])
            if words:
                norms = tuple(word.norm for word in words)
                number = len(sentences)
                begin, stop = offset + start, offset + end
                sentences.append(Sentence(part, number, begin, stop, piece, words, norms))
        offset += len(text) + 1
    return sentences, cut


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence; a line break always ends one."""
    start = 0
    for line in re.finditer(r"[^\r\n]+", text):
        start = line.start()
        dateline = _DATELINE.match(text, start, line.end())
        start = dateline.end() if dateline else start
        for mark in _END.finditer(text, start, line.end()):
            last = re.search(r"([\w.]+)\W*$", text[max(start, mark.start() - 12) : mark.start()])
            word = last.group(1).casefold() if last else ""
            if mark.group() == "." and (word in _ABBREVIATIONS or len(word) == 1):
                continue
            yield start, mark.end()
            start = mark.end()
            while start < line.end() and text[start].isspace():
                start += 1
        if text[start : line.end()].strip():
            yield start, line.end()


def _words(text: str, offset: int) -> Iterator[Word]:
    quoted = False
    straight = 0
    glued = False
    previous_end = -1
    for match in _WORD.finditer(text):
        token = match.group()
        if token in _OPENING:
            quoted = True
        elif token in _CLOSING:
            quoted = False
        elif token in _STRAIGHT:
            straight += 1
            quoted = straight % 2 == 1
        tied = match.start() == previous_end
        previous_end = match.end()
        if token in _HYPHENS:
            # A hyphen between letters joins two words; one with spaces around it is a dash.
            after = text[match.end() : match.end() + 1]
            if tied and after.isalnum():
                glued = True
                continue
        possessive = False
        printed = token
        for ending in ("'s", "’s", "ʼs", "'S", "’S"):
            if len(token) > 2 and token.endswith(ending):
                possessive = True
                printed = token[:-2]
        norm = normal(printed) or token
        end = match.start() + len(printed)
        yield Word(printed, norm, offset + match.start(), offset + end, glued and tied, possessive, quoted)
        glued = False
