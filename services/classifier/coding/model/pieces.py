"""Words cut into the pieces that the encoder knows (WordPiece, Schuster and Nakajima 2012; uncased BERT's).

Cut from the reader's own words rather than from the text, so that each piece knows whose it is and what the
model says of a piece is said of a word with its place in the article.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache

from services.classifier.coding.text.reading import Sentence

LIMIT = 128
"""Most pieces of one article: title, summary and lead; what stands deeper is background."""
_LONGEST = 40
"""A word longer than this is no word of a language."""
_PART = re.compile(r"[^\W_]+|[^\w\s]|_")


class Pieces:
    """Cuts words; ``vocabulary`` names each piece's number, continued pieces begin with ``##``."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._vocabulary = vocabulary
        self._begin, self._end, self._unknown = (vocabulary[name] for name in ("[CLS]", "[SEP]", "[UNK]"))
        self._cut = lru_cache(maxsize=20_000)(self._cut_afresh)

    def of(self, sentences: Sequence[Sentence]) -> tuple[list[int], list[tuple[int, int, int]]]:
        """The numbers of all pieces up to ``LIMIT``, and for each word (sentence, word, its first piece)."""
        numbers = [self._begin]
        words: list[tuple[int, int, int]] = []
        part = None
        for sentence in sentences:
            if part not in (None, sentence.part):
                numbers.append(self._end)
            part = sentence.part
            for index, word in enumerate(sentence.words):
                cut = self._cut(word.text)
                if len(numbers) + len(cut) >= LIMIT:
                    # The end of a part may have taken the last place but one already.
                    return [*numbers[: LIMIT - 1], self._end], words
                words.append((sentence.number, index, len(numbers)))
                numbers += cut
        return [*numbers, self._end], words

    def _cut_afresh(self, word: str) -> tuple[int, ...]:
        plain = "".join(
            sign for sign in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(sign) != "Mn"
        )
        return tuple(number for part in _PART.findall(plain) for number in self._part(part)) or (
            self._unknown,
        )

    def _part(self, part: str) -> list[int]:
        """The longest known pieces from the left; one unknown where the part can't be cut."""
        found: list[int] = []
        start = 0 if len(part) <= _LONGEST else len(part) + 1
        while start < len(part):
            lead = "##" if start else ""
            end = next(
                (e for e in range(len(part), start, -1) if lead + part[start:e] in self._vocabulary), start
            )
            if end == start:
                return [self._unknown]
            found.append(self._vocabulary[lead + part[start:end]])
            start = end
        return found or [self._unknown]
