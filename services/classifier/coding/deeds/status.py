"""Did it happen? Reads negation, hypothesis, history, habit and talk around a deed.

The scheme is NegEx's (Chapman et al. 2001): a cue, its scope, and words that end the scope. Dates decide
before cues: a day within the last week is news whatever the tense.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from services.classifier.coding.days.dates import is_old
from services.classifier.coding.days.whose import may_date
from services.classifier.coding.lexicon import Lexicon, word_class
from services.classifier.coding.text.reading import Frame, Sentence, When

_ENDS = word_class("status.ends")
_SUBORDINATE = word_class("status.subordinate")
_SINCE = word_class("status.since")
_RELATIVE = frozenset(["who", "which", "that", "whose"])
_REPORTING = word_class("status.reporting")
_ANNOUNCING = word_class("status.announcing")
_DISCLOSING = word_class("status.disclosing")
_REMAINS = word_class("status.remains")
_RETURNED = word_class("status.returned")
_WILL = frozenset({"will", "would", "shall"})
_MEANS = word_class("status.means")
_SCOPE = 7
_SPOKEN = 10
"""Words from a verb of saying to the deed that it reports."""
_HAS = frozenset({"has", "have", "had"})


def clause(sentence: Sentence, index: int) -> tuple[int, int]:
    """The words around ``index`` up to the next strong boundary on each side."""
    norms = sentence.norms
    first = last = index
    while first > 0 and norms[first - 1] not in _ENDS:
        first -= 1
    while last < len(norms) and norms[last] not in _ENDS:
        last += 1
    return first, last


def judge_status(frame: Frame, whens: Iterable[When], published: date, lexicon: Lexicon) -> None:
    """Set ``frame.status``, ``frame.background`` and ``frame.why`` from the words around it."""
    sentence = frame.sentence
    first, last = clause(sentence, frame.first)
    own = date_of(frame, whens)
    announced = frame.event_type == "THREATEN" and _WILL & set(sentence.norms[frame.first : frame.last])
    if own and is_old(own, published) and not announced and not _first_known_now(frame):
        frame.status, frame.why = "historical", f"dated {own.span.text}"
        return
    if own is None and _in_old_times(frame, whens, published):
        frame.status, frame.why = "historical", "in the old times that the sentence names"
        return
    cue = _cue(sentence, lexicon, "negation", max(first, frame.first - 5), frame.first)
    if cue and not _crosses(sentence, cue[1], frame.first):
        frame.status, frame.why = "negated", cue[2]
        return
    if frame.event_type == "THREATEN":
        often = _cue(sentence, lexicon, "habit", max(first, frame.first - 3), frame.first + 1)
        frame.status, frame.why = ("historical", often[2]) if often else ("threatened", "")
        return
    if frame.mode in ("seize", "arrest", "abduct") and _given_back(sentence.norms[first : frame.first]):
        frame.status, frame.why = "historical", "now given back"
        return
    before = sentence.norms[max(first, frame.first - _SCOPE) : frame.first]
    if before[-1:] == ("to",) and _MEANS & set(before):
        frame.status, frame.why = "hypothetical", "able to"
        return
    scope = max(first, frame.first - _SCOPE)
    cue = _cue(sentence, lexicon, "hypothetical", scope, frame.first)
    if cue and not _crosses(sentence, cue[1], frame.first):
        frame.status, frame.why = "hypothetical", cue[2]
        return
    cue = _cue(sentence, lexicon, "future", max(first, frame.first - 4), frame.first)
    own_word = frame.event_type in ("SANCTION", "MOBILIZE", "COERCE") and _ANNOUNCING & set(
        sentence.norms[: frame.first]
    )
    if cue and not own_word and not _crosses(sentence, cue[1], frame.first):
        frame.status, frame.why = "hypothetical", cue[2]
        return
    cue = _cue(sentence, lexicon, "habit", max(first, frame.first - 6), min(last, frame.last + 7))
    if cue and own is None and not (frame.plural is False and cue[2] == "long"):
        frame.plural = True
        before = sentence.norms[max(0, cue[0] - 6) : cue[0]]
        series = cue[2] in ("series of", "string of", "spate of", "dozens of", "waves of", "a number of")
        if not series or _HAS & set(before) or _SINCE & set(before):
            frame.status, frame.why = "historical", cue[2]
            return
    relative = in_subordinate(frame)
    if (
        relative in _RELATIVE
        and own is None
        and frame.verb
        and _HAS & set(sentence.norms[max(0, frame.first - 2) : frame.first])
    ):
        frame.status, frame.why = "historical", "has, in a relative clause"
        return
    if own is None and frame.verb and _has_since(sentence, frame):
        frame.status, frame.why = "historical", "has, since"
        return
    if _past_perfect(sentence, frame):
        frame.background = True
        frame.why = frame.why or "past perfect"


def _first_known_now(frame: Frame) -> bool:
    """*A pit with 64 bodies was found*, *disclosed that hackers had ...*: of long ago, but made known now."""
    norms = set(frame.sentence.norms)
    known = norms & _DISCLOSING or (norms & {"found", "opened"} and norms & {"grave", "graves", "pit"})
    return bool(known) and bool(norms & _REMAINS)


def _given_back(before: Sequence[str]) -> bool:
    """*Returned the boat that it had seized*: the seizure is the older story."""
    back = any(pair in (("gives", "back"), ("gave", "back"), ("hands", "back")) for pair in pairwise(before))
    return back or bool(_RETURNED & set(before))


_YEARS = frozenset({"years", "months", "decades", "centuries"})


def _in_old_times(frame: Frame, whens: Iterable[When], published: date) -> bool:
    """*During 2012, when X seized it and razed it*, *for three years they ran it, shooting captives*."""
    norms = frame.sentence.norms
    for when in whens:
        if not is_old(when, published) or when.last > frame.first:
            continue
        if "when" in norms[when.last : when.last + 3] and not {";", ":"} & set(
            norms[when.last : frame.first]
        ):
            return True
    for index in range(frame.first - 1, 1, -1):
        if norms[index] in _YEARS and "for" in norms[max(0, index - 3) : index]:
            between = norms[index : frame.first]
            joined = between[-1:] == (",",) and norms[frame.first].endswith("ing")
            return not {";", ":"} & set(between) and ("," not in between or joined)
    return False


def only_threatened(frames: Sequence[Frame]) -> None:
    """*Threatened on Monday to seize tankers*: what is threatened has not happened."""
    for threat in frames:
        for frame in frames if threat.event_type == "THREATEN" else ():
            follows = threat.first < frame.first <= threat.first + _SCOPE
            if follows and frame.verb and frame.sentence.norms[frame.first - 1] == "to":
                frame.status, frame.why = "hypothetical", "threatened"


def date_of(frame: Frame, whens: Iterable[When]) -> When | None:
    """The day nearest to the deed within its clause, before any subordinate clause that it stands in."""
    norms = frame.sentence.norms
    best: tuple[int, When] | None = None
    for when in whens:
        if not may_date(frame.sentence, when, frame.first):
            continue  # "sanctions for last month's hijacking", "since Monday": the day of something else
        # "The missile that destroyed the ward a year ago": the day is counted from the deed's last word.
        near = frame.last if frame.told and when.first >= frame.last else frame.first
        lo, hi = sorted((when.first, near))
        between = norms[lo:hi]
        barrier = sum(
            1
            for word in between
            if word in _ENDS
            or word in ("after", "since", "when", "who", "which", "that", "before", "as", "following", "over")
        )
        distance = abs(when.first - frame.first) + 25 * barrier
        if best is None or distance < best[0]:
            best = (distance, when)
    if best is None or best[0] >= 50 or (best[0] >= 25 and is_far(best)):
        return None
    return best[1]


def is_far(best: tuple[int, When]) -> bool:
    """Whether a clause boundary stands between deed and day."""
    return best[0] >= 25


def _cue(
    sentence: Sentence, lexicon: Lexicon, use: str, first: int, last: int
) -> tuple[int, int, str] | None:
    """The last cue of this use that begins within the words ``first`` up to ``last``."""
    found = None
    for start, end, phrase in lexicon.cues[use].find(sentence.norms[first:last]):
        found = (first + start, first + end, phrase)
    return found


def _crosses(sentence: Sentence, first: int, last: int) -> bool:
    """Whether a comma with a new subject, or *but*, stands between a cue and the deed."""
    between = sentence.norms[first:last]
    return (
        any(word in _ENDS for word in between)
        or ("," in between and len(between) > 4)
        or "after" in between
        or ("when" in between)
    )


def _has_since(sentence: Sentence, frame: Frame) -> bool:
    """*Since April the war has killed*, *bombed since May, when they attacked*: what has gone on for long."""
    before = sentence.norms[: frame.first]
    if _since_when(before):
        return True
    if "been" in before[-2:] and "since" in sentence.norms[frame.last : frame.last + 2]:
        return True
    return "since" in before[:2] and bool(_HAS & set(before[-4:]))


def _since_when(before: tuple[str, ...]) -> bool:
    """Whether *since ..., when* stands before: its clause tells how the long story began."""
    for index in range(len(before) - 1, -1, -1):
        if before[index] in _ENDS:
            return False
        if before[index] == "when":
            return "since" in before[max(0, index - 6) : index]
    return False


def _past_perfect(sentence: Sentence, frame: Frame) -> bool:
    if not frame.verb:
        return False
    before = sentence.norms[max(0, frame.first - 3) : frame.first]
    if "had" not in before or any(w in before for w in ("said", "says")):
        return False
    # "The ministry said on Tuesday that it had severed relations": reported speech, its own news.
    first, _ = clause(sentence, frame.first)
    said = sentence.norms[max(first, frame.first - _SPOKEN) : frame.first]
    return not any(
        word in _REPORTING and {"that", "it", "they", "he", "she"} & set(said[index:])
        for index, word in enumerate(said)
    )


def is_opaque(frame: Frame, lexicon: Lexicon) -> str | None:
    """The word of talk, law or ceremony that governs this deed in its sentence, if there is one."""
    sentence = frame.sentence
    for start, _end, phrase in lexicon.cues["opaque"].find(sentence.norms[: frame.first]):
        between = sentence.norms[start : frame.first]
        words = sentence.words[start]
        if words.capital and (start or sentence.norms[1:2] == ("of",)):
            continue
        if words.glued or any(
            w in ("after", "when", "while", ";", "as", "killing", "following") for w in between[1:]
        ):
            continue
        if frame.first - start > 18:
            continue
        return phrase
    return None


def answering(frame: Frame, lexicon: Lexicon) -> str:
    """The words that make this deed an answer (*Kyiv answers with ...*, *... in reply*), if any."""
    norms = frame.sentence.norms
    clause_first, clause_last = clause(frame.sentence, frame.first)
    before = lexicon.cues["answer"].find(norms[clause_first : frame.first])
    for start, _end, cue in before:
        between = norms[clause_first + start : frame.first]
        if len(between) <= 8 and not {"after", "as", "when", ".", "to"} & set(between):
            return cue
    for _start, end, cue in lexicon.cues["answer_after"].find(norms[frame.last : clause_last]):
        if norms[frame.last + end : frame.last + end + 1] not in (("to",), ("for",)):
            return cue
    return ""


def in_subordinate(frame: Frame) -> str | None:
    """The word that makes this deed a circumstance of another (*after*, *over*, *who*), if there is one."""
    norms = frame.sentence.norms
    for index in range(frame.first - 1, max(-1, frame.first - 14), -1):
        word = norms[index]
        if word == "of" and norms[max(0, index - 2) : index - 1] == ("within",):
            return "after"  # "within hours of an attack"
        if word in _SUBORDINATE or word in _RELATIVE or word in ("when", "where"):
            if word == "for" and norms[index + 1 : index + 3] in (("the", "first"), ("control", "of")):
                return None
            if word == "for" and norms[index - 1] == "responsibility":
                return None
            if word == "that" and index == 0:
                return None
            if word == "that" and (
                _REPORTING & set(norms[max(0, index - 3) : index])
                or (norms[index - 1] == "and" and _REPORTING & set(norms[:index]))
            ):
                return None
            return word
        if word in _ENDS or (word == "," and frame.first - index > 2):
            return None
    return None
