"""Running totals out of an article: *103 attacks since 17 October*, *20,000 killed since the war began*.

A tally is never the cost of a new event; a number that is also the toll of an event is not a tally.
"""

import re
from collections.abc import Sequence
from datetime import date

from services.classifier.coding.deeds.judge import Reading
from services.classifier.coding.lexicon import word_class
from services.classifier.coding.text.numbers import Number, numbers_in
from services.classifier.coding.text.reading import Sentence, Span
from shared.contracts import Tally

_OF = re.compile(
    r"^(attack|strike|airstrike|killing|incident|raid|launch|test|sortie|violation|incursion|case|bombing|"
    r"kidnapping|abduction|clash|protest|drone|missile|rocket|shelling|arrest|death|fatalit)"
)
_TOTAL = word_class("tallies.total")
_COUNTING = word_class("tallies.counting")
_PRONOUNS = {"its", "their", "his", "her", "our", "them"}
_UNTIL = word_class("tallies.until")


def tallies_in(readings: Sequence[Reading]) -> list[tuple[Tally, Span]]:
    """The tallies of an article, each once, with its words."""
    found: list[tuple[Tally, Span]] = []
    for reading in readings:
        since = _since(reading)
        if since is None:
            continue
        position, day = since
        number = _counted(reading.sentence, position, day is not None)
        if number is None:
            continue
        of, last = _what(reading.sentence, number, position)
        if not of:
            continue
        tally = Tally(count=number.count.low, of=of, since=day, according_to=_according(reading, number))
        span = reading.sentence.span(number.first, last)
        same = next((i for i, (old, _) in enumerate(found) if old.count == tally.count), None)
        if same is None:
            found.append((tally, span))
        else:
            old = found[same][0]
            found[same] = (
                old.model_copy(
                    update={
                        "of": max(
                            (old.of, tally.of), key=lambda of: (not _PRONOUNS & set(of.split()), len(of))
                        ),
                        "since": old.since or tally.since,
                        "according_to": old.according_to or tally.according_to,
                    }
                ),
                found[same][1],
            )
    return found


def _since(reading: Reading) -> tuple[int, date | None] | None:
    """Where *since* stands and the day it names; None when the sentence counts up nothing."""
    norms = reading.sentence.norms
    if "since" not in norms:
        return None
    position = norms.index("since")
    if not any(w[:1].isalnum() for w in norms[position + 1 : position + 2]):
        return None
    when = next((w for w in reading.whens if 0 < w.first - position <= 4), None)
    return position, when.day if when and when.precision == 1 else None


def _counted(sentence: Sentence, since: int, dated: bool) -> Number | None:
    best = None
    for number in numbers_in(sentence):
        after = sentence.norms[number.last : number.last + 4]
        if number.first > since or number.count.low < 2 or number.count.low != number.count.high:
            continue
        is_deeds = any(_OF.match(word) for word in after)
        is_people = any(
            w in ("killed", "dead", "died", "deaths", "wounded")
            for w in sentence.norms[number.last : number.last + 8]
        )
        if (is_deeds and (dated or since - number.first < 14)) or (is_people and since - number.first < 16):
            best = best or number
    return best


def _what(sentence: Sentence, number: Number, since: int) -> tuple[str, int]:
    """The words between the number and *since*."""
    last = number.last
    while last < since and sentence.norms[last] not in _UNTIL:
        last += 1
    if last <= number.last:
        return "", last
    return sentence.span(number.last, last).text, last


def _according(reading: Reading, number: Number) -> str | None:
    """Whose count it is."""
    norms = reading.sentence.norms
    for index, norm in enumerate(norms):
        if norm == "according" or norm in _TOTAL or (norm == "by" and index and norms[index - 1] in _TOTAL):
            for mention in reading.mentions:
                near = 0 < mention.first - index <= 8
                if (
                    near
                    and not mention.adjective
                    and (norm != "toll")
                    and not number.last <= mention.first <= number.last + 4
                ) and (mention.official or mention.kind in ("group", "igo", "organ")):
                    return mention.span.text
    if ({"said", "says", "say"} | _COUNTING) & set(norms):
        speaker = next((m for m in reading.mentions if m.official and m.first < number.first), None)
        return speaker.span.text if speaker else None
    return None
