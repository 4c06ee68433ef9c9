"""A run of capitals in, the side that it names out: parties, papers, firms, bands and people no list knows.

An organisation is known by the noun that its name ends in (*Popular Labour Party*, *Capital Radio*), a person
by the apposition beside the name (*Jane Roe, a commander of ...*) or by what befell (*killed Jane Roe*).
"""

from services.classifier.coding.lexicon import Lexicon, word_class
from services.classifier.coding.naming.homonyms import ALL_KINDS, COMPASS
from services.classifier.coding.text.reading import Mention, Sentence
from shared.contracts import Actor

_NOUNS = {
    ("REB", "armed"): word_class("named.bands"),
    ("PTY", "person"): word_class("named.parties"),
    ("CVL", "civil"): word_class("named.houses"),
}
"""Last words of organisations' names, by the sector and role of what they name."""
_OPENERS = word_class("named.openers")
_BANDS = word_class("named.bands_in_small")
_PARTICLES = word_class("named.particles")
_STOPS = word_class("places.not_places") | word_class("places.no_names") | word_class("frames.counting")
_STOPS -= COMPASS  # "the Northern Lantern"
_PLAIN = word_class("shouting.plain") | word_class("actors.untelling")
_ARMS = word_class("named.arms")
_BEFALLING = word_class("named.befalling")
_BEFALLEN = word_class("named.befallen")
_LONGEST = 5
"""Words of the longest name that is read."""
_OPENING = frozenset(["a", "an", "the", "one", "its", "his", "their", "who", "former", "deputy"])
_LETTERS = 4
"""Letters of the shortest plain word that may begin a name inside a sentence (*New*, *On*: not these)."""
_APPOSITION = 7
"""Words after a name's comma in which its noun stands."""


def name_at(sentence: Sentence, start: int, lexicon: Lexicon) -> Mention | None:
    """The organisation or the person whose name begins at ``start``, or None."""
    lone = start == 0 or not sentence.words[start - 1].text.isalnum() or len(sentence.norms[start]) < _LETTERS
    opens = lone and sentence.norms[start] in _PLAIN  # the capital is the sentence's
    if opens or sentence.title_case or not sentence.words[start].capital or sentence.norms[start] in _STOPS:
        return None
    end = _run(sentence, start)
    if _STOPS & set(sentence.norms[start:end]) - _PARTICLES:
        return None
    names_a_place = any(
        lexicon.spots_named(" ".join(sentence.norms[start:last])) for last in (end, start + 2)
    )
    small = norms[end] in _BANDS if (norms := sentence.norms)[end : end + 1] else False
    if (
        (end - start < 2 and not small)
        or names_a_place
        or ALL_KINDS & set(sentence.norms[start + 1 : end + 1])
    ):
        return None
    return _organisation(sentence, start, end, lexicon) or _person(sentence, start, end, lexicon)


def _run(sentence: Sentence, start: int) -> int:
    words, end = sentence.words, start
    while end < len(words) and end - start < _LONGEST:
        word = words[end]
        between = word.norm in _PARTICLES and end > start and words[end + 1 : end + 2]
        if not (word.capital and word.text[:1].isalpha()) and not (between and words[end + 1].capital):
            break
        end += 1
        if word.possessive:
            break
    return end


def _organisation(sentence: Sentence, start: int, end: int, lexicon: Lexicon) -> Mention | None:
    norms = sentence.norms
    for (sector, role), nouns in _NOUNS.items():
        opens = norms[start] in _OPENERS and sector == "CVL"
        last = next((i + 1 for i in range(end - 1, start, -1) if norms[i] in nouns), end if opens else 0)
        if (
            sector == "REB"
            and not last
            and ((norms[end : end + 1] and norms[end] in _BANDS) or _is_called(norms, start))
        ):
            last = end + (norms[end : end + 1] != () and norms[end] in _BANDS)  # "the Shaheen brigade"
        if last and not _holds_a_side(sentence, start, last, lexicon):
            span = sentence.span(start, last)
            actor = Actor(text=span.text, name=span.text, country=None, sector=sector)
            if sector == "REB" and _is_regular(sentence, start, last):
                if any(agent.role == "person" for _, agent in lexicon.agents.at((*norms, ""), last)):
                    return None  # "41st Combined Arms Army general X": the man is meant
                # "41st Mechanised Brigade": an army's own, whose state the text names elsewhere or not at all
                actor, role = Actor(text=span.text, name="soldiers", country=None, sector="MIL"), "state"
            return Mention(start, last, last - 1, actor, "head", role, span)
    return None


def _is_called(norms: tuple[str, ...], start: int) -> bool:
    """*A militia that calls itself the Northern Watch*: a name that somebody gives himself."""
    before = norms[max(0, start - 3) : start]
    return bool(before) and bool({"itself", "themselves"} & set(before[-2:]))


def _is_regular(sentence: Sentence, start: int, last: int) -> bool:
    numbered = start > 0 and sentence.norms[start - 1][:1].isdigit()
    return numbered or bool(_ARMS & set(sentence.norms[start:last]))


def _person(sentence: Sentence, start: int, end: int, lexicon: Lexicon) -> Mention | None:
    norms = sentence.norms
    if _holds_a_side(sentence, start, end, lexicon):
        return None
    sector, country = _apposition(sentence, end, lexicon)
    befell = start > 0 and norms[start - 1] in _BEFALLING
    befell = befell or (
        bool(_BEFALLEN & set(norms[end : end + 3])) and norms[end] in ("was", "were", "has", "is")
    )
    if not sector and not befell:
        return None
    span = sentence.span(start, end)
    actor = Actor(text=span.text, name=span.text, country=country, sector=sector or "CVL")
    return Mention(start, end, end - 1, actor, "head", "person", span)


def _apposition(sentence: Sentence, end: int, lexicon: Lexicon) -> tuple[str, str | None]:
    """The sector and the country that *, a commander of ...* or *, who was running for ...* give a name."""
    norms = sentence.norms
    if norms[end : end + 1] != (",",):
        return "", None
    sector, country = "", None
    opened = norms[end + 1 : end + 2] and norms[end + 1] in _OPENING
    reach = _APPOSITION if opened else 2  # "Aegean Lark, seized by commandos": no apposition
    for index in range(end + 1, min(end + 1 + reach, len(norms))):
        if norms[index] in (",", ".", ";") or norms[index] in ("said", "says", "told"):
            break
        for _, agent in lexicon.agents.at(norms, index):
            if agent.kind == "head" and agent.role not in ("thing", "arms") and not sector:
                sector = agent.sector
            elif agent.kind == "group":
                sector, country = agent.sector, agent.country
            elif agent.kind in ("state", "people", "organ") and country is None:
                country = agent.country
            break
    if norms[end + 1 : end + 2] == ("who",) and set(norms[end + 2 : end + 5]) & {"running", "ran", "stood"}:
        sector = "PTY"
    return sector, country


def _holds_a_side(sentence: Sentence, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a side that is known by name stands within these words, unless they are the longer name."""
    for index in range(start, end):
        for length, agent in lexicon.agents.at(sentence.norms, index):
            longer = index > start and length > 1 and index + length == end
            if agent.kind != "head" and agent.capitals and not longer:
                return True
    return False
